// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/key_index.h"
#include "core/capture/reader.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace leftfold::replay {

/// One partition of a log, at a glance.
struct PartitionSummary {
    event::Partition partition;
    std::uint64_t events = 0;
    event::Offset firstOffset; ///< the first there is: greater than 0 where history before it is missing
    event::Offset lastOffset;
    base::Time firstTime; ///< effective; kBeginningOfTime where no event has a time
    base::Time lastTime;
    std::uint64_t missingOffsets = 0; ///< gaps between the first and the last
    std::uint64_t undecodable = 0;
    std::uint64_t timeless = 0;
    std::uint64_t lost = 0; ///< events that cannot be read: the capture is damaged there
    base::Hash128 identity;
};

struct LogSummary {
    std::vector<PartitionSummary> partitions;
    /// Event types and how many events each has, most first.
    std::vector<std::pair<std::string, std::uint64_t>> types;
};

/// Reads the columns of every chunk, no payload; what that found is kept beside the indexes, so that asking again costs
/// the same for any number of events.
[[nodiscard]] base::Result<LogSummary> summarize(capture::Reader& reader, std::stop_token stop);

/// How many aggregates have events in more than one partition: these may fold differently in two captures of
/// different histories (architecture.md section 3).
[[nodiscard]] base::Result<std::uint64_t> aggregatesSpanningPartitions(const capture::Catalog& catalog,
                                                                       const capture::KeyIndex& keys,
                                                                       std::stop_token stop);

} // namespace leftfold::replay
