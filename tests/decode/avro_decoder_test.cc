// SPDX-License-Identifier: GPL-3.0-or-later
// Payloads are written out by hand from the Avro specification 1.12, "Binary Encoding" and "Logical Types".
#include "core/decode/payload_decoder.h"
#include "tests/decode/payloads.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::decode;

namespace {

MadeDecoder avro(const QString& schema, std::vector<SchemaReference> references = {})
{
    return makeAvroDecoder({SchemaKind::Avro, schema.toStdString(), std::move(references)});
}


const QString kList =
    R"({"type":"record","name":"List","fields":[{"name":"v","type":"long"},{"name":"next","type":["null","List"]}]})";

} // namespace

class AvroDecoderTest : public QObject {
    Q_OBJECT

private slots:
    void values_data();
    void values();
    void schemasThatCannotBeUsed_data();
    void schemasThatCannotBeUsed();
    void referencesInAnyOrder();
    void aDeepValueIsRefused();
    void emptyValuesAreBounded();
    void damageIsReportedOrDecoded();
};

void AvroDecoderTest::values_data()
{
    QTest::addColumn<QString>("schema");
    QTest::addColumn<QString>("hex");
    QTest::addColumn<QString>("json");
    const auto row = [](const char* name, const QString& schema, const QString& hex, const QString& json) {
        QTest::newRow(name) << schema << hex << json;
    };
    const auto logical = [](const QString& base, const QString& name) {
        return QString(R"({"type":"%1","logicalType":"%2"})").arg(base, name);
    };
    row("null", R"("null")", "", "null");
    row("true", R"("boolean")", "01", "true");
    row("no boolean", R"("boolean")", "02", "not Avro at byte 0: a boolean that is neither 0 nor 1");
    row("int", R"("int")", "80 01", "64");
    row("smallest int", R"("int")", "ff ff ff ff 0f", "-2147483648");
    row("beyond int", R"("int")", "80 80 80 80 10", "not Avro at byte 0: 2147483648 is no 32-bit integer");
    row("long beyond 2^53", R"("long")", "82 80 80 80 80 80 80 20", "9007199254740993");
    row("smallest long", R"("long")", "ff ff ff ff ff ff ff ff ff 01", "-9223372036854775808");
    row("beyond long", R"("long")", "ff ff ff ff ff ff ff ff ff 02",
        "not Avro at byte 0: a number of more than 64 bits");
    row("cut number", R"("long")", "ff", "not Avro at byte 0: it ends within a number");
    row("float", R"("float")", "cd cc cc 3d", "0.1");
    row("double", R"("double")", "9a 99 99 99 99 99 b9 3f", "0.1");
    row("whole double", R"("double")", "00 00 00 00 00 00 f0 3f", "1.0");
    row("negative zero", R"("double")", "00 00 00 00 00 00 00 80", "-0.0");
    row("NaN", R"("float")", "00 00 c0 7f", R"("NaN")");
    row("infinity", R"("double")", "00 00 00 00 00 00 f0 ff", R"("-Infinity")");
    row("text", R"("string")", "06 66 6f 6f", R"("foo")");
    row("text to escape", R"("string")", "08 0a 22 c3 a9", R"("\n\"é")");
    row("no UTF-8", R"("string")", "02 ff", "not Avro at byte 0: a text that is not UTF-8");
    row("text too short", R"("string")", "06 66", "not Avro at byte 0: 3 bytes should follow, 1 do");
    row("negative size", R"("string")", "01", "not Avro at byte 0: a size of -1");
    row("bytes", R"("bytes")", "06 00 01 ff", R"("base64:AAH/")");
    row("fixed", R"({"type":"fixed","name":"F","size":2})", "00 ff", R"("base64:AP8=")");
    row("enum", R"({"type":"enum","name":"E","symbols":["A","B"]})", "02", R"("B")");
    row("no symbol", R"({"type":"enum","name":"E","symbols":["A","B"]})", "04",
        "not Avro at byte 0: symbol 2 of the enum E, which has 2");
    row("array", R"({"type":"array","items":"long"})", "04 06 36 00", "[3,27]");
    row("array in blocks with sizes", R"({"type":"array","items":"long"})", "03 04 06 36 02 08 00", "[3,27,4]");
    row("no items", R"({"type":"array","items":"long"})", "00", "[]");
    row("items that are not there", R"({"type":"array","items":"long"})", "fe ff ff ff ff ff ff ff ff 01 02",
        "not Avro at byte 11: it ends within a number (/1)");
    row("map", R"({"type":"map","values":"int"})", "04 02 61 02 02 62 04 00", R"({"a":1,"b":2})");
    row("record", R"({"type":"record","name":"R","fields":[{"name":"a","type":"long"},{"name":"b","type":"string"}]})",
        "36 06 66 6f 6f", R"({"a":27,"b":"foo"})");
    row("where it fails",
        R"({"type":"record","name":"R","fields":[{"name":"a","type":{"type":"map","values":"int"}}]})", "02 02 61",
        "not Avro at byte 3: it ends within a number (/a/a)");
    row("bytes behind the end", R"("int")", "02 02", "not Avro at byte 1: bytes behind the end of the value");
    row("recursion", kList, "02 02 04 00", R"({"v":1,"next":{"v":2,"next":null}})");
    row("nested types", R"({"type":{"type":"array","items":{"type":"string"}}})", "02 02 61 00", R"(["a"])");

    // Unions: the plain value where JSON tells the branch.
    row("absent", R"(["null","string"])", "00", "null");
    row("present", R"(["null","string"])", "02 02 61", R"("a")");
    row("numbers are not told apart", R"(["null","int","double"])", "02 02", "1");
    row("two texts", R"(["null","string","bytes"])", "02 02 61", R"({"string":"a"})");
    row("two texts, bytes", R"(["null","string","bytes"])", "04 02 61", R"({"bytes":"base64:YQ=="})");
    row("two objects",
        R"([{"type":"record","name":"x.A","fields":[]},{"type":"record","name":"x.B","fields":[]},"null"])", "02",
        R"({"x.B":{}})");
    row("null beside two objects",
        R"([{"type":"record","name":"x.A","fields":[]},{"type":"record","name":"x.B","fields":[]},"null"])", "04",
        "null");
    row("no branch", R"(["null","string"])", "04", "not Avro at byte 0: branch 2 of a union of 2");
    row("negative branch", R"(["null","string"])", "01", "not Avro at byte 0: branch -1 of a union of 2");

    // Logical types.
    row("decimal", R"({"type":"bytes","logicalType":"decimal","precision":9,"scale":2})", "04 04 ce", "12.30");
    row("negative decimal", R"({"type":"bytes","logicalType":"decimal","precision":9,"scale":2})", "02 ff", "-0.01");
    row("decimal without bytes", R"({"type":"bytes","logicalType":"decimal","precision":9,"scale":2})", "00", "0.00");
    row("decimal in a fixed", R"({"type":"fixed","name":"D","size":16,"logicalType":"decimal","precision":38})",
        "7f ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff", "170141183460469231731687303715884105727");
    row("smallest decimal in a fixed",
        R"({"type":"fixed","name":"D","size":8,"logicalType":"decimal","precision":18,"scale":18})",
        "80 00 00 00 00 00 00 00", "-9.223372036854775808");
    row("no decimal", R"({"type":"bytes","logicalType":"decimal","precision":2,"scale":3})", "02 ff",
        R"("base64:/w==")");
    row("big-decimal", logical("bytes", "big-decimal"), "08 04 04 ce 04", "12.30");
    row("date", logical("int", "date"), "d8 a9 02", "\"2022-03-01\"");
    row("date before 1970", logical("int", "date"), "01", "\"1969-12-31\"");
    row("last date", logical("int", "date"), "fe ff ff ff 0f", "\"+5881580-07-11\"");
    row("time-millis", logical("int", "time-millis"), "fe ef b2 52", "\"23:59:59.999\"");
    row("time-micros", logical("long", "time-micros"), "02", "\"00:00:00.000001\"");
    row("time outside of a day", logical("int", "time-millis"), "01", "-1");
    row("timestamp-millis", logical("long", "timestamp-millis"), "d2 e8 8c bf bb 4b", "\"2011-01-31T12:00:00.041Z\"");
    row("timestamp-micros before 1970", logical("long", "timestamp-micros"), "01", "\"1969-12-31T23:59:59.999999Z\"");
    row("timestamp-nanos", logical("long", "timestamp-nanos"), "02", "\"1970-01-01T00:00:00.000000001Z\"");
    row("last timestamp", logical("long", "timestamp-millis"), "fe ff ff ff ff ff ff ff ff 01",
        "\"+292278994-08-17T07:12:55.807Z\"");
    row("local timestamp", logical("long", "local-timestamp-millis"), "02", "\"1970-01-01T00:00:00.001\"");
    row("duration", R"({"type":"fixed","name":"D","size":12,"logicalType":"duration"})",
        "01 00 00 00 02 00 00 00 b8 0b 00 00", "\"P1M2DT3.000S\"");
    row("uuid", R"({"type":"fixed","name":"U","size":16,"logicalType":"uuid"})",
        "12 3e 45 67 e8 9b 12 d3 a4 56 42 66 14 17 40 00", "\"123e4567-e89b-12d3-a456-426614174000\"");
    row("uuid as a text", logical("string", "uuid"), "02 61", "\"a\"");
    row("a logical type on another type", logical("string", "date"), "02 61", "\"a\"");
    row("a date beside a text", R"([{"type":"int","logicalType":"date"},"string"])", "00 00",
        R"({"int":"1970-01-01"})");
}

