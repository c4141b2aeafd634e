// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/snapshot.h"
#include "tests/capture/made_batches.h"

#include <map>

using namespace leftfold;
using namespace leftfold::capture::test;

namespace {

replay::Projection projectionOf(capture::Reader& reader, std::string_view fold)
{
    return {must(capture::KeyIndex::open(reader, *reader.catalog().mapping().id, 2, {}, {})), must(fold::builtInFold(fold))};
}

snapshot::HashedSnapshot hashOf(const std::string& path, std::string_view fold, const snapshot::SnapshotOptions& options)
{
    const auto reader = opened(path);
    return must(snapshot::hashAll(*reader, projectionOf(*reader, fold), reader->catalog().end(), options, {}, {}));
}

/// Every aggregate by id.
class Collector : public snapshot::Consumer {
    class Kept : public snapshot::Share {
    public:
        void add(base::ByteView id, fold::Folder& folder, const fold::State& state) override
        {
            states.emplace_back(std::string(id), toJson(folder.read(state).root()));
        }
        std::vector<std::pair<std::string, std::string>> states;
    };

public:
    std::unique_ptr<snapshot::Share> makeShare() override { return std::make_unique<Kept>(); }
    base::Result<void> take(snapshot::Share& share) override
    {
        for (auto& state : static_cast<Kept&>(share).states) all.push_back(std::move(state));
        return {};
    }
    std::vector<std::pair<std::string, std::string>> all;
};

LogShape shapeOfTests()
{
    LogShape shape;
    shape.events = 6000;
    shape.ids = 300;
    shape.loads = 2;
    return shape;
}

/// One event for an aggregate, with its members in this order.
MadeEvent payload(std::int64_t offset, const std::string& json)
{
    MadeEvent event;
    event.partition = {"a", 0};
    event.offset = offset;
    event.value = json;
    return event;
}

std::string captureOf(const Folder& folder, const std::string& name, const std::vector<std::string>& payloads)
{
    MadeBatch batch;
    for (const std::string& json : payloads) batch.events.push_back(payload(static_cast<std::int64_t>(batch.events.size()), json));
    batch.cut = "0:0";
    capture::test::capture(folder.path(name), {{batch}});
    return folder.path(name);
}

} // namespace

class SnapshotTest : public QObject {
    Q_OBJECT

private slots:
    /// Every worker folds a fair part, so the equality says something.
    void sameHashWithAnyNumberOfWorkers()
    {
        const Folder folder;
        const RandomLog log(newSeed(), shapeOfTests());
        capture::test::capture(folder.path("log"), log.loads());
        const auto one = hashOf(folder.path("log"), "tally", {1, 1U << 17});
        const std::uint64_t events = one.summary.eventsFolded[0];
        QVERIFY(events > 4000);
        for (const unsigned workers : {2U, 8U}) {
            const auto many = hashOf(folder.path("log"), "tally", {workers, 1U << 17});
            QCOMPARE(text(base::toHex(many.hash)), text(base::toHex(one.hash)));
            QCOMPARE(many.summary.aggregates, one.summary.aggregates);
            std::uint64_t sum = 0;
            for (const std::uint64_t folded : many.summary.eventsFolded) {
                sum += folded;
                // The first aggregate alone has a third of the events: shares are whole aggregates.
                QVERIFY2(workers == 8 || folded >= events / 10, qPrintable(QString("a worker folded %1 of %2").arg(folded).arg(events)));
            }
            QCOMPARE(sum, events);
        }
    }

    void eachOfEightWorkersFoldsATenthOfWhatIsFairAtLeast()
    {
        const Folder folder;
        std::vector<std::string> payloads;
        for (int i = 0; i < 8000; ++i) payloads.push_back(R"({"id":")" + std::to_string(i % 400) + R"(","n":)" + std::to_string(i) + "}");
        const std::string path = captureOf(folder, "even", payloads);
        const auto one = hashOf(path, "tally", {1, 1U << 17});
        const auto eight = hashOf(path, "tally", {8, 1U << 17});
        QCOMPARE(text(base::toHex(eight.hash)), text(base::toHex(one.hash)));
        QCOMPARE(eight.summary.eventsFolded.size(), std::size_t{8});
        for (const std::uint64_t folded : eight.summary.eventsFolded) QVERIFY(folded >= 800);
    }

