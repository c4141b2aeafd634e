// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/debezium.h"
#include "core/replay/run.h"
#include "core/replay/summary.h"
#include "core/snapshot/snapshot.h"
#include "tests/replay/made_states.h"

#include <QTest>

#include <set>

using namespace leftfold;
using namespace leftfold::replay::test;
using capture::test::MadeBatch;
using capture::test::MadeEvent;
using capture::test::MadeLoad;
using replay::Replayer;

namespace {

using Rows = std::map<std::string, std::string>; ///< by id: the row as JSON

/// A database of a few tables and the log of its changes, a partition a table; some of it as Debezium writes it, some as
/// Canal does, with several rows an event.
class MadeDatabase {
public:
    MadeDatabase(unsigned seed, std::size_t events) : m_random(seed)
    {
        while (m_count < events) change(m_random.below(kTables));
    }

    static constexpr std::size_t kTables = 3;
    static std::string topic(std::size_t table) { return "srv.public.t" + std::to_string(table); }

    /// The log in two loads.
    [[nodiscard]] std::vector<MadeLoad> loads() const
    {
        std::vector<MadeLoad> loads(2);
        for (std::size_t i = 0; i < m_events.size(); ++i) {
            MadeBatch batch;
            batch.events.push_back(m_events[i]);
            MadeLoad& load = loads[i < m_events.size() / 2 ? 0 : 1];
            batch.cut = std::to_string(&load - loads.data()) + ":" + std::to_string(load.size());
            load.push_back(std::move(batch));
        }
        return loads;
    }
    /// The rows of a table after so many of its events.
    [[nodiscard]] const Rows& rows(std::size_t table, std::uint64_t events) const { return m_history[table][events]; }
    [[nodiscard]] const std::set<std::string>& ids() const { return m_ids; }

private:
    struct Change {
        std::optional<std::string> value;
        std::optional<std::string> key;
    };

    void change(std::size_t table)
    {
        if (table == 2) return changeSeveral(table);
        Rows& rows = m_tables[table];
        const std::string id = std::to_string(m_random.below(12));
        const std::string name = idOf(table, id);
        if (m_random.oneIn(25)) {
            rows.clear();
            return add(table, {event("t", table, "null"), std::nullopt});
        }
        if (m_random.oneIn(20)) return add(table, {R"({"op":"m","source":{},"message":{}})", std::nullopt});
        if (rows.contains(name) && m_random.oneIn(3)) {
            rows.erase(name);
            add(table, {event("d", table, "null"), keyOf(id)});
            if (m_random.oneIn(2)) add(table, {std::nullopt, keyOf(id)});
            return;
        }
        const std::string row = R"({"id":)" + id + R"(,"n":)" + std::to_string(m_random.below(1000)) + "}";
        const std::string op = rows.contains(name) ? "u" : "c";
        rows[name] = row;
        add(table, {event(op, table, row), keyOf(id)});
    }

    void changeSeveral(std::size_t table)
    {
        Rows& rows = m_tables[table];
        std::string data;
        for (std::uint64_t count = 1 + m_random.below(4); count > 0; --count) {
            const std::string id = std::to_string(m_random.below(9));
            const std::string row = R"({"id":")" + id + R"(","n":")" + std::to_string(m_random.below(1000)) + "\"}";
            data += (data.empty() ? "" : ",") + row;
            rows[idOf(table, id)] = row;
        }
        add(table, {R"({"database":"srv.public","table":"t2","isDdl":false,"pkNames":["id"],"type":"INSERT","data":[)"
                        + data + "]}",
                    std::nullopt});
    }

