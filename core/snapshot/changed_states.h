// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/exported_state.h"
#include "core/snapshot/snapshot.h"

#include <functional>

namespace leftfold::snapshot {

/// All states at one cut.
struct StateTotal {
    std::uint64_t aggregates = 0;
    base::Hash256 hash{}; ///< the snapshot hash
};

struct ChangeSummary {
    StateTotal from;
    StateTotal to;
    std::uint64_t damagedEvents = 0; ///< inside the later cut: the states lack them
};

/// The aggregates that are not the same at two cuts, by id in ascending order of bytes: created, changed or deleted. Folds
/// the states of both cuts; the hashes of the first wait in a temporary file that has no name, so memory does not grow with them.
[[nodiscard]] base::Result<ChangeSummary> changedStates(
    capture::Reader& reader, const replay::Projection& projection, const capture::OrdinalCut& from,
    const capture::OrdinalCut& to, const SnapshotOptions& options, std::stop_token stop, const Progress& progress,
    const std::function<base::Result<void>(const ExportedState&)>& tell);

} // namespace leftfold::snapshot
