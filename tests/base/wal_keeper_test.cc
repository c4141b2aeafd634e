// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/wal_keeper.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace leftfold::base;

namespace {

constexpr int kPage = 4096;

/// A database in WAL mode, of pages of 4 KiB.
struct Written {
    QTemporaryDir folder;
    QString path = folder.filePath("a.db");
    std::unique_ptr<Database> database;

    Written()
    {
        database = std::move(*Database::open(path.toStdString(), Database::Mode::Create));
        run("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE t(bytes)");
    }
    void run(const std::string& sql) const
    {
        const auto done = database->execute(sql);
        if (!done) qFatal("%s", render(done.error()).c_str());
    }
    /// One transaction of so many pages.
    void add(int pages) const { run("INSERT INTO t VALUES(randomblob(" + std::to_string(pages * kPage) + "))"); }
    [[nodiscard]] qint64 walBytes() const { return QFileInfo(path + "-wal").size(); }
    /// In the file itself, without its -wal.
    [[nodiscard]] std::int64_t rowsInFile() const
    {
        const QString copy = folder.filePath("copy.db");
        QFile::remove(copy);
        if (!QFile::copy(path, copy)) qFatal("no copy");
        const auto alone = Database::open(copy.toStdString(), Database::Mode::ReadImmutable);
        const auto rows = alone ? (*alone)->number("SELECT count(*) FROM t") : Result<std::int64_t>(-1);
        return rows ? *rows : -1;
    }
};

} // namespace

class WalKeeperTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsCommittedComesIntoTheFile()
    {
        const Written written;
        const WalKeeper keeper(*written.database);
        for (int i = 0; i < 20; ++i) written.add(100);
        QTRY_VERIFY_WITH_TIMEOUT(written.rowsInFile() >= 10, 30'000);
        QCOMPARE(*written.database->number("SELECT count(*) FROM t"), std::int64_t{20});
    }

    void theWalDoesNotGrowWithoutEnd()
    {
        const Written written;
        const WalKeeper keeper(*written.database);
        constexpr int kPages = 500;
        for (int i = 0; i < 100; ++i) {
            written.add(kPages);
            QVERIFY2(written.walBytes() < (8192 + 2 * kPages) * (kPage + 24), qPrintable(QString::number(i)));
        }
        QCOMPARE(*written.database->number("SELECT count(*) FROM t"), std::int64_t{100});
    }

    void theWriterGoesOnWithoutIt()
    {
        const Written written;
        {
            const WalKeeper keeper(*written.database);
            written.add(2000);
        }
        written.add(2000);
        written.run("PRAGMA wal_checkpoint(TRUNCATE)");
        QCOMPARE(written.rowsInFile(), std::int64_t{2});
        QCOMPARE(written.walBytes(), qint64{0});
    }
};

QTEST_GUILESS_MAIN(WalKeeperTest)
#include "wal_keeper_test.moc"
