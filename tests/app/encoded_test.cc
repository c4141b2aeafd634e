// SPDX-License-Identifier: GPL-3.0-or-later
// Encoded payloads from end to end: captured with a schema registry, without one, and made readable later.
#include "tests/app/program.h"
#include "tests/decode/avro_bytes.h"
#include "tests/source/registry_server.h"

#include <QDir>
#include <QTest>

using leftfold::test::RegistryServer;

using namespace leftfold::decode::test;

namespace {

const QByteArray kSchemas = R"json({
  "ids": {
    "7": {"schema": "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"},{\"name\":\"type\",\"type\":\"string\"},{\"name\":\"amount\",\"type\":\"long\"}]}"},
    "8": {"schema": "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"},{\"name\":\"type\",\"type\":\"string\"},{\"name\":\"amount\",\"type\":\"long\"},{\"name\":\"note\",\"type\":\"string\"}]}"},
    "9": {"schema": "\"string\""}
  },
  "versions": {"7": [{"subject": "orders-value", "version": 1}], "8": [{"subject": "orders-value", "version": 2}]}
})json";

QByteArray order(int number)
{
    const QByteArray plain = avroText("order-" + QByteArray::number(number % 3)) + avroText("Placed")
                             + avroLong(9'007'199'254'740'993 + number);
    return number % 2 == 0 ? marked(7, plain) : marked(8, plain + avroText("fragile"));
}

/// An event as `log --json` writes it.
QByteArray line(int offset, const QByteArray& value, const QByteArray& members = {})
{
    return R"({"leftfold":1,"position":"orders[0]@)" + QByteArray::number(offset)
           + R"(","timestamp":"2026-01-01T00:00:)" + QByteArray::number(10 + offset % 50)
           + R"(Z","timestampType":"create",)" + members + R"("valueBase64":")" + value.toBase64() + "\"}\n";
}

QByteArray orders(int count)
{
    QByteArray out;
    for (int i = 0; i < count; ++i)
        out += line(i, order(i),
                    R"("keyBase64":")" + marked(9, avroText("key " + QByteArray::number(i))).toBase64() + "\",");
    return out;
}

void write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

QJsonObject lineOf(const Ended& ended, qsizetype number)
{
    return QJsonDocument::fromJson(ended.lines().value(number)).object();
}

QByteArray said(const Ended& ended)
{
    return QByteArray::number(ended.exitCode) + " " + ended.out + ended.errors;
}

} // namespace

class EncodedTest : public QObject {
    Q_OBJECT

private slots:
    void avroIsReadBySchemasOfARegistryAndThenWithoutIt();
    void whatCannotBeReadIsKeptAndReadLater();
    void aRegistryThatRefusesEndsNoLoad();
    void messagePackIsReadBecauseSomebodySaysSo();
    void aSchemaOfAFileIsCopiedIntoTheCapture();
    void eventsWrittenAsJsonAreTheSameLogAgain();
    void aJsonLogHasNothingToDecode();
    void wrongRulesAreUsage_data();
    void wrongRulesAreUsage();
    void whatIsMaskedIsNowhereToBeSeen();
    void aMaskedExportIsVerifiedWithoutItsValues();
    void aKeyThatCannotBeReadIsCountedAndTold();
    void strictStopsAtWhatCannotBeDecoded();
    void numbersInKeysAndHeadersAreRead();
    void aCloudEventsDataAreReadByTheSchemaTheyName();
    void capturesOfTwoRegistriesAreNotMerged();
    void aDiffOfOneSchemaIsAgainstTheVersionBefore();
    void filesOfSchemasThatCannotBeUsedAreTold();
    void aProtoFileIsKeptWithWhatItImports();
};

