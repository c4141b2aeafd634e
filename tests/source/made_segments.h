// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/kafka_batch.h"

#include <QTest>
#include <isa-l/crc.h>
#include <lz4frame.h>
#include <snappy-c.h>
#include <zlib.h>
#include <zstd.h>

#include <optional>
#include <string>
#include <vector>

namespace leftfold::source::test {

/// Writes what a broker writes.
class Writer {
public:
    template <class Number>
    Writer& number(Number value)
    {
        for (int shift = 8 * static_cast<int>(sizeof value) - 8; shift >= 0; shift -= 8)
            m_bytes += static_cast<char>(static_cast<std::uint64_t>(value) >> shift & 0xff);
        return *this;
    }
    Writer& varint(std::int64_t value)
    {
        auto rest = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
        for (; rest > 0x7f; rest >>= 7) m_bytes += static_cast<char>(rest | 0x80);
        m_bytes += static_cast<char>(rest);
        return *this;
    }
    Writer& text(std::string_view text)
    {
        m_bytes += text;
        return *this;
    }
    Writer& sized(const std::optional<std::string>& bytes)
    {
        varint(bytes ? static_cast<std::int64_t>(bytes->size()) : -1);
        return text(bytes.value_or(""));
    }
    Writer& sized32(const std::optional<std::string>& bytes)
    {
        number(bytes ? static_cast<std::int32_t>(bytes->size()) : std::int32_t{-1});
        return text(bytes.value_or(""));
    }
    [[nodiscard]] const std::string& bytes() const { return m_bytes; }

private:
    std::string m_bytes;
};

inline std::string compressed(KafkaCodec codec, const std::string& text)
{
    std::string out(text.size() * 2 + 1000, '\0');
    std::size_t size = out.size();
    switch (codec) {
    case KafkaCodec::None:
        return text;
    case KafkaCodec::Gzip: {
        z_stream stream{};
        if (deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) qFatal("no gzip");
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
        stream.avail_in = static_cast<uInt>(text.size());
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(size);
        deflate(&stream, Z_FINISH);
        size = stream.total_out;
        deflateEnd(&stream);
        break;
    }
    case KafkaCodec::Snappy:
        if (snappy_compress(text.data(), text.size(), out.data(), &size) != SNAPPY_OK) qFatal("no snappy");
        break;
    case KafkaCodec::Lz4:
        size = LZ4F_compressFrame(out.data(), size, text.data(), text.size(), nullptr);
        break;
    case KafkaCodec::Zstd:
        size = ZSTD_compress(out.data(), size, text.data(), text.size(), 1);
        break;
    }
    out.resize(size);
    return out;
}

/// A record as it is written.
struct Written {
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::vector<std::pair<std::string, std::optional<std::string>>> headers{};
};

constexpr int kTransactional = 0x10;
constexpr int kControl = 0x20;

/// A batch of magic 2, as a broker writes it.
struct MadeBatch {
    std::int64_t first = 0;
    std::vector<Written> records;
    KafkaCodec codec = KafkaCodec::None;
    int flags = 0;
    std::int64_t producer = -1;
    std::int64_t time = 1'600'000'000'000;
    std::vector<std::int32_t> deltas{}; ///< of the records, where compaction removed some; empty: 0, 1, 2, ...
    std::int32_t lastDelta = -1; ///< -1: of the last record

    [[nodiscard]] std::string bytes() const
    {
        Writer written;
        std::int32_t delta = -1;
        for (std::size_t i = 0; i < records.size(); ++i) {
            delta = deltas.empty() ? static_cast<std::int32_t>(i) : deltas[i];
            Writer record;
            record.number(std::int8_t{0}).varint(delta).varint(delta);
            record.sized(records[i].key).sized(records[i].value);
            record.varint(static_cast<std::int64_t>(records[i].headers.size()));
            for (const auto& [name, value] : records[i].headers) record.sized(name).sized(value);
            written.sized(record.bytes());
        }
        const std::int32_t last = lastDelta < 0 ? delta : lastDelta;
        Writer checked;
        checked.number(static_cast<std::int16_t>(static_cast<int>(codec) | flags)).number(last);
        checked.number(time).number(time + last).number(producer);
        checked.number(std::int16_t{0}).number(producer < 0 ? std::int32_t{-1} : std::int32_t{0});
        checked.number(static_cast<std::int32_t>(records.size())).text(compressed(codec, written.bytes()));
        std::string bytes = checked.bytes();
        const std::uint32_t checksum =
            ~crc32_iscsi(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), ~0U);
        Writer batch;
        batch.number(first).number(static_cast<std::int32_t>(bytes.size() + 9)).number(std::int32_t{5});
        return batch.number(std::int8_t{2}).number(checksum).text(bytes).bytes();
    }
};

/// The end of a transaction, as a coordinator of epoch 7 writes it.
inline std::string markerBytes(std::int64_t offset, std::int64_t producer, bool commits)
{
    Writer key;
    key.number(std::int16_t{0}).number(static_cast<std::int16_t>(commits ? 1 : 0));
    Writer value;
    value.number(std::int16_t{0}).number(std::int32_t{7});
    MadeBatch batch{offset, {{key.bytes(), value.bytes()}}};
    batch.flags = kTransactional | kControl;
    batch.producer = producer;
    return batch.bytes();
}

/// A message of magic 0 or 1, the bits of its codec as they are.
inline std::string messageBytes(int magic, std::int64_t offset, int attributes, const Written& record)
{
    Writer checked;
    checked.number(static_cast<std::int8_t>(magic)).number(static_cast<std::int8_t>(attributes));
    if (magic == 1) checked.number(std::int64_t{1'600'000'000'123});
    checked.sized32(record.key).sized32(record.value);
    const auto checksum = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(checked.bytes().data()), static_cast<uInt>(checked.bytes().size())));
    return Writer()
        .number(offset)
        .number(static_cast<std::int32_t>(checked.bytes().size() + 4))
        .number(checksum)
        .text(checked.bytes())
        .bytes();
}

/// Records inside one message, as Java's producer wraps them.
inline std::string wrappedBytes(int magic, std::int64_t first, KafkaCodec codec, const std::vector<Written>& records)
{
    std::string inner;
    for (std::size_t i = 0; i < records.size(); ++i)
        inner += messageBytes(magic, (magic == 0 ? first : 0) + static_cast<std::int64_t>(i), 0, records[i]);
    return messageBytes(magic, first + static_cast<std::int64_t>(records.size()) - 1, static_cast<int>(codec),
                        {std::nullopt, compressed(codec, inner)});
}

} // namespace leftfold::source::test
