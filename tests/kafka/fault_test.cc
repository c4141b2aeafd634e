// SPDX-License-Identifier: GPL-3.0-or-later
// What goes wrong while a topic is read: a clear message, a right capture, and it goes on when the cause is gone.
#include "tests/kafka/kafka_fixture.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTest>

#include <thread>

using namespace leftfold;
using namespace leftfold::kafka_test;

namespace {

/// More than is fetched ahead: records of a kilobyte.
constexpr int kMany = 40'000;
/// Longer than librdkafka waits for an answer (a minute), so that it gives the connection up.
constexpr auto kFrozen = std::chrono::seconds(62);

void produceMany(const Broker& broker, const QString& topic, int first, int count)
{
    Producer producer(broker, {{"linger.ms", "20"}, {"batch.size", "500000"}});
    const QByteArray filling(1000, 'x');
    for (int i = first; i < first + count; ++i) producer.send(topic, 0, {"k", QByteArray::number(i) + filling, 0, {}});
    producer.flush();
}

/// "" where these are the records `first` to `behind`, each once and in order.
QString checkRange(const QStringList& found, const QString& partition, int first, int behind)
{
    for (qsizetype i = 0; i < found.size(); ++i) {
        const QString expected = partition + '@' + QString::number(first + i);
        if (found[i] != expected) return found[i] + " stands where " + expected + " should";
    }
    return found.size() == behind - first ? QString()
                                          : QString("%1 of %2 records").arg(found.size()).arg(behind - first);
}

QByteArray lineOf(QProcess& process)
{
    while (!process.canReadLine() && process.waitForReadyRead(30'000)) {}
    return process.readLine().trimmed();
}

} // namespace

class FaultTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_broker->countTest(); }
    void cleanupTestCase();

    void aBrokerThatIsKilledAndComesBack();
    void aBrokerThatIsFrozen();
    void aBrokerThatStaysAway();
    void connectionsCutAtRandomBytes();
    void aTopicDeletedWhileItIsRead();
    void aTopicMadeAnewWhileItIsRead();
    void retentionThatPassesTheCut();

private:
    void tellProxy(const QByteArray& command);
    std::unique_ptr<Broker> m_broker;
    QProcess m_proxy;
};

void FaultTest::initTestCase()
{
    const QByteArray seed =
        qEnvironmentVariable("LEFTFOLD_TEST_SEED", QString::number(QRandomGenerator::global()->bounded(1'000'000)))
            .toUtf8();
    qInfo("seed %s", seed.data());
    m_proxy.start("python3", {LEFTFOLD_SOURCE_DIR "/tests/kafka/cutting_proxy.py", seed});
    // Whoever asks the broker where it is comes to the proxy.
    const QString port = lineOf(m_proxy);
    LEFTFOLD_START_BROKER(m_broker, .settings = {"advertised.listeners=PLAINTEXT://127.0.0.1:" + port});
    tellProxy("target " + m_broker->address().section(':', 1).toUtf8());
    m_broker->createTopic("many", 1);
    produceMany(*m_broker, "many", 0, kMany);
}

void FaultTest::cleanupTestCase()
{
    m_broker.reset();
    m_proxy.closeWriteChannel();
    m_proxy.waitForFinished();
}

void FaultTest::tellProxy(const QByteArray& command)
{
    m_proxy.write(command + '\n');
    QCOMPARE(lineOf(m_proxy), QByteArray("done"));
}

void FaultTest::aBrokerThatIsKilledAndComesBack()
{
    Loads loads(m_broker->url("many"));
    bool isKilled = false;
    const Loaded& loaded = loads.load(SIZE_MAX, [&] {
        if (std::exchange(isKilled, true)) return;
        m_broker->kill();
        m_broker->start();
    });
    QVERIFY(isKilled);
    QCOMPARE(loaded.error, QString());
    QCOMPARE(checkRange(loaded.positions, "many[0]", 0, kMany), QString());
}

void FaultTest::aBrokerThatIsFrozen()
{
    Loads loads(m_broker->url("many"));
    std::thread thaws;
    bool isSaid = false;
    const Loaded& loaded = loads.load(SIZE_MAX, [&] {
        isSaid = isSaid || loads.source().progress().note.starts_with("waiting for 127.0.0.1");
        if (thaws.joinable()) return;
        m_broker->freeze();
        thaws = std::thread([this] {
            std::this_thread::sleep_for(kFrozen);
            m_broker->thaw();
        });
    });
    QVERIFY(thaws.joinable());
    thaws.join();
    QCOMPARE(loaded.error, QString());
    QCOMPARE(checkRange(loaded.positions, "many[0]", 0, kMany), QString());
    QVERIFY2(isSaid, "while it waits it says so");
}

