// SPDX-License-Identifier: GPL-3.0-or-later
// The Kafka source against a real broker: what is read, from where to where, and how a load goes on.
#include "tests/kafka/kafka_fixture.h"

#include <QTest>

#include <algorithm>

using namespace leftfold;
using namespace leftfold::kafka_test;

namespace {

constexpr qint64 kTime = 1'700'000'000'000;

/// Records "v0" .. of keys "k0" .., a second apart.
void produce(const Broker& broker, const QString& topic, int partition, int first, int count)
{
    Producer producer(broker);
    for (int i = first; i < first + count; ++i) {
        producer.send(topic, partition,
                      {"k" + QByteArray::number(i), "v" + QByteArray::number(i), kTime + i * 1000, {}});
    }
    producer.flush();
}

QStringList positions(const QString& partition, int first, int last)
{
    QStringList out;
    for (int i = first; i < last; ++i) out.append(partition + '@' + QString::number(i));
    return out;
}

QStringList sorted(QStringList list)
{
    list.sort();
    return list;
}

} // namespace

class SourceTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { LEFTFOLD_START_BROKER(m_broker); }
    void init() { m_broker->countTest(); }
    void cleanupTestCase() { m_broker.reset(); }

    void everythingOfARecordIsKept();
    void aTopicIsReadFromWhereToWhereItIsAsked_data();
    void aTopicIsReadFromWhereToWhereItIsAsked();
    void chosenPartitionsAndSeveralTopicsAreOneLog();
    void whatIsNotThereIsSaid_data();
    void whatIsNotThereIsSaid();
    void aLoadEndsWhereTheLogEndedWhenItBegan();
    void loadsGoOnFromTheCut();
    void inPiecesItIsTheSameAsInOneGo();
    void partitionsAddedLaterAreReadFromTheirStart();
    void aTopicMadeAnewIsFoundByItsLastRecord();
    void aTopicThatIsShorterThanItsCaptureIsFound();
    void whatExpiredBeforeItWasReadIsAProblem();
    void compactionIsSaidAtTheFirstGap();
    void recordsOutsideOfTheTimesAreLeftOut();
    void aKeyIsFoundInItsPartition_data();
    void aKeyIsFoundInItsPartition();
    void nothingIsCreatedByReading();
    void aStopIsSeenSoon();

private:
    std::unique_ptr<Broker> m_broker;
};

void SourceTest::everythingOfARecordIsKept()
{
    m_broker->createTopic("whole", 1);
    m_broker->createTopic("appended", 1, {{"message.timestamp.type", "LogAppendTime"}});
    Producer producer(*m_broker);
    producer.send("whole", 0, {"key", "value", kTime, {{"a", "1"}, {"b", std::nullopt}, {"a", ""}}});
    producer.send("whole", 0, {std::nullopt, "no key", kTime + 1, {}});
    producer.send("whole", 0, {"", "empty key", kTime + 2, {}});
    producer.send("whole", 0, {"gone", std::nullopt, kTime + 3, {}});
    producer.send("whole", 0, {"emptied", "", kTime + 4, {}});
    producer.send("whole", 0, {"word", "null", kTime + 5, {}});
    producer.send("appended", 0, {"key", "value", kTime, {}});
    producer.flush();

    const Loaded whole = load(m_broker->url("whole"));
    QCOMPARE(whole.error, QString());
    QCOMPARE(whole.records, (QStringList{
                                "CreateTime:1700000000000\tPartition:0\tOffset:0\ta:1,b:NULL,a:\tkey\tvalue",
                                "CreateTime:1700000000001\tPartition:0\tOffset:1\tNO_HEADERS\tNULL\tno key",
                                "CreateTime:1700000000002\tPartition:0\tOffset:2\tNO_HEADERS\t\tempty key",
                                "CreateTime:1700000000003\tPartition:0\tOffset:3\tNO_HEADERS\tgone\tNULL",
                                "CreateTime:1700000000004\tPartition:0\tOffset:4\tNO_HEADERS\temptied\t",
                                "CreateTime:1700000000005\tPartition:0\tOffset:5\tNO_HEADERS\tword\tnull",
                            }));
    const Loaded appended = load(m_broker->url("appended"));
    QCOMPARE(appended.records.size(), 1);
    QVERIFY(appended.records.first().startsWith("LogAppendTime:"));
}

