// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/event/offset.h"

#include <optional>

namespace leftfold::event {

/// What became of a transaction: no marker says so yet, or a marker does.
enum class TransactionState : std::uint8_t { Open, Committed, Aborted };

/// What a producer wrote into one partition between two ends of its transactions (semantics.md section 1), as a log tells it that
/// shows its markers. A transaction of Kafka may span partitions: each has its own part and its own marker, and nothing in
/// the partitions says which parts belong together.
struct Transaction {
    Partition partition;
    std::int64_t producer = 0;
    std::int16_t epoch = 0;
    std::optional<Offset> first; ///< of its records; none: only the marker is there
    Offset last; ///< of its records so far; without any the marker
    TransactionState state = TransactionState::Open;
    std::optional<base::Time> firstTime; ///< the log's own, of its first record
    std::optional<Offset> marker; ///< exactly if it is not open
    std::optional<base::Time> markedAt; ///< the log's own, of the marker
    std::int32_t coordinatorEpoch = -1; ///< of the coordinator that wrote the marker; -1: open

    /// Where it begins: what tells it from all others of its partition.
    [[nodiscard]] Offset begin() const { return first.value_or(last); }
    friend bool operator==(const Transaction&, const Transaction&) = default;
};

/// "open", "committed", "aborted"
[[nodiscard]] constexpr const char* nameOf(TransactionState state)
{
    return state == TransactionState::Open ? "open" : state == TransactionState::Committed ? "committed" : "aborted";
}

} // namespace leftfold::event
