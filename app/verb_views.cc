// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/clusters.h"
#include "app/event_text.h"
#include "app/verb.h"
#include "core/source/kafka_cluster.h"
#include "core/source/segments.h"
#include "core/views/history.h"
#include "core/views/log_folder.h"
#include "core/views/look.h"

#include <chrono>
#include <condition_variable>
#include <fmt/format.h>
#include <mutex>

namespace leftfold::app {

namespace {

using base::Result;
using views::LagHistory;
using views::LagSample;
using views::PartitionLook;
using views::Verdict;
using views::ViewPartition;

constexpr std::int64_t kSecondsPerDay = 86'400;

base::Time now()
{
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    return {ms / 1000, static_cast<std::uint32_t>(ms % 1000) * 1'000'000};
}

/// A partition of a view as it is shown: what is known of it over time, and, of a live cluster, what a look found.
struct Shown {
    const ViewPartition* of = nullptr;
    LagSample sample;
    Verdict verdict;
    views::CatchUp catchUp;
    const PartitionLook* look = nullptr;
};

std::string offsetText(const std::optional<event::Offset>& offset)
{
    return offset ? std::to_string(offset->value) : "none";
}

std::string secondsText(const std::optional<std::chrono::nanoseconds>& time)
{
    return time ? fmt::format("{:.1f} s", std::chrono::duration<double>(*time).count()) : "?";
}

std::string partitionLine(const Shown& shown)
{
    const auto lag = lagOf(shown.sample);
    const auto eaten = retentionEaten(shown.sample);
    std::string line = fmt::format("  {}  committed {}, end {}, lag {}", toText(shown.of->partition),
                                   offsetText(shown.sample.committed), shown.sample.end.value,
                                   lag ? std::to_string(lag->value) : "none");
    if (shown.look != nullptr)
        line += fmt::format(", next unread {} old, events behind {}", secondsText(shown.look->time.nextUnreadAge),
                            secondsText(shown.look->time.eventTimeDistance));
    if (eaten) line += fmt::format(", {:.0f}% of retention", 100 * *eaten);
    line += fmt::format(", {}: {}", nameOf(shown.verdict.status), shown.verdict.rule);
    if (shown.look != nullptr && !shown.look->label.empty()) line += fmt::format(" [{}]", shown.look->label);
    if (shown.look != nullptr && !shown.look->member.empty()) line += fmt::format(", read by {}", shown.look->member);
    return line;
}

/// "; by 10 samples from 12:00:00Z (committed 3) to 12:05:00Z (committed 9)"
std::string samplesText(const Verdict& verdict)
{
    if (verdict.samples.empty()) return {};
    const LagSample& first = verdict.samples.front();
    const LagSample& last = verdict.samples.back();
    return fmt::format("    by {} sample{}: {} at {} to {} at {}", verdict.samples.size(),
                       verdict.samples.size() == 1 ? "" : "s", offsetText(first.committed),
                       base::toIso(first.committedAt.value_or(first.time)), offsetText(last.committed),
                       base::toIso(last.committedAt.value_or(last.time)));
}

std::string jsonOf(const Shown& shown)
{
    event::DocumentBuilder json;
    json.beginObject();
    textMember(json, "group", shown.of->view);
    textMember(json, "partition", toText(shown.of->partition));
    const auto number = [&](const char* key, std::optional<std::int64_t> value) {
        json.key(key);
        value ? json.number(*value) : json.null();
    };
    number("committed", shown.sample.committed ? std::optional(shown.sample.committed->value) : std::nullopt);
    number("start", shown.sample.start.value);
    number("end", shown.sample.end.value);
    number("lag", lagOf(shown.sample) ? std::optional(lagOf(shown.sample)->value) : std::nullopt);
    textMember(json, "status", nameOf(shown.verdict.status));
    textMember(json, "rule", shown.verdict.rule);
    numberMember(json, "samples", shown.verdict.samples.size());
    numberMember(json, "have", shown.verdict.have);
    numberMember(json, "want", shown.verdict.want);
    textMember(json, "catchUp", toText(shown.catchUp));
    if (shown.look != nullptr) {
        const auto ms = [](const std::optional<std::chrono::nanoseconds>& time) {
            return time ? std::optional<std::int64_t>(time->count() / 1'000'000) : std::nullopt;
        };
        number("nextUnreadAgeMs", ms(shown.look->time.nextUnreadAge));
        number("eventTimeDistanceMs", ms(shown.look->time.eventTimeDistance));
        textMember(json, "label", shown.look->label);
        textMember(json, "member", shown.look->member);
    }
    json.endObject();
    return toJson(json.finish().root());
}

class Views : public Verb {
public:
    const char* name() const override { return "views"; }
    const char* about() const override { return "how far consumer groups are behind, and whether they make progress"; }
    void define(CLI::App& verb) override
    {
        verb.add_option("CLUSTER", m_cluster, "a profile, kafka://HOST:PORT, or the log folder of a broker");
        verb.add_option("GROUP", m_groups, "only these groups");
        verb.add_option("--samples", m_samples, "recorded samples, one JSON object a line, instead of a cluster")
            ->type_name("FILE.jsonl");
        verb.add_option("--at", m_at, "as it was at that time, by the samples until then")->type_name("TIME");
        verb.add_flag("--watch", m_watch, "look again and again, until it is stopped");
        verb.add_option("--every", m_every, "seconds between two looks")
            ->type_name("SECONDS")
            ->check(notZero())
            ->capture_default_str();
        verb.add_option("--window", m_window, "samples that a status is judged by")
            ->type_name("N")
            ->check(notZero())
            ->capture_default_str();
        verb.add_option("--allowed-lag", m_allowed, "a lag that is none")->type_name("N")->capture_default_str();
        verb.add_option("--keep", m_keepDays, "days that samples are kept")
            ->type_name("DAYS")
            ->check(notZero())
            ->capture_default_str();
        addJson(verb, m_json);
        verb.footer("Examples:\n  leftfold views production\n  leftfold views production billing --watch\n  leftfold "
                    "views --samples lag.jsonl --at 2026-01-31T12:00:00Z\n  leftfold views /var/lib/kafka/data\n\n"
                    "Of a log folder the commits in __consumer_offsets are judged, as of the latest record or commit. "
                    "Every look at a cluster is kept as a sample ($XDG_STATE_HOME/leftfold/lag.sqlite) and judged "
                    "together with "
                    "those before; older ones than --keep are forgotten. Exit code 1: a view is not well.");
    }
    VerbResult run(Output& out, std::stop_token stop) override
    {
        std::optional<base::Time> at;
        if (!m_at.empty()) {
            LEFTFOLD_TRY(at, base::parseTime(m_at));
        }
        m_rules.window = m_window;
        m_rules.allowedLag = m_allowed;
        if (!m_samples.empty()) {
            LEFTFOLD_TRY(const LagHistory history, views::readSamples(m_samples));
            return show(history, at.value_or(latest(history)), {}, out);
        }
        if (m_cluster.empty()) return base::fail(base::ErrorCode::BadArgument, "which cluster? Or --samples FILE");
        if (source::isSegmentAddress(m_cluster)) return ofFolder(at, out, std::move(stop));
        return live(at, out, std::move(stop));
    }

private:
    /// By the commits that stand in __consumer_offsets, without the broker.
    VerbResult ofFolder(std::optional<base::Time> at, Output& out, std::stop_token stop)
    {
        if (m_watch) return base::fail(base::ErrorCode::BadArgument, "--watch is of clusters, not of log folders");
        LEFTFOLD_TRY(const views::FolderViews found, views::viewsOfFolder(m_cluster, std::move(stop)));
        for (const event::Problem& problem : found.problems) complain(problem.error);
        if (found.undecodable > 0)
            complain(fmt::format("{} records of __consumer_offsets cannot be read", found.undecodable));
        const base::Time asOf = at.value_or(found.latest);
        const LagHistory history = views::historyOf(found.commits, found.partitions, asOf);
        for (const std::string& group : m_groups) {
            const auto isOfIt = [&](const auto& item) { return item.first.view == group; };
            if (std::ranges::none_of(history, isOfIt)) return base::fail(base::ErrorCode::NoSuchView, group);
        }
        if (!m_json && !history.empty()) out.line("as of " + base::toIso(asOf));
        return show(history, asOf, {}, out);
    }

