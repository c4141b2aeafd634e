// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_fixture.h"

#include <random>

using namespace leftfold;
using namespace leftfold::source;
using namespace leftfold::source::test;

namespace {

std::string randomBytes(std::mt19937_64& random)
{
    std::string bytes;
    const std::uint64_t lines = random() % 20'000;
    for (std::uint64_t i = 0; i < lines; ++i) {
        if (random() % 50 == 0) bytes += random() % 2 == 0 ? "\n" : " \r\n";
        const std::size_t size = random() % 2'000 == 0 ? random() % 2'000'000 : random() % 90;
        bytes += "{\"n\":" + std::to_string(i) + ",\"t\":\"" + std::string(size, 't') + "\"}"
                 + (random() % 9 == 0 ? "\r\n" : "\n");
    }
    return bytes;
}

/// `bytes` as a file would hold them, one of the ways there are.
std::string stored(const std::string& bytes, std::uint64_t how)
{
    const std::size_t half = bytes.size() / 2;
    if (how % 3 == 1) return gzipped(bytes.substr(0, half)) + gzipped(bytes.substr(half));
    if (how % 3 == 2) return zstdPacked(bytes.substr(0, half)) + zstdPacked(bytes.substr(half));
    return bytes;
}

} // namespace

class ResumeTest : public QObject {
    Q_OBJECT

private slots:
    void resumedAtEveryCutEqualsOneGo();
    void appendedLinesContinue();
    void randomAppendsEqualOneGo();
    void anUntouchedFileIsNotRead();
    void aTouchedFileGivesAQuietCut();
    void theLastLineIsTakenOnce_data();
    void theLastLineIsTakenOnce();
    void aHalfLineIsTakenWhenItIsWhole();
    void aTailProblemStaysWhileOtherFilesGrow();
    void aTakenLastLineThatGoesOnIsRewritten_data();
    void aTakenLastLineThatGoesOnIsRewritten();
    void aTruncatedFileStops();
    void aFileTruncatedAndWrittenAgainStops();
    void aFileRewrittenInTheMiddleStops();
    void aReplacedFileStops();
    void aReplacedFileWithTheSameStartContinues();
    void aFinishedFileMayLeaveItsFolder();
    void anUnfinishedFileMustNotVanish();
    void manyGrownFilesContinue();
};

void ResumeTest::resumedAtEveryCutEqualsOneGo()
{
    const std::uint64_t seed = std::random_device()();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    std::mt19937_64 random(seed);
    std::size_t resumed = 0;
    for (int round = 0; round < 9; ++round) {
        const Folder folder;
        folder.makeFolder("logs");
        folder.write("logs/a.jsonl", stored(randomBytes(random), static_cast<std::uint64_t>(round)));
        folder.write("logs/b.jsonl", stored(randomBytes(random), random()));
        auto source = openFiles({folder.path("logs")});
        const std::string target = *(*source)->target();
        Loaded whole;
        loadInto(whole, **source, target);

        Loaded pieces;
        for (std::size_t i = 0; i <= whole.batches.size(); ++i, ++resumed) {
            auto again = openFiles({folder.path("logs")});
            loadInto(pieces, **again, target, 1);
        }
        QCOMPARE(pieces.error, QString());
        QCOMPARE(pieces.records, whole.records);
        QCOMPARE(pieces.batches.size(), whole.batches.size());
        QVERIFY(pieces.cut == whole.cut);
    }
    QVERIFY(resumed > 9);
}

void ResumeTest::appendedLinesContinue()
{
    const Folder folder;
    folder.write("a.jsonl", "1\n2\n");
    const Loaded before = load({folder.path("a.jsonl")});
    QVERIFY(!grownBeyond({folder.path("a.jsonl")}, before.cut));
    folder.append("a.jsonl", "3\n\n4\n");
    QVERIFY(grownBeyond({folder.path("a.jsonl")}, before.cut));

    const Loaded after = load({folder.path("a.jsonl")}, before.cut);

    QCOMPARE(after.records, (QStringList{"a[0]@2 3", "a[0]@3 4"}));
    QCOMPARE(after.raw[1].line, 5);
    QVERIFY(!grownBeyond({folder.path("a.jsonl")}, after.cut));
}

void ResumeTest::randomAppendsEqualOneGo()
{
    const std::uint64_t seed = std::random_device()();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    std::mt19937_64 random(seed);
    for (int round = 0; round < 40; ++round) {
        const Folder folder;
        folder.write("a.jsonl", "");
        std::string bytes;
        for (std::uint64_t i = random() % 30; i > 0; --i) {
            bytes += "{\"n\":[" + std::to_string(i) + "]}" + (random() % 3 == 0 ? "\r\n" : "\n")
                     + (random() % 5 == 0 ? "\n" : "");
        }
        Loaded pieces;
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t size = random() % 40;
            folder.append("a.jsonl", bytes.substr(at, size));
            at += size;
            auto source = openFiles({folder.path("a.jsonl")});
            loadInto(pieces, **source, *(*source)->target());
            QCOMPARE(pieces.error, QString());
        }
        const Loaded whole = load({folder.path("a.jsonl")});
        QCOMPARE(pieces.records, whole.records);
        QCOMPARE(pieces.tail, QStringList());
    }
}

