// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/summary.h"

#include "tests/replay/made_states.h"

#include <QTest>
#include <filesystem>
#include <fstream>

using namespace leftfold;
using namespace leftfold::replay;
using namespace leftfold::replay::test;

namespace {

std::string line(const PartitionSummary& summary)
{
    return toText(summary.partition) + ' ' + std::to_string(summary.events) + " events, offsets "
           + std::to_string(summary.firstOffset.value) + ".." + std::to_string(summary.lastOffset.value) + ", missing "
           + std::to_string(summary.missingOffsets) + ", times " + base::toIso(summary.firstTime) + ".."
           + base::toIso(summary.lastTime) + ", undecodable " + std::to_string(summary.undecodable) + ", timeless "
           + std::to_string(summary.timeless) + ", lost " + std::to_string(summary.lost) + ' '
           + base::toHex(summary.identity);
}

std::vector<std::string> lines(const LogSummary& summary)
{
    std::vector<std::string> out;
    for (const PartitionSummary& partition : summary.partitions) out.push_back(line(partition));
    std::vector<std::string> types;
    for (const auto& [type, count] : summary.types) types.push_back(std::to_string(count) + ' ' + type);
    std::ranges::sort(types);
    out.insert(out.end(), types.begin(), types.end());
    return out;
}

/// Event by event. The identities are those of the catalog.
std::vector<std::string> expected(const Made& made)
{
    LogSummary summary;
    std::map<std::string, std::uint64_t> types;
    const auto identities = must(made.reader().identities());
    for (std::uint32_t number = 0; number < made.catalog().partitions().size(); ++number) {
        PartitionSummary partition;
        partition.partition = made.catalog().partitions()[number];
        partition.firstTime = partition.lastTime = base::kBeginningOfTime;
        for (std::size_t i = 0; i < made.order().size(); ++i) {
            const Placed& placed = made.order()[i];
            if (made.location(i).partition != number) continue;
            ++types[placed.event->type];
            if (partition.events++ == 0) partition.firstOffset = {placed.event->offset};
            partition.lastOffset = {placed.event->offset};
            partition.lastTime = placed.effective;
            if (partition.firstTime == base::kBeginningOfTime) partition.firstTime = placed.effective;
            if (!placed.event->decodable) ++partition.undecodable;
            if (!placed.event->time) ++partition.timeless;
        }
        partition.missingOffsets =
            static_cast<std::uint64_t>(partition.lastOffset.value - partition.firstOffset.value) + 1 - partition.events;
        partition.identity = identities[number];
        summary.partitions.push_back(partition);
    }
    summary.types.assign(types.begin(), types.end());
    return lines(summary);
}

std::filesystem::path keptFile(const Folder& indexes)
{
    for (const auto& entry : std::filesystem::directory_iterator(indexes.path("")))
        if (entry.path().string().ends_with(".summary.lfi")) return entry.path();
    return {};
}

} // namespace

class SummaryTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { qInfo("seed %u", m_seed); }
    void equalsLookingAtEveryEvent();
    void askingAgainReadsWhatWasKept();
    void whatWasKeptIsLookedAtBeforeItIsBelieved();
    void aCaptureThatGrewIsReadAgain();

private:
    const unsigned m_seed = newSeed();
};

void SummaryTest::equalsLookingAtEveryEvent()
{
    for (unsigned i = 0; i < 5; ++i) {
        const Made made(m_seed + i, spreadShape(600));
        QCOMPARE(lines(must(summarize(made.reader(), {}))), expected(made));
    }
}

void SummaryTest::askingAgainReadsWhatWasKept()
{
    const Made made(m_seed, spreadShape());
    const Folder indexes;
    const auto first = must(capture::Reader::open(made.path(), {indexes.path("")}));
    const auto summary = lines(must(summarize(*first, {})));
    QCOMPARE(summary, expected(made));
    QVERIFY(!keptFile(indexes).empty());
    // With a stop asked for before the first chunk only what was kept can still answer.
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(failureOf(summarize(made.reader(), stop.get_token())), QString("cancelled"));
    QCOMPARE(lines(must(summarize(*first, stop.get_token()))), summary);
}

void SummaryTest::whatWasKeptIsLookedAtBeforeItIsBelieved()
{
    const Made made(m_seed, spreadShape(600));
    const Folder indexes;
    const auto reader = must(capture::Reader::open(made.path(), {indexes.path("")}));
    const auto summary = lines(must(summarize(*reader, {})));
    const std::filesystem::path file = keptFile(indexes);
    const auto size = std::filesystem::file_size(file);
    for (std::uint64_t at = 0; at < size; at += 97) {
        std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekg(static_cast<std::streamoff>(at));
        const int old = bytes.get();
        bytes.seekp(static_cast<std::streamoff>(at));
        bytes.put(static_cast<char>(old ^ 0x10));
        bytes.close();
        QCOMPARE(lines(must(summarize(*reader, {}))), summary);
    }
}

void SummaryTest::aCaptureThatGrewIsReadAgain()
{
    const RandomLog log(m_seed, spreadShape(600));
    const Folder folder;
    const std::vector<capture::test::MadeLoad> first(log.loads().begin(), log.loads().begin() + 1);
    capture::test::capture(folder.path("a"), first);
    std::filesystem::create_directory(folder.path("indexes"));
    const auto before = must(summarize(*must(capture::Reader::open(folder.path("a"), {folder.path("indexes")})), {}));
    const auto writer = must(capture::Writer::resume(folder.path("a"), capture::test::madeOptions()));
    QVERIFY(capture::test::appendFrom(*writer, log.loads()));
    must(writer->close());
    const auto after = must(summarize(*must(capture::Reader::open(folder.path("a"), {folder.path("indexes")})), {}));
    std::uint64_t counted = 0;
    for (const auto& [type, count] : after.types) counted += count;
    std::uint64_t events = 0;
    for (const PartitionSummary& partition : after.partitions) events += partition.events;
    QCOMPARE(counted, events);
    QVERIFY(lines(before) != lines(after));
}

QTEST_GUILESS_MAIN(SummaryTest)
#include "summary_test.moc"
