// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/snapshot.h"

#include "core/event/canonical.h"
#include "core/snapshot/filtered.h"
#include "tests/replay/made_states.h"

#include <QTest>

#include <atomic>
#include <numeric>

using namespace leftfold;
using namespace leftfold::snapshot;
using namespace leftfold::replay::test;

namespace {

/// Many aggregates of about the same size, in enough blocks for every worker.
LogShape wideShape(std::size_t events = 40'000)
{
    LogShape shape;
    shape.partitions = 4;
    shape.loads = 2;
    shape.events = events;
    shape.ids = events / 20;
    shape.batchEvents = 700;
    shape.hot = false;
    return shape;
}

struct Opened {
    explicit Opened(const std::string& path)
        : reader(capture::test::opened(path)),
          index(capture::test::indexById(*reader))
    {}
    [[nodiscard]] HashedSnapshot hash(const QString& fold, const capture::OrdinalCut& cut,
                                      const SnapshotOptions& options) const
    {
        return must(hashAll(*reader, {index, must(fold::builtInFold(fold.toStdString()))}, cut, options, {}, {}));
    }
    [[nodiscard]] std::string hashAtEnd() const { return base::toHex(hash("tally", reader->catalog().end(), {}).hash); }

    std::unique_ptr<capture::Reader> reader;
    std::shared_ptr<const capture::KeyIndex> index;
};

/// Each state as told, with the order of ids.
class Listing : public Consumer {
public:
    struct Part : Share {
        void add(base::ByteView id, fold::Folder& folder, const fold::State& state) override
        {
            rows.emplace_back(std::string(id), toJson(folder.read(state).root()));
        }
        std::vector<std::pair<std::string, std::string>> rows;
    };
    std::unique_ptr<Share> makeShare(Share* /*sibling*/) override { return std::make_unique<Part>(); }
    base::Result<void> take(Share& share) override
    {
        auto& part = static_cast<Part&>(share).rows;
        rows.insert(rows.end(), part.begin(), part.end());
        largestShare = std::max(largestShare, part.size());
        if (failAt && rows.size() >= *failAt) return base::fail(base::ErrorCode::DiskFull, "x");
        return {};
    }

    std::vector<std::pair<std::string, std::string>> rows;
    std::size_t largestShare = 0;
    std::optional<std::size_t> failAt;
};

/// The same values with their members in another order. REQUIRES: made values, which hold no comma inside.
std::vector<capture::test::MadeLoad> permuted(std::vector<capture::test::MadeLoad> loads, unsigned seed)
{
    std::mt19937 random(seed);
    for (auto& load : loads) {
        for (auto& batch : load) {
            for (auto& event : batch.events) {
                if (!event.value || !event.decodable) continue;
                QStringList members = text(*event.value).sliced(1).chopped(1).split(',');
                std::shuffle(members.begin(), members.end(), random);
                event.value = "{" + members.join(", ").toStdString() + "}";
            }
        }
    }
    return loads;
}

std::uint64_t sum(const std::vector<std::uint64_t>& numbers)
{
    return std::accumulate(numbers.begin(), numbers.end(), std::uint64_t{0});
}

} // namespace

class SnapshotTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void anyNumberOfWorkersGivesTheSame();
    void severalPassesGiveTheSame();
    void piecesAndCrashesGiveTheSame();
    void permutedMembersGiveTheSameLatest();
    void everyStateIsTheReplayers_data();
    void everyStateIsTheReplayers();
    void theHashIsTheSumOfItsParts();
    void anEmptyCutHasNothing();
    void damagedEventsAreCounted();
    void progressEndsAtAll();
    void itStops_data();
    void itStops();
    void itStopsWhileStatesAreTold_data() { itStops_data(); }
    void itStopsWhileStatesAreTold();
    void onlyFilteredAggregatesAreHandedOn();
    void theConsumersErrorEndsIt();

private:
    unsigned m_seed = 0;
};

