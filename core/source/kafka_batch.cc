// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_batch.h"

#include "core/source/big_endian.h"
#include "core/source/kafka_time.h"

#include <fmt/format.h>
#include <isa-l/crc.h>
#include <limits>
#include <zlib.h>

namespace leftfold::source {

namespace {

using base::ByteView;
using base::Result;
using event::Record;
using event::TimestampType;

// Offset and length stand before every batch and every message; the length counts what is behind it.
constexpr std::size_t kPrefix = 12;
constexpr std::size_t kMagicAt = 16; // of all magics
constexpr std::size_t kCheckedFrom = 21; // magic 2
constexpr std::size_t kHeader = 61; // magic 2
constexpr std::size_t kMessageHeader = 14; // magic 0, behind the prefix: checksum, magic, attributes, two lengths
constexpr std::size_t kMaxBatch = std::size_t{1} << 30;

constexpr int kCodecBits = 0x07;
constexpr int kLogAppendBit = 0x08;
constexpr int kTransactionalBit = 0x10;
constexpr int kControlBit = 0x20;

tl::unexpected<base::Error> damaged(std::string what)
{
    return base::fail(base::ErrorCode::SegmentDamaged, std::move(what));
}

/// -1 is Kafka's way to say that there is none.
void setTime(Record& record, TimestampType type, std::int64_t milliseconds)
{
    if (type == TimestampType::None || milliseconds == -1) return;
    record.timestamp = timeOfMilliseconds(milliseconds);
    record.timestampType = type;
}

/// CRC-32C, as iSCSI has it.
std::uint32_t crc32cOf(ByteView bytes)
{
    // The library takes bytes that it may write to, and does not.
    auto* const data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
    return ~crc32_iscsi(data, static_cast<int>(bytes.size()), ~0U);
}

// ---- Magic 2

Result<BatchHeader> headerOf(ByteView bytes)
{
    BigEndian in(bytes);
    BatchHeader header;
    header.first = {*in.int64()};
    header.bytes = kPrefix + static_cast<std::size_t>(*in.int32());
    header.leaderEpoch = *in.int32();
    header.magic = static_cast<std::uint8_t>(*in.int8());
    const std::uint32_t checksum = *in.uint32();
    const auto attributes = static_cast<int>(*in.int16());
    const std::int32_t lastDelta = *in.int32();
    header.baseTimestamp = *in.int64();
    header.maxTimestamp = *in.int64();
    header.producer = *in.int64();
    header.producerEpoch = *in.int16();
    header.sequence = *in.int32();
    header.records = *in.int32();
    if (checksum != crc32cOf(bytes.substr(kCheckedFrom))) return damaged("its checksum is wrong");
    header.codec = static_cast<KafkaCodec>(attributes & kCodecBits);
    header.timestampType = (attributes & kLogAppendBit) != 0 ? TimestampType::LogAppend : TimestampType::Create;
    header.isTransactional = (attributes & kTransactionalBit) != 0;
    header.isControl = (attributes & kControlBit) != 0;
    if (header.first.value < 0 || lastDelta < 0
        || header.first.value > std::numeric_limits<std::int64_t>::max() - lastDelta || header.records < 0)
        return damaged("its header contradicts itself");
    header.last = {header.first.value + lastDelta};
    return header;
}

/// A length and as many bytes; -1: null. Nothing where they are not all there.
std::optional<std::optional<ByteView>> nullableBytes(BigEndian& in)
{
    const auto size = in.varint();
    if (!size || *size < -1) return std::nullopt;
    if (*size == -1) return std::optional<ByteView>();
    const auto bytes = in.bytes(static_cast<std::size_t>(*size));
    if (!bytes) return std::nullopt;
    return std::optional(*bytes);
}

bool readHeaders(BigEndian& in, std::vector<event::Header>& headers)
{
    const auto count = in.varint();
    if (!count || *count < 0 || static_cast<std::uint64_t>(*count) > in.left()) return false;
    headers.reserve(static_cast<std::size_t>(*count));
    for (std::int64_t i = 0; i < *count; ++i) {
        const auto name = nullableBytes(in);
        if (!name || !*name) return false;
        const auto value = nullableBytes(in);
        if (!value) return false;
        headers.push_back({**name, *value});
    }
    return true;
}

/// One record of magic 2, all of `in`.
bool readRecord(BigEndian in, const BatchHeader& header, Record& record)
{
    const auto attributes = in.int8();
    const auto timeDelta = in.varint();
    const auto offsetDelta = in.varint();
    if (!attributes || !timeDelta || !offsetDelta) return false;
    if (*offsetDelta < 0 || *offsetDelta > header.last.value - header.first.value) return false;
    record.offset = {header.first.value + *offsetDelta};
    std::int64_t time = header.maxTimestamp;
    if (header.timestampType == TimestampType::Create
        && __builtin_add_overflow(header.baseTimestamp, *timeDelta, &time))
        return false;
    setTime(record, header.timestampType, time);
    const auto key = nullableBytes(in);
    const auto value = key ? nullableBytes(in) : std::nullopt;
    if (!value) return false;
    record.key = *key;
    record.value = *value;
    return readHeaders(in, record.headers) && in.left() == 0;
}

Result<std::vector<Record>> readRecords(const BatchHeader& header, ByteView bytes)
{
    std::vector<Record> records;
    records.reserve(std::min<std::size_t>(static_cast<std::size_t>(header.records), bytes.size() / 6 + 1));
    BigEndian in(bytes);
    for (std::int32_t i = 0; i < header.records; ++i) {
        const auto size = in.varint();
        const auto body = size && *size >= 0 ? in.bytes(static_cast<std::size_t>(*size)) : std::nullopt;
        Record record;
        if (!body || !readRecord(BigEndian(*body), header, record))
            return damaged(fmt::format("its record {} of {} cannot be read", i + 1, header.records));
        if (!records.empty() && record.offset <= records.back().offset)
            return damaged(fmt::format("the offset of its record {} is not above that before it", i + 1));
        records.push_back(std::move(record));
    }
    if (in.left() > 0) return damaged(fmt::format("{} bytes are behind its last record", in.left()));
    return records;
}

// ---- Magic 0 and 1

/// A message, alone or inside another one.
struct Message {
    std::int64_t offset = 0;
    int magic = 0;
    int attributes = 0;
    std::int64_t timestamp = -1;
    std::optional<ByteView> key;
    std::optional<ByteView> value;

