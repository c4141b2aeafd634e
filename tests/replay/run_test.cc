// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/run.h"

#include "core/capture/chunk.h"
#include "core/replay/walk_cost.h"
#include "tests/replay/made_states.h"

#include <QTest>

#include <array>
#include <set>

using namespace leftfold;
using namespace leftfold::replay;
using namespace leftfold::replay::test;

namespace {

std::vector<Breakpoint> parsed(const std::vector<std::string>& texts)
{
    std::vector<Breakpoint> out;
    for (const std::string& text : texts) out.push_back(must(parseBreakpoint(text)));
    return out;
}

std::vector<std::string> words(const std::vector<Hit>& hits)
{
    std::vector<std::string> out;
    for (const Hit& hit : hits)
        out.push_back(toText(hit.event) + " " + std::to_string(hit.breakpoint) + " " + hit.aggregate);
    return out;
}

/// Breakpoints that hold often, seldom and never, over what random logs hold.
std::vector<std::string> randomTexts(const Made& made, Random& random)
{
    const auto one = [&]() -> std::string {
        const std::string id = made.log().id(random.below(42)); // two of these do not occur
        const std::string type = "T" + std::to_string(random.below(7)); // nor does one of these
        const std::string number = std::to_string(random.below(40));
        switch (random.below(8)) {
        case 0:
            return "type " + type;
        case 1:
            return "of \"" + id + "\"";
        case 2:
            return "changes /numbers/~1n/max";
        case 3:
            return "becomes /count >= " + number;
        case 4:
            return "type " + type + " when /after/count > " + number + " and not /before/count > 3";
        case 5:
            return "of \"" + id + "\" becomes /count = " + number;
        case 6:
            return "where /n > " + std::to_string(900 + random.below(99));
        default:
            return "at #" + std::to_string(random.below(made.order().size())) + " changes /count";
        }
    };
    std::vector<std::string> texts;
    for (std::uint64_t i = 0; i < 1 + random.below(3); ++i) texts.push_back(one());
    return texts;
}

/// Some of them only the so-manieth time, or only told.
std::vector<std::string> withCounts(std::vector<std::string> texts, Random& random)
{
    for (std::string& text : texts) {
        if (random.oneIn(3)) text.insert(0, "hit " + std::to_string(1 + random.below(6)) + " ");
        if (random.oneIn(3)) text.insert(0, "log ");
    }
    return texts;
}

constexpr std::array kWays = {RunOptions::Way::Cheaper, RunOptions::Way::Walk, RunOptions::Way::Sweep};

/// Everything that a run says.
struct Told {
    RunEnd end;
    std::vector<Hit> logged;
};
Told toldBy(const Made& made, const Projection& projection, const PlayOrder& order, std::uint64_t at,
            Direction direction, const std::vector<Breakpoint>& breakpoints, RunOptions options)
{
    Told told;
    options.log = [&told](const Hit& hit) -> base::Result<void> {
        told.logged.push_back(hit);
        return {};
    };
    told.end = must(run(made.reader(), projection, order, at, direction, breakpoints, options, {}));
    return told;
}

/// The same by asking for the states around every event, one event after the other.
std::optional<std::uint64_t> slowRun(const Made& made, const Projection& projection, const PlayOrder& order,
                                     std::uint64_t at, Direction direction, const std::vector<Breakpoint>& breakpoints)
{
    Replayer replayer(made.reader(), projection, nullptr);
    const bool forward = direction == Direction::Forward;
    for (std::uint64_t place = at; forward ? place < order.size() : place > 0; forward ? ++place : --place) {
        const std::uint64_t looked = forward ? place : place - 1;
        const event::EventIndex index = must(order.eventAt(looked));
        const auto& event = *made.order()[index.value].event;
        const auto stateAt = [&](std::uint64_t where) -> std::optional<event::Document> {
            if (!event.id) return std::nullopt;
            const auto state = must(replayer.stateAt(*event.id, must(order.cutAt(where)), {}));
            return state ? state->document : std::nullopt;
        };
        const auto before = stateAt(looked);
        const auto after = stateAt(looked + 1);
        const auto payload =
            event.value && event.decodable ? std::optional(must(event::Document::parse(*event.value))) : std::nullopt;
        const auto holds = [&](const Breakpoint& breakpoint) {
            const auto in = [](const std::optional<event::Document>& document, const event::Condition& condition) {
                return document && condition.matches(document->root());
            };
            const auto there = [&](const std::optional<event::Document>& document) {
                const auto value = document ? document->root().find(*breakpoint.changes) : std::nullopt;
                return value ? toJson(*value) : std::string();
            };
            if (breakpoint.type && event.type != *breakpoint.type) return false;
            if (breakpoint.aggregate && event.id != *breakpoint.aggregate) return false;
            if (breakpoint.at && std::get<event::EventIndex>(*breakpoint.at) != index) return false;
            if (breakpoint.needsState() && !event.id) return false;
            if (breakpoint.changes && there(before) == there(after)) return false;
            if (breakpoint.becomes && (!in(after, *breakpoint.becomes) || in(before, *breakpoint.becomes)))
                return false;
            if (breakpoint.where && !in(payload, *breakpoint.where)) return false;
            if (!breakpoint.when) return true;
            std::string whole = "{";
            const auto member = [&whole](const char* name, const std::optional<event::Document>& document) {
                if (!document) return;
                if (whole.size() > 1) whole += ',';
                whole += '"' + std::string(name) + "\":" + toJson(document->root());
            };
            member("before", before);
            member("event", payload);
            member("after", after);
            return breakpoint.when->matches(must(event::Document::parse(whole + '}')).root());
        };
        if (std::ranges::any_of(breakpoints, holds)) return forward ? looked + 1 : looked;
    }
    return std::nullopt;
}

} // namespace

class RunTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void breakpointsAreRead_data();
    void breakpointsAreRead();
    void whatIsNoneIsRefused_data();
    void whatIsNoneIsRefused();
    void runsEqualLookingAtEveryEvent();
    void bothWaysFindTheSame();
    void fewHitsInMemoryAreTheSame_data();
    void fewHitsInMemoryAreTheSame();
    void theLogIsReadOnceWhereThatIsNotDearer();
    void partitionsInTurnAreThoseBetweenNeighbours();
    void forwardFindsAgainWhatBackFound();
    void hitsAreCounted();
    void whatLogsIsToldInTheOrderOfTheRun();
    void momentsAreStoppedAt();
    void aStopIsObeyed_data();
    void aStopIsObeyed();

private:
    static Projection tallied(const Made& made) { return {made.index(), must(fold::builtInFold("tally"))}; }
    unsigned m_seed = 0;
};

void RunTest::breakpointsAreRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("read");
    QTest::newRow("a type") << "type OrderPlaced"
                            << "type=OrderPlaced";
    QTest::newRow("a type with a blank") << R"(type "order placed" log)"
                                         << "type=order placed log";
    QTest::newRow("an aggregate") << "of order-7 hit 3"
                                  << "of=order-7 hit=3";
    QTest::newRow("a field") << "changes /total fails"
                             << "changes=/total fails";
    QTest::newRow("a position") << "at orders[0]@42"
                                << "at=orders[0]@42";
    QTest::newRow("conditions are the rest") << "type T becomes /a = 1 and /type = hit"
                                             << "type=T becomes=/a = 1 and /type = hit";
}

void RunTest::breakpointsAreRead()
{
    QFETCH(QString, text);
    QFETCH(QString, read);
    const auto breakpoint = must(parseBreakpoint(text.toStdString()));
    QCOMPARE(QString::fromStdString(breakpoint.text), text);
    QStringList out;
    const auto add = [&out](const char* name, const auto& value) {
        if (value) out += QString(name) + '=' + QString::fromStdString(*value);
    };
    add("type", breakpoint.type);
    add("of", breakpoint.aggregate);
    if (breakpoint.at) out += "at=" + QString::fromStdString(toText(*breakpoint.at));
    if (breakpoint.changes) out += "changes=" + QString::fromStdString(toText(*breakpoint.changes));
    if (breakpoint.becomes) out += "becomes=" + QString::fromStdString(breakpoint.becomes->text()).trimmed();
    if (breakpoint.fails) out += "fails";
    if (breakpoint.hit != 1) out += "hit=" + QString::number(breakpoint.hit);
    if (breakpoint.isLog) out += "log";
    QCOMPARE(out.join(' '), read);
}

