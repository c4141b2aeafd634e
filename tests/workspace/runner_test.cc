// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/capture/made_batches.h"
#include "tests/workspace/run_workspace.h"

#include <filesystem>
#include <fstream>

using namespace leftfold;
using namespace leftfold::workspace;
using namespace leftfold::capture::test;
using leftfold::workspace::test::RunWorkspace;

namespace {

const std::string kShop = LEFTFOLD_SOURCE_DIR "/resources/samples/shop.jsonl";

/// `count` lines of orders, from number `first` on: five events each.
std::string orders(int first, int count)
{
    std::string out;
    for (int i = first; i < first + count; ++i) {
        out += R"({"type":"T)" + std::to_string(i % 3) + R"(","order":"o-)" + std::to_string(i / 5) + R"(","n":)"
               + std::to_string(i) + R"(,"at":)" + std::to_string(1'600'000'000 + i) + "}\n";
    }
    return out;
}

void append(const std::string& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::app) << bytes;
}

template <class Question>
const typename Question::Answer& answerOf(const RunWorkspace& workspace)
{
    const auto& asked = workspace.open().of<Question>();
    if (asked.error) qFatal("%s", base::render(*asked.error).c_str());
    if (!asked.answer) qFatal("no answer");
    return *asked.answer;
}

} // namespace

class RunnerTest : public QObject {
    Q_OBJECT

private slots:
    void aLogOpensAtItsFirstEventWithItsAggregate()
    {
        const Folder folder;
        RunWorkspace workspace(folder.path("cache"));
        workspace.openLog(kShop);
        QVERIFY(workspace.settled());
        QVERIFY(workspace.state().open() != nullptr);
        const Open& open = workspace.open();
        QVERIFY(open.facts->events > 1000);
        QCOMPARE(open.playhead->eventsBehind, 1U);
        QVERIFY(open.playhead->last->id.has_value());
        QCOMPARE(text(*open.aggregate), text(*open.playhead->last->id));
        const AggregateView& view = answerOf<AskAggregate>(workspace);
        QCOMPARE(view.events, 1U);
        QVERIFY(view.isOfPlayhead);
        QVERIFY(view.blame.document().has_value());
        QVERIFY(!view.writers.empty());
        QCOMPARE(answerOf<AskEvent>(workspace).row.event.index.value, 0U);
        QCOMPARE(answerOf<AskHistory>(workspace).total, view.eventsInLog);
        QCOMPARE(answerOf<AskDensity>(workspace).events(), open.facts->events);
    }

    void stepsOfEveryKindGoThereAndBack()
    {
        const Folder folder;
        const std::string log = folder.path("orders.jsonl");
        append(log, orders(0, 1000));
        RunWorkspace workspace(folder.path("cache"));
        workspace.openLog(log);
        QVERIFY(workspace.settled());
        workspace.act(GoTo{event::When(event::EventIndex{500})});
        QVERIFY(workspace.settled());
        workspace.act(ChooseAggregate{"o-100"});
        workspace.act(WatchField{event::Pointer{{"count"}}});
        QVERIFY(workspace.settled());
        const std::map<StepKind, std::uint64_t> behindAfter = {{StepKind::AnyEvent, 502},
                                                               {StepKind::ThisAggregate, 502},
                                                               {StepKind::ThisType, 504},
                                                               {StepKind::WatchedField, 502}};
        for (const auto& [kind, expected] : behindAfter) {
            workspace.act(Step{replay::Direction::Forward, kind});
            QVERIFY(workspace.settled());
            QCOMPARE(workspace.open().playhead->eventsBehind, expected);
            workspace.act(Step{replay::Direction::Back, kind});
            QVERIFY(workspace.settled());
            QCOMPARE(workspace.open().playhead->eventsBehind, expected - 1);
            workspace.act(GoTo{event::When(event::EventIndex{500})});
            QVERIFY(workspace.settled());
        }
        QVERIFY(!workspace.state().notice.has_value());
    }

    void aHundredScrubsEndWhereTheLastOneWas()
    {
        const Folder folder;
        RunWorkspace workspace(folder.path("cache"));
        workspace.openLog(kShop);
        QVERIFY(workspace.settled());
        for (std::uint64_t i = 0; i < 100; ++i) workspace.act(GoTo{event::When(event::EventIndex{10 * i}), true});
        QVERIFY(workspace.settled());
        QCOMPARE(workspace.open().playhead->last->index.value, 990U);
        QCOMPARE(answerOf<AskEvent>(workspace).row.event.index.value, 990U);
        QCOMPARE(workspace.open().back.size(), std::size_t{1});
    }

