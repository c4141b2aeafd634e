// SPDX-License-Identifier: GPL-3.0-or-later
// Payloads are written out by hand from "Encoding" of Protobuf's documentation.
#include "core/decode/payload_decoder.h"
#include "tests/decode/payloads.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace leftfold;
using namespace leftfold::decode;

namespace {

SchemaText proto(const QString& text, std::vector<SchemaReference> references = {})
{
    return {SchemaKind::Protobuf, text.toStdString(), std::move(references)};
}

QString decodedAs(const QString& text, const QString& hex)
{
    return decoded(makeProtobufDecoder(proto(text), ""), fromHex(hex));
}

QString proto3(const QString& members, const QString& before = {})
{
    return QString("syntax = \"proto3\"; package shop; %2 message M { %1 }").arg(members, before);
}

QString imported(const QString& file, const QString& member)
{
    return QString("syntax = \"proto3\"; import \"google/protobuf/%1.proto\"; message M { google.protobuf.%2 }")
        .arg(file, member);
}

QString proto2(const QString& members)
{
    return QString("syntax = \"proto2\"; message M { %1 }").arg(members);
}

const QString kNested = "syntax = \"proto3\"; message A { map<string, int32> m = 1; message B { message C { int32 c = "
                        "1; } int32 b = 1; } } message D { int32 d = 1; }";

} // namespace

class ProtobufDecoderTest : public QObject {
    Q_OBJECT

private slots:
    void values_data();
    void values();
    void textsOfProto2();
    void requiredFieldsThatAreMissing();
    void anyOfWhatTheSchemaDoesNotKnow();
    void messagesByNameAndPath();
    void imports();
    void schemasThatCannotBeUsed();
    void descriptorSets();
    void depthAndMemoryAreBounded();
    void damageIsReportedOrDecoded();
};

