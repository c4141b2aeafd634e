// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/key_index.h"

#include "core/base/ordered_parallel.h"

#include <bit>
#include <fmt/format.h>
#include <malloc.h>
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
constexpr std::uint32_t kCounts = 7; ///< u64: events that cannot be read; that lack a key; the first of these
constexpr std::uint32_t kMore = 8; ///< Belonging: further keys of events that have several
constexpr std::uint32_t kBroadcasts = 9; ///< Belonging: events of a set, its number
constexpr std::uint32_t kOutside = 10; ///< u32: events that rightly have no key
constexpr std::uint32_t kSetTexts = 11; ///< bytes: what the ids of each set begin with
constexpr std::uint32_t kSetStarts = 12; ///< u64: as kTextStarts
/// A part of the key of an image: images of other layouts are not read.
constexpr std::string_view kLayout = "2 ";
constexpr std::uint64_t kBlock = 1 << 16;

base::Hash128 imageKey(base::Hash128 contentKey, const decode::FieldRef& by)
{
    return base::hash128(std::string(kLayout) + base::toHex(contentKey) + toText(by));
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
        const std::string_view topic = m_reader->catalog().partitions()[entry.partition].topic;
        if (m_reader->readRun({entry.partition, entry.firstOrdinal}, entry.count, m_run)) {
            for (const EventRun::Item& item : m_run.items()) add(*item.record, topic, out.keys);
        } else {
            salvage(entry, topic, out);
        }
        return out;
    }

private:
    void add(const event::Record& record, std::string_view topic, ChunkKeys& keys)
    {
        const auto extraction = m_extractor.extract(record, topic);
        m_isRow ? keys.add(extraction.memberships[0]) : keys.add(extraction.fields[0]);
    }

    /// Event by event, so that what can be read is.
    void salvage(const ChunkEntry& entry, std::string_view topic, ScannedKeys& out)
    {
        for (std::uint32_t i = 0; i < entry.count; ++i) {
            const auto event = m_reader->event(Location{entry.partition, entry.firstOrdinal + i});
            event ? add(event->record, topic, out.keys) : out.keys.ids.push_back(kNoKey);
            out.damaged += !event;
        }
    }

    explicit KeyScanner(const decode::FieldRef& by)
        : m_isRow(std::holds_alternative<decode::ChangedRow>(by)),
          m_extractor({by})
    {}
    bool m_isRow;
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
    index->m_image = std::move(image);
    LEFTFOLD_CHECK(index->readBeside());
    return index;
}

/// What is small, and looked at whole.
Result<void> KeyIndex::readBeside()
{
    LEFTFOLD_TRY(m_more, m_image->all<Belonging>(kMore));
    LEFTFOLD_TRY(m_broadcasts, m_image->all<Belonging>(kBroadcasts));
    LEFTFOLD_TRY(m_outside, m_image->all<std::uint32_t>(kOutside));
    LEFTFOLD_TRY(const auto texts, m_image->all<char>(kSetTexts));
    LEFTFOLD_TRY(const auto starts, m_image->all<std::uint64_t>(kSetStarts));
    for (std::size_t set = 0; set + 1 < starts.size(); ++set)
        m_sets.emplace_back(texts.data() + starts[set], starts[set + 1] - starts[set]);
    LEFTFOLD_TRY(const auto counts, m_image->range<std::uint64_t>(kCounts, 0, 3));
    m_damaged = counts[0];
    m_withoutKey = counts[1];
    if (m_withoutKey > 0) m_firstWithoutKey = event::EventIndex{counts[2]};
    return {};
}

Result<void> KeyIndex::extendEarlier(KeyIndexBuilder& builder, const std::string& path, const Catalog::Earlier& earlier,
                                     const Catalog& catalog)
{
    LEFTFOLD_TRY(auto image, IndexImage::open(path, imageKey(earlier.contentKey, builder.by())));
    LEFTFOLD_TRY(const auto index, over(std::move(image), builder.by()));
    return builder.startFrom(*index, catalog, earlier.events);
}

std::shared_ptr<const KeyIndex> KeyIndex::kept(const Reader& reader, const decode::FieldRef& by)
{
    const std::string path = imagePath(reader.indexFolder(), reader.catalog().captureId(), by);
    if (path.empty()) return nullptr;
    auto image = IndexImage::open(path, imageKey(reader.catalog().contentKey(), by));
    if (!image) return nullptr;
    auto index = over(std::move(*image), by);
    return index ? std::move(*index) : nullptr;
}

