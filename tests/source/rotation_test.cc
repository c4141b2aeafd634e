// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_fixture.h"

#include "core/source/rotation.h"

using namespace leftfold;
using namespace leftfold::source;
using namespace leftfold::source::test;

namespace {

void compress(const Folder& folder, const std::string& name, const std::string& bytes)
{
    folder.write(name + ".gz", gzipped(bytes));
    folder.remove(name);
}

} // namespace

class RotationTest : public QObject {
    Q_OBJECT

private slots:
    void namesOfRotation_data();
    void namesOfRotation();
    void aRotatedSetIsReadOldestFirst();
    void namingARotatedSetMakesItOnePartition();
    void aFileNamedAloneIsReadAlone();
    void rotationsWithoutACurrentFileAreFilesOfTheirOwn();
    void renamedAndCreatedContinues();
    void renamedAndNotYetCreatedContinues();
    void renamedTwiceContinues();
    void renamedAndCompressedContinues_data();
    void renamedAndCompressedContinues();
    void aHalfLineInARotatedFileIsARecord();
    void aHalfLineWaitsWhileTheNewFileIsEmpty();
    void anOpenLineInARotatedFileIsTakenOnce();
    void aRotationBeingCompressedIsReadOnce();
    void aMissingNumberIsAGap();
    void aFileRotatedAwayIsAGap();
    void copyTruncateStops();
    void rotationDuringALoadEndsAtItsTarget();
    void rotationBetweenReadsOfAnInterruptedLoad();
};

void RotationTest::namesOfRotation_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("base");
    QTest::addColumn<int>("number");
    QTest::newRow("first") << "app.log.1"
                           << "app.log" << 1;
    QTest::newRow("compressed") << "app.log.12.gz"
                                << "app.log" << 12;
    QTest::newRow("zstd") << "app.log.3.zst"
                          << "app.log" << 3;
    QTest::newRow("zero") << "app.log.0"
                          << "app.log" << 0;
    QTest::newRow("not numbered") << "app.log"
                                  << "" << 0;
    QTest::newRow("date") << "app.log.20240101"
                          << "" << 0;
    QTest::newRow("year") << "app.log.2024"
                          << "" << 0;
    QTest::newRow("leading zero") << "app.log.01"
                                  << "" << 0;
    QTest::newRow("number inside") << "app.1.log"
                                   << "" << 0;
    QTest::newRow("only a number") << ".1"
                                   << "" << 0;
    QTest::newRow("no digits") << "app."
                               << "" << 0;
    QTest::newRow("sign") << "app.+1"
                          << "" << 0;
}

void RotationTest::namesOfRotation()
{
    QFETCH(QString, name);
    QFETCH(QString, base);
    QFETCH(int, number);

    const auto rotated = rotatedName(name.toStdString());

    QCOMPARE(rotated ? text(rotated->base) : QString(), base);
    QCOMPARE(rotated ? rotated->number : 0, number);
}

void RotationTest::aRotatedSetIsReadOldestFirst()
{
    const Folder folder;
    folder.makeFolder("logs");
    folder.write("logs/app.log", "5\n");
    folder.write("logs/app.log.1", "4\n");
    folder.write("logs/app.log.2.gz", gzipped("3\n"));
    folder.write("logs/app.log.3.zst", zstdPacked("2\n"));
    folder.write("logs/app.log.10.gz", gzipped("1\n"));
    folder.write("logs/other.log", "6\n");

    const Loaded loaded = load({folder.path("logs")});

    QCOMPARE(loaded.records,
             (QStringList{"app[0]@0 1", "app[0]@1 2", "app[0]@2 3", "app[0]@3 4", "app[0]@4 5", "other[0]@0 6"}));
    const QString gap = "app[0]@1 rotated files may be missing before %1: what was written to them is not captured";
    QCOMPARE(loaded.problems, QStringList{gap.arg(text(folder.path("logs/app.log.3.zst")))});
    QVERIFY(load({folder.path("logs")}, loaded.cut).batches.empty());
}

void RotationTest::namingARotatedSetMakesItOnePartition()
{
    const Folder folder;
    folder.write("app.log", "2\n");
    folder.write("app.log.1", "1\n");

    const Loaded loaded = load({folder.path("app.log"), folder.path("app.log.1")});

    QCOMPARE(loaded.records, (QStringList{"app[0]@0 1", "app[0]@1 2"}));
}

void RotationTest::aFileNamedAloneIsReadAlone()
{
    const Folder folder;
    folder.write("app.log", "2\n");
    folder.write("app.log.1", "1\n");

    const Loaded loaded = load({folder.path("app.log")});

    QCOMPARE(loaded.records, QStringList{"app[0]@0 2"});
    QVERIFY(!grownBeyond({folder.path("app.log")}, loaded.cut));
}

