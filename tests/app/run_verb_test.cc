// SPDX-License-Identifier: GPL-3.0-or-later
// `run` and `bisect` on the sample log, whose faults are known by their effects.
#include "tests/app/program.h"

#include <QTest>

namespace {

constexpr auto kSample = LEFTFOLD_SOURCE_DIR "/resources/samples/shop.jsonl";

QByteArray said(const Ended& ended)
{
    return QByteArray::number(ended.exitCode) + " " + ended.out + ended.errors;
}

QStringList positionsIn(const Ended& ended)
{
    QStringList positions;
    for (const QByteArray& line : ended.lines()) {
        const QJsonObject event = QJsonDocument::fromJson(line)["event"].toObject();
        if (!event.isEmpty()) positions += event["position"].toString();
    }
    return positions;
}

} // namespace

class RunVerbTest : public QObject {
    Q_OBJECT

private slots:
    void aRunStops_data();
    void aRunStops() const;
    void itSaysWhatTheEventChanged() const;
    void whatLogsIsPrintedAndRunPast() const;
    void whatLogsDoesNotSayWhatIsMasked() const;
    void whatIsNotThereIsSaid() const;
    void wrongWordsAreRefused() const;
    void flipsAreTold() const;
    void aScriptHalvesTheLog_data();
    void aScriptHalvesTheLog() const;
    void aScriptThatStopsIsObeyed() const;

private:
    [[nodiscard]] Ended run(const QStringList& more) const { return m_program.run(QStringList{"run", kSample} + more); }
    Program m_program;
};

void RunVerbTest::aRunStops_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("position");
    QTest::addColumn<QString>("at");
    const QString twice = "becomes /types/PaymentCaptured = 2";
    QTest::newRow("back to the second capture") << QStringList{"--back", "--break", twice} << "shop[0]@632"
                                                << "shop[0]:632";
    QTest::newRow("forward to it") << QStringList{"--break", twice} << "shop[0]@632"
                                   << "shop[0]:633";
    QTest::newRow("of one payment") << QStringList{"--at", "@start", "--break",
                                                   "of payment-1093 hit 2 type PaymentCaptured"}
                                    << "shop[0]@632"
                                    << "shop[0]:633";
    QTest::newRow("states around the event") << QStringList{"--at", "@start", "--break",
                                                            "type PaymentCaptured when /before/types/PaymentCaptured = "
                                                            "1 and /event/aggregateId = payment-1093"}
                                             << "shop[0]@632"
                                             << "shop[0]:633";
    QTest::newRow("the payload") << QStringList{"--back", "--break",
                                                R"(where /eventId = "ev-30ce1819" or /causationId = "ev-97c90632")",
                                                "--break", "at #632"}
                                 << "shop[0]@632"
                                 << "shop[0]:632";
    QTest::newRow("the sooner of two") << QStringList{"--at", "@start", "--break", "at shop[0]@700", "--break", twice}
                                       << "shop[0]@632"
                                       << "shop[0]:633";
    QTest::newRow("the last of another fold")
        << QStringList{"--at", "shop[0]@1732", "--back", "--fold", "latest", "--break", "of payment-1271 changes /type"}
        << "shop[0]@1732"
        << "shop[0]:1732";
}

void RunVerbTest::aRunStops() const
{
    QFETCH(QStringList, options);
    QFETCH(QString, position);
    QFETCH(QString, at);
    const Ended ended = run(options + QStringList{"--json"});
    QVERIFY2(ended.exitCode == 1, said(ended));
    QCOMPARE(positionsIn(ended), QStringList{position});
    QCOMPARE(QJsonDocument::fromJson(ended.lines().last())["at"].toString(), at);
}

void RunVerbTest::itSaysWhatTheEventChanged() const
{
    const Ended ended = run({"--at", "shop[0]@700", "--back", "--break", "becomes /types/PaymentCaptured = 2"});
    QVERIFY2(ended.exitCode == 1, said(ended));
    QVERIFY2(ended.lines().first().contains("shop[0]@632") && ended.lines().first().contains("PaymentCaptured"),
             said(ended));
    QVERIFY2(ended.out.contains("payment-1093") && ended.out.contains("/types/PaymentCaptured"), said(ended));
    QVERIFY2(ended.lines().last() == "now at shop[0]:632, 632 events behind", said(ended));
}

void RunVerbTest::whatLogsIsPrintedAndRunPast() const
{
    const Ended told = run({"--at", "@start", "--break", "log type RefundPaid", "--json"});
    QVERIFY2(told.exitCode == 0, said(told));
    QCOMPARE(positionsIn(told).size(), 12);
    const Ended log = m_program.run({"log", kSample, "--type", "RefundPaid", "--json"});
    QStringList expected;
    for (const QByteArray& line : log.lines()) expected += QJsonDocument::fromJson(line)["position"].toString();
    QCOMPARE(positionsIn(told), expected);
    QCOMPARE(QJsonDocument::fromJson(told.lines().last())["looked"].toInt(), 3448);
}