void EncodedTest::avroIsReadBySchemasOfARegistryAndThenWithoutIt()
{
    const Program program;
    RegistryServer server(kSchemas);
    QVERIFY(server.isUp());
    write(program.pathOf("orders.jsonl"), orders(10));
    const QString url = QString::fromStdString(server.url("ok"));
    const Ended fetched = program.run({"fetch", "orders.jsonl", "-o", "orders.lflog", "--registry", url});
    QVERIFY2(fetched.exitCode == 0, said(fetched).constData());
    QVERIFY2(fetched.errors.contains("id key, type /type"), fetched.errors.constData());

    server.stop();
    const Ended log = program.run({"log", "orders.lflog", "--json"});
    QVERIFY2(log.exitCode == 0, said(log).constData());
    QCOMPARE(log.lines().size(), 10);
    QVERIFY2(log.lines().at(1).contains(
                 R"("value":{"id":"order-1","type":"Placed","amount":9007199254740994,"note":"fragile"})"),
             log.lines().at(1).constData());
    const QJsonObject event = lineOf(log, 1);
    QCOMPARE(event["type"].toString(), QString("Placed"));
    QCOMPARE(event["id"].toString(), QString("key 1"));
    QCOMPARE(event["key"].toString(), QString("key 1"));
    QCOMPARE(event["valuePayload"].toObject()["schema"].toString(), QString("8"));
    QCOMPARE(event["valuePayload"].toObject()["version"].toInt(), 2);
    QCOMPARE(event["valuePayload"].toObject()["subject"].toString(), QString("orders-value"));

    const Ended states = program.run({"ls", "orders.lflog", "--by", "/id", "--fold", "latest", "--json"});
    QCOMPARE(states.exitCode, 0);
    QCOMPARE(states.lines().size(), 3);
    QVERIFY2(states.lines().at(0).contains(R"("amount":9007199254741002)"), states.lines().at(0).constData());
    QCOMPARE(program.run({"log", "orders.lflog", "--text", "fragile"}).lines().size(), 5);

    const Ended schemas = program.run({"schemas", "orders.lflog", "--json"});
    QCOMPARE(schemas.exitCode, 0);
    QCOMPARE(schemas.json()["schemas"].toArray().size(), 3);
    const Ended diff = program.run({"schemas", "orders.lflog", "--diff", "orders-value/1", "8"});
    QVERIFY2(diff.exitCode == 1 && diff.out.contains("note"), said(diff).constData());
    const Ended info = program.run({"info", "orders.lflog"});
    QVERIFY2(info.out.contains("avro by schema 7 (orders-value version 1): 5 events")
                 && info.out.contains(url.toUtf8()),
             info.out.constData());
    QCOMPARE(program.run({"problems", "orders.lflog"}).exitCode, 0);
}

void EncodedTest::whatCannotBeReadIsKeptAndReadLater()
{
    const Program program;
    write(program.pathOf("orders.jsonl"), orders(6));
    const Ended fetched = program.run({"fetch", "orders.jsonl", "-o", "orders.lflog"});
    QVERIFY2(fetched.exitCode == 0, said(fetched).constData());
    const QJsonValue before = program.run({"fetch", "orders.jsonl", "-o", "orders.lflog", "--json"}).json()["identity"];
    const Ended problems = program.run({"problems", "orders.lflog"});
    QVERIFY2(problems.out.contains("schema 7 is not there"), said(problems).constData());
    QCOMPARE(
        program.run({"info", "orders.lflog", "--json"}).json()["partitions"].toArray().at(0)["undecodable"].toInt(), 6);

    RegistryServer server(kSchemas);
    const QString url = QString::fromStdString(server.url("ok"));
    const Ended decoded = program.run({"decode", "orders.lflog", "--registry", url});
    QVERIFY2(decoded.exitCode == 0 && decoded.out.contains("id key, type /type"), said(decoded).constData());
    server.stop();
    QCOMPARE(
        program.run({"info", "orders.lflog", "--json"}).json()["partitions"].toArray().at(0)["undecodable"].toInt(), 0);
    QCOMPARE(lineOf(program.run({"log", "orders.lflog", "--json"}), 0)["type"].toString(), QString("Placed"));
    QCOMPARE(program.run({"info", "orders.lflog", "--json"}).json()["identity"], before);
    QCOMPARE(program.run({"ls", "orders.lflog", "--by", "/id", "--count"}).out.trimmed(), QByteArray("3"));
}

