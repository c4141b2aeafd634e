// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/text.h"
#include "core/fold/script.h"
#include "core/replay/playhead.h"
#include "core/replay/script_project.h"
#include "core/replay/streams.h"
#include "core/workspace/answering.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace leftfold::workspace {

namespace {

using base::Result;

constexpr std::size_t kSaidCharacters = 2'000;

/// Tells how far a run is, and what its log points said.
class RunTeller {
public:
    RunTeller(const Bench& bench, const AskRun& question, const Telling<Ran>& telling)
        : m_bench(bench),
          m_question(question),
          m_telling(telling)
    {
        m_ran.direction = question.direction;
    }

    Result<RunHit> describe(const replay::Hit& hit) const
    {
        const ListedBreakpoint& listed = m_question.breakpoints[hit.breakpoint];
        RunHit out;
        LEFTFOLD_TRY(out.event, describeShown(m_bench, hit.event, m_question.keys.get()));
        out.breakpoint = listed.number;
        out.text = listed.breakpoint.text;
        const Shown shown = m_bench.shown(m_question.projection);
        LEFTFOLD_TRY(out.aggregate, shown.id(base::ByteView(hit.aggregate)));
        out.said = decode::printable(shown.said(hit.said), kSaidCharacters);
        return out;
    }

    Result<void> log(const replay::Hit& hit)
    {
        ++m_ran.toldBy[m_question.breakpoints[hit.breakpoint].number];
        if (m_told.size() >= m_question.limit) return {};
        LEFTFOLD_TRY(RunHit told, describe(hit));
        m_told.push_back(std::move(told));
        if (m_telling.more && m_telling.mayTellMore()) m_telling.more(soFar());
        return {};
    }

    [[nodiscard]] Ran soFar() const
    {
        Ran ran = m_ran;
        ran.told = std::make_shared<const std::vector<RunHit>>(m_told);
        return ran;
    }

private:
    const Bench& m_bench;
    const AskRun& m_question;
    const Telling<Ran>& m_telling;
    Ran m_ran;
    std::vector<RunHit> m_told;
};

/// For engines that tell how much is done of how much.
template <class Answer>
std::function<void(std::uint64_t, std::uint64_t)> progressOf(const Telling<Answer>& telling)
{
    return [&telling](std::uint64_t done, std::uint64_t total) {
        if (telling.progress) telling.progress({done, total});
    };
}

} // namespace

Result<Ran> answer(Bench& bench, const AskRun& question, std::stop_token stop, const Telling<Ran>& telling)
{
    LEFTFOLD_TRY(const auto order, replay::PlayOrder::over(bench.reader->catalog(), question.from.base));
    std::vector<replay::Breakpoint> breakpoints;
    for (const ListedBreakpoint& listed : question.breakpoints) {
        replay::Breakpoint& breakpoint = breakpoints.emplace_back(listed.breakpoint);
        if (breakpoint.aggregate) {
            LEFTFOLD_TRY(breakpoint.aggregate, bench.shown(question.projection).meant(*breakpoint.aggregate));
        }
    }
    RunTeller teller(bench, question, telling);
    replay::RunOptions options;
    options.workers = bench.workers;
    options.progress = progressOf(telling);
    options.log = [&](const replay::Hit& hit) { return teller.log(hit); };
    LEFTFOLD_TRY(const replay::RunEnd end,
                 replay::run(*bench.reader, question.projection, order, std::min(question.from.at, order.size()),
                             question.direction, breakpoints, options, std::move(stop)));
    Ran ran = teller.soFar();
    ran.looked = end.looked;
    ran.unreadable = end.unreadable;
    if (!end.place) return ran;
    for (const replay::Hit& hit : end.hits) {
        LEFTFOLD_TRY(RunHit stopped, teller.describe(hit));
        ran.hits.push_back(std::move(stopped));
    }
    LEFTFOLD_TRY(ran.moment, describePlace(bench, Place{question.from.base, *end.place}, question.keys.get()));
    return ran;
}

