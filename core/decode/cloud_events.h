// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/payload_decoder.h"
#include "core/event/document.h"
#include "core/event/record.h"

#include <optional>
#include <string>

// CloudEvents on Kafka (Kafka Protocol Binding 1.0.2): structured events, whole in the value, in one of their event formats; and what
// binary ones say of their data.

namespace leftfold::decode {

/// The media type, without case and parameters (RFC 9110, 8.3.1).
[[nodiscard]] bool isMediaType(base::ByteView text, std::string_view wanted);
/// The value of the first header of this name, without case; nothing where there is none, or it is null.
[[nodiscard]] std::optional<base::ByteView> headerNamed(const event::Record& record, std::string_view name);

/// The event formats of CloudEvents 1.0: JSON, Avro, Protobuf.
enum class EventFormat : std::uint8_t { Json, Avro, Protobuf };
/// Of a structured event: by its content type `application/cloudevents+...`; nothing where it is none, or a batch.
[[nodiscard]] std::optional<EventFormat> structuredFormat(const event::Record& record);

/// Gives an event as the JSON event format writes it: its attributes, `data` where they are JSON or text, `data_base64` where they
/// are bytes. Fails with BadPayload where it is no event.
[[nodiscard]] base::Result<std::unique_ptr<PayloadDecoder>> makeCloudEventsDecoder(EventFormat format);

/// Data of an event that are bytes.
struct EventData {
    std::string bytes;
    std::string contentType;
    std::string schema; ///< dataschema
};
/// Nothing where there are none.
[[nodiscard]] std::optional<EventData> binaryDataOf(const event::Document& event);
/// The event with `data` instead of `data_base64`. REQUIRES: `json` is JSON.
[[nodiscard]] event::Document withData(const event::Document& event, base::ByteView json);

/// The key of a registry's schema (Schema::key) in an address as `dataschema` has it: .../schemas/ids/7, .../schemas/guids/...
[[nodiscard]] std::optional<std::string> schemaKeyIn(base::ByteView address);

} // namespace leftfold::decode
