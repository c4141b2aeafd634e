// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/block_reader.h"
#include "core/replay/stretch.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

namespace leftfold::replay {

/// The blocks of a log on their way past several workers: each block is decoded once, by whichever worker has nothing
/// better to do, and seen by every worker, in order. A few blocks are in memory at a time.
class BlockRing {
public:
    /// Blocks of a part of the replay order.
    [[nodiscard]] static base::Result<std::unique_ptr<BlockRing>> over(const capture::Reader& reader, Stretch events,
                                                                       unsigned workers);

    using See = std::function<base::Result<void>(std::uint64_t firstIndex, const std::vector<BlockReader::Item>&)>;
    /// One worker's part: `see` hears of every block in order. Ends early with the first error of any worker, or without one
    /// where somebody calls `end`. Called once by each worker, each on its thread.
    [[nodiscard]] base::Result<void> forEach(unsigned worker, std::stop_token stop, const See& see);
    /// What follows need not be seen. Any thread's to call.
    void end();

    /// All workers have seen the events before this one. From any thread.
    [[nodiscard]] std::uint64_t seenByAll() const;

private:
    struct Slot {
        std::unique_ptr<capture::Reader> reader;
        std::unique_ptr<BlockReader> block;
        std::uint64_t number = 0;
        bool ready = false;
    };
    enum class Next { See, Decode, Wait, End };

    BlockRing() = default;
    [[nodiscard]] Next nextFor(unsigned worker) const;
    [[nodiscard]] base::Result<void> decode(std::uint64_t number);
    void fail(const base::Error& error);
    [[nodiscard]] std::uint64_t slowest() const;
    [[nodiscard]] Slot& slotOf(std::uint64_t number) { return m_slots[number % m_slots.size()]; }
    [[nodiscard]] const Slot& slotOf(std::uint64_t number) const { return m_slots[number % m_slots.size()]; }

    Stretch m_events;
    std::uint64_t m_blockLength = 1;
    std::uint64_t m_blocks = 0;
    std::vector<Slot> m_slots;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::uint64_t m_claimed = 0; ///< blocks decoded or being decoded
    std::vector<std::uint64_t> m_seen; ///< blocks, by worker
    bool m_hasEnded = false;
    std::optional<base::Error> m_error;
};

} // namespace leftfold::replay
