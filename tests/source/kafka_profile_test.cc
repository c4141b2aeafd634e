// SPDX-License-Identifier: GPL-3.0-or-later
// How a cluster is reached: profiles, the settings of other programs, the answers of token endpoints. Without a broker.
#include "core/source/kafka_profile.h"

#include "core/source/kafka_token.h"

#include <QMap>
#include <QTest>

using namespace leftfold;
using namespace leftfold::source;

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

/// "property=value" line by line, then "secret property=value", then "note ...".
QStringList told(const base::Result<ImportedProfile>& imported)
{
    if (!imported) return {text(base::render(imported.error()))};
    QStringList lines;
    for (const auto& [name, value] : imported->profile.properties) lines.append(text(name + "=" + value));
    for (const auto& [name, value] : imported->secrets) lines.append(text("secret " + name + "=" + value));
    for (const std::string& note : imported->notes) lines.append(text("note " + note));
    return lines;
}

QStringList java(const char* properties)
{
    return told(importJava("p", properties));
}

QStringList kcat(const char* properties)
{
    return told(importKcat("p", properties));
}

QString profileError(const char* lines)
{
    const auto parsed = parseProfile("p", lines);
    return parsed ? QString() : text(base::render(parsed.error()));
}

/// A token that says these things of itself; its signature is nobody's business here.
std::string tokenSaying(const QByteArray& claims)
{
    const auto coded = claims.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    return "e30." + coded.toStdString() + ".c2ln";
}

std::string answerWith(const std::string& token, const std::string& more = {})
{
    return R"({"access_token":")" + token + "\"" + more + "}";
}

constexpr std::int64_t kNow = 1'700'000'000'000;

/// "subject until milliseconds", or why there is none.
QString tokenOf(long status, const std::string& body)
{
    const auto token = readTokenAnswer("https://id/token", status, body, kNow);
    if (!token) return text(base::render(token.error()));
    return QString("%1 until %2").arg(text(token->subject)).arg(token->expiresAtMs);
}

} // namespace

class KafkaProfileTest : public QObject {
    Q_OBJECT

private slots:
    void aProfileComesBack();
    void whatIsNoProfileIsSaid();
    void secretsAreKnownByName();
    void javasPropertiesAreReadAsJavaDoes();
    void javasSecuritySettingsAreTranslated();
    void javasStoresComeWithTheWayOut();
    void kcatsSettingsAreTaken();
    void theSecretOfNoImportIsInTheProfile();
    void aTokenSaysWhoseItIsAndHowLong();
    void anAnswerWithoutATokenIsSaid();
    void aTokenIsOnlyAskedForOverHttps();
};

void KafkaProfileTest::aProfileComesBack()
{
    const auto parsed =
        parseProfile("p", "# brokers\n\n bootstrap.servers = a:1,b:2 \r\nsasl.username=x=y\nssl.ca.location=\n");
    QVERIFY(parsed);
    const std::map<std::string, std::string> expected = {
        {"bootstrap.servers", "a:1,b:2"}, {"sasl.username", "x=y"}, {"ssl.ca.location", ""}};
    QVERIFY(parsed->properties == expected);
    const auto again = parseProfile("p", toText(*parsed));
    QVERIFY(again && *again == *parsed);
}

void KafkaProfileTest::whatIsNoProfileIsSaid()
{
    QVERIFY(profileError("bootstrap.servers=a:1\nnothing\n").contains("line 2 is no NAME=VALUE"));
    QVERIFY(profileError("=x\n").contains("line 1 is no NAME=VALUE"));
    QVERIFY(profileError("client.id=x\n").contains("it has no bootstrap.servers"));
    const QString secret = profileError("bootstrap.servers=a:1\n#\nsasl.password=hunter2\n");
    QVERIFY2(secret.contains("line 3 has a secret (sasl.password)"), qPrintable(secret));
    QVERIFY(!secret.contains("hunter2"));
}

