// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/capture/made_batches.h"

#include <QTest>

#include <sys/file.h>
#include <sys/wait.h>

using namespace leftfold;
using namespace leftfold::capture;
using namespace leftfold::capture::test;

namespace {

event::Problem problemAt(std::int64_t offset, const std::string& words)
{
    return {{{"orders", 7}, {offset}}, {base::ErrorCode::UndecodableRecord, {words}, {"line 3"}}};
}

/// A batch of one event of `orders[7]`, with a cut of its own.
MadeBatch oneEvent(std::int64_t offset, const std::string& value = "{\"id\":1}")
{
    MadeBatch batch;
    batch.events.push_back({});
    batch.events[0].partition = {"orders", 7};
    batch.events[0].offset = offset;
    batch.events[0].value = value;
    batch.cut = "cut " + std::to_string(offset);
    return batch;
}

QStringList problemsIn(const std::string& path)
{
    QStringList out;
    for (const ProblemRow& row : must(opened(path)->storedProblems())) {
        out += text(toText(row.problem.position) + " " + base::render(row.problem.error) + (row.tail ? " (tail)" : ""));
    }
    return out;
}

} // namespace

class WriterTest : public QObject {
    Q_OBJECT

private slots:
    void everythingComesBackToTheByte_data();
    void everythingComesBackToTheByte();
    void piecesAndCrashesEqualOneGo_data();
    void piecesAndCrashesEqualOneGo();
    void laterLoadsAppendBehindEarlierOnes();
    void aGroupOfBatchesIsStoredWholeOrNotAtAll();
    void anEmptyLoadIsALoad();
    void tailProblemsGoWithTheNextCut();
    void tailProblemsOfASessionThatDiedGoToo();
    void offsetsMustGrow();
    void strictRefusesWhatIsNoJson();
    void anotherSourceIsRefused();
    void aFileThatIsThereIsNotReplaced();
    void thereIsOneWriter();
    void theLockEndsWithItsHolder();
    void aDroppedWriterLosesNothingCommitted();
    void aClosedCaptureIsOneFile();
    void remapEqualsAFreshCapture();
    void aStoppedRemapChangesNothing();
    void moreThan256PartitionsAreOrdered();
};

void WriterTest::everythingComesBackToTheByte_data()
{
    QTest::addColumn<unsigned>("partitions");
    QTest::addColumn<unsigned>("events");
    QTest::addColumn<unsigned>("padding");

    QTest::newRow("one partition") << 1U << 3000U << 10U;
    QTest::newRow("two") << 2U << 3000U << 10U;
    QTest::newRow("many") << 40U << 5000U << 10U;
    QTest::newRow("wide values, with dictionaries") << 3U << 6000U << 600U;
    QTest::newRow("one event") << 1U << 1U << 10U;
}

void WriterTest::everythingComesBackToTheByte()
{
    QFETCH(unsigned, partitions);
    QFETCH(unsigned, events);
    QFETCH(unsigned, padding);
    const Folder folder;
    LogShape shape;
    shape.partitions = partitions;
    shape.events = events;
    shape.padding = padding;
    shape.batchEvents = 700;
    const RandomLog log(newSeed(), shape);

    capture::test::capture(folder.path("a.lflog"), log.loads());

    const auto reader = opened(folder.path("a.lflog"));
    QCOMPARE(reader->catalog().eventCount(), std::uint64_t{events});
    QVERIFY(reader->catalog().damage().empty());
    QVERIFY(!reader->walLoss());
    QVERIFY(must(linesOf(*reader)) == expectedLines(log.loads()));
    QVERIFY(must(postingsOf(*indexById(*reader))) == expectedPostings(log.loads()));
    const auto dictionaries = must(must(base::Database::open(folder.path("a.lflog"), base::Database::Mode::Read))
                                       ->number("SELECT count(*) FROM dictionary"));
    QCOMPARE(dictionaries > 0, padding > 100);
}

