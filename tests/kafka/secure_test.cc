// SPDX-License-Identifier: GPL-3.0-or-later
// Profiles: every way into a broker that asks who is there, and what is said where one does not get in.
#include "tests/app/program.h"
#include "tests/kafka/broker.h"
#include "tests/kafka/keyring.h"

#include <QRegularExpression>
#include <QTest>

using namespace leftfold::kafka_test;

namespace {

QByteArray said(const Ended& ended)
{
    return QByteArray::number(ended.exitCode) + " " + ended.out + ended.errors;
}

} // namespace

class SecureTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_broker->countTest(); }
    void cleanupTestCase();

    void aProfileGetsIn_data();
    void aProfileGetsIn();
    void whatKeepsOneOutIsSaid_data();
    void whatKeepsOneOutIsSaid();
    void aTokenGetsIn();
    void secretsStandNowhere();
    void aKeyringKeepsSecrets();
    void whereThereIsNoKeyringItIsSaid();
    void aSecretFileThatOthersMayReadIsRefused();
    void settingsOfOtherProgramsAreImported_data();
    void settingsOfOtherProgramsAreImported();
    void whatIsMissingIsSaidAtOnce();

private:
    /// A profile of these settings; `listener` is one of secure.env, or an address.
    void addProfile(Program& program, const QString& listener, const QStringList& settings) const;
    [[nodiscard]] QString tls(const QString& file) const { return m_broker->secure("TLS") + "/" + file; }
    std::unique_ptr<Broker> m_broker;
    QProcess m_tokens;
    QString m_tokenUrl;
};

