// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/debezium.h"

#include "core/event/document.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::fold;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// One row, and what is said of the events that change it. Semantics.md section 4 is what the tests are named after.
class Row {
public:
    explicit Row(std::string aggregate = {}) : m_aggregate(std::move(aggregate)) { m_folder->tellTo(&m_found); }

    Row& apply(const std::optional<std::string>& value, const std::string& key = R"({"id":1})",
               const Headers& headers = {})
    {
        const std::string padded = value.value_or("") + std::string(base::kReadablePadding, '\0');
        event::Record record;
        if (value) record.value = base::ByteView(padded).substr(0, value->size());
        if (!key.empty()) record.key = key;
        for (const auto& [name, bytes] : headers) record.headers.push_back({name, bytes});
        FoldEvent event;
        event.partition = &m_partition;
        event.value = record.value;
        event.record = &record;
        event.aggregate = m_aggregate;
        m_folder->apply(*m_state, event);
        return *this;
    }

    /// The row as JSON, or "(none)"; then what was found amiss, a line each.
    [[nodiscard]] QString picture() const
    {
        std::string out = m_folder->exists(*m_state) ? toJson(m_folder->read(*m_state).root()) : "(none)";
        for (const base::Error& error : m_found) out += "\n" + std::string(nameOf(error.code)) + ": " + render(error);
        return QString::fromStdString(out);
    }

private:
    const event::Partition m_partition{"srv.public.t", 0};
    std::string m_aggregate;
    std::shared_ptr<const Fold> m_fold = debeziumFold();
    std::unique_ptr<Folder> m_folder = m_fold->folder();
    std::unique_ptr<State> m_state = m_folder->begin();
    std::vector<base::Error> m_found;
};

constexpr const char* kSource =
    R"("source":{"connector":"postgresql","name":"srv","schema":"public","table":"t","lsn":%1})";

/// A plain Debezium event.
std::string change(const QString& op, const QString& before, const QString& after, int lsn = 100)
{
    return QString(R"({"op":"%1","before":%2,"after":%3,%4,"ts_ms":1})")
        .arg(op, before, after, QString(kSource).arg(lsn))
        .toStdString();
}

} // namespace

class DebeziumTest : public QObject {
    Q_OBJECT

private slots:
    void createReadAndUpdateMakeTheRowItsAfter();
    void deleteRemovesTheRow();
    void aNullValueRemovesTheRowIfPresent();
    void truncateClears();
    void aMessageTouchesNoRow();
    void wrappedWithItsSchemaIsReadAlike();
    void flattenedIsTheRowItself();
    void mongoDbTellsRowsAsTexts();
    void anUnavailableValueKeepsTheOldOne();
    void anUnavailableValueThatNobodyHasIsTold();
    void aChangedPrimaryKeyLinksTheTwoRows();
    void aStaleReadIsFlagged_data();
    void aStaleReadIsFlagged();
    void snapshotMayBeATextOrABoolean();
    void beforeIsComparedWhereItIsTheFullRow();
    void beforeWithTheKeyAloneIsNoFullRow();
    void beforeOfARowNeverSeenIsNoDivergence();
    void beforeOfARowThatIsGoneIsADivergence();
    void columnsOfAnAlteredTableAreNotCompared();
    void maxwellRows();
    void canalRowsOfOneEvent();
    void whatIsNoChangeIsTold();
    void savedStatesKeepWhatIsKnown();
};

void DebeziumTest::createReadAndUpdateMakeTheRowItsAfter()
{
    QCOMPARE(Row().apply(change("c", "null", R"({"id":1,"n":2.50})")).picture(), R"({"id":1,"n":2.50})");
    QCOMPARE(Row().apply(change("r", "null", R"({"id":1,"n":2})")).picture(), R"({"id":1,"n":2})");
    QCOMPARE(Row().apply(change("c", "null", R"({"id":1,"n":2})")).apply(change("u", "null", R"({"id":1})")).picture(),
             R"({"id":1})");
}

