// SPDX-License-Identifier: GPL-3.0-or-later
// `workspace`, and `run` of one: the bug report is the test.
#include "tests/app/program.h"

#include <QDir>
#include <QSet>
#include <QTest>

namespace {

constexpr auto kSamples = LEFTFOLD_SOURCE_DIR "/resources/samples";
constexpr auto kStock =
    "({ by: e => e.body.sku, init: () => ({ stock: 0 }), apply: (s, e) => { s.stock += e.body.by } })";

QByteArray said(const Ended& ended)
{
    return QByteArray::number(ended.exitCode) + " " + ended.out + ended.errors;
}

QByteArray movements(int count)
{
    QByteArray lines;
    for (int i = 0; i < count; ++i) {
        lines += R"({"type":"Moved","sku":"s-)" + QByteArray::number(i % 3) + R"(","by":)"
                 + QByteArray::number(i == 7 ? -9 : 2) + R"(,"at":"2026-01-01T10:00:)" + QByteArray::number(10 + i)
                 + "Z\"}\n";
    }
    return lines;
}

} // namespace

class WorkspaceVerbTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsRecordedHolds() const;
    void whatChangedIsFound() const;
    void aScriptThatStopsIsToldAsDifferent() const;
    void aPackedOneRunsElsewhere() const;
    void aPartIsPackedWhereItIsEnough() const;
    void whatLiesOutsideIsNotOpened() const;
    void aWorkspaceIsAddedToAndRecordedAnew() const;
    void whatCouldNotBeRunIsNotMade() const;
    void eachActionTakesItsOwnOptions() const;
    void whatIsOfLogsIsRefused_data() const;
    void whatIsOfLogsIsRefused() const;
    void whatIsOfItsCaptureAndItsMasksIsTaken() const;
    void wrongWordsAreRefused() const;
    void itRunsTheSameEverywhere() const;
    void nothingOfItCanBeRun() const;

private:
    /// A program with a log, a projection and a workspace of them.
    static void makeWorkspace(const Program& program)
    {
        program.write("moves.jsonl", movements(20));
        program.write("stock.js", kStock);
        const Ended made = program.run({"workspace", "new", "bug.leftfold", "moves.jsonl", "--fold", "stock.js",
                                        "--expect-hash", "@end", "--break", "becomes /stock < 0", "--note",
                                        "stock below zero", "--of", "s-1", "--where", "/stock < 0"});
        QVERIFY2(made.exitCode == 0, said(made));
    }
    static QByteArray contentOf(const QString& path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};

void WorkspaceVerbTest::whatIsRecordedHolds() const
{
    const Program program;
    makeWorkspace(program);
    const Ended ended = program.run({"run", "bug.leftfold"});
    QVERIFY2(ended.exitCode == 0, said(ended));
    const QByteArrayList lines = ended.lines();
    QCOMPARE(lines.last(), QByteArray("3 of 3 hold"));
    QVERIFY2(lines[0].startsWith("ok       snapshot of stock at @end: "), said(ended));
    QVERIFY2(ended.out.contains("ok       run to becomes /stock < 0: moves[0]@7\n         stock below zero\n"),
             said(ended));
    QVERIFY2(ended.out.contains("ok       bisect s-1 where /stock < 0: moves[0]@7, moves[0]@16\n"), said(ended));
    const Ended json = program.run({"run", "bug.leftfold", "--json"});
    QVERIFY2(json.exitCode == 0, said(json));
    const QJsonDocument second = QJsonDocument::fromJson(json.lines()[1]);
    QCOMPARE(second["kind"].toString(), QString("run"));
    QCOMPARE(second["expected"].toString(), QString("moves[0]@7"));
    QCOMPARE(second["got"].toString(), QString("moves[0]@7"));
    QVERIFY(second["holds"].toBool());
    QCOMPARE(json.lines().last(), QByteArray(R"({"expectations":3,"hold":3})"));
    const Ended hashed = program.run({"ls", "moves.jsonl", "--fold", "stock.js", "--hash"});
    const QJsonDocument first = QJsonDocument::fromJson(json.lines()[0]);
    QVERIFY2(hashed.out.contains(first["got"].toString().toUtf8()), said(hashed));
}

