// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/checkpoints.h"

#include <algorithm>

namespace leftfold::replay {

void Checkpoints::put(const std::string& aggregate, std::uint64_t events, std::string state)
{
    const std::lock_guard lock(m_mutex);
    if (state.size() > m_maxBytes / 2) return;
    const auto [place, isNew] = m_byAggregate[aggregate].emplace(events, std::move(state));
    if (isNew) m_bytes += place->second.size();
    while (m_bytes > m_maxBytes) thin();
}

std::optional<Checkpoints::Found> Checkpoints::nearest(const std::string& aggregate, std::uint64_t events) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_byAggregate.find(aggregate);
    if (found == m_byAggregate.end()) return std::nullopt;
    const auto behind = found->second.upper_bound(events);
    if (behind == found->second.begin()) return std::nullopt;
    const auto& [number, state] = *std::prev(behind);
    return Found{number, state};
}

std::size_t Checkpoints::bytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_bytes;
}

std::size_t Checkpoints::count() const
{
    const std::lock_guard lock(m_mutex);
    std::size_t count = 0;
    for (const auto& [aggregate, checkpoints] : m_byAggregate) count += checkpoints.size();
    return count;
}

void Checkpoints::clear()
{
    const std::lock_guard lock(m_mutex);
    m_byAggregate.clear();
    m_bytes = 0;
}

/// From the aggregate that holds the most goes one.
void Checkpoints::thin()
{
    const auto most = std::ranges::max_element(m_byAggregate, {}, [](const auto& each) { return each.second.size(); });
    thinOne(most->second);
    if (most->second.empty()) m_byAggregate.erase(most);
}

/// The one whose loss makes the smallest gap, measured against its distance from the last: gaps then grow
/// with the distance. The last one stays as long as there is another.
void Checkpoints::thinOne(OfAggregate& checkpoints)
{
    auto victim = checkpoints.begin();
    if (checkpoints.size() > 1) {
        const auto last = std::prev(checkpoints.end());
        double smallest = 0;
        std::uint64_t before = 0;
        for (auto each = checkpoints.begin(); each != last; ++each) {
            const auto gap = static_cast<double>(std::next(each)->first - before);
            const double weight = gap / static_cast<double>(last->first - each->first);
            if (each == checkpoints.begin() || weight < smallest) {
                smallest = weight;
                victim = each;
            }
            before = each->first;
        }
    }
    m_bytes -= victim->second.size();
    checkpoints.erase(victim);
}

} // namespace leftfold::replay
