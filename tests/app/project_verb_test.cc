// SPDX-License-Identifier: GPL-3.0-or-later
// Projections in JavaScript as a person runs them: project, and the other verbs with a script for a fold.
#include "tests/app/program.h"

#include <QTest>

namespace {

constexpr auto kSample = LEFTFOLD_SOURCE_DIR "/resources/samples/shop.jsonl";

constexpr auto kOrders =
    R"({"id":"o-1","type":"Placed","at":"2026-01-01T10:00:00Z","total":10,"ref":12345678901234567890}
{"id":"o-2","type":"Placed","at":"2026-01-01T10:00:01Z","total":5}
{"id":"o-1","type":"Paid","at":"2026-01-01T10:00:02Z","amount":10}
{"id":"o-3","type":"Noted","at":"2026-01-01T10:00:03Z"}
{"id":"o-2","type":"Paid","at":"2026-01-01T10:00:04Z","amount":4}
)";

constexpr auto kBalance = R"(fromAll().foreachStream().when({
  $init: () => ({ due: 0 }),
  Placed(s, e) { s.due += e.body.total; s.ref = e.body.ref; },
  Paid(s, e) {
    s.due -= e.body.amount;
    log('due', s);
    if (s.due > 0) emit('reminders', 'Remind', { order: e.streamId, due: s.due }, { by: 'test' });
    else linkTo('settled', e);
  },
}).transformBy(s => ({ open: s.due > 0 })).outputState()
)";

QByteArray said(const Ended& ended)
{
    return QByteArray::number(ended.exitCode) + " " + ended.out + ended.errors;
}

QByteArray compact(const QJsonValue& value)
{
    return value.isArray() ? QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact)
                           : QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact);
}

} // namespace

class ProjectVerbTest : public QObject {
    Q_OBJECT

private slots:
    void everythingIsToldAsJson() const;
    void itIsToldForPeople() const;
    void aFailureIsToldWithItsPlace() const;
    void numbersCanBeTexts() const;
    void sharedStateIsTold() const;
    void whatIsWrongIsSaid() const;
    void hashesDependOnNothingElse_data();
    void hashesDependOnNothingElse() const;
    void otherVerbsTakeAScript() const;
    void anExportIsVerified_data();
    void anExportIsVerified() const;
    void functionsStopARun() const;
    void functionsAreBisectedBy() const;
    void versionsAreCompared() const;
    void numbersAreDrawn() const;

private:
    [[nodiscard]] Ended project(const QString& script, const QStringList& more = {}) const
    {
        return m_program.run(
            QStringList{"project", m_program.write("orders.jsonl", kOrders), m_program.write("p.js", script.toUtf8())}
            + more);
    }
    Program m_program;
};

void ProjectVerbTest::everythingIsToldAsJson() const
{
    const Ended ended = project(kBalance, {"--json"});
    QVERIFY2(ended.exitCode == 0, said(ended));
    const QJsonValue all = ended.json();
    QStringList members = all.toObject().keys();
    QCOMPARE(members, QStringList({"at", "definition", "emitted", "error", "events", "findings", "logs", "partitions",
                                   "skipped"}));
    QCOMPARE(all["events"].toInt(), 5);
    QVERIFY(all["definition"]["byStreams"].toBool() && all["definition"]["allStreams"].toBool());
    QCOMPARE(compact(all["definition"]["events"]), QByteArray(R"(["Placed","Paid"])"));
    QCOMPARE(all["partitions"].toArray().size(), 2);
    QCOMPARE(compact(all["partitions"][1]),
             QByteArray(R"({"partition":"o-2","result":{"open":true},"state":{"due":1}})"));
    QCOMPARE(compact(all["partitions"][0]["result"]), QByteArray(R"({"open":false})"));
    const QJsonArray emitted = all["emitted"].toArray();
    QCOMPARE(emitted.size(), 2);
    QCOMPARE(emitted[0].toObject()["kind"].toString(), QString("linkTo"));
    QCOMPARE(emitted[0].toObject()["data"].toString(), QString("1@orders-o-1"));
    QCOMPARE(emitted[1].toObject()["kind"].toString(), QString("emit"));
    QCOMPARE(emitted[1].toObject()["stream"].toString(), QString("reminders"));
    QCOMPARE(emitted[1].toObject()["event"].toObject()["position"].toString(), QString("orders[0]@4"));
    QCOMPARE(all["logs"].toArray().size(), 2);
    QCOMPARE(all["logs"][0]["text"].toString().left(4), QString("due "));
    QCOMPARE(all["skipped"].toArray().size(), 1);
    QCOMPARE(all["skipped"][0]["reason"].toString(), QString("unhandled"));
    QCOMPARE(all["findings"].toArray().size(), 1);
    QCOMPARE(all["findings"][0]["code"].toString(), QString("script-number"));
    QCOMPARE(all["findings"][0]["event"]["index"].toInt(), 0);
    QVERIFY(all["error"].isNull());
}

