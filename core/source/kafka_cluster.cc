// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_cluster.h"

#include "core/source/kafka_handles.h"

#include <algorithm>
#include <array>
#include <thread>

namespace leftfold::source {

namespace {

using base::Result;

constexpr int kTimeout = static_cast<int>(KafkaClient::kAnswerTime.count());

tl::unexpected<base::Error> failed(const KafkaClient& client, rd_kafka_resp_err_t code, const std::string& what)
{
    // A question that was never answered says nothing; why there is no connection does.
    const bool unanswered = code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__TIMED_OUT
                            || code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN
                            || code == RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE;
    if (auto trouble = client.trouble(); unanswered && trouble) return tl::unexpected(std::move(*trouble));
    if (unanswered) {
        return tl::unexpected(kafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, "no answer within 10 s", client.name(), what));
    }
    return tl::unexpected(kafkaError(code, rd_kafka_err2str(code), client.name(), what));
}

void addPartitions(TopicPartitions& out, const rd_kafka_metadata_topic_t& topic)
{
    std::vector<std::int32_t>& numbers = out[topic.topic];
    for (int i = 0; i < topic.partition_cnt; ++i) numbers.push_back(topic.partitions[i].id);
    std::ranges::sort(numbers);
}

/// All topics where `name` is empty.
Result<void> addTopic(KafkaClient& client, const std::string& name, TopicPartitions& out)
{
    const TopicHandle topic(name.empty() ? nullptr : rd_kafka_topic_new(client.handle(), name.c_str(), nullptr));
    const rd_kafka_metadata_t* answer = nullptr;
    const auto code = rd_kafka_metadata(client.handle(), name.empty() ? 1 : 0, topic.get(), &answer, kTimeout);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return failed(client, code, name);
    const std::unique_ptr<const rd_kafka_metadata_t, decltype(&rd_kafka_metadata_destroy)> held(
        answer, &rd_kafka_metadata_destroy);
    for (int i = 0; i < answer->topic_cnt; ++i) {
        const rd_kafka_metadata_topic_t& found = answer->topics[i];
        if (found.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            addPartitions(out, found);
        } else if (!name.empty()) {
            return failed(client, found.err, name);
        }
    }
    if (!name.empty() && !out.contains(name)) return failed(client, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, name);
    return {};
}

Result<TopicPartitions> topics(KafkaClient& client, const std::vector<std::string>& names)
{
    TopicPartitions out;
    if (names.empty()) LEFTFOLD_CHECK(addTopic(client, {}, out));
    for (const std::string& name : names) LEFTFOLD_CHECK(addTopic(client, name, out));
    return out;
}

bool isPassing(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE || code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION
           || code == RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE || code == RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE;
}

Result<Offsets> offsetsOnce(KafkaClient& client, const std::map<event::Partition, std::int64_t>& times,
                            rd_kafka_resp_err_t& code)
{
    const PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(times.size())));
    for (const auto& [partition, time] : times) {
        rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.number)->offset = time;
    }
    code = rd_kafka_offsets_for_times(client.handle(), list.get(), kTimeout);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return failed(client, code, times.begin()->first.topic);
    Offsets out;
    for (const rd_kafka_topic_partition_t& item : std::span(list->elems, static_cast<std::size_t>(list->cnt))) {
        code = item.err;
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return failed(client, code, item.topic);
        out.emplace(event::Partition{item.topic, item.partition}, event::Offset{item.offset});
    }
    return out;
}