void ProtobufDecoderTest::values_data()
{
    QTest::addColumn<QString>("schema");
    QTest::addColumn<QString>("hex");
    QTest::addColumn<QString>("json");
    const auto row = [](const char* name, const QString& schema, const QString& hex, const QString& json) {
        QTest::newRow(name) << schema << hex << json;
    };
    row("varint", proto3("int32 a = 1;"), "08 96 01", R"({"a":150})");
    row("a field without presence that is not there",
        proto3("int32 a = 1; string s = 2; bool b = 3; repeated int32 r = 4; map<int32, int32> m = 5; bytes y = 6;"),
        "", R"({"a":0,"s":"","b":false,"r":[],"m":{},"y":"base64:"})");
    row("fields with presence that are not there",
        proto3("optional int32 a = 1; M m = 2; oneof o { int32 x = 3; string y = 4; }"), "", "{}");
    row("a field with presence that is zero", proto3("optional int32 a = 1;"), "08 00", R"({"a":0})");
    row("oneof", proto3("oneof o { int32 x = 3; string y = 4; }"), "18 01 22 01 61", R"({"y":"a"})");
    row("negative int32", proto3("int32 a = 1;"), "08 ff ff ff ff ff ff ff ff ff 01", R"({"a":-1})");
    row("int64 beyond 2^53", proto3("int64 a = 1;"), "08 81 80 80 80 80 80 80 10", R"({"a":9007199254740993})");
    row("uint64", proto3("uint64 a = 1;"), "08 ff ff ff ff ff ff ff ff ff 01", R"({"a":18446744073709551615})");
    row("sint64", proto3("sint64 a = 1;"), "08 ff ff ff ff ff ff ff ff ff 01", R"({"a":-9223372036854775808})");
    row("fixed", proto3("fixed64 a = 1; sfixed32 b = 2;"), "09 ff ff ff ff ff ff ff ff 15 ff ff ff ff",
        R"({"a":18446744073709551615,"b":-1})");
    row("float and double", proto3("float a = 1; double b = 2;"), "0d cd cc cc 3d 11 9a 99 99 99 99 99 b9 3f",
        R"({"a":0.1,"b":0.1})");
    row("NaN", proto3("float a = 1;"), "0d 00 00 c0 7f", R"({"a":"NaN"})");
    row("text", proto3("string a = 1;"), "0a 02 22 0a", R"({"a":"\"\n"})");
    row("bytes", proto3("bytes a = 1;"), "0a 02 00 ff", R"({"a":"base64:AP8="})");
    row("enum", proto3("repeated E a = 1;", "enum E { ZERO = 0; ONE = 1; }"), "0a 03 00 01 07",
        R"({"a":["ZERO","ONE",7]})");
    row("nested", proto3("M m = 1; int32 a = 2;"), "0a 04 0a 00 10 02", R"({"m":{"m":{"a":0},"a":2},"a":0})");
    row("a message in two parts is merged", proto3("M m = 1; optional int32 a = 2; optional int32 b = 3;"),
        "0a 02 10 01 0a 02 18 02", R"({"m":{"a":1,"b":2}})");
    row("repeated, packed and not", proto3("repeated int32 a = 1;"), "0a 02 01 02 08 03", R"({"a":[1,2,3]})");
    row("map", proto3("map<string, int32> m = 1;"), "0a 05 0a 01 62 10 01 0a 05 0a 01 61 10 02",
        R"({"m":{"b":1,"a":2}})");
    row("map of messages by numbers", proto3("map<int64, M> m = 1; optional bool b = 2;"), "0a 06 08 05 12 02 10 01",
        R"({"m":{"5":{"m":{},"b":true}}})");
    row("names as in the text", proto3("int32 user_id = 1; int32 camelCase = 2;"), "",
        R"({"user_id":0,"camelCase":0})");
    row("unknown fields", proto3(""), "08 96 01 15 01 00 00 00 19 02 00 00 00 00 00 00 00 22 01 61 2b 30 01 2c",
        R"({"$unknown":[{"field":1,"varint":150},{"field":2,"fixed32":1},{"field":3,"fixed64":2},{"field":4,"bytes":"base64:YQ=="},{"field":5,"group":[{"field":6,"varint":1}]}]})");
    row("a known field of another type", proto3("int32 a = 1;"), "0a 01 61",
        R"({"a":0,"$unknown":[{"field":1,"bytes":"base64:YQ=="}]})");
    row("proto2", proto2("optional int32 a = 1 [default = 5]; optional int32 b = 2; repeated int32 c = 3;"), "10 00",
        R"({"b":0,"c":[]})");
    row("group", proto2("optional group G = 1 { optional int32 a = 2; }"), "0b 10 05 0c", R"({"g":{"a":5}})");
    row("an unknown constant of a closed enum", proto2("enum E { A = 0; } optional E e = 1;"), "08 05",
        R"({"$unknown":[{"field":1,"varint":5}]})");
    row("extension",
        "syntax = \"proto2\"; package p; message M { extensions 100 to 200; } extend M { optional int32 x = 100; }",
        "a0 06 07", R"({"[p.x]":7})");
    row("Timestamp", imported("timestamp", "Timestamp t = 1;"), "0a 0c 08 f0 c8 9a ea 04 10 80 ca b5 ee 01",
        R"({"t":"2011-01-31T12:00:48.500Z"})");
    row("Timestamp before 1970", imported("timestamp", "Timestamp t = 1;"), "0a 0b 08 ff ff ff ff ff ff ff ff ff 01",
        R"({"t":"1969-12-31T23:59:59Z"})");
    row("no Timestamp", imported("timestamp", "Timestamp t = 1;"), "0a 06 10 80 94 eb dc 03",
        R"({"t":{"seconds":0,"nanos":1000000000}})");
    row("Duration", imported("duration", "Duration d = 1;"), "0a 08 08 01 10 80 ca b5 ee 01", R"({"d":"PT1.5S"})");
    row("negative Duration", imported("duration", "Duration d = 1;"), "0a 0b 10 ff ff ff ff ff ff ff ff ff 01",
        R"({"d":"-PT0.000000001S"})");
    row("wrapper", imported("wrappers", "Int64Value w = 1;"), "0a 00", R"({"w":0})");
    row("wrapper that is not there", imported("wrappers", "Int64Value w = 1;"), "", "{}");
    row("FieldMask", imported("field_mask", "FieldMask f = 1;"), "0a 09 0a 01 61 0a 04 62 2e 63 64",
        R"({"f":"a,b.cd"})");
    row("Empty", imported("empty", "Empty e = 1;"), "0a 00", R"({"e":{}})");
    row("Struct", imported("struct", "Struct s = 1;"), "0a 09 0a 07 0a 01 61 12 02 08 00", R"({"s":{"a":null}})");
    row("Struct of all kinds", imported("struct", "Value v = 1;"),
        "0a 27 32 25 0a 02 08 00 0a 09 11 00 00 00 00 00 00 f8 3f 0a 03 1a 01 61 0a 02 20 01 0a 0b 2a 09 0a 07 0a 01 "
        "6b 12 02 08 00",
        R"({"v":[null,1.5,"a",true,{"k":null}]})");
    row("Any of a known type", imported("any", "Any a = 1; int32 n = 2;"), "0a 0a 0a 03 78 2f 4d 12 03 10 96 01",
        R"({"a":{"@type":"x/M","n":150},"n":0})");
    row("Any of a well-known type",
        "syntax = \"proto3\"; import \"google/protobuf/any.proto\"; import \"google/protobuf/duration.proto\"; message "
        "M { google.protobuf.Any a = 1; }",
        "0a 20 0a 1a 78 2f 67 6f 6f 67 6c 65 2e 70 72 6f 74 6f 62 75 66 2e 44 75 72 61 74 69 6f 6e 12 02 08 01",
        R"({"a":{"@type":"x/google.protobuf.Duration","value":"PT1S"}})");
    row("Any of nothing", imported("any", "Any a = 1;"), "0a 00", R"({"a":{"@type":"","value":"base64:"}})");
    row("Confluent's decimal",
        "syntax = \"proto3\"; import \"confluent/type/decimal.proto\"; message M { confluent.type.Decimal d = 1; }",
        "0a 06 0a 02 04 ce 18 02", R"({"d":12.30})");
    row("cut", proto3("string a = 1;"), "0a 03 61", "not Protobuf at byte 0: field 1 has 3 bytes, but 1 follow");
    row("cut number", proto3("int32 a = 1; M m = 2;"), "12 01 08", "not Protobuf at byte 2: field 1 is no number");
    row("field 0", proto3(""), "00 01", "not Protobuf at byte 0: no number of a field");
    row("a type that does not exist", proto3(""), "0e",
        "not Protobuf at byte 0: field 1 has a type that does not exist");
    row("a group that does not end", proto3(""), "0b", "not Protobuf at byte 1: a group without an end");
    row("an end of no group", proto3("M m = 2;"), "12 01 0c",
        "not Protobuf at byte 2: an end of the group 1 where none is open");
    row("no UTF-8", proto3("int32 i = 1; string a = 2;"), "08 01 12 01 ff",
        "not Protobuf at byte 2: a is a text that is not UTF-8");
}

