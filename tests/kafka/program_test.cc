// SPDX-License-Identifier: GPL-3.0-or-later
// The program on a real broker: its verbs, what it leaves behind there (nothing), and what it says of views.
#include "core/views/history.h"
#include "tests/app/program.h"
#include "tests/app/signal_to.h"
#include "tests/kafka/broker.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <unistd.h>

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
    void aTourLeavesGroupsAsTheyWere();
    void everyVerbTakesATopic();
    void aCaptureIsShownWhileItsBrokerIsAway();
    void followingGoesOnWithWhatComes();
    void aFollowedCaptureIsRightWhenItIsStopped();
    void topicsAreListed();
    void theLastRecordsAreShownAsTheyAre();
    void viewsAreJudged();
    void watchingSamplesAgainAndAgain();
    void oldSamplesAreForgotten();
    void itsLogFolderIsALog();
    void aNameServerThatNeverAnswersIsSaidInTime();

private:
    [[nodiscard]] QSet<QString> requestsSince(qsizetype logBytes) const;
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
    const QSet<QString> asked = requestsSince(0);
    const QSet<QString> allowed = {"API_VERSIONS", "METADATA",         "LIST_OFFSETS",
                                   "FETCH",        "DESCRIBE_CONFIGS", "LIST_GROUPS"};
    QVERIFY2((asked - allowed).isEmpty(), qPrintable(QStringList((asked - allowed).values()).join(' ')));
    QVERIFY2(asked.contains("FETCH") && asked.contains("LIST_GROUPS"),
             qPrintable(QStringList(asked.values()).join(' ')));
}

/// The kinds of requests that Leftfold sent, by the broker's own log.
QSet<QString> ProgramTest::requestsSince(qsizetype logBytes) const
{
    static const QRegularExpression kRequest(R"re("clientId":"leftfold".*?"requestApiKeyName":"([A-Z_]+)")re");
    QSet<QString> asked;
    for (const QByteArray& line : m_broker->file("requests.log").mid(logBytes).split('\n')) {
        if (const auto found = kRequest.match(QString::fromUtf8(line)); found.hasMatch())
            asked.insert(found.captured(1));
    }
    return asked;
}

