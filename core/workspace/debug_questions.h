// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/parting.h"
#include "core/replay/plot.h"
#include "core/replay/run.h"
#include "core/workspace/answers.h"

#include <map>

/// What the debugger asks of an open log: runs to breakpoints, scripts, plots.
namespace leftfold::workspace {

/// A breakpoint as a person has listed it.
struct ListedBreakpoint {
    std::uint64_t number = 0; ///< names it while the log is open: no other one has it, nor gets it
    replay::Breakpoint breakpoint; ///< its `text` is what was typed
    bool isOn = true;
    std::uint64_t hits = 0; ///< how often it stopped a run, or told of an event
};

/// An event at which a breakpoint held.
struct RunHit {
    EventAt event;
    std::uint64_t breakpoint = 0; ///< its number
    std::string text; ///< of the breakpoint, as it was
    std::string aggregate; ///< of which it held; empty: of the event alone
    std::string said; ///< see replay::Hit
};

/// How a run ended, or how far it is: told several times while log points tell something.
struct Ran {
    replay::Direction direction = replay::Direction::Forward;
    std::optional<Moment> moment; ///< where one stands, see replay::RunEnd; none: no breakpoint held, or it still runs
    std::vector<RunHit> hits; ///< that stopped it: of one event
    std::shared_ptr<const std::vector<RunHit>> told; ///< of log points, the first of all; may be null
    std::map<std::uint64_t, std::uint64_t> toldBy; ///< how often each log point told something
    std::uint64_t looked = 0;
    std::uint64_t unreadable = 0; ///< it may have passed over something there
};
struct AskRun {
    using Answer = Ran;
    Place from;
    replay::Direction direction = replay::Direction::Forward;
    replay::Projection projection{}; ///< needed by breakpoints that look at aggregates
    std::vector<ListedBreakpoint> breakpoints{};
    std::shared_ptr<const capture::KeyIndex> keys{};
    std::size_t limit = 10'000; ///< so many of what log points tell are kept
};

/// What a text says as a breakpoint. That it is none is an answer too.
struct BreakpointRead {
    std::string text;
    std::optional<replay::Breakpoint> breakpoint;
    std::optional<base::Error> error; ///< why there is none
};
struct AskBreakpoint {
    using Answer = BreakpointRead;
    static constexpr bool kQueues = true; ///< one that is to be listed must not be lost
    std::string text;
};

/// What a script did when all was told to it once, as its server would (replay/script_project.h).
struct ScriptNote {
    std::optional<EventAt> event; ///< none: while it was loaded
    std::string text; ///< what it logged
    std::optional<base::Error> error; ///< or what was amiss
};
struct ScriptRun {
    std::string path;
    std::uint64_t events = 0; ///< that were told to it: the first of the log
    std::uint64_t partitions = 0;
    std::uint64_t emitted = 0; ///< and linked
    std::vector<ScriptNote> logs; ///< the first of all
    std::uint64_t logsTotal = 0;
    std::vector<ScriptNote> findings; ///< the first of all
    std::uint64_t findingsTotal = 0;
    std::optional<ScriptNote> failure; ///< why and where it stopped
};
struct AskScript {
    using Answer = ScriptRun;
    ProjectionChoice choice;
    replay::Projection projection; ///< the choice, opened
    std::uint64_t mostEvents = 500'000; ///< as all states are kept
    std::size_t limit = 1'000; ///< so many logs and findings are kept
};

/// Where two versions of a projection part, over all aggregates.
struct VersionsParted {
    std::uint64_t compared = 0; ///< aggregates
    std::uint64_t parted = 0;
    std::uint64_t unreadable = 0;
    std::optional<EventAt> event; ///< the first behind which they do; none: they do not part
    std::optional<replay::Parting> first; ///< what each makes of it
};
struct AskPartings {
    using Answer = VersionsParted;
    replay::Projection before;
    replay::Projection after;
    capture::OrdinalCut cut;
};

/// What is drawn along the time.
struct PlotChoice {
    std::string function; ///< in JavaScript: (state, event) => a number
    std::chrono::seconds width{0}; ///< of the buckets over all aggregates; 0: of the chosen aggregate, at each event
    friend bool operator==(const PlotChoice&, const PlotChoice&) = default;
};
struct Plotted {
    PlotChoice choice;
    std::string id; ///< of the aggregate
    bool isInLog = true; ///< false: no event belongs to it
    std::vector<replay::PlotPoint> points;
    replay::PlotBuckets all;
};
struct AskPlot {
    using Answer = Plotted;
    PlotChoice choice;
    replay::Projection projection;
    std::string id{};
    capture::OrdinalCut cut;
};

/// A function for a plot that gives what stands at a place of the state: "state => state?.stock".
[[nodiscard]] std::string fieldFunction(const event::Pointer& field);

/// Where in a script an error happened, where that is known.
struct ScriptPlace {
    std::string file; ///< relative to the script's folder
    int line = 0; ///< from 1
    int column = 0; ///< from 1; 0: not known
    friend bool operator==(const ScriptPlace&, const ScriptPlace&) = default;
};
[[nodiscard]] std::optional<ScriptPlace> scriptPlace(const base::Error& error);

} // namespace leftfold::workspace
