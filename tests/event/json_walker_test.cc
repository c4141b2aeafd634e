// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/json_walker.h"

#include <QTest>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace leftfold;
using namespace leftfold::event;

namespace {

/// Writes what it is told as a picture: {k:a t:b n:1 } [ ] true null
struct Picture {
    std::string out;
    void beginObject() { out += "{ "; }
    void key(base::ByteView raw) { out += "k:" + std::string(raw) + ' '; }
    void endObject() { out += "} "; }
    void beginArray() { out += "[ "; }
    void endArray() { out += "] "; }
    void text(base::ByteView raw) { out += "t:" + std::string(raw) + ' '; }
    void number(base::ByteView digits) { out += "n:" + std::string(digits) + ' '; }
    void boolean(bool value) { out += value ? "true " : "false "; }
    void null() { out += "null "; }
};

struct Outcome {
    std::string picture;
    std::optional<base::Error> error;
};

/// Walks `json` with bytes behind it that would go on with the document, if they were read.
Outcome walked(JsonReader& reader, const std::string& json, const char* behind = ",1]}\"")
{
    std::string padded = json;
    while (padded.size() < json.size() + base::kReadablePadding) padded += behind;
    Picture picture;
    const auto result = walk(reader, base::ByteView(padded).substr(0, json.size()), picture);
    if (!result) return {picture.out, result.error()};
    return {picture.out, {}};
}

std::string decoded(base::ByteView raw)
{
    std::string out;
    unescape(raw, out);
    return out;
}

std::string escaped(base::ByteView text)
{
    std::string out;
    escape(out, text);
    return out;
}

QByteArray toBytes(const std::string& text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

std::string randomOf(const std::vector<std::string>& pieces, std::mt19937_64& random)
{
    std::string out;
    for (auto count = random() % 12; count > 0; --count) out += pieces[random() % pieces.size()];
    return out;
}

} // namespace

class JsonWalkerTest : public QObject {
    Q_OBJECT

private slots:
    void documentsAreTold_data();
    void documentsAreTold();
    void faultsAreLocated_data();
    void faultsAreLocated();
    void everyCutDocumentFails();
    void fastAndSlowHalfAgree();
    void aReaderServesDocumentsOfAllSizes();
    void deepNestingIsRead();
    void deepNestingUnclosedIsRefused();
    void nothingBehindTheDocumentCounts();
    void escapesAreUndone_data();
    void escapesAreUndone();
    void textsAreEscaped_data();
    void textsAreEscaped();
    void escapeThenUnescapeIsIdentity();
};

void JsonWalkerTest::documentsAreTold_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("picture");
    QTest::newRow("null") << QByteArray("null") << QByteArray("null ");
    QTest::newRow("blanks around") << QByteArray(" \t\r\n true \n") << QByteArray("true ");
    QTest::newRow("false") << QByteArray("false") << QByteArray("false ");
    QTest::newRow("empty text") << QByteArray(R"("")") << QByteArray("t: ");
    QTest::newRow("empty object") << QByteArray("{}") << QByteArray("{ } ");
    QTest::newRow("empty array, blank inside") << QByteArray("[ ]") << QByteArray("[ ] ");
    QTest::newRow("object") << QByteArray(R"({"a":1,"b":[true,null]})") << QByteArray("{ k:a n:1 k:b [ true null ] } ");
    QTest::newRow("blanks everywhere") << QByteArray(" { \"a\" : 1 , \"b\" : [ 1 , 2 ] } ")
                                       << QByteArray("{ k:a n:1 k:b [ n:1 n:2 ] } ");
    QTest::newRow("siblings") << QByteArray(R"([[],{},[[]],{"a":{}},1])")
                              << QByteArray("[ [ ] { } [ [ ] ] { k:a { } } n:1 ] ");
    QTest::newRow("duplicate members") << QByteArray(R"({"a":1,"a":2})") << QByteArray("{ k:a n:1 k:a n:2 } ");
    QTest::newRow("punctuation in texts")
        << QByteArray(R"({"{\"}[,:":"],\\"})") << QByteArray(R"({ k:{\"}[,: t:],\\ } )");
    QTest::newRow("escapes stay") << QByteArray(R"("\u00e9\n\/")") << QByteArray(R"(t:\u00e9\n\/ )");
    QTest::newRow("lone surrogate") << QByteArray(R"(["\ud800","\udc00x"])")
                                    << QByteArray(R"([ t:\ud800 t:\udc00x ] )");
    QTest::newRow("escaped NUL") << QByteArray(R"("\u0000")") << QByteArray(R"(t:\u0000 )");
    QTest::newRow("UTF-8 of all lengths") << QByteArray("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"")
                                          << QByteArray("t:\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 ");
    QTest::newRow("DEL is no control character") << QByteArray("\"\x7f\"") << QByteArray("t:\x7f ");
    for (const char* number : {"0",
                               "-0",
                               "1",
                               "-1",
                               "10",
                               "1.0",
                               "0.5",
                               "-0.25",
                               "1e5",
                               "1E5",
                               "1e+5",
                               "1e-5",
                               "0e0",
                               "1.5e300",
                               "0.1e01",
                               "18446744073709551616",
                               "1e400",
                               "1e999999999",
                               "-1e-999999999999999999999",
                               "3.141592653589793238462643383279502884197169399375",
                               "9007199254740993"}) {
        QTest::newRow(number) << QByteArray(number) << "n:" + QByteArray(number) + ' ';
        QTest::addRow("[%s ]", number) << '[' + QByteArray(number) + " ]"
                                       << "[ n:" + QByteArray(number) + " ] ";
    }
}

void JsonWalkerTest::documentsAreTold()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, picture);
    JsonReader reader;
    const Outcome outcome = walked(reader, json.toStdString());
    QVERIFY2(!outcome.error, outcome.error ? base::render(*outcome.error).c_str() : "");
    QCOMPARE(toBytes(outcome.picture), picture);
    QVERIFY(checkJson(json.toStdString()).has_value());
}

void JsonWalkerTest::faultsAreLocated_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<int>("at");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const QByteArray& json, int at, const char* reason) {
        QTest::addRow("%s", json.toPercentEncoding(" {}[],:\"'\\").constData()) << json << at << QByteArray(reason);
    };
    row("", 0, "empty");
    row("  \n", 0, "empty");
    row("\xef\xbb\xbf{}", 0, "byte order mark");
    row("01", 0, "number with a leading zero");
    row("[1,-012]", 3, "number with a leading zero");
    row("-", 0, "number without digits");
    row("1.", 0, "number without digits behind its point");
    row("[1.e5]", 1, "number without digits behind its point");
    row("1e", 0, "number without digits in its exponent");
    row("1e+", 0, "number without digits in its exponent");
    row("1a", 1, "a number followed by 'a'");
    row("1.5.2", 3, "a number followed by '.'");
    row("[1\"a\"]", 2, "a number followed by '\"'");
    row(".5", 0, "unknown literal '.5'");
    row("+1", 0, "unknown literal '+1'");
    row("NaN", 0, "unknown literal 'NaN'");
    row("-Infinity", 0, "number without digits");
    row("tru", 0, "unknown literal 'tru'");
    row("{\"a\":truex}", 5, "unknown literal 'truex'");
    row("nul", 0, "unknown literal 'nul'");
    row("True", 0, "unknown literal 'True'");
    row("abcdefghijklmnopqrstuvwxyz", 0, "unknown literal");
    row("true\"a\"", 4, "something follows the document");
    row("{} {}", 3, "something follows the document");
    row("1 2", 2, "something follows the document");
    row("[]]", 2, "something follows the document");
    row("\"a\"\"b\"", 3, "something follows the document");
    row("\"a\nb\"", 2, "control character in a text");
    row(QByteArray("\"a\0b\"", 5), 2, "control character in a text");
    row("\"\\\n\"", 2, "control character in a text");
    row("\"abc", 0, "unclosed text");
    row("{\"a\":\"b\\\"}", 5, "unclosed text");
    row("[\"a\\", 1, "unclosed text");
    row("\"\\x\"", 1, "unknown escape '\\x'");
    row("[1,\"a\\\xc3\xa9\"]", 5, "unknown escape '\\\xc3\xa9'");
    row("\"\\u12\"", 1, "the escape \\u needs four hexadecimal digits");
    row("\"ab\\u12g4\"", 3, "the escape \\u needs four hexadecimal digits");
    row("\"\\uD83D\\u\"", 7, "the escape \\u needs four hexadecimal digits");
    row("\"a\xff\"", 2, "invalid UTF-8");
    row("\"\xc0\xaf\"", 1, "invalid UTF-8");
    row("\"\xed\xa0\x80\"", 1, "invalid UTF-8");
    row("\"\xf4\x90\x80\x80\"", 1, "invalid UTF-8");
    row("\"\xe2\x82\"", 1, "invalid UTF-8");
    row("[\xff]", 1, "invalid UTF-8");
    row("{", 0, "unclosed object");
    row("{\"a\"", 0, "unclosed object");
    row("{\"a\":", 0, "unclosed object");
    row("{\"a\":1", 0, "unclosed object");
    row("{\"a\":1,", 0, "unclosed object");
    row("[1,[2", 3, "unclosed array");
    row("[[]", 0, "unclosed array");
    row("[1,]", 2, "trailing comma");
    row("{\"a\":1,}", 6, "trailing comma");
    row("[,1]", 1, "a value is missing: found ','");
    row("[1,,2]", 3, "a value is missing: found ','");
    row("[1 2]", 3, "missing comma: found '2'");
    row("[1\xc3\xa9]", 2, "a number followed by '\xc3\xa9'");
    row("{\"a\":1 \"b\":2}", 7, "missing comma: found '\"'");
    row("[1:2]", 2, "missing comma: found ':'");
    row("{\"a\" 1}", 5, "missing colon: found '1'");
    row("{\"a\",1}", 4, "missing colon: found ','");
    row("{\"a\"}", 4, "missing colon: found '}'");
    row("{\"a\":}", 5, "a value is missing: found '}'");
    row("{\"a\"::1}", 5, "a value is missing: found ':'");
    row("{a:1}", 1, "a member's name must be a text: found 'a'");
    row("{1:1}", 1, "a member's name must be a text: found '1'");
    row("{'a':1}", 1, "a member's name must be a text: found '''");
    row("['a']", 1, "a value is missing: found '''");
    row("[1}", 2, "an array closed by '}'");
    row("{\"a\":1]", 6, "an object closed by ']'");
    row("{]", 1, "an object closed by ']'");
    row("]", 0, "a value is missing: found ']'");
    row(QByteArray("[\0]", 3), 1, "a value is missing: found a control character");
    row(QByteArray("1\0", 2), 1, "something follows the document");
    row("/**/1", 0, "a value is missing: found '/'");
    row("\\\"a\"", 0, "a value is missing: found '\\'");
}

