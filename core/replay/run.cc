// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/run.h"

#include "core/base/ordered_parallel.h"
#include "core/base/time_range.h"
#include "core/replay/block_reader.h"
#include "core/replay/marked_events.h"
#include "core/replay/own_events.h"
#include "core/replay/run_moment.h"
#include "core/replay/run_sweep.h"
#include "core/replay/scan.h"
#include "core/replay/streams.h"
#include "core/replay/touched.h"
#include "core/replay/walk_cost.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace leftfold::replay {

namespace {

using base::ErrorCode;
using base::Result;
using event::EventIndex;

constexpr std::uint64_t kNearest = 8; ///< looked at first, if that is cheap: what is sought is often the last event
constexpr std::uint64_t kFirstStretch = 4096;
constexpr std::uint64_t kNearFailure = 64; ///< where a sweep met one, it is not far
/// What it costs to fold an event, and to look at one, where to decode one costs 1.
constexpr double kFolding = 1;
constexpr double kLooking = 2;
constexpr double kFindingKeys = 0.02; ///< and to find out whose it is
/// What is nearest is passed over, and looked at with what is behind it, where a walk decodes more than this part of the log before it.
constexpr double kOfNearest = 1.0 / 32;
constexpr std::uint64_t kNear = 4; ///< lengths of a stretch from its aggregates' first events to its end
constexpr std::size_t kAggregatesPerPiece = 64;
constexpr std::size_t kKeysPerStop = 65536;
constexpr std::uint32_t kEventsOfAnOrder = 64; ///< the order of time need not be finer

/// What was found in some events.
struct Found {
    std::vector<Hit> hits;
    MarkedEvents unreadableEvents{};
    std::vector<std::uint32_t> unreadable{}; ///< keys of aggregates
};

/// The event that `at` stands for: the first that is not before a moment.
Result<std::uint64_t> eventAt(capture::Reader& reader, const event::When& when)
{
    if (const auto* index = std::get_if<EventIndex>(&when)) {
        LEFTFOLD_CHECK(reader.resolve(when));
        return index->value;
    }
    const auto* time = std::get_if<base::Time>(&when);
    LEFTFOLD_TRY(const capture::OrdinalCut behind, reader.resolve(time != nullptr ? base::plusNanos(*time, -1) : when));
    if (std::holds_alternative<event::Position>(when)) return behind.events() - 1; // a prefix that ends with it
    LEFTFOLD_TRY(const auto prefix, reader.catalog().asPrefix(behind));
    if (prefix) return *prefix;
    LEFTFOLD_TRY(const PlayOrder order, PlayOrder::over(reader.catalog(), behind));
    if (order.home() == order.size()) return order.size();
    LEFTFOLD_TRY(const EventIndex first, order.eventAt(order.home()));
    return first.value;
}

class Runner {
public:
    Runner(capture::Reader& reader, const Projection& projection, const PlayOrder& order, Direction direction,
           const RunOptions& options, std::stop_token stop)
        : m_reader(reader),
          m_projection(projection),
          m_order(order),
          m_direction(direction),
          m_options(options),
          m_streams(streamsOf(projection, reader.catalog().mapping())),
          m_stop(std::move(stop))
    {}

