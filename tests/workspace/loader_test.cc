// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/loader.h"

#include "tests/capture/made_batches.h"

#include <QTest>

#include <sys/stat.h>
#include <thread>

using namespace leftfold;
using namespace leftfold::workspace;
using capture::test::bytesOf;
using capture::test::failureOf;
using capture::test::Folder;
using capture::test::linesOf;
using capture::test::must;
using capture::test::newSeed;
using capture::test::opened;
using capture::test::Random;
using capture::test::text;
using capture::test::write;

namespace {

/// Lines from `first` on: ids that repeat, types, times that mostly grow.
std::string lines(int first, int count)
{
    std::string out;
    for (int i = first; i < first + count; ++i) {
        const std::string second = std::to_string(10 + (i * 7) % 50);
        out += R"({"order":"o-)" + std::to_string(i % 97) + R"(","type":"T)" + std::to_string(i % 5) + R"(","at":"2024-01-0)"
               + std::to_string(1 + i / 4000) + "T00:" + std::to_string(10 + (i / 100) % 50) + ":" + second + R"(Z","n":)" + std::to_string(i)
               + R"(,"other":"2030-01-01T00:00:)" + second + "Z\"}\n";
    }
    return out;
}

/// A log in a folder with a cache beside it.
struct Log {
    explicit Log(const std::string& content, const std::string& name = "orders.jsonl") : path(folder.path(name)) { write(path, content); }

    [[nodiscard]] LoadOptions options() const
    {
        LoadOptions options;
        options.log = {path};
        options.cacheRoot = folder.path("cache");
        return options;
    }
    void append(const std::string& more) const { write(path, bytesOf(path) + more, QIODevice::Append); }
    [[nodiscard]] QStringList captures() const { return QDir(text(folder.path("cache/captures"))).entryList(QDir::Files); }
    [[nodiscard]] QStringList indexes() const { return QDir(text(folder.path("cache/indexes"))).entryList(QDir::Files); }

    Folder folder;
    std::string path;

private:
    /// Only what is new: the file keeps its identity.
    static void write(const std::string& to, const std::string& bytes, QIODevice::OpenMode mode = QIODevice::WriteOnly)
    {
        QFile file(text(to));
        if (!file.open(mode)) qFatal("cannot write");
        const std::string have = mode == QIODevice::Append ? bytesOf(to) : std::string();
        const std::string more = bytes.substr(have.size());
        file.write(more.data(), static_cast<qint64>(more.size()));
    }
};

/// Opens, updates, closes; where the capture lies.
std::string load(const LoadOptions& options)
{
    const auto loader = must(Loader::open(options));
    must(loader->update({}, {}));
    must(loader->close());
    return loader->capturePath();
}

std::uint64_t eventsIn(const std::string& capture)
{
    return opened(capture)->catalog().eventCount();
}

std::string contentOf(const std::string& capture)
{
    const auto reader = opened(capture);
    return must(linesOf(*reader)) + base::toHex(must(reader->identity())) + toJson(reader->catalog().mapping());
}

} // namespace

class LoaderTest : public QObject {
    Q_OBJECT

private slots:
    void aFileBecomesACapture();
    void openingItAgainReadsNothing();
    void appendedLinesContinue();
    void anInterruptedLoadContinues_data();
    void anInterruptedLoadContinues();
    void oneLoaderMayBeStoppedAndGoOn();
    void aStopWhileDetectingLosesNothing();
    void aMappingGivenLaterReadsNoSource();
    void aMappingGivenAtFirstIsKept();
    void strictEndsAtWhatIsNoJson();
    void freshForgets();
    void freshLeavesOtherFilesAlone();
    void aRewrittenFileIsRefused();
    void aPipeLeavesNothing();
    void aPipeMayBeCaptured();
    void aCaptureIsOpenedAsItIs();
    void twoLoadersAtOnce();
    void theCacheKeyIsTheSource();
    void aCaptureOfAnotherLogIsRefused();
    void growthIsWaitedFor();
    void indexesAreMadeOnTheWay();
};