void SecureTest::initTestCase()
{
    LEFTFOLD_START_BROKER(m_broker, .secure = true);
    m_broker->createTopic("guarded", 1);
    m_broker->createTopic("hidden", 1);
    Producer producer(*m_broker);
    for (int i = 0; i < 5; ++i) producer.send("guarded", 0, {"k", R"({"id":1,"type":"T"})", 0, {}});
    producer.flush();
    for (const char* operation : {"Read", "Describe"}) {
        (void)m_broker->tool({"acls", "--bootstrap-server", m_broker->address(), "--add", "--allow-principal",
                              "User:reader", "--operation", operation, "--topic", "guarded"});
    }
    m_tokens.start("python3",
                   {LEFTFOLD_SOURCE_DIR "/tests/kafka/token_server.py", tls("server.pem"), tls("server.key")});
    QVERIFY(m_tokens.waitForReadyRead(30'000));
    m_tokenUrl = "https://localhost:" + m_tokens.readLine().trimmed() + "/token";
}

void SecureTest::cleanupTestCase()
{
    m_tokens.closeWriteChannel();
    m_tokens.waitForFinished();
    m_broker.reset();
}

void SecureTest::addProfile(Program& program, const QString& listener, const QStringList& settings) const
{
    program.setVariable("XDG_CONFIG_HOME", program.cachePath());
    const QString address = listener.contains(':') ? listener : m_broker->secure(listener);
    QStringList arguments{"profile", "add", "guarded", "--brokers", address};
    for (QString setting : settings) arguments += {"--set", setting.replace("TLS/", tls(""))};
    const Ended added = program.run(arguments);
    QVERIFY2(added.exitCode == 0, said(added));
}

void SecureTest::aProfileGetsIn_data()
{
    QTest::addColumn<QString>("listener");
    QTest::addColumn<QStringList>("settings");
    QTest::newRow("client certificate") << "SSL"
                                        << QStringList{"security.protocol=SSL", "ssl.ca.location=TLS/ca.pem",
                                                       "ssl.certificate.location=TLS/client.pem",
                                                       "ssl.key.location=TLS/client.key"};
    QTest::newRow("client certificate in PKCS12")
        << "SSL"
        << QStringList{"security.protocol=SSL", "ssl.ca.location=TLS/ca.pem", "ssl.keystore.location=TLS/client.p12"};
    QTest::newRow("PLAIN") << "SASL_PLAINTEXT"
                           << QStringList{"security.protocol=SASL_PLAINTEXT", "sasl.mechanisms=PLAIN",
                                          "sasl.username=reader"};
    // SCRAM of librdkafka 2.0.2 is refused by Kafka 4.1, kcat's too.
    if (m_broker->version().startsWith("4.")) return;
    QTest::newRow("SCRAM-SHA-256") << "SASL_PLAINTEXT"
                                   << QStringList{"security.protocol=SASL_PLAINTEXT", "sasl.mechanisms=SCRAM-SHA-256",
                                                  "sasl.username=reader"};
    QTest::newRow("SCRAM-SHA-512 over TLS") << "SASL_SSL"
                                            << QStringList{"security.protocol=SASL_SSL", "ssl.ca.location=TLS/ca.pem",
                                                           "sasl.mechanisms=SCRAM-SHA-512", "sasl.username=reader"};
}

void SecureTest::aProfileGetsIn()
{
    QFETCH(QString, listener);
    QFETCH(QStringList, settings);
    Program program;
    addProfile(program, listener, settings);
    program.setVariable("LEFTFOLD_SECRET_GUARDED_SASL_PASSWORD", "reader-secret");
    program.setVariable("LEFTFOLD_SECRET_GUARDED_SSL_KEYSTORE_PASSWORD", "changeit");
    const Ended tested = program.run({"profile", "test", "guarded"});
    QVERIFY2(tested.exitCode == 0, said(tested));
    const Ended info = program.run({"info", "kafka://guarded/guarded", "--json"});
    QVERIFY2(info.json()["events"].toInt() == 5, said(info));
    const Ended topics = program.run({"topics", "guarded"});
    QVERIFY2(topics.out.contains("guarded  1 partition"), said(topics));
}

void SecureTest::whatKeepsOneOutIsSaid_data()
{
    QTest::addColumn<QString>("listener");
    QTest::addColumn<QStringList>("settings");
    QTest::addColumn<QString>("step");
    QTest::addColumn<QString>("why");
    const QStringList plain{"security.protocol=SASL_PLAINTEXT", "sasl.mechanisms=PLAIN", "sasl.username=reader"};
    QTest::newRow("no such name") << "no-such-host.invalid:9092" << QStringList{} << "resolve"
                                  << "cannot be resolved";
    QTest::newRow("nobody listens") << "127.0.0.1:1" << QStringList{} << "connect"
                                    << "Connection refused";
    QTest::newRow("unknown authority") << "SSL"
                                       << QStringList{"security.protocol=SSL", "ssl.ca.location=TLS/other-ca.pem"}
                                       << "TLS"
                                       << "(ssl.ca.location)";
    QTest::newRow("expired certificate") << "EXPIRED"
                                         << QStringList{"security.protocol=SSL", "ssl.ca.location=TLS/ca.pem"} << "TLS"
                                         << "expired; the broker's certificate has to be renewed";
    QTest::newRow("wrong password") << "SASL_PLAINTEXT" << plain << "SASL"
                                    << "check mechanism, user and secret";
    QTest::newRow("no permission") << "SASL_PLAINTEXT"
                                   << QStringList{"security.protocol=SASL_PLAINTEXT", "sasl.mechanisms=PLAIN",
                                                  "sasl.username=nobody"}
                                   << "authorisation"
                                   << "ask for READ and DESCRIBE";
}

void SecureTest::whatKeepsOneOutIsSaid()
{
    QFETCH(QString, listener);
    QFETCH(QStringList, settings);
    QFETCH(QString, step);
    QFETCH(QString, why);
    Program program;
    addProfile(program, listener, settings);
    const bool isWrong = step == "SASL";
    program.setVariable("LEFTFOLD_SECRET_GUARDED_SASL_PASSWORD", isWrong ? "wrong" : "nobody-secret");
    const Ended tested = program.run({"profile", "test", "guarded"});
    QCOMPARE(tested.exitCode, 1);
    const QByteArray last = tested.lines().last();
    QVERIFY2(last.startsWith(step.toUtf8()) && last.contains("failed") && last.contains(why.toUtf8()), said(tested));
    const Ended fetched = program.run({"fetch", "kafka://guarded/guarded"});
    QCOMPARE(fetched.exitCode, 3);
    if (step != "authorisation") QVERIFY2(fetched.errors.contains(why.toUtf8()), said(fetched));
}

void SecureTest::aTokenGetsIn()
{
    Program program;
    addProfile(program, "SASL_SSL",
               {"security.protocol=SASL_SSL", "ssl.ca.location=TLS/ca.pem", "sasl.mechanisms=OAUTHBEARER",
                "token.url=" + m_tokenUrl, "token.client.id=reader", "token.ca.location=TLS/ca.pem"});
    program.setVariable("LEFTFOLD_SECRET_GUARDED_TOKEN_CLIENT_SECRET", "token-secret");
    const Ended info = program.run({"info", "kafka://guarded/guarded", "--json"});
    QVERIFY2(info.json()["events"].toInt() == 5, said(info));
    program.setVariable("LEFTFOLD_SECRET_GUARDED_TOKEN_CLIENT_SECRET", "guessed");
    const Ended tested = program.run({"profile", "test", "guarded"});
    QCOMPARE(tested.exitCode, 1);
    QVERIFY2(tested.lines().last().contains("no token from " + m_tokenUrl.toUtf8() + ": it answers 401 invalid_client"),
             said(tested));
    QVERIFY(!said(tested).contains("guessed"));
}

void SecureTest::secretsStandNowhere()
{
    Program program;
    addProfile(program, "SASL_PLAINTEXT",
               {"security.protocol=SASL_PLAINTEXT", "sasl.mechanisms=PLAIN", "sasl.username=reader"});
    const QString secrets = program.pathOf("secrets");
    const Ended kept = program.run({"profile", "secret", "guarded", "sasl.password", "--secrets", "file:" + secrets},
                                   "reader-secret\n");
    QVERIFY2(kept.exitCode == 0, said(kept));
    QCOMPARE(program.run({"fetch", "kafka://guarded/guarded"}).exitCode, 0);
    // In its own file alone: not in the profile, not in the capture.
    QProcess grep;
    grep.start("grep", {"-rlF", "reader-secret", program.cachePath(), secrets});
    QVERIFY(grep.waitForFinished());
    QCOMPARE(QString::fromUtf8(grep.readAllStandardOutput()).trimmed(), secrets);
    const Ended refused = program.run({"profile", "add", "guarded", "--brokers", "a:1", "--set", "sasl.password=x"});
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.errors.contains("sasl.password is a secret"), said(refused));
}

void SecureTest::aKeyringKeepsSecrets()
{
    const Keyring keyring;
    Program program;
    keyring.serve(program);
    addProfile(program, "SASL_PLAINTEXT",
               {"security.protocol=SASL_PLAINTEXT", "sasl.mechanisms=PLAIN", "sasl.username=reader"});
    const auto keep = [&](const QByteArray& secret) {
        return program.run({"profile", "secret", "guarded", "sasl.password", "--secrets", "keyring"}, secret + '\n');
    };
    const Ended wrong = keep("an old password");
    QVERIFY2(wrong.exitCode == 0, said(wrong));
    const Ended refused = program.run({"profile", "test", "guarded"});
    QVERIFY2(refused.exitCode == 1 && refused.lines().last().startsWith("SASL"), said(refused));
    const Ended kept = keep("reader-secret");
    QVERIFY2(kept.exitCode == 0, said(kept));
    const Ended info = program.run({"info", "kafka://guarded/guarded", "--json"});
    QVERIFY2(info.json()["events"].toInt() == 5, said(info));
    QVERIFY(!program.run({"profile", "show", "guarded"}).out.contains("reader-secret"));
}

void SecureTest::whereThereIsNoKeyringItIsSaid()
{
    Program program;
    program.setVariable("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + program.pathOf("no-bus"));
    addProfile(
        program, "SASL_PLAINTEXT",
        {"security.protocol=SASL_PLAINTEXT", "sasl.mechanisms=PLAIN", "sasl.username=reader", "secret.store=keyring"});
    const Ended fetched = program.run({"fetch", "kafka://guarded/guarded"});
    QCOMPARE(fetched.exitCode, 3);
    QVERIFY2(fetched.errors.contains("the keyring cannot be asked"), said(fetched));
    QVERIFY2(fetched.errors.contains("sasl.password"), said(fetched));
}

void SecureTest::aSecretFileThatOthersMayReadIsRefused()
{
    Program program;
    const QString secrets = program.write("secrets", "guarded/sasl.password=reader-secret\n");
    addProfile(program, "SASL_PLAINTEXT",
               {"security.protocol=SASL_PLAINTEXT", "sasl.mechanisms=PLAIN", "sasl.username=reader",
                "secret.store=file:" + secrets});
    QVERIFY(QFile::setPermissions(secrets, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
    const Ended refused = program.run({"fetch", "kafka://guarded/guarded"});
    QCOMPARE(refused.exitCode, 3);
    QVERIFY2(refused.errors.contains("can be read by others"), said(refused));
    QVERIFY(QFile::setPermissions(secrets, QFile::ReadOwner | QFile::WriteOwner));
    QCOMPARE(program.run({"fetch", "kafka://guarded/guarded"}).exitCode, 0);
}

void SecureTest::settingsOfOtherProgramsAreImported_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("content");
    QTest::newRow("Java")
        << "client.properties"
        << "# of a service\nbootstrap.servers = BROKER\nsecurity.protocol=SASL_SSL\nsasl.mechanism: SCRAM-SHA-512\n"
           "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\\n    "
           "username=\"reader\" \\\n    password=\"reader-secret\";\n"
           "ssl.truststore.type=PEM\nssl.truststore.location=TLS/ca.pem\ngroup.id=mine\n";
    QTest::newRow("kcat") << "kcat.conf"
                          << "metadata.broker.list=BROKER\nsecurity.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-"
                             "256\nsasl.username=reader\nsasl.password=reader-secret\nssl.ca.location=TLS/ca.pem\n";
}

void SecureTest::settingsOfOtherProgramsAreImported()
{
    QFETCH(QString, file);
    QFETCH(QString, content);
    if (m_broker->version().startsWith("4."))
        content.replace(QRegularExpression("SCRAM-SHA-\\d+"), "PLAIN")
            .replace("scram.ScramLoginModule", "plain.PlainLoginModule");
    Program program;
    program.setVariable("XDG_CONFIG_HOME", program.cachePath());
    program.write(file, content.replace("BROKER", m_broker->secure("SASL_SSL")).replace("TLS/", tls("")).toUtf8());
    const Ended imported =
        program.run({"profile", "import", "guarded", file, "--secrets", "file:" + program.pathOf("secrets")});
    QVERIFY2(imported.exitCode == 0, said(imported));
    QVERIFY(!program.run({"profile", "show", "guarded"}).out.contains("reader-secret"));
    const Ended info = program.run({"info", "kafka://guarded/guarded", "--json"});
    QVERIFY2(info.json()["events"].toInt() == 5, said(info));
    // What is Java's alone comes with the way out.
    program.write("jks.properties",
                  "bootstrap.servers=a:1\nsecurity.protocol=SSL\nssl.truststore.location=/etc/trust.jks\n");
    const Ended jks = program.run({"profile", "import", "other", "jks.properties"});
    QVERIFY2(
        jks.errors.contains("keytool -importkeystore -srckeystore /etc/trust.jks -destkeystore /etc/trust.jks.p12"),
        said(jks));
}

void SecureTest::whatIsMissingIsSaidAtOnce()
{
    Program program;
    addProfile(program, "SASL_PLAINTEXT",
               {"security.protocol=SASL_PLAINTEXT", "sasl.mechanisms=PLAIN", "sasl.username=reader"});
    const Ended fetched = program.run({"fetch", "kafka://guarded/guarded"});
    QVERIFY2(fetched.errors.contains("LEFTFOLD_SECRET_GUARDED_SASL_PASSWORD"), said(fetched));
    const Ended unknown = program.run({"topics", "nowhere"});
    QVERIFY2(unknown.errors.contains("there is no profile 'nowhere'"), said(unknown));
    const Ended hidden = program.run({"fetch", m_broker->url("guarded").replace("guarded", "missing")});
    QVERIFY2(hidden.errors.contains("there is no topic missing"), said(hidden));
}

QTEST_GUILESS_MAIN(SecureTest)
#include "secure_test.moc"
