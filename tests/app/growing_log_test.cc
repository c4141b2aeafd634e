// SPDX-License-Identifier: GPL-3.0-or-later
// A log opened again and again, while it grows, is rotated, truncated, or written out and read back.
#include "tests/app/program.h"
#include "tests/app/signal_to.h"

#include <QDir>
#include <QElapsedTimer>
#include <QTest>

#include <csignal>

namespace {

constexpr auto kSample = LEFTFOLD_SOURCE_DIR "/resources/samples/shop.jsonl";

/// An event of order N, at second N.
QByteArray eventLine(int number)
{
    return R"({"id":"order-)" + QByteArray::number(number) + R"(","type":"OrderPlaced","at":"2026-01-01T00:00:)"
           + QByteArray::number(number).rightJustified(2, '0') + "Z\"}\n";
}

QByteArray eventLines(int first, int last)
{
    QByteArray lines;
    for (int number = first; number <= last; ++number) lines += eventLine(number);
    return lines;
}

/// Reads what the program prints until so many lines are there, or too much time has passed.
QByteArrayList linesOf(QProcess& process, QByteArray& output, qsizetype count)
{
    QElapsedTimer timer;
    timer.start();
    while (output.count('\n') < count && timer.elapsed() < Program::kMaxMilliseconds) {
        process.waitForReadyRead(50);
        output += process.readAllStandardOutput();
    }
    return output.split('\n');
}

} // namespace

class GrowingLogTest : public QObject {
    Q_OBJECT

private slots:
    void whatWasPrintedIsTheSameLog_data();
    void whatWasPrintedIsTheSameLog() const;
    void openedAgainItIsNotCapturedAgain() const;
    void whatIsAppendedIsCaptured() const;
    void aHalfWrittenLineWaits() const;
    void aRotatedLogGoesOn() const;
    void aLogThatIsNoMoreWhatItWasIsRefused_data();
    void aLogThatIsNoMoreWhatItWasIsRefused() const;
    void followingPrintsWhatComes_data();
    void followingPrintsWhatComes() const;
    void followingEndsAtItsLimit() const;
    void aCaptureRemovedByHandIsMadeAnew_data();
    void aCaptureRemovedByHandIsMadeAnew() const;

private:
    static QJsonValue infoOf(const Program& program, const QString& log);
};

QJsonValue GrowingLogTest::infoOf(const Program& program, const QString& log)
{
    const Ended info = program.run({"info", log, "--json"});
    if (info.exitCode != 0) qWarning() << log << info.exitCode << info.errors;
    return info.json();
}

void GrowingLogTest::whatWasPrintedIsTheSameLog_data()
{
    QTest::addColumn<QByteArrayList>("parts");
    QFile sample(kSample);
    QVERIFY(sample.open(QIODevice::ReadOnly));
    QTest::newRow("the sample") << QByteArrayList{sample.readAll()};
    QTest::newRow("two partitions") << QByteArrayList{eventLines(1, 3) + eventLines(7, 9), eventLines(2, 8)};
    QTest::newRow("bytes that are no text, and lines that are no JSON") << QByteArrayList{
        QByteArray("{\"id\":1}\n\0\xff\xfe\x01\n{\"id\":\"caf\xe9\"}\n{\"id\":\"b\"}\r\n\n  \n", 40)
        + "{\"broken\n\"text\"\nnull\n[1,2]\n1e400\n{\"id\":2,\"id\":3}\n{ \"id\" : 4 }\n\t{\"id\":5}  \nid=6\n"};
    QTest::newRow("nothing but undecodable lines") << QByteArrayList{"one\ntwo\n"};
}

void GrowingLogTest::whatWasPrintedIsTheSameLog() const
{
    QFETCH(QByteArrayList, parts);
    const Program program;
    QVERIFY(QDir(program.pathOf(".")).mkdir("log"));
    for (qsizetype i = 0; i < parts.size(); ++i) (void)program.write(QString("log/part%1.jsonl").arg(i), parts[i]);
    const QJsonValue original = infoOf(program, "log");
    QVERIFY(original["events"].toInt() > 0);
    QCOMPARE(original["partitions"].toArray().size(), parts.size());
    QCOMPARE(program.runInto(program.pathOf("printed.jsonl"), {"log", "log", "--json"}).exitCode, 0);
    const QJsonValue copy = infoOf(program, "printed.jsonl");
    QVERIFY(!original["identity"].toString().isEmpty());
    QCOMPARE(copy["identity"], original["identity"]);
    QCOMPARE(copy["partitions"], original["partitions"]);
    QCOMPARE(copy["types"], original["types"]);
    QCOMPARE(program.run({"log", "printed.jsonl", "--json"}).out, program.run({"log", "log", "--json"}).out);
    const Ended problems = program.run({"problems", "log", "--json"});
    QCOMPARE(program.run({"problems", "printed.jsonl", "--json"}).out, problems.out);
}

