// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/blame.h"

#include "tests/event/random_document.h"
#include "tests/replay/made_states.h"
#include "tests/replay/naive_blame.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::replay;
using namespace leftfold::replay::test;

namespace {

/// Every value with its writer, by pointer.
NaiveBlame::Writings writingsOf(const Blame& blame, event::Value value, const std::string& path = {})
{
    NaiveBlame::Writings out;
    if (const auto writing = blame.of(value)) out[path] = *writing;
    std::size_t index = 0;
    for (const event::Value item : value.items())
        out.merge(writingsOf(blame, item, path + "/" + std::to_string(index++)));
    for (const event::Member& member : value.members()) {
        std::string at = path;
        event::appendToken(at, member.key);
        if (!member.shadowed) out.merge(writingsOf(blame, member.value, at));
    }
    return out;
}

NaiveBlame::Writings writingsOf(const Blame& blame)
{
    return blame.document() ? writingsOf(blame, blame.document()->root()) : NaiveBlame::Writings();
}

/// "/a:3 /b:1>4": written by #3; written by #1 and moved by #4.
std::string picture(const NaiveBlame::Writings& writings)
{
    std::string out;
    for (const auto& [path, writing] : writings) {
        out += (out.empty() ? "" : " ") + path + ":" + std::to_string(writing.by.value);
        if (writing.movedBy) out += ">" + std::to_string(writing.movedBy->value);
    }
    return out;
}

/// The states one after the other, by the events #1, #2, ...; "-": it does not exist.
Blame blameOf(const QStringList& states)
{
    Blame blame;
    std::uint64_t event = 0;
    for (const QString& state : states) {
        std::optional<event::Document> next;
        if (state != "-") next = event::test::parsed(state.toStdString());
        blame = blame.after({++event}, std::move(next));
    }
    return blame;
}

} // namespace

class BlameTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void everyValueHasItsWriter_data();
    void everyValueHasItsWriter();
    void shadowedMembersHaveNone();
    void deepStatesAreBlamed();
    void randomStatesEqualBruteForce();
    void savedIsRestored();
    void bytesThatWereNotSavedAreRefused();
    void logsEqualBruteForce_data();
    void logsEqualBruteForce();
    void checkpointsChangeNoAnswerAndSpareFolding();
    void unknownAndAbsentAggregates();
    void blamingStops();

private:
    unsigned m_seed = 0;
};

