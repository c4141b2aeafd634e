// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/diff.h"

#include "core/event/item_alignment.h"
#include "core/event/patch.h"
#include "tests/event/change_pictures.h"
#include "tests/event/random_document.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::event;
using test::parsed;
using test::picture;

namespace {

std::string pictureOf(const ItemPair& pair)
{
    std::string out = pair.before ? toJson(*pair.before) : std::string("_");
    out += ':';
    out += pair.after ? toJson(*pair.after) : std::string("_");
    return out;
}

QByteArray bytes(const std::string& text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

} // namespace

class DiffTest : public QObject {
    Q_OBJECT

private slots:
    void changesAreFound_data();
    void changesAreFound();
    void itemsAreAligned_data();
    void itemsAreAligned();
    void aDocumentDoesNotDifferFromItself();
    void patchingWithTheDiffGivesTheOther();
    void aJsonPatchOfTheDiffGivesTheOther();
    void thereAndBackIsIdentity();
    void deepDocumentsAreCompared();
    void longArraysAreCompared();
};

void DiffTest::changesAreFound_data()
{
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    QTest::addColumn<QByteArray>("changes");
    const auto row = [](const char* name, const char* a, const char* b, const char* changes) {
        QTest::newRow(name) << QByteArray(a) << QByteArray(b) << QByteArray(changes);
    };
    row("the whole", "1", "[]", "~=1>[]");
    row("null is not absent", R"({"a":null})", "{}", "-/a=null");
    row("spelling", R"({"a":1,"b":"x"})", R"({"b":"\u0078","a":1.0})", "");
    row("a member", R"({"a":1,"b":2})", R"({"a":1,"b":3})", "~/b=2>3");
    row("added", "{}", R"({"a":{"b":1}})", R"(+/a={"b":1})");
    row("inner", R"({"a":{"b":{"c":1}}})", R"({"a":{"b":{"c":2}}})", "~/a/b/c=1>2");
    row("order of the document", R"({"x":1,"y":{"z":1},"w":0})", R"({"y":{"z":2},"v":5,"x":2})",
        "~/x=1>2 ~/y/z=1>2 -/w=0 +/v=5");
    row("another kind", R"({"a":[1]})", R"({"a":{"0":1}})", R"(~/a=[1]>{"0":1})");
    row("names are escaped", R"({"a/b":1,"~":1})", R"({"a/b":2})", "~/a~1b=1>2 -/~0=1");
    row("shadowed members are no difference", R"({"a":9,"a":1})", R"({"a":1})", "");
    row("item appended", "[1,2]", "[1,2,3]", "+/2=3");
    row("items appended", "[1]", "[1,2,3]", "+/1=2 +/2=3");
    row("item prepended", "[1,2]", "[0,1,2]", "+/0=0");
    row("item inside", "[1,2,4]", "[1,2,3,4]", "+/2=3");
    row("items removed", "[1,2,3,4]", "[1,4]", "-/1=2 -/1=3");
    row("item changed", "[1,2,3]", "[1,5,3]", "~/1=2>5");
    row("item changed inside", R"([{"a":1,"b":1},2])", R"([{"a":1,"b":2},2])", "~/0/b=1>2");
    row("removed and added apart", "[1,2,3,4,5]", "[2,3,9,4,5]", "-/0=1 +/2=9");
    row("changed behind an addition", R"([1,{"a":1},2,{"a":2}])", R"([0,1,{"a":1},2,{"a":3}])", "+/0=0 ~/4/a=2>3");
    row("all items", "[1,2]", "[]", "-/0=1 -/0=2");
}

void DiffTest::changesAreFound()
{
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, b);
    QFETCH(QByteArray, changes);
    const Document one = parsed(a.toStdString());
    const Document other = parsed(b.toStdString());
    const auto found = diff(one.root(), other.root());
    QCOMPARE(bytes(picture(found)), changes);
    QVERIFY(patch(one, found).value() == other);
}

void DiffTest::itemsAreAligned_data()
{
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    QTest::addColumn<QByteArray>("aligned");
    QTest::addColumn<QByteArray>("oneByOne");
    const auto row = [](const char* name, const char* a, const char* b, const char* aligned, const char* oneByOne) {
        QTest::newRow(name) << QByteArray(a) << QByteArray(b) << QByteArray(aligned) << QByteArray(oneByOne);
    };
    row("empty", "[]", "[]", "", "");
    row("equal", "[1,2]", "[1,2]", "1:1 2:2", "1:1 2:2");
    row("ends", "[1,2,3]", "[1,3]", "1:1 2:_ 3:3", "1:1 2:_ 3:3");
    row("repeated", "[1,1]", "[1,1,1]", "1:1 1:1 _:1", "1:1 1:1 _:1");
    row("inside", "[0,1,2,3,9]", "[8,2,3,7,6]", "0:8 1:_ 2:2 3:3 9:7 _:6", "0:8 1:2 2:3 3:7 9:6");
}

