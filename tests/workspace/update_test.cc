// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/update.h"
#include "tests/capture/made_batches.h"

using namespace leftfold;
using namespace leftfold::workspace;
using leftfold::capture::test::text;
using replay::Direction;

namespace {

/// A state and the effects of everything that was done to it.
struct Played {
    WorkspaceState state;
    std::vector<Effect> effects; ///< of the last action

    Played& act(const Action& action)
    {
        auto updated = update(std::move(state), action);
        state = std::move(updated.state);
        effects = std::move(updated.effects);
        return *this;
    }
    Open& open() { return *state.open(); }

    template <class Question>
    const Ask<Question>* asked() const
    {
        for (const Effect& effect : effects) {
            if (const auto* ask = std::get_if<Ask<Question>>(&effect)) return ask;
        }
        return nullptr;
    }
    template <class Question>
    Played& answer(typename Question::Answer value, bool isLast = true)
    {
        const Ticket ticket = open().of<Question>().ticket;
        return act(
            Answered<Question>{ticket, std::make_shared<const typename Question::Answer>(std::move(value)), isLast});
    }
    template <class Question>
    Played& fail(base::ErrorCode code)
    {
        return act(Answered<Question>{open().of<Question>().ticket, tl::unexpected(base::Error{code, {}, {}}), true});
    }
};

/// Behind the first `events` events of a log of one partition.
Moment momentBehind(std::uint64_t events)
{
    Moment moment;
    moment.place = {{{0}}, events};
    moment.cut = {{events}};
    moment.eventsBehind = events;
    moment.hasIds = true;
    moment.when = event::AtStart{};
    if (events == 0) return moment;
    moment.when = event::EventIndex{events - 1};
    moment.last =
        EventAt{{events - 1}, {{"log", 0}, {static_cast<std::int64_t>(events) - 1}}, {0, events - 1}, {}, "Sold", {}};
    return moment;
}

std::shared_ptr<const LogFacts> factsOf(std::uint64_t events, std::uint64_t generation = 1)
{
    LogFacts facts;
    facts.events = events;
    facts.end = {{events}};
    facts.generation = generation;
    return std::make_shared<const LogFacts>(facts);
}

/// A log of 100 events, open behind the first.
Played opened()
{
    Played played;
    played.act(OpenLog{});
    played.act(LogRead{played.state.lastTicket, factsOf(100), {}, true});
    played.answer<AskPlayhead>(momentBehind(1));
    return played;
}

Target at(std::uint64_t index)
{
    return event::When(event::EventIndex{index});
}

} // namespace

class UpdateTest : public QObject {
    Q_OBJECT

private slots:
    void whatNeedsALogDoesNothingWithoutOne()
    {
        const Action actions[] = {GoTo{at(3)}, Step{},         GoBack{},       SetMark{},    ChooseAggregate{"a"},
                                  WantRows{},  ListEvents{{}}, ExportStates{}, CancelWork{}, Continue{},
                                  SeePanel{},  ChoosePair{},   WatchField{},   SearchIds{},  GoToText{"@end"}};
        for (const Action& action : actions) {
            Played played;
            played.act(action);
            QVERIFY(played.effects.empty());
            QVERIFY(std::holds_alternative<Idle>(played.state.log));
        }
    }

    void aLogIsLoadedAndItsFirstEventLookedAt()
    {
        Played played;
        played.act(OpenLog{});
        QVERIFY(std::holds_alternative<Loading>(played.state.log));
        const Ticket ticket = std::get<LoadLog>(played.effects.front()).ticket;
        played.act(LoadProgressed{ticket, {5, 50, 100}});
        QCOMPARE(std::get<Loading>(played.state.log).progress.events, 5U);
        played.act(LogRead{ticket, factsOf(100), "note", true});
        QVERIFY(played.state.open() != nullptr);
        QCOMPARE(std::get<UseLog>(played.effects.front()).generation, 1U);
        QVERIFY(std::get<event::When>(played.asked<AskPlayhead>()->question.target)
                == event::When(event::EventIndex{0}));
        QVERIFY(played.asked<AskDensity>() != nullptr);
    }

    void whatComesOfAnEarlierLoadIsNotTaken()
    {
        Played played;
        played.act(OpenLog{});
        const Ticket first = played.state.lastTicket;
        played.act(OpenLog{});
        played.act(LogRead{first, factsOf(1), {}, false});
        QVERIFY(std::holds_alternative<Loading>(played.state.log));
        played.act(LoadFailed{first, {base::ErrorCode::FileNotFound, {}, {}}});
        QVERIFY(std::holds_alternative<Loading>(played.state.log));
        played.act(LoadFailed{played.state.lastTicket, {base::ErrorCode::FileNotFound, {}, {}}});
        QVERIFY(std::holds_alternative<workspace::Failed>(played.state.log));
    }

