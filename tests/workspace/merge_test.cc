// SPDX-License-Identifier: GPL-3.0-or-later
// Captures of pieces of a log, merged, are the capture of the log.
#include "core/workspace/merge.h"

#include "tests/capture/made_batches.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::workspace;
using capture::test::failureOf;
using capture::test::Folder;
using capture::test::LogShape;
using capture::test::MadeEvent;
using capture::test::MadeLoad;
using capture::test::must;
using capture::test::newSeed;
using capture::test::Random;
using capture::test::RandomLog;

namespace {

using Log = std::map<event::Partition, std::vector<MadeEvent>>;

Log eventsOf(const RandomLog& made)
{
    Log log;
    for (const auto& batch : made.loads().front()) {
        for (const MadeEvent& event : batch.events) log[event.partition].push_back(event);
    }
    return log;
}

/// The partitions in pieces that take turns, as they would arrive.
MadeLoad toLoad(const Log& log, std::size_t batchEvents = 50)
{
    MadeLoad load;
    std::map<event::Partition, std::size_t> taken;
    for (bool more = true; more;) {
        more = false;
        for (const auto& [partition, events] : log) {
            std::size_t& from = taken[partition];
            if (from == events.size()) continue;
            const std::size_t upTo = std::min(events.size(), from + batchEvents);
            capture::test::MadeBatch batch;
            batch.events.assign(events.begin() + static_cast<std::ptrdiff_t>(from),
                                events.begin() + static_cast<std::ptrdiff_t>(upTo));
            batch.cut = "0:" + std::to_string(load.size());
            load.push_back(std::move(batch));
            from = upTo;
            more = true;
        }
    }
    return load;
}

/// Parts of the log that together are all of it and have something in common.
std::vector<Log> overlapping(const Log& log, std::size_t pieces, Random& random)
{
    std::vector<Log> out(pieces);
    for (const auto& [partition, events] : log) {
        for (std::size_t piece = 0; piece < pieces; ++piece) {
            const std::size_t size = events.size();
            std::size_t from = size * piece / pieces;
            std::size_t upTo = size * (piece + 1) / pieces;
            from -= random.below(from + 1) / 2;
            upTo += random.below(size - upTo + 1) / 2;
            if (from == upTo) continue;
            out[piece][partition].assign(events.begin() + static_cast<std::ptrdiff_t>(from),
                                         events.begin() + static_cast<std::ptrdiff_t>(upTo));
        }
    }
    return out;
}

std::string captured(const Folder& folder, const std::string& name, const Log& log)
{
    capture::test::capture(folder.path(name), {toLoad(log)});
    return folder.path(name);
}

struct Opened {
    explicit Opened(const std::vector<std::string>& paths)
    {
        for (const std::string& path : paths) {
            readers.push_back(capture::test::opened(path));
            inputs.push_back({readers.back().get(), QString::fromStdString(path).section('/', -1).toStdString(), {}});
        }
    }
    [[nodiscard]] base::Result<MergeSummary> merge(const std::string& path, std::stop_token stop = {},
                                                   const MergeProgress& progress = {}) const
    {
        MergeOptions options;
        options.path = path;
        options.mapping = mapping;
        return mergeCaptures(inputs, options, std::move(stop), progress);
    }
    std::vector<std::unique_ptr<capture::Reader>> readers;
    std::vector<MergeInput> inputs;
    decode::Mapping mapping;
};

std::string linesAt(const std::string& path)
{
    const auto reader = capture::test::opened(path);
    return must(capture::test::linesOf(*reader));
}

std::string identityAt(const std::string& path)
{
    return base::toHex(must(capture::test::opened(path)->identity()));
}

QStringList filesIn(const Folder& folder)
{
    return QDir(QString::fromStdString(folder.path())).entryList(QDir::Files | QDir::Hidden);
}

LogShape shape(std::size_t events)
{
    LogShape shape;
    shape.partitions = 4;
    shape.events = events;
    return shape;
}

/// Lines of a local file: offsets from 0 on.
Log file(const std::string& topic, int lines, int first)
{
    Log log;
    for (int i = 0; i < lines; ++i) {
        MadeEvent event;
        event.partition = {topic, 0};
        event.offset = i;
        event.value = R"({"id":"a","at":"2020-01-01T00:00:00Z","n":)" + std::to_string(first + i) + "}";
        log[event.partition].push_back(event);
    }
    return log;
}

} // namespace

class MergeTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void piecesAreTheWhole_data();
    void piecesAreTheWhole();
    void largePiecesAreTheWhole();
    void contradictionsAreListedAndTheFirstIsKept();
    void twoLogsOfOneNameAreToldApart_data();
    void twoLogsOfOneNameAreToldApart();
    void mappingsHaveToAgreeOrBeGiven();
    void problemsComeAlong();
    void nothingIsReplaced();
    void aRenameOfNothingIsRefused();
    void aStopLeavesNothing();
    void damageIsSaid();

