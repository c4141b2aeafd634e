// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"
#include "app/verb.h"
#include "core/replay/plot.h"
#include "core/replay/streams.h"

#include <cmath>
#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::Result;

class Plot : public LogVerb {
public:
    const char* name() const override { return "plot"; }
    const char* about() const override { return "a number at each event of an aggregate, or by time over all"; }
    void define(CLI::App& verb) override
    {
        addLog(verb, m_log, LogCount::One);
        verb.add_option("FUNCTION", m_function, "in JavaScript: (state, event) => a number")->required();
        auto* of = verb.add_option("--of", m_id, "at each event of this aggregate")->type_name("ID");
        verb.add_option("--every", m_width, "of all aggregates: a line for each stretch of time, as 15m, 1h or 7d")
            ->type_name("TIME")
            ->excludes(of);
        addAt(verb, m_at);
        addProjection(verb, m_projection);
        addMapping(verb, m_log);
        addJson(verb, m_json);
        verb.footer("Examples:\n  leftfold plot orders.jsonl 's => s.count' --of order-7\n"
                    "  leftfold plot orders.jsonl '(state, event) => event.body.amount' --every 1d --json\n\n"
                    "FUNCTION is asked behind each event; what is no number gives no point. Times are effective times. "
                    "With --every the\ncolumns are: the beginning, points, sum, smallest, largest.");
    }

private:
    SessionNeeds needs() const override { return {.fields = {m_projection.by}}; }

    VerbResult read(Session& session, Output& out, std::stop_token stop) override
    {
        if (m_id.empty() == m_width.empty())
            return base::fail(base::ErrorCode::BadArgument, "--of ID or --every TIME says what is drawn");
        LEFTFOLD_TRY(const auto function, fold::ScriptQuestion::parse(m_function, fold::ScriptQuestion::Kind::State));
        LEFTFOLD_TRY(const capture::OrdinalCut cut, session.resolve(m_at));
        if (!m_width.empty()) return plotBuckets(session, *function, cut, out, std::move(stop));
        LEFTFOLD_TRY(const replay::Projection projection, session.projection(m_projection, stop));
        replay::Replayer replayer(session.reader(), projection, nullptr);
        const auto asker = function->asker(replay::streamsOf(projection, session.catalog().mapping()));
        LEFTFOLD_TRY(const auto points, replay::plotOf(replayer, m_id, *asker, cut, std::move(stop)));
        if (!points) return base::fail(base::ErrorCode::NoSuchAggregate, m_id, toText(projection.index->by()));
        for (const replay::PlotPoint& point : *points) LEFTFOLD_CHECK(print(session, point, out));
        return Ok;
    }

    Result<void> print(Session& session, const replay::PlotPoint& point, Output& out) const
    {
        LEFTFOLD_TRY(const capture::StoredEvent event, session.reader().event(point.event));
        const event::Partition& partition = session.catalog().partitions()[event.location.partition];
        const std::string position = toText(event::Position{partition, event.record.offset});
        if (!m_json) {
            out.line(fmt::format("{}  {}  {}", timeText(point.time), position, point.value));
            return {};
        }
        event::DocumentBuilder json;
        json.beginObject();
        numberMember(json, "index", point.event.value);
        textMember(json, "position", position);
        timeMember(json, "time", point.time);
        valueMember(json, "value", point.value);
        json.endObject();
        out.line(toJson(json.finish().root()));
        return {};
    }

    VerbResult plotBuckets(Session& session, const fold::ScriptQuestion& function, const capture::OrdinalCut& cut,
                           Output& out, std::stop_token stop) const
    {
        LEFTFOLD_TRY(const std::chrono::seconds width, replay::parseWidth(m_width));
        LEFTFOLD_TRY(const replay::Projection projection, session.projection(m_projection, stop));
        ProgressLine line("drawing aggregates", false);
        const auto progress = [&](std::uint64_t done, std::uint64_t total) { line.show(done, total, 0); };
        const auto all = replay::plotAll(session.reader(), projection, function, width, cut, session.workers(),
                                         std::move(stop), progress);
        line.clear();
        if (!all) return tl::unexpected(all.error());
        for (const auto& [start, bucket] : all->buckets) print({start, 0}, bucket, out);
        if (all->timeless > 0) complain(fmt::format("{} points stand before any time is known", all->timeless));
        if (all->unreadable == 0) return Ok;
        complain(fmt::format("{} aggregates have events that cannot be read", all->unreadable));
        return Failed;
    }

    void print(base::Time start, const replay::PlotBucket& bucket, Output& out) const
    {
        if (!m_json)
            return out.line(
                fmt::format("{}  {}  {}  {}  {}", timeText(start), bucket.points, bucket.sum, bucket.min, bucket.max));
        event::DocumentBuilder json;
        json.beginObject();
        timeMember(json, "from", start);
        numberMember(json, "points", bucket.points);
        valueMember(json, "sum", bucket.sum);
        valueMember(json, "min", bucket.min);
        valueMember(json, "max", bucket.max);
        json.endObject();
        out.line(toJson(json.finish().root()));
    }

    static void valueMember(event::DocumentBuilder& json, const char* name, double value)
    {
        json.key(name);
        if (!std::isfinite(value)) return json.null(); // a sum beyond all numbers
        json.number(base::ByteView(fmt::format("{}", value)));
    }

    std::string m_function;
    std::string m_id;
    std::string m_width;
    std::string m_at = "@end";
    ProjectionOptions m_projection;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makePlot()
{
    return std::make_unique<Plot>();
}

} // namespace leftfold::app
