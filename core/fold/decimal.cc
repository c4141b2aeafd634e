// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/decimal.h"

#include <charconv>

namespace leftfold::fold {

namespace {

constexpr std::int64_t kExponentBound = 1'000'000'000'000'000;

std::int64_t readExponent(base::ByteView text)
{
    const bool negative = text.front() == '-';
    if (negative || text.front() == '+') text.remove_prefix(1);
    std::int64_t value = 0;
    for (const char digit : text) value = std::min(kExponentBound, value * 10 + (digit - '0'));
    return negative ? -value : value;
}

} // namespace

void appendDigits(std::string& out, Decimal value)
{
    if (value.coefficient < 0) out.push_back('-');
    std::array<char, 24> buffer;
    const auto magnitude = value.coefficient < 0 ? -value.coefficient : value.coefficient;
    const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), magnitude).ptr;
    const auto length = static_cast<std::size_t>(end - buffer.data());
    const std::size_t zeros = value.scale >= length ? value.scale + 1U - length : 0;
    const std::size_t start = out.size();
    out.append(zeros, '0').append(buffer.data(), length);
    if (value.scale > 0) out.insert(start + zeros + length - value.scale, 1, '.');
}

std::int64_t NumberParts::integerDigits() const
{
    if (digits.empty()) return 1;
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(digits.size()) + exponent);
}

NumberParts takeApart(base::ByteView digits)
{
    NumberParts parts;
    parts.negative = digits.front() == '-';
    if (parts.negative) digits.remove_prefix(1);
    const std::size_t e = std::min(digits.find_first_of("eE"), digits.size());
    if (e < digits.size()) parts.exponent = readExponent(digits.substr(e + 1));
    const base::ByteView mantissa = digits.substr(0, e);
    const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
    parts.digits = mantissa.substr(0, point);
    if (point < mantissa.size()) {
        parts.digits += mantissa.substr(point + 1);
        parts.exponent -= static_cast<std::int64_t>(mantissa.size() - point - 1);
    }
    parts.digits.erase(0, std::min(parts.digits.find_first_not_of('0'), parts.digits.size()));
    return parts;
}

} // namespace leftfold::fold
