// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/transaction_lane.h"

#include "core/capture/store.h"
#include "tests/replay/made_states.h"
#include "tests/ui/made_window.h"
#include "tests/ui/widget_test.h"
#include "ui/timeline/timeline_widget.h"

#include <QSignalSpy>
#include <QTest>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;
using capture::test::MadeBatch;
using capture::test::MadeEvent;
using capture::test::must;
using event::TransactionState;

namespace {

base::Time second(std::int64_t seconds)
{
    return {1'700'000'000 + seconds, 0};
}

replay::TransactionSpan span(std::int64_t from, std::int64_t until, TransactionState state, std::int64_t offset = 0)
{
    replay::TransactionSpan made;
    made.transaction.partition = {"orders", 0};
    made.transaction.producer = 3;
    made.transaction.first = event::Offset{offset};
    made.transaction.last = {offset + until - from};
    made.transaction.state = state;
    made.begin = static_cast<std::uint64_t>(offset);
    made.behind = made.begin + static_cast<std::uint64_t>(until - from + 1);
    made.from = second(from);
    made.until = second(until);
    return made;
}

/// A second a pixel.
const TimeScale kScale{{second(0), second(100)}, 100};

/// Orders of one topic, a second apart, and what a broker's log told of the transactions around some of them.
void makeCapture(const std::string& path, const std::vector<event::Transaction>& transactions)
{
    capture::test::MadeLoad load;
    for (int number = 0; number < 60; ++number) {
        MadeEvent event;
        event.partition = {"orders", 0};
        event.offset = number;
        event.value = R"({"id":"o1","type":"Changed","at":")" + base::toIso(second(number)) + "\"}";
        MadeBatch batch;
        batch.events = {event};
        batch.cut = "0:" + std::to_string(number);
        load.push_back(batch);
    }
    capture::test::capture(path, {load});
    must(must(capture::Store::open(path, base::Database::Mode::ReadWrite))->putTransactions(transactions));
}

} // namespace

class TransactionLaneTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsPaintedOfThem();
    void whatHasNoTimeIsNotPainted();
    void whatLiesAtAPixel();
    void aWindowShowsThemAndGoesThere();
};

void TransactionLaneTest::whatIsPaintedOfThem()
{
    const Transactions all = {span(-20, 10, TransactionState::Committed), span(20, 40, TransactionState::Aborted),
                              span(30, 35, TransactionState::Committed),  span(38, 60, TransactionState::Open),
                              span(80, 80, TransactionState::Committed),  span(99, 200, TransactionState::Aborted)};
    const std::vector<TransactionStretch> expected = {{0, 10, TransactionState::Committed},
                                                      {20, 38, TransactionState::Aborted},
                                                      {38, 60, TransactionState::Open},
                                                      {80, 83, TransactionState::Committed},
                                                      {99, 100, TransactionState::Aborted}};
    QCOMPARE(transactionStretches(all, kScale), expected);
}

void TransactionLaneTest::whatHasNoTimeIsNotPainted()
{
    auto none = span(1, 5, TransactionState::Aborted);
    none.from.reset();
    none.until.reset();
    QVERIFY(transactionStretches({none}, kScale).empty());
    QVERIFY(
        transactionStretches({span(-50, -20, TransactionState::Open), span(101, 120, TransactionState::Open)}, kScale)
            .empty());
    QVERIFY(transactionStretches({span(0, 50, TransactionState::Open)}, {{second(0), second(100)}, 0}).empty());
}

void TransactionLaneTest::whatLiesAtAPixel()
{
    const Transactions all = {span(10, 50, TransactionState::Committed, 7),
                              span(20, 30, TransactionState::Aborted, 40)};
    const auto both = transactionsAt(all, kScale, 25);
    QCOMPARE(both.size(), 2U);
    QCOMPARE(both[0], &all[1]);
    QCOMPARE(both[1], &all[0]);
    QCOMPARE(transactionsAt(all, kScale, 45).size(), 1U);
    QVERIFY(transactionsAt(all, kScale, 60).empty());
    QCOMPARE(transactionText(all[1]), QString("orders[0]@40 · aborted · 11 events · producer 3, epoch 0"));
}

void TransactionLaneTest::aWindowShowsThemAndGoesThere()
{
    MadeWindow made;
    const std::string path = made.folder.path("orders.lflog");
    makeCapture(path, {span(10, 20, TransactionState::Committed, 10).transaction,
                       span(30, 39, TransactionState::Aborted, 30).transaction});
    made.window.openPaths({QString::fromStdString(path)});
    QVERIFY(made.settled());
    auto* const lane = made.window.findChild<TransactionLane*>();
    QVERIFY(lane->isVisible());
    QCOMPARE(lane->accessibleDescription(), QString("0 open, 1 committed, 1 aborted"));
    auto* const timeline = made.window.findChild<TimelineWidget*>();
    timeline->show({second(0), second(60)});
    QTRY_VERIFY(pixelsOf(grabbed(*lane), lightColours().bad) > 200);
    keep(*timeline, "transactions");

    const QImage picture = grabbed(*lane);
    int x = 0;
    while (x < picture.width() && picture.pixelColor(x, lane->height() / 2).rgb() != lightColours().bad.rgb()) ++x;
    QTest::mouseClick(lane, Qt::LeftButton, {}, QPoint(x + 5, lane->height() / 2));
    QVERIFY(made.settled());
    QCOMPARE(made.open().playhead->last->position, (event::Position{{"orders", 0}, {30}}));

    QVERIFY(made.openedSample());
    QVERIFY(!lane->isVisible());
}

QTEST_MAIN(TransactionLaneTest)
#include "transaction_lane_test.moc"