void DebeziumTest::deleteRemovesTheRow()
{
    Row row;
    row.apply(change("c", "null", R"({"id":1})")).apply(change("d", R"({"id":1})", "null"));
    QCOMPARE(row.picture(), "(none)");
    QCOMPARE(row.apply(change("c", "null", R"({"id":1,"again":true})")).picture(), R"({"id":1,"again":true})");
}

void DebeziumTest::aNullValueRemovesTheRowIfPresent()
{
    QCOMPARE(Row().apply(std::nullopt).picture(), "(none)");
    QCOMPARE(Row().apply(change("c", "null", R"({"id":1})")).apply(std::nullopt).picture(), "(none)");
    QCOMPARE(Row().apply(change("c", "null", R"({"id":1})")).apply(R"({"schema":null,"payload":null})").picture(),
             "(none)");
}

void DebeziumTest::truncateClears()
{
    QCOMPARE(Row().apply(change("c", "null", R"({"id":1})")).apply(change("t", "null", "null")).picture(), "(none)");
}

void DebeziumTest::aMessageTouchesNoRow()
{
    const std::string message = R"({"op":"m","ts_ms":1,"source":{"lsn":5},"message":{"prefix":"p","content":"Zm9v"}})";
    QCOMPARE(Row().apply(change("c", "null", R"({"id":1})")).apply(message).picture(), R"({"id":1})");
}

void DebeziumTest::wrappedWithItsSchemaIsReadAlike()
{
    const auto wrapped = [](const std::string& value) {
        return R"({"schema":{"type":"struct"},"payload":)" + value + "}";
    };
    Row row;
    row.apply(wrapped(change("c", "null", R"({"id":1,"n":1})")), R"({"schema":{},"payload":{"id":1}})");
    row.apply(wrapped(change("u", R"({"id":1,"n":9})", R"({"id":1,"n":2})")), R"({"schema":{},"payload":{"id":1}})");
    QCOMPARE(row.picture(),
             R"({"id":1,"n":2})"
             "\nrow-diverges: the row before this change is told to have n = 9, but the changes so far give 1");
}

void DebeziumTest::flattenedIsTheRowItself()
{
    QCOMPARE(Row().apply(R"({"id":1,"n":2,"__op":"c","__table":"t","__deleted":"false"})").picture(),
             R"({"id":1,"n":2})");
    Row deleted;
    deleted.apply(R"({"id":1,"n":2,"__deleted":"false"})").apply(R"({"id":1,"n":2,"__deleted":"true"})");
    QCOMPARE(deleted.picture(), "(none)");
    QCOMPARE(Row().apply(R"({"id":1,"__op":"c"})").apply(R"({"id":1,"__op":"d"})").picture(), "(none)");
}

void DebeziumTest::mongoDbTellsRowsAsTexts()
{
    Row row;
    row.apply(
        R"({"op":"c","before":null,"after":"{\"_id\": {\"$oid\": \"5a\"},\"n\": 1}","source":{"connector":"mongodb"}})");
    QCOMPARE(row.picture(), R"({"_id":{"$oid":"5a"},"n":1})");
    row.apply(
        R"({"op":"u","before":"{\"_id\": {\"$oid\": \"5a\"},\"n\": 7}","after":"{\"n\": 2}","source":{"connector":"mongodb"}})",
        R"({"id":"{\"$oid\": \"5a\"}"})");
    QCOMPARE(row.picture(),
             R"({"n":2})"
             "\nrow-diverges: the row before this change is told to have n = 7, but the changes so far give 1");
    row.apply(R"({"op":"u","after":null,"updateDescription":{},"source":{"connector":"mongodb"}})");
    QVERIFY(row.picture().endsWith("row-missing: the change does not tell the row"));
}

