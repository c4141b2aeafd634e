// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/density.h"

#include "tests/replay/made_states.h"

#include <QTest>

#include <cmath>

using namespace leftfold;
using namespace leftfold::replay;
using namespace leftfold::replay::test;

namespace {

Density densityOf(const Made& made, const DensityOptions& options)
{
    return must(Density::read(made.reader(), options, {}));
}

std::vector<std::string> typesOf(const Made& made, std::size_t lanes)
{
    return laneTypes(must(summarize(made.reader(), {})), lanes);
}

/// Event by event: the events of each lane between two times.
std::vector<std::uint64_t> counted(const Made& made, const std::vector<std::string>& types, base::Time from,
                                   base::Time to)
{
    std::vector<std::uint64_t> out(types.size() + 1, 0);
    for (const Placed& placed : made.order()) {
        if (!base::TimeRange{from, to}.contains(placed.effective)) continue;
        ++out[static_cast<std::size_t>(std::ranges::find(types, placed.event->type) - types.begin())];
    }
    return out;
}

std::uint64_t timeless(const Made& made)
{
    return static_cast<std::uint64_t>(std::ranges::count_if(
        made.order(), [](const Placed& placed) { return placed.effective == base::kBeginningOfTime; }));
}

/// Sums over columns whose edges lie between buckets are those of a count event by event.
void compareColumns(const Made& made, const Density& density, std::size_t bucketsPerColumn)
{
    const double width = density.bucketNanos() * static_cast<double>(bucketsPerColumn);
    const auto columns =
        static_cast<std::size_t>(std::ceil(base::nanosBetween(density.span().from, density.span().to) / width));
    const std::vector<float> counts = density.counts(density.span().from, width, columns);
    QCOMPARE(counts.size(), columns * density.lanes());
    for (std::size_t column = 0; column < columns; ++column) {
        const base::Time from = base::plusNanos(density.span().from, static_cast<double>(column) * width);
        const base::Time to = std::min(base::plusNanos(from, width), density.span().to);
        const auto expected = counted(made, density.types(), from, to);
        for (std::size_t lane = 0; lane < density.lanes(); ++lane)
            QCOMPARE(counts[column * density.lanes() + lane], static_cast<float>(expected[lane]));
    }
}

} // namespace

class DensityTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_seed = capture::test::newSeed(); }

    void columnsHoldWhatACountEventByEventFinds_data()
    {
        QTest::addColumn<unsigned>("maxBuckets");
        QTest::addColumn<int>("lanes");
        QTest::newRow("one bucket") << 1u << 8;
        QTest::newRow("seven buckets, three lanes") << 7u << 3;
        QTest::newRow("a thousand buckets") << 1000u << 8;
        QTest::newRow("half a million buckets, one lane") << (1u << 19) << 1;
    }
    void columnsHoldWhatACountEventByEventFinds()
    {
        QFETCH(unsigned, maxBuckets);
        QFETCH(int, lanes);
        const Made made(m_seed, {});
        const auto types = typesOf(made, static_cast<std::size_t>(lanes));
        const Density density = densityOf(made, {.types = types, .range = {}, .maxBuckets = maxBuckets});
        QCOMPARE(density.events() + density.timeless(), made.catalog().eventCount());
        QCOMPARE(density.timeless(), timeless(made));
        const double span = base::nanosBetween(density.span().from, density.span().to);
        QVERIFY(span / density.bucketNanos() <= maxBuckets);
        const auto buckets = static_cast<std::size_t>(span / density.bucketNanos()) + 1;
        for (const std::size_t width : {std::size_t{1} + buckets / 500, std::size_t{1} + buckets / 3, buckets})
            compareColumns(made, density, width);
    }

    void theMostFrequentTypesHaveLanesAndTheOthersShareOne()
    {
        LogSummary summary;
        for (int i = 0; i < 9; ++i) summary.types.push_back({"T" + std::to_string(i), 100 - i});
        QCOMPARE(laneTypes(summary).size(), std::size_t{7});
        QCOMPARE(laneTypes(summary).back(), std::string("T6"));
        summary.types.pop_back();
        QCOMPARE(laneTypes(summary).size(), std::size_t{8});
        QCOMPARE(laneTypes({}).size(), std::size_t{0});

        const Made made(m_seed, {.events = 300, .strange = false});
        const Density some = densityOf(made, {.types = {"T1", "T4"}, .range = {}});
        QVERIFY(some.hasOther());
        QCOMPARE(some.lanes(), std::size_t{3});
        const Density all = densityOf(made, {.types = {"T0", "T1", "T2", "T3", "T4", "T5"}, .range = {}});
        QVERIFY(!all.hasOther());
        QCOMPARE(all.lanes(), std::size_t{6});
    }

    void anEventThatIsCutCountsInProportion()
    {
        const Made made(m_seed, {.events = 400, .strange = false});
        const Density density = densityOf(made, {.types = {}, .range = {}, .maxBuckets = 4});
        const double half = density.bucketNanos() / 2;
        const auto whole = density.counts(density.span().from, density.bucketNanos(), 4);
        const auto halves = density.counts(density.span().from, half, 8);
        for (std::size_t i = 0; i < 4; ++i) {
            QCOMPARE(halves[2 * i], whole[i] / 2);
            QCOMPARE(halves[2 * i + 1], whole[i] / 2);
        }
    }

    void beyondTheEventsThereIsNothing()
    {
        const Made made(m_seed, {.events = 200});
        const Density density = densityOf(made, {.types = typesOf(made, 8), .range = {}});
        const double span = base::nanosBetween(density.span().from, density.span().to);
        for (const double at : {-3 * span, 2 * span}) {
            for (const float count : density.counts(base::plusNanos(density.span().from, at), span / 10, 10))
                QCOMPARE(count, 0.0F);
        }
    }

    void aStretchIsReadInFinerBuckets()
    {
        const Made made(m_seed, {});
        const auto types = typesOf(made, 8);
        const Density whole = densityOf(made, {.types = types, .range = {}, .maxBuckets = 64});
        const double width = base::nanosBetween(whole.span().from, whole.span().to) / 50;
        const base::TimeRange range{base::plusNanos(whole.span().from, 20 * width),
                                    base::plusNanos(whole.span().from, 23 * width)};
        const Density part = densityOf(made, {.types = types, .range = range, .maxBuckets = 64});
        QVERIFY(part.bucketNanos() < whole.bucketNanos());
        QVERIFY(part.span() == range);
        std::uint64_t expected = 0;
        for (const std::uint64_t count : counted(made, types, range.from, range.to)) expected += count;
        QCOMPARE(part.events(), expected);
        compareColumns(made, part, 5);
        QCOMPARE(densityOf(made, {.types = types, .range = base::TimeRange{range.to, range.from}}).events(),
                 std::uint64_t{0});
    }

    void aLogWithoutTimesHasNoAxis()
    {
        const Made made(m_seed, {.events = 0});
        const Density empty = densityOf(made, {});
        QCOMPARE(empty.events(), std::uint64_t{0});
        QCOMPARE(empty.counts({0, 0}, 1e9, 3), std::vector<float>{});
        QCOMPARE(Density().counts({0, 0}, 1e9, 3), std::vector<float>{});
    }

    void aStopEndsIt()
    {
        const Made made(m_seed, {.events = 500});
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(failureOf(Density::read(made.reader(), {}, stop.get_token())), QString("cancelled"));
    }

    void progressReachesTheWhole()
    {
        const Made made(m_seed, {.events = 500});
        std::uint64_t last = 0;
        must(Density::read(made.reader(), {}, {}, [&](std::uint64_t done, std::uint64_t total) {
            QVERIFY(done >= last && done <= total);
            last = done;
        }));
        QCOMPARE(last, made.catalog().eventCount());
    }

private:
    unsigned m_seed = 0;
};

QTEST_GUILESS_MAIN(DensityTest)
#include "density_test.moc"
