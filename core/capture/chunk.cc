// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/chunk.h"

#include "core/base/varint.h"

#include <algorithm>
#include <climits>
#include <cstring>
#include <lz4.h>
#define ZDICT_STATIC_LINKING_ONLY
#include <zdict.h>
#include <zstd.h>

namespace leftfold::capture {

namespace {

using base::ByteReader;
using base::ByteView;
using base::ErrorCode;
using base::fail;
using base::putVarint;
using base::Result;
using base::unzigzag;
using base::zigzag;
using event::Record;

constexpr int kCompressionLevel = 1;
/// A frame that begins with it is an LZ4 block behind it. One of zstd begins with 0x28.
constexpr char kLz4Mark = 'L';
constexpr std::size_t kDictionaryBytes = std::size_t{64} << 10;
constexpr std::size_t kMinTrainingBytes = std::size_t{128} << 10;
constexpr std::size_t kMaxColumnsBytes = std::size_t{64} << 20;

// The bits of a chunk's layout byte.
constexpr unsigned kDenseOffsets = 1;
constexpr unsigned kNanoseconds = 2;
constexpr unsigned kTimestamps = 4;
constexpr unsigned kMilliseconds = 8;

// The bits of an event's flag byte.
constexpr unsigned kHasTime = 1;
constexpr unsigned kUndecodable = 2;
constexpr unsigned kBadTime = 4;

char* putBytes(char* at, ByteView bytes)
{
    if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
    return at + bytes.size();
}

/// A length that tells null (0) from empty (1).
std::uint64_t optionalLength(const std::optional<ByteView>& bytes)
{
    return bytes ? bytes->size() + 1 : 0;
}

// ---- columns ----

bool areDense(const std::vector<event::Offset>& offsets)
{
    return offsets.back().value - offsets.front().value == static_cast<std::int64_t>(offsets.size()) - 1;
}

/// What all times of a chunk are whole numbers of.
enum class TimeUnit : std::uint8_t { Seconds, Milliseconds, Nanoseconds };

constexpr std::int64_t kMillisInSecond = 1000;
constexpr std::uint32_t kNanosInMilli = 1'000'000;
/// Seconds beyond are not counted in milliseconds, lest these overflow.
constexpr std::int64_t kMaxCountedSeconds = std::int64_t{1} << 50;

TimeUnit unitOf(const std::optional<base::Time>& time)
{
    if (!time || time->nanos == 0) return TimeUnit::Seconds;
    const bool isWhole = time->nanos % kNanosInMilli == 0;
    return isWhole ? TimeUnit::Milliseconds : TimeUnit::Nanoseconds;
}

bool isCountable(const std::optional<base::Time>& time)
{
    return !time || (time->seconds > -kMaxCountedSeconds && time->seconds < kMaxCountedSeconds);
}

TimeUnit unitOf(const ChunkColumns& columns)
{
    TimeUnit unit = TimeUnit::Seconds;
    bool areCountable = true;
    const auto look = [&](const std::optional<base::Time>& time) {
        unit = std::max(unit, unitOf(time));
        areCountable = areCountable && isCountable(time);
    };
    for (const EventFacts& facts : columns.facts) look(facts.time);
    for (const auto& timestamp : columns.timestamps) look(timestamp);
    return unit == TimeUnit::Milliseconds && !areCountable ? TimeUnit::Nanoseconds : unit;
}

unsigned bitOf(TimeUnit unit)
{
    if (unit == TimeUnit::Seconds) return 0;
    return unit == TimeUnit::Milliseconds ? kMilliseconds : kNanoseconds;
}

TimeUnit unitIn(unsigned layout)
{
    if ((layout & kMilliseconds) != 0) return TimeUnit::Milliseconds;
    return (layout & kNanoseconds) != 0 ? TimeUnit::Nanoseconds : TimeUnit::Seconds;
}

char* putOffsets(char* at, const std::vector<event::Offset>& offsets, bool dense)
{
    at = putVarint(at, zigzag(offsets.front().value));
    if (dense) return at;
    for (std::size_t i = 1; i < offsets.size(); ++i) {
        at = putVarint(at, static_cast<std::uint64_t>(offsets[i].value - offsets[i - 1].value - 1));
    }
    return at;
}

/// Differences wrap around, so that any two times of int64 seconds have one.
class TimeWriter {
public:
    explicit TimeWriter(TimeUnit unit) : m_unit(unit) {}
    char* put(char* at, base::Time time)
    {
        const std::int64_t count = m_unit == TimeUnit::Milliseconds
                                       ? time.seconds * kMillisInSecond + time.nanos / kNanosInMilli
                                       : time.seconds;
        const auto difference = static_cast<std::uint64_t>(count) - static_cast<std::uint64_t>(m_last);
        at = putVarint(at, zigzag(static_cast<std::int64_t>(difference)));
        if (m_unit == TimeUnit::Nanoseconds) at = putVarint(at, time.nanos);
        m_last = count;
        return at;
    }

private:
    TimeUnit m_unit;
    std::int64_t m_last = 0;
};

class TimeReader {
public:
    TimeReader(ByteReader& from, TimeUnit unit) : m_from(from), m_unit(unit) {}
    base::Time get()
    {
        const auto difference = static_cast<std::uint64_t>(unzigzag(m_from.varint()));
        m_last = static_cast<std::int64_t>(static_cast<std::uint64_t>(m_last) + difference);
        if (m_unit == TimeUnit::Milliseconds) return ofMilliseconds(m_last);
        return {m_last, m_unit == TimeUnit::Nanoseconds ? static_cast<std::uint32_t>(m_from.varint()) : 0};
    }

private:
    static base::Time ofMilliseconds(std::int64_t count)
    {
        std::int64_t seconds = count / kMillisInSecond;
        std::int64_t rest = count % kMillisInSecond;
        if (rest < 0) {
            rest += kMillisInSecond;
            --seconds;
        }
        return {seconds, static_cast<std::uint32_t>(rest) * kNanosInMilli};
    }

