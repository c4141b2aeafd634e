// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/time_range.h"

#include <cmath>

namespace leftfold::base {

namespace {

constexpr double kSecond = 1e9;
constexpr Time kFirst{std::numeric_limits<std::int64_t>::min() + 1, 0};
constexpr Time kLast{std::numeric_limits<std::int64_t>::max(), 999'999'999};

} // namespace

double nanosBetween(Time from, Time to)
{
    const double seconds = static_cast<double>(to.seconds) - static_cast<double>(from.seconds);
    return seconds * kSecond + (static_cast<double>(to.nanos) - static_cast<double>(from.nanos));
}

Time plusNanos(Time time, double nanos)
{
    double seconds = std::floor(nanos / kSecond);
    double rest = std::round(nanos - seconds * kSecond) + time.nanos;
    const double carry = std::floor(rest / kSecond);
    rest -= carry * kSecond;
    seconds += carry;
    // 2^63 is no int64, but its neighbours among the doubles are: beyond it nothing is added up.
    const double reached = static_cast<double>(time.seconds) + seconds;
    if (!(reached > -0x1p63)) return kFirst;
    if (reached >= 0x1p63) return kLast;
    const bool isExact = std::fabs(seconds) < 0x1p62 && std::fabs(static_cast<double>(time.seconds)) < 0x1p62;
    const auto whole = isExact ? time.seconds + static_cast<std::int64_t>(seconds) : static_cast<std::int64_t>(reached);
    return {whole, static_cast<std::uint32_t>(rest)};
}

} // namespace leftfold::base
