// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/snapshot.h"

#include "core/base/varint.h"
#include "core/event/canonical.h"
#include "core/snapshot/block_ring.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>

namespace leftfold::snapshot {

namespace {

using base::Result;
using capture::kNoKey;
using Items = std::vector<replay::BlockReader::Item>;

/// The aggregates of an index in order of their ids.
Result<std::vector<std::uint32_t>> sortedKeys(const capture::KeyIndex& index)
{
    std::vector<base::ByteView> texts(index.size());
    for (std::uint32_t key = 0; key < index.size(); ++key) {
        LEFTFOLD_TRY(texts[key], index.text(key));
    }
    std::vector<std::uint32_t> keys(index.size());
    std::iota(keys.begin(), keys.end(), 0U);
    std::ranges::sort(keys, {}, [&](std::uint32_t key) { return texts[key]; });
    return keys;
}

/// Where the shares of the workers begin, so that each has about as many events to fold; the end behind the last.
Result<std::vector<std::size_t>> shareStarts(const capture::KeyIndex& index, std::span<const std::uint32_t> keys,
                                             unsigned workers)
{
    std::vector<std::uint64_t> eventsBefore(1, 0);
    for (const std::uint32_t key : keys) {
        LEFTFOLD_TRY(const auto postings, index.postings(key));
        eventsBefore.push_back(eventsBefore.back() + postings.size());
    }
    std::vector<std::size_t> starts;
    for (unsigned worker = 0; worker < workers; ++worker) {
        const std::uint64_t wanted = eventsBefore.back() * worker / workers;
        starts.push_back(
            static_cast<std::size_t>(std::ranges::lower_bound(eventsBefore, wanted) - eventsBefore.begin()));
    }
    starts.push_back(keys.size());
    return starts;
}

/// How many events of the replay order have to be looked at: behind them nothing is inside the cut.
Result<std::uint64_t> eventsToRead(const capture::Catalog& catalog, const capture::OrdinalCut& cut)
{
    std::uint64_t events = 0;
    for (std::uint32_t partition = 0; partition < cut.next.size(); ++partition) {
        if (cut.next[partition] == 0) continue;
        LEFTFOLD_TRY(const event::EventIndex last, catalog.indexOf({partition, cut.next[partition] - 1}));
        events = std::max(events, last.value + 1);
    }
    return events;
}

/// One reading of the log for some of its aggregates.
class Pass {
public:
    Pass(const capture::Reader& reader, const replay::Projection& projection, const capture::OrdinalCut& cut,
         std::span<const std::uint32_t> keys, unsigned workers, bool listens)
        : m_reader(reader),
          m_projection(projection),
          m_cut(cut),
          m_keys(keys),
          m_workers(workers),
          m_listens(listens),
          m_needsAggregates(projection.fold->needsAggregates()),
          m_slotOf(projection.index->size(), UINT32_MAX),
          m_folded(workers, 0)
    {
        for (std::uint32_t slot = 0; slot < keys.size(); ++slot) m_slotOf[keys[slot]] = slot;
    }

    /// Slots [first, last).
    struct Slots {
        std::size_t first = 0;
        std::size_t last = 0;
    };

    Result<void> run(std::uint64_t events, std::stop_token stop, const std::function<void(std::uint64_t)>& progress,
                     Consumer& consumer)
    {
        LEFTFOLD_TRY(m_starts, shareStarts(*m_projection.index, m_keys, m_workers));
        LEFTFOLD_CHECK(findSets());
        LEFTFOLD_TRY(const auto ring, BlockRing::over(m_reader, events, m_workers));
        std::vector<std::unique_ptr<Share>> shares;
        for (unsigned worker = 0; worker < m_workers; ++worker) shares.push_back(consumer.makeShare());
        std::vector<Result<void>> outcomes(m_workers);
        {
            std::vector<std::jthread> threads;
            for (unsigned worker = 1; worker < m_workers; ++worker) {
                threads.emplace_back(
                    [&, worker] { outcomes[worker] = work(worker, *ring, stop, {}, *shares[worker]); });
            }
            outcomes[0] = work(0, *ring, stop, progress, *shares[0]);
        }
        for (const auto& outcome : outcomes) LEFTFOLD_CHECK(outcome);
        for (const auto& share : shares) {
            if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
            LEFTFOLD_CHECK(consumer.take(*share));
        }
        return {};
    }