void DiffTest::itemsAreAligned()
{
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, b);
    QFETCH(QByteArray, aligned);
    QFETCH(QByteArray, oneByOne);
    const Document one = parsed(a.toStdString());
    const Document other = parsed(b.toStdString());
    for (const bool affordable : {true, false}) {
        QByteArrayList pairs;
        for (const ItemPair& pair : alignItems(one.root(), other.root(), affordable ? 1000 : 0))
            pairs << bytes(pictureOf(pair));
        QCOMPARE(pairs.join(' '), affordable ? aligned : oneByOne);
    }
}

void DiffTest::aDocumentDoesNotDifferFromItself()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    test::Random random(seed);
    for (int i = 0; i < 5000; ++i) {
        const Document document = test::randomDocument(random);
        QVERIFY(diff(document.root(), document.root()).empty());
        QVERIFY(diff(document.root(), test::disguised(document.root(), random).root()).empty());
        QVERIFY(identical(patch(document, {}).value().root(), document.root()));
    }
}

void DiffTest::patchingWithTheDiffGivesTheOther()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    test::Random random(seed);
    std::size_t changesSeen = 0;
    for (int i = 0; i < 30000; ++i) {
        const Document a = test::randomDocument(random);
        const Document b = i % 4 == 0 ? test::randomDocument(random) : test::mutated(a.root(), random);
        const auto changes = diff(a.root(), b.root());
        QCOMPARE(changes.empty(), a == b);
        const auto patched = patch(a, changes);
        QVERIFY2(patched, patched ? "" : base::render(patched.error()).c_str());
        QVERIFY2(*patched == b, (toJson(a.root()) + "\n" + toJson(b.root())).c_str());
        changesSeen += changes.size();
    }
    QVERIFY(changesSeen > 30000);
}

void DiffTest::aJsonPatchOfTheDiffGivesTheOther()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    test::Random random(seed);
    for (int i = 0; i < 10000; ++i) {
        const Document a = test::randomDocument(random);
        const Document b = test::mutated(a.root(), random);
        const auto patched = applyJsonPatch(a, toJsonPatch(diff(a.root(), b.root())));
        QVERIFY2(patched, patched ? "" : base::render(patched.error()).c_str());
        QVERIFY2(*patched == b, (toJson(a.root()) + "\n" + toJson(b.root())).c_str());
    }
}

void DiffTest::thereAndBackIsIdentity()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    test::Random random(seed);
    for (int i = 0; i < 5000; ++i) {
        const Document a = test::randomDocument(random);
        const Document b = test::mutated(a.root(), random);
        const Document there = patch(a, diff(a.root(), b.root())).value();
        QVERIFY(patch(there, diff(there.root(), a.root())).value() == a);
    }
}

void DiffTest::deepDocumentsAreCompared()
{
    constexpr std::size_t kDepth = 100'000;
    const auto deep = [](const char* core) {
        std::string json(kDepth, '[');
        return parsed(json.append(core).append(kDepth, ']'));
    };
    const Document a = deep("1");
    const Document b = deep("2");
    const auto changes = diff(a.root(), b.root());
    QCOMPARE(changes.size(), std::size_t{1});
    QCOMPARE(changes.front().pointer.tokens.size(), kDepth);
    QVERIFY(patch(a, changes).value() == b);
}

void DiffTest::longArraysAreCompared()
{
    std::string a = "[";
    std::string b = "[";
    for (int i = 0; i < 20000; ++i) {
        a.append(std::to_string(i)).append(",");
        b.append(std::to_string(i % 10 == 0 ? -i : i + i / 15000)).append(",");
    }
    a.back() = b.back() = ']';
    const Document one = parsed(a);
    const Document other = parsed(b);
    QVERIFY(patch(one, diff(one.root(), other.root())).value() == other);
    QVERIFY(patch(other, diff(other.root(), one.root())).value() == one);
}

QTEST_APPLESS_MAIN(DiffTest)
#include "diff_test.moc"