Result<BreakpointRead> answer(Bench&, const AskBreakpoint& question, std::stop_token, const Telling<BreakpointRead>&)
{
    BreakpointRead read{question.text, std::nullopt, std::nullopt};
    auto breakpoint = replay::parseBreakpoint(question.text);
    if (breakpoint)
        read.breakpoint = std::move(*breakpoint);
    else
        read.error = std::move(breakpoint).error();
    return read;
}

namespace {

/// Collects what a script does.
class ScriptNotes {
public:
    ScriptNotes(const Bench& bench, const AskScript& question)
        : m_bench(bench),
          m_question(question),
          m_shown(bench.shown(question.projection))
    {}

    void take(const replay::ProjectedOutput& output)
    {
        const std::string kind = textAt(output, "kind");
        if (kind == "skipped") return;
        if (kind != "log") {
            ++m_run.emitted;
        } else if (m_run.logsTotal++ < m_question.limit) {
            m_run.logs.push_back({eventAt(output.event), saidBy(output), std::nullopt});
        }
    }

    ScriptRun finish(const replay::ProjectedAll& all)
    {
        m_run.path = m_question.choice.fold;
        m_run.events = all.events;
        m_run.partitions = all.partitions.size();
        m_run.findingsTotal = all.findings.size();
        for (const auto& finding : all.findings) {
            if (m_run.findings.size() == m_question.limit) break;
            m_run.findings.push_back({eventAt(finding.event), {}, m_shown.error(finding.what)});
        }
        if (all.failure) m_run.failure = ScriptNote{eventAt(all.failedAt), {}, m_shown.error(*all.failure)};
        return std::move(m_run);
    }

private:
    [[nodiscard]] std::optional<EventAt> eventAt(std::optional<event::EventIndex> index) const
    {
        if (!index) return std::nullopt;
        auto event = describeShown(m_bench, *index, m_question.projection.index.get());
        return event ? std::optional(std::move(*event)) : std::nullopt;
    }
    static std::string textAt(const replay::ProjectedOutput& output, const char* name)
    {
        const auto value = output.what.root().find(base::ByteView(name));
        return value && value->kind() == event::Kind::Text ? std::string(value->text()) : std::string();
    }
    [[nodiscard]] std::string saidBy(const replay::ProjectedOutput& output) const
    {
        return decode::printable(m_shown.said(textAt(output, "text")), kSaidCharacters);
    }

    const Bench& m_bench;
    const AskScript& m_question;
    const Shown m_shown;
    ScriptRun m_run;
};

} // namespace

Result<ScriptRun> answer(Bench& bench, const AskScript& question, std::stop_token stop,
                         const Telling<ScriptRun>& telling)
{
    // Below `only types` the script is not seen any more: it is loaded by itself.
    auto script = std::dynamic_pointer_cast<const fold::Script>(question.projection.fold);
    if (!script) {
        fold::ScriptOptions options;
        options.exactNumbers = question.choice.numbersAsText;
        options.root = question.choice.root;
        LEFTFOLD_TRY(script, fold::Script::load(question.choice.fold, options));
        script = script->over(replay::streamsOf(question.projection, bench.reader->catalog().mapping()));
    }
    const std::uint64_t events = std::min(bench.reader->catalog().eventCount(), question.mostEvents);
    LEFTFOLD_TRY(const capture::OrdinalCut cut, bench.reader->catalog().prefix(events));
    ScriptNotes notes(bench, question);
    LEFTFOLD_TRY(const auto all,
                 replay::projectAll(*bench.reader, *script, question.projection.index.get(), cut, std::move(stop),
                                    progressOf(telling),
                                    [&](const replay::ProjectedOutput& output) { notes.take(output); }));
    return notes.finish(all);
}

