// SPDX-License-Identifier: GPL-3.0-or-later
// A real schema registry (Apicurio) and a real broker: records with Confluent's mark are captured, shown, and shown again when both
// are gone.
#include "tests/app/program.h"
#include "tests/kafka/broker.h"

#include <QRandomGenerator>
#include <QTest>

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

using namespace leftfold::kafka_test;

namespace {

constexpr int kMaxMs = 300'000;
constexpr int kOrders = 200;

/// installer/test-registry, as long as this lives. It becomes the registry: the same process.
class Registry {
public:
    Registry()
    {
        m_process.setChildProcessModifier([parent = ::getpid()] {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (::getppid() != parent) ::_exit(1);
        });
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(LEFTFOLD_SOURCE_DIR "/installer/test-registry", {"run"});
        for (QByteArray said; m_process.waitForReadyRead(kMaxMs);) {
            said += m_process.readAll();
            m_log = said;
            if (!said.contains("Listening on: http://")) continue;
            m_url = said.left(said.indexOf('\n'));
            return;
        }
    }
    ~Registry() { stop(); }
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    void stop()
    {
        m_process.kill();
        m_process.waitForFinished(kMaxMs);
    }
    [[nodiscard]] const QString& url() const { return m_url; }
    [[nodiscard]] const QByteArray& log() const { return m_log; }

    /// The number the registry gives a schema; -1 where it takes it not.
    [[nodiscard]] int add(const QString& subject, const QJsonObject& schema) const
    {
        static const char* const kScript = "import sys, urllib.request as u\n"
                                           "r = u.Request(sys.argv[1], sys.argv[2].encode(), {'Content-Type': "
                                           "'application/vnd.schemaregistry.v1+json'})\n"
                                           "print(u.urlopen(r).read().decode())";
        QProcess python;
        python.start("python3", {"-c", kScript, m_url + "/subjects/" + subject + "/versions",
                                 QString::fromUtf8(QJsonDocument(schema).toJson(QJsonDocument::Compact))});
        python.waitForFinished(kMaxMs);
        return QJsonDocument::fromJson(python.readAllStandardOutput()).object()["id"].toInt(-1);
    }

private:
    QProcess m_process;
    QString m_url;
    QByteArray m_log;
};

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

QByteArray marked(int id, const QByteArray& payload)
{
    QByteArray mark(5, '\0');
    for (int i = 0; i < 4; ++i) mark[4 - i] = static_cast<char>(id >> 8 * i & 0xff);
    return mark + payload;
}

QByteArray said(const Ended& ended)
{
    return QByteArray::number(ended.exitCode) + " " + ended.out + ended.errors;
}

const char* const kOrder =
    R"({"type":"record","name":"Order","fields":[{"name":"id","type":"string"},{"name":"type","type":"string"},
    {"name":"amount","type":"long"}]})";
const char* const kOrderWithCustomer =
    R"({"type":"record","name":"Order","fields":[{"name":"id","type":"string"},{"name":"type","type":"string"},
    {"name":"amount","type":"long"},{"name":"customer","type":["null","Customer"],"default":null}]})";
const char* const kCustomer = R"({"type":"record","name":"Customer","fields":[{"name":"name","type":"string"}]})";

} // namespace

class RegistryTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_broker->countTest(); }
    void cleanupTestCase() { m_broker.reset(); }

    void avroIsCapturedShownAndShownAgainWithoutTheRegistry();

private:
    std::unique_ptr<Broker> m_broker;
    std::unique_ptr<Registry> m_registry;
};

void RegistryTest::initTestCase()
{
    LEFTFOLD_START_BROKER(m_broker);
    m_registry = std::make_unique<Registry>();
    if (!m_registry->url().isEmpty()) return;
    if (qEnvironmentVariable("CI") == "true") QFAIL(m_registry->log().constData());
    QSKIP(m_registry->log().constData());
}

void RegistryTest::avroIsCapturedShownAndShownAgainWithoutTheRegistry()
{
    const int first = m_registry->add("orders-value", {{"schema", kOrder}});
    const int customer = m_registry->add("customer", {{"schema", kCustomer}});
    const int second = m_registry->add(
        "orders-value",
        {{"schema", kOrderWithCustomer},
         {"references", QJsonArray{QJsonObject{{"name", "Customer"}, {"subject", "customer"}, {"version", 1}}}}});
    QVERIFY2(first > 0 && customer > 0 && second > 0 && first != second, m_registry->log().constData());

    m_broker->createTopic("orders", 2);
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    QMap<QString, QByteArray> expected; ///< by position
    {
        Producer producer(*m_broker);
        QList<int> offsets{0, 0};
        for (int i = 0; i < kOrders; ++i) {
            const QByteArray id = "order-" + QByteArray::number(i % 7);
            const auto amount = static_cast<qint64>(random.generate64());
            const bool isSecond = random.bounded(2) == 1;
            QByteArray payload = avroText(id) + avroText("Placed") + avroLong(amount);
            QByteArray json = R"("value":{"id":")" + id + R"(","type":"Placed","amount":)" + QByteArray::number(amount);
            if (isSecond && i % 3 == 0) {
                payload += avroLong(0);
                json += R"(,"customer":null)";
            } else if (isSecond) {
                payload += avroLong(1) + avroText("Zo\xc3\xab");
                json += R"(,"customer":{"name":"Zo)"
                        "\xc3\xab"
                        R"("})";
            }
            const int partition = i % 2;
            producer.send("orders", partition,
                          {id, marked(isSecond ? second : first, payload), 1'700'000'000'000 + i * 1000, {}});
            expected.insert(QString("orders[%1]@%2").arg(partition).arg(offsets[partition]++), json + "}");
        }
        producer.flush();
    }

    const Program program;
    const Ended fetched =
        program.run({"fetch", m_broker->url("orders"), "-o", "orders.lflog", "--registry", m_registry->url()});
    QVERIFY2(fetched.exitCode == 0, said(fetched).constData());
    m_registry->stop();
    m_broker->kill();

    const Ended log = program.run({"log", "orders.lflog", "--json"});
    QVERIFY2(log.exitCode == 0, said(log).constData());
    QCOMPARE(log.lines().size(), kOrders);
    for (const QByteArray& line : log.lines()) {
        const QString position = QJsonDocument::fromJson(line).object()["position"].toString();
        QVERIFY2(line.contains(expected.value(position)),
                 (line + " should have " + expected.value(position)).constData());
    }
    QCOMPARE(program.run({"ls", "orders.lflog", "--count"}).out.trimmed(), QByteArray("7"));
    const Ended schemas = program.run({"schemas", "orders.lflog", "--json"});
    QVERIFY2(schemas.out.contains("\"orders-value\"") && schemas.out.contains("\"customer\""),
             said(schemas).constData());
    QCOMPARE(program.run({"problems", "orders.lflog"}).exitCode, 0);
}

QTEST_GUILESS_MAIN(RegistryTest)
#include "registry_test.moc"
