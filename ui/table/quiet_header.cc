// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/table/quiet_header.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>

namespace leftfold::ui {

namespace {

constexpr int kPadding = 8;
constexpr int kArrow = 12; ///< room for the arrow of a sorted column

} // namespace

QuietHeader::QuietHeader(int firstPadding, QWidget* parent)
    : QHeaderView(Qt::Horizontal, parent),
      m_firstPadding(firstPadding)
{
    setFont(scaled(font(), 0.92));
    setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setHighlightSections(false);
    setStretchLastSection(true);
    setMinimumSectionSize(40);
    setFrameShape(NoFrame);
}

void QuietHeader::setColours(const Colours& colours)
{
    m_colours = colours;
    viewport()->update();
}

QSize QuietHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), rowHeight(font())};
}

void QuietHeader::changeEvent(QEvent* event)
{
    QHeaderView::changeEvent(event);
    if (event->type() == QEvent::FontChange) updateGeometries();
}

/// What no section covers looks as the sections do.
void QuietHeader::paintEvent(QPaintEvent* event)
{
    QHeaderView::paintEvent(event);
    QPainter painter(viewport());
    const QRect rest = viewport()->rect().adjusted(std::max(0, length() - offset()), 0, 0, 0);
    painter.fillRect(rest, m_colours.panel);
    painter.setPen(m_colours.line);
    painter.drawLine(rest.bottomLeft(), rest.bottomRight());
}

void QuietHeader::paintSection(QPainter* painter, const QRect& rect, int section) const
{
    const bool isSorted = isSortIndicatorShown() && sortIndicatorSection() == section;
    const QVariant aligned = model()->headerData(section, orientation(), Qt::TextAlignmentRole);
    const int alignment = aligned.isValid() ? aligned.toInt() : static_cast<int>(defaultAlignment());
    QRect text = rect.adjusted(visualIndex(section) == 0 && !(alignment & Qt::AlignRight) ? m_firstPadding : kPadding,
                               0, isSorted ? -kPadding - kArrow : -kPadding, 0);
    painter->fillRect(rect, m_colours.panel);
    painter->setPen(m_colours.line);
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());
    painter->setFont(font());
    painter->setPen(isSorted ? m_colours.text : m_colours.secondary);
    const QString name = model()->headerData(section, orientation(), Qt::DisplayRole).toString();
    painter->drawText(text, alignment | Qt::TextSingleLine,
                      painter->fontMetrics().elidedText(name, Qt::ElideRight, text.width()));
    if (isSorted) paintArrow(*painter, {text.right() + kArrow - 2.0, rect.center().y() + 0.5});
}

void QuietHeader::paintArrow(QPainter& painter, const QPointF& at) const
{
    const double up = sortIndicatorOrder() == Qt::AscendingOrder ? 1 : -1;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_colours.accent);
    painter.drawPolygon(QPolygonF({{-4, 2 * up}, {4, 2 * up}, {0, -3 * up}}).translated(at));
    painter.restore();
}

} // namespace leftfold::ui
