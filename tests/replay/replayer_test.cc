// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/replayer.h"

#include "core/fold/merge.h"

#include "tests/replay/made_states.h"

#include <QTest>

#include <set>

using namespace leftfold;
using namespace leftfold::replay;
using namespace leftfold::replay::test;

namespace {

std::shared_ptr<const fold::Fold> foldNamed(const QString& name)
{
    return must(fold::builtInFold(name.toStdString()));
}

/// How many of an aggregate's own events lie inside a cut, and the last of them.
std::pair<std::uint64_t, std::optional<event::EventIndex>> ownInside(const Made& made, const std::string& id,
                                                                     const capture::OrdinalCut& cut)
{
    std::pair<std::uint64_t, std::optional<event::EventIndex>> own;
    for (std::uint64_t i = 0; i < made.order().size(); ++i) {
        if (made.order()[i].event->id != id || !cut.contains(made.location(i))) continue;
        ++own.first;
        own.second = event::EventIndex{i};
    }
    return own;
}

} // namespace

class ReplayerTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void statesEqualBruteForce_data();
    void statesEqualBruteForce();
    void anAggregateMaySpanPartitions();
    void checkpointsChangeNoAnswer();
    void checkpointsAreSharedAndStayValidAsTheLogGrows();
    void anUnfinishedLoadMakesNoCheckpoints();
    void anotherMappingDoesNotUseThem();
    void unknownIdsHaveNoState();
    void aWalkTellsEachOwnEventAndItsState();
    void damagedEventsFail();
    void seekingStops();

private:
    unsigned m_seed = 0;
};

void ReplayerTest::statesEqualBruteForce_data()
{
    QTest::addColumn<QString>("fold");
    QTest::newRow("latest") << "latest";
    QTest::newRow("tally") << "tally";
    QTest::newRow("merge") << "merge";
}

void ReplayerTest::statesEqualBruteForce()
{
    QFETCH(QString, fold);
    Random random(m_seed);
    const Made made(m_seed, spreadShape());
    const auto rule = foldNamed(fold);
    Replayer replayer(made.reader(), {made.index(), rule}, std::make_shared<Checkpoints>());
    int others = 0;
    int absent = 0;
    for (int i = 0; i < 250; ++i) {
        const std::string id = made.log().id(random.oneIn(3) ? 0 : random.below(40));
        const capture::OrdinalCut cut = made.randomCut(random);
        const auto state = must(replayer.stateAt(id, cut, {}));
        const std::string expected = made.state(*rule, id, cut);
        QCOMPARE(text(textOf(state)), text(expected));
        const auto [events, last] = ownInside(made, id, cut);
        QVERIFY(state);
        QCOMPARE(state->id, id);
        QCOMPARE(state->events, events);
        QCOMPARE(state->lastEvent, last);
        QCOMPARE(state->eventsInLog, ownInside(made, id, made.catalog().end()).first);
        const auto own = must(replayer.ownEvents(id, cut));
        QVERIFY(own);
        QCOMPARE(own->size(), events);
        QVERIFY(std::ranges::is_sorted(*own));
        QCOMPARE(own->empty() ? std::nullopt : std::optional(own->back()), last);
        others += !made.isPrefix(cut);
        absent += expected == "(none)";
    }
    QVERIFY(others > 50);
    qInfo("%d of the states were absent", static_cast<int>(absent));
}

void ReplayerTest::anAggregateMaySpanPartitions()
{
    const Made made(m_seed, spreadShape());
    std::set<event::Partition> partitions;
    for (const Placed& placed : made.order()) {
        if (placed.event->id == made.log().id(0)) partitions.insert(placed.event->partition);
    }
    QCOMPARE(partitions.size(), 4U);
    const auto rule = fold::latestFold();
    Replayer replayer(made.reader(), {made.index(), rule}, nullptr);
    for (std::uint64_t count = 0; count <= made.order().size(); count += 37) {
        const auto cut = must(made.catalog().prefix(count));
        QCOMPARE(text(textOf(must(replayer.stateAt(made.log().id(0), cut, {})))),
                 text(made.state(*rule, made.log().id(0), cut)));
    }
}