void RotationTest::rotationsWithoutACurrentFileAreFilesOfTheirOwn()
{
    const Folder folder;
    folder.makeFolder("parts");
    folder.write("parts/part.1", "1\n");
    folder.write("parts/part.2", "2\n");

    QCOMPARE(load({folder.path("parts")}).records, (QStringList{"part.1[0]@0 1", "part.2[0]@0 2"}));
}

void RotationTest::renamedAndCreatedContinues()
{
    const Folder folder;
    folder.write("app.log", "1\n2\n");
    const Loaded before = load({folder.path("app.log")});
    folder.append("app.log", "3\n");
    folder.rename("app.log", "app.log.1");
    folder.write("app.log", "4\n");
    QVERIFY(grownBeyond({folder.path("app.log")}, before.cut));

    const Loaded after = load({folder.path("app.log")}, before.cut);

    QCOMPARE(after.error, QString());
    QCOMPARE(after.records, (QStringList{"app[0]@2 3", "app[0]@3 4"}));
    QCOMPARE(after.problems, QStringList());
    QCOMPARE(after.raw[1].line, 1);
    QVERIFY(!grownBeyond({folder.path("app.log")}, after.cut));
    QVERIFY(load({folder.path("app.log")}, after.cut).batches.empty());
}

void RotationTest::renamedAndNotYetCreatedContinues()
{
    const Folder folder;
    folder.write("app.log", "1\n");
    const Loaded before = load({folder.path("app.log")});
    auto source = openFiles({folder.path("app.log")});
    folder.append("app.log", "2\n");
    folder.rename("app.log", "app.log.1");

    Loaded after;
    after.cut = before.cut;
    QVERIFY(*(*source)->grownBeyond(before.cut));
    loadInto(after, **source, *(*source)->target());

    QCOMPARE(after.error, QString());
    QCOMPARE(after.records, QStringList{"app[0]@1 2"});
    folder.write("app.log", "3\n");
    QCOMPARE(load({folder.path("app.log")}, after.cut).records, QStringList{"app[0]@2 3"});
}

void RotationTest::renamedTwiceContinues()
{
    const Folder folder;
    folder.write("app.log", "1\n");
    const Loaded before = load({folder.path("app.log")});
    folder.rename("app.log", "app.log.2");
    folder.append("app.log.2", "2\n");
    folder.write("app.log.1", "3\n");
    folder.write("app.log", "4\n");

    const Loaded after = load({folder.path("app.log")}, before.cut);

    QCOMPARE(after.records, (QStringList{"app[0]@1 2", "app[0]@2 3", "app[0]@3 4"}));
    QCOMPARE(after.problems, QStringList());
}

void RotationTest::renamedAndCompressedContinues_data()
{
    QTest::addColumn<QString>("rest");
    QTest::newRow("nothing more was written") << "";
    QTest::newRow("more was written") << "2\n3\n";
}

void RotationTest::renamedAndCompressedContinues()
{
    QFETCH(QString, rest);
    const Folder folder;
    folder.write("app.log", "1\n");
    const Loaded before = load({folder.path("app.log")});
    folder.rename("app.log", "app.log.1");
    compress(folder, "app.log.1", "1\n" + rest.toStdString());
    folder.write("app.log", "4\n");

    const Loaded after = load({folder.path("app.log")}, before.cut);

    QCOMPARE(after.error, QString());
    const QStringList values = (rest + "4\n").split('\n', Qt::SkipEmptyParts);
    QCOMPARE(after.records.size(), values.size());
    for (qsizetype i = 0; i < values.size(); ++i)
        QCOMPARE(after.records[i], QString("app[0]@%1 %2").arg(i + 1).arg(values[i]));
    QVERIFY(!grownBeyond({folder.path("app.log")}, after.cut));
}

void RotationTest::aHalfLineInARotatedFileIsARecord()
{
    const Folder folder;
    folder.write("app.log", "1\n{\"x");
    const Loaded before = load({folder.path("app.log")});
    folder.rename("app.log", "app.log.1");
    folder.write("app.log", "2\n");

    const Loaded after = load({folder.path("app.log")}, before.cut);

    QCOMPARE(before.tail.size(), 1);
    QCOMPARE(after.records, (QStringList{"app[0]@1 {\"x", "app[0]@2 2"}));
    QCOMPARE(after.tail, QStringList());
}

void RotationTest::aHalfLineWaitsWhileTheNewFileIsEmpty()
{
    const Folder folder;
    folder.write("app.log", "1\n{\"x");
    const Loaded before = load({folder.path("app.log")});
    folder.rename("app.log", "app.log.1");
    folder.write("app.log", "");
    const Loaded between = load({folder.path("app.log")}, before.cut);
    folder.append("app.log.1", "\":1}\n");
    folder.append("app.log", "2\n");
    const Loaded after = load({folder.path("app.log")}, between.cut.empty() ? before.cut : between.cut);

    QCOMPARE(between.records, QStringList());
    QCOMPARE(after.records, (QStringList{"app[0]@1 {\"x\":1}", "app[0]@2 2"}));
}

