// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/key_index.h"
#include "core/fold/script.h"

#include <stop_token>

namespace leftfold::replay {

/// The id of the one aggregate of a projection that keeps one state for all events.
inline constexpr std::string_view kWholeId = "all";

/// The aggregates that a script names by itself (`partitionBy`, `by`), or the one aggregate of a projection with one state: from
/// the cache, else by a pass of its own over all events, in parallel. Events that are none of the projection's belong to
/// none; those for which the script names none, and those it cannot read, count as without one.
/// Fails with ScriptFailed and its kin where the script does. REQUIRES: the script's partitioning is not Stream.
[[nodiscard]] base::Result<std::shared_ptr<const capture::KeyIndex>> openScriptIndex(
    capture::Reader& reader, const fold::Script& script, unsigned workers, std::stop_token stop,
    const capture::KeyIndex::Progress& progress);

} // namespace leftfold::replay
