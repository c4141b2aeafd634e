// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/varint.h"
#include "tests/capture/made_batches.h"

#include <QTest>

#include <limits>
#include <zstd.h>

using namespace leftfold;
using namespace leftfold::capture;
using namespace leftfold::capture::test;

namespace {

using event::TimestampType;

/// A chunk with what is needed to decode it.
struct Coded {
    event::RecordBatch batch;
    ChunkColumns columns;
    EncodedChunk encoded;
    std::shared_ptr<const Dictionary> dictionary;
};

ChunkColumns columnsOf(const MadeBatch& made)
{
    ChunkColumns columns;
    bool timestamps = false;
    for (const MadeEvent& event : made.events) {
        EventFacts facts;
        facts.time = event.time;
        facts.undecodable = !event.decodable;
        facts.badTime = event.time && event.time->seconds % 3 == 0;
        const auto found = std::ranges::find(columns.types, event.type);
        facts.type = static_cast<std::uint32_t>(found - columns.types.begin());
        if (found == columns.types.end()) columns.types.push_back(event.type);
        columns.facts.push_back(facts);
        columns.offsets.push_back({event.offset});
        timestamps = timestamps || event.timestamp;
    }
    for (const MadeEvent& event : made.events) {
        if (!timestamps) break;
        columns.timestamps.push_back(event.timestamp);
        columns.timestampTypes.push_back(event.timestampType);
    }
    return columns;
}

Coded code(const MadeBatch& made, bool withDictionary = false)
{
    Coded coded{toBatch(made), columnsOf(made), {}, nullptr};
    if (withDictionary) coded.dictionary = Dictionary::train(coded.batch.records);
    ChunkCodec codec;
    coded.encoded = codec.encode(coded.batch.records, coded.columns, coded.dictionary.get());
    return coded;
}

bool operator==(const EventFacts& a, const EventFacts& b)
{
    return std::tie(a.time, a.type, a.undecodable, a.badTime) == std::tie(b.time, b.type, b.undecodable, b.badTime);
}

bool equal(const ChunkColumns& a, const ChunkColumns& b)
{
    return std::tie(a.offsets, a.types, a.timestamps, a.timestampTypes)
               == std::tie(b.offsets, b.types, b.timestamps, b.timestampTypes)
           && std::ranges::equal(a.facts, b.facts, [](const EventFacts& x, const EventFacts& y) { return x == y; });
}

bool equal(const event::Record& a, const event::Record& b)
{
    return std::tie(a.offset, a.value, a.key, a.timestamp, a.timestampType, a.headers)
           == std::tie(b.offset, b.value, b.key, b.timestamp, b.timestampType, b.headers);
}

/// All records of the frames, compared one by one; empty if all are right.
QString differenceIn(ChunkCodec& codec, const Coded& coded)
{
    const auto columns = codec.decodeColumns(coded.encoded.columns);
    if (!columns) return text(base::render(columns.error()));
    if (!equal(*columns, coded.columns)) return "the columns differ";
    const auto frames = codec.decodeDirectory(coded.encoded.frames);
    if (!frames) return text(base::render(frames.error()));
    DecodedFrame out;
    std::size_t next = 0;
    for (const FrameEntry& frame : *frames) {
        const auto stored = base::ByteView(coded.encoded.payload).substr(frame.offset, frame.storedSize);
        const auto decoded = codec.decodeFrame(stored, frame, coded.dictionary.get(), *columns, next, out);
        if (!decoded) return text(base::render(decoded.error()));
        for (const event::Record& record : out.records) {
            if (!equal(record, coded.batch.records[next++])) return QString("record %1 differs").arg(next - 1);
            if (record.value
                && record.value->data() + record.value->size() + base::kReadablePadding
                       > out.bytes.data() + out.bytes.size()) {
                return "no readable bytes behind a value";
            }
        }
    }
    return next == coded.batch.records.size() ? QString() : QString("%1 records").arg(next);
}

MadeEvent plain(std::int64_t offset, std::optional<std::string> value = "{}")
{
    MadeEvent event;
    event.partition = {"p", 0};
    event.offset = offset;
    event.value = std::move(value);
    return event;
}

MadeEvent stamped(std::int64_t offset, base::Time own, base::Time logs)
{
    MadeEvent event = plain(offset);
    event.time = own;
    event.timestamp = logs;
    event.timestampType = TimestampType::LogAppend;
    return event;
}

constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

MadeBatch batchOf(std::vector<MadeEvent> events)
{
    MadeBatch batch;
    batch.events = std::move(events);
    return batch;
}

/// One partition's events of a random log, so many that they make a chunk.
MadeBatch randomBatch(unsigned seed, std::size_t events, std::size_t padding)
{
    LogShape shape;
    shape.partitions = 1;
    shape.events = events;
    shape.batchEvents = 1;
    shape.padding = padding;
    const RandomLog log(seed, shape);
    MadeBatch out;
    for (const MadeBatch& batch : log.loads()[0])
        out.events.insert(out.events.end(), batch.events.begin(), batch.events.end());
    return out;
}

std::string damaged(std::string bytes, Random& random)
{
    if (!bytes.empty() && random.oneIn(3)) {
        bytes.resize(random.below(bytes.size()));
    } else if (!bytes.empty()) {
        bytes[random.below(bytes.size())] ^= static_cast<char>(1 << random.below(8));
    }
    return bytes;
}

} // namespace

