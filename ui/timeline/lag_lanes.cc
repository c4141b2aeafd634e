// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lag_lanes.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

namespace leftfold::ui {

namespace {

constexpr int kLaneHeight = 14;
constexpr double kBar = 5;
constexpr double kMarkWidth = 4;
constexpr int kSignWidth = 14;

} // namespace

LaneShape laneShape(const LagLane& lane, const TimeScale& scale)
{
    const double end = scale.x(lane.end);
    const double from = lane.from ? scale.x(*lane.from) : end;
    LaneShape shape;
    if (from >= 0 && from <= scale.width) shape.mark = from;
    const double left = std::clamp(from, 0.0, scale.width);
    const double right = std::clamp(end, 0.0, scale.width);
    if (lane.from && right > left) shape.lag = {left, right};
    return shape;
}

LagLanes::LagLanes(int left, int right, QWidget* parent) : QWidget(parent), m_left(left), m_right(right)
{
    setAccessibleName(tr("Where the added views stand"));
    setLanes({});
}

void LagLanes::setColours(const Colours& colours)
{
    m_colours = colours;
    update();
}

void LagLanes::setLanes(std::vector<LagLane> lanes)
{
    if (lanes.size() > kMostLanes) lanes.resize(kMostLanes);
    m_lanes = std::move(lanes);
    QStringList words;
    for (const LagLane& lane : m_lanes) words += lane.words;
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    setFixedHeight(static_cast<int>(m_lanes.size()) * kLaneHeight);
    setVisible(!m_lanes.empty());
    update();
}

void LagLanes::setScale(const TimeScale& scale)
{
    m_scale = scale;
    update();
}

void LagLanes::setPlayhead(std::optional<base::Time> time)
{
    if (time == m_playhead) return;
    m_playhead = time;
    update();
}

void LagLanes::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_colours.panel);
    painter.setFont(scaled(font(), 0.9));
    QRectF area(0, 0, width(), kLaneHeight);
    for (const LagLane& lane : m_lanes) {
        paintLane(painter, lane, area);
        area.translate(0, kLaneHeight);
    }
    const double at = m_playhead ? m_scale.x(*m_playhead) : -1;
    if (at >= 0 && at <= m_scale.width) painter.fillRect(QRectF(m_left + at - 1, 0, 2, height()), m_colours.text);
}

void LagLanes::paintLane(QPainter& painter, const LagLane& lane, const QRectF& area) const
{
    const QRectF sign(4, area.top(), kSignWidth, area.height());
    const QRectF name(sign.right(), area.top(), m_left - sign.right() - 6, area.height());
    painter.setPen(lane.ink);
    painter.drawText(sign, Qt::AlignCenter, lane.sign);
    painter.setPen(m_colours.secondary);
    painter.drawText(
        name, Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetrics(painter.font()).elidedText(lane.name, Qt::ElideRight, static_cast<int>(name.width())));
    const double top = area.center().y() - kBar / 2;
    painter.fillRect(QRectF(m_left, top, m_scale.width, kBar), m_colours.line);
    const LaneShape shape = laneShape(lane, m_scale);
    if (shape.lag) {
        QColor shade = lane.ink;
        shade.setAlpha(m_colours.isDark() ? 150 : 110);
        painter.fillRect(QRectF(m_left + shape.lag->first, top, shape.lag->second - shape.lag->first, kBar), shade);
    }
    if (shape.mark)
        painter.fillRect(QRectF(m_left + *shape.mark - kMarkWidth / 2, area.top() + 2, kMarkWidth, kLaneHeight - 4),
                         lane.ink);
}

const LagLane* LagLanes::laneAt(double y) const
{
    const auto row = static_cast<std::size_t>(std::max(0.0, y) / kLaneHeight);
    return row < m_lanes.size() ? &m_lanes[row] : nullptr;
}

bool LagLanes::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const LagLane* lane = laneAt(help->pos().y())) QToolTip::showText(help->globalPos(), lane->words, this);
    return true;
}

void LagLanes::mousePressEvent(QMouseEvent* event)
{
    if (const LagLane* lane = laneAt(event->position().y())) emit laneChosen(lane->name);
}

} // namespace leftfold::ui
