// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/only_types.h"

#include "tests/fold/text_events.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::fold;

class OnlyTypesTest : public QObject {
    Q_OBJECT

private slots:
    void othersChangeNothing();
    void fingerprintNamesTheTypesInAnyOrder();
    void findingsComeThrough();
    void statesAreThoseOfTheFold();
};

void OnlyTypesTest::othersChangeNothing()
{
    const auto fold = onlyTypes(builtInFold("merge").value(), {"A", "C"});
    const auto folder = fold->folder();
    QCOMPARE(test::foldText(*folder, R"(a[0]@0 - B {"b":1}
                                        a[0]@1 - A {"a":1}
                                        a[0]@2 - B (none)
                                        a[0]@3 - - {"n":1}
                                        a[0]@4 - C {"c":1})"),
             std::string(R"({"a":1,"c":1})"));
    QCOMPARE(test::foldText(*folder, R"(a[0]@0 - B {"b":1})"), std::string("(no aggregate)"));
}

void OnlyTypesTest::fingerprintNamesTheTypesInAnyOrder()
{
    const auto merge = builtInFold("merge").value();
    QCOMPARE(onlyTypes(merge, {"B", "A x", "B"})->fingerprint(), std::string("merge/1 only [\"A x\",\"B\"]"));
    QCOMPARE(onlyTypes(merge, {"A", "B"})->fingerprint(), onlyTypes(merge, {"B", "A"})->fingerprint());
}

void OnlyTypesTest::findingsComeThrough()
{
    const auto fold = onlyTypes(builtInFold("patch").value(), {"A"});
    QVERIFY(fold->finds());
    QVERIFY(!onlyTypes(builtInFold("merge").value(), {"A"})->finds());
    const auto folder = fold->folder();
    std::vector<base::Error> findings;
    folder->tellTo(&findings);
    (void)test::foldText(*folder, "a[0]@0 - A 1\na[0]@1 - B 1");
    QCOMPARE(findings.size(), 1U);
}

void OnlyTypesTest::statesAreThoseOfTheFold()
{
    const auto fold = onlyTypes(builtInFold("merge").value(), {"A"});
    const auto folder = fold->folder();
    const auto state = folder->begin();
    test::TextEvent(R"(a[0]@0 - A {"a":1})").applyTo(*state, *folder);
    const auto again = folder->restore(folder->save(*state));
    QVERIFY(again);
    QCOMPARE(test::pictureOf(*folder, *again), std::string(R"({"a":1})"));
}

QTEST_GUILESS_MAIN(OnlyTypesTest)
#include "only_types_test.moc"
