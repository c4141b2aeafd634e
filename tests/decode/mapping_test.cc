// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/mapping.h"

#include <QTest>

#include <deque>
#include <random>

using namespace leftfold;
using namespace leftfold::decode;

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

/// A sample of records that owns its bytes.
class Sample {
public:
    void add(std::string value) { m_records.emplace_back().value = hold(std::move(value)); }
    event::Record& last() { return m_records.back(); }
    base::ByteView hold(std::string bytes)
    {
        const std::size_t size = bytes.size();
        bytes.append(base::kReadablePadding, ' ');
        return base::ByteView(m_storage.emplace_back(std::move(bytes))).substr(0, size);
    }
    [[nodiscard]] Mapping detect(const Mapping& given = {}) const { return detectMapping(m_records, given); }

private:
    std::deque<std::string> m_storage;
    std::vector<event::Record> m_records;
};

/// `%1` to `%4` replaced by the numbers, with two digits at least.
std::string filled(const char* pattern, std::initializer_list<int> numbers)
{
    std::string line;
    for (const char* at = pattern; *at != '\0'; ++at) {
        if (*at != '%') {
            line += *at;
            continue;
        }
        const int number = numbers.begin()[*++at - '1'];
        if (number < 10) line += '0';
        line += std::to_string(number);
    }
    return line;
}

/// 400 lines: %1 counts events, %2 repeats (an aggregate), %3 repeats more, %4 takes few values; the first digits of
/// times grow.
Sample sampleOf(const char* pattern)
{
    Sample sample;
    for (int i = 0; i < 400; ++i)
        sample.add(filled(pattern, {1000 + i, 100 + (i / 3 + (i % 2) * 7) % 80, 10 + i * 7 % 12, i % 4}));
    return sample;
}

Mapping mappingOf(const char* json)
{
    return parseMapping(json).value();
}

std::optional<FieldRef> randomRef(std::mt19937_64& random)
{
    constexpr const char* kRefs[] = {"/a", "", "/a~1b/0", "/\"\n", "key", "timestamp", "header:x", "header:\"\xc3\xa9"};
    const std::uint64_t pick = random() % (std::size(kRefs) + 2);
    if (pick >= std::size(kRefs)) return std::nullopt;
    return parseFieldRef(kRefs[pick]).value();
}

} // namespace

class MappingTest : public QObject {
    Q_OBJECT

private slots:
    void jsonComesBack();
    void jsonLooksAsDocumented();
    void badJsonSaysWhy_data();
    void badJsonSaysWhy();
    void isDescribedInOneLine_data();
    void isDescribedInOneLine();
    void timesOfFields_data();
    void timesOfFields();
    void knownShapes_data();
    void knownShapes();
    void retail();
    void givenWins();
    void givenTimeGetsItsUnit();
    void kafkaKeysAndTimestamps();
    void cloudEventsInHeaders();
    void emptyAndStrangeSamples_data();
    void emptyAndStrangeSamples();
    void looksAtTheFirstRecordsOnly();
};

void MappingTest::jsonComesBack()
{
    const std::uint64_t seed = std::random_device{}();
    qInfo() << "seed" << seed;
    std::mt19937_64 random(seed);
    for (int i = 0; i < 2'000; ++i) {
        Mapping mapping{randomRef(random), randomRef(random), randomRef(random), {},
                        randomRef(random), randomRef(random), randomRef(random), random() % 2 == 0 ? "debezium" : ""};
        if (random() % 2 == 0) mapping.timeUnit = static_cast<base::EpochUnit>(random() % 4);
        const std::string json = toJson(mapping);
        QVERIFY2(json.find('\n') == std::string::npos, json.c_str());
        QVERIFY2(parseMapping(json) == mapping, json.c_str());
    }
}

void MappingTest::jsonLooksAsDocumented()
{
    Mapping mapping;
    QCOMPARE(toJson(mapping), std::string("{}"));
    mapping.id = parseFieldRef("/invoice").value();
    mapping.time = NativeTimestamp{};
    mapping.timeUnit = base::EpochUnit::Milliseconds;
    mapping.causation = HeaderNamed{"cause"};
    QCOMPARE(toJson(mapping),
             std::string(R"({"id":"/invoice","time":"timestamp","causation":"header:cause","timeUnit":"ms"})"));
}

