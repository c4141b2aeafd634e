// SPDX-License-Identifier: GPL-3.0-or-later
// The segments that a real broker writes, read from its folder, against what the broker itself gives of the same topics.
#include "core/source/segments.h"
#include "tests/kafka/kafka_fixture.h"

#include <QDir>
#include <QTest>

using namespace leftfold;
using namespace leftfold::kafka_test;

namespace {

constexpr qint64 kTime = 1'700'000'000'000;
const QStringList kCodecs = {"none", "gzip", "snappy", "lz4", "zstd"};

Message numbered(int i)
{
    Message message{
        "key-" + QByteArray::number(i % 7), "value " + QByteArray::number(i) + QByteArray(i % 50, 'x'), kTime + i, {}};
    if (i % 3 == 0) message.headers = {{"trace", QByteArray::number(i)}, {"trace", "again"}, {"none", std::nullopt}};
    if (i % 11 == 0) message.value = std::nullopt;
    if (i % 12 == 0) message.value = "";
    if (i % 13 == 0) message.key = std::nullopt;
    return message;
}

void produce(const Broker& broker, const QString& topic, int partition, int first, int count,
             const QString& codec = "none")
{
    Producer producer(broker, {{"compression.codec", codec}, {"linger.ms", "5"}});
    for (int i = first; i < first + count; ++i) producer.send(topic, partition, numbered(i));
    producer.flush();
}

/// Records by partition, each as its hash, and what else loads of segments gave.
struct Read {
    std::map<event::Partition, std::vector<base::Hash128>> hashes;
    std::map<event::Partition, std::vector<std::int64_t>> offsets;
    std::map<event::Position, event::Transaction> transactions;
    QStringList problems;
    QStringList tails;
    std::string cut;
    QString error;
};

void add(Read& read, const event::RecordBatch& batch)
{
    for (const event::Record& record : batch.records) {
        read.hashes[batch.partition].push_back(event::hashOf(record));
        read.offsets[batch.partition].push_back(record.offset.value);
    }
    for (const event::Transaction& each : batch.transactions)
        read.transactions.insert_or_assign(event::Position{each.partition, each.begin()}, each);
    const auto shown = [](const event::Problem& problem) {
        return text(toText(problem.position)) + ' ' + text(base::render(problem.error));
    };
    for (const event::Problem& problem : batch.problems) read.problems.append(shown(problem));
    if (batch.sourceCut.empty()) return;
    read.cut = batch.sourceCut;
    read.tails.clear();
    for (const event::Problem& problem : batch.tailProblems) read.tails.append(shown(problem));
}

/// Goes on where `read` stands, to where the source ends.
void readOn(source::EventSource& source, Read& read)
{
    const auto target = source.target();
    const auto opened = target ? source.open(read.cut, *target, {}) : base::Result<void>();
    if (!target || !opened) {
        read.error = text(base::render(target ? opened.error() : target.error()));
        return;
    }
    for (;;) {
        const auto batch = source.read({});
        if (!batch) read.error = text(base::render(batch.error()));
        if (!batch || !*batch) return;
        add(read, **batch);
    }
}

Read readSegments(const QString& address)
{
    Read read;
    auto source = source::openSegments({address.toStdString()});
    if (!source) read.error = text(base::render(source.error()));
    if (source) readOn(**source, read);
    return read;
}

Read readBroker(const QString& url)
{
    Read read;
    Loads loads(url);
    readOn(loads.source(), read);
    return read;
}

std::vector<event::Transaction> transactionsOf(const Read& read, const event::Partition& partition)
{
    std::vector<event::Transaction> out;
    for (const auto& [position, transaction] : read.transactions) {
        if (position.partition == partition) out.push_back(transaction);
    }
    return out;
}

} // namespace

class SegmentsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_broker->countTest(); }
    void cleanupTestCase()
    {
        m_open.reset();
        m_broker.reset();
    }

    void theFolderHoldsWhatTheBrokerGives_data();
    void theFolderHoldsWhatTheBrokerGives();
    void aFolderOfAPartitionAndASegmentAreLogsToo();
    void transactionsAreTold();
    void aLoadGoesOnWithWhatIsWritten();

