// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/reader.h"

#include "core/capture/writer.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <mutex>
#include <sys/stat.h>

namespace leftfold::capture {

namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::size_t kCachedChunks = 192; // of about 260 KB each, if they are full
constexpr std::size_t kCachedFrameBytes = std::size_t{32} << 20;
constexpr std::size_t kScanFrameBytes = std::size_t{2} << 20;
constexpr std::size_t kWalkedChunks = 32;
constexpr std::size_t kWalkFrameBytes = std::size_t{16} << 20;

/// The least recently used goes when the sizes add up to more than allowed.
template <class Key, class Value>
class Recent {
public:
    explicit Recent(std::size_t maxSize) : m_maxSize(maxSize) {}

    std::shared_ptr<const Value> find(const Key& key)
    {
        const auto found = m_places.find(key);
        if (found == m_places.end()) return nullptr;
        m_items.splice(m_items.begin(), m_items, found->second);
        return found->second->value;
    }

    void put(const Key& key, std::shared_ptr<const Value> value, std::size_t size)
    {
        m_items.push_front({key, std::move(value), size});
        m_places[key] = m_items.begin();
        m_size += size;
        while (m_size > m_maxSize && m_items.size() > 1) {
            m_size -= m_items.back().size;
            m_places.erase(m_items.back().key);
            m_items.pop_back();
        }
    }

private:
    struct Item {
        Key key;
        std::shared_ptr<const Value> value;
        std::size_t size;
    };
    std::size_t m_maxSize;
    std::size_t m_size = 0;
    std::list<Item> m_items;
    std::map<Key, typename std::list<Item>::iterator> m_places;
};

/// An empty one is as good as none: reading makes one.
bool hasWal(const std::string& path)
{
    struct stat status {};
    return ::stat((path + "-wal").c_str(), &status) == 0 && status.st_size > 0;
}

} // namespace

struct Reader::Dictionaries {
    std::mutex mutex;
    std::map<std::int64_t, std::shared_ptr<const Dictionary>> byId;
};

struct Reader::Caches {
    Caches(std::size_t maxChunks, std::size_t maxFrameBytes) : chunks(maxChunks), frames(maxFrameBytes) {}

    Recent<std::int64_t, LoadedChunk> chunks;
    Recent<std::pair<std::int64_t, std::size_t>, DecodedFrame> frames;
};

Reader::Reader()
    : m_dictionaries(std::make_shared<Dictionaries>()),
      m_caches(std::make_unique<Caches>(kCachedChunks, kCachedFrameBytes))
{}
Reader::~Reader() = default;

Result<void> Reader::openStore(const std::string& path)
{
    const bool walGone = !hasWal(path);
    LEFTFOLD_TRY(m_store, Store::open(path, base::Database::Mode::Read));
    // All that is read on opening is of one moment, also while somebody writes.
    LEFTFOLD_CHECK(m_store->database().execute("BEGIN"));
    LEFTFOLD_TRY(const bool inWriting, m_store->isInWriting());
    auto catalog = Catalog::open(*m_store, m_options.indexFolder);
    const bool walLost = walGone && inWriting && !Writer::isAtWork(path);
    if (!catalog && walLost) return base::inContext(std::move(catalog.error()), "without its -wal, which is missing");
    if (!catalog) return tl::unexpected(catalog.error());
    m_catalog = std::move(*catalog);
    LEFTFOLD_TRY(m_schemas, m_store->schemas());
    if (m_catalog->decoding().isActive) m_decoder.emplace(m_catalog->decoding(), m_schemas);
    if (walLost) m_walLoss = base::Error{ErrorCode::WalMissing, {path, std::to_string(m_catalog->eventCount())}, {}};
    return m_store->database().execute("COMMIT");
}

Result<std::unique_ptr<Reader>> Reader::open(const std::string& path, const OpenOptions& options)
{
    std::unique_ptr<Reader> reader(new Reader);
    reader->m_options = options;
    LEFTFOLD_CHECK(reader->openStore(path));
    return reader;
}

