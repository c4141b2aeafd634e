// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/catalog.h"

#include "core/base/varint.h"
#include "core/capture/chunk.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <tuple>

namespace leftfold::capture {

namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

/// Sections of the index file `base`.
constexpr std::uint32_t kChunks = 1; ///< ChunkEntry, by partition, then ordinal
constexpr std::uint32_t kPartitionChunks = 2; ///< u64: where each partition's chunks start; one more at the end
constexpr std::uint32_t kPartitionEvents = 3; ///< u64: how many events each partition has
constexpr std::uint32_t kOrder = 4; ///< u8 (u16 above 256 partitions) an event; empty for a single partition
constexpr std::uint32_t kBlockCuts = 5; ///< u64: for each block, for each partition, the ordinal at its start

constexpr std::uint64_t kBlockEvents = 4096;
constexpr std::size_t kNarrowPartitions = 256;

/// The effective times of a partition's chunks of one load.
TimeStream timesOf(Store& store, const std::vector<ChunkEntry>& chunks, std::shared_ptr<ChunkCodec> codec)
{
    return [&store, &chunks, codec = std::move(codec),
            next = std::size_t{0}]() mutable -> Result<std::optional<std::vector<base::Time>>> {
        if (next == chunks.size()) return std::nullopt;
        const ChunkEntry& entry = chunks[next++];
        if (entry.id == 0) return std::vector<base::Time>(entry.count, entry.effectiveAfter);
        LEFTFOLD_TRY(const Store::ChunkContent content, store.chunk(entry.id));
        LEFTFOLD_TRY(auto times, codec->decodeEffectiveTimes(content.columns, entry.effectiveBefore));
        return times;
    };
}

std::uint64_t eventsIn(const std::vector<ChunkEntry>& chunks)
{
    return std::accumulate(chunks.begin(), chunks.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const ChunkEntry& entry) { return sum + entry.count; });
}

/// What is decoded in another way is other content; schemas that come while loading change nothing that was read before.
base::Hash128 contentKeyOf(const std::string& captureId, std::span<const LoadRow> loads, const decode::Mapping& mapping,
                           const decode::Decoding& decoding)
{
    std::string text = captureId + toJson(mapping) + decoding.fingerprint();
    for (const LoadRow& load : loads) {
        text += fmt::format("|{} {} {} {} {}", load.id, load.complete, load.lastChunk, load.events,
                            base::toHex(load.lastChecksum));
    }
    return base::hash128(text);
}

} // namespace

std::uint64_t OrdinalCut::events() const
{
    return std::accumulate(next.begin(), next.end(), std::uint64_t{0});
}

ChunkEntry entryOf(const ChunkRow& row)
{
    ChunkEntry entry;
    entry.id = row.id;
    entry.firstOrdinal = row.firstOrdinal;
    entry.firstOffset = row.firstOffset.value;
    entry.lastOffset = row.lastOffset.value;
    entry.effectiveBefore = row.effectiveBefore;
    entry.effectiveAfter = row.effectiveAfter;
    entry.dictionary = row.dictionary;
    entry.identity = row.identity;
    entry.checksum = row.checksum;
    entry.partition = row.partition;
    entry.count = row.count;
    entry.undecodable = row.undecodable;
    entry.timeless = row.timeless;
    return entry;
}

Result<void> mergeLoad(Store& store, const std::vector<std::vector<ChunkEntry>>& chunks,
                       std::span<const event::Partition> names, const RunSink& sink)
{
    std::vector<std::uint32_t> ranked;
    for (std::uint32_t partition = 0; partition < chunks.size(); ++partition) {
        if (!chunks[partition].empty()) ranked.push_back(partition);
    }
    if (ranked.size() == 1) return sink(ranked[0], eventsIn(chunks[ranked[0]]));
    std::ranges::sort(ranked, {}, [&](std::uint32_t partition) { return names[partition]; });
    const auto codec = std::make_shared<ChunkCodec>(); // one for all: there may be thousands of partitions
    std::vector<TimeStream> streams;
    for (const std::uint32_t partition : ranked) streams.push_back(timesOf(store, chunks[partition], codec));
    return mergeByTime(std::move(streams),
                       [&](std::uint32_t stream, std::uint64_t count) { return sink(ranked[stream], count); });
}

