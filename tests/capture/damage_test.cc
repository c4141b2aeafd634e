// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/capture/made_batches.h"

#include <QTest>

#include <memory>

using namespace leftfold;
using namespace leftfold::capture;
using namespace leftfold::capture::test;

namespace {

/// A capture of several chunks, partitions and loads, with problems, a dictionary, and everything said of it.
struct Whole {
    explicit Whole(unsigned seed)
    {
        LogShape shape;
        shape.partitions = 3;
        shape.events = 900;
        shape.loads = 2;
        shape.batchEvents = 300;
        shape.padding = 1200;
        std::vector<MadeLoad> loads = RandomLog(seed, shape).loads();
        for (MadeLoad& load : loads) {
            for (MadeBatch& batch : load) {
                const event::Position position = batch.events.front().position();
                batch.problems.push_back({position, {base::ErrorCode::OffsetGap, {"3"}, {}}});
                batch.tailProblems.push_back({position, {base::ErrorCode::SourceHalfLine, {"f", "1", "2"}, {}}});
            }
        }
        capture::test::capture(folder.path("whole"), loads);
        bytes = bytesOf(folder.path("whole"));
        const auto reader = opened(folder.path("whole"));
        lines = must(linesOf(*reader));
        account = must(accountOf(*reader));
        chunks = must(must(base::Database::open(folder.path("whole"), base::Database::Mode::Read))
                          ->number("SELECT count(*) FROM chunk"));
        dictionaries = must(must(base::Database::open(folder.path("whole"), base::Database::Mode::Read))
                                ->number("SELECT count(*) FROM dictionary"));
        partitions = reader->catalog().partitions().size();
    }

    Folder folder;
    std::string bytes;
    std::string lines;
    std::string account;
    std::int64_t chunks = 0;
    std::int64_t dictionaries = 0;
    std::size_t partitions = 0;
};

enum class Verdict { NotOpened, DamageStated, Unused, Wrong };
constexpr std::array kVerdicts{"not opened", "damage stated", "unused byte", "WRONG"};

/// What reading everything in a changed file says.
Verdict verdictOn(const Whole& whole, const std::string& bytes)
{
    const std::string path = whole.folder.path("changed");
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) QFile::remove(text(path + suffix));
    write(path, bytes);
    const auto reader = Reader::open(path, {});
    if (!reader) return Verdict::NotOpened;
    const auto lines = linesOf(**reader);
    const auto account = accountOf(**reader);
    if (!lines || !account || (*reader)->walLoss() || !(*reader)->catalog().damage().empty())
        return Verdict::DamageStated;
    return *lines == whole.lines && *account == whole.account ? Verdict::Unused : Verdict::Wrong;
}

/// Scans and indexes over a damaged file: nothing of it may crash.
void useAll(const Whole& whole)
{
    const auto reader = Reader::open(whole.folder.path("changed"), {});
    if (!reader) return;
    (void)KeyIndex::open(**reader, *madeMapping().id, 2, {}, {});
    for (std::uint32_t partition = 0; partition < (*reader)->catalog().partitions().size(); ++partition) {
        EventRun run;
        (void)(*reader)->readRun({partition, 0}, (*reader)->catalog().eventsOf(partition), run);
    }
    (void)(*reader)->resolve(base::Time{1'300'001'000, 0});
    (void)(*reader)->toCut((*reader)->catalog().end());
    (void)Writer::resume(whole.folder.path("changed"), madeOptions());
}

void print(const char* what, const std::map<Verdict, int>& verdicts)
{
    QStringList parts;
    for (const auto& [verdict, count] : verdicts)
        parts += QString("%1: %2").arg(kVerdicts[static_cast<std::size_t>(verdict)]).arg(count);
    qInfo("%s: %s", what, qPrintable(parts.join(", ")));
}

} // namespace

/// Says of every change made to a capture's file whether it was noticed: what nobody notices must change nothing.
class DamageTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void flippedBytesAreNoticedOrUnused();
    void flippedBytesOfSmallTablesAreNoticedOrUnused();
    void overwrittenPagesAreNoticedOrUnused();
    void cutFilesAreNoticed();

private:
    unsigned m_seed = 0;
};

void DamageTest::init()
{
    m_seed = newSeed();
}