    static base::Time latest(const LagHistory& history)
    {
        base::Time last = base::kBeginningOfTime;
        for (const auto& [of, samples] : history) last = std::max(last, samples.back().time);
        return last;
    }

    VerbResult live(std::optional<base::Time> at, Output& out, const std::stop_token& stop)
    {
        LEFTFOLD_TRY(Cluster cluster, openCluster(m_cluster));
        LEFTFOLD_TRY(const std::string id, source::clusterIdOf(*cluster.clients.uncommitted, stop));
        if (id.empty()) {
            // It did not answer: a question that fails says why.
            LEFTFOLD_CHECK(source::partitionsOf(*cluster.clients.uncommitted, {}, stop).map([](const auto&) {}));
        }
        LEFTFOLD_TRY(const std::string path, views::lagStorePath());
        LEFTFOLD_TRY(const auto store, views::LagStore::open(path));
        if (at) {
            LEFTFOLD_TRY(const LagHistory history, store->read(id, group(), *at, m_rules.window));
            return show(history, *at, {}, out);
        }
        for (;;) {
            const VerbResult shown = look(cluster, id, *store, out, stop);
            if (!m_watch || !shown) return shown;
            LEFTFOLD_CHECK(out.flush());
            if (!wait(stop)) return Ok;
        }
    }