    static std::string idOf(std::size_t table, const std::string& key) { return topic(table) + "/" + key; }
    static std::string keyOf(const std::string& id) { return R"({"id":)" + id + "}"; }
    static std::string event(const std::string& op, std::size_t table, const std::string& after)
    {
        return R"({"op":")" + op + R"(","before":null,"after":)" + after
               + R"(,"source":{"connector":"postgresql","name":"srv","schema":"public","table":"t)"
               + std::to_string(table) + "\"}}";
    }

    void add(std::size_t table, Change change)
    {
        MadeEvent event;
        event.partition = {topic(table), 0};
        event.offset = static_cast<std::int64_t>(m_history[table].size() - 1);
        event.value = std::move(change.value);
        event.key = std::move(change.key);
        event.time = event.timestamp = base::Time{1'700'000'000 + static_cast<std::int64_t>(m_count++), 0};
        event.timestampType = event::TimestampType::Create;
        m_events.push_back(std::move(event));
        m_history[table].push_back(m_tables[table]);
        for (const auto& [id, row] : m_tables[table]) m_ids.insert(id);
    }

    capture::test::Random m_random;
    std::size_t m_count = 0;
    std::array<Rows, kTables> m_tables;
    std::array<std::vector<Rows>, kTables> m_history = {std::vector<Rows>(1), std::vector<Rows>(1),
                                                        std::vector<Rows>(1)};
    std::vector<MadeEvent> m_events;
    std::set<std::string> m_ids;
};

/// The rows that a snapshot tells, in its order.
class RowConsumer : public snapshot::Consumer {
    struct RowShare : snapshot::Share {
        void add(base::ByteView id, fold::Folder& folder, const fold::State& state) override
        {
            rows.emplace_back(id, toJson(folder.read(state).root()));
        }
        std::vector<std::pair<std::string, std::string>> rows;
    };

public:
    std::unique_ptr<snapshot::Share> makeShare(snapshot::Share* /*sibling*/) override
    {
        return std::make_unique<RowShare>();
    }
    base::Result<void> take(snapshot::Share& share) override
    {
        for (auto& row : static_cast<RowShare&>(share).rows) rows.insert(std::move(row));
        return {};
    }
    Rows rows;
};

capture::WriterOptions options(const std::string& indexFolder)
{
    capture::WriterOptions options;
    options.mapping.id = decode::ChangedRow{};
    options.source = "made";
    options.indexFolder = indexFolder;
    options.indexFields = {decode::ChangedRow{}};
    return options;
}

} // namespace

/// A log of changes folded is the database it was made of, at any moment, however it is folded.
class RowsTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void statesAreTheDatabase_data();
    void statesAreTheDatabase();
    void anIndexGrowsAsOneMadeAtOnce();
    void runsOverRowsFindTheSameInBothWays();
    void aTruncateBelongsToAllRowsOfItsTableThatWereThere();
    void rowsOfOneEventCountWhereRowsSpanPartitions();

private:
    unsigned m_seed = 0;
};

void RowsTest::statesAreTheDatabase_data()
{
    QTest::addColumn<unsigned>("workers");
    QTest::addColumn<unsigned>("atOnce");
    QTest::newRow("one worker") << 1U << 1000U;
    QTest::newRow("three workers") << 3U << 1000U;
    QTest::newRow("three workers, few at once") << 3U << 7U;
}

void RowsTest::statesAreTheDatabase()
{
    QFETCH(unsigned, workers);
    QFETCH(unsigned, atOnce);
    const MadeDatabase database(m_seed, 500);
    const Folder folder;
    capture::test::capture(folder.path("a.lflog"), database.loads(), options({}));
    const auto reader = capture::test::opened(folder.path("a.lflog"));
    const auto index = must(capture::KeyIndex::open(*reader, decode::ChangedRow{}, 2, {}, {}));
    QCOMPARE(index->withoutKey(), 0U);
    const replay::Projection projection{index, fold::debeziumFold()};
    const auto checkpoints = std::make_shared<replay::Checkpoints>();
    Replayer replayer(*reader, {index, std::make_shared<SlowFold>(fold::debeziumFold(), std::chrono::milliseconds(1))},
                      checkpoints);
    Random random(m_seed);
    for (int round = 0; round < 25; ++round) {
        capture::OrdinalCut cut;
        if (random.oneIn(2)) cut = must(reader->catalog().prefix(random.below(reader->catalog().eventCount() + 1)));
        while (cut.next.size() < reader->catalog().partitions().size())
            cut.next.push_back(
                random.below(reader->catalog().eventsOf(static_cast<std::uint32_t>(cut.next.size())) + 1));
        Rows expected;
        for (std::size_t table = 0; table < MadeDatabase::kTables; ++table) {
            const auto partition = must(reader->catalog().numberOf({MadeDatabase::topic(table), 0}));
            expected.insert(database.rows(table, cut.next[partition]).begin(),
                            database.rows(table, cut.next[partition]).end());
        }
        RowConsumer consumer;
        must(snapshot::foldAll(*reader, projection, cut, {workers, atOnce}, {}, {}, consumer));
        QVERIFY(consumer.rows == expected);
        for (int i = 0; i < 8; ++i) {
            const auto id =
                std::next(database.ids().begin(), static_cast<std::ptrdiff_t>(random.below(database.ids().size())));
            const auto row = expected.find(*id);
            QCOMPARE(text(textOf(must(replayer.stateAt(*id, cut, {})))),
                     text(row == expected.end() ? "(none)" : row->second));
        }
    }
    QVERIFY(replayer.effort().checkpointsRestored > 0);
}

