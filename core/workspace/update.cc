// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/update.h"

#include "core/workspace/asked.h"
#include "core/workspace/cluster_update.h"

#include <algorithm>

namespace leftfold::workspace {

using event::When;
using replay::Direction;

std::uint64_t Open::listedEvents() const
{
    if (!isFiltered()) return facts->events;
    const auto& matches = of<AskMatches>().answer;
    return matches ? matches->events->size() : 0;
}

bool Open::hasBreakpoints() const
{
    return std::ranges::any_of(breakpoints, &ListedBreakpoint::isOn);
}

const Ran* Open::stoppedRun() const
{
    const auto& run = of<AskRun>();
    const bool hasStopped = !run.isWaiting && !run.error && run.answer && run.answer->moment;
    return hasStopped && playhead && playhead->cut == run.answer->moment->cut ? run.answer.get() : nullptr;
}

const ShownProjection* Open::scriptProjection() const
{
    if (!script) return nullptr;
    const auto found = std::ranges::find(
        projections, *script, [](const ShownProjection& each) -> const std::string& { return each.choice.fold; });
    return found == projections.end() ? nullptr : &*found;
}

namespace {

constexpr std::size_t kMostPlaces = 200;
constexpr std::size_t kMostWaitingSteps = 8;

template <class Question, class... Questions>
consteval std::size_t placeAmong(const AskedTuple<Questions...>*)
{
    std::size_t place = 0;
    bool found = false;
    ((found = found || std::is_same_v<Question, Questions>, place += found ? 0 : 1), ...);
    return place;
}
/// The place of a type of question in AllAsked.
template <class Question>
inline constexpr std::size_t kPlaceOf = placeAmong<Question>(static_cast<const AllAsked*>(nullptr));

/// One action at work on a state.
class Update {
public:
    explicit Update(WorkspaceState state) : m_state(std::move(state)) {}

    Updated finish() { return {std::move(m_state), std::move(m_effects)}; }

    // Logs

    void operator()(const OpenLog& action)
    {
        letGo();
        m_state.log = Loading{action.options, {}, action.isLive, nullptr};
        m_effects.emplace_back(LoadLog{++m_state.lastTicket, action.options});
    }
    void operator()(const DecodeLog& action)
    {
        const Open* open = m_state.open();
        if (open == nullptr || open->isFilling) return;
        LoadOptions options = open->options;
        options.decoding.rules = action.rules;
        options.decoding.schemas = action.schemas;
        options.decoding.again = true;
        reopen(std::move(options), keptOf(*open));
    }
    void operator()(const MaskLog& action)
    {
        if (auto* loading = std::get_if<Loading>(&m_state.log)) {
            LoadOptions options = loading->options;
            options.masks = action.masks;
            const auto kept = loading->kept;
            (*this)(OpenLog{std::move(options), loading->isLive});
            std::get<Loading>(m_state.log).kept = kept;
            return;
        }
        const Open* open = m_state.open();
        if (open == nullptr) return;
        LoadOptions options = open->options;
        options.masks = action.masks;
        options.decoding.again = false;
        // The id that is shown may be another one now.
        Kept kept = keptOf(*open);
        kept.aggregate.reset();
        kept.watched.reset();
        reopen(std::move(options), std::move(kept));
    }
    void operator()(const TryDecoders& action)
    {
        if (auto* open = m_state.open()) ask(*open, action.question);
    }
    void operator()(const ListSchemas&)
    {
        if (auto* open = m_state.open()) ask(*open, AskSchemas{});
    }
    void operator()(const CloseLog&)
    {
        letGo();
        m_state.log = Idle{};
        ++m_state.lastTicket;
    }
    void operator()(const LoadProgressed& action)
    {
        auto* loading = std::get_if<Loading>(&m_state.log);
        if (loading != nullptr && action.ticket == m_state.lastTicket) loading->progress = action.progress;
        auto* open = m_state.open();
        if (open != nullptr && open->loadTicket == action.ticket) open->filling = action.progress;
    }
    void operator()(const LoadFailed& action)
    {
        auto* loading = std::get_if<Loading>(&m_state.log);
        if (loading == nullptr || action.ticket != m_state.lastTicket) return;
        if (action.error.code == base::ErrorCode::Cancelled) {
            m_state.log = Idle{};
        } else {
            m_state.log = Failed{std::move(loading->options), action.error};
        }
    }
    void operator()(const LogRead& action)
    {
        if (auto* loading = std::get_if<Loading>(&m_state.log)) {
            if (action.ticket == m_state.lastTicket) begin(std::move(*loading), action);
        } else if (auto* open = m_state.open(); open != nullptr && open->facts->generation < action.facts->generation) {
            grow(*open, action);
        }
    }
    void operator()(const FollowingWaits& action)
    {
        auto* open = m_state.open();
        if (open != nullptr && open->loadTicket == action.ticket) open->followNote = action.note;
    }
    void operator()(const FollowingEnded& action)
    {
        auto* open = m_state.open();
        if (open == nullptr || open->loadTicket != action.ticket) return;
        open->isFollowing = open->isFilling = false;
        open->followNote.clear();
        open->followError = action.error;
        notice(Notice::Kind::Error, action.error);
    }
    void operator()(const CancelWork&)
    {
        if (std::holds_alternative<Loading>(m_state.log)) return (*this)(CloseLog{});
        auto* open = m_state.open();
        if (open == nullptr) return;
        open->steps.clear();
        if (open->isFilling) m_effects.emplace_back(StopLoading{});
        for (const std::size_t question :
             {kPlaceOf<AskMatches>, kPlaceOf<AskStep>, kPlaceOf<AskSnapshot>, kPlaceOf<AskDiff>, kPlaceOf<AskPair>,
              kPlaceOf<AskProblems>, kPlaceOf<AskExport>, kPlaceOf<AskProjection>, kPlaceOf<AskAggregate>,
              kPlaceOf<AskRun>, kPlaceOf<AskScript>, kPlaceOf<AskPartings>, kPlaceOf<AskPlot>})
            m_effects.emplace_back(StopAsking{question});
    }

