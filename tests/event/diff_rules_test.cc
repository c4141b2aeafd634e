// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/diff.h"
#include "core/event/number_distance.h"
#include "core/event/patch.h"
#include "tests/event/change_pictures.h"
#include "tests/event/random_document.h"

#include <QStringList>
#include <QTest>

using namespace leftfold;
using namespace leftfold::event;
using test::parsed;
using test::picture;

namespace {

/// "ignore /a; set /b; multiset /c; by /d=/id; within /e=0.1".
DiffRules rulesOf(const QString& picture)
{
    DiffRules rules;
    for (const QString& rule : picture.split(';', Qt::SkipEmptyParts)) {
        const QStringList words = rule.simplified().split(' ');
        const std::string path = words.value(1).toStdString();
        if (words[0] == "ignore") rules.ignored.push_back(parsePathPattern(path).value());
        if (words[0] == "set") rules.sets.push_back(parsePathPattern(path).value());
        if (words[0] == "multiset") rules.multisets.push_back(parsePathPattern(path).value());
        if (words[0] == "by") rules.matchedBy.push_back(parseMatchBy(path).value());
        if (words[0] == "within") rules.tolerances.push_back(parseTolerance(path).value());
    }
    return rules;
}

/// A pattern that names no item by its number.
std::string randomPattern(test::Random& random)
{
    static const std::vector<std::string> kTokens = {"*", "a", "b", "~0", "*", "a"};
    std::string out;
    const auto size = random() % 4;
    const auto deepAt = random() % 6;
    for (std::uint64_t i = 0; i < size; ++i) out += '/' + (i == deepAt ? "**" : test::oneOf(kTokens, random));
    return out;
}

DiffRules randomRules(test::Random& random)
{
    DiffRules rules;
    const auto pattern = [&] { return parsePathPattern(randomPattern(random)).value(); };
    const auto some = [&](auto& list, auto make) {
        for (auto i = random() % 3; i > 0; --i) list.push_back(make());
    };
    if (random() % 2 == 0) some(rules.ignored, pattern);
    some(rules.sets, pattern);
    some(rules.multisets, pattern);
    some(rules.matchedBy, [&] { return DiffRules::MatchBy{pattern(), parsePointer("/a").value()}; });
    some(rules.tolerances, [&] { return DiffRules::Tolerance{pattern(), random() % 2 == 0 ? "0.9" : "1"}; });
    return rules;
}

std::string textOf(const DiffRules& rules)
{
    std::string out;
    for (const auto& each : rules.ignored) out += "ignore " + toText(each) + "; ";
    for (const auto& each : rules.sets) out += "set " + toText(each) + "; ";
    for (const auto& each : rules.multisets) out += "multiset " + toText(each) + "; ";
    for (const auto& each : rules.matchedBy) out += "by " + toText(each.array) + "=" + toText(each.key) + "; ";
    for (const auto& each : rules.tolerances) out += "within " + toText(each.path) + "=" + each.digits + "; ";
    return out;
}

/// The same with the items of arrays in another order.
void appendAkin(DocumentBuilder& out, Value value, test::Random& random)
{
    if (value.kind() == Kind::Array) {
        std::vector<Value> items;
        for (const Value item : value.items()) items.push_back(item);
        std::shuffle(items.begin(), items.end(), random);
        out.beginArray();
        for (const Value item : items) appendAkin(out, item, random);
        out.endArray();
    } else if (value.kind() == Kind::Object) {
        out.beginObject();
        for (const Member& member : value.members()) {
            if (member.shadowed) continue;
            out.key(member.key);
            appendAkin(out, member.value, random);
        }
        out.endObject();
    } else {
        out.value(value);
    }
}

} // namespace

class DiffRulesTest : public QObject {
    Q_OBJECT

private slots:
    void rulesLeaveOut_data();
    void rulesLeaveOut();
    void patternsMeanPlaces_data();
    void patternsMeanPlaces();
    void wrongRulesAreRefused_data();
    void wrongRulesAreRefused();
    void numbersAreWithin_data();
    void numbersAreWithin();
    void distanceAgreesWithIntegers();
    void whatIsLeftAfterPatchingIsNoDifference();
    void otherOrderIsNoDifferenceBetweenMultisets();
    void withoutRulesItIsThePlainDiff();
    void veryDeepDocumentsAreCompared();
};