private:
    [[nodiscard]] QString data() const { return m_broker->path("data"); }
    std::unique_ptr<Broker> m_broker;
    std::unique_ptr<Producer> m_open;
};

/// A partition for each codec, one with transactions, one that is trimmed; a compacted topic.
void SegmentsTest::initTestCase()
{
    LEFTFOLD_START_BROKER(m_broker, .settings = {"log.flush.start.offset.checkpoint.interval.ms=200"});
    m_broker->createTopic("kinds", 7);
    for (int i = 0; i < kCodecs.size(); ++i) produce(*m_broker, "kinds", i, 0, 500, kCodecs[i]);
    Producer transactional(*m_broker, {{"transactional.id", "t"}, {"linger.ms", "5"}});
    produce(*m_broker, "kinds", 5, 0, 5);
    for (const bool commits : {true, false}) {
        transactional.begin();
        for (int i = 0; i < 5; ++i) transactional.send("kinds", 5, numbered(i));
        commits ? transactional.commit() : transactional.abort();
    }
    produce(*m_broker, "kinds", 5, 15, 5);
    m_open =
        std::make_unique<Producer>(*m_broker, QMap<QString, QString>{{"transactional.id", "open"}, {"linger.ms", "5"}});
    m_open->begin();
    for (int i = 20; i < 23; ++i) m_open->send("kinds", 5, numbered(i));
    m_open->flush();
    produce(*m_broker, "kinds", 5, 23, 4);
    produce(*m_broker, "kinds", 6, 0, 100, "zstd");
    m_broker->trim("kinds", 6, 40);
    m_broker->createTopic("compact", 1,
                          {{"cleanup.policy", "compact"},
                           {"min.cleanable.dirty.ratio", "0.01"},
                           {"segment.ms", "100"},
                           {"min.compaction.lag.ms", "0"}});
    Producer keyed(*m_broker, {{"compression.codec", "gzip"}, {"linger.ms", "5"}});
    for (int i = 1; i < 60; ++i) {
        Message message = numbered(i);
        if (!message.key) message.key = "a compacted topic wants keys";
        keyed.send("compact", 0, message);
    }
    keyed.flush();
    QVERIFY(eventually([&] {
        Producer producer(*m_broker);
        producer.send("compact", 0, {"other", "v", 0, {}}); // of now: it begins a segment
        producer.flush();
        return !load(m_broker->url("compact")).positions.contains("compact[0]@0");
    }));
}

void SegmentsTest::theFolderHoldsWhatTheBrokerGives_data()
{
    QTest::addColumn<QString>("topic");
    QTest::addColumn<QString>("level");
    for (const char* topic : {"kinds", "compact"}) {
        for (const char* level : {"read_committed", "read_uncommitted"})
            QTest::addRow("%s, %s", topic, level) << topic << level;
    }
}

/// The cleaner may work between the two, and the broker tells its start a little later: then they are asked again.
void SegmentsTest::theFolderHoldsWhatTheBrokerGives()
{
    QFETCH(QString, topic);
    QFETCH(QString, level);
    Read segments;
    Read broker;
    (void)eventually([&] {
        broker = readBroker(m_broker->url(topic) + "?isolation=" + level);
        segments = readSegments(data() + "?topics=" + topic + "&isolation=" + level);
        return segments.hashes == broker.hashes;
    });
    QCOMPARE(segments.error, QString());
    QCOMPARE(broker.error, QString());
    QVERIFY(segments.offsets == broker.offsets);
    QVERIFY(segments.hashes == broker.hashes);
    QVERIFY(segments.hashes.begin()->second.size() > 3);
    QCOMPARE(segments.hashes.size(), topic == "kinds" ? 7U : 1U);
    for (const QString& problem : segments.problems) QVERIFY2(problem.contains("compacted"), qPrintable(problem));
    QCOMPARE(segments.tails, QStringList());
}

