// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/mapping.h"

#include "core/decode/shape.h"
#include "core/decode/text.h"
#include "core/event/json_walker.h"

#include <algorithm>
#include <array>

namespace leftfold::decode {

namespace {

using base::ByteView;
using base::EpochUnit;

struct NamedRef {
    std::string_view name;
    std::optional<FieldRef> Mapping::*ref;
};

constexpr std::array<NamedRef, 6> kRefs = {{{"id", &Mapping::id},
                                            {"type", &Mapping::type},
                                            {"time", &Mapping::time},
                                            {"eventId", &Mapping::eventId},
                                            {"causation", &Mapping::causation},
                                            {"correlation", &Mapping::correlation}}};

/// In the order of EpochUnit.
constexpr std::array<std::string_view, 4> kUnits = {"s", "ms", "us", "ns"};
constexpr std::array<std::string_view, 4> kUnitWords = {"seconds since 1970", "milliseconds since 1970",
                                                        "microseconds since 1970", "nanoseconds since 1970"};

void appendMember(std::string& out, std::string_view name, std::string_view text)
{
    out += out.empty() ? '{' : ',';
    event::escape(out, name);
    out += ':';
    event::escape(out, text);
}

/// Hears the walk over a mapping: one object of texts.
class MappingParser {
public:
    void beginObject()
    {
        if (m_depth++ > 0) stop();
    }
    void endObject() { --m_depth; }
    void beginArray()
    {
        ++m_depth;
        stop();
    }
    void endArray() { --m_depth; }
    void key(ByteView raw)
    {
        m_name.clear();
        event::unescape(raw, m_name);
    }
    void text(ByteView raw)
    {
        std::string text;
        event::unescape(raw, text);
        m_depth == 1 ? member(text) : stop();
    }
    void number(ByteView) { stop(); }
    void boolean(bool) { stop(); }
    void null() { stop(); }

    [[nodiscard]] base::Result<Mapping> finish() &&
    {
        if (!m_reason.empty()) return base::fail(base::ErrorCode::BadMapping, m_reason);
        return std::move(m_mapping);
    }

private:
    void stop(std::string reason = "expected an object of texts, {\"id\":\"/invoice\",...}")
    {
        if (m_reason.empty()) m_reason = std::move(reason);
    }

    void member(const std::string& text)
    {
        if (m_name == "timeUnit") return unit(text);
        if (m_name == "shape") {
            m_mapping.shape = text;
            return;
        }
        const auto known =
            std::find_if(kRefs.begin(), kRefs.end(), [&](const NamedRef& ref) { return ref.name == m_name; });
        if (known == kRefs.end()) return stop("it has no member '" + m_name + "'");
        auto ref = parseFieldRef(text);
        if (!ref) return stop(base::render(ref.error()));
        m_mapping.*known->ref = std::move(*ref);
    }

    void unit(const std::string& text)
    {
        const auto known = std::find(kUnits.begin(), kUnits.end(), text);
        if (known == kUnits.end()) return stop("'" + text + "' is no unit of time: expected s, ms, us or ns");
        m_mapping.timeUnit = static_cast<EpochUnit>(known - kUnits.begin());
    }

    Mapping m_mapping;
    std::string m_name;
    std::size_t m_depth = 0;
    std::string m_reason;
};

/// A text such as "1291191960123" or "1291191960.5".
bool isEpochText(ByteView text)
{
    const bool digits = !text.empty() && text.find_first_not_of("0123456789") == ByteView::npos;
    return digits || event::isJsonNumber(text);
}

/// Eight bytes of a header that are no text, as Axon writes milliseconds.
bool isBigEndian(const FieldValue& value)
{
    return value.kind == FieldKind::Text && value.text.size() == 8 && value.text.front() == '\0';
}

std::uint64_t bigEndian(ByteView bytes)
{
    std::uint64_t number = 0;
    for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
    return number;
}

std::string describeOne(std::string_view name, const std::optional<FieldRef>& ref)
{
    return std::string(name) + ' ' + (ref ? toText(*ref) : "unknown");
}

std::string timeForm(const Mapping& mapping)
{
    if (!mapping.time || std::holds_alternative<NativeTimestamp>(*mapping.time)) return {};
    if (!mapping.timeUnit) return " (ISO 8601)";
    return " (" + std::string(kUnitWords[static_cast<std::size_t>(*mapping.timeUnit)]) + ")";
}

} // namespace

std::string toJson(const Mapping& mapping)
{
    std::string out;
    for (const auto& [name, ref] : kRefs) {
        if (mapping.*ref) appendMember(out, name, toText(*(mapping.*ref)));
    }
    if (mapping.timeUnit) appendMember(out, "timeUnit", kUnits[static_cast<std::size_t>(*mapping.timeUnit)]);
    if (!mapping.shape.empty()) appendMember(out, "shape", mapping.shape);
    return out.empty() ? "{}" : out + '}';
}

base::Result<Mapping> parseMapping(std::string_view json)
{
    std::string padded(json);
    padded.append(base::kReadablePadding, '\0');
    event::JsonReader reader;
    MappingParser parser;
    auto walked = event::walk(reader, ByteView(padded).substr(0, json.size()), parser);
    if (!walked) return base::fail(base::ErrorCode::BadMapping, base::render(walked.error()));
    return std::move(parser).finish();
}

Mapping overlaid(Mapping mapping, const Mapping& given)
{
    const auto take = [](auto& target, const auto& value) {
        if (value) target = value;
    };
    take(mapping.id, given.id);
    take(mapping.type, given.type);
    take(mapping.time, given.time);
    take(mapping.timeUnit, given.timeUnit);
    take(mapping.eventId, given.eventId);
    take(mapping.causation, given.causation);
    take(mapping.correlation, given.correlation);
    return mapping;
}

std::string describe(const Mapping& mapping)
{
    const Shape* shape = shapeNamed(mapping.shape);
    std::string out = (shape == nullptr ? std::string() : std::string(shape->title) + ": ")
                      + describeOne("id", mapping.id) + ", " + describeOne("type", mapping.type) + ", "
                      + describeOne("time", mapping.time) + timeForm(mapping);
    if (mapping.eventId) out += ", " + describeOne("event id", mapping.eventId);
    if (mapping.causation) out += ", " + describeOne("causation", mapping.causation);
    if (mapping.correlation) out += ", " + describeOne("correlation", mapping.correlation);
    return out;
}

base::Result<std::optional<base::Time>> timeOf(const FieldValue& value, std::optional<EpochUnit> unit)
{
    switch (value.kind) {
    case FieldKind::Absent:
    case FieldKind::Null:
        return std::nullopt;
    case FieldKind::Boolean:
    case FieldKind::Composite:
        return base::fail(base::ErrorCode::BadTime, value.text, "expected a text or a number");
    case FieldKind::Text:
    case FieldKind::Number:
        break;
    }
    if (isBigEndian(value)) return base::parseEpoch(std::to_string(bigEndian(value.text)), EpochUnit::Milliseconds);
    const bool isNumber = value.kind == FieldKind::Number || isEpochText(value.text);
    LEFTFOLD_TRY(const base::Time time, isNumber ? base::parseEpoch(value.text, unit.value_or(EpochUnit::Milliseconds))
                                                 : base::parseTime(value.text));
    return time;
}

} // namespace leftfold::decode
