// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace leftfold::fold {

/// What runs inside the engine before a script does: the functions a script is written with, the event it is handed, and the
/// loop over a batch of events. One function expression; what it takes and gives is said in script_engine.cc.
extern const std::string_view kScriptPrelude;

/// Numbers an event takes in a batch, in this order. The prelude has the same list.
enum class BatchColumn {
    Type,
    Slot,
    Kind,
    Start,
    End,
    MetaStart,
    MetaEnd,
    Index,
    Seconds,
    Nanoseconds,
    Seed,
    Topic,
    Count
};

/// What an event carries (BatchColumn::Kind).
enum class EventKind { Json, Tombstone, NotJson };

} // namespace leftfold::fold
