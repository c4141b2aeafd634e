// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/history_dots.h"

#include "ui/texts.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace leftfold::ui {

namespace {

constexpr double kMargin = 14;
constexpr double kLine = 16; ///< the y of the dots
constexpr double kReach = 7; ///< how near a click must be

} // namespace

std::vector<double> dotPlaces(const std::vector<workspace::EventAt>& events, double width, double margin)
{
    std::vector<double> places;
    if (events.empty()) return places;
    const double room = std::max(0.0, width - 2 * margin);
    const base::Time first = events.front().time;
    const double span = base::nanosBetween(first, events.back().time);
    const bool isKnown = first != base::kBeginningOfTime && span > 0;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const double even = events.size() < 2 ? 0.5 : static_cast<double>(i) / static_cast<double>(events.size() - 1);
        const double share = isKnown ? std::clamp(base::nanosBetween(first, events[i].time) / span, 0.0, 1.0) : even;
        places.push_back(margin + share * room);
    }
    return places;
}

HistoryDots::HistoryDots(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Events of the aggregate along the time"));
}

void HistoryDots::setColours(const Colours& colours)
{
    m_colours = colours;
    update();
}

void HistoryDots::setZone(Zone zone)
{
    m_zone = zone;
    update();
}

void HistoryDots::setTypes(const std::vector<std::string>& byRank)
{
    if (m_types == byRank) return;
    m_types = byRank;
    update();
}

void HistoryDots::setHistory(std::shared_ptr<const workspace::History> history)
{
    m_history = std::move(history);
    m_focused.reset();
    update();
}

void HistoryDots::setCut(const capture::OrdinalCut& cut)
{
    if (m_cut == cut) return;
    m_cut = cut;
    m_focused.reset();
    update();
}

/// The last event behind the playhead.
std::optional<std::size_t> HistoryDots::current() const
{
    std::optional<std::size_t> last;
    if (!m_history) return last;
    for (std::size_t i = 0; i < m_history->events.size(); ++i) {
        const capture::Location location = m_history->events[i].location;
        if (location.partition < m_cut.next.size() && m_cut.contains(location)) last = i;
    }
    return last;
}

QColor HistoryDots::colourOf(const workspace::EventAt& event) const
{
    const auto rank = static_cast<std::size_t>(std::ranges::find(m_types, event.type) - m_types.begin());
    return m_colours.types[std::min(rank, m_colours.types.size() - 1)];
}

void HistoryDots::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_colours.panel);
    if (!m_history || m_history->events.empty()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    const auto& events = m_history->events;
    const std::vector<double> places = dotPlaces(events, width(), kMargin);
    painter.setPen(QPen(m_colours.line, 1));
    painter.drawLine(QPointF(kMargin, kLine), QPointF(width() - kMargin, kLine));
    const auto now = current();
    double lastPainted = -1;
    for (std::size_t i = 0; i < events.size(); ++i) {
        // Nothing smaller than a pixel is drawn twice.
        if (i != now && std::abs(places[i] - lastPainted) < 0.5) continue;
        lastPainted = places[i];
        const bool isBehind = events[i].location.partition < m_cut.next.size() && m_cut.contains(events[i].location);
        painter.setPen(Qt::NoPen);
        painter.setBrush(isBehind ? colourOf(events[i]) : m_colours.dimmed(colourOf(events[i])));
        painter.drawEllipse(QPointF(places[i], kLine), 4, 4);
    }
    if (now) {
        painter.setPen(QPen(m_colours.text, 2));
        painter.setBrush(colourOf(events[*now]));
        painter.drawEllipse(QPointF(places[*now], kLine), 5.5, 5.5);
    }
    if (hasFocus() && m_focused) {
        painter.setPen(QPen(m_colours.accent, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(QPointF(places[*m_focused], kLine), 9, 9);
    }
    painter.setPen(m_colours.secondary);
    QFont small = font();
    small.setPixelSize(std::max(9, font().pixelSize() - 2));
    painter.setFont(small);
    const QRectF line(kMargin, kLine + 10, width() - 2 * kMargin, 16);
    const auto timeOf = [&](const workspace::EventAt& event) {
        return dateTimeText(event.time, timeZone(m_zone)).left(16);
    };
    painter.drawText(line, Qt::AlignLeft, timeOf(events.front()));
    if (events.size() > 1) painter.drawText(line, Qt::AlignRight, timeOf(events.back()));
}

std::optional<std::size_t> HistoryDots::dotAt(const QPointF& at) const
{
    if (!m_history || std::abs(at.y() - kLine) > 2 * kReach) return std::nullopt;
    const std::vector<double> places = dotPlaces(m_history->events, width(), kMargin);
    const auto nearest = std::ranges::min_element(places, {}, [&](double x) { return std::abs(x - at.x()); });
    if (nearest == places.end() || std::abs(*nearest - at.x()) > kReach) return std::nullopt;
    return static_cast<std::size_t>(nearest - places.begin());
}

void HistoryDots::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return;
    if (const auto dot = dotAt(event->position())) emit eventChosen(m_history->events[*dot].index.value);
}

void HistoryDots::mouseMoveEvent(QMouseEvent* event)
{
    const auto dot = dotAt(event->position());
    setCursor(dot ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (!dot) return QToolTip::hideText();
    const workspace::EventAt& at = m_history->events[*dot];
    QToolTip::showText(event->globalPosition().toPoint(),
                       QStringLiteral("#%1  %2\n%3")
                           .arg(at.index.value)
                           .arg(typeText(at.type), fullTimeText(at.time, timeZone(m_zone))),
                       this);
}

void HistoryDots::keyPressEvent(QKeyEvent* event)
{
    const bool isArrow = event->key() == Qt::Key_Left || event->key() == Qt::Key_Right;
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!m_history || m_history->events.empty() || (!isArrow && !isEnter)) return QWidget::keyPressEvent(event);
    const std::size_t at = m_focused.value_or(current().value_or(0));
    if (isEnter) {
        emit eventChosen(m_history->events[at].index.value);
        return;
    }
    const std::size_t last = m_history->events.size() - 1;
    m_focused = event->key() == Qt::Key_Left ? at - std::min<std::size_t>(at, 1) : std::min(at + 1, last);
    update();
}

} // namespace leftfold::ui