    ByteReader& m_from;
    TimeUnit m_unit;
    std::int64_t m_last = 0;
};

char flagsOf(const EventFacts& facts)
{
    return static_cast<char>((facts.time ? kHasTime : 0) | (facts.undecodable ? kUndecodable : 0)
                             | (facts.badTime ? kBadTime : 0));
}

/// No layout of these columns is longer.
std::size_t roomForColumns(const ChunkColumns& columns)
{
    // Of an event: offset, flags, time, type, type of the timestamp, timestamp.
    constexpr std::size_t kOfEvent = 6 * base::kMaxVarintBytes + 2;
    std::size_t bytes = 4 * base::kMaxVarintBytes + columns.count() * kOfEvent;
    for (const std::string& type : columns.types) bytes += base::kMaxVarintBytes + type.size();
    return bytes;
}

/// Into `out`, whose size only grows: filling it anew for each chunk would cost as much as the layout.
ByteView layColumns(const ChunkColumns& columns, std::string& out)
{
    const bool dense = areDense(columns.offsets);
    const TimeUnit unit = unitOf(columns);
    out.resize(std::max(out.size(), roomForColumns(columns)));
    char* at = putVarint(out.data(), columns.count());
    *at++ =
        static_cast<char>((dense ? kDenseOffsets : 0) | bitOf(unit) | (columns.timestamps.empty() ? 0 : kTimestamps));
    at = putOffsets(at, columns.offsets, dense);
    for (const EventFacts& facts : columns.facts) *at++ = flagsOf(facts);
    TimeWriter times(unit);
    for (const EventFacts& facts : columns.facts) {
        if (facts.time) at = times.put(at, *facts.time);
    }
    at = putVarint(at, columns.types.size());
    for (const std::string& type : columns.types) at = putBytes(putVarint(at, type.size()), type);
    if (columns.types.size() > 1) {
        for (const EventFacts& facts : columns.facts) at = putVarint(at, facts.type);
    }
    for (const event::TimestampType type : columns.timestampTypes) *at++ = static_cast<char>(type);
    TimeWriter timestamps(unit);
    for (const auto& timestamp : columns.timestamps) {
        if (timestamp) at = timestamps.put(at, *timestamp);
    }
    return {out.data(), static_cast<std::size_t>(at - out.data())};
}

bool readOffsets(ByteReader& from, ChunkColumns& columns, std::size_t count, bool dense)
{
    event::Offset offset{unzigzag(from.varint())};
    columns.offsets.reserve(count);
    columns.offsets.push_back(offset);
    for (std::size_t i = 1; i < count; ++i) {
        const std::uint64_t skipped = dense ? 0 : from.varint();
        const std::int64_t last = offset.value;
        offset.value = static_cast<std::int64_t>(static_cast<std::uint64_t>(last) + skipped + 1);
        if (offset.value <= last) return false;
        columns.offsets.push_back(offset);
    }
    return true;
}

void readFacts(ByteReader& from, ChunkColumns& columns, std::size_t count, TimeUnit unit)
{
    const ByteView flags = from.bytes(count);
    columns.facts.resize(flags.size());
    TimeReader times(from, unit);
    for (std::size_t i = 0; i < flags.size(); ++i) {
        const auto bits = static_cast<unsigned char>(flags[i]);
        columns.facts[i].undecodable = (bits & kUndecodable) != 0;
        columns.facts[i].badTime = (bits & kBadTime) != 0;
        if (bits & kHasTime) columns.facts[i].time = times.get();
    }
}

bool readTypes(ByteReader& from, ChunkColumns& columns)
{
    const std::uint64_t count = from.varint();
    if (count == 0 || count > columns.count()) return false;
    for (std::uint64_t i = 0; i < count; ++i) columns.types.emplace_back(from.bytes(from.varint()));
    if (count == 1) return true;
    for (EventFacts& facts : columns.facts) {
        facts.type = static_cast<std::uint32_t>(from.varint());
        if (facts.type >= count) return false;
    }
    return true;
}

bool readTimestamps(ByteReader& from, ChunkColumns& columns, std::size_t count, TimeUnit unit)
{
    const ByteView types = from.bytes(count);
    TimeReader timestamps(from, unit);
    for (const char type : types) {
        if (static_cast<unsigned char>(type) > static_cast<unsigned char>(event::TimestampType::LogAppend))
            return false;
        columns.timestampTypes.push_back(static_cast<event::TimestampType>(type));
        columns.timestamps.emplace_back();
        if (columns.timestampTypes.back() != event::TimestampType::None) columns.timestamps.back() = timestamps.get();
    }
    return true;
}

Result<ChunkColumns> readColumns(ByteView bytes)
{
    ByteReader from(bytes);
    ChunkColumns columns;
    const std::uint64_t count = from.varint();
    const auto layout = from.fixed<unsigned char>();
    if (!from.ok() || count == 0 || count > kMaxChunkEvents)
        return fail(ErrorCode::DamagedChunk, "the number of events");
    const TimeUnit unit = unitIn(layout);
    if (!readOffsets(from, columns, count, (layout & kDenseOffsets) != 0))
        return fail(ErrorCode::DamagedChunk, "the offsets");
    readFacts(from, columns, count, unit);
    if (!from.ok() || !readTypes(from, columns)) return fail(ErrorCode::DamagedChunk, "the types");
    if ((layout & kTimestamps) && !readTimestamps(from, columns, count, unit)) {
        return fail(ErrorCode::DamagedChunk, "the timestamps");
    }
    if (!from.atEnd()) return fail(ErrorCode::DamagedChunk, "the length of the columns");
    return columns;
}

Result<std::vector<base::Time>> readEffectiveTimes(ByteView bytes, base::Time before)
{
    ByteReader from(bytes);
    const std::uint64_t count = from.varint();
    const auto layout = from.fixed<unsigned char>();
    if (!from.ok() || count == 0 || count > kMaxChunkEvents)
        return fail(ErrorCode::DamagedChunk, "the number of events");
    for (std::uint64_t i = (layout & kDenseOffsets) != 0 ? 1 : count; i > 0; --i) (void)from.varint();
    const ByteView flags = from.bytes(count);
    TimeReader own(from, unitIn(layout));
    std::vector<base::Time> times;
    times.reserve(flags.size());
    for (const char flag : flags) {
        if (static_cast<unsigned char>(flag) & kHasTime) before = std::max(before, own.get());
        times.push_back(before);
    }
    if (!from.ok()) return fail(ErrorCode::DamagedChunk, "the times");
    return times;
}

// ---- frames ----

bool needsMoreThanValues(std::span<const Record> records)
{
    return std::ranges::any_of(records, [](const Record& record) { return record.key || !record.headers.empty(); });
}

/// No frame of these records is longer.
std::size_t roomForFrame(std::span<const Record> records)
{
    constexpr std::size_t kOfRecord = 3 * base::kMaxVarintBytes;
    std::size_t bytes = 1 + base::kMaxVarintBytes + records.size() * kOfRecord;
    for (const Record& record : records) {
        bytes += (record.value ? record.value->size() : 0) + (record.key ? record.key->size() : 0);
        for (const event::Header& header : record.headers)
            bytes += 2 * base::kMaxVarintBytes + header.name.size() + (header.value ? header.value->size() : 0);
    }
    return bytes;
}

char* putLengths(char* at, const Record& record, bool whole)
{
    at = putVarint(at, optionalLength(record.value));
    if (!whole) return at;
    at = putVarint(putVarint(at, optionalLength(record.key)), record.headers.size());
    for (const event::Header& header : record.headers)
        at = putVarint(putVarint(at, header.name.size()), optionalLength(header.value));
    return at;
}

/// First all lengths, then all bytes; into `out`, whose size only grows.
ByteView layFrame(std::string& out, std::span<const Record> records)
{
    const bool whole = needsMoreThanValues(records);
    out.resize(std::max(out.size(), roomForFrame(records)));
    char* at = out.data();
    *at++ = static_cast<char>(whole ? 1 : 0);
    at = putVarint(at, records.size());
    for (const Record& record : records) at = putLengths(at, record, whole);
    for (const Record& record : records) {
        at = putBytes(putBytes(at, record.value.value_or(ByteView())), record.key.value_or(ByteView()));
        for (const event::Header& header : record.headers)
            at = putBytes(putBytes(at, header.name), header.value.value_or(ByteView()));
    }
    return {out.data(), static_cast<std::size_t>(at - out.data())};
}

std::optional<ByteView> take(ByteReader& bytes, std::uint64_t optionalLengthValue)
{
    if (optionalLengthValue == 0) return std::nullopt;
    return bytes.bytes(optionalLengthValue - 1);
}

/// Lengths and bytes lie apart: two readers over the same frame, the second set behind the lengths.
class FrameReader {
public:
    explicit FrameReader(ByteView frame) : m_frame(frame), m_lengths(frame), m_bytes(frame) {}

