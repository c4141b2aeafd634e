// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/bisect.h"
#include "core/replay/run.h"
#include "core/replay/script_project.h"

#include "tests/replay/made_scripts.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::replay;
using namespace leftfold::replay::test;
using base::ErrorCode;

namespace {

std::vector<Breakpoint> parsed(const std::vector<std::string>& texts)
{
    std::vector<Breakpoint> out;
    for (const std::string& text : texts) out.push_back(must(parseBreakpoint(text)));
    return out;
}

PlayOrder replayOrderOf(const Made& made)
{
    return must(PlayOrder::over(made.catalog(), made.catalog().end()));
}

/// Asks for a stop soon, and tells how long the rest took.
class SoonStopped {
public:
    [[nodiscard]] std::stop_token token() const { return m_source.get_token(); }
    ~SoonStopped()
    {
        m_stopper.join();
        qInfo("ended %.1f ms after the stop",
              std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - m_asked).count());
    }
    SoonStopped() = default;
    SoonStopped(const SoonStopped&) = delete;
    SoonStopped& operator=(const SoonStopped&) = delete;

private:
    std::stop_source m_source;
    std::chrono::steady_clock::time_point m_asked{};
    std::jthread m_stopper{[this] {
        std::this_thread::sleep_for(std::chrono::milliseconds(60));
        m_asked = std::chrono::steady_clock::now();
        m_source.request_stop();
    }};
};

} // namespace

class ScriptReplayTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void backShowsTheSameBytes_data();
    void backShowsTheSameBytes();
    void projectingGivesTheSameStates_data();
    void projectingGivesTheSameStates();
    void functionsFindWhatConditionsFind();
    void functionsSeeTheEvent();
    void aLogPointTellsAValue();
    void flipsOfAFunctionAreThoseOfACondition();
    void aScriptThatFailsIsStoppedAt_data();
    void aScriptThatFailsIsStoppedAt();
    void aScriptThatFailsLosesNoHits_data();
    void aScriptThatFailsLosesNoHits();
    void whatFailsElsewhereHarmsNothing();
    void whatIsWrongWithAFunctionIsSaid_data();
    void whatIsWrongWithAFunctionIsSaid();
    void aFunctionIsStoppedInTime();
    void aStopIsObeyed_data();
    void aStopIsObeyed();
    void foldersGoFromThreadToThread();

private:
    unsigned m_seed = 0;
};

void ScriptReplayTest::backShowsTheSameBytes_data()
{
    QTest::addColumn<QString>("rule");
    for (const char* fold : {"latest", "tally", "merge", "patch", "debezium"}) QTest::newRow(fold) << QString(fold);
    QTest::newRow("script, all of it") << QString(kAllOfIt);
    QTest::newRow("script, by stream") << QString(kByStream);
    QTest::newRow("script, by a number") << QString(kByNumber);
    QTest::newRow("script, one state") << QString(kWhole);
}

/// Forward event by event, in one go; then back, each state sought, from checkpoints and without.
void ScriptReplayTest::backShowsTheSameBytes()
{
    QFETCH(QString, rule);
    Random random(m_seed);
    LogShape shape = spreadShape(400);
    shape.ids = 2;
    const Made made(m_seed, shape);
    Projection projection = rule.size() < 10 ? Projection{made.index(), must(fold::builtInFold(rule.toStdString()))}
                                             : scripted(made, rule.toStdString());
    Replayer without(made.reader(), projection, nullptr);
    projection.fold = std::make_shared<SlowFold>(projection.fold, std::chrono::microseconds(200));
    Replayer with(made.reader(), projection, std::make_shared<Checkpoints>());
    int states = 0;
    for (int round = 0; round < 2; ++round) {
        const std::string id(
            must(projection.index->text(static_cast<std::uint32_t>(random.below(projection.index->size())))));
        std::vector<std::pair<event::EventIndex, std::string>> forward;
        (void)must(without.walk(id, made.catalog().end(), {}, [&](const Replayer::Step& step) -> base::Result<bool> {
            const bool exists = step.folder->exists(*step.state);
            forward.emplace_back(step.index, exists ? toJson(step.folder->read(*step.state).root()) : "(none)");
            states += exists;
            return true;
        }));
        (void)must(with.stateAt(id, made.catalog().end(), {}));
        for (auto place = forward.rbegin(); place != forward.rend(); ++place) {
            const auto cut = must(made.catalog().prefix(place->first.value + 1));
            QCOMPARE(text(textOf(must(with.stateAt(id, cut, {})))), text(place->second));
            if (random.oneIn(10)) QCOMPARE(text(textOf(must(without.stateAt(id, cut, {})))), text(place->second));
        }
    }
    qInfo("%llu checkpoints restored", static_cast<unsigned long long>(with.effort().checkpointsRestored));
    QVERIFY(with.effort().checkpointsRestored > 0 || rule == kByNumber);
    QVERIFY(states > 0 || rule == "debezium" || rule == "patch"); // nothing in this log is for these
}

