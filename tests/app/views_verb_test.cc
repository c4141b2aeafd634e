// SPDX-License-Identifier: GPL-3.0-or-later
// `leftfold views --samples`: recorded samples are judged as of any time, without a cluster.
#include "tests/app/program.h"

#include <QMap>
#include <QTest>

namespace {

/// A view for each rule of semantics.md section 3; four looks, ten seconds apart: time, committedAt, committed, end.
const QByteArray kRecorded = [] {
    const QList<std::pair<QByteArray, QByteArray>> views = {
        {"ok", "10 10 9 50, 20 20 5 60, 30 30 5 70, 40 40 80 80"},
        {"stop", "10 10 1 50, 20 11 2 60, 30 12 3 70, 40 13 4 80"},
        {"rewind", "10 10 9 50, 20 20 5 60, 30 30 6 70, 40 40 7 80"},
        {"stall", "10 10 5 50, 20 20 5 60, 30 30 5 60, 40 40 5 80"},
        {"warn", "10 10 10 50, 20 20 20 60, 30 30 30 71, 40 40 40 90"},
        {"polled", "10 - 5 50, 20 - 5 60, 30 - 5 70, 40 - 5 80"},
        {"never", "10 - - 50, 20 - - 60, 30 - - 70, 40 - - 80"},
    };
    const auto at = [](const QByteArray& second) {
        return second == "-" ? QByteArray("null") : "\"2026-01-31T12:00:" + second + "Z\"";
    };
    QByteArray lines;
    for (const auto& [group, looks] : views) {
        for (const QByteArray& look : looks.split(',')) {
            const QByteArrayList parts = look.trimmed().split(' ');
            lines += R"({"group":")" + group + R"(","topic":"orders","partition":0,"time":)" + at(parts[0])
                     + R"(,"committedAt":)" + at(parts[1]) + R"(,"committed":)"
                     + (parts[2] == "-" ? QByteArray("null") : parts[2]) + R"(,"start":0,"end":)" + parts[3] + "}\n";
        }
    }
    return lines;
}();

/// What `views --json` says of each view: "status have/want lag".
QMap<QString, QString> judged(const Ended& ended)
{
    QMap<QString, QString> out;
    for (const QByteArray& line : ended.lines()) {
        const QJsonObject json = QJsonDocument::fromJson(line).object();
        const QJsonValue lag = json["lag"];
        out[json["group"].toString()] = QString("%1 %2/%3 %4")
                                            .arg(json["status"].toString())
                                            .arg(json["have"].toInt())
                                            .arg(json["want"].toInt())
                                            .arg(lag.isNull() ? QString("none") : QString::number(lag.toInt()));
    }
    return out;
}

} // namespace

class ViewsVerbTest : public QObject {
    Q_OBJECT

private slots:
    void everyRuleFiresOnRecordedSamples();
    void anEarlierTimeSeesOnlyWhatWasBefore();
    void oneGroupIsAskedForByName();
    void theTextSaysRuleAndSamples();
    void theExitCodeSaysWhetherAllAreWell();
    void whatCannotBeReadIsNamed();
};

void ViewsVerbTest::everyRuleFiresOnRecordedSamples()
{
    const Program program;
    const QString file = program.write("lag.jsonl", kRecorded);
    const QMap<QString, QString> expected = {{"ok", "ok 4/4 0"},           {"stop", "stop 4/4 76"},
                                             {"rewind", "rewind 4/4 73"},  {"stall", "stall 4/4 75"},
                                             {"warn", "warn 4/4 50"},      {"polled", "no progress 4/4 75"},
                                             {"never", "unknown 0/4 none"}};
    const Ended last = program.run({"views", "--samples", file, "--window", "4", "--json"});
    QCOMPARE(judged(last), expected);
    // Later nothing was seen, and time has gone by: what did not commit since stopped.
    const Ended later =
        program.run({"views", "--samples", file, "--window", "4", "--at", "2026-01-31T12:05:00Z", "--json"});
    QCOMPARE(judged(later)["warn"], QString("stop 4/4 50"));
    QCOMPARE(judged(later)["ok"], QString("ok 4/4 0"));
}

