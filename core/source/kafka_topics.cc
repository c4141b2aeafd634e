// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_topics.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace leftfold::source {

namespace {

using base::Result;
using event::Partition;

constexpr std::int64_t kSampled = 20;
constexpr auto kSampleTime = std::chrono::seconds(3);
constexpr std::int64_t kHourMs = 3'600'000;

struct AllOffsets {
    Offsets start;
    Offsets lastStable;
    Offsets highWatermark;
    Offsets anHourAgo;
};

std::int64_t nowMs()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

Result<AllOffsets> askOffsets(const KafkaClients& clients, const std::set<Partition>& partitions,
                              const std::stop_token& stop)
{
    AllOffsets offsets;
    LEFTFOLD_TRY(offsets.start, listOffsets(*clients.uncommitted, partitions, kAtStart, stop));
    LEFTFOLD_TRY(offsets.lastStable, listOffsets(*clients.committed, partitions, kAtEnd, stop));
    LEFTFOLD_TRY(offsets.highWatermark, listOffsets(*clients.uncommitted, partitions, kAtEnd, stop));
    LEFTFOLD_TRY(offsets.anHourAgo, listOffsets(*clients.uncommitted, partitions, nowMs() - kHourMs, stop));
    return offsets;
}

std::size_t bytesOf(const event::Record& record)
{
    std::size_t bytes = record.key.value_or("").size() + record.value.value_or("").size();
    for (const event::Header& header : record.headers) bytes += header.name.size() + header.value.value_or("").size();
    return bytes;
}

void addEstimates(TopicFacts& topic, const AllOffsets& offsets,
                  const std::map<Partition, std::vector<PeekedRecord>>& samples)
{
    std::size_t bytes = 0;
    std::size_t records = 0;
    std::int64_t recent = 0;
    for (const PartitionFacts& partition : topic.partitions) {
        recent += (partition.highWatermark - offsets.anHourAgo.at(partition.partition)).value;
        const auto sampled = samples.find(partition.partition);
        if (sampled == samples.end()) continue;
        records += sampled->second.size();
        for (const PeekedRecord& record : sampled->second) bytes += bytesOf(record.record);
    }
    topic.recordsPerHour = static_cast<double>(std::max<std::int64_t>(0, recent));
    if (records == 0 && topic.offsets() > 0) return;
    const double mean = records == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(records);
    topic.estimatedBytes = static_cast<std::uint64_t>(mean * static_cast<double>(topic.offsets()));
}

std::optional<std::int64_t> numberOf(const std::map<std::string, std::string>& settings, const char* name)
{
    const auto found = settings.find(name);
    if (found == settings.end()) return std::nullopt;
    std::int64_t number = 0;
    const char* const end = found->second.data() + found->second.size();
    return std::from_chars(found->second.data(), end, number).ptr == end ? std::optional(number) : std::nullopt;
}

std::string durationText(std::int64_t ms)
{
    constexpr std::int64_t kDay = 24 * kHourMs;
    if (ms % kDay == 0) return fmt::format("{} d", ms / kDay);
    if (ms % kHourMs == 0) return fmt::format("{} h", ms / kHourMs);
    return fmt::format("{} s", ms / 1000);
}

} // namespace

Result<KafkaClients> connectBoth(const KafkaConnection& connection, const std::shared_ptr<Draining>& draining)
{
    KafkaClients clients;
    LEFTFOLD_TRY(clients.committed, KafkaClient::make(connection, Isolation::Committed, draining));
    LEFTFOLD_TRY(clients.uncommitted, KafkaClient::make(connection, Isolation::Uncommitted, draining));
    return clients;
}

std::uint64_t TopicFacts::offsets() const
{
    std::int64_t all = 0;
    for (const PartitionFacts& partition : partitions) all += (partition.highWatermark - partition.start).value;
    return static_cast<std::uint64_t>(all);
}

Result<std::vector<TopicFacts>> topicFacts(const KafkaClients& clients, const std::vector<std::string>& topics,
                                           std::stop_token stop)
{
    LEFTFOLD_TRY(TopicPartitions there, partitionsOf(*clients.uncommitted, topics, stop));
    if (topics.empty()) std::erase_if(there, [](const auto& topic) { return topic.first.starts_with("__"); });
    std::set<Partition> partitions;
    std::vector<std::string> names;
    for (const auto& [topic, numbers] : there) {
        names.push_back(topic);
        for (const std::int32_t number : numbers) partitions.insert({topic, number});
    }
    if (names.empty()) return std::vector<TopicFacts>();
    LEFTFOLD_TRY(const AllOffsets offsets, askOffsets(clients, partitions, stop));
    const TopicSettings settings = settingsOf(*clients.uncommitted, names, stop).value_or(TopicSettings());
    LEFTFOLD_TRY(const auto samples, lastRecords(*clients.uncommitted, partitions, kSampled, kSampleTime, stop));
    std::vector<TopicFacts> facts;
    for (const auto& [name, numbers] : there) {
        TopicFacts& topic = facts.emplace_back();
        topic.name = name;
        if (const auto found = settings.find(name); found != settings.end()) topic.settings = found->second;
        for (const std::int32_t number : numbers) {
            const Partition partition{name, number};
            topic.partitions.push_back({partition, offsets.start.at(partition), offsets.lastStable.at(partition),
                                        offsets.highWatermark.at(partition)});
        }
        addEstimates(topic, offsets, samples);
    }
    return facts;
}

std::string retentionText(const std::map<std::string, std::string>& settings)
{
    const auto policy = settings.find("cleanup.policy");
    if (policy == settings.end()) return "?";
    std::string text = policy->second.find("compact") == std::string::npos ? "" : "compacted";
    if (policy->second.find("delete") == std::string::npos) return text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    const auto ms = numberOf(settings, "retention.ms");
    const auto bytes = numberOf(settings, "retention.bytes");
    if (ms && *ms >= 0) add(durationText(*ms));
    if (bytes && *bytes >= 0) add(fmt::format("{} MB a partition", *bytes / 1'000'000));
    return text.empty() ? "kept for ever" : text;
}

} // namespace leftfold::source
