// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/exact_sum.h"

#include <vector>

namespace leftfold::fold {

namespace {

constexpr std::int64_t kLimbDigits = 18;
constexpr std::uint64_t kLimbBase = 1'000'000'000'000'000'000;

std::int64_t floorDivide(std::int64_t a, std::int64_t b)
{
    return a / b - static_cast<std::int64_t>(a % b < 0);
}

std::uint64_t readLimb(base::ByteView digits)
{
    std::uint64_t value = 0;
    for (const char digit : digits) value = value * 10 + static_cast<unsigned>(digit - '0');
    return value;
}

/// A sum of numbers none of which is negative. Limb i holds the decimal places from 18 (m_lowest + i) upwards.
class Magnitude {
public:
    void add(base::ByteView digits, std::int64_t exponent);
    void addLimb(std::int64_t place, std::uint64_t value);
    [[nodiscard]] std::uint64_t limb(std::int64_t place) const;
    [[nodiscard]] std::int64_t lowest() const { return m_lowest; }
    [[nodiscard]] std::int64_t end() const { return m_lowest + static_cast<std::int64_t>(m_limbs.size()); }

private:
    void reach(std::int64_t place);

    std::vector<std::uint64_t> m_limbs;
    std::int64_t m_lowest = 0; ///< never above 0
};

void Magnitude::reach(std::int64_t place)
{
    if (place < m_lowest) {
        m_limbs.insert(m_limbs.begin(), static_cast<std::size_t>(m_lowest - place), 0);
        m_lowest = place;
    }
    if (place >= end()) m_limbs.resize(static_cast<std::size_t>(place - m_lowest + 1), 0);
}

void Magnitude::addLimb(std::int64_t place, std::uint64_t value)
{
    for (; value != 0; ++place) {
        reach(place);
        std::uint64_t& limb = m_limbs[static_cast<std::size_t>(place - m_lowest)];
        limb += value;
        value = limb >= kLimbBase ? 1 : 0;
        if (value != 0) limb -= kLimbBase;
    }
}

void Magnitude::add(base::ByteView digits, std::int64_t exponent)
{
    std::int64_t place = floorDivide(exponent, kLimbDigits);
    const std::int64_t shift = exponent - place * kLimbDigits;
    auto take = static_cast<std::size_t>(kLimbDigits - shift);
    std::uint64_t factor = static_cast<std::uint64_t>(kPowersOfTen[static_cast<std::size_t>(shift)]);
    while (!digits.empty()) {
        take = std::min(take, digits.size());
        addLimb(place++, readLimb(digits.substr(digits.size() - take)) * factor);
        digits.remove_suffix(take);
        take = static_cast<std::size_t>(kLimbDigits);
        factor = 1;
    }
}

std::uint64_t Magnitude::limb(std::int64_t place) const
{
    return place < m_lowest || place >= end() ? 0 : m_limbs[static_cast<std::size_t>(place - m_lowest)];
}

bool isLess(const Magnitude& a, const Magnitude& b)
{
    for (std::int64_t place = std::max(a.end(), b.end()); place-- > std::min(a.lowest(), b.lowest());)
        if (a.limb(place) != b.limb(place)) return a.limb(place) < b.limb(place);
    return false;
}

/// The digits of a - b, high end first, without a point. REQUIRES: !isLess(a, b), lowest <= both of theirs.
std::string differenceDigits(const Magnitude& a, const Magnitude& b, std::int64_t lowest, std::int64_t end)
{
    std::string digits(static_cast<std::size_t>((end - lowest) * kLimbDigits), '0');
    std::uint64_t borrow = 0;
    for (std::int64_t place = lowest; place < end; ++place) {
        const std::uint64_t minuend = a.limb(place);
        const std::uint64_t subtrahend = b.limb(place) + borrow;
        borrow = minuend < subtrahend ? 1 : 0;
        std::uint64_t rest = minuend + borrow * kLimbBase - subtrahend;
        auto digit = digits.end() - (place - lowest) * kLimbDigits;
        for (; rest != 0; rest /= 10) *--digit = static_cast<char>('0' + rest % 10);
    }
    return digits;
}

/// More digits than these do not surely fit 128 bits.
constexpr std::int64_t kNarrowDigits = 36;

/// REQUIRES: exponent <= kNarrowDigits.
Int128 powerOfTen(std::int64_t exponent)
{
    const std::int64_t first = std::min<std::int64_t>(exponent, kSmallDigits);
    return Int128{kPowersOfTen[static_cast<std::size_t>(first)]}
           * kPowersOfTen[static_cast<std::size_t>(exponent - first)];
}

UInt128 magnitudeOf(Int128 value)
{
    return value < 0 ? -static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

std::string digitsOf(UInt128 value)
{
    std::string digits;
    for (; value != 0; value /= 10) digits.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    return {digits.rbegin(), digits.rend()};
}

/// "-12345" at scale 2: -123.45. Needs no leading zeros and copes with them.
std::string written(bool negative, base::ByteView digits, std::size_t scale)
{
    std::string text(digits.substr(std::min(digits.find_first_not_of('0'), digits.size())));
    negative = negative && !text.empty();
    if (text.size() < scale + 1) text.insert(0, scale + 1 - text.size(), '0');
    if (scale > 0) text.insert(text.size() - scale, 1, '.');
    return negative ? "-" + text : text;
}

enum class SavedKind : std::uint8_t { Narrow, Wide, Beyond };

} // namespace

/// What is added and what is taken away are summed apart, and subtracted only when somebody looks.
class WideSum {
public:
    void add(const NumberParts& parts) { (parts.negative ? m_minus : m_plus).add(parts.digits, parts.exponent); }
    [[nodiscard]] std::string digits(std::size_t scale) const;

private:
    Magnitude m_plus;
    Magnitude m_minus;
};

std::string WideSum::digits(std::size_t scale) const
{
    const bool negative = isLess(m_plus, m_minus);
    const std::int64_t lowest = -(static_cast<std::int64_t>(scale) + kLimbDigits - 1) / kLimbDigits;
    const std::int64_t end = std::max<std::int64_t>({m_plus.end(), m_minus.end(), 0});
    std::string digits = differenceDigits(negative ? m_minus : m_plus, negative ? m_plus : m_minus, lowest, end);
    digits.resize(digits.size() - (static_cast<std::size_t>(-lowest * kLimbDigits) - scale));
    return written(negative, digits, scale);
}

ExactSum::ExactSum() = default;
ExactSum::~ExactSum() = default;
ExactSum::ExactSum(ExactSum&&) noexcept = default;
ExactSum& ExactSum::operator=(ExactSum&&) noexcept = default;

void ExactSum::add(base::ByteView digits)
{
    if (const auto small = smallDecimal(digits)) return add(*small);
    add(takeApart(digits));
}

void ExactSum::addWidely(Decimal value)
{
    std::string digits;
    appendDigits(digits, value);
    add(takeApart(digits));
}

void ExactSum::add(const NumberParts& parts)
{
    const std::int64_t scale = std::max<std::int64_t>(m_scale, parts.scale());
    const std::int64_t integerDigits = std::max(std::int64_t{m_integerDigits}, parts.integerDigits());
    if (m_beyond || scale + integerDigits > kMaxDigits) return goBeyond();
    if (m_wide || scale + integerDigits > kNarrowDigits || !addNarrow(parts, scale)) addToWide(parts);
    m_scale = static_cast<std::uint16_t>(scale);
    m_integerDigits = static_cast<std::uint16_t>(integerDigits);
}

/// False, having done nothing, where that needs more than 128 bits.
bool ExactSum::addNarrow(const NumberParts& parts, std::int64_t scale)
{
    Int128 sum = coefficient();
    Int128 summand = 0;
    for (const char digit : parts.digits) summand = summand * 10 + (digit - '0');
    if (!parts.digits.empty()) summand *= powerOfTen(parts.exponent + scale);
    if (__builtin_mul_overflow(sum, powerOfTen(scale - m_scale), &sum)) return false;
    if (__builtin_add_overflow(sum, parts.negative ? -summand : summand, &sum)) return false;
    setCoefficient(sum);
    return true;
}

void ExactSum::addToWide(const NumberParts& parts)
{
    if (!m_wide) {
        m_wide = std::make_unique<WideSum>();
        const Int128 sum = coefficient();
        m_wide->add({sum < 0, digitsOf(magnitudeOf(sum)), -std::int64_t{m_scale}});
        setCoefficient(0);
    }
    m_wide->add(parts);
}

void ExactSum::goBeyond()
{
    *this = ExactSum();
    m_beyond = true;
}

std::string ExactSum::digits() const
{
    if (m_beyond) return std::string(kBeyondText);
    if (m_wide) return m_wide->digits(m_scale);
    return written(coefficient() < 0, digitsOf(magnitudeOf(coefficient())), m_scale);
}

void ExactSum::save(std::string& out) const
{
    const SavedKind kind = m_beyond ? SavedKind::Beyond : m_wide ? SavedKind::Wide : SavedKind::Narrow;
    base::putVarint(out, static_cast<std::uint64_t>(kind));
    if (m_beyond) return;
    base::putVarint(out, m_scale);
    base::putVarint(out, m_integerDigits);
    if (m_wide) return putText(out, m_wide->digits(m_scale));
    putSigned(out, static_cast<std::int64_t>(m_high));
    base::putVarint(out, m_low);
}

bool ExactSum::restore(base::ByteReader& in)
{
    *this = ExactSum();
    const std::uint64_t kind = in.varint();
    m_beyond = kind == static_cast<std::uint64_t>(SavedKind::Beyond);
    if (m_beyond) return in.ok();
    const std::uint64_t scale = in.varint();
    const std::uint64_t integerDigits = in.varint();
    if (scale > kMaxDigits || integerDigits > kMaxDigits || integerDigits == 0) return false;
    m_scale = static_cast<std::uint16_t>(scale);
    m_integerDigits = static_cast<std::uint16_t>(integerDigits);
    if (kind == static_cast<std::uint64_t>(SavedKind::Wide)) return restoreWide(readText(in));
    m_high = static_cast<std::uint64_t>(readSigned(in));
    m_low = in.varint();
    return in.ok() && kind == static_cast<std::uint64_t>(SavedKind::Narrow);
}

bool ExactSum::restoreWide(base::ByteView digits)
{
    if (digits.empty() || digits.find_first_not_of("-.0123456789") != base::ByteView::npos) return false;
    m_wide = std::make_unique<WideSum>();
    m_wide->add(takeApart(digits));
    return true;
}

} // namespace leftfold::fold
