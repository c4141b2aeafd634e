// SPDX-License-Identifier: GPL-3.0-or-later
// What a schema registry gives, and every way in which it does not.
#include "core/source/schema_registry.h"
#include "tests/source/registry_server.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <thread>

using namespace leftfold;
using source::RegistryConnection;
using source::SchemaRegistry;

namespace {

/// Quotes within texts are single ones here.
const QByteArray kSchemas = QByteArray(R"json({
  "ids": {
    "7": {"schema": "{'type':'string'}"},
    "8": {"schema": "syntax = 'proto3'; import 'money.proto'; message Order { Money total = 1; }", "schemaType": "PROTOBUF",
          "references": [{"name": "money.proto", "subject": "money proto/v1", "version": 2}]},
    "9": {"schema": "{'type':'object'}", "schemaType": "JSON",
          "references": [{"name": "gone.json", "subject": "gone", "version": 1}]}
  },
  "guids": {"89791762-2336-186f-9674-19b90b4a5b9d": {"schema": "'long'", "schemaType": "AVRO"}},
  "versions": {"7": [{"subject": "names-key", "version": 1}, {"subject": "orders-value", "version": 3}]},
  "subjects": {
    "money proto/v1/2": {"subject": "money proto/v1", "version": 2, "id": 3, "schemaType": "PROTOBUF",
                 "schema": "syntax = 'proto3'; import 'unit.proto'; message Money { Unit unit = 1; }",
                 "references": [{"name": "unit.proto", "subject": "unit", "version": 1}]},
    "unit/1": {"subject": "unit", "version": 1, "schemaType": "PROTOBUF", "schema": "syntax = 'proto3'; message Unit { string name = 1; }",
               "references": [{"name": "money.proto", "subject": "money proto/v1", "version": 2}]}
  }
})json")
                                .replace("'", "\\\"");

QString text(const base::Error& error)
{
    return QString::fromStdString(base::render(error));
}

RegistryConnection at(const std::string& url)
{
    RegistryConnection connection;
    connection.url = url;
    return connection;
}

/// How often the server was asked, beside this question.
int requests(const test::RegistryServer& server)
{
    QProcess asking;
    asking.start("python3",
                 {"-c", "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())",
                  QString::fromStdString(server.url("requests"))});
    asking.waitForFinished(60'000);
    const QByteArray lines = asking.readAllStandardOutput().trimmed();
    return lines.isEmpty() ? 0 : static_cast<int>(lines.split('\n').size());
}

/// The message of a fetch that fails.
QString failure(SchemaRegistry& registry, const std::string& key = "7")
{
    const auto fetched = registry.fetch(key, {}, {});
    return fetched ? QString("it was fetched") : text(fetched.error());
}

} // namespace

class SchemaRegistryTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(m_server.isUp()); }

    void aSchemaComesWithSubjectAndVersion();
    void whatItRefersToComesBeforeIt();
    void aSchemaComesByItsGuid();
    void aReferenceThatIsMissingIsNamed();
    void usersAndBearersAreLetIn();
    void failuresAreToldWithAddressAndCause_data();
    void failuresAreToldWithAddressAndCause();
    void whoRefusesIsAskedOnce();
    void whoDoesNotAnswerIsAskedTwice();
    void unknownSchemasDoNotStopTheOthers();
    void aStopEndsAWaitForSilence();
    void anEndlessAnswerIsCut();
    void secretsAreInNoMessage();
    void anAuthorityOfItsOwnIsTrusted();
    void addressesAreChecked_data();
    void addressesAreChecked();
    void profilesNameARegistry();

private:
    test::RegistryServer m_server{kSchemas};
};

void SchemaRegistryTest::aSchemaComesWithSubjectAndVersion()
{
    SchemaRegistry registry(at(m_server.url("ok/")));
    const auto fetched = registry.fetch("7", "orders-value", {});
    QVERIFY2(fetched, qPrintable(fetched ? QString() : text(fetched.error())));
    QCOMPARE(fetched->size(), std::size_t{1});
    const decode::Schema& schema = fetched->front();
    QCOMPARE(schema.key, std::string("7"));
    QCOMPARE(schema.kind, decode::SchemaKind::Avro);
    QCOMPARE(schema.text, std::string("{\"type\":\"string\"}"));
    QCOMPARE(schema.subject, std::string("orders-value"));
    QCOMPARE(schema.version, std::int64_t{3});
    const auto other = registry.fetch("7", "another", {});
    QVERIFY(other);
    QCOMPARE(other->front().subject, std::string("names-key"));
}

