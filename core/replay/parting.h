// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/replayer.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace leftfold::replay {

/// What one of two projections makes of an aggregate just behind an event.
struct PartedSide {
    std::optional<event::Document> state; ///< none: the aggregate does not exist
    std::optional<base::Error> failure; ///< why its script went no further than this event; there is no state then
};

/// Where two projections part for the first time over an aggregate: behind this event what they make of it differs, and behind
/// each of its events before it does not. States are compared by value, as `event::diff` does.
struct Parting {
    std::string id;
    event::EventIndex event;
    PartedSide a;
    PartedSide b;
};

/// Folds an aggregate by both, in lock-step, over its events inside the cut: those that either projection counts as its own. Nothing if
/// they do not part, or neither knows such an aggregate. Where both scripts fail in one event they have parted nowhere.
/// Fails with DamagedEvents where one of its events cannot be read, and with Cancelled.
[[nodiscard]] base::Result<std::optional<Parting>> partingOf(capture::Reader& reader, const Projection& a,
                                                             const Projection& b, base::ByteView id,
                                                             const capture::OrdinalCut& cut, std::stop_token stop);

/// An aggregate that parts, and the first event behind which it has.
struct PartedAggregate {
    event::EventIndex event;
    std::string id;
    friend auto operator<=>(const PartedAggregate&, const PartedAggregate&) = default;
};

struct Partings {
    std::vector<PartedAggregate> parted; ///< by event, then by id
    std::uint64_t compared = 0; ///< aggregates that either projection knows
    std::uint64_t unreadable = 0; ///< aggregates with events that cannot be read: of them nothing is known
};

/// All aggregates that part, on so many threads. `progress`, which may be empty, hears of aggregates, on the caller's thread.
[[nodiscard]] base::Result<Partings> findPartings(capture::Reader& reader, const Projection& a, const Projection& b,
                                                  const capture::OrdinalCut& cut, unsigned workers,
                                                  std::stop_token stop,
                                                  const std::function<void(std::uint64_t, std::uint64_t)>& progress);

} // namespace leftfold::replay