Result<std::unique_ptr<Reader>> Reader::another(Use use) const
{
    std::unique_ptr<Reader> reader(new Reader);
    reader->m_options = m_options;
    LEFTFOLD_TRY(reader->m_store, Store::open(path(), base::Database::Mode::Read));
    reader->m_catalog = m_catalog;
    reader->m_schemas = m_schemas;
    if (m_decoder) reader->m_decoder.emplace(m_catalog->decoding(), m_schemas);
    reader->m_dictionaries = m_dictionaries;
    // Whoever scans wants the chunk it is in, of each partition, and rarely an earlier one.
    const std::size_t least = use == Use::Scan ? 8 : kWalkedChunks;
    const std::size_t chunks = std::clamp<std::size_t>(2 * m_catalog->partitions().size(), least, kCachedChunks);
    reader->m_caches = std::make_unique<Caches>(chunks, use == Use::Scan ? kScanFrameBytes : kWalkFrameBytes);
    return reader;
}

Result<void> Reader::copyTo(const std::string& path) const
{
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return fail(ErrorCode::CaptureExists, path);
    LEFTFOLD_CHECK(m_store->database().backupTo(path));
    LEFTFOLD_TRY(const auto copy, Store::open(path, base::Database::Mode::ReadWrite));
    LEFTFOLD_CHECK(copy->enterWriting());
    return copy->leaveWriting();
}

Result<std::vector<base::Hash128>> Reader::identities() const
{
    std::vector<base::Hash128> hashes;
    for (std::uint32_t partition = 0; partition < m_catalog->partitions().size(); ++partition) {
        LEFTFOLD_TRY(const auto chunks, m_catalog->chunksOf(partition));
        hashes.push_back(chunks.empty() ? base::Hash128{} : chunks.back().identity);
    }
    return hashes;
}

Result<base::Hash128> Reader::identity() const
{
    LEFTFOLD_TRY(const auto hashes, identities());
    std::vector<std::string> lines;
    for (std::uint32_t partition = 0; partition < hashes.size(); ++partition) {
        lines.push_back(fmt::format("{} {} {}\n", toText(m_catalog->partitions()[partition]),
                                    m_catalog->eventsOf(partition), base::toHex(hashes[partition])));
    }
    std::ranges::sort(lines);
    std::string all;
    for (const std::string& line : lines) all += line;
    return base::hash128(all);
}

Result<std::shared_ptr<const Dictionary>> Reader::dictionary(std::int64_t id)
{
    if (id == 0) return nullptr;
    const std::lock_guard lock(m_dictionaries->mutex);
    auto& known = m_dictionaries->byId[id];
    if (!known) {
        LEFTFOLD_TRY(std::string bytes, m_store->dictionary(id));
        LEFTFOLD_TRY(known, Dictionary::load(std::move(bytes)));
    }
    return known;
}

Result<std::shared_ptr<const LoadedChunk>> Reader::chunk(const ChunkEntry& entry)
{
    if (auto known = m_caches->chunks.find(entry.id)) return known;
    LEFTFOLD_TRY(const Store::ChunkContent content, m_store->chunk(entry.id));
    if (content.row.checksum != entry.checksum)
        return fail(ErrorCode::DamagedChunk, "a chunk that was changed since the capture was opened");
    auto loaded = std::make_shared<LoadedChunk>();
    loaded->entry = entry;
    LEFTFOLD_TRY(loaded->columns, m_codec.decodeColumns(content.columns));
    LEFTFOLD_TRY(loaded->frames, m_codec.decodeDirectory(content.frames));
    const std::size_t frames = (loaded->columns.count() + kFrameEvents - 1) / kFrameEvents;
    if (loaded->columns.count() != entry.count || loaded->frames.size() != frames) {
        return fail(ErrorCode::DamagedChunk, "the number of events");
    }
    loaded->effective = effectiveTimes(loaded->columns, entry.effectiveBefore);
    LEFTFOLD_TRY(loaded->dictionary, dictionary(entry.dictionary));
    m_caches->chunks.put(entry.id, loaded, 1);
    return loaded;
}

