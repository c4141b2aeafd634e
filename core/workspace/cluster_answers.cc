// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/cluster_answers.h"

#include "core/base/file.h"
#include "core/decode/text.h"
#include "core/source/kafka_groups.h"
#include "core/source/kafka_peek.h"
#include "core/source/secret_store.h"
#include "core/views/history.h"

#include <algorithm>
#include <condition_variable>
#include <fmt/format.h>
#include <mutex>

namespace leftfold::workspace {

namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using source::KafkaProfile;

constexpr std::size_t kPreviewCharacters = 400;
constexpr auto kPreviewTime = std::chrono::seconds(8);
constexpr auto kLookAgain = std::chrono::seconds(3); ///< after a look that failed
constexpr auto kStorePast = std::chrono::hours(24 * 30);

base::Time now()
{
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count();
    return {ms / 1000, static_cast<std::uint32_t>(ms % 1000) * 1'000'000};
}

bool isSame(const source::KafkaConnection& a, const source::KafkaConnection& b)
{
    const auto tokens = [](const source::KafkaConnection& connection) {
        return connection.tokens ? std::tuple(connection.tokens->url, connection.tokens->clientId,
                                              connection.tokens->clientSecret, connection.tokens->scope)
                                 : std::tuple<std::string, std::string, std::string, std::string>();
    };
    return a.name == b.name && a.properties == b.properties && tokens(a) == tokens(b);
}

/// A connection is kept while it is the same: a profile may have been changed since.
Result<void> connect(ClusterBench& bench, const std::string& cluster)
{
    LEFTFOLD_TRY(source::KafkaConnection connection, source::connectionFor(cluster));
    if (bench.connection && isSame(*bench.connection, connection)) return {};
    bench.connection.reset();
    LEFTFOLD_TRY(bench.clients, source::connectBoth(connection, bench.draining));
    bench.connection = std::move(connection);
    return {};
}

// Profiles

Result<Profiles> allProfiles()
{
    LEFTFOLD_TRY(const auto names, source::profileNames());
    Profiles out;
    for (const std::string& name : names) {
        auto profile = source::readProfile(name);
        if (profile) {
            out.profiles.push_back(std::move(*profile));
        } else {
            out.unreadable.push_back(profile.error());
        }
    }
    return out;
}

Result<void> keep(const KafkaProfile& profile, const std::map<std::string, std::string>& secrets)
{
    if (secrets.empty()) return {};
    const auto named = profile.properties.find("secret.store");
    LEFTFOLD_TRY(const auto store, source::secretStore(named == profile.properties.end() ? "keyring" : named->second));
    for (const auto& [property, secret] : secrets) LEFTFOLD_CHECK(store->write(profile.name, property, secret));
    return {};
}

Result<void> apply(const std::monostate&, Profiles&)
{
    return {};
}

/// What cannot be a profile leaves no secret behind in a store.
Result<void> apply(const SaveProfile& change, Profiles& told)
{
    LEFTFOLD_CHECK(source::parseProfile(change.profile.name, toText(change.profile)).map([](const auto&) {}));
    LEFTFOLD_CHECK(keep(change.profile, change.secrets));
    told.changed = change.profile.name;
    return source::writeProfile(change.profile);
}

Result<void> apply(const RemoveProfile& change, Profiles&)
{
    return source::removeProfile(change.name);
}

Result<void> apply(const ImportProfile& change, Profiles& told)
{
    LEFTFOLD_TRY(const std::string text, base::readFile(change.path));
    const bool isKcat = change.path.ends_with(".conf");
    LEFTFOLD_TRY(source::ImportedProfile imported,
                 isKcat ? source::importKcat(change.name, text) : source::importJava(change.name, text));
    told.notes = std::move(imported.notes);
    if (!imported.secrets.empty()) {
        imported.profile.properties["secret.store"] = "keyring";
        if (const auto kept = keep(imported.profile, imported.secrets); !kept)
            told.notes.push_back(base::render(kept.error()));
    }
    told.changed = change.name;
    return source::writeProfile(imported.profile);
}

// Topics

bool isInternal(const std::string& topic)
{
    return topic.starts_with("__");
}

TopicList namesOf(const source::TopicPartitions& there, const AskTopics& question)
{
    TopicList list;
    list.cluster = question.cluster;
    for (const auto& [name, partitions] : there) {
        if (isInternal(name) && !question.withInternal) {
            ++list.internal;
            continue;
        }
        source::TopicFacts& topic = list.topics.emplace_back();
        topic.name = name;
        for (const std::int32_t number : partitions) topic.partitions.push_back({{name, number}, {}, {}, {}});
    }
    return list;
}

PreviewRow rowOf(const event::Partition& partition, const event::Record& record, const snapshot::Masks* masks)
{
    if (masks != nullptr) return rowOf(partition, masks->masked(record).record, nullptr);
    PreviewRow row;
    row.position = {partition, record.offset};
    row.timestamp = record.timestamp;
    if (record.key) row.key = decode::printable(*record.key, kPreviewCharacters);
    row.isTombstone = !record.value;
    row.bytes = record.value ? record.value->size() : 0;
    if (record.value) row.value = decode::printable(*record.value, kPreviewCharacters);
    return row;
}

// Views

/// One look after the other at one cluster.
class Watch {
public:
    Watch(ClusterBench& bench, const AskViews& question) : m_bench(bench), m_question(question) {}

