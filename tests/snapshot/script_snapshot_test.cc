// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/snapshot.h"

#include "tests/replay/made_scripts.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::replay::test;

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

/// With 1, 2 and 8 workers, each of which folds; aggregate by aggregate; and from checkpoints.
void ScriptSnapshotTest::hashesAreEqual()
{
    QFETCH(QString, script);
    Random random(m_seed);
    const Made made(m_seed, spreadShape(2000));
    replay::Projection projection = scripted(made, script.toStdString());
    replay::Replayer without(made.reader(), projection, nullptr);
    replay::Projection slow = projection;
    slow.fold = std::make_shared<SlowFold>(projection.fold, std::chrono::microseconds(700));
    replay::Replayer with(made.reader(), slow, std::make_shared<replay::Checkpoints>());
    for (const bool isAtEnd : {false, true}) {
        const auto cut = isAtEnd ? made.catalog().end()
                                 : must(made.catalog().prefix(1000 + random.below(made.catalog().eventCount() - 1000)));
        base::Hash256 single{};
        base::Hash256 checked{};
        for (std::uint32_t key = 0; key < projection.index->size(); ++key) {
            const std::string id(must(projection.index->text(key)));
            const auto state = must(without.stateAt(id, cut, {}));
            if (state && state->document)
                single = base::addModulo(single, snapshot::hashOf(id, state->document->root()));
            const auto again = must(with.stateAt(id, cut, {}));
            if (again && again->document)
                checked = base::addModulo(checked, snapshot::hashOf(id, again->document->root()));
        }
        QVERIFY(single == checked);
        for (const unsigned workers : {1U, 2U, 8U}) {
            snapshot::SnapshotOptions options;
            options.workers = workers;
            const auto hashed = must(snapshot::hashAll(made.reader(), projection, cut, options, {}, {}));
            QCOMPARE(base::toHex(hashed.hash), base::toHex(single));
            const auto& folded = hashed.summary.eventsFolded;
            const auto busy = std::ranges::count_if(folded, [](std::uint64_t events) { return events > 0; });
            QVERIFY(busy >= 1
                    && busy <= static_cast<std::ptrdiff_t>(workers)); // how many get some is up to the machine
        }
    }
    if (projection.index->size() < 10) QVERIFY(with.effort().checkpointsRestored > 0);
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
