// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/moment_diff.h"

#include "core/event/patch.h"
#include "tests/replay/made_states.h"

#include <QRegularExpression>
#include <QTest>

#include <map>
#include <set>

using namespace leftfold;
using namespace leftfold::snapshot;
using namespace leftfold::replay::test;

namespace {

using capture::OrdinalCut;
using States = std::map<std::string, std::string>;

LogShape manyAggregates(std::size_t events)
{
    LogShape shape = spreadShape(events);
    shape.ids = events / 12;
    return shape;
}

/// Every state at a cut.
class Listing : public Consumer {
    struct Part : Share {
        void add(base::ByteView id, fold::Folder& folder, const fold::State& state) override
        {
            states.emplace(std::string(id), toJson(folder.read(state).root()));
        }
        States states;
    };

public:
    std::unique_ptr<Share> makeShare(Share* /*sibling*/) override { return std::make_unique<Part>(); }
    base::Result<void> take(Share& share) override
    {
        states.merge(static_cast<Part&>(share).states);
        return {};
    }
    States states;
};

replay::Projection projectionOf(const Made& made, const QString& fold)
{
    return {made.index(), must(fold::builtInFold(fold.toStdString()))};
}

States statesAt(const Made& made, const replay::Projection& projection, const OrdinalCut& cut)
{
    Listing listing;
    (void)must(foldAll(made.reader(), projection, cut, {}, {}, {}, listing));
    return std::move(listing.states);
}

std::string textOf(const std::optional<event::Document>& document)
{
    return document ? toJson(document->root()) : "(none)";
}

/// `id: before -> after`, a line for each aggregate that differs, by id.
QString differences(const States& before, const States& after)
{
    std::set<std::string> ids;
    for (const auto& [id, state] : before) ids.insert(id);
    for (const auto& [id, state] : after) ids.insert(id);
    const auto stateIn = [](const States& states, const std::string& id) {
        const auto found = states.find(id);
        return found == states.end() ? std::string("(none)") : found->second;
    };
    std::string out;
    for (const std::string& id : ids) {
        const std::string a = stateIn(before, id);
        const std::string b = stateIn(after, id);
        const bool bothThere = a != "(none)" && b != "(none)";
        if (bothThere && must(event::Document::parse(a)) == must(event::Document::parse(b))) continue;
        if (a != b) out += id + ": " + a + " -> " + b + '\n';
    }
    return text(out);
}

struct Found {
    QString lines;
    DiffSummary summary;
};

Found diffOf(const Made& made, const replay::Projection& projection, const OrdinalCut& a, const OrdinalCut& b,
             const DiffOptions& options = {})
{
    Found found;
    std::string lines;
    found.summary = must(diffMoments(
        made.reader(), projection, a, b, options, {}, {}, [&](const AggregateDiff& diff) -> base::Result<void> {
            lines += diff.id + ": " + textOf(diff.before) + " -> " + textOf(diff.after) + '\n';
            return {};
        }));
    found.lines = text(lines);
    return found;
}

struct Touched {
    std::set<std::string> ids;
    std::uint64_t eventsBetween = 0;
    std::uint64_t eventsInEither = 0; ///< of those ids
};

Touched touchedBetween(const Made& made, const OrdinalCut& a, const OrdinalCut& b)
{
    Touched touched;
    for (std::size_t i = 0; i < made.order().size(); ++i) {
        if (a.contains(made.location(i)) == b.contains(made.location(i))) continue;
        ++touched.eventsBetween;
        if (const auto& id = made.order()[i].event->id) touched.ids.insert(*id);
    }
    for (std::size_t i = 0; i < made.order().size(); ++i) {
        const auto& id = made.order()[i].event->id;
        if (!id || !touched.ids.contains(*id)) continue;
        touched.eventsInEither += a.contains(made.location(i)) || b.contains(made.location(i));
    }
    return touched;
}

} // namespace

class MomentDiffTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void itIsTheDifferenceOfTwoWholeFolds_data();
    void itIsTheDifferenceOfTwoWholeFolds();
    void onlyAggregatesWithAnEventBetweenAreTouched();
    void swappedMomentsGiveTheMirrorImage();
    void equalMomentsTouchNothing();
    void theChangesArePatches();
    void severalPiecesGiveTheSameForAnyNumberOfWorkers();
    void oneAggregateAlone();
    void anAggregateThatIsNotThereIsAnError();
    void damagedEventsAreCounted();
    void itStops();
    void theSinksErrorEndsIt();
    void rulesDecideWhatIsADifference();

private:
    unsigned m_seed = 0;
};

void MomentDiffTest::itIsTheDifferenceOfTwoWholeFolds_data()
{
    QTest::addColumn<QString>("fold");
    QTest::newRow("latest") << "latest";
    QTest::newRow("tally") << "tally";
}

void MomentDiffTest::itIsTheDifferenceOfTwoWholeFolds()
{
    QFETCH(QString, fold);
    Random random(m_seed);
    const Made made(m_seed, manyAggregates(1200));
    const replay::Projection projection = projectionOf(made, fold);
    int nested = 0;
    int unordered = 0;
    const auto randomPrefix = [&] { return must(made.catalog().prefix(random.below(made.order().size() + 1))); };
    for (int i = 0; i < 12; ++i) {
        const bool arePrefixes = i % 6 == 0;
        const OrdinalCut a = arePrefixes ? randomPrefix() : made.randomCut(random);
        const OrdinalCut b = arePrefixes ? randomPrefix() : made.randomCut(random);
        const auto isInside = [](const OrdinalCut& inner, const OrdinalCut& outer) {
            return std::ranges::equal(inner.next, outer.next, [](auto x, auto y) { return x <= y; });
        };
        ++(isInside(a, b) || isInside(b, a) ? nested : unordered);
        const Found found = diffOf(made, projection, a, b, {.workers = 1 + static_cast<unsigned>(i % 3)});
        QCOMPARE(found.lines, differences(statesAt(made, projection, a), statesAt(made, projection, b)));
        QCOMPARE(found.summary.created + found.summary.changed + found.summary.deleted,
                 static_cast<std::uint64_t>(found.lines.count('\n')));
        QCOMPARE(found.summary.created, static_cast<std::uint64_t>(found.lines.count(": (none) -> ")));
        QCOMPARE(found.summary.deleted, static_cast<std::uint64_t>(found.lines.count(" -> (none)\n")));
    }
    QVERIFY(nested > 0 && unordered > 0);
}

void MomentDiffTest::onlyAggregatesWithAnEventBetweenAreTouched()
{
    Random random(m_seed);
    const Made made(m_seed, manyAggregates(3000));
    const replay::Projection projection = projectionOf(made, "tally");
    for (int i = 0; i < 20; ++i) {
        const std::uint64_t first = random.below(made.order().size());
        const bool isShort = i % 2 == 0;
        const OrdinalCut a = isShort ? must(made.catalog().prefix(first)) : made.randomCut(random);
        const OrdinalCut b =
            isShort ? must(made.catalog().prefix(std::min(first + 40, made.order().size()))) : made.randomCut(random);
        const Touched expected = touchedBetween(made, a, b);
        const DiffSummary summary = diffOf(made, projection, a, b).summary;
        QCOMPARE(summary.touched, std::uint64_t{expected.ids.size()});
        QCOMPARE(summary.eventsBetween, expected.eventsBetween);
        QCOMPARE(summary.eventsFolded, expected.eventsInEither); // each is read once, also where both moments have it
        if (isShort) QVERIFY(summary.touched <= 40);
    }
}