void SnapshotTest::anyNumberOfWorkersGivesTheSame()
{
    const Made made(m_seed, wideShape());
    const Opened log(made.path());
    const std::uint64_t total = made.order().size() - log.index->withoutKey();
    for (const QString fold : {"latest", "tally"}) {
        const std::string expected = base::toHex(log.hash(fold, log.reader->catalog().end(), {.workers = 1}).hash);
        for (const unsigned workers : {1U, 2U, 8U}) {
            const HashedSnapshot snapshot = log.hash(fold, log.reader->catalog().end(), {.workers = workers});
            QCOMPARE(base::toHex(snapshot.hash), expected);
            QCOMPARE(snapshot.summary.eventsFolded.size(), std::size_t{workers});
            QCOMPARE(sum(snapshot.summary.eventsFolded), total);
            for (const std::uint64_t folded : snapshot.summary.eventsFolded) QVERIFY(folded >= total / workers / 10);
            QCOMPARE(snapshot.summary.passes, 1U);
            if (fold == "tally") QCOMPARE(snapshot.summary.aggregates, std::uint64_t{log.index->size()});
        }
    }
}

void SnapshotTest::severalPassesGiveTheSame()
{
    Random random(m_seed);
    const Made made(m_seed, wideShape(6000));
    const Opened log(made.path());
    const std::uint32_t aggregates = log.index->size();
    for (int i = 0; i < 6; ++i) {
        const capture::OrdinalCut cut = i == 0 ? log.reader->catalog().end() : made.randomCut(random);
        const HashedSnapshot whole = log.hash("tally", cut, {});
        for (const std::uint32_t atOnce : {1U + aggregates / 7, aggregates - 1, aggregates, aggregates + 1}) {
            const HashedSnapshot parts = log.hash("tally", cut, {.workers = 3, .maxAggregatesAtOnce = atOnce});
            QCOMPARE(base::toHex(parts.hash), base::toHex(whole.hash));
            QCOMPARE(parts.summary.aggregates, whole.summary.aggregates);
            QCOMPARE(sum(parts.summary.eventsFolded), sum(whole.summary.eventsFolded));
            if (cut.events() > 0) QCOMPARE(parts.summary.passes, (aggregates + atOnce - 1) / atOnce);
        }
    }
}

void SnapshotTest::piecesAndCrashesGiveTheSame()
{
    Random random(m_seed);
    const RandomLog log(m_seed, wideShape(8000));
    const Folder folder;
    capture::test::capture(folder.path("whole"), log.loads());
    const std::string expected = Opened(folder.path("whole")).hashAtEnd();
    const std::size_t pieces = capture::test::captureInSessions(folder.path("pieces"), log.loads(), random, 10, true);
    const std::size_t crashes =
        capture::test::captureInSessions(folder.path("crashes"), log.loads(), random, 10, false);
    QVERIFY(pieces >= 5 && crashes >= 5);
    QCOMPARE(Opened(folder.path("pieces")).hashAtEnd(), expected);
    QCOMPARE(Opened(folder.path("crashes")).hashAtEnd(), expected);
}

void SnapshotTest::permutedMembersGiveTheSameLatest()
{
    const RandomLog log(m_seed, wideShape(4000));
    const Folder folder;
    capture::test::capture(folder.path("a"), log.loads());
    capture::test::capture(folder.path("b"), permuted(log.loads(), m_seed));
    const Opened a(folder.path("a"));
    const Opened b(folder.path("b"));
    QVERIFY(must(a.reader->identity()) != must(b.reader->identity()));
    QCOMPARE(base::toHex(a.hash("latest", a.reader->catalog().end(), {}).hash),
             base::toHex(b.hash("latest", b.reader->catalog().end(), {}).hash));
    QCOMPARE(a.hashAtEnd(), b.hashAtEnd());

    auto changed = log.loads();
    for (auto& event : changed.back().back().events) event.value = R"({"id":"agg-1","n":-1})";
    capture::test::capture(folder.path("c"), changed);
    const Opened c(folder.path("c"));
    QVERIFY(c.hash("latest", c.reader->catalog().end(), {}).hash
            != a.hash("latest", a.reader->catalog().end(), {}).hash);
}

void SnapshotTest::everyStateIsTheReplayers_data()
{
    QTest::addColumn<QString>("fold");
    QTest::newRow("latest") << "latest";
    QTest::newRow("tally") << "tally";
}

