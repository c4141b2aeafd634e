// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/order.h"

#include "tests/capture/made_batches.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::capture;
using namespace leftfold::capture::test;

namespace {

using Pieces = std::vector<std::vector<base::Time>>;

TimeStream streamOf(Pieces pieces)
{
    return [pieces = std::move(pieces),
            next = std::size_t{0}]() mutable -> base::Result<std::optional<std::vector<base::Time>>> {
        if (next == pieces.size()) return std::nullopt;
        return pieces[next++];
    };
}

/// The stream of each event, in order.
std::vector<std::uint32_t> merged(const std::vector<Pieces>& streams)
{
    std::vector<TimeStream> sources;
    for (const Pieces& pieces : streams) sources.push_back(streamOf(pieces));
    std::vector<std::uint32_t> order;
    must(mergeByTime(std::move(sources), [&](std::uint32_t stream, std::uint64_t count) -> base::Result<void> {
        if (count == 0) qFatal("an empty run");
        order.insert(order.end(), count, stream);
        return {};
    }));
    return order;
}

std::vector<std::uint32_t> sorted(const std::vector<Pieces>& streams)
{
    std::vector<std::pair<base::Time, std::uint32_t>> events;
    for (std::uint32_t stream = 0; stream < streams.size(); ++stream) {
        for (const auto& piece : streams[stream]) {
            for (const base::Time time : piece) events.push_back({time, stream});
        }
    }
    std::ranges::stable_sort(events);
    std::vector<std::uint32_t> order;
    for (const auto& event : events) order.push_back(event.second);
    return order;
}

/// Never falling times in pieces of any length, also empty ones; few distinct times, so that many are equal.
Pieces randomPieces(Random& random)
{
    Pieces pieces(random.below(6));
    base::Time time{random.oneIn(5) ? std::numeric_limits<std::int64_t>::min() : 0, 0};
    for (auto& piece : pieces) {
        for (std::uint64_t i = random.below(12); i > 0; --i) {
            if (random.oneIn(3))
                time = std::max(time, base::Time{static_cast<std::int64_t>(random.below(12)),
                                                 static_cast<std::uint32_t>(random.below(2))});
            piece.push_back(time);
        }
    }
    return pieces;
}

} // namespace

class OrderTest : public QObject {
    Q_OBJECT

private slots:
    void equalTimesGoByStream();
    void nothingToMerge();
    void randomStreamsAreSortedStably();
    void errorsEndIt();
};

void OrderTest::equalTimesGoByStream()
{
    const base::Time one{1, 0};
    const base::Time two{2, 0};
    QCOMPARE(merged({{{two, two}}, {{one, two, two}}, {{one}}}), (std::vector<std::uint32_t>{1, 2, 0, 0, 1, 1}));
}

void OrderTest::nothingToMerge()
{
    QCOMPARE(merged({}).size(), 0U);
    QCOMPARE(merged({{}, {{}, {}}, {}}).size(), 0U);
}

void OrderTest::randomStreamsAreSortedStably()
{
    Random random(newSeed());
    for (int round = 0; round < 3000; ++round) {
        std::vector<Pieces> streams(random.below(7));
        for (Pieces& pieces : streams) pieces = randomPieces(random);
        QCOMPARE(merged(streams), sorted(streams));
    }
}

void OrderTest::errorsEndIt()
{
    const auto bad = []() -> base::Result<std::optional<std::vector<base::Time>>> {
        return base::fail(base::ErrorCode::DamagedChunk, "x");
    };
    const auto anything = [](std::uint32_t, std::uint64_t) -> base::Result<void> { return {}; };
    QCOMPARE(failureOf(mergeByTime({streamOf({{{1, 0}}}), bad}, anything)), QString("damaged-chunk"));
    int calls = 0;
    const auto refuse = [&](std::uint32_t, std::uint64_t) -> base::Result<void> {
        ++calls;
        return base::fail(base::ErrorCode::DiskFull, "x");
    };
    QCOMPARE(failureOf(mergeByTime({streamOf({{{1, 0}, {3, 0}}}), streamOf({{{2, 0}}})}, refuse)),
             QString("disk-full"));
    QCOMPARE(calls, 1);
}

QTEST_APPLESS_MAIN(OrderTest)
#include "order_test.moc"
