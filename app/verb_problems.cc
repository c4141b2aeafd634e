// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verb.h"
#include "core/replay/findings.h"
#include "core/snapshot/fold_findings.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

class Problems : public LogVerb {
public:
    const char* name() const override { return "problems"; }
    const char* about() const override
    {
        return "what is wrong with a log, each with its position; exit code 1 if there is anything";
    }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        addLimit(verb, m_limit, "at most so many");
        addProjection(verb, m_projection);
        addMapping(verb, m_log);
        addJson(verb, m_json);
        verb.footer(
            "Examples:\n  leftfold problems orders.jsonl --json | jq -r .position\n"
            "  leftfold problems patches.jsonl --fold patch\n\nWith --fold, and always for changes of database "
            "rows, all aggregates are folded, and what the\nfold finds amiss is listed too: patches that cannot be "
            "applied, rows that are not as a change says.");
    }

private:
    SessionNeeds needs() const override { return {.fields = {m_projection.by}}; }

    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        std::shared_ptr<const capture::KeyIndex> keys;
        if (session.catalog().mapping().id || !m_projection.by.empty()) {
            LEFTFOLD_TRY(keys, session.index(m_projection.by, stop));
        }
        const std::uint64_t limit = m_limit.value_or(UINT64_MAX);
        std::uint64_t found = 0;
        LEFTFOLD_CHECK(replay::findProblems(session.reader(), keys.get(), stop, [&](const event::Problem& problem) {
            if (++found > limit) return false;
            print(problem, {}, out);
            return true;
        }));
        const bool isRow = keys && std::holds_alternative<decode::ChangedRow>(keys->by());
        if (found <= limit && (isRow || !m_projection.fold.empty())) {
            LEFTFOLD_TRY(const std::uint64_t amiss, printAmiss(session, limit - found, out, stop));
            found += amiss;
        }
        return found > 0 || !session.catalog().damage().empty() ? Found : Ok;
    }

    /// What the fold finds amiss, up to so many; how much there is.
    base::Result<std::uint64_t> printAmiss(Session& session, std::uint64_t limit, Output& out, std::stop_token stop)
    {
        LEFTFOLD_TRY(const replay::Projection projection, session.projection(m_projection, stop));
        if (!projection.fold->finds()) return 0;
        snapshot::SnapshotOptions options;
        options.workers = session.workers();
        ProgressLine line("folding", false);
        const auto progress = [&](std::uint64_t done, std::uint64_t total) { line.show(done, total, 0); };
        LEFTFOLD_TRY(const auto found, snapshot::findAmiss(session.reader(), projection, session.catalog().end(),
                                                           std::min(limit, kMost), options, stop, progress));
        line.clear();
        for (const snapshot::FoldFinding& finding : found.first) {
            LEFTFOLD_TRY(const capture::Location location, session.catalog().locate(finding.event));
            LEFTFOLD_TRY(event::Position position, session.reader().positionOf(location));
            print({std::move(position), finding.error}, finding.id, out);
        }
        if (limit > kMost && found.total > kMost) complain(fmt::format("{} more are not listed", found.total - kMost));
        return found.total;
    }

    /// `id`: the aggregate, where the problem is one of its own.
    void print(const event::Problem& problem, const std::string& id, Output& out) const
    {
        if (!m_json) {
            const std::string name = id.empty() ? std::string() : printable(id, 0) + ": ";
            out.line(fmt::format("{}  {}{}", out.in(1, toText(problem.position)), name,
                                 printable(base::render(problem.error), 0)));
            return;
        }
        event::DocumentBuilder json;
        json.beginObject();
        textMember(json, "position", toText(problem.position));
        if (!id.empty()) textMember(json, "id", id);
        errorMembers(json, problem.error);
        json.endObject();
        out.line(toJson(json.finish().root()));
    }

    static constexpr std::uint64_t kMost = 100'000; ///< of what a fold finds

    std::optional<std::uint64_t> m_limit;
    ProjectionOptions m_projection;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeProblems()
{
    return std::make_unique<Problems>();
}

} // namespace leftfold::app