void DiffRulesTest::rulesLeaveOut_data()
{
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    QTest::addColumn<QString>("rules");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* a, const char* b, const char* rules, const char* expected) {
        QTest::newRow(name) << QByteArray(a) << QByteArray(b) << QString(rules) << QByteArray(expected);
    };
    row("ignored member", R"({"a":1,"t":1})", R"({"a":2,"t":2})", "ignore /t", "~/a=1>2");
    row("ignored member on one side", R"({"t":1})", R"({"u":1})", "ignore /t; ignore /u", "");
    row("ignored deep", R"({"a":{"t":1,"x":1}})", R"({"a":{"t":2,"x":2}})", "ignore /**/t", "~/a/x=1>2");
    row("ignored in every item", R"({"i":[{"t":1},{"t":2}]})", R"({"i":[{"t":3},{"t":4}]})", "ignore /i/*/t", "");
    row("ignored, with an item before", R"({"i":[{"t":1,"n":1}]})", R"({"i":[{"n":0},{"t":9,"n":1}]})", "ignore /i/*/t",
        R"(+/i/0={"n":0})");
    row("ignored whole", "1", "[]", "ignore ", "");
    row("ignored items", "[1,2,3]", "[4]", "ignore /*", "");
    row("a parent that changes its kind is told whole", R"({"a":{"t":1}})", R"({"a":[]})", "ignore /a/t",
        R"(~/a={"t":1}>[])");
    row("set in another order", R"({"s":["x","y"]})", R"({"s":["y","x","x"]})", "set /s", "");
    row("set with changes", R"(["x","y"])", R"(["z","y"])", "set ", R"(-/0="x" +/1="z")");
    row("set, repeated and gone", R"(["x","y","x"])", R"(["y"])", "set ", R"(-/0="x" -/1="x")");
    row("set of objects, part ignored", R"([{"k":1,"t":1}])", R"([{"t":2,"k":1},{"k":1,"t":3}])", "set ; ignore /*/t",
        "");
    row("set within", "[1.0,5]", "[1.05,1.0,5]", "set ; within /*=0.1", "");
    row("multiset in another order", "[1,2,2]", "[2,1,2]", "multiset ", "");
    row("multiset counts", "[1,2,2]", "[2,1,1]", "multiset ", "-/2=2 +/2=1");
    row("multiset within", "[1,2]", "[2.1,1.1]", "multiset ; within /*=0.1", "");
    row("multiset within, not twice", "[1]", "[1.1,0.9]", "multiset ; within /*=0.1", "+/1=0.9");
    row("matched by key", R"([{"id":1,"n":1},{"id":2,"n":2}])", R"([{"id":2,"n":3},{"id":1,"n":1}])", "by =/id",
        "~/1/n=2>3");
    row("matched by key, one gone, one new", R"([{"id":1},{"id":2,"n":2}])", R"([{"id":3},{"id":2,"n":3}])", "by =/id",
        R"(-/0={"id":1} ~/0/n=2>3 +/1={"id":3})");
    row("matched by a key of another spelling", R"([{"id":1.0,"n":1}])", R"([{"id":1,"n":2}])", "by =/id", "~/0/n=1>2");
    row("the n-th of a key with the n-th", R"([{"id":1,"n":1},{"id":1,"n":2}])",
        R"([{"id":1,"n":1},{"id":1,"n":3},{"id":1,"n":4}])", "by =/id", R"(~/1/n=2>3 +/2={"id":1,"n":4})");
    row("items without the key", R"([7,{"id":1}])", R"([{"id":1},8])", "by =/id", "-/0=7 +/1=8");
    row("key deeper in the item", R"([{"p":{"id":1},"n":1}])", R"([{"n":2,"p":{"id":1}}])", "by =/p/id", "~/0/n=1>2");
    row("nested arrays by rules of their own", R"({"o":[{"id":1,"tags":["x","y"]}]})",
        R"({"o":[{"id":1,"tags":["y","x"]}]})", "by /o=/id; set /o/*/tags", "");
    row("within", R"({"t":1.00})", R"({"t":1.009})", "within /t=0.01", "");
    row("just within", R"({"t":1.00})", R"({"t":1.01})", "within /t=0.01", "");
    row("just beyond", R"({"t":1.00})", R"({"t":1.0100001})", "within /t=0.01", "~/t=1.00>1.0100001");
    row("within is not between a number and a text", R"({"t":1})", R"({"t":"1"})", "within /t=5", R"(~/t=1>"1")");
    row("within in a list", "[1,2]", "[1.1,2.1,3]", "within /*=0.1", "+/2=3");
    row("a list keeps its order", "[1,2]", "[2,1]", "set /x", "-/0=1 +/1=1");
}