void FaultTest::aBrokerThatStaysAway()
{
    source::KafkaOptions options;
    options.patience = std::chrono::seconds(4);
    Loads loads(m_broker->url("many"), options);
    const auto target = loads.source().target();
    QVERIFY(target);
    bool isKilled = false;
    const Loaded& loaded = loads.loadTo(*target, SIZE_MAX, [&] {
        if (!std::exchange(isKilled, true)) m_broker->kill();
    });
    QVERIFY2(loaded.error.contains("does not answer since 4 s"), qPrintable(loaded.error));
    QVERIFY2(loaded.error.contains("what was captured is kept"), qPrintable(loaded.error));
    QVERIFY(loaded.positions.size() < kMany);
    m_broker->start();
    // What was stored with the cut stands; the rest comes.
    QCOMPARE(loads.loadTo(*target).error, QString());
    QCOMPARE(checkRange(loaded.positions, "many[0]", 0, kMany), QString());
}

void FaultTest::connectionsCutAtRandomBytes()
{
    tellProxy("cut 6000000");
    Loads loads(m_broker->url("many"));
    const Loaded loaded = loads.load();
    tellProxy("whole");
    QCOMPARE(loaded.error, QString());
    QCOMPARE(checkRange(loaded.positions, "many[0]", 0, kMany), QString());
}

void FaultTest::aTopicDeletedWhileItIsRead()
{
    m_broker->createTopic("deleted", 1);
    produceMany(*m_broker, "deleted", 0, kMany);
    Loads loads(m_broker->url("deleted"));
    bool isDeleted = false;
    const Loaded& loaded = loads.load(SIZE_MAX, [&] {
        if (!std::exchange(isDeleted, true)) m_broker->deleteTopic("deleted");
    });
    QVERIFY2(loaded.error.contains("the topic deleted was deleted while it was read"), qPrintable(loaded.error));
    QCOMPARE(checkRange(loaded.positions, "deleted[0]", 0, static_cast<int>(loaded.positions.size())), QString());
}

void FaultTest::aTopicMadeAnewWhileItIsRead()
{
    m_broker->createTopic("again", 1);
    produceMany(*m_broker, "again", 0, kMany);
    Loads loads(m_broker->url("again"));
    bool isDeleted = false;
    const Loaded& loaded = loads.load(SIZE_MAX, [&] {
        if (std::exchange(isDeleted, true)) return;
        m_broker->deleteTopic("again");
        m_broker->createTopic("again", 1);
        produceMany(*m_broker, "again", 100'000, 100);
    });
    QVERIFY2(!loaded.error.isEmpty(), "it was not noticed");
    QVERIFY2(loaded.error.contains("made anew") || loaded.error.contains("was deleted"), qPrintable(loaded.error));
    QCOMPARE(checkRange(loaded.positions, "again[0]", 0, static_cast<int>(loaded.positions.size())), QString());
    // Later loads say it too, and take nothing of the new topic.
    Loads later(m_broker->url("again"));
    later.standAt(loaded.cut);
    QVERIFY2(later.load().error.contains("made anew"), qPrintable(later.load(0).error));
}

void FaultTest::retentionThatPassesTheCut()
{
    m_broker->createTopic("passing", 1);
    produceMany(*m_broker, "passing", 0, kMany);
    Loads loads(m_broker->url("passing"));
    bool isTrimmed = false;
    const Loaded& loaded = loads.load(SIZE_MAX, [&] {
        if (!std::exchange(isTrimmed, true)) m_broker->trim("passing", 0, kMany - 10);
    });
    QCOMPARE(loaded.error, QString());
    QVERIFY(loaded.positions.size() < kMany);
    QCOMPARE(loaded.positions.last(), QString("passing[0]@%1").arg(kMany - 1));
    QCOMPARE(loaded.problems.size(), 1);
    const int missing = kMany - static_cast<int>(loaded.positions.size());
    QVERIFY2(loaded.problems.first().contains(QString("%1 offsets before it were deleted").arg(missing)),
             qPrintable(loaded.problems.first()));
}

QTEST_GUILESS_MAIN(FaultTest)
#include "fault_test.moc"