void EncodedTest::aRegistryThatRefusesEndsNoLoad()
{
    const Program program;
    RegistryServer server(kSchemas);
    write(program.pathOf("orders.jsonl"), orders(4));
    for (const char* kind : {"unauthorized", "broken", "garbage", "type"}) {
        const QString url = QString::fromStdString(server.url(kind));
        const QString capture = QString(kind) + ".lflog";
        const Ended fetched = program.run({"fetch", "orders.jsonl", "-o", capture, "--registry", url});
        QVERIFY2(fetched.exitCode == 0 && fetched.out.startsWith("4 events"), said(fetched).constData());
        const Ended decoded = program.run({"decode", capture, "--json"});
        QCOMPARE(decoded.exitCode, 1);
        QCOMPARE(decoded.json()["decoding"].toObject()["registry"].toString(), url);
        // With a registry that is well again it is read without being captured again.
        const Ended mended = program.run({"decode", capture, "--registry", QString::fromStdString(server.url("ok"))});
        QVERIFY2(mended.exitCode == 0, said(mended).constData());
    }
}

void EncodedTest::messagePackIsReadBecauseSomebodySaysSo()
{
    const Program program;
    // {"id": "a", "n": 18446744073709551615}
    const QByteArray map = QByteArray::fromHex("82a26964a161a16ecfffffffffffffffff");
    write(program.pathOf("orders.jsonl"), line(0, map) + line(1, map) + line(2, "\xc1"));
    const Ended log = program.run({"log", "orders.jsonl", "--json", "--decode", "orders:value=messagepack"});
    QVERIFY2(log.exitCode == 0, said(log).constData());
    QVERIFY2(log.lines().at(0).contains(R"("value":{"id":"a","n":18446744073709551615})"), log.out.constData());
    QVERIFY(lineOf(log, 2)["valuePayload"].toObject()["kept"].toString().contains("messagepack"));
    // It is remembered, and can be unsaid.
    QVERIFY(program.run({"info", "orders.jsonl"}).out.contains("orders:value=messagepack"));
    QVERIFY(program.run({"log", "orders.jsonl", "--json"}).lines().at(0).contains(R"("id":"a")"));
    const Ended bytes = program.run({"log", "orders.jsonl", "--json", "--decode", "orders:value=bytes"});
    QVERIFY2(bytes.lines().at(0).contains("\"value\":\"base64:" + map.toBase64() + "\""), bytes.out.constData());
}

void EncodedTest::aSchemaOfAFileIsCopiedIntoTheCapture()
{
    const Program program;
    write(program.pathOf("order.avsc"), QJsonDocument::fromJson(kSchemas)["ids"]["7"]["schema"].toString().toUtf8());
    QByteArray plain;
    for (int i = 0; i < 4; ++i) plain += line(i, avroText("order-1") + avroText("Placed") + avroLong(i));
    write(program.pathOf("orders.jsonl"), plain);
    const Ended fetched =
        program.run({"fetch", "orders.jsonl", "-o", "orders.lflog", "--decode", "value=avro:order.avsc"});
    QVERIFY2(fetched.exitCode == 0, said(fetched).constData());
    QVERIFY(QFile::remove(program.pathOf("order.avsc")));
    const Ended log = program.run({"log", "orders.lflog", "--json"});
    QVERIFY2(log.lines().at(3).contains(R"("value":{"id":"order-1","type":"Placed","amount":3})"),
             said(log).constData());
    QVERIFY(program.run({"schemas", "orders.lflog", "--text"}).out.contains("\"Order\""));
    // What every decoder makes of an event, for whoever has to choose.
    const Ended tried = program.run({"decode", "orders.lflog", "--try", "#3"});
    QVERIFY2(tried.exitCode == 0 && tried.out.contains("* value  avro by schema file:order.avsc"),
             said(tried).constData());
    QVERIFY2(tried.out.contains("value  messagepack") && tried.out.contains("value  bytes  \"base64:"),
             said(tried).constData());
    QCOMPARE(program.run({"decode", "orders.lflog", "--try", "#4"}).exitCode, 2);
}