void DebeziumTest::anUnavailableValueKeepsTheOldOne()
{
    const QString unavailable =
        R"({"id":1,"t":"__debezium_unavailable_value","b":"X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==",)"
        R"("a":["__debezium_unavailable_value"],"n":2})";
    Row row;
    row.apply(change("c", "null", R"({"id":1,"t":"long","b":"AAA=","a":["x","y"],"n":1})"));
    QCOMPARE(row.apply(change("u", "null", unavailable)).picture(),
             R"({"id":1,"t":"long","b":"AAA=","a":["x","y"],"n":2})");
}

void DebeziumTest::anUnavailableValueThatNobodyHasIsTold()
{
    const QString after = R"({"id":1,"t":"__debezium_unavailable_value"})";
    QCOMPARE(Row().apply(change("u", "null", after)).picture(),
             after + "\nvalue-unavailable: the value of t is not told, and no event before has it");
    QCOMPARE(Row().apply(change("u", R"({"id":1,"t":"long"})", after)).picture(), R"({"id":1,"t":"long"})");
}

void DebeziumTest::aChangedPrimaryKeyLinksTheTwoRows()
{
    Row before;
    before.apply(change("c", "null", R"({"id":1})"));
    before.apply(change("d", R"({"id":1})", "null"), R"({"id":1})", {{"__debezium.newkey", R"({"id":2})"}});
    before.apply(std::nullopt);
    QCOMPARE(before.picture(), "(none)\nrow-moved-to: its key changed: the row goes on as srv.public.t/2");
    Row after;
    after.apply(change("c", "null", R"({"id":2})"), R"({"id":2})",
                {{"__debezium.oldkey", R"({"schema":{},"payload":{"id":1}})"}});
    QCOMPARE(after.picture(), R"({"id":2})"
                              "\nrow-moved-from: its key changed: the row was srv.public.t/1");
    QVERIFY(isLink({base::ErrorCode::RowMovedTo, {}, {}}));
    QVERIFY(!isLink({base::ErrorCode::RowDiverges, {}, {}}));
}

void DebeziumTest::aStaleReadIsFlagged_data()
{
    QTest::addColumn<QString>("older");
    QTest::addColumn<QString>("newer");
    QTest::addColumn<QString>("place");
    QTest::newRow("lsn") << R"({"lsn":99,"ts_ms":5})"
                         << R"({"lsn":1000,"ts_ms":4})"
                         << "lsn 99";
    QTest::newRow("pos") << R"({"file":"b.000002","pos":99})"
                         << R"({"file":"b.000002","pos":100})"
                         << "file b.000002 99";
    QTest::newRow("file") << R"({"file":"b.000009","pos":900})"
                          << R"({"file":"b.000010","pos":4})"
                          << "file b.000009 900";
    QTest::newRow("scn") << R"({"scn":"999"})"
                         << R"({"scn":"1000"})"
                         << "scn 999";
    QTest::newRow("commit lsn") << R"({"commit_lsn":"00000027:00000758:0003"})"
                                << R"({"commit_lsn":"00000027:000007a0:0001"})"
                                << "commit_lsn 00000027:00000758:0003";
    QTest::newRow("ord") << R"({"ts_ms":7,"ord":1})"
                         << R"({"ts_ms":7,"ord":2})"
                         << "ord 7 1";
    QTest::newRow("time") << R"({"ts_ms":7})"
                          << R"({"ts_ms":8})"
                          << "ts_ms 7";
}

void DebeziumTest::aStaleReadIsFlagged()
{
    QFETCH(QString, older);
    QFETCH(QString, newer);
    const auto event = [](const QString& op, const QString& source, int n) {
        return QString(R"({"op":"%1","after":{"id":1,"n":%2},"source":%3})").arg(op).arg(n).arg(source).toStdString();
    };
    QVERIFY(!Row().apply(event("u", older, 1)).apply(event("r", newer, 2)).picture().contains("stale"));
    QVERIFY(!Row().apply(event("u", newer, 1)).apply(event("r", newer, 2)).picture().contains("stale"));
    QVERIFY(!Row().apply(event("u", newer, 1)).apply(event("u", older, 2)).picture().contains("stale"));
    const QString picture = Row().apply(event("u", newer, 1)).apply(event("r", older, 2)).picture();
    QFETCH(QString, place);
    QVERIFY2(picture.startsWith(R"({"id":1,"n":2})"), "it is the state all the same");
    QVERIFY2(picture.contains("stale-read: a snapshot read the row as it was at " + place + ","), qPrintable(picture));
}