void WorkspaceVerbTest::whatChangedIsFound() const
{
    const Program program;
    makeWorkspace(program);
    program.write("stock.js", QByteArray(kStock).replace("+= e.body.by", "+= Math.max(e.body.by, -3)"));
    const Ended ended = program.run({"run", "bug.leftfold"});
    QVERIFY2(ended.exitCode == 1, said(ended));
    QVERIFY2(ended.out.contains(
                 "differs  run to becomes /stock < 0\n         expected  moves[0]@7\n         got       none\n"),
             said(ended));
    QCOMPARE(ended.lines().last(), QByteArray("0 of 3 hold"));
}

void WorkspaceVerbTest::aScriptThatStopsIsToldAsDifferent() const
{
    const Program program;
    makeWorkspace(program);
    program.write("stock.js",
                  QByteArray(kStock).replace("s.stock += e.body.by", "if (e.body.by < 0) throw new Error('below')"));
    const Ended ended = program.run({"run", "bug.leftfold", "--json"});
    QVERIFY2(ended.exitCode == 1, said(ended));
    const QJsonDocument first = QJsonDocument::fromJson(ended.lines()[0]);
    QVERIFY(first["got"].isNull() && !first["holds"].toBool());
    QCOMPARE(first["error"]["code"].toString(), QString("script-failed"));
    program.write("stock.js", "({ apply: ");
    const Ended broken = program.run({"run", "bug.leftfold"});
    QVERIFY2(broken.exitCode == 3 && broken.errors.contains("stock.js:1:"), said(broken));
}

void WorkspaceVerbTest::aPackedOneRunsElsewhere() const
{
    const Program other; // another user's cache, another folder
    const QString elsewhere = other.pathOf("elsewhere");
    {
        const Program program;
        makeWorkspace(program);
        program.write("rules.js", "export const by = e => e.body.sku");
        program.write("stock.js", "import { by } from './rules.js'\nexport default "
                                      + QByteArray(kStock).replace("by: e => e.body.sku", "by"));
        const Ended recorded = program.run({"workspace", "record", "bug.leftfold"});
        QVERIFY2(recorded.exitCode == 0, said(recorded));
        const Ended packed = program.run({"workspace", "pack", "bug.leftfold", "-o", "packed/bug"});
        QVERIFY2(packed.exitCode == 0, said(packed));
        QCOMPARE(
            packed.out,
            QByteArray("packed/bug/bug.leftfold\npacked/bug/bug.lflog\npacked/bug/stock.js\npacked/bug/rules.js\n"));
        const Ended again = program.run({"workspace", "pack", "bug.leftfold", "-o", "packed/bug"});
        QVERIFY2(again.exitCode == 3 && again.errors.contains("exists already"), said(again));
        QVERIFY(QDir().mkpath(elsewhere));
        for (const char* name : {"bug.leftfold", "bug.lflog", "stock.js", "rules.js"})
            QVERIFY(QFile::copy(program.pathOf("packed/bug/") + name, elsewhere + "/" + name));
    }
    const Ended ended = other.run({"run", "elsewhere/bug.leftfold"});
    QVERIFY2(ended.exitCode == 0 && ended.lines().last() == "3 of 3 hold", said(ended));
}

/// Of a log of which the beginning is all that is needed, only that.
void WorkspaceVerbTest::aPartIsPackedWhereItIsEnough() const
{
    const Program program;
    program.write("moves.jsonl", movements(20));
    program.write("stock.js", kStock);
    const Ended made =
        program.run({"workspace", "new", "bug.leftfold", "moves.jsonl", "--fold", "stock.js", "--expect-hash",
                     "moves[0]@4", "--break", "becomes /stock < 0", "--mark-a", "2026-01-01T10:00:12Z"});
    QVERIFY2(made.exitCode == 0, said(made));
    const Ended part = program.run({"workspace", "pack", "bug.leftfold", "-o", "part"});
    QVERIFY2(part.exitCode == 0 && part.errors.contains("8 of 20 events are needed and packed"), said(part));
    const Ended counted = program.run({"info", "part/bug.lflog", "--json"});
    QCOMPARE(counted.json()["events"].toInt(), 8);
    const Ended runs = program.run({"run", "part/bug.leftfold"});
    QVERIFY2(runs.exitCode == 0 && runs.lines().last() == "2 of 2 hold", said(runs));
    const Ended whole = program.run({"workspace", "pack", "bug.leftfold", "-o", "whole", "--whole"});
    QVERIFY2(whole.exitCode == 0 && whole.errors.isEmpty(), said(whole));
    QCOMPARE(program.run({"info", "whole/bug.lflog", "--json"}).json()["events"].toInt(), 20);
    const Ended added = program.run({"workspace", "add", "bug.leftfold", "--name", "stock", "--break", "type None"});
    QVERIFY2(added.exitCode == 0, said(added));
    const Ended all = program.run({"workspace", "pack", "bug.leftfold", "-o", "all"});
    QVERIFY2(all.exitCode == 0 && all.errors.isEmpty(), said(all)); // nothing was found: that is about all events
}

