// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/document.h"

#include "core/event/canonical.h"
#include "core/event/json_walker.h"
#include "tests/event/random_document.h"

#include <QTest>

#include <type_traits>

using namespace leftfold;
using namespace leftfold::event;
using test::parsed;

namespace {

constexpr std::size_t kDeep = 100'000;

std::string deepJson(const std::string& core)
{
    std::string json;
    for (std::size_t i = 0; i < kDeep; ++i) json += i % 2 == 0 ? "[" : "{\"a\":";
    json += core;
    for (std::size_t i = kDeep; i-- > 0;) json += i % 2 == 0 ? "]" : "}";
    return json;
}

/// What stands at a pointer, as JSON; "-" for nothing.
std::string jsonAt(const Document& document, const char* pointer)
{
    const auto found = document.root().find(parsePointer(pointer).value());
    return found ? toJson(*found) : "-";
}

/// `"<prefix><number>":<value>,`
void appendNumbered(std::string& json, const char* prefix, int number, int value)
{
    json.append("\"")
        .append(prefix)
        .append(std::to_string(number))
        .append("\":")
        .append(std::to_string(value))
        .append(",");
}

QByteArray bytes(const std::string& text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

} // namespace

class DocumentTest : public QObject {
    Q_OBJECT

private slots:
    void scalarsAreRead();
    void membersAreReadInTheirOrder();
    void theLastOfDuplicateMembersCounts();
    void manyDuplicatesAreFound();
    void itemsAreReadByIndex();
    void pointersFind_data();
    void pointersFind();
    void equalityIsByValue_data();
    void equalityIsByValue();
    void identityIsBytewise();
    void canonicalForms_data();
    void canonicalForms();
    void jsonIsCompact_data();
    void jsonIsCompact();
    void prettyJsonIsIndented();
    void badJsonIsRefused();
    void parsingInPlaceEqualsParsingACopy();
    void builderBuildsWhatParsingReads();
    void builderCopiesValues();
    void builderBeginsAnew();
    void copiesOutliveTheirOriginal();
    void deepDocumentsWork();
    void wideObjectsWork();
    void parsingWhatWasWrittenIsIdentity();
    void disguisesChangeNothing();
    void equalityMeansEqualCanonicalForms();
};

void DocumentTest::scalarsAreRead()
{
    QVERIFY(Document().root().isNull());
    QVERIFY(parsed("null").root().isNull());
    QVERIFY(parsed("true").root().boolean());
    QVERIFY(!parsed("false").root().boolean());
    const Document number = parsed("-1.50e3");
    QCOMPARE(bytes(std::string(number.root().digits())), QByteArray("-1.50e3"));
    QVERIFY(number.root().kind() == Kind::Number);
    const Document text = parsed(R"("a\u0000\n\ud83d\ude00\ud83d")");
    QVERIFY(text.root().kind() == Kind::Text);
    QCOMPARE(bytes(std::string(text.root().text())), QByteArray("a\0\n\xf0\x9f\x98\x80\xed\xa0\xbd", 10));
    QCOMPARE(text.root().size(), std::size_t{0});
    QVERIFY(text.root().items().begin() == text.root().items().end());
    QVERIFY(text.root().members().begin() == text.root().members().end());
}

void DocumentTest::membersAreReadInTheirOrder()
{
    const Document document = parsed(R"({"b":{"x":[1,2]},"\u0061":"t","":null})");
    std::string seen;
    for (const Member& member : document.root().members())
        seen += std::string(member.key) + '=' + toJson(member.value) + ' ';
    QCOMPARE(bytes(seen), QByteArray(R"(b={"x":[1,2]} a="t" =null )"));
    QCOMPARE(document.root().size(), std::size_t{3});
    QCOMPARE(bytes(toJson(*document.root().find("a"))), QByteArray("\"t\""));
    QVERIFY(document.root().find("")->isNull());
    QVERIFY(!document.root().find("x"));
    QVERIFY(document.root().items().begin() == document.root().items().end());
}

void DocumentTest::theLastOfDuplicateMembersCounts()
{
    const Document document = parsed(R"({"a":1,"b":2,"\u0061":[3],"a":4})");
    std::string seen;
    for (const Member& member : document.root().members())
        seen += std::string(member.key) + (member.shadowed ? "- " : "+ ");
    QCOMPARE(bytes(seen), QByteArray("a- b+ a- a+ "));
    QCOMPARE(document.root().size(), std::size_t{2});
    QCOMPARE(bytes(toJson(*document.root().find("a"))), QByteArray("4"));
    QVERIFY(document == parsed(R"({"b":2,"a":4})"));
    QVERIFY(document != parsed(R"({"b":2,"a":1})"));
    QCOMPARE(bytes(toJson(document.root())), QByteArray(R"({"a":1,"b":2,"a":[3],"a":4})"));
    QCOMPARE(bytes(canonicalJson(document.root())), QByteArray(R"({"a":4,"b":2})"));
}

void DocumentTest::manyDuplicatesAreFound()
{
    std::string json = "{";
    for (int i = 0; i < 1000; ++i) appendNumbered(json, "k", i % 300, i);
    json.back() = '}';
    const Document document = parsed(json);
    QCOMPARE(document.root().size(), std::size_t{300});
    QCOMPARE(bytes(toJson(*document.root().find("k99"))), QByteArray("999"));
    QCOMPARE(bytes(toJson(*document.root().find("k100"))), QByteArray("700"));
    const auto members = document.root().members();
    QCOMPARE(std::count_if(members.begin(), members.end(), [](const Member& m) { return m.shadowed; }),
             std::ptrdiff_t{700});
}

void DocumentTest::itemsAreReadByIndex()
{
    const Document flat = parsed("[10,11,12]");
    const Document nested = parsed("[10,[[],11],12]");
    QCOMPARE(bytes(toJson(*flat.root().at(2))), QByteArray("12"));
    QCOMPARE(bytes(toJson(*nested.root().at(1))), QByteArray("[[],11]"));
    QCOMPARE(bytes(toJson(*nested.root().at(2))), QByteArray("12"));
    QVERIFY(!flat.root().at(3));
    QVERIFY(!parsed("{\"0\":1}").root().at(0));
    QVERIFY(!parsed("5").root().at(0));
}

void DocumentTest::pointersFind_data()
{
    QTest::addColumn<QByteArray>("json");
    // The examples of RFC 6901, section 5.
    QTest::newRow("/foo") << QByteArray(R"(["bar","baz"])");
    QTest::newRow("/foo/0") << QByteArray(R"("bar")");
    QTest::newRow("/") << QByteArray("0");
    QTest::newRow("/a~1b") << QByteArray("1");
    QTest::newRow("/c%d") << QByteArray("2");
    QTest::newRow("/e^f") << QByteArray("3");
    QTest::newRow("/g|h") << QByteArray("4");
    QTest::newRow("/i\\j") << QByteArray("5");
    QTest::newRow("/k\"l") << QByteArray("6");
    QTest::newRow("/ ") << QByteArray("7");
    QTest::newRow("/m~0n") << QByteArray("8");
    for (const char* nothing : {"/foo/2", "/foo/00", "/foo/01", "/foo/-", "/foo/+1", "/foo/1 ", "/foo/0/0", "/x",
                                "/foo/", "/foo/18446744073709551616", "/ /a"}) {
        QTest::newRow(nothing) << QByteArray("-");
    }
}

void DocumentTest::pointersFind()
{
    QFETCH(QByteArray, json);
    const Document document =
        parsed(R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8})");
    QCOMPARE(bytes(jsonAt(document, QTest::currentDataTag())), json);
    QCOMPARE(bytes(jsonAt(document, "")), bytes(toJson(document.root())));
}

