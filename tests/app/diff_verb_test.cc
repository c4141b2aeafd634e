// SPDX-License-Identifier: GPL-3.0-or-later
// diff, ls --where and search, as a person runs them.
#include "tests/app/program.h"

#include <QTest>

#include <set>

namespace {

constexpr auto kSample = LEFTFOLD_SOURCE_DIR "/resources/samples/shop.jsonl";

const QByteArray kOrders =
    R"({"id":"a","type":"Made","at":"2026-01-01T00:00:00Z","total":10,"tags":["x","y"]}
{"id":"b","type":"Made","at":"2026-01-01T01:00:00Z","total":20.50,"status":"new"}
{"id":"c","type":"Made","at":"2026-01-01T02:00:00Z","total":30}
{"id":"b","type":"Paid","at":"2026-01-02T00:00:00Z","total":20.5,"status":"paid"}
{"id":"a","type":"Made","at":"2026-01-02T01:00:00Z","total":10.01,"tags":["y","x"]}
{"id":"d","type":"Made","at":"2026-01-02T02:00:00Z","total":40,"status":"paid"}
)";

/// Without the first and the last of some lines.
QByteArrayList between(const QByteArrayList& lines, qsizetype first, qsizetype last)
{
    return lines.sliced(first, lines.size() - first - last);
}

} // namespace

class DiffVerbTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void peopleSeeWhatDiffers() const;
    void oneAggregateAlone() const;
    void equalMomentsDoNotDiffer() const;
    void backwardsCreatedIsDeleted() const;
    void jsonTellsEachAggregateAndASummary() const;
    void patchesAreJsonPatches() const;
    void rulesLeaveOut_data();
    void rulesLeaveOut() const;
    void onlyTouchedAggregatesAreCounted() const;
    void jsonFilesAreCompared() const;
    void filesOfStatesAreJoinedById() const;
    void exportsOfAnyFormatAreJoinedById() const;
    void wrongWordsAreUsage_data();
    void wrongWordsAreUsage() const;
    void coloursAreForTerminals() const;
    void whereFilters_data();
    void whereFilters() const;
    void searchFindsPayloadsAndStates() const;
    void searchFindsNothing() const;

private:
    [[nodiscard]] Ended run(const QString& line) const { return m_program.run(line.split(' ', Qt::SkipEmptyParts)); }
    Program m_program;
};

void DiffVerbTest::initTestCase()
{
    (void)m_program.write("orders.jsonl", kOrders);
    const Ended fetch = run("fetch orders.jsonl -o orders.lflog");
    QVERIFY2(fetch.exitCode == 0, fetch.errors);
}

