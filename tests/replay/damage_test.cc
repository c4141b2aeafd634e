// SPDX-License-Identifier: GPL-3.0-or-later
// Findings in the order of offsets; steps and cuts where parts of a capture cannot be read.
#include "core/fold/fold.h"
#include "core/replay/findings.h"
#include "core/replay/run.h"
#include "core/replay/steps.h"
#include "tests/replay/made_states.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace leftfold;
using namespace leftfold::replay;
using namespace leftfold::replay::test;
using capture::test::MadeBatch;
using capture::test::MadeEvent;

namespace {

std::vector<event::Problem> problemsOf(capture::Reader& reader, const capture::KeyIndex* keys)
{
    std::vector<event::Problem> problems;
    must(findProblems(reader, keys, {}, [&](const event::Problem& problem) {
        problems.push_back(problem);
        return true;
    }));
    return problems;
}

/// "offset code", a line each.
QString picture(const std::vector<event::Problem>& problems)
{
    QStringList lines;
    for (const event::Problem& problem : problems) {
        const std::string arg = problem.error.code == base::ErrorCode::TimeMissing ? ' ' + problem.error.args[0] : "";
        lines.append(QString::number(problem.position.offset.value) + " " + text(base::nameOf(problem.error.code))
                     + text(arg));
    }
    return lines.join('\n');
}

constexpr std::int64_t kNow = 1'300'000'000;
constexpr std::int64_t kDay = 24 * 60 * 60;

MadeEvent eventAt(std::int64_t offset, std::optional<std::int64_t> seconds)
{
    MadeEvent event;
    event.partition = {"orders", 0};
    event.offset = offset;
    event.id = "a";
    std::string json = R"({"id":"a")";
    if (seconds) {
        event.time = base::Time{*seconds, 0};
        json += ",\"at\":\"" + base::toIso(*event.time) + "\"";
    }
    event.value = json + "}";
    return event;
}

MadeEvent noJson(std::int64_t offset)
{
    MadeEvent event;
    event.partition = {"orders", 0};
    event.offset = offset;
    event.value = "{";
    event.decodable = false;
    return event;
}

/// Makes some chunks unreadable, while the capture is open or before it is opened.
std::unique_ptr<capture::Reader> openedDamaged(const Made& made, bool whileOpen)
{
    auto reader = capture::test::opened(made.path());
    must(must(base::Database::open(made.path(), base::Database::Mode::ReadWrite))
             ->execute("UPDATE chunk SET columns = zeroblob(length(columns)) WHERE id IN (2, 3, 6)"));
    return whileOpen ? std::move(reader) : capture::test::opened(made.path());
}

bool hasColumns(capture::Reader& reader, capture::Location location)
{
    const capture::ChunkEntry& entry = *must(reader.catalog().chunkOf(location));
    return entry.id != 0 && reader.chunk(entry).has_value();
}

void addDamageRows()
{
    QTest::addColumn<bool>("whileOpen");
    QTest::newRow("before it was opened") << false;
    QTest::newRow("while it was open") << true;
}

} // namespace

class DamageTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void findingsComeByOffset();
    void findingsComeByOffset_ofRandomLogs();
    void findingsOfDamagedCapturesComeByOffset_data() { addDamageRows(); }
    void findingsOfDamagedCapturesComeByOffset();
    void stepsByTypePassOverWhatCannotBeRead_data() { addDamageRows(); }
    void stepsByTypePassOverWhatCannotBeRead();
    void runsCountAggregatesThatCannotBeRead_data() { addDamageRows(); }
    void runsCountAggregatesThatCannotBeRead();
    void runsCountEventsThatCannotBeReadOnce_data() { addDamageRows(); }
    void runsCountEventsThatCannotBeReadOnce();
    void cutsAreSaidAlsoWhereAChunkIsLost_data() { addDamageRows(); }
    void cutsAreSaidAlsoWhereAChunkIsLost();

private:
    void checkOrder(const std::vector<event::Problem>& problems);
    unsigned m_seed = 0;
};

void DamageTest::findingsComeByOffset()
{
    MadeBatch first;
    first.cut = "0:0";
    first.events = {eventAt(0, kNow),     eventAt(1, kNow + 10 * kDay), noJson(2),      eventAt(3, {}),
                    eventAt(5, kNow + 1), eventAt(6, kNow - 1),         eventAt(7, {}), eventAt(8, kNow + 2)};
    first.problems = {{{{"orders", 0}, {6}}, {base::ErrorCode::SourceNoEnvelope, {"1", "x", "y", "z"}, {}}},
                      {{{"orders", 0}, {2}}, {base::ErrorCode::SourceNoEnvelope, {"2", "x", "y", "z"}, {}}}};
    const Folder folder;
    capture::test::capture(folder.path("a.lflog"), {{first}});
    const auto reader = capture::test::opened(folder.path("a.lflog"));
    const auto keys = capture::test::indexById(*reader);
    QCOMPARE(picture(problemsOf(*reader, keys.get())), QString("1 time-jump\n"
                                                               "2 source-no-envelope\n"
                                                               "2 undecodable-record\n"
                                                               "2 id-missing\n"
                                                               "3 time-missing 2\n"
                                                               "5 offset-gap\n"
                                                               "6 source-no-envelope\n"
                                                               "6 time-backwards"));
}

