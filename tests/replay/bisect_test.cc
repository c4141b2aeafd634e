// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/bisect.h"

#include "tests/replay/made_states.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::replay;
using namespace leftfold::replay::test;

class BisectTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void flipsAreThoseOfTheStates();
    void whatNeverHoldsHasNone();
    void aTextIsAConditionOrAFunction();
    void halvingFindsTheFirstBad();
    void whatIsSkippedIsLeftOpen();

private:
    unsigned m_seed = 0;
};

void BisectTest::flipsAreThoseOfTheStates()
{
    const Made made(m_seed, spreadShape(800));
    Replayer replayer(made.reader(), {made.index(), must(fold::builtInFold("latest"))}, nullptr);
    const auto condition = must(event::Condition::parse("/n > 500"));
    int several = 0;
    for (std::size_t number = 0; number < 40; ++number) {
        const std::string id = made.log().id(number);
        const auto flips = must(flipsOf(replayer, id, condition, made.catalog().end(), {}));
        const auto own = must(replayer.ownEvents(id, made.catalog().end()));
        QCOMPARE(flips.has_value(), own.has_value());
        if (!own) continue;
        // Each state looked at on its own.
        std::vector<Flip> expected;
        bool held = false;
        for (const event::EventIndex event : *own) {
            const auto state = must(replayer.stateAt(id, must(made.catalog().prefix(event.value + 1)), {}));
            const bool holds = state && state->document && condition.matches(state->document->root());
            if (holds != held) expected.push_back({event, holds});
            held = holds;
        }
        QVERIFY(*flips == expected);
        several += flips->size() > 2;
    }
    QVERIFY(several > 5);
}

void BisectTest::whatNeverHoldsHasNone()
{
    const Made made(m_seed, spreadShape(200));
    Replayer replayer(made.reader(), {made.index(), must(fold::builtInFold("tally"))}, nullptr);
    const auto never = must(event::Condition::parse("/count < 0"));
    QVERIFY(must(flipsOf(replayer, made.log().id(0), never, made.catalog().end(), {}))->empty());
    QVERIFY(!must(flipsOf(replayer, "nobody", never, made.catalog().end(), {})));
}

void BisectTest::aTextIsAConditionOrAFunction()
{
    const Made made(m_seed, spreadShape(400));
    const Projection projection{made.index(), must(fold::builtInFold("latest"))};
    const std::string id = made.log().id(0);
    const auto flips = [&](const char* where) {
        return flipsWhere(made.reader(), projection, id, where, made.catalog().end(), {});
    };
    Replayer replayer(made.reader(), projection, nullptr);
    const auto condition = must(event::Condition::parse("/n > 500"));
    const auto expected = must(flipsOf(replayer, id, condition, made.catalog().end(), {}));
    QVERIFY(expected.has_value());
    QVERIFY(must(flips("/n > 500")) == expected);
    QVERIFY(must(flips("js: (state, event) => state.n > 500")) == expected);
    QCOMPARE(failureOf(flips("/n >")), QString("bad-condition"));
    QCOMPARE(failureOf(flips("js: 7")), QString("bad-condition"));
}

void BisectTest::halvingFindsTheFirstBad()
{
    Random random(m_seed);
    for (int i = 0; i < 2000; ++i) {
        const std::uint64_t good = random.below(1000);
        const std::uint64_t bad = good + 1 + random.below(i % 2 == 0 ? 20 : 1'000'000);
        const std::uint64_t firstBad = good + 1 + random.below(bad - good);
        Bisection bisection(good, bad);
        const unsigned most = bisection.testsLeft();
        unsigned tests = 0;
        while (const auto place = bisection.next()) {
            ++tests;
            bisection.tell(*place, *place >= firstBad ? Bisection::Verdict::Bad : Bisection::Verdict::Good);
        }
        QVERIFY(bisection.isExact());
        QCOMPARE(bisection.bad(), firstBad);
        QVERIFY(tests <= most);
    }
}

void BisectTest::whatIsSkippedIsLeftOpen()
{
    Random random(m_seed);
    int open = 0;
    for (int i = 0; i < 2000; ++i) {
        const std::uint64_t bad = 1 + random.below(60);
        const std::uint64_t firstBad = 1 + random.below(bad);
        std::set<std::uint64_t> untestable;
        for (std::uint64_t place = 1; place < bad; ++place) {
            if (random.oneIn(3)) untestable.insert(place);
        }
        Bisection bisection(0, bad);
        while (const auto place = bisection.next()) {
            using Verdict = Bisection::Verdict;
            const Verdict verdict = *place >= firstBad ? Verdict::Bad : Verdict::Good;
            bisection.tell(*place, untestable.contains(*place) ? Verdict::Skip : verdict);
        }
        // The first bad one is the one found, or one of those skipped before it.
        QVERIFY(bisection.good() < firstBad && firstBad <= bisection.bad());
        for (std::uint64_t place = bisection.good() + 1; place < bisection.bad(); ++place)
            QVERIFY(untestable.contains(place));
        QCOMPARE(bisection.isExact(), bisection.bad() - bisection.good() == 1);
        open += !bisection.isExact();
    }
    QVERIFY(open > 100);
}

QTEST_GUILESS_MAIN(BisectTest)
#include "bisect_test.moc"