void SnapshotTest::everyStateIsTheReplayers()
{
    QFETCH(QString, fold);
    Random random(m_seed);
    LogShape shape = wideShape(5000);
    shape.hot = true;
    const Made made(m_seed, shape);
    const replay::Projection projection{made.index(), must(fold::builtInFold(fold.toStdString()))};
    replay::Replayer replayer(made.reader(), projection, std::make_shared<replay::Checkpoints>());
    int others = 0;
    for (int i = 0; i < 8; ++i) {
        const capture::OrdinalCut cut = made.randomCut(random);
        Listing listing;
        const auto summary =
            must(foldAll(made.reader(), projection, cut,
                         {.workers = 4, .maxAggregatesAtOnce = i % 2 == 0 ? 60U : 1U << 17}, {}, {}, listing));
        std::map<std::string, std::string> expected;
        for (std::uint32_t key = 0; key < made.index()->size(); ++key) {
            const std::string id(must(made.index()->text(key)));
            const auto state = must(replayer.stateAt(id, cut, {}));
            if (state->document) expected[id] = textOf(state);
        }
        QCOMPARE(summary.aggregates, expected.size());
        QVERIFY(std::ranges::equal(listing.rows, expected, [](const auto& a, const auto& b) {
            return a.first == b.first && a.second == b.second;
        }));
        if (i % 2 == 0) QVERIFY(listing.largestShare <= 60);
        others += !made.isPrefix(cut);
    }
    QVERIFY(others > 0);
}

void SnapshotTest::theHashIsTheSumOfItsParts()
{
    const Made made(m_seed, wideShape(2000));
    const Opened log(made.path());
    Listing listing;
    (void)must(foldAll(made.reader(), {made.index(), fold::tallyFold()}, made.catalog().end(), {}, {}, {}, listing));
    base::Hash256 expected{};
    for (const auto& [id, state] : listing.rows) {
        std::string bytes;
        for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(id.size() >> shift);
        expected = base::addModulo(
            expected, base::sha256(bytes + id + event::canonicalJson(must(event::Document::parse(state)).root())));
    }
    QCOMPARE(log.hashAtEnd(), base::toHex(expected));
}

void SnapshotTest::anEmptyCutHasNothing()
{
    const Made made(m_seed, wideShape(500));
    const Opened log(made.path());
    const HashedSnapshot nothing = log.hash("tally", must(log.reader->catalog().prefix(0)), {.workers = 3});
    QCOMPARE(base::toHex(nothing.hash), std::string(64, '0'));
    QCOMPARE(nothing.summary.aggregates, 0U);
    QCOMPARE(nothing.summary.eventsFolded, std::vector<std::uint64_t>(3, 0));
}

void SnapshotTest::damagedEventsAreCounted()
{
    const Made made(m_seed, wideShape(6000));
    must(must(base::Database::open(made.path(), base::Database::Mode::ReadWrite))
             ->execute("UPDATE payload SET data = zeroblob(length(data)) WHERE id IN (2, 5)"));
    const auto reader = capture::test::opened(made.path());
    const auto lost =
        static_cast<std::uint64_t>(must(must(base::Database::open(made.path(), base::Database::Mode::Read))
                                            ->number("SELECT sum(count) FROM chunk WHERE id IN (2, 5)")));
    const replay::Projection projection{made.index(), fold::tallyFold()}; // an index from before the damage
    std::string expected;
    for (const unsigned workers : {1U, 4U}) {
        const auto snapshot = must(hashAll(*reader, projection, reader->catalog().end(),
                                           {.workers = workers, .maxAggregatesAtOnce = 100}, {}, {}));
        QCOMPARE(snapshot.summary.damagedEvents, lost);
        QVERIFY(snapshot.summary.passes > 1);
        if (expected.empty()) expected = base::toHex(snapshot.hash);
        QCOMPARE(base::toHex(snapshot.hash), expected);
    }
}

