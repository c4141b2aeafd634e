// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/schema_diff.h"
#include "tests/decode/payloads.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::decode;

namespace {

/// What is told, one line each.
QString changes(SchemaKind kind, const QString& before, const QString& after)
{
    const auto found = schemaChanges({kind, before.toStdString(), {}}, {kind, after.toStdString(), {}});
    if (!found) return errorText(found.error());
    QStringList lines;
    for (const SchemaChange& change : *found) lines += QString::fromStdString(describe(change));
    return lines.join('\n');
}

QString record(const QString& fields, const QString& more = {})
{
    return QString(R"({"type":"record","name":"shop.Order",%2"fields":[%1]})").arg(fields, more);
}

QString message(const QString& members)
{
    return "syntax = \"proto3\"; package shop; message Order { " + members + " }";
}

QString object(const QString& properties, const QString& more = {})
{
    return QString(R"({"type":"object","properties":{%1}%2})").arg(properties, more);
}

} // namespace

class SchemaDiffTest : public QObject {
    Q_OBJECT

private slots:
    void avro_data();
    void avro();
    void protobuf_data();
    void protobuf();
    void jsonSchema_data();
    void jsonSchema();
    void whatCannotBeCompared();
};

void SchemaDiffTest::avro_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("told");
    const auto row = [](const char* name, const QString& before, const QString& after, const QString& told) {
        QTest::newRow(name) << before << after << told;
    };
    row("the same", record(R"({"name":"a","type":"int"})"), "  " + record(R"({"type":"int", "name":"a"})"), "");
    row("a field came", record(""), record(R"({"name":"a","type":["null","string"]})"),
        "Order/a: added: null or string");
    row("a field went", record(R"({"name":"a","type":{"type":"array","items":"long"}})"), record(""),
        "Order/a: removed: it was array of long");
    row("a field was renamed", record(R"({"name":"a","type":"int"})"),
        record(R"({"name":"b","type":"int","aliases":["a"]})"), "Order/b: it was called a");
    row("an alias of a field that is still there", record(R"({"name":"a","type":"int"})"),
        record(R"({"name":"a","type":"int"},{"name":"b","type":"int","aliases":["a"]})"), "Order/b: added: int");
    row("a type", record(R"({"name":"a","type":"int"})"), record(R"({"name":"a","type":"long"})"),
        "Order/a: int became long");
    row("a logical type", record(R"({"name":"a","type":"int"})"),
        record(R"({"name":"a","type":{"type":"int","logicalType":"date"}})"), "Order/a: int became int (date)");
    row("a scale", record(R"({"name":"a","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}})"),
        record(R"({"name":"a","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":3}})"),
        "Order/a: decimal(9, 2) in bytes became decimal(9, 3) in bytes");
    row("a default came", record(R"({"name":"a","type":"int"})"), record(R"({"name":"a","type":"int","default":0})"),
        "Order/a: now with the default 0");
    row("a default", record(R"({"name":"a","type":"int","default":1})"),
        record(R"({"name":"a","type":"int","default":0})"), "Order/a: the default 1 became 0");
    row("a default went", record(R"({"name":"a","type":"int","default":1})"), record(R"({"name":"a","type":"int"})"),
        "Order/a: the default 1 is gone");
    row("descriptions", record(R"({"name":"a","type":"int","doc":"x"})"),
        record(R"({"name":"a","type":"int","doc":"y"})", R"("doc":"z",)"),
        "Order: now with the description z\nOrder/a: the description x became y");
    row("symbols", record(R"({"name":"a","type":{"type":"enum","name":"E","symbols":["A","B"]}})"),
        record(R"({"name":"a","type":{"type":"enum","name":"E","symbols":["B","C"],"default":"B"}})"),
        "Order/a: the symbol C was added\nOrder/a: the symbol A was removed\nOrder/a: now with the default \"B\"");
    row("within", record(R"({"name":"a","type":{"type":"array","items":{"type":"record","name":"Line","fields":[]}}})"),
        record(
            R"({"name":"a","type":{"type":"array","items":{"type":"record","name":"Line","fields":[{"name":"n","type":"int"}]}}})"),
        "Order/a[]/n: added: int");
    row("within what became optional", record(R"({"name":"a","type":{"type":"record","name":"Line","fields":[]}})"),
        record(R"({"name":"a","type":["null",{"type":"record","name":"Line","fields":[{"name":"n","type":"int"}]}]})"),
        "Order/a: shop.Line became null or shop.Line\nOrder/a/Line/n: added: int");
    row("values of a map", record(R"({"name":"a","type":{"type":"map","values":"int"}})"),
        record(R"({"name":"a","type":{"type":"map","values":"long"}})"), "Order/a{}: int became long");
    row("recursion", R"({"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]})",
        R"({"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]},{"name":"v","type":"int"}]})",
        "L/v: added: int");
    row("the name", record(""), R"({"type":"record","name":"shop.Purchase","aliases":["Order"],"fields":[]})",
        "Purchase: it was called shop.Order");
}

void SchemaDiffTest::avro()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    QFETCH(QString, told);
    QCOMPARE(changes(SchemaKind::Avro, before, after), told);
}

