// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/number_tally.h"

#include "core/event/json_walker.h"
#include "core/event/number.h"

namespace leftfold::fold {

std::int64_t TextShelf::put(base::ByteView text)
{
    if (m_gaps.empty()) {
        m_texts.emplace_back(text);
        return static_cast<std::int64_t>(m_texts.size()) - 1;
    }
    const std::int64_t place = m_gaps.back();
    m_gaps.pop_back();
    m_texts[static_cast<std::size_t>(place)] = text;
    return place;
}

void TextShelf::drop(std::int64_t place)
{
    m_texts[static_cast<std::size_t>(place)] = std::string();
    m_gaps.push_back(place);
}

void NumberTally::keep(Digits which, base::ByteView digits, TextShelf& shelf)
{
    if (scales[which] == kOnShelf) shelf.drop(coefficients[which]);
    if (const auto number = smallDecimal(digits)) return keep(which, *number);
    coefficients[which] = shelf.put(digits);
    scales[which] = kOnShelf;
}

void NumberTally::add(base::ByteView number, TextShelf& shelf)
{
    sum.add(number);
    if (count == 0 || event::compareNumbers(number, digits(Min, &shelf)) < 0) keep(Min, number, shelf);
    if (count == 0 || event::compareNumbers(number, digits(Max, &shelf)) > 0) keep(Max, number, shelf);
    keep(Last, number, shelf);
    ++count;
}

std::string NumberTally::digits(Digits which, const TextShelf* shelf) const
{
    if (scales[which] == kOnShelf) return std::string(shelf->at(coefficients[which]));
    std::string text;
    appendDigits(text, decimal(which));
    return text;
}

void NumberTally::save(std::string& out, const TextShelf* shelf) const
{
    base::putVarint(out, count);
    sum.save(out);
    for (const Digits which : {Min, Max, Last}) putText(out, digits(which, shelf));
}

bool NumberTally::restore(base::ByteReader& in, TextShelf& shelf)
{
    count = in.varint();
    if (!sum.restore(in)) return false;
    for (const Digits which : {Min, Max, Last}) {
        const base::ByteView text = readText(in);
        if (!event::isJsonNumber(text)) return false;
        keep(which, text, shelf);
    }
    return count > 0;
}

} // namespace leftfold::fold
