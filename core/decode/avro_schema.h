// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/payload_decoder.h"

#include <cstdint>
#include <string>
#include <vector>

namespace leftfold::decode {

enum class AvroKind : std::uint8_t {
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Record,
    Enum,
    Array,
    Map,
    Union,
    Fixed
};

/// Only where the type under it is one it may stand on; any other is as if it were not there, as the specification says.
enum class AvroLogical : std::uint8_t {
    None,
    Decimal,
    BigDecimal,
    Uuid,
    Date,
    TimeMillis,
    TimeMicros,
    TimestampMillis,
    TimestampMicros,
    TimestampNanos,
    LocalTimestampMillis,
    LocalTimestampMicros,
    LocalTimestampNanos,
    Duration
};

/// The place of a type in AvroSchema::types.
using AvroTypeId = std::uint32_t;

struct AvroField {
    std::string name;
    AvroTypeId type = 0;
    std::vector<std::string> aliases;
    std::string doc;
    std::string defaultJson; ///< empty: none
};

/// A type of a schema. Recursive ones name themselves by their place.
struct AvroType {
    AvroKind kind = AvroKind::Null;
    AvroLogical logical = AvroLogical::None;
    std::int32_t precision = 0; ///< of a decimal
    std::int32_t scale = 0;
    std::size_t size = 0; ///< of a fixed
    std::string name; ///< the full name of a record, an enum or a fixed
    std::vector<std::string> aliases; ///< full names
    std::string doc;
    std::string defaultJson; ///< of an enum; empty: none
    std::vector<AvroField> fields; ///< of a record
    std::vector<std::string> symbols; ///< of an enum
    std::vector<AvroTypeId> parts; ///< the branches of a union; the items of an array, the values of a map
};

/// A schema as the Avro specification 1.12 has it, with all types it uses. (avro-c parses schemas as well, but forgets logical types,
/// documentation, aliases and defaults.)
struct AvroSchema {
    std::vector<AvroType> types;
    AvroTypeId root = 0;
};

/// Fails with BadSchema, with the place.
[[nodiscard]] base::Result<AvroSchema> parseAvroSchema(const SchemaText& schema);

/// "string", "bytes", "shop.Order"; what Avro's own JSON encoding calls a branch of a union.
[[nodiscard]] std::string_view avroBranchName(const AvroType& type);
/// "decimal", "timestamp-millis"; empty for None.
[[nodiscard]] std::string_view avroLogicalName(AvroLogical logical);

} // namespace leftfold::decode
