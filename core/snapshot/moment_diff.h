// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/diff.h"
#include "core/replay/replayer.h"
#include "core/snapshot/mask.h"
#include "core/snapshot/snapshot.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace leftfold::snapshot {

/// An aggregate that is not the same at two moments, A and B: created where it exists at B alone, deleted where at A alone.
struct AggregateDiff {
    std::string id;
    std::optional<event::Document> before; ///< at A
    std::optional<event::Document> after; ///< at B
    std::vector<event::Change> changes; ///< where it exists at both: never empty then
};

/// The same without what is masked.
[[nodiscard]] AggregateDiff masked(const AggregateDiff& diff, const Masks& masks, bool idIsMasked);

struct DiffOptions {
    unsigned workers = 2;
    std::optional<std::string> only{}; ///< the id of the one aggregate to compare
    event::DiffRules rules{}; ///< what is no difference
};

struct DiffSummary {
    std::uint64_t eventsBetween = 0; ///< inside exactly one of the cuts, whatever they belong to
    std::uint64_t touched = 0; ///< aggregates with such an event: no other was looked at
    std::uint64_t created = 0;
    std::uint64_t deleted = 0;
    std::uint64_t changed = 0;
    std::uint64_t eventsFolded = 0;
    std::uint64_t damagedEvents = 0; ///< of touched aggregates, inside a cut: they are not in any state
};

/// The aggregates that differ between two cuts, by id in ascending order of bytes, each once, told on the caller's thread. The cuts
/// may be any two. Touches only aggregates with an event between them, and folds what lies inside both cuts once.
/// The same for any number of workers; memory is bounded by the events and states of a few thousand aggregates. Cancelled
/// within a few events of a stop. Fails with NoSuchAggregate where `only` names none.
[[nodiscard]] base::Result<DiffSummary> diffMoments(
    capture::Reader& reader, const replay::Projection& projection, const capture::OrdinalCut& a,
    const capture::OrdinalCut& b, const DiffOptions& options, std::stop_token stop, const Progress& progress,
    const std::function<base::Result<void>(const AggregateDiff&)>& sink);

} // namespace leftfold::snapshot