    bool read(std::size_t count, std::vector<Record>& records)
    {
        m_whole = m_lengths.fixed<unsigned char>() != 0;
        if (m_lengths.varint() != count) return false;
        if (!skipLengths(count)) return false;
        records.resize(count);
        for (Record& record : records) readRecord(record);
        return m_bytes.atEnd() && m_again.ok();
    }

private:
    bool skipLengths(std::size_t count)
    {
        m_again = m_lengths;
        for (std::size_t i = 0; i < count && m_lengths.ok(); ++i) {
            (void)m_lengths.varint();
            if (!m_whole) continue;
            (void)m_lengths.varint();
            for (std::uint64_t headers = m_lengths.varint(); headers > 0 && m_lengths.ok(); --headers) {
                (void)m_lengths.varint();
                (void)m_lengths.varint();
            }
        }
        m_bytes = ByteReader(m_frame.substr(m_frame.size() - m_lengths.left()));
        return m_lengths.ok();
    }

    void readRecord(Record& record)
    {
        record.headers.clear();
        record.key.reset();
        record.value = take(m_bytes, m_again.varint());
        if (!m_whole) return;
        record.key = take(m_bytes, m_again.varint());
        for (std::uint64_t headers = m_again.varint(); headers > 0 && m_bytes.ok(); --headers) {
            const std::uint64_t nameLength = m_again.varint();
            const std::uint64_t valueLength = m_again.varint();
            const ByteView name = m_bytes.bytes(nameLength);
            record.headers.push_back({name, take(m_bytes, valueLength)});
        }
    }

