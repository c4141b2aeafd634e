// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/parting.h"

#include "tests/replay/made_scripts.h"

#include <QTest>
#include <set>

using namespace leftfold;
using namespace leftfold::replay;
using namespace leftfold::replay::test;
using base::ErrorCode;

namespace {

/// States of two moduli differ now and then, and agree again.
std::string counting(std::uint64_t odd, const std::string& more = {})
{
    return "({ init: () => ({ n: 0 }), apply: (s, e) => { s.n = (s.n + (e.body.n % 40 === " + std::to_string(odd)
           + " ? 2 : 1)) % 5; " + more + "} })";
}

/// By the definition: the state of each at every event of either, one after the other.
std::optional<event::EventIndex> slowParting(const Made& made, const Projection& a, const Projection& b,
                                             const std::string& id, const capture::OrdinalCut& cut)
{
    Replayer inA(made.reader(), a, nullptr);
    Replayer inB(made.reader(), b, nullptr);
    std::vector<event::EventIndex> events;
    for (Replayer* each : {&inA, &inB}) {
        const auto own = must(each->ownEvents(id, cut));
        if (own) events.insert(events.end(), own->begin(), own->end());
    }
    std::ranges::sort(events);
    for (const event::EventIndex event : events) {
        // Whatever of the cut lies up to the event.
        capture::OrdinalCut until = must(made.catalog().prefix(event.value + 1));
        for (std::size_t i = 0; i < until.next.size(); ++i) until.next[i] = std::min(until.next[i], cut.next[i]);
        const auto ofA = inA.stateAt(id, until, {});
        const auto ofB = inB.stateAt(id, until, {});
        if (!ofA && !ofB) return std::nullopt;
        if (!ofA || !ofB || textOf(*ofA) != textOf(*ofB)) return event;
    }
    return std::nullopt;
}

} // namespace

class PartingTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void partingsAreThoseOfEveryMoment();
    void bothStatesAreTold();
    void theSameNeverParts();
    void aFailureParts();
    void whatOneDoesNotKnowParts();
    void aStopIsObeyed();

private:
    unsigned m_seed = 0;
};

void PartingTest::partingsAreThoseOfEveryMoment()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(600));
    std::uint64_t parted = 0;
    std::uint64_t together = 0;
    for (int i = 0; i < 8; ++i) {
        const std::string odd = std::to_string(random.below(40));
        const auto [textA, textB] = std::vector<std::pair<std::string, std::string>>{
            {counting(random.below(40)), counting(random.below(40))},
            {kByNumber, "fromAll().partitionBy(e => e.body.n % 5).when({ $init: () => ({ l: [] }), $any(s, e) { "
                        "s.l.push(e.streamId); if (s.l.length > 9) return { l: s.l.slice(5) }; } })"},
            {counting(7), counting(7, "if (e.body.n % 40 === " + odd + ") throw new Error('odd'); ")},
            {kWhole, "fromAll().when({ $init: () => ({ n: 0, by: {} }), $any(s, e) { s.n++; s.by[e.streamId] = "
                     "e.body.n % 40 === "
                         + odd + " ? 'odd' : e.eventType; } })"},
        }[static_cast<std::size_t>(i) % 4];
        const Projection a = scripted(made, textA);
        const Projection b = scripted(made, textB);
        const auto cut = made.randomCut(random);
        const auto workers = 1 + static_cast<unsigned>(random.below(3));
        const Partings found = must(findPartings(made.reader(), a, b, cut, workers, {}, {}));
        std::vector<PartedAggregate> expected;
        std::set<std::string> ids;
        for (const Projection* each : {&a, &b}) {
            for (std::uint32_t key = 0; key < each->index->size(); ++key)
                ids.insert(std::string(must(each->index->text(key))));
        }
        for (const std::string& id : ids) {
            const auto event = slowParting(made, a, b, id, cut);
            if (event) expected.push_back({*event, id});
            together += !event;
        }
        std::ranges::sort(expected);
        QCOMPARE(found.compared, ids.size());
        QVERIFY2(found.parted == expected, (textA + " / " + textB).c_str());
        parted += expected.size();
    }
    qInfo("%llu part, %llu do not", static_cast<unsigned long long>(parted), static_cast<unsigned long long>(together));
    QVERIFY(parted > 10);
    QVERIFY(together > 20);
}

