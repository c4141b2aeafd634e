// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fold/exact_sum.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace leftfold::fold {

/// Texts by number, with gaps that are filled again.
class TextShelf {
public:
    [[nodiscard]] std::int64_t put(base::ByteView text);
    void drop(std::int64_t place);
    [[nodiscard]] base::ByteView at(std::int64_t place) const { return m_texts[static_cast<std::size_t>(place)]; }
    [[nodiscard]] bool isEmpty() const { return m_texts.empty(); }

private:
    std::vector<std::string> m_texts;
    std::vector<std::int64_t> m_gaps;
};

/// What a tally keeps of one numeric member. The digits kept are decimals, as long as those write the same digits
/// again; what does not (exponents, long numbers, -0) stands as text on the shelf of the state.
struct NumberTally {
    enum Digits : std::uint8_t { Min, Max, Last };
    static constexpr std::uint8_t kOnShelf = 0xff; ///< a scale: the coefficient is a place on the shelf

    ExactSum sum;
    std::uint64_t count = 0;
    std::array<std::int64_t, 3> coefficients{}; ///< by Digits
    std::array<std::uint8_t, 3> scales{};
    std::uint32_t name = 0; ///< of the member's pointer

    /// Where `number` is one of those that need no shelf.
    void add(Decimal number);
    [[nodiscard]] bool needsShelf() const
    {
        return scales[Min] == kOnShelf || scales[Max] == kOnShelf || scales[Last] == kOnShelf;
    }
    /// REQUIRES: `digits` is a JSON number.
    void add(base::ByteView digits, TextShelf& shelf);

    [[nodiscard]] Decimal decimal(Digits which) const { return {coefficients[which], scales[which]}; }
    /// As they stood in the payload. The shelf may be none where none is needed.
    [[nodiscard]] std::string digits(Digits which, const TextShelf* shelf) const;

    void save(std::string& out, const TextShelf* shelf) const;
    /// False where the bytes were not written by `save`.
    [[nodiscard]] bool restore(base::ByteReader& in, TextShelf& shelf);

private:
    void keep(Digits which, Decimal number);
    void keep(Digits which, base::ByteView digits, TextShelf& shelf);
};

inline void NumberTally::keep(Digits which, Decimal number)
{
    coefficients[which] = number.coefficient;
    scales[which] = number.scale;
}

/// REQUIRES: !needsShelf().
inline void NumberTally::add(Decimal number)
{
    sum.add(number);
    if (count == 0 || compare(number, decimal(Min)) < 0) keep(Min, number);
    if (count == 0 || compare(number, decimal(Max)) > 0) keep(Max, number);
    keep(Last, number);
    ++count;
}

} // namespace leftfold::fold
