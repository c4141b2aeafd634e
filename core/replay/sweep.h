// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/block_ring.h"
#include "core/replay/replayer.h"

#include <functional>
#include <memory>
#include <vector>

namespace leftfold::replay {

/// The aggregates that are folded together in one reading of the log, each by one of several workers. A slot is an aggregate's place
/// among all of them. Shared by threads.
class SweptShares {
public:
    /// Worker n has the keys [starts[n], starts[n + 1]); the last start is the number of keys. REQUIRES: the keys are some of the
    /// projection's, each once; where its index has events of a whole set, those of a share are in order of their ids.
    [[nodiscard]] static base::Result<SweptShares> of(const Projection& projection, std::vector<std::uint32_t> keys,
                                                      std::vector<std::size_t> starts);

    [[nodiscard]] const Projection& projection() const { return m_projection; }
    [[nodiscard]] unsigned workers() const { return static_cast<unsigned>(m_starts.size() - 1); }
    [[nodiscard]] std::size_t sizeOf(unsigned worker) const { return m_starts[worker + 1] - m_starts[worker]; }
    [[nodiscard]] std::size_t startOf(unsigned worker) const { return m_starts[worker]; }
    [[nodiscard]] std::uint32_t keyOf(std::size_t slot) const { return m_keys[slot]; }
    [[nodiscard]] base::Result<base::ByteView> idOf(std::size_t slot) const
    {
        return m_projection.index->text(m_keys[slot]);
    }
    /// Beyond all slots: it is not swept.
    [[nodiscard]] std::size_t slotOf(std::uint32_t key) const { return m_slotOf[key]; }

    /// Slots [first, last).
    struct Slots {
        std::size_t first = 0;
        std::size_t last = 0;
    };
    /// A worker's aggregates of a set: their ids begin alike, so they are neighbours.
    [[nodiscard]] Slots inSet(unsigned worker, std::uint32_t set) const { return m_sets[worker][set]; }

private:
    explicit SweptShares(const Projection& projection) : m_projection(projection) {}
    [[nodiscard]] base::Result<void> findSets();

    Projection m_projection;
    std::vector<std::uint32_t> m_keys;
    std::vector<std::size_t> m_starts;
    std::vector<std::uint32_t> m_slotOf; ///< by key; UINT32_MAX: not swept
    std::vector<std::vector<Slots>> m_sets; ///< by worker and set; empty where nothing is broadcast
};

/// One worker's states on their way through the blocks of a log. It finds out whose an event is; what is done with it is
/// up to the visitor, on the worker's thread:
///
///   bool isInside(const BlockReader::Item&)                                      whether the event counts at all
///   base::Result<void> apply(std::size_t slot, fold::State&, fold::FoldEvent&)   it is one of this aggregate's own, to be applied;
///                                                                                `aggregate` is set where the fold needs it
///   void miss(std::size_t slot)                                                  so is this one, but it cannot be read
template <class Visitor>
class SweptStates {
public:
    /// REQUIRES: all outlive it.
    SweptStates(const SweptShares& shares, unsigned worker, const capture::Catalog& catalog, fold::Folder& folder,
                Visitor& visitor)
        : m_shares(shares),
          m_index(*shares.projection().index),
          m_catalog(catalog),
          m_worker(worker),
          m_start(shares.startOf(worker)),
          m_needsAggregates(shares.projection().fold->needsAggregates()),
          m_folder(folder),
          m_visitor(visitor),
          m_states(shares.sizeOf(worker))
    {}

    /// By place in the share; null: no event so far. The visitor may let go of the state of an event it was just told of, the last one of its
    /// aggregate.
    [[nodiscard]] std::vector<std::unique_ptr<fold::State>>& states() { return m_states; }

    /// The next events of the log.
    base::Result<void> fold(std::uint64_t first, const std::vector<BlockReader::Item>& items)
    {
        LEFTFOLD_TRY(const auto keys, m_index.keysOf(first, items.size()));
        const auto more = m_index.moreKeysOf(first, items.size());
        const auto broadcasts = m_index.broadcastsIn(first, items.size());
        auto nextMore = more.begin();
        auto nextBroadcast = broadcasts.begin();
        for (std::size_t i = 0; i < items.size(); ++i) {
            const bool isInside = m_visitor.isInside(items[i]);
            const bool isShared = nextMore != more.end() && nextMore->event == first + i;
            if (isInside && keys[i] != capture::kNoKey) LEFTFOLD_CHECK(applyTo(keys[i], items[i], first + i, isShared));
            for (; nextMore != more.end() && nextMore->event == first + i; ++nextMore) {
                if (isInside) LEFTFOLD_CHECK(applyTo(nextMore->to, items[i], first + i, true));
            }
            for (; nextBroadcast != broadcasts.end() && nextBroadcast->event == first + i; ++nextBroadcast) {
                if (isInside) LEFTFOLD_CHECK(applyToAll(nextBroadcast->to, items[i], first + i));
            }
        }
        return {};
    }

private:
    base::Result<void> applyTo(std::uint32_t key, const BlockReader::Item& item, std::uint64_t index, bool isShared)
    {
        const std::size_t slot = m_shares.slotOf(key);
        const std::size_t place = slot - m_start;
        if (place >= m_states.size()) return {};
        if (!m_states[place] && item.record) m_states[place] = m_folder.begin();
        return apply(slot, item, index, isShared || m_needsAggregates);
    }

    /// To all of a set that had an event already.
    base::Result<void> applyToAll(std::uint32_t set, const BlockReader::Item& item, std::uint64_t index)
    {
        const SweptShares::Slots slots = m_shares.inSet(m_worker, set);
        for (std::size_t slot = slots.first; slot < slots.last; ++slot) {
            if (m_states[slot - m_start]) LEFTFOLD_CHECK(apply(slot, item, index, m_needsAggregates));
        }
        return {};
    }

    base::Result<void> apply(std::size_t slot, const BlockReader::Item& item, std::uint64_t index, bool needsAggregate)
    {
        if (!item.record) {
            m_visitor.miss(slot);
            return {};
        }
        fold::FoldEvent event = foldEventOf(*item.record, *item.facts, item.effective, item.type,
                                            m_catalog.partitions()[item.location.partition]);
        event.index = {index};
        if (needsAggregate) {
            LEFTFOLD_TRY(event.aggregate, m_shares.idOf(slot));
        }
        return m_visitor.apply(slot, *m_states[slot - m_start], event);
    }

    const SweptShares& m_shares;
    const capture::KeyIndex& m_index;
    const capture::Catalog& m_catalog;
    unsigned m_worker;
    std::size_t m_start;
    bool m_needsAggregates;
    fold::Folder& m_folder;
    Visitor& m_visitor;
    std::vector<std::unique_ptr<fold::State>> m_states;
};

/// Work on threads of their own, but for worker 0, which is the caller's. The first worker's error, if several have one.
[[nodiscard]] base::Result<void> onWorkers(unsigned workers, const std::function<base::Result<void>(unsigned)>& work);

} // namespace leftfold::replay
