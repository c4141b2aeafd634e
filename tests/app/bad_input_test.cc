// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of logs that are not as they should be: nothing is lost without being counted and listed.
#include "tests/app/program.h"

#include <QRegularExpression>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

namespace {

QByteArray gzipped(const QByteArray& bytes)
{
    z_stream zlib{};
    deflateInit2(&zlib, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    QByteArray out(static_cast<qsizetype>(deflateBound(&zlib, static_cast<uLong>(bytes.size()))) + 64, '\0');
    zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    zlib.avail_in = static_cast<uInt>(bytes.size());
    zlib.next_out = reinterpret_cast<Bytef*>(out.data());
    zlib.avail_out = static_cast<uInt>(out.size());
    deflate(&zlib, Z_FINISH);
    out.resize(static_cast<qsizetype>(zlib.total_out));
    deflateEnd(&zlib);
    return out;
}

QByteArray zstdPacked(const QByteArray& bytes)
{
    QByteArray out(static_cast<qsizetype>(ZSTD_compressBound(static_cast<std::size_t>(bytes.size()))), '\0');
    out.resize(static_cast<qsizetype>(ZSTD_compress(out.data(), static_cast<std::size_t>(out.size()), bytes.data(),
                                                    static_cast<std::size_t>(bytes.size()), 3)));
    return out;
}

/// Lines that no compression makes small.
QByteArray noise(int lines)
{
    QByteArray out;
    quint32 seed = 7;
    for (int i = 0; i < lines; ++i) {
        out += "{\"id\":\"a\",\"n\":\"";
        for (int byte = 0; byte < 60; ++byte) {
            seed = seed * 1664525 + 1013904223;
            out += "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"[seed >> 26];
        }
        out += "\"}\n";
    }
    return out;
}

/// An event of aggregate a at a minute.
QByteArray entry(int minute, const QByteArray& more = {})
{
    return "{\"id\":\"a\",\"type\":\"Done\",\"at\":\"2026-01-01T10:" + QByteArray::number(minute + 10) + ":00Z\"" + more
           + "}\n";
}

QByteArray entries(int count)
{
    QByteArray out;
    for (int i = 0; i < count; ++i) out += entry(i);
    return out;
}

QByteArray nested(int depth)
{
    return QByteArray(depth, '[') + QByteArray(depth, ']');
}

} // namespace

class BadInputTest : public QObject {
    Q_OBJECT

private slots:
    void everyFaultIsSaid_data();
    void everyFaultIsSaid();
    void valuesStayAsTheyAre_data();
    void valuesStayAsTheyAre();
    void timesAreWhatTheySay_data();
    void timesAreWhatTheySay();
    void whatCannotBeReadIsAnError_data();
    void whatCannotBeReadIsAnError();
    void whatMayNotBeReadIsAnError_data();
    void whatMayNotBeReadIsAnError();
    void aFifoIsRead();

private:
    Program m_program;
};

/// `problems` is what `leftfold problems` prints, a line each; FILE stands for the path.
void BadInputTest::everyFaultIsSaid_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("events");
    QTest::addColumn<QByteArrayList>("problems");