    // The playhead

    void operator()(const GoTo& action)
    {
        auto* open = m_state.open();
        if (open == nullptr) return;
        if (!action.isScrub || open->lastMove != Open::Move::Scrub) leave(*open);
        open->lastMove = action.isScrub ? Open::Move::Scrub : Open::Move::Jump;
        open->steps.clear();
        open->isLive = false;
        move(*open, AskPlayhead{action.target, open->keys()}, true);
    }
    void operator()(const FollowLive& action)
    {
        auto* open = m_state.open();
        if (open == nullptr || open->isLive == action.isOn) return;
        if (action.isOn) (*this)(GoTo{When(event::AtEnd{})});
        open->isLive = action.isOn;
    }
    void operator()(const GoToView& action)
    {
        auto* open = m_state.open();
        if (open == nullptr || !open->views.answer) return;
        const auto view = std::ranges::find(open->views.answer->views, action.view, &ViewFacts::name);
        if (view == open->views.answer->views.end()) return;
        if (event::Cut cut = open->cutOf(*view); !cut.next.empty()) (*this)(GoTo{When(std::move(cut))});
    }
    void operator()(const GoToText& action)
    {
        const auto when = event::parseWhen(action.text);
        if (when) return (*this)(GoTo{*when});
        notice(Notice::Kind::Error, when.error());
    }
    void operator()(const Continue& action)
    {
        auto* open = m_state.open();
        if (open == nullptr || !open->playhead) return;
        if (open->hasBreakpoints()) return run(*open, action.direction);
        const bool forward = action.direction == Direction::Forward;
        const auto& matches = open->of<AskMatches>().answer;
        if (!open->isFiltered() || !matches || !open->playhead->isPrefix)
            return (*this)(GoTo{forward ? When(event::AtEnd{}) : When(event::AtStart{})});
        if (const auto next = matchBeside(*matches->events, *open->playhead, forward))
            return (*this)(GoTo{event::EventIndex{*next}});
        notice(forward ? Notice::Kind::NoneFurther : Notice::Kind::NoneBefore);
    }
    void operator()(const ChooseStepKind& action)
    {
        if (auto* open = m_state.open()) open->stepKind = action.kind;
    }
    void operator()(const Step& action)
    {
        auto* open = m_state.open();
        if (open == nullptr || !open->playhead) return;
        const StepKind kind = action.kind.value_or(open->stepKind);
        if (isMoving(*open)) {
            if (open->steps.size() < kMostWaitingSteps) open->steps.emplace_back(kind, action.direction);
            return;
        }
        step(*open, kind, action.direction);
    }
    void operator()(const GoBack&)
    {
        if (auto* open = m_state.open()) retrace(*open, open->back, open->forward);
    }
    void operator()(const GoForward&)
    {
        if (auto* open = m_state.open()) retrace(*open, open->forward, open->back);
    }

    // The debugger

    void operator()(const CheckBreakpoint& action)
    {
        if (auto* open = m_state.open()) ask(*open, AskBreakpoint{action.text});
    }
    void operator()(const ListBreakpoint& action)
    {
        if (auto* open = m_state.open())
            open->toList[ask(*open, AskBreakpoint{action.text})] = {action.replaces, action.isOn};
    }
    void operator()(const SwitchBreakpoint& action)
    {
        auto* open = m_state.open();
        ListedBreakpoint* listed = open != nullptr ? breakpointOf(*open, action.number) : nullptr;
        if (listed != nullptr) listed->isOn = action.isOn;
    }
    void operator()(const RemoveBreakpoint& action)
    {
        auto* open = m_state.open();
        if (open == nullptr) return;
        std::erase_if(open->breakpoints,
                      [&](const ListedBreakpoint& each) { return action.number == 0 || each.number == action.number; });
    }
    void operator()(const RunScript& action)
    {
        auto* open = m_state.open();
        if (open == nullptr) return;
        open->script = action.path;
        const auto ofScript = [&](const ShownProjection& each) { return each.choice.fold == action.path; };
        auto known = std::ranges::find_if(open->projections, ofScript);
        if (known == open->projections.end()) {
            ProjectionChoice choice;
            choice.fold = action.path;
            open->projections.push_back({std::move(choice), 0, {}, {}, {}});
            known = std::prev(open->projections.end());
        }
        if (known->opened) known->replaced = std::move(known->opened);
        known->opened.reset();
        open->shown = static_cast<std::size_t>(known - open->projections.begin());
        open->scriptIsToRun = true;
        forget<AskScript>(*open);
        forget<AskPartings>(*open);
        showOther(*open);
        openProjection(*open, open->shown);
    }
    void operator()(const CompareVersions&)
    {
        auto* open = m_state.open();
        const ShownProjection* script = open != nullptr ? open->scriptProjection() : nullptr;
        if (script == nullptr || !script->opened || !script->before) return;
        forget<AskPartings>(*open);
        ask(*open, AskPartings{*script->before, *script->opened, open->facts->end});
    }
    void operator()(const DrawPlot& action)
    {
        auto* open = m_state.open();
        if (open == nullptr) return;
        open->plot = action.choice;
        forget<AskPlot>(*open);
        askPlot(*open);
    }

    // Marks

