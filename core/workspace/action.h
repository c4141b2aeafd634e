// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/state.h"

namespace leftfold::workspace {

// What the user does.

struct OpenLog {
    LoadOptions options;
    bool isLive = false; ///< the playhead goes to the end, and stays there
};
struct CloseLog {};
/// Reads the payloads of the open log in another way: its capture is decoded anew, nothing is captured again.
struct DecodeLog {
    std::vector<decode::DecodeRule> rules; ///< win over those the capture remembers
    std::vector<decode::Schema> schemas; ///< of the files that the rules name
};
/// Masks what is shown, copied and exported of the open log; null: nothing.
struct MaskLog {
    std::shared_ptr<const snapshot::Masks> masks;
};
/// What every decoder makes of an event.
struct TryDecoders {
    AskTrials question;
};
struct ListSchemas {};
/// Stops whatever is on its way and takes long: a load, a scan, a fold, an export.
struct CancelWork {};

/// Moves the playhead. A scrub is one of many moves in a row, which are one place of the way back together.
struct GoTo {
    Target target;
    bool isScrub = false;
};
/// What was typed: a WHEN, else a notice.
struct GoToText {
    std::string text;
};
/// To the next breakpoint that holds, where any is on; else to the next event of the list when it is filtered, else to the end;
/// backwards likewise.
struct Continue {
    replay::Direction direction = replay::Direction::Forward;
};
/// One step; without a kind that of `ChooseStepKind`.
struct Step {
    replay::Direction direction = replay::Direction::Forward;
    std::optional<StepKind> kind{};
};
struct ChooseStepKind {
    StepKind kind = StepKind::AnyEvent;
};
/// Back and forward through the places visited, as in a browser.
struct GoBack {};
struct GoForward {};

// The debugger.

/// What a text says as a breakpoint; it is not listed.
struct CheckBreakpoint {
    std::string text;
};
/// Lists a breakpoint, or puts it in the place of another, once its text is read; else a notice.
struct ListBreakpoint {
    std::string text;
    std::uint64_t replaces = 0; ///< the number of that one; 0: none
    bool isOn = true;
};
struct SwitchBreakpoint {
    std::uint64_t number = 0;
    bool isOn = true;
};
struct RemoveBreakpoint {
    std::uint64_t number = 0; ///< 0: all of them
};
/// A script was saved: it is read anew, shown as the projection, and all events are told to it once.
struct RunScript {
    std::string path;
};
/// The script that was run last against its version before.
struct CompareVersions {};
struct DrawPlot {
    std::optional<PlotChoice> choice; ///< none: nothing is drawn any more
};

struct SetMark {
    Mark mark = Mark::A;
    std::optional<Target> target{}; ///< none: where the playhead is
};
struct ClearMark {
    Mark mark = Mark::A;
};

/// One of the same name goes to the new place.
struct SetBookmark {
    std::string name;
    std::string at{}; ///< a WHEN; empty: where the playhead is
};
struct RemoveBookmark {
    std::string name;
};
/// To the next bookmark of the log, or the last one before.
struct GoToBookmark {
    replay::Direction direction = replay::Direction::Forward;
};

/// One at least.
struct ChooseProjections {
    std::vector<ProjectionChoice> choices;
};
struct ShowProjection {
    std::size_t number = 0;
};
struct ChooseAggregate {
    std::optional<std::string> id;
};
struct WatchField {
    std::optional<event::Pointer> field;
};
struct SearchIds {
    std::string text;
};

struct ListEvents {
    EventChoice choice;
};
struct WantRows {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
};
struct ChooseEventColumns {
    std::vector<event::Pointer> columns;
};
/// Shows an event whole without going there; none: the one behind the playhead again.
struct ChooseEvent {
    std::optional<event::EventIndex> event;
};
struct CopyEvents {
    EventForm form = EventForm::Json;
    std::vector<event::EventIndex> events;
};
struct ListSnapshot {
    SnapshotChoice choice;
};
struct ChoosePair {
    std::optional<std::string> id;
};
/// A panel is seen now, or is not any more.
struct SeePanel {
    Panel panel = Panel::Aggregates;
    bool isSeen = true;
};
/// A part of the time axis is wanted exactly.
struct WantDetail {
    base::TimeRange range;
};
struct ExportStates {
    std::string path;
    snapshot::ExportFormat format = snapshot::ExportFormat::JsonLines;
    bool replace = false;
};

/// The playhead stays at the end as the log grows, until it is moved.
struct FollowLive {
    bool isOn = true;
};

// Clusters.

struct ChangeProfiles {
    ProfileChange change{}; ///< none: which there are
};
struct TestConnection {
    source::KafkaProfile profile;
    std::map<std::string, std::string> secrets;
};
struct ListTopics {
    std::string cluster;
    bool withInternal = false;
};
struct PreviewTopic {
    std::string cluster;
    std::string topic;
    source::Isolation isolation = source::Isolation::Committed;
    std::shared_ptr<const snapshot::Masks> masks{}; ///< of what the records are shown without; null: none
};
/// Nothing is asked of clusters any more, and nothing is known.
struct LeaveClusters {};

/// Which views of the log's cluster are sampled, and have a lane.
struct AddViews {
    std::set<std::string> views;
};
/// At once, without waiting for the next time.
struct LookAtViews {};
/// Where a view stands, by what it has committed.
struct GoToView {
    std::string view;
};

// What the runner reports.

struct LoadProgressed {
    Ticket ticket = 0;
    LoadProgress progress;
};
struct LoadFailed {
    Ticket ticket = 0;
    base::Error error;
};
/// A log was opened; or more of an open one has arrived (then `facts->generation` is not 1).
struct LogRead {
    Ticket ticket = 0;
    std::shared_ptr<const LogFacts> facts;
    std::string mappingNote;
    bool isFollowing = false;
    bool isFilling = false; ///< more of the same load is on its way
};
/// What following waits for now; empty: nothing any more.
struct FollowingWaits {
    Ticket ticket = 0;
    std::string note;
};
struct FollowingEnded {
    Ticket ticket = 0;
    base::Error error;
};
template <class Question>
struct Answered {
    Ticket ticket = 0;
    base::Result<std::shared_ptr<const typename Question::Answer>> answer;
    bool isLast = true; ///< false: there will be more of it
};
/// Of the question with this ticket.
struct Progressed {
    Ticket ticket = 0;
    std::size_t question = 0; ///< its type: place in AllAsked
    Progress progress;
};

template <class... Questions>
using ActionVariant =
    std::variant<OpenLog, CloseLog, DecodeLog, MaskLog, TryDecoders, ListSchemas, CancelWork, GoTo, GoToText, Continue,
                 Step, ChooseStepKind, GoBack, GoForward, CheckBreakpoint, ListBreakpoint, SwitchBreakpoint,
                 RemoveBreakpoint, RunScript, CompareVersions, DrawPlot, SetMark, ClearMark, SetBookmark,
                 RemoveBookmark, GoToBookmark, ChooseProjections, ShowProjection, ChooseAggregate, WatchField,
                 SearchIds, ListEvents, WantRows, ChooseEventColumns, ChooseEvent, CopyEvents, ListSnapshot, ChoosePair,
                 SeePanel, WantDetail, ExportStates, FollowLive, ChangeProfiles, TestConnection, ListTopics,
                 PreviewTopic, LeaveClusters, AddViews, LookAtViews, GoToView, LoadProgressed, LoadFailed, LogRead,
                 FollowingWaits, FollowingEnded, Progressed, Answered<AskProfiles>, Answered<AskConnection>,
                 Answered<AskTopics>, Answered<AskPreview>, Answered<AskViews>, Answered<Questions>...>;
using Action = ForEachQuestion<ActionVariant>;

// What the runner is to do.

struct LoadLog {
    Ticket ticket = 0;
    LoadOptions options;
};
/// Questions are about the log as it was read in this generation from now on.
struct UseLog {
    std::uint64_t generation = 0;
};
/// Ends a load that is on its way; what was captured stays, and is shown.
struct StopLoading {};
/// Ends all work on the open log and lets it go.
struct LetGo {};
/// Ends looking at views.
struct StopViews {};
/// Ends all other work on clusters.
struct StopClusters {};
template <class Question>
struct Ask {
    Ticket ticket = 0;
    Question question;
};
/// Ends the work on questions of a type; they are answered with Cancelled.
struct StopAsking {
    std::size_t question = 0;
};

template <class... Questions>
using EffectVariant =
    std::variant<LoadLog, UseLog, StopLoading, LetGo, StopViews, StopClusters, StopAsking, Ask<AskProfiles>,
                 Ask<AskConnection>, Ask<AskTopics>, Ask<AskPreview>, Ask<AskViews>, Ask<Questions>...>;
using Effect = ForEachQuestion<EffectVariant>;

} // namespace leftfold::workspace