    Result<RunEnd> run(std::uint64_t at, std::span<const Breakpoint> breakpoints)
    {
        LEFTFOLD_CHECK(arm(breakpoints));
        m_total = isForward() ? m_order.size() - at : at;
        // Aggregates that are named are walked at once, whatever lies between their events.
        std::uint64_t length = isBounded() ? m_total : m_order.isReplayOrder() ? kNearest : 1;
        m_isNearest = length == kNearest && m_total > length && m_options.way == RunOptions::Way::Cheaper;
        while (m_end.looked < m_total && !m_end.place) {
            if (m_stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            length = std::min(length, m_total - m_end.looked);
            const std::uint64_t from = isForward() ? at + m_end.looked : at - m_end.looked - length;
            if (m_order.isReplayOrder()) {
                const bool maySweep = m_maySweep;
                LEFTFOLD_CHECK(lookAtStretch({from, from + length}));
                m_isNearest = false;
                length = maySweep == m_maySweep ? std::max(kFirstStretch, 4 * length) : kNearFailure;
            } else {
                LEFTFOLD_TRY(Found found, lookAtPlace(from));
                LEFTFOLD_CHECK(settle(std::move(found.hits), from));
                countUnreadable(found.unreadable, found.unreadableEvents.countIn({0, UINT64_MAX}));
                looked(1);
            }
        }
        return std::move(m_end);
    }

private:
    void looked(std::uint64_t places)
    {
        m_end.looked += places;
        if (m_options.progress) m_options.progress(m_end.looked, m_total);
    }
    [[nodiscard]] bool isForward() const { return m_direction == Direction::Forward; }
    [[nodiscard]] bool isBounded() const
    {
        return m_order.isReplayOrder() && std::ranges::all_of(m_armed, [](const Armed& armed) {
                   return armed.breakpoint->aggregate.has_value();
               });
    }

    /// Without there may be no projection.
    [[nodiscard]] bool needsAggregates() const
    {
        return std::ranges::any_of(
            m_armed, [](const Armed& armed) { return armed.breakpoint->aggregate || armed.breakpoint->needsState(); });
    }

    Result<void> arm(std::span<const Breakpoint> breakpoints)
    {
        m_left.assign(breakpoints.size(), 0);
        for (std::size_t number = 0; number < breakpoints.size(); ++number) {
            Armed armed{&breakpoints[number], number, std::nullopt};
            if (breakpoints[number].at) {
                LEFTFOLD_TRY(armed.at, eventAt(m_reader, *breakpoints[number].at));
            }
            m_armed.push_back(armed);
            m_left[number] = breakpoints[number].hit;
        }
        return {};
    }

    // In the replay order.

    /// In one way or another; the rest of the run with it where that is not dearer.
    Result<void> lookAtStretch(Stretch events)
    {
        LEFTFOLD_TRY(const std::vector<std::uint32_t> keys, keysIn(events));
        if (m_isNearest && !keys.empty()) {
            LEFTFOLD_TRY(const WalkCost walk, costOfWalk(events, keys));
            if (walk.decoded > kOfNearest * static_cast<double>(events.last)) return {};
        }
        LEFTFOLD_TRY(const Stretch swept, toSweep(events, keys));
        if (!swept.isEmpty()) return sweep(swept);
        Found found;
        for (const Armed& armed : m_armed) {
            if (!armed.breakpoint->needsState()) LEFTFOLD_CHECK(scanFor(armed, armed.within(events), found));
        }
        LEFTFOLD_CHECK(walkIn(events, keys, found));
        LEFTFOLD_CHECK(settle(std::move(found.hits), events.first));
        countUnreadable(found.unreadable, found.unreadableEvents.countIn(metIn(events)));
        looked(events.last - events.first);
        return {};
    }

    /// The smallest part of some events that holds all whose states are asked for.
    [[nodiscard]] Stretch askedIn(Stretch events) const
    {
        Stretch asked{events.last, events.first};
        for (const Armed& each : m_armed) {
            const Stretch within = each.within(events);
            if (!each.breakpoint->needsState() || within.isEmpty()) continue;
            asked = {std::min(asked.first, within.first), std::max(asked.last, within.last)};
        }
        return asked;
    }

    /// The aggregates that are to be folded, in the order of their first events.
    Result<std::vector<std::uint32_t>> keysIn(Stretch events)
    {
        const Stretch asked = askedIn(events);
        if (asked.isEmpty()) return std::vector<std::uint32_t>();
        std::vector<std::uint32_t> keys;
        for (const Armed& each : m_armed) {
            if (!each.breakpoint->needsState() || each.within(events).isEmpty()) continue;
            if (!each.breakpoint->aggregate) return touched(asked);
            LEFTFOLD_TRY(const auto key, m_projection.index->find(*each.breakpoint->aggregate));
            if (key && std::ranges::find(keys, *key) == keys.end()) keys.push_back(*key);
        }
        return keys;
    }

    // All aggregates beside each other.

    /// What is swept rather than this stretch walked, if that is not dearer: the rest of the run, or the stretch where its aggregates
    /// begin so close by that this costs what it does.
    Result<Stretch> toSweep(Stretch events, const std::vector<std::uint32_t>& keys)
    {
        const Stretch rest = isForward() ? Stretch{events.first, m_order.size()} : Stretch{0, events.last};
        const Stretch none;
        if (keys.empty() || !m_maySweep || m_options.way == RunOptions::Way::Walk) return none;
        if (m_options.way == RunOptions::Way::Sweep) return rest;
        if (isBounded()) return none;
        const std::uint64_t end = askedIn(events).last;
        LEFTFOLD_TRY(const WalkCost walk, costOfWalk(events, keys));
        LEFTFOLD_TRY(const auto postings, m_projection.index->postings(keys.front()));
        const std::uint64_t first = std::min<std::uint64_t>(postings.empty() ? 0 : postings.front(), events.first);
        if (walk.decoded < static_cast<double>(end - first)) return none;
        if (!isForward() && end - first <= kNear * (events.last - events.first)) return events;
        // Forward it may end with this stretch; back it looks at all there is.
        const double ofRest =
            isForward() ? static_cast<double>(end) + kFindingKeys * static_cast<double>(rest.last - rest.first)
                        : static_cast<double>(end) * (1 + kFolding + kLooking);
        const double ofWalk = walk.decoded + (isForward() ? 0 : walk.folded * kFolding);
        return ofWalk >= ofRest ? rest : none;
    }

    Result<WalkCost> costOfWalk(Stretch events, const std::vector<std::uint32_t>& keys)
    {
        if (!m_inTurn) {
            LEFTFOLD_TRY(m_inTurn, partitionsInTurn(m_reader.catalog(), m_stop));
        }
        return walkCost(m_reader.catalog(), *m_projection.index, keys, askedIn(events).last, *m_inTurn, m_stop);
    }

    Result<void> sweep(Stretch events)
    {
        LEFTFOLD_TRY(const std::vector<std::uint32_t> keys, keysIn(events));
        SweepOptions options;
        options.direction = m_direction;
        options.workers = m_options.workers;
        options.maxAggregatesAtOnce = m_options.maxAggregatesAtOnce;
        options.maxHitBytes = m_options.maxHitBytes;
        options.streams = m_streams;
        options.settle = [&](std::vector<Hit> hits) -> Result<bool> {
            LEFTFOLD_CHECK(settle(std::move(hits), events.first));
            return !m_end.place;
        };
        options.progress = [&](std::uint64_t done, std::uint64_t total) {
            const std::uint64_t part = (events.last - events.first) * done / std::max<std::uint64_t>(total, 1);
            if (m_options.progress) m_options.progress(m_end.looked + part, m_total);
        };
        LEFTFOLD_TRY(const SweepEnd end,
                     sweepRun(m_reader, m_projection, events, keys, m_armed, m_left, options, m_stop));
        const Stretch met = metIn(end.settled);
        countUnreadable(end.unreadable, end.unreadableEvents.countIn(met));
        m_end.readings += end.readings;
        m_maySweep = !end.hasFailed;
        looked(met.last - met.first);
        return {};
    }

    // One aggregate after the other.

    /// What needs no state is found by a scan, from where the run comes.
    Result<void> scanFor(const Armed& armed, Stretch events, Found& found)
    {
        if (events.isEmpty()) return {};
        LEFTFOLD_TRY(capture::OrdinalCut from, m_reader.catalog().prefix(events.first));
        LEFTFOLD_TRY(capture::OrdinalCut until, m_reader.catalog().prefix(events.last));
        const Breakpoint& breakpoint = *armed.breakpoint;
        event::EventFilter filter;
        if (breakpoint.type) filter.types = {*breakpoint.type};
        filter.aggregate = breakpoint.aggregate;
        std::uint64_t hits = 0;
        const auto sink = [&](const ScannedEvent& event) -> Result<bool> {
            if (event.item->record == nullptr || !isAsWanted(*event.item, breakpoint)) return true;
            found.hits.push_back({event.index, armed.number, breakpoint.aggregate.value_or("")});
            return breakpoint.isLog || ++hits < m_left[armed.number];
        };
        const auto damaged = [&](EventIndex event) { found.unreadableEvents.add(event.value); };
        LEFTFOLD_CHECK(scan(m_reader, m_projection.index.get(), {std::move(from), std::move(until), !isForward()},
                            filter, m_stop, sink, damaged));
        return {};
    }

    [[nodiscard]] bool isAsWanted(const BlockReader::Item& item, const Breakpoint& breakpoint) const
    {
        const fold::FoldEvent event = foldEventOf(*item.record, *item.facts, item.effective, item.type,
                                                  m_reader.catalog().partitions()[item.location.partition]);
        return RunMoment(event, false, {}, {}).satisfies(breakpoint);
    }

    Result<void> walkIn(Stretch events, const std::vector<std::uint32_t>& keys, Found& found)
    {
        if (keys.empty()) return {};
        std::vector<Armed> armed;
        for (const Armed& each : m_armed) {
            if (each.breakpoint->needsState() && !each.within(events).isEmpty()) armed.push_back(each);
        }
        const std::size_t pieces = (keys.size() + kAggregatesPerPiece - 1) / kAggregatesPerPiece;
        const auto workers = static_cast<unsigned>(std::min<std::size_t>(pieces, std::max(m_options.workers, 1U)));
        LEFTFOLD_CHECK(makeReplayers(workers));
        LEFTFOLD_TRY(const capture::OrdinalCut until, m_reader.catalog().prefix(events.last));
        const auto produce = [&](unsigned worker, std::size_t piece) -> Result<Found> {
            Found part;
            const std::size_t first = piece * kAggregatesPerPiece;
            const std::size_t last = std::min(keys.size(), first + kAggregatesPerPiece);
            for (std::size_t i = first; i < last; ++i)
                LEFTFOLD_CHECK(walk(m_replayers[worker], keys[i], events, until, armed, part));
            return part;
        };
        const auto consume = [&](std::size_t, Found& part) -> Result<void> {
            std::ranges::move(part.hits, std::back_inserter(found.hits));
            std::ranges::move(part.unreadable, std::back_inserter(found.unreadable));
            return {};
        };
        return base::orderedParallel<Found>(pieces, workers, produce, consume, m_stop);
    }

    Result<std::vector<std::uint32_t>> touched(Stretch events)
    {
        LEFTFOLD_TRY(const capture::OrdinalCut from, m_reader.catalog().prefix(events.first));
        LEFTFOLD_TRY(const capture::OrdinalCut until, m_reader.catalog().prefix(events.last));
        LEFTFOLD_TRY(const Between between, touchedBetween(m_reader.catalog(), m_projection, from, until, m_stop));
        return inOrderOfTime(between.aggregates);
    }
    /// By their first events, about: those that are looked at one after the other then lie close together, and share what is read.
    Result<std::vector<std::uint32_t>> inOrderOfTime(const std::vector<std::uint32_t>& keys)
    {
        std::vector<std::size_t> starts(m_order.size() / kEventsOfAnOrder + 2, 0);
        std::vector<std::uint32_t> firsts;
        firsts.reserve(keys.size());
        for (const std::uint32_t key : keys) {
            if (firsts.size() % kKeysPerStop == 0 && m_stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            LEFTFOLD_TRY(const auto postings, m_projection.index->postings(key));
            firsts.push_back(postings.empty() ? 0 : postings.front() / kEventsOfAnOrder);
            ++starts[firsts.back() + std::size_t{1}];
        }
        std::partial_sum(starts.begin(), starts.end(), starts.begin());
        std::vector<std::uint32_t> sorted(keys.size());
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (i % kKeysPerStop == 0 && m_stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            sorted[starts[firsts[i]]++] = keys[i];
        }
        return sorted;
    }

    /// A reader, a fold and functions for each thread.
    struct OfWorker {
        std::unique_ptr<capture::Reader> reader;
        std::unique_ptr<Replayer> replayer;
        Askers askers; ///< by breakpoint
    };
    Result<void> makeReplayers(unsigned workers)
    {
        while (m_replayers.size() < workers) {
            OfWorker& made = m_replayers.emplace_back();
            LEFTFOLD_TRY(made.reader, m_reader.another(capture::Reader::Use::Walk));
            made.replayer = std::make_unique<Replayer>(*made.reader, m_projection, nullptr);
            made.askers = askersOf(m_armed, m_streams, m_stop);
        }
        return {};
    }
    /// One aggregate, event by event.
    Result<void> walk(OfWorker& mine, std::uint32_t key, Stretch events, const capture::OrdinalCut& until,
                      const std::vector<Armed>& armed, Found& found)
    {
        LEFTFOLD_TRY(const base::ByteView text, m_projection.index->text(key));
        const std::string id(text);
        LEFTFOLD_TRY(const auto own, OwnEvents::of(*m_projection.index, id));
        if (!own) return {};
        LEFTFOLD_TRY(const auto inside, own->inside(m_reader.catalog(), until));
        const auto all = own->events(inside);
        const auto first = std::lower_bound(all.begin(), all.end(), events.first);
        if (first == all.end()) return {};
        const std::optional<std::uint64_t> last =
            first == all.begin() ? std::nullopt : std::optional<std::uint64_t>(*std::prev(first));
        std::vector<std::uint64_t> left = m_left;
        MaybeDocument before;
        const auto sink = [&](const Replayer::Step& step) -> Result<bool> {
            if (last && step.index.value < *last) return true;
            MaybeDocument after = stateOf(*step.folder, *step.state);
            LEFTFOLD_CHECK(step.folder->outcome());
            bool isEnd = false;
            if (events.contains(step.index.value)) {
                const std::size_t known = found.hits.size();
                LEFTFOLD_CHECK(
                    addHits(armed, mine.askers, *step.seen, id, {before, after, !step.findings.empty()}, found.hits));
                isEnd = isEndOf(std::span(found.hits).subspan(known), left);
            }
            before = std::move(after);
            return !isEnd;
        };
        const auto failed = [&](EventIndex index, const capture::StoredEvent& event, const base::Error& failure) {
            if (events.contains(index.value)) lookAtFailure(index, event, id, failure, armed, found.hits);
            return std::ranges::any_of(m_armed, [](const Armed& each) { return each.breakpoint->fails; });
        };
        const auto walked = mine.replayer->walk(id, until, m_stop, sink, failed);
        if (walked) return {};
        if (!isOfDamage(walked.error().code)) return tl::unexpected(walked.error());
        found.unreadable.push_back(key);
        return {};
    }

    /// True where nothing behind these hits of an aggregate can matter.
    [[nodiscard]] bool isEndOf(std::span<const Hit> hits, std::vector<std::uint64_t>& left) const
    {
        bool isEnd = false;
        for (const Hit& hit : hits) {
            const bool isLog = m_armed[hit.breakpoint].breakpoint->isLog;
            isEnd = isEnd || (isForward() && !isLog && --left[hit.breakpoint] == 0);
        }
        return isEnd;
    }

    /// An event in which a script failed: of what breakpoints ask only the event is there.
    void lookAtFailure(EventIndex index, const capture::StoredEvent& event, const std::string& id,
                       const base::Error& failure, const std::vector<Armed>& armed, std::vector<Hit>& hits) const
    {
        const MaybeDocument none;
        const fold::FoldEvent failing = seen(event, index, id);
        RunMoment moment(failing, true, none, none);
        for (const Armed& each : armed) {
            const Breakpoint& breakpoint = *each.breakpoint;
            const bool asksOthers = breakpoint.changes || breakpoint.becomes || breakpoint.when || breakpoint.js;
            if (!breakpoint.fails || asksOthers || (each.at && *each.at != index.value)) continue;
            if (breakpoint.aggregate && *breakpoint.aggregate != id) continue;
            if (moment.satisfies(breakpoint)) hits.push_back({index, each.number, id, render(failure)});
        }
    }

    fold::FoldEvent seen(const capture::StoredEvent& event, EventIndex index, base::ByteView id) const
    {
        fold::FoldEvent seen = foldEventOf(event.record, event.facts, event.effective, event.type,
                                           m_reader.catalog().partitions()[event.location.partition]);
        seen.index = index;
        seen.aggregate = id;
        return seen;
    }

    // In another order.

    Result<Found> lookAtPlace(std::uint64_t place)
    {
        Found found;
        LEFTFOLD_TRY(const EventIndex index, m_order.eventAt(place));
        LEFTFOLD_TRY(const capture::OrdinalCut from, m_order.cutAt(place));
        LEFTFOLD_TRY(const capture::OrdinalCut until, m_order.cutAt(place + 1));
        const auto event = m_reader.event(index);
        if (!event && !isOfDamage(event.error().code)) return tl::unexpected(event.error());
        if (!event) {
            found.unreadableEvents.add(index.value);
            return found;
        }
        Between between;
        if (needsAggregates()) {
            LEFTFOLD_TRY(between, touchedBetween(m_reader.catalog(), m_projection, from, until, m_stop));
            LEFTFOLD_CHECK(makeReplayers(1));
        }
        for (const Armed& armed : m_armed) {
            if (armed.at && *armed.at != index.value) continue;
            if (armed.breakpoint->needsState()) {
                LEFTFOLD_CHECK(lookAtStates(armed, *event, index, between.aggregates, {from, until}, found));
            } else {
                LEFTFOLD_CHECK(lookAtEvent(armed, *event, index, between.aggregates, found));
            }
        }
        return found;
    }

    Result<void> lookAtEvent(const Armed& armed, const capture::StoredEvent& event, EventIndex index,
                             const std::vector<std::uint32_t>& aggregates, Found& found)
    {
        const auto& wanted = armed.breakpoint->aggregate;
        if (wanted) {
            LEFTFOLD_TRY(const auto key, m_projection.index->find(*wanted));
            if (!key || std::ranges::find(aggregates, *key) == aggregates.end()) return {};
        }
        const fold::FoldEvent told = seen(event, index, {});
        if (RunMoment(told, false, {}, {}).satisfies(*armed.breakpoint))
            found.hits.push_back({index, armed.number, wanted.value_or("")});
        return {};
    }

    struct Cuts {
        const capture::OrdinalCut& before;
        const capture::OrdinalCut& after;
    };
    Result<void> lookAtStates(const Armed& armed, const capture::StoredEvent& event, EventIndex index,
                              const std::vector<std::uint32_t>& aggregates, Cuts cuts, Found& found)
    {
        Replayer& replayer = *m_replayers.front().replayer;
        for (const std::uint32_t key : aggregates) {
            LEFTFOLD_TRY(const base::ByteView text, m_projection.index->text(key));
            const std::string id(text);
            if (armed.breakpoint->aggregate && *armed.breakpoint->aggregate != id) continue;
            const auto told = replayer.stateAt(id, cuts.before, m_stop);
            if (!told && armed.breakpoint->fails && isOfScript(told.error().code)) continue; // it failed before
            if (!told) return tl::unexpected(told.error());
            const auto& before = *told;
            MaybeDocument after;
            bool hasFindings = false;
            const auto sink = [&](const Replayer::Step& step) -> Result<bool> {
                after = stateOf(*step.folder, *step.state);
                if (step.index == index) hasFindings = !step.findings.empty();
                return true;
            };
            bool hasFailed = false;
            const auto failed = [&](EventIndex at, const capture::StoredEvent&, const base::Error& failure) {
                if (at == index) lookAtFailure(index, event, id, failure, {armed}, found.hits);
                hasFailed = true;
                return armed.breakpoint->fails;
            };
            LEFTFOLD_CHECK(replayer.walk(id, cuts.after, m_stop, sink, failed));
            if (hasFailed) continue;
            const MaybeDocument none;
            const MaybeDocument& earlier = before ? before->document : none;
            LEFTFOLD_CHECK(addHits({&armed, 1}, m_replayers.front().askers, seen(event, index, id), id,
                                   {earlier, after, hasFindings}, found.hits));
        }
        return {};
    }

    /// An aggregate counts once, in however many stretches it is met.
    void countUnreadable(const std::vector<std::uint32_t>& aggregates, std::uint64_t events)
    {
        m_unreadable.insert(aggregates.begin(), aggregates.end());
        m_unreadableEvents += events;
        m_end.unreadable = m_unreadable.size() + m_unreadableEvents;
    }

    /// In the replay order: those of some events that the run meets before it stops, if it does.
    [[nodiscard]] Stretch metIn(Stretch events) const
    {
        if (!m_end.place) return events;
        return isForward() ? Stretch{events.first, *m_end.place} : Stretch{*m_end.place, events.last};
    }

    /// Tells the hits in the order in which the run meets them, up to the event it stops at.
    Result<void> settle(std::vector<Hit> hits, std::uint64_t firstPlace)
    {
        std::ranges::sort(hits, MetBefore(m_direction));
        for (const Hit& hit : hits) {
            if (!m_end.hits.empty() && m_end.hits.front().event != hit.event) break;
            if (m_armed[hit.breakpoint].breakpoint->isLog) {
                if (m_options.log) LEFTFOLD_CHECK(m_options.log(hit));
            } else if (m_left[hit.breakpoint] == 0 || --m_left[hit.breakpoint] == 0) {
                m_end.hits.push_back(hit);
            }
        }
        if (m_end.hits.empty()) return {};
        const std::uint64_t place = m_order.isReplayOrder() ? m_end.hits.front().event.value : firstPlace;
        m_end.place = isForward() ? place + 1 : place;
        return {};
    }

    capture::Reader& m_reader;
    const Projection& m_projection;
    const PlayOrder& m_order;
    Direction m_direction;
    const RunOptions& m_options;
    std::shared_ptr<const fold::Streams> m_streams; ///< what events are known by to functions
    std::stop_token m_stop;
    std::vector<Armed> m_armed;
    std::vector<std::uint64_t> m_left; ///< by breakpoint: hits up to the one it stops at
    std::vector<OfWorker> m_replayers;
    std::set<std::uint32_t> m_unreadable; ///< keys of aggregates
    std::uint64_t m_unreadableEvents = 0;
    std::optional<std::uint64_t> m_inTurn; ///< partitions whose events come in turns, once asked for
    bool m_maySweep = true;
    bool m_isNearest = false; ///< what is looked at: first of all
    std::uint64_t m_total = 0;
    RunEnd m_end;
};

} // namespace

Result<RunEnd> run(capture::Reader& reader, const Projection& projection, const PlayOrder& order, std::uint64_t at,
                   Direction direction, std::span<const Breakpoint> breakpoints, const RunOptions& options,
                   std::stop_token stop)
{
    return Runner(reader, projection, order, direction, options, std::move(stop)).run(at, breakpoints);
}

} // namespace leftfold::replay
