// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/capture/made_batches.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::capture;
using namespace leftfold::capture::test;

namespace {

/// A log large enough for several blocks of the order, several chunks a partition, and several loads.
LogShape largeShape()
{
    LogShape shape;
    shape.partitions = 5;
    shape.events = 11'000;
    shape.loads = 2;
    shape.batchEvents = 900;
    return shape;
}

/// The verdict on a capture with something changed behind its back: its damage, and what of its events can be read.
struct Salvage {
    QString failure;
    int statements = 0;
    std::uint64_t eventsSaidLost = 0;
    std::uint64_t readable = 0;
    bool allReadAreRight = true;
};

Salvage salvage(const std::string& path, const std::vector<MadeLoad>& loads)
{
    Salvage out;
    const auto reader = Reader::open(path, {});
    out.failure = failureOf(reader);
    if (!reader) return out;
    std::map<event::Position, std::string> expected;
    for (const Placed& placed : replayOrder(loads)) expected[placed.event->position()] = lineOf(placed);
    const Catalog& catalog = (*reader)->catalog();
    for (const Damage& damage : catalog.damage()) {
        ++out.statements;
        out.eventsSaidLost += damage.events;
    }
    for (std::uint64_t i = 0; i < catalog.eventCount(); ++i) {
        const auto event = (*reader)->event(event::EventIndex{i});
        if (!event) continue;
        ++out.readable;
        const event::Position position{catalog.partitions()[event->location.partition], event->record.offset};
        const std::string line = lineOf(position, event->record, event->effective, event->type,
                                        !event->facts.undecodable, event->facts.time);
        out.allReadAreRight = out.allReadAreRight && expected[position] == line;
    }
    return out;
}

} // namespace

class CatalogTest : public QObject {
    Q_OBJECT

private slots:
    void placesAndIndexesAreInverse_data();
    void placesAndIndexesAreInverse();
    void everyPrefixIsACut();
    void theIndexFileSaysTheSame();
    void aDamagedIndexFileIsMadeAnew();
    void aStaleIndexFileIsMadeAnew();
    void beforeTheLastLoadIsWhatItWas();
    void lostChunksAreSaidAndTheRestIsThere_data();
    void lostChunksAreSaidAndTheRestIsThere();
    void aLostOrderIsMadeAgain_data();
    void aLostOrderIsMadeAgain();
    void nothingIsAddedToADamagedCapture();
};

void CatalogTest::placesAndIndexesAreInverse_data()
{
    QTest::addColumn<unsigned>("partitions");
    QTest::newRow("one") << 1U;
    QTest::newRow("five") << 5U;
}

void CatalogTest::placesAndIndexesAreInverse()
{
    QFETCH(unsigned, partitions);
    const Folder folder;
    LogShape shape = largeShape();
    shape.partitions = partitions;
    const RandomLog log(newSeed(), shape);
    capture::test::capture(folder.path("a"), log.loads());
    const auto reader = opened(folder.path("a"));
    const Catalog& catalog = reader->catalog();

    std::vector<std::uint32_t> ofEvents;
    must(catalog.partitionsOf(0, catalog.eventCount(), ofEvents));
    OrdinalCut counted = must(catalog.prefix(0));
    for (std::uint64_t i = 0; i < catalog.eventCount(); ++i) {
        const Location location = must(catalog.locate({i}));
        QCOMPARE(location, (Location{ofEvents[i], counted.next[ofEvents[i]]++}));
        QCOMPARE(must(catalog.indexOf(location)).value, i);
    }
    QCOMPARE(counted, catalog.end());
    for (std::uint32_t partition = 0; partition < catalog.partitions().size(); ++partition) {
        QCOMPARE(must(catalog.numberOf(catalog.partitions()[partition])), partition);
        std::uint64_t ordinal = 0;
        for (const ChunkEntry& entry : must(catalog.chunksOf(partition))) {
            QCOMPARE(entry.firstOrdinal, ordinal);
            QCOMPARE(must(catalog.chunkOf({partition, ordinal}))->id, entry.id);
            ordinal += entry.count;
            QCOMPARE(must(catalog.chunkOf({partition, ordinal - 1}))->id, entry.id);
        }
        QCOMPARE(ordinal, catalog.eventsOf(partition));
    }
    QCOMPARE(failureOf(catalog.numberOf({"no", 1})), QString("no-such-partition"));
}

