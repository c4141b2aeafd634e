// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/envelope.h"

#include "core/decode/text.h"
#include "core/event/json_walker.h"

#include <QJsonDocument>
#include <QTest>

#include <random>

using namespace leftfold;
using namespace leftfold::decode;

namespace {

using Bytes = std::optional<base::ByteView>;

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

std::string written(const event::Record& record, const EnvelopeNotes& notes = {})
{
    std::string line;
    writeEnvelope(line, {"orders", 3}, record, notes);
    return line;
}

/// A line read back, with what its views point into.
struct ReadBack {
    explicit ReadBack(std::string text) : size(text.size()), line(std::move(text))
    {
        line.append(base::kReadablePadding, '\xff');
        content = readEnvelope(base::ByteView(line).substr(0, size), arena);
    }
    ReadBack(const ReadBack&) = delete;
    ReadBack& operator=(const ReadBack&) = delete;

    std::size_t size;
    std::string line;
    std::deque<std::string> arena;
    base::Result<EnvelopeContent> content = base::fail(base::ErrorCode::BadEnvelope, "not read");
};

std::string randomBytes(std::mt19937_64& random)
{
    constexpr std::string_view kTricky[] = {
        "",
        "null",
        "{}",
        "[1, 2]",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\n1}",
        " {}",
        "{} ",
        "{\"a\":1}\r",
        "\"text\"",
        "-0",
        "01",
        "tru",
        "a\"b\\c",
        "\n",
        "\r\n",
        "\xed\xa0\x80",
        "\xff\xfe",
        "caf\xc3\xa9",
        "\xc3",
        "{\"leftfold\":1,\"value\":{}}",
        "\xef\xbb\xbf{}",
        "},\"value\":1",
        "1e999",
        "123456789012345678901234567890",
        "{\"a\":1,\"a\":2}",
        "\xe2\x80\xa8",
        "[[[[[[[[[[[[[[]]]]]]]]]]]]]]",
    };
    const std::uint64_t kind = random() % 4;
    if (kind < 2) return std::string(kTricky[random() % std::size(kTricky)]);
    std::string bytes(random() % 40, '\0');
    for (char& byte : bytes) byte = static_cast<char>(kind == 2 ? random() : ' ' + random() % 95);
    return bytes;
}

/// A record of random bytes that owns them.
struct RandomRecord {
    explicit RandomRecord(std::mt19937_64& random)
    {
        const auto bytes = [&]() -> Bytes {
            if (random() % 5 == 0) return std::nullopt;
            return storage.emplace_back(randomBytes(random));
        };
        record.offset = {static_cast<std::int64_t>(random() >> 1 >> random() % 63)};
        record.value = bytes();
        record.key = bytes();
        if (random() % 2 == 0) {
            record.timestamp = base::Time{static_cast<std::int64_t>(random()) >> random() % 64,
                                          static_cast<std::uint32_t>(random() % 1'000'000'000)};
            record.timestampType = random() % 2 == 0 ? event::TimestampType::Create : event::TimestampType::LogAppend;
        }
        for (std::uint64_t headers = random() % 4; headers > 0; --headers) {
            record.headers.push_back({storage.emplace_back(randomBytes(random)), bytes()});
        }
    }
    RandomRecord(const RandomRecord&) = delete;
    RandomRecord& operator=(const RandomRecord&) = delete;

    std::deque<std::string> storage;
    event::Record record;
};

} // namespace

class EnvelopeTest : public QObject {
    Q_OBJECT

private slots:
    void looksAsTheFormatSays();
    void valuesTakeTheFormThatKeepsThem_data();
    void valuesTakeTheFormThatKeepsThem();
    void anyBytesComeBack();
    void partitionsComeBack();
    void notesAreForReadersOnly();
    void viewsPointIntoTheLineWhereTheyCan();
    void otherWritersMayLayItOutTheirWay();
    void whatIsNoEnvelopeSaysWhy_data();
    void whatIsNoEnvelopeSaysWhy();
    void envelopesAreToldByTheirFirstMember_data();
    void envelopesAreToldByTheirFirstMember();
    void cutLinesAreErrors();
    void changedLinesNeverCrash();
    void base64HasOneTextForEachBytes();
};

void EnvelopeTest::looksAsTheFormatSays()
{
    event::Record record;
    record.offset = {1042};
    record.value = R"({"type":"LineSold", "quantity":1.50})";
    record.key = "536365";
    record.timestamp = base::Time{1291191960, 0};
    record.timestampType = event::TimestampType::LogAppend;
    record.headers = {{"a", "1"}, {"b", std::nullopt}, {"c", "\xff"}};
    const EnvelopeNotes notes{event::EventIndex{7}, base::Time{1291191961, 0}, "LineSold", "536365", true};
    QCOMPARE(
        text(written(record, notes)),
        QStringLiteral(
            R"({"leftfold":1,"index":7,"position":"orders[3]@1042","time":"2010-12-01T08:26:01Z","type":"LineSold",)"
            R"("id":"536365","timestamp":"2010-12-01T08:26:00Z","timestampType":"append","key":"536365",)"
            R"("headers":[["a","1"],["b",null],["c",{"base64":"/w=="}]],"value":{"type":"LineSold", "quantity":1.50}})"));
    QCOMPARE(text(written(event::Record{})),
             QStringLiteral(R"({"leftfold":1,"index":0,"position":"orders[3]@0","type":""})"));
}

void EnvelopeTest::valuesTakeTheFormThatKeepsThem_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("member");
    const auto row = [](const char* name, const QByteArray& value, const char* member) {
        QTest::newRow(name) << value << QByteArray(member);
    };
    row("object", R"({"a": 01e})", R"(,"valueText":"{\"a\": 01e}"})");
    row("JSON", R"({"a": 1e5})", R"(,"value":{"a": 1e5}})");
    row("the word null", "null", R"(,"value":null})");
    row("nothing in it", "", R"(,"valueText":""})");
    row("a number", "-0.0", R"(,"value":-0.0})");
    row("blank before", " {}", R"(,"valueText":" {}"})");
    row("blank behind", "{}\t", R"(,"valueText":"{}\t"})");
    row("two lines", "{\n}", R"(,"valueText":"{\n}"})");
    row("carriage return", "[1,\r2]", R"(,"valueText":"[1,\r2]"})");
    row("text", "hello \"you\"", R"(,"valueText":"hello \"you\""})");
    row("zero byte", QByteArray("a\0b", 3), R"(,"valueText":"a\u0000b"})");
    row("no UTF-8", "\xff\xfe", R"(,"valueBase64":"//4="})");
    row("JSON that is no UTF-8", "\"\xff\"", R"(,"valueBase64":"Iv8i"})");
    row("lone surrogate escaped", R"("\ud800")", R"(,"value":"\ud800"})");
    row("lone surrogate in bytes", "\xed\xa0\x80", R"(,"valueBase64":"7aCA"})");
}