void SchemaRegistryTest::whatItRefersToComesBeforeIt()
{
    SchemaRegistry registry(at(m_server.url("ok")));
    const auto fetched = registry.fetch("8", {}, {});
    QVERIFY2(fetched, qPrintable(fetched ? QString() : text(fetched.error())));
    decode::SchemaBook book;
    std::string keys;
    for (const decode::Schema& schema : *fetched) {
        keys += schema.key + " ";
        book.add(schema);
    }
    QCOMPARE(keys, std::string("unit/1 money proto/v1/2 8 "));
    const auto whole = withReferences(fetched->back(), book);
    QVERIFY(whole);
    QCOMPARE(whole->references.size(), std::size_t{2});
    QCOMPARE(whole->references[0].name, std::string("money.proto"));
    QCOMPARE(whole->references[1].name, std::string("unit.proto"));
}

void SchemaRegistryTest::aSchemaComesByItsGuid()
{
    SchemaRegistry registry(at(m_server.url("ok")));
    const auto fetched = registry.fetch("89791762-2336-186f-9674-19b90b4a5b9d", {}, {});
    QVERIFY(fetched);
    QCOMPARE(fetched->front().text, std::string("\"long\""));
}

void SchemaRegistryTest::aReferenceThatIsMissingIsNamed()
{
    SchemaRegistry registry(at(m_server.url("ok")));
    const QString why = failure(registry, "9");
    QVERIFY2(why.contains("gone version 1") && why.contains("404"), qPrintable(why));
}

void SchemaRegistryTest::usersAndBearersAreLetIn()
{
    RegistryConnection basic = at(m_server.url("basic"));
    basic.user = "reader";
    basic.password = "registry-secret";
    QVERIFY(SchemaRegistry(basic).fetch("7", {}, {}));
    RegistryConnection bearer = at(m_server.url("bearer"));
    bearer.token = "registry-token";
    QVERIFY(SchemaRegistry(bearer).fetch("7", {}, {}));
}

void SchemaRegistryTest::failuresAreToldWithAddressAndCause_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("cause");
    QTest::newRow("unauthorized") << "unauthorized"
                                  << "401 Unauthorized";
    QTest::newRow("forbidden") << "forbidden"
                               << "403 Forbidden";
    QTest::newRow("broken") << "broken"
                            << "500 Error in the backend data store";
    QTest::newRow("no schema") << "garbage"
                               << "no schema";
    QTest::newRow("another type") << "type"
                                  << "type 'XSD'";
    QTest::newRow("not there") << "nowhere"
                               << "404 Schema not found";
}

void SchemaRegistryTest::failuresAreToldWithAddressAndCause()
{
    QFETCH(QString, kind);
    QFETCH(QString, cause);
    const std::string url = m_server.url(kind.toStdString());
    SchemaRegistry registry(at(url));
    const QString why = failure(registry, kind == "nowhere" ? "4711" : "7");
    QVERIFY2(why.contains(QString::fromStdString(url)) && why.contains("schema ") && why.contains(cause),
             qPrintable(why));
}

void SchemaRegistryTest::whoRefusesIsAskedOnce()
{
    SchemaRegistry registry(at(m_server.url("unauthorized")));
    const int before = requests(m_server);
    for (int id = 1; id < 20; ++id) (void)failure(registry, std::to_string(id));
    QCOMPARE(requests(m_server) - before, 1);
}

void SchemaRegistryTest::whoDoesNotAnswerIsAskedTwice()
{
    SchemaRegistry broken(at(m_server.url("broken")));
    const int before = requests(m_server);
    for (int id = 1; id < 20; ++id) (void)failure(broken, std::to_string(id));
    QCOMPARE(requests(m_server) - before, 2);

    test::RegistryServer gone(kSchemas);
    const std::string url = gone.url("ok");
    gone.stop();
    SchemaRegistry away(at(url));
    for (int id = 1; id < 20; ++id) {
        const QString why = failure(away, std::to_string(id));
        QVERIFY2(why.contains(QString::fromStdString(url)) && why.contains("connect", Qt::CaseInsensitive),
                 qPrintable(why));
        QCOMPARE(why.contains("not asked again"), id >= 2);
    }
}

void SchemaRegistryTest::unknownSchemasDoNotStopTheOthers()
{
    SchemaRegistry registry(at(m_server.url("ok")));
    for (int id = 100; id < 150; ++id) QVERIFY(failure(registry, std::to_string(id)).contains("404"));
    QVERIFY(registry.fetch("7", {}, {}));
    const int before = requests(m_server);
    for (int id = 150; id < 400; ++id) (void)failure(registry, std::to_string(id));
    QCOMPARE(requests(m_server) - before, 50); // 100 that it does not know are enough
}

