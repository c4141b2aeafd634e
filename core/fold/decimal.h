// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace leftfold::fold {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

/// A decimal of at most 18 digits: coefficient * 10^-scale. |coefficient| < 10^18, scale <= 18.
struct Decimal {
    std::int64_t coefficient = 0;
    std::uint8_t scale = 0;
};

inline constexpr int kSmallDigits = 18;

/// 10^0 to 10^18.
inline constexpr auto kPowersOfTen = [] {
    std::array<std::int64_t, kSmallDigits + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
}();

/// A number as JSON writes it, if it has no exponent, at most 18 digits and is no negative zero: exactly those
/// that `appendDigits` writes again as they stood. REQUIRES: `digits` is a JSON number.
[[nodiscard]] inline std::optional<Decimal> smallDecimal(base::ByteView digits)
{
    const bool negative = digits.front() == '-';
    if (negative) digits.remove_prefix(1);
    if (digits.size() > kSmallDigits + 1) return std::nullopt;
    std::uint64_t value = 0; // 19 digits fit, though with 19 the answer is none
    std::size_t point = digits.size();
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const auto digit = static_cast<unsigned>(digits[i] - '0');
        if (digit <= 9)
            value = value * 10 + digit;
        else if (digits[i] == '.')
            point = i;
        else
            return std::nullopt;
    }
    const bool whole = point == digits.size();
    if ((whole && digits.size() > kSmallDigits) || (negative && value == 0)) return std::nullopt;
    const auto coefficient = static_cast<std::int64_t>(value);
    return Decimal{negative ? -coefficient : coefficient,
                   static_cast<std::uint8_t>(whole ? 0 : digits.size() - point - 1)};
}

/// Appends a decimal with exactly `scale` digits behind the point: -1.50, 0.05, 12.
void appendDigits(std::string& out, Decimal value);

/// How two decimals compare by value: negative, zero or positive.
[[nodiscard]] inline int compare(Decimal a, Decimal b)
{
    Int128 left = a.coefficient;
    Int128 right = b.coefficient;
    if (a.scale < b.scale) left *= kPowersOfTen[b.scale - a.scale];
    if (b.scale < a.scale) right *= kPowersOfTen[a.scale - b.scale];
    return left < right ? -1 : static_cast<int>(left > right);
}

/// A number of any size taken apart: (-1)^negative * digits * 10^exponent.
struct NumberParts {
    bool negative = false;
    std::string digits; ///< of the coefficient, no leading zeros; empty for zero
    std::int64_t exponent = 0; ///< held within +-10^15, far outside of what anybody can write out

    /// Digits behind the point when written without exponent: 2 for 2.50, 0 for 1e3, 4 for 1.5e-3.
    [[nodiscard]] std::int64_t scale() const { return std::max<std::int64_t>(0, -exponent); }
    /// Digits before the point when written without exponent, at least the one of "0.5".
    [[nodiscard]] std::int64_t integerDigits() const;
};

/// REQUIRES: `digits` is a JSON number.
[[nodiscard]] NumberParts takeApart(base::ByteView digits);

} // namespace leftfold::fold
