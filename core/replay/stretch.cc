// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/stretch.h"

#include <algorithm>

namespace leftfold::replay {

base::Result<Stretch> stretchBetween(const capture::Catalog& catalog, const capture::OrdinalCut& from,
                                     const capture::OrdinalCut& until)
{
    Stretch stretch{catalog.eventCount(), 0};
    for (std::uint32_t partition = 0; partition < catalog.partitions().size(); ++partition) {
        if (from.next[partition] >= until.next[partition]) continue;
        LEFTFOLD_TRY(const event::EventIndex first, catalog.indexOf({partition, from.next[partition]}));
        LEFTFOLD_TRY(const event::EventIndex last, catalog.indexOf({partition, until.next[partition] - 1}));
        stretch.first = std::min(stretch.first, first.value);
        stretch.last = std::max(stretch.last, last.value + 1);
    }
    return stretch;
}

} // namespace leftfold::replay
