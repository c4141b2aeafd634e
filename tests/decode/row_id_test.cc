// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/row_id.h"

#include "core/decode/field.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::decode;

namespace {

/// The memberships of one record as a line: "a b", "all of x/", "as before 1 (t/1)", "outside", "none".
QString membersOf(const QString& by, const QString& value, const QString& key, const QString& topic)
{
    const std::string padded = value.toStdString() + std::string(base::kReadablePadding, '\0');
    const std::string keyBytes = key.toStdString();
    event::Record record;
    if (!value.isNull()) record.value = base::ByteView(padded).substr(0, padded.size() - base::kReadablePadding);
    if (!key.isNull()) record.key = keyBytes;
    FieldExtractor extractor({parseFieldRef(by.toStdString()).value()});
    const auto extraction = extractor.extract(record, topic.toStdString());
    const Membership& membership = extraction.memberships[0];
    QStringList out;
    if (membership.everyOf) out += "all of " + QString::fromStdString(*membership.everyOf);
    if (membership.asBefore) out += "as before " + QString::fromStdString(*membership.asBefore);
    for (const std::string& id : membership.ids) out += QString::fromStdString(id);
    if (membership.outside) out += "outside";
    const bool first = extraction.fields[0].text == (membership.ids.empty() ? "" : membership.ids.front());
    return (out.isEmpty() ? "none" : out.join(' ')) + (first ? "" : ", but another field");
}

QString changeEvent(const QString& op, const QString& before, const QString& after, const QString& source)
{
    return QString(R"({"op":"%1","before":%2,"after":%3,"source":{%4}})").arg(op, before, after, source);
}

const QString kPostgres = R"("connector":"postgresql","name":"srv","db":"d","schema":"public","table":"t")";

} // namespace

class RowIdTest : public QObject {
    Q_OBJECT

private slots:
    void members_data();
    void members();
    void refsAreWrittenAsTheyAreRead();
    void whatIsNoRef();
    void undecodableRecordsHaveNoMembers();
};