/// Groups that committed before stand where they stood, and none has come.
void ProgramTest::aTourLeavesGroupsAsTheyWere()
{
    m_broker->createTopic("grouped", 2);
    for (int partition = 0; partition < 2; ++partition) produce(*m_broker, "grouped", partition, 0, 30);
    m_broker->setCommitted("billing", "grouped", 0, 7);
    m_broker->setCommitted("billing", "grouped", 1, 30);
    m_broker->setCommitted("search", "grouped", 0, 0);
    const auto account = [&](const QStringList& question) {
        QByteArrayList lines =
            m_broker->tool(QStringList{"consumer-groups", "--bootstrap-server", m_broker->address()} + question)
                .split('\n');
        std::ranges::sort(lines);
        return lines.join('\n');
    };
    const auto state = [&] {
        return account({"--list", "--state"}) + account({"--describe", "--all-groups"})
               + m_broker->tool({"configs", "--bootstrap-server", m_broker->address(), "--describe", "--all",
                                 "--entity-type", "topics", "--entity-name", "grouped"})
               + m_broker->topics().join(' ').toUtf8();
    };
    const QByteArray before = state();
    QVERIFY2(before.contains("billing") && before.contains("search"), before);
    const qsizetype logged = m_broker->file("requests.log").size();

    Program program;
    program.setVariable("XDG_STATE_HOME", program.cachePath());
    const QString cluster = "kafka://" + m_broker->address();
    const QString log = m_broker->url("grouped");
    const QList<QStringList> tour = {{"topics", cluster, "grouped", "--last", "2"},
                                     {"fetch", log},
                                     {"fetch", log, "--key", "order-3"},
                                     {"info", log},
                                     {"views", cluster},
                                     {"views", cluster, "billing", "--json"}};
    for (const QStringList& command : tour) {
        const Ended ended = program.run(command);
        QVERIFY2(ended.exitCode == 0 || ended.exitCode == 1, command.join(' ').toUtf8() + ": " + said(ended));
    }
    QCOMPARE(state(), before);
    // What a group committed is asked of its coordinator; nothing that joins, commits, creates or changes.
    const QSet<QString> allowed = {"API_VERSIONS", "METADATA",         "LIST_OFFSETS",
                                   "FETCH",        "DESCRIBE_CONFIGS", "LIST_GROUPS",
                                   "OFFSET_FETCH", "FIND_COORDINATOR", "DESCRIBE_GROUPS"};
    const QSet<QString> asked = requestsSince(logged);
    QVERIFY2((asked - allowed).isEmpty(), qPrintable(QStringList((asked - allowed).values()).join(' ')));
    QVERIFY(asked.contains("OFFSET_FETCH"));
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

void ProgramTest::aFollowedCaptureIsRightWhenItIsStopped()
{
    m_broker->createTopic("followed", 2);
    produce(*m_broker, "followed", 0, 0, 3);
    const Program program;
    const QString log = m_broker->url("followed");
    const QString capture = program.pathOf("followed.lflog");
    const auto follower = program.started({"fetch", log, "--follow", "--json", "-o", capture});
    const auto holds = [&](int events) {
        return eventually([&] { return program.run({"info", capture, "--json"}).json()["events"].toInt() == events; });
    };
    QVERIFY2(holds(3), follower->readAllStandardError());
    produce(*m_broker, "followed", 1, 3, 4);
    QVERIFY2(holds(7), follower->readAllStandardError());
    produce(*m_broker, "followed", 0, 7, 5);
    QVERIFY2(holds(12), follower->readAllStandardError());
    QVERIFY2(signalTo(*follower, SIGINT), follower->readAllStandardError());
    const Ended ended = Program::ended(*follower);
    QVERIFY2(ended.exitCode == 0, said(ended));
    QCOMPARE(ended.json()["events"].toInt(), 12);
    // The same as in one go, and one file.
    const Ended whole = program.run({"fetch", log, "--json", "-o", program.pathOf("whole.lflog")});
    QCOMPARE(ended.json()["identity"], whole.json()["identity"]);
    QVERIFY(!QFile::exists(capture + "-wal") && !QFile::exists(capture + "-lock"));
    // It can be followed again, from where it stands.
    produce(*m_broker, "followed", 1, 12, 1);
    QCOMPARE(program.run({"fetch", log, "--json", "-o", capture}).json()["events"].toInt(), 13);
}

void ProgramTest::theLastRecordsAreShownAsTheyAre()
{
    m_broker->createTopic("shown", 1);
    produce(*m_broker, "shown", 0, 0, 3);
    Producer producer(*m_broker);
    producer.send("shown", 0, {"k", "no JSON \x01", 1'700'000'100'000, {}});
    producer.send("shown", 0, {"k", std::nullopt, 1'700'000'101'000, {}});
    producer.flush();
    const Program program;
    const QString cluster = "kafka://" + m_broker->address();
    const Ended text = program.run({"topics", cluster, "shown", "--last", "3"});
    const QByteArrayList lines = text.lines();
    QVERIFY2(lines.size() >= 5, said(text));
    // None has a place in a replay order.
    QVERIFY2(!text.out.contains('#'), said(text));
    QVERIFY2(lines.at(lines.size() - 3).startsWith("2023-11-14T22:13:22Z  shown[0]@2  order-2  {\"id\":"), said(text));
    QVERIFY2(lines.at(lines.size() - 2).startsWith("2023-11-14T22:15:00Z  shown[0]@3  k  no JSON "), said(text));
    QVERIFY2(lines.last().endsWith("shown[0]@4  k  (tombstone)"), said(text));
    for (const QByteArray& line : program.run({"topics", cluster, "shown", "--last", "3", "--json"}).lines())
        QVERIFY2(!QJsonDocument::fromJson(line).isNull(), line);
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
    m_broker->createTopic("growing", 1);
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
        {"ok", "viewed", 100},      {"stalled", "viewed", 40}, {"lagging", "viewed", 0},
        {"rewound", "viewed", 90},  {"ahead", "viewed", 500},  {"marker", "marked", 1},
        {"waiting", "blocked", 10}, {"late", "expired", 20},   {"falling", "growing", 0}};
    for (const auto& [group, topic, offset] : groups) m_broker->setCommitted(group, topic, 0, offset);
    Program program;
    program.setVariable("XDG_STATE_HOME", program.cachePath());
    Ended ended;
    for (int look = 0; look < 3; ++look) {
        m_broker->setCommitted("lagging", "viewed", 0, 1 + look);
        m_broker->setCommitted("falling", "growing", 0, 1 + look);
        produce(*m_broker, "growing", 0, 10 * look, 10);
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
    QVERIFY2(status("falling", "growing[0]") == "warn", said(ended)); // it commits, and its lag grows
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

void ProgramTest::watchingSamplesAgainAndAgain()
{
    m_broker->createTopic("watched", 1);
    produce(*m_broker, "watched", 0, 0, 20);
    m_broker->setCommitted("watcher", "watched", 0, 5);
    Program program;
    program.setVariable("XDG_STATE_HOME", program.cachePath());
    const QString cluster = "kafka://" + m_broker->address();
    const auto watch =
        program.started({"views", cluster, "watcher", "--watch", "--every", "1", "--window", "3", "--json"});
    QByteArray out;
    const auto looks = [&](int lines) {
        watch->waitForReadyRead(50);
        out += watch->readAllStandardOutput();
        return out.count('\n') >= lines;
    };
    QVERIFY2(eventually([&] { return looks(3); }), watch->readAllStandardError());
    watch->terminate();
    QVERIFY(Program::ended(*watch).exitCode == 0);
    const QByteArrayList lines = out.split('\n');
    for (int look = 0; look < 3; ++look) {
        const QJsonObject json = QJsonDocument::fromJson(lines[look]).object();
        QCOMPARE(json["have"].toInt(), look + 1);
        QCOMPARE(json["lag"].toInt(), 15);
        QCOMPARE(json["status"].toString(), look < 2 ? QString("unknown") : QString("no progress"));
    }
    // Another process, another day: what was seen is known.
    const Ended later = program.run({"views", cluster, "watcher", "--window", "4", "--json"});
    QCOMPARE(viewOf(later, "watcher")["watched[0]"]["have"].toInt(), 4);
    QCOMPARE(later.exitCode, 1);
    // As it was before anybody looked.
    const Ended before = program.run({"views", cluster, "watcher", "--at", "2020-01-01T00:00:00Z", "--json"});
    QVERIFY2(before.out.isEmpty() && before.exitCode == 0, said(before));
}

void ProgramTest::oldSamplesAreForgotten()
{
    using namespace leftfold;
    m_broker->createTopic("kept", 1);
    produce(*m_broker, "kept", 0, 0, 20);
    m_broker->setCommitted("keeper", "kept", 0, 5);
    Program program;
    program.setVariable("XDG_STATE_HOME", program.cachePath());
    const QString cluster = "kafka://" + m_broker->address();
    const QString info = program.run({"info", m_broker->url("kept"), "--json"}).json()["kafka"].toString();
    const std::string id = info.section("cluster ", 1).section(QRegularExpression("[,;]"), 0, 0).toStdString();
    QVERIFY(!id.empty());
    QCOMPARE(program.run({"views", cluster, "keeper"}).exitCode, 0);
    const std::string path = (program.cachePath() + "/leftfold/lag.sqlite").toStdString();
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const auto sampleOf = [&](qint64 days) {
        views::LagSample sample;
        sample.time = {now - days * 86'400, 0};
        sample.committed = event::Offset{1};
        sample.end = {20};
        return sample;
    };
    const views::ViewPartition of{"keeper", {"kept", 0}};
    const auto daysKept = [&] {
        const auto store = views::LagStore::open(path);
        QStringList days;
        const auto history =
            store ? (*store)->read(id, std::nullopt, {now + 1000, 0}, 100).value() : views::LagHistory();
        if (!history.contains(of)) return days;
        for (const views::LagSample& sample : history.at(of))
            days.append(QString::number((now - sample.time.seconds + 40'000) / 86'400));
        return days;
    };
    {
        const auto store = views::LagStore::open(path).value();
        QVERIFY(store->add(id, {{of, {sampleOf(100), sampleOf(80), sampleOf(10)}}}));
    }
    QCOMPARE(daysKept().join(' '), QString("100 80 10 0"));
    (void)program.run({"views", cluster, "keeper"});
    QCOMPARE(daysKept().join(' '), QString("80 10 0 0"));
    (void)program.run({"views", cluster, "keeper", "--keep", "30"});
    QCOMPARE(daysKept().join(' '), QString("10 0 0 0"));
    QCOMPARE(program.run({"views", cluster, "--keep", "0"}).exitCode, 2);
}

/// In a world of its own: a name server that takes every question and says nothing, and no other way to a name.
void ProgramTest::aNameServerThatNeverAnswersIsSaidInTime()
{
    const QStringList unshared = {::geteuid() == 0 ? "-mn" : "-rmn", "--kill-child", "sh", "-c"};
    if (QProcess::execute("unshare", unshared + QStringList{"ip link set lo up"}) != 0)
        QSKIP("no network of its own can be made here");
    const Program program;
    const QString resolver = program.write("resolv.conf", "nameserver 127.0.0.1\n");
    const QString names = program.write("nsswitch.conf", "hosts: dns\n");
    const QString silent = program.write("silent.py", "import socket, time\n"
                                                      "asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                                                      "asked.bind(('127.0.0.1', 53))\n"
                                                      "time.sleep(600)\n");
    const auto run = [&](const QString& arguments) {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_CACHE_HOME", program.cachePath());
        process.setProcessEnvironment(environment);
        const QString script = QString("ip link set lo up; mount --bind '%1' /etc/resolv.conf; mount --bind '%2' "
                                       "/etc/nsswitch.conf; python3 '%3' & server=$!; sleep 0.5; '%4' %5; code=$?; "
                                       "kill $server; exit $code")
                                   .arg(resolver, names, silent, LEFTFOLD_BINARY, arguments);
        process.start("unshare", unshared + QStringList{script});
        return Program::ended(process);
    };
    const Ended fetched = run("fetch kafka://broker.example.org:9092/orders");
    QCOMPARE(fetched.exitCode, 3); // -1: it lasted for more than two minutes
    QVERIFY2(fetched.errors.contains("broker.example.org"), said(fetched));
    QVERIFY2(fetched.errors.contains("resolve") || fetched.errors.contains("no answer"), said(fetched));
    const Ended tested = run("topics kafka://broker.example.org:9092");
    QCOMPARE(tested.exitCode, 3);
    QVERIFY2(tested.errors.contains("broker.example.org"), said(tested));
}

/// The files of the broker: the same records, with transactions, and views by their commits.
void ProgramTest::itsLogFolderIsALog()
{
    m_broker->createTopic("disk", 2);
    produce(*m_broker, "disk", 0, 0, 50);
    produce(*m_broker, "disk", 1, 0, 20);
    Producer transactional(*m_broker, {{"transactional.id", "disk"}});
    for (const bool commits : {true, false}) {
        transactional.begin();
        for (int i = 0; i < 3; ++i) transactional.send("disk", 1, {"k", R"({"id":"t"})", 1'700'000'100'000, {}});
        commits ? transactional.commit() : transactional.abort();
    }
    m_broker->setCommitted("disk-view", "disk", 0, 30);

    const Program program;
    const QString folder = m_broker->path("data") + "?topics=disk";
    const auto sortedLines = [&](const QString& log) {
        QByteArrayList lines = program.run({"log", log, "--json"}).lines();
        std::ranges::sort(lines);
        return lines;
    };
    for (const char* level : {"read_committed", "read_uncommitted"}) {
        const QByteArrayList broker = sortedLines(m_broker->url("disk") + "?isolation=" + level);
        QVERIFY(broker.size() >= 73);
        QCOMPARE(sortedLines(folder + "&isolation=" + level), broker);
    }
    const Ended fetched =
        program.run({"fetch", folder, "--isolation", "read_uncommitted", "-o", program.pathOf("disk.lflog")});
    QVERIFY2(fetched.exitCode == 0, said(fetched));
    const Ended transactions = program.run({"log", program.pathOf("disk.lflog"), "--transactions", "--json"});
    QCOMPARE(transactions.lines().size(), 2);
    const QJsonObject first = QJsonDocument::fromJson(transactions.lines()[0]).object();
    const QJsonObject second = QJsonDocument::fromJson(transactions.lines()[1]).object();
    QCOMPARE(first["state"].toString(), QString("committed"));
    QCOMPARE(first["partition"].toString(), QString("disk[1]"));
    QCOMPARE(first["first"].toInt(), 20);
    QCOMPARE(first["last"].toInt(), 22);
    QCOMPARE(first["marker"].toInt(), 23);
    QCOMPARE(second["state"].toString(), QString("aborted"));
    const Ended step =
        program.run({"step", program.pathOf("disk.lflog"), "--at", "disk[0]:50,disk[1]:20", "--transaction", "--json"});
    QVERIFY2(step.exitCode == 0, said(step));
    QCOMPARE(step.json()["at"].toString(), QString("disk[0]:50,disk[1]:23"));
    const Ended info = program.run({"info", folder});
    QVERIFY2(info.exitCode == 0 && info.out.contains("segments of Kafka, read_committed"), said(info));

    const Ended views = program.run({"views", m_broker->path("data"), "disk-view", "--json"});
    const QJsonObject view = viewOf(views, "disk-view")["disk[0]"];
    QVERIFY2(view["committed"].toInt() == 30, said(views));
    QCOMPARE(view["start"].toInt(), 0);
    QCOMPARE(view["end"].toInt(), 50);
    QCOMPARE(view["lag"].toInt(), 20);
    QVERIFY(program.run({"views", m_broker->path("data"), "no-such-view"}).errors.contains("no-such-view"));
    QVERIFY(program.run({"views", m_broker->path("data/disk-0")}).errors.contains("__consumer_offsets"));
}

QTEST_GUILESS_MAIN(ProgramTest)
#include "program_test.moc"
