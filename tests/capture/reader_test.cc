// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/capture/made_batches.h"

#include <QTest>

#include <sys/stat.h>
#include <sys/wait.h>

using namespace leftfold;
using namespace leftfold::capture;
using namespace leftfold::capture::test;

namespace {

LogShape someShape()
{
    LogShape shape;
    shape.partitions = 4;
    shape.events = 5000;
    shape.loads = 2;
    shape.batchEvents = 500;
    return shape;
}

/// A capture of a random log, and what it should say.
struct Made {
    explicit Made(unsigned seed, const LogShape& shape = someShape())
        : log(seed, shape),
          order(replayOrder(log.loads()))
    {
        capture::test::capture(path(), log.loads());
        reader = opened(path());
    }
    [[nodiscard]] std::string path() const { return folder.path("a.lflog"); }

    /// Of each partition how many events `isInside`.
    template <class Inside>
    [[nodiscard]] OrdinalCut cutOf(Inside isInside) const
    {
        OrdinalCut cut{std::vector<std::uint64_t>(reader->catalog().partitions().size(), 0)};
        for (std::size_t i = 0; i < order.size(); ++i) {
            if (isInside(i)) ++cut.next[must(reader->catalog().numberOf(order[i].event->partition))];
        }
        return cut;
    }

    Folder folder;
    RandomLog log;
    std::vector<Placed> order;
    std::unique_ptr<Reader> reader;
};

/// By another process: closing a file takes the locks away that this one holds on it.
void copyLive(const std::string& from, const std::string& to)
{
    const pid_t child = ::fork();
    if (child == 0) {
        write(to, bytesOf(from));
        ::_exit(0);
    }
    int status = 0;
    if (::waitpid(child, &status, 0) != child || status != 0) qFatal("cannot copy");
}

/// Runs it as somebody whom permissions bind: a test may run as root, whom they do not.
int asNobody(const std::function<int()>& run)
{
    if (::geteuid() != 0) return run();
    const pid_t child = ::fork();
    if (child == 0) ::_exit(::setgid(65534) == 0 && ::setuid(65534) == 0 ? run() : 99);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

} // namespace

class ReaderTest : public QObject {
    Q_OBJECT

private slots:
    void timesBecomeCuts();
    void positionsBecomeCuts();
    void cutsMayLieInGaps();
    void whatIsNotThereIsSaid_data();
    void whatIsNotThereIsSaid();
    void cutsGoThereAndBack();
    void runsEqualSingleEvents();
    void anotherReaderSeesTheSameMoment();
    void aReaderOpenDuringWritingSeesItsMoment();
    void aRemapMeanwhileIsNoticed();
    void identityIsFreeOfChunking();
    void aReadOnlyFolderWillDo();
    void aMissingWalIsMissed();
    void aMissingWalIsMissedInAReadOnlyFolderToo();
    void aWriterSaysThatAReaderIsInItsWay();
    void aWalThatIsThereIsRead();
    void whatWasClosedBesideAReaderIsNoLoss();
    void aReaderHoldsNobodyUp();
    void aCopyOfALiveCaptureIsWhole();
};

void ReaderTest::timesBecomeCuts()
{
    Random random(newSeed());
    const Made made(static_cast<unsigned>(random.below(10000)));
    std::vector<base::Time> times{
        base::kBeginningOfTime, {0, 0}, {std::numeric_limits<std::int64_t>::max(), 999'999'999}};
    for (int i = 0; i < 300; ++i) {
        base::Time time = made.order[random.below(made.order.size())].effective;
        if (time != base::kBeginningOfTime && random.oneIn(2)) time.seconds += random.oneIn(2) ? 1 : -1;
        times.push_back(time);
    }
    for (const base::Time time : times) {
        QCOMPARE(must(made.reader->resolve(time)),
                 made.cutOf([&](std::size_t i) { return made.order[i].effective <= time; }));
    }
}

void ReaderTest::positionsBecomeCuts()
{
    Random random(newSeed());
    const Made made(static_cast<unsigned>(random.below(10000)));
    for (int i = 0; i < 200; ++i) {
        const std::size_t at = random.below(made.order.size());
        const OrdinalCut expected = made.cutOf([&](std::size_t j) { return j <= at; });
        QCOMPARE(must(made.reader->resolve(made.order[at].event->position())), expected);
        QCOMPARE(must(made.reader->resolve(event::EventIndex{at})), expected);
    }
    QCOMPARE(must(made.reader->resolve(event::AtStart{})).events(), 0U);
    QCOMPARE(must(made.reader->resolve(event::AtEnd{})), made.reader->catalog().end());
}

void ReaderTest::cutsMayLieInGaps()
{
    Random random(newSeed());
    const Made made(static_cast<unsigned>(random.below(10000)));
    for (int i = 0; i < 200; ++i) {
        event::Cut cut;
        for (const event::Partition& partition : made.reader->catalog().partitions()) {
            if (!random.oneIn(4)) cut.next[partition] = {static_cast<std::int64_t>(random.below(6000))};
        }
        QCOMPARE(must(made.reader->resolve(cut)),
                 made.cutOf([&](std::size_t j) { return cut.contains(made.order[j].event->position()); }));
    }
}

void ReaderTest::whatIsNotThereIsSaid_data()
{
    QTest::addColumn<QString>("when");
    QTest::addColumn<QString>("failure");
    QTest::newRow("index") << "#3"
                           << "no-such-event";
    QTest::newRow("index far out") << "#18446744073709551615"
                                   << "no-such-event";
    QTest::newRow("in a gap") << "p[0]@6"
                              << "no-such-event";
    QTest::newRow("before the first") << "p[0]@0"
                                      << "no-such-event";
    QTest::newRow("behind the last") << "p[0]@8"
                                     << "no-such-event";
    QTest::newRow("as far as can be") << "p[0]@9223372036854775807"
                                      << "no-such-event";
    QTest::newRow("partition") << "q[0]@5"
                               << "no-such-partition";
    QTest::newRow("cut of another partition") << "p[0]:5,p[1]:5"
                                              << "no-such-partition";
    QTest::newRow("cut far out") << "p[0]:9223372036854775807"
                                 << "";
    QTest::newRow("there") << "p[0]@7"
                           << "";
}

void ReaderTest::whatIsNotThereIsSaid()
{
    QFETCH(QString, when);
    QFETCH(QString, failure);
    const Folder folder;
    MadeBatch batch;
    for (const std::int64_t offset : {3, 5, 7}) {
        batch.events.push_back({});
        batch.events.back().partition = {"p", 0};
        batch.events.back().offset = offset;
    }
    batch.cut = "0:0";
    capture::test::capture(folder.path("a"), {{batch}});
    const auto cut = opened(folder.path("a"))->resolve(must(event::parseWhen(when.toStdString())));
    QCOMPARE(failureOf(cut), failure);
    if (cut) QCOMPARE(cut->events(), 3U);
}

void ReaderTest::cutsGoThereAndBack()
{
    Random random(newSeed());
    const Made made(static_cast<unsigned>(random.below(10000)));
    for (int i = 0; i < 300; ++i) {
        OrdinalCut cut;
        for (const std::uint64_t end : made.reader->catalog().end().next) cut.next.push_back(random.below(end + 1));
        QCOMPARE(must(made.reader->resolve(must(made.reader->toCut(cut)))), cut);
    }
}

void ReaderTest::runsEqualSingleEvents()
{
    Random random(newSeed());
    const Made made(static_cast<unsigned>(random.below(10000)));
    EventRun run;
    for (int i = 0; i < 300; ++i) {
        const auto partition = static_cast<std::uint32_t>(random.below(4));
        const std::uint64_t end = made.reader->catalog().eventsOf(partition);
        const std::uint64_t first = random.below(end);
        const std::uint64_t count = random.below(std::min<std::uint64_t>(end - first, 700) + 1);
        must(made.reader->readRun({partition, first}, count, run));
        QCOMPARE(run.items().size(), count);
        for (std::uint64_t j = 0; j < count; ++j) {
            const EventRun::Item& item = run.items()[j];
            const StoredEvent event = must(made.reader->event(Location{partition, first + j}));
            QVERIFY(hashOf(*item.record) == hashOf(event.record));
            QCOMPARE(item.effective, event.effective);
            QVERIFY(item.type == event.type);
            QCOMPARE(item.facts->undecodable, event.facts.undecodable);
            QCOMPARE(must(made.reader->positionOf({partition, first + j})).offset, event.record.offset);
        }
    }
}

void ReaderTest::anotherReaderSeesTheSameMoment()
{
    const Made made(newSeed());
    const auto another = must(made.reader->another());
    QVERIFY(must(linesOf(*another)) == expectedLines(made.log.loads()));
    QCOMPARE(must(another->identity()), must(made.reader->identity()));
}

void ReaderTest::aReaderOpenDuringWritingSeesItsMoment()
{
    const Folder folder;
    LogShape shape = someShape();
    shape.cutless = 1'000'000'000; // the same writer goes on from its cut: it must stand at one
    const RandomLog log(newSeed(), shape);
    const auto writer = must(Writer::create(folder.path("a"), madeOptions()));
    appendFrom(*writer, log.loads(), 3);
    must(writer->commit());
    const auto early = opened(folder.path("a"));
    const std::uint64_t events = early->catalog().eventCount();
    const std::string lines = must(linesOf(*early));
    appendFrom(*writer, log.loads());
    const auto late = opened(folder.path("a"));
    QCOMPARE(early->catalog().eventCount(), events);
    QVERIFY(must(linesOf(*early)) == lines);
    QVERIFY(must(linesOf(*must(early->another()))) == lines);
    QVERIFY(must(linesOf(*late)) == expectedLines(log.loads()));
    QVERIFY(!early->walLoss() && !late->walLoss());
    must(writer->close());
    QVERIFY(must(linesOf(*late)) == expectedLines(log.loads()));
}

void ReaderTest::aRemapMeanwhileIsNoticed()
{
    const Made made(newSeed());
    const auto writer = must(Writer::resume(made.path(), madeOptions()));
    decode::Mapping other = madeMapping();
    other.time = must(decode::parseFieldRef("/n"));
    must(writer->remap(other, {}));
    QCOMPARE(failureOf(linesOf(*made.reader)), QString("damaged-chunk"));
    (void)must(linesOf(*opened(made.path())));
}

void ReaderTest::identityIsFreeOfChunking()
{
    const unsigned seed = newSeed();
    const Folder folder;
    const RandomLog log(seed, someShape());
    std::vector<MadeLoad> single(1);
    for (const MadeLoad& load : log.loads()) {
        for (const MadeBatch& batch : load) {
            for (const MadeEvent& event : batch.events) {
                MadeBatch one;
                one.events = {event};
                one.cut = "0:" + std::to_string(single[0].size());
                single[0].push_back(std::move(one));
            }
        }
    }
    WriterOptions unmapped = madeOptions();
    unmapped.mapping = {};
    capture::test::capture(folder.path("a"), log.loads());
    capture::test::capture(folder.path("b"), single, unmapped);
    QCOMPARE(must(opened(folder.path("b"))->identity()), must(opened(folder.path("a"))->identity()));

    single[0][17].events[0].headers.push_back({"one", "more"});
    capture::test::capture(folder.path("c"), single);
    QVERIFY(must(opened(folder.path("c"))->identity()) != must(opened(folder.path("a"))->identity()));
}

void ReaderTest::aReadOnlyFolderWillDo()
{
    const Made made(newSeed());
    const std::string expected = expectedLines(made.log.loads());
    QVERIFY(::chmod(made.path().c_str(), 0444) == 0 && ::chmod(made.folder.path().c_str(), 0555) == 0);
    const int outcome = asNobody([&] {
        if (::access(made.folder.path().c_str(), W_OK) == 0) return 2;
        const auto reader = Reader::open(made.path(), {made.folder.path()});
        if (!reader) return 3;
        const auto lines = linesOf(**reader);
        return !lines ? 4 : *lines == expected ? 0 : 5;
    });
    QVERIFY(::chmod(made.folder.path().c_str(), 0755) == 0);
    QCOMPARE(outcome, 0);
}

void ReaderTest::aMissingWalIsMissed()
{
    const Folder folder;
    LogShape shape = someShape();
    shape.cutless = 1'000'000'000; // every batch has its cut: all that is appended is committed
    const RandomLog log(newSeed(), shape);
    const auto writer = must(Writer::create(folder.path("a"), madeOptions()));
    appendFrom(*writer, log.loads(), 5);
    must(writer->commit());
    copyLive(folder.path("a"), folder.path("alone"));
    copyLive(folder.path("a"), folder.path("with"));
    copyLive(folder.path("a-wal"), folder.path("with-wal"));

    for (int again = 0; again < 3; ++again) {
        const auto reader = opened(folder.path("alone"));
        QVERIFY(reader->walLoss());
        QCOMPARE(reader->walLoss()->code, base::ErrorCode::WalMissing);
        QCOMPARE(reader->walLoss()->args[1], std::to_string(reader->catalog().eventCount()));
        QVERIFY(reader->catalog().eventCount() < opened(folder.path("a"))->catalog().eventCount());
    }
    QVERIFY(!opened(folder.path("a"))->walLoss());
    QVERIFY(!opened(folder.path("with"))->walLoss());
    QVERIFY(must(linesOf(*opened(folder.path("with")))) == must(linesOf(*opened(folder.path("a")))));
}

void ReaderTest::aMissingWalIsMissedInAReadOnlyFolderToo()
{
    const Folder folder;
    const RandomLog log(newSeed(), someShape());
    const auto writer = must(Writer::create(folder.path("a"), madeOptions()));
    appendFrom(*writer, log.loads(), 5);
    must(writer->commit());
    const Folder readOnly;
    copyLive(folder.path("a"), readOnly.path("alone"));
    QVERIFY(::chmod(readOnly.path("alone").c_str(), 0444) == 0 && ::chmod(readOnly.path().c_str(), 0555) == 0);
    const int outcome = asNobody([&] {
        if (::access(readOnly.path().c_str(), W_OK) == 0) return 2;
        const auto reader = Reader::open(readOnly.path("alone"), {});
        if (!reader) return 3;
        if (!(*reader)->walLoss()) return 4;
        return (*reader)->walLoss()->code == base::ErrorCode::WalMissing && linesOf(**reader) ? 0 : 5;
    });
    QVERIFY(::chmod(readOnly.path().c_str(), 0755) == 0);
    QCOMPARE(outcome, 0);
}

void ReaderTest::aWriterSaysThatAReaderIsInItsWay()
{
    const Made made(newSeed());
    const auto reading = must(base::Database::open(made.path(), base::Database::Mode::Read));
    must(reading->execute("BEGIN"));
    QCOMPARE(must(reading->number("SELECT count(*) > 0 FROM chunk")), 1);
    QCOMPARE(failureOf(Writer::resume(made.path(), madeOptions())), QString("file-in-use"));
    must(reading->execute("COMMIT"));
    must(must(Writer::resume(made.path(), madeOptions()))->close());
}

void ReaderTest::aWalThatIsThereIsRead()
{
    const Folder folder;
    const RandomLog log(newSeed(), someShape());
    const std::string path = folder.path("a");
    const pid_t child = ::fork();
    if (child == 0) {
        auto writer = must(Writer::create(path, madeOptions()));
        appendFrom(*writer, log.loads());
        ::_exit(0); // nobody closes anything
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(QFile::exists(text(path + "-wal")));
    const auto reader = opened(path);
    QVERIFY(!reader->walLoss());
    QVERIFY(must(linesOf(*reader)) == expectedLines(log.loads()));
}

void ReaderTest::whatWasClosedBesideAReaderIsNoLoss()
{
    const Folder folder;
    const RandomLog log(newSeed(), someShape());
    const std::string path = folder.path("a");
    auto writer = must(Writer::create(path, madeOptions()));
    appendFrom(*writer, log.loads());
    {
        const auto beside = opened(path);
        (void)must(linesOf(*beside));
        must(writer->close());
        copyLive(path, folder.path("copied"));
        QCOMPARE(static_cast<int>(bytesOf(folder.path("copied"))[18]), 2); // still WAL mode, as somebody reads
    }
    for (const char* name : {"a", "copied", "a"}) {
        const auto reader = opened(folder.path(name));
        QVERIFY(!reader->walLoss());
        QVERIFY(must(linesOf(*reader)) == expectedLines(log.loads()));
    }
}

void ReaderTest::aReaderHoldsNobodyUp()
{
    const Made made(newSeed());
    (void)must(linesOf(*made.reader));
    EventRun run;
    must(made.reader->readRun({0, 0}, made.reader->catalog().eventsOf(0), run));
    const auto writer = must(Writer::resume(made.path(), madeOptions()));
    must(writer->begin("2"));
    must(writer->finish());
    must(writer->close());
    const auto database = must(base::Database::open(made.path(), base::Database::Mode::ReadWrite));
    QCOMPARE(must(database->number("PRAGMA wal_checkpoint(TRUNCATE)")), 0); // not busy
    QCOMPARE(opened(made.path())->catalog().loads().size(), 3U);
    QVERIFY(must(linesOf(*made.reader)) == expectedLines(made.log.loads()));
}

void ReaderTest::aCopyOfALiveCaptureIsWhole()
{
    const Folder folder;
    const RandomLog log(newSeed(), someShape());
    const auto writer = must(Writer::create(folder.path("a"), madeOptions()));
    appendFrom(*writer, log.loads(), 9);
    must(writer->commit());
    const auto live = opened(folder.path("a"));
    must(live->copyTo(folder.path("copy")));
    QCOMPARE(failureOf(live->copyTo(folder.path("copy"))), QString("capture-exists"));

    QCOMPARE(QDir(text(folder.path())).entryList({"copy*"}, QDir::Files), QStringList({"copy"}));
    {
        const auto copy = opened(folder.path("copy"));
        QVERIFY(!copy->walLoss());
        QCOMPARE(text(must(accountOf(*copy))), text(must(accountOf(*live))));
        QVERIFY(must(linesOf(*copy)) == must(linesOf(*live)));
    }
    const auto continued = must(Writer::resume(folder.path("copy"), madeOptions()));
    appendFrom(*continued, log.loads());
    must(continued->close());
    QVERIFY(must(linesOf(*opened(folder.path("copy")))) == expectedLines(log.loads()));
}

QTEST_APPLESS_MAIN(ReaderTest)
#include "reader_test.moc"