Result<void> Reader::decodeFrame(const LoadedChunk& chunk, std::size_t number, base::ByteView payload,
                                 std::uint32_t payloadOffset, DecodedFrame& out)
{
    const FrameEntry& entry = chunk.frames[number];
    const base::ByteView stored = payload.substr(entry.offset - payloadOffset, entry.storedSize);
    auto decoded =
        m_codec.decodeFrame(stored, entry, chunk.dictionary.get(), chunk.columns, number * kFrameEvents, out);
    if (decoded) {
        out.decoded.clear();
        if (m_decoder)
            (void)m_decoder->decode(out.records, m_catalog->partitions()[chunk.entry.partition].topic, out.decoded);
        return {};
    }
    const std::size_t first = number * kFrameEvents;
    const std::size_t last = std::min(first + kFrameEvents, chunk.columns.count()) - 1;
    return fail(ErrorCode::DamagedEvents, std::to_string(last - first + 1),
                toText(m_catalog->partitions()[chunk.entry.partition]),
                std::to_string(chunk.columns.offsets[first].value), std::to_string(chunk.columns.offsets[last].value),
                base::render(decoded.error()));
}

Result<std::shared_ptr<const DecodedFrame>> Reader::frame(const LoadedChunk& chunk, std::size_t number)
{
    const std::pair key{chunk.entry.id, number};
    if (auto known = m_caches->frames.find(key)) return known;
    const FrameEntry& entry = chunk.frames[number];
    m_payload.clear();
    LEFTFOLD_CHECK(m_store->readPayload(chunk.entry.id, entry.offset, entry.storedSize, m_payload));
    auto decoded = std::make_shared<DecodedFrame>();
    LEFTFOLD_CHECK(decodeFrame(chunk, number, m_payload, entry.offset, *decoded));
    m_caches->frames.put(key, decoded,
                         decoded->bytes.size() + decoded->decoded.bytes.size() + kFrameEvents * sizeof(event::Record));
    return decoded;
}

namespace {

/// Whether the offsets of a chunk have no gaps, so that they are known without reading it.
bool isDense(const ChunkEntry& entry)
{
    return entry.lastOffset - entry.firstOffset + 1 == static_cast<std::int64_t>(entry.count);
}

tl::unexpected<base::Error> lostEvents(const Catalog& catalog, const ChunkEntry& entry)
{
    return fail(ErrorCode::DamagedEvents, std::to_string(entry.count), toText(catalog.partitions()[entry.partition]),
                std::to_string(entry.firstOffset), std::to_string(entry.lastOffset),
                "their chunk does not fit its checksum");
}

} // namespace

Result<StoredEvent> Reader::event(Location location)
{
    LEFTFOLD_TRY(const ChunkEntry* entry, m_catalog->chunkOf(location));
    if (entry->id == 0) return lostEvents(*m_catalog, *entry);
    StoredEvent event;
    event.location = location;
    LEFTFOLD_TRY(event.chunk, chunk(*entry));
    const std::size_t inChunk = location.ordinal - entry->firstOrdinal;
    LEFTFOLD_TRY(event.frame, frame(*event.chunk, inChunk / kFrameEvents));
    event.m_place = inChunk % kFrameEvents;
    event.record = event.frame->seen(event.m_place);
    event.effective = event.chunk->effective[inChunk];
    event.facts = event.chunk->columns.facts[inChunk];
    event.type = event.chunk->columns.types[event.facts.type];
    return event;
}

Result<StoredEvent> Reader::event(event::EventIndex index)
{
    if (index.value >= m_catalog->eventCount()) {
        return fail(ErrorCode::NoSuchEvent, toText(index),
                    fmt::format("the log has {} events", m_catalog->eventCount()));
    }
    LEFTFOLD_TRY(const Location location, m_catalog->locate(index));
    return event(location);
}

