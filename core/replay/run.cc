// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/run.h"

#include "core/base/ordered_parallel.h"
#include "core/base/time_range.h"
#include "core/replay/own_events.h"
#include "core/replay/scan.h"
#include "core/replay/streams.h"
#include "core/replay/touched.h"

#include <algorithm>

namespace leftfold::replay {

namespace {

using base::ErrorCode;
using base::Result;
using event::Document;
using event::EventIndex;
using MaybeDocument = std::optional<Document>;

constexpr std::uint64_t kFirstStretch = 4096;
constexpr std::size_t kAggregatesPerPiece = 64;

/// Events of the replay order that are looked at together.
struct Events {
    std::uint64_t first = 0;
    std::uint64_t last = 0; ///< behind them
    [[nodiscard]] bool contains(std::uint64_t index) const { return first <= index && index < last; }
};

/// What was found in some events.
struct Found {
    std::vector<Hit> hits;
    std::uint64_t unreadable = 0;
};

MaybeDocument payloadOf(const event::Record& record, bool isUndecodable)
{
    if (!record.value || isUndecodable) return std::nullopt;
    auto payload = Document::parse(*record.value);
    return payload ? MaybeDocument(std::move(*payload)) : std::nullopt;
}

MaybeDocument stateOf(const Replayer::Step& step)
{
    return step.folder->exists(*step.state) ? MaybeDocument(step.folder->read(*step.state)) : std::nullopt;
}

bool holds(const event::Condition& condition, const MaybeDocument& document)
{
    return document && condition.matches(document->root());
}

/// Whether both have the same there, or nothing.
bool isSameAt(const event::Pointer& field, const MaybeDocument& a, const MaybeDocument& b)
{
    const auto before = a ? a->root().find(field) : std::nullopt;
    const auto after = b ? b->root().find(field) : std::nullopt;
    return before.has_value() == after.has_value() && (!before || *before == *after);
}

/// An event and its aggregate's states, as breakpoints are asked about them. The payload is read when it is first asked for.
class Moment {
public:
    Moment(const capture::StoredEvent& event, bool hasFindings, const MaybeDocument& before, const MaybeDocument& after)
        : m_event(event),
          m_hasFindings(hasFindings),
          m_before(before),
          m_after(after)
    {}

    /// But for what a function says of it.
    [[nodiscard]] bool satisfies(const Breakpoint& breakpoint)
    {
        if (breakpoint.type && *breakpoint.type != m_event.type) return false;
        if (breakpoint.fails && !m_hasFindings) return false;
        if (breakpoint.changes && isSameAt(*breakpoint.changes, m_before, m_after)) return false;
        if (breakpoint.becomes && (!holds(*breakpoint.becomes, m_after) || holds(*breakpoint.becomes, m_before)))
            return false;
        if (breakpoint.where && !holds(*breakpoint.where, payload())) return false;
        return !breakpoint.when || breakpoint.when->matches(whole().root());
    }

private:
    const MaybeDocument& payload()
    {
        if (!std::exchange(m_isRead, true)) m_payload = payloadOf(m_event.record, m_event.facts.undecodable);
        return m_payload;
    }
    const Document& whole()
    {
        if (m_whole) return *m_whole;
        event::DocumentBuilder builder;
        builder.beginObject();
        const auto member = [&builder](base::ByteView name, const MaybeDocument& document) {
            if (!document) return;
            builder.key(name);
            builder.value(document->root());
        };
        member("before", m_before);
        member("event", payload());
        member("after", m_after);
        builder.endObject();
        return m_whole.emplace(builder.finish());
    }

    const capture::StoredEvent& m_event;
    bool m_hasFindings;
    const MaybeDocument& m_before;
    const MaybeDocument& m_after;
    bool m_isRead = false;
    MaybeDocument m_payload;
    MaybeDocument m_whole;
};

bool isOfScript(ErrorCode code)
{
    return code == ErrorCode::ScriptFailed || code == ErrorCode::ScriptTime || code == ErrorCode::ScriptMemory;
}

/// What a breakpoint's function says of an event; true where it has none.
Result<fold::Answer> answerOf(const Breakpoint& breakpoint, fold::Asker* asker, const fold::FoldEvent& event,
                              const MaybeDocument& before, const MaybeDocument& after)
{
    if (!breakpoint.js) return fold::Answer{true, {}};
    LEFTFOLD_TRY(fold::Answer answer, asker->ask(event, before ? &*before : nullptr, after ? &*after : nullptr));
    if (!breakpoint.isLog) return fold::Answer{answer.isTrue, {}};
    answer.isTrue = answer.json && *answer.json != "false" && *answer.json != "null";
    return answer;
}

/// A breakpoint beside its number and the one event it may stop at, if it names one.
struct Armed {
    const Breakpoint* breakpoint = nullptr;
    std::size_t number = 0;
    std::optional<std::uint64_t> at;
    [[nodiscard]] Events within(Events events) const
    {
        return at ? Events{std::max(events.first, *at), std::min(events.last, *at + 1)} : events;
    }
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
        std::uint64_t length = isBounded() ? m_total : m_order.isReplayOrder() ? kFirstStretch : 1;
        while (m_end.looked < m_total && !m_end.place) {
            if (m_stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            length = std::min(length, m_total - m_end.looked);
            const std::uint64_t from = isForward() ? at + m_end.looked : at - m_end.looked - length;
            LEFTFOLD_TRY(Found found,
                         m_order.isReplayOrder() ? lookAtStretch({from, from + length}) : lookAtPlace(from));
            m_end.unreadable += found.unreadable;
            LEFTFOLD_CHECK(settle(std::move(found.hits), from));
            m_end.looked += length;
            if (m_options.progress) m_options.progress(m_end.looked, m_total);
            if (m_order.isReplayOrder()) length *= 4;
        }
        return std::move(m_end);
    }

private:
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

