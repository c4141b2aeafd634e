// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/shell.h"
#include "app/standing.h"
#include "app/verb.h"
#include "core/replay/bisect.h"
#include "core/snapshot/export.h"

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::ErrorCode;
using base::Result;
using replay::Bisection;

/// A folder that goes when this does.
class TemporaryFolder {
public:
    static Result<TemporaryFolder> make()
    {
        std::error_code failed;
        std::string name = std::filesystem::temp_directory_path(failed) / "leftfold-XXXXXX";
        if (failed) return base::failErrno("a temporary folder", failed.value());
        if (::mkdtemp(name.data()) == nullptr) return base::failErrno(name, errno);
        return TemporaryFolder(name);
    }
    TemporaryFolder(TemporaryFolder&& other) noexcept : m_path(std::exchange(other.m_path, {})) {}
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    ~TemporaryFolder()
    {
        std::error_code ignored;
        if (!m_path.empty()) std::filesystem::remove_all(m_path, ignored);
    }
    [[nodiscard]] const std::string& path() const { return m_path; }

private:
    explicit TemporaryFolder(std::string path) : m_path(std::move(path)) {}
    std::string m_path;
};

class Bisect : public LogVerb {
public:
    const char* name() const override { return "bisect"; }
    const char* about() const override { return "which event made it so: by a condition on a state, or by a script"; }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        auto* id = verb.add_option("ID", m_id, "the aggregate that the condition is about");
        auto* where = verb.add_option("--where", m_where, "a condition on its state")->type_name("CONDITION");
        auto* command = verb.add_option("--run", m_command, "a command that says whether states are good")
                            ->type_name("COMMAND")
                            ->excludes(where)
                            ->excludes(id);
        verb.add_option("--good", m_good, "a moment whose states are good")->type_name("WHEN")->needs(command);
        verb.add_option("--bad", m_bad, "a later moment whose states are not")->type_name("WHEN")->needs(command);
        addProjection(verb, m_projection);
        addMapping(verb, m_log);
        addMasks(verb, m_log);
        addJson(verb, m_json);
        verb.footer(
            "Examples:\n  leftfold bisect orders.jsonl order-7 --where '/total < 0' --fold latest\n"
            "  leftfold bisect orders.jsonl order-7 --where 'js: (state, event) => state.count % 2 == 0'\n"
            "  leftfold bisect orders.jsonl --fold latest --good 2011-01-01 --bad @end \\\n"
            "      --run 'jq -e \"select(.state.total < 0)\" \"$LEFTFOLD_STATES\" >/dev/null && exit 1 || exit 0'\n\n"
            "CONDITION may be a function in JavaScript, behind 'js:'. With --where all events are told after which the "
            "condition holds and did not before, or the other way "
            "round: one\n"
            "pass, and it is said when there are several. With --run the log is halved: COMMAND is run by /bin/sh with "
            "all\n"
            "states at a moment in the file $LEFTFOLD_STATES (JSON lines, as `export` writes them) and the moment in\n"
            "$LEFTFOLD_AT. It ends with 0: good, 1 to 124, 126 or 127: bad, 125: cannot be said here, more: stop.\n"
            "Exit code 1: an event was found.");
    }