void RowIdTest::members_data()
{
    QTest::addColumn<QString>("by");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("topic");
    QTest::addColumn<QString>("members");
    const QString created = changeEvent("c", "null", R"({"id":7,"n":1})", kPostgres);
    const auto row = [](const char* name, const QString& value, const QString& key, const QString& members,
                        const QString& by = "debezium", const QString& topic = "srv.public.t") {
        QTest::newRow(name) << by << value << key << topic << members;
    };
    row("the record's key", created, R"({"id":1001})", "srv.public.t/1001");
    row("a wrapped key", created, R"({"schema":{},"payload":{"id":1001}})", "srv.public.t/1001");
    row("a key of several columns", created, R"({"a":"x,y\\z","b":2,"c":null})", R"(srv.public.t/x\,y\\z,2,\N)");
    row("a scalar key", created, "1001", "srv.public.t/1001");
    row("a key that is no JSON", created, "Struct{id=1}", "srv.public.t/Struct{id=1}");
    row("a null key column", created, R"({"id":null})", "srv.public.t/7");
    row("no key: the column id", created, {}, "srv.public.t/7");
    row("no key: the columns named", created, {}, "srv.public.t/1,7", "debezium:n,id");
    row("no key: the first that the row has", created, {}, "srv.public.t/1", "debezium:x,id;n");
    row("no key and no such column", created, {}, "none", "debezium:x");
    row("a delete tells the row before", changeEvent("d", R"({"id":7})", "null", kPostgres), {}, "srv.public.t/7");
    row("wrapped with its schema", R"({"schema":{},"payload":)" + created + "}", R"({"id":1})", "srv.public.t/1");
    row("mysql", changeEvent("c", "null", "{}", R"("connector":"mysql","name":"m","db":"shop","table":"t")"), "1",
        "m.shop.t/1");
    row("sqlserver",
        changeEvent("c", "null", "{}", R"("connector":"sqlserver","name":"s","db":"d","schema":"dbo","table":"t")"),
        "1", "s.d.dbo.t/1");
    row("mongodb",
        changeEvent("c", "null", R"("{\"_id\":5}")", R"("connector":"mongodb","name":"g","db":"d","collection":"c")"),
        {}, "g.d.c/5");
    row("a table with a slash", changeEvent("c", "null", "{}", R"("table":"a/b\\c")"), "1", R"(a\/b\\c/1)");
    row("no source: the topic", R"({"op":"c","after":{"id":1}})", {}, "orders/1", "debezium", "orders");
    row("flattened", R"({"id":1,"__op":"u","__table":"t"})", {}, "srv.public.t/1");
    row("flattened, from another topic", R"({"id":1,"__op":"u","__table":"t"})", {}, "t/1", "debezium", "all");
    row("a truncate", changeEvent("t", "null", "null", kPostgres), {}, "all of srv.public.t/");
    row("a message", R"({"op":"m","source":{},"message":{}})", R"({"prefix":"p"})", "outside");
    row("the border of a transaction", R"({"status":"BEGIN","id":"5","event_count":null})", R"({"id":"5"})", "outside");
    row("a heartbeat", R"({"ts_ms":5})", R"({"serverName":"srv"})", "outside");
    row("a tombstone", {}, R"({"id":1})", "as before 1 srv.public.t/1");
    row("a wrapped tombstone", R"({"schema":null,"payload":null})", R"({"schema":{},"payload":{"id":1}})",
        "as before 1 srv.public.t/1");
    row("a tombstone without a key", {}, {}, "none");
    row("another document", R"({"id":1})", R"({"id":1})", "none");
    row("maxwell", R"({"database":"d","table":"t","type":"insert","data":{"id":1}})", {}, "d.t/1");
    row("maxwell's key", R"({"database":"d","table":"t","type":"insert","data":{"a":1}})",
        R"({"database":"d","table":"t","pk.a":1})", "d.t/1");
    row("maxwell's columns",
        R"({"database":"d","table":"t","type":"insert","data":{"a":1,"b":2},"primary_key_columns":["b"]})", {},
        "d.t/2");
    row("maxwell, another key", R"({"database":"d","table":"t","type":"update","data":{"id":2},"old":{"id":1}})", {},
        "d.t/2 d.t/1");
    row("maxwell, a table altered", R"({"database":"d","table":"t","type":"table-alter","sql":"..."})", {}, "outside");
    row("canal",
        R"({"database":"d","table":"t","type":"INSERT","isDdl":false,"pkNames":["a"],"data":[{"a":"1"},{"a":"2"},{"a":"1"}]})",
        {}, "d.t/1 d.t/2");
    row("canal, another key",
        R"({"database":"d","table":"t","type":"UPDATE","isDdl":false,"pkNames":["a"],"data":[{"a":"2"},{"a":"9"}],"old":[{"a":"1"},{"b":0}]})",
        {}, "d.t/2 d.t/1 d.t/9");
    row("canal, truncate", R"({"database":"d","table":"t","type":"TRUNCATE","isDdl":true,"data":null})", {},
        "all of d.t/");
    row("canal, a table altered", R"({"database":"d","table":"t","type":"ALTER","isDdl":true,"data":null})", {},
        "outside");
}

void RowIdTest::members()
{
    QFETCH(QString, by);
    QFETCH(QString, value);
    QFETCH(QString, key);
    QFETCH(QString, topic);
    QTEST(membersOf(by, value, key, topic), "members");
}

void RowIdTest::refsAreWrittenAsTheyAreRead()
{
    for (const char* text : {"debezium", "debezium:id", "debezium:a,b", "debezium:a,b;c;d,e"}) {
        const auto ref = parseFieldRef(text);
        QVERIFY(ref && std::holds_alternative<ChangedRow>(*ref));
        QCOMPARE(toText(*ref), std::string(text));
    }
}

void RowIdTest::whatIsNoRef()
{
    for (const char* text : {"debezium:", "debezium:a,", "debezium:;a", "debeziumx", "Debezium"})
        QVERIFY2(!parseFieldRef(text), text);
}

void RowIdTest::undecodableRecordsHaveNoMembers()
{
    QCOMPARE(membersOf("debezium", R"({"op":"c","after":{"id":1})", R"({"id":1})", "t"), QString("none"));
}

QTEST_GUILESS_MAIN(RowIdTest)
#include "row_id_test.moc"