Result<void> Reader::readRun(Location first, std::uint64_t count, EventRun& out)
{
    out.m_items.clear();
    out.m_chunks.clear();
    out.m_usedFrames = 0;
    while (count > 0) {
        LEFTFOLD_TRY(const ChunkEntry* entry, m_catalog->chunkOf(first));
        if (entry->id == 0) return lostEvents(*m_catalog, *entry);
        LEFTFOLD_TRY(auto loaded, chunk(*entry));
        const std::size_t from = first.ordinal - entry->firstOrdinal;
        const std::size_t upTo = from + std::min<std::uint64_t>(count, entry->count - from);
        const std::size_t firstFrame = from / kFrameEvents;
        const std::size_t lastFrame = (upTo - 1) / kFrameEvents;
        const FrameEntry& begin = loaded->frames[firstFrame];
        const FrameEntry& end = loaded->frames[lastFrame];
        m_payload.clear();
        LEFTFOLD_CHECK(
            m_store->readPayload(entry->id, begin.offset, end.offset + end.storedSize - begin.offset, m_payload));
        for (std::size_t number = firstFrame; number <= lastFrame; ++number) {
            if (out.m_usedFrames == out.m_frames.size()) out.m_frames.push_back(std::make_unique<DecodedFrame>());
            DecodedFrame& decoded = *out.m_frames[out.m_usedFrames++];
            LEFTFOLD_CHECK(decodeFrame(*loaded, number, m_payload, begin.offset, decoded));
            const std::size_t base = number * kFrameEvents;
            for (std::size_t i = std::max(base, from); i < std::min(base + kFrameEvents, upTo); ++i) {
                const EventFacts& facts = loaded->columns.facts[i];
                out.m_items.push_back({&decoded.seen(i - base), &facts, loaded->effective[i],
                                       loaded->columns.types[facts.type], &decoded.records[i - base],
                                       decoded.notes(i - base)});
            }
        }
        count -= upTo - from;
        first.ordinal += upTo - from;
        out.m_chunks.push_back(std::move(loaded));
    }
    return {};
}

Result<std::uint64_t> Reader::ordinalOf(std::uint32_t partition, event::Offset offset)
{
    LEFTFOLD_TRY(const auto chunks, m_catalog->chunksOf(partition));
    const auto entry =
        std::ranges::partition_point(chunks, [&](const ChunkEntry& each) { return each.lastOffset < offset.value; });
    if (entry == chunks.end()) return m_catalog->eventsOf(partition);
    if (offset.value <= entry->firstOffset) return entry->firstOrdinal;
    if (isDense(*entry)) return entry->firstOrdinal + static_cast<std::uint64_t>(offset.value - entry->firstOffset);
    if (entry->id == 0) return lostEvents(*m_catalog, *entry);
    LEFTFOLD_TRY(const auto loaded, chunk(*entry));
    const auto& offsets = loaded->columns.offsets;
    return entry->firstOrdinal
           + static_cast<std::uint64_t>(std::ranges::lower_bound(offsets, offset) - offsets.begin());
}

Result<std::uint64_t> Reader::ordinalAfter(std::uint32_t partition, base::Time time)
{
    LEFTFOLD_TRY(const auto chunks, m_catalog->chunksOf(partition));
    const auto entry =
        std::ranges::partition_point(chunks, [&](const ChunkEntry& each) { return each.effectiveAfter <= time; });
    if (entry == chunks.end()) return m_catalog->eventsOf(partition);
    if (entry->id == 0) return lostEvents(*m_catalog, *entry);
    LEFTFOLD_TRY(const auto loaded, chunk(*entry));
    const auto& times = loaded->effective;
    return entry->firstOrdinal + static_cast<std::uint64_t>(std::ranges::upper_bound(times, time) - times.begin());
}

