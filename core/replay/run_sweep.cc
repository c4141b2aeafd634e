// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/run_sweep.h"

#include "core/replay/nearest_hits.h"
#include "core/replay/own_events.h"
#include "core/replay/sweep.h"

#include <algorithm>
#include <utility>

namespace leftfold::replay {

namespace {

using base::ErrorCode;
using base::Result;
using Items = std::vector<BlockReader::Item>;

constexpr std::size_t kDocumentBytes = std::size_t{32} << 20;
constexpr std::size_t kSortedAtOnce = 8192;

/// States that were read behind the last event of their aggregates, so that they need not be read again before the next one. Those
/// that there is no room for are.
class KeptDocuments {
public:
    KeptDocuments(std::size_t count, std::size_t maxBytes) : m_kept(count), m_maxBytes(maxBytes) {}

    /// What was kept of an aggregate, and no longer is.
    std::optional<MaybeDocument> take(std::size_t place)
    {
        std::optional<MaybeDocument> taken = std::exchange(m_kept[place], std::nullopt);
        if (taken) m_bytes -= bytesOf(*taken);
        return taken;
    }
    /// REQUIRES: nothing is kept of it.
    void keep(std::size_t place, MaybeDocument document)
    {
        if (m_bytes + bytesOf(document) > m_maxBytes) return;
        m_bytes += bytesOf(document);
        m_kept[place] = std::move(document);
    }

private:
    static std::size_t bytesOf(const MaybeDocument& document) { return document ? document->byteSize() : 0; }
    std::vector<std::optional<MaybeDocument>> m_kept;
    std::size_t m_maxBytes;
    std::size_t m_bytes = 0;
};

/// A breakpoint that asks for no state, and the events of the one aggregate it may hold of, if it names one.
struct Stateless {
    Armed armed;
    std::optional<std::vector<std::uint32_t>> own{};
    [[nodiscard]] bool mayHoldOf(std::uint64_t event) const
    {
        if (armed.at && *armed.at != event) return false;
        return !own || std::binary_search(own->begin(), own->end(), event);
    }
};

/// What all workers of a reading share.
struct Reading {
    const capture::Catalog& catalog;
    Stretch window;
    std::span<const Armed> armed; ///< those that ask for states
    std::span<const Stateless> stateless; ///< those that do not
    NearestHits& hits;
    const SweepOptions& options;
    bool hearsFindings = false;
    bool hasSets = false;
};

/// One worker's share of a reading.
class Swept {
public:
    Swept(const Reading& reading, std::span<const Armed> all, const SweptShares& shares, unsigned worker,
          std::stop_token stop)
        : m_reading(reading),
          m_shares(shares),
          m_worker(worker),
          m_stop(std::move(stop)),
          m_askers(askersOf(all, reading.options.streams, m_stop)),
          m_blockLength(blockLength(reading.catalog)),
          m_isBroken(shares.sizeOf(worker), false),
          m_documents(shares.sizeOf(worker), kDocumentBytes / shares.workers()),
          m_folder(shares.projection().fold->folder()),
          m_states(shares, worker, reading.catalog, *m_folder, *this)
    {
        m_folder->obey(m_stop);
        if (reading.hearsFindings) m_folder->tellTo(&m_findings);
    }

    Result<void> see(std::uint64_t first, const Items& items)
    {
        if (isBehind(first)) return {};
        LEFTFOLD_CHECK(m_states.fold(first, items));
        m_folder->settle();
        LEFTFOLD_CHECK(m_folder->outcome());
        if (first / m_blockLength % m_shares.workers() == m_worker) LEFTFOLD_CHECK(scan(first, items));
        const std::uint64_t last = std::min(first + m_blockLength, m_reading.window.last);
        m_reading.hits.add({first, last}, m_found);
        return {};
    }

    /// What could not be looked at.
    void addTo(SweepEnd& end) const
    {
        end.unreadable.insert(end.unreadable.end(), m_unreadable.begin(), m_unreadable.end());
        end.unreadableEvents.add(m_unreadableEvents);
    }

    // As SweptStates asks.