    Result<Found> lookAtStretch(Events events)
    {
        Found found;
        for (const Armed& armed : m_armed) {
            if (!armed.breakpoint->needsState()) LEFTFOLD_CHECK(scanFor(armed, armed.within(events), found));
        }
        LEFTFOLD_CHECK(walkIn(events, found));
        return found;
    }

    /// What needs no state is found by a scan, from where the run comes.
    Result<void> scanFor(const Armed& armed, Events events, Found& found)
    {
        if (events.first >= events.last) return {};
        LEFTFOLD_TRY(capture::OrdinalCut from, m_reader.catalog().prefix(events.first));
        LEFTFOLD_TRY(capture::OrdinalCut until, m_reader.catalog().prefix(events.last));
        const Breakpoint& breakpoint = *armed.breakpoint;
        event::EventFilter filter;
        if (breakpoint.type) filter.types = {*breakpoint.type};
        filter.aggregate = breakpoint.aggregate;
        std::uint64_t hits = 0;
        const auto sink = [&](const ScannedEvent& event) -> Result<bool> {
            if (event.item->record == nullptr) return true;
            if (breakpoint.where
                && !holds(*breakpoint.where, payloadOf(*event.item->record, event.item->facts->undecodable)))
                return true;
            found.hits.push_back({event.index, armed.number, breakpoint.aggregate.value_or("")});
            return breakpoint.isLog || ++hits < m_left[armed.number];
        };
        LEFTFOLD_TRY(const ScanSummary summary,
                     scan(m_reader, m_projection.index.get(), {std::move(from), std::move(until), !isForward()}, filter,
                          m_stop, sink));
        found.unreadable += summary.damaged;
        return {};
    }

    Result<void> walkIn(Events events, Found& found)
    {
        std::vector<Armed> armed;
        for (const Armed& each : m_armed) {
            const Events within = each.within(events);
            if (each.breakpoint->needsState() && within.first < within.last) armed.push_back(each);
        }
        if (armed.empty()) return {};
        LEFTFOLD_TRY(const std::vector<std::uint32_t> keys, aggregatesIn(events, armed));
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
            found.unreadable += part.unreadable;
            return {};
        };
        return base::orderedParallel<Found>(pieces, workers, produce, consume, m_stop);
    }

    Result<std::vector<std::uint32_t>> aggregatesIn(Events events, const std::vector<Armed>& armed)
    {
        std::vector<std::uint32_t> keys;
        for (const Armed& each : armed) {
            if (!each.breakpoint->aggregate) return touched(events);
            LEFTFOLD_TRY(const auto key, m_projection.index->find(*each.breakpoint->aggregate));
            if (key && std::ranges::find(keys, *key) == keys.end()) keys.push_back(*key);
        }
        return keys;
    }
    Result<std::vector<std::uint32_t>> touched(Events events)
    {
        LEFTFOLD_TRY(const capture::OrdinalCut from, m_reader.catalog().prefix(events.first));
        LEFTFOLD_TRY(const capture::OrdinalCut until, m_reader.catalog().prefix(events.last));
        LEFTFOLD_TRY(Between between, touchedBetween(m_reader.catalog(), m_projection, from, until, m_stop));
        return inOrderOfTime(std::move(between.aggregates));
    }
    /// By their first events: those that are looked at one after the other then lie close together, and share what is read.
    Result<std::vector<std::uint32_t>> inOrderOfTime(std::vector<std::uint32_t> keys)
    {
        std::vector<std::pair<std::uint32_t, std::uint32_t>> byFirst;
        byFirst.reserve(keys.size());
        for (const std::uint32_t key : keys) {
            LEFTFOLD_TRY(const auto postings, m_projection.index->postings(key));
            byFirst.emplace_back(postings.empty() ? 0 : postings.front(), key);
        }
        std::ranges::sort(byFirst);
        std::ranges::transform(byFirst, keys.begin(), [](const auto& each) { return each.second; });
        return keys;
    }

