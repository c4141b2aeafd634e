// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/playhead.h"

#include <algorithm>

namespace leftfold::replay {

using base::Result;
using capture::OrdinalCut;

Result<PlayOrder> PlayOrder::over(const capture::Catalog& catalog, OrdinalCut base)
{
    PlayOrder order(catalog, std::move(base));
    order.m_inside = order.m_base.events();
    LEFTFOLD_TRY(const auto prefix, catalog.asPrefix(order.m_base));
    order.m_isPrefix = prefix.has_value();
    return order;
}

Result<std::uint64_t> PlayOrder::insideAmong(std::uint64_t count) const
{
    LEFTFOLD_TRY(const OrdinalCut prefix, m_catalog->prefix(count));
    std::uint64_t inside = 0;
    for (std::size_t i = 0; i < prefix.next.size(); ++i) inside += std::min(prefix.next[i], m_base.next[i]);
    return inside;
}

Result<std::uint64_t> PlayOrder::shortestWith(std::uint64_t wanted, bool inside) const
{
    std::uint64_t low = 0;
    std::uint64_t high = size();
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        LEFTFOLD_TRY(const std::uint64_t insideThere, insideAmong(middle));
        if ((inside ? insideThere : middle - insideThere) >= wanted) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

Result<OrdinalCut> PlayOrder::cutAt(std::uint64_t at) const
{
    if (m_isPrefix) return m_catalog->prefix(at);
    const bool inside = at <= m_inside;
    LEFTFOLD_TRY(const std::uint64_t count, shortestWith(inside ? at : at - m_inside, inside));
    LEFTFOLD_TRY(OrdinalCut cut, m_catalog->prefix(count));
    for (std::size_t i = 0; i < cut.next.size(); ++i) {
        cut.next[i] = inside ? std::min(cut.next[i], m_base.next[i]) : std::max(cut.next[i], m_base.next[i]);
    }
    return cut;
}

Result<event::EventIndex> PlayOrder::eventAt(std::uint64_t at) const
{
    if (m_isPrefix) return event::EventIndex{at};
    const bool inside = at < m_inside;
    LEFTFOLD_TRY(const std::uint64_t count, shortestWith(inside ? at + 1 : at + 1 - m_inside, inside));
    return event::EventIndex{count - 1};
}

Result<std::uint64_t> PlayOrder::placeOf(event::EventIndex event) const
{
    if (m_isPrefix) return event.value;
    LEFTFOLD_TRY(const std::uint64_t before, insideAmong(event.value));
    LEFTFOLD_TRY(const capture::Location location, m_catalog->locate(event));
    return m_base.contains(location) ? before : m_inside + event.value - before;
}

} // namespace leftfold::replay