void ScriptReplayTest::projectingGivesTheSameStates_data()
{
    QTest::addColumn<QString>("script");
    QTest::newRow("all of it") << QString(kAllOfIt);
    QTest::newRow("by stream") << QString(kByStream);
    QTest::newRow("by a number") << QString(kByNumber);
    QTest::newRow("one state") << QString(kWhole);
}

/// One event after the other, in one folder, against aggregate by aggregate.
void ScriptReplayTest::projectingGivesTheSameStates()
{
    QFETCH(QString, script);
    Random random(m_seed);
    const Made made(m_seed, spreadShape(1500));
    const Projection projection = scripted(made, script.toStdString());
    Replayer replayer(made.reader(), projection, nullptr);
    for (int i = 0; i < 3; ++i) {
        const auto cut = made.randomCut(random);
        const auto* known = dynamic_cast<const fold::Script*>(projection.fold.get());
        const auto all =
            must(projectAll(made.reader(), *known, projection.index.get(), cut, {}, {}, [](const ProjectedOutput&) {}));
        QVERIFY2(!all.failure, all.failure ? base::render(*all.failure).c_str() : "");
        std::uint64_t existing = 0;
        for (std::uint32_t key = 0; key < projection.index->size(); ++key)
            existing += textOf(must(replayer.stateAt(must(projection.index->text(key)), cut, {}))) != "(none)";
        QCOMPARE(all.partitions.size(), existing);
        for (const ProjectedPartition& partition : all.partitions)
            QCOMPARE(text(toJson(partition.state.root())), text(textOf(must(replayer.stateAt(partition.id, cut, {})))));
    }
}

void ScriptReplayTest::functionsFindWhatConditionsFind()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(1200));
    const Projection projection{made.index(), must(fold::builtInFold("tally"))};
    int found = 0;
    int others = 0;
    int swept = 0;
    for (int i = 0; i < 24; ++i) {
        const std::string number = std::to_string(random.below(40));
        const std::string id = made.log().id(random.below(42));
        const std::string type = "T" + std::to_string(random.below(6));
        const auto [condition, function] = std::vector<std::pair<std::string, std::string>>{
            {"becomes /count >= " + number,
             "js: (b, e, a) => a?.count >= " + number + " && !(b?.count >= " + number + ")"},
            {"of " + id + " when /after/count > " + number, "of " + id + " js: (b, e, a) => a?.count > " + number},
            {"type " + type + " when /event/n > 900 and /before/count > 2",
             "js: (b, e, a) => e.eventType === '" + type + "' && e.body?.n > 900 && b?.count > 2"},
            {"changes /numbers/~1n/max", "js: (b, e, a) => (b?.numbers['/n']?.max) !== (a?.numbers['/n']?.max)"},
        }[random.below(4)];
        const PlayOrder order = must(PlayOrder::over(made.catalog(), made.randomCut(random)));
        const std::uint64_t at = random.below(order.size() + 1);
        RunOptions options;
        options.workers = 1 + static_cast<unsigned>(random.below(3));
        for (const Direction direction : {Direction::Forward, Direction::Back}) {
            const RunEnd expected =
                must(run(made.reader(), projection, order, at, direction, parsed({condition}), options, {}));
            options.way = random.oneIn(2) ? RunOptions::Way::Sweep : RunOptions::Way::Walk;
            const RunEnd end =
                must(run(made.reader(), projection, order, at, direction, parsed({function}), options, {}));
            swept += end.readings > 0;
            QVERIFY2(end.place == expected.place, function.c_str());
            QVERIFY(end.hits == expected.hits);
            found += end.place.has_value();
        }
        others += !order.isReplayOrder();
    }
    QVERIFY(found > 8);
    QVERIFY(others > 5);
    QVERIFY(swept > 0);
}