Result<OrdinalCut> Reader::cutAt(base::Time time)
{
    OrdinalCut cut;
    for (std::uint32_t partition = 0; partition < m_catalog->partitions().size(); ++partition) {
        LEFTFOLD_TRY(const std::uint64_t next, ordinalAfter(partition, time));
        cut.next.push_back(next);
    }
    return cut;
}

Result<OrdinalCut> Reader::cutAt(const event::Cut& cut)
{
    OrdinalCut out{std::vector<std::uint64_t>(m_catalog->partitions().size(), 0)};
    for (const auto& [partition, next] : cut.next) {
        LEFTFOLD_TRY(const std::uint32_t number, m_catalog->numberOf(partition));
        LEFTFOLD_TRY(out.next[number], ordinalOf(number, next));
    }
    return out;
}

Result<Location> Reader::locationOf(const event::Position& position)
{
    LEFTFOLD_TRY(const std::uint32_t partition, m_catalog->numberOf(position.partition));
    LEFTFOLD_TRY(const std::uint64_t ordinal, ordinalOf(partition, position.offset));
    if (ordinal == m_catalog->eventsOf(partition))
        return fail(ErrorCode::NoSuchEvent, toText(position), "the partition ends before it");
    LEFTFOLD_TRY(const event::Position there, positionOf({partition, ordinal}));
    if (there != position) return fail(ErrorCode::NoSuchEvent, toText(position), "that offset is not in the log");
    return Location{partition, ordinal};
}

Result<OrdinalCut> Reader::resolve(const event::When& when)
{
    if (std::holds_alternative<event::AtStart>(when)) return m_catalog->prefix(0);
    if (std::holds_alternative<event::AtEnd>(when)) return m_catalog->end();
    if (const auto* time = std::get_if<base::Time>(&when)) return cutAt(*time);
    if (const auto* cut = std::get_if<event::Cut>(&when)) return cutAt(*cut);
    if (const auto* index = std::get_if<event::EventIndex>(&when)) {
        if (index->value < m_catalog->eventCount()) return m_catalog->prefix(index->value + 1);
        return fail(ErrorCode::NoSuchEvent, toText(*index),
                    fmt::format("the log has {} events", m_catalog->eventCount()));
    }
    LEFTFOLD_TRY(const Location location, locationOf(std::get<event::Position>(when)));
    LEFTFOLD_TRY(const event::EventIndex index, m_catalog->indexOf(location));
    return m_catalog->prefix(index.value + 1);
}

Result<event::Position> Reader::positionOf(Location location)
{
    LEFTFOLD_TRY(const ChunkEntry* entry, m_catalog->chunkOf(location));
    if (entry->id == 0) return lostEvents(*m_catalog, *entry);
    LEFTFOLD_TRY(const auto loaded, chunk(*entry));
    return event::Position{m_catalog->partitions()[location.partition],
                           loaded->columns.offsets[location.ordinal - entry->firstOrdinal]};
}

Result<event::Offset> Reader::offsetBehind(Location location)
{
    auto position = positionOf(location);
    if (position) return position->offset.next();
    LEFTFOLD_TRY(const ChunkEntry* entry, m_catalog->chunkOf(location));
    const std::uint64_t inChunk = location.ordinal - entry->firstOrdinal;
    if (isDense(*entry)) return event::Offset{entry->firstOffset + static_cast<std::int64_t>(inChunk) + 1};
    return event::Offset{inChunk + 1 == entry->count ? entry->lastOffset + 1 : entry->firstOffset};
}

Result<event::Cut> Reader::toCut(const OrdinalCut& cut)
{
    event::Cut out;
    for (std::uint32_t partition = 0; partition < cut.next.size(); ++partition) {
        if (cut.next[partition] == 0) continue;
        LEFTFOLD_TRY(out.next[m_catalog->partitions()[partition]], offsetBehind({partition, cut.next[partition] - 1}));
    }
    return out;
}

} // namespace leftfold::capture
