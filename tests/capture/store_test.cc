// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/store.h"

#include "tests/capture/made_batches.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::capture;
using namespace leftfold::capture::test;

namespace {

const std::vector<Store::Meta> kDescription{{"id", "x"}, {"source", "s"}, {"mapping", "{}"}};

ChunkRow someChunk(std::int64_t id)
{
    ChunkRow row;
    row.id = id;
    row.partition = 3;
    row.count = 7;
    row.firstOrdinal = 70;
    row.firstOffset = {100};
    row.lastOffset = {std::numeric_limits<std::int64_t>::max()};
    row.effectiveBefore = {4, 5};
    row.effectiveAfter = {std::numeric_limits<std::int64_t>::max(), 999'999'999};
    row.undecodable = 2;
    row.timeless = 3;
    row.dictionary = 1;
    row.identity = {~0ULL, 5};
    row.before = {1, ~0ULL};
    return row;
}

LoadRow someLoad(std::int64_t id)
{
    LoadRow load;
    load.id = id;
    load.target = "target\xff";
    load.sourceCut = "cut";
    load.complete = true;
    load.lastChunk = 5;
    load.lastChecksum = {3, 4};
    load.events = 1ULL << 40;
    return load;
}

ProblemRow someProblem(std::int64_t offset, bool tail)
{
    return {{{{"t", 1}, {offset}}, {base::ErrorCode::TimeJump, {"a\"b", "\xff", "ü"}, {"inside", "outside"}}}, tail};
}

event::Transaction someTransaction(std::int64_t first, event::TransactionState state)
{
    event::Transaction transaction;
    transaction.partition = {"orders", -5};
    transaction.producer = 4000;
    transaction.epoch = 3;
    transaction.first = event::Offset{first};
    transaction.last = {first + 4};
    transaction.firstTime = base::Time{1'600'000'000, 123'000'000};
    transaction.state = state;
    if (state == event::TransactionState::Open) return transaction;
    transaction.marker = event::Offset{first + 5};
    transaction.markedAt = base::Time{1'600'000'001, 0};
    transaction.coordinatorEpoch = 7;
    return transaction;
}

/// A store with one row in every table.
std::unique_ptr<Store> filled(const std::string& path)
{
    auto store = must(Store::create(path, kDescription));
    must(store->addPartition(0, {"orders", -5}));
    must(store->addPartition(1, {"stock", 7}));
    must(store->addDictionary(1, 0, std::string("d\0d", 3)));
    ChunkRow row = someChunk(1);
    must(store->addChunk(row, "columns", "frames", "payload"));
    must(store->putLoad(someLoad(1)));
    must(store->addOrder({1, 1, 3, 1, std::string("\0\1\0", 3)}));
    must(store->addProblem(someProblem(4, false)));
    must(store->addProblem(someProblem(5, true)));
    must(store->putTransactions(std::vector{someTransaction(10, event::TransactionState::Committed),
                                            someTransaction(20, event::TransactionState::Open)}));
    return store;
}

/// The first failure of reading every row there should be.
QString failureOfReading(Store& store)
{
    QStringList failures{failureOf(store.requiredMeta("id")),
                         failureOf(store.requiredMeta("source")),
                         failureOf(store.requiredMeta("mapping")),
                         failureOf(store.partitions()),
                         failureOf(store.dictionary(1)),
                         failureOf(store.chunk(1)),
                         failureOf(store.loads()),
                         failureOf(store.order(1)),
                         failureOf(store.problems()),
                         failureOf(store.transactions())};
    failures.removeAll(QString());
    return failures.value(0);
}

} // namespace

class StoreTest : public QObject {
    Q_OBJECT

private slots:
    void rowsComeBack();
    void aNewOneIsWholeOrNotThere();
    void otherFilesAreRefused_data();
    void otherFilesAreRefused();
    void aChangedColumnIsNoticed_data();
    void aChangedColumnIsNoticed();
    void rowsThatAreGoneAreMissed_data();
    void rowsThatAreGoneAreMissed();
    void problemsAreCountedOverConnections();
    void transactionsAreReplaced();
    void earlierCapturesHaveNoTransactions();
};

void StoreTest::rowsComeBack()
{
    const Folder folder;
    (void)filled(folder.path("a"));
    const auto store = must(Store::open(folder.path("a"), base::Database::Mode::Read));
    QCOMPARE(must(store->requiredMeta("id")), std::string("x"));
    QVERIFY(!must(store->meta("nothing")));
    QCOMPARE(must(store->partitions()), (std::vector<event::Partition>{{"orders", -5}, {"stock", 7}}));
    QCOMPARE(must(store->dictionary(1)), std::string("d\0d", 3));
    const auto content = must(store->chunk(1));
    ChunkRow expected = someChunk(1);
    expected.checksum = content.row.checksum;
    QCOMPARE(content.row, expected);
    QCOMPARE(content.columns, std::string("columns"));
    QCOMPARE(content.frames, std::string("frames"));
    std::string payload = "+";
    must(store->readPayload(1, 3, 4, payload));
    QCOMPARE(payload, std::string("+load"));
    QVERIFY(!store->readPayload(1, 5, 4, payload));
    QVERIFY(!store->readPayload(2, 0, 1, payload));
    QCOMPARE(must(store->loads()), std::vector<LoadRow>{someLoad(1)});
    const auto order = must(store->order(1));
    QVERIFY(order && order->partitions == std::string("\0\1\0", 3) && order->count == 3 && order->width == 1
            && order->load == 1);
    QVERIFY(!must(store->order(2)));
    const auto problems = must(store->problems());
    QCOMPARE(problems.size(), 2U);
    QCOMPARE(problems[0].problem.error.args, (std::vector<std::string>{"a\"b", "\xef\xbf\xbd", "ü"}));
    QCOMPARE(problems[0].problem.error.context, someProblem(4, false).problem.error.context);
    QCOMPARE(problems[0].problem.position, someProblem(4, false).problem.position);
    QVERIFY(!problems[0].tail && problems[1].tail);
}

void StoreTest::aNewOneIsWholeOrNotThere()
{
    const Folder folder;
    write(folder.path("a-new"), "what somebody left who died here");
    (void)must(Store::create(folder.path("a"), kDescription));
    QCOMPARE(QDir(text(folder.path())).entryList(QDir::Files), QStringList({"a"}));
    QCOMPARE(failureOf(Store::create(folder.path("a"), kDescription)), QString("capture-exists"));
    QCOMPARE(failureOf(Store::create(folder.path("no/a"), kDescription)).isEmpty(), false);
}

void StoreTest::otherFilesAreRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("failure");
    QTest::newRow("nothing there") << "nothing"
                                   << "file-not-found";
    QTest::newRow("a folder") << "folder"
                              << "not-a-capture";
    QTest::newRow("an empty file") << "empty"
                                   << "not-a-capture";
    QTest::newRow("text") << "text"
                          << "not-a-capture";
    QTest::newRow("another database") << "database"
                                      << "not-a-capture";
    QTest::newRow("a newer format") << "newer"
                                    << "capture-too-new";
    QTest::newRow("half a header") << "half"
                                   << "not-a-capture";
}

void StoreTest::otherFilesAreRefused()
{
    QFETCH(QString, name);
    QFETCH(QString, failure);
    const Folder folder;
    (void)folder.made("folder");
    write(folder.path("empty"), "");
    write(folder.path("text"), std::string(5000, 'x'));
    must(must(base::Database::open(folder.path("database"), base::Database::Mode::Create))
             ->execute("CREATE TABLE chunk(id)"));
    must(filled(folder.path("newer"))->database().execute("PRAGMA user_version = 2"));
    write(folder.path("half"), bytesOf(folder.path("newer")).substr(0, 50));
    for (const auto mode : {base::Database::Mode::Read, base::Database::Mode::ReadWrite}) {
        QCOMPARE(failureOf(Store::open(folder.path(name.toStdString()), mode)), failure);
    }
}

void StoreTest::aChangedColumnIsNoticed_data()
{
    QTest::addColumn<QString>("change");
    const std::map<const char*, QStringList> columns{
        {"meta", {"value"}},
        {"partition", {"topic", "number"}},
        {"dictionary", {"partition", "data"}},
        {"chunk",
         {"partition", "count", "first_ordinal", "first_offset", "last_offset", "effective_before_s",
          "effective_before_ns", "effective_after_s", "effective_after_ns", "undecodable", "timeless", "dictionary",
          "identity", "before", "checksum", "columns", "frames"}},
        {"load",
         {"target", "source_cut", "complete", "first_chunk", "last_chunk", "last_checksum", "events", "checksum"}},
        {"replay_order", {"load", "count", "width", "partitions", "checksum"}},
        {"problem", {"topic", "number", "offset", "tail", "code", "words", "checksum"}},
        {"kafka_transaction", {"topic", "number", "begin", "words", "checksum"}},
    };
    for (const auto& [table, names] : columns) {
        for (const QString& column : names) {
            const QString where = QString(table) == "meta" ? " WHERE key IN ('id', 'source', 'mapping')" : "";
            const QString change =
                QString("UPDATE %1 SET %2 = CASE typeof(%2) WHEN 'integer' THEN %2 - 1 WHEN 'text' THEN %2 || '.' ELSE "
                        "CAST(x'41' || %2 AS BLOB) END%3")
                    .arg(table, column, where);
            QTest::addRow("%s.%s", table, qPrintable(column)) << change;
        }
    }
}

void StoreTest::aChangedColumnIsNoticed()
{
    QFETCH(QString, change);
    const Folder folder;
    const auto store = filled(folder.path("a"));
    QCOMPARE(failureOfReading(*store), QString());
    must(store->database().execute(change.toStdString()));
    QCOMPARE(failureOfReading(*store), QString("damaged-capture"));
}

void StoreTest::rowsThatAreGoneAreMissed_data()
{
    QTest::addColumn<QString>("change");
    QTest::newRow("description") << "DELETE FROM meta WHERE key = 'source'";
    QTest::newRow("first partition") << "DELETE FROM partition WHERE id = 0";
    QTest::newRow("dictionary") << "DELETE FROM dictionary";
    QTest::newRow("chunk") << "DELETE FROM chunk";
    QTest::newRow("load") << "DELETE FROM load";
    QTest::newRow("load renamed") << "UPDATE load SET id = 2";
    QTest::newRow("all problems") << "DELETE FROM problem";
    QTest::newRow("one problem") << "DELETE FROM problem WHERE id = 2";
    QTest::newRow("a problem twice")
        << "INSERT INTO problem SELECT 9, topic, number, offset, tail, code, words, checksum FROM problem WHERE id = 1";
    QTest::newRow("count of problems") << "DELETE FROM meta WHERE key = 'problems'";
    QTest::newRow("all transactions") << "DELETE FROM kafka_transaction";
    QTest::newRow("one transaction") << "DELETE FROM kafka_transaction WHERE begin = 20";
    QTest::newRow("their table") << "DROP TABLE kafka_transaction";
    QTest::newRow("count of transactions") << "DELETE FROM meta WHERE key = 'transactions'";
    QTest::newRow("count of loads") << "DELETE FROM meta WHERE key = 'loads'";
}

void StoreTest::rowsThatAreGoneAreMissed()
{
    QFETCH(QString, change);
    const Folder folder;
    const auto store = filled(folder.path("a"));
    must(store->database().execute(change.toStdString()));
    QCOMPARE(failureOfReading(*must(Store::open(folder.path("a"), base::Database::Mode::Read))),
             QString("damaged-capture"));
}

void StoreTest::problemsAreCountedOverConnections()
{
    const Folder folder;
    (void)filled(folder.path("a"));
    {
        const auto store = must(Store::open(folder.path("a"), base::Database::Mode::ReadWrite));
        must(store->clearTailProblems());
        must(store->addProblem(someProblem(9, true)));
        must(store->addProblem(someProblem(9, false)));
    }
    const auto store = must(Store::open(folder.path("a"), base::Database::Mode::ReadWrite));
    QCOMPARE(must(store->problems()).size(), 3U);
    must(store->clearTailProblems());
    must(store->clearTailProblems());
    QCOMPARE(must(store->problems()).size(), 2U);
    must(store->database().execute("DELETE FROM problem WHERE id = 1"));
    const auto later = must(Store::open(folder.path("a"), base::Database::Mode::ReadWrite));
    QCOMPARE(failureOf(later->addProblem(someProblem(1, false))), QString("damaged-capture"));
}

/// An open one has its row until its end is told, over connections.
void StoreTest::transactionsAreReplaced()
{
    using event::TransactionState;
    const Folder folder;
    (void)filled(folder.path("a"));
    const auto store = must(Store::open(folder.path("a"), base::Database::Mode::ReadWrite));
    QCOMPARE(must(store->transactions()), (std::vector{someTransaction(10, TransactionState::Committed),
                                                       someTransaction(20, TransactionState::Open)}));
    event::Transaction marker = someTransaction(30, TransactionState::Aborted);
    marker.first.reset();
    marker.firstTime.reset();
    must(store->putTransactions(std::vector{someTransaction(20, TransactionState::Aborted), marker}));
    const auto later = must(Store::open(folder.path("a"), base::Database::Mode::Read));
    QCOMPARE(must(later->transactions()), (std::vector{someTransaction(10, TransactionState::Committed),
                                                       someTransaction(20, TransactionState::Aborted), marker}));
}

/// A capture without the table, as versions before wrote it, is read, and gets the table with its first transaction.
void StoreTest::earlierCapturesHaveNoTransactions()
{
    const Folder folder;
    (void)must(Store::create(folder.path("a"), kDescription));
    const auto store = must(Store::open(folder.path("a"), base::Database::Mode::ReadWrite));
    QCOMPARE(must(store->database().number("SELECT count(*) FROM sqlite_master WHERE name = 'kafka_transaction'")), 0);
    QVERIFY(must(store->transactions()).empty());
    must(store->putTransactions(std::vector{someTransaction(1, event::TransactionState::Open)}));
    QCOMPARE(must(store->transactions()).size(), 1U);
}

QTEST_APPLESS_MAIN(StoreTest)
#include "store_test.moc"