void ProjectVerbTest::itIsToldForPeople() const
{
    const Ended ended = project(kBalance);
    QVERIFY2(ended.exitCode == 0, said(ended));
    QVERIFY2(ended.out.contains("o-2  {\"due\":1}"), said(ended));
    QVERIFY2(ended.out.contains("5 events, 2 partitions; skipped 1 unhandled"), said(ended));
    const Ended early = project(kBalance, {"--at", "#1"});
    QVERIFY2(early.out.contains("o-2  {\"due\":5}"), said(early));
}

void ProjectVerbTest::aFailureIsToldWithItsPlace() const
{
    const Ended ended =
        project("fromAll().when({\n  Paid(s, e) {\n    throw new Error('no ' + e.body.amount);\n  },\n})", {"--json"});
    QVERIFY2(ended.exitCode == 3, said(ended));
    const QJsonValue error = ended.json()["error"];
    QCOMPARE(error["code"].toString(), QString("script-failed"));
    QCOMPARE(error["description"].toString(), QString("no 10"));
    QCOMPARE(error["position"].toString(), QString("orders[0]@2"));
    QCOMPARE(error["event"].toInt(), 2);
    QCOMPARE(error["handler"].toString(), QString("Paid"));
    QCOMPARE(error["file"].toString(), QString("p.js"));
    QCOMPARE(error["line"].toInt(), 3);
    QVERIFY(error["column"].toInt() > 0);
    QVERIFY2(ended.errors.contains("orders[0]@2"), said(ended));
}

void ProjectVerbTest::numbersCanBeTexts() const
{
    const QString script = "({ apply: (s, e) => e.body.ref === undefined ? s : { ref: e.body.ref } })";
    const Ended asNumber = project(script, {"--json"});
    QVERIFY2(asNumber.out.contains("\"ref\":12345678901234567000"), said(asNumber));
    const Ended asText = project(script, {"--json", "--numbers-as-text"});
    QVERIFY2(asText.out.contains("\"ref\":\"12345678901234567890\""), said(asText));
    const QString log = m_program.pathOf("orders.jsonl");
    const Ended shown = m_program.run({"show", log, "o-1", "--fold", "p.js", "--numbers-as-text"});
    QVERIFY2(shown.out.contains("12345678901234567890"), said(shown));
}

void ProjectVerbTest::sharedStateIsTold() const
{
    const Ended ended =
        project("fromAll().foreachStream().when({ $init: () => ({ n: 0 }), $initShared: () => ({ all: 0 "
                "}), $any(s, e) { s[0].n++; s[1].all++; } })",
                {"--json"});
    QVERIFY2(ended.exitCode == 0, said(ended));
    QCOMPARE(compact(ended.json()["shared"]), QByteArray(R"({"all":5})"));
    QCOMPARE(ended.json()["partitions"].toArray().size(), 3);
}

