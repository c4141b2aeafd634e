// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/field.h"

#include "core/event/json_walker.h"

#include <QTest>

#include <random>

using namespace leftfold;
using namespace leftfold::decode;

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

/// Text 'x', number 1, true, null, composite, absent.
QString shown(const FieldValue& value)
{
    switch (value.kind) {
    case FieldKind::Absent:
        return QStringLiteral("absent");
    case FieldKind::Null:
        return QStringLiteral("null");
    case FieldKind::Text:
        return QStringLiteral("text '%1'").arg(text(value.text));
    case FieldKind::Number:
        return QStringLiteral("number %1").arg(text(value.text));
    case FieldKind::Boolean:
        return text(value.text);
    case FieldKind::Composite:
        return QStringLiteral("composite");
    }
    return {};
}

QString shown(const FieldExtractor::Extraction& extraction)
{
    QStringList parts;
    for (const FieldValue& value : extraction.fields) parts += shown(value);
    if (extraction.undecodable) parts += text(base::render(*extraction.undecodable));
    return parts.join(QStringLiteral(", "));
}

FieldExtractor extractorOf(const QByteArray& refs)
{
    std::vector<FieldRef> list;
    for (const QByteArray& ref : refs.split(' ')) list.push_back(parseFieldRef(ref.toStdString()).value());
    return FieldExtractor(std::move(list));
}

/// Bytes with the padding a parser needs behind them.
class Padded {
public:
    explicit Padded(std::string bytes) : m_size(bytes.size()), m_bytes(std::move(bytes))
    {
        m_bytes.append(base::kReadablePadding, 'x');
    }
    [[nodiscard]] base::ByteView view() const { return base::ByteView(m_bytes).substr(0, m_size); }

private:
    std::size_t m_size;
    std::string m_bytes;
};

/// A document of random shape, and beside it what stands at each pointer: the slow and obvious way.
class RandomDocument {
public:
    explicit RandomDocument(std::mt19937_64& random) : m_random(random) { value("", 0); }
    [[nodiscard]] const std::string& json() const { return m_json; }
    [[nodiscard]] QString at(const std::string& pointer) const
    {
        const auto found = m_found.find(pointer);
        return found == m_found.end() ? QStringLiteral("absent") : found->second;
    }

private:
    void value(const std::string& pointer, int depth)
    {
        // A later duplicate hides the former one with all it held.
        std::erase_if(m_found, [&](const auto& entry) { return entry.first.starts_with(pointer + '/'); });
        switch (m_random() % (depth < 4 ? 8 : 5)) {
        case 0:
            return scalar(pointer, "null", "null");
        case 1:
            return scalar(pointer, "true", "true");
        case 2:
            return scalar(pointer, "-1.50e3", "number -1.50e3");
        case 3:
            return scalar(pointer, R"("a\"\u00e9")", QString::fromUtf8("text 'a\"\xc3\xa9'"));
        case 4:
            return scalar(pointer, R"("plain")", "text 'plain'");
        case 5:
            return array(pointer, depth);
        default:
            return object(pointer, depth);
        }
    }
    void scalar(const std::string& pointer, std::string_view json, const QString& shownAs)
    {
        m_json += json;
        m_found[pointer] = shownAs;
    }
    void array(const std::string& pointer, int depth)
    {
        m_found[pointer] = QStringLiteral("composite");
        m_json += '[';
        const std::uint64_t items = m_random() % 3;
        for (std::uint64_t i = 0; i < items; ++i) {
            if (i > 0) m_json += ", ";
            value(pointer + '/' + std::to_string(i), depth + 1);
        }
        m_json += ']';
    }
    void object(const std::string& pointer, int depth)
    {
        constexpr std::pair<const char*, const char*> kNames[] = {
            {"a", "a"}, {"b", "b"}, {"0", "0"}, {"\\u0061", "a"}, {"a\\/b", "a~1b"}, {"longerName", "longerName"}};
        m_found[pointer] = QStringLiteral("composite");
        m_json += '{';
        const std::uint64_t members = m_random() % 4;
        for (std::uint64_t i = 0; i < members; ++i) {
            const auto& [written, token] = kNames[m_random() % std::size(kNames)];
            m_json += i > 0 ? " , \"" : "\"";
            m_json += written;
            m_json += "\" :";
            value(pointer + '/' + token, depth + 1);
        }
        m_json += '}';
    }

    std::mt19937_64& m_random;
    std::string m_json;
    std::map<std::string, QString> m_found;
};

