// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/density.h"
#include "ui/colours.h"
#include "ui/time_text.h"
#include "ui/timeline/lag_lanes.h"
#include "ui/timeline/transaction_lane.h"

#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

namespace leftfold::ui {

/// A stretch of the axis of which the log does not hold everything, and what to say about it.
struct IncompleteRange {
    base::TimeRange range;
    QString words; ///< "orders[2]: expired before @1042"
    friend bool operator==(const IncompleteRange&, const IncompleteRange&) = default;
};

/// An event of the aggregate that is shown, below the axis.
struct HistoryDot {
    base::Time time;
    QColor colour;
    bool isBehind = true; ///< the playhead
    friend bool operator==(const HistoryDot&, const HistoryDot&) = default;
};

enum class Mark { A, B };

/// A place with a name: a pennant above the axis.
struct Pennant {
    base::Time time;
    QString name;
    friend bool operator==(const Pennant&, const Pennant&) = default;
};

/// The log on its time axis: stacked density by type, the playhead, the marks A and B, what is incomplete, and below it an
/// overview of the whole log with the part that is seen. What it is given it shows; what a person does with it, it tells.
///
/// The wheel zooms at the pointer; dragging pans; Shift and dragging selects a stretch; a click moves the playhead, and dragging the
/// playhead scrubs. Keys: Left and Right pan, + and - zoom, Home and End show the beginning and the end, 0 everything, Backspace
/// what was seen before. Moving the playhead or a mark repaints only its own layer.
class TimelineWidget : public QWidget {
    Q_OBJECT

public:
    explicit TimelineWidget(QWidget* parent = nullptr);
    ~TimelineWidget() override;

    void setColours(const Colours& colours);
    void setZone(Zone zone);
    [[nodiscard]] Zone zone() const;

    /// The whole log. If everything was seen before, everything is seen again; else what is seen stays.
    void setDensity(const replay::Density& density);
    /// A stretch of it in finer buckets, as `detailWanted` asked for; it is drawn where it covers all that is seen.
    void setDetail(const replay::Density& density);
    void setIncomplete(const std::vector<IncompleteRange>& ranges);
    /// The effective time of the last event behind the playhead; none: it stands before the first event.
    void setPlayhead(std::optional<base::Time> time);
    void setMark(Mark mark, std::optional<base::Time> time);
    void setPennants(std::vector<Pennant> pennants);
    /// In the order of their times.
    void setDots(std::vector<HistoryDot> dots);
    /// The stretch that is a filter now, lit; none: no such filter.
    void setSelectedRange(const std::optional<base::TimeRange>& range);

    /// One a view, on the same axis.
    void setLanes(const std::vector<LagLane>& lanes);
    /// A lane of their own; null or empty: none.
    void setTransactions(std::shared_ptr<const Transactions> all);

    [[nodiscard]] const base::TimeRange& visibleRange() const;
    /// What is seen now can be come back to by `back`.
    void show(const base::TimeRange& range);
    void showAll();
    /// The same without a step back: what is seen goes along with a log that grows.
    void follow(const base::TimeRange& range);
    void zoom(double factor); ///< at the playhead where it is seen, else in the middle; above 1: closer
    void back();
    [[nodiscard]] bool canGoBack() const;
    /// "2026-11-14 00:00 → 2026-11-21 09:12 UTC · 7 d 9 h · 1,204,311 events": for the panel's title.
    [[nodiscard]] QString summary() const;

signals:
    /// A person put the playhead there (click), or is dragging it there (scrub: one for each move).
    void playheadMoved(base::Time time);
    void scrubBegan();
    void scrubEnded();
    void rangeSelected(base::TimeRange range);
    void visibleRangeChanged(base::TimeRange range);
    void summaryChanged(QString summary);
    void zoneChosen(leftfold::ui::Zone zone);
    void laneChosen(QString name);
    void transactionChosen(replay::TransactionSpan span);
    /// What is seen is finer than the buckets of the whole log: `replay::Density::read` of this stretch would show it exactly.
    void detailWanted(base::TimeRange range);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    class Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace leftfold::ui
