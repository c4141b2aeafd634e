// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/debug/plot_panel.h"

#include "ui/error_text.h"
#include "ui/panels/parts.h"
#include "ui/texts.h"
#include "ui/timeline/timeline_layout.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPushButton>
#include <QToolTip>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <qcustomplot.h>

namespace leftfold::ui {

using workspace::Open;
using workspace::PlotChoice;

namespace {

constexpr int kAxisLeft = 72; ///< as the timeline's
constexpr int kAxisRight = 12;
constexpr double kNear = 12; ///< so near, in pixels, a click means a point
constexpr double kTurnZoom = 1.25; ///< a turn of the wheel
constexpr int kMostBuckets = 400;
constexpr std::int64_t kWidthsInSeconds[] = {1,     5,     15,    60,    300,    900,     1800,    3600,
                                             10800, 21600, 43200, 86400, 604800, 2592000, 31536000};

double valueOf(const replay::PlotBucket& bucket, Measure measure)
{
    switch (measure) {
    case Measure::Sum:
        return bucket.sum;
    case Measure::Mean:
        return bucket.sum / static_cast<double>(bucket.points);
    case Measure::Smallest:
        return bucket.min;
    case Measure::Largest:
        return bucket.max;
    case Measure::Points:
        return static_cast<double>(bucket.points);
    }
    return 0;
}

} // namespace

std::vector<DrawnPoint> drawnPoints(const workspace::Plotted& plotted, Measure measure)
{
    std::vector<DrawnPoint> points;
    for (const replay::PlotPoint& point : plotted.points) {
        if (point.time != base::kBeginningOfTime) points.push_back({point.time, point.value, point.event});
    }
    for (const auto& [from, bucket] : plotted.all.buckets) {
        const double value = valueOf(bucket, measure);
        if (std::isfinite(value)) points.push_back({base::Time{from, 0}, value, std::nullopt});
    }
    return points;
}

std::chrono::seconds roundWidth(const base::TimeRange& range)
{
    const double seconds = base::nanosBetween(range.from, range.to) / 1e9;
    for (const std::int64_t width : kWidthsInSeconds) {
        if (seconds / static_cast<double>(width) <= kMostBuckets) return std::chrono::seconds(width);
    }
    return std::chrono::seconds(*std::prev(std::end(kWidthsInSeconds)));
}

class PlotPanel::Parts {
public:
    explicit Parts(PlotPanel& panel) : m_panel(panel)
    {
        asPanel(panel);
        buildPlot();
        auto* const column = new QVBoxLayout(&panel);
        column->setContentsMargins(0, 0, 0, 4);
        column->setSpacing(0);
        column->addLayout(makeTop());
        column->addWidget(plot, 1);
        restyle();
    }

    void setChoice(const PlotChoice& choice)
    {
        function->setText(text(choice.function));
        over->setCurrentIndex(choice.width.count() > 0 ? 1 : 0);
        measure->setVisible(over->currentIndex() == 1);
    }

    void draw()
    {
        const QString words = function->text().trimmed();
        PlotChoice choice{words.toStdString()};
        if (over->currentIndex() == 1) choice.width = roundWidth(range.from < range.to ? range : whole);
        if (!words.isEmpty()) emit m_panel.plotWanted(std::move(choice));
    }

    void take(const Open& open)
    {
        const auto& density = open.of<workspace::AskDensity>().answer;
        if (density) whole = wholeRange(*density);
        const auto& asked = open.of<workspace::AskPlot>();
        plotted = asked.isWaiting || asked.error ? nullptr : asked.answer;
        drawPoints();
        tell(open);
    }

    void tell(const Open& open)
    {
        const auto& asked = open.of<workspace::AskPlot>();
        const bool isOfOne = !open.plot || open.plot->width.count() == 0;
        QString words;
        if (!open.plot) {
            words = tr(
                "Type a function of state and event above: what it gives is drawn along the time. The menu of a field "
                "of the aggregate plots that field.");
        } else if (asked.error) {
            words = errorText(*asked.error);
        } else if (!open.projection().opened) {
            words = open.projection().error ? errorText(*open.projection().error)
                                            : tr("Finding the aggregates of the log…");
        } else if (isOfOne && !open.aggregate) {
            words = tr("Choose an aggregate first");
        } else if (!asked.answer || asked.isWaiting) {
            words = tr("Drawing: %1").arg(progressText(asked.progress, 0));
        } else {
            words = summary(*asked.answer);
        }
        // Where nothing is drawn there is room for all of it.
        hint->setText(words);
        hint->setVisible(points.empty());
        said->setText(points.empty() ? QString() : words);
        setInk(hint, asked.error ? colours.bad : colours.secondary);
        setInk(said, colours.secondary);
    }

