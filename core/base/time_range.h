// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

namespace leftfold::base {

/// A stretch of time, from `from` on and before `to`.
struct TimeRange {
    Time from;
    Time to;

    [[nodiscard]] bool contains(Time time) const { return from <= time && time < to; }
    friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

/// How many nanoseconds lie between two times; negative where `to` is earlier. Exact below 2^53 ns (104 days), beyond that
/// to 53 bits.
[[nodiscard]] double nanosBetween(Time from, Time to);
/// A time so many nanoseconds later, or earlier; at most the last time there is, and later than kBeginningOfTime.
[[nodiscard]] Time plusNanos(Time time, double nanos);

} // namespace leftfold::base