    /// A reader, a fold and functions for each thread.
    struct OfWorker {
        std::unique_ptr<capture::Reader> reader;
        std::unique_ptr<Replayer> replayer;
        std::vector<std::unique_ptr<fold::Asker>> askers; ///< by breakpoint; null where it has no function
    };
    Result<void> makeReplayers(unsigned workers)
    {
        while (m_replayers.size() < workers) {
            OfWorker& made = m_replayers.emplace_back();
            LEFTFOLD_TRY(made.reader, m_reader.another(capture::Reader::Use::Walk));
            made.replayer = std::make_unique<Replayer>(*made.reader, m_projection, nullptr);
            for (const Armed& armed : m_armed) made.askers.push_back(askerOf(armed));
        }
        return {};
    }
    std::unique_ptr<fold::Asker> askerOf(const Armed& armed) const
    {
        if (!armed.breakpoint->js) return nullptr;
        auto asker = armed.breakpoint->js->asker(m_streams);
        asker->obey(m_stop);
        return asker;
    }

    /// One aggregate, event by event.
    Result<void> walk(OfWorker& mine, std::uint32_t key, Events events, const capture::OrdinalCut& until,
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
            MaybeDocument after = stateOf(step);
            LEFTFOLD_CHECK(step.folder->outcome());
            bool isEnd = false;
            if (events.contains(step.index.value)) {
                LEFTFOLD_TRY(isEnd, look(mine, step, id, {before, after}, armed, left, found.hits));
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
        if (walked.error().code != ErrorCode::DamagedEvents) return tl::unexpected(walked.error());
        ++found.unreadable;
        return {};
    }

    struct States {
        const MaybeDocument& before;
        const MaybeDocument& after;
    };
    /// True where nothing behind this event of the aggregate can matter.
    Result<bool> look(const OfWorker& mine, const Replayer::Step& step, const std::string& id, States states,
                      const std::vector<Armed>& armed, std::vector<std::uint64_t>& left, std::vector<Hit>& hits) const
    {
        Moment moment(*step.event, !step.findings.empty(), states.before, states.after);
        bool isEnd = false;
        for (const Armed& each : armed) {
            const Breakpoint& breakpoint = *each.breakpoint;
            if (each.at && *each.at != step.index.value) continue;
            if (breakpoint.aggregate && *breakpoint.aggregate != id) continue;
            if (!moment.satisfies(breakpoint)) continue;
            LEFTFOLD_TRY(const fold::Answer answer,
                         answerOf(breakpoint, mine.askers[each.number].get(), *step.seen, states.before, states.after));
            if (!answer.isTrue) continue;
            hits.push_back({step.index, each.number, id, answer.json.value_or("")});
            isEnd = isEnd || (isForward() && !breakpoint.isLog && --left[each.number] == 0);
        }
        return isEnd;
    }

    /// An event in which a script failed: of what breakpoints ask only the event is there.
    static void lookAtFailure(EventIndex index, const capture::StoredEvent& event, const std::string& id,
                              const base::Error& failure, const std::vector<Armed>& armed, std::vector<Hit>& hits)
    {
        const MaybeDocument none;
        Moment moment(event, true, none, none);
        for (const Armed& each : armed) {
            const Breakpoint& breakpoint = *each.breakpoint;
            const bool asksOthers = breakpoint.changes || breakpoint.becomes || breakpoint.when || breakpoint.js;
            if (!breakpoint.fails || asksOthers || (each.at && *each.at != index.value)) continue;
            if (breakpoint.aggregate && *breakpoint.aggregate != id) continue;
            if (moment.satisfies(breakpoint)) hits.push_back({index, each.number, id, render(failure)});
        }
    }

    fold::FoldEvent seen(const capture::StoredEvent& event, EventIndex index, const std::string& id) const
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
        if (!event && event.error().code != ErrorCode::DamagedEvents && event.error().code != ErrorCode::DamagedChunk)
            return tl::unexpected(event.error());
        if (!event) {
            ++found.unreadable;
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
        if (Moment(event, false, {}, {}).satisfies(*armed.breakpoint))
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
                after = stateOf(step);
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
            if (!Moment(event, hasFindings, earlier, after).satisfies(*armed.breakpoint)) continue;
            LEFTFOLD_TRY(const fold::Answer answer,
                         answerOf(*armed.breakpoint, m_replayers.front().askers[armed.number].get(),
                                  seen(event, index, id), earlier, after));
            if (answer.isTrue) found.hits.push_back({index, armed.number, id, answer.json.value_or("")});
        }
        return {};
    }

    /// Tells the hits in the order in which the run meets them, up to the event it stops at.
    Result<void> settle(std::vector<Hit> hits, std::uint64_t firstPlace)
    {
        const bool isForwards = isForward();
        std::ranges::sort(hits, [isForwards](const Hit& a, const Hit& b) {
            if (a.event != b.event) return isForwards ? a.event < b.event : b.event < a.event;
            return a < b;
        });
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
        m_end.place = isForwards ? place + 1 : place;
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
