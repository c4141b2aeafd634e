// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/catalog.h"

#include <cstdint>

namespace leftfold::replay {

/// The order in which a person steps: first the events inside a base cut, in replay order, then the rest, in replay
/// order. So one can stand on any cut, also one that is no prefix of the replay order, and step from there; forward and
/// back is where one was. If the base is a prefix this is the replay order itself. Holds nothing per event.
class PlayOrder {
public:
    [[nodiscard]] static base::Result<PlayOrder> over(const capture::Catalog& catalog, capture::OrdinalCut base);

    [[nodiscard]] std::uint64_t size() const { return m_catalog->eventCount(); }
    /// Where one stands with exactly the base cut behind.
    [[nodiscard]] std::uint64_t home() const { return m_inside; }
    /// Whether the base is a prefix of the replay order, so that this is the replay order itself.
    [[nodiscard]] bool isReplayOrder() const { return m_isPrefix; }
    /// The cut behind the first `at` events of this order. REQUIRES: at <= size().
    [[nodiscard]] base::Result<capture::OrdinalCut> cutAt(std::uint64_t at) const;
    /// The event at a place. REQUIRES: at < size().
    [[nodiscard]] base::Result<event::EventIndex> eventAt(std::uint64_t at) const;
    /// The place of an event. REQUIRES: it is in the capture.
    [[nodiscard]] base::Result<std::uint64_t> placeOf(event::EventIndex event) const;

private:
    PlayOrder(const capture::Catalog& catalog, capture::OrdinalCut base) : m_catalog(&catalog), m_base(std::move(base))
    {}
    /// How many of the first `count` events of the replay order are inside the base.
    [[nodiscard]] base::Result<std::uint64_t> insideAmong(std::uint64_t count) const;
    /// The shortest prefix of the replay order that holds `wanted` events inside the base (or outside it).
    [[nodiscard]] base::Result<std::uint64_t> shortestWith(std::uint64_t wanted, bool inside) const;

    const capture::Catalog* m_catalog;
    capture::OrdinalCut m_base;
    std::uint64_t m_inside = 0;
    bool m_isPrefix = false;
};

} // namespace leftfold::replay