void GrowingLogTest::openedAgainItIsNotCapturedAgain() const
{
    const Program program;
    (void)program.write("app.jsonl", eventLines(1, 9));
    const QJsonValue first = infoOf(program, "app.jsonl");
    QCOMPARE(first["events"].toInt(), 9);
    for (const QString& name : {QString("app.jsonl"), program.pathOf("app.jsonl"), QString("./app.jsonl")}) {
        const QJsonValue again = infoOf(program, name);
        QCOMPARE(again["capture"], first["capture"]);
        QCOMPARE(again["loads"].toInt(), 1);
        QCOMPARE(again["identity"], first["identity"]);
    }
    QCOMPARE(QDir(program.captureFolder()).entryList(QDir::Files).size(), 1);
}

void GrowingLogTest::whatIsAppendedIsCaptured() const
{
    const Program program;
    (void)program.write("app.jsonl", eventLines(1, 3));
    const QJsonValue before = infoOf(program, "app.jsonl");
    program.append("app.jsonl", eventLines(4, 5));
    const QJsonValue after = infoOf(program, "app.jsonl");
    QCOMPARE(after["events"].toInt(), 5);
    QCOMPARE(after["capture"], before["capture"]);
    QVERIFY(after["identity"] != before["identity"]);
    const Program other;
    (void)other.write("app.jsonl", eventLines(1, 5));
    QCOMPARE(after["identity"], infoOf(other, "app.jsonl")["identity"]);
}

void GrowingLogTest::aHalfWrittenLineWaits() const
{
    const Program program;
    (void)program.write("app.jsonl", eventLines(1, 2) + R"({"id":"order-3","ty)");
    QCOMPARE(infoOf(program, "app.jsonl")["events"].toInt(), 2);
    program.append("app.jsonl", "pe\":\"OrderPlaced\"}\n");
    QCOMPARE(infoOf(program, "app.jsonl")["events"].toInt(), 3);
    QVERIFY(program.run({"log", "app.jsonl", "--json"}).out.contains(R"({"id":"order-3","type":"OrderPlaced"})"));
}

/// Renamed and made anew, as logrotate does it; lines may still reach the renamed file.
void GrowingLogTest::aRotatedLogGoesOn() const
{
    const Program program;
    (void)program.write("app.jsonl", eventLines(1, 3));
    const QJsonValue before = infoOf(program, "app.jsonl");
    QVERIFY(QFile::rename(program.pathOf("app.jsonl"), program.pathOf("app.jsonl.1")));
    program.append("app.jsonl.1", eventLine(4));
    (void)program.write("app.jsonl", eventLine(5));
    QCOMPARE(infoOf(program, "app.jsonl")["events"].toInt(), 5);
    QVERIFY(QFile::rename(program.pathOf("app.jsonl.1"), program.pathOf("app.jsonl.2")));
    QVERIFY(QFile::rename(program.pathOf("app.jsonl"), program.pathOf("app.jsonl.1")));
    (void)program.write("app.jsonl", eventLines(6, 7));
    const QJsonValue after = infoOf(program, "app.jsonl");
    QCOMPARE(after["events"].toInt(), 7);
    QCOMPARE(after["capture"], before["capture"]);
    QCOMPARE(after["partitions"].toArray().size(), 1);
    const Program other;
    (void)other.write("app.jsonl", eventLines(1, 7));
    QCOMPARE(after["identity"], infoOf(other, "app.jsonl")["identity"]);
}

void GrowingLogTest::aLogThatIsNoMoreWhatItWasIsRefused_data()
{
    QTest::addColumn<QByteArray>("now");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("truncated") << eventLines(1, 2) << QByteArray("is shorter than what was captured");
    QTest::newRow("emptied") << QByteArray() << QByteArray("is shorter than what was captured: 0 of ");
    QTest::newRow("rewritten") << eventLines(11, 30) << QByteArray("was rewritten");
    QTest::newRow("rewritten in one byte")
        << eventLines(1, 9).replace("order-7", "order-8") + eventLine(10) << QByteArray("was rewritten");
}