void MappingTest::badJsonSaysWhy_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* json, const char* reason) {
        QTest::newRow(json) << QByteArray(json) << QStringLiteral("the mapping cannot be read: ") + QString(reason);
    };
    const char* shape = "expected an object of texts, {\"id\":\"/invoice\",...}";
    row("[]", shape);
    row("\"/invoice\"", shape);
    row("7", shape);
    row("null", shape);
    row(R"({"id":7})", shape);
    row(R"({"id":null})", shape);
    row(R"({"id":["/a"]})", shape);
    row(R"({"id":{"id":"/a"}})", shape);
    row(R"({"ids":"/a"})", "it has no member 'ids'");
    row(R"({"id":"a"})", "'a' names no field: expected a JSON pointer (/invoice), key, timestamp, header:NAME, "
                         "debezium or debezium:COLUMN,...");
    row(R"({"timeUnit":"hours"})", "'hours' is no unit of time: expected s, ms, us or ns");
}

void MappingTest::badJsonSaysWhy()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, reason);
    const auto mapping = parseMapping(json.toStdString());
    QVERIFY(!mapping.has_value());
    QCOMPARE(text(base::render(mapping.error())), reason);
    const auto cut = parseMapping("{\"id\":\"/a\"");
    QVERIFY(!cut && base::render(cut.error()).starts_with("the mapping cannot be read: not JSON at byte"));
}

void MappingTest::isDescribedInOneLine_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("line");
    const auto row = [](const char* json, const char* line) {
        QTest::newRow(json) << QByteArray(json) << QString(line);
    };
    row("{}", "id unknown, type unknown, time unknown");
    row(R"({"id":"/invoice","type":"/type","time":"/at"})", "id /invoice, type /type, time /at (ISO 8601)");
    row(R"({"id":"key","type":"header:type","time":"timestamp"})", "id key, type header:type, time timestamp");
    row(R"({"time":"/ts","timeUnit":"us"})", "id unknown, type unknown, time /ts (microseconds since 1970)");
    row(R"({"eventId":"/id","causation":"/c","correlation":"/t"})",
        "id unknown, type unknown, time unknown, event id /id, causation /c, correlation /t");
}

void MappingTest::isDescribedInOneLine()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, line);
    QCOMPARE(text(describe(mappingOf(json.constData()))), line);
}

void MappingTest::timesOfFields_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<int>("unit"); // -1: not set
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, FieldKind kind, const char* field, int unit, const char* expected) {
        QTest::newRow(name) << static_cast<int>(kind) << QByteArray(field) << unit << QString(expected);
    };
    row("ISO", FieldKind::Text, "2010-12-01T08:26:00Z", -1, "2010-12-01T08:26:00Z");
    row("ISO whatever the unit", FieldKind::Text, "2010-12-01", 3, "2010-12-01T00:00:00Z");
    row("digits as text", FieldKind::Text, "1291191960123", 1, "2010-12-01T08:26:00.123Z");
    row("digits with zeros as text", FieldKind::Text, "0001291191960", 0, "2010-12-01T08:26:00Z");
    row("decimal as text", FieldKind::Text, "1291191960.5", 0, "2010-12-01T08:26:00.500Z");
    row("seconds", FieldKind::Number, "1291191960", 0, "2010-12-01T08:26:00Z");
    row("milliseconds if not set", FieldKind::Number, "1291191960123", -1, "2010-12-01T08:26:00.123Z");
    row("microseconds", FieldKind::Number, "1291191960123456", 2, "2010-12-01T08:26:00.123456Z");
    row("nanoseconds", FieldKind::Number, "1291191960123456789", 3, "2010-12-01T08:26:00.123456789Z");
    row("exponent", FieldKind::Number, "1.29119196e9", 0, "2010-12-01T08:26:00Z");
    row("absent", FieldKind::Absent, "", -1, "none");
    row("null", FieldKind::Null, "", -1, "none");
    row("boolean", FieldKind::Boolean, "true", -1, "'true' is not a time: expected a text or a number");
    row("composite", FieldKind::Composite, "", -1, "'' is not a time: expected a text or a number");
    row("empty", FieldKind::Text, "", -1, "'' is not a time: expected a date as 2011-01-31");
    row("words", FieldKind::Text, "soon", -1, "'soon' is not a time: expected a date as 2011-01-31");
}

