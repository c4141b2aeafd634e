// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/segments.h"

#include "core/source/segment_place.h"
#include "tests/source/made_segments.h"
#include "tests/source/source_fixture.h"

#include <QTest>

#include <QRegularExpression>
#include <fcntl.h>
#include <map>
#include <random>
#include <sys/stat.h>
#include <unistd.h>

using namespace leftfold;
using namespace leftfold::source;
using namespace leftfold::source::test;
using event::Offset;
using event::Partition;

namespace {

const std::string kFolder = "orders-3";
const std::string kFile = kFolder + "/00000000000000000100.log";
const Partition kPartition{"orders", 3};
constexpr std::int64_t kFirst = 100;

/// What loads of segments gave.
struct Read {
    std::map<std::int64_t, base::Hash128> records; ///< by offset
    std::vector<std::int64_t> offsets;
    std::map<std::int64_t, event::Transaction> transactions;
    QStringList problems;
    QStringList tails;
    std::string cut;
    QString error;
};

QString shown(const event::Problem& problem)
{
    return text(base::render(problem.error)).remove(QRegularExpression("[^ ]*/(?=[0-9]{20}\\.)"));
}

void add(Read& read, const event::RecordBatch& batch)
{
    for (const event::Record& record : batch.records) {
        read.records.emplace(record.offset.value, event::hashOf(record));
        read.offsets.push_back(record.offset.value);
    }
    for (const event::Transaction& each : batch.transactions)
        read.transactions.insert_or_assign(each.begin().value, each);
    for (const event::Problem& problem : batch.problems) read.problems.append(shown(problem));
    if (batch.sourceCut.empty()) return;
    read.cut = batch.sourceCut;
    read.tails.clear();
    for (const event::Problem& problem : batch.tailProblems) read.tails.append(shown(problem));
}

void readTo(EventSource& source, const std::string& target, Read& read, std::size_t maxBatches = SIZE_MAX)
{
    const auto opened = source.open(read.cut, target, {});
    if (!opened) read.error = text(base::render(opened.error()));
    for (std::size_t i = 0; opened && i < maxBatches; ++i) {
        const auto batch = source.read({});
        if (!batch) read.error = text(base::render(batch.error()));
        if (!batch || !*batch) return;
        add(read, **batch);
    }
}

/// A load of what is there now, behind what was read before.
void readOn(const std::string& address, Read& read)
{
    auto source = openSegments({address});
    read.error = source ? QString() : text(base::render(source.error()));
    const auto target = source ? (*source)->target() : base::Result<std::string>();
    if (source && !target) read.error = text(base::render(target.error()));
    if (source && target) readTo(**source, *target, read);
}

Read readAll(const std::string& address)
{
    Read read;
    readOn(address, read);
    return read;
}

Written record(std::int64_t number, const std::string& more = {})
{
    Written out{"key-" + std::to_string(number % 5), R"({"n":)" + std::to_string(number) + "}" + more};
    if (number % 4 == 0) out.value = std::nullopt;
    if (number % 3 == 0) out.headers = {{"h", std::to_string(number)}, {"null", std::nullopt}};
    return out;
}

std::vector<Written> records(std::int64_t first, int count)
{
    std::vector<Written> out;
    for (int i = 0; i < count; ++i) out.push_back(record(first + i, std::string(static_cast<std::size_t>(i), 'x')));
    return out;
}

MadeBatch plain(std::int64_t first, int count, KafkaCodec codec = KafkaCodec::None)
{
    MadeBatch batch{first, records(first, count)};
    batch.codec = codec;
    return batch;
}

/// A batch of each codec, one after the other, twice.
std::vector<std::string> mixedBatches()
{
    std::vector<std::string> out;
    std::int64_t next = kFirst;
    for (int i = 0; i < 12; ++i) {
        const int count = 1 + i * 2 % 7;
        out.push_back(plain(next, count, static_cast<KafkaCodec>(i % 5)).bytes());
        next += count;
    }
    return out;
}

/// Message sets of magic 0 or 1, single messages and wrapped ones.
std::vector<std::string> oldBatches(int magic)
{
    std::vector<std::string> out;
    std::int64_t next = kFirst;
    for (int i = 0; i < 12; ++i) {
        const auto codec = static_cast<KafkaCodec>(i % 4);
        const int count = codec == KafkaCodec::None ? 1 : 3;
        std::vector<Written> some = records(next, count);
        for (Written& each : some) each.headers.clear();
        out.push_back(codec == KafkaCodec::None ? messageBytes(magic, next, 0, some.front())
                                                : wrappedBytes(magic, next, codec, some));
        next += count;
    }
    return out;
}

std::string joined(const std::vector<std::string>& batches)
{
    std::string out;
    for (const std::string& batch : batches) out += batch;
    return out;
}

void addSegmentKinds()
{
    QTest::addColumn<int>("magic");
    for (const int magic : {0, 1, 2}) QTest::addRow("magic %d", magic) << magic;
}

std::vector<std::string> batchesOf(int magic)
{
    return magic == 2 ? mixedBatches() : oldBatches(magic);
}

} // namespace

class SegmentsTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<Folder>();
        m_folder->makeFolder(kFolder);
    }

    void namesAreUnderstood()
    {
        QCOMPARE(segmentBase("00000000000000001042.log")->value, 1042);
        for (const char* other :
             {"00000000000000001042.log.deleted", "00000000000000001042.log.swap", "00000000000000001042.index",
              "1042.log", "0000000000000000104x.log", "99999999999999999999.log"})
            QVERIFY2(!segmentBase(other), other);
        QVERIFY(partitionOfFolder("orders-0") == Partition({"orders", 0}));
        QVERIFY(partitionOfFolder("a-b-12") == Partition({"a-b", 12}));
        for (const char* other : {"orders", "-1", "orders-", "orders-01", "orders-0.1d2c-delete", "orders-x"})
            QVERIFY2(!partitionOfFolder(other), other);
    }

    void addressesAreParsed()
    {
        m_folder->write(kFile, joined(mixedBatches()));
        const std::string path = m_folder->path(kFolder);
        QVERIFY(isSegmentAddress(path) && isSegmentAddress(path + "?isolation=read_uncommitted"));
        QVERIFY(isSegmentAddress(m_folder->path()) && isSegmentAddress(m_folder->path(kFile)));
        QVERIFY(!isSegmentAddress("/nowhere") && !isSegmentAddress("kafka://h:1/t"));
        const std::string all = path + "?topics=a,orders[1],orders[3]&isolation=read_uncommitted";
        const auto address = parseSegmentAddress(all);
        QVERIFY(address);
        QCOMPARE(address->path, path);
        QCOMPARE(address->topics.size(), std::size_t{2});
        QVERIFY(address->isolation == Isolation::Uncommitted);
        QCOMPARE(toText(*address), all);
        for (const char* wrong : {"?isolation=none", "?topic=a", "?topics=", "?"})
            QVERIFY2(!parseSegmentAddress(path + wrong), wrong);
    }

    /// Two '?': the last one ends the path, unless all of it is the name of something.
    void aPathMayHaveAQuestionMark()
    {
        m_folder->makeFolder("a?b");
        const std::string file = "a?b/00000000000000000100.log";
        m_folder->write(file, joined(mixedBatches()));
        const std::string path = m_folder->path("a?b");
        QVERIFY(splitSegmentAddress(path) == std::pair(path, std::string()));
        QVERIFY(splitSegmentAddress(path + "?isolation=read_committed")
                == std::pair(path, std::string("?isolation=read_committed")));
        QVERIFY(isSegmentAddress(path) && isSegmentAddress(path + "?isolation=read_committed"));
        const auto address = parseSegmentAddress(path + "?isolation=read_committed");
        QVERIFY(address);
        QCOMPARE(address->path, path);
        QVERIFY(address->isolation == Isolation::Committed);
    }

    /// semantics.md section 2: a trailing partial batch is normal: its bytes are reported.
    void everyCutIsReported_data() { addSegmentKinds(); }
    void everyCutIsReported()
    {
        QFETCH(int, magic);
        const std::vector<std::string> batches = batchesOf(magic);
        const std::string whole = joined(batches);
        m_folder->write(kFile, whole);
        const Read truth = readAll(m_folder->path(kFolder));
        QCOMPARE(truth.error, QString());
        QCOMPARE(truth.tails + truth.problems, QStringList());
        std::size_t begin = 0;
        std::size_t batch = 0;
        for (std::size_t size = 0; size < whole.size(); ++size) {
            if (size == begin + batches[batch].size()) begin += batches[batch++].size();
            m_folder->write(kFile, whole.substr(0, size));
            const Read read = readAll(m_folder->path(kFolder));
            QCOMPARE(read.error, QString());
            QCOMPARE(read.problems, QStringList());
            const bool isZero = whole.substr(begin, size - begin).find_first_not_of('\0') == std::string::npos;
            const QString tail = isZero
                                     ? "00000000000000000100.log: %1 bytes of zeros from byte %2 are room reserved for "
                                       "what comes; that is normal"
                                     : "00000000000000000100.log ends within a batch: its last %1 bytes, from byte "
                                       "%2, are not taken yet";
            QCOMPARE(read.tails, size == begin ? QStringList() : QStringList(tail.arg(size - begin).arg(begin)));
            for (const auto& [offset, hash] : read.records) QVERIFY(truth.records.at(offset) == hash);
            std::size_t there = 0;
            for (std::size_t i = 0; i < batch; ++i) {
                const std::string padded = batches[i] + std::string(base::kReadablePadding, '\0');
                const auto stored = batchAt(base::ByteView(padded).substr(0, batches[i].size()));
                there += recordsOf(**stored)->records.size();
            }
            QCOMPARE(read.records.size(), there);
        }
    }

    /// No damage gives a record that is none, and what is missing is told.
    void noFlipGivesAnotherRecord_data() { addSegmentKinds(); }
    void noFlipGivesAnotherRecord()
    {
        QFETCH(int, magic);
        const unsigned seed = qEnvironmentVariableIntValue("LEFTFOLD_SEED") > 0
                                  ? static_cast<unsigned>(qEnvironmentVariableIntValue("LEFTFOLD_SEED"))
                                  : std::random_device()();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        const std::string whole = joined(batchesOf(magic));
        m_folder->write(kFile, whole);
        const Read truth = readAll(m_folder->path(kFolder));
        const int file = ::open(m_folder->path(kFile).c_str(), O_WRONLY | O_CLOEXEC);
        const int rounds = magic == 2 ? 70'000 : 15'000; // 100,000 in all
        for (int round = 0; round < rounds; ++round) {
            const std::size_t at = random() % whole.size();
            // Mostly a bit; now and then a run of bytes.
            std::string damage(1, static_cast<char>(whole[at] ^ 1 << random() % 8));
            if (random() % 5 == 0) {
                damage = whole.substr(at, 1 + random() % 64);
                for (char& byte : damage) byte = static_cast<char>(random());
            }
            QCOMPARE(::pwrite(file, damage.data(), damage.size(), static_cast<off_t>(at)),
                     static_cast<ssize_t>(damage.size()));
            const QString wrong = differenceOf(whole.size(), truth);
            if (!wrong.isEmpty())
                QFAIL(qPrintable(QString("seed %1, round %2, byte %3: %4").arg(seed).arg(round).arg(at).arg(wrong)));
            QCOMPARE(::pwrite(file, whole.data() + at, damage.size(), static_cast<off_t>(at)),
                     static_cast<ssize_t>(damage.size()));
        }
        ::close(file);
    }

    /// What kafka-clients builds: tests/data/segments/MakeSegments.java says what stands there.
    void javasSegmentsAreRead_data() { addSegmentKinds(); }
    void javasSegmentsAreRead()
    {
        QFETCH(int, magic);
        const std::string folder = LEFTFOLD_SOURCE_DIR "/tests/data/segments/magic" + std::to_string(magic) + "-0";
        auto source = openSegments({folder});
        QVERIFY(source);
        const auto target = (*source)->target();
        QVERIFY(target && (*source)->open({}, *target, {}));
        std::int64_t next = 0;
        for (;;) {
            const auto batch = (*source)->read({});
            QVERIFY(batch);
            if (!*batch) break;
            QVERIFY((*batch)->problems.empty() && (*batch)->tailProblems.empty());
            for (const event::Record& record : (*batch)->records) {
                const std::int64_t i = next++;
                QCOMPARE(record.offset.value, i);
                QCOMPARE(record.key.has_value(), i % 7 != 6);
                if (record.key) QCOMPARE(text(*record.key), QString("key-%1").arg(i % 5));
                QCOMPARE(record.value.has_value(), magic < 2 || i % 9 != 8);
                if (record.value) QCOMPARE(text(*record.value), QString("value %1").arg(i));
                QCOMPARE(record.timestamp.has_value(), magic > 0);
                if (magic > 0) QCOMPARE(record.timestamp->seconds, 1'600'000'000 + i);
                QCOMPARE(record.headers.size(), magic == 2 ? std::size_t{1} : std::size_t{0});
                if (magic == 2) QCOMPARE(text(*record.headers.front().value), QString::number(i));
            }
        }
        QCOMPARE(next, magic == 2 ? 45 : 36);
    }

    void aDamagedBatchIsSkippedAndTold()
    {
        std::vector<std::string> batches = mixedBatches();
        const std::size_t at = batches[0].size() + batches[1].size();
        batches[2][70] = static_cast<char>(batches[2][70] ^ 1);
        m_folder->write(kFile, joined(batches));
        const Read read = readAll(m_folder->path(kFolder));
        QCOMPARE(read.problems, QStringList(QString("00000000000000000100.log: %1 bytes from byte %2 were skipped: "
                                                    "the batch is damaged: its checksum is wrong")
                                                .arg(batches[2].size())
                                                .arg(at)));
        QCOMPARE(read.tails, QStringList());
        QVERIFY(!read.records.contains(kFirst + 4) && read.records.contains(kFirst + 3));
        QVERIFY(read.records.contains(kFirst + 4 + 5));
    }

    /// The length of a batch is damaged, and its payload holds what looks like batches.
    void whatABatchHoldsIsNotTakenForBatches()
    {
        std::string inner;
        for (int i = 0; i < 2; ++i) inner += plain(kFirst + 50 + 3 * i, 3).bytes();
        MadeBatch outer{kFirst + 3, {{"key", inner}}};
        const std::string damaged = [&] {
            std::string bytes = outer.bytes();
            bytes[9] = static_cast<char>(bytes[9] ^ 0x40); // its length
            return bytes;
        }();
        std::string bytes = plain(kFirst, 3).bytes() + damaged;
        for (int i = 0; i < 9; ++i) bytes += plain(kFirst + 4 + i, 1).bytes();
        m_folder->write(kFile, bytes);
        const Read read = readAll(m_folder->path(kFolder));
        QCOMPARE(read.offsets, (std::vector<std::int64_t>{100, 101, 102, 104, 105, 106, 107, 108, 109, 110, 111, 112}));
        QCOMPARE(read.problems.size(), 1);
        QVERIFY2(read.problems.front().contains(QString("%1 bytes from byte").arg(damaged.size())),
                 qPrintable(read.problems.front()));
    }

    /// A file with room reserved: zeros are normal, said once, and what is written there later is read.
    void zerosAtTheEndAreRoomReserved()
    {
        const std::string first = plain(kFirst, 3).bytes();
        const std::string second = plain(kFirst + 3, 2).bytes();
        m_folder->write(kFile, first + std::string(5000, '\0'));
        m_folder->touch(kFile, 1'000);
        Read read = readAll(m_folder->path(kFolder));
        QCOMPARE(read.offsets.size(), std::size_t{3});
        QCOMPARE(read.problems, QStringList());
        QCOMPARE(read.tails, QStringList(QString("00000000000000000100.log: 5000 bytes of zeros from byte %1 are room "
                                                 "reserved for what comes; that is normal")
                                             .arg(first.size())));
        m_folder->overwrite(kFile, first.size(), second);
        const auto source = openSegments({m_folder->path(kFolder)});
        QCOMPARE((*source)->grownBeyond(read.cut).value(), true);
        readOn(m_folder->path(kFolder), read);
        QCOMPARE(read.offsets.size(), std::size_t{5});
        QCOMPARE(read.tails.size(), 1);
        QCOMPARE((*source)->grownBeyond(read.cut).value(), false);
    }

    /// A half-written batch waits until it is whole.
    void aHalfWrittenBatchIsTakenWhenItIsWhole()
    {
        const std::string first = plain(kFirst, 3).bytes();
        const std::string second = plain(kFirst + 3, 2).bytes();
        m_folder->write(kFile, first + second.substr(0, 40));
        Read read = readAll(m_folder->path(kFolder));
        QCOMPARE(read.offsets.size(), std::size_t{3});
        QCOMPARE(read.tails.size(), 1);
        m_folder->append(kFile, second.substr(40));
        readOn(m_folder->path(kFolder), read);
        QCOMPARE(read.error, QString());
        QCOMPARE(read.offsets, (std::vector<std::int64_t>{100, 101, 102, 103, 104}));
        QCOMPARE(read.tails, QStringList());
    }

    /// A base offset is outside of every checksum: behind a gap, as compaction leaves them, something has to prove it.
    void anOffsetBehindAGapHasToBeProven()
    {
        const std::string first = plain(kFirst, 2).bytes();
        const std::string behind = plain(kFirst + 10, 2).bytes();
        m_folder->write(kFile, first + behind);
        Read read = readAll(m_folder->path(kFolder));
        QCOMPARE(read.offsets, (std::vector<std::int64_t>{100, 101}));
        QVERIFY2(read.tails.join("").contains("says that it begins at offset 110, where 102 should follow"),
                 qPrintable(read.tails.join("")));
        m_folder->append(kFile, plain(kFirst + 12, 1).bytes());
        readOn(m_folder->path(kFolder), read);
        QCOMPARE(read.offsets, (std::vector<std::int64_t>{100, 101, 110, 111, 112}));
        QCOMPARE(read.tails + read.problems, QStringList());
        // The name of the next segment proves it as well.
        m_folder->write(kFile, first + behind);
        m_folder->write(kFolder + "/00000000000000000150.log", plain(150, 1).bytes());
        QCOMPARE(readAll(m_folder->path(kFolder)).offsets, (std::vector<std::int64_t>{100, 101, 110, 111, 150}));
        // And refutes it.
        m_folder->rename(kFolder + "/00000000000000000150.log", kFolder + "/00000000000000000104.log");
        m_folder->write(kFolder + "/00000000000000000104.log", plain(104, 1).bytes());
        const Read refuted = readAll(m_folder->path(kFolder));
        QCOMPARE(refuted.offsets, (std::vector<std::int64_t>{100, 101, 104}));
        QCOMPARE(refuted.problems.size(), 1);
    }

    /// Records that compaction removed from a batch leave gaps inside of it.
    void gapsInsideABatchAreNormal()
    {
        MadeBatch batch{kFirst, records(kFirst, 3)};
        batch.deltas = {1, 4, 5};
        batch.lastDelta = 8;
        m_folder->write(kFile, batch.bytes() + plain(kFirst + 9, 1).bytes());
        const Read read = readAll(m_folder->path(kFolder));
        QCOMPARE(read.offsets, (std::vector<std::int64_t>{101, 104, 105, 109}));
        QCOMPARE(read.problems + read.tails, QStringList());
    }

    /// semantics.md section 1: aborted records are left out, and what is behind an open transaction waits.
    void transactionsAreToldAndDecide()
    {
        const auto written = [](std::int64_t first, int count, std::int64_t producer) {
            MadeBatch batch = plain(first, count);
            batch.producer = producer;
            batch.flags = kTransactional;
            return batch.bytes();
        };
        // 1 commits 100-101 and 106, 2 aborts 102-103; 3 stays open from 108 on.
        const std::string begun = written(100, 2, 1) + written(102, 2, 2) + plain(104, 1).bytes()
                                  + markerBytes(105, 2, false) + written(106, 1, 1) + markerBytes(107, 1, true)
                                  + written(108, 2, 3) + plain(110, 1).bytes();
        m_folder->write(kFile, begun);
        Read committed = readAll(m_folder->path(kFolder));
        QCOMPARE(committed.offsets, (std::vector<std::int64_t>{100, 101, 104, 106}));
        const std::string uncommittedAddress = m_folder->path(kFolder) + "?isolation=read_uncommitted";
        Read uncommitted = readAll(uncommittedAddress);
        QCOMPARE(uncommitted.offsets, (std::vector<std::int64_t>{100, 101, 102, 103, 104, 106, 108, 109, 110}));
        for (const Read& read : {committed, uncommitted}) {
            QCOMPARE(read.transactions.size(), std::size_t{3});
            QVERIFY(read.transactions.at(100).state == event::TransactionState::Committed);
            QCOMPARE(read.transactions.at(100).last.value, 106);
            QCOMPARE(read.transactions.at(100).marker->value, 107);
            QCOMPARE(read.transactions.at(100).coordinatorEpoch, 7);
            QVERIFY(read.transactions.at(102).state == event::TransactionState::Aborted);
            QVERIFY(read.transactions.at(108).state == event::TransactionState::Open);
            QCOMPARE(read.transactions.at(108).last.value, 109);
            const auto cut = parseSegmentCut(read.cut);
            QCOMPARE(cut->places.at(kPartition).lastStable.value, 108);
            QVERIFY(text(describeSegmentCut(read.cut)).contains("stable up to offset 108")
                    || cut->isolation == Isolation::Committed);
        }
        m_folder->append(kFile, markerBytes(111, 3, false));
        readOn(m_folder->path(kFolder), committed);
        readOn(uncommittedAddress, uncommitted);
        QCOMPARE(committed.offsets, (std::vector<std::int64_t>{100, 101, 104, 106, 110}));
        QCOMPARE(uncommitted.offsets.size(), std::size_t{9});
        for (const Read& read : {committed, uncommitted}) {
            QVERIFY(read.transactions.at(108).state == event::TransactionState::Aborted);
            QCOMPARE(read.transactions.size(), std::size_t{3});
        }
    }

    void aMarkerWithoutRecordsIsTold()
    {
        m_folder->write(kFile, markerBytes(100, 9, false) + plain(101, 1).bytes());
        const Read read = readAll(m_folder->path(kFolder));
        QCOMPARE(read.offsets, (std::vector<std::int64_t>{101}));
        QVERIFY(!read.transactions.at(100).first && read.transactions.at(100).marker->value == 100);
    }

    /// A load in pieces gives what one in one go gives, from wherever it goes on.
    void aLoadInPiecesIsTheSame()
    {
        std::string bytes;
        std::int64_t next = kFirst;
        for (int i = 0; i < 40; ++i) {
            bytes += plain(next, 900, static_cast<KafkaCodec>(i % 5)).bytes();
            next += 900;
        }
        m_folder->write(kFile, bytes);
        m_folder->write(kFolder + "/00000000000000036100.log", plain(next, 10).bytes());
        const Read whole = readAll(m_folder->path(kFolder));
        QCOMPARE(whole.offsets.size(), std::size_t{36'010});
        Read pieces;
        auto source = openSegments({m_folder->path(kFolder)});
        const auto target = (*source)->target();
        for (int i = 0; i < 100 && pieces.offsets.size() < whole.offsets.size(); ++i) {
            Read piece;
            piece.cut = pieces.cut;
            auto fresh = openSegments({m_folder->path(kFolder)});
            readTo(**fresh, *target, piece, 1);
            QVERIFY(!piece.cut.empty());
            pieces.cut = piece.cut;
            pieces.offsets.insert(pieces.offsets.end(), piece.offsets.begin(), piece.offsets.end());
            pieces.records.merge(piece.records);
        }
        QVERIFY(pieces.offsets == whole.offsets);
        QVERIFY(pieces.records == whole.records);
    }

    void whatRetentionDeletedIsTold()
    {
        const std::string second = kFolder + "/00000000000000000110.log";
        const std::string third = kFolder + "/00000000000000000120.log";
        m_folder->write(kFile, plain(100, 10).bytes());
        Read read = readAll(m_folder->path(kFolder));
        m_folder->write(second, plain(110, 10).bytes());
        m_folder->write(third, plain(120, 2).bytes());
        m_folder->remove(kFile);
        m_folder->remove(second);
        readOn(m_folder->path(kFolder), read);
        QCOMPARE(read.error, QString());
        QCOMPARE(read.offsets.back(), 121);
        QCOMPARE(read.problems, QStringList("10 offsets before it were deleted (by retention or by hand) before they "
                                            "could be captured"));
    }

    void anotherLogInItsPlaceIsNoticed()
    {
        m_folder->write(kFile, plain(100, 10).bytes());
        const Read before = readAll(m_folder->path(kFolder));
        MadeBatch other = plain(100, 12);
        other.time += 1000;
        m_folder->write(kFile, other.bytes());
        Read again = before;
        readOn(m_folder->path(kFolder), again);
        QVERIFY2(again.error.contains("another record"), qPrintable(again.error));
        m_folder->write(kFile, plain(100, 5).bytes());
        again = before;
        readOn(m_folder->path(kFolder), again);
        QVERIFY2(again.error.contains("truncated"), qPrintable(again.error));
    }

    /// Compaction writes a segment anew while a capture of it exists: reading goes on behind what was captured.
    void aSegmentWrittenAnewIsReadOn()
    {
        m_folder->write(kFile, plain(100, 10).bytes() + plain(110, 5).bytes());
        Read read = readAll(m_folder->path(kFolder));
        MadeBatch compacted{100, {record(100)}};
        compacted.lastDelta = 9;
        m_folder->write(kFile, compacted.bytes() + plain(110, 5).bytes() + plain(115, 3).bytes());
        readOn(m_folder->path(kFolder), read);
        QCOMPARE(read.error, QString());
        QCOMPARE(read.offsets.size(), std::size_t{18});
        QCOMPARE(read.offsets.back(), 117);
        QCOMPARE(read.problems + read.tails, QStringList());
    }

    void recordsBeforeTheStartAreLeftOut()
    {
        m_folder->write(kFile, plain(100, 10).bytes() + plain(110, 5).bytes());
        m_folder->write("log-start-offset-checkpoint", "0\n2\nother 0 7\norders 3 104\n");
        const Read read = readAll(m_folder->path());
        QCOMPARE(read.offsets.front(), 104);
        QCOMPARE(read.offsets.size(), std::size_t{11});
    }

    /// They may have come with somebody else's folder: nobody writes into the pipes, and the device never ends.
    void neighboursThatAreNoFilesAreNotRead()
    {
        m_folder->write(kFile, plain(100, 10).bytes());
        QCOMPARE(::mkfifo(m_folder->path("log-start-offset-checkpoint").c_str(), 0600), 0);
        QCOMPARE(::symlink("/dev/zero", m_folder->path("cleaner-offset-checkpoint").c_str()), 0);
        const Read read = readAll(m_folder->path());
        QCOMPARE(read.error, QString());
        QCOMPARE(read.offsets.size(), std::size_t{10});
        QCOMPARE(read.problems, QStringList());
        QCOMPARE(::unlink(m_folder->path("log-start-offset-checkpoint").c_str()), 0);
        m_folder->write("log-start-offset-checkpoint", "0\n1\norders 3 105\n");
        QCOMPARE(::mkfifo(m_folder->path(kFolder + "/00000000000000000100.index").c_str(), 0600), 0);
        const Read told = readAll(m_folder->path());
        QCOMPARE(told.offsets.front(), 105);
        QCOMPARE(told.problems.size(), 1);
        QVERIFY2(told.problems.front().contains("not a file"), qPrintable(told.problems.front()));
    }

    /// An index is used where it says the truth; else it is told, and the segment is read from its start.
    void anIndexIsUsedWhereItIsRight()
    {
        const std::string first = plain(100, 10).bytes();
        const std::string second = plain(110, 5).bytes();
        const std::string index = kFolder + "/00000000000000000100.index";
        std::string damaged = first;
        damaged[80] = static_cast<char>(damaged[80] ^ 1);
        m_folder->write(kFile, damaged + second + plain(115, 1).bytes());
        m_folder->write("log-start-offset-checkpoint", "0\n1\norders 3 115\n");
        const auto entry = [](std::int32_t last, std::size_t at) {
            return Writer().number(last).number(static_cast<std::int32_t>(at)).bytes();
        };
        // Begun behind the damage, which nobody meets then. Zeros are room reserved.
        m_folder->write(index, entry(14, first.size()) + std::string(80, '\0'));
        const Read right = readAll(m_folder->path());
        QCOMPARE(right.offsets, (std::vector<std::int64_t>{115}));
        QCOMPARE(right.problems, QStringList());
        for (const std::string& wrong : {entry(13, first.size()), entry(14, first.size() + 1),
                                         entry(9, 50) + entry(8, 60), entry(14, 1'000'000), entry(-1, 10)}) {
            m_folder->write(index, wrong);
            const Read read = readAll(m_folder->path());
            QCOMPARE(read.offsets, (std::vector<std::int64_t>{115}));
            QCOMPARE(read.problems.size(), 2);
            QVERIFY2(read.problems.front().contains("does not fit its segment"), qPrintable(read.problems.front()));
        }
    }

    /// What a broker is about to delete or to put in place, and its own files, are none of ours.
    void otherFilesAreLeftAlone()
    {
        m_folder->write(kFile, plain(100, 3).bytes());
        for (const char* name :
             {"00000000000000000090.log.deleted", "00000000000000000100.log.swap", "00000000000000000100.log.cleaned",
              "00000000000000000103.snapshot", "leader-epoch-checkpoint", "partition.metadata"})
            m_folder->write(kFolder + "/" + name, "nothing to read");
        m_folder->makeFolder("gone-0.0123456789abcdef0123456789abcdef-delete");
        m_folder->write("gone-0.0123456789abcdef0123456789abcdef-delete/00000000000000000000.log", "x");
        m_folder->makeFolder("__consumer_offsets-0");
        m_folder->write("__consumer_offsets-0/00000000000000000000.log", plain(0, 1).bytes());
        const Read read = readAll(m_folder->path());
        QCOMPARE(read.offsets, (std::vector<std::int64_t>{100, 101, 102}));
        QCOMPARE(read.problems + read.tails, QStringList());
        QCOMPARE(readAll(m_folder->path() + "?topics=__consumer_offsets").offsets.size(), std::size_t{1});
    }

    /// Segments that overlap, as a crash within compaction leaves them.
    void whatStandsTwiceIsReadOnce()
    {
        m_folder->write(kFile, plain(100, 5).bytes() + plain(105, 5).bytes());
        m_folder->write(kFolder + "/00000000000000000105.log", plain(105, 5).bytes() + plain(110, 2).bytes());
        const Read read = readAll(m_folder->path(kFolder));
        QCOMPARE(read.offsets.size(), std::size_t{12});
        QCOMPARE(read.offsets.back(), 111);
        QCOMPARE(read.problems.size(), 1);
        QVERIFY2(read.problems.front().contains("the segment before it has these records"),
                 qPrintable(read.problems.front()));
    }

private:
    /// What is wrong with reading the segment as it is now; empty: every record is a true one, and what is missing is told.
    [[nodiscard]] QString differenceOf(std::size_t size, const Read& truth) const
    {
        PartitionSegments partition;
        partition.partition = kPartition;
        partition.files = {{{kFirst}, m_folder->path(kFile), size, 0}};
        SegmentWalk walk(partition, {{kFirst}, size});
        std::int64_t last = -1;
        std::size_t count = 0;
        bool isTold = false;
        for (;;) {
            const auto walked = walk.next({});
            if (!walked) return text(base::render(walked.error()));
            if (!*walked) break;
            isTold = isTold || !(*walked)->problems.empty();
            const auto read = recordsOf((*walked)->batch);
            if (!read) return text(base::render(read.error()));
            for (const event::Record& record : read->records) {
                const auto same = truth.records.find(record.offset.value);
                if (same == truth.records.end() || same->second != event::hashOf(record))
                    return QString("another record at offset %1").arg(record.offset.value);
                if (record.offset.value <= last) return QString("offset %1 twice").arg(last);
                last = record.offset.value;
                ++count;
            }
        }
        isTold = isTold || !walk.tail().empty();
        if (count < truth.records.size() && !isTold) return QString("%1 records, and nothing is told").arg(count);
        return count + 21 < truth.records.size() ? QString("only %1 records").arg(count) : QString();
    }

    std::unique_ptr<Folder> m_folder;
};

QTEST_APPLESS_MAIN(SegmentsTest)
#include "segments_test.moc"
