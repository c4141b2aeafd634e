// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/catalog.h"
#include "core/capture/key_index.h"

#include <span>
#include <stop_token>

namespace leftfold::replay {

/// What folding aggregates one by one takes, in events that are decoded and in events that are folded.
struct WalkCost {
    double decoded = 0;
    double folded = 0;
};

/// Into how many partitions events that follow each other in the replay order fall, about, one at least: whose events come in turns, and
/// not in long runs. Stops within 50 ms with Cancelled.
[[nodiscard]] base::Result<std::uint64_t> partitionsInTurn(const capture::Catalog& catalog, std::stop_token stop);

/// That of folding each of some aggregates up to an event of the replay order. Estimated from the postings of some: events are decoded in
/// frames, and an aggregate whose events lie far from each other takes a whole frame for each. REQUIRES: `keys`, one at least, are in the order in
/// which they would be folded; `inTurn` is what `partitionsInTurn` says.
[[nodiscard]] base::Result<WalkCost> walkCost(const capture::Catalog& catalog, const capture::KeyIndex& index,
                                              std::span<const std::uint32_t> keys, std::uint64_t end,
                                              std::uint64_t inTurn, std::stop_token stop);

} // namespace leftfold::replay
