// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/schema.h"
#include "core/decode/schema_diff.h"

#include <memory>
#include <string>
#include <vector>

namespace leftfold::decode {

/// A schema of a book by its key, or by SUBJECT/VERSION. Fails with NoSuchSchema, naming those there are.
[[nodiscard]] base::Result<std::shared_ptr<const Schema>> schemaNamed(const SchemaBook& book, const std::string& name);
/// The version before it that the book has, of the same subject; null where there is none, or its subject is not known.
[[nodiscard]] std::shared_ptr<const Schema> versionBefore(const SchemaBook& book, const Schema& schema);
/// What is different in `after`. Fails with SchemaMissing where something they refer to is not in the book, else as schemaChanges.
[[nodiscard]] base::Result<std::vector<SchemaChange>> changesBetween(const SchemaBook& book, const Schema& before,
                                                                     const Schema& after);

} // namespace leftfold::decode
