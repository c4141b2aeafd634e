// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/time.h"

#include <QTest>

#include <random>

using namespace leftfold::base;

namespace {

QString describe(const Result<Time>& time)
{
    if (!time) return QString::fromStdString(render(time.error()));
    return QStringLiteral("%1 s %2 ns").arg(time->seconds).arg(time->nanos);
}

EpochUnit unitNamed(const QByteArray& name)
{
    if (name == "s") return EpochUnit::Seconds;
    if (name == "ms") return EpochUnit::Milliseconds;
    return name == "us" ? EpochUnit::Microseconds : EpochUnit::Nanoseconds;
}

/// Any time there is, small ones and the extremes as often as the rest.
Time randomTime(std::mt19937_64& random)
{
    const auto shift = static_cast<int>(random() % 64);
    const auto seconds = static_cast<std::int64_t>(random()) >> shift;
    constexpr std::uint32_t kSteps[] = {1'000'000'000, 1'000'000, 1'000, 1};
    const std::uint32_t step = kSteps[random() % 4];
    return {seconds, static_cast<std::uint32_t>(random() % 1'000'000'000) / step * step};
}

} // namespace

class TimeTest : public QObject {
    Q_OBJECT

private slots:
    void readsIso_data();
    void readsIso();
    void saysWhyATextIsNoTime_data();
    void saysWhyATextIsNoTime();
    void readsEpochNumbers_data();
    void readsEpochNumbers();
    void guessesTheUnitFromTheSize_data();
    void guessesTheUnitFromTheSize();
    void writesIso_data();
    void writesIso();
    void everyTimeSurvivesWriting();
    void everyDayOfFourCenturiesFollowsTheOneBefore();
    void usualAndGeneralFormAgree();
    void cutTextsNeverCrash();
};

void TimeTest::readsIso_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<quint32>("nanos");
    const auto row = [](const char* text, qint64 seconds, quint32 nanos = 0) {
        QTest::newRow(text) << QByteArray(text) << seconds << nanos;
    };
    row("2010-12-01T08:26:00Z", 1291191960);
    row("1970-01-01T00:00:00Z", 0);
    row("1969-12-31T23:59:59Z", -1);
    row("1969-12-31T23:59:59.999999999Z", -1, 999999999);
    row("1900-03-01T00:00:00Z", -2203891200);
    row("2000-02-29T00:00:00Z", 951782400);
    row("2262-04-11T23:47:16.854775808Z", 9223372036, 854775808);
    row("2400-02-29T12:00:00Z", 13574606400);
    row("9999-12-31T23:59:59Z", 253402300799);
    row("0000-01-01T00:00:00Z", -62167219200);
    row("+010000-01-01T00:00:00Z", 253402300800);
    row("+012345-06-07T08:09:10Z", 327416976550);
    row("+2010-12-01T08:26:00Z", 1291191960);
    row("-0001-12-31T23:59:59Z", -62167219201);
    row("-000004-02-29", -62288352000);
    row("+292277026596-12-04T15:30:07.999999999Z", std::numeric_limits<qint64>::max(), 999999999);
    row("-292277022657-01-27T08:29:52Z", std::numeric_limits<qint64>::min());
    // A date alone is the start of that day; seconds may be left out; no zone is UTC.
    row("2011-01-31", 1296432000);
    row("20110131", 1296432000);
    row("2011-01-31T12:00", 1296475200);
    row("2011-01-31 12:00", 1296475200);
    row("2011-01-31   12:00:00", 1296475200);
    row("2011-01-31t12:00:00z", 1296475200);
    row("20101201T082600Z", 1291191960);
    row("20101201T0826Z", 1291191960);
    row("20101201T082600.25+0100", 1291188360, 250000000);
    row("2010-12-01T082600", 1291191960);
    // Fractions of 1 to 30 digits, behind a point or a comma; beyond nanoseconds they are cut off.
    row("1970-01-01T00:00:00.1Z", 0, 100000000);
    row("1970-01-01T00:00:00,12Z", 0, 120000000);
    row("1970-01-01T00:00:00.123456789", 0, 123456789);
    row("1970-01-01T00:00:00.1234567899Z", 0, 123456789);
    row("1970-01-01T00:00:00.999999999999999999999999999999Z", 0, 999999999);
    row("1970-01-01T00:00:00.000000000000000000000000000001Z", 0, 0);
    row("1969-12-31T23:59:59.0000000001Z", -1, 0);
    // Offsets of zones.
    row("2011-01-31T12:00:00+01", 1296471600);
    row("2011-01-31T12:00:00+0530", 1296455400);
    row("2011-01-31T12:00:00-08:00", 1296504000);
    row("2011-01-31 12:00:00 -0800", 1296504000);
    row("2011-01-31T12:00-00:00", 1296475200);
    row("1970-01-01T00:00:00+23:59", -86340);
    row("2010-12-31T23:30:00.5-01:00", 1293841800, 500000000);
    // Leap seconds are the first second of the next minute, hour 24 the end of the day.
    row("2016-12-31T23:59:60Z", 1483228800);
    row("2016-12-31T23:59:60.5Z", 1483228800, 500000000);
    row("2017-01-01T00:59:60+01:00", 1483228800);
    row("2011-01-31T24:00:00Z", 1296518400);
    row("2011-01-31T24:00", 1296518400);
}

void TimeTest::readsIso()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, seconds);
    QFETCH(quint32, nanos);
    QCOMPARE(describe(parseTime(text.toStdString())), describe(Time{seconds, nanos}));
}

