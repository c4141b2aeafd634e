// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/record.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>

using namespace leftfold;
using namespace leftfold::event;

namespace {

using Bytes = std::optional<base::ByteView>;

/// A record and what to call it in a message.
struct Named {
    const char* name;
    Record record;
};

Record recordWith(void (*change)(Record&))
{
    Record record;
    record.offset = {7};
    record.value = "value";
    record.key = "key";
    record.timestamp = base::Time{100, 5};
    record.timestampType = TimestampType::Create;
    record.headers = {{"a", "1"}, {"b", "2"}};
    change(record);
    return record;
}

/// Records of which no two may be taken for each other.
std::vector<Named> distinctRecords()
{
    return {
        {"as is", recordWith([](Record&) {})},
        {"other offset", recordWith([](Record& r) { r.offset = {8}; })},
        {"null value", recordWith([](Record& r) { r.value = std::nullopt; })},
        {"empty value", recordWith([](Record& r) { r.value = ""; })},
        {"value null as a word", recordWith([](Record& r) { r.value = "null"; })},
        {"value with a zero byte", recordWith([](Record& r) { r.value = base::ByteView("value\0", 6); })},
        {"null key", recordWith([](Record& r) { r.key = std::nullopt; })},
        {"empty key", recordWith([](Record& r) { r.key = ""; })},
        {"key and value swapped", recordWith([](Record& r) { std::swap(r.key, r.value); })},
        {"border of key and value moved", recordWith([](Record& r) { r.key = "keyv", r.value = "alue"; })},
        {"other nanoseconds", recordWith([](Record& r) {
             r.timestamp = base::Time{100, 6};
         })},
        {"other seconds", recordWith([](Record& r) {
             r.timestamp = base::Time{101, 5};
         })},
        {"append time", recordWith([](Record& r) { r.timestampType = TimestampType::LogAppend; })},
        {"no time", recordWith([](Record& r) { r.timestamp = std::nullopt, r.timestampType = TimestampType::None; })},
        {"no headers", recordWith([](Record& r) { r.headers.clear(); })},
        {"headers swapped", recordWith([](Record& r) { std::swap(r.headers[0], r.headers[1]); })},
        {"header repeated", recordWith([](Record& r) { r.headers.push_back(r.headers[1]); })},
        {"header values swapped", recordWith([](Record& r) { std::swap(r.headers[0].value, r.headers[1].value); })},
        {"header name and value moved", recordWith([](Record& r) {
             r.headers[0] = {"a1", ""};
         })},
        {"null header value", recordWith([](Record& r) { r.headers[0].value = std::nullopt; })},
        {"empty header value", recordWith([](Record& r) { r.headers[0].value = ""; })},
        {"one header fewer", recordWith([](Record& r) { r.headers.pop_back(); })},
    };
}

} // namespace

class RecordTest : public QObject {
    Q_OBJECT

private slots:
    void whatTheLogHoldsIsToldApart();
    void whereARecordStoodInItsFileDoesNotCount();
    void equalBytesElsewhereHashTheSame();
    void chainsKnowOrderAndNumber();
    void aChangedBitChangesTheChain();
};

void RecordTest::whatTheLogHoldsIsToldApart()
{
    std::map<std::string, const char*> seen;
    const std::vector<Named> records = distinctRecords();
    for (const auto& [name, record] : records) {
        const auto [other, isNew] = seen.emplace(base::toHex(hashOf(record)), name);
        QVERIFY2(isNew, qPrintable(QStringLiteral("%1 / %2").arg(QString(name), QString(other->second))));
    }
    QCOMPARE(seen.size(), records.size());
}

void RecordTest::whereARecordStoodInItsFileDoesNotCount()
{
    const Record record = recordWith([](Record&) {});
    const Record elsewhere = recordWith([](Record& r) { r.line = 812; });
    QVERIFY(hashOf(record) == hashOf(elsewhere));
}

void RecordTest::equalBytesElsewhereHashTheSame()
{
    const std::string value = "value";
    const std::string key = "key";
    Record record = recordWith([](Record&) {});
    record.value = value;
    record.key = key;
    QVERIFY(hashOf(record) == hashOf(recordWith([](Record&) {})));
}

void RecordTest::chainsKnowOrderAndNumber()
{
    const base::Hash128 a = hashOf(recordWith([](Record&) {}));
    const base::Hash128 b = hashOf(recordWith([](Record& r) { r.offset = {8}; }));
    const base::Hash128 ab = chain(chain({}, a), b);
    QVERIFY(ab == chain(chain({}, a), b));
    QVERIFY(ab != chain(chain({}, b), a));
    QVERIFY(ab != chain({}, a));
    QVERIFY(ab != chain(ab, b));
    QVERIFY(chain({}, {}) != base::Hash128{});
}

void RecordTest::aChangedBitChangesTheChain()
{
    const std::uint64_t seed = std::random_device{}();
    qInfo() << "seed" << seed;
    std::mt19937_64 random(seed);
    std::string value(200, 'x');
    const auto chained = [&] {
        base::Hash128 hash;
        for (std::int64_t offset = 0; offset < 10; ++offset) {
            Record record;
            record.offset = {offset};
            record.value = base::ByteView(value).substr(static_cast<std::size_t>(offset) * 20, 20);
            hash = chain(hash, hashOf(record));
        }
        return hash;
    };
    const base::Hash128 before = chained();
    for (int i = 0; i < 500; ++i) {
        char& byte = value[random() % value.size()];
        const char bit = static_cast<char>(1 << random() % 8);
        byte = static_cast<char>(byte ^ bit);
        QVERIFY(chained() != before);
        byte = static_cast<char>(byte ^ bit);
    }
    QVERIFY(chained() == before);
}

QTEST_APPLESS_MAIN(RecordTest)
#include "record_test.moc"
