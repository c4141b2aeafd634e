// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fold/text_events.h"

#include <QtTest>

using namespace leftfold::fold;

namespace {

std::shared_ptr<const Fold> tally()
{
    return builtInFold("tally").value();
}

/// The member "numbers" of the tally over these payloads, one event each.
std::string numbersOf(const QStringList& payloads)
{
    const auto folder = tally()->folder();
    const auto state = folder->begin();
    for (int i = 0; i < payloads.size(); ++i)
        test::TextEvent(QString("p[0]@%1 - T %2").arg(i).arg(payloads[i]).toStdString()).applyTo(*state, *folder);
    const auto document = folder->read(*state);
    return leftfold::event::toJson(document.root().find("numbers").value());
}

/// That one member was a number once.
std::string one(const char* pointer, const char* digits)
{
    return QString(R"({"%1":{"count":1,"sum":%2,"min":%2,"max":%2,"last":%2}})").arg(pointer, digits).toStdString();
}

} // namespace

class TallyTest : public QObject {
    Q_OBJECT

private slots:
    void states_data();
    void states();
    void numbers_data();
    void numbers();
    void firstDigitsAmongEqualsAreKept();
    void numbersInsideArraysAreLeftOut();
    void membersByPointer_data();
    void membersByPointer();
    void ofDuplicateMembersTheLastCounts_data();
    void ofDuplicateMembersTheLastCounts();
    void deepMembers();
    void layoutsMayAlternate();
    void manyMembersAndTypes();
    void payloadsDoNotLeak();
    void fingerprintNamesRuleAndVersion();
    void unknownFoldNamesThoseThereAre();
};

void TallyTest::states_data()
{
    QTest::addColumn<QString>("events");
    QTest::addColumn<QString>("state");
    QTest::newRow("no event") << ""
                              << "(no aggregate)";
    QTest::newRow("three sold lines")
        << R"(retail[0]@0 2010-12-01T08:26:00Z LineSold {"sku":"85123A","quantity":6}
              retail[0]@1 2010-12-01T08:26:00Z LineSold {"sku":"71053","quantity":6}
              retail[0]@2 2010-12-01T08:26:30.5Z LineSold {"sku":"84406B","quantity":8})"
        << R"({"count":3,"first":{"position":"retail[0]@0","time":"2010-12-01T08:26:00Z"},)"
           R"("last":{"position":"retail[0]@2","time":"2010-12-01T08:26:30.500Z"},"types":{"LineSold":3},)"
           R"("numbers":{"/quantity":{"count":3,"sum":20,"min":6,"max":8,"last":8}}})";
    QTest::newRow("no time, no type, no numbers")
        << R"(a[0]@7 - - {"x":"1"})"
        << R"({"count":1,"first":{"position":"a[0]@7"},"last":{"position":"a[0]@7"},"types":{"":1},"numbers":{}})";
    QTest::newRow("types in order of first appearance, over partitions")
        << R"(b[1]@5 2020-01-01T00:00:00Z Placed {"n":1}
              a[0]@0 2020-01-02T00:00:00Z Paid {"m":2}
              b[1]@9 2020-01-03T00:00:00Z Placed {"m":3}
              a[0]@1 2020-01-04T00:00:00Z Refunded {"n":-1})"
        << R"({"count":4,"first":{"position":"b[1]@5","time":"2020-01-01T00:00:00Z"},)"
           R"("last":{"position":"a[0]@1","time":"2020-01-04T00:00:00Z"},"types":{"Placed":2,"Paid":1,"Refunded":1},)"
           R"("numbers":{"/n":{"count":2,"sum":0,"min":-1,"max":1,"last":-1},"/m":{"count":2,"sum":5,"min":2,"max":3,"last":3}}})";
    QTest::newRow("tombstones and undecodable events count")
        << R"(a[0]@0 - A {"n":1}
              a[0]@1 - A (none)
              a[0]@2 - A (bad){"n":5
              a[0]@3 - A {"n":2})"
        << R"({"count":4,"first":{"position":"a[0]@0"},"last":{"position":"a[0]@3"},"types":{"A":4},)"
           R"("numbers":{"/n":{"count":2,"sum":3,"min":1,"max":2,"last":2}}})";
    QTest::newRow("a tombstone alone is an aggregate")
        << "a[0]@0 - A (none)"
        << R"({"count":1,"first":{"position":"a[0]@0"},"last":{"position":"a[0]@0"},"types":{"A":1},"numbers":{}})";
    QTest::newRow("nothing of a payload that breaks off, even if called decodable")
        << R"(a[0]@0 - A {"n":1,"m":})"
        << R"({"count":1,"first":{"position":"a[0]@0"},"last":{"position":"a[0]@0"},"types":{"A":1},"numbers":{}})";
}