void WriterTest::piecesAndCrashesEqualOneGo_data()
{
    QTest::addColumn<bool>("closed");
    QTest::addColumn<unsigned>("partitions");
    QTest::addColumn<unsigned>("loads");

    for (const unsigned partitions : {1U, 4U}) {
        for (const unsigned loads : {1U, 3U}) {
            QTest::addRow("ten pieces, %u partitions, %u loads", partitions, loads) << true << partitions << loads;
            QTest::addRow("crashes, %u partitions, %u loads", partitions, loads) << false << partitions << loads;
        }
    }
}

void WriterTest::piecesAndCrashesEqualOneGo()
{
    QFETCH(bool, closed);
    QFETCH(unsigned, partitions);
    QFETCH(unsigned, loads);
    const unsigned seed = newSeed();
    Random random(seed);
    const Folder folder;
    LogShape shape;
    shape.partitions = partitions;
    shape.loads = loads;
    shape.events = 6000;
    const RandomLog log(seed, shape);

    capture::test::capture(folder.path("whole.lflog"), log.loads());
    const std::size_t sessions = captureInSessions(folder.path("parts.lflog"), log.loads(), random, 10, closed);

    QVERIFY2(sessions >= 5, qPrintable(QString::number(sessions)));
    const auto whole = opened(folder.path("whole.lflog"));
    const auto parts = opened(folder.path("parts.lflog"));
    QCOMPARE(text(must(accountOf(*parts))), text(must(accountOf(*whole))));
    QVERIFY(must(linesOf(*parts)) == must(linesOf(*whole)));
    QVERIFY(must(linesOf(*whole)) == expectedLines(log.loads()));
    QCOMPARE(text(orderRows(folder.path("parts.lflog"))), text(orderRows(folder.path("whole.lflog"))));
    QVERIFY(must(postingsOf(*indexById(*parts))) == expectedPostings(log.loads()));
}

void WriterTest::laterLoadsAppendBehindEarlierOnes()
{
    const unsigned seed = newSeed();
    const Folder folder;
    LogShape shape;
    shape.loads = 4;
    const RandomLog log(seed, shape);
    std::string earlierOrder;
    std::string earlierLines;
    for (std::size_t loads = 1; loads <= 4; ++loads) {
        const std::vector<MadeLoad> some(log.loads().begin(), log.loads().begin() + static_cast<std::ptrdiff_t>(loads));
        const auto writer = must(loads == 1 ? Writer::create(folder.path("a.lflog"), madeOptions())
                                            : Writer::resume(folder.path("a.lflog"), madeOptions()));
        appendFrom(*writer, some);
        must(writer->close());

        const std::string order = orderRows(folder.path("a.lflog"));
        const std::string lines = must(linesOf(*opened(folder.path("a.lflog"))));
        QVERIFY(order.starts_with(earlierOrder));
        QVERIFY(lines.starts_with(earlierLines));
        QVERIFY(lines == expectedLines(some));
        earlierOrder = order;
        earlierLines = lines;
    }
}

void WriterTest::aGroupOfBatchesIsStoredWholeOrNotAtAll()
{
    const Folder folder;
    const std::string path = folder.path("a.lflog");
    {
        const auto writer = must(Writer::create(path, madeOptions()));
        must(writer->begin("t"));
        must(writer->append(toBatch(oneEvent(0))));
        MadeBatch inside = oneEvent(1);
        inside.cut.clear();
        must(writer->append(toBatch(inside)));
        must(writer->commit());
        must(writer->append(toBatch(inside = oneEvent(2), {})));
    }
    const auto committed = opened(path)->catalog().eventCount();
    QVERIFY(committed == 1 || committed == 3);
    {
        const auto writer = must(Writer::resume(path, madeOptions()));
        QCOMPARE(writer->events(), committed);
        QCOMPARE(writer->sourceCut(), committed == 1 ? std::string("cut 0") : std::string("cut 2"));
        if (committed == 1) {
            MadeBatch inside = oneEvent(1);
            inside.cut.clear();
            must(writer->append(toBatch(inside)));
            must(writer->append(toBatch(oneEvent(2))));
        }
        must(writer->finish());
        must(writer->close());
    }
    QCOMPARE(opened(path)->catalog().eventCount(), 3U);
}

