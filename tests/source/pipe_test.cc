// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_fixture.h"

#include <atomic>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

using namespace leftfold;
using namespace leftfold::source;
using namespace leftfold::source::test;

namespace {

void writeAll(int descriptor, const std::string& bytes)
{
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t written = ::write(descriptor, bytes.data() + at, bytes.size() - at);
        if (written < 0) qFatal("cannot write to the pipe");
        at += static_cast<std::size_t>(written);
    }
}

/// While it lives, standard input is the reading end of a pipe.
class InputPipe {
public:
    InputPipe() : m_saved(::dup(STDIN_FILENO))
    {
        int ends[2];
        if (::pipe(ends) != 0) qFatal("no pipe");
        ::dup2(ends[0], STDIN_FILENO);
        ::close(ends[0]);
        m_writer = ends[1];
    }
    ~InputPipe()
    {
        close();
        ::dup2(m_saved, STDIN_FILENO);
        ::close(m_saved);
    }
    void write(const std::string& bytes) const { writeAll(m_writer, bytes); }
    void close()
    {
        if (m_writer >= 0) ::close(m_writer);
        m_writer = -1;
    }

private:
    int m_saved;
    int m_writer = -1;
};

/// A read that runs in a thread of its own until it is stopped.
struct StoppableRead {
    explicit StoppableRead(EventSource& source)
        : thread([this, &source](std::stop_token stop) {
              auto batch = source.read(stop);
              result = batch ? std::string("batch") : std::string(base::nameOf(batch.error().code));
              done = true;
          })
    {}
    std::string result;
    std::atomic<bool> done = false;
    std::jthread thread;
};

} // namespace

class PipeTest : public QObject {
    Q_OBJECT

private slots:
    void standardInputIsALog();
    void compressedInputIsUnpacked_data();
    void compressedInputIsUnpacked();
    void theLastLineIsTakenAsItIs();
    void whatIsThereComesBeforeMoreIsWritten();
    void moreThanAPipeHolds();
    void aSilentPipeCanBeStopped_data();
    void aSilentPipeCanBeStopped();
    void aStoppedPipeLosesNothing();
    void inputIsReadOnce();
    void aFifoIsALog();
    void aFifoWithoutAWriterCanBeStopped();
    void inputAndFilesTogether();
};

void PipeTest::standardInputIsALog()
{
    InputPipe input;
    input.write("\xef\xbb\xbf{\"x\":1}\n\n{\"x\":2}\r\n");
    input.close();

    auto source = openFiles({"-"});
    QVERIFY(!(*source)->resumable());
    Loaded loaded;
    loadInto(loaded, **source, *(*source)->target());

    QCOMPARE(loaded.records, (QStringList{"stdin[0]@0 {\"x\":1}", "stdin[0]@1 {\"x\":2}"}));
    QCOMPARE((*source)->progress().total, 0);
    QVERIFY(!*(*source)->grownBeyond(loaded.cut));
}

void PipeTest::compressedInputIsUnpacked_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("gzip") << QByteArray::fromStdString(gzipped("1\n") + gzipped("2\n"));
    QTest::newRow("zstd") << QByteArray::fromStdString(zstdPacked("1\n") + zstdPacked("2\n"));
}

void PipeTest::compressedInputIsUnpacked()
{
    QFETCH(QByteArray, bytes);
    InputPipe input;
    std::jthread writer([&] {
        for (const char byte : bytes) input.write(std::string(1, byte));
        input.close();
    });

    QCOMPARE(load({"-"}).records, (QStringList{"stdin[0]@0 1", "stdin[0]@1 2"}));
}

void PipeTest::theLastLineIsTakenAsItIs()
{
    InputPipe input;
    input.write("1\n{\"x\":");
    input.close();

    const Loaded loaded = load({"-"});

    QCOMPARE(loaded.records, (QStringList{"stdin[0]@0 1", "stdin[0]@1 {\"x\":"}));
    QCOMPARE(loaded.tail, QStringList());
}

void PipeTest::whatIsThereComesBeforeMoreIsWritten()
{
    InputPipe input;
    auto source = openFiles({"-"});
    QVERIFY((*source)->open("", *(*source)->target(), {}).has_value());

    input.write("1\n2\n{\"half\"");
    Loaded loaded;
    add(loaded, std::move(**(*source)->read({})));
    QCOMPARE(loaded.records, (QStringList{"stdin[0]@0 1", "stdin[0]@1 2"}));
    input.write(":3}\n4\n");
    add(loaded, std::move(**(*source)->read({})));
    QCOMPARE(loaded.records.mid(2), (QStringList{"stdin[0]@2 {\"half\":3}", "stdin[0]@3 4"}));
    input.close();
    const auto last = (*source)->read({});
    QVERIFY(last.has_value());
}