    void rowsAreThoseOfTheLogAndOfTheFilter()
    {
        const Folder folder;
        const std::string log = folder.path("orders.jsonl");
        append(log, orders(0, 1000));
        RunWorkspace workspace(folder.path("cache"));
        workspace.openLog(log);
        QVERIFY(workspace.settled());
        workspace.act(ChooseEventColumns{{event::Pointer{{"n"}}}});
        workspace.act(WantRows{990, 256});
        QVERIFY(workspace.settled());
        const Rows all = answerOf<AskRows>(workspace);
        QCOMPARE(all.rows.size(), std::size_t{10});
        QCOMPARE(text(all.rows.front().columns.front().value()), "990");
        QCOMPARE(text(all.rows.front().event.id.value()), "o-198");

        EventChoice choice;
        choice.filter.types = {"T1"};
        choice.filter.text = "\"o-19";
        choice.time = base::TimeRange{{1'600'000'970, 0}, {1'600'000'980, 0}};
        workspace.act(ListEvents{choice});
        QVERIFY(workspace.settled());
        const Matches& matches = answerOf<AskMatches>(workspace);
        QVERIFY(matches.isDone);
        QCOMPARE(matches.scanned, 10U);
        QCOMPARE(*matches.events, (std::vector<std::uint32_t>{970, 973, 976, 979}));
        workspace.act(WantRows{0, 256});
        QVERIFY(workspace.settled());
        QCOMPARE(answerOf<AskRows>(workspace).rows[1].event.index.value, 973U);
    }

    void marksAreComparedAndTheEventsBehindAChangeNamed()
    {
        const Folder folder;
        const std::string log = folder.path("orders.jsonl");
        append(log, orders(0, 1000));
        RunWorkspace workspace(folder.path("cache"));
        workspace.openLog(log);
        QVERIFY(workspace.settled());
        workspace.act(SeePanel{Panel::Diff});
        workspace.act(SetMark{Mark::A, Target(event::When(event::EventIndex{501}))});
        workspace.act(SetMark{Mark::B, Target(event::When(event::EventIndex{506}))});
        QVERIFY(workspace.settled());
        const DiffTable& diff = answerOf<AskDiff>(workspace);
        QCOMPARE(diff.rows->size(), std::size_t{2});
        QCOMPARE(text(diff.rows->front().id), "o-100");
        QCOMPARE(diff.rows->back().kind, DiffRow::Kind::Created);
        workspace.act(ChoosePair{"o-100"});
        QVERIFY(workspace.settled());
        const DiffPair& pair = answerOf<AskPair>(workspace);
        QVERIFY(!pair.diff.changes.empty());
        QCOMPARE(pair.causes.size(), pair.diff.changes.size());
        for (const auto& causes : pair.causes) {
            QVERIFY(!causes.empty());
            for (const EventAt& cause : causes) QVERIFY(cause.index.value >= 502 && cause.index.value <= 504);
        }
    }

    void aggregatesAreListedSortedAndFiltered()
    {
        const Folder folder;
        const std::string log = folder.path("orders.jsonl");
        append(log, orders(0, 1000));
        RunWorkspace workspace(folder.path("cache"));
        workspace.openLog(log);
        QVERIFY(workspace.settled());
        workspace.act(ChooseProjections{{{.by = "/order", .fold = "latest"}}});
        workspace.act(GoTo{event::When(event::EventIndex{52})});
        workspace.act(SeePanel{Panel::Aggregates});
        SnapshotChoice choice;
        choice.columns = {event::Pointer{{"n"}}};
        choice.filter = "/n >= 9";
        choice.sortedBy = SnapshotChoice::By::Column;
        choice.sortColumn = choice.columns.front();
        choice.isDescending = true;
        workspace.act(ListSnapshot{choice});
        QVERIFY(workspace.settled());
        const SnapshotTable& table = answerOf<AskSnapshot>(workspace);
        QCOMPARE(table.total, 11U);
        QCOMPARE(table.matched, 10U);
        QCOMPARE(text(table.rows.front().id), "o-10");
        QCOMPARE(text(table.rows.front().cells.front().value()), "52");
        QCOMPARE(table.rows.front().events, 3U);
        QCOMPARE(text(table.rows.back().id), "o-1");
        choice.filter = "o-1";
        workspace.act(ListSnapshot{choice});
        QVERIFY(workspace.settled());
        QCOMPARE(answerOf<AskSnapshot>(workspace).matched, 2U);
    }