    /// What was seen; where that failed, what was seen last, and why.
    ViewsLook look(const std::stop_token& stop)
    {
        const auto seen = tryToLook(stop);
        m_last.trouble = seen ? std::nullopt : std::optional(seen.error());
        return m_last;
    }
    [[nodiscard]] bool isTroubled() const { return m_last.trouble.has_value(); }

private:
    Result<void> tryToLook(const std::stop_token& stop)
    {
        LEFTFOLD_CHECK(connect(m_bench, m_question.cluster));
        if (m_cluster.empty()) {
            LEFTFOLD_TRY(m_cluster, source::clusterIdOf(*m_bench.clients.uncommitted, stop));
        }
        LEFTFOLD_TRY(const std::vector<std::string> wanted, wantedViews(stop));
        const base::Time at = now();
        std::vector<views::PartitionLook> looks;
        if (!wanted.empty()) {
            LEFTFOLD_TRY(looks, views::lookAtViews(m_bench.clients, wanted, at, stop));
        }
        LEFTFOLD_TRY(const views::LagHistory history, sample(looks, at));
        m_last.at = at;
        m_last.views = viewFacts(looks, history, at, m_question.rules);
        for (ViewFacts& view : m_last.views) view.isAdded = m_question.added.contains(view.name);
        return {};
    }

    /// Groups that are gone are not looked for.
    Result<std::vector<std::string>> wantedViews(const std::stop_token& stop)
    {
        LEFTFOLD_TRY(const auto groups, source::groupsOf(*m_bench.clients.uncommitted, stop));
        std::vector<std::string> wanted;
        for (const source::GroupFacts& group : groups) {
            if (m_question.all || m_question.added.contains(group.name)) wanted.push_back(group.name);
        }
        return wanted;
    }

    /// Keeps what was seen of added views; of the others only this look is known.
    Result<views::LagHistory> sample(const std::vector<views::PartitionLook>& looks, base::Time at)
    {
        views::LagHistory seen;
        views::LagHistory kept;
        for (const views::PartitionLook& look : looks) {
            seen[look.of] = {look.sample};
            if (m_question.added.contains(look.of.view)) kept[look.of] = {look.sample};
        }
        if (kept.empty()) return seen;
        LEFTFOLD_CHECK(openStore(at));
        LEFTFOLD_CHECK(m_store->add(m_cluster, kept));
        LEFTFOLD_TRY(views::LagHistory history, m_store->read(m_cluster, std::nullopt, at, m_question.history));
        std::erase_if(history, [&](const auto& item) { return !kept.contains(item.first); });
        seen.merge(views::LagHistory(history));
        for (auto& [of, samples] : history) seen[of] = std::move(samples);
        return seen;
    }

    Result<void> openStore(base::Time at)
    {
        if (m_store) return {};
        LEFTFOLD_TRY(const std::string path, views::lagStorePath());
        LEFTFOLD_TRY(m_store, views::LagStore::open(path));
        return m_store->forget({at.seconds - std::chrono::seconds(kStorePast).count(), 0});
    }

    ClusterBench& m_bench;
    const AskViews& m_question;
    std::string m_cluster;
    std::unique_ptr<views::LagStore> m_store;
    ViewsLook m_last;
};

} // namespace

std::vector<LagPoint> lagOverTime(const views::LagHistory& history, const std::string& view)
{
    std::map<std::pair<std::int64_t, std::uint32_t>, std::int64_t> sums;
    for (const auto& [of, samples] : history) {
        if (of.view != view) continue;
        for (const views::LagSample& sample : samples) {
            if (const auto lag = lagOf(sample)) sums[{sample.time.seconds, sample.time.nanos}] += lag->value;
        }
    }
    std::vector<LagPoint> points;
    for (const auto& [time, lag] : sums) points.push_back({{time.first, time.second}, lag});
    return points;
}