    [[nodiscard]] QString summary(const workspace::Plotted& answer) const
    {
        const bool isOfOne = answer.choice.width.count() == 0;
        if (isOfOne && !answer.isInLog) return tr("No event of this log belongs to %1").arg(text(answer.id));
        QString out = isOfOne ? text(answer.id) : tr("all aggregates");
        if (points.empty()) return out + tr(" · it gives no number at any event");
        const auto [low, high] = std::ranges::minmax(points, {}, &DrawnPoint::value);
        out += isOfOne ? tr(" · %1 points").arg(countText(points.size()))
                       : tr(" · %1 stretches of %2")
                             .arg(countText(points.size()),
                                  spanText(static_cast<double>(answer.choice.width.count()) * 1e9));
        out += tr(" · from %1 to %2").arg(numberText(low.value), numberText(high.value));
        if (answer.all.unreadable > 0)
            out += tr(" · ⚠ %1 aggregates have events that cannot be read").arg(countText(answer.all.unreadable));
        return out;
    }

    void drawPoints()
    {
        points =
            plotted ? drawnPoints(*plotted, static_cast<Measure>(measure->currentIndex())) : std::vector<DrawnPoint>();
        QVector<double> keys;
        QVector<double> values;
        for (const DrawnPoint& point : points) {
            keys.push_back(keyOf(point.time));
            values.push_back(point.value);
        }
        isByTime = plotted && plotted->choice.width.count() > 0;
        const double width = isByTime ? static_cast<double>(plotted->choice.width.count()) : 1;
        bars->setWidth(width);
        plot->graph(0)->setVisible(!isByTime);
        bars->setVisible(isByTime);
        isByTime ? plot->graph(0)->data()->clear() : plot->graph(0)->setData(keys, values, true);
        for (double& key : keys) key += width / 2; // a bar stands in the middle of its stretch
        isByTime ? bars->setData(keys, values, true) : bars->data()->clear();
        plot->yAxis->setTickLabels(!points.empty());
        plot->yAxis->grid()->setVisible(!points.empty());
        fitValues();
        redraw();
    }

    /// Heights are those of what is seen, with a little air.
    void fitValues()
    {
        double low = 0;
        double high = 0;
        bool isFirst = !isByTime; // bars stand on 0
        for (const DrawnPoint& point : points) {
            if (!range.contains(point.time)) continue;
            low = isFirst ? point.value : std::min(low, point.value);
            high = isFirst ? point.value : std::max(high, point.value);
            isFirst = false;
        }
        const double air = high > low ? (high - low) * 0.08 : std::max(1.0, std::abs(high) * 0.1);
        plot->yAxis->setRange(isByTime && low == 0 ? 0 : low - air, high + air);
    }

    void redraw()
    {
        hint->setGeometry(plot->axisRect()->rect().adjusted(16, 4, -16, -4));
        const double width = std::max(1, plot->axisRect()->rect().width());
        if (!(range.from < range.to)) return;
        plot->xAxis->setRange(keyOf(range.from), keyOf(range.to));
        const auto ticker = QSharedPointer<QCPAxisTickerText>::create();
        const int label = QFontMetrics(plot->xAxis->tickLabelFont()).horizontalAdvance(QStringLiteral("00:00:00.000"));
        for (const TimeTick& tick : timeTicks({range, width}, timeZone(zone), label + 16))
            if (TimeScale{range, width}.x(tick.time) + label / 2 + 2 <= width + kAxisRight)
                ticker->addTick(keyOf(tick.time), tick.label);
        plot->xAxis->setTicker(ticker);
        playheadLine->setVisible(playhead && !points.empty());
        if (playhead) {
            playheadLine->point1->setCoords(keyOf(*playhead), 0);
            playheadLine->point2->setCoords(keyOf(*playhead), 1);
        }
        plot->replot(QCustomPlot::rpQueuedReplot);
    }