void WorkspaceVerbTest::whatLiesOutsideIsNotOpened() const
{
    const Program program;
    program.write("moves.jsonl", movements(20));
    QVERIFY(QDir().mkpath(program.pathOf("in")));
    const Ended made = program.run({"workspace", "new", "in/bug.leftfold", "moves.jsonl", "--expect-hash", "@end"});
    QVERIFY2(made.exitCode == 0 && made.errors.contains("lies outside of the folder"), said(made));
    const Ended refused = program.run({"run", "in/bug.leftfold"});
    QVERIFY2(refused.exitCode == 3 && refused.errors.contains("outside of its folder: ")
                 && refused.errors.contains("moves.jsonl") && refused.errors.contains("--allow-outside"),
             said(refused));
    const Ended allowed = program.run({"run", "in/bug.leftfold", "--allow-outside"});
    QVERIFY2(allowed.exitCode == 0, said(allowed));
    // Nor what links in its log lead to.
    QVERIFY(QDir().mkpath(program.pathOf("in/logs")));
    program.write("in/logs/a.jsonl", movements(3));
    const Ended folder = program.run({"workspace", "new", "in/folder.leftfold", "in/logs", "--expect-hash", "@end"});
    QVERIFY2(folder.exitCode == 0 && !folder.errors.contains("outside"), said(folder));
    QVERIFY(QFile::link("../../moves.jsonl", program.pathOf("in/logs/b.jsonl")));
    const Ended linked = program.run({"run", "in/folder.leftfold"});
    QVERIFY2(linked.exitCode == 3 && linked.errors.contains("outside of its folder: ")
                 && linked.errors.contains("in/logs/b.jsonl"),
             said(linked));
    const Ended wanted = program.run({"run", "in/folder.leftfold", "--allow-outside"});
    QVERIFY2(wanted.exitCode == 1 && wanted.lines().last() == "0 of 1 hold", said(wanted)); // one event more
    program.write("in/outside.js", "import { x } from '../rules.js'\nexport default { apply: s => 1 }");
    program.write("rules.js", "export const x = 1");
    const Ended inside = program.run(
        {"workspace", "new", "in/script.leftfold", "moves.jsonl", "--fold", "in/outside.js", "--expect-hash", "@end"});
    QVERIFY2(inside.exitCode == 3 && inside.errors.contains("it lies outside of the folder of the projection"),
             said(inside));
    const Ended packed = program.run({"workspace", "pack", "in/bug.leftfold", "-o", "packed", "--allow-outside"});
    QVERIFY2(packed.exitCode == 0, said(packed));
    const Ended ended = program.run({"run", "packed/bug.leftfold"});
    QVERIFY2(ended.exitCode == 0, said(ended));
}

/// The user's own link, by which a schema imports from outside, is not followed for a workspace: better said when it is made.
void WorkspaceVerbTest::whatCouldNotBeRunIsNotMade() const
{
    const Program program;
    program.write("moves.jsonl", movements(3));
    program.write("unit.proto", "syntax = \"proto3\"; enum Unit { EUR = 0; }");
    QVERIFY(QDir().mkpath(program.pathOf("in")));
    program.write("in/price.proto", "syntax = \"proto3\"; import \"unit.proto\"; message Price { Unit unit = 1; }");
    QVERIFY(QFile::link("../unit.proto", program.pathOf("in/unit.proto")));
    const QStringList rule{"--decode", "key=protobuf:in/price.proto:Price"};
    const Ended log = program.run(QStringList{"log", "moves.jsonl"} + rule);
    QVERIFY2(log.exitCode == 0, said(log));
    const QStringList make = QStringList{"workspace", "new", "in/bug.leftfold", "moves.jsonl"} + rule;
    const Ended refused = program.run(make + QStringList{"--expect-hash", "@end"});
    QVERIFY2(refused.exitCode == 3 && refused.errors.contains("outside of its folder"), said(refused));
    QVERIFY(!QFile::exists(program.pathOf("in/bug.leftfold")));
    QVERIFY(QFile::remove(program.pathOf("in/unit.proto")));
    program.write("in/unit.proto", "syntax = \"proto3\"; enum Unit { EUR = 0; }");
    const Ended made = program.run(make + QStringList{"--expect-hash", "@end"});
    QVERIFY2(made.exitCode == 0, said(made));
    const Ended ended = program.run({"run", "in/bug.leftfold", "--allow-outside"});
    QVERIFY2(ended.exitCode == 0, said(ended));
}

