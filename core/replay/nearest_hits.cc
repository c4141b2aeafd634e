// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/nearest_hits.h"

#include <algorithm>
#include <iterator>

namespace leftfold::replay {

NearestHits::NearestHits(Direction direction, Stretch window, std::span<const Armed> armed,
                         std::vector<std::uint64_t> left, std::size_t maxBytes)
    : m_direction(direction),
      m_window(window),
      m_armed(armed),
      m_left(std::move(left)),
      m_maxBytes(maxBytes),
      m_limit(isForward() ? window.last : window.first),
      m_known(m_limit)
{}

void NearestHits::add(Stretch block, std::vector<Hit>& hits)
{
    if (hits.empty()) return;
    const std::lock_guard lock(m_mutex);
    if (matters(isForward() ? block.first : block.last - 1)) {
        Block& known = m_blocks[block.first];
        known.events = block;
        known.counts.resize(m_armed.size(), 0);
        bool mayStop = false;
        for (Hit& hit : hits) {
            ++known.counts[hit.breakpoint];
            mayStop = mayStop || !m_armed[hit.breakpoint].breakpoint->isLog;
            const std::size_t bytes = sizeof(Hit) + hit.aggregate.size() + hit.said.size();
            known.bytes += bytes;
            m_bytes += bytes;
            known.hits.push_back(std::move(hit));
        }
        if (mayStop || m_bytes > m_maxBytes) prune();
    }
    hits.clear();
}

bool NearestHits::stopsIn(const Block& block, std::vector<std::uint64_t>& left) const
{
    bool stops = false;
    for (const Armed& armed : m_armed) {
        if (armed.breakpoint->isLog) continue;
        const std::uint64_t count = block.counts[armed.number];
        stops = stops || count >= left[armed.number];
        left[armed.number] -= std::min(left[armed.number], count);
    }
    return stops;
}

/// Of blocks in the order of the run.
template <class Iterator>
Iterator NearestHits::firstToDrop(Iterator begin, Iterator end)
{
    std::vector<std::uint64_t> left = m_left;
    std::size_t bytes = 0;
    for (Iterator it = begin; it != end; ++it) {
        const Block& block = it->second;
        bytes += block.bytes;
        if (it != begin && bytes > m_maxBytes) {
            m_known = isForward() ? block.events.first : block.events.last;
            m_limit = m_known;
            return it;
        }
        if (!stopsIn(block, left)) continue;
        m_limit = isForward() ? block.events.last : block.events.first;
        return std::next(it);
    }
    return end;
}

void NearestHits::prune()
{
    if (isForward()) {
        letGo(firstToDrop(m_blocks.begin(), m_blocks.end()), m_blocks.end());
    } else {
        letGo(m_blocks.begin(), firstToDrop(m_blocks.rbegin(), m_blocks.rend()).base());
    }
}

void NearestHits::letGo(Blocks::iterator begin, Blocks::iterator end)
{
    for (auto it = begin; it != end; ++it) m_bytes -= it->second.bytes;
    m_blocks.erase(begin, end);
}

std::vector<Hit> NearestHits::takeNearest(std::uint64_t before)
{
    const std::lock_guard lock(m_mutex);
    if (m_blocks.empty()) return {};
    const auto nearest = isForward() ? m_blocks.begin() : std::prev(m_blocks.end());
    if (nearest->second.events.last > before) return {};
    std::vector<Hit> taken = std::move(nearest->second.hits);
    letGo(nearest, std::next(nearest));
    return taken;
}

Stretch NearestHits::known() const
{
    return isForward() ? Stretch{m_window.first, m_known} : Stretch{m_known, m_window.last};
}

} // namespace leftfold::replay