void AvroDecoderTest::values()
{
    QFETCH(QString, schema);
    QFETCH(QString, hex);
    QFETCH(QString, json);
    QCOMPARE(decoded(avro(schema), fromHex(hex)), json);
}

void AvroDecoderTest::schemasThatCannotBeUsed_data()
{
    QTest::addColumn<QString>("schema");
    QTest::addColumn<QString>("cause");
    const auto row = [](const char* name, const QString& schema, const QString& cause) {
        QTest::newRow(name) << schema << "the Avro schema cannot be used: " + cause;
    };
    row("no JSON", "string", "the schema is not JSON");
    row("no type", "{}", "a type without \"type\"");
    row("a number", "7", "7 is no type");
    row("an unknown type", R"({"type":"record","name":"a.R","fields":[{"name":"f","type":"X"}]})",
        "a.R/f: there is no type a.X");
    row("twice", R"([{"type":"fixed","name":"F","size":1},{"type":"enum","name":"F","symbols":[]}])",
        "F is defined twice");
    row("a branch twice", R"(["int","int"])", "a union with int twice");
    row("a union in a union", R"(["int",["long"]])", "a union directly in a union");
    row("no fields", R"({"type":"record","name":"R"})", "the record R has no \"fields\"");
    row("a field twice",
        R"({"type":"record","name":"R","fields":[{"name":"f","type":"int"},{"name":"f","type":"int"}]})",
        "R: the field f twice");
    row("no name", R"({"type":"enum","symbols":[]})", "a type with the name ''");
    row("no size", R"({"type":"fixed","name":"F","size":-1})", "the fixed F has no \"size\"");
    row("too deep", QString("[").repeated(1'000) + QString("]").repeated(1'000), "types are nested too deeply");
}