private:
    unsigned m_seed = 0;
};

void MergeTest::piecesAreTheWhole_data()
{
    QTest::addColumn<int>("pieces");
    for (const int pieces : {2, 3, 7}) QTest::addRow("%d pieces", pieces) << pieces;
}

void MergeTest::piecesAreTheWhole()
{
    QFETCH(int, pieces);
    Random random(m_seed);
    for (unsigned round = 0; round < 4; ++round) {
        const Folder folder;
        const Log log = eventsOf(RandomLog(m_seed + round, shape(1500)));
        const std::string whole = captured(folder, "whole", log);
        std::vector<std::string> paths;
        std::uint64_t events = 0;
        for (const Log& piece : overlapping(log, static_cast<std::size_t>(pieces), random)) {
            paths.push_back(captured(folder, "piece" + std::to_string(paths.size()), piece));
            events += capture::test::opened(paths.back())->catalog().eventCount();
        }
        std::shuffle(paths.begin(), paths.end(), std::mt19937(m_seed));
        const MergeSummary summary = must(Opened(paths).merge(folder.path("merged")));
        QCOMPARE(base::toHex(summary.identity), identityAt(whole));
        QCOMPARE(identityAt(folder.path("merged")), identityAt(whole));
        QVERIFY(linesAt(folder.path("merged")) == linesAt(whole));
        QCOMPARE(summary.events, std::uint64_t{1500});
        QCOMPARE(summary.events + summary.shared, events);
        QVERIFY(summary.shared > 0);
        QCOMPARE(summary.contradictionCount, 0U);
        QVERIFY(capture::test::opened(folder.path("merged"))->catalog().loads().back().complete);
    }
}

