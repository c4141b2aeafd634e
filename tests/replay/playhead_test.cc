// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/playhead.h"

#include "tests/replay/made_states.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::replay;
using namespace leftfold::replay::test;

class PlayheadTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void aPrefixIsTheReplayOrder();
    void theBaseComesFirstThenTheRest();
    void placesAndEventsAreInverse_data();
    void placesAndEventsAreInverse();
    void oneFurtherIsOneEventMore();

private:
    unsigned m_seed = 0;
};

void PlayheadTest::aPrefixIsTheReplayOrder()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(1000));
    for (const std::uint64_t count :
         {std::uint64_t{0}, std::uint64_t{1}, random.below(1000), std::uint64_t{999}, std::uint64_t{1000}}) {
        const PlayOrder order = must(PlayOrder::over(made.catalog(), must(made.catalog().prefix(count))));
        QVERIFY(order.isReplayOrder());
        QCOMPARE(order.home(), count);
        for (std::uint64_t i = 0; i < 1000; ++i) QCOMPARE(must(order.eventAt(i)).value, i);
    }
}

void PlayheadTest::theBaseComesFirstThenTheRest()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(1000));
    int others = 0;
    for (int round = 0; round < 20; ++round) {
        const capture::OrdinalCut base = made.randomCut(random);
        const PlayOrder order = must(PlayOrder::over(made.catalog(), base));
        QCOMPARE(order.isReplayOrder(), made.isPrefix(base));
        others += !order.isReplayOrder();
        std::vector<std::uint64_t> expected;
        for (const bool inside : {true, false}) {
            for (std::uint64_t i = 0; i < made.order().size(); ++i) {
                if (base.contains(made.location(i)) == inside) expected.push_back(i);
            }
        }
        QCOMPARE(order.size(), expected.size());
        for (std::uint64_t i = 0; i < expected.size(); ++i) QCOMPARE(must(order.eventAt(i)).value, expected[i]);
        QCOMPARE(must(order.cutAt(order.home())), base);
    }
    QVERIFY(others > 3);
}

void PlayheadTest::placesAndEventsAreInverse_data()
{
    QTest::addColumn<unsigned>("partitions");
    for (const unsigned partitions : {1U, 2U, 9U}) QTest::addRow("%u partitions", partitions) << partitions;
}

void PlayheadTest::placesAndEventsAreInverse()
{
    QFETCH(unsigned, partitions);
    Random random(m_seed);
    LogShape shape = spreadShape(9000); // more than one block of the order
    shape.partitions = partitions;
    const Made made(m_seed, shape);
    for (int round = 0; round < 5; ++round) {
        const PlayOrder order = must(PlayOrder::over(made.catalog(), made.randomCut(random)));
        for (int i = 0; i < 300; ++i) {
            const std::uint64_t at = random.below(order.size());
            QCOMPARE(must(order.placeOf(must(order.eventAt(at)))), at);
            const event::EventIndex event{random.below(order.size())};
            QCOMPARE(must(order.eventAt(must(order.placeOf(event)))), event);
        }
    }
}

void PlayheadTest::oneFurtherIsOneEventMore()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(1000));
    for (int round = 0; round < 10; ++round) {
        const PlayOrder order = must(PlayOrder::over(made.catalog(), made.randomCut(random)));
        capture::OrdinalCut behind = must(order.cutAt(0));
        QCOMPARE(behind.events(), 0U);
        for (std::uint64_t at = 0; at < order.size(); ++at) {
            const capture::Location location = must(made.catalog().locate(must(order.eventAt(at))));
            QVERIFY(!behind.contains(location));
            ++behind.next[location.partition];
            QCOMPARE(must(order.cutAt(at + 1)), behind);
        }
    }
}

QTEST_APPLESS_MAIN(PlayheadTest)
#include "playhead_test.moc"
