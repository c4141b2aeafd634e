// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verb.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

class Fetch : public LogVerb {
public:
    const char* name() const override { return "fetch"; }
    const char* about() const override { return "capture a source, or continue its capture"; }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::Several);
        verb.add_option("-o,--out", m_needs.capturePath, "where to capture to, instead of the cache")
            ->type_name("FILE.lflog");
        verb.add_option("--by", m_needs.fields, "also index aggregates by this field (any number of times)")
            ->type_name("FIELD");
        verb.add_flag("--follow", m_needs.follows, "go on with what comes, until it is stopped");
        addKafka(verb, m_log);
        addMapping(verb, m_log);
        addJson(verb, m_json);
        verb.footer("Examples:\n  leftfold fetch orders.jsonl\n  leftfold fetch logs/ -o today.lflog --time-field "
                    "/created_at\n  zcat old.gz | leftfold fetch - -o old.lflog\n  leftfold fetch "
                    "kafka://localhost:9092/orders,payments --from -100000 -o "
                    "recent.lflog\n\nInterrupted, it keeps what was "
                    "captured; the same command goes on.");
        m_needs.mustCapture = true;
    }

private:
    SessionNeeds needs() const override { return m_needs; }
    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        if (m_needs.follows) LEFTFOLD_CHECK(follow(session, stop));
        const capture::Catalog& catalog = session.catalog();
        tellMissing(session.reader().schemas());
        if (!m_json) {
            out.line(fmt::format("{} events in {}", catalog.eventCount(), session.reader().path()));
            return Ok;
        }
        LEFTFOLD_TRY(const base::Hash128 identity, session.reader().identity());
        event::DocumentBuilder json;
        json.beginObject();
        numberMember(json, "events", catalog.eventCount());
        textMember(json, "capture", session.reader().path());
        textMember(json, "identity", base::toHex(identity));
        json.endObject();
        out.line(toJson(json.finish().root()));
        return Ok;
    }

    static void tellMissing(const decode::SchemaBook& schemas)
    {
        const auto missing = schemas.missing();
        if (missing.empty()) return;
        complain(fmt::format(
            "{} schemas are not there, what needs them is kept as it is ('leftfold decode' tries again): {}",
            missing.size(), printable(base::render(missing.begin()->second), 0)));
    }

    /// Until a stop; what was captured by then is told as ever.
    static base::Result<void> follow(Session& session, const std::stop_token& stop)
    {
        for (;;) {
            const auto more = session.waitForMore(stop);
            if (!more && more.error().code != base::ErrorCode::Cancelled) return tl::unexpected(more.error());
            const auto updated = more && *more ? session.update(stop) : base::Result<void>();
            if (!updated && updated.error().code != base::ErrorCode::Cancelled) return updated;
            if (!more || !*more || !updated) break;
        }
        LEFTFOLD_CHECK(session.close());
        return session.openReader();
    }

    SessionNeeds m_needs;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeFetch()
{
    return std::make_unique<Fetch>();
}

} // namespace leftfold::app