/// A document, or, for every `outOf`th, something that may be none.
std::string someLine(std::mt19937_64& random, unsigned outOf)
{
    std::string line = RandomDocument(random).json();
    if (random() % 5 == 0) line = "  " + line + "\t ";
    if (random() % outOf != 0) return line;
    constexpr std::string_view kNasty = "{}[],:\"\\ 0e\x01\xc3\xff";
    for (std::uint64_t i = 1 + random() % 3; i > 0; --i)
        line.insert(random() % (line.size() + 1), 1, kNasty[random() % kNasty.size()]);
    return line.substr(0, random() % 4 == 0 ? 1 + random() % line.size() : std::string::npos);
}

/// Values that are lines of one text, as a source gives them; here and there one is left out or has no value.
std::vector<event::Record> linesOf(const std::string& text, std::size_t textSize, std::mt19937_64& random)
{
    std::vector<event::Record> records;
    for (std::size_t begin = 0; begin < textSize;) {
        const std::size_t end = text.find('\n', begin);
        const std::size_t size = end - begin - (end > begin && text[end - 1] == '\r' ? 1 : 0);
        if (random() % 50 != 0) {
            event::Record& record = records.emplace_back();
            if (random() % 60 != 0) record.value = base::ByteView(text).substr(begin, size);
        }
        begin = end + 1;
    }
    return records;
}

} // namespace

class FieldTest : public QObject {
    Q_OBJECT

private slots:
    void refsAreWrittenAndRead_data();
    void refsAreWrittenAndRead();
    void findsWhatStandsAtAPointer_data();
    void findsWhatStandsAtAPointer();
    void readsKeyTimestampAndHeaders();
    void missingNativesAreToldFromEmptyOnes();
    void aTombstoneIsFine();
    void whatIsNoJsonIsUndecodable_data();
    void whatIsNoJsonIsUndecodable();
    void oneRecordLeavesNothingForTheNext();
    void idsAreScalarsAsText();
    void findsTheSameAsTheObviousWay();
    void linesReadTogetherAreWhatEachIsAlone();
};

void FieldTest::refsAreWrittenAndRead_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<bool>("good");
    for (const char* good :
         {"", "/invoice", "/a~1b/0/~0", "/", "key", "timestamp", "header:ce_type", "header:", "header:/a", "/key"}) {
        QTest::addRow("'%s'", good) << QByteArray(good) << true;
    }
    for (const char* bad : {"invoice", "Key", "keys", "time", "header", "/a~2", "/a~", " /a", "/\xff", "header:\xff"}) {
        QTest::addRow("'%s'", bad) << QByteArray(bad) << false;
    }
}

void FieldTest::refsAreWrittenAndRead()
{
    QFETCH(QByteArray, written);
    QFETCH(bool, good);
    const auto ref = parseFieldRef(written.toStdString());
    const QString expected = QStringLiteral("'%1' names no field: expected a JSON pointer (/invoice), key, timestamp, "
                                            "header:NAME, debezium or debezium:COLUMN,...");
    QCOMPARE(ref ? text(toText(*ref)) : text(base::render(ref.error())),
             good ? QString(written) : expected.arg(QString(written)));
}