void RowsTest::anIndexGrowsAsOneMadeAtOnce()
{
    const MadeDatabase database(m_seed, 300);
    const Folder folder;
    const auto all = database.loads();
    const std::vector<MadeLoad> first(all.begin(), all.begin() + 1);
    const auto indexed = options(folder.path("indexes"));
    capture::test::capture(folder.path("a.lflog"), first, indexed);
    must(capture::KeyIndex::open(*capture::test::opened(folder.path("a.lflog"), folder.path("indexes")),
                                 decode::ChangedRow{}, 2, {}, {}));
    const auto writer = must(capture::Writer::resume(folder.path("a.lflog"), indexed));
    capture::test::appendFrom(*writer, all);
    must(writer->close());
    const auto reader = capture::test::opened(folder.path("a.lflog"), folder.path("indexes"));
    const auto grown = must(capture::KeyIndex::open(*reader, decode::ChangedRow{}, 2, {}, {}));
    const auto fresh =
        must(capture::KeyIndex::open(*capture::test::opened(folder.path("a.lflog")), decode::ChangedRow{}, 1, {}, {}));
    QVERIFY(must(capture::test::postingsOf(*grown)) == must(capture::test::postingsOf(*fresh)));
    QCOMPARE(grown->withoutKey(), fresh->withoutKey());
    QCOMPARE(grown->broadcastsIn(0, UINT32_MAX).size(), fresh->broadcastsIn(0, UINT32_MAX).size());
    for (std::size_t i = 0; i < grown->broadcastsIn(0, UINT32_MAX).size(); ++i) {
        const auto a = grown->broadcastsIn(0, UINT32_MAX)[i];
        const auto b = fresh->broadcastsIn(0, UINT32_MAX)[i];
        QCOMPARE(a.event, b.event);
        QCOMPARE(grown->prefixOf(a.to), fresh->prefixOf(b.to));
    }
}

/// Events of a whole table, and of several rows, are seen by each of them.
void RowsTest::runsOverRowsFindTheSameInBothWays()
{
    const MadeDatabase database(m_seed, 900);
    const Folder folder;
    capture::test::capture(folder.path("a.lflog"), database.loads(), options({}));
    const auto reader = capture::test::opened(folder.path("a.lflog"));
    const auto index = must(capture::KeyIndex::open(*reader, decode::ChangedRow{}, 2, {}, {}));
    const replay::Projection projection{index, fold::debeziumFold()};
    const auto order = must(replay::PlayOrder::over(reader->catalog(), reader->catalog().end()));
    Random random(m_seed);
    std::size_t several = 0;
    int swept = 0;
    for (int round = 0; round < 30; ++round) {
        const std::string text =
            random.oneIn(3) ? "log changes /n" : "becomes /n > " + std::to_string(random.below(999));
        const std::vector<replay::Breakpoint> breakpoints{must(replay::parseBreakpoint(text)),
                                                          must(replay::parseBreakpoint("log fails changes /n"))};
        const std::uint64_t at = random.below(order.size() + 1);
        for (const auto direction : {replay::Direction::Forward, replay::Direction::Back}) {
            std::vector<std::vector<replay::Hit>> logged(2);
            std::vector<replay::RunEnd> ends;
            for (const auto way : {replay::RunOptions::Way::Walk, replay::RunOptions::Way::Sweep}) {
                replay::RunOptions options;
                options.workers = 3;
                options.way = way;
                options.maxAggregatesAtOnce = random.oneIn(2) ? 7 : 1000;
                options.log = [&](const replay::Hit& hit) -> base::Result<void> {
                    logged[ends.size()].push_back(hit);
                    return {};
                };
                ends.push_back(must(replay::run(*reader, projection, order, at, direction, breakpoints, options, {})));
            }
            QVERIFY(ends[0].place == ends[1].place);
            QVERIFY(ends[0].hits == ends[1].hits);
            QVERIFY(logged[0] == logged[1]);
            QVERIFY(ends[0].readings == 0);
            swept += ends[1].readings > 0; // not where a run begins at its end
            for (std::size_t i = 1; i < logged[1].size(); ++i) several += logged[1][i].event == logged[1][i - 1].event;
        }
    }
    QVERIFY(several > 20);
    QVERIFY(swept > 40);
}

