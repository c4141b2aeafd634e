// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/views/log_folder.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::views;
using event::Offset;
using source::OffsetCommit;

namespace {

const event::Partition kOrders{"orders", 0};

base::Time at(std::int64_t seconds)
{
    return {1'700'000'000 + seconds, 0};
}

OffsetCommit commit(std::int64_t seconds, std::optional<std::int64_t> offset)
{
    OffsetCommit commit;
    commit.group = "billing";
    commit.partition = kOrders;
    if (offset) commit.offset = Offset{*offset};
    commit.at = at(seconds);
    return commit;
}

/// Ten offsets more each ten seconds.
PartitionGrowth growth(int steps)
{
    PartitionGrowth out;
    for (int i = 0; i < steps; ++i) out.steps.push_back({at(10 * i), {10 * (i + 1)}});
    return out;
}

Verdict judged(const std::vector<OffsetCommit>& commits, int steps, std::int64_t seconds)
{
    const LagHistory history = historyOf(commits, {{kOrders, growth(steps)}}, at(seconds));
    return judge(history.at({"billing", kOrders}), at(seconds));
}

} // namespace

class LogFolderTest : public QObject {
    Q_OBJECT

private slots:
    void theEndIsThatOfTheTime()
    {
        const PartitionGrowth some = growth(3);
        QCOMPARE(some.endAt(at(-1)).value, 0);
        QCOMPARE(some.endAt(at(0)).value, 10);
        QCOMPARE(some.endAt(at(19)).value, 20);
        QCOMPARE(some.endAt(at(1000)).value, 30);
        QCOMPARE(some.end().value, 30);
    }

    void commitsAreSamples()
    {
        const LagHistory history =
            historyOf({commit(0, 5), commit(10, 15), commit(99, 20)}, {{kOrders, growth(3)}}, at(50));
        const auto& samples = history.at({"billing", kOrders});
        QCOMPARE(samples.size(), std::size_t{3}); // two commits, and the look
        QCOMPARE(samples[0].end.value, 10);
        QVERIFY(samples[0].committedAt == at(0) && samples[0].committed == Offset{5});
        QCOMPARE(samples[1].end.value, 20);
        QVERIFY(samples[2].time == at(50) && samples[2].committedAt == at(10));
        QCOMPARE(lagOf(samples[2])->value, 15);
    }

    void whatWasRemovedIsNoView()
    {
        QVERIFY(historyOf({commit(0, 5), commit(10, std::nullopt)}, {{kOrders, growth(3)}}, at(50)).empty());
        const auto again =
            historyOf({commit(0, 5), commit(10, std::nullopt), commit(20, 7)}, {{kOrders, growth(3)}}, at(50));
        QCOMPARE(again.at({"billing", kOrders}).size(), std::size_t{2});
    }

    /// semantics.md section 3: with the times of commits stop and stall are told apart.
    void theRulesSeeCommitTimes()
    {
        std::vector<OffsetCommit> commits;
        for (int i = 0; i < 10; ++i) commits.push_back(commit(10 * i, 5 + 5 * i));
        QVERIFY(judged(commits, 10, 95).status == ViewStatus::Warn);
        std::vector<OffsetCommit> few = commits;
        for (std::size_t i = 0; i < few.size(); ++i) few[i].offset = Offset{static_cast<std::int64_t>(i)};
        QVERIFY(judged(few, 30, 290).status == ViewStatus::Stop);
        for (OffsetCommit& each : commits) each.offset = Offset{5};
        QVERIFY(judged(commits, 10, 95).status == ViewStatus::Stall);
        commits.back().offset = Offset{3};
        QVERIFY(judged(commits, 10, 95).status == ViewStatus::Rewind);
        commits.back().offset = Offset{100};
        QVERIFY(judged(commits, 10, 95).status == ViewStatus::Ok);
        commits.resize(8); // with the look nine samples
        QVERIFY(judged(commits, 10, 95).status == ViewStatus::Unknown);
    }
};

QTEST_APPLESS_MAIN(LogFolderTest)
#include "log_folder_test.moc"
