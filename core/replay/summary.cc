// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/summary.h"

#include "core/base/varint.h"

#include <algorithm>
#include <map>

namespace leftfold::replay {

namespace {

using base::Result;

constexpr std::uint64_t kBlock = 65536;
constexpr std::uint32_t kSection = 1;

/// What only the columns of the chunks know.
struct Columns {
    std::map<std::string, std::uint64_t, std::less<>> types;
    std::vector<base::Time> firstTimes; ///< by partition
    std::vector<std::uint64_t> lost; ///< by partition: events whose columns cannot be read
};

void countTypes(const capture::ChunkColumns& columns, Columns& found)
{
    std::vector<std::uint64_t> here(columns.types.size(), 0);
    for (const capture::EventFacts& facts : columns.facts) ++here[facts.type];
    for (std::size_t type = 0; type < here.size(); ++type) found.types[columns.types[type]] += here[type];
}

Result<void> readPartition(capture::Reader& reader, std::uint32_t number, Columns& found, const std::stop_token& stop)
{
    LEFTFOLD_TRY(const auto chunks, reader.catalog().chunksOf(number));
    base::Time& firstTime = found.firstTimes[number];
    for (const capture::ChunkEntry& entry : chunks) {
        if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        const auto chunk = entry.id == 0 ? nullptr : reader.chunk(entry).value_or(nullptr);
        if (!chunk) {
            found.lost[number] += entry.count;
            continue;
        }
        countTypes(chunk->columns, found);
        if (firstTime != base::kBeginningOfTime) continue;
        const auto first =
            std::ranges::find_if(chunk->effective, [](base::Time time) { return time != base::kBeginningOfTime; });
        if (first != chunk->effective.end()) firstTime = *first;
    }
    return {};
}

std::string save(const Columns& columns)
{
    std::string out;
    for (const base::Time time : columns.firstTimes) {
        base::putFixed(out, time.seconds);
        base::putFixed(out, time.nanos);
    }
    for (const auto& [type, count] : columns.types) {
        base::putVarint(out, count);
        base::putVarint(out, type.size());
        out += type;
    }
    return out;
}

std::optional<Columns> restore(base::ByteView saved, std::size_t partitions)
{
    Columns columns;
    base::ByteReader from(saved);
    columns.lost.resize(partitions, 0);
    for (std::size_t i = 0; i < partitions; ++i) {
        const auto seconds = from.fixed<std::int64_t>();
        columns.firstTimes.push_back({seconds, from.fixed<std::uint32_t>()});
    }
    while (from.ok() && from.left() > 0) {
        const std::uint64_t count = from.varint();
        columns.types[std::string(from.bytes(from.varint()))] = count;
    }
    if (!from.ok()) return std::nullopt;
    return columns;
}

std::string keptAt(const capture::Reader& reader)
{
    if (reader.indexFolder().empty()) return {};
    return reader.indexFolder() + '/' + reader.catalog().captureId() + ".summary.lfi";
}

std::optional<Columns> kept(const capture::Reader& reader)
{
    const std::string path = keptAt(reader);
    if (path.empty()) return std::nullopt;
    const auto image = capture::IndexImage::open(path, reader.catalog().contentKey());
    if (!image) return std::nullopt;
    const auto bytes = (*image)->all<char>(kSection);
    if (!bytes) return std::nullopt;
    return restore({bytes->data(), bytes->size()}, reader.catalog().partitions().size());
}

/// Not where anything is lost: that is looked for at every opening.
void keep(const capture::Reader& reader, const Columns& columns)
{
    const std::string path = keptAt(reader);
    const bool isWhole = std::ranges::all_of(columns.lost, [](std::uint64_t lost) { return lost == 0; });
    if (path.empty() || !isWhole || !reader.catalog().damage().empty()) return;
    const std::string saved = save(columns);
    const capture::IndexImage::Section section{kSection, saved.size()};
    auto image = capture::IndexImage::create(path, reader.catalog().contentKey(), {&section, 1});
    std::ranges::copy(saved, image->writable<char>(kSection).begin());
    (void)capture::IndexImage::seal(std::move(image));
}

Result<Columns> columnsOf(capture::Reader& reader, const std::stop_token& stop)
{
    if (auto known = kept(reader)) return std::move(*known);
    const std::size_t partitions = reader.catalog().partitions().size();
    Columns columns;
    columns.firstTimes.resize(partitions, base::kBeginningOfTime);
    columns.lost.resize(partitions, 0);
    for (std::uint32_t number = 0; number < partitions; ++number) {
        LEFTFOLD_CHECK(readPartition(reader, number, columns, stop));
    }
    keep(reader, columns);
    return columns;
}

Result<PartitionSummary> summarizePartition(const capture::Catalog& catalog, std::uint32_t number,
                                            const Columns& columns)
{
    LEFTFOLD_TRY(const auto chunks, catalog.chunksOf(number));
    PartitionSummary summary;
    summary.partition = catalog.partitions()[number];
    summary.events = catalog.eventsOf(number);
    summary.firstTime = summary.lastTime = base::kBeginningOfTime;
    if (chunks.empty()) return summary;
    summary.firstOffset = {chunks.front().firstOffset};
    summary.lastOffset = {chunks.back().lastOffset};
    summary.firstTime = columns.firstTimes[number];
    summary.lastTime = chunks.back().effectiveAfter;
    summary.identity = chunks.back().identity;
    summary.lost = columns.lost[number];
    summary.missingOffsets =
        static_cast<std::uint64_t>(summary.lastOffset.value - summary.firstOffset.value) + 1 - summary.events;
    for (const capture::ChunkEntry& entry : chunks) {
        summary.undecodable += entry.undecodable;
        summary.timeless += entry.timeless;
    }
    return summary;
}

} // namespace

Result<LogSummary> summarize(capture::Reader& reader, std::stop_token stop)
{
    LEFTFOLD_TRY(const Columns columns, columnsOf(reader, stop));
    LogSummary summary;
    for (std::uint32_t number = 0; number < reader.catalog().partitions().size(); ++number) {
        LEFTFOLD_TRY(PartitionSummary partition, summarizePartition(reader.catalog(), number, columns));
        summary.partitions.push_back(std::move(partition));
    }
    summary.types.assign(columns.types.begin(), columns.types.end());
    std::ranges::stable_sort(summary.types, std::greater<>(), [](const auto& type) { return type.second; });
    return summary;
}

Result<std::uint64_t> aggregatesSpanningPartitions(const capture::Catalog& catalog, const capture::KeyIndex& keys,
                                                   std::stop_token stop)
{
    if (catalog.partitions().size() < 2) return 0;
    constexpr std::uint32_t kNone = UINT32_MAX;
    constexpr std::uint32_t kSeveral = UINT32_MAX - 1;
    std::vector<std::uint32_t> partitionOf(keys.size(), kNone);
    std::vector<std::uint32_t> partitions;
    std::uint64_t spanning = 0;
    const auto see = [&](std::uint32_t key, std::uint32_t partition) {
        std::uint32_t& known = partitionOf[key];
        if (known == kNone) {
            known = partition;
        } else if (known != kSeveral && known != partition) {
            known = kSeveral;
            ++spanning;
        }
    };
    for (std::uint64_t first = 0; first < catalog.eventCount(); first += kBlock) {
        if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        const std::uint64_t count = std::min(kBlock, catalog.eventCount() - first);
        partitions.clear();
        LEFTFOLD_CHECK(catalog.partitionsOf(first, count, partitions));
        LEFTFOLD_TRY(const auto block, keys.keysOf(first, count));
        for (std::uint64_t i = 0; i < count; ++i) {
            if (block[i] != capture::kNoKey) see(block[i], partitions[i]);
        }
        for (const capture::Belonging& more : keys.moreKeysOf(first, count))
            see(more.to, partitions[more.event - first]);
    }
    return spanning;
}

} // namespace leftfold::replay