void ScriptReplayTest::functionsSeeTheEvent()
{
    const Made made(m_seed, spreadShape(300));
    const Projection projection{made.index(), must(fold::builtInFold("latest"))};
    const PlayOrder order = replayOrderOf(made);
    // What the state is, the event brought.
    const auto never = parsed({"js: (b, e, a) => e.isJson && JSON.stringify(e.body) !== JSON.stringify(a)"});
    const auto stream = parsed({"js: (b, e, a) => e.streamId.endsWith('-agg-0') && e.sequenceNumber === 2"});
    for (const RunOptions::Way way : {RunOptions::Way::Walk, RunOptions::Way::Sweep}) {
        RunOptions options;
        options.way = way;
        QVERIFY(!must(run(made.reader(), projection, order, 0, Direction::Forward, never, options, {})).place);
        const RunEnd end = must(run(made.reader(), projection, order, 0, Direction::Forward, stream, options, {}));
        QVERIFY(end.place.has_value());
        QCOMPARE(end.hits.front().aggregate, std::string("agg-0"));
        Replayer replayer(made.reader(), projection, nullptr);
        QCOMPARE(must(replayer.ownEvents("agg-0", made.catalog().end())).value()[2], end.hits.front().event);
    }
}

void ScriptReplayTest::aLogPointTellsAValue()
{
    const Made made(m_seed, spreadShape(600));
    const Projection projection{made.index(), must(fold::builtInFold("tally"))};
    std::vector<Hit> hits;
    RunOptions options;
    options.workers = 2;
    options.log = [&hits](const Hit& hit) -> base::Result<void> {
        hits.push_back(hit);
        return {};
    };
    const auto points =
        parsed({"log of agg-5 js: (b, e, a) => a.count % 2 ? { n: a.count, was: b?.count ?? 0 } : null"});
    const RunEnd end =
        must(run(made.reader(), projection, replayOrderOf(made), 0, Direction::Forward, points, options, {}));
    QVERIFY(!end.place);
    Replayer replayer(made.reader(), projection, nullptr);
    const auto own = must(replayer.ownEvents("agg-5", made.catalog().end())).value();
    QCOMPARE(hits.size(), (own.size() + 1) / 2);
    for (std::size_t i = 0; i < hits.size(); ++i) {
        QCOMPARE(hits[i].event, own[2 * i]);
        QCOMPARE(text(hits[i].said), QString(R"({"n":%1,"was":%2})").arg(2 * i + 1).arg(2 * i));
    }
}

void ScriptReplayTest::flipsOfAFunctionAreThoseOfACondition()
{
    const Made made(m_seed, spreadShape(800));
    const Projection projection{made.index(), must(fold::builtInFold("latest"))};
    Replayer replayer(made.reader(), projection, nullptr);
    const auto condition = must(event::Condition::parse("/n > 500"));
    const auto question =
        must(fold::ScriptQuestion::parse("(state, event) => state.n > 500", fold::ScriptQuestion::Kind::State));
    const auto asker = question->asker(streamsOf(projection, made.catalog().mapping()));
    int several = 0;
    for (std::size_t number = 0; number < 42; ++number) {
        const std::string id = made.log().id(number);
        const auto expected = must(flipsOf(replayer, id, condition, made.catalog().end(), {}));
        const auto flips = must(flipsOf(replayer, id, *asker, made.catalog().end(), {}));
        QVERIFY(flips == expected);
        several += flips && flips->size() > 2;
    }
    QVERIFY(several > 5);
}

void ScriptReplayTest::aScriptThatFailsIsStoppedAt_data()
{
    QTest::addColumn<bool>("isSweep");
    QTest::newRow("aggregates one by one") << false;
    QTest::newRow("beside each other") << true;
}

void ScriptReplayTest::aScriptThatFailsIsStoppedAt()
{
    QFETCH(bool, isSweep);
    Random random(m_seed);
    const Made made(m_seed, spreadShape(5000)); // more than a stretch
    const Projection projection = scripted(
        made, "({ init: () => 0, apply: (n, e) => { if (n === 40) throw new Error('forty'); return n + 1; } })");
    const PlayOrder order = replayOrderOf(made);
    // By the definition: the first event that is the forty-first decodable one of its aggregate.
    std::map<std::string, int> counts;
    std::vector<std::uint64_t> expected;
    for (std::size_t i = 0; i < made.order().size(); ++i) {
        const auto& event = *made.order()[i].event;
        if (!event.id || !event.decodable || !event.value) continue;
        if (++counts[*event.id] == 41) expected.push_back(i);
    }
    QVERIFY(expected.size() > 3);
    RunOptions options;
    options.workers = 2;
    options.way = isSweep ? RunOptions::Way::Sweep : RunOptions::Way::Walk;
    const auto fails = parsed({"fails"});
    const RunEnd first = must(run(made.reader(), projection, order, 0, Direction::Forward, fails, options, {}));
    QCOMPARE(first.readings > 0, isSweep);
    QCOMPARE(first.place, std::optional(expected.front() + 1));
    QVERIFY2(first.hits.front().said.find("forty") != std::string::npos, first.hits.front().said.c_str());
    const RunEnd last = must(run(made.reader(), projection, order, order.size(), Direction::Back, fails, options, {}));
    QCOMPARE(last.place, std::optional(expected.back()));
    const RunEnd third =
        must(run(made.reader(), projection, order, 0, Direction::Forward, parsed({"fails hit 3"}), options, {}));
    QCOMPARE(third.place, std::optional(expected[2] + 1));
    // The projection as a whole stops at the first.
    const auto all =
        must(projectAll(made.reader(), *dynamic_cast<const fold::Script*>(projection.fold.get()),
                        projection.index.get(), made.catalog().end(), {}, {}, [](const ProjectedOutput&) {}));
    QVERIFY(all.failure.has_value());
    QCOMPARE(all.failedAt, std::optional(event::EventIndex{expected.front()}));
    // Who asks for something else is told why there is no answer.
    const auto other =
        run(made.reader(), projection, order, 0, Direction::Forward, parsed({"changes /x"}), options, {});
    QVERIFY(!other);
    QCOMPARE(other.error().code, ErrorCode::ScriptFailed);
}