/// Makes the index file `base` from the tables.
class Catalog::Builder {
public:
    Builder(Store& store, Catalog& catalog) : m_store(store), m_catalog(catalog), m_chunks(catalog.m_partitions.size())
    {}

    Result<void> build(const std::string& path)
    {
        LEFTFOLD_CHECK(readChunks());
        nameLostChunks();
        createImage(m_catalog.m_damage.empty() ? path : std::string());
        writeChunks();
        for (const LoadRow& load : m_catalog.m_loads) LEFTFOLD_CHECK(writeOrder(load));
        if (m_chunks.size() > 1 && m_written != m_catalog.m_eventCount) {
            return fail(ErrorCode::DamagedCapture, m_store.path(), "its replay order does not hold all events");
        }
        m_catalog.m_image = IndexImage::seal(std::move(m_image));
        return {};
    }

private:
    void lose(std::uint64_t events, base::Error error) { m_catalog.m_damage.push_back({events, std::move(error)}); }

    Result<void> readChunks()
    {
        const std::int64_t last = m_catalog.m_loads.empty() ? 0 : m_catalog.m_loads.back().lastChunk;
        base::Hash128 before;
        bool beforeKnown = true;
        for (std::int64_t id = 1; id <= last; ++id) {
            auto content = m_store.chunk(id);
            const bool known = content && content->row.partition < m_chunks.size() && content->row.count > 0;
            if (!known) {
                lose(0, content ? base::Error{ErrorCode::DamagedCapture,
                                              {m_store.path(), fmt::format("chunk {} names no partition", id)},
                                              {}}
                                : content.error());
            } else {
                if (beforeKnown && content->row.before != before) {
                    lose(0, {ErrorCode::DamagedCapture,
                             {m_store.path(), fmt::format("chunk {} does not follow chunk {}", id, id - 1)},
                             {}});
                }
                m_chunks[content->row.partition].push_back(entryOf(content->row));
                before = content->row.checksum;
            }
            beforeKnown = known;
        }
        if (beforeKnown && last > 0 && before != m_catalog.m_loads.back().lastChecksum) {
            lose(0, {ErrorCode::DamagedCapture,
                     {m_store.path(), "its last chunk is not the one that was stored last"},
                     {}});
        }
        return {};
    }

    /// Ordinals between two chunks that no chunk has belong to one that cannot be read.
    void nameLostChunks()
    {
        std::uint64_t events = 0;
        for (std::uint32_t partition = 0; partition < m_chunks.size(); ++partition) {
            std::vector<ChunkEntry> whole;
            std::uint64_t ordinal = 0;
            for (const ChunkEntry& entry : m_chunks[partition]) {
                if (entry.firstOrdinal > ordinal) whole.push_back(lostBefore(entry, whole, ordinal));
                ordinal = entry.firstOrdinal + entry.count;
                whole.push_back(entry);
            }
            m_chunks[partition] = std::move(whole);
            events += ordinal;
        }
        if (events < m_catalog.m_eventCount) {
            lose(m_catalog.m_eventCount - events,
                 {ErrorCode::DamagedCapture,
                  {m_store.path(), fmt::format("{} events at its end cannot be read", m_catalog.m_eventCount - events)},
                  {}});
            m_catalog.m_eventCount = events;
        }
    }