void SourceTest::aTopicIsReadFromWhereToWhereItIsAsked_data()
{
    QTest::addColumn<QString>("asked");
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("behind");
    QTest::newRow("all") << "" << 0 << 10;
    QTest::newRow("from an offset") << "?from=4" << 4 << 10;
    QTest::newRow("from behind the end") << "?from=40" << 0 << 0;
    QTest::newRow("until an offset") << "?until=4" << 0 << 4;
    QTest::newRow("until an offset that is not there yet") << "?until=40" << 0 << 10;
    QTest::newRow("between offsets") << "?from=2&until=4" << 2 << 4;
    QTest::newRow("nothing between") << "?from=4&until=4" << 0 << 0;
    QTest::newRow("from the earliest to the latest") << "?from=earliest&until=latest" << 0 << 10;
    QTest::newRow("from the latest") << "?from=latest" << 0 << 0;
    QTest::newRow("the last three") << "?from=-3" << 7 << 10;
    QTest::newRow("more than there are") << "?from=-30" << 0 << 10;
    QTest::newRow("all but the last three") << "?until=-3" << 0 << 7;
    QTest::newRow("from a time") << "?from=2023-11-14T22:13:23Z" << 3 << 10; // kTime + 3 s
    QTest::newRow("from between two times") << "?from=2023-11-14T22:13:22.001Z" << 3 << 10;
    QTest::newRow("until a time") << "?until=2023-11-14T22:13:23Z" << 0 << 3;
    QTest::newRow("from a time behind all") << "?from=2033-01-01" << 0 << 0;
    QTest::newRow("from a cut until a cut") << "?from=bounds[0]:2&until=bounds[0]:5" << 2 << 5;
}

void SourceTest::aTopicIsReadFromWhereToWhereItIsAsked()
{
    if (!m_broker->topics().contains("bounds")) {
        m_broker->createTopic("bounds", 1);
        produce(*m_broker, "bounds", 0, 0, 10);
    }
    QFETCH(QString, asked);
    QFETCH(int, first);
    QFETCH(int, behind);
    const Loaded loaded = load(m_broker->url("bounds") + asked);
    QCOMPARE(loaded.error, QString());
    QCOMPARE(loaded.positions, positions("bounds[0]", first, behind));
}

void SourceTest::chosenPartitionsAndSeveralTopicsAreOneLog()
{
    m_broker->createTopic("north", 3);
    m_broker->createTopic("south", 1);
    for (int partition = 0; partition < 3; ++partition) produce(*m_broker, "north", partition, 0, 2);
    produce(*m_broker, "south", 0, 0, 2);
    QCOMPARE(sorted(load(m_broker->url("north,south")).positions),
             positions("north[0]", 0, 2) + positions("north[1]", 0, 2) + positions("north[2]", 0, 2)
                 + positions("south[0]", 0, 2));
    QCOMPARE(sorted(load(m_broker->url("south,north[0],north[2]")).positions),
             positions("north[0]", 0, 2) + positions("north[2]", 0, 2) + positions("south[0]", 0, 2));
}

void SourceTest::whatIsNotThereIsSaid_data()
{
    QTest::addColumn<QString>("topics");
    QTest::addColumn<QString>("said");
    QTest::newRow("topic") << "missing"
                           << "there is no topic missing at ";
    QTest::newRow("one of two topics") << "there,missing"
                                       << "there is no topic missing at ";
    QTest::newRow("partition") << "there[7]"
                               << "the topic there has no partition 7: it has 1";
    QTest::newRow("no topic named") << ""
                                    << "it names no topic";
}

void SourceTest::whatIsNotThereIsSaid()
{
    if (!m_broker->topics().contains("there")) m_broker->createTopic("there", 1);
    QFETCH(QString, topics);
    QFETCH(QString, said);
    const Loaded loaded = load(m_broker->url(topics));
    QVERIFY2(loaded.error.contains(said), qPrintable(loaded.error));
    QVERIFY(loaded.records.isEmpty());
}

void SourceTest::aLoadEndsWhereTheLogEndedWhenItBegan()
{
    m_broker->createTopic("ends", 1);
    produce(*m_broker, "ends", 0, 0, 5);
    Loads loads(m_broker->url("ends"));
    const auto target = loads.source().target();
    QVERIFY(target);
    produce(*m_broker, "ends", 0, 5, 5);
    QCOMPARE(loads.loadTo(*target).positions, positions("ends[0]", 0, 5));
}

