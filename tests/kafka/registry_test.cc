// SPDX-License-Identifier: GPL-3.0-or-later
// A real schema registry (Apicurio) and a real broker: records with Confluent's mark are captured, shown, and shown again when both
// are gone; 16,000 random values, by schemas that evolved, are shown as their producer says.
#include "core/event/document.h"
#include "tests/app/program.h"
#include "tests/decode/avro_bytes.h"
#include "tests/kafka/broker.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryFile>
#include <QTest>

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

using namespace leftfold::decode::test;
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
        // Into a file: it logs every schema, and would wait for whoever reads a pipe.
        if (!m_log.open()) qFatal("no file for what the registry logs");
        m_process.setStandardOutputFile(m_log.fileName());
        m_process.start(LEFTFOLD_SOURCE_DIR "/installer/test-registry", {"run"});
        for (const QDeadlineTimer deadline(kMaxMs); !deadline.hasExpired();) {
            const QByteArray said = log();
            if (said.contains("Listening on: http://")) m_url = said.left(said.indexOf('\n'));
            if (!m_url.isEmpty() || m_process.waitForFinished(100)) return;
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
    [[nodiscard]] QByteArray log() const
    {
        QFile file(m_log.fileName());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    /// The number the registry gives a schema; -1 where it takes it not.
    [[nodiscard]] int add(const QString& subject, const QJsonObject& schema) const
    {
        return add(QList<Registration>{{subject, schema}}).value(0, -1);
    }

    struct Registration {
        QString subject;
        QJsonObject schema;
    };
    /// The numbers of all, as many as were taken before one was not.
    [[nodiscard]] QList<int> add(const QList<Registration>& schemas) const
    {
        static const char* const kScript =
            "import sys, json, urllib.request as u\n"
            "for line in sys.stdin:\n"
            "    each = json.loads(line)\n"
            "    r = u.Request(sys.argv[1] + '/subjects/' + each['subject'] + '/versions', "
            "json.dumps(each['schema']).encode(), {'Content-Type': 'application/vnd.schemaregistry.v1+json'})\n"
            "    print(json.loads(u.urlopen(r).read())['id'], flush=True)\n";
        QByteArray lines;
        for (const Registration& each : schemas) {
            const QJsonObject line{{"subject", each.subject}, {"schema", each.schema}};
            lines += QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
        }
        QProcess python;
        python.start("python3", {"-c", kScript, m_url});
        python.write(lines);
        python.closeWriteChannel();
        QByteArray numbers;
        while (python.waitForReadyRead(kMaxMs)) numbers += python.readAllStandardOutput();
        python.waitForFinished(kMaxMs);
        numbers += python.readAllStandardOutput();
        QList<int> ids;
        for (const QByteArray& id : numbers.split('\n')) {
            if (!id.isEmpty()) ids += id.toInt();
        }
        return ids;
    }

private:
    QProcess m_process;
    QString m_url;
    QTemporaryFile m_log;
};

QByteArray said(const Ended& ended)
{
    return QByteArray::number(ended.exitCode) + " " + ended.out + ended.errors;
}

/// One line of the producer, a schema, as a registry takes it; what it refers to is registered before it, once.
class RandomSchemas {
public:
    void add(const QList<QByteArray>& fields)
    {
        QJsonArray references;
        for (qsizetype i = 4; i + 1 < fields.size(); i += 2) {
            const QString subject = referred(fields, i);
            // What a reference refers to itself is told there.
            if (fields[i] == "shop/unit.proto") continue;
            references += QJsonObject{{"name", QString(fields[i])}, {"subject", subject}, {"version", 1}};
        }
        // Three versions of a subject follow each other.
        const QString subject = fields[1] + QString("-%1").arg(m_made / 3);
        ++m_made;
        m_places += m_all.size();
        m_all += {subject, body(fields[1], fields[3], references)};
    }
    /// All, in an order in which a registry takes them.
    [[nodiscard]] const QList<Registry::Registration>& all() const { return m_all; }
    /// Where the schemas that were added stand among all.
    [[nodiscard]] const QList<qsizetype>& places() const { return m_places; }
    /// So that a kind's subjects begin anew.
    void begin() { m_made = 0; }

private:
    static QJsonObject body(const QByteArray& kind, const QByteArray& base64, const QJsonArray& references)
    {
        return {{"schema", QString::fromUtf8(QByteArray::fromBase64(base64))},
                {"schemaType", QString(kind).toUpper()},
                {"references", references}};
    }

    QString referred(const QList<QByteArray>& fields, qsizetype at)
    {
        const QByteArray what = fields[at] + ' ' + fields[at + 1];
        const auto known = m_referred.find(what);
        if (known != m_referred.end()) return *known;
        QJsonArray references;
        if (fields[at] == "shop/common.proto")
            references +=
                QJsonObject{{"name", "shop/unit.proto"}, {"subject", referred(fields, at + 2)}, {"version", 1}};
        const QString subject = QString("referred-%1").arg(m_referred.size());
        m_referred.insert(what, subject);
        m_all += {subject, body(fields[1], fields[at + 1], references)};
        return subject;
    }

    QList<Registry::Registration> m_all;
    QList<qsizetype> m_places;
    QMap<QByteArray, QString> m_referred;
    int m_made = 0;
};

/// What the formats' own Python libraries write: tests/decode/payload_producer.py.
QList<QByteArray> produced(quint32 seed, int avro, int protobuf)
{
    QProcess producer;
    producer.start("/usr/bin/python3",
                   {QString(LEFTFOLD_SOURCE_DIR) + "/tests/decode/payload_producer.py", QString::number(seed),
                    QString::number(avro), QString::number(protobuf), "0", "0"});
    if (!producer.waitForFinished(800'000) || producer.exitCode() != 0)
        qFatal("the producer: %s", producer.readAllStandardError().constData());
    return producer.readAllStandardOutput().split('\n');
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
    void init();
    void cleanupTestCase() { m_broker.reset(); }

    void avroIsCapturedShownAndShownAgainWithoutTheRegistry();
    void randomValuesOfEvolvedSchemasEqualTheProducers();

private:
    /// Neither the broker nor the registry answers any more, until the next test.
    void takeAway()
    {
        m_registry.reset();
        m_broker->kill();
    }
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

void RegistryTest::init()
{
    m_broker->countTest();
    if (m_registry) return;
    m_broker->start();
    m_registry = std::make_unique<Registry>();
    QVERIFY2(!m_registry->url().isEmpty(), m_registry->log().constData());
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
    takeAway();

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

void RegistryTest::randomValuesOfEvolvedSchemasEqualTheProducers()
{
    constexpr int kEach = 50'000;
    const quint32 seed = QRandomGenerator::global()->bounded(1'000'000);
    qInfo("seed %u", seed);
    const QList<QByteArray> lines = produced(seed, kEach, kEach);
    RandomSchemas schemas;
    QByteArray kind;
    for (const QByteArray& line : lines) {
        const QList<QByteArray> fields = line.split('\t');
        if (fields[0] != "schema" || (fields[1] != "avro" && fields[1] != "protobuf")) continue;
        if (std::exchange(kind, fields[1]) != fields[1]) schemas.begin();
        schemas.add(fields);
    }
    const QList<int> ids = m_registry->add(schemas.all());
    QVERIFY2(ids.size() == schemas.all().size(), m_registry->log().constData());

    m_broker->createTopic("avro", 1);
    m_broker->createTopic("protobuf", 1);
    QMap<QByteArray, QList<QByteArray>> expected; ///< by topic
    {
        Producer producer(*m_broker);
        qsizetype schema = -1;
        for (const QByteArray& line : lines) {
            const QList<QByteArray> fields = line.split('\t');
            if (fields[0] == "schema") {
                kind = fields[1];
                ++schema;
            } else if (fields[0] == "value") {
                const QByteArray path(kind == "protobuf" ? 1 : 0, '\0'); // the first message
                const QByteArray payload =
                    marked(ids[schemas.places()[schema]], path + QByteArray::fromBase64(fields[1]));
                producer.send(kind, 0, {{}, payload, 1'700'000'000'000 + expected[kind].size(), {}});
                expected[kind] += fields[2];
            }
        }
        producer.flush();
    }
    QVERIFY(expected["avro"].size() >= kEach && expected["protobuf"].size() >= kEach);

    const Program program;
    const Ended fetched =
        program.run({"fetch", m_broker->url("avro,protobuf"), "-o", "random.lflog", "--registry", m_registry->url()});
    QVERIFY2(fetched.exitCode == 0, said(fetched).constData());
    takeAway();
    const Ended log = program.run({"log", "random.lflog", "--json"});
    QVERIFY2(log.exitCode == 0, log.errors.constData());
    int compared = 0;
    for (const QByteArray& line : log.lines()) {
        const auto event = leftfold::event::Document::parse(line.toStdString());
        QVERIFY2(event, line.constData());
        const std::string position(event->root().find("position").value().text());
        const QByteArray topic = QByteArray::fromStdString(position.substr(0, position.find('[')));
        const int offset = std::stoi(position.substr(position.find('@') + 1));
        const QByteArray& wanted = expected[topic][offset];
        const auto value = leftfold::event::Document::parse(wanted.toStdString());
        const auto seen = event->root().find("value");
        QVERIFY2(value && seen && *seen == value->root(), (line + " should have " + wanted).constData());
        ++compared;
    }
    QCOMPARE(compared, expected["avro"].size() + expected["protobuf"].size());
    QVERIFY(compared >= 2 * kEach);
}

QTEST_GUILESS_MAIN(RegistryTest)
#include "registry_test.moc"