void WriterTest::anEmptyLoadIsALoad()
{
    const Folder folder;
    const std::string path = folder.path("a.lflog");
    const auto writer = must(Writer::create(path, madeOptions()));
    must(writer->begin("nothing"));
    must(writer->finish());
    must(writer->begin("nothing again"));
    MadeBatch onlyACut;
    onlyACut.cut = "here";
    must(writer->append(toBatch(onlyACut)));
    must(writer->finish());
    must(writer->close());

    const auto reader = opened(path);
    QCOMPARE(reader->catalog().eventCount(), 0U);
    QCOMPARE(reader->catalog().loads().size(), 2U);
    QVERIFY(reader->catalog().loads()[1].complete);
    QCOMPARE(reader->catalog().loads()[1].sourceCut, std::string("here"));
    QCOMPARE(must(reader->resolve(event::AtEnd{})), OrdinalCut{});
    QCOMPARE(indexById(*reader)->size(), 0U);
}

void WriterTest::tailProblemsGoWithTheNextCut()
{
    const Folder folder;
    const std::string path = folder.path("a.lflog");
    const auto writer = must(Writer::create(path, madeOptions()));
    must(writer->begin("t"));
    MadeBatch batch = oneEvent(0);
    batch.problems = {problemAt(0, "stays")};
    batch.tailProblems = {problemAt(1, "half a line")};
    must(writer->append(toBatch(batch)));
    must(writer->commit());
    QCOMPARE(problemsIn(path), QStringList({"orders[7]@0 line 3: stays", "orders[7]@1 line 3: half a line (tail)"}));

    MadeBatch next = oneEvent(1);
    next.tailProblems = {problemAt(2, "another")};
    must(writer->append(toBatch(next)));
    must(writer->commit());
    QCOMPARE(problemsIn(path), QStringList({"orders[7]@0 line 3: stays", "orders[7]@2 line 3: another (tail)"}));

    must(writer->append(toBatch(oneEvent(2))));
    must(writer->finish());
    must(writer->close());
    QCOMPARE(problemsIn(path), QStringList({"orders[7]@0 line 3: stays"}));
}

void WriterTest::tailProblemsOfASessionThatDiedGoToo()
{
    const Folder folder;
    const std::string path = folder.path("a.lflog");
    {
        const auto writer = must(Writer::create(path, madeOptions()));
        must(writer->begin("t"));
        MadeBatch batch = oneEvent(0);
        batch.tailProblems = {problemAt(1, "half a line")};
        must(writer->append(toBatch(batch)));
        must(writer->commit());
    }
    const auto writer = must(Writer::resume(path, madeOptions()));
    QVERIFY(writer->unfinishedTarget());
    must(writer->append(toBatch(oneEvent(1))));
    must(writer->finish());
    must(writer->close());
    QCOMPARE(problemsIn(path), QStringList());
}

void WriterTest::offsetsMustGrow()
{
    const Folder folder;
    const std::string path = folder.path("a.lflog");
    {
        const auto writer = must(Writer::create(path, madeOptions()));
        must(writer->begin("t"));
        must(writer->append(toBatch(oneEvent(5))));
        QCOMPARE(failureOf(writer->append(toBatch(oneEvent(5)))), QString("offset-not-growing"));
        must(writer->close());
    }
    const auto writer = must(Writer::resume(path, madeOptions()));
    QCOMPARE(failureOf(writer->append(toBatch(oneEvent(4)))), QString("offset-not-growing"));
    must(writer->close());
    QCOMPARE(opened(path)->catalog().eventCount(), 1U);
}