void MappingTest::timesOfFields()
{
    QFETCH(int, kind);
    QFETCH(QByteArray, field);
    QFETCH(int, unit);
    QFETCH(QString, expected);
    const std::string bytes = field.toStdString();
    std::optional<base::EpochUnit> given;
    if (unit >= 0) given = static_cast<base::EpochUnit>(unit);
    const auto time = timeOf({static_cast<FieldKind>(kind), bytes}, given);
    const QString shown = !time   ? text(base::render(time.error()))
                          : *time ? text(base::toIso(**time))
                                  : QStringLiteral("none");
    QCOMPARE(shown, expected);
}

void MappingTest::knownShapes_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* pattern, const char* expected) {
        QTest::newRow(name) << QByteArray(pattern) << QByteArray(expected);
    };
    row("orders",
        R"({"eventId":"e-%1","type":"Order%4","orderId":"o-%2","customerId":"c-%3","amount":%1.50,"occurredAt":"2024-05-01T10:%3:00Z"})",
        R"({"id":"/orderId","type":"/type","time":"/occurredAt","eventId":"/eventId"})");
    row("orders with causes",
        R"({"id":"%1","eventType":"Paid%4","aggregateId":"%2","data":{"orderId":"x%3"},"metadata":{"causationId":"%2","correlationId":"%3"},"timestamp":"2024-05-01T10:00:00.%1Z"})",
        R"({"id":"/aggregateId","type":"/eventType","time":"/timestamp","eventId":"/id","causation":"/metadata/causationId","correlation":"/metadata/correlationId"})");
    row("CloudEvents, structured",
        R"({"specversion":"1.0","id":"%1","source":"/shop","type":"com.shop.order.v%4","subject":"order-%2","time":"2024-05-01T10:00:00Z","datacontenttype":"application/json","data":{"total":%1,"due":"2024-06-01T00:00:00Z"}})",
        R"({"id":"/subject","type":"/type","time":"/time","eventId":"/id","shape":"cloudevents"})");
    row("CloudEvents without a subject",
        R"({"specversion":"1.0","id":"%1","source":"/shop","type":"com.shop.order.v%4","time":"2024-05-01T10:00:00Z","data":{"orderId":"o%2","total":%1}})",
        R"({"id":"/data/orderId","type":"/type","time":"/time","eventId":"/id","shape":"cloudevents"})");
    row("like Debezium",
        R"({"before":null,"after":{"id":%2,"name":"n%3"},"source":{"version":"2.4","connector":"postgresql","ts_ms":170000000%1,"snapshot":"false","db":"shop","table":"orders","txId":%1,"lsn":24023%1},"op":"c%4","ts_ms":170000001%1})",
        R"({"id":"/after/id","type":"/op","time":"/ts_ms","timeUnit":"ms"})");
    row("Axon",
        R"({"globalIndex":%1,"eventIdentifier":"ev-%1","type":"Account","aggregateIdentifier":"acc-%2","sequenceNumber":%1,"payloadType":"bank.Event%4","payload":{"amount":%3},"metaData":{"traceId":"t%3","correlationId":"k%3"},"timestamp":"2024-05-01T10:00:00.%1Z"})",
        R"({"id":"/aggregateIdentifier","type":"/payloadType","time":"/timestamp","eventId":"/eventIdentifier","correlation":"/metaData/correlationId","shape":"axon-rows"})");
    row("web access log",
        R"({"time":"2024-05-01T10:00:00+02:00","remote_addr":"10.0.%4.%3","method":"GET%4","path":"/p/%1","status":200,"bytes":%1,"request_time":0.0%3,"user_agent":"Mozilla/5.0 X11"})",
        R"({"id":"/remote_addr","type":"/method","time":"/time"})");
    row("sensor readings", R"({"sensor":"s-%3","ts":170000%1,"temperature":2%3.5,"humidity":%3})",
        R"({"id":"/sensor","time":"/ts","timeUnit":"s"})");
    row("devices with microseconds", R"({"device_id":%3,"kind":"reading%4","ts":170000000000%1,"value":%1})",
        R"({"id":"/device_id","type":"/kind","time":"/ts","timeUnit":"us"})");
    row("git", R"({"commit":"0a1b%3","path":"src/f%2.c","mode":"100644","blob":"ff%1","at":"2011-01-31T12:00:00Z"})",
        R"({"id":"/path","time":"/at"})");
    row("bank",
        R"({"id":"t%1","account":"DE-%2","kind":"kind%4","amount":"12.%4","booked":"2024-05-01T10:00:00Z","valueDate":"2024-05-03"})",
        R"({"id":"/account","type":"/kind","time":"/booked","eventId":"/id"})");
    row("one line a user", R"({"id":%1,"name":"User %1","email":"u%1@example.org","birthDate":"1990-01-01"})",
        R"({"id":"/id"})");
    row("application log",
        R"({"@timestamp":"2024-05-01T10:00:00.%1Z","level":"level%4","message":"line %1 of many","service":"shop","traceId":"a%2"})",
        R"({"type":"/level","time":"/@timestamp","correlation":"/traceId"})");
    row("event in an envelope",
        R"({"event":{"name":"Moved%4","ticketId":"T-%2"},"meta":{"createdAt":"2024-05-01T10:00:00Z","messageId":"m%1"}})",
        R"({"id":"/event/ticketId","type":"/event/name","time":"/meta/createdAt","eventId":"/meta/messageId"})");
    row("another language", R"({"vorgang":"Art%4","bestellung":"B-%2","zeitpunkt":"2024-05-01T10:00:00Z","betrag":%1})",
        R"({"id":"/bestellung","time":"/zeitpunkt"})");
    row("nothing to go by", R"({"x":%1,"y":1.%1})", "{}");
    row("items in arrays do not count", R"({"items":[{"orderId":"o-%2","type":"t","at":"2024-05-01T10:00:00Z"}]})",
        "{}");
}

