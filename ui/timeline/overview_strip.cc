// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/overview_strip.h"

#include <QMouseEvent>
#include <QPainter>

namespace leftfold::ui {

OverviewStrip::OverviewStrip(QWidget* parent) : QWidget(parent)
{
    setFixedHeight(20);
    setAccessibleName(tr("Overview"));
    setToolTip(tr("The whole log; drag to move what is seen above"));
}

void OverviewStrip::setColours(const Colours& colours)
{
    m_colours = colours;
    m_picture = {};
    update();
}

void OverviewStrip::setDensity(const replay::Density& density)
{
    m_density = density;
    m_picture = {};
    update();
}

void OverviewStrip::setVisibleRange(const base::TimeRange& range)
{
    if (range == m_visible) return;
    m_visible = range;
    update();
}

void OverviewStrip::setPlayhead(std::optional<base::Time> time)
{
    if (time == m_playhead) return;
    m_playhead = time;
    update();
}

TimeScale OverviewStrip::scale() const
{
    return {wholeRange(m_density), static_cast<double>(std::max(1, width()))};
}

void OverviewStrip::paintEvent(QPaintEvent* /*event*/)
{
    const QSize size = this->size() * devicePixelRatioF();
    if (m_picture.size() != size) {
        const TimeScale wide{wholeRange(m_density), static_cast<double>(std::max(1, size.width()))};
        const Columns columns = columnsFor(wide, m_density);
        m_picture = paintColumns(columns, std::max(columns.highest(), 1e-9), size, m_colours);
        m_picture.setDevicePixelRatio(devicePixelRatioF());
    }
    QPainter painter(this);
    painter.fillRect(rect(), m_colours.header);
    painter.drawImage(0, 0, m_picture);
    const TimeScale at = scale();
    const double left = std::clamp(at.x(m_visible.from), 0.0, at.width);
    const double right = std::clamp(at.x(m_visible.to), left, at.width);
    QColor veil = m_colours.header;
    veil.setAlpha(175);
    painter.fillRect(QRectF(0, 0, left, height()), veil);
    painter.fillRect(QRectF(right, 0, at.width - right, height()), veil);
    painter.setPen(m_colours.accent);
    painter.drawRect(QRectF(left + 0.5, 0.5, std::max(2.0, right - left - 1), height() - 1));
    if (m_playhead) painter.fillRect(QRectF(at.x(*m_playhead), 0, 1, height()), m_colours.text);
}

void OverviewStrip::centreAt(double x)
{
    const double half = base::nanosBetween(m_visible.from, m_visible.to) / 2;
    const base::Time centre = scale().at(x);
    emit rangeWanted({base::plusNanos(centre, -half), base::plusNanos(centre, half)});
}

void OverviewStrip::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton) return;
    emit dragBegan();
    centreAt(event->position().x());
}

void OverviewStrip::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons() & Qt::LeftButton) centreAt(event->position().x());
}

} // namespace leftfold::ui
