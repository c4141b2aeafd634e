// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_peek.h"

#include "core/source/kafka_buffer.h"

#include <algorithm>

namespace leftfold::source {

namespace {

using base::Result;
using event::Offset;
using event::Partition;
using Clock = std::chrono::steady_clock;
using Peeked = std::map<Partition, std::vector<PeekedRecord>>;

constexpr int kLookMs = 40;

/// Reads some records of several partitions, and lets go of them.
class Peek {
public:
    explicit Peek(KafkaClient& client) : m_client(client), m_queue(rd_kafka_queue_new(client.handle())) {}
    Peek(const Peek&) = delete;
    Peek& operator=(const Peek&) = delete;
    ~Peek()
    {
        for (const auto& [partition, place] : m_places)
            rd_kafka_consume_stop(topicOf(partition.topic), partition.number);
    }

    /// Reads from `from` until `most` records are there, or the partition is at its end.
    void start(const Partition& partition, Offset from, std::size_t most)
    {
        if (rd_kafka_consume_start_queue(topicOf(partition.topic), partition.number, from.value, m_queue.get()) != 0)
            return;
        m_places.emplace(partition, most);
    }

    Result<Peeked> read(std::chrono::milliseconds limit, const std::stop_token& stop)
    {
        const auto end = Clock::now() + limit;
        while (std::ranges::any_of(m_places, [](const auto& place) { return place.second > 0; })
               && Clock::now() < end) {
            if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
            rd_kafka_consume_callback_queue(m_queue.get(), kLookMs, &Peek::take, this);
            m_client.listen(std::chrono::milliseconds(0));
        }
        return std::move(m_found);
    }

private:
    static void take(rd_kafka_message_t* message, void* opaque)
    {
        auto& self = *static_cast<Peek*>(opaque);
        if (message->rkt == nullptr) return;
        const Partition partition{rd_kafka_topic_name(message->rkt), message->partition};
        const auto place = self.m_places.find(partition);
        if (place == self.m_places.end() || place->second == 0) return;
        if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            const bool isWaiting =
                message->err == RD_KAFKA_RESP_ERR__TRANSPORT || message->err == RD_KAFKA_RESP_ERR__TIMED_OUT;
            if (!isWaiting) place->second = 0;
            return;
        }
        KafkaBuffer buffer;
        buffer.add(recordOf(*message));
        event::RecordBatch batch = buffer.take(partition);
        self.m_found[partition].push_back({std::move(batch.records.front()), std::move(batch.storage)});
        --place->second;
    }

    rd_kafka_topic_t* topicOf(const std::string& name)
    {
        TopicHandle& topic = m_topics[name];
        if (!topic) topic.reset(rd_kafka_topic_new(m_client.handle(), name.c_str(), nullptr));
        return topic.get();
    }

    KafkaClient& m_client;
    QueueHandle m_queue;
    std::map<std::string, TopicHandle> m_topics;
    std::map<Partition, std::size_t> m_places; ///< how many are wanted yet
    Peeked m_found;
};

} // namespace

Result<std::map<Partition, PeekedRecord>> recordsAt(KafkaClient& client, const Offsets& offsets,
                                                    std::chrono::milliseconds limit, std::stop_token stop)
{
    Peek peek(client);
    for (const auto& [partition, offset] : offsets) peek.start(partition, offset, 1);
    LEFTFOLD_TRY(Peeked found, peek.read(limit, stop));
    std::map<Partition, PeekedRecord> out;
    for (auto& [partition, records] : found) out.emplace(partition, std::move(records.front()));
    return out;
}

Result<Peeked> lastRecords(KafkaClient& client, const std::set<Partition>& partitions, std::int64_t count,
                           std::chrono::milliseconds limit, std::stop_token stop)
{
    LEFTFOLD_TRY(const Offsets starts, listOffsets(client, partitions, kAtStart, stop));
    LEFTFOLD_TRY(const Offsets ends, listOffsets(client, partitions, kAtEnd, stop));
    Peek peek(client);
    for (const Partition& partition : partitions) {
        const Offset end = ends.at(partition);
        const Offset from{std::max(starts.at(partition).value, end.value - count)};
        if (from < end) peek.start(partition, from, static_cast<std::size_t>(count));
    }
    return peek.read(limit, stop);
}

} // namespace leftfold::source
