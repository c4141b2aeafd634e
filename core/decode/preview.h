// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/record_decoder.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// For whoever chooses how a topic's keys or values are read: every way there is, with what it makes of one record.

namespace leftfold::decode {

/// One way to read a key or a value.
struct DecoderTrial {
    DecodeRule rule; ///< of the topic: what to remember where this way is chosen
    PayloadNote note; ///< with the reason where it cannot be read so
    std::optional<std::string> seen; ///< as people would see it: JSON, or the text of a key; none: it cannot be read so
    bool isInForce = false; ///< this is how it is read now
};

/// Automatic first, then the formats that need no schema, then every schema of the book that is not only referred to; those behind a mark
/// with `hasPrefix`. `record` is as the log holds it. Takes up to milliseconds a schema. Empty where the part is null.
[[nodiscard]] std::vector<DecoderTrial> tryDecoders(const event::Record& record, RecordPart part,
                                                    std::string_view topic, const Decoding& decoding,
                                                    const SchemaBook& schemas);

/// "avro by schema 7 (orders-value version 2)", "messagepack", "unknown"
[[nodiscard]] std::string describe(const PayloadNote& note);

} // namespace leftfold::decode
