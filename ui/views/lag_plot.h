// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/cluster_questions.h"
#include "ui/colours.h"
#include "ui/time_text.h"

#include <QPolygonF>
#include <QWidget>
#include <vector>

namespace leftfold::ui {

/// The lag over time as a line in a rectangle: the lowest is 0, the highest `top`. Empty for less than two points.
[[nodiscard]] QPolygonF lagLine(const std::vector<workspace::LagPoint>& points, const QRectF& area, std::int64_t top);

/// The history of one view's lag, small.
class LagPlot : public QWidget {
    Q_OBJECT

public:
    explicit LagPlot(QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    void setZone(Zone zone);
    void setHistory(const std::vector<workspace::LagPoint>& points);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<workspace::LagPoint> m_points;
    Colours m_colours = lightColours();
    Zone m_zone = Zone::Utc;
};

} // namespace leftfold::ui
