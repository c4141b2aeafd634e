// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/tally_state.h"

namespace leftfold::fold {

namespace {

void build(event::DocumentBuilder& builder, const EventMark& mark, NameCache& names)
{
    builder.beginObject();
    builder.key("position");
    builder.text(std::string(names.textOf(mark.partition)) + "@" + std::to_string(mark.offset.value));
    if (mark.time() != base::kBeginningOfTime) {
        builder.key("time");
        builder.text(base::toIso(mark.time()));
    }
    builder.endObject();
}

void save(std::string& out, const EventMark& mark, NameCache& names)
{
    putText(out, names.textOf(mark.partition));
    putSigned(out, mark.offset.value);
    putSigned(out, mark.seconds);
    base::putVarint(out, mark.nanos);
}

EventMark restoreMark(base::ByteReader& in, NameCache& names)
{
    EventMark mark;
    mark.partition = names.idOf(readText(in));
    mark.offset.value = readSigned(in);
    mark.seconds = readSigned(in);
    mark.nanos = static_cast<std::uint32_t>(in.varint());
    return mark;
}

} // namespace

TallyState::Unusual& TallyState::unusual()
{
    if (!m_unusual) m_unusual = std::make_unique<Unusual>();
    return *m_unusual;
}

TextShelf& TallyState::shelfToFill()
{
    std::unique_ptr<TextShelf>& shelf = unusual().shelf;
    if (!shelf) shelf = std::make_unique<TextShelf>();
    return *shelf;
}

void TallyState::countFurtherType(std::uint32_t type)
{
    std::vector<TypeCount>& types = unusual().moreTypes;
    const std::size_t place = NameIndex::find(types, type, m_unusual->typeIndex);
    if (place == types.size()) types.push_back({type, 0});
    ++types[place].count;
}

void TallyState::reserveNumbers(std::size_t count)
{
    if (m_numbers.capacity() == 0) m_numbers.reserve(count);
}

/// The place of the member's tally, made where there was none.
std::size_t TallyState::find(std::uint32_t pointer)
{
    const std::size_t place = m_numbers.size() <= NameIndex::kSearched
                                  ? NameIndex::search(m_numbers, pointer)
                                  : NameIndex::find(m_numbers, pointer, unusual().numberIndex);
    if (place == m_numbers.size()) m_numbers.emplace_back().name = pointer;
    return place;
}

event::Document TallyState::document(NameCache& names) const
{
    event::DocumentBuilder builder;
    builder.beginObject();
    builder.key("count");
    builder.number(static_cast<std::int64_t>(m_count));
    builder.key("first");
    build(builder, m_first, names);
    builder.key("last");
    build(builder, m_last, names);
    builder.key("types");
    buildTypes(builder, names);
    builder.key("numbers");
    builder.beginObject();
    for (const NumberTally& number : m_numbers) {
        builder.key(names.textOf(number.name));
        buildNumber(builder, number);
    }
    builder.endObject();
    builder.endObject();
    return builder.finish();
}

void TallyState::buildTypes(event::DocumentBuilder& builder, NameCache& names) const
{
    const auto build = [&](const TypeCount& type) {
        builder.key(names.textOf(type.name));
        builder.number(static_cast<std::int64_t>(type.count));
    };
    builder.beginObject();
    build(m_firstType);
    if (m_unusual)
        for (const TypeCount& type : m_unusual->moreTypes) build(type);
    builder.endObject();
}

void TallyState::buildNumber(event::DocumentBuilder& builder, const NumberTally& number) const
{
    builder.beginObject();
    builder.key("count");
    builder.number(static_cast<std::int64_t>(number.count));
    builder.key("sum");
    if (number.sum.beyond())
        builder.text(ExactSum::kBeyondText);
    else
        builder.number(base::ByteView(number.sum.digits()));
    builder.key("min");
    builder.number(base::ByteView(number.digits(NumberTally::Min, shelf())));
    builder.key("max");
    builder.number(base::ByteView(number.digits(NumberTally::Max, shelf())));
    builder.key("last");
    builder.number(base::ByteView(number.digits(NumberTally::Last, shelf())));
    builder.endObject();
}

std::string TallyState::save(NameCache& names) const
{
    std::string out;
    base::putVarint(out, m_count);
    if (m_count == 0) return out;
    fold::save(out, m_first, names);
    fold::save(out, m_last, names);
    saveTypes(out, names);
    base::putVarint(out, m_numbers.size());
    for (const NumberTally& number : m_numbers) {
        putText(out, names.textOf(number.name));
        number.save(out, shelf());
    }
    return out;
}

void TallyState::saveTypes(std::string& out, NameCache& names) const
{
    base::putVarint(out, m_unusual ? m_unusual->moreTypes.size() : 0);
    putText(out, names.textOf(m_firstType.name));
    base::putVarint(out, m_firstType.count);
    if (!m_unusual) return;
    for (const TypeCount& type : m_unusual->moreTypes) {
        putText(out, names.textOf(type.name));
        base::putVarint(out, type.count);
    }
}

std::unique_ptr<TallyState> TallyState::restore(base::ByteView saved, NameCache& names)
{
    base::ByteReader in(saved);
    auto state = std::make_unique<TallyState>();
    state->m_count = in.varint();
    if (state->m_count > 0) {
        state->m_first = restoreMark(in, names);
        state->m_last = restoreMark(in, names);
        if (!state->restoreTypes(in, names) || !state->restoreNumbers(in, names)) return nullptr;
    }
    return in.atEnd() ? std::move(state) : nullptr;
}

bool TallyState::restoreTypes(base::ByteReader& in, NameCache& names)
{
    const std::uint64_t more = in.varint();
    m_firstType.name = names.idOf(readText(in));
    m_firstType.count = in.varint();
    for (std::uint64_t i = 0; i < more && in.ok(); ++i) {
        const std::uint32_t name = names.idOf(readText(in));
        unusual().moreTypes.push_back({name, in.varint()});
    }
    return in.ok();
}

bool TallyState::restoreNumbers(base::ByteReader& in, NameCache& names)
{
    const std::uint64_t count = in.varint();
    if (count > in.left()) return false;
    m_numbers.reserve(count);
    TextShelf shelf;
    for (std::uint64_t i = 0; i < count; ++i) {
        NumberTally& number = m_numbers.emplace_back();
        number.name = names.idOf(readText(in));
        if (!number.restore(in, shelf)) return false;
    }
    if (!shelf.isEmpty()) shelfToFill() = std::move(shelf);
    return true;
}

} // namespace leftfold::fold