void DocumentTest::equalityIsByValue_data()
{
    QTest::addColumn<QByteArray>("a");
    QTest::addColumn<QByteArray>("b");
    QTest::addColumn<bool>("equal");
    const auto row = [](const char* a, bool equal, const char* b) {
        QTest::addRow("%s %s %s", a, equal ? "==" : "!=", b) << QByteArray(a) << QByteArray(b) << equal;
    };
    row("1", true, "1.0");
    row("-0", true, "0e9");
    row("1", false, "\"1\"");
    row("null", false, "false");
    row("0", false, "false");
    row("\"\"", false, "null");
    row("[]", false, "{}");
    row("[]", false, "null");
    row("[1,2]", false, "[2,1]");
    row("[1,2]", false, "[1,2,2]");
    row("[[1],2]", false, "[[1,2]]");
    row("[[],[]]", false, "[[[]]]");
    row(R"({"a":1,"b":2})", true, R"({"b":2.0,"a":1e0})");
    row(R"({"a":1,"b":2})", false, R"({"a":2,"b":1})");
    row(R"({"a":1})", false, R"({"a":1,"b":null})");
    row(R"({"a":1,"b":1})", false, R"({"a":1,"c":1})");
    row(R"({"a":9,"a":1})", true, R"({"a":1})");
    row(R"({"a":1,"a":9})", false, R"({"a":1})");
    row(R"("\u00e9")", true, "\"\xc3\xa9\"");
    row("9007199254740993", false, "9007199254740992");
    row("1e400", false, "1e401");
    row("\"\\u0000\"", false, "\"\"");
}