void EncodedTest::eventsWrittenAsJsonAreTheSameLogAgain()
{
    const Program program;
    RegistryServer server(kSchemas);
    const QString url = QString::fromStdString(server.url("ok"));
    write(program.pathOf("orders.jsonl"), orders(9) + line(9, "no JSON") + line(10, R"({"id":"x"})"));
    const QJsonValue identity = program.run({"fetch", "orders.jsonl", "--registry", url, "--json"}).json()["identity"];
    write(program.pathOf("again.jsonl"), program.run({"log", "orders.jsonl", "--json"}).out);
    QCOMPARE(program.run({"fetch", "again.jsonl", "--json"}).json()["identity"], identity);
}

void EncodedTest::aJsonLogHasNothingToDecode()
{
    const Program program;
    write(program.pathOf("plain.jsonl"), "{\"id\":1,\"type\":\"A\"}\n{\"id\":2,\"type\":\"B\"}\n");
    const Ended decoded = program.run({"decode", "plain.jsonl"});
    QVERIFY2(decoded.exitCode == 0 && decoded.out.startsWith("nothing in this log is encoded"),
             said(decoded).constData());
    QVERIFY(!program.run({"log", "plain.jsonl", "--json"}).out.contains("Payload"));
    QCOMPARE(program.run({"schemas", "plain.jsonl"}).out, QByteArray("there are no schemas in this capture\n"));
}

void EncodedTest::wrongRulesAreUsage_data()
{
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QByteArray>("cause");
    QTest::newRow("no part") << "orders=avro:x" << QByteArray("[TOPIC:]key=FORMAT");
    QTest::newRow("no format") << "value=thrift" << QByteArray("messagepack");
    QTest::newRow("no file") << "value=avro" << QByteArray("needs the file");
    QTest::newRow("a file too many") << "value=cbor:x" << QByteArray("takes no file");
    QTest::newRow("a prefix of nothing") << "value=wire-cbor" << QByteArray("wire-avro");
}

void EncodedTest::wrongRulesAreUsage()
{
    QFETCH(QString, rule);
    QFETCH(QByteArray, cause);
    const Program program;
    write(program.pathOf("plain.jsonl"), "{}\n");
    const Ended ended = program.run({"fetch", "plain.jsonl", "--decode", rule});
    QVERIFY2(ended.exitCode == 2 && ended.errors.contains(cause), said(ended).constData());
}

