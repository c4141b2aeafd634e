// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/key_index.h"
#include "core/event/transaction.h"

#include <optional>
#include <span>
#include <vector>

namespace leftfold::replay {

/// Where the first events of a log (1,000 are looked at) name the database transaction they are of: Debezium's
/// `transaction.id`, plain, wrapped or flattened, or Maxwell's `xid`. Nothing where none does. An index by that field has
/// the transactions as its aggregates.
[[nodiscard]] base::Result<std::optional<decode::FieldRef>> transactionField(capture::Reader& reader);

/// The moments before and behind a transaction: between them lie its events, and no event of another one that is in a
/// partition of its own. A transaction that others interleave with in one partition takes their events there along.
struct TransactionRange {
    capture::OrdinalCut before;
    capture::OrdinalCut behind;
    std::uint64_t events = 0;
};
/// `transactions` is an index by the field above. Nothing if there is no such transaction.
[[nodiscard]] base::Result<std::optional<TransactionRange>> transactionRange(const capture::Catalog& catalog,
                                                                             const capture::KeyIndex& transactions,
                                                                             base::ByteView id);

/// A transaction of Kafka (event::Transaction) among the events of a capture.
struct TransactionSpan {
    event::Transaction transaction;
    std::optional<std::uint32_t>
        partition; ///< by its number in the capture; none: no event of the partition was captured
    /// Of the events between its first offset and its last: the ordinals in the partition, from `begin` on, before `behind`. Others may interleave with it: their
    /// events there are counted, too. Both are the same where nothing of it was captured (aborted, and read_committed).
    std::uint64_t begin = 0;
    std::uint64_t behind = 0;
    /// Effective times, as the timeline has them: of the first and the last of these events; where there are none, of the event
    /// before. An open one goes on to the last event of the partition. None where the partition has no such event.
    std::optional<base::Time> from;
    std::optional<base::Time> until;
};

/// All transactions that the log told, by partition (as it is named) and place: what the timeline draws a lane of. Nothing for
/// logs that tell none.
[[nodiscard]] base::Result<std::vector<TransactionSpan>> transactionSpans(capture::Reader& reader);

/// The transactions of a capture, to find that of an event. A value; shared by threads.
class LoggedTransactions {
public:
    /// REQUIRES: all of one capture.
    explicit LoggedTransactions(const std::vector<TransactionSpan>& spans);
    /// The events that a step over the event at `location` goes over: of its transaction, if it is in one; of several that interleave, those
    /// of the one that began last. Nothing where it is in none.
    struct Run {
        std::uint64_t begin = 0;
        std::uint64_t behind = 0;
    };
    [[nodiscard]] std::optional<Run> around(capture::Location location) const;

private:
    struct Runs {
        std::vector<Run> inOrder;
        std::vector<std::uint64_t> reach; ///< of these up to each: the largest `behind`
    };
    std::vector<Runs> m_runs; ///< by partition
};

/// The moments before and behind a transaction, as above, by the place where it begins ("orders[0]@5"). Nothing if none begins there or
/// nothing of it was captured.
[[nodiscard]] base::Result<std::optional<TransactionRange>> transactionRange(const capture::Catalog& catalog,
                                                                             std::span<const TransactionSpan> spans,
                                                                             const event::Position& begin);

} // namespace leftfold::replay
