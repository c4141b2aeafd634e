// SPDX-License-Identifier: GPL-3.0-or-later
// Which keys and values are decoded, by what, and what becomes of those that cannot be.
#include "core/decode/record_decoder.h"

#include <QTest>

#include <deque>

using namespace leftfold;
using decode::Decoding;
using decode::PayloadFormat;
using decode::RecordPart;

namespace {

/// A record of texts that live as long as the program.
event::Record record(const std::optional<std::string>& key, const std::optional<std::string>& value,
                     const std::vector<std::pair<std::string, std::string>>& headers = {})
{
    static std::deque<std::string> texts;
    const auto keep = [](const std::string& text) {
        return base::ByteView(texts.emplace_back(text + std::string(base::kReadablePadding, '\0')))
            .substr(0, text.size());
    };
    event::Record out;
    if (key) out.key = keep(*key);
    if (value) out.value = keep(*value);
    for (const auto& [name, text] : headers) out.headers.push_back({keep(name), keep(text)});
    return out;
}

std::string bytes(const char* hex)
{
    return QByteArray::fromHex(hex).toStdString();
}

decode::Schema avro(const std::string& key, const std::string& text)
{
    decode::Schema schema;
    schema.key = key;
    schema.text = text;
    return schema;
}

Decoding decodingBy(const std::vector<std::string>& rules, const std::string& schema = {})
{
    Decoding decoding;
    for (const std::string& rule : rules) {
        auto typed = decode::parseDecodeRule(rule);
        Q_ASSERT(typed);
        typed->rule.schema = typed->file.empty() ? std::string() : schema;
        decoding.rules.push_back(typed->rule);
    }
    return decoding;
}

/// "key | value", as they are seen, with what was kept in front of its reason.
QString seen(const event::Record& record, const Decoding& decoding, const std::shared_ptr<decode::SchemaBook>& book,
             const std::string& topic = "orders")
{
    decode::RecordDecoder decoder(decoding, book);
    decode::DecodedRecords out;
    const auto records = decoder.decode({&record, 1}, topic, out);
    const auto text = [](const std::optional<base::ByteView>& part, const std::optional<decode::PayloadNote>& note) {
        if (note && note->kept) return "kept: " + QString::fromStdString(base::render(*note->kept));
        return part ? QString::fromUtf8(part->data(), static_cast<qsizetype>(part->size())) : QString("-");
    };
    const decode::PayloadNotes none;
    const decode::PayloadNotes& notes = out.notes.empty() ? none : out.notes.front();
    return text(records.front().key, notes.key) + " | " + text(records.front().value, notes.value);
}

} // namespace

class RecordDecoderTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_book = std::make_shared<decode::SchemaBook>();
        m_book->add(avro("7", R"("string")"));
        m_book->add(avro("89791762-2336-186f-9674-19b90b4a5b9d", R"("long")"));
    }

    void whatIsNotEncodedIsNotTouched();
    void aMarkNamesTheSchema();
    void aHeaderNamesTheSchema();
    void aTextIsAKeyWithoutQuotes();
    void aMissingSchemaIsToldWithItsReason();
    void jsonBehindAMarkNeedsNoSchema();
    void contentTypesNameTheFormat();
    void rulesWinOverWhatRecordsSay();
    void rulesOfATopicWinOverThoseOfAll();
    void aFilesSchemaStandsBehindAMarkOrNot();
    void tombstonesStayTombstones();
    void namedSchemasAreThoseNobodySaysOtherwise();
    void settingsAreReadAsTheyWereWritten();
    void manyRecordsKeepTheirPlaces();
    void numbersOfFixedSizesAreRead_data();
    void numbersOfFixedSizesAreRead();
    void keysThatAreNumbersAreToldFromMarks();
    void headersAreReadByRulesAndByName();
    void aHeaderThatCannotBeReadIsKept();
    void dataOfCloudEventsAreReadByTheSchemaTheyName();
    void structuredCloudEventsAreReadInTheirFormats();

private:
    std::shared_ptr<decode::SchemaBook> m_book;
};

