// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/playhead.h"
#include "core/replay/replayer.h"
#include "core/replay/scan.h"
#include "core/replay/steps.h"
#include "tests/capture/made_batches.h"

#include <chrono>
#include <thread>

using namespace leftfold;
using namespace leftfold::capture::test;

namespace {

/// Says which events it folded, in order; slow enough that seeking wants checkpoints.
class ListFold : public fold::Fold {
    struct Listed : fold::State {
        std::string positions;
    };
    class ListFolder : public fold::Folder {
    public:
        explicit ListFolder(std::chrono::microseconds pause) : m_pause(pause) {}
        std::unique_ptr<fold::State> begin() override { return std::make_unique<Listed>(); }
        void apply(fold::State& state, const fold::FoldEvent& event) override
        {
            if (m_pause.count() > 0) std::this_thread::sleep_for(m_pause);
            static_cast<Listed&>(state).positions += toText(event::Position{*event.partition, event.offset}) + ' ';
        }
        bool exists(const fold::State& state) const override
        {
            return !static_cast<const Listed&>(state).positions.empty();
        }
        event::Document read(const fold::State& state) override
        {
            event::DocumentBuilder builder;
            builder.text(static_cast<const Listed&>(state).positions);
            return builder.finish();
        }
        std::string save(const fold::State& state) override { return static_cast<const Listed&>(state).positions; }
        std::unique_ptr<fold::State> restore(base::ByteView saved) override
        {
            auto state = std::make_unique<Listed>();
            state->positions = saved;
            return state;
        }

    private:
        std::chrono::microseconds m_pause;
    };

public:
    explicit ListFold(std::chrono::microseconds pause = {}) : m_pause(pause) {}
    std::string_view name() const override { return "list"; }
    std::string fingerprint() const override { return "list/1"; }
    std::unique_ptr<fold::Folder> folder() const override { return std::make_unique<ListFolder>(m_pause); }

private:
    std::chrono::microseconds m_pause;
};

/// A random log, captured and open, with the definition of its replay order beside it.
struct Opened {
    explicit Opened(unsigned seed, LogShape shape = {}) : random(seed), log(seed, shape)
    {
        capture::test::capture(folder.path("log"), log.loads());
        reader = opened(folder.path("log"));
        keys = must(capture::KeyIndex::open(*reader, *reader->catalog().mapping().id, 2, {}, {}));
        order = replayOrder(log.loads());
    }

    /// Any cut; most are no prefix of the replay order.
    capture::OrdinalCut randomCut()
    {
        capture::OrdinalCut cut = reader->catalog().end();
        for (std::uint64_t& next : cut.next) next = random.below(next + 1);
        return cut;
    }
    std::string randomId()
    {
        return std::string(must(keys->text(static_cast<std::uint32_t>(random.below(keys->size())))));
    }

    /// By the definition: the aggregate's own events inside the cut, in replay order.
    std::string expectedPositions(const std::string& id, const capture::OrdinalCut& cut)
    {
        std::string out;
        std::map<event::Partition, std::uint64_t> ordinals;
        for (const Placed& placed : order) {
            const std::uint64_t ordinal = ordinals[placed.event->partition]++;
            const std::uint32_t partition = must(reader->catalog().numberOf(placed.event->partition));
            if (placed.event->id == id && cut.contains({partition, ordinal}))
                out += toText(placed.event->position()) + ' ';
        }
        return out;
    }

    Folder folder;
    Random random;
    RandomLog log;
    std::unique_ptr<capture::Reader> reader;
    std::shared_ptr<const capture::KeyIndex> keys;
    std::vector<Placed> order;
};

std::string positionsOf(const replay::AggregateState& state)
{
    return state.document ? std::string(state.document->root().text()) : std::string();
}

std::vector<std::string> scanned(Opened& made, const replay::ScanRange& range, const event::EventFilter& filter)
{
    std::vector<std::string> positions;
    must(replay::scan(*made.reader, made.keys.get(), range, filter, {},
                      [&](const replay::ScannedEvent& event) -> base::Result<bool> {
                          positions.push_back(toText(
                              event::Position{made.reader->catalog().partitions()[event.item->location.partition],
                                              event.item->record->offset}));
                          return true;
                      })
             .map([](const auto&) {}));
    return positions;
}

} // namespace

