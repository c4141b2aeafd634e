// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/merge_patch.h"


#include <QTest>

using namespace leftfold::event;

namespace {

Document parsed(const QString& json)
{
    return Document::parse(json.toStdString()).value();
}

} // namespace

class MergePatchTest : public QObject {
    Q_OBJECT

private slots:
    void rfc7396AppendixA_data();
    void rfc7396AppendixA();
    void orderAndDigitsStay();
    void nothingIsTakenForAnEmptyObject();
    void anyNesting();
};

/// The table of RFC 7396 appendix A, row by row.
void MergePatchTest::rfc7396AppendixA_data()
{
    QTest::addColumn<QString>("original");
    QTest::addColumn<QString>("patch");
    QTest::addColumn<QString>("result");
    const char* rows[][3] = {
        {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
        {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
        {R"({"a":"b"})", R"({"a":null})", R"({})"},
        {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
        {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
        {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
        {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
        {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
        {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
        {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
        {R"({"a":"foo"})", R"(null)", R"(null)"},
        {R"({"a":"foo"})", R"("bar")", R"("bar")"},
        {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
        {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
        {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
    };
    for (const auto& row : rows) QTest::addRow("%s + %s", row[0], row[1]) << row[0] << row[1] << row[2];
}

void MergePatchTest::rfc7396AppendixA()
{
    QFETCH(QString, original);
    QFETCH(QString, patch);
    QFETCH(QString, result);
    QCOMPARE(QString::fromStdString(toJson(mergePatch(parsed(original), parsed(patch)).root())), result);
}

void MergePatchTest::orderAndDigitsStay()
{
    const Document merged =
        mergePatch(parsed(R"({"z":1.50,"a":{"x":1,"y":2},"a":{"x":9007199254740993,"y":1e400},"k":0})"),
                   parsed(R"({"n":2.0,"k":"","a":{"y":null,"w":-0},"n":3.00})"));
    QCOMPARE(toJson(merged.root()), std::string(R"({"z":1.50,"a":{"x":9007199254740993,"w":-0},"k":"","n":3.00})"));
}

void MergePatchTest::nothingIsTakenForAnEmptyObject()
{
    QCOMPARE(toJson(mergePatch(std::nullopt, parsed(R"({"a":null,"b":{"c":null}})")).root()),
             std::string(R"({"b":{}})"));
    QCOMPARE(toJson(mergePatch(std::nullopt, parsed("null")).root()), std::string("null"));
}

void MergePatchTest::anyNesting()
{
    constexpr int kDepth = 200'000;
    const QString open = QString(R"({"a":)").repeated(kDepth);
    const QString close = QString("}").repeated(kDepth);
    const Document merged = mergePatch(parsed(open + R"({"x":1})" + close), parsed(open + R"({"y":2})" + close));
    QVERIFY(toJson(merged.root()).ends_with(R"({"x":1,"y":2})" + close.toStdString()));
}

QTEST_GUILESS_MAIN(MergePatchTest)
#include "merge_patch_test.moc"
