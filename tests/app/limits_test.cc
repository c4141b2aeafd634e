// SPDX-License-Identifier: GPL-3.0-or-later
// Memory, and a disk that is full: the program measured and hindered.
#include "tests/app/program.h"

#include <QTest>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr qint64 kMiB = qint64{1} << 20;

/// The most memory a run of the program takes, in bytes; -1 where it fails.
qint64 peakOf(const Program& program, const QStringList& arguments)
{
    QByteArrayList words{QByteArray(LEFTFOLD_BINARY)};
    for (const QString& argument : arguments) words.append(argument.toUtf8());
    std::vector<char*> argv;
    for (QByteArray& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const QByteArray folder = program.pathOf(".").toUtf8();
    const QByteArray cache = program.cachePath().toUtf8();
    const pid_t child = ::fork();
    if (child == 0) {
        const bool isReady = ::chdir(folder.constData()) == 0 && ::setenv("XDG_CACHE_HOME", cache.constData(), 1) == 0
                             && ::freopen("/dev/null", "w", stdout) != nullptr;
        if (isReady) ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    int status = 0;
    rusage usage{};
    const bool isWaited = child > 0 && ::wait4(child, &status, 0, &usage) == child;
    return isWaited && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? usage.ru_maxrss * qint64{1024} : -1;
}

/// Runs the program where DISK, a folder, has room for so much and no more.
Ended runOnDisk(const Program& program, const QString& disk, int kibibytes, const QStringList& arguments)
{
    QStringList unshare{"--mount"};
    if (::geteuid() != 0)
        unshare << "--user"
                << "--map-root-user";
    unshare << "sh"
            << "-c"
            << "mount -t tmpfs -o size=\"$1\"k none \"$2\" || exit 125; shift 2; \"$@\"; code=$?; df -k \"$0\" >&2; "
               "echo \"entries left: $(ls -A \"$0\" | wc -l)\" >&2; exit $code"
            << disk << QString::number(kibibytes) << disk << LEFTFOLD_BINARY << arguments;
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("XDG_CACHE_HOME", program.cachePath());
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(program.pathOf("."));
    process.start("unshare", unshare);
    process.closeWriteChannel();
    Ended ended = Program::ended(process);
    if (ended.errors.startsWith("unshare: ")) ended.exitCode = 125; // as in a root made by chroot
    return ended;
}

} // namespace

class LimitsTest : public QObject {
    Q_OBJECT

private slots:
    void memoryOfManyKeysIsWithinTheFormula();
    void memoryOfALongLineIsAFewTimesItsLength();
    void aFullDiskIsSaidAndLeavesAPrefix();
    void anExportThatDoesNotFitLeavesNothing_data();
    void anExportThatDoesNotFitLeavesNothing();
    void indexesDoWithoutADisk();

private:
    void writeOne() const { (void)m_program.write("one.jsonl", "{\"id\":\"a\",\"n\":1}\n"); }

    Program m_program;
};

/// core's promise: 12 bytes an event, 8 more an open projection, 48 and its length a key; beside what one event takes,
/// and bounded caches.
void LimitsTest::memoryOfManyKeysIsWithinTheFormula()
{
    constexpr qint64 kEvents = 2'000'000;
    constexpr qint64 kIdBytes = 11;
    constexpr qint64 kCaches = 24 * kMiB;
    writeOne();
    QFile file(m_program.pathOf("keys.jsonl"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    for (qint64 i = 0; i < kEvents; ++i)
        file.write(QByteArray("{\"id\":\"key-") + QByteArray::number(1'000'000 + i) + "\",\"n\":1}\n");
    file.close();

    const qint64 formula = kEvents * (12 + 8) + kEvents * (48 + kIdBytes);
    for (const QStringList& verb :
         {QStringList{"fetch", "LOG"}, {"show", "LOG", "key-1234567"}, {"ls", "LOG", "--count"}}) {
        const qint64 base = peakOf(
            m_program, QStringList(verb).replaceInStrings("LOG", "one.jsonl").replaceInStrings("key-1234567", "a"));
        const qint64 peak = peakOf(m_program, QStringList(verb).replaceInStrings("LOG", "keys.jsonl"));
        qInfo("%s: %lld MiB, with one event %lld MiB, formula %lld MiB", qPrintable(verb.first()), peak / kMiB,
              base / kMiB, formula / kMiB);
        QVERIFY(base > 0);
        QVERIFY(peak > 0);
        QVERIFY(peak <= base + formula + kCaches);
    }
    const Ended info = m_program.run({"info", "keys.jsonl", "--json"});
    QCOMPARE(info.json()["aggregates"].toInt(), int{kEvents});
    QCOMPARE(info.json()["eventsWithoutAggregate"].toInt(), 0);
}

void LimitsTest::memoryOfALongLineIsAFewTimesItsLength()
{
    constexpr qint64 kLine = 100 * 1'000'000;
    writeOne();
    QFile file(m_program.pathOf("long.jsonl"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"id\":\"a\",\"n\":1,\"at\":\"2026-01-01\"}\n{\"id\":\"a\",\"at\":\"2026-01-01\",\"text\":\"");
    const QByteArray piece(1'000'000, 'x');
    for (qint64 i = 0; i < kLine / piece.size(); ++i) file.write(piece);
    file.write("\"}\n{\"id\":\"a\",\"n\":2,\"at\":\"2026-01-01\"}\n");
    file.close();

    const qint64 base = peakOf(m_program, {"fetch", "one.jsonl"});
    const qint64 peak = peakOf(m_program, {"fetch", "long.jsonl"});
    qInfo("%lld MiB, with one event %lld MiB", peak / kMiB, base / kMiB);
    QVERIFY(base > 0);
    QVERIFY(peak > 0);
    QVERIFY(peak - base <= 5 * kLine);
    QCOMPARE(m_program.run({"info", "long.jsonl", "--json"}).json()["events"].toInt(), 3);
    QCOMPARE(m_program.run({"problems", "long.jsonl"}).exitCode, 0);
    const Ended shown = m_program.run({"show", "long.jsonl", "a", "--json"});
    QVERIFY2(shown.out.contains("\"sum\":3,"), shown.out.left(500));
}

void LimitsTest::aFullDiskIsSaidAndLeavesAPrefix()
{
    QByteArray lines;
    for (int i = 0; i < 40'000; ++i)
        lines += "{\"id\":\"a\",\"n\":" + QByteArray::number(i) + ",\"x\":\""
                 + QByteArray::number(i * 2654435761LL % 999983, 36) + QByteArray::number(i * 40503LL % 999979, 36)
                 + "\"}\n";
    (void)m_program.write("much.jsonl", lines);
    const QString disk = m_program.pathOf("disk");
    QDir().mkpath(disk);

    const Ended full = runOnDisk(m_program, disk, 300, {"fetch", "much.jsonl", "-o", disk + "/much.lflog"});

    if (full.exitCode == 125) QSKIP("no small disk can be mounted here");
    QVERIFY2(full.errors.contains("no space left on the disk"), full.errors);
    QCOMPARE(full.exitCode, 3);
    const Ended roomy =
        runOnDisk(m_program, disk, 64'000, {"fetch", "much.jsonl", "-o", disk + "/much.lflog", "--json"});
    QCOMPARE(roomy.json()["events"].toInt(), 40'000);
}

void LimitsTest::anExportThatDoesNotFitLeavesNothing_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"states.jsonl", "states.csv", "states.db"}) QTest::newRow(name) << name;
}

void LimitsTest::anExportThatDoesNotFitLeavesNothing()
{
    QFETCH(QString, name);
    QByteArray lines;
    for (int i = 0; i < 20'000; ++i) lines += "{\"id\":\"key-" + QByteArray::number(i) + "\",\"n\":1}\n";
    (void)m_program.write("keyed.jsonl", lines);
    QCOMPARE(m_program.run({"fetch", "keyed.jsonl"}).exitCode, 0);
    const QString disk = m_program.pathOf("disk");
    QDir().mkpath(disk);
    const QStringList exporting{"export", "keyed.jsonl", "-o", disk + "/" + name};

    const Ended full = runOnDisk(m_program, disk, 300, exporting);

    if (full.exitCode == 125) QSKIP("no small disk can be mounted here");
    QCOMPARE(full.exitCode, 3);
    QVERIFY2(full.errors.contains("no space left on the disk"), full.errors);
    QVERIFY2(full.errors.contains("entries left: 0"), full.errors);
    const Ended roomy = runOnDisk(m_program, disk, 64'000, exporting);
    QVERIFY2(roomy.exitCode == 0, roomy.errors);
    QVERIFY2(roomy.errors.contains("entries left: 2"), roomy.errors); // the states, and their manifest
}

/// An index that does not fit on the disk of the cache lives in memory.
void LimitsTest::indexesDoWithoutADisk()
{
    QByteArray lines;
    for (int i = 0; i < 40'000; ++i) lines += "{\"id\":\"key-" + QByteArray::number(i) + "\",\"n\":1}\n";
    (void)m_program.write("keyed.jsonl", lines);
    QCOMPARE(m_program.run({"fetch", "keyed.jsonl", "-o", m_program.pathOf("keyed.lflog")}).exitCode, 0);
    const QString disk = m_program.pathOf("disk");
    QDir().mkpath(disk);

    const Ended shown =
        runOnDisk(m_program, disk, 300, {"show", "keyed.lflog", "key-39999", "--cache", disk, "--json"});

    if (shown.exitCode == 125) QSKIP("no small disk can be mounted here");
    QCOMPARE(shown.exitCode, 0);
    QCOMPARE(shown.json()["state"]["count"].toInt(), 1);
}

QTEST_GUILESS_MAIN(LimitsTest)
#include "limits_test.moc"