    void operator()(const SetMark& action)
    {
        auto* open = m_state.open();
        if (open == nullptr) return;
        if (action.target) {
            ask(*open, AskMark{action.mark, *action.target});
            return;
        }
        if (!open->playhead) return;
        (action.mark == Mark::A ? open->a : open->b) = open->playhead;
        askDiff(*open);
    }
    void operator()(const ClearMark& action)
    {
        auto* open = m_state.open();
        if (open == nullptr) return;
        (action.mark == Mark::A ? open->a : open->b).reset();
        forget<AskDiff>(*open);
        forget<AskPair>(*open);
    }

    void operator()(const SetBookmark& action)
    {
        auto* open = m_state.open();
        if (open == nullptr || action.name.empty()) return;
        PlacedBookmark set{action.name, action.at, std::nullopt};
        if (action.at.empty()) {
            if (!open->playhead) return;
            set.moment = open->playhead;
            set.at = lastingText(*open->playhead);
        }
        if (const auto when = event::parseWhen(set.at); !when) return notice(Notice::Kind::Error, when.error());
        const auto known = std::ranges::find(open->bookmarks, action.name, &PlacedBookmark::name);
        const auto& placed =
            known != open->bookmarks.end() ? * known = std::move(set) : open->bookmarks.emplace_back(std::move(set));
        if (!placed.moment) ask(*open, AskBookmark{placed.name, placed.at});
    }
    void operator()(const RemoveBookmark& action)
    {
        auto* open = m_state.open();
        if (open != nullptr) std::erase_if(open->bookmarks, [&](const auto& each) { return each.name == action.name; });
    }
    void operator()(const GoToBookmark& action)
    {
        auto* open = m_state.open();
        if (open == nullptr || !open->playhead) return;
        const PlacedBookmark* nearest = nullptr;
        const auto placeOf = [](const PlacedBookmark& bookmark) { return bookmark.moment->eventsBehind; };
        const bool isForward = action.direction == replay::Direction::Forward;
        for (const PlacedBookmark& each : open->bookmarks) {
            if (!each.moment || placeOf(each) == open->playhead->eventsBehind) continue;
            if (isForward != (placeOf(each) > open->playhead->eventsBehind)) continue;
            if (nearest == nullptr || isForward == (placeOf(each) < placeOf(*nearest))) nearest = &each;
        }
        if (nearest == nullptr)
            return notice(isForward ? Notice::Kind::NoBookmarkFurther : Notice::Kind::NoBookmarkBefore);
        (*this)(GoTo{Target(nearest->moment->place)});
    }

    // Projections and aggregates

    void operator()(const ChooseProjections& action)
    {
        auto* open = m_state.open();
        if (open == nullptr || action.choices.empty()) return;
        const ProjectionChoice shown = open->projection().choice;
        std::vector<ShownProjection> before = std::move(open->projections);
        open->projections.clear();
        for (const ProjectionChoice& choice : action.choices) {
            const auto known = std::ranges::find(before, choice, &ShownProjection::choice);
            const bool isOpen = known != before.end() && known->opened;
            open->projections.push_back(isOpen ? *known : ShownProjection{choice, 0, {}, {}, {}});
            if (!isOpen) openProjection(*open, open->projections.size() - 1);
        }
        const auto same = std::ranges::find(open->projections, shown, &ShownProjection::choice);
        const bool isStillThere = same != open->projections.end();
        open->shown = isStillThere ? static_cast<std::size_t>(same - open->projections.begin()) : 0;
        if (!isStillThere) showOther(*open);
    }
    void operator()(const ShowProjection& action)
    {
        auto* open = m_state.open();
        if (open == nullptr || action.number >= open->projections.size() || action.number == open->shown) return;
        open->shown = action.number;
        showOther(*open);
    }
    void operator()(const ChooseAggregate& action)
    {
        auto* open = m_state.open();
        if (open == nullptr || open->aggregate == action.id) return;
        chooseAggregate(*open, action.id);
        askAggregate(*open);
    }
    void operator()(const WatchField& action)
    {
        auto* open = m_state.open();
        if (open == nullptr) return;
        open->watched = action.field;
        if (action.field) open->stepKind = StepKind::WatchedField;
        if (!action.field && open->stepKind == StepKind::WatchedField) open->stepKind = StepKind::AnyEvent;
    }
    void operator()(const SearchIds& action)
    {
        auto* open = m_state.open();
        if (open != nullptr && open->keys()) ask(*open, AskIds{open->keys(), action.text});
    }

    // Lists