void ProtobufDecoderTest::values()
{
    QFETCH(QString, schema);
    QFETCH(QString, hex);
    QFETCH(QString, json);
    QCOMPARE(decodedAs(schema, hex), json);
}

void ProtobufDecoderTest::textsOfProto2()
{
    QCOMPARE(decodedAs(proto2("optional string a = 1;"), "0a 01 ff"), R"({"a":"base64:/w=="})");
}

void ProtobufDecoderTest::requiredFieldsThatAreMissing()
{
    const auto decoder = makeProtobufDecoder(proto(proto2("required int32 a = 1; optional M m = 2;")), "M");
    QCOMPARE(decoded(decoder, fromHex("12 02 08 01")), R"({"m":{"a":1}})");
    QCOMPARE((*decoder)->remarks().size(), 1U);
    QCOMPARE(QString::fromStdString((*decoder)->remarks()[0]), "the required field M.a is missing");
    QCOMPARE(decoded(decoder, fromHex("08 01")), R"({"a":1})");
    QVERIFY((*decoder)->remarks().empty());
}

void ProtobufDecoderTest::anyOfWhatTheSchemaDoesNotKnow()
{
    const auto decoder = makeProtobufDecoder(proto(imported("any", "Any a = 1;")), "");
    QCOMPARE(decoded(decoder, fromHex("0a 08 0a 03 78 2f 59 12 01 ff")),
             R"({"a":{"@type":"x/Y","value":"base64:/w=="}})");
    QCOMPARE(QString::fromStdString((*decoder)->remarks()[0]), "the schema does not know the message x/Y");
    QCOMPARE(decoded(decoder, fromHex("0a 08 0a 03 78 2f 4d 12 01 ff")),
             R"({"a":{"@type":"x/M","value":"base64:/w=="}})");
    QCOMPARE(QString::fromStdString((*decoder)->remarks()[0]), "no message x/M is in the bytes for it");
}

