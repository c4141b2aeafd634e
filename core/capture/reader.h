// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/catalog.h"
#include "core/capture/chunk.h"
#include "core/event/when.h"

#include <list>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace leftfold::capture {

/// A chunk without its payload, decoded.
struct LoadedChunk {
    ChunkEntry entry;
    ChunkColumns columns;
    std::vector<base::Time> effective;
    std::vector<FrameEntry> frames;
    std::shared_ptr<const Dictionary> dictionary;
};

/// One event, read. Its views live as long as it does.
struct StoredEvent {
    Location location;
    event::Record record; ///< as it is seen: decoded
    base::Time effective; ///< kBeginningOfTime where neither it nor one before it has a time
    EventFacts facts;
    std::string_view type;
    std::shared_ptr<const LoadedChunk> chunk;
    std::shared_ptr<const DecodedFrame> frame;

    /// As the log holds it.
    [[nodiscard]] const event::Record& raw() const { return frame->records[m_place]; }
    /// How key and value were decoded; null where they stand as they are.
    [[nodiscard]] const decode::PayloadNotes* notes() const { return frame->notes(m_place); }

private:
    friend class Reader;
    std::size_t m_place = 0; ///< in the frame
};

/// Consecutive events of one partition for scans: decoded into buffers that are used again.
class EventRun {
public:
    struct Item {
        const event::Record* record; ///< as it is seen: decoded
        const EventFacts* facts;
        base::Time effective;
        std::string_view type;
        const event::Record* raw; ///< as the log holds it
        const decode::PayloadNotes* notes; ///< how key and value were decoded; null where they stand as they are
    };
    [[nodiscard]] const std::vector<Item>& items() const { return m_items; }

private:
    friend class Reader;
    std::vector<Item> m_items;
    std::vector<std::unique_ptr<DecodedFrame>> m_frames;
    std::size_t m_usedFrames = 0;
    std::vector<std::shared_ptr<const LoadedChunk>> m_chunks;
};

/// Where a capture's side files lie; empty: nowhere, indexes are built in memory.
struct OpenOptions {
    std::string indexFolder;
};

/// A capture, open for reading: one thread's. What is read is verified; what is damaged fails with DamagedEvents or
/// DamagedChunk and nothing else suffers. Sees the capture as it was when opened.
class Reader {
public:
    [[nodiscard]] static base::Result<std::unique_ptr<Reader>> open(const std::string& path,
                                                                    const OpenOptions& options);
    /// What another reader is for: scans in the order of the log, or walks of aggregates that lie close together, event by event,
    /// which keep some 20 MB more.
    enum class Use : std::uint8_t { Scan, Walk };
    /// The same capture at the same moment, for another thread that scans it: with small caches.
    [[nodiscard]] base::Result<std::unique_ptr<Reader>> another(Use use = Use::Scan) const;
    ~Reader();

    [[nodiscard]] const Catalog& catalog() const { return *m_catalog; }
    [[nodiscard]] const std::string& path() const { return m_store->path(); }
    [[nodiscard]] const std::string& indexFolder() const { return m_options.indexFolder; }
    /// Set where the file was not closed cleanly and its -wal is gone: WalMissing, with what is still there.
    [[nodiscard]] const std::optional<base::Error>& walLoss() const { return m_walLoss; }
    /// A copy of everything committed, in one file, also while somebody writes. Fails with CaptureExists.
    [[nodiscard]] base::Result<void> copyTo(const std::string& path) const;
    /// The running hash of each partition at its end, by partition number.
    [[nodiscard]] base::Result<std::vector<base::Hash128>> identities() const;
    /// The identity of the whole capture: a hash over the partitions' names, ends and running hashes, free of their order.
    [[nodiscard]] base::Result<base::Hash128> identity() const;

    [[nodiscard]] base::Result<StoredEvent> event(Location location);
    [[nodiscard]] base::Result<StoredEvent> event(event::EventIndex index);
    /// Events [first, first + count) of a partition. REQUIRES: they are in the capture.
    [[nodiscard]] base::Result<void> readRun(Location first, std::uint64_t count, EventRun& out);
    /// A chunk's columns, without its payload. REQUIRES: entry.id != 0.
    [[nodiscard]] base::Result<std::shared_ptr<const LoadedChunk>> chunk(const ChunkEntry& entry);

    /// What a person wrote, as a cut of this capture. Fails with NoSuchPartition or NoSuchEvent.
    [[nodiscard]] base::Result<OrdinalCut> resolve(const event::When& when);
    /// Where the offset behind the last event of a partition is lost with its chunk, the cut ends before that chunk: what lies
    /// between is in no state either.
    [[nodiscard]] base::Result<event::Cut> toCut(const OrdinalCut& cut);
    [[nodiscard]] base::Result<event::Position> positionOf(Location location);
    /// How many events of a partition have an offset below `offset`.
    [[nodiscard]] base::Result<std::uint64_t> ordinalOf(std::uint32_t partition, event::Offset offset);
    /// The schemas of the capture when it was opened.
    [[nodiscard]] const decode::SchemaBook& schemas() const { return *m_schemas; }
    [[nodiscard]] base::Result<std::vector<ProblemRow>> storedProblems() { return m_store->problems(); }
    /// What the log told of transactions, by partition and place.
    [[nodiscard]] base::Result<std::vector<event::Transaction>> storedTransactions() { return m_store->transactions(); }

private:
    Reader();
    [[nodiscard]] base::Result<void> openStore(const std::string& path);
    [[nodiscard]] base::Result<std::uint64_t> ordinalAfter(std::uint32_t partition, base::Time time);
    [[nodiscard]] base::Result<OrdinalCut> cutAt(base::Time time);
    [[nodiscard]] base::Result<OrdinalCut> cutAt(const event::Cut& cut);
    [[nodiscard]] base::Result<event::Offset> offsetBehind(Location location);
    [[nodiscard]] base::Result<Location> locationOf(const event::Position& position);
    [[nodiscard]] base::Result<std::shared_ptr<const Dictionary>> dictionary(std::int64_t id);
    [[nodiscard]] base::Result<std::shared_ptr<const DecodedFrame>> frame(const LoadedChunk& chunk, std::size_t number);
    [[nodiscard]] base::Result<void> decodeFrame(const LoadedChunk& chunk, std::size_t number, base::ByteView payload,
                                                 std::uint32_t payloadOffset, DecodedFrame& out);

    OpenOptions m_options;
    std::unique_ptr<Store> m_store;
    std::shared_ptr<const Catalog> m_catalog;
    std::optional<base::Error> m_walLoss;
    ChunkCodec m_codec;
    std::shared_ptr<const decode::SchemaBook> m_schemas;
    std::optional<decode::RecordDecoder> m_decoder; ///< none where nothing is encoded
    std::string m_payload;
    /// Dictionaries are shared by all readers of a capture.
    struct Dictionaries;
    std::shared_ptr<Dictionaries> m_dictionaries;
    struct Caches;
    std::unique_ptr<Caches> m_caches;
};

} // namespace leftfold::capture