void PartingTest::bothStatesAreTold()
{
    const Made made(m_seed, spreadShape(1000));
    const Projection a = scripted(made, "({ init: () => 0, apply: n => n + 1 })");
    const Projection b = scripted(made, "({ init: () => 0, apply: n => n === 2 ? 'three' : n + 1 })");
    Replayer replayer(made.reader(), a, nullptr);
    const auto own = must(replayer.ownEvents("agg-2", made.catalog().end())).value();
    QVERIFY(own.size() > 2);
    const auto parting = must(partingOf(made.reader(), a, b, "agg-2", made.catalog().end(), {}));
    QVERIFY(parting.has_value());
    QCOMPARE(parting->event, own[2]);
    QCOMPARE(text(toJson(parting->a.state->root())), QString("3"));
    QCOMPARE(text(toJson(parting->b.state->root())), QString("\"three\""));
    // Before it they are together.
    const auto before = must(made.catalog().prefix(own[2].value));
    QVERIFY(!must(partingOf(made.reader(), a, b, "agg-2", before, {})));
}

void PartingTest::theSameNeverParts()
{
    const Made made(m_seed, spreadShape(800));
    const Projection a = scripted(made, kAllOfIt);
    const Projection b = scripted(made, std::string(kAllOfIt) + " // another version");
    QVERIFY(a.fingerprint() != b.fingerprint());
    const Partings found = must(findPartings(made.reader(), a, b, made.catalog().end(), 2, {}, {}));
    QVERIFY(found.parted.empty());
    QCOMPARE(found.compared, std::uint64_t{made.index()->size()});
    // Numbers are compared by value, members in any order.
    const Projection c = scripted(made, "({ apply: () => ({ x: 1, y: 100 }) })");
    const Projection d = scripted(made, "({ apply: () => ({ y: 1e2, x: 1.0 }) })");
    QVERIFY(must(findPartings(made.reader(), c, d, made.catalog().end(), 2, {}, {})).parted.empty());
}

void PartingTest::aFailureParts()
{
    const Made made(m_seed, spreadShape(1000));
    const Projection good = scripted(made, "({ init: () => 0, apply: n => n + 1 })");
    const Projection bad =
        scripted(made, "({ init: () => 0, apply: n => { if (n === 3) throw new Error('three'); return n + 1; } })");
    Replayer replayer(made.reader(), good, nullptr);
    const auto own = must(replayer.ownEvents("agg-2", made.catalog().end())).value();
    const auto parting = must(partingOf(made.reader(), good, bad, "agg-2", made.catalog().end(), {}));
    QVERIFY(parting.has_value());
    QCOMPARE(parting->event, own[3]);
    QVERIFY(!parting->a.failure && parting->a.state);
    QVERIFY(parting->b.failure && !parting->b.state);
    QCOMPARE(parting->b.failure->code, ErrorCode::ScriptFailed);
    QVERIFY(!must(partingOf(made.reader(), bad, bad, "agg-2", made.catalog().end(), {})));
}

void PartingTest::whatOneDoesNotKnowParts()
{
    const Made made(m_seed, spreadShape(200));
    const Projection a = scripted(made, "({ by: e => 'left', init: () => 0, apply: n => n + 1 })");
    const Projection b = scripted(made, "({ by: e => 'right', init: () => 0, apply: n => n + 1 })");
    const Partings found = must(findPartings(made.reader(), a, b, made.catalog().end(), 2, {}, {}));
    QCOMPARE(found.parted.size(), 2U);
    QCOMPARE(found.parted[0].event, found.parted[1].event);
    QCOMPARE(found.parted[0].id, std::string("left"));
    const auto parting = must(partingOf(made.reader(), a, b, "right", made.catalog().end(), {}));
    QVERIFY(parting && !parting->a.state && parting->b.state);
    QVERIFY(!must(partingOf(made.reader(), a, b, "neither", made.catalog().end(), {})));
}

void PartingTest::aStopIsObeyed()
{
    const Made made(m_seed, spreadShape(600));
    const Projection busy =
        scripted(made, "({ apply: (s, e) => { for (const t = { n: 0 }; t.n < 3e7; ++t.n) {} return 1; } })");
    std::stop_source stop;
    const std::jthread stopper([&stop] {
        std::this_thread::sleep_for(std::chrono::milliseconds(60));
        stop.request_stop();
    });
    const auto found = findPartings(made.reader(), busy, busy, made.catalog().end(), 2, stop.get_token(), {});
    QVERIFY(!found);
    QCOMPARE(found.error().code, ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(PartingTest)
#include "parting_test.moc"
