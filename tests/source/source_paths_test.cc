// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_fixture.h"

#include <unistd.h>

using namespace leftfold;
using namespace leftfold::source;
using namespace leftfold::source::test;

class SourcePathsTest : public QObject {
    Q_OBJECT

private slots:
    void topicsComeFromNames_data();
    void topicsComeFromNames();
    void aFolderIsReadByName();
    void equalStemsAreToldApartByTheirFolders();
    void equalStemsInOneFolderKeepTheirEndings();
    void aLaterFileRenamesNoTopic();
    void filesNamedTwiceAreReadOnce();
    void whatIsNoLogIsAnError_data();
    void whatIsNoLogIsAnError();
    void unreadableFilesAreAnError();
    void identityIsTheCanonicalPath();
    void aFileThatComesLaterBelongsToTheNextLoad();
};

void SourcePathsTest::topicsComeFromNames_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("record");
    QTest::newRow("jsonl") << "orders.jsonl"
                           << "orders[0]@0 {}";
    QTest::newRow("gz") << "orders.json.gz"
                        << "orders[0]@0 {}";
    QTest::newRow("zst") << "orders.ndjson.zst"
                         << "orders[0]@0 {}";
    QTest::newRow("log") << "orders.log"
                         << "orders[0]@0 {}";
    QTest::newRow("txt") << "orders.txt"
                         << "orders[0]@0 {}";
    QTest::newRow("other") << "orders.data"
                           << "orders.data[0]@0 {}";
    QTest::newRow("only an ending") << "x/.jsonl"
                                    << ".jsonl[0]@0 {}";
    QTest::newRow("blanks") << "my orders [1].jsonl"
                            << "my_orders__1_[0]@0 {}";
    QTest::newRow("rotated, alone") << "app.log.1"
                                    << "app.log.1[0]@0 {}";
}

void SourcePathsTest::topicsComeFromNames()
{
    QFETCH(QString, file);
    QFETCH(QString, record);
    const Folder folder;
    folder.makeFolder("x");
    folder.write(file.toStdString(), "{}\n");

    QCOMPARE(load({folder.path(file.toStdString())}).records, QStringList{record});
}

void SourcePathsTest::aFolderIsReadByName()
{
    const Folder folder;
    folder.makeFolder("logs/inner");
    folder.write("logs/b.jsonl", "2\n");
    folder.write("logs/a.jsonl", "1\n");
    folder.write("logs/.hidden.jsonl", "3\n");
    folder.write("logs/inner/c.jsonl", "4\n");
    folder.write("logs/empty.jsonl", "");

    const Loaded loaded = load({folder.path("logs")});

    QCOMPARE(loaded.records, (QStringList{"a[0]@0 1", "b[0]@0 2"}));
    QVERIFY(load({folder.path("logs")}, loaded.cut).batches.empty());
}

void SourcePathsTest::equalStemsAreToldApartByTheirFolders()
{
    const Folder folder;
    for (const char* name : {"eu/x", "us/x", "eu/y"}) folder.makeFolder(name);
    folder.write("eu/x/orders.jsonl", "1\n");
    folder.write("us/x/orders.log", "2\n");
    folder.write("eu/y/orders.jsonl", "3\n");
    folder.write("eu/stock.jsonl", "4\n");

    const Loaded loaded = load({folder.path("eu/x/orders.jsonl"), folder.path("us/x/orders.log"),
                                folder.path("eu/y/orders.jsonl"), folder.path("eu/stock.jsonl")});

    QCOMPARE(loaded.records,
             (QStringList{"eu/x/orders[0]@0 1", "us/x/orders[0]@0 2", "y/orders[0]@0 3", "stock[0]@0 4"}));
}

void SourcePathsTest::equalStemsInOneFolderKeepTheirEndings()
{
    const Folder folder;
    folder.makeFolder("logs");
    folder.write("logs/orders.jsonl", "1\n");
    folder.write("logs/orders.txt", "2\n");

    QCOMPARE(load({folder.path("logs")}).records, (QStringList{"orders.jsonl[0]@0 1", "orders.txt[0]@0 2"}));
}

