// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/marked_events.h"
#include "core/replay/run_moment.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace leftfold::replay {

/// What a sweep over some events, looked at as a run does, came to.
struct SweepEnd {
    /// The part of them that is settled: forward it begins, back it ends with them. The rest is still to be looked at, unless the run stops.
    Stretch settled;
    std::vector<std::uint32_t> unreadable; ///< keys of aggregates that could not be looked at to their ends
    MarkedEvents unreadableEvents; ///< where no state is asked for; in what is settled, all of them
    std::uint64_t readings = 0;
    /// A script failed somewhere, or a function: who is told what of it, only folding one by one can say.
    bool hasFailed = false;
};

struct SweepOptions {
    Direction direction = Direction::Forward;
    unsigned workers = 1;
    std::size_t maxAggregatesAtOnce = 1;
    std::size_t maxHitBytes = 0;
    std::shared_ptr<const fold::Streams> streams; ///< what events are known by to functions
    /// Hears of hits in the order of the run, but of those of a few events at a time in any; false: the run stops there. On the
    /// caller's thread.
    std::function<base::Result<bool>(std::vector<Hit>)> settle;
    std::function<void(std::uint64_t done, std::uint64_t total)> progress; ///< on the caller's thread
};

/// Looks at events of the replay order, and folds all of some aggregates beside each other to do so: in one reading of the log from
/// the aggregates' first events on, or in several where there are too many. `keys` should be in the order of their first events;
/// `left` says of each breakpoint how many hits there are up to the one that it stops at. Stops within 50 ms with Cancelled.
[[nodiscard]] base::Result<SweepEnd> sweepRun(capture::Reader& reader, const Projection& projection, Stretch window,
                                              std::span<const std::uint32_t> keys, std::span<const Armed> armed,
                                              std::span<const std::uint64_t> left, const SweepOptions& options,
                                              std::stop_token stop);

} // namespace leftfold::replay