void WorkspaceVerbTest::aWorkspaceIsAddedToAndRecordedAnew() const
{
    const Program program;
    makeWorkspace(program);
    program.write("fixed.js", QByteArray(kStock).replace("+= e.body.by", "+= Math.max(e.body.by, -3)"));
    const Ended added =
        program.run({"workspace", "add", "bug.leftfold", "--fold", "fixed.js", "--lock-step", "stock", "--mark-a", "#3",
                     "--bookmark", "the sale=moves[0]@7", "--of", "s-1", "--watch", "/stock", "--view", "billing"});
    QVERIFY2(added.exitCode == 0, said(added));
    const QJsonDocument file = QJsonDocument::fromJson(contentOf(program.pathOf("bug.leftfold")));
    QCOMPARE(file["projections"].toArray().size(), 2);
    QCOMPARE(file["expect"][3]["kind"].toString(), QString("compare"));
    QCOMPARE(file["expect"][3]["parts"].toString(), QString("moves[0]@7"));
    QCOMPARE(file["expect"][3]["aggregates"].toInt(), 1);
    QCOMPARE(file["marks"]["a"].toString(), QString("#3"));
    QCOMPARE(file["bookmarks"][0]["at"].toString(), QString("moves[0]@7"));
    QCOMPARE(file["watches"][0]["projection"].toString(), QString("fixed"));
    QCOMPARE(file["breakpoints"][0]["break"].toString(), QString("becomes /stock < 0"));
    const Ended moved = program.run({"workspace", "add", "bug.leftfold", "--bookmark", "the sale=moves[0]@8"});
    QVERIFY2(moved.exitCode == 0, said(moved));
    const QJsonArray bookmarks =
        QJsonDocument::fromJson(contentOf(program.pathOf("bug.leftfold")))["bookmarks"].toArray();
    QVERIFY(bookmarks.size() == 1 && bookmarks[0]["at"].toString() == "moves[0]@8");
    const Ended holds = program.run({"run", "bug.leftfold"});
    QVERIFY2(holds.exitCode == 0 && holds.out.contains("ok       compare stock with fixed: moves[0]@7, 1 aggregates"),
             said(holds));
    program.write("fixed.js", kStock);
    const Ended differs = program.run({"run", "bug.leftfold"});
    QVERIFY2(differs.exitCode == 1, said(differs));
    const Ended recorded = program.run({"workspace", "record", "bug.leftfold"});
    QVERIFY2(recorded.exitCode == 0, said(recorded));
    const Ended again = program.run({"run", "bug.leftfold"});
    QVERIFY2(again.exitCode == 0 && again.out.contains("ok       compare stock with fixed: none"), said(again));
}

void WorkspaceVerbTest::eachActionTakesItsOwnOptions() const
{
    const Program program;
    makeWorkspace(program);
    const QByteArray before = contentOf(program.pathOf("bug.leftfold"));
    const QList<std::pair<QStringList, QByteArray>> refused = {
        {{"new", "other.leftfold", "moves.jsonl", "--whole", "-o", "packed"},
         "'workspace new' takes no --out, --whole"},
        {{"add", "bug.leftfold", "--time-field", "/at", "--mark-a", "#3"}, "'workspace add' takes no --time-field"},
        {{"record", "bug.leftfold", "--mark-a", "#3"}, "'workspace record' takes no --mark-a"},
        {{"record", "bug.leftfold", "--fold", "latest"}, "'workspace record' takes no --fold"},
        {{"add", "bug.leftfold", "--mark-a", ""}, "--mark-a says nothing"},
        {{"add", "bug.leftfold", "--back", "--mark-a", "#3"}, "--back and --from are of the run to a --break"},
        {{"add", "bug.leftfold", "--of", "s-1"}, "--of says which aggregate"},
        {{"add", "bug.leftfold", "--numbers-as-text", "--expect-hash", "@end"}, "--numbers-as-text is of"},
        {{"pack", "bug.leftfold", "-o", "packed", "--force"}, "'workspace pack' takes no --force"}};
    for (const auto& [arguments, words] : refused) {
        const Ended ended = program.run(QStringList("workspace") + arguments);
        QVERIFY2(ended.exitCode == 2 && ended.errors.contains(words), said(ended));
    }
    QCOMPARE(contentOf(program.pathOf("bug.leftfold")), before);
    QVERIFY(!QFile::exists(program.pathOf("packed")) && !QFile::exists(program.pathOf("other.leftfold")));
}

