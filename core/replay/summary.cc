// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/summary.h"

#include <algorithm>
#include <map>

namespace leftfold::replay {

namespace {

using base::Result;

constexpr std::uint64_t kBlock = 65536;

using TypeCounts = std::map<std::string, std::uint64_t, std::less<>>;

void countTypes(const capture::ChunkColumns& columns, TypeCounts& counts)
{
    std::vector<std::uint64_t> here(columns.types.size(), 0);
    for (const capture::EventFacts& facts : columns.facts) ++here[facts.type];
    for (std::size_t type = 0; type < here.size(); ++type) counts[columns.types[type]] += here[type];
}

Result<PartitionSummary> summarizePartition(capture::Reader& reader, std::uint32_t number, TypeCounts& types,
                                            const std::stop_token& stop)
{
    LEFTFOLD_TRY(const auto chunks, reader.catalog().chunksOf(number));
    PartitionSummary summary;
    summary.partition = reader.catalog().partitions()[number];
    summary.events = reader.catalog().eventsOf(number);
    summary.firstTime = summary.lastTime = base::kBeginningOfTime;
    if (chunks.empty()) return summary;
    summary.firstOffset = {chunks.front().firstOffset};
    summary.lastOffset = {chunks.back().lastOffset};
    summary.lastTime = chunks.back().effectiveAfter;
    summary.identity = chunks.back().identity;
    summary.missingOffsets =
        static_cast<std::uint64_t>(summary.lastOffset.value - summary.firstOffset.value) + 1 - summary.events;
    bool timeFound = false;
    for (const capture::ChunkEntry& entry : chunks) {
        if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        summary.undecodable += entry.undecodable;
        summary.timeless += entry.timeless;
        if (entry.id == 0) {
            summary.lost += entry.count;
            continue;
        }
        const auto read = reader.chunk(entry);
        if (!read) {
            summary.lost += entry.count;
            continue;
        }
        const capture::LoadedChunk& chunk = **read;
        countTypes(chunk.columns, types);
        const auto first =
            std::ranges::find_if(chunk.effective, [](base::Time time) { return time != base::kBeginningOfTime; });
        if (!timeFound && first != chunk.effective.end()) {
            summary.firstTime = *first;
            timeFound = true;
        }
    }
    return summary;
}

} // namespace

Result<LogSummary> summarize(capture::Reader& reader, std::stop_token stop)
{
    LogSummary summary;
    TypeCounts types;
    for (std::uint32_t number = 0; number < reader.catalog().partitions().size(); ++number) {
        LEFTFOLD_TRY(PartitionSummary partition, summarizePartition(reader, number, types, stop));
        summary.partitions.push_back(std::move(partition));
    }
    summary.types.assign(types.begin(), types.end());
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
    for (std::uint64_t first = 0; first < catalog.eventCount(); first += kBlock) {
        if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        const std::uint64_t count = std::min(kBlock, catalog.eventCount() - first);
        partitions.clear();
        LEFTFOLD_CHECK(catalog.partitionsOf(first, count, partitions));
        LEFTFOLD_TRY(const auto block, keys.keysOf(first, count));
        for (std::uint64_t i = 0; i < count; ++i) {
            if (block[i] == capture::kNoKey) continue;
            std::uint32_t& known = partitionOf[block[i]];
            if (known == kNone) {
                known = partitions[i];
            } else if (known != kSeveral && known != partitions[i]) {
                known = kSeveral;
                ++spanning;
            }
        }
    }
    return spanning;
}

} // namespace leftfold::replay
