// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/snapshot.h"

#include "tests/replay/made_scripts.h"

#include <QSet>
#include <QTest>

#include <ctime>

using namespace leftfold;
using namespace leftfold::replay::test;

namespace {

/// The zone of this process, for as long as it lives.
class Zone {
public:
    explicit Zone(const char* name) : m_before(qgetenv("TZ")), m_wasSet(qEnvironmentVariableIsSet("TZ"))
    {
        qputenv("TZ", name);
        ::tzset();
    }
    ~Zone()
    {
        m_wasSet ? qputenv("TZ", m_before) : qunsetenv("TZ");
        ::tzset();
    }
    Zone(const Zone&) = delete;
    Zone& operator=(const Zone&) = delete;

private:
    QByteArray m_before;
    bool m_wasSet;
};

/// The hash of all states, each seen by itself.
QString oneByOne(replay::Replayer& replayer, const capture::KeyIndex& keys, const capture::OrdinalCut& cut)
{
    base::Hash256 hash{};
    for (std::uint32_t key = 0; key < keys.size(); ++key) {
        const std::string id(must(keys.text(key)));
        const auto state = must(replayer.stateAt(id, cut, {}));
        if (state && state->document) hash = base::addModulo(hash, snapshot::hashOf(id, state->document->root()));
    }
    return QString::fromStdString(base::toHex(hash));
}

} // namespace

/// Snapshots of projections in JavaScript: one hash, however it is come by.
class ScriptSnapshotTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void hashesAreEqual_data();
    void hashesAreEqual();
    void aFailureEndsIt();
    void aStopIsObeyed();

private:
    unsigned m_seed = 0;
};

void ScriptSnapshotTest::hashesAreEqual_data()
{
    QTest::addColumn<QString>("script");
    QTest::newRow("all of it") << QString(kAllOfIt);
    QTest::newRow("by stream") << QString(kByStream);
    QTest::newRow("by a number") << QString(kByNumber);
    QTest::newRow("one state") << QString(kWhole);
}

/// With 1, 2 and 8 workers, each of which folds; aggregate by aggregate; and from checkpoints; in every zone.
void ScriptSnapshotTest::hashesAreEqual()
{
    QFETCH(QString, script);
    Random random(m_seed);
    const Made made(m_seed, spreadShape(2000));
    const auto middle = must(made.catalog().prefix(1000 + random.below(made.catalog().eventCount() - 1000)));
    const std::vector<capture::OrdinalCut> cuts{middle, made.catalog().end()};
    std::vector<QSet<QString>> hashes(cuts.size());
    for (const char* name : {"UTC", "Asia/Shanghai"}) {
        const Zone zone(name);
        const replay::Projection projection = scripted(made, script.toStdString());
        replay::Replayer without(made.reader(), projection, nullptr);
        replay::Projection slow = projection;
        slow.fold = std::make_shared<SlowFold>(projection.fold, std::chrono::microseconds(400));
        replay::Replayer with(made.reader(), slow, std::make_shared<replay::Checkpoints>());
        for (std::size_t i = 0; i < cuts.size(); ++i) {
            hashes[i].insert(oneByOne(without, *projection.index, cuts[i]));
            hashes[i].insert(oneByOne(with, *projection.index, cuts[i]));
            for (const unsigned workers : {1U, 2U, 8U}) {
                snapshot::SnapshotOptions options;
                options.workers = workers;
                const auto hashed = must(snapshot::hashAll(made.reader(), projection, cuts[i], options, {}, {}));
                hashes[i].insert(QString::fromStdString(base::toHex(hashed.hash)));
                const auto& folded = hashed.summary.eventsFolded;
                const auto busy = std::ranges::count_if(folded, [](std::uint64_t events) { return events > 0; });
                QVERIFY(busy >= 1
                        && busy <= static_cast<std::ptrdiff_t>(workers)); // how many get some is up to the machine
            }
        }
        if (projection.index->size() < 10) QVERIFY(with.effort().checkpointsRestored > 0);
    }
    for (const QSet<QString>& each : hashes) QCOMPARE(each.size(), 1);
}

void ScriptSnapshotTest::aFailureEndsIt()
{
    const Made made(m_seed, spreadShape(500));
    const auto projection =
        scripted(made, "({ apply: (s, e) => { if (e.sequenceNumber === 3) throw new Error('three'); return 1; } })");
    for (const unsigned workers : {1U, 3U}) {
        snapshot::SnapshotOptions options;
        options.workers = workers;
        const auto hashed = snapshot::hashAll(made.reader(), projection, made.catalog().end(), options, {}, {});
        QVERIFY(!hashed);
        QCOMPARE(failureOf(hashed), QString("script-failed"));
    }
}

void ScriptSnapshotTest::aStopIsObeyed()
{
    const Made made(m_seed, spreadShape(800));
    const auto projection =
        scripted(made, "({ apply: (s, e) => { for (const t = { n: 0 }; t.n < 3e7; ++t.n) {} return 1; } })");
    std::stop_source stop;
    std::chrono::steady_clock::time_point asked;
    std::jthread stopper([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(60));
        asked = std::chrono::steady_clock::now();
        stop.request_stop();
    });
    snapshot::SnapshotOptions options;
    options.workers = 2;
    const auto hashed =
        snapshot::hashAll(made.reader(), projection, made.catalog().end(), options, stop.get_token(), {});
    const auto ended = std::chrono::steady_clock::now();
    stopper.join();
    QCOMPARE(failureOf(hashed), QString("cancelled"));
    qInfo("ended %.1f ms after the stop", std::chrono::duration<double, std::milli>(ended - asked).count());
}

QTEST_GUILESS_MAIN(ScriptSnapshotTest)
#include "script_snapshot_test.moc"