    void addTo(SnapshotSummary& summary) const
    {
        summary.eventsFolded.resize(m_workers, 0);
        for (unsigned worker = 0; worker < m_workers; ++worker) summary.eventsFolded[worker] += m_folded[worker];
        summary.aggregates += m_existing;
        summary.damagedEvents = std::max(summary.damagedEvents, m_damaged);
        ++summary.passes;
    }

private:
    Result<void> work(unsigned worker, BlockRing& ring, const std::stop_token& stop,
                      const std::function<void(std::uint64_t)>& progress, Share& share)
    {
        const auto folder = m_projection.fold->folder();
        folder->obey(stop);
        std::vector<base::Error> findings;
        if (m_listens) folder->tellTo(&findings);
        std::vector<std::unique_ptr<fold::State>> states(m_starts[worker + 1] - m_starts[worker]);
        LEFTFOLD_CHECK(ring.forEach(worker, stop, [&](std::uint64_t first, const Items& items) -> Result<void> {
            auto folded = WorkerFold{*this, worker, states, *folder, share, findings}.fold(first, items);
            if (!folded) return folded;
            if (worker == 0) countDamage(items);
            if (progress) progress(ring.seenByAll());
            return {};
        }));
        folder->settle();
        LEFTFOLD_CHECK(folder->outcome());
        std::uint64_t existing = 0;
        for (std::size_t i = 0; i < states.size(); ++i) {
            if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
            if (!states[i] || !folder->exists(*states[i])) continue;
            LEFTFOLD_TRY(const base::ByteView id, m_projection.index->text(m_keys[m_starts[worker] + i]));
            share.add(id, *folder, *states[i]);
            LEFTFOLD_CHECK(folder->outcome());
            states[i].reset();
            ++existing;
        }
        m_existing += existing;
        return {};
    }

    /// The slots of each set: its ids begin alike, so they are neighbours.
    Result<void> findSets()
    {
        const capture::KeyIndex& index = *m_projection.index;
        if (index.broadcastsIn(0, UINT32_MAX).empty()) return {};
        std::vector<base::ByteView> ids;
        for (const std::uint32_t key : m_keys) {
            LEFTFOLD_TRY(ids.emplace_back(), index.text(key));
        }
        for (std::uint32_t set = 0; set < index.setCount(); ++set) {
            const base::ByteView prefix = index.prefixOf(set);
            const auto head = [&](base::ByteView id) { return id.substr(0, prefix.size()); };
            const auto first = std::ranges::lower_bound(ids, prefix, {}, head);
            const auto last = std::ranges::upper_bound(ids, prefix, {}, head);
            m_sets.push_back(
                {static_cast<std::size_t>(first - ids.begin()), static_cast<std::size_t>(last - ids.begin())});
        }
        return {};
    }

    /// A worker at its share of a block.
    struct WorkerFold {
        Pass& pass;
        unsigned worker;
        std::vector<std::unique_ptr<fold::State>>& states;
        fold::Folder& folder;
        Share& share;
        std::vector<base::Error>& findings;

        Result<void> fold(std::uint64_t first, const Items& items)
        {
            const capture::KeyIndex& index = *pass.m_projection.index;
            LEFTFOLD_TRY(const auto keys, index.keysOf(first, items.size()));
            const auto more = index.moreKeysOf(first, items.size());
            const auto broadcasts = index.broadcastsIn(first, items.size());
            auto nextMore = more.begin();
            auto nextBroadcast = broadcasts.begin();
            for (std::size_t i = 0; i < items.size(); ++i) {
                const bool isInside = items[i].record && pass.m_cut.contains(items[i].location);
                const bool isShared = nextMore != more.end() && nextMore->event == first + i;
                if (isInside && keys[i] != kNoKey) LEFTFOLD_CHECK(applyTo(keys[i], items[i], first + i, isShared));
                for (; nextMore != more.end() && nextMore->event == first + i; ++nextMore) {
                    if (isInside) LEFTFOLD_CHECK(applyTo(nextMore->to, items[i], first + i, true));
                }
                for (; nextBroadcast != broadcasts.end() && nextBroadcast->event == first + i; ++nextBroadcast) {
                    if (isInside) LEFTFOLD_CHECK(applyToAll(pass.m_sets[nextBroadcast->to], items[i], first + i));
                }
            }
            return {};
        }

        Result<void> applyTo(std::uint32_t key, const replay::BlockReader::Item& item, std::uint64_t index,
                             bool isShared)
        {
            const std::size_t slot = std::size_t{pass.m_slotOf[key]} - pass.m_starts[worker];
            if (slot >= states.size()) return {};
            if (!states[slot]) states[slot] = folder.begin();
            fold::FoldEvent event = seen(item);
            event.index = {index};
            if (isShared || pass.m_needsAggregates) {
                LEFTFOLD_TRY(event.aggregate, pass.m_projection.index->text(key));
            }
            return apply(slot, event, index);
        }

