// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/answers.h"
#include "core/workspace/cluster_questions.h"
#include "core/workspace/debug_questions.h"
#include "core/workspace/loader.h"

#include <deque>
#include <set>
#include <tuple>

namespace leftfold::workspace {

/// How far something long is.
struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0; ///< 0: not known
    friend bool operator==(const Progress&, const Progress&) = default;
};

/// Tells one asking from another: answers to an older one are not taken.
using Ticket = std::uint64_t;

/// Something that is asked of the runner.
template <class Question>
struct Asked {
    Ticket ticket = 0; ///< of the newest question
    bool isWaiting = false; ///< for its answer, or for more of it
    Progress progress;
    /// The newest there is. While another one is waited for it stays, to be shown until then.
    std::shared_ptr<const typename Question::Answer> answer;
    std::optional<base::Error> error; ///< why the newest question has no answer
};

/// Every type of question, in one place: the runner has a worker for each.
template <template <class...> class List>
using ForEachQuestion =
    List<AskRows, AskMatches, AskPlayhead, AskMark, AskBookmark, AskStep, AskEvent, AskAggregate, AskHistory, AskIds,
         AskSnapshot, AskDiff, AskPair, AskProblems, AskExport, AskProjection, AskDensity, AskDetail, AskCopy, AskLanes,
         AskTransactions, AskTrials, AskSchemas, AskRun, AskBreakpoint, AskScript, AskPartings, AskPlot>;
template <class... Questions>
using AskedTuple = std::tuple<Asked<Questions>...>;
using AllAsked = ForEachQuestion<AskedTuple>;
inline constexpr std::size_t kQuestionTypes = std::tuple_size_v<AllAsked>;

/// A projection the user has chosen, open or on the way.
struct ShownProjection {
    ProjectionChoice choice;
    Ticket ticket = 0; ///< of its opening
    Progress progress;
    std::optional<replay::Projection> opened;
    std::optional<base::Error> error;
    std::optional<replay::Projection> replaced{}; ///< what was open until its script was saved
    std::optional<replay::Projection> before{}; ///< the version of its script before the one that is open
};

/// What a step stops at, as the user says it; what it means is found where it is taken.
enum class StepKind : std::uint8_t { AnyEvent, ThisAggregate, ThisType, ThisTransaction, WatchedField };
inline constexpr std::size_t kStepKinds = 5;

/// Panels whose content is dear: it is asked for while they are seen.
enum class Panel : std::uint8_t { Aggregates, Diff, Problems, Views, Plot };

/// A place with a name.
struct PlacedBookmark {
    std::string name; ///< no other has it
    std::string at; ///< a WHEN
    std::optional<Moment> moment{}; ///< none: not found so far, or the log has no such place
    bool wasTold = false; ///< that it has none
    friend bool operator==(const PlacedBookmark&, const PlacedBookmark&) = default;
};

/// Something to be told to the user, once: an error, or that there is nothing further on.
struct Notice {
    enum class Kind : std::uint8_t {
        Error,
        NoneFurther,
        NoneBefore,
        UnreadablePassed,
        NotChosen,
        Stopped,
        NoHitFurther,
        NoHitBefore,
        NoBookmarkFurther,
        NoBookmarkBefore,
        NoAggregates
    };
    Kind kind = Kind::Error;
    std::optional<base::Error> error{}; ///< for Error
    std::uint64_t count = 0; ///< for UnreadablePassed; for Stopped the index of the event
    std::string what{}; ///< for Stopped: the breakpoint
    StepKind step = StepKind::AnyEvent; ///< for NotChosen: what this kind of step needs is not chosen
    std::uint64_t number = 0; ///< from 1, of all there were: so the same notice twice is two
};

/// What stays of a log that is opened again to be read in another way.
struct Kept {
    std::optional<event::Position> at; ///< of the event behind the playhead
    std::vector<ProjectionChoice> projections;
    std::size_t shown = 0;
    std::optional<std::string> aggregate;
    std::optional<event::Pointer> watched{};
    std::optional<event::When> a{}; ///< where the marks are
    std::optional<event::When> b{};
    std::vector<PlacedBookmark> bookmarks{};
    std::set<std::string> views{};
    std::vector<ListedBreakpoint> breakpoints{};
    std::optional<PlotChoice> plot{};
};

struct Idle {};
/// A log on its way: nothing of it can be shown yet.
struct Loading {
    LoadOptions options;
    LoadProgress progress;
    bool isLive = false; ///< the playhead goes to the end, and stays there
    std::shared_ptr<const Kept> kept; ///< null: it is opened at its beginning
};
struct Failed {
    LoadOptions options;
    base::Error error;
};

/// An open log.
struct Open {
    LoadOptions options;
    std::shared_ptr<const LogFacts> facts;
    std::string mappingNote;
    bool isFollowing = false; ///< more is captured as its source grows
    std::optional<base::Error> followError; ///< why it is not any more
    std::string followNote; ///< what following waits for, for people: a broker that is away
    Ticket loadTicket = 0; ///< of its opening
    bool isFilling = false; ///< it is shown while it is captured: its order may change until all is there
    LoadProgress filling; ///< how far that is
    bool isLive = false; ///< the playhead stays at the end as the log grows