    ChunkEntry lostBefore(const ChunkEntry& next, const std::vector<ChunkEntry>& before, std::uint64_t ordinal)
    {
        ChunkEntry lost;
        lost.partition = next.partition;
        lost.firstOrdinal = ordinal;
        lost.count = static_cast<std::uint32_t>(next.firstOrdinal - ordinal);
        lost.firstOffset = before.empty() ? 0 : before.back().lastOffset + 1;
        lost.lastOffset = next.firstOffset - 1;
        lost.effectiveBefore = before.empty() ? base::kBeginningOfTime : before.back().effectiveAfter;
        lost.effectiveAfter = next.effectiveBefore;
        lose(lost.count, {ErrorCode::DamagedEvents,
                          {std::to_string(lost.count), toText(m_catalog.m_partitions[lost.partition]),
                           std::to_string(lost.firstOffset), std::to_string(lost.lastOffset),
                           "their chunk does not fit its checksum"},
                          {}});
        return lost;
    }

    void createImage(const std::string& path)
    {
        const std::size_t partitions = m_chunks.size();
        std::uint64_t chunks = 0;
        for (const auto& ofPartition : m_chunks) chunks += ofPartition.size();
        const std::uint64_t events = m_catalog.m_eventCount;
        m_wide = partitions > kNarrowPartitions;
        const bool single = partitions <= 1;
        const std::uint64_t blocks = single ? 0 : (events + kBlockEvents - 1) / kBlockEvents + 1;
        const IndexImage::Section sections[] = {
            {kChunks, chunks * sizeof(ChunkEntry)},
            {kPartitionChunks, (partitions + 1) * sizeof(std::uint64_t)},
            {kPartitionEvents, partitions * sizeof(std::uint64_t)},
            {kOrder, single ? 0 : events * (m_wide ? 2 : 1)},
            {kBlockCuts, blocks * partitions * sizeof(std::uint64_t)},
        };
        m_image = IndexImage::create(path, m_catalog.m_contentKey, sections);
        m_counts.assign(partitions, 0);
        m_narrowOrder = m_image->writable<std::uint8_t>(kOrder);
        m_wideOrder = m_image->writable<std::uint16_t>(kOrder);
        m_cuts = m_image->writable<std::uint64_t>(kBlockCuts);
    }

    void writeChunks()
    {
        const auto entries = m_image->writable<ChunkEntry>(kChunks);
        const auto starts = m_image->writable<std::uint64_t>(kPartitionChunks);
        const auto events = m_image->writable<std::uint64_t>(kPartitionEvents);
        std::uint64_t at = 0;
        for (std::size_t partition = 0; partition < m_chunks.size(); ++partition) {
            starts[partition] = at;
            events[partition] = eventsIn(m_chunks[partition]);
            m_partitionEvents.push_back(events[partition]);
            for (const ChunkEntry& entry : m_chunks[partition]) entries[at++] = entry;
        }
        starts[m_chunks.size()] = at;
    }

    Result<void> writeOrder(const LoadRow& load)
    {
        if (m_chunks.size() <= 1) return {};
        const Place before{m_counts, m_ordered, m_written};
        if (load.complete) {
            const auto stored = copyStoredOrder(load);
            if (stored) return {};
            // It can be made again, unless a chunk of the load is lost; then events of it may change places.
            lose(0, stored.error());
            std::tie(m_counts, m_ordered, m_written) = std::tie(before.counts, before.ordered, before.written);
            LEFTFOLD_CHECK(skipStoredOrder(load));
        }
        auto merged =
            mergeLoad(m_store, chunksOf(load), m_catalog.m_partitions,
                      [this](std::uint32_t partition, std::uint64_t count) { return putRun(partition, count); });
        m_ordered = load.events;
        return merged;
    }

    /// A lost chunk is counted to the load of the one behind it.
    [[nodiscard]] std::vector<std::vector<ChunkEntry>> chunksOf(const LoadRow& load) const
    {
        std::vector<std::vector<ChunkEntry>> chunks(m_chunks.size());
        for (std::size_t partition = 0; partition < m_chunks.size(); ++partition) {
            const std::vector<ChunkEntry>& all = m_chunks[partition];
            for (std::size_t i = 0; i < all.size(); ++i) {
                const std::int64_t id = all[i].id != 0 ? all[i].id : all[i + 1].id;
                if (id >= load.firstChunk && id <= load.lastChunk) chunks[partition].push_back(all[i]);
            }
        }
        return chunks;
    }