void EncodedTest::whatIsMaskedIsNowhereToBeSeen()
{
    const Program program;
    RegistryServer server(kSchemas);
    const QString url = QString::fromStdString(server.url("ok"));
    write(program.pathOf("orders.jsonl"),
          orders(3)
              + line(3, R"({"id":"order-9","type":"Placed","iban":"DE12 3456","card":"4711-0815"})",
                     R"("key":"order-9","headers":[["Authorization","Bearer abc"],["trace","4711-0815"]],)"));
    QCOMPARE(program.run({"fetch", "orders.jsonl", "--registry", url}).exitCode, 0);
    const QStringList masks{"--mask", "/iban", "--mask", "header:authorization",
                            "--mask", "key",   "--mask", "text:[0-9]{4}-[0-9]{4}",
                            "--mask", "/note"};
    for (const QStringList& verb :
         {QStringList{"log", "orders.jsonl", "--json"},
          {"log", "orders.jsonl", "--csv"},
          {"log", "orders.jsonl"},
          {"ls", "orders.jsonl", "--fold", "latest", "--json"},
          {"step", "orders.jsonl", "--at", "#2", "--json"},
          {"show", "orders.jsonl", "order-9", "--fold", "latest"},
          {"blame", "orders.jsonl", "order-9", "--fold", "latest"},
          {"blame", "orders.jsonl", "order-9", "/card", "--fold", "latest", "--json"},
          {"diff", "orders.jsonl", "#2", "@end", "--fold", "latest"},
          {"diff", "orders.jsonl", "#2", "@end", "--fold", "latest", "--json"},
          {"diff", "orders.jsonl", "#2", "@end", "--fold", "latest", "--patch"},
          {"run", "orders.jsonl", "--break", "of order-9", "--fold", "latest"},
          {"run", "orders.jsonl", "--break", "of order-9", "--fold", "latest", "--json"},
          {"bisect", "orders.jsonl", "order-9", "--where", "/id = \"order-9\"", "--fold", "latest", "--json"}}) {
        const Ended masked = program.run(verb + masks);
        QVERIFY2((masked.exitCode == 0 || masked.exitCode == 1) && masked.out.contains("***"),
                 said(masked).constData());
        for (const char* secret : {"DE12", "4711", "Bearer", "fragile", "key 1", "Encoded"})
            QVERIFY2(!masked.out.contains(secret), (QByteArray(secret) + " in " + said(masked)).constData());
        const bool tellsIds = verb.front() != "blame" || !verb.contains("/card");
        QVERIFY2(!tellsIds || masked.out.contains("order-9"), masked.out.constData());
    }
    // A difference is told, what it was before and after is not.
    write(program.pathOf("a.json"), R"({"iban":"DE12","n":1})");
    write(program.pathOf("b.json"), R"({"iban":"DE34","n":1})");
    const Ended files = program.run({"diff", "a.json", "b.json", "--mask", "/iban"});
    QVERIFY2(files.exitCode == 1 && files.out.contains("/iban  \"***\" -> \"***\""), said(files).constData());
    const Ended found =
        program.run({"search", "orders.jsonl", "fragile", "--fold", "latest", "--mask", "text:key [0-9]"});
    QVERIFY2(found.exitCode == 1 && found.out.contains("***") && !found.out.contains("key 1"), said(found).constData());
    // Other verbs do not take it: nothing is shown in the belief that it is masked.
    QCOMPARE(program.run({"problems", "orders.jsonl", "--mask", "/iban"}).exitCode, 2);
    const Ended bad = program.run({"log", "orders.jsonl", "--mask", "iban"});
    QVERIFY2(bad.exitCode == 2 && bad.errors.contains("no masking rule"), said(bad).constData());
}

void EncodedTest::aMaskedExportIsVerifiedWithoutItsValues()
{
    const Program program;
    write(program.pathOf("plain.jsonl"),
          "{\"id\":\"a\",\"type\":\"A\",\"iban\":\"DE12\"}\n{\"id\":\"b\",\"type\":\"B\",\"iban\":\"DE34\"}\n");
    write(program.pathOf("rules"), "# what must not leave\n/iban\n\n");
    const Ended exported =
        program.run({"export", "plain.jsonl", "--fold", "latest", "-o", "states.jsonl", "--masks", "rules"});
    QVERIFY2(exported.exitCode == 0, said(exported).constData());
    QFile file(program.pathOf("states.jsonl"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("DE"));
    QFile manifest(program.pathOf("states.jsonl.manifest.json"));
    QVERIFY(manifest.open(QIODevice::ReadOnly));
    QCOMPARE(QJsonDocument::fromJson(manifest.readAll())["export"]["masked"].toArray(), QJsonArray{"/iban"});
    const Ended verified = program.run({"verify", "states.jsonl"});
    QVERIFY2(verified.exitCode == 0, said(verified).constData());
    const Ended refused = program.run({"export", "plain.jsonl", "-o", "none.jsonl", "--mask", "/id"});
    QVERIFY2(refused.exitCode == 3 && refused.errors.contains("is masked"), said(refused).constData());
    QVERIFY(!QFile::exists(program.pathOf("none.jsonl")));
}

void EncodedTest::aKeyThatCannotBeReadIsCountedAndTold()
{
    const Program program;
    const QByteArray key = R"("keyBase64":")" + marked(9, avroText("k")).toBase64() + "\",";
    write(program.pathOf("orders.jsonl"), line(0, R"({"id":"a"})", key) + line(1, R"({"id":"a"})", R"("key":"k",)"));
    const QJsonValue info = program.run({"info", "orders.jsonl", "--json"}).json();
    QCOMPARE(info["partitions"].toArray().at(0)["undecodable"].toInt(), 1);
    const QJsonArray payloads = info["payloads"].toArray();
    QCOMPARE(payloads.at(0).toObject()["part"].toString(), QString("key"));
    QCOMPARE(payloads.at(0).toObject()["kept"].toInt(), 1);
    const Ended problems = program.run({"problems", "orders.jsonl"});
    QVERIFY2(problems.out.contains("orders[0]@0") && problems.out.contains("the key is kept as it is"),
             said(problems).constData());
    // Its value is read all the same.
    QCOMPARE(program.run({"ls", "orders.jsonl", "--by", "/id", "--count"}).out.trimmed(), QByteArray("1"));
    const Ended decoded = program.run({"decode", "orders.jsonl", "--decode", "key=bytes"});
    QVERIFY2(decoded.exitCode == 0, said(decoded).constData());
    QVERIFY2(!program.run({"problems", "orders.jsonl"}).out.contains("the key is kept"), "it is still kept");
}

