// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/shown.h"
#include "core/workspace/state.h"

#include <functional>
#include <stop_token>

namespace leftfold::workspace {

/// What a worker has at hand: a reader of its own, and what it may keep for the next question of its type.
struct Bench {
    std::unique_ptr<capture::Reader> reader;
    std::shared_ptr<replay::Checkpoints> checkpoints; ///< shared by all
    std::optional<replay::StepKind> transactions; ///< once somebody stepped by them
    unsigned workers = 2;
    std::string version;
    std::shared_ptr<const snapshot::Masks> masks; ///< null: none

    [[nodiscard]] Shown shown(const capture::KeyIndex* keys) const { return {masks.get(), keys}; }
    [[nodiscard]] Shown shown(const replay::Projection& projection) const { return shown(projection.index.get()); }
};

/// How a worker tells what it has so far. Both may be called often, from any thread; both may be empty.
template <class Answer>
struct Telling {
    std::function<void(Progress)> progress;
    std::function<bool()> mayTellMore; ///< whether a partial answer would be told now: making one may be dear
    std::function<void(Answer)> more;
};

/// The answers to questions about an open log, without what is masked; pure functions of the capture. Cancelled soon after a stop.
[[nodiscard]] base::Result<Rows> answer(Bench& bench, const AskRows& question, std::stop_token stop,
                                        const Telling<Rows>& telling);
[[nodiscard]] base::Result<Matches> answer(Bench& bench, const AskMatches& question, std::stop_token stop,
                                           const Telling<Matches>& telling);
[[nodiscard]] base::Result<Moment> answer(Bench& bench, const AskPlayhead& question, std::stop_token stop,
                                          const Telling<Moment>& telling);
[[nodiscard]] base::Result<BookmarkMoment> answer(Bench& bench, const AskBookmark& question, std::stop_token stop,
                                                  const Telling<BookmarkMoment>& tell);
[[nodiscard]] base::Result<MarkMoment> answer(Bench& bench, const AskMark& question, std::stop_token stop,
                                              const Telling<MarkMoment>& telling);
[[nodiscard]] base::Result<Stepped> answer(Bench& bench, const AskStep& question, std::stop_token stop,
                                           const Telling<Stepped>& telling);
[[nodiscard]] base::Result<WholeEvent> answer(Bench& bench, const AskEvent& question, std::stop_token stop,
                                              const Telling<WholeEvent>& telling);
[[nodiscard]] base::Result<CopiedEvents> answer(Bench& bench, const AskCopy& question, std::stop_token stop,
                                                const Telling<CopiedEvents>& telling);
[[nodiscard]] base::Result<AggregateView> answer(Bench& bench, const AskAggregate& question, std::stop_token stop,
                                                 const Telling<AggregateView>& telling);
[[nodiscard]] base::Result<History> answer(Bench& bench, const AskHistory& question, std::stop_token stop,
                                           const Telling<History>& telling);
[[nodiscard]] base::Result<Ids> answer(Bench& bench, const AskIds& question, std::stop_token stop,
                                       const Telling<Ids>& telling);
[[nodiscard]] base::Result<SnapshotTable> answer(Bench& bench, const AskSnapshot& question, std::stop_token stop,
                                                 const Telling<SnapshotTable>& telling);
[[nodiscard]] base::Result<DiffTable> answer(Bench& bench, const AskDiff& question, std::stop_token stop,
                                             const Telling<DiffTable>& telling);
[[nodiscard]] base::Result<DiffPair> answer(Bench& bench, const AskPair& question, std::stop_token stop,
                                            const Telling<DiffPair>& telling);
[[nodiscard]] base::Result<ProblemTable> answer(Bench& bench, const AskProblems& question, std::stop_token stop,
                                                const Telling<ProblemTable>& telling);
[[nodiscard]] base::Result<Exported> answer(Bench& bench, const AskExport& question, std::stop_token stop,
                                            const Telling<Exported>& telling);
[[nodiscard]] base::Result<OpenedProjection> answer(Bench& bench, const AskProjection& question, std::stop_token stop,
                                                    const Telling<OpenedProjection>& telling);
[[nodiscard]] base::Result<Lanes> answer(Bench& bench, const AskLanes& question, std::stop_token stop,
                                         const Telling<Lanes>& telling);
[[nodiscard]] base::Result<std::vector<replay::TransactionSpan>> answer(
    Bench& bench, const AskTransactions& question, std::stop_token stop,
    const Telling<std::vector<replay::TransactionSpan>>& telling);
[[nodiscard]] base::Result<Trials> answer(Bench& bench, const AskTrials& question, std::stop_token stop,
                                          const Telling<Trials>& telling);
[[nodiscard]] base::Result<SchemaList> answer(Bench& bench, const AskSchemas& question, std::stop_token stop,
                                              const Telling<SchemaList>& telling);
[[nodiscard]] base::Result<replay::Density> answer(Bench& bench, const AskDensity& question, std::stop_token stop,
                                                   const Telling<replay::Density>& telling);
[[nodiscard]] base::Result<replay::Density> answer(Bench& bench, const AskDetail& question, std::stop_token stop,
                                                   const Telling<replay::Density>& telling);

[[nodiscard]] base::Result<Ran> answer(Bench& bench, const AskRun& question, std::stop_token stop,
                                       const Telling<Ran>& telling);
[[nodiscard]] base::Result<BreakpointRead> answer(Bench& bench, const AskBreakpoint& question, std::stop_token stop,
                                                  const Telling<BreakpointRead>& telling);
[[nodiscard]] base::Result<ScriptRun> answer(Bench& bench, const AskScript& question, std::stop_token stop,
                                             const Telling<ScriptRun>& telling);
[[nodiscard]] base::Result<VersionsParted> answer(Bench& bench, const AskPartings& question, std::stop_token stop,
                                                  const Telling<VersionsParted>& telling);
[[nodiscard]] base::Result<Plotted> answer(Bench& bench, const AskPlot& question, std::stop_token stop,
                                           const Telling<Plotted>& telling);

/// Everything that is said of a place; `keys` may be null.
[[nodiscard]] base::Result<Moment> describePlace(const Bench& bench, Place place, const capture::KeyIndex* keys);
/// An event as lists tell it; its position is as near as can be known where it is damaged.
[[nodiscard]] base::Result<EventAt> describeEvent(capture::Reader& reader, event::EventIndex index,
                                                  const capture::KeyIndex* keys);
/// The same without what is masked.
[[nodiscard]] base::Result<EventAt> describeShown(const Bench& bench, event::EventIndex index,
                                                  const capture::KeyIndex* keys);

} // namespace leftfold::workspace
