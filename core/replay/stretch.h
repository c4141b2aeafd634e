// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/catalog.h"

namespace leftfold::replay {

/// A part of the replay order: events [first, last).
struct Stretch {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    [[nodiscard]] bool contains(std::uint64_t event) const { return first <= event && event < last; }
    [[nodiscard]] bool isEmpty() const { return first >= last; }
};

/// The smallest that holds every event inside `until` and not inside `from`; where there is none, first > last.
[[nodiscard]] base::Result<Stretch> stretchBetween(const capture::Catalog& catalog, const capture::OrdinalCut& from,
                                                   const capture::OrdinalCut& until);

} // namespace leftfold::replay
