// SPDX-License-Identifier: GPL-3.0-or-later
// Encoded payloads from end to end: captured with a schema registry, without one, and made readable later.
#include "tests/app/program.h"
#include "tests/source/registry_server.h"

#include <QTest>

using leftfold::test::RegistryServer;

namespace {

const QByteArray kSchemas = R"json({
  "ids": {
    "7": {"schema": "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"},{\"name\":\"type\",\"type\":\"string\"},{\"name\":\"amount\",\"type\":\"long\"}]}"},
    "8": {"schema": "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"},{\"name\":\"type\",\"type\":\"string\"},{\"name\":\"amount\",\"type\":\"long\"},{\"name\":\"note\",\"type\":\"string\"}]}"},
    "9": {"schema": "\"string\""}
  },
  "versions": {"7": [{"subject": "orders-value", "version": 1}], "8": [{"subject": "orders-value", "version": 2}]}
})json";

QByteArray avroLong(qint64 value)
{
    QByteArray out;
    auto rest = (static_cast<quint64>(value) << 1) ^ static_cast<quint64>(value >> 63);
    for (; rest > 0x7f; rest >>= 7) out += static_cast<char>((rest & 0x7f) | 0x80);
    return out + static_cast<char>(rest);
}

QByteArray avroText(const QByteArray& text)
{
    return avroLong(text.size()) + text;
}

QByteArray marked(char id, const QByteArray& payload)
{
    return QByteArray("\0\0\0\0", 4) + id + payload;
}

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
    QVERIFY2(fetched.errors.contains("id /id, type /type"), fetched.errors.constData());

    server.stop();
    const Ended log = program.run({"log", "orders.lflog", "--json"});
    QVERIFY2(log.exitCode == 0, said(log).constData());
    QCOMPARE(log.lines().size(), 10);
    QVERIFY2(log.lines().at(1).contains(
                 R"("value":{"id":"order-1","type":"Placed","amount":9007199254740994,"note":"fragile"})"),
             log.lines().at(1).constData());
    const QJsonObject event = lineOf(log, 1);
    QCOMPARE(event["type"].toString(), QString("Placed"));
    QCOMPARE(event["id"].toString(), QString("order-1"));
    QCOMPARE(event["key"].toString(), QString("key 1"));
    QCOMPARE(event["valuePayload"].toObject()["schema"].toString(), QString("8"));
    QCOMPARE(event["valuePayload"].toObject()["version"].toInt(), 2);
    QCOMPARE(event["valuePayload"].toObject()["subject"].toString(), QString("orders-value"));

    const Ended states = program.run({"ls", "orders.lflog", "--fold", "latest", "--json"});
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
    QVERIFY2(decoded.exitCode == 0 && decoded.out.contains("id /id, type /type"), said(decoded).constData());
    server.stop();
    QCOMPARE(
        program.run({"info", "orders.lflog", "--json"}).json()["partitions"].toArray().at(0)["undecodable"].toInt(), 0);
    QCOMPARE(lineOf(program.run({"log", "orders.lflog", "--json"}), 0)["type"].toString(), QString("Placed"));
    QCOMPARE(program.run({"info", "orders.lflog", "--json"}).json()["identity"], before);
    QCOMPARE(program.run({"ls", "orders.lflog", "--count"}).out.trimmed(), QByteArray("3"));
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
    for (const QStringList& verb : {QStringList{"log", "orders.jsonl", "--json"},
                                    {"log", "orders.jsonl", "--csv"},
                                    {"log", "orders.jsonl"},
                                    {"ls", "orders.jsonl", "--fold", "latest", "--json"},
                                    {"step", "orders.jsonl", "--at", "#2", "--json"},
                                    {"show", "orders.jsonl", "order-9", "--fold", "latest"}}) {
        const Ended masked = program.run(verb + masks);
        QVERIFY2(masked.exitCode == 0 && masked.out.contains("***"), said(masked).constData());
        for (const char* secret : {"DE12", "4711", "Bearer", "fragile", "key 1", "Encoded"})
            QVERIFY2(!masked.out.contains(secret), (QByteArray(secret) + " in " + said(masked)).constData());
        QVERIFY2(masked.out.contains("order-9"), masked.out.constData());
    }
    // Other verbs do not take it: nothing is shown in the belief that it is masked.
    QCOMPARE(program.run({"blame", "orders.jsonl", "order-9", "--mask", "/iban"}).exitCode, 2);
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

QTEST_GUILESS_MAIN(EncodedTest)
#include "encoded_test.moc"
