// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verb.h"
#include "core/replay/findings.h"

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
        addMapping(verb, m_log);
        addJson(verb, m_json);
        verb.footer("Example:\n  leftfold problems orders.jsonl --json | jq -r .position");
    }

private:
    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        std::shared_ptr<const capture::KeyIndex> keys;
        if (session.catalog().mapping().id) {
            LEFTFOLD_TRY(keys, session.index({}, stop));
        }
        const std::uint64_t limit = m_limit.value_or(UINT64_MAX);
        std::uint64_t found = 0;
        LEFTFOLD_CHECK(replay::findProblems(session.reader(), keys.get(), stop, [&](const event::Problem& problem) {
            if (++found > limit) return false;
            print(problem, out);
            return true;
        }));
        return found > 0 || !session.catalog().damage().empty() ? Found : Ok;
    }

    void print(const event::Problem& problem, Output& out) const
    {
        if (!m_json) {
            out.line(
                fmt::format("{}  {}", out.in(1, toText(problem.position)), printable(base::render(problem.error), 0)));
            return;
        }
        event::DocumentBuilder json;
        json.beginObject();
        textMember(json, "position", toText(problem.position));
        errorMembers(json, problem.error);
        json.endObject();
        out.line(toJson(json.finish().root()));
    }

    std::optional<std::uint64_t> m_limit;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeProblems()
{
    return std::make_unique<Problems>();
}

} // namespace leftfold::app
