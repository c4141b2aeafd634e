// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/stretch.h"

#include <algorithm>
#include <bitset>
#include <cstdint>
#include <map>

namespace leftfold::replay {

/// Some events of the replay order, each once however often it is added: a bit for each event in the blocks that have any.
class MarkedEvents {
public:
    void add(std::uint64_t event) { m_blocks[event / kBlock].set(event % kBlock); }
    void add(const MarkedEvents& others)
    {
        for (const auto& [number, marks] : others.m_blocks) m_blocks[number] |= marks;
    }
    [[nodiscard]] std::uint64_t countIn(Stretch events) const
    {
        if (events.isEmpty()) return 0;
        std::uint64_t count = 0;
        for (auto it = m_blocks.lower_bound(events.first / kBlock); it != m_blocks.end(); ++it) {
            const std::uint64_t start = it->first * kBlock;
            if (start >= events.last) break;
            count += countIn(it->second, std::max(events.first, start) - start, std::min(events.last - start, kBlock));
        }
        return count;
    }

private:
    static constexpr std::uint64_t kBlock = 4096;
    using Marks = std::bitset<kBlock>;
    /// Of those from `first` to before `last`.
    static std::uint64_t countIn(const Marks& marks, std::uint64_t first, std::uint64_t last)
    {
        return (marks >> first << (kBlock - (last - first))).count();
    }

    std::map<std::uint64_t, Marks> m_blocks;
};

} // namespace leftfold::replay
