// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/density.h"
#include "ui/colours.h"

#include <QImage>
#include <QString>
#include <QTimeZone>
#include <vector>

/// What the timeline paints, worked out without a window.
namespace leftfold::ui {

/// Nothing is shown closer than this from edge to edge.
inline constexpr double kMinVisibleNanos = 1000;

/// The axis as pixels: `range` is seen over `width` of them.
struct TimeScale {
    base::TimeRange range;
    double width = 1;

    [[nodiscard]] double nanosPerPixel() const { return base::nanosBetween(range.from, range.to) / width; }
    /// Beyond the range it is left of 0 or right of `width`.
    [[nodiscard]] double x(base::Time time) const { return base::nanosBetween(range.from, time) / nanosPerPixel(); }
    [[nodiscard]] base::Time at(double x) const { return base::plusNanos(range.from, x * nanosPerPixel()); }
};

/// All of a log, with a little air on both sides; something also where there is one moment only, or none.
[[nodiscard]] base::TimeRange wholeRange(const replay::Density& density);
/// `factor` times closer, with the time at `anchor` staying where it is; within `whole` and not closer than kMinVisibleNanos.
[[nodiscard]] base::TimeRange zoomed(const base::TimeRange& range, base::Time anchor, double factor,
                                     const base::TimeRange& whole);
/// Moved by so many nanoseconds, as far as `whole` goes.
[[nodiscard]] base::TimeRange panned(const base::TimeRange& range, double nanos, const base::TimeRange& whole);
/// Brought inside `whole`, and not closer than allowed.
[[nodiscard]] base::TimeRange fitted(const base::TimeRange& range, const base::TimeRange& whole);

struct TimeTick {
    base::Time time;
    QString label; ///< "Nov 14", "14:30", "14:03:22.118"
    friend bool operator==(const TimeTick&, const TimeTick&) = default;
};
/// Ticks at round times of the zone, at least `labelWidth` pixels apart; a tick at midnight has the date.
[[nodiscard]] std::vector<TimeTick> timeTicks(const TimeScale& scale, const QTimeZone& zone, double labelWidth);

/// The densities of one picture: a column a pixel.
struct Columns {
    std::size_t lanes = 0;
    std::vector<float> counts; ///< [column * lanes + lane]
    double offset = 0; ///< the first column begins so many pixels left of the axis, below 1
    double columnNanos = 1;

    [[nodiscard]] std::size_t size() const { return lanes == 0 ? 0 : counts.size() / lanes; }
    [[nodiscard]] double total(std::size_t column) const;
    [[nodiscard]] double highest() const;
};
/// Columns as wide as a pixel, their edges at multiples of that from the beginning of the log, so that panning moves them and does
/// not cut them anew.
[[nodiscard]] Columns columnsFor(const TimeScale& scale, const replay::Density& density);

/// The y axis: rates up to `top`, which is round.
struct RateScale {
    double top = 1; ///< events a column
    double unitNanos = 1e9; ///< of the labels: a second, a minute, an hour, a day
    struct Tick {
        double count = 0; ///< events a column
        QString label; ///< "40k/h"
    };
    std::vector<Tick> ticks;
};
[[nodiscard]] RateScale rateScale(double highestCount, double columnNanos);

/// Where the lanes of a column end, from the bottom up, in pixels: rounded so that the sum is right, and what holds an event at all is
/// one pixel high.
[[nodiscard]] std::vector<int> stacked(const float* counts, std::size_t lanes, double top, int height);
/// The columns as a picture, transparent where there is nothing.
[[nodiscard]] QImage paintColumns(const Columns& columns, double top, const QSize& size, const Colours& colours);

/// "OrderPlaced 12 · ItemAdded 3": what is in a column, for the pointer on it.
[[nodiscard]] QString columnText(const Columns& columns, std::size_t column, const replay::Density& density);

} // namespace leftfold::ui
