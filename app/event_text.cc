// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/event_text.h"

#include "core/decode/text.h"

#include <fmt/format.h>

namespace leftfold::app {

std::string timeText(base::Time time)
{
    return time == base::kBeginningOfTime ? "-" : base::toIso(time);
}

std::string eventLine(const PrintedEvent& event, const Output& out)
{
    const std::string place = fmt::format("{}  {}  {}", toText(event.index), timeText(event.effective),
                                          toText(event::Position{*event.partition, event.record->offset}));
    const std::string type = printable(event.type, 0);
    const std::string id = event.id ? printable(*event.id, 0) : "-";
    const std::size_t used = place.size() + type.size() + id.size() + 6;
    const std::size_t left = out.width() == 0 ? 0 : out.width() > used + 10 ? out.width() - used : 10;
    const std::string value = event.record->value ? printable(*event.record->value, left) : "(tombstone)";
    return fmt::format("{}  {}  {}  {}", out.in(90, place), out.in(event.undecodable ? 31 : 36, type), out.in(1, id),
                       value);
}

void timeMember(event::DocumentBuilder& json, base::ByteView key, base::Time time)
{
    json.key(key);
    time == base::kBeginningOfTime ? json.null() : json.text(base::toIso(time));
}

void textMember(event::DocumentBuilder& json, base::ByteView key, base::ByteView text)
{
    json.key(key);
    json.text(text);
}

void numberMember(event::DocumentBuilder& json, base::ByteView key, std::uint64_t number)
{
    json.key(key);
    json.number(std::to_string(number));
}

void booleanMember(event::DocumentBuilder& json, base::ByteView key, bool value)
{
    json.key(key);
    json.boolean(value);
}

void errorMembers(event::DocumentBuilder& json, const base::Error& error)
{
    textMember(json, "code", base::nameOf(error.code));
    textMember(json, "message", base::render(error));
    json.key("args");
    json.beginArray();
    for (const std::string& arg : error.args) json.text(arg);
    json.endArray();
}

} // namespace leftfold::app