    void aCancelledLoadLeadsBackToTheStart()
    {
        Played played;
        played.act(OpenLog{}).act(CancelWork{});
        QVERIFY(std::holds_alternative<Idle>(played.state.log));
        QVERIFY(std::holds_alternative<LetGo>(played.effects.front()));
    }

    void anAnswerToAnOlderQuestionIsNotTaken()
    {
        Played played = opened();
        played.act(GoTo{at(10)});
        const Ticket old = played.open().of<AskPlayhead>().ticket;
        played.act(GoTo{at(20)});
        played.act(Answered<AskPlayhead>{old, std::make_shared<const Moment>(momentBehind(11)), true});
        QCOMPARE(played.open().playhead->eventsBehind, 1U);
        played.answer<AskPlayhead>(momentBehind(21));
        QCOMPARE(played.open().playhead->eventsBehind, 21U);
    }

    void theNewestWayToMoveCounts()
    {
        Played played = opened();
        played.act(Step{});
        const Ticket step = played.open().of<AskStep>().ticket;
        played.act(GoTo{at(50)});
        played.act(Answered<AskStep>{
            step, std::make_shared<const Stepped>(Stepped{momentBehind(2), Direction::Forward, 0}), true});
        QCOMPARE(played.open().playhead->eventsBehind, 1U);
    }

    void stepsWaitForOneAnotherAndAreBounded()
    {
        Played played = opened();
        for (int i = 0; i < 30; ++i) played.act(Step{});
        const std::size_t waiting = played.open().steps.size();
        QVERIFY(waiting > 0 && waiting < 10);
        for (std::uint64_t behind = 2; behind <= 2 + waiting; ++behind)
            played.answer<AskStep>({momentBehind(behind), Direction::Forward, 0});
        QVERIFY(!played.open().of<AskStep>().isWaiting);
        QCOMPARE(played.open().playhead->eventsBehind, 2 + waiting);
    }

    void aRowOfStepsIsOnePlaceOfTheWayBack()
    {
        Played played = opened();
        played.act(GoTo{at(49)}).answer<AskPlayhead>(momentBehind(50));
        for (std::uint64_t behind = 51; behind < 55; ++behind)
            played.act(Step{}).answer<AskStep>({momentBehind(behind), Direction::Forward, 0});
        QCOMPARE(played.open().back.size(), std::size_t{2});
        played.act(GoBack{});
        QCOMPARE(std::get<Place>(played.asked<AskPlayhead>()->question.target).at, 50U);
        played.answer<AskPlayhead>(momentBehind(50));
        played.act(GoBack{}).answer<AskPlayhead>(momentBehind(1));
        QVERIFY(played.open().back.empty());
        played.act(GoForward{});
        QCOMPARE(std::get<Place>(played.asked<AskPlayhead>()->question.target).at, 50U);
        played.answer<AskPlayhead>(momentBehind(50));
        played.act(GoForward{});
        QCOMPARE(std::get<Place>(played.asked<AskPlayhead>()->question.target).at, 54U);
    }

    void whatAStepNeedsIsSaidWhereItIsNotChosen()
    {
        Played played = opened();
        for (const StepKind kind : {StepKind::ThisAggregate, StepKind::WatchedField}) {
            played.act(Step{Direction::Forward, kind});
            QVERIFY(played.effects.empty());
            QCOMPARE(played.state.notice->kind, Notice::Kind::NotChosen);
            QCOMPARE(played.state.notice->step, kind);
        }
    }

    void theEndOfTheWayIsSaidInItsDirection()
    {
        Played played = opened();
        played.act(Step{}).answer<AskStep>({std::nullopt, Direction::Forward, 0});
        QCOMPARE(played.state.notice->kind, Notice::Kind::NoneFurther);
        const auto first = played.state.notice->number;
        played.act(Step{Direction::Back}).answer<AskStep>({std::nullopt, Direction::Back, 0});
        QCOMPARE(played.state.notice->kind, Notice::Kind::NoneBefore);
        QVERIFY(played.state.notice->number > first);
    }

    void whatWasTypedIsGoneToOrSaidToBeNoMoment()
    {
        Played played = opened();
        played.act(GoToText{"#7"});
        QVERIFY(std::get<event::When>(played.asked<AskPlayhead>()->question.target)
                == event::When(event::EventIndex{7}));
        played.act(GoToText{"tomorrow"});
        QVERIFY(played.effects.empty());
        QCOMPARE(played.state.notice->error->code, base::ErrorCode::BadWhen);
    }

