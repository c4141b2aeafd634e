// SPDX-License-Identifier: GPL-3.0-or-later
// frames_bench FEW MANY [FRAMES]: what a frame costs in the window with one log and with another, in turns, with
// everything that belongs to it: workers, panels, painting. Prints a table, and a line of JSON for each action.
#include "tests/ui/settled.h"
#include "ui/events/events_panel.h"
#include "ui/timeline/timeline_widget.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QTemporaryDir>
#include <QWheelEvent>
#include <qcustomplot.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <random>
#include <thread>

using namespace leftfold;
using namespace leftfold::ui;

namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// What one action cost.
struct Frame {
    double longest = 0; ///< the longest time the event loop was held: by the action, by an answer, by painting
    double answered = 0; ///< until everything it asked for is on the screen
};

/// A window with one log.
class Stage {
public:
    explicit Stage(const QString& log) : m_window(optionsIn(m_folder.path()))
    {
        m_window.resize(1600, 1000);
        m_window.show();
        const auto start = Clock::now();
        m_window.openPaths({log});
        settle();
        m_openedIn = millisecondsSince(start) / 1000;
        m_timeline = m_window.findChild<TimelineWidget*>();
        m_panel = m_window.findChild<EventsPanel*>();
    }
    [[nodiscard]] bool isOpen() const { return m_window.store()->open() != nullptr; }
    [[nodiscard]] double openedIn() const { return m_openedIn; }
    [[nodiscard]] std::uint64_t events() const { return m_panel->model()->total(); }

    /// Until nothing is on its way; the longest turn of the event loop on that way, in milliseconds.
    double settle()
    {
        double longest = 0;
        for (int quiet = 0; quiet < 2;) {
            const auto start = Clock::now();
            QCoreApplication::sendPostedEvents();
            QCoreApplication::processEvents();
            longest = std::max(longest, millisecondsSince(start));
            quiet = test::isSettled(m_window) ? quiet + 1 : 0;
            if (quiet == 0) std::this_thread::sleep_for(std::chrono::microseconds(100));
        }
        return longest;
    }
    [[nodiscard]] Frame frame(const std::function<void()>& action)
    {
        const auto start = Clock::now();
        action();
        const double asked = millisecondsSince(start);
        return {std::max(asked, settle()), millisecondsSince(start)};
    }

    void beginScrub()
    {
        const QPoint middle = area().center();
        mouse(QEvent::MouseButtonPress, middle);
        mouse(QEvent::MouseButtonRelease, middle);
        settle();
        mouse(QEvent::MouseButtonPress, middle);
    }
    void scrub(int frame)
    {
        mouse(QEvent::MouseMove, {area().left() + 20 + frame * 7 % (area().width() - 40), area().center().y()});
    }
    void endScrub() { mouse(QEvent::MouseButtonRelease, {area().left() + 200, area().center().y()}); }
    void zoom(int frame) { wheel(plot(), {500 + frame % 300, area().center().y()}, frame / 20 % 2 == 0 ? 120 : -120); }
    void preparePan()
    {
        m_timeline->showAll();
        m_timeline->zoom(4);
    }
    void pan(int frame)
    {
        const auto range = m_timeline->visibleRange();
        const double nanos = base::nanosBetween(range.from, range.to) * (frame / 50 % 2 == 0 ? 0.01 : -0.01);
        m_timeline->show({base::plusNanos(range.from, nanos), base::plusNanos(range.to, nanos)});
    }
    void toStart() { m_panel->table()->setTopRow(0); }
    void scroll(int /*frame*/) { wheel(*m_panel->table()->view()->viewport(), {300, 200}, -120); }
    void jump(int /*frame*/) { m_panel->table()->setTopRow(m_random() % events()); }
    void step(int /*frame*/) { m_window.windowActions().named(QStringLiteral("step"))->trigger(); }

private:
    static WindowOptions optionsIn(const QString& folder)
    {
        WindowOptions options;
        options.settingsFile = folder + QStringLiteral("/desktop.ini");
        options.cacheRoot = folder + QStringLiteral("/cache");
        return options;
    }
    [[nodiscard]] QCustomPlot& plot() const { return *m_timeline->findChild<QCustomPlot*>(); }
    [[nodiscard]] QRect area() const { return plot().axisRect()->rect(); }
    void mouse(QEvent::Type type, QPoint at)
    {
        const auto button = type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton;
        const auto buttons = type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton;
        QMouseEvent event(type, at, plot().mapToGlobal(at), button, buttons, {});
        QCoreApplication::sendEvent(&plot(), &event);
    }
    static void wheel(QWidget& widget, QPoint at, int delta)
    {
        QWheelEvent event(at, widget.mapToGlobal(at), {}, {0, delta}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&widget, &event);
    }

