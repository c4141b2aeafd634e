// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/breakpoint.h"
#include "core/replay/replayer.h"
#include "core/replay/steps.h"

#include <functional>
#include <span>
#include <stop_token>
#include <vector>

namespace leftfold::replay {

/// An event that a breakpoint holds of.
struct Hit {
    event::EventIndex event;
    std::size_t breakpoint = 0; ///< its number among those given
    std::string aggregate; ///< of those it belongs to, the one it holds of; empty where no aggregate was looked at
    std::string
        said{}; ///< of a breakpoint that logs what a function gives: that, as JSON; of one that `fails`: why a script did
    friend auto operator<=>(const Hit&, const Hit&) = default;
};

struct RunEnd {
    /// Where one stands: forward just behind the event it stopped at, back just before it, as steps do. None: no breakpoint held.
    std::optional<std::uint64_t> place;
    std::vector<Hit> hits; ///< of that event, by breakpoint and aggregate
    std::uint64_t looked = 0; ///< at so many places
    /// Aggregates that could not be looked at, and events that it met where no state is asked for, each once: it may have passed over
    /// something.
    std::uint64_t unreadable = 0;
    std::uint64_t readings = 0; ///< of the log, each for many aggregates at once; 0: they were folded one by one
};

struct RunOptions {
    unsigned workers = 1; ///< threads that look at aggregates
    /// `done` places of the `total` there are; may be empty. On the caller's thread.
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;
    /// Hears of the hits of breakpoints that log, in the order in which they are met; may be empty. On the caller's thread.
    std::function<base::Result<void>(const Hit&)> log;

    /// How aggregates are folded where what is asked is about their states. The place, the hits and what is told of logs are the
    /// same; how many places were looked at, and how many aggregates were met that cannot be read, need not be.
    enum class Way : std::uint8_t {
        Cheaper, ///< as soon as one reading of the log is not dearer than folding them one by one, that
        Walk, ///< one by one
        Sweep, ///< in one reading of the log
    };
    Way way = Way::Cheaper;
    /// The aggregates whose states are in memory at a time: with more the log is read more than once.
    std::uint32_t maxAggregatesAtOnce = 1U << 17;
    /// What the hits that a reading keeps may take in memory: with more it is repeated for what is left. Forward, where all aggregates
    /// are in memory at once, hits are told on the way, and none but those of a few blocks are kept, whatever they take.
    std::size_t maxHitBytes = std::size_t{64} << 20;
};

/// Runs from a place of the play order to the next event, or the last one before, that a breakpoint holds of. In the replay order the
/// places are looked at in stretches, and in each the aggregates that have an event there, in parallel: first 8 places, where that is
/// cheap, then 4,096, then each time four times as many; 64 behind a reading that met a failure. Where one reading of the log for all
/// aggregates is not dearer, that is what becomes of all that is left. So back costs what forward costs. In another order the events
/// are looked at one by one. Stops within 50 ms with Cancelled. Fails with NoSuchEvent where a breakpoint is at an event that is not
/// there; with ScriptFailed and its kin where a breakpoint's function does, or the projection's script and no breakpoint is at what
/// `fails`.
[[nodiscard]] base::Result<RunEnd> run(capture::Reader& reader, const Projection& projection, const PlayOrder& order,
                                       std::uint64_t at, Direction direction, std::span<const Breakpoint> breakpoints,
                                       const RunOptions& options, std::stop_token stop);

} // namespace leftfold::replay