    void operator()(const ListEvents& action)
    {
        auto* open = m_state.open();
        if (open == nullptr || open->choice == action.choice) return;
        open->choice = action.choice;
        forget<AskMatches>(*open);
        forget<AskRows>(*open);
        if (open->isFiltered()) askMatches(*open);
    }
    void operator()(const WantRows& action)
    {
        auto* open = m_state.open();
        if (open == nullptr) return;
        AskRows wanted{action.first, action.count, nullptr, open->eventColumns, open->keys()};
        if (!open->playsInReplayOrder()) wanted.base = open->playhead->place.base;
        if (open->isFiltered()) {
            const auto& matches = open->of<AskMatches>().answer;
            if (!matches) return;
            wanted.matches = matches->events;
        }
        ask(*open, std::move(wanted));
    }
    void operator()(const ChooseEventColumns& action)
    {
        auto* open = m_state.open();
        if (open == nullptr) return;
        open->eventColumns = action.columns;
        forget<AskRows>(*open);
    }
    void operator()(const ChooseEvent& action)
    {
        auto* open = m_state.open();
        if (open == nullptr) return;
        open->chosenEvent = action.event;
        askEvent(*open);
    }
    void operator()(const CopyEvents& action)
    {
        auto* open = m_state.open();
        if (open != nullptr) ask(*open, AskCopy{action.form, action.events, open->keys()});
    }
    void operator()(const ListSnapshot& action)
    {
        auto* open = m_state.open();
        if (open == nullptr || open->snapshot == action.choice) return;
        open->snapshot = action.choice;
        askSnapshot(*open);
    }
    void operator()(const ChoosePair& action)
    {
        auto* open = m_state.open();
        if (open == nullptr) return;
        open->pair = action.id;
        forget<AskPair>(*open);
        askPair(*open);
    }
    void operator()(const SeePanel& action)
    {
        auto* open = m_state.open();
        if (open == nullptr) return;
        if (!action.isSeen) {
            if (open->seen.erase(action.panel) > 0 && action.panel == Panel::Views) clusters().watchViews(*open);
            return;
        }
        if (!open->seen.insert(action.panel).second) return;
        if (action.panel == Panel::Views) clusters().watchViews(*open);
        if (action.panel == Panel::Aggregates) askSnapshot(*open);
        if (action.panel == Panel::Diff) askDiff(*open);
        if (action.panel == Panel::Problems) askProblems(*open);
        if (action.panel == Panel::Plot) askPlot(*open);
    }
    void operator()(const WantDetail& action)
    {
        auto* open = m_state.open();
        if (open != nullptr) ask(*open, AskDetail{{axisTypes(*open), action.range}});
    }
    void operator()(const ExportStates& action)
    {
        auto* open = m_state.open();
        if (open == nullptr || !open->playhead || !open->projection().opened) return;
        AskExport wanted{*open->projection().opened,  open->playhead->cut, action.path, action.format, action.replace,
                         toText(open->playhead->when)};
        wanted.types = open->projection().choice.types;
        if (open->options.log.size() == 1 && open->options.log.front() != "-")
            wanted.logPath = open->options.log.front();
        forget<AskExport>(*open);
        ask(*open, std::move(wanted));
    }

    // Clusters

    template <ClusterAction Action>
    void operator()(const Action& action)
    {
        clusters()(action);
    }

    // Answers

    void operator()(const Progressed& action)
    {
        auto* open = m_state.open();
        if (open == nullptr) return;
        for (ShownProjection& projection : open->projections) {
            if (projection.ticket == action.ticket) projection.progress = action.progress;
        }
        std::apply([&](auto&... asked) { (progress(asked, action), ...); }, open->asked);
    }
    template <class Question>
    requires(!ClusterAction<Answered<Question>>) void operator()(const Answered<Question>& action)
    {
        auto* open = m_state.open();
        if (open == nullptr) return;
        if constexpr (std::is_same_v<Question, AskProjection>) {
            projectionOpened(*open, action);
        } else if constexpr (std::is_same_v<Question, AskMark>) {
            markResolved(*open, action);
        } else if constexpr (std::is_same_v<Question, AskBookmark>) {
            bookmarkResolved(*open, action);
        } else if constexpr (std::is_same_v<Question, AskBreakpoint>) {
            breakpointRead(*open, action);
        } else {
            take(*open, action);
        }
    }

private:
    template <class Question>
    static void progress(Asked<Question>& asked, const Progressed& action)
    {
        if (asked.isWaiting && asked.ticket == action.ticket) asked.progress = action.progress;
    }

    ClusterUpdate clusters() { return {m_state, m_effects}; }

    void letGo()
    {
        const auto* open = m_state.open();
        if (open != nullptr && open->views.isWaiting) m_effects.emplace_back(StopViews{});
        const bool isBusy = !std::holds_alternative<Idle>(m_state.log);
        if (isBusy) m_effects.emplace_back(LetGo{});
        m_state.notice.reset();
    }

    void notice(Notice::Kind kind, std::optional<base::Error> error = std::nullopt)
    {
        if (error && error->code == base::ErrorCode::Cancelled) return;
        m_state.notice = Notice{kind, std::move(error), 0, {}, StepKind::AnyEvent, ++m_state.notices};
    }

    template <class Question>
    Ticket ask(Open& open, Question question)
    {
        const Ticket ticket = ++m_state.lastTicket;
        Asked<Question>& asked = open.of<Question>();
        asked.ticket = ticket;
        asked.isWaiting = true;
        asked.progress = {};
        m_effects.emplace_back(Ask<Question>{ticket, std::move(question)});
        return ticket;
    }
    /// What was asked for is not wanted any more, and what was answered is not true any more.
    template <class Question>
    void forget(Open& open)
    {
        if (open.of<Question>().isWaiting) m_effects.emplace_back(StopAsking{kPlaceOf<Question>});
        open.of<Question>() = {};
    }

    static bool isMoving(const Open& open)
    {
        return open.of<AskPlayhead>().isWaiting || open.of<AskStep>().isWaiting || open.of<AskRun>().isWaiting;
    }
    /// There is one playhead: of several ways to move it the newest counts.
    template <class Question>
    void move(Open& open, Question question, bool isJump = false)
    {
        open.isJumping = isJump;
        forget<AskPlayhead>(open);
        forget<AskStep>(open);
        // What log points told stays to be read.
        if (std::exchange(open.of<AskRun>().isWaiting, false)) m_effects.emplace_back(StopAsking{kPlaceOf<AskRun>});
        ask(open, std::move(question));
    }

