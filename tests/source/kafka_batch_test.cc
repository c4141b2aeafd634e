// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_batch.h"

#include "tests/source/made_segments.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::source;
using namespace leftfold::source::test;

namespace {

const std::vector<Written> kThree = {
    {"order-1", R"({"total":1})", {{"trace", "abc"}, {"trace", std::nullopt}}}, {std::nullopt, ""}, {"", std::nullopt}};

constexpr std::int64_t kFirst = 1042;
constexpr std::int64_t kTime = 1'600'000'000'123;

/// A batch of magic 2; the second of three records was removed by compaction if `hasGap`.
std::string batch2(KafkaCodec codec, int flags = 0, bool hasGap = false)
{
    Writer records;
    int count = 0;
    for (std::size_t i = 0; i < kThree.size(); ++i) {
        if (hasGap && i == 1) continue;
        Writer record;
        record.number(std::int8_t{0}).varint(static_cast<std::int64_t>(i)).varint(static_cast<std::int64_t>(i));
        record.sized(kThree[i].key).sized(kThree[i].value).varint(static_cast<std::int64_t>(kThree[i].headers.size()));
        for (const auto& [name, value] : kThree[i].headers) record.sized(name).sized(value);
        records.sized(record.bytes());
        ++count;
    }
    Writer checked;
    checked.number(static_cast<std::int16_t>(static_cast<int>(codec) | flags)).number(std::int32_t{2});
    checked.number(kTime).number(kTime + 2).number(std::int64_t{77}).number(std::int16_t{3}).number(std::int32_t{9});
    checked.number(count).text(compressed(codec, records.bytes()));
    std::string bytes = checked.bytes();
    const std::uint32_t checksum =
        ~crc32_iscsi(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), ~0U);
    Writer batch;
    batch.number(kFirst).number(static_cast<std::int32_t>(bytes.size() + 9)).number(std::int32_t{5});
    return batch.number(std::int8_t{2}).number(checksum).text(bytes).bytes();
}

/// The three records inside one message, as Java's producer wraps them.
std::string wrapped(int magic, KafkaCodec codec)
{
    return wrappedBytes(magic, kFirst, codec, kThree);
}

std::optional<std::string> copied(const std::optional<base::ByteView>& bytes)
{
    return bytes ? std::optional(std::string(*bytes)) : std::nullopt;
}

std::string padded(std::string bytes)
{
    bytes.reserve(bytes.size() + base::kReadablePadding);
    return bytes;
}

} // namespace

