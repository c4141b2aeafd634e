// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_buffer.h"

#include "core/source/kafka_time.h"

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

void readTimestamp(const rd_kafka_message_t& message, event::Record& record)
{
    rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const std::int64_t time = rd_kafka_message_timestamp(&message, &type);
    // -1 is Kafka's way to say that there is none.
    if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || time == -1) return;
    record.timestamp = timeOfMilliseconds(time);
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

namespace {

/// Bytes in blocks that never move, each with the padding that parsers want behind it.
class Blocks {
public:
    /// Copies the bytes, and `end` behind them.
    base::ByteView keep(base::ByteView bytes, std::string_view end = {})
    {
        char* const place = room(bytes.size() + end.size());
        if (!bytes.empty()) std::memcpy(place, bytes.data(), bytes.size());
        std::copy(end.begin(), end.end(), place + bytes.size());
        return {place, bytes.size()};
    }

private:
    char* room(std::size_t size)
    {
        if (m_left < size) {
            m_size = std::max(size, m_blocks.empty() ? kFirstBlock : std::min(4 * m_size, KafkaBuffer::kMaxBytes));
            m_blocks.emplace_back(new char[m_size + base::kReadablePadding]);
            m_next = m_blocks.back().get();
            m_left = m_size;
            std::memset(m_next + m_size, 0, base::kReadablePadding);
        }
        char* const place = m_next;
        m_next += size;
        m_left -= size;
        return place;
    }

    std::vector<std::unique_ptr<char[]>> m_blocks;
    char* m_next = nullptr;
    std::size_t m_left = 0;
    std::size_t m_size = 0; ///< of the last block
};

} // namespace

/// Values stand line by line, away from all else: neighbours are indexed together (JsonReader::expectLines).
struct KafkaBuffer::Storage {
    Blocks values;
    Blocks others;
};

void KafkaBuffer::add(event::Record record)
{
    if (m_records.empty()) m_records.reserve(kMaxRecords / 8);
    if (!m_storage) m_storage = std::make_shared<Storage>();
    const auto keep = [this](base::ByteView bytes) {
        m_bytes += bytes.size();
        return m_storage->others.keep(bytes);
    };
    if (record.value) {
        m_bytes += record.value->size();
        record.value = m_storage->values.keep(*record.value, "\n");
    }
    if (record.key) record.key = keep(*record.key);
    for (event::Header& header : record.headers) {
        header.name = keep(header.name);
        if (header.value) header.value = keep(*header.value);
    }
    m_records.push_back(std::move(record));
}

event::RecordBatch KafkaBuffer::take(const event::Partition& partition)
{
    event::RecordBatch batch;
    batch.partition = partition;
    batch.records = std::exchange(m_records, {});
    batch.problems = std::exchange(m_problems, {});
    batch.storage = std::exchange(m_storage, nullptr);
    m_bytes = 0;
    return batch;
}

} // namespace leftfold::source
