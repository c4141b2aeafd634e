// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/views/history.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace leftfold;
using namespace leftfold::views;

namespace {

const ViewPartition kFirst{"billing", {"orders", 0}};
const ViewPartition kSecond{"search", {"orders", 0}};

LagSample at(std::int64_t second)
{
    LagSample sample;
    sample.time = {second, 5'000'000};
    sample.committed = event::Offset{second};
    sample.end = {second + 10};
    return sample;
}

} // namespace

class HistoryTest : public QObject {
    Q_OBJECT

private slots:
    void whatWasSeenIsKeptAcrossRuns();
    void onlyTheLastOfEachPartitionAreRead();
    void clustersAreHeldApart();
    void oldOnesAreForgotten();

private:
    [[nodiscard]] std::unique_ptr<LagStore> open() const
    {
        return LagStore::open(m_folder.filePath("lag.sqlite").toStdString()).value();
    }
    void clear() const { QFile::remove(m_folder.filePath("lag.sqlite")); }
    QTemporaryDir m_folder;
};

void HistoryTest::whatWasSeenIsKeptAcrossRuns()
{
    clear();
    LagSample unknown = at(2);
    unknown.committed.reset();
    LagSample committed = at(3);
    committed.committedAt = base::Time{1, 0};
    const LagHistory seen = {{kFirst, {at(1), unknown, committed}}, {kSecond, {at(1)}}};
    QVERIFY(open()->add("c", seen));
    QVERIFY(open()->add("c", seen)); // the same again changes nothing
    QVERIFY(open()->read("c", std::nullopt, {100, 0}, 10).value() == seen);
}

void HistoryTest::onlyTheLastOfEachPartitionAreRead()
{
    clear();
    const auto store = open();
    QVERIFY(store->add("c", {{kFirst, {at(1), at(2), at(3), at(4)}}, {kSecond, {at(1)}}}));
    const LagHistory expected = {{kFirst, {at(2), at(3)}}};
    QVERIFY(store->read("c", "billing", at(3).time, 2).value() == expected);
}

void HistoryTest::clustersAreHeldApart()
{
    clear();
    const auto store = open();
    QVERIFY(store->add("c", {{kFirst, {at(1)}}}));
    QVERIFY(store->read("d", std::nullopt, {100, 0}, 10).value().empty());
}

void HistoryTest::oldOnesAreForgotten()
{
    clear();
    const auto store = open();
    QVERIFY(store->add("c", {{kFirst, {at(1), at(2)}}}));
    QVERIFY(store->forget(at(2).time));
    const LagHistory expected = {{kFirst, {at(2)}}};
    QVERIFY(store->read("c", std::nullopt, {100, 0}, 10).value() == expected);
}

QTEST_GUILESS_MAIN(HistoryTest)
#include "history_test.moc"