Result<std::shared_ptr<const KeyIndex>> KeyIndex::open(Reader& reader, const decode::FieldRef& by, unsigned workers,
                                                       std::stop_token stop, const Progress& progress)
{
    if (auto index = kept(reader, by)) return index;
    const Catalog& catalog = reader.catalog();
    const std::string path = imagePath(reader.indexFolder(), catalog.captureId(), by);
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

namespace {

/// Those of consecutive events.
std::span<const Belonging> among(std::span<const Belonging> all, std::uint64_t first, std::uint64_t count)
{
    const auto eventOf = [](const Belonging& belonging) -> std::uint64_t { return belonging.event; };
    const auto begin = std::ranges::lower_bound(all, first, {}, eventOf);
    const auto end = std::ranges::lower_bound(begin, all.end(), first + count, {}, eventOf);
    return {begin, end};
}

} // namespace

std::span<const Belonging> KeyIndex::moreKeysOf(std::uint64_t first, std::uint64_t count) const
{
    return among(m_more, first, count);
}

std::span<const Belonging> KeyIndex::broadcastsIn(std::uint64_t first, std::uint64_t count) const
{
    return among(m_broadcasts, first, count);
}

KeyIndexBuilder::Partition& KeyIndexBuilder::ofPartition(std::uint32_t partition)
{
    if (partition >= m_partitions.size()) m_partitions.resize(partition + 1);
    return m_partitions[partition];
}

void KeyIndexBuilder::add(std::uint32_t partition, const ChunkKeys& keys)
{
    m_globalIds.clear();
    for (std::uint32_t i = 0; i < keys.texts.size(); ++i) m_globalIds.push_back(m_texts.add(keys.texts.text(i)));
    Partition& out = ofPartition(partition);
    const std::uint64_t first = out.keys.size();
    for (const std::uint32_t id : keys.ids) out.keys.push_back(id == kNoKey ? kNoKey : m_globalIds[id]);
    followPredecessors(out, first, keys);
    for (const auto& [event, text] : keys.more) out.more.push_back({first + event, m_globalIds[text]});
    for (const auto& [event, text] : keys.everyOf) {
        out.broadcasts.push_back({first + event, m_sets.add(keys.names.text(text))});
        if (keys.ids[event] == kNoKey) out.outside.push_back(first + event);
    }
    for (const std::uint32_t event : keys.outside) out.outside.push_back(first + event);
}

/// An event that has nothing but a key belongs to the aggregate of the event before it, if that has the same key.
void KeyIndexBuilder::followPredecessors(Partition& partition, std::uint64_t firstOrdinal, const ChunkKeys& keys) const
{
    for (const auto& [event, text] : keys.asBefore) {
        const std::uint64_t ordinal = firstOrdinal + event;
        if (ordinal == 0 || partition.keys[ordinal - 1] == kNoKey) continue;
        const std::uint32_t before = partition.keys[ordinal - 1];
        if (decode::hasKey(m_texts.text(before), keys.names.text(text))) partition.keys[ordinal] = before;
    }
}

Result<void> KeyIndexBuilder::startFrom(const KeyIndex& index, const Catalog& catalog, std::uint64_t events)
{
    for (std::uint32_t key = 0; key < index.size(); ++key) {
        LEFTFOLD_TRY(const base::ByteView text, index.text(key));
        (void)m_texts.add(text);
    }
    for (const std::string& set : index.m_sets) (void)m_sets.add(set);
    std::vector<std::uint32_t> partitions;
    for (std::uint64_t first = 0; first < events; first += kBlock) {
        const std::uint64_t count = std::min(kBlock, events - first);
        partitions.clear();
        LEFTFOLD_CHECK(catalog.partitionsOf(first, count, partitions));
        LEFTFOLD_TRY(const auto keys, index.keysOf(first, count));
        for (std::uint64_t i = 0; i < count; ++i) ofPartition(partitions[i]).keys.push_back(keys[i]);
    }
    return startBeside(index, catalog);
}

Result<void> KeyIndexBuilder::startBeside(const KeyIndex& index, const Catalog& catalog)
{
    for (const Belonging& more : index.m_more) {
        LEFTFOLD_TRY(const Location location, catalog.locate({more.event}));
        ofPartition(location.partition).more.push_back({location.ordinal, more.to});
    }
    for (const Belonging& broadcast : index.m_broadcasts) {
        LEFTFOLD_TRY(const Location location, catalog.locate({broadcast.event}));
        ofPartition(location.partition).broadcasts.push_back({location.ordinal, broadcast.to});
    }
    for (const std::uint32_t event : index.m_outside) {
        LEFTFOLD_TRY(const Location location, catalog.locate({event}));
        ofPartition(location.partition).outside.push_back(location.ordinal);
    }
    return {};
}

void KeyIndexBuilder::writeTexts(IndexImage& image) const
{
    const auto texts = image.writable<char>(kTexts);
    const auto starts = image.writable<std::uint64_t>(kTextStarts);
    const auto slots = image.writable<std::uint32_t>(kSlots);
    std::uint64_t at = 0;
    std::uint64_t released = 0;
    for (std::uint32_t key = 0; key < m_texts.size(); ++key) {
        if (key % kBlock == 0 && key > 0) {
            image.release<char>(kTexts, released, at - released);
            image.release<std::uint64_t>(kTextStarts, key - kBlock, kBlock);
            released = at;
        }
        const base::ByteView text = m_texts.text(key);
        starts[key] = at;
        std::copy(text.begin(), text.end(), texts.begin() + static_cast<std::ptrdiff_t>(at));
        at += text.size();
        std::size_t slot = base::hash64(text) & (slots.size() - 1);
        while (slots[slot] != 0) slot = (slot + 1) & (slots.size() - 1);
        slots[slot] = key + 1;
    }
    starts[m_texts.size()] = at;
    image.release<std::uint32_t>(kSlots, 0, slots.size());
}

void KeyIndexBuilder::writeSets(IndexImage& image, const TextInterner& sets)
{
    const auto texts = image.writable<char>(kSetTexts);
    const auto starts = image.writable<std::uint64_t>(kSetStarts);
    std::uint64_t at = 0;
    for (std::uint32_t set = 0; set < sets.size(); ++set) {
        const base::ByteView text = sets.text(set);
        starts[set] = at;
        std::copy(text.begin(), text.end(), texts.begin() + static_cast<std::ptrdiff_t>(at));
        at += text.size();
    }
    starts[sets.size()] = at;
}

/// The key of each event in replay order, and how many events each key has, one place further.
Result<void> KeyIndexBuilder::writeKeys(IndexImage& image, const Catalog& catalog) const
{
    const auto keyOf = image.writable<std::uint32_t>(kKeyOf);
    const auto starts = image.writable<std::uint64_t>(kPostingStarts);
    std::vector<std::uint64_t> next(m_partitions.size(), 0);
    std::vector<std::uint32_t> partitions;
    for (std::uint64_t first = 0; first < keyOf.size(); first += kBlock) {
        const std::uint64_t count = std::min<std::uint64_t>(kBlock, keyOf.size() - first);
        partitions.clear();
        LEFTFOLD_CHECK(catalog.partitionsOf(first, count, partitions));
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::uint32_t key = m_partitions[partitions[i]].keys[next[partitions[i]]++];
            keyOf[first + i] = key;
            if (key != kNoKey) ++starts[key + 1];
        }
    }
    for (const Partition& partition : m_partitions) {
        for (const Beside& more : partition.more) ++starts[more.to + 1];
    }
    return {};
}

