// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/capture/made_batches.h"
#include "tests/workspace/run_workspace.h"

#include <fstream>

using namespace leftfold;
using namespace leftfold::workspace;
using namespace leftfold::capture::test;
using leftfold::workspace::test::RunWorkspace;
using replay::Direction;

namespace {

constexpr std::uint64_t kEvents = 60;

/// Event i is of account i % 3 and adds i; every tenth is a fee.
std::string accounts()
{
    std::string out;
    for (std::uint64_t i = 0; i < kEvents; ++i) {
        const std::string number = std::to_string(i);
        out += R"({"type":")" + std::string(i % 10 == 9 ? "Fee" : "Paid") + R"(","order":"acc-)" + std::to_string(i % 3)
               + R"(","n":)" + number + R"(,"at":)" + std::to_string(1'600'000'000 + i * 60) + "}\n";
    }
    return out;
}

void write(const std::string& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

const char* const kSum = R"(({
  by: e => e.body.order,
  init: () => ({ sum: 0 }),
  apply: (state, e) => ({ sum: state.sum + e.body.n }),
}))";

/// A workspace on these accounts.
struct Bank {
    Folder folder;
    RunWorkspace workspace{folder.path("cache")};

    Bank()
    {
        write(folder.path("accounts.jsonl"), accounts());
        workspace.openLog(folder.path("accounts.jsonl"));
        if (!workspace.settled() || workspace.state().open() == nullptr) qFatal("the log does not open");
    }
    [[nodiscard]] bool act(const Action& action)
    {
        workspace.act(action);
        return workspace.settled();
    }
    const Open& open() const { return workspace.open(); }
    std::uint64_t behind() const { return open().playhead->eventsBehind; }
    template <class Question>
    const typename Question::Answer& answer() const
    {
        const auto& asked = open().of<Question>();
        if (asked.error) qFatal("%s", base::render(*asked.error).c_str());
        if (!asked.answer) qFatal("no answer");
        return *asked.answer;
    }
    Notice::Kind noticed() const { return workspace.state().notice->kind; }
    std::string sum() const
    {
        const auto& document = answer<AskAggregate>().blame.document();
        return document ? toJson(document->root()) : "none";
    }
    std::string script(const std::string& text)
    {
        write(folder.path("sum.js"), text);
        return folder.path("sum.js");
    }
};

} // namespace

class DebuggerTest : public QObject {
    Q_OBJECT

private slots:
    void continuingStopsAtABreakpointThereAndBack()
    {
        Bank bank;
        QVERIFY(bank.act(ListBreakpoint{"type Fee"}));
        QCOMPARE(bank.open().breakpoints.size(), std::size_t{1});
        QVERIFY(bank.act(Continue{}));
        QCOMPARE(bank.behind(), 10U); // just behind #9
        QCOMPARE(bank.noticed(), Notice::Kind::Stopped);
        QCOMPARE(bank.workspace.state().notice->count, 9U);
        QCOMPARE(text(bank.workspace.state().notice->what), QString("type Fee"));
        QVERIFY(bank.open().stoppedRun() != nullptr);
        QCOMPARE(text(*bank.open().aggregate), QString("acc-0"));
        QVERIFY(bank.act(Continue{}));
        QCOMPARE(bank.behind(), 20U);
        QCOMPARE(text(*bank.open().aggregate), QString("acc-1"));
        QVERIFY(bank.act(Continue{Direction::Back}));
        QCOMPARE(bank.behind(), 19U); // just before #19
        QVERIFY(bank.act(Continue{Direction::Back}));
        QCOMPARE(bank.behind(), 9U);
        QCOMPARE(bank.open().breakpoints.front().hits, 4U);
        QVERIFY(bank.act(Step{}));
        QVERIFY(bank.open().stoppedRun() == nullptr);
    }

    void whereNothingHoldsThePlaceStays()
    {
        Bank bank;
        QVERIFY(bank.act(ListBreakpoint{"type Refund"}));
        QVERIFY(bank.act(Continue{}));
        QCOMPARE(bank.behind(), 1U);
        QCOMPARE(bank.noticed(), Notice::Kind::NoHitFurther);
        QCOMPARE(bank.answer<AskRun>().looked, kEvents - 1);
        QVERIFY(bank.act(Continue{Direction::Back}));
        QCOMPARE(bank.noticed(), Notice::Kind::NoHitBefore);
        QCOMPARE(bank.behind(), 1U);
    }