void MappingTest::knownShapes()
{
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, expected);
    QCOMPARE(text(toJson(sampleOf(pattern.constData()).detect())), text(toJson(mappingOf(expected.constData()))));
}

/// Invoices of many lines, some without a customer, a country that hardly changes.
void MappingTest::retail()
{
    Sample sample;
    for (int i = 0; i < 1'000; ++i) {
        const int invoice = i / 14;
        const QString customer =
            invoice % 4 == 3 ? QStringLiteral("null") : QStringLiteral("\"%1\"").arg(17850 - invoice / 2);
        sample.add(
            QStringLiteral(
                R"({"type":"%1","invoice":"%2","sku":"%3A","description":"WHITE HANGING HEART %3","quantity":%4,"unitPrice":2.55,)"
                R"("customer":%5,"country":"United Kingdom","at":"2010-12-01T08:%6:00Z"})")
                .arg(invoice % 20 == 5 ? "LineReturned" : "LineSold")
                .arg(536365 + invoice)
                .arg(85123 + i * 37 % 500)
                .arg(i % 9)
                .arg(customer)
                .arg(invoice % 60, 2, 10, QLatin1Char('0'))
                .toStdString());
    }
    QCOMPARE(text(describe(sample.detect())), QStringLiteral("id /invoice, type /type, time /at (ISO 8601)"));
}

void MappingTest::givenWins()
{
    const Sample sample =
        sampleOf(R"({"type":"t%4","orderId":"o-%2","customer":"c-%3","at":"2024-05-01T10:00:00Z","ts":1700000000000})");
    const auto detected = [&](const char* given) { return text(toJson(sample.detect(mappingOf(given)))); };
    QCOMPARE(detected("{}"), QStringLiteral(R"({"id":"/orderId","type":"/type","time":"/at"})"));
    QCOMPARE(detected(R"({"id":"/customer"})"), QStringLiteral(R"({"id":"/customer","type":"/type","time":"/at"})"));
    QCOMPARE(detected(R"({"type":"/nowhere","time":"/ts"})"),
             QStringLiteral(R"({"id":"/orderId","type":"/nowhere","time":"/ts","timeUnit":"ms"})"));
    QCOMPARE(detected(R"({"time":"/ts","timeUnit":"ns","eventId":"key"})"),
             QStringLiteral(R"({"id":"/orderId","type":"/type","time":"/ts","eventId":"key","timeUnit":"ns"})"));
}