    const auto log = [](const char* row, const QString& name, const QByteArray& bytes, int events,
                        const QByteArrayList& problems = {}) {
        QTest::newRow(row) << name << bytes << events << problems;
    };
    const auto lines = [&](const char* row, const QByteArray& bytes, int events, const QByteArrayList& problems = {}) {
        log(row, "a.jsonl", bytes, events, problems);
    };
    const QByteArray good = entry(0) + entry(1);
    lines("empty file", "", 0);
    lines("no newline at the end", good.chopped(1), 2);
    lines("half a line at the end", good + "{\"id\":\"a\",\"ty", 2,
          {"a[0]@2  half-written last line of FILE: 13 bytes from byte 106 are not taken yet"});
    lines("byte order mark", "\xef\xbb\xbf" + good, 2);
    lines("carriage returns", QByteArray(good).replace("\n", "\r\n"), 2);
    lines(
        "invalid UTF-8", entry(0, ",\"x\":\"\xc3(\"") + entry(1), 2,
        {"a[0]@0  not JSON at byte 57: invalid UTF-8", "a[0]@0  1 events have no aggregate id (/id), the first here"});
    lines("NUL bytes between values", entry(0) + QByteArray("\0\0\n", 3) + entry(1), 3,
          {"a[0]@1  not JSON at byte 0: a value is missing: found a control character",
           "a[0]@1  1 events have no aggregate id (/id), the first here"});
    lines("NUL byte in a text", entry(0, QByteArray(",\"x\":\"\0\"", 8)) + entry(1), 2,
          {"a[0]@0  not JSON at byte 57: control character in a text",
           "a[0]@0  1 events have no aggregate id (/id), the first here"});
    lines("leading zero", entry(0) + entry(1, ",\"n\":01"), 2,
          {"a[0]@1  not JSON at byte 56: number with a leading zero",
           "a[0]@1  1 events have no aggregate id (/id), the first here"});
    lines("half a word", entry(0) + entry(1, ",\"n\":tru"), 2,
          {"a[0]@1  not JSON at byte 56: unknown literal 'tru'",
           "a[0]@1  1 events have no aggregate id (/id), the first here"});
    lines("no JSON at all", entry(0) + "hello\n" + entry(1), 3,
          {"a[0]@1  not JSON at byte 0: unknown literal 'hello'",
           "a[0]@1  1 events have no aggregate id (/id), the first here"});
    lines("duplicate members", entry(0) + entry(1, ",\"id\":\"b\""), 2);
    lines("lone surrogates", entry(0, ",\"x\":\"\\ud800\"") + entry(1), 2);
    lines("10,000 deep", entry(0, ",\"x\":" + nested(10'000)) + entry(1), 2);
    lines("10,000 deep, not closed", entry(0) + QByteArray(10'000, '[') + "\n" + entry(1), 3,
          {"a[0]@1  not JSON at byte 9999: unclosed array",
           "a[0]@1  1 events have no aggregate id (/id), the first here"});
    lines("numbers beyond 64 bits", entry(0, ",\"n\":18446744073709551616") + entry(1, ",\"n\":1e400"), 2);
    lines("times before 1970", "{\"id\":\"a\",\"at\":\"1901-12-13T20:45:52Z\"}\n" + good, 3);
    lines("times after 2262", good + "{\"id\":\"a\",\"at\":\"9999-12-31T23:59:59Z\"}\n" + entry(2), 4,
          {"a[0]@2  its time 9999-12-31T23:59:59Z is 7979 years 107 days beyond its neighbours; every later event up "
           "to that "
           "time stands at it"});
    lines("a leap second", entry(0) + "{\"id\":\"a\",\"at\":\"2026-06-30T23:59:60Z\"}\n", 2);
    lines("times going backwards", entry(5) + entry(1) + entry(6), 3,
          {"a[0]@1  its time 2026-01-01T10:11:00Z is 4 min before the time reached already (2026-01-01T10:15:00Z)"});
    lines("a time that is none", entries(20) + "{\"id\":\"a\",\"at\":\"soon\"}\n" + entry(20), 22,
          {"a[0]@20  its time cannot be read: 'soon' is not a time: expected a date as 2011-01-31"});
    lines("missing time", entry(0) + "{\"id\":\"a\"}\n" + entry(2), 3,
          {"a[0]@1  1 events have no time, the first here; they stand at the time of their predecessor"});
    lines("missing id", entry(0) + "{\"at\":\"2026-01-01T10:11:00Z\"}\n" + entry(2), 3,
          {"a[0]@1  1 events have no aggregate id (/id), the first here"});
    log("gzip in two members", "a.jsonl.gz", gzipped(entry(0)) + gzipped(entry(1)), 2);
    log("truncated gzip", "a.jsonl.gz", gzipped(noise(2000)).chopped(40'000), -1,
        {"a[0]@0  N events have no time, the first here; they stand at the time of their predecessor",
         "a[0]@N  FILE ends in the middle of its gzip data, at byte N",
         "a[0]@N  half-written last line of FILE: N bytes from byte N are not taken yet"});
    log("truncated zstd", "a.jsonl.zst", zstdPacked(noise(6000)).chopped(40'000), -1,
        {"a[0]@0  N events have no time, the first here; they stand at the time of their predecessor",
         "a[0]@N  FILE ends in the middle of its zstd data, at byte N",
         "a[0]@N  half-written last line of FILE: N bytes from byte N are not taken yet"});
    log("CSV with ragged rows", "a.csv", "id,at,n\na,2026-01-01,1\na,2026-01-02\na,2026-01-03,1,2\n", 3,
        {"a[0]@1  line 3 of FILE has 2 fields, where the columns are 3",
         "a[0]@2  line 4 of FILE has 4 fields, where the columns are 3"});
    log("CSV with a quote never closed", "a.csv", "id,at,n\na,2026-01-01,\"1\na,2026-01-02,2\na,2026-01-03,3\n", 3,
        {"a[0]@0  line 2 of FILE: a quote is not closed at the end of its field; it is taken as text"});
    log("CSV that is no UTF-8", "a.csv", "id,at,n\na,2026-01-01,\xe4\na,2026-01-02,2\n", 2,
        {"a[0]@0  line 2 of FILE is not UTF-8 and kept as it stands; if the file is written in another encoding, "
         "name it with --encoding",
         "a[0]@0  not JSON at byte 0: unknown literal 'a'",
         "a[0]@0  1 events have no aggregate id (/id), the first here"});
}

void BadInputTest::everyFaultIsSaid()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(int, events);
    QFETCH(QByteArrayList, problems);
    const QString path = m_program.write(name, bytes);

    const Ended info = m_program.run({"info", name, "--json", "--fresh"});
    const Ended found = m_program.run({"problems", name});

    QCOMPARE(info.exitCode, 0);
    if (events >= 0) QCOMPARE(info.json()["events"].toInt(), events);
    QCOMPARE(found.exitCode, problems.isEmpty() ? 0 : 1);
    QString said = QString::fromUtf8(found.out).replace(QFileInfo(path).canonicalFilePath(), "FILE");
    // Where a compressed file was cut depends on the library that made it.
    static const QRegularExpression kNumbers("(?<=@|byte |: |  )[1-9][0-9,]*");
    if (events < 0) said.replace(kNumbers, "N");
    QCOMPARE(said, problems.isEmpty() ? QString() : QString::fromUtf8(problems.join('\n')) + '\n');
}

void BadInputTest::valuesStayAsTheyAre_data()
{
    QTest::addColumn<QByteArray>("value");

    QTest::newRow("beyond 64 bits") << QByteArray("18446744073709551617");
    QTest::newRow("below -2^63") << QByteArray("-9223372036854775809");
    QTest::newRow("40 digits") << QByteArray("1234567890123456789012345678901234567890");
    QTest::newRow("40 decimals") << QByteArray("0.1234567890123456789012345678901234567890");
    QTest::newRow("1e400") << QByteArray("1e400");
    QTest::newRow("minus nothing") << QByteArray("-0");
    QTest::newRow("lone surrogate") << QByteArray("\"\\ud800\"");
    QTest::newRow("NUL as it may be written") << QByteArray("\"\\u0000\"");
    QTest::newRow("10,000 deep") << nested(10'000);
}

void BadInputTest::valuesStayAsTheyAre()
{
    QFETCH(QByteArray, value);
    (void)m_program.write("values.jsonl", entry(0, ",\"x\":1") + entry(1, ",\"x\":" + value));

    const Ended shown = m_program.run({"show", "values.jsonl", "a", "--fold", "latest", "--json", "--fresh"});

    QCOMPARE(shown.exitCode, 0);
    QVERIFY2(shown.out.contains("\"x\":" + value + "}"), shown.out.left(200));
}

void BadInputTest::timesAreWhatTheySay_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<QString>("time");

    QTest::newRow("before 1970") << QByteArray("1901-12-13T20:45:51.5Z") << "1901-12-13T20:45:51.500Z";
    QTest::newRow("before 1677") << QByteArray("1066-10-14T09:00:00Z") << "1066-10-14T09:00:00Z";
    QTest::newRow("after 2262") << QByteArray("2262-04-11T23:47:16.854775808Z") << "2262-04-11T23:47:16.854775808Z";
    QTest::newRow("after 2554") << QByteArray("9999-12-31T23:59:59Z") << "9999-12-31T23:59:59Z";
    QTest::newRow("a leap second") << QByteArray("2016-12-31T23:59:60Z") << "2017-01-01T00:00:00Z";
}

void BadInputTest::timesAreWhatTheySay()
{
    QFETCH(QByteArray, written);
    QFETCH(QString, time);
    (void)m_program.write("times.jsonl", "{\"id\":\"a\",\"at\":\"" + written + "\"}\n");

    const Ended log = m_program.run({"log", "times.jsonl", "--json", "--fresh"});

    QCOMPARE(log.json()["time"].toString(), time);
    QCOMPARE(m_program.run({"problems", "times.jsonl"}).exitCode, 0);
}

void BadInputTest::whatCannotBeReadIsAnError_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("error");

    const QFileInfo folder(m_program.pathOf("."));
    QDir().mkpath(m_program.pathOf("empty"));
    QDir().mkpath(m_program.pathOf("outer/inner"));
    const QString root = folder.canonicalFilePath();
    QTest::newRow("nothing there") << "none.jsonl"
                                   << "none.jsonl: there is no such file";
    QTest::newRow("empty folder") << "empty"
                                  << "there are no files in " + root + "/empty";
    QTest::newRow("a folder of folders") << "outer"
                                         << "there are no files in " + root + "/outer";
    QTest::newRow("a device") << "/dev/null"
                              << "/dev/null is neither a file, a folder nor a pipe";
}

void BadInputTest::whatCannotBeReadIsAnError()
{
    QFETCH(QString, path);
    QFETCH(QString, error);

    const Ended ended = m_program.run({"info", path});

    QCOMPARE(ended.exitCode, 3);
    QCOMPARE(QString::fromUtf8(ended.errors).trimmed(), "leftfold: " + error);
}

/// Run without the rights by which root reads everything.
void BadInputTest::whatMayNotBeReadIsAnError_data()
{
    QTest::addColumn<QString>("log");
    QTest::addColumn<QString>("locked");
    QTest::newRow("a file") << "locked.jsonl"
                            << "locked.jsonl";
    QTest::newRow("a file among others") << "shelf"
                                         << "shelf/b.jsonl";
    QTest::newRow("a folder") << "shut"
                              << "shut";
    QTest::newRow("a capture") << "locked.lflog"
                               << "locked.lflog";
}

void BadInputTest::whatMayNotBeReadIsAnError()
{
    QFETCH(QString, log);
    QFETCH(QString, locked);
    QDir(m_program.pathOf(".")).mkpath("shelf");
    QDir(m_program.pathOf(".")).mkpath("shut");
    for (const char* name : {"locked.jsonl", "shelf/a.jsonl", "shelf/b.jsonl", "shut/a.jsonl"})
        (void)m_program.write(name, entry(0));
    QCOMPARE(m_program.run({"fetch", "shelf/a.jsonl", "-o", "locked.lflog"}).exitCode, 0);
    const QFile::Permissions before = QFile::permissions(m_program.pathOf(locked));
    QVERIFY(QFile::setPermissions(m_program.pathOf(locked), {}));

    const Ended ended = m_program.runUnprivileged({"info", log});

    QVERIFY(QFile::setPermissions(m_program.pathOf(locked), before));
    QCOMPARE(ended.exitCode, 3);
    QVERIFY2(ended.errors.contains(locked.toUtf8() + ": permission denied"), ended.errors);
    QVERIFY(ended.out.isEmpty());
}

void BadInputTest::aFifoIsRead()
{
    const QByteArray path = m_program.pathOf("fifo").toUtf8();
    QCOMPARE(::mkfifo(path.constData(), 0600), 0);
    std::thread writer([&] {
        QFile fifo(path);
        if (!fifo.open(QIODevice::WriteOnly)) return;
        fifo.write(entry(0) + "hello\n" + entry(1));
    });

    const Ended ended = m_program.run({"info", path, "--json"});
    writer.join();

    QCOMPARE(ended.exitCode, 0);
    QCOMPARE(ended.json()["events"].toInt(), 3);
}

QTEST_GUILESS_MAIN(BadInputTest)
#include "bad_input_test.moc"