void ReplayerTest::checkpointsChangeNoAnswer()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(900));
    const auto slow = std::make_shared<SlowFold>(fold::tallyFold(), std::chrono::microseconds(400));
    const auto checkpoints = std::make_shared<Checkpoints>();
    Replayer with(made.reader(), {made.index(), slow}, checkpoints);
    Replayer without(made.reader(), {made.index(), fold::tallyFold()}, nullptr);
    const std::string id = made.log().id(0);
    (void)must(with.stateAt(id, made.catalog().end(), {}));
    QVERIFY(with.effort().checkpointsPut > 3);
    QCOMPARE(checkpoints->count(), with.effort().checkpointsPut);

    int others = 0;
    for (int i = 0; i < 60; ++i) {
        const capture::OrdinalCut cut = made.randomCut(random);
        if (i % 20 == 19) checkpoints->clear();
        QCOMPARE(text(textOf(must(with.stateAt(id, cut, {})))), text(textOf(must(without.stateAt(id, cut, {})))));
        others += !made.isPrefix(cut);
    }
    QVERIFY(with.effort().checkpointsRestored > 5);
    QVERIFY(others > 10);
    QCOMPARE(without.effort().checkpointsPut, 0U);
    qInfo("%llu put, %llu restored; %llu and %llu events folded",
          static_cast<unsigned long long>(with.effort().checkpointsPut),
          static_cast<unsigned long long>(with.effort().checkpointsRestored),
          static_cast<unsigned long long>(with.effort().eventsFolded),
          static_cast<unsigned long long>(without.effort().eventsFolded));
    QVERIFY(with.effort().eventsFolded < without.effort().eventsFolded);
}

void ReplayerTest::checkpointsAreSharedAndStayValidAsTheLogGrows()
{
    const Folder folder;
    const RandomLog log(m_seed, spreadShape(900));
    const auto slow = std::make_shared<SlowFold>(fold::tallyFold(), std::chrono::microseconds(400));
    const auto checkpoints = std::make_shared<Checkpoints>();
    std::string first;
    for (std::ptrdiff_t loads = 1; loads <= 2; ++loads) {
        const auto writer = must(loads == 1 ? capture::Writer::create(folder.path("a"), capture::test::madeOptions())
                                            : capture::Writer::resume(folder.path("a"), capture::test::madeOptions()));
        capture::test::appendFrom(*writer, {log.loads().begin(), log.loads().begin() + loads});
        must(writer->close());
        const auto reader = capture::test::opened(folder.path("a"));
        const auto index = capture::test::indexById(*reader);
        Replayer replayer(*reader, {index, slow}, checkpoints);
        Replayer plain(*reader, {index, fold::tallyFold()}, nullptr);
        const auto end = reader->catalog().end();
        QCOMPARE(text(textOf(must(replayer.stateAt(log.id(0), end, {})))),
                 text(textOf(must(plain.stateAt(log.id(0), end, {})))));
        QCOMPARE(replayer.effort().checkpointsRestored, loads == 1 ? 0U : 1U);
    }
}

void ReplayerTest::anUnfinishedLoadMakesNoCheckpoints()
{
    const Folder folder;
    LogShape shape = spreadShape(900);
    shape.cutless = 1'000'000'000; // all that is appended is committed
    const RandomLog log(m_seed, shape);
    const auto writer = must(capture::Writer::create(folder.path("a"), capture::test::madeOptions()));
    QVERIFY(!capture::test::appendFrom(*writer, log.loads(), log.loads()[0].size() - 1));
    must(writer->commit());
    const auto reader = capture::test::opened(folder.path("a"));
    const auto checkpoints = std::make_shared<Checkpoints>();
    const auto slow = std::make_shared<SlowFold>(fold::tallyFold(), std::chrono::microseconds(400));
    Replayer replayer(*reader, {capture::test::indexById(*reader), slow}, checkpoints);
    const auto state = must(replayer.stateAt(log.id(0), reader->catalog().end(), {}));
    QVERIFY(state && state->events > 50);
    QCOMPARE(checkpoints->count(), 0U);
}

