// SPDX-License-Identifier: GPL-3.0-or-later
// What a person writes to name a Kafka log, and where such a log stands: without a broker.
#include "core/source/kafka_address.h"

#include "core/source/kafka_place.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::source;

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

/// What it reads back as; where it is none, why.
QString normal(const QString& address)
{
    const auto parsed = parseKafkaAddress(address.toStdString());
    return text(parsed ? toText(*parsed) : base::render(parsed.error()));
}

QString boundText(const QString& bound)
{
    struct Name {
        QString operator()(Earliest) const { return "earliest"; }
        QString operator()(Latest) const { return "latest"; }
        QString operator()(FromEnd end) const { return QString("%1 before the end").arg(end.offsets); }
        QString operator()(event::Offset offset) const { return QString("offset %1").arg(offset.value); }
        QString operator()(base::Time time) const { return "time " + text(base::toIso(time)); }
        QString operator()(const event::Cut& cut) const { return "cut " + text(toText(cut)); }
    };
    const auto parsed = parseKafkaBound(bound.toStdString());
    return parsed ? std::visit(Name(), *parsed) : text(base::nameOf(parsed.error().code));
}

KafkaCut someCut()
{
    KafkaCut cut;
    cut.cluster = "Xy-1_z";
    cut.isolation = Isolation::Uncommitted;
    cut.compacted = {{"orders", true}, {"payments", false}};
    cut.places[{"orders", 0}] = {{1043}, event::Offset{1040}, base::hash128("record"), true};
    cut.places[{"payments", 11}] = {{7}, std::nullopt, {}, false};
    return cut;
}

} // namespace

class KafkaAddressTest : public QObject {
    Q_OBJECT

private slots:
    void oneLogHasOneName_data();
    void oneLogHasOneName();
    void whatNamesNoLogIsSaid_data();
    void whatNamesNoLogIsSaid();
    void anyKeyComesBack();
    void boundsAreWrittenInManyWays_data();
    void boundsAreWrittenInManyWays();
    void isolationLevelsAreKafkasWords();
    void cutsAndTargetsComeBack();
    void cutsThatCannotBeReadAreRefused_data();
    void cutsThatCannotBeReadAreRefused();
    void aCutIsDescribedForPeople();
};

void KafkaAddressTest::oneLogHasOneName_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("name");
    const auto row = [](const char* written, const char* name) { QTest::newRow(written) << written << name; };
    row("kafka://a:9092/orders", "kafka://a:9092/orders");
    row("kafka://b:1,a:2/payments,orders", "kafka://a:2,b:1/orders,payments");
    row("kafka://production/orders[3],orders[1]", "kafka://production/orders[1],orders[3]");
    row("kafka://[::1]:9092/orders", "kafka://[::1]:9092/orders");
    row("kafka://a:1", "kafka://a:1/");
    row("kafka://a:1/", "kafka://a:1/");
    row("kafka://a:1/orders?from=earliest&until=latest&isolation=read_committed", "kafka://a:1/orders");
    row("kafka://a:1/orders?isolation=read_uncommitted&from=-10",
        "kafka://a:1/orders?from=-10&isolation=read_uncommitted");
    row("kafka://a:1/orders?key=a%26b%3Dc", "kafka://a:1/orders?key=a%26b=c");
    row("kafka://a:1/orders?key=", "kafka://a:1/orders?key=");
    row("kafka://a:1/orders?key=%c3%a9", "kafka://a:1/orders?key=%C3%A9");
    row("kafka://a:1/o?from=o[0]:5,o[1]:6", "kafka://a:1/o?from=o[0]:5,o[1]:6");
}

void KafkaAddressTest::oneLogHasOneName()
{
    QFETCH(QString, written);
    QFETCH(QString, name);
    QVERIFY(isKafkaAddress(written.toStdString()));
    QCOMPARE(normal(written), name);
    QCOMPARE(normal(name), name);
}

void KafkaAddressTest::whatNamesNoLogIsSaid_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("why");
    const auto row = [](const char* written, const char* why) { QTest::newRow(written) << written << why; };
    row("http://a/orders", "it does not begin with kafka://");
    row("kafka:///orders", "it names no broker and no profile");
    row("kafka://a:1,/orders", "it names no broker and no profile");
    row("kafka://a:1/or ders", "'or ders' is no topic");
    row("kafka://a:1/orders,", "'' is no topic");
    row("kafka://a:1/..", "'..' is no topic");
    row("kafka://a:1/orders[x]", "'orders[x]' is no topic");
    row("kafka://a:1/orders[-1]", "'orders[-1]' is no topic");
    row("kafka://a:1/orders[99999999999]", "is no topic");
    row("kafka://a:1/orders]", "is no topic");
    row("kafka://a:1/orders,orders", "'orders' is no topic, or there twice");
    row("kafka://a:1/orders[1],orders[1]", "there twice");
    row("kafka://a:1/orders,orders[1]", "there twice");
    row("kafka://a:1/orders?since=3", "there is no 'since': expected from, until, isolation or key");
    row("kafka://a:1/orders?from", "'from' is no NAME=VALUE");
    row("kafka://a:1/orders?", "'' is no NAME=VALUE");
    row("kafka://a:1/orders?key=%4", "'key=%4' is no NAME=VALUE");
    row("kafka://a:1/orders?key=%zz", "'key=%zz' is no NAME=VALUE");
    row("kafka://a:1/orders?from=soon", "'soon' is no place in a topic");
    row("kafka://a:1/orders?isolation=none", "'none' is no isolation level");
}