    void begin(Loading loading, const LogRead& read)
    {
        Open open;
        open.options = std::move(loading.options);
        open.loadTicket = read.ticket;
        open.isLive = loading.isLive;
        open.isFilling = read.isFilling;
        open.filling = loading.progress;
        open.facts = read.facts;
        open.mappingNote = read.mappingNote;
        open.isFollowing = read.isFollowing;
        // Once is enough: it is no part of how the log is opened.
        open.options.decoding.again = false;
        open.projections.push_back({});
        addTypes(open);
        const auto kept = std::move(loading.kept);
        if (kept) keep(open, *kept);
        m_state.log = std::move(open);
        m_effects.emplace_back(UseLog{read.facts->generation});
        Open& now = *m_state.open();
        for (std::size_t i = 0; i < now.projections.size(); ++i) {
            if (now.facts->mapping.id && !now.isFilling) openProjection(now, i);
        }
        askAxis(now);
        if (kept && kept->a) ask(now, AskMark{Mark::A, *kept->a});
        if (kept && kept->b) ask(now, AskMark{Mark::B, *kept->b});
        askBookmarks(now, [](const PlacedBookmark&) { return true; });
        if (kept && kept->at && !now.isLive) return move(now, AskPlayhead{When(*kept->at), nullptr});
        if (now.isLive) return move(now, AskPlayhead{When(event::AtEnd{}), nullptr});
        // A recording is opened where it begins: the first event is looked at, all others are still to come.
        move(now, AskPlayhead{read.facts->events > 0 ? When(event::EventIndex{0}) : When(event::AtStart{}), nullptr});
    }

    static Kept keptOf(const Open& open)
    {
        Kept kept;
        if (open.playhead && open.playhead->last) kept.at = open.playhead->last->position;
        for (const ShownProjection& projection : open.projections) kept.projections.push_back(projection.choice);
        kept.shown = open.shown;
        kept.aggregate = open.aggregate;
        kept.watched = open.watched;
        kept.breakpoints = open.breakpoints;
        kept.plot = open.plot;
        if (open.a) kept.a = open.a->when;
        if (open.b) kept.b = open.b->when;
        kept.bookmarks = open.bookmarks;
        kept.views = open.addedViews;
        return kept;
    }
    void reopen(LoadOptions options, Kept kept)
    {
        OpenLog again{std::move(options), m_state.open()->isLive};
        again.options.fresh = false;
        (*this)(again);
        std::get<Loading>(m_state.log).kept = std::make_shared<const Kept>(std::move(kept));
    }
    static void keep(Open& open, const Kept& kept)
    {
        open.projections.clear();
        for (const ProjectionChoice& choice : kept.projections) open.projections.push_back({choice, 0, {}, {}, {}});
        open.shown = kept.shown;
        open.aggregate = kept.aggregate;
        open.mayChooseAggregate = !kept.aggregate;
        open.watched = kept.watched;
        open.bookmarks = kept.bookmarks;
        for (PlacedBookmark& bookmark : open.bookmarks) bookmark.moment.reset(); // the order may be another one
        open.addedViews = kept.views;
        open.breakpoints = kept.breakpoints;
        for (const ListedBreakpoint& each : open.breakpoints)
            open.lastBreakpoint = std::max(open.lastBreakpoint, each.number);
        open.plot = kept.plot;
    }

    /// Cuts get the partitions that are new; what depends on the whole log is asked for again.
    void grow(Open& open, const LogRead& read)
    {
        open.facts = read.facts;
        open.isFollowing = read.isFollowing;
        const bool wasFilling = std::exchange(open.isFilling, read.isFilling);
        m_effects.emplace_back(UseLog{read.facts->generation});
        addTypes(open);
        askAxis(open);
        clusters().askLanes(open);
        for (std::optional<Moment>* moment : {&open.playhead, &open.a, &open.b}) {
            if (*moment) widen(open, **moment);
        }
        for (PlacedBookmark& bookmark : open.bookmarks) {
            if (bookmark.moment) widen(open, *bookmark.moment);
        }
        for (Place& place : open.back) widen(open, place.base);
        for (Place& place : open.forward) widen(open, place.base);
        // What is on its way was asked of the log as it was, and indexes of then do not know the new events.
        if (open.isLive) {
            move(open, AskPlayhead{When(event::AtEnd{}), nullptr}, true);
        } else if (open.playhead && !isMoving(open)) {
            move(open, AskPlayhead{wasFilling ? sameEvent(*open.playhead) : Target(open.playhead->place), nullptr});
        }
        if (wasFilling) {
            keepMarks(open);
        } else {
            askBookmarks(open, [](const PlacedBookmark& bookmark) { return !bookmark.moment; });
        }
        // Its order may still change: an index would be of no use soon.
        const bool isFirst = wasFilling && !open.isFilling && open.facts->mapping.id.has_value();
        for (std::size_t i = 0; i < open.projections.size(); ++i) {
            const bool isWanted = open.projections[i].opened || open.projections[i].ticket != 0 || isFirst;
            open.projections[i].opened.reset();
            // Their indexes know nothing of the new events.
            open.projections[i].replaced.reset();
            open.projections[i].before.reset();
            if (isWanted) openProjection(open, i);
        }
        if (open.isFiltered()) askMatches(open);
        if (open.seen.contains(Panel::Problems)) askProblems(open);
    }

    /// Where an order that was not the last one is another now: the first event stays the first, any other is found again.
    static Target sameEvent(const Moment& moment)
    {
        const bool isFound = moment.last && moment.place.at > 1;
        return isFound ? Target(event::When(moment.last->position)) : Target(moment.place);
    }
    void keepMarks(Open& open)
    {
        if (open.a) ask(open, AskMark{Mark::A, sameEvent(*open.a)});
        if (open.b) ask(open, AskMark{Mark::B, sameEvent(*open.b)});
        askBookmarks(open, [](const PlacedBookmark&) { return true; });
    }
    template <class Wanted>
    void askBookmarks(Open& open, Wanted wanted)
    {
        for (const PlacedBookmark& bookmark : open.bookmarks) {
            if (wanted(bookmark)) ask(open, AskBookmark{bookmark.name, bookmark.at});
        }
    }

