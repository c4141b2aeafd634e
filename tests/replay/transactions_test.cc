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

    /// The places one stands at, one step after the other, to the end or the start.
    [[nodiscard]] std::vector<std::uint64_t> stops(std::uint64_t from, Direction direction) const
    {
        const auto order = must(PlayOrder::over(m_reader->catalog(), m_reader->catalog().end()));
        std::vector<std::uint64_t> places;
        for (std::optional<std::uint64_t> at = from; at;) {
            at = must(step(*m_reader, order, nullptr, *at, OfTransaction{m_index}, direction, {}));
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

} // namespace

class TransactionsTest : public QObject {
    Q_OBJECT

private slots:
    void theFieldIsFound_data();
    void theFieldIsFound();
    void aStepGoesOverTheWholeTransaction();
    void betweenItsTwoMomentsLieItsEventsAlone();
    void thereIsNoSuchTransaction();
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

QTEST_GUILESS_MAIN(TransactionsTest)
#include "transactions_test.moc"