void JsonWalkerTest::faultsAreLocated()
{
    QFETCH(QByteArray, json);
    QFETCH(int, at);
    QFETCH(QByteArray, reason);
    JsonReader reader;
    const Outcome outcome = walked(reader, json.toStdString());
    QVERIFY2(outcome.error, outcome.picture.c_str());
    QVERIFY(outcome.error->code == base::ErrorCode::NotJson);
    QCOMPARE(QByteArray::fromStdString(outcome.error->args.at(1)), reason);
    QCOMPARE(QByteArray::fromStdString(outcome.error->args.at(0)), QByteArray::number(at));
}

void JsonWalkerTest::everyCutDocumentFails()
{
    const std::string json = R"({"a\n":[1.5e3,-2,"x\ud83d\ude00",true,null,{"b":{}}],"ü":false})";
    JsonReader reader;
    QVERIFY(!walked(reader, json).error);
    for (std::size_t size = 0; size < json.size(); ++size) {
        QVERIFY2(walked(reader, json.substr(0, size)).error, json.substr(0, size).c_str());
        QVERIFY2(walked(reader, json.substr(0, size), json.c_str() + size).error, json.substr(0, size).c_str());
    }
}

void JsonWalkerTest::fastAndSlowHalfAgree()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    std::mt19937_64 random(seed);
    const std::vector<std::string> pieces = {"{",
                                             "}",
                                             "[",
                                             "]",
                                             ",",
                                             ":",
                                             "\"a\"",
                                             "\"",
                                             "\\",
                                             "\\\"",
                                             "\\u12",
                                             "\\ud800",
                                             "1",
                                             "0",
                                             "-",
                                             ".",
                                             "e",
                                             "1.5e3",
                                             "true",
                                             "false",
                                             "null",
                                             "tru",
                                             " ",
                                             "\n",
                                             "\xc3\xa9",
                                             "\xff",
                                             "\xed\xa0\x80",
                                             std::string(1, '\0'),
                                             "\x01",
                                             "{\"a\":1}",
                                             "[1,2]",
                                             "{\"a\":[",
                                             "]}",
                                             "\"a\":",
                                             ",\"b\":2",
                                             "\xef\xbb\xbf",
                                             "/",
                                             "x",
                                             std::string(70, ' '),
                                             "\"" + std::string(70, 'y') + "\""};
    JsonReader reader;
    int accepted = 0;
    for (int i = 0; i < 400000; ++i) {
        const std::string json = randomOf(pieces, random);
        const Outcome outcome = walked(reader, json);
        const auto slow = checkJson(json);
        QVERIFY2(slow.has_value() == !outcome.error, toBytes(json).toPercentEncoding());
        if (!slow) QVERIFY2(*outcome.error == slow.error(), toBytes(json).toPercentEncoding());
        accepted += slow ? 1 : 0;
    }
    QVERIFY(accepted > 1000);
}

