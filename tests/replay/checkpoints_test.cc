// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/checkpoints.h"

#include "tests/replay/made_states.h"

#include <QTest>

using namespace leftfold::replay;
using namespace leftfold::replay::test;

namespace {

std::string stateOf(std::uint64_t events)
{
    return std::to_string(events) + std::string(100, '.');
}

} // namespace

class CheckpointsTest : public QObject {
    Q_OBJECT

private slots:
    void theNearestBeforeIsFound();
    void aggregatesAreKeptApart();
    void theBudgetIsKept();
    void thinningLeavesTheEndDense();
    void whatIsTooLargeIsNotKept();
    void randomUseEqualsAMap();
    void threadsShareThem();
};

void CheckpointsTest::theNearestBeforeIsFound()
{
    Checkpoints checkpoints;
    QVERIFY(!checkpoints.nearest("a", 100));
    for (const std::uint64_t events : {30U, 10U, 20U}) checkpoints.put("a", events, stateOf(events));
    QVERIFY(!checkpoints.nearest("a", 9));
    for (const auto& [at, expected] :
         std::map<std::uint64_t, std::uint64_t>{{10, 10}, {19, 10}, {20, 20}, {29, 20}, {30, 30}, {1000, 30}}) {
        const auto found = checkpoints.nearest("a", at);
        QVERIFY(found);
        QCOMPARE(found->events, expected);
        QCOMPARE(found->state, stateOf(expected));
    }
    QCOMPARE(checkpoints.count(), 3U);
    checkpoints.clear();
    QVERIFY(!checkpoints.nearest("a", 1000));
    QCOMPARE(checkpoints.bytes(), 0U);
}

void CheckpointsTest::aggregatesAreKeptApart()
{
    Checkpoints checkpoints;
    checkpoints.put("a", 5, "of a");
    checkpoints.put("ab", 5, "of ab");
    QCOMPARE(checkpoints.nearest("a", 5)->state, std::string("of a"));
    QCOMPARE(checkpoints.nearest("ab", 5)->state, std::string("of ab"));
    QVERIFY(!checkpoints.nearest("b", 5));
    checkpoints.put("a", 5, "of a, again");
    QCOMPARE(checkpoints.count(), 2U);
}

void CheckpointsTest::theBudgetIsKept()
{
    Random random(newSeed());
    Checkpoints checkpoints(10'000);
    for (std::uint64_t i = 1; i < 5000; ++i) {
        const std::string state(random.below(900), 'x');
        checkpoints.put(std::to_string(random.below(20)), i, state);
        QVERIFY(checkpoints.bytes() <= 10'000);
    }
    QVERIFY(checkpoints.count() > 5);
    QVERIFY(checkpoints.bytes() > 5'000);
}

void CheckpointsTest::thinningLeavesTheEndDense()
{
    constexpr std::uint64_t kEnd = 100'000;
    Checkpoints checkpoints(3000); // about 28 states
    for (std::uint64_t events = 100; events <= kEnd; events += 100) checkpoints.put("a", events, stateOf(events));
    QVERIFY(checkpoints.count() > 15 && checkpoints.count() < 30);
    // The nearer to the end, the smaller the distance to the nearest: never more than about half the way to the end.
    for (std::uint64_t at = 100; at <= kEnd; at += 100) {
        const auto found = checkpoints.nearest("a", at);
        const std::uint64_t from = found ? found->events : 0;
        if (found) QCOMPARE(found->state, stateOf(from));
        QVERIFY2(at - from <= (kEnd - from) / 2 + 200, qPrintable(QString("%1 from %2").arg(at).arg(from)));
    }
    QCOMPARE(checkpoints.nearest("a", kEnd)->events, kEnd);
}

void CheckpointsTest::whatIsTooLargeIsNotKept()
{
    Checkpoints checkpoints(1000);
    checkpoints.put("a", 1, std::string(400, 'x'));
    checkpoints.put("a", 2, std::string(501, 'x'));
    QCOMPARE(checkpoints.nearest("a", 9)->events, 1U);
    QCOMPARE(checkpoints.bytes(), 400U);
}

void CheckpointsTest::randomUseEqualsAMap()
{
    Random random(newSeed());
    Checkpoints checkpoints; // enough room for all
    std::map<std::string, std::map<std::uint64_t, std::string>> known;
    for (int i = 0; i < 20'000; ++i) {
        const std::string aggregate = std::to_string(random.below(30));
        const std::uint64_t events = random.below(500);
        if (random.oneIn(3)) {
            checkpoints.put(aggregate, events, stateOf(events));
            known[aggregate][events] = stateOf(events);
        }
        const auto found = checkpoints.nearest(aggregate, events);
        const auto behind = known[aggregate].upper_bound(events);
        QCOMPARE(found.has_value(), behind != known[aggregate].begin());
        if (found) QCOMPARE(found->events, std::prev(behind)->first);
    }
}

void CheckpointsTest::threadsShareThem()
{
    Checkpoints checkpoints(20'000);
    std::atomic<int> wrong = 0;
    {
        std::vector<std::jthread> threads;
        for (unsigned worker = 0; worker < 4; ++worker) {
            threads.emplace_back([&, worker] {
                Random random(worker);
                for (int i = 0; i < 3000; ++i) {
                    const std::string aggregate = std::to_string(random.below(5));
                    const std::uint64_t events = random.below(1000);
                    checkpoints.put(aggregate, events, stateOf(events));
                    const auto found = checkpoints.nearest(aggregate, events);
                    wrong += found && (found->events > events || found->state != stateOf(found->events));
                }
            });
        }
    }
    QCOMPARE(wrong.load(), 0);
    QVERIFY(checkpoints.bytes() <= 20'000);
}

QTEST_APPLESS_MAIN(CheckpointsTest)
#include "checkpoints_test.moc"
