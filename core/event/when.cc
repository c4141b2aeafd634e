// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/when.h"

#include <charconv>
#include <optional>

namespace leftfold::event {

namespace {

std::optional<EventIndex> indexFrom(std::string_view digits)
{
    EventIndex index;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index.value);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return index;
}

template <class Value>
std::optional<When> whenFrom(base::Result<Value> parsed)
{
    if (!parsed) return std::nullopt;
    return When(std::move(*parsed));
}

/// A topic may start with anything, "#5[0]@3" too: a bracket tells a place from all other forms.
std::optional<When> anyForm(std::string_view text)
{
    if (text == "@start") return AtStart{};
    if (text == "@end") return AtEnd{};
    if (text.find("]@") != std::string_view::npos) return whenFrom(parsePosition(text));
    if (text.find('[') != std::string_view::npos) return whenFrom(parseCut(text));
    if (!text.empty() && text.front() == '#') return indexFrom(text.substr(1));
    return whenFrom(base::parseTime(text));
}

struct TextOf {
    std::string operator()(AtStart) const { return "@start"; }
    std::string operator()(AtEnd) const { return "@end"; }
    std::string operator()(base::Time time) const { return base::toIso(time); }
    std::string operator()(EventIndex index) const { return toText(index); }
    std::string operator()(const Position& position) const { return toText(position); }
    std::string operator()(const Cut& cut) const { return cut.next.empty() ? "@start" : toText(cut); }
};

} // namespace

base::Result<When> parseWhen(std::string_view text)
{
    auto when = anyForm(text);
    if (!when) return base::fail(base::ErrorCode::BadWhen, text);
    return std::move(*when);
}

std::string toText(const When& when)
{
    return std::visit(TextOf{}, when);
}

} // namespace leftfold::event
