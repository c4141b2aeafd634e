// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verbs.h"
#include "core/replay/scan.h"
#include "core/replay/steps.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::Result;

PrintedEvent printed(const capture::Catalog& catalog, const replay::ScannedEvent& event)
{
    return {event.index,
            &catalog.partitions()[event.item->location.partition],
            event.item->record,
            event.item->effective,
            event.item->facts->undecodable,
            event.item->type,
            event.id};
}

/// The ids beside the events need an index; without an id in the mapping there are none.
Result<std::shared_ptr<const capture::KeyIndex>> idsFor(const Arguments& arguments, Session& session,
                                                        std::stop_token stop)
{
    if (arguments.by.empty() && !session.catalog().mapping().id && !arguments.filter.aggregate) return nullptr;
    return session.index(arguments.by, std::move(stop));
}

/// Prints the events of a range; how many is counted down in `left`.
Result<replay::ScanSummary> print(const Arguments& arguments, Session& session, const replay::ScanRange& range,
                                  Output& out, std::uint64_t& left, std::stop_token stop)
{
    LEFTFOLD_TRY(const auto keys, idsFor(arguments, session, stop));
    std::string line;
    return replay::scan(session.reader(), keys.get(), range, arguments.filter, stop,
                        [&](const replay::ScannedEvent& event) -> Result<bool> {
                            const PrintedEvent shown = printed(session.catalog(), event);
                            line.clear();
                            if (arguments.json) {
                                appendEventJson(line, shown);
                            } else {
                                line = eventLine(shown, out);
                            }
                            out.line(line);
                            return --left > 0;
                        });
}

/// Prints what comes, as it comes.
Result<void> follow(const Arguments& arguments, Session& session, Output& out, std::uint64_t& left,
                    std::stop_token stop)
{
    capture::OrdinalCut seen = session.catalog().end();
    while (left > 0) {
        LEFTFOLD_CHECK(out.flush());
        LEFTFOLD_TRY(const bool more, session.waitForMore(stop));
        if (!more) return {};
        LEFTFOLD_CHECK(session.refresh(stop));
        seen.next.resize(session.catalog().partitions().size(), 0);
        LEFTFOLD_TRY(const auto summary,
                     print(arguments, session, {seen, session.catalog().end(), false}, out, left, stop));
        (void)summary;
        seen = session.catalog().end();
    }
    return {};
}

} // namespace

VerbResult log(const Arguments& arguments, Session& session, Output& out, std::stop_token stop)
{
    replay::ScanRange range;
    LEFTFOLD_TRY(range.from, session.resolve(arguments.from));
    LEFTFOLD_TRY(range.until, session.resolve(arguments.until));
    range.reverse = arguments.reverse;
    std::uint64_t left = arguments.limit.value_or(UINT64_MAX);
    if (left > 0) {
        LEFTFOLD_TRY(const auto summary, print(arguments, session, range, out, left, stop));
        if (summary.damaged > 0) {
            complain(fmt::format("{} events could not be read and are left out: {}", summary.damaged,
                                 base::render(*summary.damage)));
            return Failed;
        }
    }
    if (arguments.follow) {
        const auto followed = follow(arguments, session, out, left, stop);
        LEFTFOLD_CHECK(session.close());
        if (!followed && followed.error().code != base::ErrorCode::Cancelled) return tl::unexpected(followed.error());
    }
    return Ok;
}

namespace {

replay::StepKind stepKind(const Arguments& arguments)
{
    if (!arguments.ofAggregate.empty()) return replay::OfAggregate{arguments.ofAggregate};
    if (!arguments.ofType.empty()) return replay::OfType{arguments.ofType};
    return replay::AnyEvent{};
}

Result<void> printStep(const Arguments& arguments, Session& session, const replay::PlayOrder& order,
                       std::uint64_t place, const capture::KeyIndex* keys, Output& out)
{
    const std::uint64_t stepped = arguments.back ? place : place - 1;
    LEFTFOLD_TRY(const event::EventIndex index, order.eventAt(stepped));
    LEFTFOLD_TRY(const capture::StoredEvent event, session.reader().event(index));
    LEFTFOLD_TRY(const capture::OrdinalCut cut, order.cutAt(place));
    LEFTFOLD_TRY(const event::Cut at, session.reader().toCut(cut));
    PrintedEvent shown{index,
                       &session.catalog().partitions()[event.location.partition],
                       &event.record,
                       event.effective,
                       event.facts.undecodable,
                       event.type,
                       std::nullopt};
    if (keys) {
        LEFTFOLD_TRY(const auto key, keys->keysOf(index.value, 1));
        if (key[0] != capture::kNoKey) {
            LEFTFOLD_TRY(shown.id, keys->text(key[0]));
        }
    }
    const std::string where = at.next.empty() ? "@start" : toText(at);
    if (!arguments.json) {
        out.line(eventLine(shown, out));
        out.line(out.in(90, fmt::format("now at {}, {} events behind", where, cut.events())));
        return {};
    }
    std::string envelope;
    appendEventJson(envelope, shown);
    out.line(fmt::format(R"({{"at":"{}","eventsBehind":{},"event":{}}})", where, cut.events(), envelope));
    return {};
}

} // namespace

VerbResult step(const Arguments& arguments, Session& session, Output& out, std::stop_token stop)
{
    LEFTFOLD_TRY(const capture::OrdinalCut base, session.resolve(arguments.at));
    LEFTFOLD_TRY(const auto order, replay::PlayOrder::over(session.catalog(), base));
    LEFTFOLD_TRY(const auto keys, idsFor(arguments, session, stop));
    const replay::StepKind kind = stepKind(arguments);
    if (std::holds_alternative<replay::OfAggregate>(kind) && !keys) {
        return base::fail(base::ErrorCode::BadArgument,
                          "nothing in this log looks like an aggregate id: name a field with --by");
    }
    const auto direction = arguments.back ? replay::Direction::Back : replay::Direction::Forward;
    std::uint64_t at = order.home();
    for (std::uint64_t i = 0; i < arguments.steps; ++i) {
        LEFTFOLD_TRY(const auto place, replay::step(session.reader(), order, keys.get(), at, kind, direction, stop));
        if (!place) {
            complain(arguments.back ? "no such event before" : "no such event behind");
            return Found;
        }
        at = *place;
    }
    LEFTFOLD_CHECK(printStep(arguments, session, order, at, keys.get(), out));
    return Ok;
}

} // namespace leftfold::app
