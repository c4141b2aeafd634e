// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/run_moment.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>

namespace leftfold::replay {

/// The hits that several workers find in the blocks of some events, in any order, as far as they can still matter: nothing does that lies,
/// as the run goes, behind the block in which it stops. Where they take too much memory, the farthest are let go of. Any thread's.
class NearestHits {
public:
    /// `left` says of each breakpoint how many hits there are up to the one it stops at; `armed` are all of them, by number.
    NearestHits(Direction direction, Stretch window, std::span<const Armed> armed, std::vector<std::uint64_t> left,
                std::size_t maxBytes);

    /// Whether hits of an event can still matter, and are kept. Once false, always false.
    [[nodiscard]] bool matters(std::uint64_t event) const { return isForward() ? event < m_limit : event >= m_limit; }
    /// Takes over what a worker found in a block, and leaves none. REQUIRES: blocks are equal or have no event in common.
    void add(Stretch block, std::vector<Hit>& hits);
    /// Those of the block that the run meets first, if it ends with an event before this one; empty: there is none (any more).
    [[nodiscard]] std::vector<Hit> takeNearest(std::uint64_t before = UINT64_MAX);
    /// The part of the window of which every hit was kept that the run can meet: forward it begins, back it ends with the window.
    [[nodiscard]] Stretch known() const;

private:
    struct Block {
        Stretch events;
        std::vector<Hit> hits;
        std::size_t bytes = 0;
        std::vector<std::uint64_t> counts; ///< of hits, by breakpoint
    };
    using Blocks = std::map<std::uint64_t, Block>; ///< by first event

    [[nodiscard]] bool isForward() const { return m_direction == Direction::Forward; }
    void prune();
    void letGo(Blocks::iterator begin, Blocks::iterator end);
    /// The run stops there, if it begins with what is left.
    [[nodiscard]] bool stopsIn(const Block& block, std::vector<std::uint64_t>& left) const;
    template <class Iterator>
    Iterator firstToDrop(Iterator begin, Iterator end);

    Direction m_direction;
    Stretch m_window;
    std::span<const Armed> m_armed;
    std::vector<std::uint64_t> m_left;
    std::size_t m_maxBytes;
    std::mutex m_mutex;
    Blocks m_blocks;
    std::size_t m_bytes = 0; ///< of all blocks
    std::atomic<std::uint64_t> m_limit; ///< forward events before it matter, back those from it on
    std::uint64_t m_known; ///< the same, but only for want of memory
};

} // namespace leftfold::replay
