// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timeline_widget.h"

#include "ui/timeline/overview_strip.h"
#include "ui/timeline/timeline_item.h"
#include "ui/timeline/timeline_layout.h"

#include <QElapsedTimer>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QTimer>
#include <QToolButton>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace leftfold::ui {

namespace {

constexpr int kLeastHeight = 126; ///< without lanes
constexpr int kLeft = 72; ///< of the axis: labels of the rates
constexpr int kTop = 18; ///< flags
constexpr int kRight = 12;
constexpr int kTick = 4;
constexpr int kDots = 9; ///< the height of the lane of dots below the axis
constexpr double kPennant = 10; ///< the length of a bookmark's flag
constexpr double kGrab = 5; ///< so near to the playhead it is dragged
constexpr double kDragFrom = 4; ///< so far a press may move and still be a click
constexpr std::size_t kMaxHistory = 100;
constexpr auto kOneGesture = 700; ///< milliseconds: turns of the wheel that follow each other sooner are one zoom

/// What the mouse is doing.
enum class Gesture { None, Pressed, Panning, Scrubbing, Selecting };
/// What changed what is seen: several of one kind in a row are one step back.
enum class Cause { Wheel, Drag, Keys, Overview, Call };

} // namespace

class TimelineWidget::Parts {
public:
    explicit Parts(TimelineWidget& widget) : m_widget(widget)
    {
        buildPlot();
        auto* const layout = new QVBoxLayout(&widget);
        layout->setContentsMargins(0, 2, 0, 4);
        layout->setSpacing(2);
        layout->addWidget(plot, 1);
        lanes = new LagLanes(kLeft, kRight);
        connect(lanes, &LagLanes::laneChosen, &widget, &TimelineWidget::laneChosen);
        transactions = new TransactionLane(kLeft, kRight);
        connect(transactions, &TransactionLane::transactionChosen, &widget, &TimelineWidget::transactionChosen);
        layout->addWidget(transactions);
        layout->addWidget(lanes);
        layout->addLayout(buildFoot());
        m_detailTimer.setSingleShot(true);
        m_detailTimer.setInterval(80);
        connect(&m_detailTimer, &QTimer::timeout, &widget, [this] { askForDetail(); });
        restyle();
    }

    // What is seen.

    [[nodiscard]] TimeScale scale() const
    {
        return {visible, static_cast<double>(std::max(1, plot->axisRect()->rect().width()))};
    }
    [[nodiscard]] double xOf(base::Time time) const { return plot->axisRect()->rect().left() + scale().x(time); }
    /// The time at a pixel of the plot: its middle.
    [[nodiscard]] base::Time timeAt(double x) const
    {
        const base::Time time = scale().at(x + 0.5 - plot->axisRect()->rect().left());
        const base::TimeRange whole = wholeRange(density);
        return std::clamp(time, whole.from, whole.to);
    }
    [[nodiscard]] bool seesAll() const { return visible == wholeRange(density); }

    void go(const base::TimeRange& range, Cause cause)
    {
        const base::TimeRange next = fitted(range, wholeRange(density));
        if (next == visible) return;
        // A drag is one gesture however long it pauses; its beginning invalidates the clock.
        const bool isDrag = cause == Cause::Drag || cause == Cause::Overview;
        const bool isSameGesture = cause != Cause::Call && cause == m_lastCause && m_sinceLast.isValid()
                                   && (isDrag || m_sinceLast.elapsed() < kOneGesture);
        if (!isSameGesture) history.push_back(visible);
        if (history.size() > kMaxHistory) history.erase(history.begin());
        m_lastCause = cause;
        m_sinceLast.start();
        see(next);
    }
    void back()
    {
        if (history.empty()) return;
        const base::TimeRange before = history.back();
        history.pop_back();
        m_sinceLast.invalidate();
        see(fitted(before, wholeRange(density)));
    }
    void see(const base::TimeRange& range)
    {
        visible = range;
        strip->setVisibleRange(visible);
        redraw();
        m_detailTimer.start();
        emit m_widget.visibleRangeChanged(visible);
        tellSummary();
    }
    void pan(double share, Cause cause)
    {
        go(panned(visible, share * base::nanosBetween(visible.from, visible.to), wholeRange(density)), cause);
    }
    void zoom(double factor, base::Time anchor, Cause cause)
    {
        go(zoomed(visible, anchor, factor, wholeRange(density)), cause);
    }
    /// Where keys and buttons zoom.
    [[nodiscard]] base::Time natural() const
    {
        return playhead && visible.contains(*playhead) ? *playhead : scale().at(scale().width / 2);
    }