    void restyle()
    {
        plot->setBackground(colours.panel);
        for (QCPAxis* axis : {plot->xAxis, plot->yAxis}) {
            axis->setBasePen(colours.line);
            axis->setTickPen(colours.line);
            axis->setSubTickPen(Qt::NoPen);
            axis->setTickLabelColor(colours.secondary);
            axis->setTickLabelFont(scaled(m_panel.font(), 0.9));
            axis->grid()->setPen(mixed(colours.panel, colours.line, 0.7));
            axis->grid()->setZeroLinePen(colours.line);
        }
        QColor veil = colours.accent;
        veil.setAlpha(36);
        plot->graph(0)->setPen(QPen(colours.accent, 1.5));
        plot->graph(0)->setBrush(veil);
        plot->graph(0)->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colours.accent, colours.accent, 5));
        bars->setPen(Qt::NoPen);
        bars->setBrush(colours.accent);
        playheadLine->setPen(QPen(colours.text, 1));
        redraw();
    }

    /// The point next to a pixel of the plot; none: none is near.
    [[nodiscard]] std::optional<std::size_t> pointAt(const QPointF& at) const
    {
        std::optional<std::size_t> nearest;
        double best = kNear;
        for (std::size_t i = 0; i < points.size(); ++i) {
            const QPointF away = pixelOf(points[i]) - at;
            const double distance = std::hypot(away.x(), away.y());
            if (distance < best) {
                best = distance;
                nearest = i;
            }
        }
        return nearest;
    }
    [[nodiscard]] QPointF pixelOf(const DrawnPoint& point) const
    {
        const double half = isByTime ? bars->width() / 2 : 0;
        return {plot->xAxis->coordToPixel(keyOf(point.time) + half), plot->yAxis->coordToPixel(point.value)};
    }
    [[nodiscard]] base::Time timeAt(double x) const
    {
        return base::plusNanos(whole.from, plot->xAxis->pixelToCoord(x) * 1e9);
    }

    void click(const QPointF& at)
    {
        const auto point = pointAt(at);
        if (point && points[*point].event) return emit m_panel.goToWanted(points[*point].event->value);
        if (plot->axisRect()->rect().contains(at.toPoint())) emit m_panel.goToTimeWanted(timeAt(at.x()));
    }
    void hover(const QPointF& at, const QPoint& onScreen) const
    {
        const auto point = pointAt(at);
        if (!point) return QToolTip::hideText();
        const DrawnPoint& is = points[*point];
        const QString event = is.event ? QStringLiteral(" · #%1").arg(is.event->value) : QString();
        QToolTip::showText(onScreen,
                           numberText(is.value) + QStringLiteral(" · ") + fullTimeText(is.time, timeZone(zone)) + event,
                           plot);
    }
    void zoom(double turns, double x)
    {
        emit m_panel.rangeWanted(zoomed(range, timeAt(x), std::pow(kTurnZoom, turns), whole));
    }

    static QString numberText(double value) { return QLocale().toString(value, 'g', 10); }

    QCustomPlot* plot = nullptr;
    QCPItemStraightLine* playheadLine = nullptr;
    QCPBars* bars = nullptr;
    QLineEdit* function = nullptr;
    QComboBox* over = nullptr;
    QComboBox* measure = nullptr;
    ElidedLabel* said = nullptr;
    QLabel* hint = nullptr; ///< why nothing is drawn
    Colours colours = lightColours();
    Zone zone = Zone::Utc;
    base::TimeRange range{};
    base::TimeRange whole{}; ///< its begin is where keys are counted from, in seconds
    std::optional<base::Time> playhead;
    std::shared_ptr<const workspace::Plotted> plotted;
    std::vector<DrawnPoint> points;
    bool isByTime = false; ///< over all, in bars

