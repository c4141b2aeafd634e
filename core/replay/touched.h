// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/catalog.h"
#include "core/replay/replayer.h"

#include <stop_token>
#include <vector>

namespace leftfold::replay {

/// What lies between two cuts.
struct Between {
    std::vector<std::uint32_t> aggregates; ///< keys of the projection's index, ascending: those with an event there
    std::uint64_t events = 0; ///< also those of no aggregate
};

/// The aggregates with an event that is inside exactly one of the cuts: the states of all others are equal at both. The cuts need
/// not be prefixes of the replay order or of each other, and either may be the later one. Reads no event, only indexes.
[[nodiscard]] base::Result<Between> touchedBetween(const capture::Catalog& catalog, const Projection& projection,
                                                   const capture::OrdinalCut& a, const capture::OrdinalCut& b,
                                                   std::stop_token stop);

} // namespace leftfold::replay
