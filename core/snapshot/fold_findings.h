// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/snapshot.h"

#include <string>
#include <vector>

namespace leftfold::snapshot {

/// What a fold found amiss in an event of an aggregate.
struct FoldFinding {
    event::EventIndex event;
    std::string id;
    base::Error error;
};

struct FoldFindings {
    std::vector<FoldFinding> first; ///< in replay order, then by id
    std::uint64_t total = 0;
    SnapshotSummary summary;
};

/// Folds all aggregates up to a cut and lists what the fold found amiss in their events: the first `most` of it, the rest
/// counted. Links between rows (fold::isLink) are nothing amiss. The same for any number of workers.
[[nodiscard]] base::Result<FoldFindings> findAmiss(capture::Reader& reader, const replay::Projection& projection,
                                                   const capture::OrdinalCut& cut, std::size_t most,
                                                   const SnapshotOptions& options, std::stop_token stop,
                                                   const Progress& progress);

} // namespace leftfold::snapshot
