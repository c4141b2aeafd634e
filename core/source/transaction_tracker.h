// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/transaction.h"
#include "core/source/kafka_batch.h"

#include <map>
#include <vector>

namespace leftfold::source {

/// The end of a transaction, as its marker tells it.
struct TransactionMarker {
    std::int64_t producer = 0;
    event::TransactionState state = event::TransactionState::Committed;
    event::Offset offset;
    std::int32_t coordinatorEpoch = -1;
    std::optional<base::Time> time;
};
/// The marker in the record of a control batch; nothing where it is another control record.
[[nodiscard]] std::optional<TransactionMarker> markerOf(const BatchHeader& header, const event::Record& record);

/// The transactions of one partition, from its batches in their order.
class TransactionTracker {
public:
    explicit TransactionTracker(event::Partition partition) : m_partition(std::move(partition)) {}

    /// Goes on with those that were open.
    void resume(const std::vector<event::Transaction>& open);
    /// A batch of records of a transaction.
    void add(const BatchHeader& header);
    /// A marker: the transaction as it is then.
    [[nodiscard]] event::Transaction end(const BatchHeader& header, const TransactionMarker& marker);
    /// Those that no marker has ended, by their begin.
    [[nodiscard]] std::vector<event::Transaction> open() const;
    /// The last stable offset: where the first open transaction begins, else `end`.
    [[nodiscard]] event::Offset lastStable(event::Offset end) const;

private:
    event::Partition m_partition;
    std::map<std::int64_t, event::Transaction> m_open; ///< by producer: one has one at a time
};

} // namespace leftfold::source