void KafkaAddressTest::whatNamesNoLogIsSaid()
{
    QFETCH(QString, written);
    QFETCH(QString, why);
    QVERIFY(!parseKafkaAddress(written.toStdString()));
    QVERIFY2(normal(written).contains(why), qPrintable(normal(written)));
}

/// A key may be any bytes.
void KafkaAddressTest::anyKeyComesBack()
{
    KafkaAddress address;
    address.brokers = "a:1";
    address.topics = {{"orders", {}}};
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    for (const std::string& key : {std::string(), all, std::string("%41"), std::string("a=b&c?d#e/f,g[0]")}) {
        address.key = key;
        const auto again = parseKafkaAddress(toText(address));
        QVERIFY2(again, again ? "" : base::render(again.error()).c_str());
        QVERIFY(*again == address);
    }
}

void KafkaAddressTest::boundsAreWrittenInManyWays_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("bound");
    const auto row = [](const char* written, const char* bound) { QTest::newRow(written) << written << bound; };
    row("earliest", "earliest");
    row("latest", "latest");
    row("0", "offset 0");
    row("9223372036854775807", "offset 9223372036854775807");
    row("-1000", "1000 before the end");
    row("-0", "0 before the end");
    row("2026-01-31T12:00:00+01:00", "time 2026-01-31T11:00:00Z");
    row("2026-01-31", "time 2026-01-31T00:00:00Z");
    row("orders[0]:1043,orders[1]:998", "cut orders[0]:1043,orders[1]:998");
    row("", "kafka-bound");
    row("9223372036854775808", "kafka-bound");
    row("+5", "kafka-bound");
    row("--5", "kafka-bound");
    row("Latest", "kafka-bound");
    row("orders[0]:x", "kafka-bound");
}

void KafkaAddressTest::boundsAreWrittenInManyWays()
{
    QFETCH(QString, written);
    QFETCH(QString, bound);
    QCOMPARE(boundText(written), bound);
}

void KafkaAddressTest::isolationLevelsAreKafkasWords()
{
    for (const Isolation level : {Isolation::Committed, Isolation::Uncommitted}) {
        const auto parsed = parseIsolation(nameOf(level));
        QVERIFY(parsed && *parsed == level);
    }
    QVERIFY(!parseIsolation("READ_COMMITTED"));
    QVERIFY(!parseIsolation(""));
}

void KafkaAddressTest::cutsAndTargetsComeBack()
{
    const auto cut = parseKafkaCut(toJson(someCut()));
    QVERIFY(cut && *cut == someCut());
    const auto none = parseKafkaCut({});
    QVERIFY(none && *none == KafkaCut());
    KafkaTarget target;
    target.cluster = "c";
    target.compacted = {{"a.b_c-d", true}};
    target.spans[{"a.b_c-d", 0}] = {{1}, {2}, {INT64_MAX - 1}, {INT64_MAX}};
    const auto again = parseKafkaTarget(toJson(target));
    QVERIFY(again && *again == target);
}

void KafkaAddressTest::cutsThatCannotBeReadAreRefused_data()
{
    QTest::addColumn<QString>("json");
    const QString good = text(toJson(someCut()));
    const auto row = [&](const char* name, const char* from, const char* to) {
        QTest::newRow(name) << QString(good).replace(from, to);
    };
    QTest::newRow("no JSON") << good.left(good.size() / 2);
    QTest::newRow("of files") << QString(R"({"files":[]})");
    QTest::newRow("no object") << QString("[1]");
    row("another version", R"("kafka":1)", R"("kafka":2)");
    row("another level", "read_uncommitted", "read_everything");
    row("no partition", "orders[0]", "orders");
    row("no offset", "1043", "\"x\"");
    row("no hash", R"("hash":")", R"("hash":"x)");
    row("no cluster", R"("cluster")", R"("claster")");
}

void KafkaAddressTest::cutsThatCannotBeReadAreRefused()
{
    QFETCH(QString, json);
    const auto cut = parseKafkaCut(json.toStdString());
    QVERIFY(!cut);
    QCOMPARE(cut.error().code, base::ErrorCode::SourceStateUnreadable);
    QVERIFY(!parseKafkaTarget(json.toStdString()));
}

void KafkaAddressTest::aCutIsDescribedForPeople()
{
    QCOMPARE(text(describeKafkaCut(toJson(someCut()))),
             QString("Kafka, read_uncommitted, cluster Xy-1_z; orders is compacted: past states are not reliable"));
    QCOMPARE(describeKafkaCut({}), std::string());
    QCOMPARE(describeKafkaCut(R"({"files":[]})"), std::string());
}

QTEST_GUILESS_MAIN(KafkaAddressTest)
#include "kafka_address_test.moc"