    // What is drawn.

    /// The density that shows most of what is seen.
    [[nodiscard]] const replay::Density& best() const
    {
        const base::TimeRange& whole = density.span();
        const base::Time from = std::max(visible.from, whole.from);
        const base::Time to = std::min(visible.to, whole.to);
        const bool covers = detail.events() > 0 && !(from < detail.span().from) && !(detail.span().to < to);
        return covers && detail.bucketNanos() < density.bucketNanos() ? detail : density;
    }
    void redraw()
    {
        m_isDrawn = false;
        replot();
    }
    void replot() { plot->replot(QCustomPlot::rpQueuedReplot); }
    /// For the lanes that there are, beside the axis.
    void makeRoom()
    {
        const int ofTransactions = transactions->isHidden() ? 0 : transactions->maximumHeight();
        m_widget.setMinimumHeight(kLeastHeight + lanes->maximumHeight() + ofTransactions);
    }
    void redrawMarks() { plot->layer(QStringLiteral("marks"))->replot(); }
    void redrawPlayhead()
    {
        plot->layer(QStringLiteral("future"))->replot();
        plot->layer(QStringLiteral("playhead"))->replot();
        strip->setPlayhead(playhead);
        lanes->setPlayhead(playhead);
        transactions->setPlayhead(playhead);
    }
    /// Works out the picture and the axes for what is seen, before the plot is drawn.
    void draw()
    {
        const QRect area = plot->axisRect()->rect();
        const double ratio = plot->bufferDevicePixelRatio();
        const QSize size = area.size() * ratio;
        if (m_isDrawn && m_picture.size() == size) return;
        m_isDrawn = true;
        columns = columnsFor({visible, static_cast<double>(std::max(1, size.width()))}, best());
        const RateScale rates = rateScale(columns.highest(), columns.columnNanos);
        m_picture = paintColumns(columns, rates.top, size, colours);
        m_picture.setDevicePixelRatio(ratio);
        labelAxes(rates, area);
        lanes->setScale(scale());
        transactions->setScale(scale());
    }

    void askForDetail()
    {
        if (density.events() == 0 || scale().nanosPerPixel() >= density.bucketNanos() || &best() == &detail) return;
        const double half = base::nanosBetween(visible.from, visible.to) / 2;
        const base::Time from = std::max(base::plusNanos(visible.from, -half), density.span().from);
        const base::Time to = std::min(base::plusNanos(visible.to, half), density.span().to);
        if (from < to) emit m_widget.detailWanted({from, to});
    }

    void tellSummary()
    {
        const QString next = summary();
        m_widget.setAccessibleDescription(next);
        emit m_widget.summaryChanged(next);
    }
    [[nodiscard]] QString summary() const
    {
        if (density.events() == 0) return tr("no events with a time");
        const base::TimeRange shown = seesAll() ? density.span() : visible;
        const QTimeZone inZone = timeZone(zone);
        double events = 0;
        const double length = base::nanosBetween(shown.from, shown.to);
        for (const float count : best().counts(shown.from, length, 1)) events += count;
        const auto count = seesAll() ? density.events() : static_cast<std::uint64_t>(std::llround(events));
        return QStringLiteral("%1 → %2 · %3 · %4")
            .arg(dateTimeText(roundMs(shown.from), inZone), fullTimeText(roundMs(shown.to), inZone), spanText(length),
                 tr("%1 events").arg(countText(count)));
    }

