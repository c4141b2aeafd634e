// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/index_image.h"
#include "core/capture/order.h"
#include "core/capture/store.h"
#include "core/decode/decoding.h"
#include "core/decode/mapping.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace leftfold::capture {

/// An event by its partition's number in the capture and its place there: the ordinal is dense from 0,
/// whatever gaps the offsets have.
struct Location {
    std::uint32_t partition = 0;
    std::uint64_t ordinal = 0;
    friend auto operator<=>(const Location&, const Location&) = default;
};

/// A cut inside a capture: for each partition, by its number, how many of its events are inside.
struct OrdinalCut {
    std::vector<std::uint64_t> next;

    [[nodiscard]] bool contains(Location location) const { return location.ordinal < next[location.partition]; }
    [[nodiscard]] std::uint64_t events() const;
    friend bool operator==(const OrdinalCut&, const OrdinalCut&) = default;
};

/// What the catalog knows of a chunk.
struct ChunkEntry {
    std::int64_t id = 0; ///< 0: these events are lost, their chunk cannot be read
    std::uint64_t firstOrdinal = 0;
    std::int64_t firstOffset = 0;
    std::int64_t lastOffset = 0;
    base::Time effectiveBefore;
    base::Time effectiveAfter;
    std::int64_t dictionary = 0;
    base::Hash128 identity;
    base::Hash128 checksum;
    std::uint32_t partition = 0;
    std::uint32_t count = 0;
    std::uint32_t undecodable = 0;
    std::uint32_t timeless = 0;
};
[[nodiscard]] ChunkEntry entryOf(const ChunkRow& row);

/// Merges one load's chunks, given by partition number, in replay order. `names` ranks the partitions: the order
/// does not depend on which of them arrived first.
[[nodiscard]] base::Result<void> mergeLoad(Store& store, const std::vector<std::vector<ChunkEntry>>& chunks,
                                           std::span<const event::Partition> names, const RunSink& sink);

/// Events that cannot be read any more, and why.
struct Damage {
    std::uint64_t events = 0;
    base::Error error;
    friend bool operator==(const Damage&, const Damage&) = default;
};

/// What a capture holds and where: partitions, chunks, replay order. Opening it costs the same for any number of
/// events once its index file is in the cache; without one it is built from the capture (and
/// put there, if a folder is given). Immutable; shared by threads.
class Catalog {
public:
    [[nodiscard]] static base::Result<std::shared_ptr<const Catalog>> open(Store& store,
                                                                           const std::string& indexFolder);

    [[nodiscard]] const std::string& captureId() const { return m_captureId; }
    [[nodiscard]] const std::string& source() const { return m_source; }
    [[nodiscard]] const decode::Mapping& mapping() const { return m_mapping; }
    /// How its payloads are read; nothing is decoded where it is not active.
    [[nodiscard]] const decode::Decoding& decoding() const { return m_decoding; }
    [[nodiscard]] std::span<const event::Partition> partitions() const { return m_partitions; }
    [[nodiscard]] std::span<const LoadRow> loads() const { return m_loads; }
    [[nodiscard]] const std::vector<Damage>& damage() const { return m_damage; }
    /// What the state of the capture is made from: equal keys, equal content and order.
    [[nodiscard]] base::Hash128 contentKey() const { return m_contentKey; }

    /// The capture as it was before its last load: what an index of then is made from.
    struct Earlier {
        base::Hash128 contentKey;
        std::uint64_t events = 0;
        std::int64_t lastChunk = 0;
    };
    [[nodiscard]] std::optional<Earlier> beforeLastLoad() const;

    /// Fails with NoSuchPartition, naming those there are.
    [[nodiscard]] base::Result<std::uint32_t> numberOf(const event::Partition& partition) const;
    [[nodiscard]] std::uint64_t eventCount() const { return m_eventCount; }
    [[nodiscard]] std::uint64_t eventsOf(std::uint32_t partition) const { return m_partitionEvents[partition]; }
    [[nodiscard]] OrdinalCut end() const { return {m_partitionEvents}; }

    /// The chunks of a partition, by ordinal, without gaps (lost ones have id 0).
    [[nodiscard]] base::Result<std::span<const ChunkEntry>> chunksOf(std::uint32_t partition) const;
    /// REQUIRES: the location is in the capture.
    [[nodiscard]] base::Result<const ChunkEntry*> chunkOf(Location location) const;

    /// REQUIRES: index < eventCount().
    [[nodiscard]] base::Result<Location> locate(event::EventIndex index) const;
    /// REQUIRES: the location is in the capture.
    [[nodiscard]] base::Result<event::EventIndex> indexOf(Location location) const;
    /// The cut of the first `count` events of the replay order. REQUIRES: count <= eventCount().
    [[nodiscard]] base::Result<OrdinalCut> prefix(std::uint64_t count) const;
    /// How long the longest prefix of the replay order is that lies inside the cut, if the cut is one: nothing else is inside.
    [[nodiscard]] base::Result<std::optional<std::uint64_t>> asPrefix(const OrdinalCut& cut) const;
    /// The partition of each of some consecutive events of the replay order, appended to `out`.
    [[nodiscard]] base::Result<void> partitionsOf(std::uint64_t first, std::uint64_t count,
                                                  std::vector<std::uint32_t>& out) const;

private:
    class Builder;
    Catalog() = default;
    [[nodiscard]] base::Result<void> readDescription(Store& store);
    [[nodiscard]] base::Result<void> readCounts();
    [[nodiscard]] bool isSingle() const { return m_partitions.size() <= 1; }
    [[nodiscard]] base::Result<std::uint32_t> partitionAt(std::uint64_t index) const;

    std::string m_captureId;
    std::string m_source;
    decode::Mapping m_mapping;
    decode::Decoding m_decoding;
    std::vector<event::Partition> m_partitions;
    std::vector<LoadRow> m_loads;
    std::vector<Damage> m_damage;
    base::Hash128 m_contentKey;
    std::vector<std::uint64_t> m_partitionEvents;
    std::uint64_t m_eventCount = 0;
    std::shared_ptr<const IndexImage> m_image;
};

} // namespace leftfold::capture
