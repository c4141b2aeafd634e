// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/key_index.h"

#include <optional>
#include <span>

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

} // namespace leftfold::replay
