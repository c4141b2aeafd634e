// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/reader.h"

#include <optional>
#include <stop_token>
#include <vector>

namespace leftfold::snapshot {

/// What a capture has of one partition before a cut, and what it lacks there.
struct PartitionAtCut {
    event::Partition partition;
    event::Offset next; ///< the cut
    std::uint64_t events = 0;
    event::Offset firstOffset; ///< of the first event there is; greater than 0 where history before it is missing
    std::uint64_t missingOffsets = 0; ///< gaps between the first event and the cut
    std::uint64_t undecodable =
        0; ///< events whose value is no JSON document, or whose key or value could not be decoded
    std::uint64_t timeless = 0; ///< events without a time of their own
    std::uint64_t unreadable = 0; ///< events whose chunk is lost: the capture is damaged there
    /// The running hash behind the last event (core/capture/README.md, "Identity"): equal hashes, equal events. Not known
    /// where the events that tell it cannot be read.
    std::optional<base::Hash128> identity;
    friend bool operator==(const PartitionAtCut&, const PartitionAtCut&) = default;
};

/// The partitions with events inside the cut, by name. Reads the events of one chunk a partition at most.
[[nodiscard]] base::Result<std::vector<PartitionAtCut>> partitionsAt(capture::Reader& reader,
                                                                     const capture::OrdinalCut& cut,
                                                                     std::stop_token stop);

} // namespace leftfold::snapshot
