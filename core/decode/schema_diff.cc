// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/schema_diff.h"

#include "core/decode/schema_diff_parts.h"

#include <fmt/format.h>

namespace leftfold::decode {

namespace {

/// "int became long", "the default 1 is gone", "now with the default 1"
std::string became(std::string_view what, const SchemaChange& change)
{
    const std::string named = what.empty() ? "" : std::string(what) + " ";
    if (change.before.empty()) return fmt::format("now with {}{}", named, change.after);
    if (change.after.empty()) return fmt::format("{}{} is gone", named, change.before);
    return fmt::format("{}{} became {}", named, change.before, change.after);
}

std::string words(const SchemaChange& change)
{
    switch (change.kind) {
    case SchemaChangeKind::Added:
        return change.after.empty() ? "added" : "added: " + change.after;
    case SchemaChangeKind::Removed:
        return change.before.empty() ? "removed" : "removed: it was " + change.before;
    case SchemaChangeKind::Renamed:
        return fmt::format("it was called {}", change.before);
    case SchemaChangeKind::TypeChanged:
        return became("", change);
    case SchemaChangeKind::DefaultChanged:
        return became("the default", change);
    case SchemaChangeKind::NumberChanged:
        return became("the number", change);
    case SchemaChangeKind::SymbolAdded:
        return fmt::format("the symbol {} was added", change.after);
    case SchemaChangeKind::SymbolRemoved:
        return fmt::format("the symbol {} was removed", change.before);
    case SchemaChangeKind::RequiredChanged:
    case SchemaChangeKind::RuleChanged:
        return became("", change);
    case SchemaChangeKind::DocChanged:
        break;
    }
    return became("the description", change);
}

} // namespace

base::Result<SchemaChanges> schemaChanges(const SchemaText& before, const SchemaText& after)
{
    if (before.kind != after.kind)
        return base::fail(base::ErrorCode::BadSchema, "other", "the two are of different kinds");
    switch (before.kind) {
    case SchemaKind::Avro:
        return avroChanges(before, after);
    case SchemaKind::Protobuf:
        return protobufChanges(before, after);
    case SchemaKind::JsonSchema:
        break;
    }
    return jsonSchemaChanges(before, after);
}

std::string describe(const SchemaChange& change)
{
    return fmt::format("{}: {}", change.path.empty() ? "the schema" : change.path, words(change));
}

} // namespace leftfold::decode
