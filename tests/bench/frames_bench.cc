// SPDX-License-Identifier: GPL-3.0-or-later
// frames_bench [FRAMES]: how long the window's widgets need for a frame, with a log of 10,000 events and one of
// 10,000,000 in turns, rows delivered at once. Prints a table, and a line of JSON for each action.
#include "tests/ui/widget_test.h"
#include "ui/events/events_panel.h"
#include "ui/timeline/timeline_widget.h"

#include <QApplication>
#include <QScrollBar>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <qcustomplot.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <random>

using namespace leftfold;
using namespace leftfold::ui;
using namespace leftfold::ui::test;

namespace {

constexpr std::uint64_t kFew = 10'000;
constexpr std::uint64_t kMany = 10'000'000;

/// The timeline above the events, wired as the window does it, but for the data, which is there at once.
class Stage {
public:
    explicit Stage(std::uint64_t events) : m_events(events), m_density(madeDensity(events)), m_random(7)
    {
        auto* const layout = new QVBoxLayout(&m_window);
        m_timeline = new TimelineWidget;
        m_panel = new EventsPanel;
        layout->addWidget(m_timeline);
        layout->addWidget(m_panel, 1);
        m_panel->model()->setTypes(kMadeTypes);
        serve(*m_panel->model());
        m_timeline->setDensity(m_density);
        m_panel->model()->reset(events);
        QObject::connect(m_timeline, &TimelineWidget::playheadMoved, m_panel,
                         [this](base::Time time) { stand(placeOf(time)); });
        m_window.resize(1600, 900);
        m_window.show();
        settle();
    }

    /// Runs what was put off, painting included.
    static void settle()
    {
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
    }
    void raise() { m_window.raise(); }

    void scrub(int frame)
    {
        const QRect area = plot().axisRect()->rect();
        const QPoint at(area.left() + 20 + frame * 7 % (area.width() - 40), area.center().y());
        mouse(QEvent::MouseMove, at);
    }
    void beginScrub()
    {
        stand(m_events / 2);
        mouse(QEvent::MouseButtonPress, {x(m_place), plot().axisRect()->rect().center().y()});
    }
    void endScrub() { mouse(QEvent::MouseButtonRelease, {200, 80}); }
    void zoom(int frame) { wheel(plot(), {500 + frame % 300, 80}, frame / 20 % 2 == 0 ? 120 : -120); }
    void pan(int frame)
    {
        const auto range = m_timeline->visibleRange();
        const double nanos = base::nanosBetween(range.from, range.to) * (frame / 50 % 2 == 0 ? 0.01 : -0.01);
        m_timeline->show({base::plusNanos(range.from, nanos), base::plusNanos(range.to, nanos)});
    }
    void preparePan()
    {
        m_timeline->show(
            {base::plusNanos(m_density.span().from, 86400e9), base::plusNanos(m_density.span().from, 3 * 86400e9)});
    }
    void scroll(int /*frame*/) { wheel(*m_panel->table()->view()->viewport(), {300, 200}, -120); }
    void jump(int /*frame*/) { m_panel->table()->setTopRow(m_random() % m_events); }
    void step(int /*frame*/) { stand(m_place + 1 < m_events ? m_place + 1 : 0); }

private:
    [[nodiscard]] QCustomPlot& plot() const { return *m_timeline->findChild<QCustomPlot*>(); }
    [[nodiscard]] base::Time timeOf(std::uint64_t place) const
    {
        const double length = base::nanosBetween(m_density.span().from, m_density.span().to);
        return base::plusNanos(m_density.span().from,
                               length * static_cast<double>(place) / static_cast<double>(m_events));
    }
    [[nodiscard]] std::uint64_t placeOf(base::Time time) const
    {
        const double share = base::nanosBetween(m_density.span().from, time)
                             / base::nanosBetween(m_density.span().from, m_density.span().to);
        return static_cast<std::uint64_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(m_events - 1));
    }
    [[nodiscard]] int x(std::uint64_t place) const
    {
        const QRect area = plot().axisRect()->rect();
        const auto range = m_timeline->visibleRange();
        return area.left()
               + static_cast<int>(area.width() * base::nanosBetween(range.from, timeOf(place))
                                  / base::nanosBetween(range.from, range.to));
    }
    void stand(std::uint64_t place)
    {
        m_place = place;
        m_panel->model()->setPlayhead(place + 1);
        m_panel->table()->showRow(place);
        m_timeline->setPlayhead(timeOf(place));
    }
    void mouse(QEvent::Type type, QPoint at)
    {
        const auto button = type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton;
        QMouseEvent event(type, at, plot().mapToGlobal(at), button, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&plot(), &event);
    }
    static void wheel(QWidget& widget, QPoint at, int delta)
    {
        QWheelEvent event(at, widget.mapToGlobal(at), {}, {0, delta}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&widget, &event);
    }

