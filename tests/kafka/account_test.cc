// SPDX-License-Identifier: GPL-3.0-or-later
// What is captured, against the accounts that Kafka's own tools give of the same topics.
#include "core/source/segments.h"
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

/// All there is of a source, each record "partition@offset time key value [header names]"; null is NULL.
QStringList linesOf(source::EventSource& source)
{
    QStringList lines;
    const auto target = source.target();
    if (!target || !source.open({}, *target, {})) return {"it cannot be read"};
    for (;;) {
        const auto batch = source.read({});
        if (!batch) return {text(base::render(batch.error()))};
        if (!*batch) break;
        for (const event::Record& record : (*batch)->records) {
            QStringList headers;
            for (const event::Header& header : record.headers) headers.append(text(header.name));
            const auto shown = [](const std::optional<base::ByteView>& bytes) {
                return bytes ? text(*bytes) : QString("NULL");
            };
            lines.append(QString("%1@%2 %3 %4 %5 [%6]")
                             .arg((*batch)->partition.number)
                             .arg(record.offset.value)
                             .arg(record.timestamp->seconds * 1000 + record.timestamp->nanos / 1'000'000)
                             .arg(shown(record.key), shown(record.value), headers.join(',')));
        }
    }
    lines.sort();
    return lines;
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
    void theSegmentsOfACompactedTopicHoldTheSame();
    void theIsolationLevelDecidesWhereALoadEnds();

private:
    [[nodiscard]] QStringList consoleLines(const QString& topic, const QString& level) const;
    [[nodiscard]] QStringList dumpedLines(const QString& topic, const QMap<int, qint64>& starts) const;
    [[nodiscard]] QStringList capturedLines(const QString& topic) const;
    [[nodiscard]] QStringList folderLines(const QString& topic) const;
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
    // The first consumer of a broker waits for its group for longer than the tool does.
    QStringList lines;
    (void)eventually([&] {
        lines = sortedLines(m_broker->tool(arguments));
        return !lines.isEmpty();
    });
    return lines;
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

/// The records of a topic by DumpLogSegments, in the words of linesOf. Values of headers it does not
/// print: those the console consumer compares.
QStringList AccountTest::dumpedLines(const QString& topic, const QMap<int, qint64>& starts) const
{
    QStringList files;
    for (const QString& folder : QDir(m_broker->path("data")).entryList({topic + "-*"}, QDir::Dirs)) {
        for (const QString& file : QDir(m_broker->path("data/" + folder)).entryList({"*.log"}, QDir::Files))
            files.append(m_broker->path("data/" + folder + "/" + file));
    }
    const QByteArray dumped = m_broker->tool({"dump-log", "--print-data-log", "--files", files.join(',')});
    // "| offset: 3 CreateTime: 17... keySize: 5 valueSize: 9 sequence: -1 headerKeys: [a,b] key: k payload: v"; markers have endTxnMarker.
    static const QRegularExpression kRecord(
        "^\\| offset: (\\d+) (?:isValid: \\w+ crc: \\w+ )?CreateTime: (\\d+) keySize: (-?\\d+) valueSize: (-?\\d+) "
        "sequence: -?\\d+ headerKeys: \\[([^\\]]*)\\](?: key: (.*?))?(?: payload: (.*))?$");
    static const QRegularExpression kFile("^Dumping .*/[^/]+-(\\d+)/");
    QStringList lines;
    int partition = -1;
    for (const QString& line : QString::fromUtf8(dumped).split('\n')) {
        if (const auto file = kFile.match(line); file.hasMatch()) partition = file.captured(1).toInt();
        const auto record = kRecord.match(line);
        if (!record.hasMatch() || line.contains("endTxnMarker")) continue;
        // Deleted, and still in the file.
        if (record.captured(1).toLongLong() < starts.value(partition)) continue;
        const QString key = record.captured(3) == "-1" ? QString("NULL") : record.captured(6);
        const QString value = record.captured(4) == "-1" ? QString("NULL") : record.captured(7);
        lines.append(QString("%1@%2 %3 %4 %5 [%6]")
                         .arg(partition)
                         .arg(record.captured(1), record.captured(2), key, value, record.captured(5)));
    }
    lines.sort();
    return lines;
}

/// What is captured of a topic over the network, in the same words.
QStringList AccountTest::capturedLines(const QString& topic) const
{
    Loads loads(m_broker->url(topic) + "?" + isolationOf("read_uncommitted"));
    return linesOf(loads.source());
}

/// And what is read from the broker's own folder.
QStringList AccountTest::folderLines(const QString& topic) const
{
    const QString folder = m_broker->path("data") + "?topics=" + topic + "&" + isolationOf("read_uncommitted");
    const auto source = source::openSegments({folder.toStdString()});
    return source ? linesOf(**source) : QStringList(text(base::render(source.error())));
}

void AccountTest::theSegmentsHoldTheSame()
{
    const QStringList captured = capturedLines("kinds");
    // A broker writes where a trimmed partition begins once a minute.
    (void)eventually([&] { return folderLines("kinds").size() == captured.size(); });
    QVERIFY(captured.size() > 2500);
    QVERIFY(captured.filter(" NULL ").size() > 100 && captured.filter("[trace,trace]").size() > 500);
    QCOMPARE(captured, dumpedLines("kinds", {{6, 40}}));
    QCOMPARE(folderLines("kinds"), captured);
}

/// The cleaner may work between the two: then they are asked again.
void AccountTest::theSegmentsOfACompactedTopicHoldTheSame()
{
    QStringList captured;
    QStringList dumped;
    QStringList inFolder;
    (void)eventually([&] {
        captured = capturedLines("compact");
        dumped = dumpedLines("compact", {});
        inFolder = folderLines("compact");
        return captured == dumped && captured == inFolder;
    });
    QCOMPARE(captured, dumped);
    QCOMPARE(inFolder, dumped);
    QVERIFY(captured.size() > 3);
    QVERIFY2(!captured.join('\n').contains("0@0 "), "it was not compacted");
    QVERIFY2(!captured.filter(" NULL [").isEmpty(), "no tombstone is left");
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