void EnvelopeTest::valuesTakeTheFormThatKeepsThem()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, member);
    const std::string bytes = value.toStdString();
    event::Record record;
    record.value = bytes;
    const std::string line = written(record);
    QVERIFY2(QByteArray::fromStdString(line).endsWith(member), line.c_str());
    const ReadBack back(line);
    QVERIFY(back.content.has_value());
    QVERIFY(back.content->record.value == Bytes(bytes));
}

void EnvelopeTest::anyBytesComeBack()
{
    const std::uint64_t seed = std::random_device{}();
    qInfo() << "seed" << seed;
    std::mt19937_64 random(seed);
    for (int i = 0; i < 20'000; ++i) {
        const RandomRecord original(random);
        const event::Record& record = original.record;
        EnvelopeNotes notes{event::EventIndex{random()}, record.timestamp, record.value.value_or(""), record.key,
                            false};
        const std::string line = written(record, notes);
        QVERIFY2(event::checkJson(line).has_value() && line.find('\n') == std::string::npos
                     && line.find('\r') == std::string::npos,
                 line.c_str());
        QVERIFY(isEnvelope(line));
        // What was found to be JSON before is written the same.
        notes.valueIsJson = record.value && event::checkJson(*record.value).has_value();
        QVERIFY2(written(record, notes) == line, line.c_str());
        const ReadBack back(line);
        QVERIFY2(back.content.has_value(), line.c_str());
        const event::Record& again = back.content->record;
        QVERIFY2(again.offset == record.offset && again.value == record.value && again.key == record.key
                     && again.headers == record.headers,
                 line.c_str());
        QVERIFY2(again.timestamp == record.timestamp && again.timestampType == record.timestampType, line.c_str());
        QVERIFY(event::hashOf(again) == event::hashOf(record));
    }
}

void EnvelopeTest::partitionsComeBack()
{
    for (const char* topic : {"orders", "\"quoted\"\\", "caf\xc3\xa9", "#5", "a.b-c_d/e"}) {
        const event::Partition partition{topic, 2147483647};
        std::string line;
        writeEnvelope(line, partition, {}, {});
        const ReadBack back(line);
        QVERIFY2(back.content.has_value() && back.content->partition == partition, line.c_str());
    }
}