void ProjectVerbTest::whatIsWrongIsSaid() const
{
    const Ended none = m_program.run({"project", kSample, "none.js"});
    QVERIFY2(none.exitCode != 0 && none.errors.contains("none.js: there is no such file"), said(none));
    const Ended broken = project("fromAll(.when()");
    QVERIFY2(broken.exitCode != 0 && broken.errors.contains("p.js:1:"), said(broken));
    const Ended nothing = project("1 + 1");
    QVERIFY2(nothing.exitCode != 0 && nothing.errors.contains("p.js defines no projection"), said(nothing));
    const Ended endless = project("fromAll().when({ $any() { for (;;) {} } })");
    QVERIFY2(endless.exitCode == 3 && endless.errors.contains("it took longer than 250 ms"), said(endless));
}

void ProjectVerbTest::hashesDependOnNothingElse_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::newRow("by aggregate") << QByteArray(
        "({ init: () => ({ n: 0, last: null, local: [] }), apply: (s, e) => { s.n++; s.last = e.body; const d = new "
        "Date(e.created); s.local = [d.getHours(), d.toString(), d.toLocaleString(), d.getTimezoneOffset(), "
        "Date.now(), Math.random(), (1234.5).toLocaleString(), [..'ZaäÄ'].sort((a, b) => "
        "a.localeCompare(b)).join('')]; } })");
    QTest::newRow("by what it says") << QByteArray(
        "fromAll().partitionBy(e => e.body.type).when({ $init: () => ({ n: 0, hours: {} }), $any(s, e) { s.n++; const "
        "h "
        "= new Date(e.created).getHours(); s.hours['h' + h] = (s.hours['h' + h] || 0) + 1; } })");
    QTest::newRow("all in one") << QByteArray("fromAll().when({ $init: () => ({ n: 0 }), $any(s, e) { s.n++; s.day = "
                                              "new Date(e.created).toDateString(); } })");
}

/// Each with a cache of its own, so that every index and every state is made anew.
void ProjectVerbTest::hashesDependOnNothingElse() const
{
    QFETCH(QByteArray, script);
    script.replace("..'Za", "...'Za");
    QSet<QString> hashes;
    for (const char* zone : {"UTC", "Asia/Shanghai", "America/St_Johns"}) {
        for (const char* workers : {"1", "2", "8"}) {
            Program program;
            program.setVariable("TZ", zone);
            program.setVariable("LC_ALL", zone[1] == 's' ? "tr_TR.UTF-8" : "C");
            const QString file = program.write("p.js", script);
            const Ended ended = program.run({"ls", kSample, "--hash", "--fold", file, "--workers", workers, "--json"});
            QVERIFY2(ended.exitCode == 0, said(ended));
            QVERIFY(ended.json()["aggregates"].toInt() > 0);
            hashes.insert(ended.json()["hash"].toString());
        }
    }
    QCOMPARE(hashes.size(), 1);
    QCOMPARE(hashes.begin()->size(), 64);
}

void ProjectVerbTest::otherVerbsTakeAScript() const
{
    const QString file = m_program.write("p.js", "({ init: () => ({ n: 0 }), apply: s => { s.n++; } })");
    const Ended states = m_program.run({"ls", kSample, "--fold", file, "--where", "/n > 5", "--json"});
    const Ended tallied = m_program.run({"ls", kSample, "--where", "/count > 5", "--json"});
    QVERIFY2(states.exitCode == 0 && states.lines().size() > 1, said(states));
    QCOMPARE(states.lines().size(), tallied.lines().size());
    const Ended diff = m_program.run({"diff", kSample, "2026-01-10", "2026-01-11", "--fold", file, "--json"});
    QVERIFY2(diff.exitCode == 1, said(diff));
    const Ended exported = m_program.run({"export", kSample, "-o", m_program.pathOf("x.jsonl"), "--fold", file});
    QVERIFY2(exported.exitCode == 0, said(exported));
    const Ended blamed = m_program.run({"blame", kSample, "payment-1093", "--fold", file});
    QVERIFY2(blamed.exitCode == 0 && blamed.out.contains("/n"), said(blamed));
}