    void sameHashInSeveralPasses()
    {
        const Folder folder;
        const RandomLog log(newSeed(), shapeOfTests());
        capture::test::capture(folder.path("log"), log.loads());
        const auto whole = hashOf(folder.path("log"), "latest", {2, 1U << 17});
        const auto pieces = hashOf(folder.path("log"), "latest", {2, 37});
        QVERIFY(pieces.summary.passes > 5);
        QCOMPARE(text(base::toHex(pieces.hash)), text(base::toHex(whole.hash)));
        QCOMPARE(pieces.summary.aggregates, whole.summary.aggregates);
    }

    void sameHashCapturedInOneGoInTenPiecesAndAfterCrashes()
    {
        const Folder folder;
        const unsigned seed = newSeed();
        const RandomLog log(seed, shapeOfTests());
        Random random(seed);
        capture::test::capture(folder.path("one"), log.loads());
        const std::size_t pieces = captureInSessions(folder.path("pieces"), log.loads(), random, 10, true);
        const std::size_t crashes = captureInSessions(folder.path("crashes"), log.loads(), random, 10, false);
        QVERIFY(pieces >= 10 && crashes >= 10);
        const auto expected = hashOf(folder.path("one"), "tally", {});
        for (const char* other : {"pieces", "crashes"}) {
            QCOMPARE(text(base::toHex(hashOf(folder.path(other), "tally", {}).hash)), text(base::toHex(expected.hash)));
        }
    }

    void permutingMembersChangesNoHash()
    {
        const Folder folder;
        const auto a = captureOf(folder, "a", {R"({"id":"x","a":1,"b":{"c":[1,2],"d":null}})", R"({"id":"y","n":1.0})"});
        const auto b = captureOf(folder, "b", {R"({"b":{"d":null,"c":[1,2]},"a":1e0,"id":"x"})", R"({"n":1,"id":"y"})"});
        const auto c = captureOf(folder, "c", {R"({"b":{"d":null,"c":[2,1]},"a":1e0,"id":"x"})", R"({"n":1,"id":"y"})"});
        QCOMPARE(text(base::toHex(hashOf(a, "latest", {}).hash)), text(base::toHex(hashOf(b, "latest", {}).hash)));
        QVERIFY(hashOf(a, "latest", {}).hash != hashOf(c, "latest", {}).hash);
    }

    /// Two ways to the same states: the pass over the log, and the walk over each aggregate's postings.
    void everyStateIsWhatTheReplayerSays()
    {
        const Folder folder;
        const unsigned seed = newSeed();
        const RandomLog log(seed, shapeOfTests());
        capture::test::capture(folder.path("log"), log.loads());
        const auto reader = opened(folder.path("log"));
        Random random(seed);
        for (const char* fold : {"tally", "latest"}) {
            const auto projection = projectionOf(*reader, fold);
            capture::OrdinalCut cut = reader->catalog().end();
            for (std::uint64_t& next : cut.next) next = random.below(next + 1);
            Collector collected;
            must(snapshot::foldAll(*reader, projection, cut, {}, {}, {}, collected).map([](const auto&) {}));
            QVERIFY(std::ranges::is_sorted(collected.all));
            const std::map<std::string, std::string> states(collected.all.begin(), collected.all.end());
            QCOMPARE(states.size(), collected.all.size());
            replay::Replayer replayer(*reader, projection, nullptr);
            for (std::uint32_t key = 0; key < projection.index->size(); ++key) {
                const std::string id(must(projection.index->text(key)));
                const auto state = must(replayer.stateAt(id, cut, {}));
                QCOMPARE(states.contains(id), state->document.has_value());
                if (state->document) QCOMPARE(text(states.at(id)), text(toJson(state->document->root())));
            }
        }
    }

    void aStopEndsIt()
    {
        const Folder folder;
        const RandomLog log(newSeed(), shapeOfTests());
        capture::test::capture(folder.path("log"), log.loads());
        const auto reader = opened(folder.path("log"));
        std::stop_source stop;
        stop.request_stop();
        const auto hashed = snapshot::hashAll(*reader, projectionOf(*reader, "tally"), reader->catalog().end(), {}, stop.get_token(), {});
        QCOMPARE(failureOf(hashed), "cancelled");
    }
};

QTEST_GUILESS_MAIN(SnapshotTest)
#include "snapshot_test.moc"
