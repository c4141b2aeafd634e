// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fold/text_events.h"

#include <QRegularExpression>
#include <QTest>

using namespace leftfold;
using namespace leftfold::fold;

class PatchTest : public QObject {
    Q_OBJECT

private slots:
    void states_data();
    void states();
    void whatCannotBeAppliedIsTold();
    void nobodyListensAtFirst();
    void fingerprintNamesRuleAndVersion();
};

void PatchTest::states_data()
{
    QTest::addColumn<QString>("events");
    QTest::addColumn<QString>("state");
    QTest::newRow("no event") << ""
                              << "(no aggregate)";
    QTest::newRow("the first patches null") << R"(a[0]@0 - A [{"op":"test","path":"","value":null},
                                                  {"op":"add","path":"","value":{"n":1.50}}])"
                                            << R"({"n":1.50})";
    QTest::newRow("an empty patch makes null") << "a[0]@0 - A []"
                                               << "null";
    QTest::newRow("one after the other") << R"(a[0]@0 - A [{"op":"add","path":"","value":{"n":1,"m":[]}}]
                                               a[0]@1 - A [{"op":"add","path":"/m/-","value":2},{"op":"remove","path":"/n"}])"
                                         << R"({"m":[2]})";
    QTest::newRow("one that fails changes nothing") << R"(a[0]@0 - A [{"op":"add","path":"","value":{"n":1}}]
                                                          a[0]@1 - A [{"op":"add","path":"/m","value":2},{"op":"remove","path":"/x"}])"
                                                    << R"({"n":1})";
    QTest::newRow("a first one that fails makes no aggregate") << R"(a[0]@0 - A [{"op":"remove","path":"/x"}])"
                                                               << "(no aggregate)";
    QTest::newRow("no patch at all changes nothing") << R"(a[0]@0 - A [{"op":"add","path":"","value":{"n":1}}]
                                                           a[0]@1 - A {"n":2}
                                                           a[0]@2 - A null)"
                                                     << R"({"n":1})";
    QTest::newRow("a tombstone deletes, the next patches null")
        << R"(a[0]@0 - A [{"op":"add","path":"","value":{"n":1}}]
                                                                      a[0]@1 - A (none)
                                                                      a[0]@2 - A [{"op":"add","path":"","value":[]}])"
        << "[]";
    QTest::newRow("an undecodable event changes nothing") << R"(a[0]@0 - A [{"op":"add","path":"","value":1}]
                                                                a[0]@1 - A (bad)[)"
                                                          << "1";
}

void PatchTest::states()
{
    QFETCH(QString, events);
    const auto folder = builtInFold("patch").value()->folder();
    events.replace(QRegularExpression(",\\n\\s+\\{"), ",{");
    QTEST(QString::fromStdString(test::foldText(*folder, events.toStdString())), "state");
}

void PatchTest::whatCannotBeAppliedIsTold()
{
    const auto folder = builtInFold("patch").value()->folder();
    std::vector<base::Error> findings;
    folder->tellTo(&findings);
    (void)test::foldText(*folder, R"(a[0]@0 - A [{"op":"add","path":"","value":{"n":1}}]
                                     a[0]@1 - A [{"op":"remove","path":"/x"}]
                                     a[0]@2 - A {"n":2}
                                     a[0]@3 - A (none))");
    QCOMPARE(findings.size(), 2U);
    QCOMPARE(base::render(findings[0]),
             std::string("operation 1 of the patch, at '/x', cannot be applied: there is nothing at '/x'"));
    QVERIFY(findings[1].code == base::ErrorCode::BadPatch);
}

void PatchTest::nobodyListensAtFirst()
{
    const auto folder = builtInFold("patch").value()->folder();
    std::vector<base::Error> findings;
    folder->tellTo(&findings);
    folder->tellTo(nullptr);
    QCOMPARE(test::foldText(*folder, "a[0]@0 - A 7"), std::string("(no aggregate)"));
    QVERIFY(findings.empty());
}

void PatchTest::fingerprintNamesRuleAndVersion()
{
    QCOMPARE(builtInFold("patch").value()->fingerprint(), std::string("patch/1"));
}

QTEST_GUILESS_MAIN(PatchTest)
#include "patch_test.moc"
