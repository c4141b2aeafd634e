// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <compare>
#include <cstdint>
#include <string>

// JSON numbers by value, from their digits, without loss and without a bound: exponents of any length cost their
// own length, not the size of the number they stand for. All REQUIRE valid JSON numbers (see isJsonNumber).

namespace leftfold::event {

/// By value: 1 = 1.0 = 10e-1, -0 = 0.
[[nodiscard]] std::weak_ordering compareNumbers(base::ByteView a, base::ByteView b);
[[nodiscard]] inline bool equalNumbers(base::ByteView a, base::ByteView b)
{
    return a == b || compareNumbers(a, b) == 0;
}

/// Equal numbers have equal hashes. Not for storage.
[[nodiscard]] std::uint64_t hashNumber(base::ByteView digits);

/// Appends the normal form: equal numbers have equal ones, different numbers different ones, on every machine and in
/// every version. Laid out as ECMAScript lays out numbers, but with every digit: zero is "0"; else '-' if
/// negative and the significant digits d1...dn (neither d1 nor dn is 0) of a value of 0.d1...dn * 10^p as
///   n <= p <= 21   d1...dn and p - n zeros            100
///    0 < p <= 21   the point behind dp                12.5
///   -6 < p <= 0    "0.", -p zeros, d1...dn            0.0025
///   otherwise      d1.d2...dne+x or e-x, x = |p - 1|  1.5e+300, 1e-7
void appendNormalNumber(std::string& out, base::ByteView digits);

} // namespace leftfold::event
