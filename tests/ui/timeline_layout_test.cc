// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timeline_layout.h"

#include "tests/ui/widget_test.h"
#include "ui/time_text.h"

#include <QTest>

#include <cmath>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;

namespace {

base::TimeRange range(const char* from, const char* to)
{
    return {at(from), at(to)};
}

QString shown(const base::TimeRange& range)
{
    return QString::fromStdString(base::toIso(range.from) + " " + base::toIso(range.to));
}

QTimeZone zoneNamed(const QString& name)
{
    return name == "UTC" ? QTimeZone::utc() : QTimeZone(name.toLatin1());
}

} // namespace

class TimelineLayoutTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        m_seed = newSeed();
    }

    void pixelsAndTimesAreInverse()
    {
        std::mt19937_64 random(m_seed);
        for (int i = 0; i < 2000; ++i) {
            const base::Time from{static_cast<std::int64_t>(random() % 2'000'000'000),
                                  static_cast<std::uint32_t>(random() % 1'000'000'000)};
            const double length = std::pow(10, 3 + static_cast<double>(random() % 150) / 10);
            const TimeScale scale{{from, base::plusNanos(from, length)}, 1 + static_cast<double>(random() % 3000)};
            QVERIFY(std::abs(scale.x(scale.range.from)) < 1e-9);
            QVERIFY(std::abs(scale.x(scale.range.to) - scale.width) < 1e-3);
            const double x = static_cast<double>(random() % 3000);
            // A time has whole nanoseconds: half of one is lost at most.
            QVERIFY(std::abs(scale.x(scale.at(x)) - x) <= 0.51 / scale.nanosPerPixel() + 1e-6);
        }
    }

    void zoomKeepsWhatIsAtThePointer()
    {
        const base::TimeRange whole = range("2026-11-14", "2026-11-21");
        std::mt19937_64 random(m_seed);
        base::TimeRange seen = whole;
        for (int i = 0; i < 500; ++i) {
            const TimeScale before{seen, 1000};
            const double x = static_cast<double>(random() % 1000);
            const base::Time anchor = before.at(x);
            seen = zoomed(seen, anchor, random() % 3 ? 1.25 : 0.6, whole);
            QVERIFY(!(seen.from < whole.from) && !(whole.to < seen.to) && seen.from < seen.to);
            const bool touchesAnEdge = seen.from == whole.from || seen.to == whole.to;
            const bool isClosest = base::nanosBetween(seen.from, seen.to) < 1.3 * kMinVisibleNanos;
            if (!touchesAnEdge && !isClosest) {
                const double moved = std::abs(TimeScale{seen, 1000}.x(anchor) - x);
                QVERIFY2(moved < 2000 / base::nanosBetween(seen.from, seen.to) + 0.01,
                         qPrintable(QString::number(moved)));
            }
        }
    }

    void nothingIsSeenOutsideOfTheWhole_data()
    {
        QTest::addColumn<QString>("result");
        QTest::addColumn<QString>("expected");
        const base::TimeRange whole = range("2026-11-14", "2026-11-21");
        const base::TimeRange day = range("2026-11-15", "2026-11-16");
        QTest::newRow("pan right") << shown(panned(day, 86400e9, whole)) << shown(range("2026-11-16", "2026-11-17"));
        QTest::newRow("pan too far") << shown(panned(day, 99 * 86400e9, whole))
                                     << shown(range("2026-11-20", "2026-11-21"));
        QTest::newRow("pan too far left")
            << shown(panned(day, -99 * 86400e9, whole)) << shown(range("2026-11-14", "2026-11-15"));
        QTest::newRow("pan of all") << shown(panned(whole, 1e9, whole)) << shown(whole);
        QTest::newRow("out beyond all") << shown(zoomed(day, day.from, 0.001, whole)) << shown(whole);
        QTest::newRow("in beyond the closest") << shown(zoomed(day, day.from, 1e30, whole))
                                               << shown({day.from, base::plusNanos(day.from, kMinVisibleNanos)});
        QTest::newRow("the wrong way round")
            << shown(fitted({day.to, day.from}, whole)) << shown({day.to, base::plusNanos(day.to, kMinVisibleNanos)});
        QTest::newRow("larger than all") << shown(fitted(range("2020-01-01", "2030-01-01"), whole)) << shown(whole);
    }
    void nothingIsSeenOutsideOfTheWhole()
    {
        QFETCH(QString, result);
        QFETCH(QString, expected);
        QCOMPARE(result, expected);
    }

    void ticksStandAtRoundTimes_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("zone");
        QTest::addColumn<double>("width");
        QTest::addColumn<QString>("labels");
        QTest::newRow("a week") << "2026-11-14T00:00:00Z"
                                << "2026-11-21T09:12:00Z"
                                << "UTC" << 1000.0 << "Nov 14|Nov 15|Nov 16|Nov 17|Nov 18|Nov 19|Nov 20|Nov 21";
        QTest::newRow("a day") << "2026-11-14T00:00:00Z"
                               << "2026-11-15T00:00:01Z"
                               << "UTC" << 800.0 << "Nov 14|03:00|06:00|09:00|12:00|15:00|18:00|21:00|Nov 15";
        QTest::newRow("a day, elsewhere") << "2026-11-14T00:00:00Z"
                                          << "2026-11-15T00:00:01Z"
                                          << "Asia/Shanghai" << 500.0 << "12:00|18:00|Nov 15|06:00";
        QTest::newRow("clocks go back") << "2026-10-24T22:00:00Z"
                                        << "2026-10-25T23:30:00Z"
                                        << "Europe/Berlin" << 500.0 << "Oct 25|05:00|11:00|17:00|Oct 26";
        QTest::newRow("half an hour off") << "2026-11-14T00:00:00Z"
                                          << "2026-11-14T03:00:00Z"
                                          << "Asia/Kolkata" << 400.0 << "06:00|07:00|08:00";
        QTest::newRow("seconds") << "2026-11-14T14:03:20.062Z"
                                 << "2026-11-14T14:03:30Z"
                                 << "UTC" << 500.0 << "14:03:22|14:03:24|14:03:26|14:03:28";
        QTest::newRow("milliseconds")
            << "2026-11-14T14:03:20.062Z"
            << "2026-11-14T14:03:20.068Z"
            << "UTC" << 600.0 << "14:03:20.062|14:03:20.063|14:03:20.064|14:03:20.065|14:03:20.066|14:03:20.067";
        QTest::newRow("microseconds") << "2026-11-14T14:03:20.0620001Z"
                                      << "2026-11-14T14:03:20.0620105Z"
                                      << "UTC" << 300.0 << "14:03:20.062005|14:03:20.062010";
        QTest::newRow("months") << "2026-01-15T00:00:00Z"
                                << "2026-12-20T00:00:00Z"
                                << "UTC" << 700.0 << "Mar 2026|May 2026|Jul 2026|Sep 2026|Nov 2026";
        QTest::newRow("years") << "1996-03-01T00:00:00Z"
                               << "2026-12-20T00:00:00Z"
                               << "UTC" << 500.0 << "2000|2010|2020";
        QTest::newRow("before 1970") << "1969-12-31T23:00:00Z"
                                     << "1970-01-01T01:00:00Z"
                                     << "UTC" << 500.0 << "23:00|23:30|Jan 1|00:30";
    }
    void ticksStandAtRoundTimes()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, zone);
        QFETCH(double, width);
        QFETCH(QString, labels);
        const TimeScale scale{range(from.toLatin1(), to.toLatin1()), width};
        QStringList found;
        for (const TimeTick& tick : timeTicks(scale, zoneNamed(zone), 90)) found += tick.label;
        QCOMPARE(found.join('|'), labels);
    }

    void ticksAreInsideAndApart()
    {
        std::mt19937_64 random(m_seed);
        for (int i = 0; i < 300; ++i) {
            const base::Time from{static_cast<std::int64_t>(random() % 4'000'000'000) - 500'000'000,
                                  static_cast<std::uint32_t>(random() % 1'000'000'000)};
            const double length = std::pow(10, 3 + static_cast<double>(random() % 155) / 10);
            const TimeScale scale{{from, base::plusNanos(from, length)}, 200 + static_cast<double>(random() % 2000)};
            const QTimeZone zone = random() % 2 ? QTimeZone::utc() : QTimeZone("America/New_York");
            const auto ticks = timeTicks(scale, zone, 100);
            for (std::size_t k = 0; k < ticks.size(); ++k) {
                QVERIFY(scale.range.contains(ticks[k].time));
                // Where clocks are changed an hour is missing; months differ.
                if (k > 0) QVERIFY(scale.x(ticks[k].time) - scale.x(ticks[k - 1].time) > 45);
            }
            QVERIFY(static_cast<double>(ticks.size()) <= scale.width / 45 + 2);
        }
    }

    void beyondTheCalendarThereAreNoTicks()
    {
        const TimeScale scale{
            {{std::numeric_limits<std::int64_t>::min() + 1, 0}, {std::numeric_limits<std::int64_t>::max(), 0}}, 800};
        QVERIFY(timeTicks(scale, QTimeZone::utc(), 90).empty());
        QCOMPARE(replay::Density().counts(scale.range.from, scale.nanosPerPixel(), 800).size(), std::size_t{0});
    }

    void stackedColumnsAreRight_data()
    {
        QTest::addColumn<QList<float>>("counts");
        QTest::addColumn<double>("top");
        QTest::addColumn<QList<int>>("ends");
        QTest::newRow("nothing") << QList<float>{0, 0} << 10.0 << QList<int>{0, 0};
        QTest::newRow("all of it") << QList<float>{5, 5} << 10.0 << QList<int>{50, 100};
        QTest::newRow("sums are rounded, not parts") << QList<float>{1, 1, 1} << 200.0 << QList<int>{1, 1, 2};
        QTest::newRow("one event is seen") << QList<float>{0, 1, 0} << 1e6 << QList<int>{0, 1, 1};
        QTest::newRow("never too high") << QList<float>{20, 20} << 10.0 << QList<int>{100, 100};
    }
    void stackedColumnsAreRight()
    {
        QFETCH(QList<float>, counts);
        QFETCH(double, top);
        QFETCH(QList<int>, ends);
        const auto found = stacked(counts.constData(), static_cast<std::size_t>(counts.size()), top, 100);
        QCOMPARE(QList<int>(found.begin(), found.end()), ends);
    }

    void theRateScaleHoldsTheHighest()
    {
        std::mt19937_64 random(m_seed);
        for (int i = 0; i < 1000; ++i) {
            const double highest = std::pow(10, static_cast<double>(random() % 120) / 10 - 3);
            const double column = std::pow(10, static_cast<double>(random() % 140) / 10);
            const RateScale scale = rateScale(highest, column);
            QVERIFY(scale.top >= highest * 0.999 && scale.top <= highest * 2.6);
            QCOMPARE(scale.ticks.size(), std::size_t{3});
            QCOMPARE(scale.ticks.front().count, 0.0);
            QVERIFY(std::abs(scale.ticks.back().count - scale.top) < 1e-6 * scale.top);
            for (const RateScale::Tick& tick : scale.ticks) QVERIFY2(tick.label.size() <= 9, qPrintable(tick.label));
        }
        QCOMPARE(rateScale(0, 1e9).ticks.size(), std::size_t{0});
    }

    void ratesAreTold_data()
    {
        QTest::addColumn<double>("highest");
        QTest::addColumn<double>("columnNanos");
        QTest::addColumn<QString>("label");
        QTest::newRow("many an hour") << 4400.0 << 450e9 << "600/min";
        QTest::newRow("some an hour") << 4.0 << 450e9 << "40/h";
        QTest::newRow("some a second") << 900.0 << 1e9 << "1k/s";
        QTest::newRow("a few a day") << 3.0 << 86400e9 << "3/d";
        QTest::newRow("hardly any") << 1.0 << 86400e9 * 10 << "0.1/d";
    }
    void ratesAreTold()
    {
        QFETCH(double, highest);
        QFETCH(double, columnNanos);
        QFETCH(QString, label);
        const RateScale scale = rateScale(highest, columnNanos);
        QVERIFY2(!scale.ticks.empty(), "no ticks");
        QCOMPARE(scale.ticks.back().label, label);
    }

    void panningMovesColumnsAndDoesNotCutThemAnew()
    {
        const replay::Density density = madeDensity(50'000);
        const base::TimeRange seen = range("2026-11-15", "2026-11-17");
        const TimeScale before{seen, 800};
        const Columns first = columnsFor(before, density);
        const double shift = 37 * before.nanosPerPixel();
        const Columns second =
            columnsFor({{base::plusNanos(seen.from, shift), base::plusNanos(seen.to, shift)}, 800}, density);
        for (std::size_t column = 0; column + 38 < first.size(); ++column) {
            for (std::size_t lane = 0; lane < first.lanes; ++lane)
                QVERIFY(std::abs(first.counts[(column + 37) * first.lanes + lane]
                                 - second.counts[column * second.lanes + lane])
                        < 0.01F);
        }
    }

    void thePictureHasEachLaneInItsColour()
    {
        Columns columns;
        columns.lanes = 3;
        columns.counts = {1, 2, 1, 0, 0, 0, 0, 0, 4};
        const QImage image = paintColumns(columns, 4, {3, 40}, lightColours());
        const auto& types = lightColours().types;
        QCOMPARE(image.pixelColor(0, 39), types[0]);
        QCOMPARE(image.pixelColor(0, 25), types[1]);
        QCOMPARE(image.pixelColor(0, 0), types[2]);
        QCOMPARE(image.pixelColor(1, 39).alpha(), 0);
        QCOMPARE(image.pixelColor(2, 20), types[2]);
    }

    void timesAreTold_data()
    {
        QTest::addColumn<QString>("time");
        QTest::addColumn<QString>("zone");
        QTest::addColumn<QString>("text");
        QTest::newRow("milliseconds always") << "2026-11-20T14:03:22Z"
                                             << "UTC"
                                             << "2026-11-20 14:03:22.000 UTC";
        QTest::newRow("milliseconds") << "2026-11-20T14:03:22.118Z"
                                      << "UTC"
                                      << "2026-11-20 14:03:22.118 UTC";
        QTest::newRow("microseconds") << "2026-11-20T14:03:22.118200Z"
                                      << "UTC"
                                      << "2026-11-20 14:03:22.118200 UTC";
        QTest::newRow("nanoseconds") << "2026-11-20T14:03:22.000000001Z"
                                     << "UTC"
                                     << "2026-11-20 14:03:22.000000001 UTC";
        QTest::newRow("elsewhere") << "2026-11-20T14:03:22.118Z"
                                   << "Asia/Shanghai"
                                   << "2026-11-20 22:03:22.118 UTC+08:00";
        QTest::newRow("to the west") << "2026-11-20T14:03:22.118Z"
                                     << "America/St_Johns"
                                     << "2026-11-20 10:33:22.118 UTC-03:30";
        QTest::newRow("before 1970") << "1969-12-31T23:59:59.500Z"
                                     << "UTC"
                                     << "1969-12-31 23:59:59.500 UTC";
    }
    void timesAreTold()
    {
        QFETCH(QString, time);
        QFETCH(QString, zone);
        QFETCH(QString, text);
        QCOMPARE(fullTimeText(at(time.toLatin1()), zoneNamed(zone)), text);
        QCOMPARE(fullTimeText(base::kBeginningOfTime, zoneNamed(zone)), QString("-"));
    }

    void spansAreTold_data()
    {
        QTest::addColumn<double>("nanos");
        QTest::addColumn<QString>("text");
        QTest::newRow("days") << (7 * 24 + 9) * 3600e9 << "7 d 9 h";
        QTest::newRow("whole days") << 2 * 86400e9 << "2 d";
        QTest::newRow("minutes") << 61e9 << "1 min 1 s";
        QTest::newRow("milliseconds") << 120e6 << "120 ms";
        QTest::newRow("nothing") << 0.0 << "0 ns";
        QTest::newRow("years") << 10 * 365.25 * 86400e9 << "10 y";
    }
    void spansAreTold()
    {
        QFETCH(double, nanos);
        QFETCH(QString, text);
        QCOMPARE(spanText(nanos), text);
    }

private:
    unsigned m_seed = 0;
};

QTEST_MAIN(TimelineLayoutTest)
#include "timeline_layout_test.moc"
