// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/error.h"
#include "core/event/record.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// How Confluent's serializers say which schema of a registry a payload was written with: in front of it, or in a header.
// Either is a magic byte 0 and the 4-byte id of the schema, or 1 and its 16-byte GUID, all big-endian; Protobuf adds the path of
// the message.

namespace leftfold::decode {

/// A schema's number in its registry.
struct SchemaNumber {
    std::uint32_t value = 0;
    friend auto operator<=>(const SchemaNumber&, const SchemaNumber&) = default;
};
/// The same in every registry.
struct SchemaGuid {
    std::array<std::uint8_t, 16> bytes{};
    friend auto operator<=>(const SchemaGuid&, const SchemaGuid&) = default;
};
using SchemaId = std::variant<SchemaNumber, SchemaGuid>;

/// "4711", or "89791762-2336-186f-9674-19b90b4a5b9d".
[[nodiscard]] std::string toText(const SchemaId& id);

/// What stands in front of a payload, or in a header.
struct SchemaMark {
    SchemaId id;
    base::ByteView rest; ///< what stands behind it, within the bytes that were given
    friend bool operator==(const SchemaMark&, const SchemaMark&) = default;
};

/// Nothing where the bytes are too short or begin with neither magic byte. A payload in no such format can look as if it were:
/// that the registry knows the schema and that the rest can be decoded is what tells.
[[nodiscard]] std::optional<SchemaMark> readSchemaMark(base::ByteView bytes);

enum class RecordPart : std::uint8_t { Key, Value };

/// "__key_schema_id", "__value_schema_id"
[[nodiscard]] std::string_view schemaHeaderName(RecordPart part);

/// A payload and its schema.
struct MarkedPayload {
    SchemaId id;
    base::ByteView
        payload; ///< without the mark; with the path of the message, if it is Protobuf and `isInHeader` is not set
    base::ByteView messagePath; ///< what stands behind the mark in a header: the path, if it is Protobuf
    bool isInHeader = false;
    friend bool operator==(const MarkedPayload&, const MarkedPayload&) = default;
};

/// The schema of a key or a value: by the last header of that name, if it can be read, else by what it begins with. Nothing where
/// the part is null or has no mark.
[[nodiscard]] std::optional<MarkedPayload> readMarkedPayload(const event::Record& record, RecordPart part);

/// A Protobuf payload: which message of the schema's text it is, and its bytes.
struct ProtobufPayload {
    std::vector<std::int32_t> messagePath; ///< as makeProtobufDecoder takes it; {0} for the first message
    base::ByteView payload;
    friend bool operator==(const ProtobufPayload&, const ProtobufPayload&) = default;
};

/// Splits what is marked as Protobuf. Fails with BadPayload where the path cannot be read.
[[nodiscard]] base::Result<ProtobufPayload> protobufMessageOf(const MarkedPayload& marked);

} // namespace leftfold::decode
