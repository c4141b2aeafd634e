// SPDX-License-Identifier: GPL-3.0-or-later
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

/// tests/run: in CI a skipped test is a failure, unless its reason is printed and listed.
class SkipRuleTest : public QObject {
    Q_OBJECT

private slots:
    void exitCodes_data();
    void exitCodes();
    void theOutputIsPassedOn();

private:
    /// Runs a made-up test program that prints `output` and ends with `code`.
    QProcess& run(const QString& output, int code, bool ci);

    QTemporaryDir m_folder;
    QProcess m_process;
};

QProcess& SkipRuleTest::run(const QString& output, int code, bool ci)
{
    QFile program(m_folder.filePath("made_up_test"));
    QFile list(m_folder.filePath("README.md"));
    if (!program.open(QIODevice::WriteOnly) || !list.open(QIODevice::WriteOnly)) qFatal("no folder to write to");
    program.write(QString("#!/bin/sh\ncat <<'E'\n%1\nE\nexit %2\n").arg(output).arg(code).toUtf8());
    program.setPermissions(program.permissions() | QFileDevice::ExeOwner);
    list.write("| test | reason |\n| --- | --- |\n| `made_up_test` | no broker here |\n| `other_test` | too slow |\n");
    program.close();
    list.close();

    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("CI", ci ? "true" : "");
    environment.insert("LEFTFOLD_ALLOWED_SKIPS", list.fileName());
    m_process.setProcessEnvironment(environment);
    m_process.start(LEFTFOLD_SOURCE_DIR "/tests/run", {program.fileName()});
    if (!m_process.waitForFinished()) qFatal("tests/run did not end");
    return m_process;
}

void SkipRuleTest::exitCodes_data()
{
    QTest::addColumn<QString>("output");
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("ci");
    QTest::addColumn<int>("expected");

    const QString passed = "PASS   : MadeUpTest::works()";
    const QString listed = "SKIP   : MadeUpTest::broker(row) no broker here\n   Loc: [x.cc(3)]";
    const QString unlisted = "SKIP   : MadeUpTest::broker() the weather is bad";
    QTest::newRow("passed, in CI") << passed << 0 << true << 0;
    QTest::newRow("failed, in CI") << passed << 3 << true << 3;
    QTest::newRow("failed, at home") << passed << 3 << false << 3;
    QTest::newRow("skipped, at home") << unlisted << 0 << false << 0;
    QTest::newRow("skipped, in CI") << unlisted << 0 << true << 1;
    QTest::newRow("skipped and listed, in CI") << listed << 0 << true << 0;
    QTest::newRow("skipped, listed, failed") << listed << 2 << true << 2;
    QTest::newRow("one of two listed") << listed + "\n" + unlisted << 0 << true << 1;
    QTest::newRow("listed for another test") << QString("SKIP   : MadeUpTest::f() too slow") << 0 << true << 1;
    QTest::newRow("no reason") << QString("SKIP   : MadeUpTest::f() ") << 0 << true << 1;
    QTest::newRow("a part of a listed reason") << QString("SKIP   : MadeUpTest::f() broker") << 0 << true << 1;
}

void SkipRuleTest::exitCodes()
{
    QFETCH(QString, output);
    QFETCH(int, code);
    QFETCH(bool, ci);
    QFETCH(int, expected);
    QCOMPARE(run(output, code, ci).exitCode(), expected);
}

void SkipRuleTest::theOutputIsPassedOn()
{
    const QString output = "PASS   : MadeUpTest::works()";
    QCOMPARE(QString::fromUtf8(run(output, 0, true).readAllStandardOutput()).trimmed(), output);
    QCOMPARE(QString::fromUtf8(run(output, 0, false).readAllStandardOutput()).trimmed(), output);
}

QTEST_GUILESS_MAIN(SkipRuleTest)
#include "skip_rule_test.moc"
