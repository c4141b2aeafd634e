// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/block_reader.h"

#include "tests/replay/made_states.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::replay;
using namespace leftfold::replay::test;

class BlockReaderTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void blocksEqualSingleEvents();
    void damagedEventsHaveNoRecord();
    void aBlockIsNeverTooSmallOrTooLarge();

private:
    unsigned m_seed = 0;
};

void BlockReaderTest::blocksEqualSingleEvents()
{
    Random random(m_seed);
    const Made made(m_seed, spreadShape(9000));
    BlockReader blocks(made.reader());
    for (int i = 0; i < 60; ++i) {
        const std::uint64_t first = random.below(9001);
        const std::uint64_t count = random.below(std::min<std::uint64_t>(9000 - first, 2500) + 1);
        must(blocks.read(first, count));
        QCOMPARE(blocks.firstIndex(), first);
        QCOMPARE(blocks.items().size(), count);
        for (std::uint64_t j = 0; j < count; ++j) {
            const BlockReader::Item& item = blocks.items()[j];
            const Placed& placed = made.order()[first + j];
            QCOMPARE(item.location, made.location(first + j));
            QVERIFY(capture::test::lineOf(placed.event->position(), *item.record, item.effective, item.type,
                                          !item.facts->undecodable, item.facts->time)
                    == capture::test::lineOf(placed));
        }
    }
    QCOMPARE(blocks.damagedEvents(), 0U);
    QVERIFY(!blocks.damage());
}

void BlockReaderTest::damagedEventsHaveNoRecord()
{
    LogShape shape = spreadShape(6000);
    shape.batchEvents = 900;
    const Made made(m_seed, shape);
    const auto database = must(base::Database::open(made.path(), base::Database::Mode::ReadWrite));
    const std::int64_t id = must(database->number("SELECT id FROM chunk ORDER BY count DESC LIMIT 1"));
    // One byte in the first frame: the chunk's other frames are whole.
    must(database->execute("UPDATE payload SET data = CAST(x'00' || substr(data, 2) AS BLOB) WHERE id = "
                           + std::to_string(id)));
    const auto reader = capture::test::opened(made.path());
    BlockReader blocks(*reader);
    must(blocks.read(0, 6000));
    std::uint64_t damaged = 0;
    for (std::uint64_t i = 0; i < 6000; ++i) {
        const BlockReader::Item& item = blocks.items()[i];
        QCOMPARE(item.location, made.location(i));
        damaged += !item.record;
        if (item.record) {
            QVERIFY(hashOf(*item.record)
                    == hashOf(capture::test::toBatch({{*made.order()[i].event}, {}, {}, {}}).records[0]));
        }
    }
    QCOMPARE(damaged, std::uint64_t{capture::kFrameEvents});
    QCOMPARE(blocks.damagedEvents(), damaged);
    QVERIFY(blocks.damage());
    QCOMPARE(blocks.damage()->code, base::ErrorCode::DamagedEvents);
}

void BlockReaderTest::aBlockIsNeverTooSmallOrTooLarge()
{
    for (const unsigned partitions : {1U, 30U}) {
        LogShape shape = spreadShape(300);
        shape.partitions = partitions;
        const Made made(m_seed, shape);
        QVERIFY(blockLength(made.catalog()) >= capture::kMaxChunkEvents);
        QVERIFY(blockLength(made.catalog()) <= 16 * capture::kMaxChunkEvents);
    }
}

QTEST_APPLESS_MAIN(BlockReaderTest)
#include "block_reader_test.moc"
