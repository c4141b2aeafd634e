// SPDX-License-Identifier: GPL-3.0-or-later
// What is captured, against the accounts that Kafka's own tools give of the same topics.
#include "tests/kafka/kafka_fixture.h"

#include <QDir>
#include <QRegularExpression>
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
    if (i % 3 == 0) message.headers = {{"trace", QByteArray::number(i)}, {"trace", "again"}};
    if (i % 11 == 0) message.value = std::nullopt;
    if (i % 13 == 0) message.key = std::nullopt;
    return message;
}

void produce(const Broker& broker, const QString& topic, int partition, int first, int count, const QString& codec)
{
    Producer producer(broker, {{"compression.codec", codec}, {"linger.ms", "5"}});
    for (int i = first; i < first + count; ++i) producer.send(topic, partition, numbered(i));
    producer.flush();
}

/// A partition with a committed and an aborted transaction, and an open one that hides what comes behind it.
void produceTransactions(const Broker& broker, const QString& topic, int partition, Producer& open)
{
    Producer transactional(broker, {{"transactional.id", "t-" + topic}, {"linger.ms", "5"}});
    produce(broker, topic, partition, 0, 5, "none");
    transactional.begin();
    for (int i = 5; i < 10; ++i) transactional.send(topic, partition, numbered(i));
    transactional.commit();
    transactional.begin();
    for (int i = 10; i < 15; ++i) transactional.send(topic, partition, numbered(i));
    transactional.abort();
    produce(broker, topic, partition, 15, 5, "none");
    open.begin();
    for (int i = 20; i < 23; ++i) open.send(topic, partition, numbered(i));
    open.flush();
    produce(broker, topic, partition, 23, 4, "none");
}

QStringList sortedLines(const QByteArray& text)
{
    QStringList lines = QString::fromUtf8(text).split('\n', Qt::SkipEmptyParts);
    lines.sort();
    return lines;
}

QStringList sorted(QStringList list)
{
    list.sort();
    return list;
}

QString isolationOf(const QString& level)
{
    return "isolation=" + level;
}

} // namespace

class AccountTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_broker->countTest(); }
    void cleanupTestCase()
    {
        m_open.reset();
        m_broker.reset();
    }

    void theConsoleConsumerPrintsTheSame_data();
    void theConsoleConsumerPrintsTheSame();
    void theSegmentsHoldTheSame();
    void theIsolationLevelDecidesWhereALoadEnds();

private:
    [[nodiscard]] QStringList consoleLines(const QString& topic, const QString& level) const;
    std::unique_ptr<Broker> m_broker;
    std::unique_ptr<Producer> m_open;
};