    std::vector<ShownProjection> projections; ///< never empty
    std::size_t shown = 0; ///< the one whose aggregates are shown

    std::optional<Moment> playhead; ///< none until the first answer
    std::optional<Moment> a;
    std::optional<Moment> b;
    std::vector<PlacedBookmark> bookmarks; ///< in the order in which they were set
    std::vector<Place> back; ///< places left, the last left last
    std::vector<Place> forward;
    StepKind stepKind = StepKind::AnyEvent;
    /// Steps that wait for the one on its way: at most a few, as keys repeat faster than some steps are.
    std::deque<std::pair<StepKind, replay::Direction>> steps;
    enum class Move : std::uint8_t { Jump, Step, Scrub };
    Move lastMove = Move::Jump; ///< steps in a row, and scrubs, are one place of the way back

    EventChoice choice; ///< which events are listed
    std::vector<event::Pointer> eventColumns;
    std::vector<std::string> types; ///< by rank when the log was opened, then by arrival: so colours stay
    std::optional<event::EventIndex> chosenEvent; ///< shown whole; none: the one behind the playhead
    std::optional<std::string> aggregate; ///< its id
    bool mayChooseAggregate = true; ///< until one was chosen, the playhead's is
    std::optional<event::Pointer> watched; ///< a field of it
    SnapshotChoice snapshot;
    std::optional<std::string> pair; ///< the aggregate whose states at both marks are shown
    std::set<Panel> seen;

    std::vector<ListedBreakpoint> breakpoints; ///< in the order in which they were listed
    std::uint64_t lastBreakpoint = 0; ///< the number given last
    /// Texts that are being read to be listed: by the ticket of their reading the number of the breakpoint that each replaces (0: none), and
    /// whether it is on.
    std::map<Ticket, std::pair<std::uint64_t, bool>> toList;
    bool hasMovedBack = false; ///< a step, or a run, back brought the playhead to where it is
    bool isJumping = false; ///< the playhead that is asked for is another one: it is not looked at anew where it is
    std::optional<std::string> script; ///< the path of the one that is worked on
    bool scriptIsToRun = false; ///< it was saved; a log that grows does not run it again
    std::optional<PlotChoice> plot;
    bool mayLeaveAggregate =
        false; ///< it was chosen in another projection: if this one has none such, it is the playhead's
    std::set<std::string> addedViews; ///< sampled, and with a lane of their own
    Asked<AskViews> views; ///< as long as they are looked at it waits for more

    AllAsked asked;

    [[nodiscard]] const ShownProjection& projection() const { return projections[shown]; }
    /// Of the projection that is shown; null while it is not open.
    [[nodiscard]] std::shared_ptr<const capture::KeyIndex> keys() const
    {
        return projection().opened ? projection().opened->index : nullptr;
    }
    [[nodiscard]] bool playsInReplayOrder() const { return !playhead || playhead->isPrefix; }
    [[nodiscard]] bool isFiltered() const { return choice != EventChoice{}; }
    [[nodiscard]] std::uint64_t listedEvents() const;
    /// Continuing runs to breakpoints.
    [[nodiscard]] bool hasBreakpoints() const;
    /// The run that stopped where the playhead is; null: it has moved since.
    [[nodiscard]] const Ran* stoppedRun() const;
    /// The script that is worked on, among the projections; null: there is none.
    [[nodiscard]] const ShownProjection* scriptProjection() const;
    /// The brokers, or the profile, that the log is of; none: it is none of Kafka's.
    [[nodiscard]] std::optional<std::string> cluster() const;
    /// Where a view stands, as far as this log goes; empty: it has nothing to do with it.
    [[nodiscard]] event::Cut cutOf(const ViewFacts& view) const;
    template <class Question>
    [[nodiscard]] const Asked<Question>& of() const
    {
        return std::get<Asked<Question>>(asked);
    }
    template <class Question>
    [[nodiscard]] Asked<Question>& of()
    {
        return std::get<Asked<Question>>(asked);
    }
};

/// What is known of clusters, while one is chosen.
struct Clusters {
    Asked<AskProfiles> profiles;
    Asked<AskConnection> connection;
    Asked<AskTopics> topics;
    Asked<AskPreview> preview;
};

/// All that the window shows, as a value: copies share what is large.
struct WorkspaceState {
    std::variant<Idle, Loading, Open, Failed> log;
    Clusters clusters;
    Ticket lastTicket = 0;
    std::optional<Notice> notice;
    std::uint64_t notices = 0; ///< how many there were

    [[nodiscard]] const Open* open() const { return std::get_if<Open>(&log); }
    [[nodiscard]] Open* open() { return std::get_if<Open>(&log); }
};

} // namespace leftfold::workspace