void RecordDecoderTest::whatIsNotEncodedIsNotTouched()
{
    const std::vector<event::Record> records{record("k", R"({"a":1})"), record({}, "text"), record({}, ""),
                                             record("x", {}), record({}, "{}", {{"content-type", "application/json"}})};
    decode::RecordDecoder decoder({}, m_book);
    decode::DecodedRecords out;
    const auto same = decoder.decode(records, "orders", out);
    QCOMPARE(same.data(), static_cast<const event::Record*>(records.data()));
    QVERIFY(out.notes.empty());
}

void RecordDecoderTest::aMarkNamesTheSchema()
{
    const event::Record value = record("key", bytes("0000000007") + bytes("0a") + "hello");
    QCOMPARE(seen(value, {}, m_book), QString(R"(key | "hello")"));
    const event::Record guid = record({}, bytes("01897917622336186f967419b90b4a5b9d") + bytes("0e"));
    QCOMPARE(seen(guid, {}, m_book), QString("- | 7"));
    const event::Record cut = record({}, bytes("0000000007") + bytes("0a") + "hell");
    QVERIFY2(seen(cut, {}, m_book).startsWith("- | kept: the value is kept as it is: avro by schema 7: "),
             qPrintable(seen(cut, {}, m_book)));
}

void RecordDecoderTest::aHeaderNamesTheSchema()
{
    const event::Record value =
        record({}, bytes("0e"), {{"__value_schema_id", bytes("01897917622336186f967419b90b4a5b9d")}});
    QCOMPARE(seen(value, {}, m_book), QString("- | 7"));
}

void RecordDecoderTest::aTextIsAKeyWithoutQuotes()
{
    const event::Record key = record(bytes("00000000070c") + "a \"b\" ", "{}");
    QCOMPARE(seen(key, {}, m_book), QString("a \"b\"  | {}"));
}

void RecordDecoderTest::aMissingSchemaIsToldWithItsReason()
{
    const event::Record value = record({}, bytes("000000000901"));
    QVERIFY(seen(value, {}, m_book).contains("schema 9 is not there: no schema registry was asked for it"));
    m_book->setMissing("9", {base::ErrorCode::SchemaRegistry, {"http://r", "schema 9", "it answers 404"}, {}});
    QVERIFY(seen(value, {}, m_book).contains("the schema registry http://r does not give schema 9: it answers 404"));
}

void RecordDecoderTest::jsonBehindAMarkNeedsNoSchema()
{
    const event::Record value = record({}, bytes("0000000009") + "{ \"a\": 1.10 }");
    QCOMPARE(seen(value, {}, m_book), QString(R"(- | {"a":1.10})"));
}

void RecordDecoderTest::contentTypesNameTheFormat()
{
    const std::string map = bytes("81a161c3");
    QCOMPARE(seen(record({}, map, {{"Content-Type", "application/MsgPack; v=1"}}), {}, m_book),
             QString(R"(- | {"a":true})"));
    QCOMPARE(seen(record({}, bytes("a16161f5"), {{"content-type", "application/cbor"}}), {}, m_book),
             QString(R"(- | {"a":true})"));
    QVERIFY(
        seen(record({}, "\xc1", {{"content-type", "application/msgpack"}}), {}, m_book).contains("kept: the value"));
}

void RecordDecoderTest::rulesWinOverWhatRecordsSay()
{
    const std::string marked = bytes("00000000070a") + "hello";
    QCOMPARE(seen(record({}, marked), decodingBy({"value=bytes"}), m_book),
             QString(R"(- | "base64:AAAAAAcKaGVsbG8=")"));
    QCOMPARE(seen(record({}, "a\nb"), decodingBy({"value=text"}), m_book), QString(R"(- | "a\nb")"));
    QCOMPARE(seen(record({}, bytes("81a161c3")), decodingBy({"value=messagepack"}), m_book),
             QString(R"(- | {"a":true})"));
    QVERIFY(seen(record({}, "\xff"), decodingBy({"value=text"}), m_book).contains("no UTF-8"));
}

void RecordDecoderTest::rulesOfATopicWinOverThoseOfAll()
{
    const Decoding decoding = decodingBy({"orders:value=text", "value=bytes"});
    QCOMPARE(seen(record({}, "a"), decoding, m_book, "orders"), QString(R"(- | "a")"));
    QCOMPARE(seen(record({}, "a"), decoding, m_book, "others"), QString(R"(- | "base64:YQ==")"));
}

