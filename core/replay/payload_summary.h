// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/reader.h"

#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace leftfold::replay {

/// Keys or values of a topic that were read in one way.
struct PayloadUse {
    std::string topic;
    decode::RecordPart part = decode::RecordPart::Value;
    decode::PayloadFormat format = decode::PayloadFormat::Automatic; ///< Automatic: no decoder was found
    std::string schemaKey; ///< empty: none is named
    std::uint64_t decoded = 0;
    std::uint64_t kept = 0; ///< events whose bytes stayed as they are
    std::string reason; ///< of the first of these
};

/// How the payloads of a capture were decoded: by topic, part and schema; what stands as it is is not told. Reads every event, none of
/// a capture in which nothing is encoded.
[[nodiscard]] base::Result<std::vector<PayloadUse>> payloadsOf(capture::Reader& reader, std::stop_token stop);

} // namespace leftfold::replay