void DebeziumTest::snapshotMayBeATextOrABoolean()
{
    const auto event = [](const QString& op, const QString& snapshot, int lsn) {
        return QString(R"({"op":"%1","after":{"id":1},"source":{"lsn":%2,"snapshot":%3}})")
            .arg(op)
            .arg(lsn)
            .arg(snapshot)
            .toStdString();
    };
    for (const char* snapshot : {"true", R"("true")", R"("last")", R"("incremental")"})
        QVERIFY(Row().apply(event("u", "false", 9)).apply(event("c", snapshot, 8)).picture().contains("stale-read"));
    for (const char* snapshot : {"false", R"("false")", "null", R"("")"})
        QVERIFY(!Row().apply(event("u", "false", 9)).apply(event("c", snapshot, 8)).picture().contains("stale-read"));
}

void DebeziumTest::beforeIsComparedWhereItIsTheFullRow()
{
    Row row;
    row.apply(change("c", "null", R"({"id":1,"n":1.0,"m":null})"));
    row.apply(change("u", R"({"id":1,"n":1,"m":null})", R"({"id":1,"n":2,"m":5})"));
    QCOMPARE(row.picture(), R"({"id":1,"n":2,"m":5})");
    row.apply(change("u", R"({"id":1,"n":2,"m":null})", R"({"id":1,"n":3,"m":6})"));
    QCOMPARE(row.picture(),
             R"({"id":1,"n":3,"m":6})"
             "\nrow-diverges: the row before this change is told to have m = null, but the changes so far give 5");
}

void DebeziumTest::beforeWithTheKeyAloneIsNoFullRow()
{
    Row row;
    row.apply(change("c", "null", R"({"id":1,"n":1})"));
    row.apply(change("d", R"({"id":1,"n":null})", "null"));
    QCOMPARE(row.picture(), "(none)");
}

void DebeziumTest::beforeOfARowNeverSeenIsNoDivergence()
{
    QCOMPARE(Row().apply(change("u", R"({"id":1,"n":1})", R"({"id":1,"n":2})")).picture(), R"({"id":1,"n":2})");
    QCOMPARE(Row().apply(change("d", R"({"id":1,"n":1})", "null")).picture(), "(none)");
}

void DebeziumTest::beforeOfARowThatIsGoneIsADivergence()
{
    Row row;
    row.apply(change("c", "null", R"({"id":1,"n":1})")).apply(change("d", "null", "null"));
    row.apply(change("u", R"({"id":1,"n":1})", R"({"id":1,"n":2})"));
    QVERIFY(row.picture().contains("row-diverges"));
}

void DebeziumTest::columnsOfAnAlteredTableAreNotCompared()
{
    Row row;
    row.apply(change("c", "null", R"({"id":1,"gone":1,"n":1})"));
    row.apply(change("u", R"({"id":1,"n":1,"new":7})", R"({"id":1,"n":2,"new":7})"));
    QCOMPARE(row.picture(), R"({"id":1,"n":2,"new":7})");
}