    VerbResult look(const Cluster& cluster, const std::string& id, views::LagStore& store, Output& out,
                    const std::stop_token& stop) const
    {
        const base::Time time = now();
        LEFTFOLD_TRY(const auto looks, views::lookAtViews(cluster.clients, m_groups, time, stop));
        LagHistory found;
        for (const PartitionLook& look : looks) found[look.of] = {look.sample};
        LEFTFOLD_CHECK(store.add(id, found));
        LEFTFOLD_CHECK(store.forget({time.seconds - std::int64_t{m_keepDays} * kSecondsPerDay, 0}));
        LEFTFOLD_TRY(LagHistory history, store.read(id, group(), time, m_rules.window));
        // What is not read any more has a past, and no present.
        std::erase_if(history, [&](const auto& item) { return !found.contains(item.first); });
        return show(history, time, looks, out);
    }

    [[nodiscard]] std::optional<std::string> group() const
    {
        return m_groups.size() == 1 ? std::optional(m_groups.front()) : std::nullopt;
    }

    VerbResult show(const LagHistory& history, base::Time at, const std::vector<PartitionLook>& looks,
                    Output& out) const
    {
        std::map<std::string, std::vector<Shown>> byView;
        for (const auto& [of, samples] : history) {
            if (!m_groups.empty() && std::ranges::find(m_groups, of.view) == m_groups.end()) continue;
            Shown shown;
            shown.of = &of;
            for (const LagSample& sample : samples) {
                if (sample.time <= at) shown.sample = sample;
            }
            shown.verdict = views::judge(samples, at, m_rules);
            shown.catchUp = views::catchUpOf(samples, at, m_rules);
            const auto look = std::ranges::find(looks, of, &PartitionLook::of);
            shown.look = look == looks.end() ? nullptr : &*look;
            byView[of.view].push_back(std::move(shown));
        }
        bool isWell = true;
        for (const auto& [view, partitions] : byView) isWell = showView(view, partitions, out) && isWell;
        if (byView.empty() && !m_json) out.line("there are no views: no consumer group has committed anything");
        return isWell ? Ok : Found;
    }

    bool showView(const std::string& view, const std::vector<Shown>& partitions, Output& out) const
    {
        std::vector<views::ViewStatus> statuses;
        std::vector<views::CatchUp> catchUps;
        std::int64_t lag = 0;
        for (const Shown& shown : partitions) {
            statuses.push_back(shown.verdict.status);
            catchUps.push_back(shown.catchUp);
            lag += lagOf(shown.sample).value_or(event::OffsetCount{}).value;
        }
        const views::ViewStatus worst = views::worst(statuses);
        const bool isWell = worst == views::ViewStatus::Ok || worst == views::ViewStatus::Unknown;
        if (!m_json) {
            out.line(fmt::format("{}  {}, lag {}, catches up: {}", out.in(1, view),
                                 out.in(isWell ? 32 : 31, nameOf(worst)), lag, toText(views::slowest(catchUps))));
        }
        for (const Shown& shown : partitions) {
            out.line(m_json ? jsonOf(shown) : partitionLine(shown));
            if (const std::string text = samplesText(shown.verdict); !m_json && !text.empty()) out.line(text);
        }
        return isWell;
    }

    bool wait(const std::stop_token& stop) const
    {
        std::mutex mutex;
        std::condition_variable_any stopped;
        std::unique_lock lock(mutex);
        stopped.wait_for(lock, stop, std::chrono::seconds(m_every), [] { return false; });
        return !stop.stop_requested();
    }

    std::string m_cluster;
    std::vector<std::string> m_groups;
    std::string m_samples;
    std::string m_at;
    bool m_watch = false;
    unsigned m_every = 30;
    unsigned m_keepDays = 90;
    std::size_t m_window = 10;
    std::int64_t m_allowed = 0;
    bool m_json = false;
    views::LagRules m_rules;
};

} // namespace

std::unique_ptr<Verb> makeViews()
{
    return std::make_unique<Views>();
}

} // namespace leftfold::app