void LoaderTest::aFileBecomesACapture()
{
    const Log log(lines(0, 3000));
    const auto loader = must(Loader::open(log.options()));
    QVERIFY(loader->isSource());
    QCOMPARE(log.captures(), QStringList()); // nothing is read yet
    std::uint64_t last = 0;
    must(loader->update({}, [&](const LoadProgress& at) {
        QVERIFY(at.events >= last && at.done <= at.total);
        last = at.events;
    }));
    QVERIFY(text(loader->mappingNote()).contains("/order"));
    must(loader->close());

    const auto reader = opened(loader->capturePath());
    QCOMPARE(reader->catalog().eventCount(), 3000U);
    QCOMPARE(reader->catalog().loads().size(), 1U);
    QVERIFY(reader->catalog().loads()[0].complete);
    QCOMPARE(toText(reader->catalog().partitions()[0]), std::string("orders[0]"));
    const auto first = must(reader->event(event::EventIndex{0}));
    QVERIFY(lines(0, 1) == std::string(*first.record.value) + "\n");
    QCOMPARE(log.captures().size(), 1);
}

void LoaderTest::openingItAgainReadsNothing()
{
    const Log log(lines(0, 500));
    const std::string path = load(log.options());
    const std::string bytes = bytesOf(path);
    const auto again = must(Loader::open(log.options()));
    bool told = false;
    must(again->update({}, [&](const LoadProgress&) { told = true; }));
    must(again->close());
    QVERIFY(!told);
    QCOMPARE(again->capturePath(), path);
    QVERIFY(again->mappingNote().empty());
    QVERIFY(bytesOf(path) == bytes);
}

void LoaderTest::appendedLinesContinue()
{
    const Log log(lines(0, 1000));
    const std::string path = load(log.options());
    for (int times = 1; times <= 3; ++times) {
        log.append(lines(1000 * times, 1000));
        QCOMPARE(load(log.options()), path);
        QCOMPARE(opened(path)->catalog().loads().size(), static_cast<std::size_t>(times + 1));
    }
    const Log whole(lines(0, 4000));
    const std::string other = load(whole.options());
    QCOMPARE(must(opened(path)->identity()), must(opened(other)->identity()));
    QVERIFY(contentOf(path) == contentOf(other)); // one partition: its order does not depend on the loads
}

void LoaderTest::anInterruptedLoadContinues_data()
{
    QTest::addColumn<int>("after");
    QTest::addColumn<bool>("closed");
    for (const int after : {1, 2, 5}) {
        QTest::addRow("after %d batches", after) << after << true;
        QTest::addRow("after %d batches, not closed", after) << after << false;
    }
}