/// A workspace says itself how its log is read and what is run to.
void WorkspaceVerbTest::whatIsOfLogsIsRefused_data() const
{
    QTest::addColumn<QStringList>("option");
    const char* const taking[] = {"--at @end",
                                  "--break fails",
                                  "--by /sku",
                                  "--fold latest",
                                  "--only-type Moved",
                                  "--format json",
                                  "--delimiter ;",
                                  "--columns a",
                                  "--encoding utf-8",
                                  "--decode value=json",
                                  "--registry http://localhost:1",
                                  "--id-field /sku",
                                  "--type-field /type",
                                  "--time-field /at",
                                  "--time-unit s",
                                  "--event-id-field /e",
                                  "--causation-field /c",
                                  "--correlation-field /c",
                                  "--back",
                                  "--numbers-as-text"};
    for (const char* each : taking) QTest::newRow(each) << QString(each).split(u' ');
    QTest::newRow("an empty moment") << QStringList{"--at", ""};
}

void WorkspaceVerbTest::whatIsOfLogsIsRefused() const
{
    QFETCH(QStringList, option);
    const Program program;
    const Ended ended = program.run(QStringList{"run", QString(kSamples) + "/shop.leftfold"} + option);
    QVERIFY2(ended.exitCode == 2 && ended.out.isEmpty(), said(ended));
    QVERIFY2(ended.errors.contains("a workspace says itself") && ended.errors.contains(option.front().toUtf8()),
             said(ended));
}

void WorkspaceVerbTest::whatIsOfItsCaptureAndItsMasksIsTaken() const
{
    const Program program;
    makeWorkspace(program);
    program.write("masks.txt", "text:s-1\n");
    for (const QStringList& masks : {QStringList{"--mask", "text:s-1"}, QStringList{"--masks", "masks.txt"}}) {
        const Ended masked = program.run(QStringList{"run", "bug.leftfold"} + masks);
        QVERIFY2(masked.exitCode == 0 && masked.out.contains("bisect *** where") && !masked.out.contains("s-1"),
                 said(masked));
    }
    const Ended bad = program.run({"run", "bug.leftfold", "--mask", "nonsense"});
    QVERIFY2(bad.exitCode == 2, said(bad));
    // Beside its own masks.
    const Ended made = program.run({"workspace", "new", "masked.leftfold", "moves.jsonl", "--fold", "stock.js",
                                    "--masks", "masks.txt", "--of", "s-1", "--where", "/stock < 0"});
    QVERIFY2(made.exitCode == 0, said(made));
    const Ended both = program.run({"run", "masked.leftfold", "--mask", "text:stock"});
    QVERIFY2(both.exitCode == 0 && both.out.contains("bisect *** where /*** < 0"), said(both));
    // How it is captured does not stand in the file.
    program.append("moves.jsonl", "{\"type\":\n");
    const Ended read = program.run({"run", "bug.leftfold"});
    QVERIFY2(read.exitCode == 0 || read.exitCode == 1, said(read));
    const Ended strict = program.run({"run", "bug.leftfold", "--fresh", "--strict"});
    QVERIFY2(strict.exitCode == 3 && strict.errors.contains("not JSON"), said(strict));
    const Ended ofLog = program.run({"run", "moves.jsonl", "--break", "type Moved", "--allow-outside"});
    QVERIFY2(ofLog.exitCode == 2 && ofLog.errors.contains("--allow-outside"), said(ofLog));
    const Ended nowhere = program.run({"run", "moves.jsonl", "--break", "type Moved", "--at", ""});
    QVERIFY2(nowhere.exitCode == 2 && nowhere.errors.contains("is not a moment"), said(nowhere));
}

