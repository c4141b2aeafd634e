// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/sweep.h"

#include <algorithm>
#include <thread>

namespace leftfold::replay {

using base::Result;

Result<SweptShares> SweptShares::of(const Projection& projection, std::vector<std::uint32_t> keys,
                                    std::vector<std::size_t> starts)
{
    SweptShares shares(projection);
    shares.m_keys = std::move(keys);
    shares.m_starts = std::move(starts);
    shares.m_slotOf.assign(projection.index->size(), UINT32_MAX);
    for (std::uint32_t slot = 0; slot < shares.m_keys.size(); ++slot) shares.m_slotOf[shares.m_keys[slot]] = slot;
    LEFTFOLD_CHECK(shares.findSets());
    return shares;
}

Result<void> SweptShares::findSets()
{
    const capture::KeyIndex& index = *m_projection.index;
    if (index.broadcastsIn(0, UINT32_MAX).empty()) return {};
    std::vector<base::ByteView> ids;
    for (const std::uint32_t key : m_keys) {
        LEFTFOLD_TRY(ids.emplace_back(), index.text(key));
    }
    m_sets.resize(workers());
    for (unsigned worker = 0; worker < workers(); ++worker) {
        const auto mine = std::span(ids).subspan(startOf(worker), sizeOf(worker));
        for (std::uint32_t set = 0; set < index.setCount(); ++set) {
            const base::ByteView prefix = index.prefixOf(set);
            const auto head = [&](base::ByteView id) { return id.substr(0, prefix.size()); };
            const auto first = std::ranges::lower_bound(mine, prefix, {}, head) - mine.begin();
            const auto last = std::ranges::upper_bound(mine, prefix, {}, head) - mine.begin();
            m_sets[worker].push_back(
                {startOf(worker) + static_cast<std::size_t>(first), startOf(worker) + static_cast<std::size_t>(last)});
        }
    }
    return {};
}

Result<void> onWorkers(unsigned workers, const std::function<Result<void>(unsigned)>& work)
{
    std::vector<Result<void>> outcomes(workers);
    {
        std::vector<std::jthread> threads;
        for (unsigned worker = 1; worker < workers; ++worker)
            threads.emplace_back([&, worker] { outcomes[worker] = work(worker); });
        outcomes[0] = work(0);
    }
    for (const auto& outcome : outcomes) LEFTFOLD_CHECK(outcome);
    return {};
}

} // namespace leftfold::replay
