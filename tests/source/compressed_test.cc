// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_fixture.h"

#include <random>

using namespace leftfold;
using namespace leftfold::source;
using namespace leftfold::source::test;

namespace {

using Packer = std::string (*)(const std::string&);

/// Lines whose text does not repeat, so that compressed data are many blocks.
std::string noisyLines(std::size_t count, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) bytes += "{\"n\":" + std::to_string(random()) + "}\n";
    return bytes;
}

void packers()
{
    QTest::addColumn<Packer>("pack");
    QTest::newRow("gzip") << &gzipped;
    QTest::newRow("zstd") << &zstdPacked;
}

QStringList recordsOf(const std::string& bytes)
{
    const Folder folder;
    folder.write("a.jsonl", bytes);
    return load({folder.path("a.jsonl")}).records;
}

} // namespace

Q_DECLARE_METATYPE(Packer)

class CompressedTest : public QObject {
    Q_OBJECT

private slots:
    void unpackedByItsFirstBytes_data() { packers(); }
    void unpackedByItsFirstBytes();
    void piecesAreOneStream_data() { packers(); }
    void piecesAreOneStream();
    void emptyPiecesAreEmpty_data() { packers(); }
    void emptyPiecesAreEmpty();
    void aPieceAppendedLaterContinues_data() { packers(); }
    void aPieceAppendedLaterContinues();
    void aStreamWithoutItsEndGivesWhatItHolds_data() { packers(); }
    void aStreamWithoutItsEndGivesWhatItHolds();
    void cutAtEveryByteNothingIsInvented_data() { packers(); }
    void cutAtEveryByteNothingIsInvented();
    void aFlippedByteIsFoundOrHarmless_data() { packers(); }
    void aFlippedByteIsFoundOrHarmless();
    void aCompletedStreamContinues_data() { packers(); }
    void aCompletedStreamContinues();
    void aTargetInsideTheStreamIsNoDamage_data() { packers(); }
    void aTargetInsideTheStreamIsNoDamage();
    void anotherStreamUnderTheSameNameStops_data() { packers(); }
    void anotherStreamUnderTheSameNameStops();
    void aDamagedRotatedFileDoesNotStopTheNext_data() { packers(); }
    void aDamagedRotatedFileDoesNotStopTheNext();
    void paddingBehindGzipIsFine();
    void whatFollowsGzipIsReported();
    void skippableZstdFramesAreSkipped();
    void manyEqualBytesUnpack_data() { packers(); }
    void manyEqualBytesUnpack();
};

void CompressedTest::unpackedByItsFirstBytes()
{
    QFETCH(Packer, pack);
    const Folder folder;
    folder.write("a.jsonl", pack("\xef\xbb\xbf{\"x\":1}\r\n\n{\"x\":2}"));

    const Loaded loaded = load({folder.path("a.jsonl")});

    QCOMPARE(loaded.records, (QStringList{"a[0]@0 {\"x\":1}", "a[0]@1 {\"x\":2}"}));
    QCOMPARE(loaded.tail, QStringList());
}