void DamageTest::checkOrder(const std::vector<event::Problem>& problems)
{
    std::set<event::Partition> seen;
    std::optional<event::Position> last;
    for (const event::Problem& problem : problems) {
        const bool isSame = last && last->partition == problem.position.partition;
        QVERIFY(isSame || seen.insert(problem.position.partition).second);
        if (isSame) QVERIFY(last->offset <= problem.position.offset);
        last = problem.position;
    }
}

void DamageTest::findingsComeByOffset_ofRandomLogs()
{
    for (unsigned i = 0; i < 4; ++i) {
        const Made made(m_seed + i, spreadShape(1500));
        const auto problems = problemsOf(made.reader(), made.index().get());
        checkOrder(problems);
        std::map<event::Partition, std::uint64_t> timeless;
        for (const Placed& placed : made.order()) {
            const MadeEvent& event = *placed.event;
            if (event.decodable && !event.time) ++timeless[event.partition];
        }
        std::map<event::Partition, std::uint64_t> told;
        for (const event::Problem& problem : problems) {
            if (problem.error.code != base::ErrorCode::TimeMissing) continue;
            QVERIFY(told.emplace(problem.position.partition, std::stoull(problem.error.args[0])).second);
        }
        QVERIFY(told == timeless);
    }
}

void DamageTest::findingsOfDamagedCapturesComeByOffset()
{
    QFETCH(bool, whileOpen);
    const Made made(m_seed, spreadShape(3000));
    const auto reader = openedDamaged(made, whileOpen);
    const auto keys = made.index(); // from before the damage
    const auto problems = problemsOf(*reader, keys.get());
    checkOrder(problems);
    // Neighbours of one partition may be told as one: what must be right is how many events they are.
    std::uint64_t told = 0;
    for (const event::Problem& problem : problems) {
        if (problem.error.code == base::ErrorCode::DamagedEvents) told += std::stoull(problem.error.args[0]);
    }
    std::uint64_t lost = 0;
    for (std::uint64_t index = 0; index < made.order().size(); ++index)
        lost += !hasColumns(*reader, made.location(index));
    QVERIFY(lost > 0);
    QCOMPARE(told, lost);
}

void DamageTest::stepsByTypePassOverWhatCannotBeRead()
{
    QFETCH(bool, whileOpen);
    Random random(m_seed);
    const Made made(m_seed, spreadShape(3000));
    const auto reader = openedDamaged(made, whileOpen);
    std::uint64_t passedOver = 0;
    for (int i = 0; i < 60; ++i) {
        const PlayOrder order = must(PlayOrder::over(reader->catalog(), made.randomCut(random)));
        const std::uint64_t at = random.below(order.size() + 1);
        const std::string type = "T" + std::to_string(random.below(7));
        for (const Direction direction : {Direction::Forward, Direction::Back}) {
            const bool forward = direction == Direction::Forward;
            std::optional<std::uint64_t> expected;
            std::uint64_t unreadable = 0;
            for (std::uint64_t place = at; !expected && (forward ? place < order.size() : place > 0);) {
                const std::uint64_t index = must(order.eventAt(forward ? place : place - 1)).value;
                const bool isReadable = hasColumns(*reader, made.location(index));
                unreadable += !isReadable;
                forward ? ++place : --place;
                if (isReadable && made.order()[index].event->type == type) expected = place;
            }
            std::uint64_t counted = 0;
            QCOMPARE(must(step(*reader, order, nullptr, at, OfType{type}, direction, {}, &counted)), expected);
            QCOMPARE(counted, unreadable);
            passedOver += counted;
        }
    }
    QVERIFY(passedOver > 0);
}

/// However the aggregates are folded, and each up to the first of its events that is lost.
void DamageTest::runsCountAggregatesThatCannotBeRead()
{
    QFETCH(bool, whileOpen);
    Random random(m_seed);
    LogShape shape = spreadShape(3000);
    shape.ids = 400; // some of them lie in what is left
    const Made made(m_seed, shape);
    const auto reader = openedDamaged(made, whileOpen);
    const Projection projection{made.index(), must(fold::builtInFold("tally"))};
    const PlayOrder order = must(PlayOrder::over(reader->catalog(), reader->catalog().end()));
    std::set<std::string> lost;
    for (std::uint64_t index = 0; index < made.order().size(); ++index) {
        if (!hasColumns(*reader, made.location(index)) && made.order()[index].event->id)
            lost.insert(*made.order()[index].event->id);
    }
    QVERIFY(lost.size() > 3);
    int found = 0;
    // Few counts of so many are reached: as long as it takes to meet some.
    for (int i = 0; i < 20 || (found <= 3 && i < 400); ++i) {
        const std::string text = i == 0 ? "becomes /count < 0" : "becomes /count = " + std::to_string(random.below(40));
        const std::vector<Breakpoint> breakpoints{must(parseBreakpoint(text))};
        for (const Direction direction : {Direction::Forward, Direction::Back}) {
            const std::uint64_t home = direction == Direction::Forward ? 0 : order.size();
            const std::uint64_t at = i == 0 ? home : random.below(order.size() + 1);
            RunOptions options;
            options.workers = 2;
            options.way = RunOptions::Way::Walk;
            const RunEnd walk = must(run(*reader, projection, order, at, direction, breakpoints, options, {}));
            options.way = RunOptions::Way::Sweep;
            const RunEnd sweep = must(run(*reader, projection, order, at, direction, breakpoints, options, {}));
            QCOMPARE(sweep.place, walk.place);
            QVERIFY(sweep.hits == walk.hits);
            QCOMPARE(walk.readings, std::uint64_t{0});
            if (i == 0) QCOMPARE(walk.unreadable, std::uint64_t{lost.size()});
            if (i == 0) QCOMPARE(sweep.unreadable, std::uint64_t{lost.size()});
            found += sweep.readings > 0 && sweep.place;
        }
    }
    QVERIFY(found > 3);
}

