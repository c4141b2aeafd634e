// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/reader.h"

#include <memory>
#include <optional>
#include <vector>

namespace leftfold::replay {

/// Consecutive events of the replay order, read together. One thread's; its buffers are used again.
class BlockReader {
public:
    struct Item {
        capture::Location location;
        const event::Record* record = nullptr; ///< null: the event is damaged
        const capture::EventFacts* facts = nullptr;
        base::Time effective;
        std::string_view type;
        const event::Record* raw = nullptr; ///< as the log holds it; `record` is as it is seen
        const decode::PayloadNotes* notes = nullptr; ///< see capture::EventRun::Item
    };

    explicit BlockReader(capture::Reader& reader) : m_reader(reader) {}

    /// Events [first, first + count) of the replay order. Damaged ones are counted and have no record: one bad chunk
    /// hides nothing else. REQUIRES: they are in the capture.
    [[nodiscard]] base::Result<void> read(std::uint64_t first, std::uint64_t count);
    /// Valid until the next `read`.
    [[nodiscard]] const std::vector<Item>& items() const { return m_items; }
    [[nodiscard]] std::uint64_t firstIndex() const { return m_first; }
    [[nodiscard]] std::uint64_t damagedEvents() const { return m_damaged; }
    /// What the first damaged event says.
    [[nodiscard]] const std::optional<base::Error>& damage() const { return m_damage; }

private:
    /// The part of a block that is of one partition.
    struct Lane {
        std::uint64_t firstOrdinal = 0;
        std::uint64_t count = 0;
        std::size_t taken = 0;
        bool damaged = false;
        capture::EventRun run;
    };
    [[nodiscard]] base::Result<void> readLane(std::uint32_t partition, Lane& lane);
    void salvage(std::uint32_t partition, Lane& lane);
    [[nodiscard]] Item itemOf(std::uint32_t partition, Lane& lane);

    capture::Reader& m_reader;
    std::vector<std::uint32_t> m_partitions;
    std::vector<std::unique_ptr<Lane>> m_lanes;
    std::vector<std::optional<capture::StoredEvent>> m_salvaged; ///< of damaged lanes, in order of lane and ordinal
    std::vector<Item> m_items;
    std::uint64_t m_first = 0;
    std::uint64_t m_damaged = 0;
    std::optional<base::Error> m_damage;
};

/// Whether an error is of some events, and says nothing of others.
[[nodiscard]] bool isOfDamage(base::ErrorCode code);

/// How many events of the replay order make a good block: enough of each partition to be worth a frame.
[[nodiscard]] std::uint64_t blockLength(const capture::Catalog& catalog);

} // namespace leftfold::replay