void DocumentTest::equalityIsByValue()
{
    QFETCH(QByteArray, a);
    QFETCH(QByteArray, b);
    QFETCH(bool, equal);
    const Document one = parsed(a.toStdString());
    const Document other = parsed(b.toStdString());
    QCOMPARE(one == other, equal);
    QCOMPARE(other == one, equal);
    QCOMPARE(one.root().hash() == other.root().hash(), equal);
    QCOMPARE(canonicalJson(one.root()) == canonicalJson(other.root()), equal);
}

void DocumentTest::identityIsBytewise()
{
    const Document document = parsed(R"({"a":1,"b":[2]})");
    QVERIFY(identical(document.root(), parsed(R"( { "\u0061" : 1, "b": [2] } )").root()));
    QVERIFY(!identical(document.root(), parsed(R"({"b":[2],"a":1})").root()));
    QVERIFY(!identical(document.root(), parsed(R"({"a":1.0,"b":[2]})").root()));
    QVERIFY(!identical(document.root(), parsed(R"({"a":0,"a":1,"b":[2]})").root()));
}

void DocumentTest::canonicalForms_data()
{
    QTest::addColumn<QByteArray>("canonical");
    const auto row = [](const char* json, const char* canonical) { QTest::newRow(json) << QByteArray(canonical); };
    row("null", "null");
    row(" [ ] ", "[]");
    row("{ }", "{}");
    row("[true,false,null,\"a\"]", "[true,false,null,\"a\"]");
    row(R"({"b":1,"a":{"d":[],"c":{}}})", R"({"a":{"c":{},"d":[]},"b":1})");
    row(R"({"a":1,"":2,"ab":3,"B":4})", R"({"":2,"B":4,"a":1,"ab":3})");
    row(R"([1.0,-0,1e2,25e-4,1e400])", "[1,0,100,0.0025,1e+400]");
    row(R"("\u0041\/\u001f\u007f")", "\"A/\\u001f\x7f\"");
    row(R"({"a":{"x":1},"a":2})", R"({"a":2})");
    row(R"(["\ud800"])", R"(["\ud800"])");
}

void DocumentTest::canonicalForms()
{
    QFETCH(QByteArray, canonical);
    QCOMPARE(bytes(canonicalJson(parsed(QTest::currentDataTag()).root())), canonical);
}

void DocumentTest::jsonIsCompact_data()
{
    QTest::addColumn<QByteArray>("compact");
    const auto row = [](const char* json, const char* compact) { QTest::newRow(json) << QByteArray(compact); };
    row(" null ", "null");
    row("[ ]", "[]");
    row("{ }", "{}");
    row("[1 , [2, {} ] ,true]", "[1,[2,{}],true]");
    row(R"({ "b" : 1.50 , "a" : { "x" : [ ] } })", R"({"b":1.50,"a":{"x":[]}})");
    row(R"("\u0041\/")", R"("A/")");
}

void DocumentTest::jsonIsCompact()
{
    QFETCH(QByteArray, compact);
    QCOMPARE(bytes(toJson(parsed(QTest::currentDataTag()).root())), compact);
}

void DocumentTest::prettyJsonIsIndented()
{
    const Document document = parsed(R"({"a":[1,{"b":"x"}],"c":{},"d":[],"e":null})");
    QCOMPARE(bytes(toPrettyJson(document.root())), QByteArray(R"({
  "a": [
    1,
    {
      "b": "x"
    }
  ],
  "c": {},
  "d": [],
  "e": null
})"));
    QCOMPARE(bytes(toPrettyJson(parsed("1").root())), QByteArray("1"));
}

void DocumentTest::badJsonIsRefused()
{
    for (const char* json : {"", "{", "[1,]", "01", "\"\\x\"", "\"\xff\"", "{} {}", "tru"}) {
        const auto document = Document::parse(json);
        QVERIFY2(!document, json);
        QVERIFY(document.error().code == base::ErrorCode::NotJson);
    }
}

void DocumentTest::parsingInPlaceEqualsParsingACopy()
{
    const std::string json = R"({"a":[1,"x\ny",null]})";
    std::string padded = json + std::string(base::kReadablePadding, ']');
    JsonReader reader;
    const auto document = Document::parse(reader, base::ByteView(padded).substr(0, json.size()));
    padded.assign(padded.size(), '!');
    QVERIFY(document.has_value());
    QVERIFY(identical(document->root(), parsed(json).root()));
}

void DocumentTest::builderBuildsWhatParsingReads()
{
    DocumentBuilder builder;
    builder.beginObject();
    builder.key("a");
    builder.beginArray();
    builder.number(std::int64_t{-9223372036854775807 - 1});
    builder.number("1.50");
    builder.text("x\n");
    builder.boolean(true);
    builder.null();
    builder.endArray();
    builder.key("a\"");
    builder.beginObject();
    builder.endObject();
    builder.endObject();
    const Document document = builder.finish();
    const Document same = parsed(R"({"a":[-9223372036854775808,1.50,"x\n",true,null],"a\"":{}})");
    QVERIFY(identical(document.root(), same.root()));
    QVERIFY(document == same);
    QCOMPARE(document.root().hash(), same.root().hash());
}