void MomentDiffTest::swappedMomentsGiveTheMirrorImage()
{
    Random random(m_seed);
    const Made made(m_seed, manyAggregates(1500));
    const replay::Projection projection = projectionOf(made, "tally");
    for (int i = 0; i < 10; ++i) {
        const OrdinalCut a = made.randomCut(random);
        const OrdinalCut b = made.randomCut(random);
        const Found forward = diffOf(made, projection, a, b);
        const Found back = diffOf(made, projection, b, a);
        QCOMPARE(back.summary.created, forward.summary.deleted);
        QCOMPARE(back.summary.deleted, forward.summary.created);
        QCOMPARE(back.summary.changed, forward.summary.changed);
        QCOMPARE(back.lines, differences(statesAt(made, projection, b), statesAt(made, projection, a)));
    }
}

void MomentDiffTest::equalMomentsTouchNothing()
{
    Random random(m_seed);
    const Made made(m_seed, manyAggregates(500));
    for (int i = 0; i < 5; ++i) {
        const OrdinalCut cut = made.randomCut(random);
        const Found found = diffOf(made, projectionOf(made, "tally"), cut, cut);
        QCOMPARE(found.lines, QString());
        QCOMPARE(found.summary.touched, 0U);
        QCOMPARE(found.summary.eventsFolded, 0U);
    }
}

void MomentDiffTest::theChangesArePatches()
{
    Random random(m_seed);
    const Made made(m_seed, manyAggregates(1500));
    int changed = 0;
    for (int i = 0; i < 6; ++i) {
        (void)must(diffMoments(made.reader(), projectionOf(made, i % 2 == 0 ? "tally" : "latest"),
                               made.randomCut(random), made.randomCut(random), {}, {}, {},
                               [&](const AggregateDiff& diff) -> base::Result<void> {
                                   if (!diff.before || !diff.after) {
                                       if (!diff.changes.empty()) qFatal("a whole aggregate has changes");
                                       return {};
                                   }
                                   ++changed;
                                   if (diff.changes.empty()) qFatal("a change without changes");
                                   if (must(event::patch(*diff.before, diff.changes)) != *diff.after)
                                       qFatal("no patch");
                                   return {};
                               }));
    }
    QVERIFY(changed > 0);
}

