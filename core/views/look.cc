// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/views/look.h"

#include "core/source/kafka_groups.h"

#include <algorithm>
#include <fmt/format.h>

namespace leftfold::views {

namespace {

using base::Result;
using event::Offset;
using event::Partition;
using source::Offsets;

constexpr auto kPeekTime = std::chrono::seconds(3);
constexpr std::int64_t kLastRecords = 5; // the last offset may be a marker's

struct GroupLook {
    std::string name;
    Offsets committed;
    std::map<Partition, std::string> members;
};

Result<std::vector<std::string>> namesOf(const source::KafkaClients& clients, const std::vector<std::string>& asked,
                                         const std::stop_token& stop)
{
    LEFTFOLD_TRY(const auto groups, source::groupsOf(*clients.uncommitted, stop));
    std::vector<std::string> there;
    for (const source::GroupFacts& group : groups) there.push_back(group.name);
    if (asked.empty()) return there;
    for (const std::string& name : asked) {
        if (std::ranges::find(there, name) == there.end()) return base::fail(base::ErrorCode::NoSuchView, name);
    }
    return asked;
}

/// Of a topic that a group has anything to do with, all partitions are its.
std::set<Partition> partitionsOf(const GroupLook& group, const source::TopicPartitions& there)
{
    std::set<std::string> topics;
    for (const auto& [partition, offset] : group.committed) topics.insert(partition.topic);
    for (const auto& [partition, member] : group.members) topics.insert(partition.topic);
    std::set<Partition> out;
    for (const std::string& topic : topics) {
        const auto known = there.find(topic);
        if (known == there.end()) continue; // deleted since
        for (const std::int32_t number : known->second) out.insert({topic, number});
    }
    return out;
}

struct Ends {
    Offsets start;
    Offsets lastStable;
    Offsets highWatermark;
};

Result<Ends> endsOf(const source::KafkaClients& clients, const std::set<Partition>& partitions,
                    const std::stop_token& stop)
{
    Ends ends;
    LEFTFOLD_TRY(ends.start, source::listOffsets(*clients.uncommitted, partitions, source::kAtStart, stop));
    LEFTFOLD_TRY(ends.lastStable, source::listOffsets(*clients.committed, partitions, source::kAtEnd, stop));
    LEFTFOLD_TRY(ends.highWatermark, source::listOffsets(*clients.uncommitted, partitions, source::kAtEnd, stop));
    return ends;
}

PartitionLook lookOf(const GroupLook& group, const Partition& partition, const Ends& ends, base::Time now)
{
    PartitionLook look;
    look.of = {group.name, partition};
    look.sample.time = now;
    if (const auto committed = group.committed.find(partition); committed != group.committed.end())
        look.sample.committed = committed->second;
    look.sample.start = ends.start.at(partition);
    look.sample.end = ends.highWatermark.at(partition);
    look.lastStable = ends.lastStable.at(partition);
    if (const auto member = group.members.find(partition); member != group.members.end()) look.member = member->second;
    return look;
}

bool isBehind(const PartitionLook& look)
{
    const auto lag = lagOf(look.sample);
    return lag && lag->value > 0;
}

/// Reads the records that tell times, and says what a lag is made of.
Result<void> addRecords(const source::KafkaClients& clients, std::vector<PartitionLook>& looks,
                        const std::string& group, base::Time now, const std::stop_token& stop)
{
    Offsets unread;
    std::set<Partition> behind;
    for (const PartitionLook& look : looks) {
        if (look.of.view != group || !isBehind(look)) continue;
        behind.insert(look.of.partition);
        const Offset from = std::max(*look.sample.committed, look.sample.start);
        if (from < look.lastStable) unread.emplace(look.of.partition, from);
    }
    LEFTFOLD_TRY(const auto next, source::recordsAt(*clients.committed, unread, kPeekTime, stop));
    std::map<Partition, std::vector<source::PeekedRecord>> last;
    if (!behind.empty()) {
        LEFTFOLD_TRY(last, source::lastRecords(*clients.uncommitted, behind, kLastRecords, kPeekTime, stop));
    }
    for (PartitionLook& look : looks) {
        if (look.of.view != group) continue;
        const auto found = next.find(look.of.partition);
        const auto end = last.find(look.of.partition);
        std::optional<base::Time> nextTime;
        std::optional<base::Time> lastTime;
        if (found != next.end()) {
            look.nextUnread = found->second.record.offset;
            nextTime = found->second.record.timestamp;
        }
        if (end != last.end() && !end->second.empty()) lastTime = end->second.back().record.timestamp;
        look.time = timeLagOf(lagOf(look.sample).value_or(event::OffsetCount{1}), nextTime, lastTime, now);
        look.label = labelOf(look.sample, look.lastStable, look.nextUnread, unread.contains(look.of.partition));
    }
    return {};
}

} // namespace

std::string labelOf(const LagSample& sample, Offset lastStable, const std::optional<Offset>& nextUnread, bool hasLooked)
{
    if (!sample.committed) return "never committed";
    if (const auto ahead = aheadOf(sample).value; ahead > 0)
        return fmt::format("ahead by {}: the partition was truncated or made anew", ahead);
    if (lagOf(sample)->value == 0) return {};
    const auto expired = expiredOf(sample).value;
    if (expired > 0) return fmt::format("expired: {} offsets lost", expired);
    const Offset from = *sample.committed;
    if (from >= lastStable) return "open transaction";
    if (!hasLooked) return {};
    if (!nextUnread) return lastStable < sample.end ? "open transaction" : "marker only";
    if (*nextUnread > from)
        return fmt::format("{} offsets before the next record hold none", (*nextUnread - from).value);
    return {};
}

Result<std::vector<PartitionLook>> lookAtViews(const source::KafkaClients& clients,
                                               const std::vector<std::string>& views, base::Time now,
                                               std::stop_token stop)
{
    LEFTFOLD_TRY(const std::vector<std::string> names, namesOf(clients, views, stop));
    std::vector<GroupLook> groups;
    for (const std::string& name : names) {
        GroupLook& group = groups.emplace_back();
        group.name = name;
        LEFTFOLD_TRY(group.members, source::membersOf(*clients.uncommitted, name, stop));
        LEFTFOLD_TRY(group.committed, source::committedOf(*clients.uncommitted, name, stop));
    }
    if (groups.empty()) return std::vector<PartitionLook>();
    LEFTFOLD_TRY(const source::TopicPartitions there, source::partitionsOf(*clients.uncommitted, {}, stop));
    std::set<Partition> all;
    for (const GroupLook& group : groups) all.merge(partitionsOf(group, there));
    LEFTFOLD_TRY(const Ends ends, endsOf(clients, all, stop));
    std::vector<PartitionLook> looks;
    for (const GroupLook& group : groups) {
        for (const Partition& partition : partitionsOf(group, there))
            looks.push_back(lookOf(group, partition, ends, now));
    }
    for (const GroupLook& group : groups) LEFTFOLD_CHECK(addRecords(clients, looks, group.name, now, stop));
    return looks;
}

} // namespace leftfold::views