void TimeTest::saysWhyATextIsNoTime_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* text, const char* reason) {
        QTest::newRow(text) << QByteArray(text) << QString(reason);
    };
    row("", "expected a date as 2011-01-31");
    row("yesterday", "expected a date as 2011-01-31");
    row("2011", "expected a date as 2011-01-31");
    row("2011-01", "expected a date as 2011-01-31");
    row("2011/01/31", "expected a date as 2011-01-31");
    row("201-01-31", "expected a date as 2011-01-31");
    row("12345-01-31", "expected a date as 2011-01-31");
    row("1291191960", "expected a date as 2011-01-31");
    row("+1234567890123-01-01", "expected a date as 2011-01-31");
    row("1111111111111111111111111111111111111111", "expected a date as 2011-01-31");
    row(" 2011-01-31", "expected a date as 2011-01-31");
    row("2011-1-31", "expected month");
    row("2011-13-31", "there is no month 13");
    row("2011-00-31", "there is no month 0");
    row("2011-01-32", "there is no day 32");
    row("2011-01-00", "there is no day 0");
    row("2011-02-29", "that month has no day 29");
    row("1900-02-29", "that month has no day 29");
    row("2011-04-31T00:00:00Z", "that month has no day 31");
    row("2011-01-31X12:00", "expected T or a blank behind the date");
    row("2011-01-31T", "expected hour");
    row("2011-01-31T1:00", "expected hour");
    row("2011-01-31T12", "expected minute");
    row("2011-01-31T25:00", "there is no hour 25");
    row("2011-01-31T12:60", "there is no minute 60");
    row("2011-01-31T12:00:61Z", "there is no second 61");
    row("2011-01-31T12:00:", "expected second");
    row("2011-01-31T12:00:0Z", "expected second");
    row("2011-01-31T24:00:01Z", "hour 24 is only the end of a day, 24:00:00");
    row("2011-01-31T24:00:00.1Z", "hour 24 is only the end of a day, 24:00:00");
    row("2011-01-31T12:00:00.Z", "expected digits of the fraction");
    row("2011-01-31T12:00:00+", "expected offset of hours");
    row("2011-01-31T12:00:00+24:00", "there is no offset of hours 24");
    row("2011-01-31T12:00:00+01:60", "there is no offset of minutes 60");
    row("2011-01-31T12:00:00+01:", "expected offset of minutes");
    row("2011-01-31T12:00:00ZZ", "nothing may follow the time but Z or an offset as +01:00");
    row("2011-01-31T12:00:00 UTC", "nothing may follow the time but Z or an offset as +01:00");
    row("2011-01-31T12:00.5Z", "nothing may follow the time but Z or an offset as +01:00");
    row("+292277026596-12-04T15:30:08Z", "it is further away than a time can say");
    row("-292277022657-01-27T08:29:51Z", "it is further away than a time can say");
    row("-999999999999-01-01", "it is further away than a time can say");
}

void TimeTest::saysWhyATextIsNoTime()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, reason);
    QCOMPARE(describe(parseTime(text.toStdString())),
             QStringLiteral("'%1' is not a time: %2").arg(QString(text), reason));
}

