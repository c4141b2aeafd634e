// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fold/text_events.h"

#include <QTest>

using namespace leftfold::fold;

class MergeTest : public QObject {
    Q_OBJECT

private slots:
    void states_data();
    void states();
    void fingerprintNamesRuleAndVersion();
};

void MergeTest::states_data()
{
    QTest::addColumn<QString>("events");
    QTest::addColumn<QString>("state");
    QTest::newRow("no event") << ""
                              << "(no aggregate)";
    QTest::newRow("the first makes it, without its nulls") << R"(a[0]@0 - A {"n":1.50,"m":null})"
                                                           << R"({"n":1.50})";
    QTest::newRow("members change, come and go") << R"(a[0]@0 - A {"n":1,"m":{"x":1,"y":2}}
                                                       a[0]@1 - A {"m":{"x":null,"z":3},"k":[1]}
                                                       a[0]@2 - A {"k":[2,null]})"
                                                 << R"({"n":1,"m":{"y":2,"z":3},"k":[2,null]})";
    QTest::newRow("a payload null is the state null, which is inside") << R"(a[0]@0 - A {"n":1}
                                                                             a[0]@1 - A null)"
                                                                       << "null";
    QTest::newRow("a payload that is no object replaces all") << R"(a[0]@0 - A {"n":1}
                                                                    a[0]@1 - A [1,{"a":null}])"
                                                              << R"([1,{"a":null}])";
    QTest::newRow("a tombstone deletes") << R"(a[0]@0 - A {"n":1}
                                               a[0]@1 - A (none))"
                                         << "(no aggregate)";
    QTest::newRow("behind a tombstone nothing is left of it") << R"(a[0]@0 - A {"n":1}
                                                                    a[0]@1 - A (none)
                                                                    a[0]@2 - A {"m":2})"
                                                              << R"({"m":2})";
    QTest::newRow("an undecodable event changes nothing") << R"(a[0]@0 - A {"n":1}
                                                                a[0]@1 - A (bad){"n":)"
                                                          << R"({"n":1})";
}

void MergeTest::states()
{
    QFETCH(QString, events);
    const auto folder = builtInFold("merge").value()->folder();
    QTEST(QString::fromStdString(test::foldText(*folder, events.toStdString())), "state");
}

void MergeTest::fingerprintNamesRuleAndVersion()
{
    QCOMPARE(builtInFold("merge").value()->fingerprint(), std::string("merge/1"));
}

QTEST_GUILESS_MAIN(MergeTest)
#include "merge_test.moc"