void WriterTest::strictRefusesWhatIsNoJson()
{
    const Folder folder;
    const std::string path = folder.path("a.lflog");
    WriterOptions options = madeOptions();
    options.strict = true;
    const auto writer = must(Writer::create(path, options));
    must(writer->begin("t"));
    must(writer->append(toBatch(oneEvent(0))));
    must(writer->commit());
    auto refused = writer->append(toBatch(oneEvent(1, "{oops")));
    if (refused) refused = writer->commit();
    QCOMPARE(failureOf(refused), QString("undecodable-record"));
    QVERIFY(text(base::render(refused.error())).contains("orders[7]@1"));
    must(writer->close());

    const auto reader = opened(path);
    QCOMPARE(reader->catalog().eventCount(), 1U);
    QCOMPARE(reader->catalog().loads().back().sourceCut, std::string("cut 0"));
    QVERIFY(!reader->walLoss());
}

void WriterTest::anotherSourceIsRefused()
{
    const Folder folder;
    capture::test::capture(folder.path("a.lflog"), {{oneEvent(0)}});
    WriterOptions other = madeOptions();
    other.source = "another";
    QCOMPARE(failureOf(Writer::resume(folder.path("a.lflog"), other)), QString("other-source"));
    QVERIFY(!opened(folder.path("a.lflog"))->walLoss());
}

void WriterTest::aFileThatIsThereIsNotReplaced()
{
    const Folder folder;
    write(folder.path("a.lflog"), "something");
    QCOMPARE(failureOf(Writer::create(folder.path("a.lflog"), madeOptions())), QString("capture-exists"));
    QCOMPARE(failureOf(Writer::resume(folder.path("a.lflog"), madeOptions())), QString("not-a-capture"));
    QCOMPARE(failureOf(Writer::resume(folder.path("no.lflog"), madeOptions())), QString("file-not-found"));
    QCOMPARE(text(bytesOf(folder.path("a.lflog"))), QString("something"));
    QCOMPARE(QDir(text(folder.path())).entryList(QDir::Files), QStringList({"a.lflog"}));
}

void WriterTest::thereIsOneWriter()
{
    const Folder folder;
    const auto writer = must(Writer::create(folder.path("a.lflog"), madeOptions()));
    QCOMPARE(failureOf(Writer::resume(folder.path("a.lflog"), madeOptions())), QString("capture-busy"));
    QCOMPARE(failureOf(Writer::create(folder.path("a.lflog"), madeOptions())), QString("capture-busy"));
    must(writer->close());
    QCOMPARE(failureOf(Writer::resume(folder.path("a.lflog"), madeOptions())), QString());
}