    [[nodiscard]] bool isInside(const BlockReader::Item& /*item*/) const { return true; }
    Result<void> apply(std::size_t slot, fold::State& state, fold::FoldEvent& event)
    {
        if (m_stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
        const std::size_t place = slot - m_shares.startOf(m_worker);
        if (m_isBroken[place]) return {};
        LEFTFOLD_TRY(const base::ByteView id, m_shares.idOf(slot));
        auto kept = m_documents.take(place);
        m_findings.clear();
        if (!mayHold(event, id)) {
            m_folder->apply(state, event);
            LEFTFOLD_CHECK(m_folder->outcome());
            return letGoBehind(event.index.value, slot);
        }
        event.aggregate = id;
        const MaybeDocument before = kept ? std::move(*kept) : stateOf(*m_folder, state);
        m_folder->apply(state, event);
        MaybeDocument after = stateOf(*m_folder, state);
        m_folder->settle();
        LEFTFOLD_CHECK(m_folder->outcome());
        LEFTFOLD_CHECK(addHits(m_reading.armed, m_askers, event, id, {before, after, !m_findings.empty()}, m_found));
        m_documents.keep(place, std::move(after));
        return letGoBehind(event.index.value, slot);
    }
    void miss(std::size_t slot)
    {
        const std::size_t place = slot - m_shares.startOf(m_worker);
        if (!m_isBroken[place]) m_unreadable.push_back(m_shares.keyOf(slot));
        m_isBroken[place] = true;
    }

private:
    /// Where events lie close together only a few states are in memory at a time.
    Result<void> letGoBehind(std::uint64_t event, std::size_t slot)
    {
        if (m_reading.hasSets) return {}; // there may be more of its own than its postings
        LEFTFOLD_TRY(const auto postings, m_shares.projection().index->postings(m_shares.keyOf(slot)));
        if (postings.back() > event) return {};
        const std::size_t place = slot - m_shares.startOf(m_worker);
        m_documents.take(place);
        m_folder->settle();
        m_states.states()[place].reset();
        return m_folder->outcome();
    }

    /// As the run goes, behind all that can matter; what is back is folded all the same.
    [[nodiscard]] bool isBehind(std::uint64_t event) const
    {
        return m_reading.options.direction == Direction::Forward && !m_reading.hits.matters(event);
    }

    /// False where no breakpoint can hold, whatever the states are.
    [[nodiscard]] bool mayHold(const fold::FoldEvent& event, base::ByteView id) const
    {
        const std::uint64_t index = event.index.value;
        if (!m_reading.window.contains(index) || !m_reading.hits.matters(index)) return false;
        return std::ranges::any_of(m_reading.armed, [&](const Armed& armed) {
            const Breakpoint& breakpoint = *armed.breakpoint;
            return (!armed.at || *armed.at == index) && (!breakpoint.type || *breakpoint.type == event.type)
                   && (!breakpoint.aggregate || *breakpoint.aggregate == id);
        });
    }

    /// What needs no state.
    Result<void> scan(std::uint64_t first, const Items& items)
    {
        const MaybeDocument none;
        for (const Stateless& stateless : m_reading.stateless) {
            const Breakpoint& breakpoint = *stateless.armed.breakpoint;
            for (std::size_t i = 0; i < items.size(); ++i) {
                if (m_stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
                if (!m_reading.window.contains(first + i) || !stateless.mayHoldOf(first + i)) continue;
                const BlockReader::Item& item = items[i];
                if (item.record == nullptr) {
                    m_unreadableEvents.add(first + i);
                    continue;
                }
                const fold::FoldEvent event = foldEventOf(*item.record, *item.facts, item.effective, item.type,
                                                          m_reading.catalog.partitions()[item.location.partition]);
                if (RunMoment(event, false, none, none).satisfies(breakpoint))
                    m_found.push_back({{first + i}, stateless.armed.number, breakpoint.aggregate.value_or("")});
            }
        }
        return {};
    }

    const Reading& m_reading;
    const SweptShares& m_shares;
    unsigned m_worker;
    std::stop_token m_stop;
    Askers m_askers; ///< by number
    std::uint64_t m_blockLength;
    std::vector<bool> m_isBroken; ///< by place in the share: an event of it cannot be read
    KeptDocuments m_documents;
    std::vector<base::Error> m_findings;
    std::vector<Hit> m_found; ///< in the block that is seen
    std::vector<std::uint32_t> m_unreadable; ///< keys
    MarkedEvents m_unreadableEvents;
    std::unique_ptr<fold::Folder> m_folder;
    SweptStates<Swept> m_states;
};

class RunSweep {
public:
    RunSweep(capture::Reader& reader, const Projection& projection, Stretch window, std::span<const std::uint32_t> keys,
             std::span<const Armed> armed, std::span<const std::uint64_t> left, const SweepOptions& options,
             std::stop_token stop)
        : m_reader(reader),
          m_projection(projection),
          m_window(window),
          m_keys(keys),
          m_all(armed),
          m_options(options),
          m_stop(std::move(stop)),
          m_blockLength(blockLength(reader.catalog())),
          m_passes(passesFor(keys.size(), options)),
          m_hits(options.direction, window, armed, {left.begin(), left.end()},
                 settlesOnTheWay() ? SIZE_MAX : options.maxHitBytes),
          m_hasSets(projection.index && !projection.index->broadcastsIn(0, UINT32_MAX).empty())
    {}

    Result<SweepEnd> run()
    {
        LEFTFOLD_CHECK(sortOut());
        const std::size_t atOnce = atOnceOf(m_options);
        for (m_pass = 0; m_pass < m_passes; ++m_pass) {
            const std::size_t first = m_pass * atOnce;
            const auto read = readFor(m_keys.subspan(first, std::min(atOnce, m_keys.size() - first)));
            ++m_end.readings;
            m_end.hasFailed = !read && isOfScript(read.error().code);
            if (m_end.hasFailed) break;
            if (!read) return tl::unexpected(read.error());
        }
        m_end.settled = m_end.hasFailed ? knownOnFailure() : m_hits.known();
        if (!m_end.settled.isEmpty()) LEFTFOLD_CHECK(settleBefore(m_end.settled.last));
        return m_end;
    }

private:
    [[nodiscard]] bool isForward() const { return m_options.direction == Direction::Forward; }
    static std::size_t atOnceOf(const SweepOptions& options)
    {
        return std::max<std::size_t>(options.maxAggregatesAtOnce, 1);
    }
    static std::size_t passesFor(std::size_t keys, const SweepOptions& options)
    {
        return std::max<std::size_t>((keys + atOnceOf(options) - 1) / atOnceOf(options), 1);
    }
    /// Forward, what all workers have passed is known for good. Then only hits of the blocks in the ring are kept, whatever they take: to
    /// let go of some would be to read the log again for each few blocks.
    [[nodiscard]] bool settlesOnTheWay() const { return isForward() && m_passes == 1; }

    Result<void> sortOut()
    {
        for (const Armed& armed : m_all) {
            if (armed.breakpoint->needsState()) {
                m_armed.push_back(armed);
                continue;
            }
            Stateless& stateless = m_stateless.emplace_back(Stateless{armed});
            if (!armed.breakpoint->aggregate) continue;
            LEFTFOLD_TRY(const auto own, OwnEvents::of(*m_projection.index, *armed.breakpoint->aggregate));
            stateless.own.emplace();
            if (own) stateless.own->assign(own->inLog().begin(), own->inLog().end());
        }
        return {};
    }

    /// One reading of the log for some of the aggregates; in the first one what needs no state is looked for, too.
    Result<void> readFor(std::span<const std::uint32_t> keys)
    {
        const std::span<const Stateless> stateless(m_stateless.data(), m_pass == 0 ? m_stateless.size() : 0);
        const bool hears = std::ranges::any_of(m_armed, [](const Armed& armed) { return armed.breakpoint->fails; });
        const Reading reading{m_reader.catalog(), m_window, m_armed, stateless, m_hits, m_options, hears, m_hasSets};
        LEFTFOLD_TRY(const SweptShares shares, dealOut(keys));
        LEFTFOLD_TRY(const Stretch events, toRead(keys, stateless.empty()));
        LEFTFOLD_TRY(const auto ring, BlockRing::over(m_reader, events, shares.workers()));
        std::vector<SweepEnd> ofWorkers(shares.workers());
        auto outcome = onWorkers(shares.workers(), [&](unsigned worker) -> Result<void> {
            Swept swept(reading, m_all, shares, worker, m_stop);
            const auto see = [&](std::uint64_t first, const Items& items) -> Result<void> {
                LEFTFOLD_CHECK(swept.see(first, items));
                return worker == 0 ? follow(*ring, events) : Result<void>();
            };
            auto seen = ring->forEach(worker, m_stop, see);
            swept.addTo(ofWorkers[worker]);
            return seen;
        });
        m_seen = ring->seenByAll();
        for (const SweepEnd& each : ofWorkers) {
            m_end.unreadable.insert(m_end.unreadable.end(), each.unreadable.begin(), each.unreadable.end());
            m_end.unreadableEvents.add(each.unreadableEvents);
        }
        return outcome;
    }

    /// On the caller's thread, from block to block.
    Result<void> follow(BlockRing& ring, Stretch events)
    {
        const std::uint64_t seen = ring.seenByAll();
        if (m_options.progress)
            m_options.progress(m_pass * (events.last - events.first) + seen - events.first,
                               m_passes * (events.last - events.first));
        if (settlesOnTheWay()) LEFTFOLD_CHECK(settleBefore(seen));
        if (m_hasStopped || (isForward() && !m_hits.matters(seen))) ring.end();
        return {};
    }

    Result<void> settleBefore(std::uint64_t event)
    {
        while (!m_hasStopped) {
            if (m_stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            std::vector<Hit> hits = m_hits.takeNearest(event);
            if (hits.empty()) break;
            LEFTFOLD_TRY(const bool goesOn, m_options.settle(std::move(hits)));
            m_hasStopped = !goesOn;
        }
        return {};
    }

    /// What all workers have seen, and every hit of it was kept.
    [[nodiscard]] Stretch knownOnFailure() const
    {
        if (!isForward()) return {m_window.last, m_window.last};
        if (!settlesOnTheWay()) return {m_window.first, m_window.first};
        const std::uint64_t known = std::min(m_seen, m_hits.known().last);
        return {m_window.first, std::clamp(known, m_window.first, m_window.last)};
    }

    /// Each worker gets every so-manieth, so that all have something to do in any part of the log.
    Result<SweptShares> dealOut(std::span<const std::uint32_t> keys)
    {
        const unsigned workers = std::max(m_options.workers, 1U);
        std::vector<std::uint32_t> dealt;
        std::vector<std::size_t> starts;
        for (unsigned worker = 0; worker < workers; ++worker) {
            starts.push_back(dealt.size());
            for (std::size_t i = worker; i < keys.size(); i += workers) dealt.push_back(keys[i]);
            if (m_hasSets) LEFTFOLD_CHECK(sortById(std::span(dealt).subspan(starts.back())));
        }
        starts.push_back(dealt.size());
        return SweptShares::of(m_projection, std::move(dealt), std::move(starts));
    }

    /// Piece by piece: a stop does not wait for all.
    Result<void> sortById(std::span<std::uint32_t> keys)
    {
        std::vector<std::pair<base::ByteView, std::uint32_t>> byId;
        for (const std::uint32_t key : keys) {
            LEFTFOLD_TRY(const base::ByteView id, m_projection.index->text(key));
            byId.emplace_back(id, key);
        }
        const auto at = [&](std::size_t i) {
            return byId.begin() + static_cast<std::ptrdiff_t>(std::min(i, byId.size()));
        };
        for (std::size_t i = 0; i < byId.size(); i += kSortedAtOnce) {
            if (m_stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            std::sort(at(i), at(i + kSortedAtOnce));
        }
        for (std::size_t length = kSortedAtOnce; length < byId.size(); length *= 2) {
            for (std::size_t i = 0; i < byId.size(); i += 2 * length) {
                if (m_stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
                std::inplace_merge(at(i), at(i + length), at(i + 2 * length));
            }
        }
        std::ranges::transform(byId, keys.begin(), [](const auto& each) { return each.second; });
        return {};
    }

    /// From the first event of these aggregates to the last one that matters, in whole blocks.
    Result<Stretch> toRead(std::span<const std::uint32_t> keys, bool onlyOwn) const
    {
        Stretch events = onlyOwn ? Stretch{m_window.last, 0} : m_window;
        for (const std::uint32_t key : keys) {
            LEFTFOLD_TRY(const auto postings, m_projection.index->postings(key));
            if (postings.empty()) continue;
            events.first = std::min<std::uint64_t>(events.first, postings.front());
            events.last = std::max<std::uint64_t>(events.last, postings.back() + std::uint64_t{1});
        }
        if (m_hasSets) events.last = m_window.last;
        events.last = std::min(events.last, m_window.last);
        events.first = std::min(events.first / m_blockLength * m_blockLength, events.last);
        return events;
    }

    capture::Reader& m_reader;
    const Projection& m_projection;
    Stretch m_window;
    std::span<const std::uint32_t> m_keys;
    std::span<const Armed> m_all;
    const SweepOptions& m_options;
    std::stop_token m_stop;
    std::uint64_t m_blockLength;
    std::size_t m_passes;
    NearestHits m_hits;
    bool m_hasSets;
    std::vector<Armed> m_armed; ///< those that ask for states
    std::vector<Stateless> m_stateless;
    std::size_t m_pass = 0;
    std::uint64_t m_seen = 0; ///< of the last reading, by all workers
    bool m_hasStopped = false;
    SweepEnd m_end;
};

} // namespace

Result<SweepEnd> sweepRun(capture::Reader& reader, const Projection& projection, Stretch window,
                          std::span<const std::uint32_t> keys, std::span<const Armed> armed,
                          std::span<const std::uint64_t> left, const SweepOptions& options, std::stop_token stop)
{
    return RunSweep(reader, projection, window, keys, armed, left, options, std::move(stop)).run();
}

} // namespace leftfold::replay
