// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/event/offset.h"
#include "core/fold/fold.h"
#include "core/fold/name_index.h"
#include "core/fold/names.h"
#include "core/fold/number_tally.h"

#include <memory>
#include <vector>

namespace leftfold::fold {

/// Where and when an event stood.
struct EventMark {
    std::int64_t seconds = 0; ///< of its effective time
    std::uint32_t nanos = 0;
    std::uint32_t partition = 0; ///< the name of the partition's text
    event::Offset offset;

    [[nodiscard]] base::Time time() const { return {seconds, nanos}; }
};

/// What a tally keeps of one aggregate. Partitions, types and pointers are names (of the fold's Names), so that
/// nothing becomes text until somebody reads it. Under 300 bytes on the heap with two numeric members and one type.
class TallyState final : public State {
public:
    void countEvent(const EventMark& mark, std::uint32_t type);
    /// Adds a number of the current event. `place` starts at 0 with each event and guesses where the member's
    /// tally stands: right as long as payloads look like the first one.
    void addNumber(std::uint32_t pointer, base::ByteView digits, std::size_t& place);
    /// The members to be expected. To be called before the first number.
    void reserveNumbers(std::size_t count);

    [[nodiscard]] std::uint64_t count() const { return m_count; }
    [[nodiscard]] event::Document document(NameCache& names) const;
    [[nodiscard]] std::string save(NameCache& names) const;
    /// None where `save` did not write the bytes.
    [[nodiscard]] static std::unique_ptr<TallyState> restore(base::ByteView saved, NameCache& names);

private:
    struct TypeCount {
        std::uint32_t name = 0;
        std::uint64_t count = 0;
    };

    /// What most aggregates have no use for.
    struct Unusual {
        std::vector<TypeCount> moreTypes; ///< behind the first
        std::unique_ptr<NameIndex> typeIndex;
        std::unique_ptr<NameIndex> numberIndex;
        std::unique_ptr<TextShelf> shelf;
    };

    Unusual& unusual();
    [[nodiscard]] TextShelf& shelfToFill();
    [[nodiscard]] const TextShelf* shelf() const { return m_unusual ? m_unusual->shelf.get() : nullptr; }
    void countFurtherType(std::uint32_t type);
    [[nodiscard]] std::size_t find(std::uint32_t pointer);
    [[nodiscard]] NumberTally& at(std::uint32_t pointer, std::size_t& place);
    void buildTypes(event::DocumentBuilder& builder, NameCache& names) const;
    void buildNumber(event::DocumentBuilder& builder, const NumberTally& number) const;
    void saveTypes(std::string& out, NameCache& names) const;
    [[nodiscard]] bool restoreTypes(base::ByteReader& in, NameCache& names);
    [[nodiscard]] bool restoreNumbers(base::ByteReader& in, NameCache& names);

    std::uint64_t m_count = 0;
    EventMark m_first;
    EventMark m_last;
    TypeCount m_firstType;
    std::vector<NumberTally> m_numbers; ///< in order of first appearance
    std::unique_ptr<Unusual> m_unusual;
};

inline void TallyState::countEvent(const EventMark& mark, std::uint32_t type)
{
    if (m_count == 0) {
        m_first = mark;
        m_firstType.name = type;
    }
    ++m_count;
    m_last = mark;
    if (type == m_firstType.name)
        ++m_firstType.count;
    else
        countFurtherType(type);
}

inline NumberTally& TallyState::at(std::uint32_t pointer, std::size_t& place)
{
    if (place >= m_numbers.size() || m_numbers[place].name != pointer) place = find(pointer);
    return m_numbers[place++];
}

inline void TallyState::addNumber(std::uint32_t pointer, base::ByteView digits, std::size_t& place)
{
    NumberTally& number = at(pointer, place);
    const auto small = smallDecimal(digits);
    if (small && !number.needsShelf())
        number.add(*small);
    else
        number.add(digits, shelfToFill());
}

} // namespace leftfold::fold