private:
    SessionNeeds needs() const override { return {.fields = {m_projection.by}}; }

    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        if (m_command.empty() && (m_id.empty() || m_where.empty()))
            return base::fail(ErrorCode::BadArgument, "an ID with --where, or --run, says what is looked for");
        LEFTFOLD_TRY(const replay::Projection projection, session.projection(m_projection, stop));
        return m_command.empty() ? tellFlips(session, projection, out, std::move(stop))
                                 : halve(session, projection, out, std::move(stop));
    }

    VerbResult tellFlips(Session& session, const replay::Projection& projection, Output& out, std::stop_token stop)
    {
        LEFTFOLD_TRY(const auto flips, replay::flipsWhere(session.reader(), projection, m_id, m_where,
                                                          session.catalog().end(), std::move(stop)));
        if (!flips) return base::fail(ErrorCode::NoSuchAggregate, m_id, toText(projection.index->by()));
        for (const replay::Flip& flip : *flips) LEFTFOLD_CHECK(printFlip(session, projection, flip, out));
        const bool holds = !flips->empty() && flips->back().holds;
        if (m_json) {
            out.line(fmt::format(R"({{"flips":{},"holdsAtEnd":{}}})", flips->size(), holds));
        } else if (flips->empty()) {
            out.line("it never holds");
        } else if (flips->size() > 1) {
            out.line(out.in(90, fmt::format("it turns {} times: a search by halves would have met only one of them",
                                            flips->size())));
        }
        return flips->empty() ? Ok : Found;
    }

    Result<void> printFlip(Session& session, const replay::Projection& projection, const replay::Flip& flip,
                           Output& out) const
    {
        LEFTFOLD_TRY(const std::string event, eventAt(session, flip.event, projection.index.get(), m_json, out));
        if (m_json) {
            out.line(fmt::format(R"({{"holds":{},"event":{}}})", flip.holds, event));
        } else {
            out.line((flip.holds ? "holds from        " : "does not hold from ") + event);
        }
        return {};
    }

    VerbResult halve(Session& session, const replay::Projection& projection, Output& out, std::stop_token stop)
    {
        LEFTFOLD_TRY(const std::uint64_t good, placeOf(session, m_good));
        LEFTFOLD_TRY(const std::uint64_t bad, placeOf(session, m_bad));
        if (good >= bad) return base::fail(ErrorCode::BadArgument, fmt::format("{} is not before {}", m_good, m_bad));
        LEFTFOLD_TRY(const TemporaryFolder folder, TemporaryFolder::make());
        Bisection bisection(good, bad);
        while (const auto place = bisection.next()) {
            if (stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            LEFTFOLD_TRY(const Bisection::Verdict verdict,
                         test(session, projection, *place, folder.path() + "/states.jsonl", stop));
            bisection.tell(*place, verdict);
            printTest(*place, verdict, bisection, out);
        }
        return printFound(session, projection, bisection, out);
    }

    /// How many events are behind a moment, which has to be one of the replay order.
    static Result<std::uint64_t> placeOf(Session& session, const std::string& when)
    {
        LEFTFOLD_TRY(const capture::OrdinalCut cut, session.resolve(when));
        LEFTFOLD_TRY(const auto place, session.catalog().asPrefix(cut));
        if (!place)
            return base::fail(ErrorCode::BadArgument, when
                                                          + " is no moment of the replay order: #index, a time or a "
                                                            "position is");
        return *place;
    }

    Result<Bisection::Verdict> test(Session& session, const replay::Projection& projection, std::uint64_t place,
                                    const std::string& file, const std::stop_token& stop) const
    {
        LEFTFOLD_TRY(const capture::OrdinalCut cut, session.catalog().prefix(place));
        snapshot::ExportOptions options;
        options.path = file;
        options.replace = true;
        options.at = momentOf(place);
        options.types = m_projection.types;
        options.folding.workers = session.workers();
        LEFTFOLD_CHECK(snapshot::exportSnapshot(session.reader(), projection, cut, options, stop, {}));
        LEFTFOLD_TRY(const int code,
                     runShell(m_command, {{"LEFTFOLD_STATES", file}, {"LEFTFOLD_AT", momentOf(place)}}));
        if (code == 0) return Bisection::Verdict::Good;
        if (code == 125) return Bisection::Verdict::Skip;
        if (code < 128) return Bisection::Verdict::Bad;
        return base::fail(ErrorCode::BadArgument,
                          fmt::format("the command ended with {} at {}: the search stops", code, momentOf(place)));
    }

    /// As it is typed: just behind the event before the place.
    static std::string momentOf(std::uint64_t place)
    {
        return place == 0 ? "@start" : toText(event::EventIndex{place - 1});
    }

    void printTest(std::uint64_t place, Bisection::Verdict verdict, const Bisection& bisection, Output& out) const
    {
        using Verdict = Bisection::Verdict;
        const char* word = verdict == Verdict::Good ? "good" : verdict == Verdict::Bad ? "bad" : "skipped";
        if (m_json) {
            out.line(fmt::format(R"({{"at":"{}","verdict":"{}"}})", momentOf(place), word));
        } else {
            out.line(out.in(90, fmt::format("{}  {}, about {} more", word, momentOf(place), bisection.testsLeft())));
        }
    }

    VerbResult printFound(Session& session, const replay::Projection& projection, const Bisection& bisection,
                          Output& out) const
    {
        if (!m_json && !bisection.isExact())
            out.line(fmt::format("one of these {} events; those between could not be tested",
                                 bisection.bad() - bisection.good()));
        for (std::uint64_t place = bisection.good(); place < bisection.bad(); ++place) {
            LEFTFOLD_TRY(const std::string event, eventAt(session, {place}, projection.index.get(), m_json, out));
            out.line(m_json ? fmt::format(R"({{"first":{},"event":{}}})", bisection.isExact(), event) : event);
        }
        return Found;
    }

    std::string m_id;
    std::string m_where;
    std::string m_command;
    std::string m_good = "@start";
    std::string m_bad = "@end";
    ProjectionOptions m_projection;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeBisect()
{
    return std::make_unique<Bisect>();
}

} // namespace leftfold::app
