// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fold/text_events.h"

#include <QtTest>

using namespace leftfold::fold;

class LatestTest : public QObject {
    Q_OBJECT

private slots:
    void states_data();
    void states();
    void payloadIsKeptNotPointedTo();
    void wronglyDecodableReadsAsNull();
    void fingerprintNamesRuleAndVersion();
};

void LatestTest::states_data()
{
    QTest::addColumn<QString>("events");
    QTest::addColumn<QString>("state");
    QTest::newRow("no event") << ""
                              << "(no aggregate)";
    QTest::newRow("the last one") << R"(a[0]@0 - A {"n":1}
                                        a[0]@1 - A {"n":2,"m":[ 1.50, 1e400 ]})"
                                  << R"({"n":2,"m":[1.50,1e400]})";
    QTest::newRow("a shorter and a longer one") << R"(a[0]@0 - A "long enough not to be kept inside"
                                                      a[0]@1 - A 1
                                                      a[0]@2 - A "long enough not to be kept inside, once more")"
                                                << R"("long enough not to be kept inside, once more")";
    QTest::newRow("a tombstone deletes") << R"(a[0]@0 - A {"n":1}
                                               a[0]@1 - A (none))"
                                         << "(no aggregate)";
    QTest::newRow("a value after it is an aggregate again") << R"(a[0]@0 - A {"n":1}
                                                                  a[0]@1 - A (none)
                                                                  a[0]@2 - A {"n":3})"
                                                            << R"({"n":3})";
    QTest::newRow("a tombstone first") << "a[0]@0 - A (none)"
                                       << "(no aggregate)";
    QTest::newRow("an undecodable event changes nothing") << R"(a[0]@0 - A {"n":1}
                                                                a[0]@1 - A (bad){"n":)"
                                                          << R"({"n":1})";
    QTest::newRow("an undecodable event makes no aggregate") << "a[0]@0 - A (bad)nope"
                                                             << "(no aggregate)";
    QTest::newRow("an undecodable event revives none") << R"(a[0]@0 - A 1
                                                             a[0]@1 - A (none)
                                                             a[0]@2 - A (bad){)"
                                                       << "(no aggregate)";
    QTest::newRow("null is a state") << "a[0]@0 - A null"
                                     << "null";
    QTest::newRow("an empty text is a state") << R"(a[0]@0 - A "")"
                                              << R"("")";
    QTest::newRow("duplicate members stay") << R"(a[0]@0 - A {"a":1,"a":2})"
                                            << R"({"a":1,"a":2})";
}

void LatestTest::states()
{
    QFETCH(QString, events);
    const auto folder = builtInFold("latest").value()->folder();
    QTEST(QString::fromStdString(test::foldText(*folder, events.toStdString())), "state");
}

void LatestTest::payloadIsKeptNotPointedTo()
{
    const auto folder = builtInFold("latest").value()->folder();
    const auto state = folder->begin();
    {
        const test::TextEvent gone(R"(a[0]@0 - A {"text":"longer than what a short string holds in itself"})");
        gone.applyTo(*state, *folder);
    }
    QCOMPARE(test::pictureOf(*folder, *state),
             std::string(R"({"text":"longer than what a short string holds in itself"})"));
}

void LatestTest::wronglyDecodableReadsAsNull()
{
    const auto folder = builtInFold("latest").value()->folder();
    QCOMPARE(test::foldText(*folder, "a[0]@0 - A {\"n\":"), std::string("null"));
}

void LatestTest::fingerprintNamesRuleAndVersion()
{
    QCOMPARE(builtInFold("latest").value()->fingerprint(), std::string("latest/1"));
}

QTEST_APPLESS_MAIN(LatestTest)
#include "latest_test.moc"