void DiffVerbTest::peopleSeeWhatDiffers() const
{
    const Ended diff = run("diff orders.lflog 2026-01-01T12:00:00Z @end --fold latest");
    QCOMPARE(diff.errors, QByteArray());
    QCOMPARE(diff.out, QByteArray(R"(--- 2026-01-01T12:00:00Z
+++ @end
~ a
    ~ /at  "2026-01-01T00:00:00Z" -> "2026-01-02T01:00:00Z"
    ~ /total  10 -> 10.01
    - /tags/0  "x"
    + /tags/1  "x"
~ b
    ~ /type  "Made" -> "Paid"
    ~ /at  "2026-01-01T01:00:00Z" -> "2026-01-02T00:00:00Z"
    ~ /status  "new" -> "paid"
+ d  {"id":"d","type":"Made","at":"2026-01-02T02:00:00Z","total":40,"status":"paid"}
3 aggregates differ: 1 created, 2 changed, 0 deleted; 3 touched by the 3 events between
)"));
    QCOMPARE(diff.exitCode, 1);
    const Ended brief = run("diff orders.lflog 2026-01-01T12:00:00Z @end --fold latest --brief");
    QCOMPARE(brief.lines().sliced(2, 3), (QByteArrayList{"~ a", "~ b", "+ d"}));
}

void DiffVerbTest::oneAggregateAlone() const
{
    const Ended diff = run("diff orders.lflog #1 @end b --fold latest");
    QCOMPARE(diff.exitCode, 1);
    QCOMPARE(diff.lines().value(2), QByteArray("~ b"));
    QVERIFY(diff.lines().last().contains("1 touched"));
    QCOMPARE(run("diff orders.lflog #2 @end c").exitCode, 0);
    const Ended nobody = run("diff orders.lflog #2 @end nobody");
    QCOMPARE(nobody.exitCode, 3);
    QVERIFY(nobody.errors.contains("'nobody'"));
}

void DiffVerbTest::equalMomentsDoNotDiffer() const
{
    const Ended diff = run("diff orders.lflog #3 #3");
    QCOMPARE(diff.exitCode, 0);
    QCOMPARE(diff.out, QByteArray("0 aggregates differ: 0 created, 0 changed, 0 deleted; 0 touched by the 0 events "
                                  "between\n"));
}

void DiffVerbTest::backwardsCreatedIsDeleted() const
{
    const Ended diff = run("diff orders.lflog @end 2026-01-01T12:00:00Z --fold latest --brief");
    QCOMPARE(diff.exitCode, 1);
    QCOMPARE(diff.lines().sliced(2, 3), (QByteArrayList{"~ a", "~ b", "- d"}));
}

void DiffVerbTest::jsonTellsEachAggregateAndASummary() const
{
    const Ended diff = run("diff orders.lflog 2026-01-01T12:00:00Z @end --fold latest --json");
    QCOMPARE(diff.exitCode, 1);
    const QByteArrayList lines = diff.lines();
    QCOMPARE(lines.size(), 4);
    const QJsonDocument b = QJsonDocument::fromJson(lines[1]);
    QCOMPARE(b["id"].toString(), QString("b"));
    QCOMPARE(b["change"].toString(), QString("changed"));
    QCOMPARE(b["before"]["status"].toString(), QString("new"));
    QCOMPARE(b["after"]["status"].toString(), QString("paid"));
    QCOMPARE(b["changes"][2]["path"].toString(), QString("/status"));
    QCOMPARE(b["changes"][2]["change"].toString(), QString("changed"));
    const QJsonDocument d = QJsonDocument::fromJson(lines[2]);
    QCOMPARE(d["change"].toString(), QString("created"));
    QVERIFY(d["before"].isUndefined());
    const QJsonValue summary = QJsonDocument::fromJson(lines[3])["summary"];
    QCOMPARE(summary["touched"].toInt(), 3);
    QCOMPARE(summary["created"].toInt(), 1);
    QCOMPARE(summary["changed"].toInt(), 2);
    QCOMPARE(summary["eventsBetween"].toInt(), 3);
    QCOMPARE(summary["eventsFolded"].toInt(), 5);
}

void DiffVerbTest::patchesAreJsonPatches() const
{
    const Ended all = run("diff orders.lflog 2026-01-01T12:00:00Z @end --fold latest --patch");
    QCOMPARE(all.exitCode, 1);
    QCOMPARE(all.lines().size(), 3);
    QCOMPARE(all.lines()[2], QByteArray(R"({"id":"d","patch":[{"op":"add","path":"","value":{"id":"d","type":"Made",)"
                                        R"("at":"2026-01-02T02:00:00Z","total":40,"status":"paid"}}]})"));
    const Ended one = run("diff orders.lflog 2026-01-01T12:00:00Z @end b --fold latest --patch --ignore /at");
    QCOMPARE(one.out, QByteArray(R"([{"op":"replace","path":"/type","value":"Paid"},)"
                                 R"({"op":"replace","path":"/status","value":"paid"}])"
                                 "\n"));
    QCOMPARE(run("diff orders.lflog #2 @end c --patch").out, QByteArray("[]\n"));
}

void DiffVerbTest::rulesLeaveOut_data()
{
    QTest::addColumn<QString>("rules");
    QTest::addColumn<QByteArrayList>("expected");
    const QByteArrayList bAndD = {"~ b", "+ d"};
    QTest::newRow("none") << "" << QByteArrayList{"~ a", "~ b", "+ d"};
    QTest::newRow("set and tolerance") << "--ignore /at --as-set /tags --tolerance /total=0.01" << bAndD;
    QTest::newRow("multiset and tolerance") << "--ignore /at --as-multiset /tags --tolerance /total=0.01" << bAndD;
    QTest::newRow("too small a tolerance")
        << "--ignore /at --as-set /tags --tolerance /total=0.009" << QByteArrayList{"~ a", "~ b", "+ d"};
    QTest::newRow("several ignored") << "--ignore /at --ignore /type --ignore /status --ignore /tags --ignore /total"
                                     << QByteArrayList{"+ d"};
    QTest::newRow("all ignored") << "--ignore /*" << QByteArrayList{"+ d"};
}

void DiffVerbTest::rulesLeaveOut() const
{
    QFETCH(QString, rules);
    QFETCH(QByteArrayList, expected);
    const Ended diff = run("diff orders.lflog 2026-01-01T12:00:00Z @end --fold latest --brief " + rules);
    QCOMPARE(diff.exitCode, 1);
    QCOMPARE(between(diff.lines(), 2, 1), expected);
}

void DiffVerbTest::exportsOfAnyFormatAreJoinedById() const
{
    const QString exported = "export orders.lflog --fold latest --force -o ";
    const QByteArrayList moments = run("diff orders.lflog 2026-01-01T12:00:00Z @end --fold latest").lines();
    for (const QString& format : QStringList{"jsonl", "csv", "sqlite"}) {
        QCOMPARE(run(exported + "before." + format + " --at 2026-01-01T12:00:00Z").exitCode, 0);
        QCOMPARE(run(exported + "after." + format).exitCode, 0);
        const Ended files = run("diff before." + format + " after." + format);
        QCOMPARE(files.errors, QByteArray());
        QCOMPARE(files.exitCode, 1);
        QCOMPARE(between(files.lines(), 2, 1), between(moments, 2, 1));
    }
    QCOMPARE(run("diff before.csv before.sqlite").exitCode, 0);
    QCOMPARE(run(exported + "changes.jsonl --since before.jsonl").exitCode, 0);
    const Ended changes = run("diff before.jsonl changes.jsonl");
    QCOMPARE(changes.exitCode, 3);
    QVERIFY(changes.errors.contains("changes since an earlier one"));
}

void DiffVerbTest::onlyTouchedAggregatesAreCounted() const
{
    QFile::copy(kSample, m_program.pathOf("shop.jsonl"));
    for (const QString moments : {"2026-01-12T00:00:00Z 2026-01-13T00:00:00Z", "#100 #130", "@start #5"}) {
        const QStringList between = moments.split(' ');
        const Ended events = run("log shop.jsonl --json --from " + between[0] + " --until " + between[1]);
        QVERIFY2(events.exitCode == 0, events.errors);
        std::set<QString> ids;
        for (const QByteArray& line : events.lines()) {
            const QJsonValue id = QJsonDocument::fromJson(line)["id"];
            if (!id.isUndefined() && !id.isNull()) ids.insert(id.toString());
        }
        const Ended diff = run("diff shop.jsonl " + moments + " --json");
        QCOMPARE(diff.exitCode, 1);
        const QJsonValue summary = QJsonDocument::fromJson(diff.lines().last())["summary"];
        QCOMPARE(summary["eventsBetween"].toInt(), static_cast<int>(events.lines().size()));
        QCOMPARE(summary["touched"].toInt(), static_cast<int>(ids.size()));
    }
}

void DiffVerbTest::jsonFilesAreCompared() const
{
    (void)m_program.write("a.json", R"({"items":[{"id":1,"n":1},{"id":2,"n":2}],"total":1.00})");
    (void)m_program.write("b.json", "{\"total\":1.0,\n\"items\":[{\"id\":2,\"n\":3},{\"id\":1,\"n\":1}]}\n");
    const Ended plain = run("diff a.json b.json --match-by /items=/id");
    QCOMPARE(plain.errors, QByteArray());
    QCOMPARE(plain.out, QByteArray("--- a.json\n+++ b.json\n~ /items/1/n  2 -> 3\n"));
    QCOMPARE(plain.exitCode, 1);
    QCOMPARE(run("diff a.json b.json --match-by /items=/id --patch").out,
             QByteArray("[{\"op\":\"replace\",\"path\":\"/items/1/n\",\"value\":3}]\n"));
    QCOMPARE(run("diff a.json b.json --match-by /items=/id --json").out,
             QByteArray("[{\"change\":\"changed\",\"path\":\"/items/1/n\",\"before\":2,\"after\":3}]\n"));
    const Ended same = run("diff a.json a.json");
    QCOMPARE(same.exitCode, 0);
    QCOMPARE(same.out, QByteArray());
    QCOMPARE(run("diff a.json b.json --ignore /items").exitCode, 0);
    const Ended missing = run("diff a.json nowhere.json");
    QCOMPARE(missing.exitCode, 3);
    QVERIFY(missing.errors.contains("nowhere.json"));
    (void)m_program.write("half.json", "{\"a\":");
    const Ended half = run("diff a.json half.json");
    QCOMPARE(half.exitCode, 3);
    QVERIFY(half.errors.contains("half.json: not JSON at byte"));
}

void DiffVerbTest::filesOfStatesAreJoinedById() const
{
    const QString ls = "ls orders.lflog --fold latest --json";
    (void)m_program.write("before.jsonl", run(ls + " --at 2026-01-01T12:00:00Z").out);
    (void)m_program.write("after.jsonl", run(ls).out);
    const QByteArray moments = run("diff orders.lflog 2026-01-01T12:00:00Z @end --fold latest").out;
    const Ended files = run("diff before.jsonl after.jsonl");
    QCOMPARE(files.errors, QByteArray());
    QCOMPARE(files.exitCode, 1);
    QCOMPARE(between(files.lines(), 2, 1), between(moments.split('\n'), 2, 2));
    QCOMPARE(files.lines().last(), QByteArray("3 of 4 aggregates differ: 1 created, 2 changed, 0 deleted"));
    QCOMPARE(run("diff after.jsonl before.jsonl --brief").lines().sliced(2, 3), (QByteArrayList{"~ a", "~ b", "- d"}));
    QCOMPARE(run("diff before.jsonl before.jsonl").exitCode, 0);
    QCOMPARE(run("diff before.jsonl after.jsonl --ignore /*").lines().size(), 4);
    const Ended json = run("diff before.jsonl after.jsonl --json");
    QCOMPARE(json.lines().size(), 4);
    QCOMPARE(QJsonDocument::fromJson(json.lines().last())["summary"]["aggregates"].toInt(), 4);
    (void)m_program.write("nothing.jsonl", "");
    QCOMPARE(run("diff nothing.jsonl after.jsonl --brief").lines().sliced(2, 4),
             (QByteArrayList{"+ a", "+ b", "+ c", "+ d"}));
    (void)m_program.write("unsorted.jsonl", "{\"id\":\"b\",\"state\":1}\n{\"id\":\"a\",\"state\":1}\n");
    const Ended unsorted = run("diff unsorted.jsonl after.jsonl");
    QCOMPARE(unsorted.exitCode, 3);
    QVERIFY(unsorted.errors.contains("unsorted.jsonl: line 2: 'a' stands behind 'b': expected ids in ascending order"));
    const Ended mixed = run("diff after.jsonl orders.jsonl");
    QCOMPARE(mixed.exitCode, 3);
    QVERIFY(mixed.errors.contains("orders.jsonl: line 1: expected {\"id\":"));
}

void DiffVerbTest::wrongWordsAreUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const QStringList& arguments, const char* message) {
        QTest::newRow(message) << arguments << QByteArray(message);
    };
    const QStringList moments = {"diff", "orders.lflog", "#1", "@end"};
    row(moments + QStringList{"--tolerance", "/total"}, "'/total' is no tolerance: expected PATH=NUMBER");
    row(moments + QStringList{"--match-by", "/items"}, "'/items' does not say what to match items by");
    row(moments + QStringList{"--ignore", "at"}, "'at' is not a JSON pointer");
    row({"diff", "orders.lflog", "yesterday", "@end"}, "'yesterday' is not a moment");
    row({"diff", "orders.lflog"}, "A is required");
    row(moments + QStringList{"--brief", "--patch"}, "excludes --patch");
    row({"ls", "orders.lflog", "--where", "/total >"}, "at column 9 should stand a value");
    row({"ls", "orders.lflog", "--where", "/total = 1", "--hash"}, "excludes --hash");
}