    void restyle()
    {
        const QFont font = scaled(m_widget.font(), 0.9);
        plot->setBackground(colours.panel);
        for (QCPAxis* const axis : {plot->xAxis, plot->yAxis}) {
            axis->setTickLabelFont(font);
            axis->setTickLabelColor(colours.secondary);
            axis->setBasePen(QPen(colours.line));
            axis->setTickPen(QPen(colours.line));
            axis->grid()->setPen(QPen(colours.line));
            axis->grid()->setZeroLinePen(Qt::NoPen);
        }
        // As high as labels are in any language, Chinese among them.
        const int labels = QFontMetrics(font).boundingRect({}, 0, QStringLiteral("gJ1\u6708")).height();
        plot->axisRect()->setMargins({kLeft, kTop, kRight, kDots + labels + 2});
        plot->xAxis->setTickLabelPadding(kDots - kTick);
        zoneButton->setText(zone == Zone::Utc ? QStringLiteral("UTC") : tr("local"));
        strip->setColours(colours);
        lanes->setColours(colours);
        transactions->setColours(colours);
        redraw();
    }

    // The mouse.

    bool mouse(QMouseEvent* event)
    {
        switch (event->type()) {
        case QEvent::MouseButtonPress:
            return event->button() == Qt::LeftButton && press(event);
        case QEvent::MouseMove:
            move(event);
            return true;
        case QEvent::MouseButtonRelease:
            return event->button() == Qt::LeftButton && release(event);
        default:
            return false;
        }
    }
    void wheel(QWheelEvent* event)
    {
        const QPoint turned = event->angleDelta();
        const bool isSideways = std::abs(turned.x()) > std::abs(turned.y()) || (event->modifiers() & Qt::ShiftModifier);
        const double notches = (turned.y() != 0 ? turned.y() : turned.x()) / 120.0;
        if (isSideways) return pan(-notches * 0.08, Cause::Wheel);
        zoom(std::pow(1.25, notches), timeAt(event->position().x()), Cause::Wheel);
    }
    void hover(const QHelpEvent* event)
    {
        const double x = event->pos().x() - plot->axisRect()->rect().left();
        if (x < 0 || x >= scale().width) return QToolTip::hideText();
        const auto column = static_cast<std::size_t>(std::lround(x * plot->bufferDevicePixelRatio() + columns.offset));
        const QString what = columnText(columns, column, best());
        // The time first: by its first line Qt tells whether a text is rich, and names are anybody's.
        const QString when =
            fullTimeText(roundMs(timeAt(event->pos().x())), timeZone(zone)) + pennantText(event->pos().x());
        QToolTip::showText(event->globalPos(), what.isEmpty() ? when : when + QLatin1Char('\n') + what, plot);
    }

