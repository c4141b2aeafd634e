// SPDX-License-Identifier: GPL-3.0-or-later
// Against the official JSON Schema Test Suite (Debian's json-schema-test-suite), drafts 4, 6 and 7.
#include "core/decode/json_schema.h"
#include "tests/decode/payloads.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace leftfold;
using namespace leftfold::decode;

namespace {

const QString kSuite = "/usr/share/json-schema-test-suite";

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::vector<SchemaReference> remotes()
{
    std::vector<SchemaReference> out;
    for (const char* name : {"integer.json", "name.json", "subSchemas.json", "folder/folderInteger.json"})
        out.push_back(
            {std::string("http://localhost:1234/") + name, contentOf(kSuite + "/remotes/" + name).toStdString()});
    return out;
}

/// The suite wants the schema of schemas to be known, which no payload needs.
bool needsMetaSchema(const QString& schema)
{
    return schema.contains("\"http://json-schema.org/draft-0");
}

QString remarksOf(const QString& schema, const QByteArray& json)
{
    const auto decoder = makeJsonSchemaDecoder({SchemaKind::JsonSchema, schema.toStdString(), {}});
    const QString text = decoded(decoder, json.toStdString());
    if (!decoder || text.startsWith("not")) return text;
    QStringList lines;
    for (const std::string& remark : (*decoder)->remarks()) lines += QString::fromStdString(remark);
    return lines.join('\n');
}

} // namespace

class JsonSchemaTest : public QObject {
    Q_OBJECT

private slots:
    void theOfficialSuite_data();
    void theOfficialSuite();
    void violations_data();
    void violations();
    void valuesAreShownAllTheSame();
    void references();
    void schemasThatCannotBeUsed();
    void hostileSchemasEnd();
};

void JsonSchemaTest::theOfficialSuite_data()
{
    QTest::addColumn<QString>("file");
    for (const QString draft : {"draft4", "draft6", "draft7"}) {
        for (const QString& name : QDir(kSuite + "/tests/" + draft).entryList({"*.json"}, QDir::Files))
            QTest::newRow(qPrintable(draft + "/" + name)) << kSuite + "/tests/" + draft + "/" + name;
    }
}

void JsonSchemaTest::theOfficialSuite()
{
    QFETCH(QString, file);
    int checked = 0;
    for (const QJsonValue& group : QJsonDocument::fromJson(contentOf(file)).array()) {
        const QJsonValue schema = group["schema"];
        const QByteArray text = schema.isObject() ? QJsonDocument(schema.toObject()).toJson()
                                                  : QByteArray(schema.toBool() ? "true" : "false");
        if (needsMetaSchema(text)) continue;
        const auto parsed = JsonSchema::parse({SchemaKind::JsonSchema, text.toStdString(), remotes()});
        QVERIFY2(parsed, qPrintable(text + (parsed ? "" : errorText(parsed.error()))));
        for (const QJsonValue& test : group["tests"].toArray()) {
            const QByteArray data = QJsonDocument(QJsonArray{test["data"]}).toJson(QJsonDocument::Compact);
            const auto document = event::Document::parse(data.mid(1, data.size() - 2).toStdString());
            const auto found = parsed->violations(*document);
            QVERIFY2(found.empty() == test["valid"].toBool(),
                     qPrintable(group["description"].toString() + ": " + test["description"].toString() + "\n" + text
                                + data + (found.empty() ? "" : found[0].c_str())));
            ++checked;
        }
    }
    QVERIFY(checked > 0 || file.endsWith("definitions.json"));
}

void JsonSchemaTest::violations_data()
{
    QTest::addColumn<QString>("schema");
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("told");
    const auto row = [](const char* name, const QString& schema, const QByteArray& json, const QString& told) {
        QTest::newRow(name) << schema << json << told;
    };
    row("none", R"({"type":"object"})", "{}", "");
    row("a type", R"({"properties":{"a":{"items":{"type":["string","null"]}}}})", R"({"a":["x",null,7]})",
        R"(/a/2: 7 is of type integer, not ["string","null"])");
    row("names to escape", R"({"additionalProperties":false})", R"({"a/b~c":1})", "/a~1b~0c: nothing may stand here");
    row("several", R"({"required":["a","b"],"minProperties":1})", "{}",
        "the value: 0 members, where at least 1 are wanted\nthe value: the member \"a\" is missing\nthe value: the "
        "member \"b\" is missing");
    row("beyond doubles", R"({"maximum":9007199254740992})", "9007199254740993",
        "the value: 9007199254740993 is more than 9007199254740992");
    row("exact multiples", R"({"multipleOf":0.01})", "19.99", "");
    row("no multiple", R"({"multipleOf":0.01})", "19.999", "the value: 19.999 is no multiple of 0.01");
    row("a whole number with an exponent", R"({"type":"integer"})", "1.5e300", "");
    row("a pattern", R"({"pattern":"^a"})", "\"b\"", "the value: \"b\" does not match '^a'");
    row("one of", R"({"oneOf":[{},{"type":"null"}]})", "null", "the value: 2 of the schemas of oneOf hold, not one");
}

