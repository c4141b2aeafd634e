// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/reader.h"
#include "core/decode/preview.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace leftfold::replay {

/// Keys, values or headers of a topic that were read in one way.
struct PayloadUse {
    std::string topic;
    decode::RecordPart part = decode::RecordPart::Value;
    std::string header; ///< its name; empty: it is `part`
    decode::PayloadFormat format = decode::PayloadFormat::Automatic; ///< Automatic: no decoder was found
    std::string schemaKey; ///< empty: none is named
    std::uint64_t decoded = 0;
    std::uint64_t kept = 0; ///< events whose bytes stayed as they are
    std::string reason; ///< of the first of these
};

/// How the payloads of a capture were decoded: by topic, part and schema; what stands as it is is not told. Reads every event, none of
/// a capture in which nothing is encoded.
[[nodiscard]] base::Result<std::vector<PayloadUse>> payloadsOf(capture::Reader& reader, std::stop_token stop);

/// A schema of a capture, and who uses it.
struct SchemaUse {
    std::shared_ptr<const decode::Schema> schema;
    std::vector<PayloadUse> uses; ///< none: others refer to it, or nobody does
    std::uint64_t events = 0;
};
/// In the order in which they came. Reads every event, as payloadsOf.
[[nodiscard]] base::Result<std::vector<SchemaUse>> schemasOf(capture::Reader& reader, std::stop_token stop);

/// Every way to read an event's key or value, with what it makes of it: decode::tryDecoders for an event of the capture.
[[nodiscard]] base::Result<std::vector<decode::DecoderTrial>> decodersFor(capture::Reader& reader,
                                                                          event::EventIndex index,
                                                                          decode::RecordPart part);

} // namespace leftfold::replay