void RunTest::whatIsNoneIsRefused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("why");
    QTest::newRow("empty") << ""
                           << "it says nothing of the events it stops at";
    QTest::newRow("only a count") << "hit 2"
                                  << "it says nothing of the events it stops at";
    QTest::newRow("no clause") << "typ A"
                               << "'typ' is none of type, of, at";
    QTest::newRow("nothing behind it") << "type"
                                       << "there should stand a type";
    QTest::newRow("no number") << "type A hit 0"
                               << "instead of a number from 1 on";
    QTest::newRow("no end") << "type \"A"
                            << "a quotation mark has no end";
    QTest::newRow("no moment") << "at tomorrow"
                               << "'tomorrow' is not a moment";
    QTest::newRow("no condition") << "becomes /a >"
                                  << "is no condition";
}

void RunTest::whatIsNoneIsRefused()
{
    QFETCH(QString, text);
    QFETCH(QString, why);
    const auto refused = parseBreakpoint(text.toStdString());
    QVERIFY(!refused);
    const QString said = QString::fromStdString(base::render(refused.error()));
    QVERIFY2(said.contains(why), qPrintable(said));
}

void RunTest::runsEqualLookingAtEveryEvent()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(500));
    const Projection projection = tallied(made);
    int found = 0;
    int others = 0;
    int ends = 0;
    int swept = 0;
    int walked = 0;
    for (int i = 0; i < 60; ++i) {
        const PlayOrder order = must(PlayOrder::over(made.catalog(), made.randomCut(random)));
        const std::uint64_t at = random.oneIn(3) ? order.home() : random.below(order.size() + 1);
        const auto texts = randomTexts(made, random);
        const auto breakpoints = parsed(texts);
        RunOptions options;
        options.workers = 1 + static_cast<unsigned>(random.below(3));
        options.way = kWays[random.below(kWays.size())];
        options.maxAggregatesAtOnce = 1 + static_cast<std::uint32_t>(random.below(60));
        for (const Direction direction : {Direction::Forward, Direction::Back}) {
            const RunEnd end = must(run(made.reader(), projection, order, at, direction, breakpoints, options, {}));
            (end.readings > 0 ? swept : walked) += order.isReplayOrder();
            const auto expected = slowRun(made, projection, order, at, direction, breakpoints);
            QVERIFY2(end.place == expected, qPrintable(QString::fromStdString(texts.front())));
            found += end.place.has_value();
            ends += !end.place;
            QCOMPARE(end.place.has_value(), !end.hits.empty());
            QCOMPARE(end.unreadable, std::uint64_t{0});
        }
        others += !order.isReplayOrder();
        // What needs no aggregate needs no projection.
        const auto& someEvent = *made.order()[random.below(made.order().size())].event;
        const auto ofType = parsed({"type " + breakpointWord(someEvent.type)});
        const RunEnd with = must(run(made.reader(), projection, order, at, Direction::Forward, ofType, options, {}));
        const RunEnd without = must(run(made.reader(), {}, order, at, Direction::Forward, ofType, options, {}));
        QVERIFY(without.place == with.place);
        QVERIFY(without.hits == with.hits);
    }
    QVERIFY(found > 30);
    QVERIFY(ends > 5);
    QVERIFY(others > 10);
    QVERIFY(swept > 3);
    QVERIFY(walked > 3);
}