void RowsTest::aTruncateBelongsToAllRowsOfItsTableThatWereThere()
{
    const auto made = [](std::int64_t offset, const std::string& op, const std::string& table, const std::string& id) {
        MadeEvent event;
        event.partition = {"all", 0};
        event.offset = offset;
        event.value = R"({"op":")" + op + R"(","after":)" + (id.empty() ? "null" : R"({"id":)" + id + "}")
                      + R"(,"source":{"table":")" + table + "\"}}";
        return event;
    };
    MadeBatch batch;
    batch.events = {made(0, "c", "a", "1"), made(1, "t", "a", ""), made(2, "c", "a", "2"), made(3, "c", "ab", "1"),
                    made(4, "t", "a", "")};
    batch.cut = "0:0";
    const Folder folder;
    capture::test::capture(folder.path("a.lflog"), {{batch}}, options({}));
    const auto reader = capture::test::opened(folder.path("a.lflog"));
    const auto index = must(capture::KeyIndex::open(*reader, decode::ChangedRow{}, 1, {}, {}));
    Replayer replayer(*reader, {index, fold::debeziumFold()}, nullptr);
    const auto own = [&](const std::string& id) {
        std::vector<std::uint64_t> events;
        const auto found = must(replayer.ownEvents(id, reader->catalog().end()));
        for (const event::EventIndex each : *found) events.push_back(each.value);
        return events;
    };
    QVERIFY((own("a/1") == std::vector<std::uint64_t>{0, 1, 4}));
    QVERIFY((own("a/2") == std::vector<std::uint64_t>{2, 4}));
    QVERIFY((own("ab/1") == std::vector<std::uint64_t>{3}));
    QCOMPARE(must(replayer.stateAt("a/1", reader->catalog().end(), {}))->eventsInLog, 3U);
}

void RowsTest::rowsOfOneEventCountWhereRowsSpanPartitions()
{
    const auto made = [](const std::string& topic, const std::string& rows) {
        MadeEvent event;
        event.partition = {topic, 0};
        event.value =
            R"({"database":"d","table":"t","isDdl":false,"pkNames":["id"],"type":"INSERT","data":[)" + rows + "]}";
        MadeBatch batch;
        batch.events = {event};
        batch.cut = "0:0";
        return batch;
    };
    const Folder folder;
    const MadeLoad load = {made("a", R"({"id":1},{"id":2},{"id":3})"), made("b", R"({"id":4},{"id":3})")};
    capture::test::capture(folder.path("a.lflog"), {load}, options({}));
    const auto reader = capture::test::opened(folder.path("a.lflog"));
    const auto index = must(capture::KeyIndex::open(*reader, decode::ChangedRow{}, 1, {}, {}));
    QCOMPARE(must(replay::aggregatesSpanningPartitions(reader->catalog(), *index, {})), 1U);
}

QTEST_GUILESS_MAIN(RowsTest)
#include "rows_test.moc"