void ResumeTest::anUntouchedFileIsNotRead()
{
    const Folder folder;
    folder.write("a.jsonl", "1\n2\n");
    folder.touch("a.jsonl", 1'700'000'000);
    const Loaded before = load({folder.path("a.jsonl")});
    folder.overwrite("a.jsonl", 0, "9");
    folder.touch("a.jsonl", 1'700'000'000);

    const Loaded after = load({folder.path("a.jsonl")}, before.cut);

    QCOMPARE(after.error, QString());
    QVERIFY(after.batches.empty());
    QVERIFY(!grownBeyond({folder.path("a.jsonl")}, before.cut));
}

void ResumeTest::aTouchedFileGivesAQuietCut()
{
    const Folder folder;
    folder.write("a.jsonl", "1\n2\n");
    folder.touch("a.jsonl", 1'700'000'000);
    const Loaded before = load({folder.path("a.jsonl")});
    folder.touch("a.jsonl", 1'700'000'001);
    QVERIFY(grownBeyond({folder.path("a.jsonl")}, before.cut));

    const Loaded after = load({folder.path("a.jsonl")}, before.cut);

    QCOMPARE(after.records, QStringList());
    QCOMPARE(after.batches.size(), 1);
    QVERIFY(after.cut != before.cut);
    QVERIFY(!grownBeyond({folder.path("a.jsonl")}, after.cut));
}

void ResumeTest::theLastLineIsTakenOnce_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("then");
    QTest::newRow("line break later") << "{\"x\":1}"
                                      << "\n{\"x\":2}\n";
    QTest::newRow("both bytes of it later") << "{\"x\":1}"
                                            << "\r\n{\"x\":2}\n";
    QTest::newRow("half of it later") << "{\"x\":1}\r"
                                      << "\n{\"x\":2}\n";
    QTest::newRow("blank lines behind") << "{\"x\":1}"
                                        << "\n\n\n{\"x\":2}";
}

void ResumeTest::theLastLineIsTakenOnce()
{
    QFETCH(QString, first);
    QFETCH(QString, then);
    const Folder folder;
    folder.write("a.jsonl", first.toStdString());
    const Loaded before = load({folder.path("a.jsonl")});
    folder.append("a.jsonl", then.toStdString());

    const Loaded after = load({folder.path("a.jsonl")}, before.cut);
    const Loaded whole = load({folder.path("a.jsonl")});

    QCOMPARE(before.records, QStringList{"a[0]@0 {\"x\":1}"});
    QCOMPARE(after.error, QString());
    QCOMPARE(before.records + after.records, whole.records);
    QCOMPARE(after.raw.at(0).line, whole.raw.at(1).line);
}

void ResumeTest::aHalfLineIsTakenWhenItIsWhole()
{
    const Folder folder;
    folder.write("a.jsonl", "1\n{\"x\"");
    const Loaded half = load({folder.path("a.jsonl")});
    folder.append("a.jsonl", ":");
    const Loaded still = load({folder.path("a.jsonl")}, half.cut);
    folder.append("a.jsonl", "2}\n");
    const Loaded whole = load({folder.path("a.jsonl")}, still.cut);

    QCOMPARE(half.tail.size(), 1);
    QVERIFY(half.tail[0].startsWith("a[0]@1 half-written last line"));
    QVERIFY(still.tail.at(0).endsWith("5 bytes from byte 2 are not taken yet"));
    QCOMPARE(whole.records, QStringList{"a[0]@1 {\"x\":2}"});
    QCOMPARE(whole.tail, QStringList());
}

void ResumeTest::aTailProblemStaysWhileOtherFilesGrow()
{
    const Folder folder;
    folder.makeFolder("logs");
    folder.write("logs/a.jsonl", "1\n{");
    folder.write("logs/b.jsonl", "2\n");
    const Loaded before = load({folder.path("logs")});
    folder.append("logs/b.jsonl", "3\n");

    const Loaded after = load({folder.path("logs")}, before.cut);

    QCOMPARE(before.tail.size(), 1);
    QCOMPARE(after.records, QStringList{"b[0]@1 3"});
    QCOMPARE(after.tail, before.tail);
}

void ResumeTest::aTakenLastLineThatGoesOnIsRewritten_data()
{
    QTest::addColumn<QString>("then");
    QTest::newRow("more text") << "x\n";
    QTest::newRow("more text, no line break") << "x";
    QTest::newRow("blanks") << "  \n";
}

void ResumeTest::aTakenLastLineThatGoesOnIsRewritten()
{
    QFETCH(QString, then);
    const Folder folder;
    folder.write("a.jsonl", "1\n{}");
    const Loaded before = load({folder.path("a.jsonl")});
    folder.append("a.jsonl", then.toStdString());

    const Loaded after = load({folder.path("a.jsonl")}, before.cut);

    QCOMPARE(before.records.size(), 2);
    QVERIFY2(after.error.contains("was rewritten: line 2, its last and complete when captured, goes on"),
             qPrintable(after.error));
}

void ResumeTest::aTruncatedFileStops()
{
    const Folder folder;
    folder.write("a.jsonl", std::string(2'000, '1') + '\n' + std::string(2'098, '2') + '\n');
    const Loaded before = load({folder.path("a.jsonl")});
    folder.shorten("a.jsonl", 12);

    const Loaded after = load({folder.path("a.jsonl")}, before.cut);

    QCOMPARE(after.error, text(folder.path("a.jsonl"))
                              + " is shorter than what was captured: 12 of 4,100 bytes are left; if that is right, "
                                "capture it anew with fetch --fresh");
    QVERIFY(grownBeyond({folder.path("a.jsonl")}, before.cut));
}

void ResumeTest::aFileTruncatedAndWrittenAgainStops()
{
    const Folder folder;
    folder.write("a.jsonl", "1\n2\n");
    const Loaded before = load({folder.path("a.jsonl")});
    folder.write("a.jsonl", "7\n8\n9\n");

    const Loaded after = load({folder.path("a.jsonl")}, before.cut);

    QVERIFY2(after.error.contains("was rewritten: its first 4 bytes, 2 lines, are not those that were captured"),
             qPrintable(after.error));
    QVERIFY(after.batches.empty());
}

void ResumeTest::aFileRewrittenInTheMiddleStops()
{
    std::string bytes;
    for (int i = 0; i < 50'000; ++i) bytes += "{\"n\":" + std::to_string(i) + "}\n";
    const Folder folder;
    folder.write("a.jsonl", bytes);
    const Loaded before = load({folder.path("a.jsonl")});
    folder.overwrite("a.jsonl", bytes.size() / 2, "x");
    folder.append("a.jsonl", "{}\n");

    const Loaded after = load({folder.path("a.jsonl")}, before.cut);

    QVERIFY2(after.error.contains("was rewritten"), qPrintable(after.error));
    QVERIFY(after.batches.empty());
}

void ResumeTest::aReplacedFileStops()
{
    const Folder folder;
    folder.write("a.jsonl", "1\n2\n");
    const Loaded before = load({folder.path("a.jsonl")});
    folder.write("new", "1\n3\n4\n");
    folder.rename("new", "a.jsonl");

    const Loaded after = load({folder.path("a.jsonl")}, before.cut);

    QVERIFY2(after.error.contains("was rewritten"), qPrintable(after.error));
}

void ResumeTest::aReplacedFileWithTheSameStartContinues()
{
    const Folder folder;
    folder.write("a.jsonl", "1\n2\n");
    const Loaded before = load({folder.path("a.jsonl")});
    folder.write("new", "1\n2\n3\n");
    folder.rename("new", "a.jsonl");

    const Loaded after = load({folder.path("a.jsonl")}, before.cut);

    QCOMPARE(after.error, QString());
    QCOMPARE(after.records, QStringList{"a[0]@2 3"});
}

void ResumeTest::aFinishedFileMayLeaveItsFolder()
{
    const Folder folder;
    folder.makeFolder("logs");
    folder.write("logs/a.jsonl", "1\n");
    folder.write("logs/b.jsonl", "2\n");
    const Loaded before = load({folder.path("logs")});
    folder.remove("logs/a.jsonl");
    folder.append("logs/b.jsonl", "3\n");

    QCOMPARE(load({folder.path("logs")}, before.cut).records, QStringList{"b[0]@1 3"});
}

void ResumeTest::anUnfinishedFileMustNotVanish()
{
    std::string bytes;
    for (int i = 0; i < 5'000; ++i) bytes += "1\n";
    const Folder folder;
    folder.makeFolder("logs");
    folder.write("logs/a.jsonl", bytes);
    folder.write("logs/b.jsonl", "2\n");
    Loaded loaded;
    auto source = openFiles({folder.path("logs")});
    loadInto(loaded, **source, *(*source)->target(), 1);
    folder.remove("logs/a.jsonl");

    const Loaded after = load({folder.path("logs")}, loaded.cut);

    QVERIFY2(after.error.contains("is gone: 8,192 of its bytes were captured"), qPrintable(after.error));
}

void ResumeTest::manyGrownFilesContinue()
{
    const Folder folder;
    folder.makeFolder("logs");
    for (int i = 100; i < 150; ++i) folder.write("logs/" + std::to_string(i) + ".log", "1\n");
    const Loaded before = load({folder.path("logs")});
    for (int i = 100; i < 150; ++i) folder.append("logs/" + std::to_string(i) + ".log", "2\n");

    const Loaded after = load({folder.path("logs")}, before.cut);

    QCOMPARE(before.records.size(), 50);
    QCOMPARE(after.records.size(), 50);
    QCOMPARE(after.records.first(), QString("100[0]@1 2"));
    QCOMPARE(after.records.last(), QString("149[0]@1 2"));
}

QTEST_GUILESS_MAIN(ResumeTest)
#include "resume_test.moc"
