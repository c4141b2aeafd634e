// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/diff_text.h"
#include "app/event_text.h"
#include "app/standing.h"
#include "app/verb.h"
#include "core/replay/parting.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::Result;

class Compare : public LogVerb {
public:
    const char* name() const override { return "compare"; }
    const char* about() const override { return "where two projections part over one log"; }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        verb.add_option("A", m_a, "a projection: a file of JavaScript, or the name of a fold")->required();
        verb.add_option("B", m_b, "the other one, as another version of the same file")->required();
        verb.add_option("--aggregate", m_id, "only this aggregate")->type_name("ID");
        addAt(verb, m_at);
        addBy(verb, m_by);
        addNumbersAsText(verb, m_numbersAsText);
        addMapping(verb, m_log);
        addJson(verb, m_json);
        verb.footer(
            "Examples:\n  leftfold compare orders.jsonl before.js after.js\n"
            "  leftfold compare orders.jsonl before.js after.js --aggregate order-7 --json\n\n"
            "Both are folded in lock-step, and their states compared by value behind each event. The first event "
            "behind\nwhich they differ is told with both states, then each aggregate that parts, and where.\n"
            "Exit code 1: they part; 0: they do not.");
    }

private:
    SessionNeeds needs() const override { return {.fields = {m_by}}; }

    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        LEFTFOLD_TRY(const capture::OrdinalCut cut, session.resolve(m_at));
        LEFTFOLD_TRY(const replay::Projection a, session.projection({m_by, m_a, {}, m_numbersAsText}, stop));
        LEFTFOLD_TRY(const replay::Projection b, session.projection({m_by, m_b, {}, m_numbersAsText}, stop));
        LEFTFOLD_TRY(const replay::Partings partings, partingsIn(session, a, b, cut, stop));
        if (!partings.parted.empty()) {
            LEFTFOLD_TRY(const auto first,
                         replay::partingOf(session.reader(), a, b, partings.parted.front().id, cut, std::move(stop)));
            LEFTFOLD_INVARIANT(first.has_value());
            LEFTFOLD_CHECK(printFirst(session, *a.index, *first, out));
            for (const replay::PartedAggregate& parted : partings.parted)
                LEFTFOLD_CHECK(printParted(session, parted, out));
        }
        printEnd(partings, out);
        if (partings.unreadable == 0) return partings.parted.empty() ? Ok : Found;
        complain(fmt::format("{} aggregates have events that cannot be read", partings.unreadable));
        return Failed;
    }

    Result<replay::Partings> partingsIn(Session& session, const replay::Projection& a, const replay::Projection& b,
                                        const capture::OrdinalCut& cut, std::stop_token stop) const
    {
        if (m_id.empty()) {
            ProgressLine line("comparing aggregates", false);
            const auto progress = [&](std::uint64_t done, std::uint64_t total) { line.show(done, total, 0); };
            auto found =
                replay::findPartings(session.reader(), a, b, cut, session.workers(), std::move(stop), progress);
            line.clear();
            return found;
        }
        LEFTFOLD_TRY(const auto inA, a.index->find(m_id));
        LEFTFOLD_TRY(const auto inB, b.index->find(m_id));
        if (!inA && !inB) return base::fail(base::ErrorCode::NoSuchAggregate, m_id, toText(a.index->by()));
        LEFTFOLD_TRY(const auto parting, replay::partingOf(session.reader(), a, b, m_id, cut, std::move(stop)));
        replay::Partings found;
        found.compared = 1;
        if (parting) found.parted.push_back({parting->event, m_id});
        return found;
    }

    Result<void> printFirst(Session& session, const capture::KeyIndex& ids, const replay::Parting& parting,
                            Output& out) const
    {
        LEFTFOLD_TRY(const std::string event, eventAt(session, parting.event, &ids, m_json, out));
        if (m_json) return printFirstJson(event, parting, out);
        out.line(event);
        std::vector<event::Change> changes;
        const auto& [before, failureA] = parting.a;
        const auto& [after, failureB] = parting.b;
        if (before && after) changes = event::diff(before->root(), after->root());
        out.write(aggregateText({parting.id, &before, &after, changes}, DiffForm::People, out));
        if (failureA) out.line(fmt::format("    {}: {}", m_a, render(*failureA)));
        if (failureB) out.line(fmt::format("    {}: {}", m_b, render(*failureB)));
        return {};
    }

    static Result<void> printFirstJson(const std::string& event, const replay::Parting& parting, Output& out)
    {
        LEFTFOLD_TRY(const auto envelope, event::Document::parse(event));
        event::DocumentBuilder json;
        json.beginObject();
        json.key("first");
        json.value(envelope.root());
        textMember(json, "aggregate", parting.id);
        sideMember(json, "a", parting.a);
        sideMember(json, "b", parting.b);
        json.endObject();
        out.line(toJson(json.finish().root()));
        return {};
    }

    /// A state that there is none of is no member, nor is a failure.
    static void sideMember(event::DocumentBuilder& json, const char* name, const replay::PartedSide& side)
    {
        json.key(name);
        json.beginObject();
        if (side.state) {
            json.key("state");
            json.value(side.state->root());
        }
        if (side.failure) {
            json.key("error");
            json.beginObject();
            errorMembers(json, *side.failure);
            json.endObject();
        }
        json.endObject();
    }

    Result<void> printParted(Session& session, const replay::PartedAggregate& parted, Output& out) const
    {
        LEFTFOLD_TRY(const capture::StoredEvent event, session.reader().event(parted.event));
        const event::Partition& partition = session.catalog().partitions()[event.location.partition];
        const std::string position = toText(event::Position{partition, event.record.offset});
        if (!m_json) {
            out.line(fmt::format("{}  from {}", printable(parted.id, 0), position));
            return {};
        }
        event::DocumentBuilder json;
        json.beginObject();
        textMember(json, "parts", parted.id);
        textMember(json, "from", position);
        numberMember(json, "index", parted.event.value);
        json.endObject();
        out.line(toJson(json.finish().root()));
        return {};
    }

    void printEnd(const replay::Partings& partings, Output& out) const
    {
        if (m_json) {
            out.line(fmt::format(R"({{"parted":{},"compared":{}}})", partings.parted.size(), partings.compared));
        } else {
            out.line(out.in(90, fmt::format("{} of {} aggregates part", partings.parted.size(), partings.compared)));
        }
    }

    std::string m_a;
    std::string m_b;
    std::string m_id;
    std::string m_at = "@end";
    std::string m_by;
    bool m_numbersAsText = false;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeCompare()
{
    return std::make_unique<Compare>();
}

} // namespace leftfold::app