void ProtobufDecoderTest::messagesByNameAndPath()
{
    const auto byPath = [&](std::vector<std::int32_t> path) {
        return decoded(makeProtobufDecoder(proto(kNested), std::span<const std::int32_t>(path)), fromHex("08 01"));
    };
    QCOMPARE(byPath({1}), R"({"d":1})");
    // The entries of the map are a message for the library, but nobody spells them.
    QCOMPARE(byPath({0, 0}), R"({"b":1})");
    QCOMPARE(byPath({0, 0, 0}), R"({"c":1})");
    QCOMPARE(byPath({2}), "the Protobuf schema cannot be used: there is no message with the path 2 in it");
    QCOMPARE(byPath({0, 1}), "the Protobuf schema cannot be used: there is no message with the path 0, 1 in it");
    QCOMPARE(byPath({}), "the Protobuf schema cannot be used: there is no message with an empty path");
    QCOMPARE(decoded(makeProtobufDecoder(proto(kNested), "A.B.C"), fromHex("08 01")), R"({"c":1})");
    QCOMPARE(decoded(makeProtobufDecoder(proto(kNested), "E"), {}),
             "the Protobuf schema cannot be used: there is no message E in it");
    const std::vector<std::string> names = {"A", "A.B", "A.B.C", "D"};
    QCOMPARE(protobufMessages(proto(kNested)).value(), names);
}

void ProtobufDecoderTest::imports()
{
    const SchemaReference money{"shop/money.proto", "syntax = \"proto3\"; package shop; import \"shop/unit.proto\"; "
                                                    "message Money { int64 cents = 1; Unit unit = 2; }"};
    const SchemaReference unit{"shop/unit.proto", "syntax = \"proto3\"; package shop; enum Unit { EUR = 0; USD = 1; }"};
    const QString text = "syntax = \"proto3\"; import \"shop/money.proto\"; message M { shop.Money m = 1; }";
    for (const auto& references : {std::vector{money, unit}, std::vector{unit, money}})
        QCOMPARE(decoded(makeProtobufDecoder(proto(text, references), ""), fromHex("0a 04 08 05 10 01")),
                 R"({"m":{"cents":5,"unit":"USD"}})");
    const QString missing = decoded(makeProtobufDecoder(proto(text, {money}), ""), {});
    QVERIFY2(missing.contains("shop/unit.proto") && missing.contains("not among the references"), qPrintable(missing));
}