void BlameTest::everyValueHasItsWriter_data()
{
    QTest::addColumn<QStringList>("states");
    QTest::addColumn<QString>("writers");
    const auto row = [](const char* name, const QStringList& states, const char* writers) {
        QTest::newRow(name) << states << QString(writers);
    };
    row("the first writes all", {R"({"a":[1,{"b":null}]})"}, ":1 /a:1 /a/0:1 /a/1:1 /a/1/b:1");
    row("a member changed", {R"({"a":1,"b":2})", R"({"a":1,"b":3})"}, ":2 /a:1 /b:2");
    row("written again is no change", {R"({"a":1})", R"({"a":1})", R"({"a":1})"}, ":1 /a:1");
    row("in other digits and another order", {R"({"a":1,"b":2})", R"({"b":2.0,"a":10e-1})"}, ":1 /a:1 /b:1");
    row("there and back is two changes", {R"({"a":1,"b":1})", R"({"a":2,"b":1})", R"({"a":1,"b":1})"}, ":3 /a:3 /b:1");
    row("a member came", {R"({"a":1})", R"({"a":1,"b":true})"}, ":2 /a:1 /b:2");
    row("a member went", {R"({"a":1,"b":true})", R"({"a":1})"}, ":2 /a:1");
    row("it came again", {R"({"a":1})", "{}", R"({"a":1})"}, ":3 /a:3");
    row("null is not absent", {"{}", R"({"a":null})", R"({"a":null})"}, ":2 /a:2");
    row("inner", {R"({"a":{"b":{"c":1,"d":1}},"e":{}})", R"({"a":{"b":{"c":2,"d":1}},"e":{}})"},
        ":2 /a:2 /a/b:2 /a/b/c:2 /a/b/d:1 /e:1");
    row("another kind", {R"({"a":[1]})", R"({"a":{"0":1}})"}, ":2 /a:2 /a/0:2");
    row("a value became an object that holds it", {R"({"a":7})", R"({"a":{"v":7}})"}, ":2 /a:2 /a/v:2");
    row("deleted and made again", {R"({"a":1})", "-", R"({"a":1})"}, ":3 /a:3");
    row("deleted", {R"({"a":1})", "-"}, "");
    row("a state that is null", {R"({"a":1})", "null", "null"}, ":2");
    row("item appended", {"[1,2]", "[1,2,3]"}, ":2 /0:1 /1:1 /2:2");
    row("item put before", {"[1,2]", "[3,1,2]"}, ":2 /0:2 /1:1 /2:1");
    row("item put between", {"[1,2]", "[1,3,2]"}, ":2 /0:1 /1:2 /2:1");
    row("item taken out", {"[1,2,3]", "[1,3]"}, ":2 /0:1 /1:1");
    row("shifted twice", {"[1]", "[2,1]", "[3,2,1]"}, ":3 /0:3 /1:2 /2:1");
    row("item changed", {R"([{"n":1,"q":1},{"n":2,"q":1}])", R"([{"n":1,"q":5},{"n":2,"q":1}])"},
        ":2 /0:2 /0/n:1 /0/q:2 /1:1 /1/n:1 /1/q:1");
    row("shifted and changed in one event", {R"([{"n":1},{"n":2}])", R"([9,{"n":1},{"n":3}])"},
        ":2 /0:2 /1:1 /1/n:1 /2:2 /2/n:2");
    row("nested arrays", {"[[1,2],[3]]", "[[1,2,4],[3]]"}, ":2 /0:2 /0/0:1 /0/1:1 /0/2:2 /1:1 /1/0:1");
    row("equal items: the first ones stay", {"[5,5]", "[5]"}, ":2 /0:1");
    row("one more of equal items", {"[5]", "[5,5]"}, ":2 /0:1 /1:2");
    row("a member renamed", {R"({"a":"x","c":0})", R"({"b":"x","c":0})"}, ":2 /b:1>2 /c:1");
    row("with all inside", {R"({"a":{"x":[1]}})", R"({"a":{"x":[1,2]}})", R"({"b":{"x":[1,2]}})"},
        ":3 /b:2>3 /b/x:2>3 /b/x/0:1>3 /b/x/1:2>3");
    row("into another object", {R"({"a":{"x":"y"},"b":{}})", R"({"a":{},"b":{"x":"y"}})"}, ":2 /a:2 /b:2 /b/x:1>2");
    row("from an array into an object", {R"({"a":["x","y"]})", R"({"a":["x"],"b":"y"})"}, ":2 /a:2 /a/0:1 /b:1>2");
    row("within an array", {R"(["a","b","c"])", R"(["c","a","b"])"}, ":2 /0:1>2 /1:1 /2:1");
    row("moved, then written", {R"({"a":"x"})", R"({"b":"x"})", R"({"b":"y"})"}, ":3 /b:3");
    row("moved twice", {R"({"a":"x"})", R"({"b":"x"})", R"({"c":"x"})"}, ":3 /c:1>3");
    row("moved and changed is new", {R"({"a":{"x":1,"y":1}})", R"({"b":{"x":1,"y":2}})"}, ":2 /b:2 /b/x:2 /b/y:2");
    row("a copy is new", {R"({"a":"x"})", R"({"a":"x","b":"x"})"}, ":2 /a:1 /b:2");
    row("two could have moved", {R"({"a":"x","b":"x"})", R"({"c":"x"})"}, ":2 /c:2");
    row("it could have moved to two", {R"({"a":"x"})", R"({"b":"x","c":"x"})"}, ":2 /b:2 /c:2");
    row("what is equal by chance", {R"({"a":true,"b":"","c":[],"d":null})", R"({"e":true,"f":"","g":[],"h":null})"},
        ":2 /e:2 /f:2 /g:2 /h:2");
    row("two that change places are two changes", {R"({"a":1,"b":2})", R"({"a":2,"b":1})"}, ":2 /a:2 /b:2");
    row("names are escaped", {R"({"a/b":1,"~":1})", R"({"a/b":2,"~":1})"}, ":2 /a~1b:2 /~0:1");
    row("of duplicates the last counts", {R"({"a":1,"a":2})", R"({"a":3,"a":2})", R"({"a":2})"}, ":1 /a:1");
}