void RecordDecoderTest::aFilesSchemaStandsBehindAMarkOrNot()
{
    m_book->add(avro("file:a.avsc#1", R"("string")"));
    const std::string plain = bytes("04") + "ab";
    QCOMPARE(seen(record({}, plain), decodingBy({"value=avro:a.avsc"}, "file:a.avsc#1"), m_book),
             QString(R"(- | "ab")"));
    const Decoding behind = decodingBy({"value=wire-avro:a.avsc"}, "file:a.avsc#1");
    QCOMPARE(seen(record({}, bytes("00000000ff") + plain), behind, m_book), QString(R"(- | "ab")"));
    QVERIFY(seen(record({}, plain), behind, m_book).contains("kept: the value"));
}

void RecordDecoderTest::tombstonesStayTombstones()
{
    QCOMPARE(seen(record("k", {}), decodingBy({"value=messagepack", "key=text"}), m_book), QString("k | -"));
}

void RecordDecoderTest::namedSchemasAreThoseNobodySaysOtherwise()
{
    const event::Record both = record(bytes("000000000700"), bytes("000000000a00"));
    QCOMPARE(decode::namedSchemas(both, "orders", {}), (std::vector<std::string>{"7", "10"}));
    QCOMPARE(decode::namedSchemas(both, "orders", decodingBy({"orders:key=bytes"})), (std::vector<std::string>{"10"}));
    QVERIFY(decode::namedSchemas(record("k", "{}"), "orders", {}).empty());
}

void RecordDecoderTest::settingsAreReadAsTheyWereWritten()
{
    Decoding decoding = decodingBy({"a:b:value=protobuf:x.proto:shop.v1.Order", "key=text", "value=wire-avro:o.avsc"},
                                   "file:x.proto#1a");
    decoding.registry = "https://r:8081";
    decoding.generation = 3;
    decoding.isActive = true;
    const auto read = decode::parseDecoding(toJson(decoding));
    QVERIFY(read);
    QCOMPARE(*read, decoding);
    QCOMPARE(toText(decoding.rules[0]), std::string("a:b:value=protobuf:x.proto:shop.v1.Order"));
    Decoding other = decoding;
    other.generation = 4;
    QVERIFY(other.fingerprint() != decoding.fingerprint());
    QVERIFY(Decoding().fingerprint().empty());
    QVERIFY(!decode::parseDecoding("{\"rules\":7}"));
    const auto rules = decode::overlaid(decoding.rules, decodingBy({"key=bytes"}).rules);
    QCOMPARE(rules.size(), std::size_t{3});
    QCOMPARE(rules.back().format, PayloadFormat::Bytes);
}

void RecordDecoderTest::manyRecordsKeepTheirPlaces()
{
    std::vector<event::Record> records;
    for (int i = 0; i < 200; ++i) {
        const std::string text = "n" + std::to_string(1000 + i);
        records.push_back(i % 3 == 0 ? record("k", "\"" + text + "\"") : record({}, bytes("00000000070a") + text));
    }
    decode::RecordDecoder decoder({}, m_book);
    decode::DecodedRecords out;
    const auto shown = decoder.decode(records, "orders", out);
    QCOMPARE(shown.size(), records.size());
    for (std::size_t i = 0; i < shown.size(); ++i) {
        QCOMPARE(std::string(*shown[i].value), "\"n" + std::to_string(1000 + i) + "\"");
        QCOMPARE(out.notes[i].value.has_value(), i % 3 != 0);
    }
}

void RecordDecoderTest::numbersOfFixedSizesAreRead_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("hex");
    QTest::addColumn<QString>("shown");
    QTest::newRow("short") << "integer"
                           << "fffe"
                           << "-2";
    QTest::newRow("long") << "integer"
                          << "7fffffffffffffff"
                          << "9223372036854775807";
    QTest::newRow("least long") << "integer"
                                << "8000000000000000"
                                << "-9223372036854775808";
    QTest::newRow("no bytes") << "integer"
                              << ""
                              << "kept: the value is kept as it is: integer: not integer at byte 0: 0 bytes";
    QTest::newRow("nine bytes") << "integer"
                                << "000000000000000001"
                                << "kept: the value is kept as it is: integer";
    QTest::newRow("float") << "float"
                           << "3fc00000"
                           << "1.5";
    QTest::newRow("double") << "float"
                            << "3fb999999999999a"
                            << "0.1";
    QTest::newRow("not a number") << "float"
                                  << "7ff8000000000000"
                                  << "\"NaN\"";
    QTest::newRow("three bytes") << "float"
                                 << "3fb999"
                                 << "kept: the value is kept as it is: float";
    QTest::newRow("uuid") << "uuid"
                          << "897917622336186f967419b90b4a5b9d"
                          << "\"89791762-2336-186f-9674-19b90b4a5b9d\"";
    QTest::newRow("no uuid") << "uuid"
                             << "89"
                             << "kept: the value is kept as it is: uuid";
    QTest::newRow("time") << "time"
                          << "0000018bcfe56800"
                          << "\"2023-11-14T22:13:20Z\"";
}

