// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_buffer.h"

#include <algorithm>
#include <cstring>

namespace leftfold::source {

namespace {

constexpr std::size_t kFirstBlock = std::size_t{16} << 10;

std::optional<base::ByteView> viewOf(const void* bytes, std::size_t size)
{
    if (bytes == nullptr) return std::nullopt;
    return base::ByteView(static_cast<const char*>(bytes), size);
}

base::Time timeOf(std::int64_t milliseconds)
{
    constexpr std::int64_t kSecond = 1000;
    std::int64_t seconds = milliseconds / kSecond;
    std::int64_t rest = milliseconds % kSecond;
    if (rest < 0) {
        rest += kSecond;
        --seconds;
    }
    return {seconds, static_cast<std::uint32_t>(rest) * 1'000'000};
}

void readTimestamp(const rd_kafka_message_t& message, event::Record& record)
{
    rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const std::int64_t time = rd_kafka_message_timestamp(&message, &type);
    // -1 is Kafka's way to say that there is none.
    if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || time == -1) return;
    record.timestamp = timeOf(time);
    record.timestampType =
        type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME ? event::TimestampType::LogAppend : event::TimestampType::Create;
}

void readHeaders(const rd_kafka_message_t& message, event::Record& record)
{
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i) {
        record.headers.push_back({name, viewOf(value, size)});
    }
}

} // namespace

event::Record recordOf(const rd_kafka_message_t& message)
{
    event::Record record;
    record.offset = {message.offset};
    record.key = viewOf(message.key, message.key_len);
    record.value = viewOf(message.payload, message.len);
    readTimestamp(message, record);
    readHeaders(message, record);
    return record;
}

/// Bytes in blocks that never move, each with the padding that parsers want behind it.
struct KafkaBuffer::Blocks {
    std::vector<std::unique_ptr<char[]>> blocks;
    char* next = nullptr;
    std::size_t left = 0;
    std::size_t size = 0; ///< of the last block
};

char* KafkaBuffer::room(std::size_t size)
{
    if (!m_blocks) m_blocks = std::make_shared<Blocks>();
    Blocks& at = *m_blocks;
    if (at.left < size) {
        at.size = std::max(size, at.blocks.empty() ? kFirstBlock : std::min(4 * at.size, kMaxBytes));
        at.blocks.emplace_back(new char[at.size + base::kReadablePadding]);
        at.next = at.blocks.back().get();
        at.left = at.size;
        std::memset(at.next + at.size, 0, base::kReadablePadding);
    }
    char* const place = at.next;
    at.next += size;
    at.left -= size;
    return place;
}

base::ByteView KafkaBuffer::copied(base::ByteView bytes)
{
    char* const place = room(bytes.size());
    std::memcpy(place, bytes.data(), bytes.size());
    m_bytes += bytes.size();
    return {place, bytes.size()};
}

void KafkaBuffer::add(const event::Record& record)
{
    if (m_records.empty()) m_records.reserve(kMaxRecords / 8);
    event::Record& copy = m_records.emplace_back(record);
    if (copy.key) copy.key = copied(*copy.key);
    if (copy.value) copy.value = copied(*copy.value);
    for (event::Header& header : copy.headers) {
        header.name = copied(header.name);
        if (header.value) header.value = copied(*header.value);
    }
    m_bytes += sizeof copy;
}

event::RecordBatch KafkaBuffer::take(const event::Partition& partition)
{
    event::RecordBatch batch;
    batch.partition = partition;
    batch.records = std::exchange(m_records, {});
    batch.problems = std::exchange(m_problems, {});
    batch.storage = std::exchange(m_blocks, nullptr);
    m_bytes = 0;
    return batch;
}

} // namespace leftfold::source