void BlameTest::everyValueHasItsWriter()
{
    QFETCH(QStringList, states);
    QFETCH(QString, writers);
    const Blame blame = blameOf(states);
    QCOMPARE(text(picture(writingsOf(blame))), writers);
}

void BlameTest::shadowedMembersHaveNone()
{
    const Blame blame = blameOf({R"({"a":{"b":1},"a":2})", R"({"c":[{"d":{"b":1},"d":5}]})"});
    const event::Value item = *blame.document()->root().find(event::parsePointer("/c/0").value());
    const event::Member shadowed = *item.members().begin();
    QVERIFY(shadowed.shadowed);
    QVERIFY(!blame.of(shadowed.value));
    QVERIFY(!blame.of((*shadowed.value.members().begin()).value));
    QVERIFY(blame.of(*item.find("d")) == Writing({{2}, {}}));
}

void BlameTest::deepStatesAreBlamed()
{
    const QString open = QString("[").repeated(20000);
    const QString close = QString("]").repeated(20000);
    const Blame blame = blameOf({open + "1" + close, open + "2" + close, open + "2" + close});
    event::Value at = blame.document()->root();
    while (at.size() > 0) at = *at.at(0);
    QVERIFY(blame.of(at) == Writing({{2}, {}}));
    QVERIFY(blame.of(blame.document()->root()) == Writing({{2}, {}}));
}

void BlameTest::randomStatesEqualBruteForce()
{
    event::test::Random random(m_seed);
    int moved = 0;
    int kept = 0;
    for (int round = 0; round < 60; ++round) {
        NaiveBlame naive;
        Blame blame;
        event::Document state = event::test::randomDocument(random);
        for (std::uint64_t event = 0; event < 25; ++event) {
            state = event::test::mutated(state.root(), random);
            if (random() % 4 == 0) state = event::test::disguised(state.root(), random);
            std::optional<event::Document> next;
            if (random() % 40 != 0) next = state;
            naive.after({event}, next);
            blame = blame.after({event}, next);
            QCOMPARE(text(picture(writingsOf(blame))), text(picture(naive.writings())));
            for (const auto& [path, writing] : naive.writings()) {
                moved += writing.movedBy.has_value();
                kept += writing.by.value < event;
            }
        }
    }
    QVERIFY(moved > 5);
    QVERIFY(kept > 200);
}

void BlameTest::savedIsRestored()
{
    event::test::Random random(m_seed);
    Blame blame;
    event::Document state = event::test::randomDocument(random);
    for (std::uint64_t event = 0; event < 300; ++event) {
        state = event::test::mutated(state.root(), random);
        std::optional<event::Document> next;
        if (random() % 10 != 0) next = state;
        blame = blame.after({event * 7'000'000}, next);
        const auto restored = Blame::restore(blame.save(), next);
        QVERIFY(restored);
        QCOMPARE(text(picture(writingsOf(*restored))), text(picture(writingsOf(blame))));
    }
}

void BlameTest::bytesThatWereNotSavedAreRefused()
{
    const Blame blame = blameOf({R"({"a":1})", R"({"a":2})"});
    const std::string saved = blame.save();
    for (std::size_t size = 0; size < saved.size(); ++size)
        QVERIFY(!Blame::restore(base::ByteView(saved).substr(0, size), blame.document()));
    QVERIFY(!Blame::restore(saved + "x", blame.document()));
    QVERIFY(!Blame::restore(saved, event::test::parsed("[1,2,3]")));
    QVERIFY(!Blame::restore(saved, std::nullopt));
}

