// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line takes, what it refuses with which words, and where its output goes.
#include "tests/app/program.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

namespace {

const QStringList kVerbs = {"fetch", "info", "log", "show", "ls", "step", "blame", "problems", "pack"};
constexpr auto kSample = LEFTFOLD_SOURCE_DIR "/resources/samples/shop.jsonl";

/// The words of a command line, a space between two.
QStringList words(const QString& line)
{
    return line.split(' ', Qt::SkipEmptyParts);
}

} // namespace

class CommandLineTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void usageIsRefusedWithItsReason_data();
    void usageIsRefusedWithItsReason() const;
    void whatCannotBeReadIsSaid_data();
    void whatCannotBeReadIsSaid() const;
    void aDamagedCaptureIsNoGoodCapture() const;
    void everyVerbHelpsWithExamples_data();
    void everyVerbHelpsWithExamples() const;
    void helpNamesVerbsAndExitCodes() const;
    void versionIsPrinted() const;
    void jsonIsJson_data();
    void jsonIsJson() const;
    void pipesGetNoColoursAndNoProgress_data();
    void pipesGetNoColoursAndNoProgress() const;
    void coloursCanBeForced() const;
    void aFullDiskIsAFailure_data();
    void aFullDiskIsAFailure() const;
    void aClosedPipeEndsIt() const;
    void withoutACacheACaptureOpens() const;
    void withoutACacheASourceCannot() const;
    void standardInputIsReadOnce() const;

private:
    Program m_program;
};

void CommandLineTest::initTestCase()
{
    QVERIFY(QFile::copy(kSample, m_program.pathOf("shop.jsonl")));
    (void)m_program.write("nothing.jsonl", "");
    (void)m_program.write("text.lflog", "no capture at all\n");
    (void)m_program.write("empty.lflog", "");
    (void)m_program.write("notes.jsonl", "these are\nmy notes\n");
    QVERIFY(QDir(m_program.pathOf(".")).mkdir("folder"));
    const Ended fetch = m_program.run({"fetch", "shop.jsonl", "-o", "shop.lflog"});
    QVERIFY2(fetch.exitCode == 0, fetch.errors);
    QCOMPARE(fetch.out, "3448 events in shop.lflog\n");
}

void CommandLineTest::usageIsRefusedWithItsReason_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const char* line, const char* reason) {
        QTest::newRow(name) << line << reason;
    };
    row("nothing", "", "subcommand is required");
    row("unknown verb", "replay shop.lflog", "'replay' is no verb");
    row("unknown option before the verb", "--loud info shop.lflog", "--loud");
    for (const QString& verb : kVerbs) {
        QTest::addRow("%s without a LOG", qPrintable(verb)) << verb << "LOG is required";
        QTest::addRow("%s with an unknown option", qPrintable(verb)) << verb + " shop.lflog --loud"
                                                                     << "required|--loud";
    }
    row("two logs where one is meant", "info shop.lflog shop.jsonl", "shop.jsonl");
    row("show without an aggregate", "show shop.lflog", "ID is required");
    row("pack without a target", "pack shop.lflog", "--out is required");
    row("a moment that is none", "show shop.lflog order-1271 --at yesterday",
        "'yesterday' is not a moment: expected a time");
    row("a day that is none", "ls shop.lflog --at 2026-02-30", "2026-02-30");
    row("an index that is none", "ls shop.lflog --at #many", "'#many' is not a moment");
    row("a cut that is none", "ls shop.lflog --at shop[0]:", "is not a moment");
    row("a bad beginning", "log shop.lflog --from sometime", "'sometime' is not a moment");
    row("a bad end", "log shop.lflog --until sometime", "'sometime' is not a moment");
    row("a bad place to step from", "step shop.lflog --at sometime", "'sometime' is not a moment");
    row("a field that is none", "ls shop.lflog --by customer", "'customer' names no field: expected a JSON pointer");
    row("an id that is no field", "info shop.jsonl --id-field customer", "'customer' names no field");
    row("a time that is no field", "info shop.jsonl --time-field at", "'at' names no field");
    row("a broken pointer", "ls shop.lflog --by /a~2", "/a~2");
    row("an unknown fold", "show shop.lflog order-1271 --fold sum",
        "there is no fold 'sum': expected one of tally, latest, merge, patch, debezium");
    row("an unknown unit", "info shop.jsonl --time-unit h", "--time-unit");
    row("an unknown colouring", "log shop.lflog --color green", "--color");
    row("a limit that is no number", "log shop.lflog --limit few", "--limit");
    row("a negative limit", "log shop.lflog --limit -1", "-1 is negative");
    row("a negative limit of aggregates", "ls shop.lflog --limit -1", "-1 is negative");
    row("a negative number of workers", "ls shop.lflog --workers -1", "-1 is negative");
    row("no step", "step shop.lflog -n 0", "0 is too few");
    row("a negative step", "step shop.lflog -n -1", "-1 is negative");
    row("following backwards", "log shop.lflog --follow --reverse", "excludes");
    row("count and hash", "ls shop.lflog --count --hash", "excludes");
    row("capturing a capture", "fetch shop.lflog -o other.lflog", "is a capture already");
    row("aggregates of a log without ids", "ls nothing.jsonl", "name a field with --by");
    row("stepping in aggregates of a log without ids", "step nothing.jsonl --of a", "name a field with --by");
}