/// However many breakpoints would ask about them, and however far a sweep is ahead of where the run stops.
void DamageTest::runsCountEventsThatCannotBeReadOnce()
{
    QFETCH(bool, whileOpen);
    Random random(m_seed);
    LogShape shape = spreadShape(20'000); // several blocks
    shape.ids = 400;
    const Made made(m_seed, shape);
    const auto reader = openedDamaged(made, whileOpen);
    const Projection projection{made.index(), must(fold::builtInFold("tally"))};
    const PlayOrder order = must(PlayOrder::over(reader->catalog(), reader->catalog().end()));
    std::vector<bool> isLost;
    std::set<std::string> lost;
    std::set<std::string> whole;
    for (std::uint64_t index = 0; index < made.order().size(); ++index) {
        isLost.push_back(!hasColumns(*reader, made.location(index)));
        const auto& id = made.order()[index].event->id;
        if (id) (isLost.back() ? lost : whole).insert(*id);
    }
    for (const std::string& id : lost) whole.erase(id);
    QVERIFY(!whole.empty());
    // Its states are asked for: so there is something to sweep.
    const std::string never = "of " + breakpointWord(*whole.begin()) + " becomes /count < 0";
    std::uint64_t counted = 0;
    int stopped = 0;
    int swept = 0;
    for (int i = 0; i < 30; ++i) {
        const std::uint64_t at = i == 0 ? 0 : random.below(order.size() + 1);
        const std::string hit = i == 0 ? "hit 1000000" : "hit " + std::to_string(1 + random.below(2000));
        std::vector<Breakpoint> breakpoints;
        for (const std::string& text : {never, hit + " type T2", std::string("log type T3"), hit + " where /n > 500"})
            breakpoints.push_back(must(parseBreakpoint(text)));
        for (const Direction direction : {Direction::Forward, Direction::Back}) {
            const bool isForward = direction == Direction::Forward;
            RunOptions options;
            options.workers = 1 + static_cast<unsigned>(random.below(3));
            options.maxHitBytes = random.oneIn(2) ? 1 : options.maxHitBytes;
            for (const auto way : {RunOptions::Way::Walk, RunOptions::Way::Sweep, RunOptions::Way::Cheaper}) {
                options.way = way;
                const RunEnd end = must(run(*reader, projection, order, at, direction, breakpoints, options, {}));
                const std::uint64_t stop = end.place.value_or(isForward ? order.size() : 0);
                const auto place = [&](std::uint64_t event) {
                    return isLost.begin() + static_cast<std::ptrdiff_t>(event);
                };
                const auto expected = std::count(place(isForward ? at : stop), place(isForward ? stop : at), true);
                QCOMPARE(end.unreadable, static_cast<std::uint64_t>(expected));
                counted += end.unreadable;
                stopped += end.place.has_value();
                swept += end.readings > 0;
            }
        }
    }
    QVERIFY(counted > 0);
    QVERIFY(stopped > 20);
    QVERIFY(swept > 20);
}

void DamageTest::cutsAreSaidAlsoWhereAChunkIsLost()
{
    QFETCH(bool, whileOpen);
    const Made made(m_seed, spreadShape(3000));
    const auto reader = openedDamaged(made, whileOpen);
    int inLost = 0;
    for (std::uint64_t count = 0; count <= made.order().size(); count += 7) {
        const capture::OrdinalCut cut = must(reader->catalog().prefix(count));
        const event::Cut said = must(reader->toCut(cut));
        const capture::OrdinalCut again = must(reader->resolve(said));
        for (std::uint32_t partition = 0; partition < cut.next.size(); ++partition) {
            const std::uint64_t from = std::min(cut.next[partition], again.next[partition]);
            for (std::uint64_t i = from; i < cut.next[partition]; ++i) QVERIFY(!hasColumns(*reader, {partition, i}));
            QVERIFY(again.next[partition] <= cut.next[partition]);
            inLost += cut.next[partition] > 0 && !hasColumns(*reader, {partition, cut.next[partition] - 1});
        }
    }
    QVERIFY(inLost > 0);
}

QTEST_GUILESS_MAIN(DamageTest)
#include "damage_test.moc"