void PipeTest::moreThanAPipeHolds()
{
    std::string bytes;
    for (int i = 0; i < 300'000; ++i) bytes += "{\"n\":" + std::to_string(i) + "}\n";
    InputPipe input;
    std::jthread writer([&] {
        input.write(bytes);
        input.close();
    });

    const Loaded loaded = load({"-"});

    QCOMPARE(loaded.raw.size(), 300'000);
    QVERIFY(*loaded.raw.back().value == "{\"n\":299999}");
    QCOMPARE(loaded.raw.back().offset.value, 299'999);
}

void PipeTest::aSilentPipeCanBeStopped_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::newRow("nothing written") << QByteArray();
    QTest::newRow("half a line written") << QByteArray("{\"x\"");
    QTest::newRow("half a magic number written") << QByteArray("\x1f");
    QTest::newRow("half a stream written") << QByteArray::fromStdString(gzipped("123\n").substr(0, 12));
}

void PipeTest::aSilentPipeCanBeStopped()
{
    QFETCH(QByteArray, before);
    InputPipe input;
    input.write(before.toStdString());
    auto source = openFiles({"-"});
    QVERIFY((*source)->open("", *(*source)->target(), {}).has_value());

    StoppableRead read(**source);
    QTest::qWait(60);
    QVERIFY(!read.done);
    read.thread.request_stop();
    read.thread.join();

    QCOMPARE(text(read.result), QString("cancelled"));
}

void PipeTest::aStoppedPipeLosesNothing()
{
    InputPipe input;
    input.write("{\"x\"");
    auto source = openFiles({"-"});
    QVERIFY((*source)->open("", *(*source)->target(), {}).has_value());
    StoppableRead read(**source);
    QTest::qWait(60);
    read.thread.request_stop();
    read.thread.join();

    input.write(":1}\n");
    const auto batch = (*source)->read({});

    QCOMPARE(text(*(*batch)->records.at(0).value), QString("{\"x\":1}"));
}

void PipeTest::inputIsReadOnce()
{
    InputPipe input;
    input.write("1\n2\n");
    auto source = openFiles({"-"});
    const std::string target = *(*source)->target();
    QVERIFY((*source)->open("", target, {}).has_value());
    const std::string middle = (*(*source)->read({}))->sourceCut;
    input.close();
    Loaded rest;
    while (true) {
        auto batch = (*source)->read({});
        QVERIFY(batch.has_value());
        if (!*batch) break;
        add(rest, std::move(**batch));
    }

    const auto again = (*source)->open(middle, target, {});
    QVERIFY(!again && again.error().code == base::ErrorCode::SourceReadOnce);
    QVERIFY((*source)->open(rest.cut, target, {}).has_value());
    QVERIFY(!*(*source)->read({}));
}

void PipeTest::aFifoIsALog()
{
    const Folder folder;
    QCOMPARE(::mkfifo(folder.path("events.jsonl").c_str(), 0600), 0);
    std::jthread writer([&] {
        const int fifo = ::open(folder.path("events.jsonl").c_str(), O_WRONLY);
        writeAll(fifo, "1\n2\n");
        ::close(fifo);
    });

    const Loaded loaded = load({folder.path("events.jsonl")});

    QCOMPARE(loaded.error, QString());
    QCOMPARE(loaded.records, (QStringList{"events[0]@0 1", "events[0]@1 2"}));
}

void PipeTest::aFifoWithoutAWriterCanBeStopped()
{
    const Folder folder;
    QCOMPARE(::mkfifo(folder.path("events.jsonl").c_str(), 0600), 0);
    auto source = openFiles({folder.path("events.jsonl")});
    QVERIFY(!(*source)->resumable());
    QVERIFY((*source)->open("", *(*source)->target(), {}).has_value());

    StoppableRead read(**source);
    QTest::qWait(60);
    QVERIFY(!read.done);
    read.thread.request_stop();
    read.thread.join();

    QCOMPARE(text(read.result), QString("cancelled"));
}

void PipeTest::inputAndFilesTogether()
{
    const Folder folder;
    folder.write("a.jsonl", "1\n");
    folder.write("stdin.jsonl", "3\n");
    InputPipe input;
    input.write("2\n");
    input.close();

    const Loaded loaded = load({folder.path("a.jsonl"), "-", folder.path("stdin.jsonl")});

    QCOMPARE(loaded.records.first(2), (QStringList{"a[0]@0 1", "stdin[0]@0 2"}));
    QVERIFY(loaded.records.at(2).endsWith("/stdin[0]@0 3"));
}

QTEST_GUILESS_MAIN(PipeTest)
#include "pipe_test.moc"
