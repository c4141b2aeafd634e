// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/program.h"

#include <QTest>

namespace {

/// A log of row changes with keys, as lines that the program reads with position, key and headers.
QByteArray changes()
{
    const auto line = [](int offset, const QString& key, const QString& header, const QString& value) {
        QJsonObject envelope{{"leftfold", 1},
                             {"position", QString("srv.shop[0]@%1").arg(offset)},
                             {"timestamp", QString("2026-01-01T00:00:0%1Z").arg(offset)},
                             {"timestampType", "create"}};
        if (!key.isEmpty()) envelope["key"] = key;
        if (!header.isEmpty())
            envelope["headers"] = QJsonArray{QJsonArray{header.section('=', 0, 0), header.section('=', 1)}};
        if (!value.isEmpty()) envelope["value"] = QJsonDocument::fromJson(value.toUtf8()).object();
        // The first member tells what the line is; Qt writes them by name.
        const QByteArray written = QJsonDocument(envelope).toJson(QJsonDocument::Compact);
        return "{\"leftfold\":1," + QByteArray(written).replace("\"leftfold\":1,", "").mid(1) + "\n";
    };
    QByteArray log;
    log += line(0, R"({"id":1})", "",
                R"({"op":"c","before":null,"after":{"id":1,"n":1},"source":{"table":"t"},"transaction":{"id":"5"}})");
    log += line(1, R"({"id":2})", "",
                R"({"op":"c","before":null,"after":{"id":2,"n":2},"source":{"table":"t"},"transaction":{"id":"5"}})");
    log += line(
        2, R"({"id":1})", "",
        R"({"op":"u","before":{"id":1,"n":7},"after":{"id":1,"n":3},"source":{"table":"t"},"transaction":{"id":"6"}})");
    log += line(3, R"({"id":2})", R"(__debezium.newkey={"id":3})",
                R"({"op":"d","before":null,"after":null,"source":{"table":"t"},"transaction":{"id":"7"}})");
    log += line(4, R"({"id":2})", "", "");
    log += line(5, R"({"id":3})", R"(__debezium.oldkey={"id":2})",
                R"({"op":"c","before":null,"after":{"id":3,"n":2},"source":{"table":"t"},"transaction":{"id":"7"}})");
    log += line(6, "", "", R"({"op":"t","source":{"table":"t"},"transaction":{"id":"8"}})");
    return log;
}

const QStringList kRows = {"--id-field", "debezium", "--type-field", "/op", "--time-field", "timestamp"};

} // namespace

/// The verbs on logs of row changes and of patches.
class RowsVerbsTest : public QObject {
    Q_OBJECT

private slots:
    void rowsAreListedByTableAndKey();
    void showSaysWhatIsAmissAndWhereARowWent();
    void problemsListsWhatTheFoldFinds();
    void problemsOfAPatchThatCannotBeApplied();
    void stepGoesOverAWholeTransaction();
    void stepNeedsTransactions();
    void diffOfAWholeTransaction();
    void onlySomeTypesChangeStates();
    void mergeFoldsOnTheCommandLine();
};

void RowsVerbsTest::rowsAreListedByTableAndKey()
{
    const Program program;
    const QString log = program.write("changes.jsonl", changes());
    const Ended rows = program.run(QStringList{"ls", log, "--at", "#5", "--json"} + kRows);
    QCOMPARE(rows.exitCode, 0);
    QCOMPARE(rows.out, QByteArray(R"({"id":"t/1","state":{"id":1,"n":3}})"
                                  "\n"
                                  R"({"id":"t/3","state":{"id":3,"n":2}})"
                                  "\n"));
    QCOMPARE(program.run({"ls", log, "--count"}).out, QByteArray("0\n"));
    const Ended hash = program.run({"ls", log, "--hash", "--json", "--at", "#5"});
    QCOMPARE(hash.json()["projection"].toString(), "debezium|debezium/1");
    QCOMPARE(program.run({"ls", log, "--hash", "--json", "--at", "#5", "--workers", "3"}).json()["hash"],
             hash.json()["hash"]);
}

void RowsVerbsTest::showSaysWhatIsAmissAndWhereARowWent()
{
    const Program program;
    const QString log = program.write("changes.jsonl", changes());
    const Ended one = program.run(QStringList{"show", log, "t/1", "--at", "#2"} + kRows);
    QCOMPARE(one.exitCode, 0);
    QVERIFY(one.out.contains("#2  the row before this change is told to have n = 7, but the changes so far give 1"));
    const QJsonValue two = program.run({"show", log, "t/2", "--json"}).json();
    QCOMPARE(two["exists"], false);
    QCOMPARE(two["findings"][0]["code"].toString(), "row-moved-to");
    QCOMPARE(two["findings"][0]["args"][0].toString(), "t/3");
    QCOMPARE(two["findings"][0]["position"].toString(), "srv.shop[0]@3");
    QCOMPARE(program.run({"show", log, "t/3", "--json"}).json()["findings"][0]["args"][0].toString(), "t/2");
    QVERIFY(program.run({"show", log, "t/3", "--json", "--fold", "latest"}).json()["findings"].isUndefined());
}

void RowsVerbsTest::problemsListsWhatTheFoldFinds()
{
    const Program program;
    const QString log = program.write("changes.jsonl", changes());
    const Ended found = program.run(QStringList{"problems", log, "--json"} + kRows);
    QCOMPARE(found.exitCode, 1);
    QCOMPARE(found.lines().size(), 1);
    QCOMPARE(found.json()["code"].toString(), "row-diverges");
    QCOMPARE(found.json()["id"].toString(), "t/1");
    QCOMPARE(found.json()["position"].toString(), "srv.shop[0]@2");
    QVERIFY(program.run({"problems", log}).out.startsWith("srv.shop[0]@2  t/1: the row before"));
    QCOMPARE(program.run({"problems", log, "--limit", "0"}).out, QByteArray());
    QCOMPARE(program.run({"problems", log, "--fold", "latest"}).exitCode, 0);
}

