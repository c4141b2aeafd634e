// SPDX-License-Identifier: GPL-3.0-or-later
// What a window makes of a workspace file, and the file it makes of what is open.
#include "core/workspace/open_workspace.h"

#include "tests/capture/made_batches.h"
#include "tests/workspace/run_workspace.h"

#include <filesystem>

using namespace leftfold;
using namespace leftfold::workspace;
using namespace leftfold::capture::test;
using leftfold::workspace::test::RunWorkspace;

namespace {

const std::string kSamples = LEFTFOLD_SOURCE_DIR "/resources/samples/";

/// The sample's workspace in a folder of its own, as a window opens it.
struct Opened {
    Folder folder;
    std::string path = folder.path("shop.leftfold");
    WorkspaceFile file;
    RunWorkspace workspace{folder.path("cache")};

    Opened()
    {
        for (const char* name : {"shop.jsonl", "shop.leftfold", "payments.js", "payments-fixed.js"})
            std::filesystem::copy_file(kSamples + name, folder.path(name));
        file = must(readWorkspace(path));
    }
    [[nodiscard]] bool opens()
    {
        LoadOptions options = must(loadOptionsOf(file));
        options.cacheRoot = folder.path("cache");
        workspace.act(OpenLog{options});
        if (!workspace.settled() || workspace.state().open() == nullptr) return false;
        for (const Action& action : actionsOf(file)) workspace.act(action);
        return workspace.settled();
    }
};

} // namespace

class OpenWorkspaceTest : public QObject {
    Q_OBJECT

private slots:
    void whatTheFileSaysIsOpen();
    void whatIsOpenIsSavedAndTheRestStays();
    void aLogWithoutAWorkspaceBecomesOne();
};

void OpenWorkspaceTest::whatTheFileSaysIsOpen()
{
    Opened made;
    made.file.markA = "#10";
    made.file.markB = "shop[0]@632";
    made.file.bookmarks = {{"the refund", "shop[0]@40"}, {"before all", "@start"}};
    made.file.breakpoints.push_back({"type PaymentFailed", "", false});
    QVERIFY(made.opens());
    const Open& open = made.workspace.open();
    QCOMPARE(open.projections.size(), made.file.projections.size());
    for (std::size_t i = 0; i < open.projections.size(); ++i)
        QVERIFY(open.projections[i].choice == made.file.projections[i].choice);
    QCOMPARE(open.a->last->index.value, 10U);
    QCOMPARE(open.b->last->position.offset.value, 632);
    QCOMPARE(open.bookmarks.size(), 2U);
    QCOMPARE(open.bookmarks[0].moment.value().last->position.offset.value, 40);
    QCOMPARE(open.bookmarks[1].moment.value().eventsBehind, 0U);
    QCOMPARE(open.breakpoints.size(), made.file.breakpoints.size());
    QVERIFY(open.breakpoints.front().isOn && !open.breakpoints.back().isOn);
    QCOMPARE(*open.aggregate, made.file.watches.front().aggregate);
    QCOMPARE(toText(*open.watched), made.file.watches.front().field);
    QVERIFY2(!made.workspace.state().notice.has_value(), "something was told");
}

void OpenWorkspaceTest::whatIsOpenIsSavedAndTheRestStays()
{
    Opened made;
    made.file.bookmarks = {{"nowhere", "shop[7]@1"}, {"refund", "2026-11-16T12:00:00Z"}};
    QVERIFY(made.opens());
    WorkspaceFile saved = must(workspaceOf(made.workspace.open(), made.file)).file;
    QCOMPARE(toJson(saved, made.path), toJson(made.file, made.path));

    made.workspace.act(ListBreakpoint{"type PaymentFailed"});
    made.workspace.act(SetMark{Mark::A, Target(event::When(event::EventIndex{7}))});
    made.workspace.act(ChooseProjections{{{"", "merge"}}});
    QVERIFY(made.workspace.settled());
    saved = must(workspaceOf(made.workspace.open(), made.file)).file;
    QCOMPARE(saved.breakpoints.back().text, std::string("type PaymentFailed"));
    QCOMPARE(*saved.markA, std::string("#7"));
    QVERIFY(saved.expectations == made.file.expectations);
    // One that this log does not have is told, and stays, as does how the other was said.
    QVERIFY(saved.bookmarks == made.file.bookmarks);
    QVERIFY(!made.workspace.open().bookmarks[0].moment && made.workspace.open().bookmarks[1].moment);
    made.workspace.act(GoTo{Target(event::When(event::EventIndex{7}))});
    QVERIFY(made.workspace.settled());
    made.workspace.act(SetBookmark{"refund"});
    made.workspace.act(RemoveBookmark{"nowhere"});
    saved = must(workspaceOf(made.workspace.open(), made.file)).file;
    QCOMPARE(saved.bookmarks.size(), std::size_t{1});
    QCOMPARE(saved.bookmarks[0].at, toText(event::When(made.workspace.open().playhead->last->position)));
    // Those that expectations name are still there, with what is chosen now beside them.
    QVERIFY(saved.hasProjection("payments") && saved.hasProjection("payments-fixed") && saved.hasProjection("merge"));
    const std::string path = made.folder.path("other.leftfold");
    must(writeWorkspace(saved, path));
    QVERIFY(must(readWorkspace(path)) == saved);
}

void OpenWorkspaceTest::aLogWithoutAWorkspaceBecomesOne()
{
    Opened made;
    made.workspace.openLog(made.folder.path("shop.jsonl"));
    QVERIFY(made.workspace.settled());
    const WorkspaceFile saved = must(workspaceOf(made.workspace.open(), {})).file;
    QCOMPARE(saved.log, std::vector<std::string>{made.folder.path("shop.jsonl")});
    QCOMPARE(saved.projections.size(), std::size_t{1});
    QVERIFY(!saved.markA && saved.breakpoints.empty() && saved.expectations.empty());
}

QTEST_GUILESS_MAIN(OpenWorkspaceTest)
#include "open_workspace_test.moc"
