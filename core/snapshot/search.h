// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/sought_value.h"
#include "core/replay/replayer.h"
#include "core/snapshot/snapshot.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace leftfold::snapshot {

/// The first event, in replay order and inside a cut, whose payload holds a value, and where in the payload. Payloads that are no JSON
/// hold nothing; neither do keys and headers.
struct FirstInPayload {
    event::EventIndex event;
    event::Pointer place; ///< the first one in the payload
};
struct PayloadSearch {
    std::optional<FirstInPayload> first;
    std::uint64_t damagedEvents = 0; ///< before it, or in all: they could not be looked at
};
[[nodiscard]] base::Result<PayloadSearch> findInPayloads(capture::Reader& reader, const capture::OrdinalCut& cut,
                                                         const event::SoughtValue& sought, std::stop_token stop,
                                                         const Progress& progress);

/// An aggregate whose state holds a value at a cut.
struct FoundIn {
    std::string id;
    std::vector<event::Pointer> places; ///< in its state there: all of them, in the order of the document
    /// The first of its own events after which its state held the value, wherever; the state may have lost it in between. Nothing
    /// where an event that cannot be read may have brought it.
    std::optional<event::EventIndex> broughtBy;
};
struct StateSearch {
    std::uint64_t aggregates = 0; ///< that hold it: told are the first `limit` of them
    std::uint64_t damagedEvents = 0; ///< inside the cut: no state has them
};
/// The aggregates whose states hold a value at a cut, by id in ascending order of bytes, told on the caller's thread. Aggregates
/// that held it once and do not at the cut are not found: look at an earlier one.
[[nodiscard]] base::Result<StateSearch> findInStates(capture::Reader& reader, const replay::Projection& projection,
                                                     const capture::OrdinalCut& cut, const event::SoughtValue& sought,
                                                     const SnapshotOptions& options, std::uint64_t limit,
                                                     std::stop_token stop, const Progress& progress,
                                                     const std::function<base::Result<void>(const FoundIn&)>& sink);

} // namespace leftfold::snapshot