void DocumentTest::builderCopiesValues()
{
    const Document from = parsed(R"({"a":[[],"text",{"k":1.0,"k":2}],"b":"bee","c":[{}]})");
    DocumentBuilder builder;
    builder.beginArray();
    builder.text("before");
    builder.value(*from.root().find("a"));
    builder.value(*from.root().find("c"));
    builder.value(*from.root().find("b"));
    builder.value(from.root());
    builder.endArray();
    const Document document = builder.finish();
    const Document same = parsed(
        R"(["before",[[],"text",{"k":1.0,"k":2}],[{}],"bee",{"a":[[],"text",{"k":1.0,"k":2}],"b":"bee","c":[{}]}])");
    QVERIFY(identical(document.root(), same.root()));
    QVERIFY(document == same);
    QVERIFY(identical(Document::of(*from.root().find("a")).root(), *same.root().at(1)));
}

void DocumentTest::builderBeginsAnew()
{
    DocumentBuilder builder;
    builder.text("one");
    const Document one = builder.finish();
    builder.text("two");
    const Document two = builder.finish();
    QCOMPARE(bytes(toJson(one.root()) + toJson(two.root())), QByteArray("\"one\"\"two\""));
}

void DocumentTest::copiesOutliveTheirOriginal()
{
    std::optional<Document> original = parsed(R"({"a":"text"})");
    const Document copy = *original;
    original.reset();
    QCOMPARE(bytes(toJson(copy.root())), QByteArray(R"({"a":"text"})"));
    QVERIFY(std::is_nothrow_move_constructible_v<Document>);
}

void DocumentTest::deepDocumentsWork()
{
    const std::string json = deepJson("1.0");
    const Document document = parsed(json);
    const Document same = parsed(deepJson("1"));
    const Document other = parsed(deepJson("2"));
    QVERIFY(toJson(document.root()) == json);
    QVERIFY(canonicalJson(document.root()) == deepJson("1"));
    QVERIFY(document == same);
    QVERIFY(document != other);
    QVERIFY(identical(Document::of(document.root()).root(), document.root()));
    Pointer pointer;
    for (std::size_t i = 0; i < kDeep; ++i) pointer.tokens.emplace_back(i % 2 == 0 ? "0" : "a");
    QCOMPARE(bytes(toJson(*document.root().find(pointer))), QByteArray("1.0"));
}

void DocumentTest::wideObjectsWork()
{
    std::string forwards = "{";
    std::string backwards = "{";
    for (int i = 0; i < 50000; ++i) {
        appendNumbered(forwards, "", i, i);
        appendNumbered(backwards, "", 49999 - i, 49999 - i);
    }
    forwards.back() = backwards.back() = '}';
    QVERIFY(parsed(forwards) == parsed(backwards));
    QVERIFY(canonicalJson(parsed(forwards).root()) == canonicalJson(parsed(backwards).root()));
}

void DocumentTest::parsingWhatWasWrittenIsIdentity()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    test::Random random(seed);
    for (int i = 0; i < 20000; ++i) {
        const Document document = test::randomDocument(random);
        QVERIFY(identical(parsed(toJson(document.root())).root(), document.root()));
        QVERIFY(identical(parsed(toPrettyJson(document.root())).root(), document.root()));
        const Document canonical = parsed(canonicalJson(document.root()));
        QVERIFY2(canonical == document, toJson(document.root()).c_str());
        QCOMPARE(bytes(canonicalJson(canonical.root())), bytes(canonicalJson(document.root())));
    }
}

void DocumentTest::disguisesChangeNothing()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    test::Random random(seed);
    for (int i = 0; i < 20000; ++i) {
        const Document document = test::randomDocument(random);
        const Document disguise = test::disguised(document.root(), random);
        QVERIFY2(document == disguise, toJson(document.root()).c_str());
        QCOMPARE(disguise.root().hash(), document.root().hash());
        QCOMPARE(bytes(canonicalJson(disguise.root())), bytes(canonicalJson(document.root())));
    }
}

void DocumentTest::equalityMeansEqualCanonicalForms()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    test::Random random(seed);
    int equal = 0;
    for (int i = 0; i < 20000; ++i) {
        const Document a = test::randomDocument(random);
        const Document b = random() % 2 == 0 ? test::randomDocument(random) : test::mutated(a.root(), random);
        QCOMPARE(a == b, canonicalJson(a.root()) == canonicalJson(b.root()));
        QCOMPARE(a.root().hash() == b.root().hash(), a == b);
        equal += a == b ? 1 : 0;
    }
    QVERIFY(equal > 100);
}

QTEST_APPLESS_MAIN(DocumentTest)
#include "document_test.moc"
