// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_fixture.h"

#include "core/decode/envelope.h"

#include <random>

using namespace leftfold;
using namespace leftfold::source;
using namespace leftfold::source::test;

namespace {

std::string envelope(const std::string& topic, std::int32_t number, std::int64_t offset, const std::string& value)
{
    std::string line;
    event::Record record;
    record.offset = {offset};
    record.value = value;
    decode::writeEnvelope(line, {topic, number}, record, {});
    return line + '\n';
}

/// Two partitions, line by line, with gaps in their offsets; values with bytes that JSON cannot say too.
std::string interleaved(std::mt19937_64& random, std::size_t lines)
{
    std::int64_t next[2] = {0, 100};
    std::string bytes;
    for (std::size_t i = 0; i < lines; ++i) {
        const int which = static_cast<int>(random() % 2);
        const std::string value =
            random() % 10 == 0 ? std::string("\xff\x00raw", 5) : "{\"n\":" + std::to_string(random()) + "}";
        bytes += envelope("orders", which, next[which], value);
        next[which] += 1 + static_cast<std::int64_t>(random() % 3);
    }
    return bytes;
}

} // namespace

class EnvelopeSourceTest : public QObject {
    Q_OBJECT

private slots:
    void recordsKeepTheirPlaces();
    void everythingOfARecordComesBack();
    void onlyTheLastBatchOfAGroupHasACut();
    void resumedAtEveryCutEqualsOneGo();
    void whatIsNoEnvelopeIsLeftOutAndReported();
    void onlyRubbishBehindTheFirstEnvelope();
    void offsetsThatDoNotGrowEndTheLoad();
    void offsetsThatDoNotGrowOverFilesEndTheLoad();
    void twoFilesMayContinueAPartition();
    void plainFilesWithALaterEnvelopeStayPlain();
    void aHalfWrittenEnvelopeWaits();
    void appendedEnvelopesContinue();
};

void EnvelopeSourceTest::recordsKeepTheirPlaces()
{
    const Folder folder;
    folder.write("export.jsonl", envelope("orders", 0, 7, "{\"a\":1}") + envelope("payments", 3, 5, "{\"b\":1}") + '\n'
                                     + envelope("orders", 0, 9, "{\"a\":2}") + envelope("payments", 3, 6, "x"));

    const Loaded loaded = load({folder.path("export.jsonl")});

    QCOMPARE(loaded.error, QString());
    QCOMPARE(loaded.records, (QStringList{"orders[0]@7 {\"a\":1}", "orders[0]@9 {\"a\":2}", "payments[3]@5 {\"b\":1}",
                                          "payments[3]@6 x"}));
    QCOMPARE(loaded.raw[1].line, 4);
    QCOMPARE(loaded.batches.size(), 2);
}

