// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/completeness.h"

#include <algorithm>

namespace leftfold::snapshot {

namespace {

using base::Result;
using Chunks = std::span<const capture::ChunkEntry>;

void addWhole(PartitionAtCut& at, const capture::ChunkEntry& chunk)
{
    at.undecodable += chunk.undecodable;
    at.timeless += chunk.timeless;
    if (chunk.id == 0) at.unreadable += chunk.count;
}

/// The chunk that the cut goes through: its first `count` events are inside.
void addPart(PartitionAtCut& at, capture::Reader& reader, const capture::ChunkEntry& chunk, std::uint64_t count)
{
    const auto loaded = chunk.id == 0 ? nullptr : reader.chunk(chunk).value_or(nullptr);
    if (!loaded) {
        at.unreadable += count;
        return;
    }
    for (std::size_t i = 0; i < count; ++i) {
        at.undecodable += loaded->columns.facts[i].isUnread();
        at.timeless += !loaded->columns.facts[i].time;
    }
}

/// The running hash behind the first `count` events of a chunk that comes behind `before`.
std::optional<base::Hash128> hashInside(capture::Reader& reader, const capture::ChunkEntry& chunk, base::Hash128 before,
                                        std::uint64_t count)
{
    if (chunk.id == 0) return std::nullopt;
    if (count == chunk.count) return chunk.identity;
    capture::EventRun run;
    if (!reader.readRun({chunk.partition, chunk.firstOrdinal}, count, run)) return std::nullopt;
    for (const capture::EventRun::Item& item : run.items()) before = event::chain(before, event::hashOf(*item.raw));
    return before;
}

Result<PartitionAtCut> partitionAt(capture::Reader& reader, std::uint32_t number, std::uint64_t events)
{
    LEFTFOLD_TRY(const Chunks chunks, reader.catalog().chunksOf(number));
    PartitionAtCut at;
    at.partition = reader.catalog().partitions()[number];
    at.events = events;
    at.firstOffset = {chunks.front().firstOffset};
    base::Hash128 before;
    for (const capture::ChunkEntry& chunk : chunks) {
        const std::uint64_t inside = std::min<std::uint64_t>(chunk.count, events - chunk.firstOrdinal);
        inside == chunk.count ? addWhole(at, chunk) : addPart(at, reader, chunk, inside);
        if (chunk.firstOrdinal + inside == events) {
            at.identity = hashInside(reader, chunk, before, inside);
            break;
        }
        before = chunk.identity;
    }
    const auto last = reader.positionOf({number, events - 1});
    // Of a lost chunk only the ends are known.
    LEFTFOLD_TRY(const capture::ChunkEntry* lastChunk, reader.catalog().chunkOf({number, events - 1}));
    at.next = (last ? last->offset : event::Offset{lastChunk->lastOffset}).next();
    at.missingOffsets = static_cast<std::uint64_t>((at.next - at.firstOffset).value) - events;
    return at;
}

} // namespace

Result<std::vector<PartitionAtCut>> partitionsAt(capture::Reader& reader, const capture::OrdinalCut& cut,
                                                 std::stop_token stop)
{
    std::vector<PartitionAtCut> all;
    for (std::uint32_t number = 0; number < cut.next.size(); ++number) {
        if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        if (cut.next[number] == 0) continue;
        LEFTFOLD_TRY(PartitionAtCut at, partitionAt(reader, number, cut.next[number]));
        all.push_back(std::move(at));
    }
    std::ranges::sort(all, {}, &PartitionAtCut::partition);
    return all;
}

} // namespace leftfold::snapshot
