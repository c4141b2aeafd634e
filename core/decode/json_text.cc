// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/json_text.h"

#include "core/base/time.h"
#include "core/decode/text.h"
#include "core/event/json_walker.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

namespace leftfold::decode {

namespace {

constexpr std::uint32_t kBillion = 1'000'000'000;
constexpr std::int64_t kSecondsADay = 86'400;

template <class Number>
void appendInteger(std::string& out, Number value)
{
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

template <class Real>
void appendReal(std::string& out, Real value)
{
    if (std::isnan(value)) {
        out += "\"NaN\"";
    } else if (std::isinf(value)) {
        out += value < 0 ? "\"-Infinity\"" : "\"Infinity\"";
    } else {
        // Laid out without an exponent, whole numbers beyond the precision would get digits that nobody wrote.
        constexpr Real kFirstInexact = Real{2} / std::numeric_limits<Real>::epsilon();
        const bool isLarge = std::abs(value) >= kFirstInexact;
        char digits[40];
        char* const end = digits + sizeof digits;
        const auto written = isLarge ? std::to_chars(digits, end, value, std::chars_format::scientific)
                                     : std::to_chars(digits, end, value);
        const std::string_view text(digits, static_cast<std::size_t>(written.ptr - digits));
        out += text;
        // That it was no integer is part of what was written.
        if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
    }
}

/// A number without a sign, highest 32 bits first.
using Limbs = std::vector<std::uint32_t>;

Limbs limbsOf(base::ByteView bytes, bool isInverted)
{
    Limbs limbs((bytes.size() + 3) / 4);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(isInverted ? ~bytes[i] : bytes[i]);
        limbs[limbs.size() - 1 - (bytes.size() - 1 - i) / 4] |= std::uint32_t{byte} << 8 * ((bytes.size() - 1 - i) % 4);
    }
    return limbs;
}

void addOne(Limbs& limbs)
{
    for (auto limb = limbs.rbegin(); limb != limbs.rend(); ++limb) {
        if (++*limb != 0) return;
    }
    limbs.insert(limbs.begin(), 1);
}

/// Divides from `first` on, gives the remainder, and moves `first` behind leading zeros.
std::uint32_t divideByBillion(Limbs& limbs, std::size_t& first)
{
    std::uint64_t rest = 0;
    for (std::size_t i = first; i < limbs.size(); ++i) {
        rest = rest << 32 | limbs[i];
        limbs[i] = static_cast<std::uint32_t>(rest / kBillion);
        rest %= kBillion;
    }
    while (first < limbs.size() && limbs[first] == 0) ++first;
    return static_cast<std::uint32_t>(rest);
}

/// Last digits first, nine at a time, then turned around.
std::string digitsOf(Limbs limbs)
{
    std::string digits;
    for (std::size_t first = 0; first < limbs.size();) {
        std::uint32_t nine = divideByBillion(limbs, first);
        for (int i = 0; i < 9; ++i, nine /= 10) digits += static_cast<char>('0' + nine % 10);
    }
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
    if (digits.empty()) digits = "0";
    std::reverse(digits.begin(), digits.end());
    return digits;
}

std::string integerOf(base::ByteView twosComplement)
{
    const bool isNegative = !twosComplement.empty() && (twosComplement.front() & 0x80) != 0;
    Limbs limbs = limbsOf(twosComplement, isNegative);
    if (isNegative) addOne(limbs);
    return (isNegative ? "-" : "") + digitsOf(std::move(limbs));
}

base::Time timeAt(std::int64_t value, std::int64_t perSecond)
{
    const std::int64_t seconds = value / perSecond - (value % perSecond < 0 ? 1 : 0);
    const std::int64_t rest = value % perSecond + (value % perSecond < 0 ? perSecond : 0);
    return {seconds, static_cast<std::uint32_t>(rest * (kBillion / perSecond))};
}

} // namespace

void appendBytesText(std::string& out, base::ByteView bytes)
{
    out += "\"base64:";
    appendBase64(out, bytes);
    out += '"';
}

bool appendUtf8Text(std::string& out, base::ByteView bytes)
{
    if (!isUtf8(bytes)) return false;
    event::escape(out, bytes);
    return true;
}

void appendInt(std::string& out, std::int64_t value)
{
    appendInteger(out, value);
}

void appendUint(std::string& out, std::uint64_t value)
{
    appendInteger(out, value);
}

void appendDouble(std::string& out, double value)
{
    appendReal(out, value);
}

void appendFloat(std::string& out, float value)
{
    appendReal(out, value);
}

bool appendBigInteger(std::string& out, base::ByteView magnitude, bool isMinusOneMinus)
{
    if (magnitude.size() > kMaxIntegerBytes) return false;
    Limbs limbs = limbsOf(magnitude, false);
    if (isMinusOneMinus) {
        addOne(limbs);
        out += '-';
    }
    out += digitsOf(std::move(limbs));
    return true;
}

bool appendDecimal(std::string& out, base::ByteView twosComplement, std::int32_t scale)
{
    if (twosComplement.size() > kMaxIntegerBytes) return false;
    appendScaled(out, integerOf(twosComplement), -std::int64_t{scale});
    return true;
}

void appendScaled(std::string& out, std::string_view integer, std::int64_t exponent)
{
    constexpr std::int64_t kMostZeros = 64; // that are written out
    const bool isNegative = integer.front() == '-';
    const std::string_view digits = integer.substr(isNegative ? 1 : 0);
    const auto count = static_cast<std::int64_t>(digits.size());
    if (exponent > 0 || -exponent > count + kMostZeros) {
        out += integer;
        out += 'e';
        appendInteger(out, exponent);
        return;
    }
    if (isNegative) out += '-';
    const std::int64_t before = std::max<std::int64_t>(count + exponent, 0);
    out += before == 0 ? std::string_view("0") : digits.substr(0, static_cast<std::size_t>(before));
    if (exponent == 0) return;
    out += '.';
    out.append(static_cast<std::size_t>(-exponent - (count - before)), '0');
    out += digits.substr(static_cast<std::size_t>(before));
}

void appendDate(std::string& out, std::int64_t days)
{
    const std::string iso = base::toIso({days * kSecondsADay, 0});
    out += '"';
    out.append(iso, 0, iso.find('T'));
    out += '"';
}

void appendTimeOfDay(std::string& out, std::int64_t value, std::int64_t perSecond)
{
    if (value < 0 || value >= kSecondsADay * perSecond) {
        appendInteger(out, value);
        return;
    }
    const std::string iso = base::toIso(timeAt(value, perSecond));
    const std::size_t from = iso.find('T') + 1;
    out += '"';
    out.append(iso, from, iso.size() - 1 - from);
    out += '"';
}

void appendTimestamp(std::string& out, std::int64_t value, std::int64_t perSecond, Zone zone)
{
    const std::string iso = base::toIso(timeAt(value, perSecond));
    out += '"';
    out.append(iso, 0, iso.size() - (zone == Zone::Local ? 1 : 0));
    out += '"';
}

void appendUuid(std::string& out, base::ByteView bytes)
{
    constexpr std::string_view kHex = "0123456789abcdef";
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += kHex[static_cast<std::uint8_t>(bytes[i]) >> 4];
        out += kHex[static_cast<std::uint8_t>(bytes[i]) & 15];
    }
}

} // namespace leftfold::decode
