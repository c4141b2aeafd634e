// SPDX-License-Identifier: GPL-3.0-or-later
// The program on a real broker: its verbs, what it leaves behind there (nothing), and what it says of views.
#include "tests/app/program.h"
#include "tests/kafka/broker.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace leftfold::kafka_test;

namespace {

void produce(const Broker& broker, const QString& topic, int partition, int first, int count)
{
    Producer producer(broker);
    for (int i = first; i < first + count; ++i) {
        const QByteArray id = "order-" + QByteArray::number(i % 5);
        const QByteArray value = R"({"id":")" + id + R"(","type":"Placed","amount":)" + QByteArray::number(i) + "}";
        producer.send(topic, partition, {id, value, 1'700'000'000'000 + i * 1000, {}});
    }
    producer.flush();
}

QByteArray said(const Ended& ended)
{
    return QByteArray::number(ended.exitCode) + " " + ended.out + ended.errors;
}

/// The lines of a view of `views --json`, by partition.
QMap<QString, QJsonObject> viewOf(const Ended& ended, const QString& group)
{
    QMap<QString, QJsonObject> out;
    for (const QByteArray& line : ended.lines()) {
        const QJsonObject json = QJsonDocument::fromJson(line).object();
        if (json["group"].toString() == group) out.insert(json["partition"].toString(), json);
    }
    return out;
}

} // namespace

class ProgramTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { LEFTFOLD_START_BROKER(m_broker, .logsRequests = true); }
    void init() { m_broker->countTest(); }
    void cleanupTestCase() { m_broker.reset(); }

    void aTourLeavesNoTrace();
    void everyVerbTakesATopic();
    void aCaptureIsShownWhileItsBrokerIsAway();
    void followingGoesOnWithWhatComes();
    void topicsAreListed();
    void viewsAreJudged();

private:
    std::unique_ptr<Broker> m_broker;
};