/// Every event to its keys, those of a key ascending. The starts are the number of events of each key, one place further.
void KeyIndexBuilder::writePostings(IndexImage& image, const Laid& laid)
{
    const auto starts = image.writable<std::uint64_t>(kPostingStarts);
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    const auto keyOf = image.writable<std::uint32_t>(kKeyOf);
    const auto postings = image.writable<std::uint32_t>(kPostings);
    const auto counts = image.writable<std::uint64_t>(kCounts);
    auto more = laid.more.begin();
    auto outside = laid.outside.begin();
    for (std::uint64_t event = 0; event < keyOf.size(); ++event) {
        const bool isOutside = outside != laid.outside.end() && *outside == event;
        outside += isOutside;
        if (keyOf[event] != kNoKey) {
            postings[starts[keyOf[event]]++] = static_cast<std::uint32_t>(event);
        } else if (!isOutside && counts[1]++ == 0) {
            counts[2] = event;
        }
        for (; more != laid.more.end() && more->event == event; ++more) postings[starts[more->to]++] = more->event;
    }
    // Each start has moved to the end of its postings, which is the next one's start.
    std::copy_backward(starts.begin(), starts.end() - 1, starts.end());
    starts.front() = 0;
}

Result<KeyIndexBuilder::Laid> KeyIndexBuilder::layOut(const Catalog& catalog) const
{
    Laid laid;
    for (std::uint32_t partition = 0; partition < m_partitions.size(); ++partition) {
        const auto add = [&](std::span<const Beside> from, std::vector<Belonging>& to) -> Result<void> {
            for (const Beside& beside : from) {
                LEFTFOLD_TRY(const event::EventIndex event, catalog.indexOf({partition, beside.ordinal}));
                to.push_back({static_cast<std::uint32_t>(event.value), beside.to});
            }
            return {};
        };
        LEFTFOLD_CHECK(add(m_partitions[partition].more, laid.more));
        LEFTFOLD_CHECK(add(m_partitions[partition].broadcasts, laid.broadcasts));
        for (const std::uint64_t ordinal : m_partitions[partition].outside) {
            LEFTFOLD_TRY(const event::EventIndex event, catalog.indexOf({partition, ordinal}));
            laid.outside.push_back(static_cast<std::uint32_t>(event.value));
        }
    }
    std::ranges::stable_sort(laid.more, {}, &Belonging::event);
    std::ranges::stable_sort(laid.broadcasts, {}, &Belonging::event);
    std::ranges::sort(laid.outside);
    return laid;
}