void SchemaDiffTest::protobuf_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("told");
    const auto row = [](const char* name, const QString& before, const QString& after, const QString& told) {
        QTest::newRow(name) << message(before) << message(after) << told;
    };
    row("the same", "int32 a = 1; int32 b = 2;", "int32 b = 2;\n int32 a = 1;", "");
    row("a field came", "", "repeated string a = 1;", "Order/a: added: repeated string = 1");
    row("a field went", "map<string, int64> a = 1;", "", "Order/a: removed: it was map of string to int64 = 1");
    row("a field was renamed", "int32 a = 1;", "int32 b = 1;", "Order/b: it was called a");
    row("a number", "int32 a = 1;", "int32 a = 2;", "Order/a: the number 1 became 2");
    row("a type", "int32 a = 1;", "Order a = 1;", "Order/a: int32 became shop.Order");
    row("a label", "int32 a = 1; int32 b = 2;", "repeated int32 a = 1; optional int32 b = 2;",
        "Order/a: now with repeated\nOrder/b: now with optional");
    row("into a oneof", "string a = 1;", "oneof o { string a = 1; }", "Order/a/oneof: now with o");
    row("an option", "string a = 1;", "string a = 1 [deprecated = true];",
        "Order/a/options: now with deprecated: true");
    row("a description", "\n\n // old\n string a = 1;", "\n\n // new\n string a = 1;",
        "Order/a: the description old became new");
    row("nested", "message L {}", "message L { int32 n = 1; } enum E { Z = 0; }",
        "Order/L/n: added: int32 = 1\nOrder/E: added: enum");
    row("symbols", "enum E { Z = 0; A = 1; B = 2; }", "enum E { Z = 0; A = 5; C = 2; }",
        "Order/E: the symbol C was added\nOrder/E: the symbol B was removed\nOrder/E/A: the number 1 became 5");
}

void SchemaDiffTest::protobuf()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    QFETCH(QString, told);
    QCOMPARE(changes(SchemaKind::Protobuf, before, after), told);
}

void SchemaDiffTest::jsonSchema_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("told");
    const auto row = [](const char* name, const QString& before, const QString& after, const QString& told) {
        QTest::newRow(name) << before << after << told;
    };
    row("the same", object(R"("a":{"type":"string"})"),
        R"({ "properties": {"a":{"type":"string"}}, "type": "object" })", "");
    row("a property came", object(""), object(R"("a":{"type":["string","null"]})", R"(,"required":["a"])"),
        R"(a: added: required ["string","null"])");
    row("a property went", object(R"("a":{"type":"string"})"), object(""), "a: removed: it was string");
    row("a type", object(R"("a":{"type":"string"})"), object(R"("a":{"type":"integer"})"), "a: string became integer");
    row("required", object(R"("a":{},"b":{})", R"(,"required":["a"])"),
        object(R"("a":{},"b":{})", R"(,"required":["b"])"), "a: required became optional\nb: optional became required");
    row("symbols", object(R"("a":{"enum":["x","y"]})"), object(R"("a":{"enum":["y","z"]})"),
        "a: the symbol z was added\na: the symbol x was removed");
    row("a default", object(R"("a":{"default":1})"), object(R"("a":{"default":2})"), "a: the default 1 became 2");
    row("a rule", object(R"("a":{"minimum":1})"), object(R"("a":{"minimum":2,"maximum":3})"),
        "a/minimum: 1 became 2\na/maximum: now with 3");
    row("a description", object(R"("a":{"description":"x"})"), object(R"("a":{})"), "a: the description x is gone");
    row("items", object(R"("a":{"items":{"type":"string"}})"), object(R"("a":{"items":{"type":"null"}})"),
        "a[]: string became null");
    row("a definition", R"({"definitions":{"d":{"type":"string"}},"$ref":"#/definitions/d"})",
        R"({"definitions":{"d":{"type":"null"},"e":{}},"$ref":"#/definitions/e"})",
        "the schema: -> #/definitions/d became -> #/definitions/e\ndefinitions/d: string became null\ndefinitions/e: "
        "added: {}");
}

void SchemaDiffTest::jsonSchema()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    QFETCH(QString, told);
    QCOMPARE(changes(SchemaKind::JsonSchema, before, after), told);
}

void SchemaDiffTest::whatCannotBeCompared()
{
    const auto mixed = schemaChanges({SchemaKind::Avro, "\"int\"", {}}, {SchemaKind::JsonSchema, "{}", {}});
    QCOMPARE(errorText(mixed.error()), "the other schema cannot be used: the two are of different kinds");
    QCOMPARE(changes(SchemaKind::Avro, "\"int\"", "x"), "the Avro schema cannot be used: the schema is not JSON");
    QCOMPARE(changes(SchemaKind::JsonSchema, "7", "{}"),
             "the JSON schema cannot be used: it is neither an object nor a boolean");
    QVERIFY(changes(SchemaKind::Protobuf, "x", "").startsWith("the Protobuf schema cannot be used: line 1"));
}

QTEST_APPLESS_MAIN(SchemaDiffTest)
#include "schema_diff_test.moc"
