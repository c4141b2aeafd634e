// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/key_index.h"

#include "tests/capture/made_batches.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::capture;
using namespace leftfold::capture::test;

namespace {

LogShape someShape()
{
    LogShape shape;
    shape.partitions = 3;
    shape.events = 6000;
    shape.loads = 3;
    shape.ids = 700;
    return shape;
}

std::vector<MadeLoad> firstLoads(const RandomLog& log, std::ptrdiff_t count)
{
    return {log.loads().begin(), log.loads().begin() + count};
}

/// The file of the index by id: the one that is not the catalog's.
std::string indexFile(const std::string& cache)
{
    for (const QString& name : QDir(text(cache)).entryList({"*.lfi"})) {
        if (!name.endsWith(".base.lfi")) return cache + "/" + name.toStdString();
    }
    return {};
}

void continueTo(const std::string& path, const std::vector<MadeLoad>& loads, const std::string& cache)
{
    const auto writer = must(Writer::resume(path, madeOptions(cache)));
    appendFrom(*writer, loads);
    must(writer->close());
}

} // namespace

class KeyIndexTest : public QObject {
    Q_OBJECT

private slots:
    void allQuestionsAgree_data();
    void allQuestionsAgree();
    void aScalarIsItsText();
    void writtenOnTheWayEqualsBuilt();
    void aDeletedFileIsBuiltAnew();
    void aDamagedFileIsNeverWrong();
    void extendedEqualsBuiltAnew_data();
    void extendedEqualsBuiltAnew();
    void extendingADamagedFileBuildsAnew();
    void eachFieldHasItsIndex();
    void progressEndsAtAll();
    void itStops();
    void damagedEventsAreCountedAndTheRestIsIndexed();
};

void KeyIndexTest::allQuestionsAgree_data()
{
    QTest::addColumn<unsigned>("workers");
    for (const unsigned workers : {0U, 1U, 2U, 7U}) QTest::addRow("%u workers", workers) << workers;
}

void KeyIndexTest::allQuestionsAgree()
{
    QFETCH(unsigned, workers);
    const Folder folder;
    const RandomLog log(newSeed(), someShape());
    capture::test::capture(folder.path("a"), log.loads());
    const auto reader = opened(folder.path("a"));
    const auto index = must(KeyIndex::open(*reader, *madeMapping().id, workers, {}, {}));

    const auto expected = expectedPostings(log.loads());
    QCOMPARE(must(postingsOf(*index)), expected);
    QCOMPARE(index->size(), expected.size());
    QCOMPARE(index->by(), *madeMapping().id);
    QCOMPARE(index->damagedEvents(), 0U);
    const auto order = replayOrder(log.loads());
    const auto keys = must(index->keysOf(0, order.size()));
    std::uint64_t without = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        without += keys[i] == kNoKey;
        QCOMPARE(keys[i] != kNoKey, order[i].event->id.has_value());
        if (order[i].event->id) QVERIFY(must(index->text(keys[i])) == *order[i].event->id);
    }
    QCOMPARE(index->withoutKey(), without);
    for (const auto& [id, postings] : expected) {
        const auto key = must(index->find(id));
        QVERIFY(key && must(index->text(*key)) == id);
        QVERIFY(!must(index->find(id + "x")));
    }
    QVERIFY(!must(index->find("")));
    QVERIFY(!index->keysOf(order.size(), 1));
}

void KeyIndexTest::aScalarIsItsText()
{
    const Folder folder;
    MadeLoad load;
    const QStringList values{R"({"id":17850})", R"({"id":"17850"})",     R"({"id":""})",   R"({"id":null})",
                             R"({"id":[1]})",   R"({"id":{}})",          R"({"id":true})", R"({"id":"true"})",
                             R"({})",           R"({"id":1,"id":17850})"};
    for (const QString& value : values) {
        MadeBatch batch;
        batch.events.push_back({});
        batch.events[0].partition = {"p", 0};
        batch.events[0].offset = static_cast<std::int64_t>(load.size());
        batch.events[0].value = value.toStdString();
        batch.cut = "0:" + std::to_string(load.size());
        load.push_back(std::move(batch));
    }
    capture::test::capture(folder.path("a"), {load});
    const auto index = indexById(*opened(folder.path("a")));
    const std::map<std::string, std::vector<std::uint32_t>> expected{{"17850", {0, 1, 9}}, {"", {2}}, {"true", {6, 7}}};
    QCOMPARE(must(postingsOf(*index)), expected);
    QCOMPARE(index->withoutKey(), 4U);
}

