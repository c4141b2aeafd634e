// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/steps.h"

#include "tests/replay/made_states.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::replay;
using namespace leftfold::replay::test;

namespace {

bool isOfKind(const capture::test::MadeEvent& event, const StepKind& kind)
{
    if (const auto* aggregate = std::get_if<OfAggregate>(&kind)) return event.id == aggregate->id;
    if (const auto* type = std::get_if<OfType>(&kind)) return event.type == type->type;
    return true;
}

StepKind randomKind(const Made& made, Random& random)
{
    switch (random.below(4)) {
    case 0:
        return AnyEvent{};
    case 1:
        return OfType{"T" + std::to_string(random.below(7))}; // one of them does not occur
    case 2:
        return OfType{""};
    default:
        return OfAggregate{made.log().id(random.below(42))}; // nor do two of these
    }
}

/// A step by looking at all events of the play order, one by one.
std::optional<std::uint64_t> slowStep(const Made& made, const PlayOrder& order, std::uint64_t at, const StepKind& kind,
                                      Direction direction)
{
    const bool forward = direction == Direction::Forward;
    for (std::uint64_t place = at; forward ? place < order.size() : place > 0; forward ? ++place : --place) {
        const std::uint64_t looked = forward ? place : place - 1;
        const auto event = must(order.eventAt(looked));
        if (isOfKind(*made.order()[event.value].event, kind)) return forward ? looked + 1 : looked;
    }
    return std::nullopt;
}

} // namespace

class StepsTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void stepsEqualLookingAtEveryEvent();
    void forwardThenBackIsWhereOneWas();
    void backThenForwardIsWhereOneWas();
    void statesAreBackToo();
    void thereIsAnEnd();
    void searchingStops();

private:
    unsigned m_seed = 0;
};

void StepsTest::stepsEqualLookingAtEveryEvent()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(700));
    int others = 0;
    int ends = 0;
    for (int i = 0; i < 250; ++i) {
        const PlayOrder order = must(PlayOrder::over(made.catalog(), made.randomCut(random)));
        std::uint64_t at = random.oneIn(3) ? order.home() : random.below(order.size() + 1);
        if (i % 10 == 0) at = i % 20 == 0 ? 0 : order.size();
        const StepKind kind = randomKind(made, random);
        for (const Direction direction : {Direction::Forward, Direction::Back}) {
            const auto place = must(step(made.reader(), order, made.index().get(), at, kind, direction, {}));
            QCOMPARE(place, slowStep(made, order, at, kind, direction));
            ends += !place;
        }
        others += !order.isReplayOrder();
    }
    QVERIFY(others > 50);
    QVERIFY(ends > 5);
}

void StepsTest::forwardThenBackIsWhereOneWas()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(1500));
    int others = 0;
    int stepped = 0;
    for (int i = 0; i < 400; ++i) {
        const PlayOrder order = must(PlayOrder::over(made.catalog(), made.randomCut(random)));
        const std::uint64_t at = random.oneIn(2) ? order.home() : random.below(order.size() + 1);
        const StepKind kind = randomKind(made, random);
        const auto forward = must(step(made.reader(), order, made.index().get(), at, kind, Direction::Forward, {}));
        if (!forward) continue;
        const auto back = must(step(made.reader(), order, made.index().get(), *forward, kind, Direction::Back, {}));
        // Just before the event: where one was, but for events of other kinds.
        QCOMPARE(back, std::optional(*forward - 1));
        QVERIFY(*back >= at);
        for (std::uint64_t place = at; place < *back; ++place)
            QVERIFY(!isOfKind(*made.order()[must(order.eventAt(place)).value].event, kind));
        if (std::holds_alternative<AnyEvent>(kind)) {
            QCOMPARE(*back, at);
            QCOMPARE(must(order.cutAt(*back)), must(order.cutAt(at)));
        }
        QCOMPARE(must(step(made.reader(), order, made.index().get(), *back, kind, Direction::Forward, {})), forward);
        ++stepped;
        others += !order.isReplayOrder();
    }
    QVERIFY(stepped > 200);
    QVERIFY(others > 80);
}

void StepsTest::backThenForwardIsWhereOneWas()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(1500));
    for (int i = 0; i < 300; ++i) {
        const PlayOrder order = must(PlayOrder::over(made.catalog(), made.randomCut(random)));
        const StepKind kind = randomKind(made, random);
        // Stand just behind an event of the kind first.
        const auto at = must(
            step(made.reader(), order, made.index().get(), random.below(order.size()), kind, Direction::Forward, {}));
        if (!at) continue;
        const auto back = must(step(made.reader(), order, made.index().get(), *at, kind, Direction::Back, {}));
        QVERIFY(back);
        QCOMPARE(must(step(made.reader(), order, made.index().get(), *back, kind, Direction::Forward, {})), at);
    }
}

void StepsTest::statesAreBackToo()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(800));
    const auto rule = fold::tallyFold();
    Replayer replayer(made.reader(), {made.index(), rule}, std::make_shared<Checkpoints>());
    const auto stateAt = [&](const PlayOrder& order, const std::string& id, std::uint64_t place) {
        return text(textOf(must(replayer.stateAt(id, must(order.cutAt(place)), {}))));
    };
    int others = 0;
    for (int i = 0; i < 60; ++i) {
        const PlayOrder order = must(PlayOrder::over(made.catalog(), made.randomCut(random)));
        const std::string id = made.log().id(random.below(3));
        std::uint64_t at = order.home();
        std::vector<std::pair<std::uint64_t, QString>> walked;
        for (int steps = 0; steps < 5; ++steps) {
            const auto next =
                must(step(made.reader(), order, made.index().get(), at, OfAggregate{id}, Direction::Forward, {}));
            if (!next) break;
            walked.emplace_back(*next, stateAt(order, id, at));
            at = *next;
            QCOMPARE(stateAt(order, id, at), text(made.state(*rule, id, must(order.cutAt(at)))));
        }
        for (; !walked.empty(); walked.pop_back()) {
            QCOMPARE(at, walked.back().first);
            const auto before =
                must(step(made.reader(), order, made.index().get(), at, OfAggregate{id}, Direction::Back, {}));
            QVERIFY(before);
            QCOMPARE(stateAt(order, id, *before), walked.back().second);
            if (walked.size() > 1) at = walked[walked.size() - 2].first;
        }
        others += !order.isReplayOrder();
    }
    QVERIFY(others > 15);
}

void StepsTest::thereIsAnEnd()
{
    const Made made(m_seed, spreadShape(300));
    const PlayOrder order = must(PlayOrder::over(made.catalog(), made.catalog().end()));
    QVERIFY(!must(step(made.reader(), order, nullptr, 300, AnyEvent{}, Direction::Forward, {})));
    QVERIFY(!must(step(made.reader(), order, nullptr, 0, AnyEvent{}, Direction::Back, {})));
    QVERIFY(!must(step(made.reader(), order, nullptr, 0, OfType{"no such"}, Direction::Forward, {})));
    QVERIFY(!must(step(made.reader(), order, made.index().get(), 0, OfAggregate{"nobody"}, Direction::Forward, {})));
}

void StepsTest::searchingStops()
{
    const Made made(m_seed, spreadShape(300));
    const PlayOrder order = must(PlayOrder::over(made.catalog(), made.catalog().end()));
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(failureOf(step(made.reader(), order, nullptr, 0, OfType{"no such"}, Direction::Forward, stop.get_token())),
             QString("cancelled"));
}

QTEST_APPLESS_MAIN(StepsTest)
#include "steps_test.moc"