void ScriptReplayTest::aScriptThatFailsLosesNoHits_data()
{
    QTest::addColumn<bool>("isBack");
    QTest::addColumn<bool>("isInPasses");
    for (const bool isBack : {false, true}) {
        for (const bool isInPasses : {false, true})
            QTest::addRow("%s%s", isBack ? "back" : "forward", isInPasses ? ", in passes" : "") << isBack << isInPasses;
    }
}

/// However little memory there is for hits when it fails, and however far one worker is ahead of another.
void ScriptReplayTest::aScriptThatFailsLosesNoHits()
{
    QFETCH(bool, isBack);
    QFETCH(bool, isInPasses);
    const Made made(m_seed, spreadShape(13'000)); // several blocks
    const Projection projection =
        scripted(made, "({ init: () => ({ n: 0 }), apply: (s, e) => {\n"
                       "  if (s.n === 90 && e.streamId.endsWith('7')) throw new Error('seven');\n"
                       "  return { n: s.n + 1 }; } })");
    const PlayOrder order = replayOrderOf(made);
    const auto breakpoints = parsed({"log changes /n", "log fails", "hit 1000000 changes /n"});
    std::vector<Hit> logged;
    RunOptions options;
    options.log = [&logged](const Hit& hit) -> base::Result<void> {
        logged.push_back(hit);
        return {};
    };
    const auto told = [&] {
        logged.clear();
        return must(run(made.reader(), projection, order, isBack ? order.size() : 0,
                        isBack ? Direction::Back : Direction::Forward, breakpoints, options, {}));
    };
    options.way = RunOptions::Way::Walk;
    QCOMPARE(told().looked, order.size());
    const std::vector<Hit> expected = logged;
    QVERIFY(std::ranges::any_of(expected, [](const Hit& hit) { return hit.breakpoint == 1; }));
    options.way = RunOptions::Way::Sweep;
    if (isInPasses) options.maxAggregatesAtOnce = 25;
    for (const unsigned workers : {1U, 3U}) {
        options.workers = workers;
        for (const std::size_t bytes : {std::size_t{1}, RunOptions().maxHitBytes}) {
            options.maxHitBytes = bytes;
            QVERIFY(told().readings > 0);
            QVERIFY(logged == expected);
        }
    }
}

/// What failed of one aggregate says nothing of another, in the same replayer.
void ScriptReplayTest::whatFailsElsewhereHarmsNothing()
{
    const Made made(m_seed, spreadShape(400));
    const Projection projection = scripted(
        made, "({ init: () => 0, apply: (n, e) => { if (e.streamId.endsWith('agg-1')) throw 1; return n + 1; } })");
    Replayer replayer(made.reader(), projection, nullptr);
    const auto cut = made.catalog().end();
    const std::string before = textOf(must(replayer.stateAt("agg-2", cut, {})));
    const auto failed = replayer.stateAt("agg-1", cut, {});
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, ErrorCode::ScriptFailed);
    QCOMPARE(text(textOf(must(replayer.stateAt("agg-2", cut, {})))), text(before));
}

void ScriptReplayTest::whatIsWrongWithAFunctionIsSaid_data()
{
    QTest::addColumn<QString>("breakpoint");
    QTest::addColumn<QString>("why");
    QTest::newRow("no function") << "js: 17"
                                 << "should stand a function: (before, event, after) => ...";
    QTest::newRow("nothing") << "js:"
                             << "should stand a function";
    QTest::newRow("no JavaScript") << "js: (before => "
                                   << "the function:1:";
    QTest::newRow("an import") << "js: import x from './a.js'"
                               << "the function:1:";
    QTest::newRow("it throws") << "js: (b, e, a) => a.none.such"
                               << "in the function: TypeError: a.none is undefined (the function:1:";
    QTest::newRow("what is no plain data") << "js: (b, e, a) => new Date()"
                                           << "no plain data";
    QTest::newRow("a promise") << "js: async (b, e, a) => true"
                               << "no plain data";
}

void ScriptReplayTest::whatIsWrongWithAFunctionIsSaid()
{
    QFETCH(QString, breakpoint);
    QFETCH(QString, why);
    const auto read = parseBreakpoint(breakpoint.toStdString());
    std::string said = read ? "" : base::render(read.error());
    if (read) {
        const Made made(m_seed, spreadShape(100));
        const Projection projection{made.index(), must(fold::builtInFold("tally"))};
        const auto ended =
            run(made.reader(), projection, replayOrderOf(made), 0, Direction::Forward, std::span(&*read, 1), {}, {});
        QVERIFY(!ended);
        said = base::render(ended.error());
    }
    QVERIFY2(text(said).contains(why), said.c_str());
}

void ScriptReplayTest::aFunctionIsStoppedInTime()
{
    const Made made(m_seed, spreadShape(100));
    const Projection projection{made.index(), must(fold::builtInFold("tally"))};
    const auto endless = parsed({"js: (b, e, a) => { for (;;) {} }"});
    const auto ended = run(made.reader(), projection, replayOrderOf(made), 0, Direction::Forward, endless, {}, {});
    QVERIFY(!ended);
    QCOMPARE(ended.error().code, ErrorCode::ScriptTime);
}

void ScriptReplayTest::aStopIsObeyed_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("function");
    QTest::addColumn<bool>("isSweep");
    // 200 ms an event is within the limit, so only the stop ends it.
    const QString busy = "{ for (const t = { n: 0 }; t.n < 3e7; ++t.n) {} return 1; }";
    QTest::newRow("a busy script") << "({ apply: (s, e) => " + busy + " })"
                                   << "(b, e, a) => false" << false;
    QTest::newRow("a busy script, aggregates beside each other") << "({ apply: (s, e) => " + busy + " })"
                                                                 << "(b, e, a) => false" << true;
    QTest::newRow("a busy function") << "({ apply: (s, e) => 1 })"
                                     << "(b, e, a) => " + busy.chopped(11) + "return false; }" << false;
    QTest::newRow("a busy function, aggregates beside each other")
        << "({ apply: (s, e) => 1 })"
        << "(b, e, a) => " + busy.chopped(11) + "return false; }" << true;
    QTest::newRow("a busy sort")
        << "({ apply: (s, e) => " + busy + " })"
        << "(b, e, a) => [3,1,2].sort((x, y) => { for (let i = 0; i < 1e7; ++i) {} return x - y; }).length < 0"
        << false;
}

