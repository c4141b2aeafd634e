// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/colours.h"
#include "ui/timeline/timeline_layout.h"

#include <QRectF>
#include <QWidget>
#include <optional>
#include <vector>

namespace leftfold::ui {

/// A view on the time axis.
struct LagLane {
    QString name;
    QString sign; ///< of its status, beside its colour
    QString words; ///< for the pointer
    QColor ink; ///< of its status
    std::optional<base::Time> from; ///< of the first event that it has not read; none: it has read all
    base::Time end; ///< of the last event there is for it
    friend bool operator==(const LagLane&, const LagLane&) = default;
};

/// What is painted of a lane, in pixels of the axis: where the view stands, and its lag up to the end.
struct LaneShape {
    std::optional<double> mark; ///< none: outside of what is seen
    std::optional<std::pair<double, double>> lag; ///< from, to
};
[[nodiscard]] LaneShape laneShape(const LagLane& lane, const TimeScale& scale);

/// Thin lanes, one a view, on the axis of the timeline above them.
class LagLanes : public QWidget {
    Q_OBJECT

public:
    static constexpr std::size_t kMostLanes = 6;

    /// The axis begins at `left` and ends `right` before the edge.
    LagLanes(int left, int right, QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    /// The first of them; without any it takes no room.
    void setLanes(std::vector<LagLane> lanes);
    void setScale(const TimeScale& scale);
    void setPlayhead(std::optional<base::Time> time);

signals:
    void laneChosen(QString name);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] const LagLane* laneAt(double y) const;
    void paintLane(QPainter& painter, const LagLane& lane, const QRectF& area) const;

    int m_left;
    int m_right;
    std::vector<LagLane> m_lanes;
    TimeScale m_scale;
    std::optional<base::Time> m_playhead;
    Colours m_colours = lightColours();
};

} // namespace leftfold::ui