void CatalogTest::everyPrefixIsACut()
{
    Random random(newSeed());
    const Folder folder;
    const RandomLog log(static_cast<unsigned>(random.below(1000)), largeShape());
    capture::test::capture(folder.path("a"), log.loads());
    const auto reader = opened(folder.path("a"));
    const Catalog& catalog = reader->catalog();
    int others = 0;
    for (int i = 0; i < 2000; ++i) {
        const std::uint64_t count =
            i < 3 ? catalog.eventCount() - static_cast<std::uint64_t>(i) : random.below(catalog.eventCount() + 1);
        OrdinalCut cut = must(catalog.prefix(count));
        QCOMPARE(cut.events(), count);
        QCOMPARE(must(catalog.asPrefix(cut)), std::optional(count));
        const std::size_t from = random.below(cut.next.size());
        const std::size_t to = random.below(cut.next.size());
        if (from == to || cut.next[from] == 0 || cut.next[to] == catalog.eventsOf(static_cast<std::uint32_t>(to)))
            continue;
        --cut.next[from];
        ++cut.next[to];
        const auto prefix = must(catalog.asPrefix(cut));
        QVERIFY(!prefix || must(catalog.prefix(*prefix)) == cut);
        others += !prefix;
    }
    QVERIFY(others > 100);
}

void CatalogTest::theIndexFileSaysTheSame()
{
    const Folder folder;
    const std::string cache = folder.made("cache");
    const RandomLog log(newSeed(), largeShape());
    capture::test::capture(folder.path("a"), log.loads(), madeOptions(cache));
    QCOMPARE(QDir(text(cache)).entryList({"*.base.lfi"}).size(), 1);
    const std::string file = cache + "/" + QDir(text(cache)).entryList({"*.base.lfi"})[0].toStdString();
    const std::string bytes = bytesOf(file);

    const auto cached = opened(folder.path("a"), cache);
    QVERIFY(must(linesOf(*cached)) == expectedLines(log.loads()));
    QFile::remove(text(file));
    QVERIFY(must(linesOf(*opened(folder.path("a"), cache))) == expectedLines(log.loads()));
    QVERIFY(bytesOf(file) == bytes);
    QVERIFY(must(linesOf(*opened(folder.path("a"), folder.path("no such folder")))) == expectedLines(log.loads()));
}

void CatalogTest::aDamagedIndexFileIsMadeAnew()
{
    Random random(newSeed());
    const Folder folder;
    const std::string cache = folder.made("cache");
    const RandomLog log(static_cast<unsigned>(random.below(1000)), largeShape());
    capture::test::capture(folder.path("a"), log.loads(), madeOptions(cache));
    const std::string file = cache + "/" + QDir(text(cache)).entryList({"*.base.lfi"})[0].toStdString();
    const std::string whole = bytesOf(file);
    const std::string expected = expectedLines(log.loads());
    std::map<QString, int> verdicts;
    for (int i = 0; i < 40; ++i) {
        std::string bytes = whole;
        if (i % 8 == 0) {
            bytes.resize(random.below(bytes.size()));
        } else {
            bytes[random.below(bytes.size())] ^= static_cast<char>(1 << random.below(8));
        }
        QFile::remove(text(file)); // who has the file mapped keeps it
        write(file, bytes);
        const auto reader = Reader::open(folder.path("a"), {cache});
        const auto lines = reader ? linesOf(**reader) : tl::unexpected(reader.error());
        ++verdicts[failureOf(lines)];
        QVERIFY(!lines || *lines == expected);
        QVERIFY(must(linesOf(*opened(folder.path("a"), cache))) == expected);
    }
    for (const auto& [verdict, count] : verdicts)
        qInfo("%d times: %s", count, verdict.isEmpty() ? "right" : qPrintable(verdict));
    for (const auto& [verdict, count] : verdicts) QVERIFY(verdict.isEmpty() || verdict == "damaged-index");
}

void CatalogTest::aStaleIndexFileIsMadeAnew()
{
    const Folder folder;
    const std::string cache = folder.made("cache");
    const RandomLog log(newSeed(), largeShape());
    const std::vector<MadeLoad> first(log.loads().begin(), log.loads().begin() + 1);
    capture::test::capture(folder.path("a"), first, madeOptions(cache));
    const auto before = opened(folder.path("a"), cache);
    {
        WriterOptions options = madeOptions(); // knows of no cache
        const auto writer = must(Writer::resume(folder.path("a"), options));
        appendFrom(*writer, log.loads());
        must(writer->close());
    }
    const auto after = opened(folder.path("a"), cache);
    QVERIFY(before->catalog().contentKey() != after->catalog().contentKey());
    QVERIFY(must(linesOf(*after)) == expectedLines(log.loads()));
    QVERIFY(must(linesOf(*before)) == expectedLines(first));
}

void CatalogTest::beforeTheLastLoadIsWhatItWas()
{
    const Folder folder;
    const RandomLog log(newSeed(), largeShape());
    {
        const auto writer = must(Writer::create(folder.path("a"), madeOptions()));
        appendFrom(*writer, {log.loads()[0]});
        must(writer->close());
    }
    const auto first = opened(folder.path("a"));
    QVERIFY(!first->catalog().beforeLastLoad());
    {
        const auto writer = must(Writer::resume(folder.path("a"), madeOptions()));
        appendFrom(*writer, log.loads());
        must(writer->close());
    }
    const auto earlier = opened(folder.path("a"))->catalog().beforeLastLoad();
    QVERIFY(earlier);
    QVERIFY(earlier->contentKey == first->catalog().contentKey());
    QCOMPARE(earlier->events, first->catalog().eventCount());
    QCOMPARE(earlier->lastChunk, first->catalog().loads().back().lastChunk);
}