void ScriptReplayTest::aStopIsObeyed()
{
    QFETCH(QString, script);
    QFETCH(QString, function);
    QFETCH(bool, isSweep);
    const Made made(m_seed, spreadShape(600));
    const Projection projection = scripted(made, script.toStdString());
    const auto breakpoint = parsed({"js: " + function.toStdString()});
    const PlayOrder order = replayOrderOf(made);
    RunOptions options;
    options.workers = 2;
    options.way = isSweep ? RunOptions::Way::Sweep : RunOptions::Way::Walk;
    for (const Direction direction : {Direction::Forward, Direction::Back}) {
        const SoonStopped stop;
        const std::uint64_t at = direction == Direction::Forward ? 0 : order.size();
        const auto ended = run(made.reader(), projection, order, at, direction, breakpoint, options, stop.token());
        QVERIFY(!ended);
        QCOMPARE(ended.error().code, ErrorCode::Cancelled);
    }
}

/// A folder that is used by one thread after the other answers each the same.
void ScriptReplayTest::foldersGoFromThreadToThread()
{
    const Made made(m_seed, spreadShape(300));
    const Projection projection = scripted(made, kAllOfIt);
    Replayer replayer(made.reader(), projection, std::make_shared<Checkpoints>());
    std::vector<std::string> answers(4);
    for (std::string& answer : answers)
        std::jthread([&] { answer = textOf(must(replayer.stateAt("agg-1", made.catalog().end(), {}))); }).join();
    QVERIFY(answers.front() != "(none)");
    for (const std::string& answer : answers) QCOMPARE(text(answer), text(answers.front()));
}

QTEST_GUILESS_MAIN(ScriptReplayTest)
#include "script_replay_test.moc"