void MomentDiffTest::severalPiecesGiveTheSameForAnyNumberOfWorkers()
{
    LogShape shape = manyAggregates(20'000);
    shape.ids = 4000;
    shape.hot = false;
    const Made made(m_seed, shape);
    const replay::Projection projection = projectionOf(made, "tally");
    const OrdinalCut a = must(made.catalog().prefix(9000));
    const OrdinalCut b = made.catalog().end();
    const QString expected = differences(statesAt(made, projection, a), statesAt(made, projection, b));
    for (const unsigned workers : {1U, 2U, 5U}) {
        const Found found = diffOf(made, projection, a, b, {.workers = workers});
        QVERIFY(found.summary.touched > 2 * 1024);
        QVERIFY(found.lines == expected);
    }
}

void MomentDiffTest::oneAggregateAlone()
{
    Random random(m_seed);
    const Made made(m_seed, manyAggregates(800));
    const replay::Projection projection = projectionOf(made, "tally");
    const OrdinalCut a = made.randomCut(random);
    const OrdinalCut b = made.catalog().end();
    const QStringList all = diffOf(made, projection, a, b).lines.split('\n', Qt::SkipEmptyParts);
    for (std::uint32_t key = 0; key < made.index()->size(); ++key) {
        const std::string id(must(made.index()->text(key)));
        const QStringList expected = all.filter(QRegularExpression("^" + QRegularExpression::escape(text(id)) + ": "));
        const Found found = diffOf(made, projection, a, b, {.only = id});
        QCOMPARE(found.lines.split('\n', Qt::SkipEmptyParts), expected);
        QVERIFY(found.summary.touched <= 1);
    }
}

void MomentDiffTest::anAggregateThatIsNotThereIsAnError()
{
    const Made made(m_seed, manyAggregates(200));
    const auto outcome =
        diffMoments(made.reader(), projectionOf(made, "tally"), must(made.catalog().prefix(0)), made.catalog().end(),
                    {.only = "nobody"}, {}, {}, [](const AggregateDiff&) -> base::Result<void> { return {}; });
    QCOMPARE(failureOf(outcome), QString("no-such-aggregate"));
}

void MomentDiffTest::damagedEventsAreCounted()
{
    const Made made(m_seed, manyAggregates(6000));
    must(must(base::Database::open(made.path(), base::Database::Mode::ReadWrite))
             ->execute("UPDATE payload SET data = zeroblob(length(data)) WHERE id = 2"));
    const auto reader = capture::test::opened(made.path());
    const replay::Projection projection{made.index(), fold::tallyFold()}; // an index from before the damage
    std::uint64_t lost = 0;
    for (std::uint64_t i = 0; i < made.order().size(); ++i) {
        lost += made.order()[i].event->id && !reader->event(made.location(i)).has_value();
    }
    QVERIFY(lost > 0);
    std::uint64_t differ = 0;
    const auto summary =
        must(diffMoments(*reader, projection, must(reader->catalog().prefix(0)), reader->catalog().end(), {}, {}, {},
                         [&](const AggregateDiff&) -> base::Result<void> {
                             ++differ;
                             return {};
                         }));
    QCOMPARE(summary.damagedEvents, lost);
    QCOMPARE(summary.created, differ);
    QVERIFY(differ > 0);
}

void MomentDiffTest::itStops()
{
    LogShape shape = manyAggregates(20'000);
    shape.ids = 6000;
    shape.hot = false;
    const Made made(m_seed, shape);
    for (int after = 0; after < 3; ++after) {
        std::stop_source stop;
        if (after == 0) stop.request_stop();
        int calls = 0;
        const auto outcome = diffMoments(
            made.reader(), projectionOf(made, "tally"), must(made.catalog().prefix(0)), made.catalog().end(), {},
            stop.get_token(),
            [&](std::uint64_t, std::uint64_t) {
                if (++calls == after) stop.request_stop();
            },
            [](const AggregateDiff&) -> base::Result<void> { return {}; });
        QCOMPARE(failureOf(outcome), QString("cancelled"));
        QCOMPARE(calls, after);
    }
}

void MomentDiffTest::theSinksErrorEndsIt()
{
    const Made made(m_seed, manyAggregates(500));
    int calls = 0;
    const auto outcome = diffMoments(made.reader(), projectionOf(made, "tally"), must(made.catalog().prefix(0)),
                                     made.catalog().end(), {}, {}, {}, [&](const AggregateDiff&) -> base::Result<void> {
                                         ++calls;
                                         return base::fail(base::ErrorCode::DiskFull, "x");
                                     });
    QCOMPARE(failureOf(outcome), QString("disk-full"));
    QCOMPARE(calls, 1);
}

/// How many events come before the first one of the last aggregate to appear.
std::size_t eventsBeforeTheLastNewcomer(const Made& made)
{
    std::set<std::string> seen;
    std::size_t last = 0;
    for (std::size_t i = 0; i < made.order().size(); ++i) {
        const std::optional<std::string>& id = made.order()[i].event->id;
        if (id && seen.insert(*id).second) last = i;
    }
    return last;
}

void MomentDiffTest::rulesDecideWhatIsADifference()
{
    const Made made(m_seed, manyAggregates(1500));
    const replay::Projection projection = projectionOf(made, "tally");
    const OrdinalCut a =
        must(made.catalog().prefix(std::min(made.order().size() / 2, eventsBeforeTheLastNewcomer(made))));
    const OrdinalCut b = made.catalog().end();
    const DiffSummary all = diffOf(made, projection, a, b).summary;
    QVERIFY(all.changed > 0 && all.created > 0);
    DiffOptions blind;
    blind.rules.ignored.push_back(must(event::parsePathPattern("/**")));
    const DiffSummary left = diffOf(made, projection, a, b, blind).summary;
    QCOMPARE(left.changed, 0U);
    QCOMPARE(left.created, all.created);
    QCOMPARE(left.touched, all.touched);
}

QTEST_GUILESS_MAIN(MomentDiffTest)
#include "moment_diff_test.moc"