void SegmentsTest::aFolderOfAPartitionAndASegmentAreLogsToo()
{
    const event::Partition partition{"kinds", 1};
    const Read broker = readBroker(m_broker->url("kinds[1]"));
    const QString folder = data() + "/kinds-1";
    const QString file = folder + "/00000000000000000000.log";
    for (const QString& address : {folder, file, data() + "?topics=kinds[1]"}) {
        const Read read = readSegments(address);
        QCOMPARE(read.error, QString());
        QVERIFY(read.hashes == broker.hashes);
        QVERIFY(read.hashes.contains(partition));
    }
    // Without a choice all topics but Kafka's own.
    const Read all = readSegments(data());
    QVERIFY(all.hashes.contains(partition) && all.hashes.contains({"compact", 0}));
    for (const auto& [each, hashes] : all.hashes) QVERIFY(!each.topic.starts_with("__"));
    const Read wrong = readSegments(data() + "?topics=kinds[12]");
    QVERIFY2(wrong.error.contains("there is no kinds[12]"), qPrintable(wrong.error));
}

void SegmentsTest::transactionsAreTold()
{
    using event::TransactionState;
    const event::Partition partition{"kinds", 5};
    for (const char* level : {"read_committed", "read_uncommitted"}) {
        const Read read = readSegments(data() + "/kinds-5?isolation=" + level);
        const auto transactions = transactionsOf(read, partition);
        QCOMPARE(transactions.size(), std::size_t{3});
        QVERIFY(transactions[0].state == TransactionState::Committed);
        QCOMPARE(transactions[0].first->value, 5);
        QCOMPARE(transactions[0].last.value, 9);
        QCOMPARE(transactions[0].marker->value, 10);
        QVERIFY(transactions[0].markedAt && transactions[0].coordinatorEpoch >= 0);
        QVERIFY(transactions[1].state == TransactionState::Aborted);
        QCOMPARE(transactions[1].first->value, 11);
        QCOMPARE(transactions[1].last.value, 15);
        QVERIFY(transactions[1].marker);
        QVERIFY(transactions[2].state == TransactionState::Open);
        QVERIFY(!transactions[2].marker && !transactions[2].markedAt);
        QVERIFY(transactions[1].producer == transactions[0].producer);
        QVERIFY(transactions[2].producer != transactions[0].producer);
        QCOMPARE(transactions[0].firstTime->seconds, kTime / 1000);
    }
}

void SegmentsTest::aLoadGoesOnWithWhatIsWritten()
{
    m_broker->createTopic("growing", 1);
    produce(*m_broker, "growing", 0, 0, 10);
    auto source = source::openSegments({(data() + "/growing-0").toStdString()});
    QVERIFY(source);
    Read read;
    readOn(**source, read);
    QCOMPARE(read.error, QString());
    QCOMPARE(read.offsets.begin()->second.size(), std::size_t{10});
    QCOMPARE((*source)->grownBeyond(read.cut).value(), false);
    Producer transactional(*m_broker, {{"transactional.id", "growing"}, {"linger.ms", "5"}});
    transactional.begin();
    for (int i = 0; i < 5; ++i) transactional.send("growing", 0, numbered(i));
    transactional.flush();
    QCOMPARE((*source)->grownBeyond(read.cut).value(), true);
    readOn(**source, read);
    QCOMPARE(read.offsets.begin()->second.size(), std::size_t{10}); // they may be aborted yet
    transactional.commit();
    QVERIFY(eventually([&] {
        readOn(**source, read);
        return read.offsets.begin()->second.size() == 15;
    }));
    QCOMPARE(read.problems, QStringList());
    const Read broker = readBroker(m_broker->url("growing"));
    QVERIFY(read.hashes == broker.hashes);
    QCOMPARE(transactionsOf(read, {"growing", 0}).size(), std::size_t{1});
    QVERIFY(transactionsOf(read, {"growing", 0}).front().state == event::TransactionState::Committed);
}

QTEST_GUILESS_MAIN(SegmentsTest)
#include "segments_test.moc"
