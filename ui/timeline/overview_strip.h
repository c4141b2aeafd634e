// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/timeline_layout.h"

#include <QWidget>

namespace leftfold::ui {

/// The whole log in one low strip, and which part of it is seen above. A click or a drag moves that part.
class OverviewStrip : public QWidget {
    Q_OBJECT

public:
    explicit OverviewStrip(QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    void setDensity(const replay::Density& density);
    void setVisibleRange(const base::TimeRange& range);
    void setPlayhead(std::optional<base::Time> time);

signals:
    void rangeWanted(base::TimeRange range);
    void dragBegan();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] TimeScale scale() const;
    void centreAt(double x);

    Colours m_colours = lightColours();
    replay::Density m_density;
    base::TimeRange m_visible{};
    std::optional<base::Time> m_playhead;
    QImage m_picture; ///< of the density; null: to be painted
};

} // namespace leftfold::ui