    void oneThatIsOffDoesNotStop()
    {
        Bank bank;
        QVERIFY(bank.act(ListBreakpoint{"type Fee"}));
        QVERIFY(bank.act(ListBreakpoint{"of acc-2 changes /count"}));
        const std::uint64_t first = bank.open().breakpoints.front().number;
        QVERIFY(bank.act(SwitchBreakpoint{first, false}));
        QVERIFY(bank.act(Continue{}));
        QCOMPARE(bank.behind(), 3U);
        QCOMPARE(text(*bank.open().aggregate), QString("acc-2"));
        QVERIFY(bank.act(SwitchBreakpoint{first, true}));
        QVERIFY(bank.act(RemoveBreakpoint{bank.open().breakpoints.back().number}));
        QVERIFY(bank.act(Continue{}));
        QCOMPARE(bank.behind(), 10U);
        QVERIFY(bank.act(RemoveBreakpoint{}));
        QVERIFY(!bank.open().hasBreakpoints());
        QVERIFY(bank.act(Continue{}));
        QCOMPARE(bank.behind(), kEvents); // as ever: to the end
    }

    void aTextThatIsNoneIsSaidAndNotListed()
    {
        Bank bank;
        QVERIFY(bank.act(CheckBreakpoint{"of acc-1 changes"}));
        QVERIFY(bank.answer<AskBreakpoint>().error.has_value());
        QVERIFY(!bank.workspace.state().notice.has_value());
        QVERIFY(bank.act(CheckBreakpoint{"type Fee"}));
        QVERIFY(bank.answer<AskBreakpoint>().breakpoint.has_value());
        QVERIFY(bank.open().breakpoints.empty());
        QVERIFY(bank.act(ListBreakpoint{"js: nonsense("}));
        QVERIFY(bank.open().breakpoints.empty());
        QCOMPARE(bank.noticed(), Notice::Kind::Error);
    }

    void aBreakpointIsChangedInItsPlace()
    {
        Bank bank;
        QVERIFY(bank.act(ListBreakpoint{"type Fee"}));
        QVERIFY(bank.act(ListBreakpoint{"type Refund"}));
        const std::uint64_t first = bank.open().breakpoints.front().number;
        QVERIFY(bank.act(ListBreakpoint{"at #30", first}));
        QCOMPARE(bank.open().breakpoints.size(), std::size_t{2});
        QCOMPARE(text(bank.open().breakpoints.front().breakpoint.text), QString("at #30"));
        QCOMPARE(bank.open().breakpoints.front().number, first);
        QVERIFY(bank.act(Continue{}));
        QCOMPARE(bank.behind(), 31U);
    }

    void logPointsTellAndRunOn()
    {
        Bank bank;
        QVERIFY(bank.act(ListBreakpoint{"type Fee log js: (before, event, after) => event.body.n * 2"}));
        QVERIFY(bank.act(ListBreakpoint{"at #40"}));
        QVERIFY(bank.act(Continue{}));
        QCOMPARE(bank.behind(), 41U);
        const Ran& ran = bank.answer<AskRun>();
        QCOMPARE(ran.told->size(), std::size_t{4});
        QCOMPARE(text(ran.told->front().said), QString("18"));
        QCOMPARE(ran.told->front().event.index.value, 9U);
        QCOMPARE(text(ran.told->back().said), QString("78"));
        QCOMPARE(bank.open().breakpoints.front().hits, 4U);
        QCOMPARE(ran.hits.size(), std::size_t{1});
    }

    void breakpointsStayWhenTheLogIsReadInAnotherWay()
    {
        Bank bank;
        QVERIFY(bank.act(ListBreakpoint{"type Fee"}));
        QVERIFY(bank.act(DecodeLog{}));
        QCOMPARE(bank.open().breakpoints.size(), std::size_t{1});
        QVERIFY(bank.act(ListBreakpoint{"type Paid"}));
        QVERIFY(bank.open().breakpoints.front().number != bank.open().breakpoints.back().number);
    }

    void whatAStepBackTookBackIsKnown()
    {
        Bank bank;
        QVERIFY(bank.act(ListBreakpoint{"of acc-1 changes /count"}));
        QVERIFY(bank.act(GoTo{event::When(event::EventIndex{10})}));
        QVERIFY(bank.act(ChooseAggregate{"acc-1"}));
        QVERIFY(!bank.answer<AskAggregate>().undone.has_value());
        QVERIFY(bank.act(Continue{Direction::Back}));
        QCOMPARE(bank.behind(), 10U); // #10 is of acc-1
        const AggregateView& view = bank.answer<AskAggregate>();
        QVERIFY(view.undone.has_value());
        QCOMPARE(view.undone->index.value, 10U);
        QCOMPARE(view.events, 3U);
        QVERIFY(view.after->root().find(base::ByteView("count")).has_value());
        QCOMPARE(text(toJson(*view.after->root().find(base::ByteView("count")))), QString("4"));
        QVERIFY(bank.act(GoTo{event::When(event::EventIndex{9})}));
        QVERIFY(!bank.answer<AskAggregate>().undone.has_value());
    }