void EnvelopeTest::notesAreForReadersOnly()
{
    event::Record record;
    record.value = "{}";
    const std::string plain = written(record);
    const std::string noted =
        written(record, {event::EventIndex{9}, base::Time{}, "T\xff\n", "i\"d\xed\xa0\x80", false});
    QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(noted)).isObject());
    QVERIFY(plain != noted);
    const ReadBack one(plain);
    const ReadBack other(noted);
    QVERIFY(event::hashOf(one.content.value().record) == event::hashOf(other.content.value().record));
}

void EnvelopeTest::viewsPointIntoTheLineWhereTheyCan()
{
    event::Record record;
    record.value = R"({"a":"\n"})";
    record.key = "plain";
    record.headers = {{"name", "esc\taped"}};
    const ReadBack back(written(record));
    const auto inLine = [&](base::ByteView view) {
        return view.data() >= back.line.data() && view.data() < back.line.data() + back.size;
    };
    const event::Record& again = back.content.value().record;
    QVERIFY(inLine(*again.value) && inLine(*again.key) && inLine(again.headers[0].name));
    QVERIFY(!inLine(*again.headers[0].value));
    QCOMPARE(back.arena.size(), std::size_t{1});
    QVERIFY(back.arena.front().size() >= again.headers[0].value->size() + base::kReadablePadding);
}

void EnvelopeTest::otherWritersMayLayItOutTheirWay()
{
    const ReadBack back(
        " { \"value\" : [1 , 2] , \"more\":{\"value\":[{\"key\":\"x\"}],\"headers\":[]},\n\t\"leftfold\" : 1, "
        "\"key\":\"\\u006b\", "
        "\"headers\" : [ [ \"\\u0061\" , \"b\" ] ], \"posi\\u0074ion\":1, \"position\":\"a[0]@5\" } ");
    QVERIFY2(back.content.has_value(), back.content ? "" : base::render(back.content.error()).c_str());
    QVERIFY(back.content->record.value == Bytes("[1 , 2]"));
    QVERIFY(back.content->record.key == Bytes("k"));
    QVERIFY(back.content->record.headers == (std::vector<event::Header>{{"a", "b"}}));
    const ReadBack last(R"({"leftfold":1,"position":"a[0]@5","value" :  {"b":"}"}  })");
    QVERIFY(last.content.value().record.value == Bytes(R"({"b":"}"})"));
}

void EnvelopeTest::whatIsNoEnvelopeSaysWhy_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const char* line, const char* reason) {
        QTest::newRow(name) << QByteArray(line)
                            << QStringLiteral("not an event as Leftfold writes them: ") + QString(reason);
    };
    const auto wrong = [&](const char* members, const char* name) {
        const QByteArray line = QByteArray(R"({"leftfold":1,"position":"a[0]@5",)") + members + "}";
        QTest::newRow(members)
            << line
            << QStringLiteral("not an event as Leftfold writes them: \"%1\" is not as it should be").arg(QString(name));
    };
    row("newer", R"({"leftfold":2,"position":7})", "format 2 is not known here, only 1");
    row("almost", R"({"leftfold":1.0,"position":"a[0]@5"})", "format 1.0 is not known here, only 1");
    row("format as text", R"({"leftfold":"1","position":"a[0]@5"})", "\"leftfold\" is not as it should be");
    row("no format", R"({"position":"a[0]@5"})", "the member \"leftfold\" is missing");
    row("no position", R"({"leftfold":1})", "the member \"position\" is missing");
    row("bad position", R"({"leftfold":1,"position":"a@5"})",
        "'a@5' is not a position: expected topic[number]@offset, as orders[0]@1042");
    row("position as number", R"({"leftfold":1,"position":5})", "\"position\" is not as it should be");
    row("array", R"([{"leftfold":1,"position":"a[0]@5"}])", "it is no object");
    row("text", R"("leftfold")", "it is no object");
    row("number", "1", "it is no object");
    row("twice", R"({"leftfold":1,"position":"a[0]@5","position":"a[0]@6"})", "\"position\" is there twice");
    row("two keys", R"({"leftfold":1,"position":"a[0]@5","key":"a","keyBase64":""})", "it has two keys");
    row("two values", R"({"leftfold":1,"position":"a[0]@5","value":null,"valueText":""})", "it has two values");
    row("timestamp alone", R"({"leftfold":1,"position":"a[0]@5","timestamp":"2011-01-31"})",
        "\"timestamp\" and \"timestampType\" come together or not at all");
    row("type alone", R"({"leftfold":1,"position":"a[0]@5","timestampType":"create"})",
        "\"timestamp\" and \"timestampType\" come together or not at all");
    row("bad timestamp", R"({"leftfold":1,"position":"a[0]@5","timestamp":"soon","timestampType":"create"})",
        "'soon' is not a time: expected a date as 2011-01-31");
    wrong(R"("timestamp":"2011-01-31","timestampType":"never")", "timestampType");
    wrong(R"("key":null)", "key");
    wrong(R"("key":{"a":1})", "key");
    wrong(R"("keyBase64":"a")", "keyBase64");
    wrong(R"("keyBase64":"/x==")", "keyBase64");
    wrong(R"("valueText":1)", "valueText");
    wrong(R"("valueBase64":["AA=="])", "valueBase64");
    wrong(R"("headers":{})", "headers");
    wrong(R"("headers":"a")", "headers");
    wrong(R"("headers":["a","b"])", "headers");
    wrong(R"("headers":[["a"]])", "headers");
    wrong(R"("headers":[["a","b","c"]])", "headers");
    wrong(R"("headers":[[null,"b"]])", "headers");
    wrong(R"("headers":[["a",1]])", "headers");
    wrong(R"("headers":[["a",["b"]]])", "headers");
    wrong(R"("headers":[["a",{}]])", "headers");
    wrong(R"("headers":[["a",{"base32":"AA=="}]])", "headers");
    wrong(R"("headers":[["a",{"base64":"AA==","base64":"AA=="}]])", "headers");
    wrong(R"("headers":[["a",{"base64":{"base64":"AA=="}}]])", "headers");
}