void EncodedTest::strictStopsAtWhatCannotBeDecoded()
{
    const Program program;
    write(program.pathOf("orders.jsonl"), orders(3));
    const Ended ended = program.run({"fetch", "orders.jsonl", "--strict"});
    QVERIFY2(ended.exitCode == 3 && ended.errors.contains("orders[0]@0")
                 && ended.errors.contains("schema 7 is not there"),
             said(ended).constData());
}

void EncodedTest::numbersInKeysAndHeadersAreRead()
{
    const Program program;
    const QByteArray key = R"("keyBase64":")" + QByteArray::fromHex("000000000000002a").toBase64() + "\",";
    const QByteArray headers = R"("headers":[["axon-message-timestamp",{"base64":")"
                               + QByteArray::fromHex("0000018bcfe56800").toBase64() + R"("}],["attempts",{"base64":")"
                               + QByteArray::fromHex("ffffffff").toBase64() + "\"}]],";
    write(program.pathOf("orders.jsonl"), line(0, R"({"a":1})", key + headers));
    const Ended log = program.run(
        {"log", "orders.jsonl", "--json", "--id-field", "key", "--decode", "orders:header.Attempts=integer"});
    QVERIFY2(log.exitCode == 0, said(log).constData());
    const QJsonObject event = lineOf(log, 0);
    QCOMPARE(event["id"].toString(), QString("42"));
    QCOMPARE(event["key"].toString(), QString("42"));
    QCOMPARE(event["headerPayloads"].toArray().at(0).toObject()["value"].toString(), QString("1700000000000"));
    QCOMPARE(event["headerPayloads"].toArray().at(1).toObject()["value"].toString(), QString("-1"));
    // The bytes of the log are what is read again.
    const QJsonValue identity = program.run({"fetch", "orders.jsonl", "--json"}).json()["identity"];
    write(program.pathOf("again.jsonl"), log.out);
    QCOMPARE(program.run({"fetch", "again.jsonl", "--json"}).json()["identity"], identity);
    QVERIFY(program.run({"info", "orders.jsonl"}).out.contains("header axon-message-timestamp"));
}

void EncodedTest::aCloudEventsDataAreReadByTheSchemaTheyName()
{
    const Program program;
    RegistryServer server(kSchemas);
    const QString url = QString::fromStdString(server.url("ok"));
    const QByteArray plain = avroText("order-1") + avroText("Placed") + avroLong(5);
    const auto headers = [](const QByteArray& pairs) { return R"("headers":[)" + pairs + "],"; };
    const QByteArray binary =
        headers(R"(["ce_specversion","1.0"],["ce_id","1"],["ce_source","/s"],["ce_type","order.placed"],)"
                R"(["content-type","application/avro"],["ce_dataschema","http://r/schemas/ids/7"])");
    const QByteArray structured = headers(R"(["content-type","application/cloudevents+json; charset=UTF-8"])");
    const QByteArray event = R"({"specversion":"1.0","id":"2","source":"/s","type":"order.placed","data_base64":")"
                             + marked(7, plain).toBase64() + "\"}";
    write(program.pathOf("orders.jsonl"),
          line(0, plain, binary) + line(1, event, structured) + line(2, marked(7, plain), binary));
    const Ended log = program.run({"log", "orders.jsonl", "--json", "--registry", url});
    QVERIFY2(log.exitCode == 0, said(log).constData());
    const QByteArray order = R"({"id":"order-1","type":"Placed","amount":5})";
    QVERIFY2(log.lines().at(0).contains("\"value\":" + order), log.out.constData());
    QVERIFY2(log.lines().at(1).contains("\"type\":\"order.placed\",\"data\":" + order), log.out.constData());
    QVERIFY2(log.lines().at(2).contains("\"value\":" + order), log.out.constData());
    QCOMPARE(lineOf(log, 1)["valuePayload"].toObject()["format"].toString(), QString("cloudevents"));
    QCOMPARE(lineOf(log, 1)["valuePayload"].toObject()["schema"].toString(), QString("7"));
    QVERIFY(log.errors.contains("header:ce_type") || log.errors.contains("type "));
    // Without the schema the event is read, and its data are told to be kept.
    const Ended without = program.run({"log", "orders.jsonl", "--json", "--fresh", "--cache", program.pathOf("other")});
    const QJsonObject kept = QJsonDocument::fromJson(without.lines().value(1)).object();
    QVERIFY2(kept["value"].toObject()["data_base64"].isString()
                 && kept["valuePayload"].toObject()["kept"].toString().contains("schema 7"),
             said(without).constData());
}

void EncodedTest::capturesOfTwoRegistriesAreNotMerged()
{
    const Program program;
    RegistryServer server(kSchemas);
    RegistryServer other(QByteArray(kSchemas).replace("amount", "sum"));
    write(program.pathOf("a.jsonl"), orders(4));
    write(program.pathOf("b.jsonl"), orders(4).replace("orders[0]", "orders[1]"));
    const auto fetch = [&](const QString& name, const RegistryServer& from) {
        return program.run(
            {"fetch", name + ".jsonl", "-o", name + ".lflog", "--registry", QString::fromStdString(from.url("ok"))});
    };
    QCOMPARE(fetch("a", server).exitCode, 0);
    QCOMPARE(fetch("b", other).exitCode, 0);
    const Ended refused = program.run({"merge", "a.lflog", "b.lflog", "-o", "both.lflog"});
    QVERIFY2(refused.exitCode == 3 && refused.errors.contains("merge captures of one registry"),
             said(refused).constData());
    QVERIFY(QFile::remove(program.pathOf("b.lflog")));
    QCOMPARE(fetch("b", server).exitCode, 0);
    const Ended merged = program.run({"merge", "a.lflog", "b.lflog", "-o", "both.lflog"});
    QVERIFY2(merged.exitCode == 0, said(merged).constData());
    const Ended log = program.run({"log", "both.lflog", "--json"});
    QCOMPARE(log.lines().size(), 8);
    for (const QByteArray& each : log.lines()) QVERIFY2(each.contains("\"amount\":"), each.constData());
}

void EncodedTest::aDiffOfOneSchemaIsAgainstTheVersionBefore()
{
    const Program program;
    RegistryServer server(kSchemas);
    write(program.pathOf("orders.jsonl"), orders(4));
    QCOMPARE(program.run({"fetch", "orders.jsonl", "--registry", QString::fromStdString(server.url("ok"))}).exitCode,
             0);
    const Ended diff = program.run({"schemas", "orders.jsonl", "--diff", "8"});
    QVERIFY2(diff.exitCode == 1 && diff.out.contains("note"), said(diff).constData());
    const Ended first = program.run({"schemas", "orders.jsonl", "--diff", "7"});
    QVERIFY2(first.exitCode == 2 && first.errors.contains("no version before"), said(first).constData());
}

void EncodedTest::filesOfSchemasThatCannotBeUsedAreTold()
{
    const Program program;
    write(program.pathOf("plain.jsonl"), "{}\n");
    write(program.pathOf("broken.avsc"), "{\"type\":\"rekord\"}");
    write(program.pathOf("shop.proto"), "syntax = \"proto3\"; message Order { string id = 1; }");
    const Ended broken = program.run({"fetch", "plain.jsonl", "--decode", "value=avro:broken.avsc"});
    QVERIFY2(broken.exitCode >= 2 && broken.errors.contains("broken.avsc") && broken.errors.contains("rekord"),
             said(broken).constData());
    const Ended none = program.run({"fetch", "plain.jsonl", "--decode", "value=avro:none.avsc"});
    QVERIFY2(none.exitCode >= 2 && none.errors.contains("none.avsc"), said(none).constData());
    const Ended message = program.run({"fetch", "plain.jsonl", "--decode", "value=protobuf:shop.proto:Invoice"});
    QVERIFY2(message.exitCode >= 2 && message.errors.contains("Invoice"), said(message).constData());
}

void EncodedTest::aProtoFileIsKeptWithWhatItImports()
{
    const Program program;
    const QByteArray main =
        "syntax = \"proto3\"; import \"unit.proto\"; message Price { int64 cents = 1; Unit unit = 2; }";
    write(program.pathOf("price.proto"), main);
    write(program.pathOf("unit.proto"), "syntax = \"proto3\"; enum Unit { EUR = 0; USD = 1; }");
    write(program.pathOf("prices.jsonl"), line(0, QByteArray::fromHex("08961c1001")));
    const QStringList rule{"--decode", "value=protobuf:price.proto:Price"};
    const Ended log = program.run(QStringList{"log", "prices.jsonl", "--json"} + rule);
    const QByteArray price = R"("value":{"cents":3606,"unit":"USD"})";
    QVERIFY2(log.out.contains(price), said(log).constData());
    // Another import is another schema, though the main file is the same.
    write(program.pathOf("unit.proto"), "syntax = \"proto3\"; enum Unit { EUR = 0; DKK = 1; }");
    const Ended again = program.run(QStringList{"log", "prices.jsonl", "--json"} + rule);
    QVERIFY2(again.out.contains("\"DKK\""), said(again).constData());
    QVERIFY(QFile::remove(program.pathOf("unit.proto")) && QFile::remove(program.pathOf("price.proto")));
    QVERIFY(program.run({"log", "prices.jsonl", "--json"}).out.contains("\"DKK\""));
    // A link of the user's own leads wherever it does.
    const Program linked;
    write(linked.pathOf("unit.proto"), "syntax = \"proto3\"; enum Unit { EUR = 0; USD = 1; }");
    write(linked.pathOf("main.proto"), main);
    write(linked.pathOf("prices.jsonl"), line(0, QByteArray::fromHex("08961c1001")));
    QVERIFY(QDir(linked.pathOf(".")).mkpath("in"));
    QVERIFY(QFile::link("../unit.proto", linked.pathOf("in/unit.proto")));
    QVERIFY(QFile::link("../main.proto", linked.pathOf("in/price.proto")));
    const Ended through =
        linked.run({"log", "prices.jsonl", "--json", "--decode", "value=protobuf:in/price.proto:Price"});
    QVERIFY2(through.out.contains(price), said(through).constData());
    // What somebody else wrote reads nothing else of this machine.
    write(program.pathOf("outside.proto"), "syntax = \"proto3\"; import \"../unit.proto\"; message Price {}");
    const Ended outside =
        program.run({"log", "prices.jsonl", "--decode", "value=protobuf:outside.proto:Price", "--cache", "other"});
    QVERIFY2(outside.exitCode >= 2 && outside.errors.contains("outside of its folder"), said(outside).constData());
}

QTEST_GUILESS_MAIN(EncodedTest)
#include "encoded_test.moc"