void ProtobufDecoderTest::schemasThatCannotBeUsed()
{
    const auto cause = [](const QString& text) { return decoded(makeProtobufDecoder(proto(text), ""), {}); };
    QCOMPARE(cause("syntax = \"proto3\";\nmessage M { int32 a = ; }"),
             "the Protobuf schema cannot be used: line 2, column 23: Expected field number.");
    QCOMPARE(cause("syntax = \"proto3\";\nmessage M {\n  Money m = 1;\n}"),
             "the Protobuf schema cannot be used: line 3, column 3: \"Money\" is not defined.");
    QCOMPARE(cause("syntax = \"proto3\";"), "the Protobuf schema cannot be used: there is no message in it");
    QVERIFY(cause(QString("syntax = \"proto3\"; ") + QString("message M { ").repeated(10'000))
                .startsWith("the Protobuf schema cannot be used: line 1"));
    QCOMPARE(decoded(makeProtobufDecoder({SchemaKind::Avro, "", {}}, ""), {}),
             "the Protobuf schema cannot be used: it is of another kind");
}

void ProtobufDecoderTest::descriptorSets()
{
    const QTemporaryDir folder;
    std::ofstream(folder.filePath("a.proto").toStdString())
        << "syntax = \"proto3\"; package a; import \"b.proto\"; message M { b.N n = 1; message I { int32 i = 1; } }";
    std::ofstream(folder.filePath("b.proto").toStdString())
        << "syntax = \"proto3\"; package b; import \"google/protobuf/timestamp.proto\"; message N { "
           "google.protobuf.Timestamp t = 1; }";
    const auto compiled = [&](const QStringList& options) {
        QProcess protoc;
        protoc.setWorkingDirectory(folder.path());
        protoc.start("protoc", options + QStringList{"--descriptor_set_out=set", "a.proto"});
        if (!protoc.waitForFinished() || protoc.exitCode() != 0)
            qFatal("protoc: %s", protoc.readAllStandardError().constData());
        std::ifstream file(folder.filePath("set").toStdString(), std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    const std::string set = compiled({"--include_imports"});
    const std::string bytes = fromHex("0a 04 0a 02 08 01");
    QCOMPARE(decoded(makeProtobufDescriptorDecoder(set, ""), bytes), R"({"n":{"t":"1970-01-01T00:00:01Z"}})");
    QCOMPARE(decoded(makeProtobufDescriptorDecoder(set, "b.N"), bytes.substr(2)), R"({"t":"1970-01-01T00:00:01Z"})");
    const std::vector<std::string> names = {"b.N", "a.M", "a.M.I"};
    QCOMPARE(protobufMessages(set).value(), names);
    QVERIFY(!makeProtobufDescriptorDecoder(compiled({}), ""));
    QCOMPARE(decoded(makeProtobufDescriptorDecoder("no set", ""), {}),
             "the Protobuf schema cannot be used: it is no set of file descriptors, as protoc --descriptor_set_out "
             "writes them");
    for (std::size_t size = 0; size < set.size(); ++size) (void)makeProtobufDescriptorDecoder(set.substr(0, size), "");
}

void ProtobufDecoderTest::depthAndMemoryAreBounded()
{
    const auto decoder = makeProtobufDecoder(proto(proto3("M m = 1;")), "");
    std::string deep;
    while (deep.size() < 3'000) {
        std::string size;
        for (std::size_t rest = deep.size();; rest >>= 7) {
            size += static_cast<char>(rest >= 0x80 ? (rest & 0x7f) | 0x80 : rest);
            if (rest < 0x80) break;
        }
        deep = '\x0a' + size + deep;
    }
    const QString refusal = decoded(decoder, deep);
    QVERIFY2(refusal.contains("messages are nested too deeply"), qPrintable(refusal));
    QVERIFY(decoded(decoder, std::string(1'000'000, '\x0b')).contains("messages are nested too deeply"));
    // Messages of two bytes that take kilobytes each.
    QString members;
    for (int i = 2; i < 200; ++i) members += QString("string s%1 = %1; ").arg(i);
    std::string many;
    for (int i = 0; i < 1'000'000; ++i) many += fromHex("0a 00");
    QCOMPARE(decoded(makeProtobufDecoder(proto(proto3(members + "repeated M m = 1;")), ""), many),
             "not Protobuf at byte 0: it would be too large in memory");
}

void ProtobufDecoderTest::damageIsReportedOrDecoded()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    std::mt19937_64 random(seed);
    const auto decoder = makeProtobufDecoder(
        proto("syntax = \"proto3\"; import \"google/protobuf/struct.proto\"; import \"google/protobuf/any.proto\"; "
              "import "
              "\"google/protobuf/timestamp.proto\"; message M { google.protobuf.Value v = 1; repeated sint64 r = 2; "
              "map<string, M> m = "
              "3; google.protobuf.Any a = 4; google.protobuf.Timestamp t = 5; optional string s = 6; }"),
        "");
    const std::string bytes =
        fromHex("0a 27 32 25 0a 02 08 00 0a 09 11 00 00 00 00 00 00 f8 3f 0a 03 1a 01 61 0a 02 20 01 0a 0b 2a 09 0a 07 "
                "0a 01 6b 12 02 08 00"
                "12 03 01 02 03 1a 0a 0a 01 6b 12 05 2a 03 08 96 01 22 0a 0a 03 78 2f 4d 12 03 32 01 61");
    const QString json = decoded(decoder, bytes);
    QVERIFY2(json.startsWith(R"({"v":[null,1.5,"a",true,{"k":null}],"r":[-1,1,-2],"m":{"k":{)"), qPrintable(json));
    QVERIFY(survivesDamage(**decoder, bytes, random, 20'000));
}

QTEST_APPLESS_MAIN(ProtobufDecoderTest)
#include "protobuf_decoder_test.moc"