void DiffVerbTest::wrongWordsAreUsage() const
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, message);
    const Ended ended = m_program.run(arguments);
    QCOMPARE(ended.exitCode, 2);
    QVERIFY2((ended.out + ended.errors).contains(message), ended.out + ended.errors);
}

void DiffVerbTest::coloursAreForTerminals() const
{
    const QString diff = "diff orders.lflog #1 @end --fold latest";
    QVERIFY(!run(diff).out.contains('\x1b'));
    const QByteArray coloured = run(diff + " --color always").out;
    QVERIFY(coloured.contains("\x1b[33m~ a\x1b[0m"));
    QVERIFY(coloured.contains("\x1b[32m+ d  {"));
    QVERIFY(coloured.contains("\x1b[31m    - /tags/0"));
}

void DiffVerbTest::whereFilters_data()
{
    QTest::addColumn<QString>("condition");
    QTest::addColumn<QString>("ids");
    const auto row = [](const char* condition, const char* ids) { QTest::newRow(condition) << condition << ids; };
    row("/total > 20", "b c d");
    row("/total = 20.50", "b");
    row("/status = paid and /total > 30", "d");
    row("/status = paid or /total = 30", "b c d");
    row("not /status exists", "a c");
    row("/status != paid", "");
    row("/tags contains x", "a");
    row("/tags/* = y", "a");
    row("/total < 0", "");
}