void ReplayerTest::anotherMappingDoesNotUseThem()
{
    const Made made(m_seed, spreadShape(900));
    const auto slow = std::make_shared<SlowFold>(fold::tallyFold(), std::chrono::microseconds(400));
    const auto checkpoints = std::make_shared<Checkpoints>();
    Replayer before(made.reader(), {made.index(), slow}, checkpoints);
    (void)must(before.stateAt(made.log().id(0), made.catalog().end(), {}));
    QVERIFY(checkpoints->count() > 0);
    {
        decode::Mapping other = capture::test::madeMapping();
        other.time = must(decode::parseFieldRef("/n"));
        const auto writer = must(capture::Writer::resume(made.path(), capture::test::madeOptions()));
        must(writer->remap(other, {}));
        must(writer->close());
    }
    const auto reader = capture::test::opened(made.path());
    const auto index = capture::test::indexById(*reader);
    Replayer after(*reader, {index, slow}, checkpoints);
    Replayer plain(*reader, {index, fold::tallyFold()}, nullptr);
    const auto end = reader->catalog().end();
    QCOMPARE(text(textOf(must(after.stateAt(made.log().id(0), end, {})))),
             text(textOf(must(plain.stateAt(made.log().id(0), end, {})))));
    QCOMPARE(after.effort().checkpointsRestored, 0U);
}

void ReplayerTest::unknownIdsHaveNoState()
{
    const Made made(m_seed, spreadShape(300));
    Replayer replayer(made.reader(), {made.index(), fold::tallyFold()}, nullptr);
    QVERIFY(!must(replayer.stateAt("nobody", made.catalog().end(), {})));
    QVERIFY(!must(replayer.stateAt("", made.catalog().end(), {})));
    const auto early = must(replayer.stateAt(made.log().id(0), must(made.catalog().prefix(0)), {}));
    QVERIFY(early && !early->document && early->events == 0 && !early->lastEvent && early->eventsInLog > 0);
}

void ReplayerTest::aWalkTellsEachOwnEventAndItsState()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(600));
    const auto rule = fold::mergeFold();
    Replayer replayer(made.reader(), {made.index(), rule}, std::make_shared<Checkpoints>());
    const std::string id = made.log().id(0);
    const capture::OrdinalCut cut = made.randomCut(random);
    std::vector<event::EventIndex> told;
    const bool known = must(replayer.walk(id, cut, {}, [&](const Replayer::Step& step) -> base::Result<bool> {
        told.push_back(step.index);
        const auto seen = must(replayer.stateAt(id, must(made.catalog().prefix(step.index.value + 1)), {}));
        if (made.isPrefix(cut)) {
            const auto state =
                step.folder->exists(*step.state) ? toJson(step.folder->read(*step.state).root()) : "(none)";
            if (state != textOf(seen)) return base::fail(base::ErrorCode::BadArgument, state);
        }
        return true;
    }));
    QVERIFY(known);
    QVERIFY(told == must(replayer.ownEvents(id, cut)).value());
    QVERIFY(!must(replayer.walk("nobody", cut, {}, [](const Replayer::Step&) { return true; })));
}

void ReplayerTest::damagedEventsFail()
{
    const Made made(m_seed, spreadShape());
    must(must(base::Database::open(made.path(), base::Database::Mode::ReadWrite))
             ->execute("UPDATE payload SET data = zeroblob(length(data)) WHERE id = 1"));
    const auto reader = capture::test::opened(made.path());
    Replayer replayer(*reader, {made.index(), fold::tallyFold()}, nullptr);
    int failed = 0;
    for (std::size_t i = 0; i < 40; ++i) {
        const std::string id = made.log().id(i);
        const auto state = replayer.stateAt(id, reader->catalog().end(), {});
        if (state) {
            QCOMPARE(text(textOf(*state)), text(made.state(*fold::tallyFold(), id, reader->catalog().end())));
        } else {
            QCOMPARE(failureOf(state), QString("damaged-events"));
            ++failed;
        }
    }
    QVERIFY(failed > 0);
}

void ReplayerTest::seekingStops()
{
    const Made made(m_seed, spreadShape(900));
    Replayer replayer(made.reader(), {made.index(), fold::tallyFold()}, nullptr);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(failureOf(replayer.stateAt(made.log().id(0), made.catalog().end(), stop.get_token())),
             QString("cancelled"));
    QVERIFY(replayer.effort().eventsFolded < 100);
}

QTEST_APPLESS_MAIN(ReplayerTest)
#include "replayer_test.moc"