void TallyTest::states()
{
    QFETCH(QString, events);
    QTEST(QString::fromStdString(test::foldText(*tally()->folder(), events.toStdString())), "state");
}

void TallyTest::numbers_data()
{
    QTest::addColumn<QStringList>("digits");
    QTest::addColumn<QString>("tally");
    QTest::newRow("largest scale") << QStringList{"2.50", "1"} << R"("count":2,"sum":3.50,"min":1,"max":2.50,"last":1)";
    QTest::newRow("ten tenths") << QStringList(10, "0.1") << R"("count":10,"sum":1.0,"min":0.1,"max":0.1,"last":0.1)";
    QTest::newRow("2^53+1")
        << QStringList{"9007199254740993", "9007199254740992"}
        << R"("count":2,"sum":18014398509481985,"min":9007199254740992,"max":9007199254740993,"last":9007199254740992)";
    QTest::newRow("2^64")
        << QStringList{"18446744073709551616", "-9223372036854775808"}
        << R"("count":2,"sum":9223372036854775808,"min":-9223372036854775808,"max":18446744073709551616,"last":-9223372036854775808)";
    QTest::newRow("40 digits")
        << QStringList{"0.1234567890123456789012345678901234567890", "1e-40"}
        << R"("count":2,"sum":0.1234567890123456789012345678901234567891,"min":1e-40,"max":0.1234567890123456789012345678901234567890,"last":1e-40)";
    QTest::newRow("minus zero") << QStringList{"-0", "0"} << R"("count":2,"sum":0,"min":-0,"max":-0,"last":0)";
    QTest::newRow("minus zero second") << QStringList{"0", "-0.0"}
                                       << R"("count":2,"sum":0.0,"min":0,"max":0,"last":-0.0)";
    QTest::newRow("exponents") << QStringList{"1e3", "1.5e-3", "1E400", "-1e400"}
                               << R"("count":4,"sum":1000.0015,"min":-1e400,"max":1E400,"last":-1e400)";
    QTest::newRow("beyond the digits")
        << QStringList{"1e999999999", "1", "-1e999999999"}
        << R"("count":3,"sum":"beyond 4096 digits","min":-1e999999999,"max":1e999999999,"last":-1e999999999)";
    QTest::newRow("scales apart")
        << QStringList{"0.000000000000000001", "999999999999999999", "0.5"}
        << R"("count":3,"sum":999999999999999999.500000000000000001,"min":0.000000000000000001,"max":999999999999999999,"last":0.5)";
    QTest::newRow("negative fractions") << QStringList{"-0.05", "-0.5", "-0.005"}
                                        << R"("count":3,"sum":-0.555,"min":-0.5,"max":-0.005,"last":-0.005)";
    QTest::newRow("long and short by turns")
        << QStringList{"1e2", "1", "1e3", "2", "1e1", "-5"} << R"("count":6,"sum":1108,"min":-5,"max":1e3,"last":-5)";
}

void TallyTest::numbers()
{
    QFETCH(QStringList, digits);
    QFETCH(QString, tally);
    QCOMPARE(QString::fromStdString(numbersOf(digits)), QString("{\"\":{%1}}").arg(tally));
    for (QString& payload : digits) payload = R"({"deep":{"n":)" + payload + "}}";
    QCOMPARE(QString::fromStdString(numbersOf(digits)), QString("{\"/deep/n\":{%1}}").arg(tally));
}

void TallyTest::firstDigitsAmongEqualsAreKept()
{
    QCOMPARE(QString::fromStdString(numbersOf({"1.0", "1", "10e-1", "1.00"})),
             QString(R"({"":{"count":4,"sum":4.00,"min":1.0,"max":1.0,"last":1.00}})"));
    QCOMPARE(QString::fromStdString(numbersOf({"10e-1", "1"})),
             QString(R"({"":{"count":2,"sum":2.0,"min":10e-1,"max":10e-1,"last":1}})"));
}

void TallyTest::numbersInsideArraysAreLeftOut()
{
    QCOMPARE(numbersOf({"[1,2]"}), std::string("{}"));
    QCOMPARE(numbersOf({R"({"a":[1,{"b":2,"c":{"d":3}},[4]],"e":5})"}), one("/e", "5"));
    QCOMPARE(numbersOf({R"({"e":{"a":[[[]],{}],"f":5},"a":[{"e":1}]})"}), one("/e/f", "5"));
}

