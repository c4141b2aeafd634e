// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/colours.h"

#include <QImage>
#include <functional>
#include <qcustomplot.h>

namespace leftfold::ui {

/// Anything painted over the plot's axis rectangle by a function: items of QCustomPlot that draw shapes point by point
/// cost 20 ms a frame here, a picture 2 ms (measured.md).
class TimelineItem : public QCPAbstractItem {
    Q_OBJECT

public:
    /// `paint` gets the axis rectangle, in pixels of the plot.
    TimelineItem(QCustomPlot* plot, std::function<void(QCPPainter&, const QRect&)> paint);
    /// Nothing is hit: the widget that owns the plot knows what lies where.
    double selectTest(const QPointF& pos, bool onlySelectable, QVariant* details = nullptr) const override;

protected:
    void draw(QCPPainter* painter) override;
    [[nodiscard]] QRect clipRect() const override;

private:
    std::function<void(QCPPainter&, const QRect&)> m_paint;
};

} // namespace leftfold::ui
