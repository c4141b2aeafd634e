// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_target.h"

#include <algorithm>

namespace leftfold::source {

namespace {

using base::ErrorCode;
using base::Result;
using event::Offset;
using event::Partition;

std::int64_t millisecondsOf(base::Time time)
{
    // A fraction of a millisecond later is the next one: nothing at or behind `time` is before it.
    constexpr std::uint32_t kNanos = 1'000'000;
    return time.seconds * 1000 + (time.nanos + kNanos - 1) / kNanos;
}

/// A bound that is an offset of the partition, where it is one.
std::optional<Offset> offsetOf(const KafkaBound& bound, const Partition& partition, Offset start, Offset end)
{
    if (std::holds_alternative<Earliest>(bound)) return start;
    if (std::holds_alternative<Latest>(bound)) return end;
    if (const auto* back = std::get_if<FromEnd>(&bound))
        return Offset{std::max(start.value, end.value - back->offsets)};
    if (const auto* offset = std::get_if<Offset>(&bound)) return *offset;
    if (const auto* cut = std::get_if<event::Cut>(&bound)) {
        const auto named = cut->next.find(partition);
        return named == cut->next.end() ? start : named->second;
    }
    return std::nullopt;
}

Result<std::map<std::string, bool>> compactedTopics(KafkaClient& client, const std::vector<std::string>& topics,
                                                    std::stop_token stop)
{
    std::map<std::string, bool> compacted;
    const auto settings = settingsOf(client, topics, stop);
    if (!settings && settings.error().code == ErrorCode::Cancelled) return tl::unexpected(settings.error());
    // Who may not see the settings reads the topic all the same.
    if (!settings) return compacted;
    for (const auto& [topic, values] : *settings) {
        const auto policy = values.find("cleanup.policy");
        if (policy != values.end()) compacted[topic] = policy->second.find("compact") != std::string::npos;
    }
    return compacted;
}

} // namespace

std::map<Partition, KafkaSpan> spansOf(const KafkaBound& from, const KafkaBound& until, const KafkaEnds& ends)
{
    std::map<Partition, KafkaSpan> spans;
    for (const auto& [partition, start] : ends.start) {
        const Offset end = ends.end.at(partition);
        const auto atFrom = ends.atFrom.find(partition);
        const Offset timed = atFrom == ends.atFrom.end() ? start : atFrom->second;
        KafkaSpan span;
        span.start = start;
        span.high = end;
        span.from = std::max(start, offsetOf(from, partition, start, end).value_or(timed));
        span.end = std::min(end, offsetOf(until, partition, start, end).value_or(end));
        spans.emplace(partition, span);
    }
    return spans;
}

Result<std::set<Partition>> chosenPartitions(const KafkaAddress& address, const TopicPartitions& there)
{
    std::set<Partition> chosen;
    for (const KafkaTopic& topic : address.topics) {
        const std::vector<std::int32_t>& all = there.at(topic.name);
        for (const std::int32_t number : topic.partitions.empty() ? all : topic.partitions) {
            if (!std::ranges::binary_search(all, number)) {
                return base::fail(ErrorCode::KafkaNoPartition, topic.name, std::to_string(number),
                                  std::to_string(all.size()));
            }
            chosen.insert({topic.name, number});
        }
    }
    return chosen;
}

Result<KafkaTarget> targetOf(KafkaClient& client, const KafkaAddress& address, std::stop_token stop)
{
    LEFTFOLD_TRY(const KafkaBound from, parseKafkaBound(address.from));
    LEFTFOLD_TRY(const KafkaBound until, parseKafkaBound(address.until));
    std::vector<std::string> names;
    for (const KafkaTopic& topic : address.topics) names.push_back(topic.name);
    KafkaTarget target;
    LEFTFOLD_TRY(const TopicPartitions there, partitionsOf(client, names, stop));
    LEFTFOLD_TRY(const std::set<Partition> chosen, chosenPartitions(address, there));
    LEFTFOLD_TRY(target.cluster, clusterIdOf(client, stop));
    LEFTFOLD_TRY(target.compacted, compactedTopics(client, names, stop));
    KafkaEnds ends;
    LEFTFOLD_TRY(ends.start, listOffsets(client, chosen, kAtStart, stop));
    LEFTFOLD_TRY(ends.end, listOffsets(client, chosen, kAtEnd, stop));
    if (const auto* time = std::get_if<base::Time>(&from)) {
        LEFTFOLD_TRY(ends.atFrom, listOffsets(client, chosen, millisecondsOf(*time), stop));
    }
    target.spans = spansOf(from, until, ends);
    return target;
}

} // namespace leftfold::source
