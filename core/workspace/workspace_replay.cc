// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/workspace_replay.h"

#include "core/replay/bisect.h"
#include "core/replay/parting.h"
#include "core/replay/run.h"

namespace leftfold::workspace {

namespace {

using base::ErrorCode;
using base::Result;

/// A script ran, and stopped at an event: what the workspace is there to tell.
bool isStoppedScript(ErrorCode code)
{
    return code == ErrorCode::ScriptFailed || code == ErrorCode::ScriptTime || code == ErrorCode::ScriptMemory
           || code == ErrorCode::ScriptState;
}

/// What was not recorded holds in no case.
bool isAsExpected(const Expectation& expected, const Expectation& found)
{
    return expected.isRecorded() && expected == found;
}

} // namespace

Result<CheckedExpectation> WorkspaceReplay::check(const Expectation& expectation, std::stop_token stop,
                                                  const snapshot::Progress& progress)
{
    CheckedExpectation checked;
    checked.found = expectation;
    const auto looked = std::visit([&](auto& what) { return find(what, checked, stop, progress); }, checked.found.what);
    if (!looked && !isStoppedScript(looked.error().code)) return base::inContext(looked.error(), describe(expectation));
    if (!looked) checked.stopped = looked.error();
    checked.holds = looked && isAsExpected(expectation, checked.found);
    return checked;
}

Result<replay::Projection> WorkspaceReplay::projection(const std::string& name, const std::stop_token& stop,
                                                       const snapshot::Progress& progress)
{
    const auto known = m_opened.find(name);
    if (known != m_opened.end()) return known->second;
    LEFTFOLD_TRY(const replay::Projection opened,
                 openProjection(m_reader, m_file.projection(name), nullptr, m_workers, stop, progress));
    return m_opened.emplace(name, opened).first->second;
}

Result<capture::OrdinalCut> WorkspaceReplay::cutAt(const std::string& when)
{
    LEFTFOLD_TRY(const event::When parsed, event::parseWhen(when));
    return m_reader.resolve(parsed);
}

Result<std::string> WorkspaceReplay::positionOf(event::EventIndex event)
{
    LEFTFOLD_TRY(const capture::StoredEvent stored, m_reader.event(event));
    const event::Partition& partition = m_reader.catalog().partitions()[stored.location.partition];
    return toText(event::Position{partition, stored.record.offset});
}

Result<void> WorkspaceReplay::find(ExpectedSnapshot& expected, CheckedExpectation& checked, const std::stop_token& stop,
                                   const snapshot::Progress& progress)
{
    LEFTFOLD_TRY(const capture::OrdinalCut cut, cutAt(expected.at));
    LEFTFOLD_TRY(const replay::Projection opened, projection(expected.projection, stop, progress));
    snapshot::SnapshotOptions options;
    options.workers = m_workers;
    LEFTFOLD_TRY(const auto hashed, snapshot::hashAll(m_reader, opened, cut, options, stop, progress));
    expected.hash = base::toHex(hashed.hash);
    checked.unreadable = hashed.summary.damagedEvents;
    return {};
}

Result<void> WorkspaceReplay::find(ExpectedRun& expected, CheckedExpectation& checked, const std::stop_token& stop,
                                   const snapshot::Progress& progress)
{
    std::vector<replay::Breakpoint> breakpoints;
    for (const std::string& text : expected.breakpoints) {
        LEFTFOLD_TRY(breakpoints.emplace_back(), replay::parseBreakpoint(text));
    }
    const std::string from = !expected.from.empty() ? expected.from : expected.isBack ? "@end" : "@start";
    LEFTFOLD_TRY(const capture::OrdinalCut base, cutAt(from));
    LEFTFOLD_TRY(const auto order, replay::PlayOrder::over(m_reader.catalog(), base));
    LEFTFOLD_TRY(const replay::Projection opened, projection(expected.projection, stop, progress));
    replay::RunOptions options;
    options.workers = m_workers;
    options.progress = progress;
    const auto direction = expected.isBack ? replay::Direction::Back : replay::Direction::Forward;
    LEFTFOLD_TRY(const replay::RunEnd end,
                 replay::run(m_reader, opened, order, order.home(), direction, breakpoints, options, stop));
    checked.unreadable = end.unreadable;
    expected.finds = std::string(kNoPosition);
    if (end.hits.empty()) return {};
    LEFTFOLD_TRY(expected.finds, positionOf(end.hits.front().event));
    return {};
}

Result<void> WorkspaceReplay::find(ExpectedTurns& expected, CheckedExpectation& /*checked*/,
                                   const std::stop_token& stop, const snapshot::Progress& progress)
{
    LEFTFOLD_TRY(const capture::OrdinalCut cut, cutAt(expected.at));
    LEFTFOLD_TRY(const replay::Projection opened, projection(expected.projection, stop, progress));
    LEFTFOLD_TRY(const auto flips, replay::flipsWhere(m_reader, opened, expected.aggregate, expected.where, cut, stop));
    if (!flips) return base::fail(ErrorCode::NoSuchAggregate, expected.aggregate, toText(opened.index->by()));
    expected.turns.emplace();
    for (const replay::Flip& flip : *flips) {
        LEFTFOLD_TRY(expected.turns->emplace_back(), positionOf(flip.event));
    }
    return {};
}

Result<void> WorkspaceReplay::find(ExpectedParting& expected, CheckedExpectation& checked, const std::stop_token& stop,
                                   const snapshot::Progress& progress)
{
    LEFTFOLD_TRY(const capture::OrdinalCut cut, cutAt(expected.at));
    LEFTFOLD_TRY(const replay::Projection a, projection(expected.a, stop, progress));
    LEFTFOLD_TRY(const replay::Projection b, projection(expected.b, stop, progress));
    LEFTFOLD_TRY(const auto partings, replay::findPartings(m_reader, a, b, cut, m_workers, stop, progress));
    checked.unreadable = partings.unreadable;
    ExpectedParting::Found found{std::string(kNoPosition), partings.parted.size()};
    if (!partings.parted.empty()) {
        LEFTFOLD_TRY(found.first, positionOf(partings.parted.front().event));
    }
    expected.parts = std::move(found);
    return {};
}

} // namespace leftfold::workspace