void DebeziumTest::maxwellRows()
{
    const std::string key = R"({"database":"shop","table":"orders","pk.id":1})";
    Row row("shop.orders/1");
    row.apply(R"({"database":"shop","table":"orders","type":"insert","ts":1,"data":{"id":1,"n":1}})", key);
    row.apply(R"({"database":"shop","table":"orders","type":"update","ts":2,"data":{"id":1,"n":2},"old":{"n":1}})",
              key);
    QCOMPARE(row.picture(), R"({"id":1,"n":2})");
    row.apply(R"({"database":"shop","table":"orders","type":"update","ts":2,"data":{"id":1,"n":4},"old":{"n":3}})",
              key);
    QVERIFY(row.picture().contains("n = 3, but the changes so far give 2"));
    const std::string moved =
        R"({"database":"shop","table":"orders","type":"update","ts":3,"data":{"id":5,"n":4},"old":{"id":1}})";
    QVERIFY(row.apply(moved, R"({"database":"shop","table":"orders","pk.id":5})").picture().startsWith("(none)"));
    Row other("shop.orders/5");
    QCOMPARE(other.apply(moved, R"({"database":"shop","table":"orders","pk.id":5})").picture(), R"({"id":5,"n":4})");
    other.apply(R"({"database":"shop","table":"orders","type":"delete","ts":4,"data":{"id":5,"n":4}})",
                R"({"database":"shop","table":"orders","pk.id":5})");
    QCOMPARE(other.picture(), "(none)");
}

void DebeziumTest::canalRowsOfOneEvent()
{
    const auto event = [](const QString& type, const QString& data, const QString& old) {
        return QString(
                   R"({"data":%1,"database":"shop","table":"orders","isDdl":false,"old":%2,"pkNames":["id"],"type":"%3","es":1})")
            .arg(data, old, type)
            .toStdString();
    };
    Row row("shop.orders/2");
    row.apply(event("INSERT", R"([{"id":"1","n":"1"},{"id":"2","n":"2"}])", "null"), "");
    QCOMPARE(row.picture(), R"({"id":"2","n":"2"})");
    row.apply(event("UPDATE", R"([{"id":"1","n":"7"},{"id":"2","n":"8"}])", R"([{"n":"1"},{"n":"2"}])"), "");
    QCOMPARE(row.picture(), R"({"id":"2","n":"8"})");
    row.apply(event("UPDATE", R"([{"id":"3","n":"8"}])", R"([{"id":"2"}])"), "");
    QCOMPARE(row.picture(), "(none)");
    Row deleted("shop.orders/1");
    deleted.apply(event("INSERT", R"([{"id":"1"}])", "null"), "")
        .apply(event("DELETE", R"([{"id":"2"},{"id":"1"}])", "null"), "");
    QCOMPARE(deleted.picture(), "(none)");
    Row cleared("shop.orders/1");
    cleared.apply(event("INSERT", R"([{"id":"1"}])", "null"), "");
    cleared.apply(
        R"({"data":null,"database":"shop","table":"orders","isDdl":true,"type":"TRUNCATE","sql":"truncate orders"})",
        "");
    QCOMPARE(cleared.picture(), "(none)");
}

void DebeziumTest::whatIsNoChangeIsTold()
{
    Row row;
    row.apply(change("c", "null", R"({"id":1})")).apply(R"({"id":1,"op":"x"})").apply("7");
    QCOMPARE(row.picture().count("not-a-row-change"), 2);
    QVERIFY(row.picture().startsWith(R"({"id":1})"));
}

void DebeziumTest::savedStatesKeepWhatIsKnown()
{
    const auto fold = debeziumFold();
    const auto folder = fold->folder();
    const auto apply = [&](State& state, const std::string& value) {
        const std::string padded = value + std::string(base::kReadablePadding, '\0');
        FoldEvent event;
        event.value = base::ByteView(padded).substr(0, value.size());
        folder->apply(state, event);
    };
    const auto state = folder->begin();
    apply(*state, change("c", "null", R"({"id":1,"n":1})", 500));
    const auto again = folder->restore(folder->save(*state));
    QVERIFY(again);
    std::vector<base::Error> found;
    folder->tellTo(&found);
    apply(*again, change("r", "null", R"({"id":1,"n":2})", 400));
    QCOMPARE(found.size(), 1U);
    QCOMPARE(render(found[0]),
             std::string("a snapshot read the row as it was at lsn 400, before its last change at lsn 500"));
}

QTEST_GUILESS_MAIN(DebeziumTest)
#include "debezium_test.moc"
