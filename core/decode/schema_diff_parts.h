// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/schema_diff.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the comparisons of the kinds of schemas share. Each is a file of its own.

namespace leftfold::decode {

using SchemaChanges = std::vector<SchemaChange>;

[[nodiscard]] base::Result<SchemaChanges> avroChanges(const SchemaText& before, const SchemaText& after);
[[nodiscard]] base::Result<SchemaChanges> protobufChanges(const SchemaText& before, const SchemaText& after);
[[nodiscard]] base::Result<SchemaChanges> jsonSchemaChanges(const SchemaText& before, const SchemaText& after);

/// Adds the change if there is one.
inline void addIfDifferent(SchemaChanges& changes, SchemaChangeKind kind, std::string_view path,
                           std::string_view before, std::string_view after)
{
    if (before != after) changes.push_back({kind, std::string(path), std::string(before), std::string(after)});
}

[[nodiscard]] inline std::string below(std::string_view path, std::string_view name)
{
    return path.empty() ? std::string(name) : std::string(path) + "/" + std::string(name);
}

/// Symbols that came, in their order, and those that went.
inline void addSymbolChanges(SchemaChanges& changes, std::string_view path, const std::vector<std::string>& before,
                             const std::vector<std::string>& after)
{
    const auto missing = [&](const auto& in, const auto& from, SchemaChangeKind kind) {
        for (const std::string& symbol : from) {
            bool isThere = false;
            for (const std::string& each : in) isThere = isThere || each == symbol;
            const bool isAdded = kind == SchemaChangeKind::SymbolAdded;
            if (!isThere) changes.push_back({kind, std::string(path), isAdded ? "" : symbol, isAdded ? symbol : ""});
        }
    };
    missing(before, after, SchemaChangeKind::SymbolAdded);
    missing(after, before, SchemaChangeKind::SymbolRemoved);
}

} // namespace leftfold::decode