    /// A log that has grown may have more partitions: nothing of those lies inside.
    static void widen(const Open& open, capture::OrdinalCut& cut) { cut.next.resize(open.facts->end.next.size(), 0); }
    static void widen(const Open& open, Moment& moment)
    {
        widen(open, moment.place.base);
        widen(open, moment.cut);
    }
    static void addTypes(Open& open)
    {
        for (const auto& [type, events] : open.facts->summary.types) {
            if (std::ranges::find(open.types, type) == open.types.end()) open.types.push_back(type);
        }
    }
    /// Those with a lane of their own on the time axis: the first, as many as there are colours.
    static std::vector<std::string> axisTypes(const Open& open)
    {
        constexpr std::size_t kLanes = 8;
        const std::size_t own = open.types.size() > kLanes ? kLanes - 1 : open.types.size();
        return {open.types.begin(), open.types.begin() + static_cast<std::ptrdiff_t>(own)};
    }
    /// What is on the time axis whatever is chosen.
    void askAxis(Open& open)
    {
        ask(open, AskDensity{{axisTypes(open), std::nullopt}});
        ask(open, AskTransactions{});
    }

    // Moving

    static std::optional<std::uint32_t> matchBeside(const std::vector<std::uint32_t>& matches, const Moment& playhead,
                                                    bool forward)
    {
        // One stands behind an event: the next is not before it, the one before is before the event just behind.
        const std::uint64_t at = forward ? playhead.eventsBehind : playhead.eventsBehind - (playhead.last ? 1 : 0);
        const auto next =
            std::ranges::lower_bound(matches, at, {}, [](std::uint32_t each) -> std::uint64_t { return each; });
        if (forward) return next == matches.end() ? std::nullopt : std::optional(*next);
        return next == matches.begin() ? std::nullopt : std::optional(*std::prev(next));
    }

    /// The place that is left can be gone back to.
    static void leave(Open& open)
    {
        if (!open.playhead) return;
        if (open.back.empty() || open.back.back() != open.playhead->place) open.back.push_back(open.playhead->place);
        if (open.back.size() > kMostPlaces) open.back.erase(open.back.begin());
        open.forward.clear();
    }

    void retrace(Open& open, std::vector<Place>& from, std::vector<Place>& to)
    {
        if (from.empty() || !open.playhead) return;
        to.push_back(open.playhead->place);
        const Place place = from.back();
        from.pop_back();
        open.steps.clear();
        open.isLive = false;
        open.lastMove = Open::Move::Jump;
        move(open, AskPlayhead{place, open.keys()}, true);
    }

    void step(Open& open, StepKind kind, Direction direction)
    {
        const auto target = targetOf(open, kind);
        if (!target) {
            notice(Notice::Kind::NotChosen);
            m_state.notice->step = kind;
            open.steps.clear();
            return;
        }
        // A row of steps is one place of the way back: where it began.
        if (open.lastMove != Open::Move::Step) leave(open);
        open.lastMove = Open::Move::Step;
        open.isLive = false;
        AskStep wanted{open.playhead->place, *target, direction};
        if (open.projection().opened) wanted.projection = *open.projection().opened;
        wanted.keys = open.keys();
        move(open, std::move(wanted));
    }

    void run(Open& open, Direction direction)
    {
        AskRun wanted{open.playhead->place, direction};
        for (const ListedBreakpoint& listed : open.breakpoints) {
            if (listed.isOn) wanted.breakpoints.push_back(listed);
        }
        if (open.projection().opened) wanted.projection = *open.projection().opened;
        const bool needsAggregates = std::ranges::any_of(wanted.breakpoints, [](const ListedBreakpoint& each) {
            return each.breakpoint.aggregate || each.breakpoint.needsState();
        });
        if (needsAggregates && !open.keys()) return noAggregates(open);
        leave(open);
        open.lastMove = Open::Move::Jump;
        open.isLive = false;
        open.steps.clear();
        wanted.keys = open.keys();
        forget<AskRun>(open);
        move(open, std::move(wanted));
    }
    void noAggregates(const Open& open)
    {
        if (open.projection().error) return notice(Notice::Kind::Error, open.projection().error);
        notice(Notice::Kind::NoAggregates);
    }

    static ListedBreakpoint* breakpointOf(Open& open, std::uint64_t number)
    {
        const auto found = std::ranges::find(open.breakpoints, number, &ListedBreakpoint::number);
        return found == open.breakpoints.end() ? nullptr : &*found;
    }

    static std::optional<StepTarget> targetOf(const Open& open, StepKind kind)
    {
        const bool hasAggregate = open.aggregate && open.projection().opened;
        switch (kind) {
        case StepKind::AnyEvent:
            return StepAny{};
        case StepKind::ThisAggregate:
            return hasAggregate ? std::optional<StepTarget>(StepAggregate{*open.aggregate}) : std::nullopt;
        case StepKind::ThisType:
            return open.playhead->last ? std::optional<StepTarget>(StepType{open.playhead->last->type}) : std::nullopt;
        case StepKind::ThisTransaction:
            return StepTransaction{};
        case StepKind::WatchedField:
            return hasAggregate && open.watched ? std::optional<StepTarget>(StepField{*open.aggregate, *open.watched})
                                                : std::nullopt;
        }
        return std::nullopt;
    }

    void moved(Open& open, const Moment& moment)
    {
        open.playhead = moment;
        widen(open, *open.playhead);
        // Asked before the index was there: events have ids from now on.
        if (!moment.hasIds && open.keys()) return move(open, AskPlayhead{moment.place, open.keys()});
        open.chosenEvent.reset();
        // An aggregate is shown at once, so that nobody meets an empty panel.
        if (open.mayChooseAggregate && moment.last && moment.last->id) {
            chooseAggregate(open, moment.last->id);
        }
        leaveAggregate(open);
        askEvent(open);
        askAggregate(open);
        askSnapshot(open);
        if (open.steps.empty()) return;
        const auto [kind, direction] = open.steps.front();
        open.steps.pop_front();
        step(open, kind, direction);
    }

