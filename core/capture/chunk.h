// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/time.h"
#include "core/decode/record_decoder.h"
#include "core/event/record.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct ZSTD_CDict_s;
struct ZSTD_DDict_s;

namespace leftfold::capture {

/// The events of one partition that are stored together: at most so many, or so many bytes of values, keys and
/// headers, whichever comes first; a larger event stands alone.
inline constexpr std::size_t kMaxChunkEvents = 4096;
inline constexpr std::size_t kMaxChunkBytes = std::size_t{1} << 20;
/// The events that are compressed together, so that one of them can be read without the others.
inline constexpr std::size_t kFrameEvents = 64;

/// What the mapping found in one record.
struct EventFacts {
    std::optional<base::Time> time; ///< the event's own time
    std::uint32_t type = 0; ///< place in ChunkColumns::types
    bool undecodable = false; ///< the value is no JSON document
    bool badTime = false; ///< there is something where the time should be, but it is no time
    bool kept = false; ///< key, value or a header is encoded in a way that could not be read: it stands as it is

    [[nodiscard]] bool isUnread() const { return undecodable || kept; }
};

/// All of a chunk but keys, headers and values: what scans need, an array a column.
struct ChunkColumns {
    std::vector<event::Offset> offsets;
    std::vector<EventFacts> facts;
    std::vector<std::string> types; ///< those of this chunk, in order of appearance
    std::vector<std::optional<base::Time>> timestamps; ///< the log's own; empty if no record has one
    std::vector<event::TimestampType> timestampTypes; ///< as long as `timestamps`

    [[nodiscard]] std::size_t count() const { return offsets.size(); }
};

/// Effective times: the running maximum of the own times, from what it was before the chunk.
[[nodiscard]] std::vector<base::Time> effectiveTimes(const ChunkColumns& columns, base::Time before);

/// A frame in a chunk's payload: where it lies, and what says that it is whole.
struct FrameEntry {
    std::uint32_t offset = 0; ///< in the payload
    std::uint32_t storedSize = 0;
    std::uint32_t size = 0; ///< uncompressed
    std::uint64_t checksum = 0; ///< XXH3-64 of the stored bytes
};

/// A trained zstd dictionary, ready for both directions. Shared by threads.
class Dictionary {
public:
    /// Fails with DamagedChunk where zstd does not take the bytes.
    [[nodiscard]] static base::Result<std::shared_ptr<const Dictionary>> load(std::string bytes);
    ~Dictionary();
    Dictionary(const Dictionary&) = delete;
    Dictionary& operator=(const Dictionary&) = delete;

    /// Learns from a chunk's records; nothing where they are too few to gain by it.
    [[nodiscard]] static std::shared_ptr<const Dictionary> train(std::span<const event::Record> records);
    [[nodiscard]] const std::string& bytes() const { return m_bytes; }

private:
    friend class ChunkCodec;
    explicit Dictionary(std::string bytes);
    std::string m_bytes;
    ZSTD_CDict_s* m_compress;
    ZSTD_DDict_s* m_decompress;
};

struct EncodedChunk {
    std::string columns; ///< ChunkColumns, compressed
    std::string frames; ///< the frame directory
    std::string payload; ///< the frames
};

/// A frame's records, their views pointing into `bytes`. Timestamps come from the columns.
struct DecodedFrame {
    std::string bytes;
    std::vector<event::Record> records; ///< as the log holds them
    decode::DecodedRecords decoded; ///< as they are seen, where some of them are encoded

    [[nodiscard]] const event::Record& seen(std::size_t i) const
    {
        return decoded.records.empty() ? records[i] : decoded.records[i];
    }
    /// Null where the record stands as it is.
    [[nodiscard]] const decode::PayloadNotes* notes(std::size_t i) const
    {
        return decoded.notes.empty() ? nullptr : &decoded.notes[i];
    }
};

/// Turns chunks into bytes and back: README.md of this folder, "Chunk". Owns compression contexts: one a
/// thread. Decoding takes any bytes and fails with DamagedChunk, naming what does not fit.
class ChunkCodec {
public:
    ChunkCodec();
    ~ChunkCodec();
    ChunkCodec(const ChunkCodec&) = delete;
    ChunkCodec& operator=(const ChunkCodec&) = delete;

    /// REQUIRES: records and columns of the same events, at least one.
    [[nodiscard]] EncodedChunk encode(std::span<const event::Record> records, const ChunkColumns& columns,
                                      const Dictionary* dictionary);
    [[nodiscard]] std::string encodeColumns(const ChunkColumns& columns);
    [[nodiscard]] base::Result<ChunkColumns> decodeColumns(base::ByteView stored);
    /// `effectiveTimes` of the stored columns, without the rest of them.
    [[nodiscard]] base::Result<std::vector<base::Time>> decodeEffectiveTimes(base::ByteView stored, base::Time before);
    [[nodiscard]] base::Result<std::vector<FrameEntry>> decodeDirectory(base::ByteView stored) const;
    /// `columns` and `firstInChunk` give the offsets and timestamps that the frame itself does not hold.
    /// `out` is reused: its buffers keep their capacity.
    [[nodiscard]] base::Result<void> decodeFrame(base::ByteView stored, const FrameEntry& entry,
                                                 const Dictionary* dictionary, const ChunkColumns& columns,
                                                 std::size_t firstInChunk, DecodedFrame& out);

private:
    struct Contexts;
    [[nodiscard]] base::Result<base::ByteView> unpackColumns(base::ByteView stored);
    std::unique_ptr<Contexts> m_contexts;
};

} // namespace leftfold::capture
