// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/number.h"

#include "core/base/ascii.h"
#include "core/base/hash.h"
#include "core/event/hash_mix.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

namespace leftfold::event {
namespace {

__extension__ using Wide = __int128;

/// What fits a 64-bit integer whatever its digits are; and more than the digits of any document's size.
constexpr std::size_t kShortDigits = 18;

/// mantissa / 10^scale: what a decimal of at most 18 digits and without an exponent is.
struct ShortDecimal {
    std::int64_t mantissa = 0;
    unsigned scale = 0;
};

std::optional<ShortDecimal> shortDecimal(base::ByteView digits)
{
    const bool negative = digits.front() == '-';
    digits.remove_prefix(negative ? 1 : 0);
    const std::size_t point = std::min(digits.find('.'), digits.size());
    const bool hasPoint = point != digits.size();
    if (digits.size() > kShortDigits + (hasPoint ? 1 : 0)) return {};
    ShortDecimal out;
    for (const char c : digits) {
        if (base::isDigit(c)) {
            out.mantissa = out.mantissa * 10 + (c - '0');
        } else if (c != '.') {
            return {};
        }
    }
    out.scale = static_cast<unsigned>(digits.size() - point - (hasPoint ? 1 : 0));
    if (negative) out.mantissa = -out.mantissa;
    return out;
}

constexpr auto kPowers = [] {
    std::array<std::int64_t, kShortDigits + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
}();

std::weak_ordering compareShort(ShortDecimal a, ShortDecimal b)
{
    const unsigned scale = std::max(a.scale, b.scale);
    const Wide left = Wide{a.mantissa} * kPowers[scale - a.scale];
    const Wide right = Wide{b.mantissa} * kPowers[scale - b.scale];
    return left < right ? std::weak_ordering::less
                        : (left == right ? std::weak_ordering::equivalent : std::weak_ordering::greater);
}

/// A whole number of any length: no leading zeros, zero has no digits and is not negative.
struct WholeNumber {
    bool negative = false;
    std::string digits;
};

/// |digits| := |digits| + by, where that is known not to fall below zero.
void shiftMagnitude(std::string& digits, std::int64_t by)
{
    std::int64_t carry = by;
    for (std::size_t i = digits.size(); i-- > 0 && carry != 0;) {
        const std::int64_t sum = digits[i] - '0' + carry;
        const std::int64_t digit = ((sum % 10) + 10) % 10;
        digits[i] = static_cast<char>('0' + digit);
        carry = (sum - digit) / 10;
    }
    if (carry > 0) digits.insert(0, std::to_string(carry));
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
}

/// The whole number an exponent stands for, plus `shift`.
WholeNumber shifted(bool negative, base::ByteView digits, std::int64_t shift)
{
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    WholeNumber out{negative, std::string(digits)};
    if (digits.size() > kShortDigits) {
        shiftMagnitude(out.digits, negative ? -shift : shift);
        return out;
    }
    std::int64_t value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    value = (negative ? -value : value) + shift;
    out.negative = value < 0;
    out.digits = value == 0 ? std::string() : std::to_string(std::abs(value));
    return out;
}

/// 0.d1...dn * 10^point, neither d1 nor dn is 0. Zero has no digits.
struct Normal {
    bool negative = false;
    std::string digits;
    WholeNumber point;
};

Normal normalOf(base::ByteView number)
{
    Normal out;
    out.negative = number.front() == '-';
    number.remove_prefix(out.negative ? 1 : 0);
    const std::size_t exponentAt = std::min(number.find_first_of("eE"), number.size());
    base::ByteView exponent = number.substr(std::min(exponentAt + 1, number.size()));
    const base::ByteView plain = number.substr(0, exponentAt);
    const std::size_t whole = std::min(plain.find('.'), plain.size());
    out.digits = plain.substr(0, whole);
    if (whole < plain.size()) out.digits += plain.substr(whole + 1);

    const std::size_t leading = std::min(out.digits.find_first_not_of('0'), out.digits.size());
    out.digits.erase(out.digits.find_last_not_of('0') + 1);
    if (out.digits.empty()) return {};
    out.digits.erase(0, leading);
    const bool negativeExponent = exponent.starts_with('-');
    if (negativeExponent || exponent.starts_with('+')) exponent.remove_prefix(1);
    out.point =
        shifted(negativeExponent, exponent, static_cast<std::int64_t>(whole) - static_cast<std::int64_t>(leading));
    return out;
}

std::weak_ordering compareMagnitudes(const WholeNumber& a, const WholeNumber& b)
{
    if (a.digits.size() != b.digits.size()) return a.digits.size() <=> b.digits.size();
    return a.digits.compare(b.digits) <=> 0;
}

std::weak_ordering reversedIf(bool reversed, std::weak_ordering order)
{
    return reversed ? 0 <=> order : order;
}

std::weak_ordering compareWhole(const WholeNumber& a, const WholeNumber& b)
{
    if (a.negative != b.negative) return b.negative <=> a.negative;
    return reversedIf(a.negative, compareMagnitudes(a, b));
}

int signOf(const Normal& number)
{
    return number.digits.empty() ? 0 : (number.negative ? -1 : 1);
}

std::weak_ordering compareNormal(const Normal& a, const Normal& b)
{
    if (signOf(a) != signOf(b)) return signOf(a) <=> signOf(b);
    if (signOf(a) == 0) return std::weak_ordering::equivalent;
    std::weak_ordering order = compareWhole(a.point, b.point);
    if (order == 0) order = a.digits.compare(b.digits) <=> 0;
    return reversedIf(a.negative, order);
}

/// The hash of mantissa * 10^exponent, where mantissa does not end in 0.
std::uint64_t hashShort(std::int64_t mantissa, std::int64_t exponent)
{
    return mixed(static_cast<std::uint64_t>(mantissa) * kOddConstant + static_cast<std::uint64_t>(exponent));
}

std::uint64_t hashShort(ShortDecimal number)
{
    if (number.mantissa == 0) return hashShort(0, 0);
    std::int64_t exponent = -static_cast<std::int64_t>(number.scale);
    for (; number.mantissa % 10 == 0; ++exponent) number.mantissa /= 10;
    return hashShort(number.mantissa, exponent);
}

std::uint64_t hashNormal(const Normal& number)
{
    if (number.digits.size() > kShortDigits || number.point.digits.size() > kShortDigits) {
        const std::uint64_t signs = (number.negative ? 1U : 0U) + (number.point.negative ? 2U : 0U);
        return mixed(base::hash64(number.digits) + mixed(base::hash64(number.point.digits) + signs));
    }
    std::int64_t mantissa = 0;
    for (const char c : number.digits) mantissa = mantissa * 10 + (c - '0');
    std::int64_t point = 0;
    for (const char c : number.point.digits) point = point * 10 + (c - '0');
    if (mantissa == 0) return hashShort(0, 0);
    return hashShort(number.negative ? -mantissa : mantissa,
                     (number.point.negative ? -point : point) - static_cast<std::int64_t>(number.digits.size()));
}

/// Where the point stands, if that is near enough to write the number without an exponent.
std::optional<int> nearPoint(const WholeNumber& point)
{
    if (point.digits.size() > 2) return {};
    int value = 0;
    for (const char c : point.digits) value = value * 10 + (c - '0');
    if (point.negative) value = -value;
    return value > -6 && value <= 21 ? std::optional(value) : std::nullopt;
}

void appendPlain(std::string& out, const std::string& digits, int point)
{
    if (point <= 0) {
        out += "0.";
        out.append(static_cast<std::size_t>(-point), '0');
        out += digits;
        return;
    }
    const auto whole = static_cast<std::size_t>(point);
    out.append(digits, 0, whole);
    if (whole >= digits.size()) {
        out.append(whole - digits.size(), '0');
        return;
    }
    out += '.';
    out.append(digits, whole);
}

void appendScientific(std::string& out, const Normal& number)
{
    out += number.digits.front();
    if (number.digits.size() > 1) out += '.';
    out.append(number.digits, 1);
    const WholeNumber exponent = shifted(number.point.negative, number.point.digits, -1);
    out += exponent.negative ? "e-" : "e+";
    out += exponent.digits;
}

/// Whether a number is written in normal form already: an integer of at most 21 digits.
bool isPlainInteger(base::ByteView digits)
{
    const base::ByteView magnitude = digits.substr(digits.front() == '-' ? 1 : 0);
    return magnitude.size() <= 21 && digits != "-0" && std::all_of(magnitude.begin(), magnitude.end(), base::isDigit);
}

} // namespace

std::weak_ordering compareNumbers(base::ByteView a, base::ByteView b)
{
    const auto shortA = shortDecimal(a);
    const auto shortB = shortDecimal(b);
    if (shortA && shortB) return compareShort(*shortA, *shortB);
    return compareNormal(normalOf(a), normalOf(b));
}

std::uint64_t hashNumber(base::ByteView digits)
{
    if (const auto number = shortDecimal(digits)) return hashShort(*number);
    return hashNormal(normalOf(digits));
}

void appendNormalNumber(std::string& out, base::ByteView digits)
{
    if (isPlainInteger(digits)) {
        out += digits;
        return;
    }
    const Normal number = normalOf(digits);
    if (number.digits.empty()) {
        out += '0';
        return;
    }
    if (number.negative) out += '-';
    if (const auto point = nearPoint(number.point)) {
        appendPlain(out, number.digits, *point);
    } else {
        appendScientific(out, number);
    }
}

} // namespace leftfold::event