    // What is asked for

    void openProjection(Open& open, std::size_t number)
    {
        ShownProjection& projection = open.projections[number];
        projection.error.reset();
        projection.progress = {};
        projection.ticket = ask(open, AskProjection{projection.choice});
    }
    void showOther(Open& open)
    {
        forget<AskAggregate>(open);
        forget<AskHistory>(open);
        forget<AskSnapshot>(open);
        forget<AskDiff>(open);
        forget<AskPair>(open);
        forget<AskPlot>(open);
        open.mayLeaveAggregate = true;
        askForProjection(open);
    }
    /// All that depends on the projection that is shown.
    void askForProjection(Open& open)
    {
        if (!open.projection().opened) return;
        askAggregate(open);
        askHistory(open);
        askSnapshot(open);
        askDiff(open);
        askPlot(open);
    }
    void chooseAggregate(Open& open, const std::optional<std::string>& id)
    {
        open.aggregate = id;
        open.mayChooseAggregate = false;
        open.mayLeaveAggregate = false;
        open.watched.reset();
        forget<AskAggregate>(open);
        forget<AskHistory>(open);
        askHistory(open);
        if (open.plot && open.plot->width.count() > 0) return;
        forget<AskPlot>(open);
        askPlot(open);
    }
    /// One that was chosen in another projection, and is not there in this one, gives way to the playhead's.
    void leaveAggregate(Open& open)
    {
        const auto& view = open.of<AskAggregate>().answer;
        if (!open.mayLeaveAggregate || isMoving(open) || !view || view->isInLog || view->id != open.aggregate) return;
        if (open.playhead && open.playhead->hasIds && open.playhead->last && open.playhead->last->id)
            chooseAggregate(open, open.playhead->last->id);
    }
    void askEvent(Open& open)
    {
        const auto behind =
            open.playhead && open.playhead->last ? std::optional(open.playhead->last->index) : std::nullopt;
        const auto wanted = open.chosenEvent ? open.chosenEvent : behind;
        if (wanted) {
            ask(open, AskEvent{*wanted, open.keys()});
        } else {
            forget<AskEvent>(open);
        }
    }
    void askAggregate(Open& open)
    {
        if (!open.aggregate || !open.playhead || !open.projection().opened) return;
        AskAggregate wanted{*open.projection().opened, *open.aggregate, open.playhead->cut};
        if (open.playhead->last) wanted.playheadEvent = open.playhead->last->index;
        if (open.hasMovedBack && open.playhead->next) wanted.undone = open.playhead->next->index;
        ask(open, std::move(wanted));
    }
    void askHistory(Open& open)
    {
        if (open.aggregate && open.projection().opened)
            ask(open, AskHistory{*open.projection().opened, *open.aggregate});
    }
    void askMatches(Open& open) { ask(open, AskMatches{open.choice, open.keys()}); }
    void askSnapshot(Open& open)
    {
        if (!open.seen.contains(Panel::Aggregates) || !open.playhead || !open.projection().opened) return;
        ask(open, AskSnapshot{*open.projection().opened, open.playhead->cut, open.snapshot});
    }
    void askDiff(Open& open)
    {
        if (!open.seen.contains(Panel::Diff) || !open.a || !open.b || !open.projection().opened) return;
        ask(open, AskDiff{*open.projection().opened, open.a->cut, open.b->cut});
        askPair(open);
    }
    void askPair(Open& open)
    {
        if (!open.pair || !open.a || !open.b || !open.projection().opened) return;
        ask(open, AskPair{*open.projection().opened, open.a->cut, open.b->cut, *open.pair});
    }
    void askPlot(Open& open)
    {
        if (!open.seen.contains(Panel::Plot) || !open.plot || !open.projection().opened) return;
        const bool isOfOne = open.plot->width.count() == 0;
        if (isOfOne && !open.aggregate) return;
        ask(open,
            AskPlot{*open.plot, *open.projection().opened, isOfOne ? *open.aggregate : std::string(), open.facts->end});
    }
    void askProblems(Open& open)
    {
        AskProblems wanted{open.keys()};
        if (open.projection().opened) wanted.projection = *open.projection().opened;
        ask(open, std::move(wanted));
    }

    // What is answered

    template <class Question>
    void take(Open& open, const Answered<Question>& action)
    {
        if (workspace::take(open.of<Question>(), action)) answered(open, action);
    }