void MergeTest::largePiecesAreTheWhole()
{
    Random random(m_seed);
    const Folder folder;
    LogShape large = shape(30'000);
    large.partitions = 2;
    const Log log = eventsOf(RandomLog(m_seed, large));
    const std::string whole = captured(folder, "whole", log);
    std::vector<std::string> paths;
    for (const Log& piece : overlapping(log, 2, random))
        paths.push_back(captured(folder, "piece" + std::to_string(paths.size()), piece));
    std::uint64_t last = 0;
    std::uint64_t all = 0;
    (void)must(Opened(paths).merge(folder.path("merged"), {}, [&](std::uint64_t done, std::uint64_t total) {
        if (done < last || done > total) qFatal("progress goes back");
        last = done;
        all = total;
    }));
    QCOMPARE(last, all);
    QCOMPARE(identityAt(folder.path("merged")), identityAt(whole));
    QVERIFY(linesAt(folder.path("merged")) == linesAt(whole));
}

void MergeTest::contradictionsAreListedAndTheFirstIsKept()
{
    Random random(m_seed);
    const Folder folder;
    const Log log = eventsOf(RandomLog(m_seed, shape(1500)));
    Log other = log;
    std::vector<event::Position> expected;
    for (auto& [partition, events] : other) {
        for (std::size_t i = 1; i < events.size(); ++i) {
            if (!random.oneIn(9)) continue;
            events[i].value = events[i].value.value_or("") + " ";
            expected.push_back(events[i].position());
        }
    }
    const Opened opened({captured(folder, "first", log), captured(folder, "second", other)});
    const MergeSummary summary = must(opened.merge(folder.path("merged")));
    QCOMPARE(summary.contradictionCount, expected.size());
    QCOMPARE(summary.shared, 1500 - expected.size());
    QCOMPARE(identityAt(folder.path("merged")), identityAt(folder.path("first")));
    std::vector<event::Position> listed;
    for (const Contradiction& each : summary.contradictions) {
        QVERIFY(each.kept == 0 && each.left == 1);
        listed.push_back(each.position);
    }
    QVERIFY(listed == expected);
    std::vector<event::Position> stored;
    for (const auto& row : must(capture::test::opened(folder.path("merged"))->storedProblems())) {
        QVERIFY(row.problem.error.code == base::ErrorCode::Contradiction);
        stored.push_back(row.problem.position);
    }
    std::ranges::sort(stored);
    QVERIFY(stored == expected);
}

void MergeTest::twoLogsOfOneNameAreToldApart_data()
{
    QTest::addColumn<int>("lines");
    for (const int lines : {1, 3, 100, 20'000}) QTest::addRow("%d lines", lines) << lines;
}

void MergeTest::twoLogsOfOneNameAreToldApart()
{
    QFETCH(int, lines);
    const Folder folder;
    const std::string berlin = captured(folder, "berlin", file("shop", lines, 0));
    const std::string paris = captured(folder, "paris", file("shop", lines + 5, 1'000'000));
    Opened opened({berlin, paris});
    const auto refused = opened.merge(folder.path("merged"));
    QCOMPARE(failureOf(refused), QString("different-logs"));
    QVERIFY(base::render(refused.error()).find("--rename paris:shop=NEWNAME") != std::string::npos);
    QVERIFY(!filesIn(folder).filter("merged").size());
    opened.inputs[1].topics["shop"] = "shop-paris";
    const MergeSummary summary = must(opened.merge(folder.path("merged")));
    QCOMPARE(summary.events, static_cast<std::uint64_t>(2 * lines + 5));
    Log both = file("shop", lines, 0);
    both.merge(file("shop-paris", lines + 5, 1'000'000));
    QCOMPARE(base::toHex(summary.identity), identityAt(captured(folder, "both", both)));
}

void MergeTest::mappingsHaveToAgreeOrBeGiven()
{
    const Folder folder;
    capture::WriterOptions options = capture::test::madeOptions();
    capture::test::capture(folder.path("a"), {toLoad(file("a", 20, 0))}, options);
    options.mapping.id = must(decode::parseFieldRef("/n"));
    capture::test::capture(folder.path("b"), {toLoad(file("b", 20, 0))}, options);
    Opened opened({folder.path("a"), folder.path("b")});
    const auto refused = opened.merge(folder.path("merged"));
    QCOMPARE(failureOf(refused), QString("mappings-differ"));
    QVERIFY(base::render(refused.error()).find("id /n") != std::string::npos);
    opened.mapping.id = must(decode::parseFieldRef("/n"));
    (void)must(opened.merge(folder.path("merged")));
    QVERIFY(capture::test::opened(folder.path("merged"))->catalog().mapping() == options.mapping);
}

void MergeTest::problemsComeAlong()
{
    const Folder folder;
    MadeLoad load = toLoad(file("a", 20, 0));
    event::Problem problem;
    problem.position.partition.topic = "a";
    problem.position.offset = {3};
    problem.error = base::Error{base::ErrorCode::SourceGap, {"a.jsonl"}, {}};
    load.front().problems.push_back(problem);
    capture::test::capture(folder.path("a"), {load});
    capture::test::capture(folder.path("copy"), {load});
    (void)must(Opened({folder.path("a"), folder.path("copy")}).merge(folder.path("merged")));
    const auto problems = must(capture::test::opened(folder.path("merged"))->storedProblems());
    QCOMPARE(problems.size(), std::size_t{1});
    QVERIFY(problems[0].problem == problem);
}

void MergeTest::nothingIsReplaced()
{
    const Folder folder;
    capture::test::write(folder.path("merged"), "precious");
    const auto outcome = Opened({captured(folder, "a", file("a", 5, 0)), captured(folder, "b", file("b", 5, 0))})
                             .merge(folder.path("merged"));
    QCOMPARE(failureOf(outcome), QString("capture-exists"));
    QCOMPARE(capture::test::bytesOf(folder.path("merged")), std::string("precious"));
}

void MergeTest::aRenameOfNothingIsRefused()
{
    const Folder folder;
    Opened opened({captured(folder, "a", file("a", 5, 0)), captured(folder, "b", file("b", 5, 0))});
    opened.inputs[1].topics["nothing"] = "something";
    QCOMPARE(failureOf(opened.merge(folder.path("merged"))), QString("bad-argument"));
    opened.inputs[1].topics = {{"b", "b[1]"}};
    QCOMPARE(failureOf(opened.merge(folder.path("merged"))), QString("bad-partition"));
}

void MergeTest::aStopLeavesNothing()
{
    const Folder folder;
    const Opened opened({captured(folder, "a", file("a", 9'000, 0)), captured(folder, "b", file("b", 9'000, 0))});
    const QStringList before = filesIn(folder);
    for (int after = 0; after < 4; ++after) {
        std::stop_source stop;
        int calls = 0;
        if (after == 0) stop.request_stop();
        const auto outcome = opened.merge(folder.path("merged"), stop.get_token(), [&](std::uint64_t, std::uint64_t) {
            if (++calls == after) stop.request_stop();
        });
        QCOMPARE(failureOf(outcome), QString("cancelled"));
        QCOMPARE(filesIn(folder), before);
    }
}

void MergeTest::damageIsSaid()
{
    const Folder folder;
    const std::string a = captured(folder, "a", file("a", 500, 0));
    const std::string b = captured(folder, "b", file("b", 500, 0));
    must(must(base::Database::open(a, base::Database::Mode::ReadWrite))
             ->execute("UPDATE payload SET data = zeroblob(length(data)) WHERE id = 1"));
    const QStringList before = filesIn(folder);
    QCOMPARE(failureOf(Opened({a, b}).merge(folder.path("merged"))), QString("damaged-events"));
    QCOMPARE(filesIn(folder), before);
}

QTEST_GUILESS_MAIN(MergeTest)
#include "merge_test.moc"