void TimeTest::readsEpochNumbers_data()
{
    QTest::addColumn<QByteArray>("digits");
    QTest::addColumn<QByteArray>("unit");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* digits, const char* unit, const char* expected) {
        QTest::addRow("%s %s", digits, unit) << QByteArray(digits) << QByteArray(unit) << QString(expected);
    };
    row("0", "s", "0 s 0 ns");
    row("1291191960", "s", "1291191960 s 0 ns");
    row("1291191960123", "ms", "1291191960 s 123000000 ns");
    row("1291191960123456", "us", "1291191960 s 123456000 ns");
    row("1291191960123456789", "ns", "1291191960 s 123456789 ns");
    row("999999999999999999", "ns", "999999999 s 999999999 ns");
    row("1291191960.5", "s", "1291191960 s 500000000 ns");
    row("1291191960.1234567899", "s", "1291191960 s 123456789 ns");
    row("1.29119196e9", "s", "1291191960 s 0 ns");
    row("1.29119196E+9", "s", "1291191960 s 0 ns");
    row("12911919605e-1", "s", "1291191960 s 500000000 ns");
    row("000000000000000000000000000000000001.5", "ms", "0 s 1500000 ns");
    row("0.000000000000000000000000000000000001e36", "s", "1 s 0 ns");
    row("0e999999999999999999999999", "s", "0 s 0 ns");
    row("1e-999999999999999999999999", "s", "0 s 0 ns");
    // Before 1970 what is finer than a nanosecond is cut off towards the past.
    row("-1", "ms", "-1 s 999000000 ns");
    row("-1", "ns", "-1 s 999999999 ns");
    row("-0.0000000001", "s", "-1 s 999999999 ns");
    row("-1e-400", "s", "-1 s 999999999 ns");
    row("-0", "s", "0 s 0 ns");
    row("-1.5", "s", "-2 s 500000000 ns");
    row("-1500.0000009", "ms", "-2 s 499999999 ns");
    row("9223372036854775807.999999999", "s", "9223372036854775807 s 999999999 ns");
    row("-9223372036854775808", "s", "-9223372036854775808 s 0 ns");
    row("9223372036854775808", "s", "'9223372036854775808' is not a time: it is further away than a time can say");
    row("-9223372036854775808.1", "s",
        "'-9223372036854775808.1' is not a time: it is further away than a time can say");
    row("1e999999999999999999", "ns", "'1e999999999999999999' is not a time: it is further away than a time can say");
    row("", "s", "'' is not a time: expected a number");
    row("-", "s", "'-' is not a time: expected a number");
    row("+1", "s", "'+1' is not a time: expected a number");
    row("1.", "s", "'1.' is not a time: expected a number");
    row(".5", "s", "'.5' is not a time: expected a number");
    row("1e", "s", "'1e' is not a time: expected a number");
    row("1e+", "s", "'1e+' is not a time: expected a number");
    row("12x", "s", "'12x' is not a time: expected a number");
    row("0x10", "s", "'0x10' is not a time: expected a number");
    row("NaN", "s", "'NaN' is not a time: expected a number");
}

void TimeTest::readsEpochNumbers()
{
    QFETCH(QByteArray, digits);
    QFETCH(QByteArray, unit);
    QFETCH(QString, expected);
    QCOMPARE(describe(parseEpoch(digits.toStdString(), unitNamed(unit))), expected);
}

void TimeTest::guessesTheUnitFromTheSize_data()
{
    QTest::addColumn<QByteArray>("digits");
    QTest::addColumn<QByteArray>("unit");
    const auto row = [](const char* digits, const char* unit) {
        QTest::newRow(digits) << QByteArray(digits) << QByteArray(unit);
    };
    row("100000000", "s"); // 1973
    row("1291191960", "s");
    row("99999999999", "s"); // 5138
    row("100000000000", "ms"); // 1973
    row("1291191960123", "ms");
    row("99999999999999", "ms");
    row("100000000000000", "us");
    row("1291191960123456", "us");
    row("99999999999999999", "us");
    row("100000000000000000", "ns");
    row("1291191960123456789", "ns");
    row("1.291191960123e12", "ms");
    row("1291191960.123456", "s");
    row("0.000001291191960123e18", "ms");
    row("00000000001291191960", "s");
    row("-1291191960123", "ms");
    row("0", "s");
    row("12", "s");
}

