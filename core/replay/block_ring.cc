// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/block_ring.h"

#include <algorithm>

namespace leftfold::replay {

using base::Result;

Result<std::unique_ptr<BlockRing>> BlockRing::over(const capture::Reader& reader, Stretch events, unsigned workers)
{
    std::unique_ptr<BlockRing> ring(new BlockRing);
    ring->m_events = events;
    ring->m_blockLength = blockLength(reader.catalog());
    ring->m_blocks = (events.last - events.first + ring->m_blockLength - 1) / ring->m_blockLength;
    ring->m_seen.assign(workers, 0);
    ring->m_slots.resize(std::min<std::uint64_t>(workers + 2, std::max<std::uint64_t>(ring->m_blocks, 1)));
    for (Slot& slot : ring->m_slots) {
        LEFTFOLD_TRY(slot.reader, reader.another());
        slot.block = std::make_unique<BlockReader>(*slot.reader);
    }
    return ring;
}

std::uint64_t BlockRing::slowest() const
{
    return *std::ranges::min_element(m_seen);
}

std::uint64_t BlockRing::seenByAll() const
{
    const std::lock_guard lock(m_mutex);
    return std::min(m_events.first + slowest() * m_blockLength, m_events.last);
}

void BlockRing::end()
{
    const std::lock_guard lock(m_mutex);
    m_hasEnded = true;
    m_changed.notify_all();
}

BlockRing::Next BlockRing::nextFor(unsigned worker) const
{
    const std::uint64_t mine = m_seen[worker];
    if (m_error || m_hasEnded || mine == m_blocks) return Next::End;
    const Slot& slot = slotOf(mine);
    if (slot.ready && slot.number == mine) return Next::See;
    if (m_claimed < m_blocks && m_claimed < slowest() + m_slots.size()) return Next::Decode;
    return Next::Wait;
}

Result<void> BlockRing::decode(std::uint64_t number)
{
    const std::uint64_t first = m_events.first + number * m_blockLength;
    return slotOf(number).block->read(first, std::min(m_blockLength, m_events.last - first));
}

void BlockRing::fail(const base::Error& error)
{
    if (!m_error) m_error = error;
}

Result<void> BlockRing::forEach(unsigned worker, std::stop_token stop, const See& see)
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        if (stop.stop_requested()) fail({base::ErrorCode::Cancelled, {}, {}});
        const Next next = nextFor(worker);
        if (next == Next::End) break;
        if (next == Next::Wait) {
            m_changed.wait(lock);
            continue;
        }
        Result<void> outcome;
        if (next == Next::See) {
            const Slot& slot = slotOf(m_seen[worker]);
            lock.unlock();
            outcome = see(slot.block->firstIndex(), slot.block->items());
            lock.lock();
            if (outcome) ++m_seen[worker];
        } else {
            const std::uint64_t number = m_claimed++;
            slotOf(number).ready = false;
            lock.unlock();
            outcome = decode(number);
            lock.lock();
            slotOf(number).number = number;
            slotOf(number).ready = true;
        }
        if (!outcome) fail(outcome.error());
        m_changed.notify_all();
    }
    m_changed.notify_all();
    if (m_error) return tl::unexpected(*m_error);
    return {};
}

} // namespace leftfold::replay