    ByteView m_frame;
    ByteReader m_lengths;
    ByteReader m_again{ByteView{}};
    ByteReader m_bytes;
    bool m_whole = false;
};

} // namespace

std::vector<base::Time> effectiveTimes(const ChunkColumns& columns, base::Time before)
{
    std::vector<base::Time> times;
    times.reserve(columns.count());
    for (const EventFacts& facts : columns.facts) {
        if (facts.time && *facts.time > before) before = *facts.time;
        times.push_back(before);
    }
    return times;
}

// ---- dictionary ----

Dictionary::Dictionary(std::string bytes)
    : m_bytes(std::move(bytes)),
      m_compress(ZSTD_createCDict(m_bytes.data(), m_bytes.size(), kCompressionLevel)),
      m_decompress(ZSTD_createDDict(m_bytes.data(), m_bytes.size()))
{}

Result<std::shared_ptr<const Dictionary>> Dictionary::load(std::string bytes)
{
    std::shared_ptr<const Dictionary> dictionary(new Dictionary(std::move(bytes)));
    if (!dictionary->m_compress || !dictionary->m_decompress) return fail(ErrorCode::DamagedChunk, "a dictionary");
    return dictionary;
}

Dictionary::~Dictionary()
{
    ZSTD_freeCDict(m_compress);
    ZSTD_freeDDict(m_decompress);
}

std::shared_ptr<const Dictionary> Dictionary::train(std::span<const Record> records)
{
    std::string samples;
    std::vector<std::size_t> sizes;
    for (const Record& record : records) {
        if (!record.value || record.value->empty() || samples.size() > 8 * kDictionaryBytes) continue;
        samples += *record.value;
        sizes.push_back(record.value->size());
    }
    if (samples.size() < kMinTrainingBytes || sizes.size() < kFrameEvents) return nullptr;
    ZDICT_fastCover_params_t parameters{};
    parameters.k = 200;
    parameters.d = 8;
    parameters.f = 18;
    parameters.accel = 4;
    parameters.splitPoint = 1.0;
    parameters.zParams.compressionLevel = kCompressionLevel;
    std::string bytes(kDictionaryBytes, '\0');
    const std::size_t size = ZDICT_trainFromBuffer_fastCover(bytes.data(), bytes.size(), samples.data(), sizes.data(),
                                                             static_cast<unsigned>(sizes.size()), parameters);
    if (ZDICT_isError(size)) return nullptr;
    bytes.resize(size);
    auto trained = load(std::move(bytes));
    return trained ? std::move(*trained) : nullptr;
}

// ---- codec ----

struct ChunkCodec::Contexts {
    ZSTD_CCtx* compress = ZSTD_createCCtx();
    ZSTD_DCtx* decompress = ZSTD_createDCtx();
    std::string scratch;
    std::string frame;
    std::string columns;
    std::string compressed;