void EnvelopeSourceTest::everythingOfARecordComesBack()
{
    event::Record record;
    record.offset = {42};
    record.key = std::string_view("k\0y", 3);
    record.timestamp = base::Time{1'300'000'000, 7};
    record.timestampType = event::TimestampType::LogAppend;
    record.headers = {{"h", std::nullopt}, {"h", "\xfe"}};
    std::string line;
    decode::writeEnvelope(line, {"orders", 1}, record, {});
    const Folder folder;
    folder.write("export.jsonl", line + '\n');

    const Loaded loaded = load({folder.path("export.jsonl")});

    QCOMPARE(loaded.raw.size(), 1);
    QVERIFY(hashOf(loaded.raw[0]) == hashOf(record));
}

void EnvelopeSourceTest::onlyTheLastBatchOfAGroupHasACut()
{
    const Folder folder;
    folder.write("export.jsonl", envelope("a", 0, 0, "1") + envelope("b", 0, 0, "2") + envelope("c", 0, 0, "3"));

    const Loaded loaded = load({folder.path("export.jsonl")});

    QCOMPARE(loaded.batches.size(), 3);
    QVERIFY(loaded.batches[0].sourceCut.empty());
    QVERIFY(loaded.batches[1].sourceCut.empty());
    QVERIFY(!loaded.batches[2].sourceCut.empty());
}

void EnvelopeSourceTest::resumedAtEveryCutEqualsOneGo()
{
    const std::uint64_t seed = std::random_device()();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    std::mt19937_64 random(seed);
    const Folder folder;
    folder.write("export.jsonl", interleaved(random, 30'000));
    auto source = openFiles({folder.path("export.jsonl")});
    const std::string target = *(*source)->target();
    Loaded whole;
    loadInto(whole, **source, target);
    QCOMPARE(whole.raw.size(), 30'000);

    Loaded pieces;
    for (std::size_t i = 0; i <= whole.batches.size(); ++i) {
        auto again = openFiles({folder.path("export.jsonl")});
        loadInto(pieces, **again, target, 2);
    }

    QCOMPARE(pieces.error, QString());
    QCOMPARE(pieces.records, whole.records);
    QVERIFY(whole.batches.size() > 10);
}

void EnvelopeSourceTest::whatIsNoEnvelopeIsLeftOutAndReported()
{
    const Folder folder;
    folder.write("export.jsonl", envelope("orders", 0, 7, "1") + "{\"x\":\"" + std::string(80, 'y') + "\"}\n"
                                     + envelope("orders", 0, 8, "2"));

    const Loaded loaded = load({folder.path("export.jsonl")});

    QCOMPARE(loaded.records, (QStringList{"orders[0]@7 1", "orders[0]@8 2"}));
    QCOMPARE(loaded.problems.size(), 1);
    const QString problem = loaded.problems[0];
    QVERIFY2(problem.startsWith("orders[0]@8 line 2 of " + text(folder.path("export.jsonl")) + " was left out: "),
             qPrintable(problem));
    QVERIFY2(problem.endsWith("it starts with \"{\\\"x\\\":\\\"" + QString(54, 'y') + "\" ..."), qPrintable(problem));
}

void EnvelopeSourceTest::onlyRubbishBehindTheFirstEnvelope()
{
    const Folder folder;
    folder.write("export.jsonl", envelope("orders", 0, 7, "1"));
    const Loaded before = load({folder.path("export.jsonl")});
    folder.append("export.jsonl", "x\ny\n");

    const Loaded after = load({folder.path("export.jsonl")}, before.cut);

    QCOMPARE(after.records, QStringList());
    QCOMPARE(after.problems.size(), 2);
    QVERIFY(after.problems[1].startsWith("orders[0]@8 line 3 of "));
    QVERIFY(!after.cut.empty());
}

void EnvelopeSourceTest::offsetsThatDoNotGrowEndTheLoad()
{
    const Folder folder;
    folder.write("export.jsonl",
                 envelope("orders", 0, 7, "1") + envelope("orders", 1, 2, "1") + envelope("orders", 0, 7, "2"));

    QCOMPARE(load({folder.path("export.jsonl")}).error,
             text(folder.path("export.jsonl")) + ": line 3: offset 7 of orders[0] comes after 7: offsets must grow");
}

void EnvelopeSourceTest::offsetsThatDoNotGrowOverFilesEndTheLoad()
{
    const Folder folder;
    folder.write("a.jsonl", envelope("orders", 0, 7, "1"));
    folder.write("b.jsonl", envelope("orders", 0, 6, "1"));

    const QString error = load({folder.path("a.jsonl"), folder.path("b.jsonl")}).error;

    QVERIFY2(error.endsWith("b.jsonl: line 1: offset 6 of orders[0] comes after 7: offsets must grow"),
             qPrintable(error));
}

void EnvelopeSourceTest::twoFilesMayContinueAPartition()
{
    const Folder folder;
    folder.write("a.jsonl", envelope("orders", 0, 7, "1"));
    folder.write("b.jsonl", envelope("orders", 0, 8, "2"));

    QCOMPARE(load({folder.path("a.jsonl"), folder.path("b.jsonl")}).records,
             (QStringList{"orders[0]@7 1", "orders[0]@8 2"}));
}

void EnvelopeSourceTest::plainFilesWithALaterEnvelopeStayPlain()
{
    const std::string line = envelope("orders", 0, 7, "1");
    const Folder folder;
    folder.write("a.jsonl", "{}\n" + line);

    const Loaded loaded = load({folder.path("a.jsonl")});

    QCOMPARE(loaded.records.size(), 2);
    QVERIFY(std::string(*loaded.raw[1].value) + '\n' == line);
}

void EnvelopeSourceTest::aHalfWrittenEnvelopeWaits()
{
    const std::string second = envelope("orders", 0, 9, "{\"a\":2}");
    const Folder folder;
    folder.write("export.jsonl", envelope("orders", 0, 7, "1") + second.substr(0, 20));
    const Loaded before = load({folder.path("export.jsonl")});
    folder.append("export.jsonl", second.substr(20));

    const Loaded after = load({folder.path("export.jsonl")}, before.cut);

    QVERIFY(before.tail.at(0).startsWith("orders[0]@8 half-written last line"));
    QCOMPARE(after.records, QStringList{"orders[0]@9 {\"a\":2}"});
    QCOMPARE(after.problems + after.tail, QStringList());
}

void EnvelopeSourceTest::appendedEnvelopesContinue()
{
    const Folder folder;
    folder.write("export.jsonl", envelope("orders", 0, 7, "1"));
    const Loaded before = load({folder.path("export.jsonl")});
    folder.append("export.jsonl", envelope("orders", 0, 7, "2"));
    const Loaded contradicting = load({folder.path("export.jsonl")}, before.cut);

    QVERIFY2(contradicting.error.contains("line 2: offset 7 of orders[0] comes after 7"),
             qPrintable(contradicting.error));
}

QTEST_GUILESS_MAIN(EnvelopeSourceTest)
#include "envelope_source_test.moc"
