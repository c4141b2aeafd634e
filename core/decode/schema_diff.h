// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/payload_decoder.h"

#include <string>
#include <vector>

namespace leftfold::decode {

/// What can be said of a thing in a schema: a field, a message, a type with a name, a property, a constant of an enum.
enum class SchemaChangeKind : std::uint8_t {
    Added, ///< `after`: its type
    Removed, ///< `before`: its type
    Renamed, ///< told by an alias (Avro) or an unchanged number (Protobuf); `before`, `after`: the names. `path` has the new one
    TypeChanged, ///< `before`, `after`: the types
    DefaultChanged, ///< `before`, `after`: the defaults as JSON; empty: none
    NumberChanged, ///< of a field or a constant of Protobuf
    SymbolAdded, ///< to an enum; `after`: the symbol
    SymbolRemoved, ///< `before`: the symbol
    RequiredChanged, ///< `before`, `after`: "required", "optional", "repeated" or, with no word for it, empty
    RuleChanged, ///< any other word of a JSON Schema or option of Protobuf: `path` ends in it; the values as JSON
    DocChanged, ///< the texts; empty: none
};

/// One difference. `path` names the place by names from the root, joined by '/', "OrderPlaced/customer/email"; [] stands for
/// the items of an array, {} for the values of a map.
struct SchemaChange {
    SchemaChangeKind kind = SchemaChangeKind::Added;
    std::string path;
    std::string before;
    std::string after;
    friend bool operator==(const SchemaChange&, const SchemaChange&) = default;
};

/// What is different in `after`, in the order of its text, what was removed behind its siblings. Empty where the two decode and
/// describe alike (blanks, the order of members and of references do not count). Fails with BadSchema where one cannot be read,
/// or they are of different kinds.
[[nodiscard]] base::Result<std::vector<SchemaChange>> schemaChanges(const SchemaText& before, const SchemaText& after);

/// One English line: "OrderPlaced/amount: int became long".
[[nodiscard]] std::string describe(const SchemaChange& change);

} // namespace leftfold::decode
