// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/plot.h"

#include "core/replay/streams.h"
#include "tests/replay/made_states.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::replay;
using namespace leftfold::replay::test;
using base::ErrorCode;

namespace {

std::shared_ptr<const fold::ScriptQuestion> function(const std::string& text)
{
    return must(fold::ScriptQuestion::parse(text, fold::ScriptQuestion::Kind::State));
}

constexpr const char* kMost = "(state, event) => state.numbers['/n'] && state.numbers['/n'].max * 0.1";

} // namespace

class PlotTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void pointsAreThoseOfTheStates();
    void whatIsNoNumberIsNoPoint();
    void bucketsAreThoseOfThePoints();
    void widthsAreRead();

private:
    unsigned m_seed = 0;
};

void PlotTest::pointsAreThoseOfTheStates()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(600));
    const Projection projection{made.index(), must(fold::builtInFold("tally"))};
    Replayer replayer(made.reader(), projection, nullptr);
    const auto asker = function(kMost)->asker(streamsOf(projection, made.catalog().mapping()));
    std::size_t points = 0;
    for (int i = 0; i < 20; ++i) {
        const std::string id = made.log().id(random.below(42));
        const auto cut = made.randomCut(random);
        const auto drawn = must(plotOf(replayer, id, *asker, cut, {}));
        const auto own = must(replayer.ownEvents(id, cut));
        QCOMPARE(drawn.has_value(), own.has_value());
        if (!own) continue;
        std::size_t next = 0;
        for (const event::EventIndex event : *own) {
            capture::OrdinalCut until = must(made.catalog().prefix(event.value + 1));
            for (std::size_t p = 0; p < until.next.size(); ++p) until.next[p] = std::min(until.next[p], cut.next[p]);
            const auto state = must(replayer.stateAt(id, until, {}));
            const auto most = state->document->root().find(must(event::parsePointer("/numbers/~1n/max")));
            if (!most) continue;
            QVERIFY(next < drawn->size());
            const PlotPoint& point = (*drawn)[next++];
            QCOMPARE(point.event, event);
            QCOMPARE(point.value, std::stod(std::string(most->digits())) * 0.1);
            QCOMPARE(point.time, made.order()[event.value].effective);
        }
        QCOMPARE(next, drawn->size());
        points += next;
    }
    QVERIFY(points > 30);
}

void PlotTest::whatIsNoNumberIsNoPoint()
{
    const Made made(m_seed, spreadShape(100));
    const Projection projection{made.index(), must(fold::builtInFold("tally"))};
    Replayer replayer(made.reader(), projection, nullptr);
    const auto pointsOf = [&](const std::string& text) {
        return must(plotOf(replayer, "agg-0", *function(text)->asker(nullptr), made.catalog().end(), {})).value();
    };
    const std::size_t all = pointsOf("() => 1").size();
    QVERIFY(all > 0);
    for (const char* text : {"() => undefined", "() => null", "() => '17'", "() => NaN", "() => 1 / 0", "() => true",
                             "() => [1]", "() => 10n"})
        QVERIFY2(pointsOf(text).empty(), text);
    for (const char* text : {"() => -0.5", "() => 1e300", "() => 5e-324", "() => 9007199254740993"})
        QCOMPARE(pointsOf(text).size(), all);
    QCOMPARE(pointsOf("() => -1e-7").front().value, -1e-7);
    QVERIFY(!must(plotOf(replayer, "nobody", *function("() => 1")->asker(nullptr), made.catalog().end(), {})));
    const auto failed =
        plotOf(replayer, "agg-0", *function("s => s.none.such")->asker(nullptr), made.catalog().end(), {});
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, ErrorCode::ScriptFailed);
}

/// Summed up one by one, they are the same; and the same to the last bit for any number of workers.
void PlotTest::bucketsAreThoseOfThePoints()
{
    const Made made(m_seed, spreadShape(1500));
    const Projection projection{made.index(), must(fold::builtInFold("tally"))};
    const auto drawn = function(kMost);
    Replayer replayer(made.reader(), projection, nullptr);
    const auto asker = drawn->asker(nullptr);
    for (const std::int64_t width : {1, 60, 86400}) {
        std::map<std::int64_t, PlotBucket> expected;
        std::uint64_t timeless = 0;
        for (std::uint32_t key = 0; key < made.index()->size(); ++key) {
            const std::string id(must(made.index()->text(key)));
            const auto points = must(plotOf(replayer, id, *asker, made.catalog().end(), {}));
            for (const PlotPoint& point : *points) {
                if (point.time == base::kBeginningOfTime) {
                    ++timeless;
                    continue;
                }
                const std::int64_t start = (point.time.seconds / width) * width; // all are behind 1970
                auto& bucket = expected[start];
                bucket.min = bucket.points == 0 ? point.value : std::min(bucket.min, point.value);
                bucket.max = bucket.points == 0 ? point.value : std::max(bucket.max, point.value);
                bucket.sum += point.value;
                ++bucket.points;
            }
        }
        PlotBuckets first;
        for (const unsigned workers : {1U, 2U, 3U}) {
            const PlotBuckets all = must(plotAll(made.reader(), projection, *drawn, std::chrono::seconds(width),
                                                 made.catalog().end(), workers, {}, {}));
            QCOMPARE(all.timeless, timeless);
            QCOMPARE(all.buckets.size(), expected.size());
            for (const auto& [start, bucket] : all.buckets) {
                QCOMPARE(bucket.points, expected[start].points);
                QCOMPARE(bucket.min, expected[start].min);
                QCOMPARE(bucket.max, expected[start].max);
                QVERIFY(std::abs(bucket.sum - expected[start].sum) <= 1e-9 * std::abs(bucket.sum));
            }
            if (workers == 1) first = all;
            QVERIFY(all.buckets == first.buckets);
        }
    }
}

void PlotTest::widthsAreRead()
{
    QCOMPARE(must(parseWidth("15m")), std::chrono::seconds(900));
    QCOMPARE(must(parseWidth("1s")), std::chrono::seconds(1));
    QCOMPARE(must(parseWidth("7d")), std::chrono::seconds(7 * 86400));
    for (const char* wrong : {"", "m", "0h", "-1h", "1", "1.5h", "1w", "1h ", "99999999999h", "1hh"})
        QCOMPARE(failureOf(parseWidth(wrong)), QString("bad-argument"));
}

QTEST_GUILESS_MAIN(PlotTest)
#include "plot_test.moc"