void LoaderTest::anInterruptedLoadContinues()
{
    QFETCH(int, after);
    QFETCH(bool, closed);
    const Log log(lines(0, 30'000));
    std::string path;
    {
        const auto loader = must(Loader::open(log.options()));
        path = loader->capturePath();
        std::stop_source stop;
        int batches = 0;
        QCOMPARE(failureOf(loader->update(stop.get_token(), [&](const LoadProgress&) { if (++batches == after) stop.request_stop(); })), QString("cancelled"));
        if (closed) must(loader->close());
    }
    const std::uint64_t kept = eventsIn(path);
    QVERIFY2(kept > 0 && kept < 30'000, qPrintable(QString::number(kept)));
    QVERIFY(!opened(path)->catalog().loads().back().complete);
    log.append(lines(30'000, 10)); // belongs to the next load
    QCOMPARE(load(log.options()), path);
    const Log whole(lines(0, 30'010));
    QVERIFY(contentOf(path) == contentOf(load(whole.options())));
    QCOMPARE(opened(path)->catalog().loads().size(), 2U);
    QCOMPARE(opened(path)->catalog().loads()[0].events, 30'000U);
}

void LoaderTest::oneLoaderMayBeStoppedAndGoOn()
{
    const Log log(lines(0, 20'000));
    const auto loader = must(Loader::open(log.options()));
    int stops = 0;
    for (;;) {
        std::stop_source stop;
        const auto outcome = loader->update(stop.get_token(), [&](const LoadProgress&) { stop.request_stop(); });
        if (outcome) break;
        QCOMPARE(failureOf(outcome), QString("cancelled"));
        QVERIFY(++stops < 1000);
    }
    must(loader->close());
    QVERIFY(stops > 3);
    const Log whole(lines(0, 20'000));
    QVERIFY(contentOf(loader->capturePath()) == contentOf(load(whole.options())));
}

void LoaderTest::aStopWhileDetectingLosesNothing()
{
    const Log log(lines(0, 5000));
    const auto loader = must(Loader::open(log.options()));
    std::stop_source stop;
    stop.request_stop();
    for (int i = 0; i < 3; ++i) QCOMPARE(failureOf(loader->update(stop.get_token(), {})), QString("cancelled"));
    must(loader->update({}, {}));
    must(loader->close());
    const Log whole(lines(0, 5000));
    QVERIFY(contentOf(loader->capturePath()) == contentOf(load(whole.options())));
}

void LoaderTest::aMappingGivenLaterReadsNoSource()
{
    const Log log(lines(0, 2000));
    const std::string path = load(log.options());
    const auto before = must(opened(path)->identity());
    LoadOptions options = log.options();
    options.mapping.time = must(decode::parseFieldRef("/other"));
    const QDateTime untouched = QFileInfo(text(log.path)).lastRead();
    {
        const auto loader = must(Loader::open(options));
        must(loader->update({}, {}));
        QVERIFY(text(loader->mappingNote()).contains("time /other"));
        QVERIFY(text(loader->mappingNote()).contains("id /order"));
        must(loader->close());
    }
    QCOMPARE(QFileInfo(text(log.path)).lastRead(), untouched);
    const auto reader = opened(path);
    QCOMPARE(must(reader->identity()), before);
    QCOMPARE(reader->catalog().loads().size(), 1U);
    QVERIFY(text(base::toIso(must(reader->event(event::EventIndex{0})).effective)).startsWith("2030-"));
    const Log fresh(lines(0, 2000));
    LoadOptions freshOptions = fresh.options();
    freshOptions.mapping.time = options.mapping.time;
    QVERIFY(contentOf(path) == contentOf(load(freshOptions)));

    QCOMPARE(load(log.options()), path); // nothing given: what is there stays
    QVERIFY(contentOf(path) == contentOf(load(options)));
}

void LoaderTest::aMappingGivenAtFirstIsKept()
{
    const Log log(lines(0, 200));
    LoadOptions options = log.options();
    options.mapping.id = must(decode::parseFieldRef("/n"));
    const std::string path = load(options);
    QCOMPARE(toText(*opened(path)->catalog().mapping().id), std::string("/n"));
    log.append(lines(200, 10));
    (void)load(log.options());
    QCOMPARE(toText(*opened(path)->catalog().mapping().id), std::string("/n"));
    QCOMPARE(eventsIn(path), 210U);
}

void LoaderTest::strictEndsAtWhatIsNoJson()
{
    const Log log(lines(0, 2000) + "{oops\n" + lines(2000, 100));
    LoadOptions options = log.options();
    options.strict = true;
    std::string path;
    {
        const auto loader = must(Loader::open(options));
        path = loader->capturePath();
        const auto refused = loader->update({}, {});
        QCOMPARE(failureOf(refused), QString("undecodable-record"));
        QVERIFY(text(base::render(refused.error())).contains("line 2001"));
        QCOMPARE(failureOf(loader->update({}, {})), QString("undecodable-record")); // and again
    }
    QVERIFY(eventsIn(path) <= 2000);
    QVERIFY(!opened(path)->walLoss());
    QCOMPARE(load(log.options()), path);
    QCOMPARE(eventsIn(path), 2101U);
    QVERIFY(must(opened(path)->event(event::EventIndex{2000})).facts.undecodable);
}

void LoaderTest::freshForgets()
{
    const Log log(lines(0, 100));
    const std::string path = load(log.options());
    const std::string before = opened(path)->catalog().captureId();
    LoadOptions options = log.options();
    options.fresh = true;
    QCOMPARE(load(options), path);
    QVERIFY(opened(path)->catalog().captureId() != before);
    QCOMPARE(eventsIn(path), 100U);
    {
        const auto writing = must(capture::Writer::resume(path, [&] {
            capture::WriterOptions busy;
            busy.source = opened(path)->catalog().source();
            return busy;
        }()));
        QCOMPARE(failureOf(Loader::open(options)), QString("capture-busy"));
    }
    QCOMPARE(eventsIn(path), 100U);
}

void LoaderTest::freshLeavesOtherFilesAlone()
{
    const Log log(lines(0, 100));
    write(log.folder.path("precious"), "data");
    LoadOptions options = log.options();
    options.capturePath = log.folder.path("precious");
    options.fresh = true;
    QCOMPARE(failureOf(Loader::open(options)), QString("not-a-capture"));
    QCOMPARE(text(bytesOf(log.folder.path("precious"))), QString("data"));
}

void LoaderTest::aRewrittenFileIsRefused()
{
    const Log log(lines(0, 1000));
    const std::string path = load(log.options());
    const std::string content = contentOf(path);
    write(log.path, lines(5000, 2000));
    const auto loader = must(Loader::open(log.options()));
    QCOMPARE(failureOf(loader->update({}, {})), QString("source-rewritten"));
    QVERIFY(contentOf(path) == content);
}

void LoaderTest::aPipeLeavesNothing()
{
    const Log log(lines(0, 10));
    const std::string fifo = log.folder.path("pipe");
    QCOMPARE(::mkfifo(fifo.c_str(), 0600), 0);
    LoadOptions options = log.options();
    options.log = {fifo};
    std::jthread feeder([&] { write(fifo, lines(0, 3000)); });
    {
        const auto loader = must(Loader::open(options));
        must(loader->update({}, {}));
        const auto reader = opened(loader->capturePath(), loader->indexFolder());
        QCOMPARE(reader->catalog().eventCount(), 3000U);
        QCOMPARE(must(capture::KeyIndex::open(*reader, *reader->catalog().mapping().id, 2, {}, {}))->size(), 97U);
    }
    feeder.join();
    QCOMPARE(log.captures(), QStringList());
    QCOMPARE(log.indexes(), QStringList());
    QCOMPARE(QDir(text(log.folder.path("cache/captures"))).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList());
}

void LoaderTest::aPipeMayBeCaptured()
{
    const Log log(lines(0, 10));
    const std::string fifo = log.folder.path("pipe");
    QCOMPARE(::mkfifo(fifo.c_str(), 0600), 0);
    LoadOptions options = log.options();
    options.log = {fifo};
    options.capturePath = log.folder.path("kept.lflog");
    std::jthread feeder([&] { write(fifo, lines(0, 3000)); });
    QCOMPARE(load(options), options.capturePath);
    QCOMPARE(eventsIn(options.capturePath), 3000U);
}

void LoaderTest::aCaptureIsOpenedAsItIs()
{
    const Log log(lines(0, 100));
    LoadOptions options = log.options();
    options.capturePath = log.folder.path("out.lflog");
    (void)load(options);
    const std::string bytes = bytesOf(options.capturePath);

    LoadOptions direct = log.options();
    direct.log = {options.capturePath};
    const auto loader = must(Loader::open(direct));
    QVERIFY(!loader->isSource());
    QCOMPARE(loader->capturePath(), options.capturePath);
    must(loader->update({}, {}));
    QVERIFY(!must(loader->waitForMore({})));
    must(loader->close());
    QVERIFY(bytesOf(options.capturePath) == bytes);

    // Whatever it is called.
    write(log.folder.path("renamed"), bytes);
    direct.log = {log.folder.path("renamed")};
    QVERIFY(!must(Loader::open(direct))->isSource());
    direct.capturePath = log.folder.path("copy.lflog");
    QCOMPARE(failureOf(Loader::open(direct)), QString("bad-argument"));
    direct.log = {};
    QCOMPARE(failureOf(Loader::open(direct)), QString("bad-argument"));
}

void LoaderTest::twoLoadersAtOnce()
{
    const Log log(lines(0, 5000));
    const auto first = must(Loader::open(log.options()));
    std::stop_source stop;
    QCOMPARE(failureOf(first->update(stop.get_token(), [&](const LoadProgress&) { stop.request_stop(); })), QString("cancelled"));
    {
        const auto second = must(Loader::open(log.options()));
        QCOMPARE(failureOf(second->update({}, {})), QString("capture-busy"));
    }
    must(first->update({}, {}));
    {
        // While the first is open, the second finds everything up to date and needs no lock.
        const auto second = must(Loader::open(log.options()));
        must(second->update({}, {}));
    }
    must(first->close());
    QCOMPARE(eventsIn(first->capturePath()), 5000U);
}

void LoaderTest::theCacheKeyIsTheSource()
{
    const Log log(lines(0, 10));
    QDir(text(log.folder.path())).mkdir("sub");
    write(log.folder.path("sub/orders.jsonl"), lines(0, 10));
    LoadOptions sub = log.options();
    sub.log = {log.folder.path("sub/orders.jsonl")};
    LoadOptions same = log.options();
    same.log = {log.folder.path("sub/../orders.jsonl")};
    LoadOptions both = log.options();
    both.log.push_back(sub.log[0]);
    const std::string path = load(log.options());
    QCOMPARE(load(same), path);
    QVERIFY(load(sub) != path);
    QVERIFY(load(both) != path);
    QCOMPARE(log.captures().size(), 3);
    QCOMPARE(eventsIn(load(both)), 20U);
}

void LoaderTest::aCaptureOfAnotherLogIsRefused()
{
    const Log log(lines(0, 10));
    const Log other(lines(0, 10));
    LoadOptions options = log.options();
    options.capturePath = log.folder.path("out.lflog");
    (void)load(options);
    options.log = {other.path};
    const auto loader = must(Loader::open(options));
    QCOMPARE(failureOf(loader->update({}, {})), QString("other-source"));
    QCOMPARE(eventsIn(options.capturePath), 10U);
}

void LoaderTest::growthIsWaitedFor()
{
    const Log log(lines(0, 10));
    const auto loader = must(Loader::open(log.options()));
    must(loader->update({}, {}));
    {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!must(loader->waitForMore(stop.get_token())));
    }
    std::jthread grower([&] { log.append(lines(10, 5)); });
    QVERIFY(must(loader->waitForMore({})));
    grower.join();
    must(loader->update({}, {}));
    must(loader->close());
    QCOMPARE(eventsIn(loader->capturePath()), 15U);
}

void LoaderTest::indexesAreMadeOnTheWay()
{
    const Log log(lines(0, 3000));
    LoadOptions options = log.options();
    options.indexFields = {must(decode::parseFieldRef("/type")), must(decode::parseFieldRef("/order"))};
    const std::string path = load(options);
    QCOMPARE(log.indexes().size(), 3); // the catalog's, by /order, by /type
    const auto reader = opened(path, log.folder.path("cache/indexes"));
    bool read = false;
    const auto byType = must(capture::KeyIndex::open(*reader, options.indexFields[0], 2, {}, [&](std::uint64_t, std::uint64_t) { read = true; }));
    QCOMPARE(byType->size(), 5U);
    QVERIFY(!read);
}

QTEST_APPLESS_MAIN(LoaderTest)
#include "loader_test.moc"