void RunVerbTest::whatLogsDoesNotSayWhatIsMasked() const
{
    const QStringList customers{"--break",
                                "type OrderPlaced log js: (before, event, after) => event.body.data.customer"};
    QVERIFY(run(customers).out.contains("\"c-375\""));
    for (const QStringList& form : {QStringList(), QStringList("--json")}) {
        const Ended masked = run(customers + QStringList{"--mask", "/data/customer"} + form);
        QVERIFY2(!masked.out.contains("c-375") && masked.out.contains("***"), said(masked).constData());
        const Ended byText = run(customers + QStringList{"--mask", "text:c-[0-9]+"} + form);
        QVERIFY2(!byText.out.contains("c-375") && byText.out.contains("\"***\""), said(byText).constData());
    }
}

void RunVerbTest::whatIsNotThereIsSaid() const
{
    const Ended none = run({"--back", "--break", "type NoSuchType"});
    QVERIFY2(none.exitCode == 0, said(none));
    QCOMPARE(none.out, QByteArray("no such event before; 3448 events were passed\n"));
}

void RunVerbTest::wrongWordsAreRefused() const
{
    const Ended wrong = run({"--break", "typ A"});
    QCOMPARE(wrong.exitCode, 2);
    QVERIFY2(wrong.errors.contains("'typ A' is no breakpoint: 'typ' is none of type, of, at"), said(wrong));
    const Ended beyond = run({"--break", "at #9999999"});
    QVERIFY2(beyond.exitCode > 1, said(beyond));
    QCOMPARE(run({}).exitCode, 2);
}

void RunVerbTest::flipsAreTold() const
{
    const QStringList once{"bisect", kSample, "payment-1093", "--where", "/types/PaymentCaptured >= 2"};
    const Ended ended = m_program.run(once + QStringList{"--json"});
    QVERIFY2(ended.exitCode == 1, said(ended));
    QCOMPARE(positionsIn(ended), QStringList{"shop[0]@632"});
    QCOMPARE(ended.lines().last(), QByteArray(R"({"flips":1,"holdsAtEnd":true})"));
    const Ended several =
        m_program.run({"bisect", kSample, "payment-1271", "--where", "/type = PaymentFailed", "--fold", "latest"});
    QVERIFY2(several.exitCode == 1 && several.out.contains("it turns 2 times"), said(several));
    const Ended never = m_program.run({"bisect", kSample, "payment-1093", "--where", "/count > 99"});
    QVERIFY2(never.exitCode == 0 && never.out.contains("it never holds"), said(never));
    const Ended nobody = m_program.run({"bisect", kSample, "nobody", "--where", "/count > 99"});
    QVERIFY2(nobody.exitCode > 1 && nobody.errors.contains("'nobody'"), said(nobody));
}

void RunVerbTest::aScriptHalvesTheLog_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QStringList>("found");
    QTest::newRow("a text in the states")
        << R"(! grep -q '"PaymentCaptured":2' "$LEFTFOLD_STATES")" << QStringList{"shop[0]@632"};
    QTest::newRow("what cannot be tested is left open")
        << R"(case "$LEFTFOLD_AT" in '#631'|'#632') exit 125;; esac; ! grep -q '"PaymentCaptured":2' "$LEFTFOLD_STATES")"
        << QStringList{"shop[0]@631", "shop[0]@632", "shop[0]@633"};
}

void RunVerbTest::aScriptHalvesTheLog() const
{
    QFETCH(QString, command);
    QFETCH(QStringList, found);
    const Ended ended =
        m_program.run({"bisect", kSample, "--run", command, "--good", "#400", "--bad", "#900", "--json"});
    QVERIFY2(ended.exitCode == 1, said(ended));
    QCOMPARE(positionsIn(ended), found);
    QVERIFY(ended.lines().size() < 20);
}

void RunVerbTest::aScriptThatStopsIsObeyed() const
{
    const Ended ended = m_program.run({"bisect", kSample, "--run", "kill -9 $$"});
    QVERIFY2(ended.exitCode > 1 && ended.errors.contains("the command ended with 137"), said(ended));
    const Ended reversed = m_program.run({"bisect", kSample, "--run", "true", "--good", "#9", "--bad", "#3"});
    QVERIFY2(reversed.exitCode == 2 && reversed.errors.contains("#9 is not before #3"), said(reversed));
    QCOMPARE(m_program.run({"bisect", kSample}).exitCode, 2);
}

QTEST_GUILESS_MAIN(RunVerbTest)
#include "run_verb_test.moc"