class LawsTest : public QObject {
    Q_OBJECT

private slots:
    void aStateIsTheFoldOfItsOwnEventsInsideTheCut()
    {
        Opened made(newSeed());
        replay::Replayer replayer(*made.reader, {made.keys, std::make_shared<ListFold>()}, nullptr);
        int noPrefix = 0;
        for (int i = 0; i < 150; ++i) {
            const std::string id = made.randomId();
            const capture::OrdinalCut cut =
                i % 2 ? made.randomCut()
                      : must(made.reader->catalog().prefix(made.random.below(made.order.size() + 1)));
            noPrefix += !must(made.reader->catalog().asPrefix(cut)).has_value();
            const auto state = must(replayer.stateAt(id, cut, {}));
            QVERIFY(state.has_value());
            const std::string expected = made.expectedPositions(id, cut);
            QCOMPARE(text(positionsOf(*state)), text(expected));
            QCOMPARE(state->document.has_value(), !expected.empty());
            QCOMPARE(state->events, static_cast<std::uint64_t>(std::ranges::count(expected, ' ')));
        }
        QVERIFY(noPrefix > 30);
        QVERIFY(!must(replayer.stateAt("no such aggregate", made.reader->catalog().end(), {})).has_value());
    }

    /// Seeks that go back and forth restore checkpoints, and every answer is the one without them.
    void checkpointsChangeNoAnswer()
    {
        LogShape shape;
        shape.events = 1500;
        shape.ids = 3;
        Opened made(newSeed(), shape);
        const auto checkpoints = std::make_shared<replay::Checkpoints>();
        replay::Replayer with(*made.reader, {made.keys, std::make_shared<ListFold>(std::chrono::microseconds(300))},
                              checkpoints);
        replay::Replayer without(*made.reader, {made.keys, std::make_shared<ListFold>()}, nullptr);
        for (int i = 0; i < 25; ++i) {
            const std::string id = made.randomId();
            const capture::OrdinalCut cut =
                i % 5 == 4 ? made.randomCut()
                           : must(made.reader->catalog().prefix(made.random.below(made.order.size() + 1)));
            QCOMPARE(text(positionsOf(*must(with.stateAt(id, cut, {})))),
                     text(positionsOf(*must(without.stateAt(id, cut, {})))));
        }
        qInfo("%llu checkpoints put, %llu restored, %llu events folded, %llu without",
              static_cast<unsigned long long>(with.effort().checkpointsPut),
              static_cast<unsigned long long>(with.effort().checkpointsRestored),
              static_cast<unsigned long long>(with.effort().eventsFolded),
              static_cast<unsigned long long>(without.effort().eventsFolded));
        QVERIFY(with.effort().checkpointsPut > 0);
        QVERIFY(with.effort().checkpointsRestored > 0);
        QVERIFY(with.effort().eventsFolded < without.effort().eventsFolded);
        QCOMPARE(without.effort().checkpointsRestored, 0U);
    }