void CatalogTest::lostChunksAreSaidAndTheRestIsThere_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<bool>("payloadOnly");
    QTest::newRow("first chunk") << "DELETE FROM chunk WHERE id = 1" << false;
    QTest::newRow("one in the middle") << "DELETE FROM chunk WHERE id = 7" << false;
    QTest::newRow("the last") << "DELETE FROM chunk WHERE id = (SELECT max(id) FROM chunk)" << false;
    QTest::newRow("the last of a partition, in the first load")
        << "DELETE FROM chunk WHERE id = (SELECT max(id) FROM chunk WHERE partition = 1 AND id < 9)" << false;
    QTest::newRow("the last two of a partition")
        << "DELETE FROM chunk WHERE id IN (SELECT id FROM chunk WHERE partition = 2 ORDER BY id DESC LIMIT 2)" << false;
    QTest::newRow("a whole partition") << "DELETE FROM chunk WHERE partition = 0" << false;
    QTest::newRow("a checksum") << "UPDATE chunk SET checksum = x'00' WHERE id = 5" << false;
    QTest::newRow("all but one") << "DELETE FROM chunk WHERE id > 1" << false;
    QTest::newRow("a payload") << "DELETE FROM payload WHERE id = 3" << true;
    QTest::newRow("half a payload") << "UPDATE payload SET data = substr(data, 1, length(data) / 2) WHERE id = 3"
                                    << true;
}

void CatalogTest::lostChunksAreSaidAndTheRestIsThere()
{
    QFETCH(QString, change);
    QFETCH(bool, payloadOnly);
    const Folder folder;
    const RandomLog log(newSeed(), largeShape());
    capture::test::capture(folder.path("a"), log.loads());
    const auto database = must(base::Database::open(folder.path("a"), base::Database::Mode::ReadWrite));
    const auto before = must(database->number("SELECT sum(count) FROM chunk"));
    must(database->execute(change.toStdString()));
    const auto left = static_cast<std::uint64_t>(must(database->number("SELECT sum(count) FROM chunk")));
    const auto unreadable = static_cast<std::uint64_t>(
        must(database->number("SELECT coalesce(sum(count), 0) FROM chunk WHERE checksum = x'00'")));

    const Salvage found = salvage(folder.path("a"), log.loads());
    QCOMPARE(found.failure, QString());
    QVERIFY(found.allReadAreRight);
    if (payloadOnly) {
        const auto broken = static_cast<std::uint64_t>(must(database->number("SELECT count FROM chunk WHERE id = 3")));
        QVERIFY(found.readable < static_cast<std::uint64_t>(before)
                && found.readable >= static_cast<std::uint64_t>(before) - broken);
        return;
    }
    QCOMPARE(found.readable, left - unreadable);
    QCOMPARE(found.eventsSaidLost, static_cast<std::uint64_t>(before) - left + unreadable);
}

void CatalogTest::aLostOrderIsMadeAgain_data()
{
    QTest::addColumn<QString>("change");
    QTest::newRow("a row of the first load") << "UPDATE replay_order SET count = count + 1 WHERE id = 1";
    QTest::newRow("the second row") << "DELETE FROM replay_order WHERE id = 2";
    QTest::newRow("the last row") << "DELETE FROM replay_order WHERE id = (SELECT max(id) FROM replay_order)";
    QTest::newRow("all rows") << "DELETE FROM replay_order";
    QTest::newRow("the second load's") << "UPDATE replay_order SET checksum = x'00' WHERE load = 2";
}

void CatalogTest::aLostOrderIsMadeAgain()
{
    QFETCH(QString, change);
    const Folder folder;
    const RandomLog log(newSeed(), largeShape());
    capture::test::capture(folder.path("a"), log.loads());
    must(must(base::Database::open(folder.path("a"), base::Database::Mode::ReadWrite))->execute(change.toStdString()));
    const auto reader = opened(folder.path("a"));
    QVERIFY(!reader->catalog().damage().empty());
    QCOMPARE(reader->catalog().damage()[0].events, 0U);
    QVERIFY(must(linesOf(*reader)) == expectedLines(log.loads()));
}

void CatalogTest::nothingIsAddedToADamagedCapture()
{
    const Folder folder;
    const RandomLog log(newSeed(), largeShape());
    capture::test::capture(folder.path("a"), {log.loads()[0]});
    must(must(base::Database::open(folder.path("a"), base::Database::Mode::ReadWrite))
             ->execute("DELETE FROM chunk WHERE id = 2"));
    const std::string bytes = bytesOf(folder.path("a"));
    QCOMPARE(failureOf(Writer::resume(folder.path("a"), madeOptions())), QString("damaged-capture"));
    QVERIFY(bytesOf(folder.path("a")) == bytes);
}

QTEST_APPLESS_MAIN(CatalogTest)
#include "catalog_test.moc"
