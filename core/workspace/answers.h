// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time_range.h"
#include "core/decode/preview.h"
#include "core/decode/schema_versions.h"
#include "core/event/condition.h"
#include "core/event/filter.h"
#include "core/event/when.h"
#include "core/replay/blame.h"
#include "core/replay/density.h"
#include "core/replay/steps.h"
#include "core/replay/summary.h"
#include "core/replay/transactions.h"
#include "core/snapshot/export.h"
#include "core/snapshot/moment_diff.h"
#include "core/snapshot/verify.h"
#include "core/source/kafka_address.h"
#include "core/workspace/projections.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What the workspace asks of the runner's workers about an open log, and what comes back: values all of them. A question
/// names its answer (`Answer`); a newer question of one type supersedes an older one unless `kQueues`.
namespace leftfold::workspace {

/// A place in a play order (replay/playhead.h): what stepping starts from.
struct Place {
    capture::OrdinalCut base;
    std::uint64_t at = 0; ///< events of the play order behind
    friend bool operator==(const Place&, const Place&) = default;
};

/// An event, as far as lists tell.
struct EventAt {
    event::EventIndex index;
    event::Position position;
    capture::Location location;
    base::Time time; ///< effective; kBeginningOfTime where there is none
    std::string type;
    std::optional<std::string> id; ///< of its aggregate (the first) in the projection that is shown
    friend bool operator==(const EventAt&, const EventAt&) = default;
};

/// Where somebody stands, with all that is said of it.
struct Moment {
    Place place;
    capture::OrdinalCut cut; ///< what lies behind
    event::When when; ///< a text of it leads back here
    std::uint64_t eventsBehind = 0;
    bool isPrefix = true; ///< of the replay order: then exactly the events #0 to #eventsBehind-1 lie behind
    std::optional<EventAt> last; ///< the event just behind; none at the start. Damaged ones have no type
    std::optional<EventAt> next; ///< the one just ahead; none at the end
    bool hasIds = false; ///< an index was at hand, so an event without an id belongs to no aggregate
    friend bool operator==(const Moment&, const Moment&) = default;
};

/// What is known of an open log at a glance.
struct LogFacts {
    std::vector<std::string> log; ///< as it was opened
    std::string capturePath;
    bool isSource = false; ///< not a capture itself
    bool isComplete = true; ///< false: the last load was interrupted, its order is provisional
    std::uint64_t events = 0;
    replay::LogSummary summary;
    decode::Mapping mapping;
    std::string formats; ///< how its files are written, for people; empty: lines of JSON
    std::optional<source::Isolation> isolation; ///< of a log of Kafka
    std::vector<base::Error> damage; ///< of the capture itself
    capture::OrdinalCut end;
    std::uint64_t generation = 0; ///< grows each time more has arrived
};

/// One line of the list of events.
struct EventRow {
    EventAt event;
    std::uint64_t place = 0; ///< in the play order: with more than that behind, the playhead is past it
    bool isDamaged = false; ///< cannot be read: only its place is known
    bool isUndecodable = false; ///< its value is no JSON document
    bool isTombstone = false;
    std::uint64_t bytes = 0; ///< of the value
    std::string key; ///< the record's own, else the aggregate's id
    std::string summary; ///< the beginning of the value, in one line of text
    std::vector<std::optional<std::string>> columns; ///< what stands at the paths asked for, as JSON, shortened
};
struct Rows {
    std::uint64_t first = 0; ///< place in the list: of the replay order, or of the matches
    std::vector<EventRow> rows;
};
/// Rows [first, first + count) of the replay order, or of the matches; beyond the end there are none.
struct AskRows {
    using Answer = Rows;
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::shared_ptr<const std::vector<std::uint32_t>> matches{}; ///< null: all events
    std::vector<event::Pointer> columns{};
    std::shared_ptr<const capture::KeyIndex> keys{}; ///< for ids; may be null
    std::optional<capture::OrdinalCut> base{}; ///< of the play order, where that is not the replay order
};

/// Which events are listed: all that is set must hold.
struct EventChoice {
    event::EventFilter filter;
    std::vector<event::Partition> partitions; ///< one of these; empty: any
    std::optional<base::TimeRange> time; ///< by effective time
    friend bool operator==(const EventChoice&, const EventChoice&) = default;
};
/// What a scan has found so far; told several times, each time more.
struct Matches {
    std::shared_ptr<const std::vector<std::uint32_t>> events; ///< event indexes, ascending
    std::uint64_t scanned = 0;
    std::uint64_t toScan = 0;
    std::uint64_t damaged = 0; ///< could not be looked at
    bool isDone = false;
};
struct AskMatches {
    using Answer = Matches;
    EventChoice choice;
    std::shared_ptr<const capture::KeyIndex> keys{};
};

/// A moment as it is named, or a place that was known already.
using Target = std::variant<event::When, Place>;
/// Where that is. Fails as Reader::resolve does.
struct AskPlayhead {
    using Answer = Moment;
    Target target;
    std::shared_ptr<const capture::KeyIndex> keys{};
};
enum class Mark : std::uint8_t { A, B };
struct MarkMoment {
    Mark mark = Mark::A;
    Moment moment;
};
struct AskMark {
    using Answer = MarkMoment;
    static constexpr bool kQueues = true;
    Mark mark = Mark::A;
    Target target;
};

struct BookmarkMoment {
    std::string name;
    std::string at; ///< as it was asked
    std::optional<Moment> moment; ///< none: the log has no such place
    std::optional<base::Error> error; ///< then why
};
struct AskBookmark {
    using Answer = BookmarkMoment;
    static constexpr bool kQueues = true;
    std::string name;
    std::string at; ///< a WHEN
};

/// What a step stops at: see replay::StepKind.
struct StepAny {
    friend bool operator==(StepAny, StepAny) = default;
};
struct StepAggregate {
    std::string id;
    friend bool operator==(const StepAggregate&, const StepAggregate&) = default;
};
struct StepType {
    std::string type;
    friend bool operator==(const StepType&, const StepType&) = default;
};
struct StepTransaction {
    friend bool operator==(StepTransaction, StepTransaction) = default;
};
struct StepField {
    std::string id;
    event::Pointer field; ///< events that change what stands there
    friend bool operator==(const StepField&, const StepField&) = default;
};
using StepTarget = std::variant<StepAny, StepAggregate, StepType, StepTransaction, StepField>;
struct Stepped {
    std::optional<Moment> moment; ///< none: there is no such event further on
    replay::Direction direction = replay::Direction::Forward;
    std::uint64_t unreadable = 0; ///< events passed over that may have been of the type
};
struct AskStep {
    using Answer = Stepped;
    Place from;
    StepTarget target;
    replay::Direction direction = replay::Direction::Forward;
    replay::Projection projection{}; ///< needed by StepAggregate and StepField
    std::shared_ptr<const capture::KeyIndex> keys{};
};

/// One event, whole.
struct HeaderText {
    std::string name;
    std::optional<std::string> value; ///< none: null
};
struct WholeEvent {
    EventRow row;
    std::optional<base::Time> ownTime; ///< by the mapping; the effective one may be later
    std::optional<base::Time> timestamp; ///< the log's own
    std::optional<std::string> value; ///< as it is seen: decoded; none: a tombstone
    std::optional<std::string> key;
    std::optional<decode::PayloadNote>
        valuePayload; ///< how the value was decoded, or why not; none: it stands as it is
    std::optional<decode::PayloadNote> keyPayload;
    std::optional<std::string> rawValue; ///< as the log holds it, where either was decoded
    std::optional<std::string> rawKey;
    std::vector<HeaderText> headers; ///< as they are seen: decoded
    std::vector<decode::HeaderNote> headerPayloads; ///< of those that do not stand as they are
    std::uint64_t line = 0; ///< in its file; 0: none
    std::optional<event::Document> document;
    std::optional<base::Error> undecodable; ///< why there is none
};
struct AskEvent {
    using Answer = WholeEvent;
    event::EventIndex index;
    std::shared_ptr<const capture::KeyIndex> keys{};
};

/// One aggregate at the playhead.
struct AggregateView {
    std::string id;
    bool isInLog = true; ///< false: no event belongs to it
    std::uint64_t events = 0; ///< of its own, up to the playhead
    std::uint64_t eventsInLog = 0;
    std::optional<EventAt> lastEvent; ///< of those up to the playhead
    replay::Blame blame; ///< the state, and who wrote what; without a document it does not exist here
    std::vector<EventAt> writers; ///< the events that the blame names, by index
    bool isOfPlayhead = false; ///< the event just behind the playhead is its own: then
    std::optional<event::Document> before; ///< the state before that event; none: it did not exist
    std::optional<EventAt> undone; ///< an event of its own that was just taken back: then
    std::optional<event::Document> after; ///< the state behind that event; none: it does not exist there
    std::size_t stateBytes = 0; ///< as JSON
    std::string fingerprint; ///< of the projection
};
struct AskAggregate {
    using Answer = AggregateView;
    replay::Projection projection;
    std::string id;
    capture::OrdinalCut cut;
    std::optional<event::EventIndex> playheadEvent{};
    std::optional<event::EventIndex> undone{}; ///< the event just ahead, where the last move took it back
};

/// The events of one aggregate, for dots on the time axis.
struct History {
    std::string id;
    std::vector<EventAt> events; ///< in replay order; of very many an even choice, with the first and the last
    std::uint64_t total = 0;
};
struct AskHistory {
    using Answer = History;
    replay::Projection projection;
    std::string id;
};

/// Ids that hold a text, those that begin with it first.
struct Ids {
    std::string text;
    std::vector<std::string> ids;
    std::uint64_t total = 0; ///< that hold it
};
struct AskIds {
    using Answer = Ids;
    std::shared_ptr<const capture::KeyIndex> keys;
    std::string text;
    std::size_t limit = 50;
};

/// How all aggregates are listed.
struct SnapshotChoice {
    std::vector<event::Pointer> columns{};
    std::string filter{}; ///< a condition on the state, else a part of the id; empty: all
    enum class By : std::uint8_t { Id, Events, LastEvent, Column };
    By sortedBy = By::Id;
    event::Pointer sortColumn{}; ///< for Column
    bool isDescending = false;
    friend bool operator==(const SnapshotChoice&, const SnapshotChoice&) = default;
};
/// All aggregates at a moment, as a table.
struct SnapshotRow {
    std::string id;
    std::uint64_t events = 0; ///< of its own, at the moment
    std::optional<event::EventIndex> lastEvent;
    std::vector<std::optional<std::string>> cells; ///< one a column, as JSON, shortened
};
struct SnapshotTable {
    SnapshotChoice choice;
    std::vector<SnapshotRow> rows; ///< the first of all, in the order asked for
    std::uint64_t total = 0; ///< aggregates that exist
    std::uint64_t matched = 0; ///< that the filter lets through
    std::uint64_t damagedEvents = 0;
    std::vector<event::Pointer> knownPaths; ///< of scalars in the first states, most frequent first
};
struct AskSnapshot {
    using Answer = SnapshotTable;
    replay::Projection projection;
    capture::OrdinalCut cut;
    SnapshotChoice choice{};
    std::size_t limit = 100'000;
};

/// What differs between the marks.
struct DiffRow {
    enum class Kind : std::uint8_t { Created, Changed, Deleted };
    std::string id;
    Kind kind = Kind::Changed;
    std::uint64_t changes = 0; ///< Changed: how many
    std::string summary; ///< the paths that changed, or the beginning of the state
};
/// Told several times, each time more.
struct DiffTable {
    std::shared_ptr<const std::vector<DiffRow>> rows; ///< by id; the first of all
    snapshot::DiffSummary summary; ///< of the rows so far, at the end of all
};
struct AskDiff {
    using Answer = DiffTable;
    replay::Projection projection;
    capture::OrdinalCut a;
    capture::OrdinalCut b;
    std::size_t limit = 100'000;
};
/// One aggregate at both marks.
struct DiffPair {
    snapshot::AggregateDiff diff; ///< without changes where it is equal
    /// For each change, in their order, the events between the marks that wrote there.
    std::vector<std::vector<EventAt>> causes;
};
struct AskPair {
    using Answer = DiffPair;
    replay::Projection projection;
    capture::OrdinalCut a;
    capture::OrdinalCut b;
    std::string id;
};

struct ProblemRow {
    event::Position position;
    bool isDamage = false; ///< of the capture, or a record that cannot be read
    std::optional<event::EventIndex> event;
    std::string id; ///< of the aggregate, where it is one of its own
    base::Error error;
};
struct ProblemTable {
    std::vector<ProblemRow> rows; ///< the first of all
    std::uint64_t total = 0;
};
struct AskProblems {
    using Answer = ProblemTable;
    std::shared_ptr<const capture::KeyIndex> keys{}; ///< for events of no aggregate; may be null
    replay::Projection projection{}; ///< with a fold that finds: what it finds too
    std::size_t limit = 10'000;
};

/// An export, checked against the log when it is written.
struct Exported {
    std::string path;
    snapshot::Manifest manifest;
    snapshot::VerifyReport report;
};
struct AskExport {
    using Answer = Exported;
    replay::Projection projection;
    capture::OrdinalCut cut;
    std::string path;
    snapshot::ExportFormat format = snapshot::ExportFormat::JsonLines;
    bool replace = false;
    std::string at; ///< how the moment was asked for
    std::vector<std::string> types{}; ///< of the projection's choice
    std::string logPath{};
};

/// Events as text, to be pasted elsewhere: a line each.
enum class EventForm : std::uint8_t { Json, Kcat, Csv };
struct CopiedEvents {
    std::string text;
    std::uint64_t leftOut = 0; ///< Kcat: bytes that are no UTF-8 cannot be said there
};
struct AskCopy {
    using Answer = CopiedEvents;
    EventForm form = EventForm::Json;
    std::vector<event::EventIndex> events;
    std::shared_ptr<const capture::KeyIndex> keys{};
};

/// The events on the time axis. AskDetail is the same for a part of it.
struct AskDensity {
    using Answer = replay::Density;
    replay::DensityOptions options;
};
struct AskDetail {
    using Answer = replay::Density;
    replay::DensityOptions options;
};

/// Where views stand, on the time axis of the log.
struct ViewPlace {
    std::string view;
    std::optional<base::Time> from; ///< of the first event that it has not read; none: it has read all there are
    base::Time end; ///< of the last event it may read; kBeginningOfTime: there is none
    std::uint64_t unread = 0; ///< events of the log
    friend bool operator==(const ViewPlace&, const ViewPlace&) = default;
};
struct Lanes {
    std::vector<ViewPlace> places; ///< as they were asked for
};
/// Partitions that a view has nothing to do with do not count.
struct AskLanes {
    using Answer = Lanes;
    std::vector<std::pair<std::string, event::Cut>> views; ///< what each has committed
};

/// How an event's key or value could be read: what every decoder makes of it.
struct Trials {
    event::EventIndex index;
    decode::RecordPart part = decode::RecordPart::Value;
    std::string topic;
    std::vector<decode::DecoderTrial> trials; ///< empty: there is no such part, it is null
    std::vector<decode::Schema> schemas; ///< of the file that was given
};
struct AskTrials {
    using Answer = Trials;
    event::EventIndex index;
    decode::RecordPart part = decode::RecordPart::Value;
    std::string
        schemaFile; ///< also by the schemas of this file (.avsc, .proto, .json, a descriptor set); empty: those of the capture alone
};

/// A schema of the capture, and what changed in it since the version before.
struct SchemaVersion {
    std::shared_ptr<const decode::Schema> schema;
    std::shared_ptr<const decode::Schema> before; ///< null: the capture has none
    std::vector<decode::SchemaChange> changes;
    std::optional<base::Error> error; ///< why the two could not be compared
};
struct SchemaList {
    std::vector<SchemaVersion> schemas; ///< in the order in which they came
    std::map<std::string, base::Error> missing; ///< why others that events name are not there
};
struct AskSchemas {
    using Answer = SchemaList;
};

/// The transactions of Kafka's producers that the log told; none for other logs.
struct AskTransactions {
    using Answer = std::vector<replay::TransactionSpan>;
};

/// A projection, with its index built where need be.
struct OpenedProjection {
    ProjectionChoice choice;
    replay::Projection projection;
};
struct AskProjection {
    using Answer = OpenedProjection;
    static constexpr bool kQueues = true;
    ProjectionChoice choice;
};

} // namespace leftfold::workspace
