// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace leftfold::base;

namespace {

QString text(const std::string& bytes)
{
    return QString::fromStdString(bytes);
}

} // namespace

class FileTest : public QObject {
    Q_OBJECT

private slots:
    void aFileIsReadWhole();
    void aPipeIsReadToItsEnd();
    void whyAFileIsNotReadIsTold();
    void whatMayNotBeReadIsTold();

private:
    [[nodiscard]] std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }
    [[nodiscard]] std::string write(const char* name, const std::string& bytes) const
    {
        std::ofstream(path(name), std::ios::binary) << bytes;
        return path(name);
    }
    static QString failureOf(const Result<std::string>& result)
    {
        return result ? QStringLiteral("none") : text(render(result.error()));
    }
    const QTemporaryDir m_folder;
};

void FileTest::aFileIsReadWhole()
{
    std::string bytes;
    for (int i = 0; i < 400'000; ++i) bytes += static_cast<char>(i % 251);
    QVERIFY(readFile(write("large", bytes)) == bytes);
    QVERIFY(readFile(write("empty", "")) == std::string());
    QVERIFY(readFile(path("large"), bytes.size()) == bytes);
}

void FileTest::aPipeIsReadToItsEnd()
{
    QCOMPARE(::mkfifo(path("pipe").c_str(), 0600), 0);
    std::jthread writer([this] { std::ofstream(path("pipe")) << "from a pipe"; });
    QVERIFY(readFile(path("pipe")) == std::string("from a pipe"));
}

void FileTest::whyAFileIsNotReadIsTold()
{
    const QString folder = m_folder.path();
    QCOMPARE(failureOf(readFile(path("none"))), folder + "/none: there is no such file");
    QCOMPARE(failureOf(readFile(folder.toStdString())), folder + " is a folder, not a file");
    const std::string large = write("large", std::string((std::size_t{1} << 20) + 1, 'x'));
    QCOMPARE(failureOf(readFile(large, std::size_t{1} << 20)),
             text(large) + " is larger than the 1 MB that are read of such a file");
    // What never ends is larger than anything.
    QCOMPARE(failureOf(readFile("/dev/zero")), "/dev/zero is larger than the 16 MB that are read of such a file");
}

void FileTest::whatMayNotBeReadIsTold()
{
    const std::string secret = write("secret", "x");
    QCOMPARE(::chmod(secret.c_str(), 0200), 0);
    // Root may read everything, so for a moment this is somebody else.
    QCOMPARE(::chmod(m_folder.path().toStdString().c_str(), 0755), 0);
    const uid_t me = ::geteuid();
    if (me == 0) QCOMPARE(::seteuid(65534), 0);
    const QString failure = failureOf(readFile(secret));
    if (me == 0) QCOMPARE(::seteuid(0), 0);
    QCOMPARE(failure, text(secret) + ": permission denied");
}

QTEST_GUILESS_MAIN(FileTest)
#include "file_test.moc"