void TimeTest::guessesTheUnitFromTheSize()
{
    QFETCH(QByteArray, digits);
    QFETCH(QByteArray, unit);
    QCOMPARE(static_cast<int>(guessEpochUnit(digits.toStdString())), static_cast<int>(unitNamed(unit)));
}

void TimeTest::writesIso_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<quint32>("nanos");
    QTest::addColumn<QString>("expected");
    const auto row = [](qint64 seconds, quint32 nanos, const char* expected) {
        QTest::newRow(expected) << seconds << nanos << QString(expected);
    };
    row(1291191960, 0, "2010-12-01T08:26:00Z");
    row(1291191960, 500'000'000, "2010-12-01T08:26:00.500Z");
    row(1291191960, 120'000, "2010-12-01T08:26:00.000120Z");
    row(1291191960, 1, "2010-12-01T08:26:00.000000001Z");
    row(-1, 999'000'000, "1969-12-31T23:59:59.999Z");
    row(253402300800, 0, "+010000-01-01T00:00:00Z");
    row(-62167219200, 0, "0000-01-01T00:00:00Z");
    row(-62167219201, 0, "-000001-12-31T23:59:59Z");
    row(kBeginningOfTime.seconds, 0, "-292277022657-01-27T08:29:52Z");
    row(std::numeric_limits<qint64>::max(), 999'999'999, "+292277026596-12-04T15:30:07.999999999Z");
}

void TimeTest::writesIso()
{
    QFETCH(qint64, seconds);
    QFETCH(quint32, nanos);
    QFETCH(QString, expected);
    QCOMPARE(QString::fromStdString(toIso({seconds, nanos})), expected);
}

void TimeTest::everyTimeSurvivesWriting()
{
    const std::uint64_t seed = std::random_device{}();
    qInfo() << "seed" << seed;
    std::mt19937_64 random(seed);
    for (int i = 0; i < 20'000; ++i) {
        const Time time = randomTime(random);
        QCOMPARE(describe(parseTime(toIso(time))), describe(time));
    }
}

void TimeTest::everyDayOfFourCenturiesFollowsTheOneBefore()
{
    std::string before = toIso({-11676182400, 0});
    QCOMPARE(before, std::string("1599-12-31T00:00:00Z"));
    for (std::int64_t day = 1; day <= 146'097; ++day) {
        const Time time{-11676182400 + day * 86'400, 0};
        const std::string text = toIso(time);
        QVERIFY2(before < text, text.c_str());
        QCOMPARE(describe(parseTime(text.substr(0, 10))), describe(time));
        before = text;
    }
    QCOMPARE(before, std::string("1999-12-31T00:00:00Z"));
}

/// The quick way to read the usual form may differ from the grammar in nothing, errors included.
void TimeTest::usualAndGeneralFormAgree()
{
    const std::uint64_t seed = std::random_device{}();
    qInfo() << "seed" << seed;
    std::mt19937_64 random(seed);
    const std::string usual = "2012-02-29T23:59:59Z";
    for (int i = 0; i < 50'000; ++i) {
        std::string text = usual;
        for (std::uint64_t changes = random() % 4; changes > 0; --changes) {
            text[random() % (text.size() - 1)] = "0123456789:-T ."[random() % 15];
        }
        const auto quick = parseTime(text);
        const auto slow = parseTime(text.substr(0, text.size() - 1) + " Z");
        QCOMPARE(quick.has_value(), slow.has_value());
        if (quick)
            QCOMPARE(describe(quick), describe(slow));
        else
            QCOMPARE(quick.error().args[1], slow.error().args[1]);
    }
}

void TimeTest::cutTextsNeverCrash()
{
    const std::string text = "-012345-06-07 08:09:10.123456789012 +05:30";
    for (std::size_t length = 0; length < text.size(); ++length) {
        const std::string cut = text.substr(0, length);
        const auto time = parseTime(cut);
        // What is cut inside its date says nothing; behind it most cuts still are a time.
        QCOMPARE(time.has_value() && length < 13, false);
        if (!time) QCOMPARE(time.error().args[0], cut);
    }
    QVERIFY(parseTime(text).has_value());
}

QTEST_APPLESS_MAIN(TimeTest)
#include "time_test.moc"
