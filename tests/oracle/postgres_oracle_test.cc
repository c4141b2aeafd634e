// SPDX-License-Identifier: GPL-3.0-or-later
// PostgreSQL as an oracle: the rows of a database are what `debezium` makes of its changes.
#include "tests/oracle/program_runs.h"

#include <QDir>
#include <QTest>

class PostgresOracleTest : public QObject {
    Q_OBJECT

private slots:
    void rowsAtTransactionEndsAreWhatSelectGave();
};

void PostgresOracleTest::rowsAtTransactionEndsAreWhatSelectGave()
{
    const bool installed = !QDir("/usr/lib/postgresql").entryList(QDir::Dirs | QDir::NoDotAndDotDot).isEmpty();
    if (!installed && qEnvironmentVariable("CI") != "true") QSKIP("PostgreSQL is not installed");
    QProcess oracle;
    oracle.setProcessChannelMode(QProcess::MergedChannels);
    oracle.start(LEFTFOLD_SOURCE_DIR "/tests/oracle/postgres", {LEFTFOLD_BINARY});
    QVERIFY(oracle.waitForFinished(600'000));
    const QByteArray said = oracle.readAll();
    qInfo("%s", said.constData());
    QVERIFY(oracle.exitStatus() == QProcess::NormalExit);
    QCOMPARE(oracle.exitCode(), 0);
}

QTEST_GUILESS_MAIN(PostgresOracleTest)
#include "postgres_oracle_test.moc"