void TallyTest::membersByPointer_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("pointer");
    QTest::newRow("top level") << "1"
                               << "";
    QTest::newRow("blanks around") << " 1 "
                                   << "";
    QTest::newRow("empty name") << R"({"":1})"
                                << "/";
    QTest::newRow("slash") << R"({"a/b":1})"
                           << "/a~1b";
    QTest::newRow("tilde") << R"({"~":1})"
                           << "/~0";
    QTest::newRow("quote") << R"({"a\"b":1})"
                           << R"(/a\"b)";
    QTest::newRow("backslash") << R"({"a\\b":1})"
                               << R"(/a\\b)";
    QTest::newRow("escaped letter") << R"({"\u0041":1})"
                                    << "/A";
    QTest::newRow("escaped slash") << R"({"\/":1})"
                                   << "/~1";
    QTest::newRow("beyond ASCII") << QString::fromUtf8(R"({"\u00e4":1})") << QString::fromUtf8("/\u00e4");
    QTest::newRow("digits as names") << R"({"a":{"0":1}})"
                                     << "/a/0";
    QTest::newRow("15, 16 and 17 bytes") << R"({"123456789012345":{"1234567890123456":{"12345678901234567":1}}})"
                                         << "/123456789012345/1234567890123456/12345678901234567";
}

void TallyTest::membersByPointer()
{
    QFETCH(QString, payload);
    QFETCH(QString, pointer);
    QCOMPARE(QString::fromStdString(numbersOf({payload})), QString::fromStdString(one(qPrintable(pointer), "1")));
    const QString twice = R"({"%1":{"count":2,"sum":2,"min":1,"max":1,"last":1}})";
    QCOMPARE(QString::fromStdString(numbersOf({payload, payload})), twice.arg(pointer));
}

void TallyTest::ofDuplicateMembersTheLastCounts_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("numbers");
    const QString b3 = QString::fromStdString(one("/b", "3"));
    QTest::newRow("twice a number") << R"({"b":2,"b":3})" << b3;
    QTest::newRow("three times") << R"({"b":1,"b":2,"b":3})" << b3;
    QTest::newRow("another spelling") << R"({"b":2,"\u0062":3})" << b3;
    QTest::newRow("a text last") << R"({"a":2,"b":3,"a":"x"})" << b3;
    QTest::newRow("a number last") << R"({"b":"x","b":3})" << b3;
    QTest::newRow("a null last") << R"({"a":2,"a":null,"b":3})" << b3;
    QTest::newRow("an array last") << R"({"a":2,"a":[1],"b":3})" << b3;
    QTest::newRow("a shadowed object") << R"({"a":{"x":1,"y":{"z":2}},"a":true,"b":3})" << b3;
    QTest::newRow("inside an object") << R"({"a":{"n":1,"n":2}})" << QString::fromStdString(one("/a/n", "2"));
    QTest::newRow("the same object twice")
        << R"({"a":{"n":1},"a":{"n":2}})" << QString::fromStdString(one("/a/n", "2"));
    QTest::newRow("another object twice") << R"({"a":{"m":1},"a":{"n":2}})" << QString::fromStdString(one("/a/n", "2"));
    QTest::newRow("shadowed duplicates") << R"({"a":{"n":1,"n":2},"a":{"n":4}})"
                                         << QString::fromStdString(one("/a/n", "4"));
    QTest::newRow("object, then number") << R"({"a":{"n":1},"a":7})" << QString::fromStdString(one("/a", "7"));
    QTest::newRow("number, then object") << R"({"a":7,"a":{"n":1}})" << QString::fromStdString(one("/a/n", "1"));
    QTest::newRow("not the same object")
        << R"({"a":{"n":1},"n":2})"
        << R"({"/a/n":{"count":1,"sum":1,"min":1,"max":1,"last":1},"/n":{"count":1,"sum":2,"min":2,"max":2,"last":2}})";
}

void TallyTest::ofDuplicateMembersTheLastCounts()
{
    QFETCH(QString, payload);
    QTEST(QString::fromStdString(numbersOf({payload})), "numbers");
    const auto folder = tally()->folder();
    const auto state = folder->begin();
    for (const QString& each : {QString(R"({"b":9,"a":9})"), payload, payload})
        test::TextEvent("p[0]@1 - T " + each.toStdString()).applyTo(*folder->begin(), *folder);
    test::TextEvent("p[0]@1 - T " + payload.toStdString()).applyTo(*state, *folder);
    const auto document = folder->read(*state);
    QTEST(QString::fromStdString(leftfold::event::toJson(document.root().find("numbers").value())), "numbers");
}

