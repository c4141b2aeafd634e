// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fold/decimal.h"
#include "core/fold/saved.h"

#include <memory>
#include <string>

namespace leftfold::fold {

class WideSum;

/// The exact sum of decimal numbers, in whatever order they come. It is written without exponent, with the largest
/// scale of its summands: 2.50 + 1 = 3.50, 1e3 = 1000, 1.5e-3 = 0.0015, -0 = 0.
///
/// The summands may span 4,096 digits: the longest integer part (at least one digit) plus the largest scale, over all
/// of them. One that leads beyond makes the sum `beyond()`, and it stays so: 1e999999999 + 1 must not take a
/// gigabyte. The rule looks at the summands, not at sums on the way, so it too is free of their order; carries may
/// make the sum a few digits longer.
class ExactSum {
public:
    static constexpr std::int64_t kMaxDigits = 4096;
    static constexpr std::string_view kBeyondText = "beyond 4096 digits";

    ExactSum();
    ~ExactSum();
    ExactSum(ExactSum&&) noexcept;
    ExactSum& operator=(ExactSum&&) noexcept;

    /// REQUIRES: `digits` is a JSON number.
    void add(base::ByteView digits);
    void add(Decimal value)
    {
        if (!addNarrow(value)) addWidely(value);
    }

    [[nodiscard]] bool beyond() const { return m_beyond; }
    /// The sum; "0" of nothing. Once beyond: kBeyondText.
    [[nodiscard]] std::string digits() const;

    void save(std::string& out) const;
    /// False where the bytes were not written by `save`.
    [[nodiscard]] bool restore(base::ByteReader& in);

private:
    [[nodiscard]] bool addNarrow(Decimal value);
    void addWidely(Decimal value);
    void add(const NumberParts& parts);
    [[nodiscard]] bool addNarrow(const NumberParts& parts, std::int64_t scale);
    void addToWide(const NumberParts& parts);
    void goBeyond();
    [[nodiscard]] bool restoreWide(base::ByteView digits);
    [[nodiscard]] Int128 coefficient() const { return static_cast<Int128>((UInt128{m_high} << 64) | m_low); }
    void setCoefficient(Int128 value);

    // Two halves of a 128-bit coefficient, since a member aligned to 16 bytes would make every tally larger.
    std::uint64_t m_low = 0;
    std::uint64_t m_high = 0;
    std::unique_ptr<WideSum> m_wide; ///< takes the coefficient's place once 128 bits are not enough
    std::uint16_t m_scale = 0;
    std::uint16_t m_integerDigits = 1;
    bool m_beyond = false;
};

inline void ExactSum::setCoefficient(Int128 value)
{
    m_low = static_cast<std::uint64_t>(value);
    m_high = static_cast<std::uint64_t>(static_cast<UInt128>(value) >> 64);
}

/// False, having done nothing, where that needs more than 128 bits.
inline bool ExactSum::addNarrow(Decimal value)
{
    if (m_wide || m_beyond || m_scale > kSmallDigits) return false;
    Int128 sum = coefficient();
    Int128 summand = value.coefficient;
    if (value.scale < m_scale) summand *= kPowersOfTen[m_scale - value.scale];
    if (value.scale > m_scale && __builtin_mul_overflow(sum, Int128{kPowersOfTen[value.scale - m_scale]}, &sum))
        return false;
    if (__builtin_add_overflow(sum, summand, &sum)) return false;
    setCoefficient(sum);
    m_scale = std::max<std::uint16_t>(m_scale, value.scale);
    const std::int64_t size = value.coefficient < 0 ? -value.coefficient : value.coefficient;
    while (m_integerDigits + value.scale < kSmallDigits && size >= kPowersOfTen[m_integerDigits + value.scale])
        ++m_integerDigits;
    return true;
}

} // namespace leftfold::fold