void ProjectVerbTest::anExportIsVerified_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::newRow("by aggregate") << QByteArray("({ init: () => ({ n: 0 }), apply: s => { s.n++; } })");
    QTest::newRow("by what it says") << QByteArray(
        "({ by: e => e.body.type, init: () => ({ n: 0 }), apply: s => { s.n++; } })");
    QTest::newRow("all in one") << QByteArray("fromAll().when({ $init: () => ({ n: 0 }), $any(s) { s.n++; } })");
}

/// By the script it was made with, and by no other.
void ProjectVerbTest::anExportIsVerified() const
{
    QFETCH(QByteArray, script);
    const QString file = m_program.write("v.js", script);
    const QString made = m_program.pathOf("v.jsonl");
    const Ended exported = m_program.run({"export", kSample, "-o", made, "--fold", file, "--force"});
    QVERIFY2(exported.exitCode == 0, said(exported));
    const Ended good = m_program.run({"verify", made, "--fold", file, "--json"});
    QVERIFY2(good.exitCode == 0, said(good));
    QVERIFY2(good.out.contains(R"("states")"), said(good));
    const Ended unnamed = m_program.run({"verify", made});
    QVERIFY2(unnamed.exitCode == 2
                 && unnamed.errors.contains("was made by a projection in JavaScript: name it, --fold FILE.js"),
             said(unnamed));
    const QString changed = m_program.write("v2.js", QByteArray(script).replace("s.n++", "s.n += 2"));
    const Ended other = m_program.run({"verify", made, "--fold", changed});
    QVERIFY2(other.exitCode == 1 && other.out.contains("was made with another projection"), said(other));
}

void ProjectVerbTest::functionsStopARun() const
{
    const QStringList run{"run", kSample, "--json", "--break"};
    const Ended plain = m_program.run(run + QStringList{"becomes /types/PaymentCaptured = 2"});
    const Ended ended = m_program.run(
        run
        + QStringList{
            "js: (before, event, after) => after.types.PaymentCaptured === 2 && before.types.PaymentCaptured === 1"});
    QVERIFY2(ended.exitCode == 1, said(ended));
    QCOMPARE(QJsonDocument::fromJson(ended.lines().first())["event"],
             QJsonDocument::fromJson(plain.lines().first())["event"]);
    const Ended told = m_program.run(
        run + QStringList{"log of payment-1093 js: (before, event, after) => [event.eventType, after.count]"});
    QVERIFY2(told.exitCode == 0 && told.lines().size() > 2, said(told));
    const QJsonArray value = QJsonDocument::fromJson(told.lines().first())["value"].toArray();
    QCOMPARE(value.size(), 2);
    QCOMPARE(value[1].toInt(), 1);
    const Ended wrong = m_program.run(run + QStringList{"js: (b, e, a) => nowhere"});
    QVERIFY2(wrong.exitCode == 3 && wrong.errors.contains("nowhere is not defined (the function:1:"), said(wrong));
    const Ended refused = m_program.run(run + QStringList{"js: 17"});
    QVERIFY2(refused.exitCode == 2, said(refused));
    const QString failing =
        m_program.write("f.js", "({ apply: (s, e) => { if (e.eventType === 'RefundPaid') throw 'no'; return 1; } })");
    const Ended failed = m_program.run({"run", kSample, "--fold", failing, "--break", "fails", "--json"});
    QVERIFY2(failed.exitCode == 1, said(failed));
    const QJsonDocument first = QJsonDocument::fromJson(failed.lines().first());
    QCOMPARE(first["event"]["type"].toString(), QString("RefundPaid"));
    QVERIFY(first["failure"].toString().contains("no"));
}