void JsonWalkerTest::aReaderServesDocumentsOfAllSizes()
{
    JsonReader reader;
    for (const std::size_t count : {1U, 3'000'000U, 10U, 40'000U, 0U, 20'000'000U, 5U}) {
        const std::string json = "[\"" + std::string(count, 'x') + "\"]";
        QCOMPARE(walked(reader, json).picture.size(), count + 7);
        QVERIFY(walked(reader, json + "]").error);
    }
}

void JsonWalkerTest::deepNestingIsRead()
{
    constexpr std::size_t kDepth = 100'000;
    std::string json;
    for (std::size_t i = 0; i < kDepth; ++i) json += i % 2 == 0 ? "[" : "{\"a\":";
    json += '0';
    for (std::size_t i = kDepth; i-- > 0;) json += i % 2 == 0 ? "]" : "}";
    JsonReader reader;
    const Outcome outcome = walked(reader, json);
    QVERIFY(!outcome.error);
    QCOMPARE(std::count(outcome.picture.begin(), outcome.picture.end(), 'k'), std::ptrdiff_t{kDepth / 2});
}

void JsonWalkerTest::deepNestingUnclosedIsRefused()
{
    JsonReader reader;
    const Outcome outcome = walked(reader, std::string(100'000, '['));
    QVERIFY(outcome.error);
    QCOMPARE(QByteArray::fromStdString(outcome.error->args.at(0)), "99999");
}

void JsonWalkerTest::nothingBehindTheDocumentCounts()
{
    JsonReader reader;
    for (const char* behind : {"]", "}", ",1", "\"", "5", "e5", "\\", "\xff", " "}) {
        QVERIFY(!walked(reader, "[1]", behind).error);
        QCOMPARE(toBytes(walked(reader, "12", behind).picture), QByteArray("n:12 "));
        QVERIFY(walked(reader, "[1", behind).error);
        QVERIFY(walked(reader, "\"a", behind).error);
        QVERIFY(walked(reader, "tru", "e").error);
    }
}

void JsonWalkerTest::escapesAreUndone_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("plain") << QByteArray("abc") << QByteArray("abc");
    QTest::newRow("short ones") << QByteArray(R"(\"\\\/\b\f\n\r\t)") << QByteArray("\"\\/\b\f\n\r\t");
    QTest::newRow("one byte") << QByteArray(R"(x\u0041y)") << QByteArray("xAy");
    QTest::newRow("NUL") << QByteArray(R"(\u0000)") << QByteArray("\0", 1);
    QTest::newRow("two bytes") << QByteArray(R"(\u00E9)") << QByteArray("\xc3\xa9");
    QTest::newRow("three bytes") << QByteArray(R"(\u20ac)") << QByteArray("\xe2\x82\xac");
    QTest::newRow("pair") << QByteArray(R"(\ud83d\uDE00)") << QByteArray("\xf0\x9f\x98\x80");
    QTest::newRow("last of all") << QByteArray(R"(\udbff\udfff)") << QByteArray("\xf4\x8f\xbf\xbf");
    QTest::newRow("lone high") << QByteArray(R"(\ud83d!)") << QByteArray("\xed\xa0\xbd!");
    QTest::newRow("lone low") << QByteArray(R"(\ude00)") << QByteArray("\xed\xb8\x80");
    QTest::newRow("two highs, one low") << QByteArray(R"(\ud83d\ud83d\ude00)")
                                        << QByteArray("\xed\xa0\xbd\xf0\x9f\x98\x80");
    QTest::newRow("wrong way round") << QByteArray(R"(\ude00\ud83d)") << QByteArray("\xed\xb8\x80\xed\xa0\xbd");
    QTest::newRow("high, then another escape") << QByteArray(R"(\ud83d\n)") << QByteArray("\xed\xa0\xbd\n");
}

void JsonWalkerTest::escapesAreUndone()
{
    QFETCH(QByteArray, raw);
    QFETCH(QByteArray, text);
    QCOMPARE(toBytes(decoded(raw.toStdString())), text);
    QCOMPARE(hasEscapes(raw.toStdString()), raw.contains('\\'));
}

void JsonWalkerTest::textsAreEscaped_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("empty") << QByteArray("") << QByteArray(R"("")");
    QTest::newRow("plain") << QByteArray("a/b'") << QByteArray(R"("a/b'")");
    QTest::newRow("short ones") << QByteArray("\"\\\b\f\n\r\t") << QByteArray(R"("\"\\\b\f\n\r\t")");
    QTest::newRow("control characters") << QByteArray("\0\x1f\x7f", 3) << QByteArray("\"\\u0000\\u001f\x7f\"");
    QTest::newRow("UTF-8") << QByteArray("\xc3\xa9\xed\x9f\xbf\xf0\x9f\x98\x80")
                           << QByteArray("\"\xc3\xa9\xed\x9f\xbf\xf0\x9f\x98\x80\"");
    QTest::newRow("surrogates") << QByteArray("\xed\xa0\xbd-\xed\xb8\x80") << QByteArray(R"("\ud83d-\ude00")");
    QTest::newRow("a start of a surrogate") << QByteArray("\xed") << QByteArray("\"\xed\"");
}

void JsonWalkerTest::textsAreEscaped()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, json);
    QCOMPARE(toBytes(escaped(text.toStdString())), json);
}

void JsonWalkerTest::escapeThenUnescapeIsIdentity()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    std::mt19937_64 random(seed);
    const std::vector<std::string> pieces = {
        "a",    "\"",       "\\",           "\n", std::string(1, '\0'), "\x1f",
        "\x7f", "\xc3\xa9", "\xed\xa0\xbd", "-",  "\xf0\x9f\x98\x80",   "\xed\x9f\xbf",
        "u0041"};
    JsonReader reader;
    for (int i = 0; i < 20000; ++i) {
        const std::string text = randomOf(pieces, random);
        const std::string json = escaped(text);
        const Outcome outcome = walked(reader, json);
        QVERIFY(!outcome.error);
        QCOMPARE(toBytes(decoded(json.substr(1, json.size() - 2))), toBytes(text));
    }
}

QTEST_APPLESS_MAIN(JsonWalkerTest)
#include "json_walker_test.moc"
