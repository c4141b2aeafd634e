// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lag_plot.h"

#include "core/base/time_range.h"

#include <QPainter>
#include <algorithm>

namespace leftfold::ui {

using workspace::LagPoint;

QPolygonF lagLine(const std::vector<LagPoint>& points, const QRectF& area, std::int64_t top)
{
    QPolygonF line;
    if (points.size() < 2) return line;
    const double nanos = std::max(1.0, base::nanosBetween(points.front().time, points.back().time));
    const double highest = static_cast<double>(std::max<std::int64_t>(1, top));
    for (const LagPoint& point : points) {
        const double x = base::nanosBetween(points.front().time, point.time) / nanos;
        line += QPointF(area.left() + x * area.width(),
                        area.bottom() - static_cast<double>(point.lag) / highest * area.height());
    }
    return line;
}

LagPlot::LagPlot(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("Lag over time"));
    setMinimumSize(160, 64);
}

void LagPlot::setColours(const Colours& colours)
{
    m_colours = colours;
    update();
}

void LagPlot::setZone(Zone zone)
{
    m_zone = zone;
    update();
}

void LagPlot::setHistory(const std::vector<LagPoint>& points)
{
    m_points = points;
    if (!points.empty())
        setAccessibleDescription(
            tr("%1 samples, now %2").arg(points.size()).arg(countText(static_cast<std::uint64_t>(points.back().lag))));
    update();
}

void LagPlot::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setFont(scaled(font(), 0.9));
    const QFontMetrics metrics(painter.font());
    const QRectF area = QRectF(rect()).adjusted(1, metrics.height() + 4, -1, -metrics.height() - 5);
    painter.setPen(m_colours.secondary);
    if (m_points.size() < 2) {
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap,
                         m_points.empty() ? tr("An added view has its lag drawn here")
                                          : tr("The next sample makes a line"));
        return;
    }
    const auto byLag = [](const LagPoint& a, const LagPoint& b) { return a.lag < b.lag; };
    const std::int64_t top = std::ranges::max_element(m_points, byLag)->lag;
    painter.drawText(QRectF(0, 0, width(), metrics.height()), Qt::AlignLeft,
                     tr("lag, at most %1").arg(countText(static_cast<std::uint64_t>(top))));
    const QRectF foot(0, height() - metrics.height() - 1, width(), metrics.height());
    painter.drawText(foot, Qt::AlignLeft, timeOfDayText(m_points.front().time, timeZone(m_zone)).left(8));
    painter.drawText(foot, Qt::AlignRight, timeOfDayText(m_points.back().time, timeZone(m_zone)).left(8));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(m_colours.line);
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    const QPolygonF line = lagLine(m_points, area, top);
    QPolygonF filled = line;
    filled << area.bottomRight() << area.bottomLeft();
    QColor veil = m_colours.accent;
    veil.setAlpha(40);
    painter.setPen(Qt::NoPen);
    painter.setBrush(veil);
    painter.drawPolygon(filled);
    painter.setPen(QPen(m_colours.accent, 1.5));
    painter.drawPolyline(line);
}

} // namespace leftfold::ui
