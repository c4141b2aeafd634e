// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/capture/made_batches.h"
#include "tests/ui/settled.h"
#include "ui/window/main_window.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QTimer>
#include <ctime>

using namespace leftfold;
using namespace leftfold::ui;
using leftfold::capture::test::Folder;
using leftfold::capture::test::newSeed;
using leftfold::capture::test::Random;
using leftfold::ui::test::isSettled;

namespace {

const QString kShop = LEFTFOLD_SOURCE_DIR "/resources/samples/shop.jsonl";

/// How long the event loop did not come around: the longest time between two turns of a timer, by the clock and by
/// what this thread computed (the rest it waited for its turn on a busy machine), each with what had been asked last.
class StallWatch {
public:
    StallWatch()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { turn(); });
        m_since.start();
        m_timer.start(1);
    }
    void isAsked(const QString& what) { m_asked = what; }
    [[nodiscard]] QString longest() const
    {
        return QStringLiteral("%1 ms (after %2); computing without a turn at most %3 ms (after %4)")
            .arg(m_passed.ms, 0, 'f', 0)
            .arg(m_passed.after)
            .arg(m_computed.ms, 0, 'f', 0)
            .arg(m_computed.after);
    }

private:
    struct Longest {
        double ms = 0;
        QString after;
    };

    [[nodiscard]] static double computedMs()
    {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }
    void turn()
    {
        const double now = computedMs();
        keep(m_passed, static_cast<double>(m_since.restart()));
        keep(m_computed, now - m_computedBefore);
        m_computedBefore = now;
    }
    void keep(Longest& longest, double ms) const
    {
        if (ms > longest.ms) longest = {ms, m_asked};
    }

    QTimer m_timer;
    QElapsedTimer m_since;
    QString m_asked = QStringLiteral("nothing");
    double m_computedBefore = computedMs();
    Longest m_passed;
    Longest m_computed;
};

} // namespace

class WindowRandomTest : public QObject {
    Q_OBJECT

private slots:
    /// Actions in any order, none of them waited for: everything comes to rest, and what is shown is of one moment.
    void anyActionsInAnyOrder()
    {
        Random random(newSeed());
        const Folder folder;
        WindowOptions options;
        options.settingsFile = QString::fromStdString(folder.path("desktop.ini"));
        options.cacheRoot = QString::fromStdString(folder.path("cache"));
        options.samplePath = kShop;
        MainWindow window(options);
        window.resize(1600, 1000);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        window.openSample();
        QVERIFY(QTest::qWaitFor([&] { return isSettled(window); }, 60'000));
        // These open something that waits for a person.
        static const QStringList kLeftOut = {
            "open",          "openFolder",      "export", "about",   "openScript", "newScript", "saveScript",
            "saveWorkspace", "saveWorkspaceAs", "quit",   "palette", "find",       "play",      "setBookmark"};
        QList<QAction*> actions;
        for (QAction* action : window.windowActions().all()) {
            if (!kLeftOut.contains(action->objectName())) actions.push_back(action);
        }
        StallWatch watch;
        for (int i = 0; i < 300; ++i) {
            if (window.store()->open() == nullptr) window.openSample();
            if (random.oneIn(2)) {
                QAction* const action =
                    actions[static_cast<qsizetype>(random.below(static_cast<std::uint64_t>(actions.size())))];
                watch.isAsked(action->objectName());
                action->trigger();
            } else {
                watch.isAsked(QStringLiteral("what a panel asks for"));
                actAtRandom(*window.store(), random);
            }
            QTest::qWait(static_cast<int>(random.below(12)));
        }
        if (window.store()->open() == nullptr) window.openSample();
        QVERIFY(QTest::qWaitFor([&] { return isSettled(window) && window.store()->open() != nullptr; }, 120'000));
        qInfo("longest stall of the event loop: %s", qPrintable(watch.longest()));
        const workspace::Open& open = *window.store()->open();
        QCOMPARE(open.playhead->cut.events(), open.playhead->eventsBehind);
        const auto& view = open.of<workspace::AskAggregate>();
        if (open.aggregate && view.answer && !view.error) QCOMPARE(view.answer->id, *open.aggregate);
    }

private:
    static void actAtRandom(Store& store, Random& random)
    {
        using namespace workspace;
        const auto any = [&] { return event::When(event::EventIndex{random.below(3000)}); };
        switch (random.below(8)) {
        case 0:
            return store.act(GoTo{Target(any())});
        case 1:
            for (int i = 0; i < 10; ++i) store.act(GoTo{Target(any()), true});
            return;
        case 2:
            return store.act(ChooseAggregate{"order-" + std::to_string(1000 + random.below(400))});
        case 3: {
            EventChoice choice;
            if (random.oneIn(2)) choice.filter.text = "tea";
            if (random.oneIn(2)) choice.filter.types = {"PaymentFailed"};
            return store.act(ListEvents{choice});
        }
        case 4:
            return store.act(SetMark{random.oneIn(2) ? workspace::Mark::A : workspace::Mark::B, Target(any())});
        case 5:
            return store.act(ChoosePair{"order-1271"});
        case 6:
            return store.act(ChooseProjections{
                random.oneIn(2) ? std::vector<ProjectionChoice>{{}, {.by = "/data/order", .fold = "latest"}}
                                : std::vector<ProjectionChoice>{{.fold = "latest"}}});
        default:
            return store.act(SearchIds{"order-1"});
        }
    }
};

QTEST_MAIN(WindowRandomTest)
#include "window_random_test.moc"
