// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/when.h"

#include <QTest>

#include <random>

using namespace leftfold;
using namespace leftfold::event;

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

constexpr const char* kKinds[] = {"start", "end", "time", "index", "position", "cut"};

/// The kind of moment a text is, and how it is written.
QString outcome(const base::Result<When>& when)
{
    if (!when) return text(base::render(when.error()));
    return QStringLiteral("%1 %2").arg(QString(kKinds[when->index()]), text(toText(*when)));
}

Partition randomPartition(std::mt19937_64& random)
{
    constexpr const char* kTopics[] = {"orders", "#5", "2011-01-31", "start", "end", "a.b-c_d"};
    return {kTopics[random() % std::size(kTopics)], static_cast<std::int32_t>(random() % 100)};
}

Offset randomOffset(std::mt19937_64& random)
{
    return {static_cast<std::int64_t>(random() >> 1)};
}

When randomWhen(std::mt19937_64& random)
{
    switch (random() % 6) {
    case 0:
        return AtStart{};
    case 1:
        return AtEnd{};
    case 2:
        return base::Time{static_cast<std::int64_t>(random()) >> random() % 64,
                          static_cast<std::uint32_t>(random() % 1'000'000'000)};
    case 3:
        return EventIndex{random()};
    case 4:
        return Position{randomPartition(random), randomOffset(random)};
    default:
        Cut cut;
        for (std::uint64_t parts = random() % 4 + 1; parts > 0; --parts)
            cut.next[randomPartition(random)] = randomOffset(random);
        return cut;
    }
}

} // namespace

class WhenTest : public QObject {
    Q_OBJECT

private slots:
    void everyForm_data();
    void everyForm();
    void badTextsNameTheForms_data();
    void badTextsNameTheForms();
    void textsParseBack();
    void theEmptyCutIsTheStart();
};

void WhenTest::everyForm_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* written, const char* expected) {
        QTest::newRow(written) << QByteArray(written) << QString(expected);
    };
    row("@start", "start @start");
    row("@end", "end @end");
    row("2011-01-31T12:00:00Z", "time 2011-01-31T12:00:00Z");
    row("2011-01-31", "time 2011-01-31T00:00:00Z");
    row("2011-01-31 12:00", "time 2011-01-31T12:00:00Z");
    row("2011-01-31 12:00:00.5 +01:00", "time 2011-01-31T11:00:00.500Z");
    row("+012345-01-01", "time +012345-01-01T00:00:00Z");
    row("-0001-01-01", "time -000001-01-01T00:00:00Z");
    row("#0", "index #0");
    row("#541207", "index #541207");
    row("#18446744073709551615", "index #18446744073709551615");
    row("orders[0]@1042", "position orders[0]@1042");
    row("orders[0]:1043", "cut orders[0]:1043");
    row("orders[1]:998,orders[0]:1043", "cut orders[0]:1043,orders[1]:998");
    // Topics that look like something else.
    row("#5[0]@3", "position #5[0]@3");
    row("#5[0]:3", "cut #5[0]:3");
    row("2011-01-31[0]@3", "position 2011-01-31[0]@3");
    row("start[0]:1,end[0]:2", "cut end[0]:2,start[0]:1");
}

void WhenTest::everyForm()
{
    QFETCH(QByteArray, written);
    QFETCH(QString, expected);
    QCOMPARE(outcome(parseWhen(written.toStdString())), expected);
}

void WhenTest::badTextsNameTheForms_data()
{
    QTest::addColumn<QByteArray>("written");
    for (const char* bad : {"",
                            " ",
                            "@",
                            "@begin",
                            "@START",
                            "@start ",
                            "#",
                            "#-1",
                            "#1x",
                            "#18446744073709551616",
                            "#1,000",
                            "12",
                            "now",
                            "2011-02-30",
                            "2011-01-31T25:00",
                            "orders",
                            "orders[0]",
                            "orders[0]@",
                            "orders[0]@x",
                            "orders[0]@1,orders[1]@2",
                            "orders[0]:1,orders[1]@2",
                            "orders[0]:",
                            "[0]@1",
                            "orders[0]:1,orders[0]:1"}) {
        QTest::newRow(bad) << QByteArray(bad);
    }
}

void WhenTest::badTextsNameTheForms()
{
    QFETCH(QByteArray, written);
    const QString expected =
        QStringLiteral("'%1' is not a moment: expected a time (2011-01-31T12:00:00Z), #index, topic[partition]@offset, "
                       "a cut (topic[partition]:next,...), @start or @end");
    QCOMPARE(outcome(parseWhen(written.toStdString())), expected.arg(QString(written)));
}

void WhenTest::textsParseBack()
{
    const std::uint64_t seed = std::random_device{}();
    qInfo() << "seed" << seed;
    std::mt19937_64 random(seed);
    for (int i = 0; i < 5'000; ++i) {
        const When when = randomWhen(random);
        const auto back = parseWhen(toText(when));
        QVERIFY2(back.has_value(), toText(when).c_str());
        QVERIFY2(*back == when, toText(when).c_str());
    }
}

void WhenTest::theEmptyCutIsTheStart()
{
    QVERIFY(parseWhen(toText(When(Cut{}))).value() == When(AtStart{}));
}

QTEST_APPLESS_MAIN(WhenTest)
#include "when_test.moc"