class ChunkTest : public QObject {
    Q_OBJECT

private slots:
    void roundTrip_data();
    void roundTrip();
    void randomChunksComeBack();
    void aLargeRecordComesBack();
    void timesInMillisecondsTakeLessRoom();
    void framesWithoutADictionaryAreLz4OrZstd();
    void onlyALotOfBytesMakesADictionary();
    void aDictionaryMustBeOne();
    void effectiveTimeIsTheRunningMaximum();
    void damagedFramesAreNoticed();
    void damagedColumnsNeverCrash();
    void damagedDirectoriesNeverCrash();
    void foreignColumnsAreRefused();
};

void ChunkTest::roundTrip_data()
{
    QTest::addColumn<MadeBatch>("batch");
    const auto row = [](const char* name, std::vector<MadeEvent> events) {
        QTest::newRow(name) << batchOf(std::move(events));
    };

    row("one", {plain(0)});
    row("null value", {plain(0, std::nullopt)});
    row("empty value", {plain(0, "")});
    row("null and empty", {plain(0, ""), plain(1, std::nullopt), plain(2, "null"), plain(3, std::string(1, '\0'))});
    row("offset gaps", {plain(5), plain(6), plain(900), plain(901), plain(kMax)});
    row("dense offsets far out", {plain(kMax - 1), plain(kMax)});
    row("same span as dense would have", {plain(0), plain(1), plain(2)});
    row("extreme times", {stamped(0, {kMax, 999'999'999}, {kMin, 0}), stamped(1, {kMin, 0}, {kMax, 0}),
                          stamped(2, {0, 1}, {-1, 999'999'999})});
    row("nanoseconds only in the log's own", {stamped(0, {5, 0}, {5, 7})});
    row("no nanoseconds", {stamped(0, {-5, 0}, {5, 0}), plain(1)});
    row("milliseconds", {stamped(0, {1'700'000'000, 1'000'000}, {1'700'000'000, 999'000'000}),
                         stamped(1, {-1, 999'000'000}, {-1'700'000'000, 5'000'000}), plain(2)});
    row("milliseconds and one nanosecond", {stamped(0, {5, 3'000'000}, {5, 3'000'001})});
    row("milliseconds that no int64 counts", {stamped(0, {kMax, 1'000'000}, {kMin, 999'000'000})});

    MadeEvent keyed = plain(1);
    keyed.key = "k";
    MadeEvent emptyKey = plain(2);
    emptyKey.key = "";
    row("keys", {plain(0), keyed, emptyKey});
    MadeEvent headers = plain(0, std::nullopt);
    headers.headers = {{"a", "1"}, {"a", std::nullopt}, {"", ""}, {std::string("\0b", 2), std::string(300, 'x')}};
    row("headers", {headers, plain(1)});
    MadeEvent noTimestamp = plain(1);
    row("timestamps of some", {stamped(0, {1, 0}, {2, 0}), noTimestamp, stamped(2, {1, 0}, {2, 5})});
    std::vector<MadeEvent> types;
    for (int i = 0; i < 300; ++i) {
        types.push_back(plain(i));
        types.back().type = i == 7 ? "" : "type " + std::to_string(i);
        types.back().decodable = i % 2 == 0;
    }
    row("as many types as events", types);
    std::vector<MadeEvent> full(kMaxChunkEvents, plain(0));
    for (std::size_t i = 0; i < full.size(); ++i) full[i].offset = static_cast<std::int64_t>(i);
    row("a full chunk", full);
    for (const std::size_t count : {kFrameEvents - 1, kFrameEvents, kFrameEvents + 1}) {
        row(qPrintable(QString("%1 records").arg(count)),
            {full.begin(), full.begin() + static_cast<std::ptrdiff_t>(count)});
    }
}

void ChunkTest::roundTrip()
{
    QFETCH(MadeBatch, batch);
    ChunkCodec codec;
    QCOMPARE(differenceIn(codec, code(batch)), QString());
}

void ChunkTest::randomChunksComeBack()
{
    const unsigned seed = newSeed();
    ChunkCodec codec;
    for (unsigned i = 0; i < 40; ++i) {
        Random random(seed + i);
        const Coded coded = code(randomBatch(seed + i, 1 + random.below(700), 1 + random.below(900)), i % 2 == 0);
        QCOMPARE(differenceIn(codec, coded), QString());
    }
}

void ChunkTest::aLargeRecordComesBack()
{
    Random random(1);
    ChunkCodec codec;
    QCOMPARE(differenceIn(codec, code(batchOf({plain(0, random.bytes(3 << 20))}))), QString());
    QCOMPARE(differenceIn(codec, code(batchOf({plain(0, std::string(3 << 20, ' ')), plain(1)}))), QString());
}

void ChunkTest::timesInMillisecondsTakeLessRoom()
{
    const auto columnsWith = [](std::uint32_t nanos) {
        Random random(1);
        std::vector<MadeEvent> events;
        for (std::int64_t i = 0; i < 4000; ++i) {
            const base::Time time{1'700'000'000 + i,
                                  static_cast<std::uint32_t>(random.below(1000)) * 1'000'000 + nanos};
            events.push_back(stamped(i, time, time));
        }
        return code(batchOf(std::move(events))).encoded.columns.size();
    };
    QVERIFY(3 * columnsWith(0) < 2 * columnsWith(1));
}

void ChunkTest::framesWithoutADictionaryAreLz4OrZstd()
{
    ChunkCodec codec;
    Coded coded = code(randomBatch(newSeed(), kFrameEvents, 300));
    FrameEntry frame = must(codec.decodeDirectory(coded.encoded.frames)).front();
    QCOMPARE(coded.encoded.payload.front(), 'L');
    DecodedFrame out;
    QVERIFY(codec.decodeFrame(coded.encoded.payload, frame, nullptr, coded.columns, 0, out));

    // As captures were written before there was LZ4.
    std::string zstd(ZSTD_compressBound(frame.size), '\0');
    zstd.resize(ZSTD_compress(zstd.data(), zstd.size(), out.bytes.data(), frame.size, 1));
    frame.storedSize = static_cast<std::uint32_t>(zstd.size());
    frame.checksum = base::hash64(zstd);
    std::string directory;
    base::putFixed(directory, frame.storedSize);
    base::putFixed(directory, frame.size);
    base::putFixed(directory, frame.checksum);
    coded.encoded.payload = zstd;
    coded.encoded.frames = directory;
    QCOMPARE(differenceIn(codec, coded), QString());
}

void ChunkTest::onlyALotOfBytesMakesADictionary()
{
    const Coded small = code(randomBatch(1, 100, 100), true);
    QVERIFY(!small.dictionary);
    const MadeBatch batch = randomBatch(1, 2000, 400);
    const Coded with = code(batch, true);
    const Coded without = code(batch, false);
    QVERIFY(with.dictionary);
    QVERIFY(with.encoded.payload.size() < without.encoded.payload.size());
}

void ChunkTest::aDictionaryMustBeOne()
{
    // The magic number of a dictionary, and nothing that makes sense behind it.
    QCOMPARE(failureOf(Dictionary::load(std::string("\x37\xa4\x30\xec\x01\x00\x00\x00zzzzzzzzzzzz", 20))),
             QString("damaged-chunk"));
}

void ChunkTest::effectiveTimeIsTheRunningMaximum()
{
    ChunkColumns columns;
    for (const std::optional<base::Time> time : std::vector<std::optional<base::Time>>{
             std::nullopt, base::Time{5, 1}, base::Time{5, 0}, std::nullopt, base::Time{7, 0}}) {
        columns.offsets.push_back({static_cast<std::int64_t>(columns.offsets.size())});
        columns.facts.push_back({time, 0, false, false});
    }
    using Times = std::vector<base::Time>;
    QCOMPARE(effectiveTimes(columns, base::kBeginningOfTime),
             (Times{base::kBeginningOfTime, {5, 1}, {5, 1}, {5, 1}, {7, 0}}));
    QCOMPARE(effectiveTimes(columns, {6, 0}), (Times{{6, 0}, {6, 0}, {6, 0}, {6, 0}, {7, 0}}));
}

void ChunkTest::damagedFramesAreNoticed()
{
    const unsigned seed = newSeed();
    Random random(seed);
    ChunkCodec codec;
    DecodedFrame out;
    for (const bool withDictionary : {false, true}) {
        const Coded coded = code(randomBatch(seed, 1500, 300), withDictionary);
        const auto frames = must(codec.decodeDirectory(coded.encoded.frames));
        for (int i = 0; i < 4000; ++i) {
            const std::size_t number = random.below(frames.size());
            const std::string stored = coded.encoded.payload.substr(frames[number].offset, frames[number].storedSize);
            const std::string bytes = damaged(stored, random);
            const auto decoded = codec.decodeFrame(bytes, frames[number], coded.dictionary.get(), coded.columns,
                                                   number * kFrameEvents, out);
            QCOMPARE(failureOf(decoded), bytes == stored ? QString() : QString("damaged-chunk"));

            // With a checksum that fits: what zstd and the lengths make of it must not crash.
            FrameEntry forged = frames[number];
            forged.storedSize = static_cast<std::uint32_t>(bytes.size());
            forged.checksum = base::hash64(bytes);
            (void)codec.decodeFrame(bytes, forged, coded.dictionary.get(), coded.columns, number * kFrameEvents, out);
        }
    }
}

void ChunkTest::damagedColumnsNeverCrash()
{
    const unsigned seed = newSeed();
    Random random(seed);
    ChunkCodec codec;
    const Coded coded = code(randomBatch(seed, 500, 10));
    int refused = 0;
    for (int i = 0; i < 4000; ++i) {
        const auto columns = codec.decodeColumns(damaged(coded.encoded.columns, random));
        if (!columns) {
            QCOMPARE(failureOf(columns), QString("damaged-chunk"));
            ++refused;
            continue;
        }
        // What is wrong unnoticed here is noticed by the row's checksum; but it must fit together.
        QCOMPARE(columns->facts.size(), columns->count());
        for (const EventFacts& facts : columns->facts) QVERIFY(facts.type < columns->types.size());
        QVERIFY(std::ranges::is_sorted(columns->offsets));
    }
    QVERIFY(refused > 2000);
}

void ChunkTest::damagedDirectoriesNeverCrash()
{
    Random random(newSeed());
    ChunkCodec codec;
    const Coded coded = code(randomBatch(1, 500, 10));
    for (int i = 0; i < 2000; ++i) {
        const std::string bytes = damaged(coded.encoded.frames, random);
        const auto frames = codec.decodeDirectory(bytes);
        QCOMPARE(frames.has_value() || failureOf(frames) == "damaged-chunk", true);
        if (bytes.size() % 16 != 0) QVERIFY(!frames);
    }
}

void ChunkTest::foreignColumnsAreRefused()
{
    Random random(newSeed());
    ChunkCodec codec;
    QCOMPARE(failureOf(codec.decodeColumns("")), QString("damaged-chunk"));
    for (int i = 0; i < 500; ++i)
        QCOMPARE(failureOf(codec.decodeColumns(random.bytes(random.below(200)))), QString("damaged-chunk"));
}

QTEST_APPLESS_MAIN(ChunkTest)
#include "chunk_test.moc"
