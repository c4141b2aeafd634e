// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verb.h"
#include "core/fold/debezium.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

/// What the fold found amiss in one of the aggregate's events, or said of it.
struct Finding {
    event::EventIndex index;
    event::Position position;
    base::Error error;
};

void lastEventMember(event::DocumentBuilder& json, const replay::AggregateState& state,
                     const std::optional<capture::StoredEvent>& last, std::span<const event::Partition> partitions)
{
    json.key("lastEvent");
    if (!last) return json.null();
    json.beginObject();
    numberMember(json, "index", state.lastEvent->value);
    textMember(json, "position", toText(event::Position{partitions[last->location.partition], last->record.offset}));
    timeMember(json, "time", last->effective);
    textMember(json, "type", last->type);
    json.endObject();
}

void findingMembers(event::DocumentBuilder& json, std::span<const Finding> findings)
{
    json.key("findings");
    json.beginArray();
    for (const Finding& finding : findings) {
        json.beginObject();
        numberMember(json, "index", finding.index.value);
        textMember(json, "position", toText(finding.position));
        errorMembers(json, finding.error);
        json.endObject();
    }
    json.endArray();
}

std::string stateJson(const std::string& at, const replay::AggregateState& state,
                      const std::optional<capture::StoredEvent>& last, std::span<const event::Partition> partitions,
                      const std::optional<std::vector<Finding>>& findings)
{
    event::DocumentBuilder json;
    json.beginObject();
    textMember(json, "id", state.id);
    textMember(json, "at", at);
    booleanMember(json, "exists", state.document.has_value());
    numberMember(json, "events", state.events);
    numberMember(json, "eventsInLog", state.eventsInLog);
    lastEventMember(json, state, last, partitions);
    if (findings) findingMembers(json, *findings);
    if (state.document) {
        json.key("state");
        json.value(state.document->root());
    }
    json.endObject();
    return toJson(json.finish().root());
}

void printState(const std::string& at, const replay::AggregateState& state,
                const std::optional<capture::StoredEvent>& last, std::span<const event::Partition> partitions,
                Output& out)
{
    out.line(fmt::format("{}  at {}: {} of its {} events", out.in(1, printable(state.id, 0)), at, state.events,
                         state.eventsInLog));
    if (last) {
        out.line(
            out.in(90, fmt::format("last event {}  {}  {}  {}", toText(*state.lastEvent), timeText(last->effective),
                                   toText(event::Position{partitions[last->location.partition], last->record.offset}),
                                   printable(last->type, 0))));
    }
    out.line(state.document ? toPrettyJson(state.document->root()) : "does not exist at this moment");
}

class Show : public LogVerb {
public:
    const char* name() const override { return "show"; }
    const char* about() const override { return "the state of one aggregate at a moment"; }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        verb.add_option("ID", m_id, "the aggregate's id")->required();
        addAt(verb, m_at);
        addProjection(verb, m_projection);
        addMapping(verb, m_log);
        addMasks(verb, m_log);
        addJson(verb, m_json);
        verb.footer("Examples:\n  leftfold show orders.jsonl order-7\n  leftfold show orders.jsonl 17850 --by "
                    "/customer --at 2011-01-31T12:00:00Z\n"
                    "  leftfold show orders.jsonl order-7 --fold latest --at '#4711' --json");
    }

private:
    SessionNeeds needs() const override { return {.fields = {m_projection.by}}; }
    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        LEFTFOLD_TRY(const capture::OrdinalCut cut, session.resolve(m_at));
        LEFTFOLD_TRY(replay::Projection projection, session.projection(m_projection, stop));
        const std::string by = toText(projection.index->by());
        replay::Replayer replayer(session.reader(), std::move(projection), std::make_shared<replay::Checkpoints>());
        LEFTFOLD_TRY(auto state, replayer.stateAt(m_id, cut, stop));
        if (!state) return base::fail(base::ErrorCode::NoSuchAggregate, m_id, by);
        if (state->document) state->document = session.shown(*state->document);
        state->id = session.shownId(state->id, m_projection.by);
        std::optional<capture::StoredEvent> last;
        if (state->lastEvent) {
            LEFTFOLD_TRY(last, session.reader().event(*state->lastEvent));
        }
        const std::string lastType = last ? session.shownText(last->type) : std::string();
        if (last) last->type = lastType;
        LEFTFOLD_TRY(const auto findings, findAmiss(session, replayer, cut, stop));
        if (m_json) {
            out.line(stateJson(m_at, *state, last, session.catalog().partitions(), findings));
        } else {
            printState(m_at, *state, last, session.catalog().partitions(), out);
            for (const Finding& finding : findings.value_or(std::vector<Finding>()))
                out.line(out.in(fold::isLink(finding.error) ? 36 : 33,
                                fmt::format("{}  {}", toText(finding.index), printable(render(finding.error), 0))));
        }
        return Ok;
    }

    /// Nothing where the fold never finds anything.
    base::Result<std::optional<std::vector<Finding>>> findAmiss(Session& session, replay::Replayer& replayer,
                                                                const capture::OrdinalCut& cut,
                                                                std::stop_token stop) const
    {
        if (!replayer.projection().fold->finds()) return std::nullopt;
        std::vector<Finding> findings;
        const auto sink = [&](const replay::Replayer::Step& step) -> base::Result<bool> {
            const event::Partition& partition = session.catalog().partitions()[step.event->location.partition];
            for (const base::Error& error : step.findings)
                findings.push_back({step.index, {partition, step.event->record.offset}, session.shown(error)});
            return true;
        };
        LEFTFOLD_TRY(const bool ignored, replayer.walk(m_id, cut, std::move(stop), sink));
        (void)ignored;
        return findings;
    }

    std::string m_id;
    std::string m_at = "@end";
    ProjectionOptions m_projection;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeShow()
{
    return std::make_unique<Show>();
}

} // namespace leftfold::app