    QCustomPlot* plot = nullptr;
    OverviewStrip* strip = nullptr;
    LagLanes* lanes = nullptr;
    TransactionLane* transactions = nullptr;
    QToolButton* zoneButton = nullptr;
    Colours colours = lightColours();
    Zone zone = Zone::Utc;
    replay::Density density;
    replay::Density detail;
    base::TimeRange visible = wholeRange({});
    std::vector<base::TimeRange> history; ///< what was seen before, the last last
    std::vector<IncompleteRange> incomplete;
    std::optional<base::Time> playhead;
    std::array<std::optional<base::Time>, 2> marks;
    std::vector<Pennant> pennants;
    std::vector<HistoryDot> dots;
    std::optional<base::TimeRange> selected;
    Columns columns; ///< of the picture

private:
    void buildPlot()
    {
        plot = new QCustomPlot;
        plot->setFocusPolicy(Qt::NoFocus);
        plot->setMouseTracking(true);
        plot->setMinimumHeight(90);
        plot->setNoAntialiasingOnDrag(false);
        plot->installEventFilter(&m_widget);
        plot->axisRect()->setAutoMargins(QCP::msNone);
        plot->axisRect()->setupFullAxesBox(false);
        plot->xAxis2->setVisible(false);
        plot->yAxis2->setVisible(false);
        plot->xAxis->grid()->setVisible(false);
        for (QCPAxis* const axis : {plot->xAxis, plot->yAxis}) {
            axis->setTicker(QSharedPointer<QCPAxisTickerText>::create());
            axis->setSubTicks(false);
        }
        plot->xAxis->setTickLength(0, kTick);
        plot->yAxis->setTickLength(0);
        plot->yAxis->setTickLabelPadding(8);
        addLayers();
        connect(plot, &QCustomPlot::beforeReplot, &m_widget, [this] { draw(); });
        // The layout comes after that: where it gave the axis another size, what was drawn does not fit.
        connect(plot, &QCustomPlot::afterReplot, &m_widget, [this] {
            if (m_picture.size() != plot->axisRect()->rect().size() * plot->bufferDevicePixelRatio()) replot();
        });
    }
    void addLayers()
    {
        const auto item = [this](const QString& layer, auto paint) {
            auto* const made = new TimelineItem(
                plot, [this, paint](QCPPainter& painter, const QRect& area) { (this->*paint)(painter, area); });
            made->setLayer(layer);
        };
        QString below = QStringLiteral("axes");
        for (const QString& name : {QStringLiteral("future"), QStringLiteral("marks"), QStringLiteral("playhead")}) {
            plot->addLayer(name, plot->layer(below), QCustomPlot::limAbove);
            plot->layer(name)->setMode(QCPLayer::lmBuffered);
            below = name;
        }
        item(QStringLiteral("main"), &Parts::paintDensity);
        item(QStringLiteral("future"), &Parts::paintFuture);
        item(QStringLiteral("marks"), &Parts::paintMarks);
        item(QStringLiteral("playhead"), &Parts::paintPlayhead);
    }
    QLayout* buildFoot()
    {
        zoneButton = new QToolButton;
        zoneButton->setAutoRaise(true);
        zoneButton->setPopupMode(QToolButton::InstantPopup);
        zoneButton->setFixedWidth(kLeft - 10);
        zoneButton->setAccessibleName(tr("Time zone"));
        auto* const menu = new QMenu(zoneButton);
        menu->addAction(QStringLiteral("UTC"), &m_widget, [this] { emit m_widget.zoneChosen(Zone::Utc); });
        menu->addAction(tr("This computer's time zone"), &m_widget, [this] { emit m_widget.zoneChosen(Zone::Local); });
        zoneButton->setMenu(menu);
        strip = new OverviewStrip;
        connect(strip, &OverviewStrip::rangeWanted, &m_widget,
                [this](const base::TimeRange& range) { go(range, Cause::Overview); });
        connect(strip, &OverviewStrip::dragBegan, &m_widget, [this] { m_sinceLast.invalidate(); });
        auto* const foot = new QHBoxLayout;
        foot->setContentsMargins(4, 0, kRight, 0);
        foot->setSpacing(6);
        foot->addWidget(zoneButton);
        foot->addWidget(strip, 1);
        return foot;
    }

    /// What is told of a pixel has no use for nanoseconds, unless that is what is seen.
    [[nodiscard]] base::Time roundMs(base::Time time) const
    {
        const double pixel = scale().nanosPerPixel();
        const std::uint32_t unit = pixel >= 1e6 ? 1'000'000 : pixel >= 1e3 ? 1000 : 1;
        return {time.seconds, time.nanos / unit * unit};
    }