std::vector<ViewFacts> viewFacts(const std::vector<views::PartitionLook>& looks, const views::LagHistory& history,
                                 base::Time now, const views::LagRules& rules)
{
    std::map<std::string, ViewFacts> byName;
    for (const views::PartitionLook& look : looks) {
        ViewFacts& view = byName[look.of.view];
        view.name = look.of.view;
        const auto known = history.find(look.of);
        const std::vector<views::LagSample> samples = known == history.end() ? std::vector{look.sample} : known->second;
        view.partitions.push_back({look, views::judge(samples, now, rules), views::catchUpOf(samples, now, rules),
                                   views::retentionEaten(look.sample)});
        if (const auto lag = lagOf(look.sample)) view.lag = view.lag.value_or(0) + lag->value;
        if (look.sample.committed) view.committed.next[look.of.partition] = *look.sample.committed;
    }
    std::vector<ViewFacts> out;
    for (auto& [name, view] : byName) {
        std::vector<views::ViewStatus> statuses;
        std::vector<views::CatchUp> catchUps;
        for (const ViewPartitionFacts& partition : view.partitions) {
            statuses.push_back(partition.verdict.status);
            catchUps.push_back(partition.catchUp);
        }
        view.status = views::worst(statuses);
        view.catchUp = views::slowest(catchUps);
        view.history = lagOverTime(history, name);
        out.push_back(std::move(view));
    }
    return out;
}

Result<Profiles> answer(ClusterBench&, const AskProfiles& question, std::stop_token, const Telling<Profiles>&)
{
    Profiles told;
    LEFTFOLD_CHECK(std::visit([&](const auto& change) { return apply(change, told); }, question.change));
    LEFTFOLD_TRY(Profiles there, allProfiles());
    there.changed = std::move(told.changed);
    there.notes = std::move(told.notes);
    return there;
}

Result<ConnectionReport> answer(ClusterBench& bench, const AskConnection& question, std::stop_token stop,
                                const Telling<ConnectionReport>&)
{
    LEFTFOLD_CHECK(source::parseProfile(question.profile.name, toText(question.profile)).map([](const auto&) {}));
    LEFTFOLD_TRY(const source::KafkaConnection connection, source::connectionOf(question.profile, question.secrets));
    LEFTFOLD_TRY(auto steps, source::testConnection(connection, bench.draining, std::move(stop)));
    return ConnectionReport{std::move(steps)};
}

Result<TopicList> answer(ClusterBench& bench, const AskTopics& question, std::stop_token stop,
                         const Telling<TopicList>& telling)
{
    LEFTFOLD_CHECK(connect(bench, question.cluster));
    LEFTFOLD_TRY(const auto there, source::partitionsOf(*bench.clients.uncommitted, {}, stop));
    TopicList list = namesOf(there, question);
    if (telling.more) telling.more(list);
    std::vector<std::string> names;
    for (const source::TopicFacts& topic : list.topics) names.push_back(topic.name);
    list.hasFacts = true;
    if (names.empty()) return list;
    LEFTFOLD_TRY(list.topics, source::topicFacts(bench.clients, names, std::move(stop)));
    return list;
}

Result<Preview> answer(ClusterBench& bench, const AskPreview& question, std::stop_token stop, const Telling<Preview>&)
{
    LEFTFOLD_CHECK(connect(bench, question.cluster));
    const bool isCommitted = question.isolation == source::Isolation::Committed;
    const auto& client = isCommitted ? bench.clients.committed : bench.clients.uncommitted;
    LEFTFOLD_TRY(const auto there, source::partitionsOf(*client, {question.topic}, stop));
    std::set<event::Partition> partitions;
    for (const auto& [topic, numbers] : there) {
        for (const std::int32_t number : numbers) partitions.insert({topic, number});
    }
    LEFTFOLD_TRY(const auto last, source::lastRecords(*client, partitions, static_cast<std::int64_t>(question.rows),
                                                      kPreviewTime, std::move(stop)));
    Preview preview{question.cluster, question.topic, {}};
    for (const auto& [partition, records] : last) {
        for (const source::PeekedRecord& peeked : records)
            preview.rows.push_back(rowOf(partition, peeked.record, question.masks.get()));
    }
    std::ranges::stable_sort(preview.rows, [](const PreviewRow& a, const PreviewRow& b) {
        return std::pair(b.timestamp, b.position) < std::pair(a.timestamp, a.position);
    });
    if (preview.rows.size() > question.rows) preview.rows.resize(question.rows);
    return preview;
}

Result<ViewsLook> answer(ClusterBench& bench, const AskViews& question, std::stop_token stop,
                         const Telling<ViewsLook>& telling)
{
    Watch watch(bench, question);
    std::mutex mutex;
    std::condition_variable_any stopped;
    while (!stop.stop_requested()) {
        ViewsLook look = watch.look(stop);
        if (stop.stop_requested()) break;
        telling.more(std::move(look));
        std::unique_lock lock(mutex);
        const auto wait =
            watch.isTroubled() ? std::min<std::chrono::milliseconds>(question.every, kLookAgain) : question.every;
        stopped.wait_for(lock, stop, wait, [] { return false; });
    }
    return fail(ErrorCode::Cancelled);
}

} // namespace leftfold::workspace
