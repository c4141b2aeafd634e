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
    QCOMPARE(namedSchemas(both, "orders", {}), (std::vector<std::string>{"7", "10"}));
    QCOMPARE(namedSchemas(both, "orders", decodingBy({"orders:key=bytes"})), (std::vector<std::string>{"10"}));
    QVERIFY(namedSchemas(record("k", "{}"), "orders", {}).empty());
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

QTEST_GUILESS_MAIN(RecordDecoderTest)
#include "record_decoder_test.moc"
