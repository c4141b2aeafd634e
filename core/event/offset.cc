// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/offset.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace leftfold::event {

namespace {

using base::ErrorCode;
using base::fail;

bool mayStandInTopic(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte > ' ' && byte != 0x7F && std::string_view("@:,[]").find(c) == std::string_view::npos;
}

bool isUtf8(std::string_view text)
{
    return simdjson::validate_utf8(text.data(), text.size());
}

/// Digits and nothing else, within the range of Number.
template <class Number>
std::optional<Number> numberFrom(std::string_view digits)
{
    Number value = 0;
    if (digits.empty() || digits.front() == '-') return std::nullopt;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

std::optional<Partition> partitionFrom(std::string_view text)
{
    const std::size_t open = text.find('[');
    if (open == std::string_view::npos || open == 0 || text.back() != ']') return std::nullopt;
    const std::string_view topic = text.substr(0, open);
    if (!std::all_of(topic.begin(), topic.end(), mayStandInTopic) || !isUtf8(topic)) return std::nullopt;
    const auto number = numberFrom<std::int32_t>(text.substr(open + 1, text.size() - open - 2));
    if (!number) return std::nullopt;
    return Partition{std::string(topic), *number};
}

/// `orders[0]` and an offset behind `separator`: a position or one part of a cut.
std::optional<Position> placeFrom(std::string_view text, char separator)
{
    const std::size_t at = text.rfind(separator);
    if (at == std::string_view::npos) return std::nullopt;
    const auto partition = partitionFrom(text.substr(0, at));
    const auto offset = numberFrom<std::int64_t>(text.substr(at + 1));
    if (!partition || !offset) return std::nullopt;
    return Position{*partition, Offset{*offset}};
}

} // namespace

bool Cut::contains(const Position& position) const
{
    const auto end = next.find(position.partition);
    return end != next.end() && position.offset < end->second;
}

std::string toText(const Partition& partition)
{
    return partition.topic + '[' + std::to_string(partition.number) + ']';
}

std::string toText(const Position& position)
{
    return toText(position.partition) + '@' + std::to_string(position.offset.value);
}

std::string toText(const Cut& cut)
{
    std::string out;
    for (const auto& [partition, offset] : cut.next) {
        if (!out.empty()) out += ',';
        out += toText(partition) + ':' + std::to_string(offset.value);
    }
    return out;
}

std::string toText(EventIndex index)
{
    return '#' + std::to_string(index.value);
}

base::Result<Partition> parsePartition(std::string_view text)
{
    auto partition = partitionFrom(text);
    if (!partition) return fail(ErrorCode::BadPartition, text);
    return std::move(*partition);
}

base::Result<Position> parsePosition(std::string_view text)
{
    auto position = placeFrom(text, '@');
    if (!position) return fail(ErrorCode::BadPosition, text);
    return std::move(*position);
}

base::Result<Cut> parseCut(std::string_view text)
{
    Cut cut;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        auto place = placeFrom(rest.substr(0, comma), ':');
        const bool open = comma != std::string_view::npos && comma + 1 == rest.size();
        if (!place || open) return fail(ErrorCode::BadCut, text);
        if (!cut.next.emplace(std::move(place->partition), place->offset).second) return fail(ErrorCode::BadCut, text);
        rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
    return cut;
}

std::string topicNameFor(std::string_view text)
{
    if (text.empty()) return "log";
    std::string topic(text);
    const bool ascii = !isUtf8(text);
    const auto bad = [&](char c) { return !mayStandInTopic(c) || (ascii && static_cast<unsigned char>(c) > 0x7F); };
    std::replace_if(topic.begin(), topic.end(), bad, '_');
    return topic;
}

} // namespace leftfold::event