    /// Stands behind the rows of a load of which one cannot be read.
    Result<void> skipStoredOrder(const LoadRow& load)
    {
        // From row to row that is there: what is damaged may be numbered as it likes.
        for (std::int64_t from = m_nextRow;; ++from) {
            LEFTFOLD_TRY(const std::int64_t next,
                         m_store.database().number(fmt::format(
                             "SELECT min(id) FROM replay_order WHERE id >= {} AND load > {}", from, load.id)));
            if (next < from) return {};
            const auto row = m_store.order(next);
            if (row && *row) {
                m_nextRow = next;
                return {};
            }
            from = next;
            if (from == INT64_MAX) return {};
        }
    }

    Result<void> copyStoredOrder(const LoadRow& load)
    {
        while (m_ordered < load.events) {
            LEFTFOLD_TRY(const auto row, m_store.order(m_nextRow));
            if (!row || row->load != load.id)
                return fail(ErrorCode::DamagedCapture, m_store.path(), "part of its replay order is missing");
            ++m_nextRow;
            m_ordered += row->count;
            base::ByteReader from(row->partitions);
            if (row->width == 0) {
                LEFTFOLD_CHECK(putRun(from.fixed<std::uint32_t>(), row->count));
                continue;
            }
            for (std::uint32_t i = 0; i < row->count; ++i) {
                LEFTFOLD_CHECK(putRun(row->width == 1 ? from.fixed<std::uint8_t>() : from.fixed<std::uint16_t>(), 1));
            }
        }
        return {};
    }

    Result<void> putRun(std::uint32_t partition, std::uint64_t count)
    {
        if (partition >= m_chunks.size())
            return fail(ErrorCode::DamagedCapture, m_store.path(), "its replay order names no partition");
        // More than there are: those at the end of the partition are lost.
        count = std::min(count, m_partitionEvents[partition] - m_counts[partition]);
        for (; count > 0 && m_written < m_catalog.m_eventCount; --count, ++m_written) {
            if (m_written % kBlockEvents == 0) writeCut(m_written / kBlockEvents);
            if (m_wide) {
                m_wideOrder[m_written] = static_cast<std::uint16_t>(partition);
            } else {
                m_narrowOrder[m_written] = static_cast<std::uint8_t>(partition);
            }
            ++m_counts[partition];
        }
        if (m_written == m_catalog.m_eventCount) writeCut((m_written + kBlockEvents - 1) / kBlockEvents);
        return {};
    }

    void writeCut(std::uint64_t block)
    {
        std::ranges::copy(m_counts, m_cuts.begin() + static_cast<std::ptrdiff_t>(block * m_counts.size()));
    }

    Store& m_store;
    Catalog& m_catalog;
    std::vector<std::vector<ChunkEntry>> m_chunks; ///< by partition
    std::unique_ptr<IndexImage> m_image;
    std::span<std::uint8_t> m_narrowOrder; ///< sections of the image; one of the two holds the order
    std::span<std::uint16_t> m_wideOrder;
    std::span<std::uint64_t> m_cuts;
    struct Place {
        std::vector<std::uint64_t> counts;
        std::uint64_t ordered = 0;
        std::uint64_t written = 0;
    };
    std::vector<std::uint64_t> m_partitionEvents; ///< events there are, by partition
    std::vector<std::uint64_t> m_counts; ///< events written so far, by partition
    std::uint64_t m_ordered = 0; ///< events that the order had so far, also lost ones
    std::uint64_t m_written = 0;
    std::int64_t m_nextRow = 1;
    bool m_wide = false;
};

