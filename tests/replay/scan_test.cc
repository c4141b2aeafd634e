// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/scan.h"

#include "tests/replay/made_states.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::replay;
using namespace leftfold::replay::test;

namespace {

using capture::test::MadeEvent;

bool holds(const std::optional<std::string>& bytes, const std::string& wanted)
{
    return bytes && bytes->find(wanted) != std::string::npos;
}

/// As the filter's header says, by looking into the text of a made event.
bool matches(const MadeEvent& event, const event::EventFilter& filter)
{
    if (!filter.types.empty() && std::ranges::find(filter.types, event.type) == filter.types.end()) return false;
    if (filter.aggregate && event.id != *filter.aggregate) return false;
    if (filter.text && !holds(event.value, *filter.text) && !holds(event.key, *filter.text)) return false;
    if (filter.causedBy && (!event.decodable || !holds(event.value, "\"cause\":" + *filter.causedBy + ",")))
        return false;
    if (filter.correlation && (!event.decodable || !holds(event.value, "\"flow\":\"" + *filter.correlation + "\"")))
        return false;
    return true;
}

event::EventFilter randomFilter(const Made& made, Random& random)
{
    event::EventFilter filter;
    for (std::uint64_t i = random.oneIn(2) ? random.below(3) : 0; i > 0; --i)
        filter.types.push_back(random.oneIn(5) ? "" : "T" + std::to_string(random.below(7)));
    if (random.oneIn(4)) filter.aggregate = made.log().id(random.below(42));
    if (random.oneIn(4)) filter.text = random.oneIn(4) ? std::string("\"n\":1") : random.bytes(1);
    if (random.oneIn(5)) filter.causedBy = std::to_string(random.below(10));
    if (random.oneIn(5)) filter.correlation = "f" + std::to_string(random.below(8));
    return filter;
}

std::vector<std::uint64_t> expected(const Made& made, const ScanRange& range, const event::EventFilter& filter)
{
    std::vector<std::uint64_t> found;
    for (std::uint64_t i = 0; i < made.order().size(); ++i) {
        const capture::Location location = made.location(i);
        if (range.from.contains(location) || !range.until.contains(location)) continue;
        if (matches(*made.order()[i].event, filter)) found.push_back(i);
    }
    if (range.reverse) std::ranges::reverse(found);
    return found;
}

struct Scanned {
    std::vector<std::uint64_t> found;
    ScanSummary summary;
};

Scanned scanAll(const Made& made, const capture::KeyIndex* keys, const ScanRange& range,
                const event::EventFilter& filter, std::size_t limit = SIZE_MAX)
{
    Scanned out;
    out.summary =
        must(scan(made.reader(), keys, range, filter, {}, [&](const ScannedEvent& event) -> base::Result<bool> {
            out.found.push_back(event.index.value);
            const Placed& placed = made.order()[event.index.value];
            const auto line =
                capture::test::lineOf(placed.event->position(), *event.item->record, event.item->effective,
                                      event.item->type, !event.item->facts->undecodable, event.item->facts->time);
            if (line != capture::test::lineOf(placed)) qFatal("another event: %s", line.c_str());
            if (keys && event.id != placed.event->id) qFatal("another id");
            if (!keys && event.id) qFatal("an id without an index");
            return out.found.size() < limit;
        }));
    return out;
}

} // namespace

class ScanTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void everyFilterEqualsBruteForce_data();
    void everyFilterEqualsBruteForce();
    void allEventsWithoutAFilter_data();
    void allEventsWithoutAFilter();
    void theSinkEndsIt();
    void theSinksErrorIsTheScans();
    void whatTheMappingDoesNotNameIsSaid();
    void damagedEventsAreCountedAndLeftOut_data();
    void damagedEventsAreCountedAndLeftOut();
    void scanningStops();

private:
    unsigned m_seed = 0;
};

void ScanTest::everyFilterEqualsBruteForce_data()
{
    QTest::addColumn<bool>("reverse");
    QTest::newRow("forward") << false;
    QTest::newRow("reverse") << true;
}

void ScanTest::everyFilterEqualsBruteForce()
{
    QFETCH(bool, reverse);
    Random random(m_seed);
    const Made made(m_seed, spreadShape(1200));
    std::size_t found = 0;
    for (int i = 0; i < 300; ++i) {
        ScanRange range{must(made.catalog().prefix(0)), made.catalog().end(), reverse};
        if (random.oneIn(2)) range.from = made.randomCut(random);
        if (random.oneIn(2)) range.until = made.randomCut(random);
        const event::EventFilter filter = randomFilter(made, random);
        const bool withKeys = filter.aggregate || random.oneIn(2);
        const Scanned scanned = scanAll(made, withKeys ? made.index().get() : nullptr, range, filter);
        QCOMPARE(scanned.found, expected(made, range, filter));
        QCOMPARE(scanned.summary.matched, scanned.found.size());
        QCOMPARE(scanned.summary.damaged, 0U);
        if (!filter.aggregate) QCOMPARE(scanned.summary.scanned, expected(made, range, {}).size());
        found += scanned.found.size();
    }
    QVERIFY(found > 1000);
}