class KafkaBatchTest : public QObject {
    Q_OBJECT

private slots:
    void recordsAreWhatWasWritten_data()
    {
        QTest::addColumn<QByteArray>("batch");
        QTest::addColumn<int>("magic");
        for (const auto codec :
             {KafkaCodec::None, KafkaCodec::Gzip, KafkaCodec::Snappy, KafkaCodec::Lz4, KafkaCodec::Zstd}) {
            QTest::addRow("2 %s", nameOf(codec).c_str()) << QByteArray::fromStdString(batch2(codec)) << 2;
            if (codec == KafkaCodec::None || codec == KafkaCodec::Zstd) continue;
            QTest::addRow("1 %s", nameOf(codec).c_str()) << QByteArray::fromStdString(wrapped(1, codec)) << 1;
            QTest::addRow("0 %s", nameOf(codec).c_str()) << QByteArray::fromStdString(wrapped(0, codec)) << 0;
        }
    }
    /// semantics.md section 2: magics, codecs, null and empty told apart.
    void recordsAreWhatWasWritten()
    {
        QFETCH(QByteArray, batch);
        QFETCH(int, magic);
        const std::string bytes = padded(batch.toStdString());
        const auto stored = batchAt(bytes);
        QVERIFY(stored && *stored);
        QCOMPARE((*stored)->header.magic, magic);
        QCOMPARE((*stored)->header.last.value, kFirst + 2);
        QCOMPARE((*stored)->bytes.size(), bytes.size());
        const auto read = recordsOf(**stored);
        QVERIFY2(read, read ? "" : base::render(read.error()).c_str());
        QCOMPARE(read->records.size(), kThree.size());
        for (std::size_t i = 0; i < kThree.size(); ++i) {
            const event::Record& record = read->records[i];
            QCOMPARE(record.offset.value, kFirst + static_cast<std::int64_t>(i));
            QVERIFY(copied(record.key) == kThree[i].key);
            QVERIFY(copied(record.value) == kThree[i].value);
            QCOMPARE(record.timestamp.has_value(), magic > 0);
            if (magic == 2) QCOMPARE(record.timestamp->seconds, kTime / 1000);
            QCOMPARE(record.headers.size(), magic == 2 ? kThree[i].headers.size() : std::size_t{0});
            for (std::size_t h = 0; h < record.headers.size(); ++h) {
                QCOMPARE(std::string(record.headers[h].name), kThree[i].headers[h].first);
                QVERIFY(copied(record.headers[h].value) == kThree[i].headers[h].second);
            }
        }
    }
    void headerSaysWhoWroteIt()
    {
        constexpr int kLogAppend = 0x08;
        const std::string bytes = padded(batch2(KafkaCodec::None, kTransactional | kLogAppend, true));
        const auto stored = batchAt(bytes);
        QVERIFY(stored && *stored);
        const BatchHeader& header = (*stored)->header;
        QVERIFY(header.isTransactional && !header.isControl);
        QCOMPARE(header.first.value, kFirst);
        QCOMPARE(header.last.value, kFirst + 2);
        QCOMPARE(header.producer, std::int64_t{77});
        QCOMPARE(header.producerEpoch, std::int16_t{3});
        QCOMPARE(header.sequence, 9);
        QCOMPARE(header.leaderEpoch, 5);
        const auto read = recordsOf(**stored);
        QVERIFY(read);
        QCOMPARE(read->records.size(), std::size_t{2});
        QCOMPARE(read->records[1].offset.value, kFirst + 2);
        // Appended at one time, whatever the producer said.
        QCOMPARE(read->records[0].timestamp, read->records[1].timestamp);
        QVERIFY(read->records[0].timestampType == event::TimestampType::LogAppend);
    }
    void endsOfTransactionsAreTold()
    {
        event::Record record;
        const std::string abort("\0\0\0\0", 4);
        const std::string commit("\0\0\0\1", 4);
        const std::string other("\0\0\0\2", 4);
        record.key = abort;
        QVERIFY(transactionEnd(record) == TransactionEnd::Abort);
        record.key = commit;
        QVERIFY(transactionEnd(record) == TransactionEnd::Commit);
        for (const auto& key : {other, std::string("\0", 1), std::string()}) {
            record.key = key;
            QVERIFY(!transactionEnd(record));
        }
    }
    /// A batch that is not all there is no error: brokers leave such behind when they stop.
    void everyCutIsIncomplete()
    {
        for (const std::string& whole : {batch2(KafkaCodec::Zstd), wrapped(1, KafkaCodec::Gzip)}) {
            for (std::size_t size = 0; size < whole.size(); ++size) {
                const std::string cut = padded(whole.substr(0, size));
                const auto stored = batchAt(cut);
                QVERIFY(stored && !*stored);
            }
        }
    }
    /// No flipped bit gives another record. The offset and the leader's epoch are outside the checksum.
    void everyFlipIsFound()
    {
        for (const std::string& whole : {batch2(KafkaCodec::Lz4), wrapped(1, KafkaCodec::Snappy)}) {
            for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
                std::string flipped = padded(whole);
                flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
                const auto stored = batchAt(flipped);
                const bool isOutside = bit / 8 < 8 || (whole[16] == 2 && bit / 8 >= 12 && bit / 8 < 16);
                if (stored && *stored) QVERIFY2(isOutside, qPrintable(QString("bit %1").arg(bit)));
            }
        }
    }
    void readingGoesOnBehindDamage()
    {
        std::string bytes = batch2(KafkaCodec::Gzip);
        const std::size_t second = bytes.size();
        bytes += batch2(KafkaCodec::None);
        bytes[40] = static_cast<char>(bytes[40] ^ 1);
        const std::string both = padded(bytes);
        const auto damaged = batchAt(both);
        QVERIFY(!damaged);
        QCOMPARE(damaged.error().code, base::ErrorCode::SegmentDamaged);
        QCOMPARE(nextBatch(both), std::optional(second));
        QVERIFY(!nextBatch(base::ByteView(both).substr(0, second)));
    }
    void tooMuchIsRefused()
    {
        const std::string zeros(1 << 20, '\0');
        for (const auto codec : {KafkaCodec::Gzip, KafkaCodec::Snappy, KafkaCodec::Lz4, KafkaCodec::Zstd}) {
            const std::string small = compressed(codec, zeros);
            QVERIFY(decompressed(codec, small, {.maxBytes = zeros.size() + 1}));
            const auto refused = decompressed(codec, small, {.maxBytes = zeros.size() / 2});
            QVERIFY(!refused);
            QVERIFY(base::render(refused.error()).find("too many") != std::string::npos);
        }
    }
    void whatIsDamagedHarmsNothingBehindIt()
    {
        std::string text;
        for (int i = 0; i < 5000; ++i) text += "order " + std::to_string(i * 7919) + " placed\n";
        LZ4F_preferences_t sized{};
        sized.frameInfo.contentSize = text.size();
        std::string withSize(LZ4F_compressFrameBound(text.size(), &sized), '\0');
        withSize.resize(LZ4F_compressFrame(withSize.data(), withSize.size(), text.data(), text.size(), &sized));
        for (const auto codec : {KafkaCodec::Gzip, KafkaCodec::Snappy, KafkaCodec::Lz4, KafkaCodec::Zstd}) {
            const std::string good = compressed(codec, text);
            for (const std::string& bad :
                 {codec == KafkaCodec::Lz4 ? withSize.substr(0, withSize.size() / 2) : good.substr(0, good.size() / 2),
                  std::string(good.size(), '\x5a')}) {
                QVERIFY(!decompressed(codec, bad));
                const auto read = decompressed(codec, good);
                QVERIFY2(read && *read == text, nameOf(codec).c_str());
            }
        }
    }
    void snappyIsReadInJavasFraming()
    {
        const std::string one = compressed(KafkaCodec::Snappy, "one ");
        const std::string two = compressed(KafkaCodec::Snappy, "two");
        Writer framed;
        framed.text(std::string_view("\x82SNAPPY\0\0\0\0\1\0\0\0\1", 16));
        framed.sized32(one).sized32(two);
        const auto text = decompressed(KafkaCodec::Snappy, framed.bytes());
        QVERIFY(text);
        QCOMPARE(*text, std::string("one two"));
        QVERIFY(!decompressed(KafkaCodec::Snappy, framed.bytes().substr(0, framed.bytes().size() - 1)));
    }
};

QTEST_APPLESS_MAIN(KafkaBatchTest)
#include "kafka_batch_test.moc"