        /// To all of a set that had an event already.
        Result<void> applyToAll(const Slots& set, const replay::BlockReader::Item& item, std::uint64_t index)
        {
            const std::size_t start = pass.m_starts[worker];
            fold::FoldEvent event = seen(item);
            event.index = {index};
            const std::size_t end = std::min(set.last, start + states.size());
            for (std::size_t slot = std::max(set.first, start); slot < end; ++slot) {
                if (states[slot - start]) LEFTFOLD_CHECK(apply(slot - start, event, index));
            }
            return {};
        }

        Result<void> apply(std::size_t slot, const fold::FoldEvent& event, std::uint64_t index)
        {
            folder.apply(*states[slot], event);
            ++pass.m_folded[worker];
            LEFTFOLD_CHECK(folder.outcome());
            if (findings.empty()) return {};
            LEFTFOLD_TRY(const base::ByteView id,
                         pass.m_projection.index->text(pass.m_keys[pass.m_starts[worker] + slot]));
            share.found({index}, id, findings);
            findings.clear();
            return {};
        }

        [[nodiscard]] fold::FoldEvent seen(const replay::BlockReader::Item& item) const
        {
            return replay::foldEventOf(*item.record, *item.facts, item.effective, item.type,
                                       pass.m_reader.catalog().partitions()[item.location.partition]);
        }
    };

    void countDamage(const Items& items)
    {
        for (const replay::BlockReader::Item& item : items) m_damaged += !item.record && m_cut.contains(item.location);
    }

    const capture::Reader& m_reader;
    const replay::Projection& m_projection;
    const capture::OrdinalCut& m_cut;
    std::span<const std::uint32_t> m_keys; ///< of this pass, by id; a slot is a place in here
    unsigned m_workers;
    bool m_listens;
    bool m_needsAggregates;
    std::vector<std::uint32_t> m_slotOf; ///< by key; UINT32_MAX: not in this pass
    std::vector<Slots> m_sets; ///< by set; empty where nothing is broadcast
    std::vector<std::size_t> m_starts; ///< of the workers' slots
    std::vector<std::uint64_t> m_folded; ///< by worker
    std::uint64_t m_damaged = 0; ///< the first worker's to write
    std::atomic<std::uint64_t> m_existing = 0;
};

} // namespace

Result<SnapshotSummary> foldAll(capture::Reader& reader, const replay::Projection& projection,
                                const capture::OrdinalCut& cut, const SnapshotOptions& options, std::stop_token stop,
                                const Progress& progress, Consumer& consumer)
{
    const unsigned workers = std::max(options.workers, 1U);
    LEFTFOLD_TRY(const auto keys, sortedKeys(*projection.index));
    LEFTFOLD_TRY(const std::uint64_t events, eventsToRead(reader.catalog(), cut));
    const std::size_t atOnce = std::max<std::size_t>(options.maxAggregatesAtOnce, 1);
    const std::uint64_t passes = (keys.size() + atOnce - 1) / atOnce;
    SnapshotSummary summary;
    for (std::size_t first = 0; first < keys.size() && events > 0; first += atOnce) {
        Pass pass(reader, projection, cut, std::span(keys).subspan(first, std::min(atOnce, keys.size() - first)),
                  workers, consumer.listens());
        const auto tell = [&](std::uint64_t done) {
            if (progress) progress(summary.passes * events + done, passes * events);
        };
        LEFTFOLD_CHECK(pass.run(events, stop, tell, consumer));
        pass.addTo(summary);
    }
    summary.eventsFolded.resize(workers, 0);
    return summary;
}

base::Hash256 hashOf(base::ByteView id, event::Value state)
{
    std::string bytes;
    base::putFixed(bytes, static_cast<std::uint64_t>(id.size()));
    bytes += id;
    event::appendCanonicalJson(bytes, state);
    return base::sha256(bytes);
}

namespace {

class HashShare : public Share {
public:
    void add(base::ByteView id, fold::Folder& folder, const fold::State& state) override
    {
        sum = base::addModulo(sum, hashOf(id, folder.read(state).root()));
    }
    base::Hash256 sum{};
};

class HashConsumer : public Consumer {
public:
    std::unique_ptr<Share> makeShare() override { return std::make_unique<HashShare>(); }
    Result<void> take(Share& share) override
    {
        sum = base::addModulo(sum, static_cast<HashShare&>(share).sum);
        return {};
    }
    base::Hash256 sum{};
};

} // namespace

Result<HashedSnapshot> hashAll(capture::Reader& reader, const replay::Projection& projection,
                               const capture::OrdinalCut& cut, const SnapshotOptions& options, std::stop_token stop,
                               const Progress& progress)
{
    HashConsumer consumer;
    LEFTFOLD_TRY(SnapshotSummary summary,
                 foldAll(reader, projection, cut, options, std::move(stop), progress, consumer));
    return HashedSnapshot{consumer.sum, std::move(summary)};
}

} // namespace leftfold::snapshot
