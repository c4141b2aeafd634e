// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time_range.h"
#include "core/workspace/state.h"
#include "ui/colours.h"
#include "ui/time_text.h"

#include <QWidget>
#include <memory>

namespace leftfold::ui {

/// Which number of a bucket is drawn.
enum class Measure { Sum, Mean, Smallest, Largest, Points };

/// A drawn point: where, how high, and what a click goes to.
struct DrawnPoint {
    base::Time time;
    double value = 0;
    std::optional<event::EventIndex> event; ///< none: of a bucket
    friend bool operator==(const DrawnPoint&, const DrawnPoint&) = default;
};
/// The points of an answer in the order of their times; those before any time is known are left out.
[[nodiscard]] std::vector<DrawnPoint> drawnPoints(const workspace::Plotted& plotted, Measure measure);
/// A round width of buckets that makes some hundred of them at most.
[[nodiscard]] std::chrono::seconds roundWidth(const base::TimeRange& range);

/// A function of state and event along the time of the log: at each event of the chosen aggregate, or by buckets over all.
class PlotPanel : public QWidget {
    Q_OBJECT

public:
    explicit PlotPanel(QWidget* parent = nullptr);
    ~PlotPanel() override;
    void setColours(const Colours& colours);
    void setZone(Zone zone);
    /// What is seen of the axis.
    void setRange(const base::TimeRange& range);
    void show(const workspace::Open& open, const workspace::Open* before);
    /// Draws this of the chosen aggregate.
    void draw(const QString& function);
    void editFunction();
    /// Where a drawn point is, in pixels of the panel; outside where it is not seen.
    [[nodiscard]] QPoint placeOf(std::size_t point) const;

signals:
    void plotWanted(leftfold::workspace::PlotChoice choice);
    void goToWanted(quint64 eventIndex);
    void goToTimeWanted(base::Time time);
    void rangeWanted(base::TimeRange range); ///< a person zoomed

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    class Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace leftfold::ui
