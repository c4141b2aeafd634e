// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/number_distance.h"

#include "core/event/number.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace leftfold::event {
namespace {

constexpr std::int64_t kMaxDigits = 4096;
/// Exponents beyond are no use: nothing that fits a document can be aligned with them.
constexpr std::int64_t kMaxExponent = std::int64_t{1} << 40;

/// digits * 10^exponent; zero has no digits.
struct Decimal {
    bool negative = false;
    std::string digits;
    std::int64_t exponent = 0;

    [[nodiscard]] std::int64_t top() const { return exponent + static_cast<std::int64_t>(digits.size()); }
};

/// None where the exponent is beyond all that could be aligned.
std::optional<Decimal> decimalOf(base::ByteView number)
{
    Decimal out;
    out.negative = number.front() == '-';
    number.remove_prefix(out.negative ? 1 : 0);
    const std::size_t mark = std::min(number.find_first_of("eE"), number.size());
    if (mark < number.size()) {
        base::ByteView exponent = number.substr(mark + 1);
        if (exponent.starts_with('+')) exponent.remove_prefix(1);
        const auto read = std::from_chars(exponent.data(), exponent.data() + exponent.size(), out.exponent);
        if (read.ec != std::errc() || out.exponent > kMaxExponent || out.exponent < -kMaxExponent) return std::nullopt;
    }
    for (bool behindPoint = false; const char c : number.substr(0, mark)) {
        if (c == '.') {
            behindPoint = true;
            continue;
        }
        out.exponent -= behindPoint;
        if (c != '0' || !out.digits.empty()) out.digits += c;
    }
    while (!out.digits.empty() && out.digits.back() == '0') {
        out.digits.pop_back();
        ++out.exponent;
    }
    return out;
}

/// The digits as a whole number of `width` digits, in units of 10^exponent.
std::string aligned(const Decimal& number, std::int64_t exponent, std::size_t width)
{
    if (number.digits.empty()) return std::string(width, '0');
    std::string out = number.digits + std::string(static_cast<std::size_t>(number.exponent - exponent), '0');
    return std::string(width - out.size(), '0') + out;
}

/// |a - b| of numbers of the same width, which has room for a carry.
std::string distance(std::string a, std::string b, bool sameSign)
{
    if (sameSign && a < b) std::swap(a, b);
    int carry = 0;
    for (std::size_t i = a.size(); i-- > 0;) {
        int digit = (a[i] - '0') + (sameSign ? -(b[i] - '0') : b[i] - '0') + carry;
        carry = digit > 9 ? 1 : (digit < 0 ? -1 : 0);
        digit -= 10 * carry;
        a[i] = static_cast<char>('0' + digit);
    }
    return a;
}

} // namespace

bool areWithin(base::ByteView tolerance, base::ByteView a, base::ByteView b)
{
    if (equalNumbers(a, b)) return true;
    const auto numbers = {decimalOf(a), decimalOf(b), decimalOf(tolerance)};
    std::optional<std::int64_t> low;
    std::optional<std::int64_t> top;
    for (const auto& number : numbers) {
        if (!number) return false;
        if (number->digits.empty()) continue;
        low = std::min(low.value_or(number->exponent), number->exponent);
        top = std::max(top.value_or(number->top()), number->top());
    }
    if (*top - *low > kMaxDigits) return false;
    const auto width = static_cast<std::size_t>(*top - *low) + 1;
    const auto* each = numbers.begin();
    const std::string apart = distance(aligned(*each[0], *low, width), aligned(*each[1], *low, width),
                                       each[0]->negative == each[1]->negative);
    return apart <= aligned(*each[2], *low, width);
}

} // namespace leftfold::event