void CommandLineTest::usageIsRefusedWithItsReason() const
{
    QFETCH(QString, line);
    QFETCH(QString, reason);
    const Ended ended = m_program.run(words(line));
    QVERIFY2(ended.errors.contains(reason.toUtf8()) || QRegularExpression(reason).match(ended.errors).hasMatch(),
             ended.errors);
    QCOMPARE(ended.exitCode, 2);
    QCOMPARE(ended.out, QByteArray());
}

void CommandLineTest::whatCannotBeReadIsSaid_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const char* line, const char* reason) {
        QTest::newRow(name) << line << reason;
    };
    row("a missing source", "info missing.jsonl", "missing.jsonl: there is no such file");
    row("a missing capture", "info missing.lflog", "missing.lflog: there is no such file");
    row("text that is called a capture", "info text.lflog", "text.lflog is no Leftfold capture");
    row("nothing that is called a capture", "info empty.lflog", "empty.lflog is no Leftfold capture");
    row("an empty folder", "info folder", "there are no files in");
    row("a device", "info /dev/null", "/dev/null");
    row("an unknown aggregate", "show shop.lflog order-1", "an aggregate 'order-1' (by /aggregateId)");
    row("an unknown aggregate of another field", "show shop.lflog order-1 --by /data/order", "(by /data/order)");
    row("an index beyond the end", "show shop.lflog order-1271 --at #3448",
        "there is no event #3448: the log has 3448 events");
    row("an offset beyond the end", "ls shop.lflog --at shop[0]@3448", "there is no event shop[0]@3448");
    row("an unknown partition", "ls shop.lflog --at shop[1]@0",
        "there is no partition shop[1] in this log: it has shop[0]");
    row("a beginning beyond the end", "log shop.lflog --from #9999", "there is no event #9999");
    row("a step from beyond the end", "step shop.lflog --at #9999", "there is no event #9999");
    row("capturing into another file", "fetch shop.jsonl -o notes.jsonl", "notes.jsonl is no Leftfold capture");
    row("replacing another file", "fetch shop.jsonl -o notes.jsonl --fresh", "it will not be replaced");
    row("capturing into another log's capture", "fetch nothing.jsonl -o shop.lflog", "shop.lflog holds another log");
    row("capturing into no folder", "fetch shop.jsonl -o nowhere/x.lflog", "nowhere/x.lflog");
    row("packing over a file", "pack shop.lflog -o notes.jsonl", "notes.jsonl exists already");
    row("packing into no folder", "pack shop.lflog -o nowhere/x.lflog", "nowhere/x.lflog");
    row("undecodable records where none may be", "fetch shop.jsonl -o strict.lflog --strict", "shop[0]@2426");
}

void CommandLineTest::whatCannotBeReadIsSaid() const
{
    QFETCH(QString, line);
    QFETCH(QString, reason);
    const Ended ended = m_program.run(words(line));
    QVERIFY2(ended.errors.contains(reason.toUtf8()), ended.errors);
    QCOMPARE(ended.exitCode, 3);
    QCOMPARE(ended.out, QByteArray());
    QFile notes(m_program.pathOf("notes.jsonl"));
    QVERIFY(notes.open(QIODevice::ReadOnly));
    QCOMPARE(notes.readAll(), "these are\nmy notes\n");
}

void CommandLineTest::aDamagedCaptureIsNoGoodCapture() const
{
    QFile good(m_program.pathOf("shop.lflog"));
    QVERIFY(good.open(QIODevice::ReadOnly));
    const QByteArray bytes = good.readAll();
    (void)m_program.write("cut.lflog", bytes.first(bytes.size() / 2));
    for (const QString verb : {"info", "log", "problems", "ls"}) {
        const Ended ended = m_program.run({verb, "cut.lflog"});
        QVERIFY2(ended.exitCode == 3 || (verb == "problems" && ended.exitCode == 1), qPrintable(verb + ended.errors));
        QVERIFY2(ended.errors.contains("cut.lflog") || ended.errors.contains("damaged"), ended.errors);
    }
}