Result<void> Catalog::readDescription(Store& store)
{
    LEFTFOLD_TRY(m_captureId, store.requiredMeta("id"));
    LEFTFOLD_TRY(m_source, store.requiredMeta("source"));
    LEFTFOLD_TRY(const std::string mapping, store.requiredMeta("mapping"));
    LEFTFOLD_TRY(m_mapping, decode::parseMapping(mapping));
    LEFTFOLD_TRY(const auto decoding, store.meta("decoding"));
    if (decoding) {
        LEFTFOLD_TRY(m_decoding, decode::parseDecoding(*decoding));
    }
    LEFTFOLD_TRY(m_partitions, store.partitions());
    LEFTFOLD_TRY(m_loads, store.loads());
    m_eventCount = m_loads.empty() ? 0 : m_loads.back().events;
    m_contentKey = contentKeyOf(m_captureId, m_loads, m_mapping, m_decoding);
    return {};
}

Result<void> Catalog::readCounts()
{
    LEFTFOLD_TRY(const auto events, m_image->all<std::uint64_t>(kPartitionEvents));
    m_partitionEvents.assign(events.begin(), events.end());
    if (m_partitionEvents.size() != m_partitions.size() || end().events() != m_eventCount) {
        return fail(ErrorCode::DamagedIndex, m_captureId);
    }
    return {};
}

Result<std::shared_ptr<const Catalog>> Catalog::open(Store& store, const std::string& indexFolder)
{
    std::shared_ptr<Catalog> catalog(new Catalog);
    LEFTFOLD_CHECK(catalog->readDescription(store));
    const std::string path =
        indexFolder.empty() ? std::string() : fmt::format("{}/{}.base.lfi", indexFolder, catalog->captureId());
    if (!path.empty()) {
        auto image = IndexImage::open(path, catalog->m_contentKey);
        if (image) {
            catalog->m_image = std::move(*image);
            if (catalog->readCounts()) return catalog;
        }
    }
    LEFTFOLD_CHECK(Builder(store, *catalog).build(path));
    LEFTFOLD_CHECK(catalog->readCounts());
    return catalog;
}

std::optional<Catalog::Earlier> Catalog::beforeLastLoad() const
{
    if (m_loads.size() < 2 || !m_damage.empty()) return std::nullopt;
    const std::span<const LoadRow> earlier(m_loads.data(), m_loads.size() - 1);
    return Earlier{contentKeyOf(m_captureId, earlier, m_mapping, m_decoding), earlier.back().events,
                   earlier.back().lastChunk};
}

Result<std::uint32_t> Catalog::numberOf(const event::Partition& partition) const
{
    const auto found = std::ranges::find(m_partitions, partition);
    if (found != m_partitions.end()) return static_cast<std::uint32_t>(found - m_partitions.begin());
    std::string names;
    for (const event::Partition& known : m_partitions) names += (names.empty() ? "" : ", ") + toText(known);
    return fail(ErrorCode::NoSuchPartition, toText(partition), names.empty() ? "none" : names);
}

Result<std::span<const ChunkEntry>> Catalog::chunksOf(std::uint32_t partition) const
{
    LEFTFOLD_TRY(const auto bounds, m_image->range<std::uint64_t>(kPartitionChunks, partition, 2));
    return m_image->range<ChunkEntry>(kChunks, bounds[0], bounds[1] - bounds[0]);
}

Result<const ChunkEntry*> Catalog::chunkOf(Location location) const
{
    LEFTFOLD_TRY(const auto bounds, m_image->range<std::uint64_t>(kPartitionChunks, location.partition, 2));
    std::uint64_t low = bounds[0];
    std::uint64_t high = bounds[1];
    while (low + 1 < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        LEFTFOLD_TRY(const auto entry, m_image->range<ChunkEntry>(kChunks, middle, 1));
        (entry[0].firstOrdinal <= location.ordinal ? low : high) = middle;
    }
    LEFTFOLD_TRY(const auto entry, m_image->range<ChunkEntry>(kChunks, low, 1));
    const ChunkEntry& found = entry[0];
    if (location.ordinal < found.firstOrdinal || location.ordinal - found.firstOrdinal >= found.count) {
        return fail(ErrorCode::DamagedIndex, m_captureId);
    }
    return &found;
}

