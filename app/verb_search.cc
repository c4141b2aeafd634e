// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verb.h"
#include "core/snapshot/search.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::Result;

/// An event that brought a value, with what is said of it.
struct Bringer {
    event::EventIndex index;
    event::Position position;
    base::Time time;
    std::string type;
};

Result<Bringer> bringerAt(Session& session, event::EventIndex index)
{
    LEFTFOLD_TRY(const capture::StoredEvent event, session.reader().event(index));
    const event::Partition& partition = session.catalog().partitions()[event.location.partition];
    return Bringer{index, {partition, event.record.offset}, event.effective, session.shownText(event.type)};
}

std::string lineOf(const Bringer& event)
{
    return fmt::format("{}  {}  {}  {}", toText(event.index), timeText(event.time), toText(event.position),
                       printable(event.type, 0));
}

void bringerMember(event::DocumentBuilder& json, base::ByteView key, const std::optional<Bringer>& event)
{
    json.key(key);
    if (!event) return json.null();
    json.beginObject();
    numberMember(json, "index", event->index.value);
    textMember(json, "position", toText(event->position));
    timeMember(json, "time", event->time);
    textMember(json, "type", event->type);
    json.endObject();
}

class Search : public LogVerb {
public:
    const char* name() const override { return "search"; }
    const char* about() const override { return "where a value is, and which event brought it first"; }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        verb.add_option("VALUE", m_value, "JSON, or a text")->required();
        addAt(verb, m_at);
        addProjection(verb, m_projection);
        addLimit(verb, m_limit, "tell at most so many aggregates");
        addMapping(verb, m_log);
        addMasks(verb, m_log);
        addJson(verb, m_json);
        verb.footer(
            "Examples:\n  leftfold search orders.jsonl SKU-1 --fold latest\n  leftfold search orders.jsonl '\"17\"' "
            "--at "
            "2011-01-31\n\n"
            "Told are the first event, in replay order and up to the moment, whose payload holds the value, and each\n"
            "aggregate whose state holds it at the moment: at which paths, and the first of its events after which "
            "its\n"
            "state held it. A state that held it only in between is not found.\n"
            "10 finds 10.0 and the text \"10\"; '\"10\"' the text alone; a text is found as a whole, not as a part.\n"
            "Exit code 1: it was found.");
    }

private:
    SessionNeeds needs() const override { return {.fields = {m_projection.by}}; }
    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        LEFTFOLD_TRY(const capture::OrdinalCut cut, session.resolve(m_at));
        LEFTFOLD_TRY(const replay::Projection projection, session.projection(m_projection, stop));
        const event::SoughtValue sought(m_value);
        ProgressLine line("searching", false);
        const auto progress = [&](std::uint64_t done, std::uint64_t total) { line.show(done, total, 0); };
        LEFTFOLD_TRY(const auto payloads, snapshot::findInPayloads(session.reader(), cut, sought, stop, progress));
        line.clear();
        LEFTFOLD_CHECK(printFirst(session, payloads.first, out));
        snapshot::SnapshotOptions options;
        options.workers = session.workers();
        const auto sink = [&](const snapshot::FoundIn& found) -> Result<void> {
            line.clear();
            return print(session, found, out);
        };
        LEFTFOLD_TRY(const auto states, snapshot::findInStates(session.reader(), projection, cut, sought, options,
                                                               m_limit.value_or(UINT64_MAX), stop, progress, sink));
        line.clear();
        if (m_json) {
            out.line(fmt::format(R"({{"summary":{{"aggregates":{}}}}})", states.aggregates));
        } else {
            out.line(out.in(90, fmt::format("{} aggregates hold it at {}", states.aggregates, m_at)));
        }
        if (payloads.damagedEvents + states.damagedEvents > 0) {
            complain(fmt::format("{} events could not be read: the value may be in them, and states lack them",
                                 std::max(payloads.damagedEvents, states.damagedEvents)));
            return Failed;
        }
        return payloads.first || states.aggregates > 0 ? Found : Ok;
    }

    Result<void> printFirst(Session& session, const std::optional<snapshot::FirstInPayload>& first, Output& out) const
    {
        std::optional<Bringer> event;
        if (first) {
            LEFTFOLD_TRY(event, bringerAt(session, first->event));
        }
        if (!m_json) {
            out.line(event ? "first in a payload: " + lineOf(*event) + "  " + placeText(session, first->place)
                           : "in no payload");
            return {};
        }
        event::DocumentBuilder json;
        json.beginObject();
        bringerMember(json, "firstInPayload", event);
        if (first) textMember(json, "path", session.masks().maskedPlace(first->place));
        json.endObject();
        out.line(toJson(json.finish().root()));
        return {};
    }

    static std::string placeText(const Session& session, const event::Pointer& place)
    {
        return place.tokens.empty() ? "(all)" : printable(session.masks().maskedPlace(place), 0);
    }

    Result<void> print(Session& session, const snapshot::FoundIn& found, Output& out) const
    {
        std::optional<Bringer> event;
        if (found.broughtBy) {
            LEFTFOLD_TRY(event, bringerAt(session, *found.broughtBy));
        }
        if (!m_json) {
            std::string line = out.in(1, printable(session.shownId(found.id, m_projection.by), 0)) + " ";
            for (const event::Pointer& place : found.places) line += " " + placeText(session, place);
            out.line(line);
            out.line(
                out.in(90, "    first held it after " + (event ? lineOf(*event) : "an event that cannot be read")));
            return {};
        }
        event::DocumentBuilder json;
        json.beginObject();
        textMember(json, "id", session.shownId(found.id, m_projection.by));
        json.key("paths");
        json.beginArray();
        for (const event::Pointer& place : found.places) json.text(session.masks().maskedPlace(place));
        json.endArray();
        bringerMember(json, "firstHeldAfter", event);
        json.endObject();
        out.line(toJson(json.finish().root()));
        return {};
    }

    std::string m_value;
    std::string m_at = "@end";
    ProjectionOptions m_projection;
    std::optional<std::uint64_t> m_limit;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeSearch()
{
    return std::make_unique<Search>();
}

} // namespace leftfold::app