void SchemaRegistryTest::aStopEndsAWaitForSilence()
{
    SchemaRegistry registry(at(m_server.url("silent")));
    std::stop_source stop;
    const int before = requests(m_server);
    base::ErrorCode code{};
    std::jthread thread([&] {
        const auto fetched = registry.fetch("7", {}, stop.get_token());
        code = fetched ? base::ErrorCode::BadArgument : fetched.error().code;
    });
    while (requests(m_server) == before) QTest::qWait(10); // it is asked, and silent until this test program ends
    stop.request_stop();
    thread.join();
    QCOMPARE(code, base::ErrorCode::Cancelled);
}

void SchemaRegistryTest::anEndlessAnswerIsCut()
{
    SchemaRegistry registry(at(m_server.url("endless")));
    QVERIFY(failure(registry).contains("endless"));
}

void SchemaRegistryTest::secretsAreInNoMessage()
{
    RegistryConnection wrong = at(m_server.url("basic"));
    wrong.user = "reader";
    wrong.password = "wrong-secret";
    SchemaRegistry registry(wrong);
    const QString why = failure(registry);
    QVERIFY(why.contains("401"));
    QVERIFY(!why.contains("wrong-secret"));
}

void SchemaRegistryTest::anAuthorityOfItsOwnIsTrusted()
{
    const QTemporaryDir folder;
    const QString key = folder.filePath("server.key");
    const QString certificate = folder.filePath("server.pem");
    QCOMPARE(QProcess::execute("openssl",
                               {"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
                                "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"}),
             0);
    test::RegistryServer server(kSchemas, {certificate, key});
    QVERIFY(server.isUp());
    SchemaRegistry untrusting(at(server.url("ok")));
    const QString why = failure(untrusting);
    QVERIFY2(why.contains("certificate", Qt::CaseInsensitive), qPrintable(why));
    RegistryConnection trusting = at(server.url("ok"));
    trusting.caFile = certificate.toStdString();
    QVERIFY(SchemaRegistry(trusting).fetch("7", {}, {}));
}

void SchemaRegistryTest::addressesAreChecked_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("cause");
    QTest::newRow("another scheme") << "ftp://host"
                                    << "http://HOST:PORT";
    QTest::newRow("no host") << "http://"
                             << "http://HOST:PORT";
    QTest::newRow("a password") << "http://me:secret@host:8081"
                                << "no place in the address";
    QTest::newRow("a query") << "http://host:8081/?a=b"
                             << "http://HOST:PORT";
    QTest::newRow("no profile") << "nobody-has-this-profile"
                                << "there is no profile";
    QTest::newRow("a user without secret") << "https://me@host"
                                           << "LEFTFOLD_SECRET_REGISTRY_PASSWORD";
}

void SchemaRegistryTest::addressesAreChecked()
{
    QFETCH(QString, typed);
    QFETCH(QString, cause);
    const auto connection = source::registryFor(typed.toStdString());
    QVERIFY(!connection);
    QVERIFY2(text(connection.error()).contains(cause), qPrintable(text(connection.error())));
    QVERIFY(!text(connection.error()).contains("secret@"));
}

void SchemaRegistryTest::profilesNameARegistry()
{
    const auto profile =
        source::parseProfile("p", "bootstrap.servers=b:9092\nregistry.url=https://r:8081\nregistry.user=me\n");
    QVERIFY(profile);
    qunsetenv("LEFTFOLD_SECRET_P_REGISTRY_PASSWORD");
    const auto without = source::registryOf(*profile);
    QVERIFY(!without);
    QCOMPARE(without.error().code, base::ErrorCode::SecretMissing);
    qputenv("LEFTFOLD_SECRET_P_REGISTRY_PASSWORD", "s3cret");
    const auto registry = source::registryOf(*profile);
    QVERIFY(registry && *registry);
    QCOMPARE((*registry)->url, std::string("https://r:8081"));
    QCOMPARE((*registry)->password, std::string("s3cret"));
    // librdkafka hears nothing of it, and a profile takes no secret.
    const auto connection = source::connectionOf(*profile);
    QVERIFY(connection);
    QCOMPARE(connection->properties.size(), std::size_t{1});
    QVERIFY(!source::parseProfile("p", "bootstrap.servers=b:9092\nregistry.password=x\n"));
    qunsetenv("LEFTFOLD_SECRET_P_REGISTRY_PASSWORD");
}

QTEST_GUILESS_MAIN(SchemaRegistryTest)
#include "schema_registry_test.moc"