/// A partition without a leader gets one soon.
Result<Offsets> offsets(KafkaClient& client, const std::map<event::Partition, std::int64_t>& times)
{
    const auto end = std::chrono::steady_clock::now() + KafkaClient::kAnswerTime;
    for (;;) {
        rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;
        auto found = offsetsOnce(client, times, code);
        if (found || !isPassing(code) || std::chrono::steady_clock::now() > end) return found;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

Result<TopicSettings> settings(KafkaClient& client, const std::vector<std::string>& names)
{
    std::vector<rd_kafka_ConfigResource_t*> asked;
    for (const std::string& name : names)
        asked.push_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
    const QueueHandle queue(rd_kafka_queue_new(client.handle()));
    const std::unique_ptr<rd_kafka_AdminOptions_t, decltype(&rd_kafka_AdminOptions_destroy)> options(
        rd_kafka_AdminOptions_new(client.handle(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS), &rd_kafka_AdminOptions_destroy);
    std::array<char, 512> ignored{};
    rd_kafka_AdminOptions_set_request_timeout(options.get(), kTimeout, ignored.data(), ignored.size());
    rd_kafka_DescribeConfigs(client.handle(), asked.data(), asked.size(), options.get(), queue.get());
    rd_kafka_ConfigResource_destroy_array(asked.data(), asked.size());
    const EventHandle event(rd_kafka_queue_poll(queue.get(), kTimeout));
    if (!event) return failed(client, RD_KAFKA_RESP_ERR__TIMED_OUT, {});
    TopicSettings out;
    const auto code = rd_kafka_event_error(event.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return failed(client, code, {});
    std::size_t count = 0;
    const auto resources =
        rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event.get()), &count);
    for (const rd_kafka_ConfigResource_t* resource : std::span(resources, count)) {
        if (rd_kafka_ConfigResource_error(resource) != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
        std::size_t entries = 0;
        const auto entry = rd_kafka_ConfigResource_configs(resource, &entries);
        auto& values = out[rd_kafka_ConfigResource_name(resource)];
        for (const rd_kafka_ConfigEntry_t* item : std::span(entry, entries)) {
            const char* value = rd_kafka_ConfigEntry_value(item);
            if (value != nullptr) values.emplace(rd_kafka_ConfigEntry_name(item), value);
        }
    }
    return out;
}

} // namespace

Result<TopicPartitions> partitionsOf(KafkaClient& client, const std::vector<std::string>& names, std::stop_token stop)
{
    return client.ask<TopicPartitions>([names](KafkaClient& asked) { return topics(asked, names); }, std::move(stop));
}

Result<std::string> clusterIdOf(KafkaClient& client, std::stop_token stop)
{
    return client.ask<std::string>(
        [](KafkaClient& asked) -> Result<std::string> {
            const std::unique_ptr<char, decltype(&std::free)> id(rd_kafka_clusterid(asked.handle(), kTimeout),
                                                                 &std::free);
            return id ? std::string(id.get()) : std::string();
        },
        std::move(stop));
}

Result<Offsets> listOffsets(KafkaClient& client, const std::map<event::Partition, std::int64_t>& times,
                            std::stop_token stop)
{
    if (times.empty()) return Offsets();
    LEFTFOLD_TRY(Offsets found,
                 client.ask<Offsets>([times](KafkaClient& asked) { return offsets(asked, times); }, stop));
    // No record that late is told as -1: such a partition is at its end, not at its start.
    std::map<event::Partition, std::int64_t> none;
    for (const auto& [partition, offset] : found) {
        if (offset.value < 0) none.emplace(partition, kAtEnd);
    }
    if (none.empty()) return found;
    LEFTFOLD_TRY(const Offsets ends,
                 client.ask<Offsets>([none](KafkaClient& asked) { return offsets(asked, none); }, stop));
    for (const auto& [partition, offset] : ends) found[partition] = offset;
    return found;
}

Result<Offsets> listOffsets(KafkaClient& client, const std::set<event::Partition>& partitions, std::int64_t time,
                            std::stop_token stop)
{
    std::map<event::Partition, std::int64_t> times;
    for (const event::Partition& partition : partitions) times.emplace(partition, time);
    return listOffsets(client, times, std::move(stop));
}

void wakeFetchingOf(KafkaClient& client, const std::set<event::Partition>& partitions)
{
    if (partitions.empty()) return;
    std::map<event::Partition, std::int64_t> times;
    for (const event::Partition& partition : partitions) times.emplace(partition, kAtEnd);
    client.tell([times = std::move(times)](KafkaClient& asked) {
        auto code = RD_KAFKA_RESP_ERR_NO_ERROR;
        (void)offsetsOnce(asked, times, code);
    });
}

Result<TopicSettings> settingsOf(KafkaClient& client, const std::vector<std::string>& names, std::stop_token stop)
{
    return client.ask<TopicSettings>([names](KafkaClient& asked) { return settings(asked, names); }, std::move(stop));
}

} // namespace leftfold::source
