// SPDX-License-Identifier: GPL-3.0-or-later
// The files of tests/data: what the program takes each for, and a state from it with no option given.
#include "tests/app/program.h"

#include <QTest>

namespace {

QString dataFile(const QString& name)
{
    return LEFTFOLD_SOURCE_DIR "/tests/data/" + name;
}

} // namespace

class ShapesTest : public QObject {
    Q_OBJECT

private slots:
    void filesAreKnown_data();
    void filesAreKnown();
    void problemsAreListed();
    void infoRemembers();

private:
    Program m_program;
};

void ShapesTest::filesAreKnown_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("note");
    QTest::addColumn<QString>("partitions"); ///< "orders[0]:5": events, a space between
    QTest::addColumn<QString>("id");
    QTest::addColumn<QByteArrayList>("state"); ///< parts of it

    const auto file = [](const char* name, const char* note, const char* partitions, const char* id,
                         const QByteArrayList& state, const QStringList& options = {}) {
        QTest::newRow(name) << options << note << partitions << id << state;
    };
    file("orders.csv", "CSV, 7 columns delimited by ','; id /order, type /type, time /at (ISO 8601)", "orders[0]:5",
         "1001",
         {R"("OrderPlaced":1,"NoteAdded":1,"OrderLineAdded":1)",
          R"("/price":{"count":2,"sum":13.50,"min":1e0,"max":12.50,"last":1e0})"});
    file("orders-latin1.csv",
         "CSV, 5 columns delimited by ';'; id /Bestellung, type unknown, time /Zeitpunkt (ISO 8601)",
         "orders-latin1[0]:3", "K-1", {R"("/Menge":{"count":1,"sum":5)"}, {"--encoding", "latin-1"});
    file("orders-utf16.tsv", "CSV, 4 columns delimited by tabs; id /order, type /type, time /at (ISO 8601)",
         "orders-utf16[0]:3", "A-1", {R"("OrderPlaced":1,"OrderPaid":1)", R"("/quantity":{"count":1,"sum":2)"});
    file(
        "kcat.jsonl",
        "lines of kcat -J; Debezium change events: id debezium, type /op, time /source/ts_ms (milliseconds since 1970)",
        "shop.public.orders[1]:6 shop.public.orders[0]:3", "shop.public.orders/1001",
        {R"("position":"shop.public.orders[1]@1003")",
         R"("customer_id":17852,"status":"sent","total":120.5,"note":null)"});
    file("console-consumer.txt",
         "lines of kafka-console-consumer (timestamp, partition, offset, headers, key, value); id key, type /type, "
         "time timestamp",
         "console-consumer[0]:3 console-consumer[1]:2", "order-7",
         {R"("types":{"OrderPlaced":1,"OrderPaid":1,"OrderSent":1})",
          R"("last":{"position":"console-consumer[0]@9","time":"2026-01-01T10:03:00Z"})"});
    file("debezium.jsonl",
         "Debezium change events: id debezium, type /op, time /source/ts_ms (milliseconds since 1970)", "debezium[0]:8",
         "shop.public.orders/1001", {R"("customer_id":17852,"status":"sent","total":120.5,"note":null)"});
    file("debezium-schema.jsonl",
         "Debezium change events with their schema: id debezium, type /payload/op, time /payload/source/ts_ms "
         "(milliseconds since 1970)",
         "debezium-schema[0]:7", "shop.public.orders/1001",
         {R"("customer_id":17852,"status":"sent","total":120.5,"note":null)"});
    file("debezium-flat.jsonl",
         "Debezium change events, flattened: id debezium, type /__op, time /__source_ts_ms (milliseconds since 1970)",
         "debezium-flat[0]:8", "orders/1003", {R"("exists":false,"events":2)"});
    file(
        "debezium-mongodb.jsonl",
        "lines of kcat -J; Debezium change events: id debezium, type /op, time /source/ts_ms (milliseconds since 1970)",
        "shop.shop.carts[0]:5", R"(shop.shop.carts/{"$oid":"65a1f0c2e4b0a1d2c3e4f502"})",
        {R"("exists":false,"events":3)"});
    file("cloudevents.jsonl",
         "CloudEvents: id /subject, type /type, time /time (ISO 8601), event id /id, causation /causationid, "
         "correlation /correlationid",
         "cloudevents[0]:5", "cart-31",
         {R"("com.example.shop.cart.opened":1,"com.example.shop.item.added":2)",
          R"("/data/total":{"count":1,"sum":61.4)"});
    file("cloudevents-binary.jsonl",
         "CloudEvents in binary mode: id header:ce_subject, type header:ce_type, time header:ce_time (ISO 8601), event "
         "id header:ce_id, causation header:ce_causationid, correlation header:ce_correlationid",
         "carts[0]:5", "cart-31",
         {R"("com.example.shop.cart.opened":1,"com.example.shop.item.added":2)", R"("/total":{"count":1,"sum":61.4)"});
    file("kurrentdb.jsonl",
         "KurrentDB events: id /streamId, type /eventType, time /created (ISO 8601), event id /eventId, causation "
         "/metadata/$causationId, correlation /metadata/$correlationId",
         "kurrentdb[0]:5", "loan-77",
         {R"("types":{"LoanRequested":1,"CreditChecked":1,"LoanApproved":1})",
          R"("/data/amount":{"count":2,"sum":9500)", R"("time":"2026-01-01T10:04:00.123456700Z")"});
    file("kurrentdb-sink.jsonl",
         "KurrentDB events from its Kafka sink: id header:esdb-record-stream-id, type header:esdb-record-type, time "
         "header:esdb-record-timestamp (ISO 8601), event id header:esdb-record-id",
         "loans[0]:5", "loan-77",
         {R"("types":{"LoanRequested":1,"CreditChecked":1,"LoanApproved":1})", R"("/amount":{"count":2,"sum":9500)"});
    file("axon.jsonl",
         "Axon messages: id header:axon-message-aggregate-id, type header:axon-message-type, time "
         "header:axon-message-timestamp (milliseconds since 1970), event id header:axon-message-id",
         "Axon.Events[0]:5", "acc-1", {R"("time":"2026-01-01T10:04:00.007Z")", R"("/amount":{"count":2,"sum":230.25)"});
    file(
        "axon-rows.csv",
        "CSV, 10 columns delimited by ','; Axon event store entries: id /aggregateIdentifier, type /payloadType, time "
        "/timeStamp (ISO 8601), event id /eventIdentifier",
        "axon-rows[0]:4", "acc-1",
        {R"("com.example.bank.AccountOpened":1,"com.example.bank.MoneyDeposited":1,"com.example.bank.MoneyWithdrawn":1)",
         R"("/sequenceNumber":{"count":3)"});
    file("outbox.jsonl",
         "lines of kcat -J; outbox events: id key, type header:eventType, time timestamp, event id header:id",
         "outbox.event.Order[0]:4", "order-1",
         {R"("types":{"OrderCreated":1,"OrderLineUpdated":1,"OrderShipped":1})", R"("/total":{"count":1,"sum":30.5)"});
    file("outbox-rows.csv",
         "CSV, 6 columns delimited by ';'; outbox table rows: id /aggregateid, type /type, time /created_at (ISO "
         "8601), event id /id",
         "outbox-rows[0]:4", "order-1", {R"("types":{"OrderCreated":1,"OrderLineUpdated":1,"OrderShipped":1})"});
    file("maxwell.jsonl",
         "Maxwell row changes: id debezium, type /type, time /ts (seconds since 1970), correlation /xid",
         "maxwell[0]:5", "shop.stock/1", {R"({"id":1,"sku":"tea-001","count":37})"});
    file("canal.jsonl", "Canal row changes: id debezium, type /type, time /es (milliseconds since 1970)", "canal[0]:4",
         "shop.staff/1", {R"({"ID":"1","NAME":"Ana","SALARY":"4300.00"})"});
}