void BlameTest::logsEqualBruteForce_data()
{
    QTest::addColumn<QString>("fold");
    QTest::newRow("latest") << "latest";
    QTest::newRow("tally") << "tally";
}

void BlameTest::logsEqualBruteForce()
{
    QFETCH(QString, fold);
    Random random(m_seed);
    const Made made(m_seed, spreadShape());
    const auto rule = must(fold::builtInFold(fold.toStdString()));
    Replayer replayer(made.reader(), {made.index(), rule}, std::make_shared<Checkpoints>());
    int others = 0;
    for (int i = 0; i < 80; ++i) {
        const std::string id = made.log().id(random.oneIn(3) ? 0 : random.below(40));
        const capture::OrdinalCut cut = made.randomCut(random);
        NaiveBlame naive;
        const auto folder = rule->folder();
        made.foldOwn(*folder, id, cut, [&](event::EventIndex event, fold::Folder& with, const fold::State& state) {
            naive.after(event, with.exists(state) ? std::optional(with.read(state)) : std::nullopt);
        });
        const auto found = must(blameAt(replayer, id, cut, {}));
        QVERIFY(found);
        QCOMPARE(text(picture(writingsOf(found->blame))), text(picture(naive.writings())));
        QCOMPARE(text(textOf(found->state)), text(made.state(*rule, id, cut)));
        others += !made.isPrefix(cut);
    }
    QVERIFY(others > 20);
}

void BlameTest::checkpointsChangeNoAnswerAndSpareFolding()
{
    const Made made(m_seed, spreadShape(900));
    const auto slow = std::make_shared<SlowFold>(fold::tallyFold(), std::chrono::microseconds(400));
    const auto checkpoints = std::make_shared<Checkpoints>();
    const std::string id = made.log().id(0);
    for (std::uint64_t count = 0; count <= made.order().size(); count += 150) {
        const auto cut = must(made.catalog().prefix(count));
        Replayer plain(made.reader(), {made.index(), fold::tallyFold()}, nullptr);
        Replayer replayer(made.reader(), {made.index(), slow}, checkpoints);
        (void)must(replayer.stateAt(id, cut, {})); // its checkpoints are not those of blame
        const auto first = must(blameAt(replayer, id, cut, {}));
        const auto again = must(blameAt(replayer, id, cut, {}));
        const auto expected = must(blameAt(plain, id, cut, {}));
        QCOMPARE(text(picture(writingsOf(first->blame))), text(picture(writingsOf(expected->blame))));
        QCOMPARE(text(picture(writingsOf(again->blame))), text(picture(writingsOf(expected->blame))));
    }
    Replayer replayer(made.reader(), {made.index(), slow}, checkpoints);
    const auto found = must(blameAt(replayer, id, made.catalog().end(), {}));
    QVERIFY(found->state.events > 100);
    QCOMPARE(replayer.effort().checkpointsRestored, 1U);
    QVERIFY(replayer.effort().eventsFolded < found->state.events);
}

void BlameTest::unknownAndAbsentAggregates()
{
    const Made made(m_seed, spreadShape(300));
    Replayer replayer(made.reader(), {made.index(), fold::tallyFold()}, nullptr);
    QVERIFY(!must(blameAt(replayer, "nobody", made.catalog().end(), {})));
    const auto early = must(blameAt(replayer, made.log().id(0), must(made.catalog().prefix(0)), {}));
    QVERIFY(early && !early->state.document && !early->blame.document() && early->state.eventsInLog > 0);
}

void BlameTest::blamingStops()
{
    const Made made(m_seed, spreadShape(900));
    Replayer replayer(made.reader(), {made.index(), fold::tallyFold()}, nullptr);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(failureOf(blameAt(replayer, made.log().id(0), made.catalog().end(), stop.get_token())),
             QString("cancelled"));
    QVERIFY(replayer.effort().eventsFolded < 100);
}

QTEST_GUILESS_MAIN(BlameTest)
#include "blame_test.moc"