Result<VersionsParted> answer(Bench& bench, const AskPartings& question, std::stop_token stop,
                              const Telling<VersionsParted>& telling)
{
    LEFTFOLD_TRY(const replay::Partings partings,
                 replay::findPartings(*bench.reader, question.before, question.after, question.cut, bench.workers, stop,
                                      progressOf(telling)));
    VersionsParted out;
    out.compared = partings.compared;
    out.parted = partings.parted.size();
    out.unreadable = partings.unreadable;
    if (partings.parted.empty()) return out;
    const replay::PartedAggregate& first = partings.parted.front();
    LEFTFOLD_TRY(out.event, describeShown(bench, first.event, question.after.index.get()));
    LEFTFOLD_TRY(out.first, replay::partingOf(*bench.reader, question.before, question.after, first.id, question.cut,
                                              std::move(stop)));
    const Shown shown = bench.shown(question.after);
    if (!out.first || !shown.isMasked()) return out;
    LEFTFOLD_TRY(out.first->id, shown.id(base::ByteView(out.first->id)));
    for (replay::PartedSide* side : {&out.first->a, &out.first->b}) {
        side->state = shown.state(std::move(side->state));
        if (side->failure) side->failure = shown.error(std::move(*side->failure));
    }
    return out;
}

Result<Plotted> answer(Bench& bench, const AskPlot& question, std::stop_token stop, const Telling<Plotted>& telling)
{
    // A function can read what is hidden, and its curve would tell it.
    if (bench.shown(question.projection).isMasked())
        return base::fail(base::ErrorCode::BadArgument, "nothing is plotted while something is masked");
    Plotted out{question.choice, question.id, true, {}, {}};
    LEFTFOLD_TRY(const auto function,
                 fold::ScriptQuestion::parse(question.choice.function, fold::ScriptQuestion::Kind::State));
    if (question.choice.width.count() > 0) {
        LEFTFOLD_TRY(out.all, replay::plotAll(*bench.reader, question.projection, *function, question.choice.width,
                                              question.cut, bench.workers, std::move(stop), progressOf(telling)));
        return out;
    }
    replay::Replayer replayer(*bench.reader, question.projection, bench.checkpoints);
    const auto asker = function->asker(replay::streamsOf(question.projection, bench.reader->catalog().mapping()));
    asker->obey(stop);
    LEFTFOLD_TRY(const std::string id, bench.shown(question.projection).meant(question.id));
    LEFTFOLD_TRY(auto points, replay::plotOf(replayer, id, *asker, question.cut, std::move(stop)));
    out.isInLog = points.has_value();
    if (points) out.points = std::move(*points);
    return out;
}

std::string fieldFunction(const event::Pointer& field)
{
    const auto isName = [](std::string_view token) {
        const auto isLetter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; };
        return !token.empty() && isLetter(token.front()) && std::ranges::all_of(token, [&](char c) {
            return isLetter(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
        });
    };
    std::string out = "state => state";
    for (const std::string& token : field.tokens) {
        if (isName(token)) {
            out += "?." + token;
            continue;
        }
        event::DocumentBuilder quoted;
        quoted.text(token);
        out += "?.[" + toJson(quoted.finish().root()) + "]";
    }
    return out;
}

std::optional<ScriptPlace> scriptPlace(const base::Error& error)
{
    const bool isLoading = error.code == base::ErrorCode::ScriptLoad && error.args.size() >= 3;
    const bool isRunning = error.code == base::ErrorCode::ScriptFailed && error.args.size() >= 6;
    if (!isLoading && !isRunning) return std::nullopt;
    const std::size_t first = isLoading ? 0 : 3;
    const auto number = [&](std::size_t at) {
        int value = 0;
        std::from_chars(error.args[at].data(), error.args[at].data() + error.args[at].size(), value);
        return value;
    };
    ScriptPlace place{error.args[first], number(first + 1), number(first + 2)};
    return place.line > 0 ? std::optional(std::move(place)) : std::nullopt;
}

} // namespace leftfold::workspace