/// One topic with a partition for each kind there is, and a compacted one.
void AccountTest::initTestCase()
{
    LEFTFOLD_START_BROKER(m_broker);
    m_broker->createTopic("kinds", 7);
    for (int i = 0; i < kCodecs.size(); ++i) produce(*m_broker, "kinds", i, 0, 500, kCodecs[i]);
    m_open =
        std::make_unique<Producer>(*m_broker, QMap<QString, QString>{{"transactional.id", "open"}, {"linger.ms", "5"}});
    produceTransactions(*m_broker, "kinds", 5, *m_open);
    produce(*m_broker, "kinds", 6, 0, 100, "zstd");
    m_broker->trim("kinds", 6, 40);
    m_broker->createTopic("compact", 1,
                          {{"cleanup.policy", "compact"},
                           {"min.cleanable.dirty.ratio", "0.01"},
                           {"segment.ms", "100"},
                           {"min.compaction.lag.ms", "0"}});
    Producer keyed(*m_broker, {{"compression.codec", "gzip"}, {"linger.ms", "5"}});
    for (int i = 1; i < 60; ++i) {
        Message message = numbered(i); // tombstones among them
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

QStringList AccountTest::consoleLines(const QString& topic, const QString& level) const
{
    QStringList arguments{"console-consumer",
                          "--bootstrap-server",
                          m_broker->address(),
                          "--topic",
                          topic,
                          "--from-beginning",
                          "--timeout-ms",
                          "3000",
                          "--isolation-level",
                          level};
    for (const char* property : {"print.timestamp=true", "print.partition=true", "print.offset=true",
                                 "print.headers=true", "print.key=true", "null.literal=NULL"})
        arguments += {"--property", property};
    return sortedLines(m_broker->tool(arguments));
}

void AccountTest::theConsoleConsumerPrintsTheSame_data()
{
    QTest::addColumn<QString>("topic");
    QTest::addColumn<QString>("level");
    for (const char* topic : {"kinds", "compact"}) {
        for (const char* level : {"read_committed", "read_uncommitted"})
            QTest::addRow("%s, %s", topic, level) << topic << level;
    }
}

void AccountTest::theConsoleConsumerPrintsTheSame()
{
    QFETCH(QString, topic);
    QFETCH(QString, level);
    const Loaded loaded = load(m_broker->url(topic) + "?" + isolationOf(level));
    QCOMPARE(loaded.error, QString());
    QVERIFY(loaded.records.size() > 3);
    QCOMPARE(sorted(loaded.records), consoleLines(topic, level));
}

void AccountTest::theSegmentsHoldTheSame()
{
    QStringList files;
    for (const QString& folder : QDir(m_broker->path("data")).entryList({"kinds-*"}, QDir::Dirs)) {
        for (const QString& file : QDir(m_broker->path("data/" + folder)).entryList({"*.log"}, QDir::Files))
            files.append(m_broker->path("data/" + folder + "/" + file));
    }
    const QByteArray dumped = m_broker->tool({"dump-log", "--print-data-log", "--files", files.join(',')});
    // "| offset: 3 CreateTime: 17... keySize: 5 valueSize: 9 sequence: -1 headerKeys: [a,b] key: k payload: v"; markers have endTxnMarker.
    static const QRegularExpression kRecord(
        "^\\| offset: (\\d+) (?:isValid: \\w+ crc: \\w+ )?CreateTime: (\\d+) keySize: (-?\\d+) valueSize: (-?\\d+) "
        "sequence: -?\\d+ headerKeys: \\[([^\\]]*)\\]");
    QStringList expected;
    int partition = -1;
    for (const QString& line : QString::fromUtf8(dumped).split('\n')) {
        static const QRegularExpression kFile("^Dumping .*/kinds-(\\d+)/");
        if (const auto file = kFile.match(line); file.hasMatch()) partition = file.captured(1).toInt();
        const auto record = kRecord.match(line);
        if (!record.hasMatch() || line.contains("endTxnMarker")) continue;
        if (partition == 6 && record.captured(1).toInt() < 40) continue; // deleted, and still in the file
        expected.append(QString("%1@%2 %3 %4 %5 %6")
                            .arg(partition)
                            .arg(record.captured(1), record.captured(2), record.captured(3), record.captured(4),
                                 record.captured(5)));
    }
    Loads loads(m_broker->url("kinds") + "?" + isolationOf("read_uncommitted"));
    QStringList found;
    const auto target = loads.source().target();
    QVERIFY(target && loads.source().open({}, *target, {}));
    for (;;) {
        const auto batch = loads.source().read({});
        QVERIFY(batch);
        if (!*batch) break;
        for (const event::Record& record : (*batch)->records) {
            QStringList headers;
            for (const event::Header& header : record.headers) headers.append(text(header.name));
            const auto size = [](const std::optional<base::ByteView>& bytes) {
                return bytes ? static_cast<int>(bytes->size()) : -1;
            };
            found.append(QString("%1@%2 %3 %4 %5 %6")
                             .arg((*batch)->partition.number)
                             .arg(record.offset.value)
                             .arg(record.timestamp->seconds * 1000 + record.timestamp->nanos / 1'000'000)
                             .arg(size(record.key))
                             .arg(size(record.value))
                             .arg(headers.join(',')));
        }
    }
    QVERIFY(found.size() > 2500);
    QCOMPARE(sorted(found), sorted(expected));
}

void AccountTest::theIsolationLevelDecidesWhereALoadEnds()
{
    // 0-4 plain, 5-9 committed, 10 marker, 11-15 aborted; then 5 plain, 3 of an open transaction, 4 plain behind it. The broker
    // writes the marker of what was aborted when it likes, before or behind some of these.
    const auto offsets = [&](const QString& level) {
        QStringList out;
        for (const QString& position : load(m_broker->url("kinds[5]") + "?" + isolationOf(level)).positions)
            out.append(position.section('@', 1));
        return out;
    };
    const QStringList committed = offsets("read_committed");
    const QStringList all = offsets("read_uncommitted");
    QCOMPARE(all.size(), 27);
    QCOMPARE(all.mid(0, 15).join(' '), QString("0 1 2 3 4 5 6 7 8 9 11 12 13 14 15"));
    QCOMPARE(committed.join(' '), (all.mid(0, 10) + all.mid(15, 5)).join(' '));
}

QTEST_GUILESS_MAIN(AccountTest)
#include "account_test.moc"