void GrowingLogTest::aLogThatIsNoMoreWhatItWasIsRefused() const
{
    QFETCH(QByteArray, now);
    QFETCH(QByteArray, reason);
    const Program program;
    (void)program.write("app.jsonl", eventLines(1, 9));
    const QJsonValue before = infoOf(program, "app.jsonl");
    (void)program.write("app.jsonl", now);
    for (const QString verb : {"info", "fetch", "log"}) {
        const Ended ended = program.run({verb, "app.jsonl"});
        QCOMPARE(ended.exitCode, 3);
        QVERIFY2(ended.errors.contains(reason) && ended.errors.contains("fetch --fresh"), ended.errors);
        QCOMPARE(ended.out, QByteArray());
    }
    QVERIFY2(infoOf(program, before["capture"].toString())["identity"] == before["identity"],
             "what was captured is kept");
    QCOMPARE(program.run({"fetch", "app.jsonl", "--fresh"}).exitCode, 0);
    QCOMPARE(infoOf(program, "app.jsonl")["events"].toInt(), now.count('\n'));
}

void GrowingLogTest::followingPrintsWhatComes_data()
{
    QTest::addColumn<bool>("capturedBefore");
    QTest::newRow("of a log nobody has opened") << false;
    QTest::newRow("of a log that is captured already") << true;
}

void GrowingLogTest::followingPrintsWhatComes() const
{
    QFETCH(bool, capturedBefore);
    const Program program;
    (void)program.write("app.jsonl", eventLines(1, 2));
    if (capturedBefore) QCOMPARE(infoOf(program, "app.jsonl")["events"].toInt(), 2);
    const auto log = program.started({"log", "app.jsonl", "--follow", "--type", "OrderPlaced"});
    QByteArray output;
    QVERIFY(linesOf(*log, output, 2)[1].contains("order-2"));
    program.append("app.jsonl", eventLine(3));
    QVERIFY(linesOf(*log, output, 3)[2].contains("order-3"));
    program.append("app.jsonl", R"({"type":"OrderCancelled","id":"order-3"})"
                                "\n" + eventLine(4));
    QVERIFY(linesOf(*log, output, 4)[3].contains("app[0]@4"));
    QVERIFY(signalTo(*log, SIGINT));
    const Ended ended = Program::ended(*log);
    QVERIFY2(ended.exitCode == 0, ended.errors);
    QCOMPARE(ended.out, QByteArray());
    QCOMPARE(output.count('\n'), 4);
    QCOMPARE(QDir(program.captureFolder()).entryList(QDir::Files).size(), 1);
    QCOMPARE(infoOf(program, "app.jsonl")["events"].toInt(), 5);
}

void GrowingLogTest::followingEndsAtItsLimit() const
{
    const Program program;
    (void)program.write("app.jsonl", eventLines(1, 2));
    QCOMPARE(program.run({"log", "app.jsonl", "--follow", "--limit", "1"}).lines().size(), 1);
    const auto log = program.started({"log", "app.jsonl", "--follow", "--limit", "3"});
    QByteArray output;
    QVERIFY(linesOf(*log, output, 2)[1].contains("order-2"));
    program.append("app.jsonl", eventLines(3, 4));
    const Ended ended = Program::ended(*log);
    QCOMPARE(ended.exitCode, 0);
    QCOMPARE((output + ended.out).count('\n'), 3);
}

void GrowingLogTest::aCaptureRemovedByHandIsMadeAnew_data()
{
    QTest::addColumn<QString>("left");
    QTest::newRow("with everything") << "";
    QTest::newRow("but its write-ahead log") << "-wal";
}

/// What a crashed fetch left beside a capture that somebody removed has nothing to do with the next one.
void GrowingLogTest::aCaptureRemovedByHandIsMadeAnew() const
{
    QFETCH(QString, left);
    const Program program;
    (void)program.write("app.jsonl", eventLines(1, 9));
    const QJsonValue whole = infoOf(program, "app.jsonl");
    (void)program.write("other.jsonl", eventLines(1, 50));
    const auto follow = program.started({"log", "other.jsonl", "--follow"});
    QByteArray output;
    QCOMPARE(linesOf(*follow, output, 50).size(), 51);
    const QFileInfoList files = QDir(program.captureFolder()).entryInfoList({"other*-wal"});
    QCOMPARE(files.size(), 1);
    if (!left.isEmpty()) QVERIFY(QFile::copy(files[0].filePath(), program.pathOf("app.lflog" + left)));
    follow->kill();
    follow->waitForFinished(Program::kMaxMilliseconds);
    QCOMPARE(program.run({"fetch", "app.jsonl", "-o", "app.lflog"}).exitCode, 0);
    QCOMPARE(infoOf(program, "app.lflog")["identity"], whole["identity"]);
    QCOMPARE(program.run({"log", "app.lflog", "--json"}).out, program.run({"log", "app.jsonl", "--json"}).out);
}

QTEST_GUILESS_MAIN(GrowingLogTest)
#include "growing_log_test.moc"