void WriterTest::theLockEndsWithItsHolder()
{
    const Folder folder;
    const std::string path = folder.path("a.lflog");
    const pid_t child = ::fork();
    if (child == 0) {
        auto writer = Writer::create(path, madeOptions());
        if (!writer) ::_exit(2);
        const bool stored = (*writer)->begin("t") && (*writer)->append(toBatch(oneEvent(0))) && (*writer)->commit();
        ::kill(::getpid(), SIGKILL);
        ::_exit(stored ? 0 : 3);
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    QVERIFY(QFile::exists(text(path + "-lock")));

    const auto writer = must(Writer::resume(path, madeOptions()));
    QCOMPARE(writer->events(), 1U);
    must(writer->append(toBatch(oneEvent(1))));
    must(writer->finish());
    must(writer->close());
    QCOMPARE(opened(path)->catalog().eventCount(), 2U);
    QVERIFY(!QFile::exists(text(path + "-lock")));
}

void WriterTest::aDroppedWriterLosesNothingCommitted()
{
    const Folder folder;
    const std::string path = folder.path("a.lflog");
    {
        const auto writer = must(Writer::create(path, madeOptions()));
        must(writer->begin("t"));
        must(writer->append(toBatch(oneEvent(0))));
        must(writer->commit());
    }
    const auto reader = opened(path);
    QVERIFY(!reader->walLoss());
    QCOMPARE(reader->catalog().eventCount(), 1U);
}

void WriterTest::aClosedCaptureIsOneFile()
{
    const Folder folder;
    const RandomLog log(newSeed(), {});
    capture::test::capture(folder.path("a.lflog"), log.loads());
    QCOMPARE(QDir(text(folder.path())).entryList(QDir::Files), QStringList({"a.lflog"}));
    QCOMPARE(static_cast<int>(bytesOf(folder.path("a.lflog"))[18]), 1);
    (void)must(linesOf(*opened(folder.path("a.lflog"))));
    QCOMPARE(QDir(text(folder.path())).entryList(QDir::Files), QStringList({"a.lflog"}));
}

void WriterTest::remapEqualsAFreshCapture()
{
    const unsigned seed = newSeed();
    const Folder folder;
    LogShape shape;
    shape.loads = 3;
    shape.events = 9000;
    const RandomLog log(seed, shape);
    decode::Mapping other = madeMapping();
    other.time = must(decode::parseFieldRef("/n"));
    other.timeUnit = base::EpochUnit::Seconds;
    other.type = must(decode::parseFieldRef("/flow"));
    capture::test::capture(folder.path("remapped.lflog"), log.loads());
    const base::Hash128 identity = must(opened(folder.path("remapped.lflog"))->identity());
    {
        const auto writer = must(Writer::resume(folder.path("remapped.lflog"), madeOptions()));
        must(writer->remap(other, {}));
        QCOMPARE(writer->mapping(), other);
        must(writer->close());
    }
    WriterOptions options = madeOptions();
    options.mapping = other;
    capture::test::capture(folder.path("fresh.lflog"), log.loads(), options);

    const auto remapped = opened(folder.path("remapped.lflog"));
    const auto fresh = opened(folder.path("fresh.lflog"));
    QVERIFY(remapped->catalog().damage().empty());
    QCOMPARE(must(remapped->identity()), identity);
    QCOMPARE(text(must(accountOf(*remapped))), text(must(accountOf(*fresh))));
    QVERIFY(must(linesOf(*remapped)) == must(linesOf(*fresh)));
    QVERIFY(must(linesOf(*remapped)) != expectedLines(log.loads()));
    QCOMPARE(text(orderRows(folder.path("remapped.lflog"))), text(orderRows(folder.path("fresh.lflog"))));
}

void WriterTest::aStoppedRemapChangesNothing()
{
    const Folder folder;
    const RandomLog log(newSeed(), {});
    capture::test::capture(folder.path("a.lflog"), log.loads());
    const auto writer = must(Writer::resume(folder.path("a.lflog"), madeOptions()));
    std::stop_source stop;
    stop.request_stop();
    decode::Mapping other = madeMapping();
    other.time.reset();
    QCOMPARE(failureOf(writer->remap(other, stop.get_token())), QString("cancelled"));
    must(writer->close());
    const auto reader = opened(folder.path("a.lflog"));
    QCOMPARE(reader->catalog().mapping(), madeMapping());
    QVERIFY(must(linesOf(*reader)) == expectedLines(log.loads()));
}

void WriterTest::moreThan256PartitionsAreOrdered()
{
    const Folder folder;
    MadeLoad load;
    for (int i = 0; i < 600; ++i) {
        MadeBatch batch = oneEvent(i / 300, "{\"at\":" + std::to_string(1'300'000'000 + (i * 37) % 600) + "}");
        batch.events[0].partition = {"t", i % 300};
        batch.events[0].time = base::Time{1'300'000'000 + (i * 37) % 600, 0};
        batch.cut = "0:" + std::to_string(i);
        load.push_back(std::move(batch));
    }
    WriterOptions options = madeOptions();
    options.mapping.timeUnit = base::EpochUnit::Seconds;
    capture::test::capture(folder.path("a.lflog"), {load}, options);
    const auto reader = opened(folder.path("a.lflog"));
    QCOMPARE(reader->catalog().partitions().size(), 300U);
    QVERIFY(must(linesOf(*reader)) == expectedLines({load}));
    for (std::uint64_t i = 0; i < 600; ++i) {
        QCOMPARE(must(reader->catalog().indexOf(must(reader->catalog().locate({i})))).value, i);
    }
}

QTEST_APPLESS_MAIN(WriterTest)
#include "writer_test.moc"