    void labelAxes(const RateScale& rates, const QRect& area)
    {
        const QFontMetrics metrics(plot->xAxis->tickLabelFont());
        const int labelWidth = metrics.horizontalAdvance(QStringLiteral("00:00:00.000")) + 24;
        auto times = QSharedPointer<QCPAxisTickerText>::create();
        for (const TimeTick& tick : timeTicks(scale(), timeZone(zone), labelWidth)) {
            const double x = scale().x(tick.time);
            const int half = metrics.horizontalAdvance(tick.label) / 2;
            if (x + half + 2 <= area.width() + kRight) times->addTick(x, tick.label);
        }
        plot->xAxis->setTicker(times);
        plot->xAxis->setRange(0, area.width());
        auto counts = QSharedPointer<QCPAxisTickerText>::create();
        for (const RateScale::Tick& tick : rates.ticks) counts->addTick(tick.count, tick.label);
        plot->yAxis->setTicker(counts);
        plot->yAxis->setRange(0, rates.top);
    }

    void paintDensity(QCPPainter& painter, const QRect& area)
    {
        painter.drawImage(area.topLeft(), m_picture);
        for (const IncompleteRange& range : incomplete) paintIncomplete(painter, area, range);
    }
    void paintIncomplete(QCPPainter& painter, const QRect& area, const IncompleteRange& range)
    {
        const double left = std::clamp(xOf(range.range.from), double(area.left()), double(area.right() + 1));
        const double right = std::clamp(xOf(range.range.to), left, double(area.right() + 1));
        if (right - left < 1) return;
        painter.fillRect(QRectF(left, area.top(), right - left, area.height()),
                         QBrush(mixed(colours.secondary, colours.panel, 0.35), Qt::BDiagPattern));
        painter.setFont(plot->xAxis->tickLabelFont());
        painter.setPen(colours.secondary);
        const QFontMetrics metrics(painter.font());
        const int width = metrics.horizontalAdvance(range.words) + 4; // hinting may need more than was measured
        const bool fitsBeside = right + 6 + width <= area.right();
        const double x = fitsBeside ? right + 6 : std::max(left + 6, std::min(right, area.right() - 6.0) - width - 6);
        const QRectF words(x, area.top(), std::min<double>(width, area.right() - x), metrics.height() + 2);
        if (!fitsBeside) painter.fillRect(words.adjusted(-3, 0, 3, 0), colours.panel);
        painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                         metrics.elidedText(range.words, Qt::ElideRight, static_cast<int>(words.width())));
    }

    void paintMarks(QCPPainter& painter, const QRect& area)
    {
        if (selected) paintBand(painter, area, *selected);
        if (m_gesture == Gesture::Selecting) paintBand(painter, area, selecting());
        for (const Pennant& pennant : pennants) paintPennant(painter, area, pennant);
        const std::array<QColor, 2> inks = {colours.accent, colours.types[2]};
        const bool areNear = marks[0] && marks[1] && std::abs(xOf(*marks[0]) - xOf(*marks[1])) < 16;
        for (std::size_t i = 0; i < 2; ++i) {
            if (!marks[i] || !visible.contains(*marks[i])) continue;
            const double shift = areNear ? (i == 0 ? -8 : 8) : 0;
            paintMark(painter, area, xOf(*marks[i]), shift, inks[i],
                      i == 0 ? QStringLiteral("A") : QStringLiteral("B"));
        }
        paintDots(painter, area);
        if (!m_widget.hasFocus()) return;
        painter.setPen(colours.accent);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(area.adjusted(0, 0, -1, 0));
    }
    /// Its pole and a small flag to the right; the name is told when the mouse is there (hover).
    void paintPennant(QCPPainter& painter, const QRect& area, const Pennant& pennant)
    {
        if (!visible.contains(pennant.time)) return;
        const double x = xOf(pennant.time);
        painter.fillRect(QRectF(x - 0.5, 1, 1, area.bottom()), colours.secondary);
        painter.setAntialiasing(true);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours.secondary);
        painter.drawPolygon(QPolygonF({{x, 1.0}, {x + kPennant, 6.0}, {x, 11.0}}));
        painter.setAntialiasing(false);
    }
    /// The names of those that the mouse is at.
    [[nodiscard]] QString pennantText(double x) const
    {
        QString names;
        for (const Pennant& pennant : pennants) {
            const double off = x - xOf(pennant.time);
            if (!visible.contains(pennant.time) || off < -2 || off > kPennant) continue;
            names += QLatin1Char('\n') + pennant.name;
        }
        return names;
    }
    void paintDots(QCPPainter& painter, const QRect& area)
    {
        painter.setAntialiasing(true);
        painter.setPen(Qt::NoPen);
        double last = -kDots;
        for (const HistoryDot& dot : dots) {
            const double x = xOf(dot.time);
            // One to a pixel.
            if (x < area.left() || x > area.right() + 1 || std::abs(x - last) < 1) continue;
            last = x;
            painter.setBrush(dot.isBehind ? dot.colour : colours.dimmed(dot.colour));
            painter.drawEllipse(QPointF(x, area.bottom() + 1 + kDots / 2.0), 3.2, 3.2);
        }
        painter.setAntialiasing(false);
    }
    void paintMark(QCPPainter& painter, const QRect& area, double x, double shift, const QColor& ink,
                   const QString& letter)
    {
        painter.fillRect(QRectF(x - 0.75, kTop - 4, 1.5, area.bottom() - kTop + 5), ink);
        const QRectF flag(x - 8 + shift, 1, 16, 14);
        painter.fillRect(flag, ink);
        QFont font = plot->xAxis->tickLabelFont();
        font.setBold(true);
        painter.setFont(font);
        painter.setPen(colours.onAccent());
        painter.drawText(flag, Qt::AlignCenter, letter);
    }
    void paintBand(QCPPainter& painter, const QRect& area, const base::TimeRange& range)
    {
        const double left = std::clamp(xOf(range.from), double(area.left()), double(area.right() + 1));
        const double right = std::clamp(xOf(range.to), left, double(area.right() + 1));
        QColor fill = colours.accent;
        fill.setAlpha(colours.isDark() ? 60 : 38);
        painter.fillRect(QRectF(left, area.top(), right - left, area.height()), fill);
        painter.fillRect(QRectF(left, area.top(), 1, area.height()), colours.accent);
        painter.fillRect(QRectF(right - 1, area.top(), 1, area.height()), colours.accent);
    }

    /// Where the playhead is drawn; before the axis where it stands before all events.
    [[nodiscard]] double playheadX(const QRect& area) const
    {
        if (m_gesture == Gesture::Scrubbing) return m_at;
        return playhead ? xOf(*playhead) : area.left() - 100.0;
    }
    void paintFuture(QCPPainter& painter, const QRect& area)
    {
        const double from = std::max<double>(playheadX(area), area.left());
        if (density.events() == 0 || from > area.right()) return;
        QColor veil = colours.panel;
        veil.setAlpha(150);
        painter.fillRect(QRectF(from, area.top(), area.right() + 1 - from, area.height()), veil);
    }
    void paintPlayhead(QCPPainter& painter, const QRect& area)
    {
        const double x = playheadX(area);
        if (density.events() == 0 || x < area.left() || x > area.right() + 1) return;
        painter.fillRect(QRectF(x - 1, kTop - 6, 2, area.bottom() - kTop + 7), colours.text);
        painter.setAntialiasing(true);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours.text);
        painter.drawPolygon(QPolygonF({{x - 6, 4.0}, {x + 6, 4.0}, {x, 13.0}}));
        painter.setAntialiasing(false);
    }

    bool press(QMouseEvent* event)
    {
        m_widget.setFocus(Qt::MouseFocusReason);
        m_from = m_at = event->position().x();
        m_before = visible;
        const bool isOnPlayhead = playhead && std::abs(xOf(*playhead) - m_at) <= kGrab;
        if (event->modifiers() & Qt::ShiftModifier) {
            m_gesture = Gesture::Selecting;
        } else if (isOnPlayhead) {
            m_gesture = Gesture::Scrubbing;
            emit m_widget.scrubBegan();
        } else {
            m_gesture = Gesture::Pressed;
        }
        return true;
    }
    void move(QMouseEvent* event)
    {
        const QRect area = plot->axisRect()->rect();
        m_at = std::clamp(event->position().x(), double(area.left()), double(area.right()));
        if (m_gesture == Gesture::Pressed && std::abs(event->position().x() - m_from) >= kDragFrom) {
            m_gesture = Gesture::Panning;
            m_sinceLast.invalidate();
        }
        if (m_gesture == Gesture::Panning) {
            const double nanos = (m_from - event->position().x()) * scale().nanosPerPixel();
            go(panned(m_before, nanos, wholeRange(density)), Cause::Drag);
        } else if (m_gesture == Gesture::Scrubbing) {
            redrawPlayhead();
            emit m_widget.playheadMoved(timeAt(m_at));
        } else if (m_gesture == Gesture::Selecting) {
            redrawMarks();
        }
        const bool isOnPlayhead = playhead && std::abs(xOf(*playhead) - event->position().x()) <= kGrab;
        plot->setCursor(m_gesture == Gesture::Panning ? Qt::ClosedHandCursor
                        : isOnPlayhead                ? Qt::SizeHorCursor
                                                      : Qt::ArrowCursor);
    }
    bool release(QMouseEvent* event)
    {
        const Gesture gesture = std::exchange(m_gesture, Gesture::None);
        if (gesture == Gesture::Pressed) emit m_widget.playheadMoved(timeAt(event->position().x()));
        if (gesture == Gesture::Selecting) {
            redrawMarks();
            if (std::abs(m_at - m_from) >= kDragFrom) emit m_widget.rangeSelected(selecting());
        }
        if (gesture == Gesture::Scrubbing) {
            emit m_widget.scrubEnded();
            redrawPlayhead();
        }
        return true;
    }
    [[nodiscard]] base::TimeRange selecting() const
    {
        return {roundMs(timeAt(std::min(m_from, m_at))), roundMs(timeAt(std::max(m_from, m_at)))};
    }

    TimelineWidget& m_widget;
    QImage m_picture;
    bool m_isDrawn = false;
    Gesture m_gesture = Gesture::None;
    double m_from = 0; ///< where the button was pressed, in pixels of the plot
    double m_at = 0; ///< where the pointer is now, on the axis
    base::TimeRange m_before{}; ///< what was seen when the button was pressed
    Cause m_lastCause = Cause::Call;
    QElapsedTimer m_sinceLast;
    QTimer m_detailTimer;
};

