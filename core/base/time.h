// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace leftfold::base {

/// A moment in UTC: seconds since 1970-01-01T00:00:00Z (negative before) and nanoseconds,
/// 0 to 999,999,999, always counted forwards.
struct Time {
    std::int64_t seconds = 0;
    std::uint32_t nanos = 0;

    friend auto operator<=>(const Time&, const Time&) = default;
};

/// Before every time there is: where the effective time of a partition starts.
inline constexpr Time kBeginningOfTime{std::numeric_limits<std::int64_t>::min(), 0};

/// The unit of a time written as a number.
enum class EpochUnit : std::uint8_t { Seconds, Milliseconds, Microseconds, Nanoseconds };

/// ISO 8601 / RFC 3339: a date, or date and time separated by 'T', 't' or blanks; fraction of any
/// length behind '.' or ',' (digits beyond nanoseconds are cut off); 'Z', an offset (+hh, +hhmm, +hh:mm)
/// or nothing (UTC); seconds optional; basic format (20101201T082600Z) too; expanded years (+012345-..., -0001-...).
/// Second 60 is the first of the next minute, 24:00:00 the start of the next day. Fails with BadTime: the text, and why.
[[nodiscard]] Result<Time> parseTime(std::string_view text);

/// A time written as a number since 1970 in `unit`, fraction and exponent allowed, exact to the
/// nanosecond (further digits are cut off towards the past). Fails with BadTime where it is no number or leaves int64 seconds.
[[nodiscard]] Result<Time> parseEpoch(std::string_view digits, EpochUnit unit);

/// The unit that puts a number between 1973 and 5138: what a person would guess from its size.
[[nodiscard]] EpochUnit guessEpochUnit(std::string_view digits);

/// ISO 8601 in UTC, "2010-12-01T08:26:00Z": with as many fractional digits as are needed, in groups of
/// three; years beyond 0000 to 9999 with a sign and at least six digits. Parsing it gives the same time, for every time there is.
[[nodiscard]] std::string toIso(Time time);

} // namespace leftfold::base