private:
    [[nodiscard]] double keyOf(base::Time time) const { return base::nanosBetween(whole.from, time) / 1e9; }

    void buildPlot()
    {
        plot = new QCustomPlot;
        plot->setAccessibleName(tr("Plot along the time"));
        plot->setMouseTracking(true);
        plot->setMinimumHeight(70);
        plot->axisRect()->setAutoMargins(QCP::msBottom);
        plot->axisRect()->setMargins({kAxisLeft, 8, kAxisRight, 0});
        plot->axisRect()->setMinimumMargins({kAxisLeft, 8, kAxisRight, 18});
        plot->addGraph();
        // What a state has stays until the next event.
        plot->graph(0)->setLineStyle(QCPGraph::lsStepLeft);
        bars = new QCPBars(plot->xAxis, plot->yAxis);
        plot->yAxis->setNumberFormat(QStringLiteral("gb"));
        plot->yAxis->ticker()->setTickCount(4);
        plot->xAxis->grid()->setVisible(false);
        plot->xAxis->setTickLength(0, 4);
        plot->yAxis->setTickLength(0);
        plot->yAxis->setTickLabelPadding(8);
        plot->setFocusPolicy(Qt::NoFocus);
        playheadLine = new QCPItemStraightLine(plot);
        playheadLine->point1->setTypeY(QCPItemPosition::ptAxisRectRatio);
        playheadLine->point2->setTypeY(QCPItemPosition::ptAxisRectRatio);
        plot->installEventFilter(&m_panel);
        hint = new QLabel(plot);
        hint->setTextFormat(Qt::PlainText);
        hint->setAlignment(Qt::AlignCenter);
        hint->setWordWrap(true);
        hint->setAttribute(Qt::WA_TransparentForMouseEvents);
    }

    QHBoxLayout* makeTop()
    {
        function = new QLineEdit;
        function->setAccessibleName(tr("Function to be drawn"));
        function->setPlaceholderText(tr("(state, event) => a number, as state => state.count"));
        function->setFont(dataFont(m_panel.font()));
        over = new QComboBox;
        over->setAccessibleName(tr("Of what it is drawn"));
        over->addItems({tr("of the aggregate"), tr("over all, by time")});
        measure = new QComboBox;
        measure->setAccessibleName(tr("Which number of each stretch of time"));
        measure->addItems({tr("sum"), tr("mean"), tr("smallest"), tr("largest"), tr("points")});
        measure->hide();
        auto* button = new QPushButton(tr("Draw"));
        said = new ElidedLabel;
        auto* row = new QHBoxLayout;
        row->setContentsMargins(10, 5, 10, 3);
        row->setSpacing(8);
        row->addWidget(function, 3);
        for (QWidget* each :
             {static_cast<QWidget*>(over), static_cast<QWidget*>(measure), static_cast<QWidget*>(button)})
            row->addWidget(each);
        row->addWidget(said, 4);
        QObject::connect(function, &QLineEdit::returnPressed, &m_panel, [this] { draw(); });
        QObject::connect(button, &QPushButton::clicked, &m_panel, [this] { draw(); });
        QObject::connect(over, &QComboBox::activated, &m_panel, [this](int index) {
            measure->setVisible(index == 1);
            draw();
        });
        QObject::connect(measure, &QComboBox::activated, &m_panel, [this] { drawPoints(); });
        return row;
    }

    PlotPanel& m_panel;
};

PlotPanel::PlotPanel(QWidget* parent) : QWidget(parent), m_parts(std::make_unique<Parts>(*this)) {}

PlotPanel::~PlotPanel() = default;

void PlotPanel::setColours(const Colours& colours)
{
    m_parts->colours = colours;
    m_parts->restyle();
}

void PlotPanel::setZone(Zone zone)
{
    m_parts->zone = zone;
    m_parts->redraw();
}

void PlotPanel::setRange(const base::TimeRange& range)
{
    m_parts->range = range;
    m_parts->fitValues();
    m_parts->redraw();
}

void PlotPanel::show(const Open& open, const Open* before)
{
    const bool isOtherPlayhead = before == nullptr || before->playhead != open.playhead;
    if (isOtherPlayhead && open.playhead) {
        m_parts->playhead = open.playhead->last ? std::optional(open.playhead->last->time) : std::nullopt;
        m_parts->redraw();
    }
    if (open.plot && (before == nullptr || before->plot != open.plot)) m_parts->setChoice(*open.plot);
    const auto& asked = open.of<workspace::AskPlot>();
    const bool isSame = before != nullptr && before->of<workspace::AskPlot>().answer == asked.answer
                        && before->of<workspace::AskPlot>().error == asked.error
                        && before->of<workspace::AskPlot>().isWaiting == asked.isWaiting
                        && before->of<workspace::AskDensity>().answer == open.of<workspace::AskDensity>().answer
                        && before->plot == open.plot && before->aggregate == open.aggregate
                        && before->projection().opened.has_value() == open.projection().opened.has_value();
    if (!isSame) return m_parts->take(open);
    if (before->of<workspace::AskPlot>().progress != asked.progress) m_parts->tell(open);
}

void PlotPanel::draw(const QString& function)
{
    m_parts->setChoice({function.toStdString()});
    m_parts->draw();
}

void PlotPanel::editFunction()
{
    m_parts->function->setFocus(Qt::ShortcutFocusReason);
    m_parts->function->selectAll();
}

QPoint PlotPanel::placeOf(std::size_t point) const
{
    return m_parts->plot->mapTo(this, m_parts->pixelOf(m_parts->points.at(point)).toPoint());
}

bool PlotPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::MouseButtonRelease) {
        auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() == Qt::LeftButton) m_parts->click(mouse->position());
    } else if (event->type() == QEvent::MouseMove) {
        auto* mouse = static_cast<QMouseEvent*>(event);
        m_parts->hover(mouse->position(), mouse->globalPosition().toPoint());
    } else if (event->type() == QEvent::Wheel) {
        auto* wheel = static_cast<QWheelEvent*>(event);
        m_parts->zoom(wheel->angleDelta().y() / 120.0, wheel->position().x());
        return true;
    } else if (event->type() == QEvent::Resize) {
        QMetaObject::invokeMethod(
            this, [this] { m_parts->redraw(); }, Qt::QueuedConnection);
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace leftfold::ui