void RowsVerbsTest::problemsOfAPatchThatCannotBeApplied()
{
    const Program program;
    const QString log = program.write("patches.jsonl", R"([{"op":"add","path":"","value":{"n":1}}]
[{"op":"remove","path":"/m"}]
)");
    const QStringList by{"--by", "/0/op"};
    QCOMPARE(program.run(QStringList{"problems", log, "--fold", "patch"} + by).exitCode, 1);
    const Ended found = program.run(QStringList{"problems", log, "--fold", "patch", "--json"} + by);
    bool told = false;
    for (const QByteArray& line : found.lines()) told = told || line.contains(R"("code":"patch-failed")");
    QVERIFY(told);
}

void RowsVerbsTest::stepGoesOverAWholeTransaction()
{
    const Program program;
    const QString log = program.write("changes.jsonl", changes());
    const auto behind = [&](const QStringList& more) {
        return program.run(QStringList{"step", log, "--transaction", "--json"} + more).json()["eventsBehind"].toInt();
    };
    QCOMPARE(program.run(QStringList{"info", log} + kRows).exitCode, 0);
    QCOMPARE(behind({"--at", "@start"}), 2);
    QCOMPARE(behind({"--at", "@start", "-n", "2"}), 3);
    QCOMPARE(behind({"--at", "#2"}), 6);
    QCOMPARE(behind({"--at", "#5", "--back"}), 3);
    QCOMPARE(behind({"--at", "#5", "--transaction-field", "/op"}), 7);
}

void RowsVerbsTest::stepNeedsTransactions()
{
    const Program program;
    const QString log = program.write("plain.jsonl", "{\"id\":1}\n");
    const Ended step = program.run({"step", log, "--at", "@start", "--transaction"});
    QCOMPARE(step.exitCode, 2);
    QVERIFY(step.errors.contains("nothing in this log names a database transaction"));
}

void RowsVerbsTest::diffOfAWholeTransaction()
{
    const Program program;
    const QString log = program.write("changes.jsonl", changes());
    QCOMPARE(program.run(QStringList{"info", log} + kRows).exitCode, 0);
    const auto diff = [&](const QStringList& more) {
        return program.run(QStringList{"diff", log, "--fold", "debezium", "--brief"} + more);
    };
    const Ended seventh = diff({"--transaction", "7"});
    QCOMPARE(seventh.errors, QByteArray());
    QCOMPARE(seventh.exitCode, 1);
    QCOMPARE(seventh.out, QByteArray("--- before transaction 7\n+++ after transaction 7\n- t/2\n+ t/3\n"
                                     "2 aggregates differ: 1 created, 0 changed, 1 deleted; 2 touched by the 3 events "
                                     "between\n"));
    QCOMPARE(diff({"--transaction", "5"}).lines().sliced(2, 2), (QByteArrayList{"+ t/1", "+ t/2"}));
    QCOMPARE(diff({"--transaction", "8"}).lines().sliced(2, 2), (QByteArrayList{"- t/1", "- t/3"}));
    const Ended unknown = diff({"--transaction", "9"});
    QCOMPARE(unknown.exitCode, 2);
    QVERIFY(unknown.errors.contains("there is no transaction '9'"));
    QCOMPARE(diff({"#1", "@end", "--transaction", "7"}).exitCode, 2);
}

void RowsVerbsTest::onlySomeTypesChangeStates()
{
    const Program program;
    const QString log = program.write("events.jsonl", R"({"order":"o-1","type":"Placed","n":1}
{"order":"o-1","type":"Viewed","n":2}
{"order":"o-1","type":"Paid","n":3}
)");
    const auto state = [&](const QStringList& more) {
        return program.run(QStringList{"show", log, "o-1", "--by", "/order", "--type-field", "/type", "--json"} + more)
            .json();
    };
    QCOMPARE(state({"--fold", "merge", "--only-type", "Placed"})["state"]["n"], 1);
    QCOMPARE(state({"--fold", "merge", "--only-type", "Placed", "--only-type", "Viewed"})["state"]["n"], 2);
    QCOMPARE(state({"--only-type", "Paid"})["state"]["count"], 1);
    QCOMPARE(state({"--only-type", "Paid"})["events"], 3);
    const auto hash = [&](const QStringList& more) {
        return program.run(QStringList{"ls", log, "--by", "/order", "--hash", "--json"} + more)
            .json()["projection"]
            .toString();
    };
    QCOMPARE(hash({"--only-type", "Paid"}), R"(/order|tally/1 only ["Paid"])");
}

void RowsVerbsTest::mergeFoldsOnTheCommandLine()
{
    const Program program;
    const QString log = program.write("patches.jsonl", R"({"id":"a","name":"x","tags":{"red":1}}
{"id":"a","tags":{"red":null,"blue":2}}
)");
    const QJsonValue state =
        program.run({"show", log, "a", "--by", "/id", "--fold", "merge", "--json"}).json()["state"];
    QCOMPARE(QJsonDocument(state.toObject()).toJson(QJsonDocument::Compact),
             QByteArray(R"({"id":"a","name":"x","tags":{"blue":2}})"));
}

QTEST_GUILESS_MAIN(RowsVerbsTest)
#include "rows_verbs_test.moc"
