// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/time_range.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace leftfold::base;

class TimeRangeTest : public QObject {
    Q_OBJECT

private slots:
    void aRangeEndsBeforeItsEnd()
    {
        const TimeRange range{{10, 5}, {11, 0}};
        QVERIFY(!range.contains({10, 4}));
        QVERIFY(range.contains({10, 5}));
        QVERIFY(range.contains({10, 999'999'999}));
        QVERIFY(!range.contains({11, 0}));
    }

    void differences_data()
    {
        QTest::addColumn<qint64>("fromSeconds");
        QTest::addColumn<quint32>("fromNanos");
        QTest::addColumn<double>("nanos");
        QTest::addColumn<qint64>("toSeconds");
        QTest::addColumn<quint32>("toNanos");
        QTest::newRow("nothing") << qint64{5} << quint32{6} << 0.0 << qint64{5} << quint32{6};
        QTest::newRow("a nanosecond") << qint64{5} << quint32{999'999'999} << 1.0 << qint64{6} << quint32{0};
        QTest::newRow("a nanosecond back") << qint64{6} << quint32{0} << -1.0 << qint64{5} << quint32{999'999'999};
        QTest::newRow("over the epoch") << qint64{-1} << quint32{1} << 1e9 << qint64{0} << quint32{1};
        QTest::newRow("a day") << qint64{1'700'000'000} << quint32{7} << 86400e9 << qint64{1'700'086'400} << quint32{7};
        QTest::newRow("a second and a half back")
            << qint64{0} << quint32{0} << -1.5e9 << qint64{-2} << quint32{500'000'000};
    }
    void differences()
    {
        QFETCH(qint64, fromSeconds);
        QFETCH(quint32, fromNanos);
        QFETCH(double, nanos);
        QFETCH(qint64, toSeconds);
        QFETCH(quint32, toNanos);
        const Time from{fromSeconds, fromNanos};
        const Time to{toSeconds, toNanos};
        QCOMPARE(nanosBetween(from, to), nanos);
        QVERIFY(plusNanos(from, nanos) == to);
    }

    void timesStayWithinWhatThereIs()
    {
        const Time last{std::numeric_limits<std::int64_t>::max(), 999'999'999};
        QVERIFY(plusNanos(last, 1e30) == last);
        QVERIFY(plusNanos({0, 0}, 1e300) == last);
        QVERIFY(plusNanos({0, 0}, -1e300) > kBeginningOfTime);
        QVERIFY(nanosBetween(kBeginningOfTime, last) > 1.8e28);
    }

    void addingTheDifferenceArrives()
    {
        const unsigned seed = std::random_device()();
        qInfo("seed %u", seed);
        std::mt19937_64 random(seed);
        for (int i = 0; i < 10'000; ++i) {
            const Time from{static_cast<std::int64_t>(random() % 4'000'000'000),
                            static_cast<std::uint32_t>(random() % 1'000'000'000)};
            const Time to{from.seconds + static_cast<std::int64_t>(random() % 9'000'000),
                          static_cast<std::uint32_t>(random() % 1'000'000'000)};
            QVERIFY(plusNanos(from, nanosBetween(from, to)) == to);
        }
    }
};

QTEST_GUILESS_MAIN(TimeRangeTest)
#include "time_range_test.moc"
