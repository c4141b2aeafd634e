// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/key_index.h"

#include "core/base/ordered_parallel.h"

#include <bit>
#include <fmt/format.h>
#include <numeric>

namespace leftfold::capture {

namespace {

using base::Result;

/// Sections of the index file of a key field.
constexpr std::uint32_t kTexts = 1; ///< bytes: all ids, one behind the other
constexpr std::uint32_t kTextStarts = 2; ///< u64: where each id starts; one more at the end
constexpr std::uint32_t kSlots = 3; ///< u32: open addressing by XXH3-64 of the id, a power of two; key + 1, 0 is free
constexpr std::uint32_t kPostingStarts = 4; ///< u64: where each key's postings start; one more at the end
constexpr std::uint32_t kPostings = 5; ///< u32: event indexes
constexpr std::uint32_t kKeyOf = 6; ///< u32: the key of each event
constexpr std::uint32_t kDamaged = 7; ///< one u64: how many events cannot be read
constexpr std::uint64_t kBlock = 1 << 16;

base::Hash128 imageKey(base::Hash128 contentKey, const decode::FieldRef& by)
{
    return base::hash128(base::toHex(contentKey) + toText(by));
}

std::string imagePath(const std::string& folder, const std::string& captureId, const decode::FieldRef& by)
{
    if (folder.empty()) return {};
    return fmt::format("{}/{}.{:016x}.lfi", folder, captureId, base::hash64(toText(by)));
}

std::uint64_t slotCount(std::uint64_t keys)
{
    return std::bit_ceil(std::max<std::uint64_t>(8, keys + keys / 2));
}

/// The chunks to read, those of each partition in order, from the first event of each that is not known yet.
Result<std::vector<ChunkEntry>> chunksBehind(const Catalog& catalog, std::int64_t lastKnownChunk)
{
    std::vector<ChunkEntry> chunks;
    for (std::uint32_t partition = 0; partition < catalog.partitions().size(); ++partition) {
        LEFTFOLD_TRY(const auto ofPartition, catalog.chunksOf(partition));
        for (const ChunkEntry& entry : ofPartition) {
            if (entry.id == 0 || entry.id > lastKnownChunk) chunks.push_back(entry);
        }
    }
    return chunks;
}

/// The keys of a chunk's events, and how many of these have none since they cannot be read.
struct ScannedKeys {
    ChunkKeys keys;
    std::uint64_t damaged = 0;
};

/// A thread's reader, extractor and buffers for reading the keys of chunk after chunk.
class KeyScanner {
public:
    static Result<std::unique_ptr<KeyScanner>> make(const Reader& reader, const decode::FieldRef& by)
    {
        std::unique_ptr<KeyScanner> scanner(new KeyScanner(by));
        LEFTFOLD_TRY(scanner->m_reader, reader.another());
        return scanner;
    }

    ScannedKeys read(const ChunkEntry& entry)
    {
        ScannedKeys out;
        if (m_reader->readRun({entry.partition, entry.firstOrdinal}, entry.count, m_run)) {
            for (const EventRun::Item& item : m_run.items())
                out.keys.ids.push_back(keyOf(*item.record, out.keys.texts));
        } else {
            salvage(entry, out);
        }
        return out;
    }

private:
    std::uint32_t keyOf(const event::Record& record, TextInterner& texts)
    {
        const auto extraction = m_extractor.extract(record);
        const auto id = decode::aggregateId(extraction.fields[0]);
        return id ? texts.add(*id) : kNoKey;
    }

    /// Event by event, so that what can be read is.
    void salvage(const ChunkEntry& entry, ScannedKeys& out)
    {
        for (std::uint32_t i = 0; i < entry.count; ++i) {
            const auto event = m_reader->event(Location{entry.partition, entry.firstOrdinal + i});
            out.keys.ids.push_back(event ? keyOf(event->record, out.keys.texts) : kNoKey);
            out.damaged += !event;
        }
    }