void RecordDecoderTest::numbersOfFixedSizesAreRead()
{
    QFETCH(QString, format);
    QFETCH(QString, hex);
    QFETCH(QString, shown);
    const QString got =
        seen(record({}, bytes(hex.toLatin1().constData())), decodingBy({"value=" + format.toStdString()}), m_book);
    QVERIFY2(got.startsWith("- | " + shown), qPrintable(got));
}

void RecordDecoderTest::keysThatAreNumbersAreToldFromMarks()
{
    // Registries count from 1: this is what Kafka's serializer of longs writes.
    QCOMPARE(seen(record(bytes("000000000000002a"), "{}"), {}, m_book), QString("42 | {}"));
    QCOMPARE(seen(record(bytes("0000002a"), "{}"), {}, m_book), QString("42 | {}"));
    QCOMPARE(seen(record(bytes("0000000007046162"), "{}"), {}, m_book), QString("ab | {}"));
    QVERIFY(decode::namedSchemas(record(bytes("000000000000002a"), {}), "orders", {}).empty());
    QCOMPARE(seen(record("2a2a", "{}"), {}, m_book), QString("2a2a | {}"));
    QVERIFY(seen(record(bytes("0000018bcfe56800"), "{}"), {}, m_book).startsWith("kept: the key is kept"));
    QCOMPARE(seen(record(bytes("0000018bcfe56800"), "{}"), decodingBy({"key=integer"}), m_book),
             QString("1700000000000 | {}"));
}

void RecordDecoderTest::headersAreReadByRulesAndByName()
{
    const event::Record made = record("k", "{}",
                                      {{"axon-message-aggregate-seq", bytes("0000000000000003")},
                                       {"Attempts", bytes("00000002")},
                                       {"kafka_dlt-original-offset", "12345678"},
                                       {"plain", "text"},
                                       {"packed", bytes("81a161c3")}});
    decode::RecordDecoder decoder(
        decodingBy({"header.attempts=integer", "other:header.plain=bytes", "orders:header.packed=messagepack"}),
        m_book);
    decode::DecodedRecords out;
    const auto shown = decoder.decode({&made, 1}, "orders", out);
    const auto& headers = shown.front().headers;
    QCOMPARE(std::string(*headers[0].value), std::string("3"));
    QCOMPARE(std::string(*headers[1].value), std::string("2"));
    QCOMPARE(std::string(*headers[2].value), std::string("12345678")); // somebody wrote it as a text
    QCOMPARE(std::string(*headers[3].value), std::string("text"));
    QCOMPARE(std::string(*headers[4].value), std::string("{\"a\":true}"));
    QCOMPARE(out.notes.front().headers.size(), std::size_t{3});
    QCOMPARE(out.notes.front().headers[2].place, std::size_t{4});
    QVERIFY(!out.notes.front().value && !out.notes.front().key);
}

void RecordDecoderTest::aHeaderThatCannotBeReadIsKept()
{
    const event::Record made = record("k", "{}", {{"n", "123456789"}});
    decode::RecordDecoder decoder(decodingBy({"header.n=integer"}), m_book);
    decode::DecodedRecords out;
    const auto shown = decoder.decode({&made, 1}, "orders", out);
    QCOMPARE(std::string(*shown.front().headers[0].value), std::string("123456789"));
    const base::Error* why = out.notes.front().firstKept();
    QVERIFY(why != nullptr);
    QVERIFY2(base::render(*why).starts_with("the header n is kept as it is: integer"), base::render(*why).c_str());
    QVERIFY(!decode::parseDecodeRule("header.n=avro:x.avsc"));
    QVERIFY(!decode::parseDecodeRule("header.=integer"));
    const auto typed = decode::parseDecodeRule("orders:header.a:b=uuid");
    QVERIFY(typed);
    QCOMPARE(typed->rule.header, std::string("a:b"));
    QCOMPARE(toText(typed->rule), std::string("orders:header.a:b=uuid"));
}

