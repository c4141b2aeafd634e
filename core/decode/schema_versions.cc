// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/schema_versions.h"

namespace leftfold::decode {

using base::Result;

Result<std::shared_ptr<const Schema>> schemaNamed(const SchemaBook& book, const std::string& name)
{
    if (auto schema = book.find(name)) return schema;
    std::string names;
    for (const auto& schema : book.behind(0)) {
        const bool hasVersion = !schema->subject.empty() && schema->version > 0;
        if (hasVersion && keyOf(SchemaLink{{}, schema->subject, schema->version}) == name) return schema;
        names += (names.empty() ? "" : ", ") + schema->key;
    }
    return base::fail(base::ErrorCode::NoSuchSchema, name, names.empty() ? "none" : names);
}

std::shared_ptr<const Schema> versionBefore(const SchemaBook& book, const Schema& schema)
{
    std::shared_ptr<const Schema> before;
    if (schema.subject.empty()) return before;
    for (const auto& other : book.behind(0)) {
        const bool isEarlier = other->subject == schema.subject && other->version < schema.version;
        if (isEarlier && (!before || before->version < other->version)) before = other;
    }
    return before;
}

Result<std::vector<SchemaChange>> changesBetween(const SchemaBook& book, const Schema& before, const Schema& after)
{
    LEFTFOLD_TRY(const SchemaText from, withReferences(before, book));
    LEFTFOLD_TRY(const SchemaText to, withReferences(after, book));
    return schemaChanges(from, to);
}

} // namespace leftfold::decode