void JsonSchemaTest::violations()
{
    QFETCH(QString, schema);
    QFETCH(QByteArray, json);
    QFETCH(QString, told);
    QCOMPARE(remarksOf(schema, json), told);
}

void JsonSchemaTest::valuesAreShownAllTheSame()
{
    const auto decoder = makeJsonSchemaDecoder({SchemaKind::JsonSchema, R"({"type":"string"})", {}});
    QCOMPARE(decoded(decoder, "{ \"b\" : 1.50,\n\"a\":[ 18446744073709551616 ] }"),
             R"({"b":1.50,"a":[18446744073709551616]})");
    QCOMPARE((*decoder)->remarks().size(), 1U);
    QCOMPARE(decoded(decoder, "\"x\""), "\"x\"");
    QVERIFY((*decoder)->remarks().empty());
    QVERIFY(decoded(decoder, "{\"a\":}").startsWith("not JSON at byte 5: "));
    QVERIFY((*decoder)->remarks().empty());
}

void JsonSchemaTest::references()
{
    const auto made = [](const std::string& id) {
        return makeJsonSchemaDecoder({SchemaKind::JsonSchema,
                                      "{" + id + R"("properties":{"c":{"$ref":"customer.json#/definitions/c"}}})",
                                      {{"customer.json", R"({"definitions":{"c":{"$ref":"name.json"}}})"},
                                       {"name.json", R"({"type":"string"})"}}});
    };
    for (const std::string id : {"", "\"$id\":\"http://example.com/schemas/order.json\","}) {
        const auto decoder = made(id);
        QCOMPARE(decoded(decoder, R"({"c":7})"), R"({"c":7})");
        QCOMPARE((*decoder)->remarks().size(), 1U);
    }
}

void JsonSchemaTest::schemasThatCannotBeUsed()
{
    const auto cause = [](const std::string& text) {
        return decoded(makeJsonSchemaDecoder({SchemaKind::JsonSchema, text, {}}), {});
    };
    const QString begin = "the JSON schema cannot be used: ";
    QVERIFY2(cause("{").contains("not JSON"), qPrintable(cause("{")));
    QCOMPARE(cause("7"), begin + "it is neither an object nor a boolean");
    const std::string nowhere = R"({"$ref":"#/definitions/x"})";
    QCOMPARE(cause(nowhere), begin + "the reference #/definitions/x leads nowhere");
    const std::string open = R"({"pattern":"("})";
    QCOMPARE(cause(open), begin + "the pattern '(' cannot be read: missing ): (");
    QCOMPARE(cause(std::string(100'000, '[') + std::string(100'000, ']')), begin + "it is nested too deeply");
}

void JsonSchemaTest::hostileSchemasEnd()
{
    const QString itself = R"({"$ref":"#"})";
    QVERIFY(remarksOf(itself, "1").endsWith("too deep to be checked"));
    const QString any = R"({"anyOf":[{"$ref":"#"},{"$ref":"#"}]})";
    QVERIFY(remarksOf(any, "1").contains("to be checked"));
    const QString twice = R"({"not":{"anyOf":[{"items":{"$ref":"#"}},{"items":{"$ref":"#"}}]}})";
    QVERIFY(remarksOf(twice, QByteArray(400, '[') + QByteArray(400, ']')).contains("to be checked"));
    const QString greedy = R"({"pattern":"^(a+)+$"})";
    QCOMPARE(remarksOf(greedy, '"' + QByteArray(100'000, 'a') + "b\"").right(25), " does not match '^(a+)+$'");
}

QTEST_APPLESS_MAIN(JsonSchemaTest)
#include "json_schema_test.moc"