TimelineWidget::TimelineWidget(QWidget* parent) : QWidget(parent)
{
    m_parts = std::make_unique<Parts>(*this); // not before: events come here while they are made
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Timeline"));
    setObjectName(QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    setMinimumSize(240, kLeastHeight);
}

TimelineWidget::~TimelineWidget() = default;

void TimelineWidget::setColours(const Colours& colours)
{
    m_parts->colours = colours;
    m_parts->restyle();
}

void TimelineWidget::setZone(Zone zone)
{
    m_parts->zone = zone;
    m_parts->restyle();
    m_parts->tellSummary();
}

Zone TimelineWidget::zone() const
{
    return m_parts->zone;
}

void TimelineWidget::setDensity(const replay::Density& density)
{
    const bool sawAll = m_parts->seesAll();
    m_parts->density = density;
    m_parts->detail = {};
    m_parts->strip->setDensity(density);
    if (sawAll) m_parts->history.clear();
    m_parts->see(sawAll ? wholeRange(density) : fitted(m_parts->visible, wholeRange(density)));
}

void TimelineWidget::setDetail(const replay::Density& density)
{
    m_parts->detail = density;
    m_parts->redraw();
}

void TimelineWidget::setIncomplete(const std::vector<IncompleteRange>& ranges)
{
    m_parts->incomplete = ranges;
    m_parts->replot();
}

void TimelineWidget::setPlayhead(std::optional<base::Time> time)
{
    if (time == m_parts->playhead) return;
    m_parts->playhead = time;
    m_parts->redrawPlayhead();
}

void TimelineWidget::setMark(Mark mark, std::optional<base::Time> time)
{
    std::optional<base::Time>& here = m_parts->marks[mark == Mark::A ? 0 : 1];
    if (here == time) return;
    here = time;
    m_parts->redrawMarks();
}

void TimelineWidget::setPennants(std::vector<Pennant> pennants)
{
    if (m_parts->pennants == pennants) return;
    m_parts->pennants = std::move(pennants);
    m_parts->redrawMarks();
}

void TimelineWidget::setDots(std::vector<HistoryDot> dots)
{
    if (dots == m_parts->dots) return;
    m_parts->dots = std::move(dots);
    m_parts->redrawMarks();
}

void TimelineWidget::setSelectedRange(const std::optional<base::TimeRange>& range)
{
    if (range == m_parts->selected) return;
    m_parts->selected = range;
    m_parts->redrawMarks();
}

void TimelineWidget::setLanes(const std::vector<LagLane>& lanes)
{
    m_parts->lanes->setLanes(lanes);
    m_parts->makeRoom();
}

void TimelineWidget::setTransactions(std::shared_ptr<const Transactions> all)
{
    m_parts->transactions->setTransactions(std::move(all));
    m_parts->makeRoom();
}

const base::TimeRange& TimelineWidget::visibleRange() const
{
    return m_parts->visible;
}

void TimelineWidget::show(const base::TimeRange& range)
{
    m_parts->go(range, Cause::Call);
}

void TimelineWidget::showAll()
{
    m_parts->go(wholeRange(m_parts->density), Cause::Call);
}

void TimelineWidget::follow(const base::TimeRange& range)
{
    m_parts->see(fitted(range, wholeRange(m_parts->density)));
}

void TimelineWidget::zoom(double factor)
{
    m_parts->zoom(factor, m_parts->natural(), Cause::Keys);
}

void TimelineWidget::back()
{
    m_parts->back();
}

bool TimelineWidget::canGoBack() const
{
    return !m_parts->history.empty();
}

QString TimelineWidget::summary() const
{
    return m_parts->summary();
}

bool TimelineWidget::eventFilter(QObject* watched, QEvent* event)
{
    // While the parts are made there are none to ask.
    if (!m_parts || watched != m_parts->plot) return QWidget::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::MouseButtonRelease:
        return m_parts->mouse(static_cast<QMouseEvent*>(event));
    case QEvent::Wheel:
        m_parts->wheel(static_cast<QWheelEvent*>(event));
        return true;
    case QEvent::ToolTip:
        m_parts->hover(static_cast<QHelpEvent*>(event));
        return true;
    default:
        return false;
    }
}

void TimelineWidget::keyPressEvent(QKeyEvent* event)
{
    const base::TimeRange whole = wholeRange(m_parts->density);
    const double far = base::nanosBetween(whole.from, whole.to);
    switch (event->key()) {
    case Qt::Key_Left:
        return m_parts->pan(-0.1, Cause::Keys);
    case Qt::Key_Right:
        return m_parts->pan(0.1, Cause::Keys);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(1.5);
    case Qt::Key_Minus:
        return zoom(1 / 1.5);
    case Qt::Key_Home:
        return m_parts->go(panned(m_parts->visible, -far, whole), Cause::Keys);
    case Qt::Key_End:
        return m_parts->go(panned(m_parts->visible, far, whole), Cause::Keys);
    case Qt::Key_0:
        return showAll();
    case Qt::Key_Backspace:
        return back();
    default:
        QWidget::keyPressEvent(event);
    }
}

void TimelineWidget::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    m_parts->redrawMarks();
}

void TimelineWidget::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    m_parts->redrawMarks();
}

void TimelineWidget::changeEvent(QEvent* event)
{
    if (m_parts && event->type() == QEvent::FontChange) m_parts->restyle();
    QWidget::changeEvent(event);
}

} // namespace leftfold::ui