    std::uint64_t m_events;
    replay::Density m_density;
    std::mt19937_64 m_random;
    std::uint64_t m_place = 0;
    QWidget m_window;
    TimelineWidget* m_timeline;
    EventsPanel* m_panel;
};

struct Action {
    const char* name;
    void (Stage::*run)(int frame);
    void (Stage::*before)();
    void (Stage::*after)();
};

double millisecondsOf(const std::function<void()>& frame)
{
    const auto start = std::chrono::steady_clock::now();
    frame();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

double percentile(std::vector<double> times, double share)
{
    std::ranges::sort(times);
    return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
}

/// The frames of both stages in turns, so that the machine's moods meet both.
void measure(const Action& action, Stage& few, Stage& many, int frames)
{
    std::vector<double> times[2];
    Stage* const stages[2] = {&few, &many};
    for (Stage* const stage : stages)
        if (action.before) (stage->*action.before)();
    Stage::settle();
    for (int frame = 0; frame < frames; ++frame) {
        for (int i = 0; i < 2; ++i) {
            times[i].push_back(millisecondsOf([&] {
                (stages[i]->*action.run)(frame);
                Stage::settle();
            }));
        }
    }
    for (Stage* const stage : stages)
        if (action.after) (stage->*action.after)();
    const double p99[2] = {percentile(times[0], 0.99), percentile(times[1], 0.99)};
    std::printf("%-10s %8.2f %8.2f %8.2f %8.2f %8.2f\n", action.name, percentile(times[0], 0.5),
                percentile(times[1], 0.5), p99[0], p99[1], p99[1] / p99[0]);
    std::fprintf(stderr,
                 "{\"bench\":\"frames\",\"action\":\"%s\",\"p99_few_ms\":%.3f,\"p99_many_ms\":%.3f,\"ratio\":%.3f}\n",
                 action.name, p99[0], p99[1], p99[1] / p99[0]);
}

} // namespace

int main(int argc, char** argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication app(argc, argv);
    dress(lightColours());
    const int frames = argc > 1 ? QByteArray(argv[1]).toInt() : 400;
    if (frames < 1) {
        std::fprintf(stderr, "frames_bench [FRAMES]\n");
        return 2;
    }
    Stage few(kFew);
    Stage many(kMany);
    std::printf("%-10s %8s %8s %8s %8s %8s\n", "ms", "p50 10k", "p50 10M", "p99 10k", "p99 10M", "ratio");
    const Action actions[] = {{"scrub", &Stage::scrub, &Stage::beginScrub, &Stage::endScrub},
                              {"zoom", &Stage::zoom, nullptr, nullptr},
                              {"pan", &Stage::pan, &Stage::preparePan, nullptr},
                              {"scroll", &Stage::scroll, nullptr, nullptr},
                              {"far jump", &Stage::jump, nullptr, nullptr},
                              {"step", &Stage::step, nullptr, nullptr}};
    for (const Action& action : actions) measure(action, few, many, frames);
    return 0;
}