    Contexts()
    {
        LEFTFOLD_INVARIANT(compress && decompress);
        ZSTD_CCtx_setParameter(compress, ZSTD_c_compressionLevel, kCompressionLevel);
        ZSTD_CCtx_setParameter(compress, ZSTD_c_dictIDFlag, 0);
    }
    ~Contexts()
    {
        ZSTD_freeCCtx(compress);
        ZSTD_freeDCtx(decompress);
    }
    Contexts(const Contexts&) = delete;
    Contexts& operator=(const Contexts&) = delete;

    ByteView compressWith(ZSTD_CDict* dictionary, ByteView bytes)
    {
        ZSTD_CCtx_refCDict(compress, dictionary);
        compressed.resize(std::max(compressed.size(), ZSTD_compressBound(bytes.size())));
        const std::size_t size =
            ZSTD_compress2(compress, compressed.data(), compressed.size(), bytes.data(), bytes.size());
        LEFTFOLD_INVARIANT(!ZSTD_isError(size));
        return {compressed.data(), size};
    }

    /// REQUIRES: at most LZ4_MAX_INPUT_SIZE.
    ByteView compressByLz4(ByteView bytes)
    {
        const int size = static_cast<int>(bytes.size());
        const int room = LZ4_compressBound(size);
        compressed.resize(std::max(compressed.size(), static_cast<std::size_t>(room) + 1));
        compressed.front() = kLz4Mark;
        const int stored = LZ4_compress_default(bytes.data(), compressed.data() + 1, size, room);
        LEFTFOLD_INVARIANT(stored > 0);
        return {compressed.data(), static_cast<std::size_t>(stored) + 1};
    }