void DamageTest::flippedBytesAreNoticedOrUnused()
{
    // Few are too small to have all that is to be damaged.
    auto made = std::make_unique<const Whole>(m_seed);
    const auto isTooSmall = [&] { return made->chunks < 3 || made->partitions < 2 || made->dictionaries == 0; };
    for (unsigned seed = m_seed + 1; isTooSmall(); ++seed) made = std::make_unique<const Whole>(seed);
    const Whole& whole = *made;
    Random random(m_seed);
    std::map<Verdict, int> verdicts;
    for (int i = 0; i < 900; ++i) {
        std::string bytes = whole.bytes;
        const std::size_t at = random.below(bytes.size());
        bytes[at] ^= static_cast<char>(1 + random.below(255));
        const Verdict verdict = verdictOn(whole, bytes);
        ++verdicts[verdict];
        QVERIFY2(verdict != Verdict::Wrong, qPrintable(QString("byte %1").arg(at)));
        if (i % 10 == 0) useAll(whole);
    }
    print("flipped anywhere", verdicts);
    QVERIFY(verdicts[Verdict::DamageStated] > 300);
}

/// The pages that are no payload: schema, descriptions, loads, orders, problems, chunk rows.
void DamageTest::flippedBytesOfSmallTablesAreNoticedOrUnused()
{
    const Whole whole(m_seed);
    const auto database = must(base::Database::open(whole.folder.path("whole"), base::Database::Mode::Read));
    const auto pageSize = static_cast<std::size_t>(must(database->number("PRAGMA page_size")));
    std::vector<std::size_t> pages;
    auto statement = must(database->prepare(
        "SELECT rootpage FROM sqlite_schema WHERE rootpage > 0 AND name != 'payload' UNION SELECT 1"));
    while (must(statement.step())) pages.push_back(static_cast<std::size_t>(statement.integer(0) - 1) * pageSize);
    QVERIFY(pages.size() >= 7);

    Random random(m_seed);
    std::map<Verdict, int> verdicts;
    for (int i = 0; i < 1800; ++i) {
        std::string bytes = whole.bytes;
        const std::size_t page = pages[random.below(pages.size())];
        // Half of them where a page says how many cells it has and where they are; the others mostly in use.
        std::size_t at = page + random.below(page == 0 ? 200 : 60);
        if (random.oneIn(2)) {
            do at = page + random.below(pageSize);
            while (bytes[at] == 0 && !random.oneIn(20));
        }
        bytes[at] ^= static_cast<char>(random.oneIn(2) ? 1 << random.below(8) : 1 + random.below(255));
        const Verdict verdict = verdictOn(whole, bytes);
        ++verdicts[verdict];
        QVERIFY2(verdict != Verdict::Wrong,
                 qPrintable(QString("byte %1 of page %2").arg(at % pageSize).arg(at / pageSize + 1)));
        if (i % 20 == 0) useAll(whole);
    }
    print("flipped in small tables", verdicts);
    QVERIFY(verdicts[Verdict::NotOpened] + verdicts[Verdict::DamageStated] > 400);
}

void DamageTest::overwrittenPagesAreNoticedOrUnused()
{
    const Whole whole(m_seed);
    Random random(m_seed);
    std::map<Verdict, int> verdicts;
    constexpr std::size_t kBlock = 4096;
    for (int i = 0; i < 200; ++i) {
        std::string bytes = whole.bytes;
        const std::size_t at = random.below(bytes.size() / kBlock) * kBlock;
        // A block of zeros, of noise, or of another place: what disks do.
        const std::size_t from = random.below(bytes.size() / kBlock) * kBlock;
        const std::string block = i % 3 == 0   ? std::string(kBlock, '\0')
                                  : i % 3 == 1 ? random.bytes(kBlock)
                                               : bytes.substr(from, kBlock);
        bytes.replace(at, kBlock, block);
        const Verdict verdict = verdictOn(whole, bytes);
        ++verdicts[verdict];
        QVERIFY2(verdict != Verdict::Wrong, qPrintable(QString("block at %1").arg(at)));
        if (i % 4 == 0) useAll(whole);
    }
    print("overwritten blocks", verdicts);
}

void DamageTest::cutFilesAreNoticed()
{
    const Whole whole(m_seed);
    Random random(m_seed);
    std::map<Verdict, int> verdicts;
    for (int i = 0; i < 400; ++i) {
        const std::size_t length = i < 120   ? static_cast<std::size_t>(i)
                                   : i < 160 ? whole.bytes.size() - static_cast<std::size_t>(i - 119)
                                             : random.below(whole.bytes.size());
        const Verdict verdict = verdictOn(whole, whole.bytes.substr(0, length));
        ++verdicts[verdict];
        QVERIFY2(verdict == Verdict::NotOpened || verdict == Verdict::DamageStated || verdict == Verdict::Unused,
                 qPrintable(QString("length %1").arg(length)));
        if (i % 4 == 0) useAll(whole);
    }
    print("cut", verdicts);
    QVERIFY(verdicts[Verdict::NotOpened] + verdicts[Verdict::DamageStated] > 300);
}

QTEST_APPLESS_MAIN(DamageTest)
#include "damage_test.moc"