    explicit KeyScanner(const decode::FieldRef& by) : m_extractor({by}) {}
    std::unique_ptr<Reader> m_reader;
    decode::FieldExtractor m_extractor;
    EventRun m_run;
};

} // namespace

Result<std::shared_ptr<const KeyIndex>> KeyIndex::over(std::shared_ptr<const IndexImage> image, decode::FieldRef by)
{
    std::shared_ptr<KeyIndex> index(new KeyIndex);
    index->m_by = std::move(by);
    index->m_size = static_cast<std::uint32_t>(image->sizeOf<std::uint64_t>(kTextStarts) - 1);
    index->m_withoutKey = image->sizeOf<std::uint32_t>(kKeyOf) - image->sizeOf<std::uint32_t>(kPostings);
    LEFTFOLD_TRY(index->m_damaged, image->at<std::uint64_t>(kDamaged, 0));
    index->m_image = std::move(image);
    return index;
}

Result<void> KeyIndex::extendEarlier(KeyIndexBuilder& builder, const std::string& path, const Catalog::Earlier& earlier,
                                     const Catalog& catalog)
{
    LEFTFOLD_TRY(auto image, IndexImage::open(path, imageKey(earlier.contentKey, builder.by())));
    LEFTFOLD_TRY(const auto index, over(std::move(image), builder.by()));
    return builder.startFrom(*index, catalog, earlier.events);
}

Result<std::shared_ptr<const KeyIndex>> KeyIndex::open(Reader& reader, const decode::FieldRef& by, unsigned workers,
                                                       std::stop_token stop, const Progress& progress)
{
    const Catalog& catalog = reader.catalog();
    const std::string path = imagePath(reader.indexFolder(), catalog.captureId(), by);
    if (!path.empty()) {
        auto image = IndexImage::open(path, imageKey(catalog.contentKey(), by));
        if (image) {
            auto index = over(std::move(*image), by);
            if (index) return index;
        }
    }
    KeyIndexBuilder builder(by);
    std::int64_t lastKnownChunk = 0;
    if (const auto earlier = catalog.beforeLastLoad(); earlier && !path.empty()) {
        KeyIndexBuilder extended(by);
        if (extendEarlier(extended, path, *earlier, catalog)) {
            builder = std::move(extended);
            lastKnownChunk = earlier->lastChunk;
        }
    }
    LEFTFOLD_TRY(const auto chunks, chunksBehind(catalog, lastKnownChunk));
    std::uint64_t total = 0;
    for (const ChunkEntry& entry : chunks) total += entry.count;
    workers = std::max(workers, 1U);
    std::vector<std::unique_ptr<KeyScanner>> scanners(workers);
    for (auto& scanner : scanners) {
        LEFTFOLD_TRY(scanner, KeyScanner::make(reader, by));
    }
    std::uint64_t done = 0;
    LEFTFOLD_CHECK(base::orderedParallel<ScannedKeys>(
        chunks.size(), workers,
        [&](unsigned worker, std::size_t piece) -> Result<ScannedKeys> {
            return scanners[worker]->read(chunks[piece]);
        },
        [&](std::size_t piece, ScannedKeys& scanned) -> Result<void> {
            const ChunkEntry& entry = chunks[piece];
            builder.add(entry.partition, scanned.keys);
            builder.addDamage(scanned.damaged);
            done += entry.count;
            if (progress) progress(done, total);
            return {};
        },
        stop));
    return builder.build(catalog, reader.indexFolder());
}

Result<base::ByteView> KeyIndex::text(std::uint32_t key) const
{
    LEFTFOLD_TRY(const auto bounds, m_image->range<std::uint64_t>(kTextStarts, key, 2));
    LEFTFOLD_TRY(const auto bytes, m_image->range<char>(kTexts, bounds[0], bounds[1] - bounds[0]));
    return base::ByteView(bytes.data(), bytes.size());
}

Result<std::optional<std::uint32_t>> KeyIndex::find(base::ByteView wanted) const
{
    const std::size_t slots = m_image->sizeOf<std::uint32_t>(kSlots);
    for (std::size_t slot = base::hash64(wanted) & (slots - 1);; slot = (slot + 1) & (slots - 1)) {
        LEFTFOLD_TRY(const std::uint32_t taken, m_image->at<std::uint32_t>(kSlots, slot));
        if (taken == 0) return std::nullopt;
        LEFTFOLD_TRY(const base::ByteView known, text(taken - 1));
        if (known == wanted) return taken - 1;
    }
}

Result<std::span<const std::uint32_t>> KeyIndex::postings(std::uint32_t key) const
{
    LEFTFOLD_TRY(const auto bounds, m_image->range<std::uint64_t>(kPostingStarts, key, 2));
    return m_image->range<std::uint32_t>(kPostings, bounds[0], bounds[1] - bounds[0]);
}

Result<std::span<const std::uint32_t>> KeyIndex::keysOf(std::uint64_t first, std::uint64_t count) const
{
    return m_image->range<std::uint32_t>(kKeyOf, first, count);
}

std::vector<std::uint32_t>& KeyIndexBuilder::ofPartition(std::uint32_t partition)
{
    if (partition >= m_keys.size()) m_keys.resize(partition + 1);
    return m_keys[partition];
}

void KeyIndexBuilder::add(std::uint32_t partition, const ChunkKeys& keys)
{
    m_globalIds.clear();
    for (std::uint32_t i = 0; i < keys.texts.size(); ++i) m_globalIds.push_back(m_texts.add(keys.texts.text(i)));
    auto& out = ofPartition(partition);
    for (const std::uint32_t id : keys.ids) out.push_back(id == kNoKey ? kNoKey : m_globalIds[id]);
}

Result<void> KeyIndexBuilder::startFrom(const KeyIndex& index, const Catalog& catalog, std::uint64_t events)
{
    for (std::uint32_t key = 0; key < index.size(); ++key) {
        LEFTFOLD_TRY(const base::ByteView text, index.text(key));
        (void)m_texts.add(text);
    }
    std::vector<std::uint32_t> partitions;
    for (std::uint64_t first = 0; first < events; first += kBlock) {
        const std::uint64_t count = std::min(kBlock, events - first);
        partitions.clear();
        LEFTFOLD_CHECK(catalog.partitionsOf(first, count, partitions));
        LEFTFOLD_TRY(const auto keys, index.keysOf(first, count));
        for (std::uint64_t i = 0; i < count; ++i) ofPartition(partitions[i]).push_back(keys[i]);
    }
    return {};
}

void KeyIndexBuilder::writeTexts(IndexImage& image) const
{
    const auto texts = image.writable<char>(kTexts);
    const auto starts = image.writable<std::uint64_t>(kTextStarts);
    const auto slots = image.writable<std::uint32_t>(kSlots);
    std::uint64_t at = 0;
    for (std::uint32_t key = 0; key < m_texts.size(); ++key) {
        const base::ByteView text = m_texts.text(key);
        starts[key] = at;
        std::copy(text.begin(), text.end(), texts.begin() + static_cast<std::ptrdiff_t>(at));
        at += text.size();
        std::size_t slot = base::hash64(text) & (slots.size() - 1);
        while (slots[slot] != 0) slot = (slot + 1) & (slots.size() - 1);
        slots[slot] = key + 1;
    }
    starts[m_texts.size()] = at;
}

/// The key of each event in replay order, and how many events each key has, one place further.
Result<std::uint64_t> KeyIndexBuilder::writeKeys(IndexImage& image, const Catalog& catalog)
{
    const auto keyOf = image.writable<std::uint32_t>(kKeyOf);
    const auto starts = image.writable<std::uint64_t>(kPostingStarts);
    std::vector<std::uint64_t> next(m_keys.size(), 0);
    std::vector<std::uint32_t> partitions;
    std::uint64_t kept = 0;
    for (std::uint64_t first = 0; first < keyOf.size(); first += kBlock) {
        const std::uint64_t count = std::min<std::uint64_t>(kBlock, keyOf.size() - first);
        partitions.clear();
        LEFTFOLD_CHECK(catalog.partitionsOf(first, count, partitions));
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::uint32_t key = m_keys[partitions[i]][next[partitions[i]]++];
            keyOf[first + i] = key;
            if (key == kNoKey) continue;
            ++starts[key + 1];
            ++kept;
        }
    }
    return kept;
}