void ViewsVerbTest::anEarlierTimeSeesOnlyWhatWasBefore()
{
    const Program program;
    const QString file = program.write("lag.jsonl", kRecorded);
    const auto at = [&](const QString& time, const QString& window) {
        return judged(program.run({"views", "--samples", file, "--window", window, "--at", time, "--json"}));
    };
    const auto early = at("2026-01-31T12:00:25Z", "4");
    QCOMPARE(early["rewind"], QString("unknown 2/4 55"));
    QCOMPARE(early["ok"], QString("unknown 2/4 55"));
    QCOMPARE(at("2026-01-31T12:00:25Z", "2")["rewind"], QString("rewind 2/2 55"));
    QCOMPARE(at("2026-01-31T12:00:39Z", "3")["ok"], QString("rewind 3/3 65"));
    // Before the first look nothing is known.
    QCOMPARE(at("2026-01-31T12:00:05Z", "4")["warn"].section(' ', 0, 1), QString("unknown 0/4"));
}

void ViewsVerbTest::oneGroupIsAskedForByName()
{
    const Program program;
    const QString file = program.write("lag.jsonl", kRecorded);
    // The first positional is the cluster: with samples there is none.
    const Ended two = program.run({"views", "", "stall", "warn", "--samples", file, "--window", "4", "--json"});
    QCOMPARE(judged(two).keys(), QStringList({"stall", "warn"}));
}

void ViewsVerbTest::theTextSaysRuleAndSamples()
{
    const Program program;
    const QString file = program.write("lag.jsonl", kRecorded);
    const Ended text = program.run({"views", "--samples", file, "--window", "4"});
    QVERIFY2(text.out.contains("rewind  rewind, lag 73, catches up: "), text.out + text.errors);
    QVERIFY2(text.out.contains("orders[0]  committed 7, end 80, lag 73, 91% of retention, rewind: the committed "
                               "offset went back and has not been reached again"),
             text.out);
    QVERIFY2(text.out.contains("by 2 samples: 9 at 2026-01-31T12:00:10Z to 5 at 2026-01-31T12:00:20Z"), text.out);
}

void ViewsVerbTest::theExitCodeSaysWhetherAllAreWell()
{
    const Program program;
    QByteArray well;
    for (const QByteArray& line : kRecorded.split('\n')) {
        if (line.contains("\"ok\"")) well += line + '\n';
    }
    QCOMPARE(program.run({"views", "--samples", program.write("all.jsonl", kRecorded), "--window", "4"}).exitCode, 1);
    QCOMPARE(program.run({"views", "--samples", program.write("well.jsonl", well), "--window", "4"}).exitCode, 0);
    // A lag that is allowed is none.
    QCOMPARE(program.run({"views", "--samples", program.pathOf("all.jsonl"), "--window", "4", "--allowed-lag", "1000"})
                 .exitCode,
             0);
}

void ViewsVerbTest::whatCannotBeReadIsNamed()
{
    const Program program;
    const Ended missing = program.run({"views", "--samples", "no-such-file.jsonl"});
    QCOMPARE(missing.exitCode, 3);
    QVERIFY2(missing.errors.contains("no-such-file.jsonl"), missing.errors);
    const Ended bad = program.run({"views", "--samples", program.write("bad.jsonl", kRecorded + "{\"group\":1}\n")});
    QCOMPARE(bad.exitCode, 3);
    QVERIFY2(bad.errors.contains("bad.jsonl") && bad.errors.contains("line 29"), bad.errors);
    QCOMPARE(program.run({"views", "--samples", program.pathOf("bad.jsonl"), "--at", "soon"}).exitCode, 2);
    QCOMPARE(program.run({"views"}).exitCode, 2);
}

QTEST_GUILESS_MAIN(ViewsVerbTest)
#include "views_verb_test.moc"
