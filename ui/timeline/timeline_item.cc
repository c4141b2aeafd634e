// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timeline_item.h"

namespace leftfold::ui {

TimelineItem::TimelineItem(QCustomPlot* plot, std::function<void(QCPPainter&, const QRect&)> paint)
    : QCPAbstractItem(plot),
      m_paint(std::move(paint))
{
    setClipToAxisRect(false);
    setSelectable(false);
}

double TimelineItem::selectTest(const QPointF& /*pos*/, bool /*onlySelectable*/, QVariant* /*details*/) const
{
    return -1;
}

void TimelineItem::draw(QCPPainter* painter)
{
    m_paint(*painter, parentPlot()->axisRect()->rect());
}

QRect TimelineItem::clipRect() const
{
    return parentPlot()->viewport();
}

} // namespace leftfold::ui