/// First: the broker is fresh then.
void ProgramTest::aTourLeavesNoTrace()
{
    m_broker->createTopic("tour", 3);
    for (int partition = 0; partition < 3; ++partition) produce(*m_broker, "tour", partition, 0, 50);
    const QByteArray configs = m_broker->tool({"configs", "--bootstrap-server", m_broker->address(), "--describe",
                                               "--entity-type", "topics", "--entity-name", "tour"});
    const QStringList before = m_broker->topics();
    QVERIFY(!before.contains("__consumer_offsets"));

    const Program program;
    const QString cluster = "kafka://" + m_broker->address();
    const QString log = m_broker->url("tour");
    const QList<QStringList> tour = {{"topics", cluster},
                                     {"topics", cluster, "tour", "--last", "2"},
                                     {"info", log},
                                     {"log", log, "--limit", "3"},
                                     {"fetch", log, "--key", "order-3"},
                                     {"fetch", log, "--isolation", "read_uncommitted", "--from", "-10"},
                                     {"views", cluster},
                                     {"profile", "add", "here", "--brokers", m_broker->address()},
                                     {"profile", "test", "here"}};
    for (const QStringList& command : tour) {
        const Ended ended = program.run(command);
        QVERIFY2(ended.exitCode == 0, command.join(' ').toUtf8() + ": " + said(ended));
    }
    const auto follower = program.started({"log", log, "--follow", "--json"});
    QVERIFY(follower->waitForReadyRead(60'000));
    follower->terminate();
    (void)Program::ended(*follower);
    QCOMPARE(program.run({"fetch", m_broker->url("no-such-topic")}).exitCode, 3);

    QCOMPARE(m_broker->topics(), before);
    QCOMPARE(m_broker->tool({"configs", "--bootstrap-server", m_broker->address(), "--describe", "--entity-type",
                             "topics", "--entity-name", "tour"}),
             configs);
    static const QRegularExpression kRequest(R"re("clientId":"leftfold".*?"requestApiKeyName":"([A-Z_]+)")re");
    QSet<QString> asked;
    for (const QByteArray& line : m_broker->file("requests.log").split('\n')) {
        if (const auto found = kRequest.match(QString::fromUtf8(line)); found.hasMatch())
            asked.insert(found.captured(1));
    }
    const QSet<QString> allowed = {"API_VERSIONS", "METADATA",         "LIST_OFFSETS",
                                   "FETCH",        "DESCRIBE_CONFIGS", "LIST_GROUPS"};
    QVERIFY2((asked - allowed).isEmpty(), qPrintable(QStringList((asked - allowed).values()).join(' ')));
    QVERIFY2(asked.contains("FETCH") && asked.contains("LIST_GROUPS"),
             qPrintable(QStringList(asked.values()).join(' ')));
}

void ProgramTest::everyVerbTakesATopic()
{
    m_broker->createTopic("verbs", 2);
    produce(*m_broker, "verbs", 0, 0, 40);
    produce(*m_broker, "verbs", 1, 40, 20);
    const Program program;
    const QString log = m_broker->url("verbs");
    const Ended info = program.run({"info", log, "--json"});
    QCOMPARE(info.json()["events"].toInt(), 60);
    QVERIFY2(info.json()["kafka"].toString().startsWith("Kafka, read_committed, cluster "), said(info));
    QCOMPARE(program.run({"show", log, "order-3", "--at", "@end", "--fold", "latest"}).exitCode, 0);
    QCOMPARE(program.run({"ls", log, "--at", "@end", "--count"}).lines(), QByteArrayList{"5"});
    QCOMPARE(program.run({"log", log, "--json"}).lines().size(), 60);
    // What has come since is captured too, and only that.
    produce(*m_broker, "verbs", 1, 60, 5);
    QCOMPARE(program.run({"info", log, "--json"}).json()["events"].toInt(), 65);
    // Another range is another log.
    QCOMPARE(program.run({"info", log + "?from=-10", "--json"}).json()["events"].toInt(), 20);
    const Ended fetched = program.run({"fetch", log, "--until", "10", "--json", "-o", program.pathOf("ten.lflog")});
    QCOMPARE(fetched.json()["events"].toInt(), 20);
    QCOMPARE(program.run({"fetch", program.pathOf("ten.lflog"), "--from", "3"}).exitCode, 2);
    QCOMPARE(program.run({"fetch", log, "--from", "soon"}).exitCode, 2);
}

void ProgramTest::aCaptureIsShownWhileItsBrokerIsAway()
{
    m_broker->createTopic("away", 1);
    produce(*m_broker, "away", 0, 0, 7);
    const Program program;
    const QString log = m_broker->url("away");
    QCOMPARE(program.run({"info", log, "--json"}).json()["events"].toInt(), 7);
    m_broker->kill();
    const Ended shown = program.run({"log", log, "--json"});
    const Ended fetched = program.run({"fetch", log});
    m_broker->start();
    QCOMPARE(shown.exitCode, 0);
    QCOMPARE(shown.lines().size(), 7);
    QVERIFY2(shown.errors.contains("cannot be reached") && shown.errors.contains("showing what was captured"),
             said(shown));
    QCOMPARE(fetched.exitCode, 3);
    QVERIFY2(fetched.errors.contains(m_broker->address().toUtf8() + " cannot be reached"), said(fetched));
}

void ProgramTest::followingGoesOnWithWhatComes()
{
    m_broker->createTopic("live", 1);
    produce(*m_broker, "live", 0, 0, 3);
    const Program program;
    const auto follower = program.started({"log", m_broker->url("live"), "--follow", "--limit", "9", "--json"});
    QByteArray out;
    const auto has = [&](int lines) {
        follower->waitForReadyRead(50);
        out += follower->readAllStandardOutput();
        return out.count('\n') >= lines;
    };
    QVERIFY(eventually([&] { return has(3); }));
    produce(*m_broker, "live", 0, 3, 3);
    QVERIFY(eventually([&] { return has(6); }));
    // The broker goes and comes back; it is waited for.
    m_broker->kill();
    m_broker->start();
    produce(*m_broker, "live", 0, 6, 3);
    QVERIFY2(eventually([&] { return has(9); }), follower->readAllStandardError());
    QCOMPARE(Program::ended(*follower).exitCode, 0);
}

void ProgramTest::topicsAreListed()
{
    m_broker->createTopic("listed", 2, {{"cleanup.policy", "compact,delete"}, {"retention.ms", "315360000000"}});
    produce(*m_broker, "listed", 1, 0, 10);
    const Program program;
    const Ended text = program.run({"topics", "kafka://" + m_broker->address(), "listed", "--last", "1"});
    QVERIFY2(text.out.contains("listed  2 partitions, 10 offsets, ~0 kB, ") && text.out.contains("compacted, 3650 d"),
             said(text));
    QVERIFY2(text.out.contains("listed[1]  start 0, last stable 10, high watermark 10"), said(text));
    QVERIFY2(text.out.contains("listed[1]@9"), said(text));
    Producer open(*m_broker, {{"transactional.id", "open-listed"}});
    open.begin();
    open.send("listed", 0, {"k", "v", 0, {}});
    open.flush();
    const Ended json = program.run({"topics", "kafka://" + m_broker->address(), "listed", "--json"});
    const QJsonObject first = json.json()["partitions"].toArray().at(0).toObject();
    QCOMPARE(first["lastStable"].toInt(), 0);
    QCOMPARE(first["highWatermark"].toInt(), 1);
}

void ProgramTest::viewsAreJudged()
{
    m_broker->createTopic("viewed", 1);
    m_broker->createTopic("marked", 1);
    m_broker->createTopic("blocked", 1);
    m_broker->createTopic("expired", 1);
    produce(*m_broker, "viewed", 0, 0, 100);
    produce(*m_broker, "expired", 0, 0, 100);
    m_broker->trim("expired", 0, 60);
    produce(*m_broker, "blocked", 0, 0, 10);
    Producer open(*m_broker, {{"transactional.id", "open-blocked"}});
    open.begin();
    open.send("blocked", 0, {"k", "v", 0, {}});
    open.flush();
    Producer committed(*m_broker, {{"transactional.id", "marks"}});
    committed.begin();
    committed.send("marked", 0, {"k", "v", 0, {}});
    committed.commit(); // offset 0, its marker 1

    const std::vector<std::tuple<QString, QString, qint64>> groups = {
        {"ok", "viewed", 100},    {"stalled", "viewed", 40}, {"lagging", "viewed", 0},   {"rewound", "viewed", 90},
        {"ahead", "viewed", 500}, {"marker", "marked", 1},   {"waiting", "blocked", 10}, {"late", "expired", 20}};
    for (const auto& [group, topic, offset] : groups) m_broker->setCommitted(group, topic, 0, offset);
    Program program;
    program.setVariable("XDG_STATE_HOME", program.cachePath());
    Ended ended;
    for (int look = 0; look < 3; ++look) {
        m_broker->setCommitted("lagging", "viewed", 0, 1 + look);
        if (look == 1) m_broker->setCommitted("rewound", "viewed", 0, 30);
        if (look == 2) m_broker->setCommitted("rewound", "viewed", 0, 35);
        ended = program.run({"views", "kafka://" + m_broker->address(), "--window", "3", "--json"});
    }
    QCOMPARE(ended.exitCode, 1);
    const auto status = [&](const QString& group, const QString& partition) {
        return viewOf(ended, group)[partition]["status"].toString();
    };
    const auto label = [&](const QString& group, const QString& partition) {
        return viewOf(ended, group)[partition]["label"].toString();
    };
    QVERIFY2(status("ok", "viewed[0]") == "ok", said(ended));
    QCOMPARE(status("stalled", "viewed[0]"), QString("no progress"));
    QCOMPARE(status("rewound", "viewed[0]"), QString("rewind"));
    QVERIFY2(status("lagging", "viewed[0]") == "ok", said(ended)); // its lag became less
    QCOMPARE(label("ahead", "viewed[0]"), QString("ahead by 400: the partition was truncated or made anew"));
    QCOMPARE(label("marker", "marked[0]"), QString("marker only"));
    QCOMPARE(label("waiting", "blocked[0]"), QString("open transaction"));
    QCOMPARE(label("late", "expired[0]"), QString("expired: 40 offsets lost"));
    QCOMPARE(viewOf(ended, "stalled")["viewed[0]"]["lag"].toInt(), 60);
    // One partition more of a topic that a group reads, without a commit.
    m_broker->addPartitions("viewed", 2);
    const Ended more = program.run({"views", "kafka://" + m_broker->address(), "ok", "--window", "3", "--json"});
    QCOMPARE(viewOf(more, "ok")["viewed[1]"]["label"].toString(), QString("never committed"));
    QVERIFY(viewOf(more, "ok")["viewed[1]"]["lag"].isNull());
    // The same by what was kept, without looking again.
    QCOMPARE(program.run({"views", "kafka://" + m_broker->address(), "no-such-group"}).exitCode, 3);
}

QTEST_GUILESS_MAIN(ProgramTest)
#include "program_test.moc"