Result<std::uint32_t> Catalog::partitionAt(std::uint64_t index) const
{
    if (isSingle()) return 0;
    if (m_partitions.size() > kNarrowPartitions) return m_image->at<std::uint16_t>(kOrder, index);
    return m_image->at<std::uint8_t>(kOrder, index);
}

Result<void> Catalog::partitionsOf(std::uint64_t first, std::uint64_t count, std::vector<std::uint32_t>& out) const
{
    if (isSingle()) {
        out.insert(out.end(), count, 0);
        return {};
    }
    if (m_partitions.size() > kNarrowPartitions) {
        LEFTFOLD_TRY(const auto wide, m_image->range<std::uint16_t>(kOrder, first, count));
        out.insert(out.end(), wide.begin(), wide.end());
        return {};
    }
    LEFTFOLD_TRY(const auto narrow, m_image->range<std::uint8_t>(kOrder, first, count));
    out.insert(out.end(), narrow.begin(), narrow.end());
    return {};
}

Result<OrdinalCut> Catalog::prefix(std::uint64_t count) const
{
    if (isSingle()) return OrdinalCut{std::vector<std::uint64_t>(m_partitions.size(), count)};
    const std::uint64_t block = count / kBlockEvents;
    LEFTFOLD_TRY(const auto start,
                 m_image->range<std::uint64_t>(kBlockCuts, block * m_partitions.size(), m_partitions.size()));
    OrdinalCut cut{{start.begin(), start.end()}};
    std::vector<std::uint32_t> partitions;
    const std::uint64_t first = block * kBlockEvents;
    LEFTFOLD_CHECK(partitionsOf(first, count - std::min(first, count), partitions));
    for (const std::uint32_t partition : partitions) ++cut.next[partition];
    return cut;
}

Result<Location> Catalog::locate(event::EventIndex index) const
{
    if (isSingle()) return Location{0, index.value};
    LEFTFOLD_TRY(const std::uint32_t partition, partitionAt(index.value));
    LEFTFOLD_TRY(const OrdinalCut before, prefix(index.value));
    return Location{partition, before.next[partition]};
}

Result<event::EventIndex> Catalog::indexOf(Location location) const
{
    if (isSingle()) return event::EventIndex{location.ordinal};
    const std::size_t partitions = m_partitions.size();
    std::uint64_t low = 0;
    std::uint64_t high = m_image->sizeOf<std::uint64_t>(kBlockCuts) / partitions;
    while (low + 1 < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        LEFTFOLD_TRY(const std::uint64_t start,
                     m_image->at<std::uint64_t>(kBlockCuts, middle * partitions + location.partition));
        (start <= location.ordinal ? low : high) = middle;
    }
    LEFTFOLD_TRY(const std::uint64_t start,
                 m_image->at<std::uint64_t>(kBlockCuts, low * partitions + location.partition));
    std::uint64_t missing = location.ordinal - start;
    const std::uint64_t first = low * kBlockEvents;
    std::vector<std::uint32_t> block;
    LEFTFOLD_CHECK(partitionsOf(first, std::min(kBlockEvents, m_eventCount - first), block));
    for (std::uint64_t i = 0; i < block.size(); ++i) {
        if (block[i] == location.partition && missing-- == 0) return event::EventIndex{first + i};
    }
    return fail(ErrorCode::DamagedIndex, m_captureId);
}

Result<std::optional<std::uint64_t>> Catalog::asPrefix(const OrdinalCut& cut) const
{
    const std::uint64_t count = cut.events();
    if (count > m_eventCount) return std::nullopt;
    LEFTFOLD_TRY(const OrdinalCut same, prefix(count));
    if (same == cut) return count;
    return std::nullopt;
}

} // namespace leftfold::capture