void EnvelopeTest::whatIsNoEnvelopeSaysWhy()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, reason);
    const ReadBack back(line.toStdString());
    QVERIFY(!back.content.has_value());
    QCOMPARE(text(base::render(back.content.error())), reason);
}

void EnvelopeTest::envelopesAreToldByTheirFirstMember_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("is");
    for (const char* line : {R"({"leftfold":1})", R"( { "leftfold" : 99})", R"({"leftfold":)"})
        QTest::newRow(line) << QByteArray(line) << true;
    for (const char* line : {"", "{", "{}", R"({"leftfold"})", R"({"leftfolds":1})", R"({"a":1,"leftfold":1})",
                             R"(["leftfold":1])", R"("leftfold":1)"}) {
        QTest::addRow("'%s'", line) << QByteArray(line) << false;
    }
}

void EnvelopeTest::envelopesAreToldByTheirFirstMember()
{
    QFETCH(QByteArray, line);
    QFETCH(bool, is);
    QCOMPARE(isEnvelope(line.toStdString()), is);
}

void EnvelopeTest::cutLinesAreErrors()
{
    event::Record record;
    record.value = R"({"a":[1,2]})";
    record.key = "\xff";
    record.headers = {{"a", "1"}};
    const std::string line = written(record);
    for (std::size_t length = 0; length < line.size(); ++length) {
        const ReadBack back(line.substr(0, length));
        QVERIFY(!back.content.has_value());
        QCOMPARE(back.content.error().code, base::ErrorCode::BadEnvelope);
    }
}

void EnvelopeTest::changedLinesNeverCrash()
{
    const std::uint64_t seed = std::random_device{}();
    qInfo() << "seed" << seed;
    std::mt19937_64 random(seed);
    constexpr std::string_view kSigns = "{}[]\",:\\1x \n";
    int read = 0;
    for (int i = 0; i < 20'000; ++i) {
        const RandomRecord original(random);
        std::string line = written(original.record);
        for (std::uint64_t changes = random() % 3 + 1; changes > 0; --changes)
            line[random() % line.size()] = kSigns[random() % kSigns.size()];
        const ReadBack back(line);
        if (back.content)
            ++read;
        else
            QCOMPARE(back.content.error().code, base::ErrorCode::BadEnvelope);
    }
    QVERIFY(read > 0 && read < 20'000);
}

void EnvelopeTest::base64HasOneTextForEachBytes()
{
    for (const auto& [bytes, base64] : {std::pair{"", ""},
                                        {"f", "Zg=="},
                                        {"fo", "Zm8="},
                                        {"foo", "Zm9v"},
                                        {"foob", "Zm9vYg=="},
                                        {"fooba", "Zm9vYmE="},
                                        {"foobar", "Zm9vYmFy"}}) {
        std::string out;
        appendBase64(out, bytes);
        QCOMPARE(out, std::string(base64));
        QVERIFY(fromBase64(base64) == std::string(bytes));
    }
    for (const char* bad :
         {"Z", "Zg", "Zg=", "Zg===", "=", "==", "====", "Zh==", "Zm9=", "Z=g=", "Zm 9", "Zm9v\n", "Zg==Zg==", "Zm-_"}) {
        QVERIFY2(!fromBase64(bad).has_value(), bad);
    }
}

QTEST_APPLESS_MAIN(EnvelopeTest)
#include "envelope_test.moc"