void ProjectVerbTest::functionsAreBisectedBy() const
{
    const QStringList bisect{"bisect", kSample, "payment-1093", "--json", "--where"};
    const Ended plain = m_program.run(bisect + QStringList{"/types/PaymentCaptured >= 2"});
    const Ended ended = m_program.run(bisect + QStringList{"js: (state, event) => state.types.PaymentCaptured >= 2"});
    QVERIFY2(ended.exitCode == 1, said(ended));
    QCOMPARE(ended.out, plain.out);
}

void ProjectVerbTest::versionsAreCompared() const
{
    const QString log = m_program.write("orders.jsonl", kOrders);
    const QString before = m_program.write("before.js", kBalance);
    const QString after =
        m_program.write("after.js", QByteArray(kBalance).replace("s.due -= e.body.amount",
                                                                 "s.due -= Math.floor(e.body.amount / 5) * 5"));
    const Ended same = m_program.run({"compare", log, before, before});
    QVERIFY2(same.exitCode == 0 && same.lines().last() == "0 of 3 aggregates part", said(same));
    const Ended ended = m_program.run({"compare", log, before, after, "--json"});
    QVERIFY2(ended.exitCode == 1, said(ended));
    const QJsonDocument first = QJsonDocument::fromJson(ended.lines()[0]);
    QCOMPARE(first["first"]["position"].toString(), QString("orders[0]@4"));
    QCOMPARE(first["aggregate"].toString(), QString("o-2"));
    QCOMPARE(first["a"]["state"]["due"].toInt(), 1);
    QCOMPARE(first["b"]["state"]["due"].toInt(), 5);
    QCOMPARE(QJsonDocument::fromJson(ended.lines()[1])["parts"].toString(), QString("o-2"));
    QCOMPARE(ended.lines().last(), QByteArray(R"({"parted":1,"compared":3})"));
    const Ended people = m_program.run({"compare", log, before, after});
    QVERIFY2(people.out.contains("/due") && people.lines().last() == "1 of 3 aggregates part", said(people));
    const Ended one = m_program.run({"compare", log, before, after, "--aggregate", "o-1"});
    QVERIFY2(one.exitCode == 0, said(one));
    const Ended nobody = m_program.run({"compare", log, before, after, "--aggregate", "o-9"});
    QVERIFY2(nobody.exitCode != 0 && nobody.errors.contains("o-9"), said(nobody));
    const Ended folds = m_program.run({"compare", log, "tally", "latest"});
    QVERIFY2(folds.exitCode == 1, said(folds));
}

void ProjectVerbTest::numbersAreDrawn() const
{
    const QString log = m_program.write("orders.jsonl", kOrders);
    const Ended points = m_program.run({"plot", log, "s => s.count * 0.5", "--of", "o-2", "--json"});
    QVERIFY2(points.exitCode == 0, said(points));
    QCOMPARE(points.lines(),
             (QByteArrayList{R"({"index":1,"position":"orders[0]@1","time":"2026-01-01T10:00:01Z","value":0.5})",
                             R"({"index":4,"position":"orders[0]@4","time":"2026-01-01T10:00:04Z","value":1})"}));
    const Ended buckets = m_program.run({"plot", log, "(state, event) => event.body.total", "--every", "1h", "--json"});
    QVERIFY2(buckets.exitCode == 0, said(buckets));
    QCOMPARE(buckets.out, QByteArray(R"({"from":"2026-01-01T10:00:00Z","points":2,"sum":15,"min":5,"max":10})"
                                     "\n"));
    const Ended neither = m_program.run({"plot", log, "s => 1"});
    QVERIFY2(neither.exitCode == 2 && neither.errors.contains("--of ID or --every TIME"), said(neither));
    const Ended wrong = m_program.run({"plot", log, "17", "--of", "o-1"});
    QVERIFY2(wrong.exitCode == 2 && wrong.errors.contains("(state, event) => ..."), said(wrong));
}

QTEST_GUILESS_MAIN(ProjectVerbTest)
#include "project_verb_test.moc"