void KafkaProfileTest::secretsAreKnownByName()
{
    for (const char* secret : {"sasl.password", "ssl.key.password", "ssl.keystore.password", "token.client.secret"})
        QVERIFY2(isSecret(secret), secret);
    for (const char* open : {"sasl.username", "ssl.ca.location", "bootstrap.servers", "token.client.id"})
        QVERIFY2(!isSecret(open), open);
}

void KafkaProfileTest::javasPropertiesAreReadAsJavaDoes()
{
    // Blanks, ':', '=' and a blank alone separate; a backslash joins lines and escapes; '!' begins a comment too.
    QCOMPARE(java("! of Java\n  bootstrap.servers : a:1,\\\n      b:2\n"), QStringList{"bootstrap.servers=a:1,b:2"});
    QCOMPARE(java("bootstrap.servers a:1\r\nclient.id=x\\ty\\u00e9\\\\\n"),
             (QStringList{"bootstrap.servers=a:1", QString::fromUtf8("client.id=x\ty\u00e9\\")}));
    QCOMPARE(java("bootstrap.servers=a:1\n# comment \\\nclient.id=x\n"),
             (QStringList{"bootstrap.servers=a:1", "client.id=x"}));
    QCOMPARE(java("client.id=x\n").last(), QString("note there is no bootstrap.servers: give them with --brokers"));
    QVERIFY(java("bootstrap.servers=a:1\ngroup.id=mine\n").last().startsWith("note group.id is left out"));
}

void KafkaProfileTest::javasSecuritySettingsAreTranslated()
{
    QCOMPARE(java("bootstrap.servers=a:1\nsecurity.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\n"
                  "ssl.endpoint.identification.algorithm=\nssl.truststore.location=/ca.pem\n"
                  "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required "
                  "username=\"reader\" password=\"p\\\\\\\"q;r=s\";\n"),
             (QStringList{"bootstrap.servers=a:1", "sasl.mechanisms=SCRAM-SHA-512", "sasl.username=reader",
                          "security.protocol=SASL_SSL", "ssl.ca.location=/ca.pem",
                          "ssl.endpoint.identification.algorithm=none", "secret sasl.password=p\"q;r=s"}));
    QCOMPARE(java("bootstrap.servers=a:1\nsasl.mechanism=OAUTHBEARER\n"
                  "sasl.oauthbearer.token.endpoint.url=https://id/token\n"
                  "sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required "
                  "clientId=me clientSecret=\"x\" scope=\"kafka read\";\n"),
             (QStringList{"bootstrap.servers=a:1", "sasl.mechanisms=OAUTHBEARER", "token.client.id=me",
                          "token.scope=kafka read", "token.url=https://id/token", "secret token.client.secret=x"}));
}

void KafkaProfileTest::javasStoresComeWithTheWayOut()
{
    const QStringList pkcs12 = java("bootstrap.servers=a:1\nssl.keystore.location=/me.p12\n"
                                    "ssl.keystore.password=changeit\nssl.key.password=changeit\n");
    QCOMPARE(pkcs12, (QStringList{"bootstrap.servers=a:1", "ssl.keystore.location=/me.p12",
                                  "secret ssl.keystore.password=changeit"}));
    const QStringList pem = java("bootstrap.servers=a:1\nssl.keystore.type=PEM\nssl.keystore.location=/me\n"
                                 "ssl.key.password=k\n");
    QCOMPARE(pem, (QStringList{"bootstrap.servers=a:1", "ssl.certificate.location=/me", "ssl.key.location=/me",
                               "secret ssl.key.password=k"}));
    const QStringList jks = java("bootstrap.servers=a:1\nssl.truststore.location=/trust.jks\n"
                                 "ssl.truststore.password=changeit\nssl.keystore.location=/me.jks\n");
    QCOMPARE(jks.size(), 3);
    QVERIFY2(jks[1].contains("keytool -importkeystore -srckeystore /trust.jks -destkeystore /trust.jks.p12")
                 && jks[1].contains("--set ssl.ca.location=/trust.jks.pem"),
             qPrintable(jks[1]));
    QVERIFY2(jks[2].contains("/me.jks is a JKS store") && jks[2].contains("ssl.keystore.location=/me.jks.p12"),
             qPrintable(jks[2]));
}

