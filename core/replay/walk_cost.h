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

/// That of folding each of some aggregates up to an event of the replay order. Estimated from the postings of some: events are decoded in
/// frames, and an aggregate whose events lie far from each other takes a whole frame for each. REQUIRES: `keys`, one at least, are in the order in
/// which they would be folded.
[[nodiscard]] base::Result<WalkCost> walkCost(const capture::Catalog& catalog, const capture::KeyIndex& index,
                                              std::span<const std::uint32_t> keys, std::uint64_t end,
                                              std::stop_token stop);

} // namespace leftfold::replay