    [[nodiscard]] KafkaCodec codec() const { return static_cast<KafkaCodec>(attributes & kCodecBits); }
    [[nodiscard]] TimestampType timestampType() const
    {
        if (magic == 0) return TimestampType::None;
        return (attributes & kLogAppendBit) != 0 ? TimestampType::LogAppend : TimestampType::Create;
    }
};

std::optional<std::optional<ByteView>> sizedBytes(BigEndian& in)
{
    const auto size = in.int32();
    if (!size || *size < -1) return std::nullopt;
    if (*size == -1) return std::optional<ByteView>();
    const auto bytes = in.bytes(static_cast<std::size_t>(*size));
    if (!bytes) return std::nullopt;
    return std::optional(*bytes);
}

/// `bytes` begin with the offset and end with the message.
Result<Message> messageOf(ByteView bytes)
{
    BigEndian in(bytes);
    Message message;
    message.offset = *in.int64();
    (void)in.int32();
    const std::uint32_t checksum = *in.uint32();
    const ByteView checked = in.rest();
    if (checksum != crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size())))
        return damaged("its checksum is wrong");
    message.magic = static_cast<std::uint8_t>(*in.int8());
    message.attributes = static_cast<std::uint8_t>(*in.int8());
    if (message.magic == 1) {
        const auto timestamp = in.int64();
        if (!timestamp) return damaged("it is too short");
        message.timestamp = *timestamp;
    }
    const auto key = sizedBytes(in);
    const auto value = key ? sizedBytes(in) : std::nullopt;
    if (!value || in.left() > 0) return damaged("its lengths contradict each other");
    message.key = *key;
    message.value = *value;
    return message;
}

Record recordOf(const Message& message, std::int64_t offset)
{
    Record record;
    record.offset = {offset};
    record.key = message.key;
    record.value = message.value;
    setTime(record, message.timestampType(), message.timestamp);
    return record;
}

/// The messages inside another one. Of magic 1 their offsets count from 0, and the outer one has the last one's.
Result<std::vector<Record>> innerRecords(const Message& outer, ByteView bytes)
{
    std::vector<Message> messages;
    while (!bytes.empty()) {
        BigEndian in(bytes);
        const auto offset = in.int64();
        const auto size = in.int32();
        if (!offset || !size || *size < static_cast<std::int32_t>(kMessageHeader)
            || static_cast<std::size_t>(*size) > in.left())
            return damaged("its messages end too early");
        LEFTFOLD_TRY(const Message message, messageOf(bytes.substr(0, kPrefix + static_cast<std::size_t>(*size))));
        if (message.magic != outer.magic || message.codec() != KafkaCodec::None)
            return damaged("a message inside it is of another kind");
        messages.push_back(message);
        bytes.remove_prefix(kPrefix + static_cast<std::size_t>(*size));
    }
    if (messages.empty()) return damaged("it has no messages");
    const std::int64_t base = outer.magic == 0 ? 0 : outer.offset - messages.back().offset;
    std::vector<Record> records;
    records.reserve(messages.size());
    for (Message& message : messages) {
        if (outer.timestampType() == TimestampType::LogAppend) {
            message.attributes |= kLogAppendBit;
            message.timestamp = outer.timestamp;
        }
        Record record = recordOf(message, base + message.offset);
        const bool isBelow = record.offset.value < 0 || record.offset.value > outer.offset
                             || (!records.empty() && record.offset <= records.back().offset);
        if (isBelow) return damaged("the offsets of its messages contradict each other");
        records.push_back(std::move(record));
    }
    return records;
}