void KeyIndexTest::writtenOnTheWayEqualsBuilt()
{
    const Folder folder;
    const std::string cache = folder.made("cache");
    const RandomLog log(newSeed(), someShape());
    capture::test::capture(folder.path("a"), firstLoads(log, 1), madeOptions(cache));
    QVERIFY(!indexFile(cache).empty());
    const std::string written = bytesOf(indexFile(cache));
    const auto reader = opened(folder.path("a"), cache);
    QCOMPARE(must(postingsOf(*indexById(*reader))), expectedPostings(firstLoads(log, 1)));
    QVERIFY(bytesOf(indexFile(cache)) == written);
}

void KeyIndexTest::aDeletedFileIsBuiltAnew()
{
    const Folder folder;
    const std::string cache = folder.made("cache");
    const RandomLog log(newSeed(), someShape());
    capture::test::capture(folder.path("a"), log.loads(), madeOptions(cache));
    const auto reader = opened(folder.path("a"), cache);
    const auto before = indexById(*reader);
    QVERIFY(QFile::remove(text(indexFile(cache))));
    const auto after = indexById(*reader);
    QVERIFY(!indexFile(cache).empty());
    QCOMPARE(must(postingsOf(*after)), expectedPostings(log.loads()));
    QCOMPARE(must(postingsOf(*before)), expectedPostings(log.loads()));
}

void KeyIndexTest::aDamagedFileIsNeverWrong()
{
    Random random(newSeed());
    const Folder folder;
    const std::string cache = folder.made("cache");
    const RandomLog log(static_cast<unsigned>(random.below(1000)), someShape());
    capture::test::capture(folder.path("a"), log.loads(), madeOptions(cache));
    const auto reader = opened(folder.path("a"), cache);
    const auto expected = expectedPostings(log.loads());
    (void)indexById(*reader);
    const std::string file = indexFile(cache);
    const std::string whole = bytesOf(file);
    std::map<QString, int> verdicts;
    for (int i = 0; i < 250; ++i) {
        std::string bytes = whole;
        if (i % 10 == 0) {
            bytes.resize(random.below(bytes.size()));
        } else {
            bytes[i % 10 == 1 ? random.below(300) : random.below(bytes.size())] ^=
                static_cast<char>(1 << random.below(8));
        }
        QFile::remove(text(file));
        write(file, bytes);
        const auto index = KeyIndex::open(*reader, *madeMapping().id, 2, {}, {});
        const auto postings = index ? postingsOf(**index) : tl::unexpected(index.error());
        ++verdicts[failureOf(postings)];
        QVERIFY(!postings || *postings == expected);
        if (!postings) QCOMPARE(must(postingsOf(*indexById(*reader))), expected); // the next one is right
    }
    for (const auto& [verdict, count] : verdicts)
        qInfo("%d times: %s", count, verdict.isEmpty() ? "right" : qPrintable(verdict));
    QCOMPARE(verdicts.size(), 2U);
    QVERIFY(verdicts.contains("damaged-index"));
}

void KeyIndexTest::extendedEqualsBuiltAnew_data()
{
    QTest::addColumn<bool>("unfinished");
    QTest::newRow("grown by a load") << false;
    QTest::newRow("grown by part of a load") << true;
}

void KeyIndexTest::extendedEqualsBuiltAnew()
{
    QFETCH(bool, unfinished);
    const Folder folder;
    const std::string cache = folder.made("cache");
    const RandomLog log(newSeed(), someShape());
    capture::test::capture(folder.path("a"), firstLoads(log, 1), madeOptions(cache));
    const std::uint64_t known = opened(folder.path("a"))->catalog().eventCount();
    if (unfinished) {
        const auto writer = must(Writer::resume(folder.path("a"), madeOptions(cache)));
        QVERIFY(!appendFrom(*writer, log.loads(), 9));
        must(writer->close());
    } else {
        continueTo(folder.path("a"), firstLoads(log, 2), cache);
    }
    const auto reader = opened(folder.path("a"), cache);
    std::uint64_t read = 0;
    const auto extended = must(
        KeyIndex::open(*reader, *madeMapping().id, 2, {}, [&](std::uint64_t, std::uint64_t total) { read = total; }));
    QCOMPARE(read, reader->catalog().eventCount() - known);
    const auto fresh = indexById(*opened(folder.path("a")));
    QCOMPARE(must(postingsOf(*extended)), must(postingsOf(*fresh)));
    QCOMPARE(extended->withoutKey(), fresh->withoutKey());
    if (!unfinished) QCOMPARE(must(postingsOf(*extended)), expectedPostings(firstLoads(log, 2)));

    continueTo(folder.path("a"), log.loads(), cache);
    QCOMPARE(must(postingsOf(*indexById(*opened(folder.path("a"), cache)))), expectedPostings(log.loads()));
}