    void anExportIsCheckedWhenItIsWritten()
    {
        const Folder folder;
        RunWorkspace workspace(folder.path("cache"));
        workspace.openLog(kShop);
        QVERIFY(workspace.settled());
        workspace.act(GoTo{event::When(event::AtEnd{})});
        QVERIFY(workspace.settled());
        workspace.act(ExportStates{folder.path("states.csv"), snapshot::ExportFormat::Csv, false});
        QVERIFY(workspace.settled());
        const Exported& exported = answerOf<AskExport>(workspace);
        QVERIFY(exported.report.findings.empty());
        QCOMPARE(exported.report.done.size(), std::size_t{6});
        workspace.act(ExportStates{folder.path("states.csv"), snapshot::ExportFormat::Csv, false});
        QVERIFY(workspace.settled());
        QCOMPARE(workspace.open().of<AskExport>().error->code, base::ErrorCode::FileExists);
    }

    void problemsOfTheSampleAreListed()
    {
        const Folder folder;
        RunWorkspace workspace(folder.path("cache"));
        workspace.openLog(kShop);
        QVERIFY(workspace.settled());
        workspace.act(SeePanel{Panel::Problems});
        QVERIFY(workspace.settled());
        const ProblemTable& problems = answerOf<AskProblems>(workspace);
        QCOMPARE(problems.total, problems.rows.size());
        QVERIFY(problems.total >= 3);
        QVERIFY(std::ranges::any_of(problems.rows, &ProblemRow::isDamage));
        QVERIFY(std::ranges::all_of(problems.rows, [](const ProblemRow& row) { return row.event.has_value(); }));
    }

    void aLogThatGrowsIsFollowed()
    {
        const Folder folder;
        const std::string log = folder.path("orders.jsonl");
        append(log, orders(0, 1000));
        RunWorkspace workspace(folder.path("cache"));
        workspace.openLog(log);
        QVERIFY(workspace.settled());
        QVERIFY(workspace.open().isFollowing);
        workspace.act(GoTo{event::When(event::AtEnd{})});
        QVERIFY(workspace.settled());
        for (const std::uint64_t events : {1100U, 1200U, 1300U}) {
            append(log, orders(static_cast<int>(events) - 100, 100));
            QVERIFY(
                workspace.until([&](const WorkspaceState& state) { return state.open()->facts->events == events; }));
            QVERIFY(workspace.settled());
            QCOMPARE(workspace.open().playhead->eventsBehind, 1000U);
            QCOMPARE(answerOf<AskDensity>(workspace).events(), events);
        }
        workspace.act(GoTo{event::When(event::AtEnd{})});
        workspace.act(ChooseAggregate{"o-259"});
        QVERIFY(workspace.settled());
        QCOMPARE(answerOf<AskAggregate>(workspace).events, 5U);
        QVERIFY(!workspace.state().notice.has_value());
    }

    void anotherLogTakesThePlaceOfTheFirst()
    {
        const Folder folder;
        const std::string log = folder.path("orders.jsonl");
        append(log, orders(0, 50'000));
        RunWorkspace workspace(folder.path("cache"));
        for (int i = 0; i < 5; ++i) {
            workspace.openLog(log);
            workspace.openLog(kShop);
            if (i % 2 == 0) QVERIFY(workspace.settled());
        }
        QVERIFY(workspace.settled());
        QCOMPARE(text(workspace.open().facts->log.front()), text(kShop));
        workspace.openLog(log);
        QVERIFY(workspace.settled());
        QCOMPARE(workspace.open().facts->events, 50'000U);
    }

    void whatCannotBeOpenedSaysWhy()
    {
        const Folder folder;
        RunWorkspace workspace(folder.path("cache"));
        workspace.openLog(folder.path("none.jsonl"));
        QVERIFY(workspace.settled());
        QCOMPARE(std::get<workspace::Failed>(workspace.state().log).error.code, base::ErrorCode::FileNotFound);
    }

    void aStoppedScanIsCancelledAndNothingElse()
    {
        const Folder folder;
        const std::string log = folder.path("orders.jsonl");
        append(log, orders(0, 400'000));
        RunWorkspace workspace(folder.path("cache"));
        workspace.openLog(log);
        QVERIFY(workspace.settled());
        EventChoice choice;
        choice.filter.text = "no such text";
        workspace.act(ListEvents{choice});
        workspace.act(CancelWork{});
        QVERIFY(workspace.settled());
        const auto& asked = workspace.open().of<AskMatches>();
        QVERIFY(asked.error.has_value());
        QCOMPARE(asked.error->code, base::ErrorCode::Cancelled);
        QVERIFY(!workspace.state().notice.has_value());
        workspace.act(Step{});
        QVERIFY(workspace.settled());
        QCOMPARE(workspace.open().playhead->eventsBehind, 2U);
    }
};

QTEST_APPLESS_MAIN(RunnerTest)
#include "runner_test.moc"