Result<BatchHeader> messageHeaderOf(ByteView bytes)
{
    LEFTFOLD_TRY(const Message message, messageOf(bytes));
    if (message.offset < 0) return damaged("its offset is negative");
    BatchHeader header;
    header.magic = message.magic;
    header.first = header.last = {message.offset};
    header.bytes = bytes.size();
    header.codec = message.codec();
    header.timestampType = message.timestampType();
    header.baseTimestamp = header.maxTimestamp = message.timestamp;
    return header;
}

/// Whether what stands at the beginning may be a batch, and how long that would be. Nothing: the bytes are too few to tell.
std::optional<Result<std::size_t>> sizeAt(ByteView bytes)
{
    if (bytes.size() <= kMagicAt) return std::nullopt;
    BigEndian in(bytes);
    (void)in.int64();
    const std::int32_t size = *in.int32();
    const int magic = static_cast<std::uint8_t>(bytes[kMagicAt]);
    if (magic > 2) return damaged(fmt::format("its magic number is {}", magic));
    const std::size_t least = magic == 2 ? kHeader - kPrefix : magic == 1 ? kMessageHeader + 8 : kMessageHeader;
    if (size < 0 || static_cast<std::size_t>(size) < least || static_cast<std::size_t>(size) > kMaxBatch)
        return damaged(fmt::format("its length is {}", size));
    return kPrefix + static_cast<std::size_t>(size);
}

} // namespace

Result<std::optional<StoredBatch>> batchAt(ByteView bytes)
{
    const auto size = sizeAt(bytes);
    if (!size) return std::optional<StoredBatch>();
    if (!*size) return tl::unexpected(size->error());
    if (**size > bytes.size()) return std::optional<StoredBatch>();
    const ByteView batch = bytes.substr(0, **size);
    LEFTFOLD_TRY(const BatchHeader header, batch[kMagicAt] == 2 ? headerOf(batch) : messageHeaderOf(batch));
    return std::optional(StoredBatch{header, batch});
}

std::optional<std::size_t> nextBatch(ByteView bytes)
{
    for (std::size_t at = 1; at + kMagicAt < bytes.size(); ++at) {
        // Lengths are bounded and two bytes of an offset nearly always zero: few places are looked at closely.
        if (bytes[at] != 0 || bytes[at + 1] != 0 || static_cast<std::uint8_t>(bytes[at + kMagicAt]) > 2) continue;
        const auto batch = batchAt(bytes.substr(at));
        if (batch && *batch) return at;
    }
    return std::nullopt;
}

Result<BatchRecords> recordsOf(const StoredBatch& batch)
{
    const BatchHeader& header = batch.header;
    BatchRecords out;
    ByteView bytes;
    Message message;
    if (header.magic == 2) {
        bytes = batch.bytes.substr(kHeader);
    } else {
        LEFTFOLD_TRY(message, messageOf(batch.bytes));
        if (header.codec == KafkaCodec::None) {
            out.records.push_back(recordOf(message, message.offset));
            return out;
        }
        if (!message.value) return damaged("it is compressed, but has no value");
        bytes = *message.value;
    }
    if (header.codec != KafkaCodec::None) {
        LEFTFOLD_TRY(std::string text, decompressed(header.codec, bytes, {.hasOldLz4Checksum = header.magic == 0}));
        const auto storage = std::make_shared<const std::string>(std::move(text));
        bytes = *storage;
        out.storage = storage;
    }
    LEFTFOLD_TRY(out.records, header.magic == 2 ? readRecords(header, bytes) : innerRecords(message, bytes));
    return out;
}

std::optional<TransactionEnd> transactionEnd(const Record& record)
{
    if (!record.key) return std::nullopt;
    BigEndian key(*record.key);
    const auto version = key.int16();
    const auto type = key.int16();
    if (!version || *version < 0 || !type || *type < 0 || *type > 1) return std::nullopt;
    return *type == 0 ? TransactionEnd::Abort : TransactionEnd::Commit;
}

} // namespace leftfold::source