    void aMoveThatFindsNothingChangesNothing()
    {
        Bank bank;
        QVERIFY(bank.act(ChooseAggregate{"acc-0"}));
        QVERIFY(bank.act(GoTo{event::When(event::EventIndex{0})}));
        QVERIFY(bank.answer<AskAggregate>().isOfPlayhead);
        QVERIFY(bank.act(Step{Direction::Back, StepKind::ThisType}));
        QCOMPARE(bank.behind(), 0U);
        QVERIFY(bank.open().hasMovedBack);
        QVERIFY(bank.act(GoTo{event::When(event::EventIndex{3})}));
        QVERIFY(!bank.open().hasMovedBack);
        const auto lookAt = [&](const char* id) {
            return bank.act(ChooseAggregate{"none"}) && bank.act(ChooseAggregate{id});
        };
        // #4, which is next, was not taken back, however its account is looked at anew.
        QVERIFY(bank.act(ListBreakpoint{"type None"}));
        QVERIFY(bank.act(ChooseAggregate{"none"}));
        QVERIFY(bank.act(Step{Direction::Back, StepKind::ThisAggregate}));
        QCOMPARE(bank.noticed(), Notice::Kind::NoneBefore);
        QVERIFY(lookAt("acc-1"));
        QVERIFY(!bank.answer<AskAggregate>().undone.has_value());
        QVERIFY(bank.act(Continue{Direction::Back}));
        QCOMPARE(bank.noticed(), Notice::Kind::NoHitBefore);
        QVERIFY(lookAt("acc-1"));
        QVERIFY(!bank.answer<AskAggregate>().undone.has_value());
        // What was taken back stays so, whatever is not found then.
        QVERIFY(lookAt("acc-0"));
        QVERIFY(bank.act(Step{Direction::Back, StepKind::ThisAggregate}));
        QCOMPARE(bank.behind(), 3U);
        for (const Action& action : {Action(Continue{}), Action(Continue{Direction::Back})}) {
            QVERIFY(bank.act(action));
            QVERIFY(lookAt("acc-0"));
            QVERIFY(bank.answer<AskAggregate>().undone.has_value());
            QCOMPARE(bank.answer<AskAggregate>().undone->index.value, 3U);
        }
    }

    void aScriptIsRunWhenItIsSaved()
    {
        Bank bank;
        QVERIFY(bank.act(ChooseAggregate{"acc-0"}));
        QVERIFY(bank.act(GoTo{event::When(event::EventIndex{9})}));
        QVERIFY(bank.act(RunScript{bank.script(kSum)}));
        QVERIFY(bank.open().scriptProjection() != nullptr);
        QVERIFY(bank.open().scriptProjection() == &bank.open().projection());
        QCOMPARE(text(*bank.open().aggregate), QString("acc-0"));
        QCOMPARE(text(bank.sum()), QString(R"({"sum":18})"));
        const ScriptRun& run = bank.answer<AskScript>();
        QCOMPARE(run.events, kEvents);
        QCOMPARE(run.partitions, 3U);
        QVERIFY(!run.failure.has_value());
    }

    void whatAScriptLogsAndWhereItFailsIsTold()
    {
        Bank bank;
        const std::string failing =
            "({\n  by: e => e.body.order,\n  init: () => ({ sum: 0 }),\n"
            "  apply: (state, e) => {\n    log('at ' + e.body.n);\n"
            "    if (e.body.n === 12) throw new Error('twelve');\n    return state;\n  },\n})\n";
        QVERIFY(bank.act(RunScript{bank.script(failing)}));
        const ScriptRun& run = bank.answer<AskScript>();
        QVERIFY(run.failure.has_value());
        QCOMPARE(run.failure->event->index.value, 12U);
        const auto place = scriptPlace(*run.failure->error);
        QVERIFY(place.has_value());
        QCOMPARE(place->line, 6);
        QCOMPARE(text(place->file), QString("sum.js"));
        QCOMPARE(run.logsTotal, 13U);
        QCOMPARE(text(run.logs.front().text), QString("at 0"));
        QCOMPARE(run.logs[5].event->index.value, 5U);
    }

    void aScriptThatCannotBeReadSaysItsLine()
    {
        Bank bank;
        QVERIFY(bank.act(RunScript{bank.script("({\n  by: e => e.body.order,\n  apply: (state, e) => ),\n})\n")}));
        const ShownProjection* script = bank.open().scriptProjection();
        QVERIFY(script->error.has_value());
        QVERIFY(!script->opened.has_value());
        const auto place = scriptPlace(*script->error);
        QVERIFY2(place.has_value(), base::render(*script->error).c_str());
        QCOMPARE(place->line, 3);
    }

