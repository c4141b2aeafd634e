// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/key_index.h"
#include "core/replay/playhead.h"

#include <stop_token>
#include <variant>

namespace leftfold::replay {

class LoggedTransactions;

/// What a step stops at.
struct AnyEvent {};
struct OfAggregate {
    std::string id;
};
struct OfType {
    std::string type;
};
/// A step goes over the whole transaction of the event it meets: behind the last of its events, or before the first. An event
/// of none is stepped over alone. The index is by the field that names transactions (transactions.h).
struct OfTransaction {
    std::shared_ptr<const capture::KeyIndex> transactions;
};
/// The same by the transactions of Kafka that the log told.
struct OfLoggedTransaction {
    std::shared_ptr<const LoggedTransactions> transactions;
};
using StepKind = std::variant<AnyEvent, OfAggregate, OfType, OfTransaction, OfLoggedTransaction>;

enum class Direction : std::uint8_t { Forward, Back };

/// The place in the play order after one step from `at`; nothing where there is no further event of the kind. A step
/// forward stands just behind the event it stopped at, a step back just before it: so forward and back is identity for
/// any kind, from wherever the last event was of that kind (of transactions: where they do not interleave). `keys` is needed for OfAggregate alone and may else be null. A step by
/// type passes over events that cannot be read, any of which may have been of it: to `unreadable` their number is added.
[[nodiscard]] base::Result<std::optional<std::uint64_t>> step(capture::Reader& reader, const PlayOrder& order,
                                                              const capture::KeyIndex* keys, std::uint64_t at,
                                                              const StepKind& kind, Direction direction,
                                                              std::stop_token stop,
                                                              std::uint64_t* unreadable = nullptr);

} // namespace leftfold::replay
