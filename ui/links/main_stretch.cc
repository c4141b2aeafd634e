// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/links/main_stretch.h"

#include <numeric>

namespace leftfold::ui {

namespace {

constexpr std::size_t kColumns = 4096;
constexpr double kMostEvents = 0.99;
constexpr double kFarOff = 0.25; ///< of the axis: where the others take more of it, all is shown
constexpr double kMargin = 0.02;

struct Stretch {
    std::size_t first = 0;
    std::size_t last = 0; ///< behind
};

/// The shortest stretch of columns that holds so many events.
Stretch shortestWith(const std::vector<double>& events, double wanted)
{
    Stretch best{0, events.size()};
    double inside = 0;
    std::size_t first = 0;
    for (std::size_t last = 0; last < events.size(); ++last) {
        inside += events[last];
        while (inside - events[first] >= wanted) inside -= events[first++];
        if (inside >= wanted && last + 1 - first < best.last - best.first) best = {first, last + 1};
    }
    return best;
}

} // namespace

base::TimeRange mainStretch(const replay::Density& density)
{
    const base::TimeRange span = density.span();
    const double column = base::nanosBetween(span.from, span.to) / kColumns;
    if (!(column > 0)) return span;
    const std::vector<float> counts = density.counts(span.from, column, kColumns);
    std::vector<double> events(kColumns);
    for (std::size_t i = 0; i < counts.size(); ++i) events[i / density.lanes()] += static_cast<double>(counts[i]);
    const Stretch stretch = shortestWith(events, kMostEvents * std::accumulate(events.begin(), events.end(), 0.0));
    const auto columns = static_cast<double>(stretch.last - stretch.first);
    if (columns > kFarOff * kColumns) return span;
    const double margin = kMargin * columns;
    return {base::plusNanos(span.from, column * (static_cast<double>(stretch.first) - margin)),
            base::plusNanos(span.from, column * (static_cast<double>(stretch.last) + margin))};
}

} // namespace leftfold::ui