    void continuingStopsAtListedEvents_data()
    {
        QTest::addColumn<quint64>("behind");
        QTest::addColumn<bool>("forward");
        QTest::addColumn<QString>("to");
        QTest::newRow("before all") << quint64{1} << true << "#10";
        QTest::newRow("on one") << quint64{11} << true << "#20";
        QTest::newRow("between") << quint64{15} << true << "#20";
        QTest::newRow("behind all") << quint64{31} << true << "none";
        QTest::newRow("back from one") << quint64{21} << false << "#10";
        QTest::newRow("back from between") << quint64{25} << false << "#20";
        QTest::newRow("back from the first") << quint64{11} << false << "none";
        QTest::newRow("back from the start") << quint64{0} << false << "none";
    }
    void continuingStopsAtListedEvents()
    {
        QFETCH(quint64, behind);
        QFETCH(bool, forward);
        QFETCH(QString, to);
        Played played = opened();
        EventChoice choice;
        choice.filter.types = {"Sold"};
        played.act(ListEvents{choice});
        QVERIFY(played.asked<AskMatches>() != nullptr);
        Matches matches;
        matches.events = std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{10, 20, 30});
        played.answer<AskMatches>(matches);
        played.act(GoTo{at(behind)}).answer<AskPlayhead>(momentBehind(behind));
        played.act(Continue{forward ? Direction::Forward : Direction::Back});
        const auto* ask = played.asked<AskPlayhead>();
        const QString went =
            ask == nullptr ? QStringLiteral("none") : text(toText(std::get<event::When>(ask->question.target)));
        QCOMPARE(went, to);
    }

    void marksAreComparedOnceBothAreSetAndThePanelIsSeen()
    {
        Played played = opened();
        played.open().projections.front().opened = replay::Projection{};
        played.act(SetMark{Mark::A});
        played.act(GoTo{at(9)}).answer<AskPlayhead>(momentBehind(10));
        played.act(SetMark{Mark::B});
        QVERIFY(played.asked<AskDiff>() == nullptr);
        played.act(SeePanel{Panel::Diff});
        QVERIFY(played.asked<AskDiff>()->question.a == capture::OrdinalCut{{1}});
        QVERIFY(played.asked<AskDiff>()->question.b == capture::OrdinalCut{{10}});
        played.act(SetMark{Mark::A, at(4)}).answer<AskMark>({Mark::A, momentBehind(5)});
        QVERIFY(played.asked<AskDiff>()->question.a == capture::OrdinalCut{{5}});
        played.act(ClearMark{Mark::B});
        QVERIFY(!played.open().of<AskDiff>().isWaiting);
        QVERIFY(!played.open().b.has_value());
    }

    void bookmarksAreGoneToInTheOrderOfTheLog()
    {
        Played played = opened();
        const auto went = [&](Direction direction) {
            played.act(GoToBookmark{direction});
            const auto* ask = played.asked<AskPlayhead>();
            return ask == nullptr ? -1 : static_cast<int>(std::get<Place>(ask->question.target).at);
        };
        QCOMPARE(went(Direction::Forward), -1);
        QVERIFY(played.state.notice->kind == Notice::Kind::NoBookmarkFurther);
        played.act(SetBookmark{"far", "#59"}).answer<AskBookmark>({"far", "#59", momentBehind(60), {}});
        played.act(SetBookmark{"near", "#19"}).answer<AskBookmark>({"near", "#19", momentBehind(20), {}});
        QCOMPARE(went(Direction::Forward), 20);
        played.answer<AskPlayhead>(momentBehind(20));
        QCOMPARE(went(Direction::Forward), 60);
        played.answer<AskPlayhead>(momentBehind(60));
        QCOMPARE(went(Direction::Back), 20);
        played.answer<AskPlayhead>(momentBehind(20));
        QCOMPARE(went(Direction::Back), -1);
        // The same name is the same bookmark; one that is removed meanwhile does not come back.
        played.act(SetBookmark{"near", "#29"}).answer<AskBookmark>({"near", "#29", momentBehind(30), {}});
        QCOMPARE(played.open().bookmarks.size(), 2U);
        QCOMPARE(went(Direction::Forward), 30);
        played.act(SetBookmark{"far", "#69"}).act(RemoveBookmark{"far"});
        played.answer<AskBookmark>({"far", "#69", momentBehind(70), {}});
        QCOMPARE(played.open().bookmarks.size(), 1U);
        // Nor does the place that it had before it was moved.
        played.act(SetBookmark{"near", "#39"}).act(SetBookmark{"near"});
        played.answer<AskBookmark>({"near", "#39", momentBehind(40), {}});
        QCOMPARE(played.open().bookmarks.front().moment->eventsBehind, played.open().playhead->eventsBehind);
    }

    void aBookmarkThatIsNotThereYetIsFoundAsTheLogGrows()
    {
        Played played = opened();
        played.act(SetBookmark{"later", "log[0]@120"});
        const base::Error missing{base::ErrorCode::NoSuchEvent, {"log[0]@120"}, {}};
        played.answer<AskBookmark>({"later", "log[0]@120", std::nullopt, missing});
        QVERIFY(played.state.notice->kind == Notice::Kind::Error);
        const std::uint64_t told = played.state.notices;
        played.act(LogRead{0, factsOf(110, 2), {}, true});
        QVERIFY(played.asked<AskBookmark>() != nullptr);
        played.answer<AskBookmark>({"later", "log[0]@120", std::nullopt, missing});
        QCOMPARE(played.state.notices, told); // once is enough
        played.act(LogRead{0, factsOf(150, 3), {}, true});
        played.answer<AskBookmark>({"later", "log[0]@120", momentBehind(121), {}});
        QCOMPARE(played.open().bookmarks.front().moment->eventsBehind, 121U);
        played.act(LogRead{0, factsOf(160, 4), {}, true});
        QVERIFY(played.asked<AskBookmark>() == nullptr);
    }

    void aFilterForgetsWhatTheOneBeforeFound()
    {
        Played played = opened();
        EventChoice choice;
        choice.filter.text = "tea";
        played.act(ListEvents{choice});
        played.act(ListEvents{choice});
        QVERIFY(played.effects.empty());
        QCOMPARE(played.open().listedEvents(), 0U);
        Matches some;
        some.events = std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{1, 2});
        played.answer<AskMatches>(some, false);
        QCOMPARE(played.open().listedEvents(), 2U);
        QVERIFY(played.open().of<AskMatches>().isWaiting);
        choice.filter.text = "coffee";
        played.act(ListEvents{choice});
        QCOMPARE(played.open().listedEvents(), 0U);
        played.act(ListEvents{{}});
        QCOMPARE(played.open().listedEvents(), 100U);
    }

    void aLogThatHasGrownKeepsItsPlacesAndAsksAnew()
    {
        Played played = opened();
        played.act(SetMark{Mark::A});
        LogFacts facts = *factsOf(150, 2);
        facts.end = {{120, 30}};
        played.act(LogRead{0, std::make_shared<const LogFacts>(facts), {}, true});
        QCOMPARE(played.open().facts->events, 150U);
        QCOMPARE(std::get<UseLog>(played.effects.front()).generation, 2U);
        QVERIFY(played.open().playhead->cut == (capture::OrdinalCut{{1, 0}}));
        QVERIFY(played.open().a->place.base == (capture::OrdinalCut{{0, 0}}));
        QVERIFY(played.asked<AskDensity>() != nullptr);
        // An answer about the log as it was fits the one that has grown.
        played.answer<AskPlayhead>(momentBehind(7));
        QVERIFY(played.open().playhead->cut == (capture::OrdinalCut{{7, 0}}));
        played.act(LogRead{0, factsOf(100, 1), {}, true});
        QCOMPARE(played.open().facts->events, 150U);
    }

    void projectionsAreOpenedOnceAndTheShownOneIsKept()
    {
        Played played = opened();
        const ProjectionChoice first;
        const ProjectionChoice second{.by = "/sku", .fold = "latest"};
        played.open().projections.front().opened = replay::Projection{};
        played.act(ChooseProjections{{first, second}});
        QCOMPARE(played.open().projections.size(), std::size_t{2});
        QCOMPARE(played.asked<AskProjection>()->question.choice, second);
        QCOMPARE(played.open().shown, std::size_t{0});
        played.act(ShowProjection{1});
        QCOMPARE(played.open().shown, std::size_t{1});
        played.fail<AskProjection>(base::ErrorCode::BadArgument);
        QVERIFY(played.open().projections[1].error.has_value());
        played.act(ChooseProjections{{first}});
        QCOMPARE(played.open().shown, std::size_t{0});
        played.act(ChooseProjections{{}});
        QCOMPARE(played.open().projections.size(), std::size_t{1});
    }

    void errorsOfQuestionsAreSaidAndWhatIsShownStays()
    {
        Played played = opened();
        played.act(GoTo{at(1000)}).fail<AskPlayhead>(base::ErrorCode::NoSuchEvent);
        QCOMPARE(played.state.notice->error->code, base::ErrorCode::NoSuchEvent);
        QCOMPARE(played.open().playhead->eventsBehind, 1U);
        const auto number = played.state.notice->number;
        played.act(GoTo{at(5)}).fail<AskPlayhead>(base::ErrorCode::Cancelled);
        QCOMPARE(played.state.notice->number, number);
    }
};

QTEST_APPLESS_MAIN(UpdateTest)
#include "update_test.moc"