void SourcePathsTest::aLaterFileRenamesNoTopic()
{
    const Folder folder;
    folder.makeFolder("logs");
    folder.write("logs/orders.jsonl", "1\n");
    const Loaded before = load({folder.path("logs")});
    folder.write("logs/orders.a.jsonl", "2\n");
    folder.write("logs/orders.txt", "3\n");
    folder.append("logs/orders.jsonl", "4\n");

    const Loaded after = load({folder.path("logs")}, before.cut);

    QCOMPARE(before.records, QStringList{"orders[0]@0 1"});
    QCOMPARE(after.records, (QStringList{"orders.a[0]@0 2", "orders[0]@1 4", "orders.txt[0]@0 3"}));
}

void SourcePathsTest::filesNamedTwiceAreReadOnce()
{
    const Folder folder;
    folder.write("a.jsonl", "1\n");

    QCOMPARE(load({folder.path("a.jsonl"), folder.path("./a.jsonl"), folder.path()}).records, QStringList{"a[0]@0 1"});
}

void SourcePathsTest::whatIsNoLogIsAnError_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("error");
    QTest::newRow("missing") << "ROOT/none.jsonl"
                             << "ROOT/none.jsonl: there is no such file";
    QTest::newRow("below a file") << "ROOT/a.jsonl/b"
                                  << "ROOT/a.jsonl/b: there is no such file";
    QTest::newRow("empty folder") << "ROOT/empty"
                                  << "there are no files in ROOT/empty";
    QTest::newRow("device") << "/dev/null"
                            << "/dev/null is neither a file, a folder nor a pipe";
}

void SourcePathsTest::whatIsNoLogIsAnError()
{
    QFETCH(QString, path);
    QFETCH(QString, error);
    const Folder folder;
    folder.write("a.jsonl", "1\n");
    folder.makeFolder("empty/inner");
    const QString root = text(folder.path());

    QCOMPARE(load({path.replace("ROOT", root).toStdString()}).error, error.replace("ROOT", root));
}

void SourcePathsTest::unreadableFilesAreAnError()
{
    const Folder folder;
    folder.write("a.jsonl", "1\n");
    QFile::setPermissions(text(folder.path()), QFileDevice::Permissions(0x7777));
    QFile::setPermissions(text(folder.path("a.jsonl")), QFileDevice::WriteOwner);

    // Root may read everything, so for a moment this is somebody else.
    const uid_t me = ::geteuid();
    if (me == 0) QCOMPARE(::seteuid(65534), 0);
    const QString error = load({folder.path("a.jsonl")}).error;
    if (me == 0) QCOMPARE(::seteuid(0), 0);

    QCOMPARE(error, text(folder.path("a.jsonl")) + ": permission denied");
}

void SourcePathsTest::identityIsTheCanonicalPath()
{
    const Folder folder;
    folder.makeFolder("x");
    folder.write("a.jsonl", "1\n");
    QFile::link(text(folder.path("a.jsonl")), text(folder.path("link.jsonl")));

    const auto direct = openFiles({folder.path("a.jsonl")});
    const auto indirect = openFiles({folder.path("x/../link.jsonl")});
    const auto whole = openFiles({folder.path()});

    QVERIFY((*direct)->identity() == (*indirect)->identity());
    QVERIFY((*direct)->identity() != (*whole)->identity());
    QVERIFY((*direct)->resumable());
}

void SourcePathsTest::aFileThatComesLaterBelongsToTheNextLoad()
{
    const Folder folder;
    folder.makeFolder("logs");
    folder.write("logs/b.jsonl", "1\n");
    auto source = openFiles({folder.path("logs")});
    const auto target = (*source)->target();
    folder.write("logs/a.jsonl", "2\n");

    Loaded loaded;
    loadInto(loaded, **source, *target);

    QCOMPARE(loaded.records, QStringList{"b[0]@0 1"});
    QVERIFY(*(*source)->grownBeyond(loaded.cut));
    QCOMPARE(load({folder.path("logs")}, loaded.cut).records, QStringList{"a[0]@0 2"});
}

QTEST_GUILESS_MAIN(SourcePathsTest)
#include "source_paths_test.moc"