void DiffRulesTest::rulesLeaveOut()
{
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, b);
    QFETCH(QString, rules);
    QFETCH(QByteArray, expected);
    const Document before = parsed(a.toStdString());
    const Document after = parsed(b.toStdString());
    const DiffRules meant = rulesOf(rules);
    const auto changes = diff(before.root(), after.root(), meant);
    QCOMPARE(QByteArray::fromStdString(picture(changes)), expected);
    const auto patched = patch(before, changes);
    QVERIFY(patched.has_value());
    QCOMPARE(QByteArray::fromStdString(picture(diff(patched->root(), after.root(), meant))), QByteArray());
}

void DiffRulesTest::patternsMeanPlaces_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("meant");
    const auto row = [](const char* pattern, const char* path, bool meant) {
        QTest::addRow("%s  %s", pattern, path) << QString(pattern) << QString(path) << meant;
    };
    row("", "", true);
    row("", "/a", false);
    row("/a", "/a", true);
    row("/a", "/a/b", false);
    row("/*", "/a", true);
    row("/*", "", false);
    row("/*/b", "/a/b", true);
    row("/*/b", "/a/c", false);
    row("/items/*/price", "/items/0/price", true);
    row("/items/*/price", "/items/0/1/price", false);
    row("/**", "", true);
    row("/**", "/a/b/c", true);
    row("/**/t", "/t", true);
    row("/**/t", "/a/0/t", true);
    row("/**/t", "/a/t/b", false);
    row("/a/**/t", "/a/t", true);
    row("/a/**/t", "/b/t", false);
    row("/a/**", "/a/x/y", true);
    row("/~2", "/*", true);
    row("/~2", "/a", false);
    row("/~2~2", "/**", true);
    row("/a~1b~0", "/a~1b~0", true);
}

void DiffRulesTest::patternsMeanPlaces()
{
    QFETCH(QString, pattern);
    QFETCH(QString, path);
    QFETCH(bool, meant);
    const auto read = parsePathPattern(pattern.toStdString());
    QVERIFY(read.has_value());
    QCOMPARE(QString::fromStdString(toText(*read)), pattern);
    QCOMPARE(matches(*read, parsePointer(path.toStdString()).value().tokens), meant);
}

void DiffRulesTest::wrongRulesAreRefused_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QByteArray>("rule");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char* kind, const char* rule, const char* message) {
        QTest::addRow("%s %s", kind, rule) << QString(kind) << QByteArray(rule) << QByteArray(message);
    };
    row("pattern", "a", "'a' is not a JSON pointer: it does not begin with '/'");
    row("pattern", "/~3", "'/~3' is not a JSON pointer: '~' is not followed by 0, 1 or 2");
    row("pattern", "/**/a/**", "'/**/a/**' is not a JSON pointer: '**' stands in it more than once");
    row("by", "/items", "'/items' does not say what to match items by: expected PATH=KEY, as /items=/id");
    row("by", "items=/id", "'items' is not a JSON pointer: it does not begin with '/'");
    row("within", "/total", "'/total' is no tolerance: expected PATH=NUMBER, as /total=0.01");
    row("within", "/total=-1", "'/total=-1' is no tolerance: expected PATH=NUMBER, as /total=0.01");
    row("within", "/total=1%", "'/total=1%' is no tolerance: expected PATH=NUMBER, as /total=0.01");
}

void DiffRulesTest::wrongRulesAreRefused()
{
    QFETCH(QString, kind);
    QFETCH(QByteArray, rule);
    QFETCH(QByteArray, message);
    const std::string text = rule.toStdString();
    std::optional<base::Error> error;
    if (kind == "pattern") error = parsePathPattern(text).error();
    if (kind == "by") error = parseMatchBy(text).error();
    if (kind == "within") error = parseTolerance(text).error();
    QCOMPARE(QByteArray::fromStdString(base::render(*error)), message);
}

void DiffRulesTest::numbersAreWithin_data()
{
    QTest::addColumn<QByteArray>("tolerance");
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    QTest::addColumn<bool>("within");
    const auto row = [](const char* tolerance, const char* a, const char* b, bool within) {
        QTest::addRow("%s: %s %s", tolerance, a, b)
            << QByteArray(tolerance) << QByteArray(a) << QByteArray(b) << within;
    };
    row("0", "1", "1.0", true);
    row("0", "1", "1.0000000000000000000000001", false);
    row("0.1", "0.3", "0.4", true); // not so in binary floating point
    row("0.1", "0.3", "0.40000000000000000001", false);
    row("0.01", "-0.005", "0.005", true);
    row("0.01", "-0.005", "0.0051", false);
    row("1e2", "1000", "1.1e3", true);
    row("99", "1000", "1.1e3", false);
    row("1", "9007199254740992", "9007199254740993", true);
    row("0.5", "9007199254740992", "9007199254740993", false);
    row("1", "999", "1000", true);
    row("1", "0", "-1", true);
    row("1", "-0", "1.1", false);
    row("1", "1e5000", "1.0e5000", true);
    row("1", "1e5000", "0", false);
    row("1", "1e-5000", "0", false); // spans too many digits to be aligned
    row("1", "1e99999999999999999999", "1", false);
    row("1", "1e999999999999999", "2e999999999999999", false);
}