Result<std::shared_ptr<const KeyIndex>> KeyIndexBuilder::build(const Catalog& catalog, const std::string& indexFolder)
{
    const std::uint64_t events = catalog.eventCount();
    m_keys.resize(catalog.partitions().size());
    std::uint64_t withKey = 0;
    for (std::uint32_t partition = 0; partition < m_keys.size(); ++partition) {
        LEFTFOLD_INVARIANT(m_keys[partition].size() == catalog.eventsOf(partition));
        for (const std::uint32_t key : m_keys[partition]) withKey += key != kNoKey;
    }
    const std::uint64_t keys = m_texts.size();
    const IndexImage::Section sections[] = {
        {kTexts, m_texts.bytes()},
        {kTextStarts, (keys + 1) * sizeof(std::uint64_t)},
        {kSlots, slotCount(keys) * sizeof(std::uint32_t)},
        {kPostingStarts, (keys + 1) * sizeof(std::uint64_t)},
        {kPostings, withKey * sizeof(std::uint32_t)},
        {kKeyOf, events * sizeof(std::uint32_t)},
        {kDamaged, sizeof(std::uint64_t)},
    };
    const bool keep = m_damaged == 0 && catalog.damage().empty();
    auto image = IndexImage::create(keep ? imagePath(indexFolder, catalog.captureId(), m_by) : std::string(),
                                    imageKey(catalog.contentKey(), m_by), sections);
    writeTexts(*image);
    LEFTFOLD_TRY(const std::uint64_t kept, writeKeys(*image, catalog));
    LEFTFOLD_INVARIANT(kept == withKey);
    image->writable<std::uint64_t>(kDamaged)[0] = m_damaged;
    const auto starts = image->writable<std::uint64_t>(kPostingStarts);
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    std::vector<std::uint64_t> next(starts.begin(), starts.end());
    const auto keyOf = image->writable<std::uint32_t>(kKeyOf);
    const auto postings = image->writable<std::uint32_t>(kPostings);
    for (std::uint64_t event = 0; event < keyOf.size(); ++event) {
        if (keyOf[event] != kNoKey) postings[next[keyOf[event]]++] = static_cast<std::uint32_t>(event);
    }
    return KeyIndex::over(IndexImage::seal(std::move(image)), m_by);
}

} // namespace leftfold::capture