/// One by one or beside each other, with however much memory: what is found, told and counted is the same.
void RunTest::bothWaysFindTheSame()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(9000)); // more than a stretch, and more than a block
    const Projection projection = tallied(made);
    const PlayOrder order = must(PlayOrder::over(made.catalog(), made.catalog().end()));
    int swept = 0;
    int inPasses = 0;
    int found = 0;
    std::size_t logged = 0;
    for (int i = 0; i < 40; ++i) {
        const auto texts = withCounts(randomTexts(made, random), random);
        const auto breakpoints = parsed(texts);
        const bool asksForStates = std::ranges::any_of(breakpoints, &Breakpoint::needsState);
        const std::uint64_t at = random.oneIn(3) ? order.home() : random.below(order.size() + 1);
        RunOptions options;
        options.workers = 1 + static_cast<unsigned>(random.below(3));
        const bool isAtOnce = random.oneIn(3);
        if (!isAtOnce) options.maxAggregatesAtOnce = 1 + static_cast<std::uint32_t>(random.below(60));
        options.maxHitBytes = random.oneIn(2) ? 1 : options.maxHitBytes;
        for (const Direction direction : {Direction::Forward, Direction::Back}) {
            options.way = RunOptions::Way::Walk;
            const Told walk = toldBy(made, projection, order, at, direction, breakpoints, options);
            QCOMPARE(walk.end.readings, std::uint64_t{0});
            options.way = RunOptions::Way::Sweep;
            const Told sweep = toldBy(made, projection, order, at, direction, breakpoints, options);
            QVERIFY2(sweep.end.place == walk.end.place, texts.front().c_str());
            QVERIFY2(sweep.end.hits == walk.end.hits, texts.front().c_str());
            QCOMPARE(sweep.logged.size(), walk.logged.size());
            QVERIFY2(sweep.logged == walk.logged, texts.front().c_str());
            QCOMPARE(sweep.end.unreadable, std::uint64_t{0});
            QVERIFY(sweep.end.looked <= walk.end.looked);
            const std::uint64_t total = direction == Direction::Forward ? order.size() - at : at;
            if (!sweep.end.place) QCOMPARE(sweep.end.looked, total);
            QVERIFY(asksForStates || sweep.end.readings == 0);
            swept += sweep.end.readings > 0;
            inPasses += !isAtOnce && sweep.end.readings > 1;
            QVERIFY(!isAtOnce || direction == Direction::Back || sweep.end.readings <= 1);
            found += sweep.end.readings > 0 && sweep.end.place;
            if (sweep.end.readings > 0) logged += sweep.logged.size();
        }
    }
    QVERIFY(swept > 20);
    QVERIFY(inPasses > 5);
    QVERIFY(found > 5);
    QVERIFY(logged > 100);
}

void RunTest::fewHitsInMemoryAreTheSame_data()
{
    QTest::addColumn<bool>("isBack");
    QTest::addColumn<unsigned>("workers");
    for (const unsigned workers : {1U, 3U}) {
        QTest::addRow("forward, %u workers", workers) << false << workers;
        QTest::addRow("back, %u workers", workers) << true << workers;
    }
}

