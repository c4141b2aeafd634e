// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/preview.h"
#include "core/decode/schema_versions.h"

#include <QString>

namespace leftfold::ui {

/// "Avro", "JSON Schema", "text"; "not known" where none was found.
[[nodiscard]] QString formatText(decode::PayloadFormat format);
[[nodiscard]] QString kindText(decode::SchemaKind kind);
/// "orders-value version 2", else its key: "7".
[[nodiscard]] QString schemaText(const decode::Schema& schema);
/// "Avro by orders-value version 2"
[[nodiscard]] QString noteText(const decode::PayloadNote& note);
/// "OrderPlaced/amount: int became long"
[[nodiscard]] QString changeText(const decode::SchemaChange& change);

} // namespace leftfold::ui