void FieldTest::findsWhatStandsAtAPointer_data()
{
    QTest::addColumn<QByteArray>("refs");
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("found");
    const auto row = [](const char* name, const char* refs, const char* json, const char* found) {
        QTest::newRow(name) << QByteArray(refs) << QByteArray(json) << QString::fromUtf8(found);
    };
    row("members", "/a /b", R"({"a":"x","b":2})", "text 'x', number 2");
    row("in the order of the refs", "/b /a", R"({"a":"x","b":2})", "number 2, text 'x'");
    row("the same twice", "/a /a", R"({"a":"x"})", "text 'x', text 'x'");
    row("a part and the whole", "/a/b /a", R"({"a":{"b":1}})", "number 1, composite");
    row("all kinds", "/0 /1 /2 /3 /4 /5", R"([null,true,false,{},[],""])",
        "null, true, false, composite, composite, text ''");
    row("digits stay as written", "/a", R"({"a":-0.10E+02})", "number -0.10E+02");
    row("absent", "/b /a/b /a/0", R"({"a":"x"})", "absent, absent, absent");
    row("deep", "/a/b/c/d/e", R"({"a":{"b":{"c":{"d":{"e":7}}}}})", "number 7");
    row("same names elsewhere", "/a/x", R"({"x":1,"b":{"x":2,"a":{"x":3}},"a":{"b":{"x":4},"x":5},"c":{"x":6}})",
        "number 5");
    row("into arrays", "/items/0/sku /items/1/sku", R"({"items":[{"sku":"s0"},{"n":[1,2],"sku":"s1"},{"sku":"s2"}]})",
        "text 's0', text 's1'");
    row("items behind nested ones", "/2 /1/1", R"([[1,[2],3],[4,5],6])", "number 6, number 5");
    row("no item has a leading zero", "/01 /-", "[1,2]", "absent, absent");
    row("a number may be a name", "/0", R"({"0":"x"})", "text 'x'");
    row("escapes in the value", "/a", R"({"a":"\"\\\/\n\u00e9\ud83d\ude00"})",
        "text '\"\\/\n\xc3\xa9\xf0\x9f\x98\x80'");
    row("escapes in the name", "/a~1b /\"", R"({"a\/b":1,"\u0022":2})", "number 1, number 2");
    row("escapes elsewhere", "/b", R"({"a":"\n","b":"x","c":"\t"})", "text 'x'");
    row("of duplicates the last", "/a /a/b", R"({"a":{"b":1},"a":2})", "number 2, absent");
    row("of duplicates the last, with what it holds", "/a/b /a/c", R"({"a":{"b":1},"a":{"c":2}})", "absent, number 2");
    row("names longer than a word", "/abcdefgh /abcdefghi /abcdefghj", R"({"abcdefghi":1,"abcdefghj":2,"abcdefgh":3})",
        "number 3, number 1, number 2");
    row("the empty name", "/ //", R"({"":{"":1}})", "composite, number 1");
    row("the whole", "", R"("x")", "text 'x'");
    row("the whole is a composite", "", " [1] ", "composite");
    row("blanks", "/a", " { \"a\" : [ ] , \"b\":1 } ", "composite");
    row("numbers beyond 64 bits", "/a", R"({"a":123456789012345678901234567890.5e400})",
        "number 123456789012345678901234567890.5e400");
}

void FieldTest::findsWhatStandsAtAPointer()
{
    QFETCH(QByteArray, refs);
    QFETCH(QByteArray, json);
    QFETCH(QString, found);
    const Padded value(json.toStdString());
    event::Record record;
    record.value = value.view();
    auto extractor = extractorOf(refs);
    QCOMPARE(shown(extractor.extract(record)), found);
}

void FieldTest::readsKeyTimestampAndHeaders()
{
    const Padded value("{}");
    event::Record record;
    record.value = value.view();
    record.key = "order-7";
    record.timestamp = base::Time{1291191960, 5'000'000};
    record.timestampType = event::TimestampType::Create;
    record.headers = {{"type", "first"}, {"other", "x"}, {"type", "last"}, {"null", std::nullopt}, {"", "unnamed"}};
    auto extractor = extractorOf("header:type key timestamp header:null header:none header: /key");
    QCOMPARE(shown(extractor.extract(record)),
             QStringLiteral(
                 "text 'last', text 'order-7', text '2010-12-01T08:26:00.005Z', null, absent, text 'unnamed', absent"));
}

void FieldTest::missingNativesAreToldFromEmptyOnes()
{
    auto extractor = extractorOf("key timestamp header:a");
    event::Record record;
    QCOMPARE(shown(extractor.extract(record)), QStringLiteral("null, absent, absent"));
    record.key = "";
    record.headers = {{"a", ""}};
    QCOMPARE(shown(extractor.extract(record)), QStringLiteral("text '', absent, text ''"));
}

void FieldTest::aTombstoneIsFine()
{
    event::Record record;
    record.key = "k";
    auto extractor = extractorOf("/a key");
    QCOMPARE(shown(extractor.extract(record)), QStringLiteral("absent, text 'k'"));
}

void FieldTest::whatIsNoJsonIsUndecodable_data()
{
    QTest::addColumn<QByteArray>("bytes");
    for (const char* bad :
         {"", " ", "{", "{\"a\":1", "{\"a\":01}", "{\"a\":1}x", "{\"a\":1}{}", "{\"a\":\"x}", "{\"a\":tru}", "{'a':1}",
          "{\"a\":1,}", "[1,]", "nul", "{\"a\":\"\\x\"}", "{\"a\":\"\xff\"}", "\xef\xbb\xbf{\"a\":1}"}) {
        QTest::addRow("'%s'", bad) << QByteArray(bad);
    }
}