    /// zstd takes twice the time of LZ4, which small frames are worth only with a dictionary.
    ByteView compressFrame(ByteView bytes, ZSTD_CDict* dictionary)
    {
        const bool isForLz4 = dictionary == nullptr && bytes.size() <= LZ4_MAX_INPUT_SIZE;
        return isForLz4 ? compressByLz4(bytes) : compressWith(dictionary, bytes);
    }

    bool decompressZstd(ByteView stored, const ZSTD_DDict* dictionary, std::span<char> out) const
    {
        // An error is a size that no frame has.
        return ZSTD_decompress_usingDDict(decompress, out.data(), out.size(), stored.data(), stored.size(), dictionary)
               == out.size();
    }
    static bool decompressLz4(ByteView block, std::span<char> out)
    {
        if (block.size() > INT_MAX || out.size() > LZ4_MAX_INPUT_SIZE) return false;
        const int size = static_cast<int>(out.size());
        return LZ4_decompress_safe(block.data(), out.data(), static_cast<int>(block.size()), size) == size;
    }

    bool decompressFrame(ByteView stored, const ZSTD_DDict* dictionary, std::span<char> out) const
    {
        if (stored.starts_with(kLz4Mark)) return decompressLz4(stored.substr(1), out);
        return decompressZstd(stored, dictionary, out);
    }
};

ChunkCodec::ChunkCodec() : m_contexts(std::make_unique<Contexts>()) {}
ChunkCodec::~ChunkCodec() = default;

EncodedChunk ChunkCodec::encode(std::span<const Record> records, const ChunkColumns& columns,
                                const Dictionary* dictionary)
{
    LEFTFOLD_INVARIANT(!records.empty() && records.size() == columns.count());
    EncodedChunk out;
    out.columns = encodeColumns(columns);
    for (std::size_t first = 0; first < records.size(); first += kFrameEvents) {
        const auto inFrame = records.subspan(first, std::min(kFrameEvents, records.size() - first));
        const ByteView frame = layFrame(m_contexts->frame, inFrame);
        const ByteView stored = m_contexts->compressFrame(frame, dictionary ? dictionary->m_compress : nullptr);
        base::putFixed(out.frames, static_cast<std::uint32_t>(stored.size()));
        base::putFixed(out.frames, static_cast<std::uint32_t>(frame.size()));
        base::putFixed(out.frames, base::hash64(stored));
        out.payload += stored;
    }
    return out;
}

std::string ChunkCodec::encodeColumns(const ChunkColumns& columns)
{
    return std::string(m_contexts->compressWith(nullptr, layColumns(columns, m_contexts->columns)));
}

Result<ChunkColumns> ChunkCodec::decodeColumns(ByteView stored)
{
    LEFTFOLD_TRY(const ByteView columns, unpackColumns(stored));
    return readColumns(columns);
}

Result<std::vector<base::Time>> ChunkCodec::decodeEffectiveTimes(ByteView stored, base::Time before)
{
    LEFTFOLD_TRY(const ByteView columns, unpackColumns(stored));
    return readEffectiveTimes(columns, before);
}

Result<ByteView> ChunkCodec::unpackColumns(ByteView stored)
{
    const unsigned long long size = ZSTD_getFrameContentSize(stored.data(), stored.size());
    if (size > kMaxColumnsBytes) return fail(ErrorCode::DamagedChunk, "the size of the columns");
    m_contexts->scratch.resize(size);
    const std::size_t read =
        ZSTD_decompressDCtx(m_contexts->decompress, m_contexts->scratch.data(), size, stored.data(), stored.size());
    if (ZSTD_isError(read) || read != size) return fail(ErrorCode::DamagedChunk, "the compressed columns");
    return ByteView(m_contexts->scratch);
}

Result<std::vector<FrameEntry>> ChunkCodec::decodeDirectory(ByteView stored) const
{
    ByteReader from(stored);
    std::vector<FrameEntry> entries;
    std::uint64_t offset = 0;
    while (from.ok() && from.left() > 0) {
        FrameEntry entry;
        entry.offset = static_cast<std::uint32_t>(offset);
        entry.storedSize = from.fixed<std::uint32_t>();
        entry.size = from.fixed<std::uint32_t>();
        entry.checksum = from.fixed<std::uint64_t>();
        offset += entry.storedSize;
        entries.push_back(entry);
    }
    if (!from.ok() || offset > UINT32_MAX) return fail(ErrorCode::DamagedChunk, "the frame directory");
    return entries;
}

Result<void> ChunkCodec::decodeFrame(ByteView stored, const FrameEntry& entry, const Dictionary* dictionary,
                                     const ChunkColumns& columns, std::size_t firstInChunk, DecodedFrame& out)
{
    if (stored.size() != entry.storedSize || base::hash64(stored) != entry.checksum) {
        return fail(ErrorCode::DamagedChunk, "the checksum of a frame");
    }
    out.bytes.resize(entry.size + base::kReadablePadding);
    const std::span<char> bytes(out.bytes.data(), entry.size);
    if (!m_contexts->decompressFrame(stored, dictionary ? dictionary->m_decompress : nullptr, bytes))
        return fail(ErrorCode::DamagedChunk, "a compressed frame");
    const std::size_t count = std::min(kFrameEvents, columns.count() - firstInChunk);
    if (!FrameReader(ByteView(out.bytes).substr(0, entry.size)).read(count, out.records)) {
        return fail(ErrorCode::DamagedChunk, "the lengths in a frame");
    }
    for (std::size_t i = 0; i < count; ++i) {
        Record& record = out.records[i];
        record.offset = columns.offsets[firstInChunk + i];
        record.timestampType = event::TimestampType::None;
        record.timestamp.reset();
        if (columns.timestamps.empty()) continue;
        record.timestampType = columns.timestampTypes[firstInChunk + i];
        record.timestamp = columns.timestamps[firstInChunk + i];
    }
    return {};
}

} // namespace leftfold::capture
