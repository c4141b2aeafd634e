// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/snapshot.h"

#include "core/base/varint.h"
#include "core/event/canonical.h"
#include "core/replay/sweep.h"

#include <algorithm>
#include <atomic>
#include <numeric>

namespace leftfold::snapshot {

namespace {

using base::Result;
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

/// Aggregates go to workers in so many runs at most. Neighbours by id are often neighbours in time: dealt out in large parts, all workers
/// but one would wait.
constexpr std::size_t kMostRuns = 1024;

/// The aggregates of a pass by worker; each has some runs of neighbours by id, in their order.
struct Dealt {
    std::vector<std::uint32_t> keys;
    std::vector<std::size_t> starts; ///< of the workers' keys; the end behind the last
    std::vector<std::uint32_t> runOf; ///< by place in `keys`; runs are numbered by id
    std::vector<std::size_t> workerOf; ///< by run
};

/// `keys` are in order of their ids. Each run goes to the worker that has the fewest events so far.
Result<Dealt> dealtOut(const capture::KeyIndex& index, std::span<const std::uint32_t> keys, unsigned workers)
{
    const std::size_t length = (keys.size() + kMostRuns - 1) / kMostRuns;
    std::vector<std::uint64_t> events(workers, 0);
    std::vector<std::vector<std::uint32_t>> runs(workers);
    Dealt dealt;
    for (std::size_t first = 0; first < keys.size(); first += length) {
        const auto least = static_cast<std::size_t>(std::ranges::min_element(events) - events.begin());
        for (const std::uint32_t key : keys.subspan(first, std::min(length, keys.size() - first))) {
            LEFTFOLD_TRY(const auto postings, index.postings(key));
            events[least] += postings.size();
        }
        runs[least].push_back(static_cast<std::uint32_t>(dealt.workerOf.size()));
        dealt.workerOf.push_back(least);
    }
    for (const std::vector<std::uint32_t>& ofWorker : runs) {
        dealt.starts.push_back(dealt.keys.size());
        for (const std::uint32_t run : ofWorker) {
            const auto part = keys.subspan(run * length, std::min(length, keys.size() - run * length));
            dealt.keys.insert(dealt.keys.end(), part.begin(), part.end());
            dealt.runOf.insert(dealt.runOf.end(), part.size(), run);
        }
    }
    dealt.starts.push_back(dealt.keys.size());
    return dealt;
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

/// One share for each run, in order of ids.
using Shares = std::vector<std::unique_ptr<Share>>;

/// One worker at its aggregates.
class FoldedShare {
public:
    FoldedShare(const replay::SweptShares& swept, unsigned worker, const capture::Catalog& catalog,
                const capture::OrdinalCut& cut, bool listens, std::stop_token stop,
                std::span<const std::uint32_t> runOf, const Shares& shares)
        : m_swept(swept),
          m_worker(worker),
          m_cut(cut),
          m_stop(std::move(stop)),
          m_runOf(runOf),
          m_shares(shares),
          m_folder(swept.projection().fold->folder()),
          m_states(swept, worker, catalog, *m_folder, *this)
    {
        m_folder->obey(m_stop);
        if (listens) m_folder->tellTo(&m_findings);
    }

    Result<void> fold(std::uint64_t first, const Items& items) { return m_states.fold(first, items); }

    /// Tells the aggregates that exist, and lets go of their states.
    Result<void> tell()
    {
        m_folder->settle();
        LEFTFOLD_CHECK(m_folder->outcome());
        auto& states = m_states.states();
        for (std::size_t i = 0; i < states.size(); ++i) {
            if (m_stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
            if (!states[i] || !m_folder->exists(*states[i])) continue;
            const std::size_t slot = m_swept.startOf(m_worker) + i;
            LEFTFOLD_TRY(const base::ByteView id, m_swept.idOf(slot));
            shareOf(slot).add(id, *m_folder, *states[i]);
            LEFTFOLD_CHECK(m_folder->outcome());
            states[i].reset();
            ++m_existing;
        }
        return {};
    }

    [[nodiscard]] std::uint64_t folded() const { return m_folded; }
    [[nodiscard]] std::uint64_t existing() const { return m_existing; }

    // As replay::SweptStates asks.

    [[nodiscard]] bool isInside(const replay::BlockReader::Item& item) const
    {
        return item.record && m_cut.contains(item.location);
    }
    Result<void> apply(std::size_t slot, fold::State& state, const fold::FoldEvent& event)
    {
        m_folder->apply(state, event);
        ++m_folded;
        LEFTFOLD_CHECK(m_folder->outcome());
        if (m_findings.empty()) return {};
        LEFTFOLD_TRY(const base::ByteView id, m_swept.idOf(slot));
        shareOf(slot).found(event.index, id, m_findings);
        m_findings.clear();
        return {};
    }
    void miss(std::size_t /*slot*/) {}

private:
    [[nodiscard]] Share& shareOf(std::size_t slot) const { return *m_shares[m_runOf[slot]]; }

    const replay::SweptShares& m_swept;
    unsigned m_worker;
    const capture::OrdinalCut& m_cut;
    std::stop_token m_stop;
    std::span<const std::uint32_t> m_runOf; ///< by slot
    const Shares& m_shares;
    std::vector<base::Error> m_findings;
    std::uint64_t m_folded = 0;
    std::uint64_t m_existing = 0;
    std::unique_ptr<fold::Folder> m_folder;
    replay::SweptStates<FoldedShare> m_states;
};

/// One reading of the log for some of its aggregates.
class Pass {
public:
    Pass(const capture::Reader& reader, const replay::Projection& projection, const capture::OrdinalCut& cut,
         std::span<const std::uint32_t> keys, unsigned workers)
        : m_reader(reader),
          m_projection(projection),
          m_cut(cut),
          m_keys(keys),
          m_workers(workers),
          m_folded(workers, 0)
    {}

    Result<void> run(std::uint64_t events, std::stop_token stop, const std::function<void(std::uint64_t)>& progress,
                     Consumer& consumer)
    {
        LEFTFOLD_TRY(Dealt dealt, dealtOut(*m_projection.index, m_keys, m_workers));
        LEFTFOLD_TRY(const auto swept,
                     replay::SweptShares::of(m_projection, std::move(dealt.keys), std::move(dealt.starts)));
        LEFTFOLD_TRY(const auto ring, replay::BlockRing::over(m_reader, {0, events}, m_workers));
        Shares shares;
        std::vector<Share*> siblings(m_workers, nullptr);
        for (const std::size_t worker : dealt.workerOf)
            siblings[worker] = shares.emplace_back(consumer.makeShare(siblings[worker])).get();
        const auto work = [&](unsigned worker) {
            FoldedShare mine(swept, worker, m_reader.catalog(), m_cut, consumer.listens(), stop, dealt.runOf, shares);
            return fold(worker, mine, *ring, stop, progress);
        };
        LEFTFOLD_CHECK(replay::onWorkers(m_workers, work));
        for (auto& share : shares) {
            if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
            LEFTFOLD_CHECK(consumer.take(*share));
            share.reset();
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
    Result<void> fold(unsigned worker, FoldedShare& mine, replay::BlockRing& ring, const std::stop_token& stop,
                      const std::function<void(std::uint64_t)>& progress)
    {
        const auto see = [&](std::uint64_t first, const Items& items) -> Result<void> {
            LEFTFOLD_CHECK(mine.fold(first, items));
            if (worker != 0) return {};
            countDamage(items);
            progress(ring.seenByAll());
            return {};
        };
        LEFTFOLD_CHECK(ring.forEach(worker, stop, see));
        LEFTFOLD_CHECK(mine.tell());
        m_folded[worker] = mine.folded();
        m_existing += mine.existing();
        return {};
    }
    void countDamage(const Items& items)
    {
        for (const replay::BlockReader::Item& item : items) m_damaged += !item.record && m_cut.contains(item.location);
    }

    const capture::Reader& m_reader;
    const replay::Projection& m_projection;
    const capture::OrdinalCut& m_cut;
    std::span<const std::uint32_t> m_keys; ///< of this pass, by id
    unsigned m_workers;
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
                  workers);
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
    std::unique_ptr<Share> makeShare(Share* /*sibling*/) override { return std::make_unique<HashShare>(); }
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
