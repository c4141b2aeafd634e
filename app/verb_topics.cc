// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/clusters.h"
#include "app/event_text.h"
#include "app/verb.h"
#include "core/event/json_walker.h"
#include "core/source/kafka_topics.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

using base::Result;
using source::PartitionFacts;
using source::retentionText;
using source::TopicFacts;

std::string bytesText(std::optional<std::uint64_t> bytes)
{
    if (!bytes) return "?";
    if (*bytes < 10'000'000) return fmt::format("~{} kB", *bytes / 1000);
    return fmt::format("~{} MB", *bytes / 1'000'000);
}

void printTopic(const TopicFacts& topic, Output& out)
{
    out.line(fmt::format("{}  {} partition{}, {} offsets, {}, {} records in the last hour, {}", out.in(1, topic.name),
                         topic.partitions.size(), topic.partitions.size() == 1 ? "" : "s", topic.offsets(),
                         bytesText(topic.estimatedBytes), topic.recordsPerHour.value_or(0),
                         retentionText(topic.settings)));
}

void printPartition(const PartitionFacts& partition, Output& out)
{
    const auto open = (partition.highWatermark - partition.lastStable).value;
    out.line(fmt::format("  {}  start {}, last stable {}, high watermark {}{}", toText(partition.partition),
                         partition.start.value, partition.lastStable.value, partition.highWatermark.value,
                         open > 0 ? fmt::format(": a transaction is open, {} offsets wait for it", open) : ""));
}

std::string topicJson(const TopicFacts& topic)
{
    event::DocumentBuilder json;
    json.beginObject();
    textMember(json, "topic", topic.name);
    numberMember(json, "offsets", topic.offsets());
    if (topic.estimatedBytes) numberMember(json, "estimatedBytes", *topic.estimatedBytes);
    if (topic.recordsPerHour) numberMember(json, "recordsPerHour", static_cast<std::uint64_t>(*topic.recordsPerHour));
    textMember(json, "retention", retentionText(topic.settings));
    json.key("partitions");
    json.beginArray();
    for (const PartitionFacts& partition : topic.partitions) {
        json.beginObject();
        numberMember(json, "partition", static_cast<std::uint64_t>(partition.partition.number));
        numberMember(json, "start", static_cast<std::uint64_t>(partition.start.value));
        numberMember(json, "lastStable", static_cast<std::uint64_t>(partition.lastStable.value));
        numberMember(json, "highWatermark", static_cast<std::uint64_t>(partition.highWatermark.value));
        json.endObject();
    }
    json.endArray();
    json.endObject();
    return toJson(json.finish().root());
}

/// A record that is in no capture: it has no place in a replay order, and no type.
std::string recordLine(const event::Partition& partition, const event::Record& record, const Output& out)
{
    const std::string place = fmt::format("{}  {}", timeText(record.timestamp.value_or(base::kBeginningOfTime)),
                                          toText(event::Position{partition, record.offset}));
    const std::string key = record.key ? printable(*record.key, 0) : "-";
    const std::size_t used = place.size() + key.size() + 4;
    const std::size_t left = out.width() == 0 ? 0 : out.width() > used + 10 ? out.width() - used : 10;
    const std::string value = record.value ? printable(*record.value, left) : "(tombstone)";
    return fmt::format("{}  {}  {}", out.in(90, place), out.in(1, key), value);
}

class Topics : public Verb {
public:
    const char* name() const override { return "topics"; }
    const char* about() const override { return "the topics of a Kafka cluster: partitions, offsets, retention, size"; }
    void define(CLI::App& verb) override
    {
        verb.add_option("CLUSTER", m_cluster, "a profile, or kafka://HOST:PORT[/TOPIC,...]")->required();
        verb.add_option("TOPIC", m_topics, "only these, with their partitions");
        verb.add_option("--last", m_last, "also the last N records of each partition")
            ->type_name("N")
            ->check(notNegative());
        addJson(verb, m_json);
        verb.footer(
            "Examples:\n  leftfold topics kafka://localhost:9092\n  leftfold topics production orders --last 3\n\n"
            "Nothing is written to the cluster: no group, no offset, no topic.");
    }
    VerbResult run(Output& out, std::stop_token stop) override
    {
        LEFTFOLD_TRY(Cluster cluster, openCluster(m_cluster));
        for (const source::KafkaTopic& topic : cluster.address.topics) m_topics.push_back(topic.name);
        LEFTFOLD_TRY(const auto facts, source::topicFacts(cluster.clients, m_topics, stop));
        for (const TopicFacts& topic : facts) {
            if (m_json) {
                out.line(topicJson(topic));
                continue;
            }
            printTopic(topic, out);
            if (m_topics.empty()) continue;
            for (const PartitionFacts& partition : topic.partitions) printPartition(partition, out);
        }
        return m_last == 0 ? VerbResult(Ok) : preview(cluster, facts, out, std::move(stop));
    }

private:
    VerbResult preview(const Cluster& cluster, const std::vector<TopicFacts>& facts, Output& out,
                       std::stop_token stop) const
    {
        std::set<event::Partition> partitions;
        for (const TopicFacts& topic : facts) {
            for (const PartitionFacts& partition : topic.partitions) partitions.insert(partition.partition);
        }
        LEFTFOLD_TRY(const auto last,
                     source::lastRecords(*cluster.clients.committed, partitions, static_cast<std::int64_t>(m_last),
                                         std::chrono::seconds(10), std::move(stop)));
        event::EventIndex index{0}; // among what is printed
        for (const auto& [partition, records] : last) {
            for (const source::PeekedRecord& peeked : records) {
                out.line(m_json ? recordJson(partition, peeked.record, index)
                                : recordLine(partition, peeked.record, out));
                ++index.value;
            }
        }
        return Ok;
    }

    static std::string recordJson(const event::Partition& partition, const event::Record& record,
                                  event::EventIndex index)
    {
        PrintedEvent event;
        event.index = index;
        event.partition = &partition;
        event.record = &record;
        event.effective = record.timestamp.value_or(base::kBeginningOfTime);
        event.id = record.key;
        event.undecodable = record.value && !event::checkJson(*record.value);
        std::string line;
        appendEventJson(line, event);
        return line;
    }

    std::string m_cluster;
    std::vector<std::string> m_topics;
    std::uint64_t m_last = 0;
    bool m_json = false;
};

} // namespace

std::unique_ptr<Verb> makeTopics()
{
    return std::make_unique<Topics>();
}

} // namespace leftfold::app