/// Back the log is read again for what was let go of; forward the hits are told on the way, and nothing is.
void RunTest::fewHitsInMemoryAreTheSame()
{
    QFETCH(bool, isBack);
    QFETCH(unsigned, workers);
    const Made made(m_seed, spreadShape(20'000)); // several blocks
    const Projection projection = tallied(made);
    const PlayOrder order = must(PlayOrder::over(made.catalog(), made.catalog().end()));
    const std::uint64_t at = isBack ? order.size() : 0;
    const Direction direction = isBack ? Direction::Back : Direction::Forward;
    const auto breakpoints = parsed({"log changes /count", "log type T2", "hit 100000 changes /count"});
    RunOptions options;
    options.workers = workers;
    options.way = RunOptions::Way::Walk;
    const Told walk = toldBy(made, projection, order, at, direction, breakpoints, options);
    QVERIFY(walk.logged.size() > 10'000);
    options.way = RunOptions::Way::Sweep;
    options.maxHitBytes = 1;
    const Told sweep = toldBy(made, projection, order, at, direction, breakpoints, options);
    QVERIFY(sweep.logged == walk.logged);
    QCOMPARE(sweep.end.looked, order.size());
    QVERIFY(isBack ? sweep.end.readings > 2 : sweep.end.readings == 1);
    // Nothing is told on the way where the aggregates are folded in two readings.
    options.maxAggregatesAtOnce = 25;
    const Told several = toldBy(made, projection, order, at, direction, breakpoints, options);
    QVERIFY(several.logged == walk.logged);
    QVERIFY(several.end.readings > 4);
}

void RunTest::theLogIsReadOnceWhereThatIsNotDearer()
{
    LogShape shape = spreadShape(60'000);
    shape.ids = 60'000; // each has its few events anywhere
    shape.hot = false;
    const Made made(m_seed, shape);
    const Projection projection = tallied(made);
    const PlayOrder order = must(PlayOrder::over(made.catalog(), made.catalog().end()));
    RunOptions options;
    options.workers = 2;
    const auto readings = [&](Direction direction, const std::string& text) {
        const std::uint64_t at = direction == Direction::Forward ? 0 : order.size();
        return must(run(made.reader(), projection, order, at, direction, parsed({text}), options, {})).readings;
    };
    const std::string never = "becomes /count < 0";
    QCOMPARE(readings(Direction::Forward, never), std::uint64_t{1});
    QVERIFY(readings(Direction::Back, never) >= 1);
    // What is near is not worth it, and of one aggregate there is nothing to read at once.
    QCOMPARE(readings(Direction::Back, "changes /count"), std::uint64_t{0});
    QCOMPARE(readings(Direction::Back, "of agg-1 " + never), std::uint64_t{0});
}

/// By sets of what lies in each of the samples.
void RunTest::partitionsInTurnAreThoseBetweenNeighbours()
{
    LogShape shape = spreadShape(4000);
    shape.partitions = 40;
    const Made made(m_seed, shape);
    const capture::Catalog& catalog = made.catalog();
    const std::uint64_t length =
        std::min<std::uint64_t>(catalog.eventCount(), capture::kFrameEvents * catalog.partitions().size());
    std::uint64_t distinct = 0;
    for (std::uint64_t sample = 0; sample < 32; ++sample) {
        const std::uint64_t first = (catalog.eventCount() - length) * sample / 32;
        std::set<std::uint32_t> partitions;
        for (std::uint64_t i = first; i < first + length; ++i) partitions.insert(made.location(i).partition);
        distinct += partitions.size();
    }
    QCOMPARE(must(partitionsInTurn(catalog, {})), distinct / 32);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = partitionsInTurn(catalog, stop.get_token());
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, base::ErrorCode::Cancelled);
}

void RunTest::forwardFindsAgainWhatBackFound()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(9000)); // more than a stretch
    const Projection projection = tallied(made);
    const PlayOrder order = must(PlayOrder::over(made.catalog(), made.catalog().end()));
    int found = 0;
    for (int i = 0; i < 40; ++i) {
        const auto breakpoints = parsed(randomTexts(made, random));
        const std::uint64_t at = random.below(order.size() + 1);
        const RunEnd back = must(run(made.reader(), projection, order, at, Direction::Back, breakpoints, {}, {}));
        if (!back.place) continue;
        const RunEnd again =
            must(run(made.reader(), projection, order, *back.place, Direction::Forward, breakpoints, {}, {}));
        QCOMPARE(words(again.hits), words(back.hits));
        QCOMPARE(again.place, std::optional(*back.place + 1));
        ++found;
    }
    QVERIFY(found > 15);
}

void RunTest::hitsAreCounted()
{
    const Made made(m_seed, spreadShape(9000));
    const Projection projection = tallied(made);
    const PlayOrder order = must(PlayOrder::over(made.catalog(), made.catalog().end()));
    for (const char* text : {"type T1", "becomes /count = 2"}) {
        // The tenth is what ten runs to the next one find.
        std::uint64_t at = 0;
        for (int i = 0; i < 10; ++i)
            at = *must(run(made.reader(), projection, order, at, Direction::Forward, parsed({text}), {}, {})).place;
        const auto tenth = parsed({std::string("hit 10 ") + text});
        QCOMPARE(must(run(made.reader(), projection, order, 0, Direction::Forward, tenth, {}, {})).place,
                 std::optional(at));
        // And back.
        for (int i = 0; i < 10; ++i)
            at = *must(run(made.reader(), projection, order, at, Direction::Back, parsed({text}), {}, {})).place;
        const RunEnd first = must(run(made.reader(), projection, order, 0, Direction::Forward, parsed({text}), {}, {}));
        QCOMPARE(std::optional(at + 1), first.place);
    }
}

void RunTest::whatLogsIsToldInTheOrderOfTheRun()
{
    const Made made(m_seed, spreadShape(9000));
    const Projection projection = tallied(made);
    const PlayOrder order = must(PlayOrder::over(made.catalog(), made.catalog().end()));
    const auto told = [&](std::uint64_t at, Direction direction, const std::vector<std::string>& texts) {
        std::vector<Hit> hits;
        RunOptions options;
        options.log = [&hits](const Hit& hit) -> base::Result<void> {
            hits.push_back(hit);
            return {};
        };
        const RunEnd end = must(run(made.reader(), projection, order, at, direction, parsed(texts), options, {}));
        return std::pair(hits, end);
    };
    const auto [all, ran] = told(0, Direction::Forward, {"log becomes /count = 3", "log type T2"});
    QVERIFY(!ran.place);
    QCOMPARE(ran.looked, order.size());
    QVERIFY(all.size() > 30);
    QVERIFY(std::ranges::is_sorted(all));
    auto [back, ranBack] = told(order.size(), Direction::Back, {"log becomes /count = 3", "log type T2"});
    QVERIFY(std::ranges::is_sorted(back, [](const Hit& a, const Hit& b) { return b.event < a.event; }));
    std::ranges::sort(back);
    QCOMPARE(words(back), words(all));
    // What lies behind the stop is not told.
    const auto [some, stopped] = told(0, Direction::Forward, {"log type T2", "at #4321"});
    QCOMPARE(stopped.place, std::optional(std::uint64_t{4322}));
    QVERIFY(!some.empty() && some.back().event <= event::EventIndex{4321});
}

void RunTest::momentsAreStoppedAt()
{
    const Made made(m_seed, spreadShape(500));
    const Projection projection = tallied(made);
    const PlayOrder order = must(PlayOrder::over(made.catalog(), made.catalog().end()));
    const auto event = must(made.reader().event(event::EventIndex{200}));
    const auto& partition = made.catalog().partitions()[event.location.partition];
    const auto stopAt = [&](const event::When& when) {
        Breakpoint breakpoint;
        breakpoint.at = when;
        return must(run(made.reader(), projection, order, 0, Direction::Forward, std::span(&breakpoint, 1), {}, {}));
    };
    QCOMPARE(stopAt(event::Position{partition, event.record.offset}).place, std::optional(std::uint64_t{201}));
    const RunEnd end = stopAt(event.effective);
    QVERIFY(end.place && *end.place <= 201);
    QVERIFY(must(made.reader().event(end.hits.front().event)).effective >= event.effective);
    if (*end.place > 1)
        QVERIFY(must(made.reader().event(event::EventIndex{*end.place - 2})).effective < event.effective);
    Breakpoint beyond;
    beyond.at = event::EventIndex{500};
    QVERIFY(!run(made.reader(), projection, order, 0, Direction::Forward, std::span(&beyond, 1), {}, {}));
}

void RunTest::aStopIsObeyed_data()
{
    QTest::addColumn<bool>("isSweep");
    QTest::addColumn<bool>("isBack");
    for (const bool isSweep : {false, true}) {
        for (const bool isBack : {false, true})
            QTest::addRow("%s, %s", isSweep ? "sweep" : "walk", isBack ? "back" : "forward") << isSweep << isBack;
    }
}

void RunTest::aStopIsObeyed()
{
    QFETCH(bool, isSweep);
    QFETCH(bool, isBack);
    const Made made(m_seed, spreadShape(500));
    const Projection slow{made.index(),
                          std::make_shared<SlowFold>(must(fold::builtInFold("tally")), std::chrono::milliseconds(1))};
    const PlayOrder order = must(PlayOrder::over(made.catalog(), made.catalog().end()));
    std::stop_source stop;
    const std::jthread stopper([&stop] {
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        stop.request_stop();
    });
    const auto never = parsed({"becomes /count < 0"});
    RunOptions options;
    options.workers = 2;
    options.way = isSweep ? RunOptions::Way::Sweep : RunOptions::Way::Walk;
    const auto ended = run(made.reader(), slow, order, isBack ? order.size() : 0,
                           isBack ? Direction::Back : Direction::Forward, never, options, stop.get_token());
    QVERIFY(!ended);
    QCOMPARE(ended.error().code, base::ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(RunTest)
#include "run_test.moc"