    /// Answers that are only shown need nothing more.
    template <class Question>
    void answered(Open&, const Answered<Question>&)
    {}
    void answered(Open& open, const Answered<AskPlayhead>& action) { arrived(open, action.answer); }
    void answered(Open& open, const Answered<AskStep>& action)
    {
        if (!action.answer) {
            open.steps.clear();
            return notice(Notice::Kind::Error, action.answer.error());
        }
        const Stepped& stepped = **action.answer;
        if (stepped.unreadable > 0) {
            notice(Notice::Kind::UnreadablePassed);
            m_state.notice->count = stepped.unreadable;
        }
        if (stepped.moment) {
            open.hasMovedBack = stepped.direction == Direction::Back;
            return moved(open, *stepped.moment);
        }
        open.steps.clear();
        notice(stepped.direction == Direction::Forward ? Notice::Kind::NoneFurther : Notice::Kind::NoneBefore);
    }
    void answered(Open& open, const Answered<AskRun>& action)
    {
        if (!action.isLast) return;
        if (!action.answer) return notice(Notice::Kind::Error, action.answer.error());
        const Ran& ran = **action.answer;
        for (const auto& [number, hits] : ran.toldBy) countHits(open, number, hits);
        if (!ran.moment)
            return notice(ran.direction == Direction::Forward ? Notice::Kind::NoHitFurther : Notice::Kind::NoHitBefore);
        std::uint64_t counted = 0;
        for (const RunHit& hit : ran.hits) {
            // It may hold of several aggregates of one event.
            if (std::exchange(counted, hit.breakpoint) != hit.breakpoint) countHits(open, hit.breakpoint, 1);
        }
        open.hasMovedBack = ran.direction == Direction::Back;
        const RunHit& first = ran.hits.front();
        const auto id = first.aggregate.empty() ? first.event.id : std::optional(first.aggregate);
        if (id && id != open.aggregate) chooseAggregate(open, id);
        moved(open, *ran.moment);
        notice(Notice::Kind::Stopped);
        m_state.notice->count = first.event.index.value;
        m_state.notice->what = first.text;
    }
    static void countHits(Open& open, std::uint64_t number, std::uint64_t hits)
    {
        if (ListedBreakpoint* listed = breakpointOf(open, number)) listed->hits += hits;
    }
    void answered(Open& open, const Answered<AskAggregate>&)
    {
        const auto before = open.aggregate;
        leaveAggregate(open);
        if (open.aggregate != before) askAggregate(open);
    }
    void answered(Open& open, const Answered<AskEvent>& action)
    {
        if (!action.answer) open.of<AskEvent>().answer.reset();
    }
    void answered(Open&, const Answered<AskExport>& action)
    {
        if (!action.answer) notice(Notice::Kind::Error, action.answer.error());
    }
    void answered(Open&, const Answered<AskMatches>& action)
    {
        if (!action.answer) notice(Notice::Kind::Error, action.answer.error());
    }

    void arrived(Open& open, const base::Result<std::shared_ptr<const Moment>>& answer)
    {
        if (answer) {
            if (open.isJumping) open.hasMovedBack = false;
            return moved(open, **answer);
        }
        open.steps.clear();
        notice(Notice::Kind::Error, answer.error());
    }

    /// Marks are resolved one by one, none of them supersedes another.
    void markResolved(Open& open, const Answered<AskMark>& action)
    {
        settle<AskMark>(open, action.ticket);
        if (!action.answer) return notice(Notice::Kind::Error, action.answer.error());
        const MarkMoment& resolved = **action.answer;
        std::optional<Moment>& mark = resolved.mark == Mark::A ? open.a : open.b;
        mark = resolved.moment;
        widen(open, *mark);
        askDiff(open);
    }

    void bookmarkResolved(Open& open, const Answered<AskBookmark>& action)
    {
        settle<AskBookmark>(open, action.ticket);
        if (!action.answer) return notice(Notice::Kind::Error, action.answer.error());
        const BookmarkMoment& resolved = **action.answer;
        const auto placed = std::ranges::find(open.bookmarks, resolved.name, &PlacedBookmark::name);
        if (placed == open.bookmarks.end() || placed->at != resolved.at) return; // removed or moved since
        placed->moment = resolved.moment;
        if (placed->moment) return widen(open, *placed->moment);
        // It may come as the log grows: once is enough.
        if (!std::exchange(placed->wasTold, true)) notice(Notice::Kind::Error, *resolved.error);
    }

    /// Several may be on their way: each is an answer of its own, the newest one is shown.
    void breakpointRead(Open& open, const Answered<AskBreakpoint>& action)
    {
        auto& asked = open.of<AskBreakpoint>();
        settle<AskBreakpoint>(open, action.ticket);
        const auto toList = open.toList.extract(action.ticket);
        if (!action.answer) return notice(Notice::Kind::Error, action.answer.error());
        if (asked.ticket == action.ticket) asked.answer = *action.answer;
        if (toList.empty()) return;
        const BreakpointRead& read = **action.answer;
        if (!read.breakpoint) return notice(Notice::Kind::Error, read.error);
        if (ListedBreakpoint* replaced = breakpointOf(open, toList.mapped().first)) {
            replaced->breakpoint = *read.breakpoint;
            replaced->hits = 0;
        } else {
            open.breakpoints.push_back({++open.lastBreakpoint, *read.breakpoint, toList.mapped().second});
        }
    }

    void projectionOpened(Open& open, const Answered<AskProjection>& action)
    {
        settle<AskProjection>(open, action.ticket);
        const auto projection = std::ranges::find(open.projections, action.ticket, &ShownProjection::ticket);
        if (projection == open.projections.end()) return;
        if (!action.answer) {
            projection->error = action.answer.error();
            return;
        }
        projection->opened = (*action.answer)->projection;
        const auto& replaced = projection->replaced;
        if (replaced && replaced->fingerprint() != projection->opened->fingerprint()) projection->before = replaced;
        projection->replaced.reset();
        const bool isToRun = &*projection == open.scriptProjection() && std::exchange(open.scriptIsToRun, false);
        if (isToRun) ask(open, AskScript{projection->choice, *projection->opened});
        if (static_cast<std::size_t>(projection - open.projections.begin()) != open.shown) return;
        if (open.playhead && !isMoving(open)) move(open, AskPlayhead{open.playhead->place, open.keys()});
        askForProjection(open);
    }
    /// Of questions that queue: the last one is answered.
    template <class Question>
    static void settle(Open& open, Ticket ticket)
    {
        if (open.of<Question>().ticket == ticket) open.of<Question>().isWaiting = false;
    }

    WorkspaceState m_state;
    std::vector<Effect> m_effects;
};

} // namespace

Updated update(WorkspaceState state, const Action& action)
{
    Update at(std::move(state));
    std::visit(at, action);
    return at.finish();
}

std::string lastingText(const Moment& moment)
{
    return moment.isPrefix && moment.last ? toText(event::When(moment.last->position)) : toText(moment.when);
}

} // namespace leftfold::workspace