    void aVersionIsComparedWithTheOneBefore()
    {
        Bank bank;
        QVERIFY(bank.act(RunScript{bank.script(kSum)}));
        QVERIFY(!bank.open().scriptProjection()->before.has_value());
        QVERIFY(bank.act(RunScript{bank.script(kSum)})); // the same once more is no version
        QVERIFY(!bank.open().scriptProjection()->before.has_value());
        // One that cannot be read is none either.
        QVERIFY(bank.act(RunScript{bank.script("({")}));
        std::string changed = kSum;
        changed.replace(changed.find("e.body.n }"), 8, "(e.body.n === 20 ? 0 : e.body.n)");
        QVERIFY(bank.act(RunScript{bank.script(changed)}));
        QVERIFY(bank.open().scriptProjection()->before.has_value());
        QVERIFY(bank.act(CompareVersions{}));
        const VersionsParted& parted = bank.answer<AskPartings>();
        QCOMPARE(parted.compared, 3U);
        QCOMPARE(parted.parted, 1U);
        QCOMPARE(parted.event->index.value, 20U);
        QCOMPARE(text(parted.first->id), QString("acc-2"));
        QVERIFY(toJson(parted.first->a.state->root()) != toJson(parted.first->b.state->root()));
    }

    void anAggregateThatAScriptDoesNotKnowGivesWay()
    {
        Bank bank;
        QVERIFY(bank.act(ChooseAggregate{"acc-1"}));
        QVERIFY(bank.act(RunScript{bank.script("({ by: e => 'day', init: () => ({ n: 0 }), "
                                               "apply: (s, e) => ({ n: s.n + 1 }) })")}));
        QCOMPARE(text(*bank.open().aggregate), QString("day"));
        QCOMPARE(text(bank.sum()), QString(R"({"n":1})"));
    }

    void aPlotIsOfTheChosenAggregate()
    {
        Bank bank;
        QVERIFY(bank.act(ChooseAggregate{"acc-1"}));
        QVERIFY(bank.act(DrawPlot{PlotChoice{fieldFunction({{"count"}})}}));
        QVERIFY(bank.open().of<AskPlot>().answer == nullptr); // not while its panel is not seen
        QVERIFY(bank.act(SeePanel{Panel::Plot}));
        const Plotted& one = bank.answer<AskPlot>();
        QCOMPARE(one.points.size(), std::size_t{20});
        QCOMPARE(one.points.back().value, 20.0);
        QCOMPARE(one.points[1].event.value, 4U);
        QVERIFY(bank.act(ChooseAggregate{"acc-2"}));
        QCOMPARE(text(bank.answer<AskPlot>().id), QString("acc-2"));
        QCOMPARE(bank.answer<AskPlot>().points.front().event.value, 2U);
        QVERIFY(bank.act(DrawPlot{PlotChoice{"state => state.missing.there"}}));
        QVERIFY(bank.open().of<AskPlot>().error.has_value());
        QVERIFY(bank.act(DrawPlot{PlotChoice{"(state, event) => event.body.n", std::chrono::seconds(600)}}));
        const Plotted& all = bank.answer<AskPlot>();
        QVERIFY(!all.all.buckets.empty());
        std::uint64_t points = 0;
        for (const auto& [from, bucket] : all.all.buckets) points += bucket.points;
        QCOMPARE(points, kEvents);
    }

    void fieldsArePlottedWhateverTheirNames()
    {
        QCOMPARE(text(fieldFunction({{"types", "Paid"}})), QString("state => state?.types?.Paid"));
        QCOMPARE(text(fieldFunction({{"a b", "0"}})), QString(R"(state => state?.["a b"]?.["0"])"));
        QCOMPARE(text(fieldFunction({})), QString("state => state"));
    }

    void aRunIsCancelled()
    {
        Bank bank;
        QVERIFY(
            bank.act(ListBreakpoint{"js: () => { let x = 0; for (let i = 0; i < 1e6; ++i) x += i; return x < 0; }"}));
        bank.workspace.act(Continue{});
        bank.workspace.act(CancelWork{});
        QVERIFY(bank.workspace.settled());
        QCOMPARE(bank.behind(), 1U);
        QVERIFY(bank.open().of<AskRun>().error.has_value());
        QVERIFY(!bank.workspace.state().notice.has_value());
        QVERIFY(bank.act(GoTo{event::When(event::EventIndex{5})}));
        QCOMPARE(bank.behind(), 6U);
    }
};

QTEST_GUILESS_MAIN(DebuggerTest)
#include "debugger_test.moc"