void MappingTest::givenTimeGetsItsUnit()
{
    const auto unit = [](const char* pattern) {
        return sampleOf(pattern).detect(mappingOf(R"({"time":"/list/0/t"})")).timeUnit;
    };
    QVERIFY(unit(R"({"list":[{"t":170000%1}]})") == base::EpochUnit::Seconds);
    QVERIFY(unit(R"({"list":[{"t":"170000000%1"}]})") == base::EpochUnit::Milliseconds);
    QVERIFY(unit(R"({"list":[{"t":170000000000%1}]})") == base::EpochUnit::Microseconds);
    QVERIFY(unit(R"({"list":[{"t":170000000000000%1}]})") == base::EpochUnit::Nanoseconds);
    QVERIFY(!unit(R"({"list":[{"t":"2024-05-01"}]})"));
    QVERIFY(!unit(R"({"list":[]})"));
}

void MappingTest::kafkaKeysAndTimestamps()
{
    Sample sample;
    for (int i = 0; i < 100; ++i) {
        sample.add(filled(R"({"op":"c%1","orderId":"o%2"})", {i % 3, i / 5}));
        sample.last().key = sample.hold(filled("{\"id\":%1}", {i % 20}));
        sample.last().timestamp = base::Time{1'700'000'000 + i, 0};
        sample.last().timestampType = event::TimestampType::Create;
    }
    QCOMPARE(text(toJson(sample.detect())), QStringLiteral(R"({"id":"key","type":"/op","time":"timestamp"})"));
}

void MappingTest::cloudEventsInHeaders()
{
    Sample sample;
    for (int i = 0; i < 100; ++i) {
        sample.add(filled(R"({"total":%1})", {i}));
        sample.last().headers = {{"ce_specversion", "1.0"},
                                 {"ce_type", i % 2 == 0 ? "Placed" : "Paid"},
                                 {"ce_id", sample.hold(filled("e%1", {i}))},
                                 {"ce_time", "2024-05-01T10:00:00Z"},
                                 {"ce_subject", sample.hold(filled("order-%1", {i / 4}))},
                                 {"binary", "\xff\x00"}};
    }
    QCOMPARE(
        text(toJson(sample.detect())),
        QStringLiteral(
            R"({"id":"header:ce_subject","type":"header:ce_type","time":"header:ce_time","eventId":"header:ce_id"})"));
}

void MappingTest::emptyAndStrangeSamples_data()
{
    QTest::addColumn<QByteArray>("value");
    for (const char* value :
         {"", "not JSON", "{\"id\":", "7", "null", "\"text\"", "[]", "{}", "[{\"id\":\"1\"}]",
          "{\"\\ud800\":\"2024-05-01T10:00:00Z\"}", "{\"id\":{\"id\":[1]},\"type\":true,\"time\":[]}"}) {
        QTest::addRow("'%s'", value) << QByteArray(value);
    }
}

void MappingTest::emptyAndStrangeSamples()
{
    QFETCH(QByteArray, value);
    Sample sample;
    QCOMPARE(toJson(sample.detect()), std::string("{}"));
    for (int i = 0; i < 20; ++i) sample.add(value.toStdString());
    QCOMPARE(toJson(sample.detect()), std::string("{}"));
}

void MappingTest::looksAtTheFirstRecordsOnly()
{
    Sample sample;
    for (std::size_t i = 0; i < kSampleSize; ++i) sample.add("{}");
    sample.add(R"({"orderId":"1","type":"T","at":"2024-05-01T10:00:00Z"})");
    QCOMPARE(toJson(sample.detect()), std::string("{}"));
}

QTEST_APPLESS_MAIN(MappingTest)
#include "mapping_test.moc"
