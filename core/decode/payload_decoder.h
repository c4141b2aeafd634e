// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/error.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The bytes of a key or a value in a binary encoding -> one JSON text. How each type of each format is shown, and
// what is refused: README.md of this folder, "Encoded payloads". Payloads come without an envelope of their own; that of
// Confluent's serializers is read by wire_format.h.

namespace leftfold::decode {

enum class SchemaKind : std::uint8_t { Avro, Protobuf, JsonSchema };

/// A schema that another one needs. `name` is what the other one calls it: the full name of a type (Avro), the path of an
/// import (Protobuf), the URI of a `$ref` (JSON Schema), as in the references of a schema registry.
struct SchemaReference {
    std::string name;
    std::string text;
    friend bool operator==(const SchemaReference&, const SchemaReference&) = default;
};

/// A schema with all it needs.
struct SchemaText {
    SchemaKind kind = SchemaKind::Avro;
    std::string text; ///< a schema of Avro as JSON, the text of a .proto file, a JSON Schema
    /// Everything that is reachable from `text`, those of references too, each name once, in any order: of a registry's tree of
    /// references all nodes, flat. What comes with Protobuf itself (google/protobuf/timestamp.proto, ...) may be left out.
    std::vector<SchemaReference> references;
    friend bool operator==(const SchemaText&, const SchemaText&) = default;
};

/// No JSON text that a decoder makes of one payload is longer: some bytes of a hostile one would stand for gigabytes.
inline constexpr std::size_t kMaxDecodedBytes = 256UL << 20;
/// Nor are values nested deeper.
inline constexpr std::size_t kMaxDecodedDepth = 512;

/// Turns the bytes of a key or a value into one JSON text. Owns scratch: one thread at a time.
class PayloadDecoder {
public:
    PayloadDecoder() = default;
    PayloadDecoder(const PayloadDecoder&) = delete;
    PayloadDecoder& operator=(const PayloadDecoder&) = delete;
    virtual ~PayloadDecoder() = default;

    /// Appends exact JSON (RFC 8259, UTF-8, no line breaks) to `json`: all of the bytes, or it fails.
    /// Fails with BadPayload: the format, the byte (from 0) and the cause; `json` is as before then. No input makes it crash, or
    /// use more memory than some multiple of kMaxDecodedBytes.
    [[nodiscard]] virtual base::Result<void> decode(base::ByteView bytes, std::string& json) = 0;

    /// What is wrong with what decode() decoded last, one sentence each: where a value violates its JSON Schema, the
    /// required fields that a Protobuf message lacks. Empty where decode() failed. Valid until the next decode().
    [[nodiscard]] virtual std::span<const std::string> remarks() const { return {}; }
};

/// All that take a schema fail with BadSchema (its kind, what is wrong and where), also where `schema.kind` is another one.
/// They are slow beside decoding (up to milliseconds): keep what they give.
[[nodiscard]] base::Result<std::unique_ptr<PayloadDecoder>> makeAvroDecoder(const SchemaText& schema);

/// `message` is a full name, "shop.v1.OrderPlaced"; empty: the first message of the text.
[[nodiscard]] base::Result<std::unique_ptr<PayloadDecoder>> makeProtobufDecoder(const SchemaText& schema,
                                                                                std::string_view message);
/// The message by Confluent's path: its index among the text's messages, then among that one's nested messages, and
/// so on (see protobufMessageOf in wire_format.h).
[[nodiscard]] base::Result<std::unique_ptr<PayloadDecoder>> makeProtobufDecoder(
    const SchemaText& schema, std::span<const std::int32_t> messagePath);
/// `fileDescriptorSet` is what `protoc --include_imports --descriptor_set_out` writes; `message` a full name, or empty for
/// the first message of the last file.
[[nodiscard]] base::Result<std::unique_ptr<PayloadDecoder>> makeProtobufDescriptorDecoder(
    base::ByteView fileDescriptorSet, std::string_view message);

/// The full names of the messages there are to choose from, nested ones behind their parents; those of imports are not told.
[[nodiscard]] base::Result<std::vector<std::string>> protobufMessages(const SchemaText& schema);
/// Those of all files of the set but Protobuf's own.
[[nodiscard]] base::Result<std::vector<std::string>> protobufMessages(base::ByteView fileDescriptorSet);

/// JSON, checked against a schema. What violates it is decoded all the same and told by remarks().
[[nodiscard]] base::Result<std::unique_ptr<PayloadDecoder>> makeJsonSchemaDecoder(const SchemaText& schema);

[[nodiscard]] std::unique_ptr<PayloadDecoder> makeMessagePackDecoder();
[[nodiscard]] std::unique_ptr<PayloadDecoder> makeCborDecoder();

} // namespace leftfold::decode