void DiffRulesTest::numbersAreWithin()
{
    QFETCH(QByteArray, tolerance);
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, b);
    QFETCH(bool, within);
    QCOMPARE(areWithin(tolerance.toStdString(), a.toStdString(), b.toStdString()), within);
    QCOMPARE(areWithin(tolerance.toStdString(), b.toStdString(), a.toStdString()), within);
}

void DiffRulesTest::distanceAgreesWithIntegers()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    test::Random random(seed);
    const auto spelt = [&](std::int64_t thousandths) {
        const std::int64_t size = std::abs(thousandths);
        std::string digits = std::to_string(size) + "e-3";
        if (random() % 2 == 0) {
            const std::string fraction = std::to_string(size % 1000);
            digits = std::to_string(size / 1000) + "." + std::string(3 - fraction.size(), '0') + fraction;
        }
        return (thousandths < 0 ? "-" : "") + digits;
    };
    for (int i = 0; i < 5000; ++i) {
        const auto range = std::int64_t{1} << (1 + random() % 40);
        const auto drawn = [&] { return static_cast<std::int64_t>(random() % (2 * range)) - range; };
        const std::int64_t a = drawn();
        const std::int64_t b = drawn();
        const std::int64_t tolerance = random() % 3 == 0 ? std::abs(a - b) : std::abs(drawn());
        QCOMPARE(areWithin(spelt(tolerance), spelt(a), spelt(b)), std::abs(a - b) <= tolerance);
    }
}

void DiffRulesTest::whatIsLeftAfterPatchingIsNoDifference()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    test::Random random(seed);
    int emptied = 0;
    for (int i = 0; i < 2500; ++i) {
        const Document a = test::randomDocument(random);
        const Document b = random() % 8 == 0 ? test::randomDocument(random) : test::mutated(a.root(), random);
        const DiffRules rules = randomRules(random);
        const auto changes = diff(a.root(), b.root(), rules);
        const auto patched = patch(a, changes);
        QVERIFY2(patched.has_value(), (toJson(a.root()) + "\n" + toJson(b.root()) + "\n" + textOf(rules)).c_str());
        const auto left = picture(diff(patched->root(), b.root(), rules));
        QVERIFY2(left.empty(), (toJson(a.root()) + "\n" + toJson(b.root()) + "\n" + textOf(rules) + left).c_str());
        emptied += changes.empty() && a != b;
        QVERIFY(diff(a.root(), test::disguised(a.root(), random).root(), rules).empty());
    }
    QVERIFY(emptied > 0);
}

void DiffRulesTest::otherOrderIsNoDifferenceBetweenMultisets()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    test::Random random(seed);
    const DiffRules rules = rulesOf("multiset /**");
    int differing = 0;
    for (int i = 0; i < 2000; ++i) {
        const Document a = test::randomDocument(random);
        DocumentBuilder out;
        appendAkin(out, a.root(), random);
        const Document b = out.finish();
        differing += a != b;
        QVERIFY2(diff(a.root(), b.root(), rules).empty(), toJson(a.root()).c_str());
    }
    QVERIFY(differing > 0);
}

void DiffRulesTest::withoutRulesItIsThePlainDiff()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    test::Random random(seed);
    for (int i = 0; i < 1000; ++i) {
        const Document a = test::randomDocument(random);
        const Document b = test::mutated(a.root(), random);
        QCOMPARE(picture(diff(a.root(), b.root(), DiffRules())), picture(diff(a.root(), b.root())));
        const DiffRules elsewhere = rulesOf("set /nowhere; ignore /nowhere/*; within /nowhere=1");
        QCOMPARE(picture(diff(a.root(), b.root(), elsewhere)), picture(diff(a.root(), b.root())));
    }
}

void DiffRulesTest::veryDeepDocumentsAreCompared()
{
    constexpr std::size_t kDepth = 20'000;
    const std::string open(kDepth, '[');
    const std::string close(kDepth, ']');
    const Document a = parsed(open + "1" + close);
    const Document b = parsed(open + "2" + close);
    const auto changes = diff(a.root(), b.root(), rulesOf("multiset /**; within /**=5"));
    QVERIFY(!changes.empty()); // rules do not reach that deep
    QVERIFY(patch(a, changes).value() == b);
}

QTEST_GUILESS_MAIN(DiffRulesTest)
#include "diff_rules_test.moc"