    QTemporaryDir m_folder;
    MainWindow m_window;
    std::mt19937_64 m_random{7};
    double m_openedIn = 0;
    TimelineWidget* m_timeline = nullptr;
    EventsPanel* m_panel = nullptr;
};

struct Action {
    const char* name;
    void (Stage::*run)(int frame);
    void (Stage::*before)();
    void (Stage::*after)();
};

double percentile(std::vector<double> times, double share)
{
    std::ranges::sort(times);
    return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
}

/// The frames of both stages in turns, so that the machine's moods meet both.
void measure(const Action& action, Stage& few, Stage& many, int frames)
{
    std::vector<double> longest[2];
    std::vector<double> answered[2];
    Stage* const stages[2] = {&few, &many};
    for (Stage* const stage : stages) {
        if (action.before) (stage->*action.before)();
        stage->settle();
    }
    for (int frame = 0; frame < frames; ++frame) {
        for (int i = 0; i < 2; ++i) {
            const Frame cost = stages[i]->frame([&] { (stages[i]->*action.run)(frame); });
            longest[i].push_back(cost.longest);
            answered[i].push_back(cost.answered);
        }
    }
    for (Stage* const stage : stages)
        if (action.after) (stage->*action.after)();
    const double p99[2] = {percentile(longest[0], 0.99), percentile(longest[1], 0.99)};
    std::printf("%-10s %8.2f %8.2f %8.2f %8.2f %8.2f %14.2f %8.2f\n", action.name, percentile(longest[0], 0.5),
                percentile(longest[1], 0.5), p99[0], p99[1], p99[1] / p99[0], percentile(answered[0], 0.99),
                percentile(answered[1], 0.99));
    std::fprintf(stderr,
                 "{\"bench\":\"frames\",\"action\":\"%s\",\"p99_few_ms\":%.3f,\"p99_many_ms\":%.3f,\"ratio\":%.3f}\n",
                 action.name, p99[0], p99[1], p99[1] / p99[0]);
}

} // namespace

int main(int argc, char** argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication app(argc, argv);
    const int frames = argc > 3 ? QByteArray(argv[3]).toInt() : 400;
    if (argc < 3 || frames < 1) {
        std::fprintf(stderr, "usage: frames_bench FEW MANY [FRAMES]\n");
        return 2;
    }
    Stage few(QString::fromLocal8Bit(argv[1]));
    Stage many(QString::fromLocal8Bit(argv[2]));
    if (!few.isOpen() || !many.isOpen()) {
        std::fprintf(stderr, "frames_bench: a log could not be opened\n");
        return 3;
    }
    std::printf("opened: %llu events in %.2f s, %llu events in %.2f s\n", static_cast<unsigned long long>(few.events()),
                few.openedIn(), static_cast<unsigned long long>(many.events()), many.openedIn());
    std::printf("%-10s %8s %8s %8s %8s %8s %14s %8s\n", "ms", "p50 few", "p50 many", "p99 few", "p99 many", "ratio",
                "answered: few", "many");
    const Action actions[] = {{"scrub", &Stage::scrub, &Stage::beginScrub, &Stage::endScrub},
                              {"zoom", &Stage::zoom, nullptr, nullptr},
                              {"pan", &Stage::pan, &Stage::preparePan, nullptr},
                              {"scroll", &Stage::scroll, &Stage::toStart, nullptr},
                              {"far jump", &Stage::jump, nullptr, nullptr},
                              {"step", &Stage::step, nullptr, nullptr}};
    for (const Action& action : actions) measure(action, few, many, frames);
    return 0;
}