void AvroDecoderTest::schemasThatCannotBeUsed()
{
    QFETCH(QString, schema);
    QFETCH(QString, cause);
    const auto made = avro(schema);
    QVERIFY(!made);
    QCOMPARE(errorText(made.error()), cause);
    const auto other = makeAvroDecoder({SchemaKind::Protobuf, "\"int\"", {}});
    QCOMPARE(errorText(other.error()), "the Avro schema cannot be used: it is of another kind");
}

void AvroDecoderTest::referencesInAnyOrder()
{
    const QString schema =
        R"({"type":"record","name":"a.Order","fields":[{"name":"c","type":"b.Customer"},{"name":"m","type":"Money"}]})";
    const SchemaReference customer{
        "b.Customer",
        R"({"type":"record","name":"Customer","namespace":"b","fields":[{"name":"m","type":"a.Money"}]})"};
    const SchemaReference money{"a name that is no type", R"({"type":"fixed","name":"a.Money","size":1})"};
    const QString json = R"({"c":{"m":"base64:AQ=="},"m":"base64:Ag=="})";
    QCOMPARE(decoded(avro(schema, {customer, money}), fromHex("0102")), json);
    QCOMPARE(decoded(avro(schema, {money, customer}), fromHex("0102")), json);
    QCOMPARE(decoded(avro(schema, {customer}), {}),
             "the Avro schema cannot be used: b.Customer/m: there is no type a.Money");
}

void AvroDecoderTest::aDeepValueIsRefused()
{
    const auto decoder = avro(kList);
    std::string bytes;
    for (int i = 0; i < 100'000; ++i) bytes += fromHex("02 02");
    QVERIFY(decoded(decoder, bytes).startsWith("not Avro at byte 512: values are nested too deeply (/next/next"));
}

void AvroDecoderTest::emptyValuesAreBounded()
{
    const auto nulls = avro(R"({"type":"array","items":"null"})");
    QCOMPARE(decoded(nulls, fromHex("04 00")), "[null,null]");
    QVERIFY(decoded(nulls, fromHex("fe ff ff ff ff ff ff ff ff 01"))
                .startsWith("not Avro at byte 10: too many values that take no bytes"));
    // Types that hold each other twice: 2^40 values in no bytes.
    QString schema = R"({"type":"record","name":"R0","fields":[]})";
    for (int i = 1; i <= 40; ++i)
        schema =
            QString(R"({"type":"record","name":"R%1","fields":[{"name":"a","type":%2},{"name":"b","type":"R%3"}]})")
                .arg(i)
                .arg(schema)
                .arg(i - 1);
    QVERIFY(decoded(avro(schema), {}).startsWith("not Avro at byte 0: too many values that take no bytes"));
}

void AvroDecoderTest::damageIsReportedOrDecoded()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    std::mt19937_64 random(seed);
    const auto decoder =
        avro(R"({"type":"record","name":"R","fields":[{"name":"a","type":{"type":"array","items":["null","string",
        {"type":"bytes","logicalType":"decimal","precision":40,"scale":3}]}},{"name":"m","type":{"type":"map","values":
        {"type":"long","logicalType":"timestamp-micros"}}},{"name":"d","type":"double"}]})");
    const std::string bytes =
        fromHex("06 00 02 06 61 62 63 04 08 01 02 03 04 00 02 02 6b 80 80 80 80 80 80 20 00 00 00 00 00 00 00 f0 3f");
    QCOMPARE(decoded(decoder, bytes),
             R"({"a":[null,"abc",16909.060],"m":{"k":"1972-03-25T10:52:24.177664Z"},"d":1.0})");
    QVERIFY(survivesDamage(**decoder, bytes, random, 20'000));
}

QTEST_APPLESS_MAIN(AvroDecoderTest)
#include "avro_decoder_test.moc"