void FieldTest::whatIsNoJsonIsUndecodable()
{
    QFETCH(QByteArray, bytes);
    const Padded value(bytes.toStdString());
    event::Record record;
    record.value = value.view();
    record.key = "k";
    auto extractor = extractorOf("/a key");
    const auto extraction = extractor.extract(record);
    QVERIFY(extraction.undecodable.has_value());
    QCOMPARE(extraction.undecodable->code, base::ErrorCode::NotJson);
    // What was found before the damage is not shown; what is not in the value is.
    QCOMPARE(shown(extraction.fields[0]), QStringLiteral("absent"));
    QCOMPARE(shown(extraction.fields[1]), QStringLiteral("text 'k'"));
    FieldExtractor nothing({});
    QVERIFY(nothing.extract(record).undecodable.has_value());
}

void FieldTest::oneRecordLeavesNothingForTheNext()
{
    auto extractor = extractorOf("/a /b/c");
    const auto extracted = [&](const char* json) {
        const Padded value(json);
        event::Record record;
        record.value = value.view();
        return shown(extractor.extract(record)).section(QStringLiteral(", not"), 0, 0);
    };
    QCOMPARE(extracted(R"({"a":"\n","b":{"c":1}})"), QStringLiteral("text '\n', number 1"));
    QCOMPARE(extracted("{}"), QStringLiteral("absent, absent"));
    QCOMPARE(extracted(R"({"b":{"c":[[{)"), QStringLiteral("absent, absent"));
    QCOMPARE(extracted(R"({"c":1,"a":2})"), QStringLiteral("number 2, absent"));
    QCOMPARE(extracted(R"([{"a":[)"), QStringLiteral("absent, absent"));
    QCOMPARE(extracted(R"({"b":{"c":3}})"), QStringLiteral("absent, number 3"));
}

void FieldTest::idsAreScalarsAsText()
{
    const auto id = [](FieldKind kind, const char* value) { return aggregateId({kind, value}); };
    QVERIFY(id(FieldKind::Text, "17850") == id(FieldKind::Number, "17850"));
    QVERIFY(id(FieldKind::Text, "") == base::ByteView());
    QVERIFY(id(FieldKind::Boolean, "true") == base::ByteView("true"));
    QVERIFY(!id(FieldKind::Null, ""));
    QVERIFY(!id(FieldKind::Absent, ""));
    QVERIFY(!id(FieldKind::Composite, ""));
}

void FieldTest::findsTheSameAsTheObviousWay()
{
    const std::uint64_t seed = std::random_device{}();
    qInfo() << "seed" << seed;
    std::mt19937_64 random(seed);
    const QByteArray refs = "/a /a/b /a/a /b/0 /0 /1/a /a~1b /a/0/b /b/longerName /0/0/0 /a/a~1b/0 /b";
    auto extractor = extractorOf(refs);
    for (int i = 0; i < 5'000; ++i) {
        const RandomDocument document(random);
        const Padded value(document.json());
        event::Record record;
        record.value = value.view();
        QStringList expected;
        for (const QByteArray& ref : refs.split(' ')) expected += document.at(ref.toStdString());
        QVERIFY2(shown(extractor.extract(record)) == expected.join(QStringLiteral(", ")), document.json().c_str());
    }
}

void FieldTest::linesReadTogetherAreWhatEachIsAlone()
{
    const std::uint64_t seed = std::random_device{}();
    qInfo() << "seed" << seed;
    std::mt19937_64 random(seed);
    const QByteArray refs = "/a /a/b /b/0 /0 /a~1b /b key";
    auto together = extractorOf(refs);
    auto alone = extractorOf(refs);
    std::size_t mostAtOnce = 0;
    int undecodable = 0;
    for (int i = 0; i < 200; ++i) {
        std::string lines;
        const unsigned outOf = i % 3 == 0 ? 1'000'000 : 30;
        for (std::uint64_t left = random() % 300; left > 0; --left)
            lines += someLine(random, outOf) + (random() % 4 == 0 ? "\r\n" : "\n");
        const std::size_t size = lines.size();
        lines.append(base::kReadablePadding, '"');
        const auto records = linesOf(lines, size, random);
        std::size_t expected = 0;
        for (std::size_t at = 0; at < records.size(); ++at) {
            if (at == expected) {
                const std::size_t atOnce = together.expect(std::span(records).subspan(at));
                mostAtOnce = std::max(mostAtOnce, atOnce);
                expected += atOnce;
            }
            const auto one = alone.extract(records[at]);
            undecodable += one.undecodable ? 1 : 0;
            QCOMPARE(shown(together.extract(records[at])), shown(one));
        }
    }
    QVERIFY(mostAtOnce > 20 && undecodable > 100);
}

QTEST_APPLESS_MAIN(FieldTest)
#include "field_test.moc"