void RotationTest::anOpenLineInARotatedFileIsTakenOnce()
{
    const Folder folder;
    folder.write("app.log", "{}");
    const Loaded before = load({folder.path("app.log")});
    folder.rename("app.log", "app.log.1");
    folder.append("app.log.1", "\n");
    folder.write("app.log", "2\n");

    QCOMPARE(before.records, QStringList{"app[0]@0 {}"});
    QCOMPARE(load({folder.path("app.log")}, before.cut).records, QStringList{"app[0]@1 2"});
}

void RotationTest::aRotationBeingCompressedIsReadOnce()
{
    const Folder folder;
    folder.makeFolder("logs");
    folder.write("logs/app.log", "2\n");
    folder.write("logs/app.log.1", "1\n");
    folder.write("logs/app.log.1.gz", gzipped("1\n").substr(0, 15));

    const Loaded loaded = load({folder.path("logs")});

    QCOMPARE(loaded.records, (QStringList{"app[0]@0 1", "app[0]@1 2"}));
    QCOMPARE(loaded.problems + loaded.tail, QStringList());
}

void RotationTest::aMissingNumberIsAGap()
{
    const Folder folder;
    folder.write("app.log", "1\n");
    const Loaded before = load({folder.path("app.log")});
    folder.rename("app.log", "app.log.3");
    folder.write("app.log.1", "3\n");
    folder.write("app.log", "4\n");

    const Loaded after = load({folder.path("app.log")}, before.cut);

    QCOMPARE(after.records, (QStringList{"app[0]@1 3", "app[0]@2 4"}));
    QCOMPARE(after.problems.size(), 1);
    QVERIFY(
        after.problems[0].startsWith("app[0]@1 rotated files may be missing before " + text(folder.path("app.log.1"))));
}

void RotationTest::aFileRotatedAwayIsAGap()
{
    const Folder folder;
    folder.write("app.log", "1\n");
    folder.touch("app.log", 1'700'000'000);
    const Loaded before = load({folder.path("app.log")});
    folder.write("app.log.1", "3\n");
    folder.write("new", "4\n");
    folder.rename("new", "app.log");

    const Loaded after = load({folder.path("app.log")}, before.cut);

    QCOMPARE(after.error, QString());
    QCOMPARE(after.records, (QStringList{"app[0]@1 3", "app[0]@2 4"}));
    QCOMPARE(after.problems.size(), 1);
    QVERIFY(after.problems[0].startsWith("app[0]@1 rotated files may be missing"));
}

void RotationTest::copyTruncateStops()
{
    const Folder folder;
    folder.write("app.log", "1\n2\n");
    const Loaded before = load({folder.path("app.log")});
    folder.write("app.log.1", "1\n2\n3\n");
    folder.shorten("app.log", 0);

    const Loaded after = load({folder.path("app.log")}, before.cut);

    QVERIFY2(after.error.contains("is shorter than what was captured: 0 of 4 bytes are left"), qPrintable(after.error));
}

void RotationTest::rotationDuringALoadEndsAtItsTarget()
{
    const Folder folder;
    folder.write("app.log", "1\n");
    auto source = openFiles({folder.path("app.log")});
    const std::string target = *(*source)->target();
    folder.append("app.log", "2\n");
    folder.rename("app.log", "app.log.1");
    folder.write("app.log", "3\n");

    Loaded loaded;
    loadInto(loaded, **source, target);

    QCOMPARE(loaded.error, QString());
    const Loaded after = load({folder.path("app.log")}, loaded.cut);
    QCOMPARE(loaded.records + after.records, (QStringList{"app[0]@0 1", "app[0]@1 2", "app[0]@2 3"}));
}

void RotationTest::rotationBetweenReadsOfAnInterruptedLoad()
{
    std::string bytes;
    for (int i = 0; i < 10'000; ++i) bytes += std::to_string(i) + '\n';
    const Folder folder;
    folder.write("app.log", bytes);
    auto source = openFiles({folder.path("app.log")});
    const std::string target = *(*source)->target();
    Loaded loaded;
    loadInto(loaded, **source, target, 1);
    folder.append("app.log", "more\n");
    folder.rename("app.log", "app.log.1");
    folder.write("app.log", "new\n");

    auto again = openFiles({folder.path("app.log")});
    loadInto(loaded, **again, target);

    QCOMPARE(loaded.records.size(), 10'000);
    QCOMPARE(load({folder.path("app.log")}, loaded.cut).records,
             (QStringList{"app[0]@10000 more", "app[0]@10001 new"}));
}

QTEST_GUILESS_MAIN(RotationTest)
#include "rotation_test.moc"