void SourceTest::loadsGoOnFromTheCut()
{
    m_broker->createTopic("grows", 2);
    produce(*m_broker, "grows", 0, 0, 5);
    Loads loads(m_broker->url("grows"));
    std::string cut = loads.load().cut;
    QVERIFY(!loads.source().grownBeyond(cut).value());
    produce(*m_broker, "grows", 0, 5, 2);
    produce(*m_broker, "grows", 1, 0, 2);
    QVERIFY(loads.source().grownBeyond(cut).value());
    const QStringList all = positions("grows[0]", 0, 7) + positions("grows[1]", 0, 2);
    QCOMPARE(sorted(loads.load().positions), all);
    // By another process, from what was stored.
    produce(*m_broker, "grows", 0, 7, 1);
    Loads others(m_broker->url("grows"));
    others.standAt(loads.load(0).cut);
    QCOMPARE(others.load().positions, positions("grows[0]", 7, 8));
}

void SourceTest::inPiecesItIsTheSameAsInOneGo()
{
    m_broker->createTopic("pieces", 3);
    for (int partition = 0; partition < 3; ++partition) produce(*m_broker, "pieces", partition, 0, 9000);
    Loads whole(m_broker->url("pieces"));
    const auto target = whole.source().target();
    QVERIFY(target);
    std::vector<base::Hash128> expected = whole.loadTo(*target).hashes;
    QCOMPARE(expected.size(), 27'000U);

    // A batch from each of many connections; what has no cut yet comes again.
    std::vector<base::Hash128> pieces;
    std::string cut;
    for (int i = 0; i < 100 && pieces.size() < expected.size(); ++i) {
        Loads piece(m_broker->url("pieces"));
        piece.standAt(cut);
        const Loaded& loaded = piece.loadTo(*target, 1);
        QCOMPARE(loaded.error, QString());
        if (loaded.cut == cut) continue;
        pieces.insert(pieces.end(), loaded.hashes.begin(), loaded.hashes.end());
        cut = loaded.cut;
    }
    std::ranges::sort(expected);
    std::ranges::sort(pieces);
    QVERIFY(pieces == expected);
}

void SourceTest::partitionsAddedLaterAreReadFromTheirStart()
{
    m_broker->createTopic("wider", 1);
    produce(*m_broker, "wider", 0, 0, 3);
    Loads loads(m_broker->url("wider") + "?from=latest");
    QCOMPARE(loads.load().records.size(), 0);
    m_broker->addPartitions("wider", 2);
    produce(*m_broker, "wider", 1, 0, 2);
    QVERIFY(eventually([&] { return loads.source().grownBeyond(loads.load(0).cut).value_or(false); }));
    QCOMPARE(loads.load().positions, positions("wider[1]", 0, 2));
}

void SourceTest::aTopicMadeAnewIsFoundByItsLastRecord()
{
    m_broker->createTopic("anew", 1);
    produce(*m_broker, "anew", 0, 0, 5);
    Loads loads(m_broker->url("anew"));
    QCOMPARE(loads.load().records.size(), 5);
    m_broker->deleteTopic("anew");
    m_broker->createTopic("anew", 1);
    produce(*m_broker, "anew", 0, 100, 10);
    const Loaded& loaded = loads.load();
    QVERIFY2(loaded.error.contains("anew[0]@4 is another record than the one captured from there"),
             qPrintable(loaded.error));
    QCOMPARE(loaded.records.size(), 5);
}

void SourceTest::aTopicThatIsShorterThanItsCaptureIsFound()
{
    m_broker->createTopic("shorter", 1);
    produce(*m_broker, "shorter", 0, 0, 5);
    Loads loads(m_broker->url("shorter"));
    QCOMPARE(loads.load().records.size(), 5);
    m_broker->deleteTopic("shorter");
    m_broker->createTopic("shorter", 1);
    produce(*m_broker, "shorter", 0, 0, 2);
    QVERIFY(loads.source().grownBeyond(loads.load(0).cut).value());
    const Loaded& loaded = loads.load();
    QVERIFY2(loaded.error.contains("shorter[0] ends at offset 2, before what was captured of it (5)"),
             qPrintable(loaded.error));
}

void SourceTest::whatExpiredBeforeItWasReadIsAProblem()
{
    m_broker->createTopic("expires", 1);
    produce(*m_broker, "expires", 0, 0, 5);
    Loads loads(m_broker->url("expires"));
    QCOMPARE(loads.load().records.size(), 5);
    produce(*m_broker, "expires", 0, 5, 5);
    m_broker->trim("expires", 0, 8);
    const Loaded& loaded = loads.load();
    QCOMPARE(loaded.error, QString());
    QCOMPARE(loaded.positions, positions("expires[0]", 0, 5) + positions("expires[0]", 8, 10));
    QCOMPARE(
        loaded.problems,
        QStringList{
            "expires[0]@5 3 offsets before it were deleted (by retention or by hand) before they could be captured"});
}

void SourceTest::compactionIsSaidAtTheFirstGap()
{
    m_broker->createTopic("compacted", 1,
                          {{"cleanup.policy", "compact"},
                           {"min.cleanable.dirty.ratio", "0.01"},
                           {"segment.ms", "100"},
                           {"min.compaction.lag.ms", "0"}});
    Producer producer(*m_broker);
    for (int i = 0; i < 20; ++i)
        producer.send("compacted", 0, {"k" + QByteArray::number(i % 2), "v" + QByteArray::number(i), 0, {}});
    producer.flush();
    Loaded loaded;
    // The cleaner leaves the segment that is written to: others have to come.
    QVERIFY(eventually([&] {
        producer.send("compacted", 0, {"other", "v", 0, {}});
        producer.flush();
        loaded = load(m_broker->url("compacted"));
        return !loaded.positions.contains("compacted[0]@0");
    }));
    QCOMPARE(loaded.problems.size(), 1);
    QVERIFY2(loaded.problems.first().contains("the topic is compacted"), qPrintable(loaded.problems.first()));
    QVERIFY(loaded.positions.contains("compacted[0]@19"));
}

void SourceTest::recordsOutsideOfTheTimesAreLeftOut()
{
    m_broker->createTopic("mixed", 1);
    Producer producer(*m_broker);
    for (const int second : {1, 5, 2, 6, 3, 7}) producer.send("mixed", 0, {"k", "v", kTime + second * 1000, {}});
    producer.flush();
    const Loaded loaded =
        load(m_broker->url("mixed") + "?from=2023-11-14T22:13:22Z&until=2023-11-14T22:13:26Z"); // 2 s until 6 s
    QCOMPARE(loaded.positions, (QStringList{"mixed[0]@1", "mixed[0]@2", "mixed[0]@4"}));
}

void SourceTest::aKeyIsFoundInItsPartition_data()
{
    QTest::addColumn<QString>("partitioner");
    QTest::addColumn<qint64>("scanned");
    // 60 records in 6 partitions, 10 in each; "order-7" is in one more.
    QTest::newRow("as Java's producer") << "murmur2" << qint64(11);
    QTest::newRow("as librdkafka") << "consistent" << qint64(21);
    QTest::newRow("anywhere") << "" << qint64(61);
}

void SourceTest::aKeyIsFoundInItsPartition()
{
    QFETCH(QString, partitioner);
    QFETCH(qint64, scanned);
    const QString topic = "keys-" + (partitioner.isEmpty() ? "any" : partitioner);
    m_broker->createTopic(topic, 6);
    for (int partition = 0; partition < 6; ++partition) produce(*m_broker, topic, partition, 0, 10);
    // murmur2 puts it into partition 1 of 6, CRC-32 into 2: 0 is neither.
    Producer producer(*m_broker, partitioner.isEmpty() ? QMap<QString, QString>()
                                                       : QMap<QString, QString>{{"partitioner", partitioner}});
    producer.send(topic, partitioner.isEmpty() ? 0 : -1, {"order-7", "here", kTime, {}});
    producer.flush();
    Loads loads(m_broker->url(topic) + "?key=order-7");
    const Loaded& loaded = loads.load();
    QCOMPARE(loaded.error, QString());
    QCOMPARE(loaded.records.size(), 1);
    QVERIFY(loaded.records.first().endsWith("\torder-7\there"));
    QCOMPARE(static_cast<qint64>(loads.source().progress().done), scanned);
    // The next load looks only where it was found.
    produce(*m_broker, topic, 4, 10, 5);
    const bool isFoundEverywhere = partitioner.isEmpty();
    QCOMPARE(loads.source().grownBeyond(loaded.cut).value(), isFoundEverywhere);
}

void SourceTest::nothingIsCreatedByReading()
{
    const QStringList before = sorted(m_broker->topics());
    (void)load(m_broker->url("never-made"));
    QCOMPARE(sorted(m_broker->topics()), before);
    QVERIFY(!before.contains("__consumer_offsets"));
}

void SourceTest::aStopIsSeenSoon()
{
    // A broker that is frozen answers nothing, and says nothing either.
    m_broker->createTopic("stopped", 1);
    produce(*m_broker, "stopped", 0, 0, 5);
    Loads loads(m_broker->url("stopped"));
    const auto target = loads.source().target();
    QVERIFY(target);
    m_broker->freeze();
    std::stop_source stop;
    QVERIFY(loads.source().open({}, *target, stop.get_token()));
    stop.request_stop();
    const auto batch = loads.source().read(stop.get_token());
    m_broker->thaw();
    QVERIFY(!batch);
    QCOMPARE(batch.error().code, base::ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(SourceTest)
#include "source_test.moc"