void TallyTest::deepMembers()
{
    const auto nested = [](int depth) {
        return QString(R"({"a":)").repeated(depth) + "1" + QString("}").repeated(depth);
    };
    QCOMPARE(numbersOf({nested(128)}), one(qPrintable(QString("/a").repeated(128)), "1"));
    QCOMPARE(numbersOf({nested(129)}), std::string("{}"));
    QCOMPARE(numbersOf({R"({"deep":)" + nested(100000) + R"(,"n":1})"}), one("/n", "1"));
    QCOMPARE(numbersOf({R"({"deep":)" + QString("[").repeated(100000) + QString("]").repeated(100000) + R"(,"n":1})"}),
             one("/n", "1"));
}

void TallyTest::layoutsMayAlternate()
{
    const QStringList payloads{
        R"({"a":1,"b":2,"c":3})", R"({"c":3,"a":1})", R"({"b":2})", R"({"a":{"a":5},"c":3,"b":"2"})", "[]", "{}"};
    QStringList all;
    for (int round = 0; round < 10; ++round) all += payloads;
    QCOMPARE(
        QString::fromStdString(numbersOf(all)),
        QString(
            R"({"/a":{"count":20,"sum":20,"min":1,"max":1,"last":1},"/b":{"count":20,"sum":40,"min":2,"max":2,"last":2},)"
            R"("/c":{"count":30,"sum":90,"min":3,"max":3,"last":3},"/a/a":{"count":10,"sum":50,"min":5,"max":5,"last":5}})"));
}

void TallyTest::manyMembersAndTypes()
{
    const auto folder = tally()->folder();
    const auto state = folder->begin();
    QString types;
    QString numbers;
    for (int i = 0; i < 200; ++i) {
        const int n = i * 37 % 100;
        test::TextEvent(QString(R"(p[0]@%1 - T%2 {"m%2":%3})").arg(i).arg(n).arg(i).toStdString())
            .applyTo(*state, *folder);
        if (i >= 100) continue;
        types += QString(R"(,"T%1":2)").arg(n);
        numbers += QString(R"(,"/m%1":{"count":2,"sum":%2,"min":%3,"max":%4,"last":%4})")
                       .arg(n)
                       .arg(2 * i + 100)
                       .arg(i)
                       .arg(i + 100);
    }
    const auto document = folder->read(*state);
    QCOMPARE(QString::fromStdString(leftfold::event::toJson(document.root().find("types").value())),
             "{" + types.mid(1) + "}");
    QCOMPARE(QString::fromStdString(leftfold::event::toJson(document.root().find("numbers").value())),
             "{" + numbers.mid(1) + "}");
}

/// Members that never come again are forgotten after a while, which must not show.
void TallyTest::payloadsDoNotLeak()
{
    const auto folder = tally()->folder();
    const auto kept = folder->begin();
    const auto others = folder->begin();
    QString wide = "{";
    for (int i = 0; i < 70000; ++i) wide += QString(R"("m%1":"",)").arg(i);
    wide += R"("n":1})";
    for (const QString& payload : {QString(R"({"n":1,"m":{"n":2}})"), wide, QString(R"({"n":1,"m":{"n":2}})")})
        test::TextEvent("p[0]@1 - T " + payload.toStdString()).applyTo(payload == wide ? *others : *kept, *folder);
    const auto document = folder->read(*kept);
    QCOMPARE(
        QString::fromStdString(leftfold::event::toJson(document.root().find("numbers").value())),
        QString(
            R"({"/n":{"count":2,"sum":2,"min":1,"max":1,"last":1},"/m/n":{"count":2,"sum":4,"min":2,"max":2,"last":2}})"));
}

void TallyTest::fingerprintNamesRuleAndVersion()
{
    QCOMPARE(tally()->fingerprint(), std::string("tally/1"));
    QCOMPARE(std::string(tally()->name()), std::string("tally"));
}

void TallyTest::unknownFoldNamesThoseThereAre()
{
    const auto fold = builtInFold("sum");
    QVERIFY(!fold);
    QCOMPARE(fold.error().code, leftfold::base::ErrorCode::NoSuchFold);
    QCOMPARE(leftfold::base::render(fold.error()),
             std::string("there is no fold 'sum': expected one of tally, latest, merge, patch, debezium"));
}

QTEST_APPLESS_MAIN(TallyTest)
#include "tally_test.moc"