void CommandLineTest::everyVerbHelpsWithExamples_data()
{
    QTest::addColumn<QString>("verb");
    for (const QString& verb : kVerbs) QTest::newRow(qPrintable(verb)) << verb;
}

void CommandLineTest::everyVerbHelpsWithExamples() const
{
    QFETCH(QString, verb);
    const Ended help = m_program.run({verb, "--help"});
    QCOMPARE(help.exitCode, 0);
    QVERIFY2(help.out.contains("Example"), help.out);
    QVERIFY2(help.out.contains("leftfold " + verb.toUtf8() + " "), help.out);
    QVERIFY2(!help.out.contains("> {"), "no values of enumerations are shown");
    QCOMPARE(help.errors, QByteArray());
}

void CommandLineTest::helpNamesVerbsAndExitCodes() const
{
    const Ended help = m_program.run({"--help"});
    QCOMPARE(help.exitCode, 0);
    for (const QString& verb : kVerbs) QVERIFY2(help.out.contains("\n  " + verb.toUtf8() + " "), help.out);
    QVERIFY(help.out.contains("Exit codes: 0 ok, 1 differs or found, 2 wrong usage, 3 could not run"));
    QVERIFY(help.out.contains("@start or @end"));
}

void CommandLineTest::versionIsPrinted() const
{
    const Ended version = m_program.run({"--version"});
    QCOMPARE(version.exitCode, 0);
    QVERIFY2(QRegularExpression("^leftfold \\d+\\.\\d+\\.\\d+\n$").match(version.out).hasMatch(), version.out);
}

void CommandLineTest::jsonIsJson_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<int>("objects"); ///< as many lines
    QTest::addColumn<int>("exitCode");
    QTest::newRow("fetch") << "fetch shop.jsonl --json" << 1 << 0;
    QTest::newRow("info") << "info shop.lflog --json" << 1 << 0;
    QTest::newRow("info of nothing") << "info nothing.jsonl --json" << 1 << 0;
    QTest::newRow("log") << "log shop.lflog --json" << 3448 << 0;
    QTest::newRow("log backwards") << "log shop.lflog --json --reverse --limit 7" << 7 << 0;
    QTest::newRow("log of nothing") << "log nothing.jsonl --json" << 0 << 0;
    QTest::newRow("show") << "show shop.lflog order-1271 --json" << 1 << 0;
    QTest::newRow("show before its time") << "show shop.lflog order-1271 --json --at @start" << 1 << 0;
    QTest::newRow("show latest") << "show shop.lflog order-1271 --json --fold latest" << 1 << 0;
    QTest::newRow("ls") << "ls shop.lflog --json" << 1099 << 0;
    QTest::newRow("ls counted") << "ls shop.lflog --json --count" << 1 << 0;
    QTest::newRow("ls hashed") << "ls shop.lflog --json --hash" << 1 << 0;
    QTest::newRow("step") << "step shop.lflog --json --at #7" << 1 << 0;
    QTest::newRow("step back to the start") << "step shop.lflog --json --at #0 --back" << 1 << 0;
    QTest::newRow("step over a record that is no JSON") << "step shop.lflog --json --at #2425" << 1 << 0;
    QTest::newRow("problems") << "problems shop.lflog --json" << 4 << 1;
    QTest::newRow("problems of nothing") << "problems nothing.jsonl --json" << 0 << 0;
}

void CommandLineTest::jsonIsJson() const
{
    QFETCH(QString, line);
    QFETCH(int, objects);
    const Ended ended = m_program.run(words(line));
    QTEST(ended.exitCode, "exitCode");
    QCOMPARE(ended.lines().size(), objects);
    for (const QByteArray& object : ended.lines()) {
        QJsonParseError error;
        const QJsonDocument document = QJsonDocument::fromJson(object, &error);
        QVERIFY2(error.error == QJsonParseError::NoError && document.isObject(), object);
    }
}

void CommandLineTest::pipesGetNoColoursAndNoProgress_data()
{
    QTest::addColumn<QString>("line");
    for (const QString line :
         {"fetch shop.jsonl -o piped.lflog", "info shop.lflog", "log shop.lflog", "show shop.lflog order-1271",
          "ls shop.lflog", "ls shop.lflog --by /data/order --hash", "step shop.lflog --at #7", "problems shop.lflog"}) {
        QTest::newRow(qPrintable(line)) << line;
    }
}