void WorkspaceVerbTest::wrongWordsAreRefused() const
{
    const Program program;
    makeWorkspace(program);
    const auto refused = [&](const QStringList& arguments, int exitCode, const QByteArray& message) {
        const Ended ended = program.run(arguments);
        const bool isSo = ended.exitCode == exitCode && ended.errors.contains(message);
        if (!isSo) qWarning("%s", said(ended).constData());
        return isSo;
    };
    QVERIFY(refused({"workspace", "new", "bug.leftfold", "moves.jsonl"}, 3, "exists already"));
    QVERIFY(refused({"workspace", "new", "bug.json", "moves.jsonl"}, 2, "ends in .leftfold"));
    QVERIFY(refused({"workspace", "new", "b.leftfold"}, 2, "which log"));
    QVERIFY(refused({"workspace", "add", "bug.leftfold", "--where", "/a = 1"}, 2, "--of says which aggregate"));
    QVERIFY(refused({"workspace", "add", "bug.leftfold", "--lock-step", "none"}, 2, "no projection 'none'"));
    QVERIFY(refused({"workspace", "add", "bug.leftfold", "--break", "typ A"}, 2, "is no breakpoint"));
    QVERIFY(refused({"run", "bug.leftfold", "--break", "type A"}, 2, "a workspace says itself"));
    QVERIFY(refused({"run", "none.leftfold"}, 3, "none.leftfold: there is no such file"));
    program.write("bad.leftfold", "{\n  \"leftfoldWorkspace\": 1,\n  \"log\": 7\n}");
    QVERIFY(refused({"run", "bad.leftfold"}, 3, "bad.leftfold, /log: should be a list"));
    program.write("bad.leftfold", "{\n  \"leftfoldWorkspace\" 1\n}");
    QVERIFY(refused({"run", "bad.leftfold"}, 3, "bad.leftfold, line 2, column 23: not JSON"));
    const Ended beyond = program.run({"workspace", "add", "bug.leftfold", "--expect-hash", "moves[0]@99"});
    QVERIFY2(beyond.exitCode > 1 && beyond.errors.contains("snapshot of stock at moves[0]@99"), said(beyond));
}

/// The walk through the sample log, with every number of threads, in every zone.
void WorkspaceVerbTest::itRunsTheSameEverywhere() const
{
    QSet<QByteArray> outputs;
    for (const char* zone : {"UTC", "Asia/Shanghai"}) {
        for (const char* workers : {"1", "2", "8"}) {
            Program program;
            program.setVariable("TZ", zone);
            const Ended ended = program.run({"run", QString(kSamples) + "/shop.leftfold", "--workers", workers});
            QVERIFY2(ended.exitCode == 0, said(ended));
            outputs.insert(ended.out);
        }
    }
    QCOMPARE(outputs.size(), 1);
}

/// What a workspace of somebody else names is data: none of it is run, and scripts stay inside its folder.
void WorkspaceVerbTest::nothingOfItCanBeRun() const
{
    const Program program;
    program.write("moves.jsonl", movements(3));
    const QString marker = program.pathOf("was-run");
    const auto workspace = [&](const QByteArray& fold, const QByteArray& text) {
        return R"({"leftfoldWorkspace":1,"log":["moves.jsonl"],"projections":[{"name":"p","fold":")" + fold
               + R"("}],"expect":[{"kind":"run","break":[")" + text + R"("]}]})";
    };
    program.write("evil.leftfold", workspace("tally", "js: () => { for (;;) {} }"));
    const Ended endless = program.run({"run", "evil.leftfold"});
    QVERIFY2(endless.exitCode == 1 && endless.out.contains("it took longer than"), said(endless));
    program.write("evil.leftfold", workspace("../../../../etc/passwd.js", "fails"));
    const Ended outside = program.run({"run", "evil.leftfold"});
    QVERIFY2(outside.exitCode == 3 && outside.errors.contains("/etc/passwd.js"), said(outside));
    program.write("evil.leftfold", workspace("$(touch " + marker.toUtf8() + ").js", "fails"));
    const Ended shell = program.run({"run", "evil.leftfold"});
    QVERIFY2(shell.exitCode == 3, said(shell));
    program.write("p.js", "import x from '/etc/passwd'\nexport default { apply: s => 1 }");
    program.write("evil.leftfold", workspace("p.js", "fails"));
    const Ended import = program.run({"run", "evil.leftfold"});
    QVERIFY2(import.exitCode == 3 && import.errors.contains("cannot be imported"), said(import));
    QVERIFY(!QFile::exists(marker));
}

QTEST_GUILESS_MAIN(WorkspaceVerbTest)
#include "workspace_verb_test.moc"