void ShapesTest::filesAreKnown()
{
    QFETCH(QStringList, options);
    QFETCH(QString, note);
    QFETCH(QString, partitions);
    QFETCH(QString, id);
    QFETCH(QByteArrayList, state);
    const QString path = dataFile(QTest::currentDataTag());

    const Ended info = m_program.run(QStringList{"info", path, "--json"} + options);
    const Ended shown = m_program.run({"show", path, id, "--json"});

    QCOMPARE(QString::fromUtf8(info.errors).trimmed(), "leftfold: mapping: " + note);
    QStringList found;
    for (const QJsonValue& partition : info.json()["partitions"].toArray())
        found.append(partition["partition"].toString() + ':' + QString::number(partition["events"].toInt()));
    QCOMPARE(found.join(' '), partitions);
    for (const QByteArray& part : state) QVERIFY2(shown.out.contains(part), shown.out);
}

void ShapesTest::problemsAreListed()
{
    const Ended ended = m_program.run({"problems", dataFile("console-consumer.txt")});
    QCOMPARE(ended.exitCode, 1);
    QCOMPARE(ended.lines().size(), 2);
    QCOMPARE(ended.lines()[0], "console-consumer[0]@9  2 offsets before it are missing");
    QVERIFY(ended.lines()[1].endsWith("was left out: not a line of kafka-console-consumer: it has no timestamp; it "
                                      "starts with \"Processed a total of 5 messages\""));
}

void ShapesTest::infoRemembers()
{
    const QString path = dataFile("outbox-rows.csv");
    QCOMPARE(m_program.run({"fetch", path}).exitCode, 0);

    const Ended info = m_program.run({"info", path});
    QVERIFY(info.errors.isEmpty());
    QVERIFY(info.out.contains("\nfiles       CSV, 6 columns delimited by ';'\n"));
    QVERIFY(info.out.contains("\nmapping     outbox table rows: id /aggregateid,"));
    const QJsonValue json = m_program.run({"info", path, "--json"}).json();
    QCOMPARE(json["mapping"]["shape"].toString(), "outbox-rows");
    QCOMPARE(json["files"].toString(), "CSV, 6 columns delimited by ';'");
}

QTEST_GUILESS_MAIN(ShapesTest)
#include "shapes_test.moc"
