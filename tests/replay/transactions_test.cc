// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/transactions.h"

#include "core/replay/steps.h"
#include "tests/replay/made_states.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::replay;
using namespace leftfold::replay::test;
using capture::test::MadeBatch;
using capture::test::MadeEvent;

namespace {

/// "a1 b1 a1 a2 b-" as a log: topics a and b, the transaction of each event ("-": none), a second apart.
class TransactionLog {
public:
    explicit TransactionLog(const QString& picture, const std::string& form = R"({"transaction":{"id":"%"}})")
    {
        std::map<std::string, std::int64_t> next;
        capture::test::MadeLoad load;
        for (const QString& word : picture.split(' ')) {
            MadeEvent event;
            event.partition = {word.left(1).toStdString(), 0};
            event.offset = next[event.partition.topic]++;
            event.value = R"({"transaction":null})";
            if (word.mid(1) != "-") event.value = QString::fromStdString(form).replace("%", word.mid(1)).toStdString();
            const std::string at = base::toIso({1'700'000'000 + static_cast<std::int64_t>(load.size()), 0});
            event.value->insert(1, R"("at":")" + at + "\",");
            MadeBatch batch;
            batch.events = {event};
            batch.cut = "0:" + std::to_string(load.size());
            load.push_back(batch);
        }
        capture::test::capture(m_folder.path("a.lflog"), {load});
        m_reader = capture::test::opened(m_folder.path("a.lflog"));
        m_field = must(transactionField(*m_reader));
        if (m_field) m_index = must(capture::KeyIndex::open(*m_reader, *m_field, 1, {}, {}));
    }

    [[nodiscard]] capture::Reader& reader() const { return *m_reader; }
    [[nodiscard]] const std::optional<decode::FieldRef>& field() const { return m_field; }
    [[nodiscard]] const std::shared_ptr<const capture::KeyIndex>& index() const { return m_index; }

    /// What a log of Kafka's segments would have told.
    void tell(const std::vector<event::Transaction>& transactions)
    {
        m_reader.reset();
        must(must(capture::Store::open(m_folder.path("a.lflog"), base::Database::Mode::ReadWrite))
                 ->putTransactions(transactions));
        m_reader = capture::test::opened(m_folder.path("a.lflog"));
    }

    [[nodiscard]] std::vector<std::uint64_t> stops(std::uint64_t from, Direction direction) const
    {
        return stops(from, direction, OfTransaction{m_index});
    }

    /// The places one stands at, one step after the other, to the end or the start.
    [[nodiscard]] std::vector<std::uint64_t> stops(std::uint64_t from, Direction direction, const StepKind& kind) const
    {
        const auto order = must(PlayOrder::over(m_reader->catalog(), m_reader->catalog().end()));
        std::vector<std::uint64_t> places;
        for (std::optional<std::uint64_t> at = from; at;) {
            at = must(step(*m_reader, order, nullptr, *at, kind, direction, {}));
            if (at) places.push_back(*at);
        }
        return places;
    }

private:
    Folder m_folder;
    std::unique_ptr<capture::Reader> m_reader;
    std::optional<decode::FieldRef> m_field;
    std::shared_ptr<const capture::KeyIndex> m_index;
};

using Places = std::vector<std::uint64_t>;

event::Transaction logged(std::int64_t first, std::int64_t last, event::TransactionState state)
{
    event::Transaction transaction;
    transaction.partition = {"a", 0};
    transaction.producer = first;
    transaction.first = event::Offset{first};
    transaction.last = {last};
    transaction.state = state;
    if (state != event::TransactionState::Open) transaction.marker = event::Offset{last + 1};
    return transaction;
}

base::Time second(std::int64_t seconds)
{
    return {1'700'000'000 + seconds, 0};
}

} // namespace

class TransactionsTest : public QObject {
    Q_OBJECT

private slots:
    void theFieldIsFound_data();
    void theFieldIsFound();
    void aStepGoesOverTheWholeTransaction();
    void betweenItsTwoMomentsLieItsEventsAlone();
    void thereIsNoSuchTransaction();
    void loggedTransactionsAreSpansOfTime();
    void aStepGoesOverALoggedTransaction();
};

void TransactionsTest::theFieldIsFound_data()
{
    QTest::addColumn<QString>("form");
    QTest::addColumn<QString>("field");
    QTest::newRow("plain") << R"({"transaction":{"id":"%","total_order":1}})"
                           << "/transaction/id";
    QTest::newRow("wrapped") << R"({"schema":1,"payload":{"transaction":{"id":"%"}}})"
                             << "/payload/transaction/id";
    QTest::newRow("flattened") << R"({"id":1,"__transaction_id":"%"})"
                               << "/__transaction_id";
    QTest::newRow("maxwell") << R"({"xid":%})"
                             << "/xid";
    QTest::newRow("none") << R"({"id":"%"})"
                          << "";
}

void TransactionsTest::theFieldIsFound()
{
    QFETCH(QString, form);
    const TransactionLog log("a1", form.toStdString());
    QTEST(QString::fromStdString(log.field() ? toText(*log.field()) : ""), "field");
}

void TransactionsTest::aStepGoesOverTheWholeTransaction()
{
    const TransactionLog log("a1 b1 a1 b- a- b2 a3 b3");
    QVERIFY((log.stops(0, Direction::Forward) == Places{3, 4, 5, 6, 8}));
    QVERIFY((log.stops(8, Direction::Back) == Places{6, 5, 4, 3, 0}));
    QVERIFY((log.stops(1, Direction::Forward) == Places{3, 4, 5, 6, 8}));
    QVERIFY((log.stops(2, Direction::Back) == Places{0}));
}

void TransactionsTest::betweenItsTwoMomentsLieItsEventsAlone()
{
    const TransactionLog log("a1 b1 b2 a1 a3 b3");
    const auto range = must(transactionRange(log.reader().catalog(), *log.index(), "1"));
    QVERIFY(range);
    QCOMPARE(range->events, 3U);
    QCOMPARE(range->before.events(), 0U);
    QCOMPARE(toText(must(log.reader().toCut(range->behind))), std::string("a[0]:2,b[0]:1"));
    const auto second = must(transactionRange(log.reader().catalog(), *log.index(), "2"));
    QCOMPARE(toText(must(log.reader().toCut(second->before))), std::string("a[0]:1,b[0]:1"));
    QCOMPARE(toText(must(log.reader().toCut(second->behind))), std::string("a[0]:1,b[0]:2"));
}

void TransactionsTest::thereIsNoSuchTransaction()
{
    const TransactionLog log("a1");
    QVERIFY(!must(transactionRange(log.reader().catalog(), *log.index(), "7")));
}

/// What the lane of the timeline shows.
void TransactionsTest::loggedTransactionsAreSpansOfTime()
{
    using event::TransactionState;
    TransactionLog log("a- a- b- a- a- b- a-"); // a: 0 to 4 at 0, 1, 3, 4, 6 seconds
    QVERIFY(must(transactionSpans(log.reader())).empty());
    event::Transaction marker = logged(2, 2, TransactionState::Aborted);
    marker.first.reset();
    log.tell({logged(1, 2, TransactionState::Committed), logged(3, 3, TransactionState::Open), marker,
              logged(20, 21, TransactionState::Aborted), [] {
                  event::Transaction other = logged(0, 9, TransactionState::Aborted);
                  other.partition = {"nowhere", 0};
                  return other;
              }()});
    const auto spans = must(transactionSpans(log.reader()));
    QCOMPARE(spans.size(), std::size_t{5});
    QVERIFY(spans[0].transaction.state == TransactionState::Committed);
    QCOMPARE((Places{spans[0].begin, spans[0].behind}), (Places{1, 3}));
    QVERIFY(spans[0].from == second(1) && spans[0].until == second(3));
    // A marker alone stands where the event before it does.
    QCOMPARE((Places{spans[1].begin, spans[1].behind}), (Places{2, 2}));
    QVERIFY(spans[1].from == second(1) && spans[1].until == second(1));
    // An open one goes on to the end.
    QCOMPARE((Places{spans[2].begin, spans[2].behind}), (Places{3, 4}));
    QVERIFY(spans[2].from == second(4) && spans[2].until == second(6));
    // Nothing of it was captured.
    QCOMPARE(spans[3].begin, spans[3].behind);
    QVERIFY(spans[3].from == second(6) && spans[3].until == second(6));
    QVERIFY(!spans[4].partition && !spans[4].from && !spans[4].until);
}

void TransactionsTest::aStepGoesOverALoggedTransaction()
{
    using event::TransactionState;
    TransactionLog log("a- a- b- a- a- b- a-");
    log.tell({logged(1, 3, TransactionState::Committed)}); // places 1, 3, 4
    const auto spans = must(transactionSpans(log.reader()));
    const StepKind kind = OfLoggedTransaction{std::make_shared<const LoggedTransactions>(spans)};
    QCOMPARE(log.stops(0, Direction::Forward, kind), (Places{1, 5, 6, 7}));
    QCOMPARE(log.stops(7, Direction::Back, kind), (Places{6, 5, 1, 0}));
    const auto range = must(transactionRange(log.reader().catalog(), spans, {{"a", 0}, {1}}));
    QVERIFY(range);
    QCOMPARE(range->events, 3U);
    QCOMPARE(range->before.events(), 1U);
    QCOMPARE(range->behind.events(), 4U);
    QVERIFY(!must(transactionRange(log.reader().catalog(), spans, {{"a", 0}, {2}})));
}

QTEST_GUILESS_MAIN(TransactionsTest)
#include "transactions_test.moc"