void CompressedTest::piecesAreOneStream()
{
    QFETCH(Packer, pack);
    const std::string bytes = noisyLines(60'000, 1);
    const Folder folder;
    folder.write("a.jsonl",
                 pack(bytes.substr(0, 500'007)) + pack(bytes.substr(500'007, 1)) + pack(bytes.substr(500'008)));

    const Loaded loaded = load({folder.path("a.jsonl")});

    QCOMPARE(loaded.error, QString());
    QCOMPARE(loaded.records, recordsOf(bytes));
}

void CompressedTest::emptyPiecesAreEmpty()
{
    QFETCH(Packer, pack);
    const Folder folder;
    folder.write("a.jsonl", pack("") + pack("1\n") + pack(""));
    folder.write("b.jsonl", pack(""));

    const Loaded loaded = load({folder.path("a.jsonl"), folder.path("b.jsonl")});

    QCOMPARE(loaded.records, QStringList{"a[0]@0 1"});
    QCOMPARE(loaded.tail, QStringList());
}

void CompressedTest::aPieceAppendedLaterContinues()
{
    QFETCH(Packer, pack);
    const Folder folder;
    folder.write("a.jsonl", pack("1\n2"));
    const Loaded before = load({folder.path("a.jsonl")});
    folder.append("a.jsonl", pack("3\n4\n"));

    const Loaded after = load({folder.path("a.jsonl")}, before.cut);

    QCOMPARE(before.records, QStringList{"a[0]@0 1"});
    QCOMPARE(before.tail.size(), 1);
    QCOMPARE(after.records, (QStringList{"a[0]@1 23", "a[0]@2 4"}));
    QCOMPARE(after.tail, QStringList());
}

void CompressedTest::aStreamWithoutItsEndGivesWhatItHolds()
{
    QFETCH(Packer, pack);
    const std::string bytes = noisyLines(60'000, 2);
    const std::string packed = pack(bytes);
    const Folder folder;
    folder.write("a.jsonl", packed.substr(0, packed.size() / 2));

    const Loaded loaded = load({folder.path("a.jsonl")});

    QCOMPARE(loaded.error, QString());
    QVERIFY(loaded.records.size() > 10'000 && loaded.records.size() < 59'000);
    QCOMPARE(loaded.records, recordsOf(bytes).first(loaded.records.size()));
    QVERIFY2(loaded.tail.at(0).contains("ends in the middle of its")
                 && loaded.tail[0].endsWith(QString("data, at byte %1").arg(packed.size() / 2)),
             qPrintable(loaded.tail[0]));
}

void CompressedTest::cutAtEveryByteNothingIsInvented()
{
    QFETCH(Packer, pack);
    const std::string bytes = noisyLines(40, 3);
    const std::string packed = pack(bytes);
    const QStringList all = recordsOf(bytes);
    for (std::size_t size = 4; size < packed.size(); ++size) {
        const Folder folder;
        folder.write("a.jsonl", packed.substr(0, size));
        const Loaded loaded = load({folder.path("a.jsonl")});
        QCOMPARE(loaded.error, QString());
        QCOMPARE(loaded.records, all.first(loaded.records.size()));
        QVERIFY2(!loaded.tail.isEmpty(), qPrintable(QString("cut at %1").arg(size)));
    }
}

void CompressedTest::aFlippedByteIsFoundOrHarmless()
{
    QFETCH(Packer, pack);
    const std::string bytes = noisyLines(200, 4);
    const std::string packed = pack(bytes);
    const QStringList all = recordsOf(bytes);
    std::size_t found = 0;
    for (std::size_t at = 12; at < packed.size(); at += 7) {
        std::string damaged = packed;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
        const Folder folder;
        folder.write("a.jsonl", damaged);
        const Loaded loaded = load({folder.path("a.jsonl")});
        QCOMPARE(loaded.error, QString());
        if (!loaded.tail.isEmpty()) ++found;
    }
    QVERIFY(found > 0);
}

void CompressedTest::aCompletedStreamContinues()
{
    QFETCH(Packer, pack);
    const std::string bytes = noisyLines(60'000, 5);
    const std::string packed = pack(bytes);
    const Folder folder;
    folder.write("a.jsonl", packed.substr(0, packed.size() / 3));
    const Loaded before = load({folder.path("a.jsonl")});
    folder.append("a.jsonl", packed.substr(packed.size() / 3));

    const Loaded after = load({folder.path("a.jsonl")}, before.cut);

    QCOMPARE(after.error, QString());
    QVERIFY(!before.records.isEmpty());
    QCOMPARE(before.records + after.records, recordsOf(bytes));
    QCOMPARE(after.tail, QStringList());
}

void CompressedTest::aTargetInsideTheStreamIsNoDamage()
{
    QFETCH(Packer, pack);
    const std::string bytes = noisyLines(60'000, 6);
    const std::string packed = pack(bytes);
    const Folder folder;
    folder.write("a.jsonl", packed.substr(0, packed.size() / 2));
    auto source = openFiles({folder.path("a.jsonl")});
    const std::string target = *(*source)->target();
    folder.append("a.jsonl", packed.substr(packed.size() / 2));

    Loaded loaded;
    loadInto(loaded, **source, target);

    QVERIFY(!loaded.records.isEmpty() && loaded.records.size() < 60'000);
    QCOMPARE(loaded.tail, QStringList());
    QCOMPARE(loaded.records + load({folder.path("a.jsonl")}, loaded.cut).records, recordsOf(bytes));
}

void CompressedTest::anotherStreamUnderTheSameNameStops()
{
    QFETCH(Packer, pack);
    const Folder folder;
    folder.write("a.jsonl", pack("1\n2\n"));
    const Loaded before = load({folder.path("a.jsonl")});
    folder.write("a.jsonl", pack("1\n3\n4\n"));
    const Loaded rewritten = load({folder.path("a.jsonl")}, before.cut);
    folder.write("a.jsonl", pack("1\n"));
    const Loaded shorter = load({folder.path("a.jsonl")}, before.cut);

    QVERIFY2(rewritten.error.contains("was rewritten"), qPrintable(rewritten.error));
    QVERIFY2(shorter.error.contains("2 of 4 bytes are left"), qPrintable(shorter.error));
}

void CompressedTest::aDamagedRotatedFileDoesNotStopTheNext()
{
    QFETCH(Packer, pack);
    const std::string bytes = noisyLines(60'000, 7);
    const std::string packed = pack(bytes);
    const Folder folder;
    folder.makeFolder("logs");
    folder.write("logs/app.log.1.gz", packed.substr(0, packed.size() / 2));
    folder.write("logs/app.log", "last\n");

    const Loaded loaded = load({folder.path("logs")});

    QCOMPARE(loaded.error, QString());
    QCOMPARE(loaded.records.last(), QString("app[0]@%1 last").arg(loaded.records.size() - 1));
    QCOMPARE(loaded.problems.size(), 1);
    QVERIFY(loaded.problems[0].startsWith(QString("app[0]@%1 ").arg(loaded.records.size() - 1)));
    QVERIFY(loaded.problems[0].contains("ends in the middle"));
    QCOMPARE(loaded.tail, QStringList());
}

void CompressedTest::paddingBehindGzipIsFine()
{
    const Folder folder;
    folder.write("a.jsonl", gzipped("1\n") + std::string(700, '\0'));

    const Loaded loaded = load({folder.path("a.jsonl")});

    QCOMPARE(loaded.records, QStringList{"a[0]@0 1"});
    QCOMPARE(loaded.tail, QStringList());
}

void CompressedTest::whatFollowsGzipIsReported()
{
    const Folder folder;
    folder.write("a.jsonl", gzipped("1\n") + "rubbish");

    const Loaded loaded = load({folder.path("a.jsonl")});

    QCOMPARE(loaded.records, QStringList{"a[0]@0 1"});
    QVERIFY2(loaded.tail.at(0).contains("its gzip data are damaged at byte"), qPrintable(loaded.tail[0]));
}

void CompressedTest::skippableZstdFramesAreSkipped()
{
    const std::string skippable("\x53\x2a\x4d\x18\x04\x00\x00\x00note", 12);
    const Folder folder;
    folder.write("a.jsonl", skippable + zstdPacked("1\n") + skippable + zstdPacked("2\n"));

    QCOMPARE(load({folder.path("a.jsonl")}).records, (QStringList{"a[0]@0 1", "a[0]@1 2"}));
}

void CompressedTest::manyEqualBytesUnpack()
{
    QFETCH(Packer, pack);
    const std::string line = '"' + std::string(30'000'000, 'a') + '"';
    const Folder folder;
    folder.write("a.jsonl", pack(line + "\n2\n"));

    const Loaded loaded = load({folder.path("a.jsonl")});

    QCOMPARE(loaded.raw.size(), 2);
    QVERIFY(*loaded.raw[0].value == line);
}

QTEST_GUILESS_MAIN(CompressedTest)
#include "compressed_test.moc"
