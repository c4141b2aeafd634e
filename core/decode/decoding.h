// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/schema.h"
#include "core/decode/wire_format.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leftfold::decode {

[[nodiscard]] std::string_view toText(RecordPart part);

/// How payloads are written. Automatic: what the record itself says (README.md of this folder, "Encoded payloads").
enum class PayloadFormat : std::uint8_t {
    Automatic,
    Json,
    Text,
    Bytes,
    Avro,
    Protobuf,
    JsonSchema,
    MessagePack,
    Cbor,
    Integer, ///< 1 to 8 bytes, signed, big-endian: Kafka's Short-, Integer- and LongSerializer
    Float, ///< 4 or 8 bytes of IEEE 754, big-endian: Kafka's Float- and DoubleSerializer
    Uuid, ///< 16 bytes, or its text
    Time, ///< milliseconds since 1970, as an Integer
    CloudEvents, ///< a whole event in one of their event formats: Avro, Protobuf, JSON
};
[[nodiscard]] std::string_view toText(PayloadFormat format);

/// What a person said of the keys, the values, or one header, of a topic.
struct DecodeRule {
    std::string topic; ///< empty: every topic
    RecordPart part = RecordPart::Value;
    std::string header; ///< its name, without case; empty: the rule is of `part`
    PayloadFormat format = PayloadFormat::Automatic;
    bool hasPrefix = false; ///< the prefix of Confluent's wire format stands before, and does not count
    std::string schema; ///< the key of a Schema; empty: none is needed
    std::string message; ///< Protobuf: which message of it; empty: the first

    friend bool operator==(const DecodeRule&, const DecodeRule&) = default;
};

/// A rule as it is typed, its schema still a file.
struct TypedRule {
    DecodeRule rule;
    std::string file;
};
/// `[TOPIC:]key|value=FORMAT[:FILE[:MESSAGE]]` or `[TOPIC:]header.NAME=FORMAT`, as `orders:value=avro:order.avsc`, `value=messagepack`,
/// `header.attempts=integer`. FORMAT is automatic, json, text, bytes, avro, protobuf, json-schema, messagepack, cbor, integer, float, uuid, time or
/// cloudevents; avro, protobuf and json-schema need a FILE, and may have `wire-` in front where Confluent's prefix stands before each payload. Headers take
/// none of json, avro, protobuf, json-schema and cloudevents. Fails with BadDecoding.
[[nodiscard]] base::Result<TypedRule> parseDecodeRule(std::string_view text);
/// The same text with the name of the schema's file.
[[nodiscard]] std::string toText(const DecodeRule& rule);

/// How the payloads of a capture are read. It is kept in the capture.
struct Decoding {
    std::vector<DecodeRule> rules; ///< a topic's own before those of every topic, of equals the last
    std::string registry; ///< the address of the schema registry, without secrets; empty: none is known
    std::uint64_t generation = 0; ///< how often all events were read anew by other rules or with more schemas
    bool isActive = false; ///< some payload is, or by a rule may be, something else than it seems

    [[nodiscard]] const DecodeRule* ruleFor(std::string_view topic, RecordPart part) const;
    [[nodiscard]] const DecodeRule* ruleForHeader(std::string_view topic, std::string_view name) const;
    [[nodiscard]] bool hasHeaderRules() const;
    /// Equal ones read the same records alike. Empty where nothing is decoded.
    [[nodiscard]] std::string fingerprint() const;
    friend bool operator==(const Decoding&, const Decoding&) = default;
};

/// Those given, with what was known before where they say nothing of a topic's key or value.
[[nodiscard]] std::vector<DecodeRule> overlaid(std::vector<DecodeRule> before, const std::vector<DecodeRule>& given);

/// One line of JSON, and back. Fails with BadDecoding.
[[nodiscard]] std::string toJson(const Decoding& decoding);
[[nodiscard]] base::Result<Decoding> parseDecoding(std::string_view json);

} // namespace leftfold::decode