    void checkpointsAreThinnedTheOldOnesFirst()
    {
        replay::Checkpoints checkpoints(10'000);
        for (std::uint64_t events = 1; events <= 1000; ++events)
            checkpoints.put("a", events * 10, std::string(100, 'x'));
        QVERIFY(checkpoints.bytes() <= 10'000);
        QVERIFY(checkpoints.count() > 50);
        QCOMPARE(checkpoints.nearest("a", 10'000)->events, 10'000U);
        // Log-spaced: the gap behind a place grows with its distance from the end.
        const auto gapAt = [&](std::uint64_t place) {
            return place - checkpoints.nearest("a", place).value_or(replay::Checkpoints::Found{}).events;
        };
        QVERIFY(gapAt(9'900) <= 100);
        QVERIFY(gapAt(5'000) <= 3'000);
        QVERIFY(!checkpoints.nearest("b", 10'000).has_value());
        checkpoints.clear();
        QCOMPARE(checkpoints.count(), std::size_t{0});
    }

    void thePlayOrderHoldsTheBaseFirstThenTheRest()
    {
        Opened made(newSeed());
        const capture::Catalog& catalog = made.reader->catalog();
        for (int i = 0; i < 6; ++i) {
            const capture::OrdinalCut base = made.randomCut();
            const auto order = must(replay::PlayOrder::over(catalog, base));
            QCOMPARE(order.home(), base.events());
            QVERIFY(must(order.cutAt(order.home())) == base);
            std::uint64_t last = 0;
            for (std::uint64_t at = 0; at < order.size(); at += 1 + made.random.below(9)) {
                const event::EventIndex index = must(order.eventAt(at));
                QCOMPARE(must(order.placeOf(index)), at);
                QCOMPARE(base.contains(must(catalog.locate(index))), at < order.home());
                capture::OrdinalCut next = must(order.cutAt(at));
                ++next.next[must(catalog.locate(index)).partition];
                QVERIFY(must(order.cutAt(at + 1)) == next);
                QVERIFY(at == 0 || at == order.home() || (last < order.home()) != (at < order.home())
                        || index.value > must(order.eventAt(last)).value);
                last = at;
            }
        }
    }

    void forwardThenBackIsIdentity_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("any event") << 0;
        QTest::newRow("this aggregate") << 1;
        QTest::newRow("this type") << 2;
    }
    /// Also from cuts that are no prefix of the replay order; states too, since a state is a function of its cut.
    void forwardThenBackIsIdentity()
    {
        QFETCH(const int, kind);
        Opened made(newSeed());
        int noPrefix = 0;
        int steps = 0;
        for (int i = 0; i < 60; ++i) {
            const capture::OrdinalCut base =
                i % 3 ? made.randomCut() : must(made.reader->catalog().prefix(made.random.below(made.order.size())));
            noPrefix += !must(made.reader->catalog().asPrefix(base)).has_value();
            const auto order = must(replay::PlayOrder::over(made.reader->catalog(), base));
            replay::StepKind what = replay::AnyEvent{};
            if (kind == 1) what = replay::OfAggregate{made.randomId()};
            if (kind == 2) what = replay::OfType{"T" + std::to_string(made.random.below(6))};
            const auto go = [&](std::uint64_t at, replay::Direction direction) {
                return must(replay::step(*made.reader, order, made.keys.get(), at, what, direction, {}));
            };
            // From just behind an event of the kind, as a person steps; the first step gets there.
            const auto here = go(order.home(), replay::Direction::Forward);
            if (!here) continue;
            const auto there = go(*here, replay::Direction::Forward);
            if (!there) continue;
            const auto before = go(*there, replay::Direction::Back);
            const auto back = go(*before, replay::Direction::Back);
            QVERIFY(*there > *here && *before == *there - 1 && *back == *here - 1);
            QCOMPARE(*go(*back, replay::Direction::Forward), *here);
            QVERIFY(must(order.cutAt(*go(*before, replay::Direction::Forward))) == must(order.cutAt(*there)));
            ++steps;
        }
        QVERIFY2(steps > 20 && noPrefix > 20, qPrintable(QString("%1 steps, %2 cuts").arg(steps).arg(noPrefix)));
    }

    void aScanFindsWhatTheFilterSays()
    {
        Opened made(newSeed());
        const auto holds = [](const std::optional<std::string>& bytes, const std::string& part) {
            return bytes && bytes->find(part) != std::string::npos;
        };
        for (int i = 0; i < 40; ++i) {
            event::EventFilter filter;
            if (i % 5 == 1) filter.types = {"T1", "T4"};
            if (i % 5 == 2) filter.aggregate = made.randomId();
            if (i % 5 == 3) filter.text = "ab";
            if (i % 5 == 4) filter.causedBy = "3";
            if (i % 10 == 4) filter.correlation = "f2";
            replay::ScanRange range{made.randomCut(), made.randomCut(), i % 2 == 1};
            std::vector<std::string> expected;
            std::map<event::Partition, std::uint64_t> ordinals;
            for (const Placed& placed : made.order) {
                const MadeEvent& event = *placed.event;
                const capture::Location location{must(made.reader->catalog().numberOf(event.partition)),
                                                 ordinals[event.partition]++};
                if (range.from.contains(location) || !range.until.contains(location)) continue;
                if (!filter.types.empty() && event.type != "T1" && event.type != "T4") continue;
                if (filter.aggregate && event.id != filter.aggregate) continue;
                if (filter.text && !holds(event.value, "ab") && !holds(event.key, "ab")) continue;
                if (filter.causedBy && !(event.decodable && holds(event.value, "\"cause\":3,"))) continue;
                if (filter.correlation && !(event.decodable && holds(event.value, "\"flow\":\"f2\""))) continue;
                expected.push_back(toText(event.position()));
            }
            if (range.reverse) std::ranges::reverse(expected);
            QCOMPARE(scanned(made, range, filter), expected);
        }
    }
};

QTEST_GUILESS_MAIN(LawsTest)
#include "laws_test.moc"