std::uint64_t KeyIndexBuilder::countKeys() const
{
    std::uint64_t count = 0;
    for (const Partition& partition : m_partitions) {
        for (const std::uint32_t key : partition.keys) count += key != kNoKey;
        count += partition.more.size();
    }
    return count;
}

Result<std::shared_ptr<const KeyIndex>> KeyIndexBuilder::build(const Catalog& catalog, const std::string& indexFolder)
{
    m_partitions.resize(catalog.partitions().size());
    for (std::uint32_t partition = 0; partition < m_partitions.size(); ++partition)
        LEFTFOLD_INVARIANT(m_partitions[partition].keys.size() == catalog.eventsOf(partition));
    LEFTFOLD_TRY(const Laid laid, layOut(catalog));
    const std::uint64_t keys = m_texts.size();
    const IndexImage::Section sections[] = {
        {kTexts, m_texts.bytes()},
        {kTextStarts, (keys + 1) * sizeof(std::uint64_t)},
        {kSlots, slotCount(keys) * sizeof(std::uint32_t)},
        {kPostingStarts, (keys + 1) * sizeof(std::uint64_t)},
        {kPostings, countKeys() * sizeof(std::uint32_t)},
        {kKeyOf, catalog.eventCount() * sizeof(std::uint32_t)},
        {kCounts, 3 * sizeof(std::uint64_t)},
        {kMore, laid.more.size() * sizeof(Belonging)},
        {kBroadcasts, laid.broadcasts.size() * sizeof(Belonging)},
        {kOutside, laid.outside.size() * sizeof(std::uint32_t)},
        {kSetTexts, m_sets.bytes()},
        {kSetStarts, (m_sets.size() + 1) * sizeof(std::uint64_t)},
    };
    const bool keep = m_damaged == 0 && catalog.damage().empty();
    auto image = IndexImage::create(keep ? imagePath(indexFolder, catalog.captureId(), m_by) : std::string(),
                                    imageKey(catalog.contentKey(), m_by), sections);
    writeTexts(*image);
    m_texts = {};
    ::malloc_trim(0); // what the texts took is needed no more, and the index is as large again
    writeSets(*image, m_sets);
    LEFTFOLD_CHECK(writeKeys(*image, catalog));
    m_partitions.clear();
    writePostings(*image, laid);
    image->writable<std::uint64_t>(kCounts)[0] = m_damaged;
    std::ranges::copy(laid.more, image->writable<Belonging>(kMore).begin());
    std::ranges::copy(laid.broadcasts, image->writable<Belonging>(kBroadcasts).begin());
    std::ranges::copy(laid.outside, image->writable<std::uint32_t>(kOutside).begin());
    return KeyIndex::over(IndexImage::seal(std::move(image)), m_by);
}

} // namespace leftfold::capture
