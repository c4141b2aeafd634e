// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/block_reader.h"

#include <algorithm>

namespace leftfold::replay {

using base::Result;
using capture::Location;

std::uint64_t blockLength(const capture::Catalog& catalog)
{
    const std::uint64_t wanted = std::uint64_t{4} * capture::kFrameEvents * catalog.partitions().size();
    return std::clamp<std::uint64_t>(wanted, capture::kMaxChunkEvents, 16 * capture::kMaxChunkEvents);
}

bool isOfDamage(base::ErrorCode code)
{
    return code == base::ErrorCode::DamagedChunk || code == base::ErrorCode::DamagedCapture
           || code == base::ErrorCode::DamagedEvents || code == base::ErrorCode::DatabaseFailed;
}

Result<void> BlockReader::read(std::uint64_t first, std::uint64_t count)
{
    m_first = first;
    m_items.clear();
    m_partitions.clear();
    m_salvaged.clear();
    const capture::Catalog& catalog = m_reader.catalog();
    LEFTFOLD_CHECK(catalog.partitionsOf(first, count, m_partitions));
    LEFTFOLD_TRY(const capture::OrdinalCut start, catalog.prefix(first));
    while (m_lanes.size() < start.next.size()) m_lanes.push_back(std::make_unique<Lane>());
    for (std::uint32_t partition = 0; partition < m_lanes.size(); ++partition) {
        m_lanes[partition]->firstOrdinal = start.next[partition];
        m_lanes[partition]->count = 0;
        m_lanes[partition]->taken = 0;
        m_lanes[partition]->damaged = false;
    }
    for (const std::uint32_t partition : m_partitions) ++m_lanes[partition]->count;
    m_salvaged.reserve(count); // items point into it
    for (std::uint32_t partition = 0; partition < m_lanes.size(); ++partition) {
        LEFTFOLD_CHECK(readLane(partition, *m_lanes[partition]));
    }
    m_items.reserve(count);
    for (const std::uint32_t partition : m_partitions) m_items.push_back(itemOf(partition, *m_lanes[partition]));
    return {};
}

Result<void> BlockReader::readLane(std::uint32_t partition, Lane& lane)
{
    if (lane.count == 0) return {};
    auto whole = m_reader.readRun({partition, lane.firstOrdinal}, lane.count, lane.run);
    if (whole) return {};
    if (!isOfDamage(whole.error().code)) return whole;
    if (!m_damage) m_damage = whole.error();
    salvage(partition, lane);
    return {};
}

/// Event by event, so that what can be read is.
void BlockReader::salvage(std::uint32_t partition, Lane& lane)
{
    lane.damaged = true;
    lane.taken = m_salvaged.size();
    for (std::uint64_t i = 0; i < lane.count; ++i) {
        auto event = m_reader.event(Location{partition, lane.firstOrdinal + i});
        m_salvaged.push_back(event ? std::optional(std::move(*event)) : std::nullopt);
        if (!event) ++m_damaged;
    }
}

BlockReader::Item BlockReader::itemOf(std::uint32_t partition, Lane& lane)
{
    Item item;
    item.location = {partition, lane.firstOrdinal++};
    if (!lane.damaged) {
        const capture::EventRun::Item& read = lane.run.items()[lane.taken++];
        item.record = read.record;
        item.facts = read.facts;
        item.effective = read.effective;
        item.type = read.type;
        item.raw = read.raw;
        item.notes = read.notes;
    } else if (const auto& event = m_salvaged[lane.taken++]) {
        item.record = &event->record;
        item.facts = &event->facts;
        item.effective = event->effective;
        item.type = event->type;
        item.raw = &event->raw();
        item.notes = event->notes();
    }
    return item;
}

} // namespace leftfold::replay