void CommandLineTest::pipesGetNoColoursAndNoProgress() const
{
    QFETCH(QString, line);
    const Ended ended = m_program.run(words(line));
    QVERIFY(!ended.out.isEmpty());
    QVERIFY(!ended.out.contains('\x1b') && !ended.out.contains('\r'));
    QVERIFY(!ended.errors.contains('\x1b') && !ended.errors.contains('\r'));
    if (!line.startsWith("fetch")) QCOMPARE(ended.errors, QByteArray());
}

void CommandLineTest::coloursCanBeForced() const
{
    const Ended coloured = m_program.run({"log", "shop.lflog", "--limit", "1", "--color", "always"});
    QVERIFY(coloured.out.contains("\x1b["));
    const Ended json = m_program.run({"log", "shop.lflog", "--limit", "1", "--color", "always", "--json"});
    QVERIFY2(!json.out.contains('\x1b'), "JSON is never coloured");
}

void CommandLineTest::aFullDiskIsAFailure_data()
{
    QTest::addColumn<QString>("line");
    for (const QString line :
         {"info shop.lflog", "log shop.lflog", "log shop.lflog --json --limit 1", "show shop.lflog order-1271",
          "ls shop.lflog", "ls shop.lflog --count", "step shop.lflog --at #7", "problems shop.lflog"}) {
        QTest::newRow(qPrintable(line)) << line;
    }
}

void CommandLineTest::aFullDiskIsAFailure() const
{
    QFETCH(QString, line);
    const Ended ended = m_program.runInto("/dev/full", words(line));
    QCOMPARE(ended.exitCode, 3);
    QCOMPARE(ended.errors, "leftfold: standard output: no space left on the disk\n");
}

/// As in `leftfold log shop.lflog | head -1`: the rest of the work is not done, and nobody waits for it.
void CommandLineTest::aClosedPipeEndsIt() const
{
    const auto process = m_program.started({"log", "shop.lflog", "--json"});
    QVERIFY(process->waitForReadyRead(Program::kMaxMilliseconds));
    process->closeReadChannel(QProcess::StandardOutput);
    QVERIFY(process->waitForFinished(Program::kMaxMilliseconds));
}

void CommandLineTest::withoutACacheACaptureOpens() const
{
    Program lost;
    lost.setVariable("XDG_CACHE_HOME", m_program.pathOf("notes.jsonl"));
    const QString capture = m_program.pathOf("shop.lflog");
    for (const QStringList& line :
         {QStringList{"info", capture, "--json"}, {"ls", capture, "--hash"}, {"show", capture, "order-1271"}}) {
        const Ended ended = lost.run(line);
        QVERIFY2(ended.exitCode == 0, ended.errors);
        QStringList here = line;
        QCOMPARE(ended.out, m_program.run(here).out);
    }
}

void CommandLineTest::withoutACacheASourceCannot() const
{
    Program lost;
    lost.setVariable("XDG_CACHE_HOME", m_program.pathOf("notes.jsonl"));
    const Ended source = lost.run({"info", m_program.pathOf("shop.jsonl")});
    QCOMPARE(source.exitCode, 3);
    QVERIFY2(source.errors.contains("notes.jsonl/leftfold"), source.errors);
    const Ended asked = lost.run({"info", m_program.pathOf("shop.lflog"), "--cache", m_program.pathOf("notes.jsonl")});
    QCOMPARE(asked.exitCode, 3);
    QVERIFY2(asked.errors.contains("notes.jsonl"), asked.errors);
    const Ended elsewhere = lost.run({"info", m_program.pathOf("shop.jsonl"), "--cache", lost.pathOf("cache")});
    QVERIFY2(elsewhere.exitCode == 0, elsewhere.errors);
}

void CommandLineTest::standardInputIsReadOnce() const
{
    QFile sample(kSample);
    QVERIFY(sample.open(QIODevice::ReadOnly));
    const QByteArray bytes = sample.readAll();
    const Ended info = m_program.run({"info", "-", "--json"}, bytes);
    QVERIFY2(info.exitCode == 0, info.errors);
    QCOMPARE(info.json()["events"].toInteger(), 3448);
    QVERIFY2(!QFile::exists(info.json()["capture"].toString()), "what nobody asked to keep is gone");
    const QStringList kept = {"fetch", "-", "-o", "input.lflog", "--json"};
    QCOMPARE(m_program.run(kept, bytes).json()["events"].toInteger(), 3448);
    const Ended again = m_program.run(kept, "{\"id\":1}\n");
    QCOMPARE(again.exitCode, 3);
    QVERIFY2(again.errors.contains("can be read only once") && again.errors.contains("--fresh"), again.errors);
    QCOMPARE(m_program.run(kept + QStringList{"--fresh"}, "{\"id\":1}\n").json()["events"].toInteger(), 1);
}

QTEST_GUILESS_MAIN(CommandLineTest)
#include "command_line_test.moc"
