// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/diff_text.h"
#include "app/event_text.h"
#include "app/standing.h"
#include "app/verb.h"
#include "app/workspace_run.h"
#include "core/replay/run.h"
#include "core/snapshot/moment_diff.h"
#include "core/workspace/shown.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::Result;
using replay::Direction;

class Run : public LogVerb {
public:
    const char* name() const override { return "run"; }
    const char* about() const override { return "forward or back to where a breakpoint holds"; }
    void define(CLI::App& verb) override
    {
        m_typed = &verb;
        addLog(verb, m_log, LogCount::One);
        verb.add_option("--at", m_from, "where to begin; not given: at the start, and back at the end")
            ->type_name("WHEN");
        verb.add_option("--break", m_breakpoints, "what to stop at; may be given several times")
            ->type_name("BREAKPOINT")
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        verb.add_flag("--back", m_back, "to the last such event before");
        addAllowOutside(verb, m_allowOutside);
        addProjection(verb, m_projection);
        addMapping(verb, m_log);
        addMasks(verb, m_log);
        addJson(verb, m_json);
        verb.footer(
            "Examples:\n  leftfold run orders.jsonl --break 'type PaymentFailed'\n"
            "  leftfold run orders.jsonl --back --break 'of order-7 changes /status'\n"
            "  leftfold run orders.jsonl --back --fold latest --break 'becomes /balance < 0'\n"
            "  leftfold run orders.jsonl --break 'js: (before, event, after) => after.count > 9 && "
            "!before?.types.Paid'\n\n"
            "A BREAKPOINT is made of these words, all of which must hold of an event and its aggregate:\n"
            "  type TYPE  of ID  at WHEN  changes PATH  fails  where CONDITION  becomes CONDITION  when CONDITION\n"
            "A condition is the rest of the text: 'where' asks the payload, 'becomes' the state after the event and\n"
            "not before, 'when' all three: /before/..., /event/... and /after/... Texts with blanks stand in \"...\".\n"
            "'js: (before, event, after) => ...' at the end is a function in JavaScript, with 'log' its value is "
            "printed.\n"
            "'hit N' stops at the N-th such event only; 'log' prints it and runs on.\n"
            "Exit code 1: it stopped; 0: there is no such event up to the end.\n\n"
            "  leftfold run bug.leftfold\n\n"
            "LOG may be a workspace (.leftfold): it is replayed, and what came out is compared with what it expects.\n"
            "It says itself how the log is read and what is run to; --mask and --masks mask beside what it masks.\n"
            "Exit code 0: all of it holds; 1: some of it does not.");
    }
    VerbResult run(Output& out, std::stop_token stop) override
    {
        const std::string& log = m_log.log.front();
        if (!workspace::isWorkspacePath(log)) {
            if (m_breakpoints.empty())
                return base::fail(base::ErrorCode::BadArgument, "--break says what a log is run to");
            if (m_allowOutside)
                return base::fail(base::ErrorCode::BadArgument,
                                  "--allow-outside is of workspaces (.leftfold), and " + log + " is none");
            return LogVerb::run(out, std::move(stop));
        }
        const std::string others = typedBut(*m_typed, {"LOG", "--cache", "--workers", "--fresh", "--strict", "--mask",
                                                       "--masks", "--allow-outside", "--json", "--color"});
        if (!others.empty())
            return base::fail(base::ErrorCode::BadArgument,
                              "a workspace says itself how its log is read, what is run to, and by which projections: "
                              "without "
                                  + others);
        return runWorkspace({log, m_log, m_allowOutside, m_json}, out, std::move(stop));
    }

private:
    SessionNeeds needs() const override { return {.fields = {m_projection.by}}; }

    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        std::vector<replay::Breakpoint> breakpoints;
        for (const std::string& text : m_breakpoints) {
            LEFTFOLD_TRY(breakpoints.emplace_back(), replay::parseBreakpoint(text));
        }
        LEFTFOLD_TRY(const capture::OrdinalCut base, session.resolve(m_from.value_or(m_back ? "@end" : "@start")));
        LEFTFOLD_TRY(const auto order, replay::PlayOrder::over(session.catalog(), base));
        LEFTFOLD_TRY(const replay::Projection projection, session.projection(m_projection, stop));
        ProgressLine line("running", false);
        replay::RunOptions options;
        options.workers = session.workers();
        options.progress = [&](std::uint64_t done, std::uint64_t total) { line.show(done, total, 0); };
        options.log = [&](const replay::Hit& hit) -> Result<void> {
            line.clear();
            return printHit(session, projection, breakpoints, hit, out);
        };
        LEFTFOLD_TRY(const replay::RunEnd end,
                     replay::run(session.reader(), projection, order, order.home(),
                                 m_back ? Direction::Back : Direction::Forward, breakpoints, options, stop));
        line.clear();
        if (end.place) LEFTFOLD_CHECK(printStop(session, projection, order, breakpoints, end, out, stop));
        if (!end.place) printNone(end, out);
        if (end.unreadable == 0) return end.place ? Found : Ok;
        complain(fmt::format("{} events or aggregates could not be read: it may have passed over something",
                             end.unreadable));
        return Failed;
    }

    Result<void> printHit(Session& session, const replay::Projection& projection,
                          const std::vector<replay::Breakpoint>& breakpoints, const replay::Hit& hit, Output& out) const
    {
        LEFTFOLD_TRY(const std::string event, eventAt(session, hit.event, projection.index.get(), m_json, out));
        const std::string& by = breakpoints[hit.breakpoint].text;
        const std::string said = workspace::Shown(&session.masks(), nullptr).said(hit.said);
        if (!m_json) {
            out.line(event);
            if (m_breakpoints.size() > 1) out.line(out.in(90, "    " + by));
            if (!said.empty()) out.line("    " + printable(said, 0));
            return {};
        }
        event::DocumentBuilder json;
        json.beginObject();
        textMember(json, "hit", by);
        if (!hit.aggregate.empty()) textMember(json, "aggregate", session.shownId(hit.aggregate, m_projection.by));
        LEFTFOLD_TRY(const auto envelope, event::Document::parse(event));
        if (!said.empty()) LEFTFOLD_CHECK(saidMember(json, breakpoints[hit.breakpoint], said));
        json.key("event");
        json.value(envelope.root());
        json.endObject();
        out.line(toJson(json.finish().root()));
        return {};
    }

    /// The value of a log point's function; else why a script failed.
    static Result<void> saidMember(event::DocumentBuilder& json, const replay::Breakpoint& breakpoint,
                                   const std::string& said)
    {
        if (!breakpoint.js) {
            textMember(json, "failure", said);
            return {};
        }
        const auto value = event::Document::parse(said);
        if (!value) { // masked
            textMember(json, "value", said);
            return {};
        }
        json.key("value");
        json.value(value->root());
        return {};
    }

    Result<void> printStop(Session& session, const replay::Projection& projection, const replay::PlayOrder& order,
                           const std::vector<replay::Breakpoint>& breakpoints, const replay::RunEnd& end, Output& out,
                           const std::stop_token& stop) const
    {
        for (const replay::Hit& hit : end.hits) LEFTFOLD_CHECK(printHit(session, projection, breakpoints, hit, out));
        std::string last;
        for (const replay::Hit& hit : end.hits) {
            const bool hasNoState = !breakpoints[hit.breakpoint].js && !hit.said.empty(); // a script failed
            if (hasNoState || hit.aggregate.empty() || std::exchange(last, hit.aggregate) == hit.aggregate) continue;
            LEFTFOLD_CHECK(printChange(session, projection, order, *end.place, hit.aggregate, out, stop));
        }
        LEFTFOLD_TRY(const Standing standing, standingAt(session, order, *end.place));
        if (m_json) {
            out.line(fmt::format(R"({{"at":"{}","eventsBehind":{}}})", standing.at, standing.eventsBehind));
        } else {
            out.line(out.in(90, fmt::format("now at {}, {} events behind", standing.at, standing.eventsBehind)));
        }
        return {};
    }

    /// What the event made of the aggregate.
    Result<void> printChange(Session& session, const replay::Projection& projection, const replay::PlayOrder& order,
                             std::uint64_t place, const std::string& id, Output& out, const std::stop_token& stop) const
    {
        const std::uint64_t event = m_back ? place : place - 1;
        replay::Replayer replayer(session.reader(), projection, nullptr);
        const auto stateAt = [&](std::uint64_t at) -> Result<std::optional<event::Document>> {
            LEFTFOLD_TRY(const capture::OrdinalCut cut, order.cutAt(at));
            LEFTFOLD_TRY(auto state, replayer.stateAt(id, cut, stop));
            return state ? std::move(state->document) : std::nullopt;
        };
        LEFTFOLD_TRY(const auto before, stateAt(event));
        LEFTFOLD_TRY(const auto after, stateAt(event + 1));
        if (!before && !after) return {};
        std::vector<event::Change> changes;
        if (before && after) changes = event::diff(before->root(), after->root());
        const snapshot::AggregateDiff shown =
            masked({id, before, after, std::move(changes)}, session.masks(), session.areIdsMasked(m_projection.by));
        out.write(aggregateText({shown.id, &shown.before, &shown.after, shown.changes},
                                m_json ? DiffForm::Json : DiffForm::People, out));
        return {};
    }

    void printNone(const replay::RunEnd& end, Output& out) const
    {
        if (m_json) {
            out.line(fmt::format(R"({{"at":null,"looked":{}}})", end.looked));
        } else {
            out.line(fmt::format("no such event {}; {} events were passed", m_back ? "before" : "behind", end.looked));
        }
    }

    const CLI::App* m_typed = nullptr; ///< set by define
    std::optional<std::string> m_from;
    std::vector<std::string> m_breakpoints;
    bool m_back = false;
    bool m_allowOutside = false;
    ProjectionOptions m_projection;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeRun()
{
    return std::make_unique<Run>();
}

} // namespace leftfold::app
