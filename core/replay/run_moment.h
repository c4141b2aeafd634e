// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/breakpoint.h"
#include "core/replay/run.h"
#include "core/replay/stretch.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What breakpoints are asked about, for the ways in which a run looks at events.
namespace leftfold::replay {

using MaybeDocument = std::optional<event::Document>;

/// A breakpoint beside its number and the one event it may stop at, if it names one.
struct Armed {
    const Breakpoint* breakpoint = nullptr;
    std::size_t number = 0;
    std::optional<std::uint64_t> at{};
    /// Those of some events that it may hold of.
    [[nodiscard]] Stretch within(Stretch events) const;
};

/// An event's payload; none where it has none, or one that is no JSON.
[[nodiscard]] MaybeDocument payloadOf(const fold::FoldEvent& event);
[[nodiscard]] MaybeDocument stateOf(fold::Folder& folder, const fold::State& state);

/// An event and its aggregate's states, as breakpoints are asked about them. The payload is read when it is first asked for.
class RunMoment {
public:
    /// REQUIRES: all outlive it.
    RunMoment(const fold::FoldEvent& event, bool hasFindings, const MaybeDocument& before, const MaybeDocument& after)
        : m_event(event),
          m_hasFindings(hasFindings),
          m_before(before),
          m_after(after)
    {}
    /// But for its aggregate, where it is, and what a function says of it.
    [[nodiscard]] bool satisfies(const Breakpoint& breakpoint);

private:
    const MaybeDocument& payload();
    const event::Document& whole();

    const fold::FoldEvent& m_event;
    bool m_hasFindings;
    const MaybeDocument& m_before;
    const MaybeDocument& m_after;
    bool m_isRead = false;
    MaybeDocument m_payload;
    MaybeDocument m_whole;
};

/// Functions for one thread, by breakpoint; null where it has none.
using Askers = std::vector<std::unique_ptr<fold::Asker>>;
[[nodiscard]] Askers askersOf(std::span<const Armed> armed, const std::shared_ptr<const fold::Streams>& streams,
                              const std::stop_token& stop);

/// The states of an aggregate around an event, and what the fold found amiss in it.
struct AroundEvent {
    const MaybeDocument& before;
    const MaybeDocument& after;
    bool hasFindings = false;
};
/// Adds the hits of those breakpoints that hold of an event of the aggregate `id`. REQUIRES: `event.index` is set.
[[nodiscard]] base::Result<void> addHits(std::span<const Armed> armed, const Askers& askers,
                                         const fold::FoldEvent& event, base::ByteView id, const AroundEvent& around,
                                         std::vector<Hit>& hits);

/// The order in which a run meets hits.
class MetBefore {
public:
    explicit MetBefore(Direction direction) : m_isForward(direction == Direction::Forward) {}
    [[nodiscard]] bool operator()(const Hit& a, const Hit& b) const
    {
        if (a.event != b.event) return m_isForward ? a.event < b.event : b.event < a.event;
        return a < b;
    }

private:
    bool m_isForward;
};

[[nodiscard]] bool isOfScript(base::ErrorCode code);

} // namespace leftfold::replay