void KafkaProfileTest::kcatsSettingsAreTaken()
{
    QCOMPARE(kcat("# of kcat\n metadata.broker.list = a:1 \r\nsasl.mechanism=PLAIN\nsasl.password=x=y \n"
                  "compression.codec=zstd\ntopic.acks=all\nsocket.timeout.ms=500\n"),
             (QStringList{"bootstrap.servers=a:1", "sasl.mechanisms=PLAIN", "socket.timeout.ms=500",
                          "secret sasl.password=x=y",
                          "note compression.codec is left out: it says nothing about how the cluster is reached",
                          "note topic.acks is left out: it says nothing about how the cluster is reached"}));
    QVERIFY(kcat("bootstrap.servers\n").first().contains("is no NAME=VALUE"));
}

void KafkaProfileTest::theSecretOfNoImportIsInTheProfile()
{
    const auto imported = importKcat("p", "bootstrap.servers=a:1\nsasl.password=hunter2\nssl.key.password=hunter2\n");
    QVERIFY(imported);
    QVERIFY(!text(toText(imported->profile)).contains("hunter2"));
    QVERIFY(parseProfile("p", toText(imported->profile)));
}

void KafkaProfileTest::aTokenSaysWhoseItIsAndHowLong()
{
    const std::string mine = tokenSaying(R"({"sub":"reader","exp":1700000600})");
    QCOMPARE(tokenOf(200, answerWith(mine)), QString("reader until 1700000600000"));
    // What the endpoint says goes before what the token says.
    QCOMPARE(tokenOf(200, answerWith(mine, R"(,"expires_in":60)")), QString("reader until %1").arg(kNow + 60'000));
    // An opaque token says nothing of itself.
    QCOMPARE(tokenOf(200, answerWith("opaque", R"(,"expires_in":1.5)")), QString(" until %1").arg(kNow + 1500));
    QCOMPARE(tokenOf(200, answerWith("a.!.b", R"(,"expires_in":1)")), QString(" until %1").arg(kNow + 1000));
}

void KafkaProfileTest::anAnswerWithoutATokenIsSaid()
{
    const auto why = [](long status, const std::string& body) {
        const QString told = tokenOf(status, body);
        return told.section("https://id/token: ", 1);
    };
    QCOMPARE(why(401, R"({"error":"invalid_client","error_description":"unknown"})"),
             QString("it answers 401 invalid_client unknown"));
    QCOMPARE(why(500, "<html>"), QString("it answers 500"));
    QCOMPARE(why(302, R"({"error":7})"), QString("it answers 302"));
    QCOMPARE(why(200, "<html>"), QString("its answer is no JSON object"));
    QCOMPARE(why(200, "[]"), QString("its answer is no JSON object"));
    QCOMPARE(why(200, R"({"access_token":7})"), QString("its answer has no access_token"));
    QCOMPARE(why(200, answerWith("opaque")), QString("its answer does not say when the token expires"));
    QCOMPARE(why(200, answerWith(tokenSaying(R"({"exp":"soon"})"))),
             QString("its answer does not say when the token expires"));
}

void KafkaProfileTest::aTokenIsOnlyAskedForOverHttps()
{
    TokenClient client;
    client.url = "http://id/token";
    client.clientSecret = "hunter2";
    const auto token = fetchToken(client);
    QVERIFY(!token);
    const QString why = text(base::render(token.error()));
    QVERIFY2(why.contains("does not begin with https://") && !why.contains("hunter2"), qPrintable(why));
}

QTEST_GUILESS_MAIN(KafkaProfileTest)
#include "kafka_profile_test.moc"