void DiffVerbTest::whereFilters() const
{
    QFETCH(QString, condition);
    QFETCH(QString, ids);
    const QStringList ls = {"ls", "orders.lflog", "--fold", "latest", "--where", condition};
    const Ended listed = m_program.run(ls + QStringList{"--json"});
    QVERIFY2(listed.exitCode == 0, listed.errors);
    QStringList found;
    for (const QByteArray& line : listed.lines()) found.append(QJsonDocument::fromJson(line)["id"].toString());
    QCOMPARE(found.join(' '), ids);
    QCOMPARE(m_program.run(ls + QStringList{"--count"}).out, QByteArray::number(found.size()) + "\n");
    QCOMPARE(m_program.run(ls + QStringList{"--json", "--limit", "1"}).lines().size(),
             std::min<qsizetype>(found.size(), 1));
}

void DiffVerbTest::searchFindsPayloadsAndStates() const
{
    const Ended paid = run("search orders.lflog paid --fold latest");
    QCOMPARE(paid.errors, QByteArray());
    QCOMPARE(paid.exitCode, 1);
    QCOMPARE(paid.out, QByteArray(R"(first in a payload: #3  2026-01-02T00:00:00Z  orders[0]@3  Paid  /status
b  /status
    first held it after #3  2026-01-02T00:00:00Z  orders[0]@3  Paid
d  /status
    first held it after #5  2026-01-02T02:00:00Z  orders[0]@5  Made
2 aggregates hold it at @end
)"));
    // A sum that is in no payload, and a number however it is spelt.
    const Ended sum = run("search orders.lflog 41 --json");
    QCOMPARE(sum.exitCode, 1);
    QCOMPARE(sum.lines().size(), 3);
    QVERIFY(QJsonDocument::fromJson(sum.lines()[0])["firstInPayload"].isNull());
    const QJsonDocument found = QJsonDocument::fromJson(sum.lines()[1]);
    QCOMPARE(found["id"].toString(), QString("b"));
    QCOMPARE(found["paths"][0].toString(), QString("/numbers/~1total/sum"));
    QCOMPARE(found["firstHeldAfter"]["index"].toInt(), 3);
    QCOMPARE(QJsonDocument::fromJson(sum.lines()[2])["summary"]["aggregates"].toInt(), 1);
    // Before the moment it came.
    const Ended before = run("search orders.lflog paid --fold latest --at #2");
    QCOMPARE(before.exitCode, 0);
    QCOMPARE(before.out, QByteArray("in no payload\n0 aggregates hold it at #2\n"));
    // Only so many are told, all are counted.
    const Ended limited = run("search orders.lflog paid --fold latest --limit 1");
    QVERIFY(!limited.out.contains("\nd  "));
    QVERIFY(limited.out.contains("2 aggregates hold it"));
}

void DiffVerbTest::searchFindsNothing() const
{
    const Ended nothing = run("search orders.lflog pai");
    QCOMPARE(nothing.exitCode, 0);
    QCOMPARE(nothing.out, QByteArray("in no payload\n0 aggregates hold it at @end\n"));
}

QTEST_GUILESS_MAIN(DiffVerbTest)
#include "diff_verb_test.moc"
