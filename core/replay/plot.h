// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fold/script_question.h"
#include "core/replay/replayer.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <vector>

namespace leftfold::replay {

/// What a function gives behind an event.
struct PlotPoint {
    event::EventIndex event;
    base::Time time; ///< effective time; kBeginningOfTime where no event so far had one
    double value = 0; ///< finite
    friend bool operator==(const PlotPoint&, const PlotPoint&) = default;
};

/// The points of one aggregate inside a cut, in replay order: the function of its state and the event, behind each of its events. Where it
/// gives no number (or there is no state) there is no point. Nothing if the log has no such aggregate at all. Fails with DamagedEvents
/// as Replayer::walk does, with ScriptFailed and its kin where the function does.
[[nodiscard]] base::Result<std::optional<std::vector<PlotPoint>>> plotOf(Replayer& replayer, base::ByteView id,
                                                                         fold::Asker& function,
                                                                         const capture::OrdinalCut& cut,
                                                                         std::stop_token stop);

/// The points of all aggregates in a stretch of time.
struct PlotBucket {
    std::uint64_t points = 0; ///< at least one
    double sum = 0;
    double min = 0;
    double max = 0;
    friend bool operator==(const PlotBucket&, const PlotBucket&) = default;
};
struct PlotBuckets {
    std::map<std::int64_t, PlotBucket>
        buckets; ///< by the seconds since 1970 at which one begins, a multiple of its width
    std::uint64_t timeless = 0; ///< points before any time is known
    std::uint64_t unreadable = 0; ///< aggregates with events that cannot be read
};

/// More buckets than these are refused.
inline constexpr std::size_t kMaxPlotBuckets = 1'000'000;

/// The same over all aggregates, by effective time, on so many threads; sums too are the same for any number of them.
/// `progress`, which may be empty, hears of aggregates, on the caller's thread. Fails with BadArgument beyond kMaxPlotBuckets,
/// and as `plotOf` does, but for damaged events. REQUIRES: width >= 1 s.
[[nodiscard]] base::Result<PlotBuckets> plotAll(capture::Reader& reader, const Projection& projection,
                                                const fold::ScriptQuestion& function, std::chrono::seconds width,
                                                const capture::OrdinalCut& cut, unsigned workers, std::stop_token stop,
                                                const std::function<void(std::uint64_t, std::uint64_t)>& progress);

/// A width as a person writes it: a whole number and s, m, h or d ("15m"). Fails with BadArgument.
[[nodiscard]] base::Result<std::chrono::seconds> parseWidth(std::string_view text);

} // namespace leftfold::replay