void SnapshotTest::progressEndsAtAll()
{
    const Made made(m_seed, wideShape(20'000));
    Listing listing;
    std::uint64_t last = 0;
    std::uint64_t all = 0;
    int calls = 0;
    const auto progress = [&](std::uint64_t done, std::uint64_t total) {
        if (done < last) qFatal("progress goes back");
        last = done;
        all = total;
        ++calls;
    };
    (void)must(foldAll(made.reader(), {made.index(), fold::tallyFold()}, made.catalog().end(),
                       {.workers = 2, .maxAggregatesAtOnce = 600}, {}, progress, listing));
    QVERIFY(calls > 4);
    QVERIFY(last <= all && last > all / 2);
    QCOMPARE(all, 2U * 20'000U);
}

void SnapshotTest::itStops_data()
{
    QTest::addColumn<unsigned>("workers");
    for (const unsigned workers : {1U, 2U, 8U}) QTest::addRow("%u workers", workers) << workers;
}

void SnapshotTest::itStops()
{
    QFETCH(unsigned, workers);
    const Made made(m_seed, wideShape(20'000));
    for (int after = 0; after < 4; ++after) {
        std::stop_source stop;
        int calls = 0;
        if (after == 0) stop.request_stop();
        Listing listing;
        const auto progress = [&](std::uint64_t, std::uint64_t) {
            if (++calls == after) stop.request_stop();
        };
        const auto outcome = foldAll(made.reader(), {made.index(), fold::tallyFold()}, made.catalog().end(),
                                     {.workers = workers}, stop.get_token(), progress, listing);
        QCOMPARE(failureOf(outcome), QString("cancelled"));
        QVERIFY(listing.rows.empty());
    }
}

/// Asks for a stop at the first state it is told, and counts them.
class StoppingConsumer : public Consumer {
    struct Part : Share {
        explicit Part(StoppingConsumer& whole) : consumer(whole) {}
        void add(base::ByteView, fold::Folder&, const fold::State&) override
        {
            ++consumer.told;
            consumer.stop.request_stop();
        }
        StoppingConsumer& consumer;
    };

public:
    std::unique_ptr<Share> makeShare(Share* /*sibling*/) override { return std::make_unique<Part>(*this); }
    base::Result<void> take(Share&) override
    {
        ++taken;
        return {};
    }
    std::stop_source stop;
    std::atomic<int> told = 0;
    int taken = 0;
};

void SnapshotTest::itStopsWhileStatesAreTold()
{
    QFETCH(unsigned, workers);
    const Made made(m_seed, wideShape(20'000));
    StoppingConsumer consumer;
    const auto outcome = foldAll(made.reader(), {made.index(), fold::tallyFold()}, made.catalog().end(),
                                 {.workers = workers}, consumer.stop.get_token(), {}, consumer);
    QCOMPARE(failureOf(outcome), QString("cancelled"));
    QVERIFY(consumer.told >= 1);
    QVERIFY(consumer.told <= static_cast<int>(workers)); // one that each was about to tell
    QCOMPARE(consumer.taken, 0);
}

void SnapshotTest::onlyFilteredAggregatesAreHandedOn()
{
    const Made made(m_seed, wideShape(3000));
    Listing all;
    (void)must(foldAll(made.reader(), {made.index(), fold::tallyFold()}, made.catalog().end(), {}, {}, {}, all));
    const auto where = must(event::Condition::parse("/count > 18 and /types/T1 exists"));
    std::vector<std::pair<std::string, std::string>> expected;
    for (const auto& row : all.rows) {
        if (where.matches(must(event::Document::parse(row.second)).root())) expected.push_back(row);
    }
    QVERIFY(!expected.empty() && expected.size() < all.rows.size());
    Listing some;
    Filtered filtered(where, some);
    (void)must(foldAll(made.reader(), {made.index(), fold::tallyFold()}, made.catalog().end(),
                       {.workers = 3, .maxAggregatesAtOnce = 60}, {}, {}, filtered));
    QVERIFY(some.rows == expected);
    QCOMPARE(filtered.passed(), std::uint64_t{expected.size()});
}

void SnapshotTest::theConsumersErrorEndsIt()
{
    const Made made(m_seed, wideShape(2000));
    Listing listing;
    listing.failAt = 20;
    const auto outcome = foldAll(made.reader(), {made.index(), fold::tallyFold()}, made.catalog().end(),
                                 {.workers = 2, .maxAggregatesAtOnce = 10}, {}, {}, listing);
    QCOMPARE(failureOf(outcome), QString("disk-full"));
    QCOMPARE(listing.rows.size(), 20U);
}

QTEST_APPLESS_MAIN(SnapshotTest)
#include "snapshot_test.moc"
