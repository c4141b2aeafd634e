// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/key_index.h"
#include "core/capture/reader.h"
#include "core/fold/script.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace leftfold::replay {

/// A partition of a projection when all events are folded.
struct ProjectedPartition {
    std::string id;
    event::Document state;
    event::Document result; ///< what transformBy and filterBy make of it; null: nothing
};

/// Something a projection did at an event: emitted, linked, logged, or skipped it.
struct ProjectedOutput {
    std::optional<event::EventIndex> event; ///< none: while the script was loaded
    std::string position;
    event::Document what; ///< kind, and what belongs to it: see README.md of core/fold
};

struct ProjectedAll {
    std::uint64_t events = 0; ///< looked at
    std::vector<ProjectedPartition> partitions; ///< by id
    std::optional<event::Document> shared; ///< of a projection with shared state
    std::optional<base::Error> failure; ///< why it stopped, if it did: the rest is as it was then
    std::optional<event::EventIndex> failedAt;
    /// What is amiss in an event, or in what the script does with it, and harms nothing: see Folder::tellTo.
    struct Finding {
        event::EventIndex event;
        std::string position;
        base::Error what;
    };
    std::vector<Finding> findings;
};

/// Runs a projection as its server does: over all events inside the cut, in replay order, one after the other. It is what the faster
/// ways are measured against, and tells what they leave out. `ids` names the aggregates where the script does not (null: the log
/// has none). `script` knows the log's streams. Fails only for other reasons than the script.
[[nodiscard]] base::Result<ProjectedAll> projectAll(capture::Reader& reader, const fold::Script& script,
                                                    const capture::KeyIndex* ids, const capture::OrdinalCut& cut,
                                                    std::stop_token stop,
                                                    const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                                                    const std::function<void(const ProjectedOutput&)>& sink);

} // namespace leftfold::replay
