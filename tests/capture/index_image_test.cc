// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/index_image.h"

#include "tests/capture/made_batches.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::capture;
using namespace leftfold::capture::test;

namespace {

constexpr base::Hash128 kKey{11, 22};
constexpr std::uint32_t kNumbers = 4;
constexpr std::uint32_t kLetters = 9;
constexpr std::uint32_t kNothing = 5;
constexpr std::size_t kCount = 3000;

std::shared_ptr<const IndexImage> made(const std::string& path, base::Hash128 key = kKey)
{
    const IndexImage::Section sections[] = {{kNumbers, kCount * sizeof(std::uint64_t)}, {kNothing, 0}, {kLetters, 5}};
    auto image = IndexImage::create(path, key, sections);
    const auto numbers = image->writable<std::uint64_t>(kNumbers);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i * i;
    std::ranges::copy(std::string("hello"), image->writable<char>(kLetters).begin());
    return IndexImage::seal(std::move(image));
}

/// What cannot be read in it is said as "damaged"; anything wrong as "wrong"; empty if all is right.
QString verdictOn(const base::Result<std::shared_ptr<const IndexImage>>& image)
{
    if (!image) return failureOf(image);
    QString out;
    for (std::size_t i = 0; i < kCount; ++i) {
        const auto number = (*image)->at<std::uint64_t>(kNumbers, i);
        if (!number) out = failureOf(number);
        if (number && *number != i * i) return "wrong";
    }
    const auto letters = (*image)->all<char>(kLetters);
    if (!letters) return failureOf(letters);
    return std::string(letters->begin(), letters->end()) == "hello" ? out : QString("wrong");
}

} // namespace

class IndexImageTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsWrittenIsRead_data();
    void whatIsWrittenIsRead();
    void sectionsHaveBounds();
    void theFileAppearsWhenSealed();
    void anotherKeyIsAnotherImage();
    void everyFlippedByteIsNoticedOrUnused();
    void everyCutIsNoticed();
    void aDamagedFileGoesWhenItIsNoticed();
};

void IndexImageTest::whatIsWrittenIsRead_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("in a file") << "a.lfi";
    QTest::newRow("in memory") << "";
    QTest::newRow("where no file can be made") << "no/such/folder/a.lfi";
}

void IndexImageTest::whatIsWrittenIsRead()
{
    QFETCH(QString, name);
    const Folder folder;
    const std::string path = name.isEmpty() ? std::string() : folder.path(name.toStdString());
    QCOMPARE(verdictOn(made(path)), QString());
    QCOMPARE(verdictOn(IndexImage::open(path, kKey)), name == "a.lfi" ? QString() : QString("file-not-found"));
}

void IndexImageTest::sectionsHaveBounds()
{
    const Folder folder;
    (void)made(folder.path("a.lfi"));
    const auto image = must(IndexImage::open(folder.path("a.lfi"), kKey));
    QCOMPARE(image->sizeOf<std::uint64_t>(kNumbers), kCount);
    QCOMPARE(image->sizeOf<std::uint64_t>(kNothing), 0U);
    QCOMPARE(must(image->range<std::uint64_t>(kNumbers, kCount, 0)).size(), 0U);
    QCOMPARE(must(image->all<std::uint64_t>(kNothing)).size(), 0U);
    QVERIFY(!image->range<std::uint64_t>(kNumbers, kCount, 1));
    QVERIFY(!image->range<std::uint64_t>(kNumbers, 1, kCount));
    QVERIFY(!image->range<std::uint64_t>(kNumbers, SIZE_MAX, 2));
    QVERIFY(!image->at<std::uint64_t>(kNothing, 0));
    QVERIFY(!image->at<std::uint64_t>(77, 0));
}

void IndexImageTest::theFileAppearsWhenSealed()
{
    const Folder folder;
    const IndexImage::Section sections[] = {{1, 10}};
    auto image = IndexImage::create(folder.path("a.lfi"), kKey, sections);
    QVERIFY(!QFile::exists(text(folder.path("a.lfi"))));
    image.reset();
    QCOMPARE(QDir(text(folder.path())).entryList(QDir::Files).size(), 0);
}

void IndexImageTest::anotherKeyIsAnotherImage()
{
    const Folder folder;
    (void)made(folder.path("a.lfi"));
    QCOMPARE(failureOf(IndexImage::open(folder.path("a.lfi"), {11, 23})), QString("damaged-index"));
    const auto old = must(IndexImage::open(folder.path("a.lfi"), kKey));
    (void)made(folder.path("a.lfi"), {11, 23});
    QCOMPARE(verdictOn(IndexImage::open(folder.path("a.lfi"), {11, 23})), QString());
    QCOMPARE(verdictOn(old), QString());
}

void IndexImageTest::everyFlippedByteIsNoticedOrUnused()
{
    const unsigned seed = newSeed();
    Random random(seed);
    const Folder folder;
    (void)made(folder.path("whole.lfi"));
    const std::string whole = bytesOf(folder.path("whole.lfi"));
    std::map<QString, int> verdicts;
    for (int i = 0; i < 1500; ++i) {
        std::string bytes = whole;
        bytes[i < 300 ? static_cast<std::size_t>(i) : random.below(bytes.size())] ^=
            static_cast<char>(1 << random.below(8));
        write(folder.path("a.lfi"), bytes);
        ++verdicts[verdictOn(IndexImage::open(folder.path("a.lfi"), kKey))];
    }
    for (const auto& [verdict, count] : verdicts)
        qInfo("%d times: %s", count, verdict.isEmpty() ? "unused" : qPrintable(verdict));
    QVERIFY(!verdicts.contains("wrong"));
    QVERIFY(verdicts["damaged-index"] > 1000);
}

void IndexImageTest::everyCutIsNoticed()
{
    Random random(newSeed());
    const Folder folder;
    (void)made(folder.path("whole.lfi"));
    const std::string whole = bytesOf(folder.path("whole.lfi"));
    for (int i = 0; i < 300; ++i) {
        write(folder.path("a.lfi"), whole.substr(0, random.below(whole.size())));
        QCOMPARE(failureOf(IndexImage::open(folder.path("a.lfi"), kKey)), QString("damaged-index"));
    }
    write(folder.path("a.lfi"), whole + "x");
    QCOMPARE(failureOf(IndexImage::open(folder.path("a.lfi"), kKey)), QString("damaged-index"));
}

void IndexImageTest::aDamagedFileGoesWhenItIsNoticed()
{
    const Folder folder;
    (void)made(folder.path("a.lfi"));
    std::string bytes = bytesOf(folder.path("a.lfi"));
    bytes[3 * 4096] ^= 1;
    write(folder.path("a.lfi"), bytes);
    QCOMPARE(verdictOn(IndexImage::open(folder.path("a.lfi"), kKey)), QString("damaged-index"));
    QVERIFY(!QFile::exists(text(folder.path("a.lfi"))));
}

QTEST_APPLESS_MAIN(IndexImageTest)
#include "index_image_test.moc"