void RecordDecoderTest::dataOfCloudEventsAreReadByTheSchemaTheyName()
{
    const std::vector<std::pair<std::string, std::string>> headers{{"ce_specversion", "1.0"},
                                                                   {"content-type", "application/avro"},
                                                                   {"ce_dataschema", "https://r/schemas/ids/7?x"}};
    QCOMPARE(seen(record({}, bytes("0a") + "hello", headers), {}, m_book), QString("- | \"hello\""));
    QCOMPARE(seen(record({}, bytes("00000000070a") + "hello", headers), {}, m_book), QString("- | \"hello\""));
    QCOMPARE(seen(record({}, "{\"a\":1}", headers), {}, m_book), QString("- | {\"a\":1}"));
    QCOMPARE(decode::namedSchemas(record({}, bytes("0a") + "hello", headers), "orders", {}),
             (std::vector<std::string>{"7"}));
}

void RecordDecoderTest::structuredCloudEventsAreReadInTheirFormats()
{
    const std::string start = R"({"specversion":"1.0","id":"1","source":"/s","type":"t",)";
    const auto typed = [](const char* format) {
        return std::vector<std::pair<std::string, std::string>>{
            {"Content-Type", std::string("application/cloudevents+") + format}};
    };
    const std::string data = QByteArray::fromStdString(bytes("00000000070a") + "hello").toBase64().toStdString();
    const event::Record json = record({}, start + "\"data_base64\":\"" + data + "\"}", typed("json"));
    QCOMPARE(decode::namedSchemas(json, "orders", {}), (std::vector<std::string>{"7"}));
    QCOMPARE(seen(json, {}, m_book), "- | " + QString::fromStdString(start) + "\"data\":\"hello\"}");
    const event::Record plain = record({}, start + "\"data\":{\"a\": 1}}", typed("json"));
    QCOMPARE(seen(plain, {}, m_book), "- | " + QString::fromStdString(start) + "\"data\":{\"a\": 1}}");
    const event::Record cbor =
        record({}, start + "\"datacontenttype\":\"application/cbor\",\"data_base64\":\"oWFh9Q==\"}", typed("json"));
    QVERIFY2(seen(cbor, {}, m_book).endsWith("\"data\":{\"a\":true}}"), qPrintable(seen(cbor, {}, m_book)));

    // Protobuf: id 1, source 2, spec_version 3, type 4, attributes 5, text_data 7.
    const std::string attribute = bytes("0a0f") + "datacontenttype" + bytes("12121a10") + "application/json";
    const std::string proto = bytes("0a0131") + bytes("12022f73") + bytes("1a03") + "1.0" + bytes("220174")
                              + bytes("2a") + std::string(1, static_cast<char>(attribute.size())) + attribute
                              + bytes("3a07") + "{\"a\":1}";
    QCOMPARE(seen(record({}, proto, typed("protobuf")), {}, m_book),
             "- | " + QString::fromStdString(start) + "\"datacontenttype\":\"application/json\",\"data\":{\"a\":1}}");
    QVERIFY(seen(record({}, bytes("0a0131"), typed("protobuf")), {}, m_book)
                .contains("the attribute specversion is missing"));

    // Avro: a map of four attributes, each a union's branch 3 (string); then data, branch 0 (bytes).
    const auto text = [](const std::string& each) { return std::string(1, static_cast<char>(2 * each.size())) + each; };
    const auto member = [&](const std::string& name, const std::string& value) {
        return text(name) + bytes("06") + text(value);
    };
    const std::string avro = bytes("08") + member("specversion", "1.0") + member("id", "1") + member("source", "/s")
                             + member("type", "t") + bytes("00") + bytes("00") + text("{\"a\":1}");
    QCOMPARE(seen(record({}, avro, typed("avro")), {}, m_book),
             "- | " + QString::fromStdString(start) + "\"data\":{\"a\":1}}");
}

QTEST_GUILESS_MAIN(RecordDecoderTest)
#include "record_decoder_test.moc"