void ScanTest::allEventsWithoutAFilter_data()
{
    QTest::addColumn<unsigned>("partitions");
    QTest::addColumn<bool>("reverse");
    for (const unsigned partitions : {1U, 3U, 25U}) {
        QTest::addRow("%u partitions, forward", partitions) << partitions << false;
        QTest::addRow("%u partitions, reverse", partitions) << partitions << true;
    }
}

void ScanTest::allEventsWithoutAFilter()
{
    QFETCH(unsigned, partitions);
    QFETCH(bool, reverse);
    LogShape shape = spreadShape(12'000);
    shape.partitions = partitions;
    const Made made(m_seed, shape);
    const ScanRange range{must(made.catalog().prefix(0)), made.catalog().end(), reverse};
    QVERIFY(scanAll(made, made.index().get(), range, {}).found == expected(made, range, {}));
}

void ScanTest::theSinkEndsIt()
{
    const Made made(m_seed, spreadShape(1200));
    for (const bool reverse : {false, true}) {
        const ScanRange range{must(made.catalog().prefix(0)), made.catalog().end(), reverse};
        for (const std::size_t limit : {1U, 63U, 64U, 65U, 700U}) {
            const Scanned scanned = scanAll(made, nullptr, range, {}, limit);
            auto first = expected(made, range, {});
            first.resize(limit);
            QCOMPARE(scanned.found, first);
            QCOMPARE(scanned.summary.scanned, limit);
        }
    }
}

void ScanTest::theSinksErrorIsTheScans()
{
    const Made made(m_seed, spreadShape(100));
    const ScanRange range{must(made.catalog().prefix(0)), made.catalog().end(), false};
    const auto outcome = scan(made.reader(), nullptr, range, {}, {}, [](const ScannedEvent&) -> base::Result<bool> {
        return base::fail(base::ErrorCode::DiskFull, "x");
    });
    QCOMPARE(failureOf(outcome), QString("disk-full"));
}

void ScanTest::whatTheMappingDoesNotNameIsSaid()
{
    const Folder folder;
    capture::WriterOptions options = capture::test::madeOptions();
    options.mapping.causation.reset();
    options.mapping.correlation.reset();
    capture::test::capture(folder.path("a"), RandomLog(m_seed, spreadShape(100)).loads(), options);
    const auto reader = capture::test::opened(folder.path("a"));
    const ScanRange range{must(reader->catalog().prefix(0)), reader->catalog().end(), false};
    event::EventFilter caused;
    caused.causedBy = "1";
    event::EventFilter correlated;
    correlated.correlation = "f1";
    for (const auto& filter : {caused, correlated}) {
        const auto outcome =
            scan(*reader, nullptr, range, filter, {}, [](const ScannedEvent&) -> base::Result<bool> { return true; });
        QCOMPARE(failureOf(outcome), QString("bad-argument"));
    }
}

void ScanTest::damagedEventsAreCountedAndLeftOut_data()
{
    QTest::addColumn<QString>("change");
    QTest::newRow("zeros") << "UPDATE payload SET data = zeroblob(length(data)) WHERE id = 2";
    QTest::newRow("the end is missing") << "UPDATE payload SET data = substr(data, 1, length(data) - 1) WHERE id = 2";
    QTest::newRow("no payload") << "DELETE FROM payload WHERE id = 2";
    QTest::newRow("no chunk") << "DELETE FROM chunk WHERE id = 2";
}

void ScanTest::damagedEventsAreCountedAndLeftOut()
{
    QFETCH(QString, change);
    const Made made(m_seed, spreadShape());
    must(must(base::Database::open(made.path(), base::Database::Mode::ReadWrite))->execute(change.toStdString()));
    const auto reader = capture::test::opened(made.path());
    for (const bool reverse : {false, true}) {
        const ScanRange range{must(reader->catalog().prefix(0)), reader->catalog().end(), reverse};
        std::uint64_t seen = 0;
        const auto summary =
            must(scan(*reader, nullptr, range, {}, {}, [&](const ScannedEvent& event) -> base::Result<bool> {
                const Placed& placed = made.order()[event.index.value];
                seen += hashOf(*event.item->record)
                        == hashOf(capture::test::toBatch({{*placed.event}, {}, {}, {}}).records[0]);
                return true;
            }));
        QCOMPARE(summary.scanned, reader->catalog().eventCount());
        QVERIFY(summary.damaged > 0 && summary.damaged <= 300);
        QCOMPARE(seen + summary.damaged, summary.scanned);
        QCOMPARE(summary.matched, seen);
        QVERIFY(summary.damage);
    }
}

void ScanTest::scanningStops()
{
    const Made made(m_seed, spreadShape(3000));
    const ScanRange range{must(made.catalog().prefix(0)), made.catalog().end(), false};
    std::stop_source stop;
    std::uint64_t seen = 0;
    const auto outcome =
        scan(made.reader(), nullptr, range, {}, stop.get_token(), [&](const ScannedEvent&) -> base::Result<bool> {
            ++seen;
            stop.request_stop();
            return true;
        });
    QCOMPARE(failureOf(outcome), QString("cancelled"));
    QVERIFY(seen < 3000);
}

QTEST_APPLESS_MAIN(ScanTest)
#include "scan_test.moc"