void KeyIndexTest::extendingADamagedFileBuildsAnew()
{
    Random random(newSeed());
    const Folder folder;
    const std::string cache = folder.made("cache");
    const RandomLog log(1, someShape());
    capture::test::capture(folder.path("a"), firstLoads(log, 1), madeOptions(cache));
    const std::string whole = bytesOf(indexFile(cache));
    continueTo(folder.path("a"), firstLoads(log, 2), cache);
    const std::string file = indexFile(cache);
    for (int i = 0; i < 60; ++i) {
        std::string bytes = whole;
        bytes[4096 + random.below(bytes.size() - 4096)] ^= 1;
        QFile::remove(text(file));
        write(file, bytes);
        QCOMPARE(must(postingsOf(*indexById(*opened(folder.path("a"), cache)))), expectedPostings(firstLoads(log, 2)));
    }
}

void KeyIndexTest::eachFieldHasItsIndex()
{
    const Folder folder;
    const std::string cache = folder.made("cache");
    const RandomLog log(newSeed(), someShape());
    capture::test::capture(folder.path("a"), log.loads(), madeOptions(cache));
    const auto reader = opened(folder.path("a"), cache);
    const auto byFlow = must(KeyIndex::open(*reader, must(decode::parseFieldRef("/flow")), 2, {}, {}));
    QCOMPARE(byFlow->size(), 7U);
    QCOMPARE(must(postingsOf(*indexById(*reader))), expectedPostings(log.loads()));
    QCOMPARE(must(KeyIndex::open(*reader, decode::FieldRef(decode::NativeKey{}), 2, {}, {}))->size() > 300, true);
}

void KeyIndexTest::progressEndsAtAll()
{
    const Folder folder;
    const RandomLog log(newSeed(), someShape());
    capture::test::capture(folder.path("a"), log.loads());
    const auto reader = opened(folder.path("a"));
    std::uint64_t last = 0;
    (void)must(KeyIndex::open(*reader, *madeMapping().id, 2, {}, [&](std::uint64_t done, std::uint64_t total) {
        QVERIFY(done > last);
        QCOMPARE(total, 6000U);
        last = done;
    }));
    QCOMPARE(last, 6000U);
}

void KeyIndexTest::itStops()
{
    const Folder folder;
    const RandomLog log(newSeed(), someShape());
    capture::test::capture(folder.path("a"), log.loads());
    const auto reader = opened(folder.path("a"));
    std::stop_source stop;
    QCOMPARE(failureOf(KeyIndex::open(*reader, *madeMapping().id, 2, stop.get_token(),
                                      [&](std::uint64_t, std::uint64_t) { stop.request_stop(); })),
             QString("cancelled"));
}

void KeyIndexTest::damagedEventsAreCountedAndTheRestIsIndexed()
{
    const Folder folder;
    const std::string cache = folder.made("cache");
    LogShape shape = someShape();
    shape.batchEvents = 800;
    const RandomLog log(newSeed(), shape);
    capture::test::capture(folder.path("a"), log.loads(), madeOptions());
    const auto database = must(base::Database::open(folder.path("a"), base::Database::Mode::ReadWrite));
    const std::int64_t broken = must(database->number("SELECT id FROM chunk ORDER BY count DESC LIMIT 1"));
    must(database->execute(
        "UPDATE payload SET data = CAST(substr(data, 1, length(data) - 1) || x'7f7f' AS BLOB) WHERE id = "
        + std::to_string(broken)));
    must(database->execute(
        "DELETE FROM chunk WHERE id = (SELECT min(id) FROM chunk WHERE id != " + std::to_string(broken) + ")"));

    const auto reader = opened(folder.path("a"), cache);
    const auto index = indexById(*reader);
    auto expected = expectedPostings(log.loads());
    std::uint64_t damaged = 0;
    const auto order = replayOrder(log.loads());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        if (reader->event(event::EventIndex{i})) continue;
        ++damaged;
        if (!order[i].event->id) continue;
        std::erase(expected[*order[i].event->id], i);
        if (expected[*order[i].event->id].empty()) expected.erase(*order[i].event->id);
    }
    QVERIFY(damaged > 0 && damaged < order.size());
    QCOMPARE(index->damagedEvents(), damaged);
    QCOMPARE(must(postingsOf(*index)), expected);
    QVERIFY(indexFile(cache).empty());
}

QTEST_APPLESS_MAIN(KeyIndexTest)
#include "key_index_test.moc"
