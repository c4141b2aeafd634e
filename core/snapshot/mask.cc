// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/mask.h"

#include "core/base/file.h"
#include "core/decode/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace leftfold::snapshot {

namespace {

using base::ByteView;
using base::ErrorCode;
using base::Result;
using event::Value;

constexpr std::string_view kHeader = "header:";
constexpr std::string_view kText = "text:";

bool isSameName(base::ByteView a, base::ByteView b)
{
    return std::ranges::equal(a, b, [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

/// A regular expression's library goes deep into long texts: what is longer than this is looked at in pieces.
constexpr std::size_t kPiece = 4096;
/// What lies deeper is masked: nobody looks there.
constexpr std::size_t kMaxDepth = 512;

std::string replacedIn(std::string text, const std::vector<std::regex>& patterns)
{
    for (const std::regex& pattern : patterns) text = std::regex_replace(text, pattern, std::string(kMasked));
    return text;
}

} // namespace

Result<MaskRule> parseMaskRule(std::string_view text)
{
    if (text == "key") return MaskedKey{};
    if (text.starts_with(kHeader) && text.size() > kHeader.size())
        return MaskedHeader{std::string(text.substr(kHeader.size()))};
    if (text.starts_with('/')) {
        auto path = event::parsePathPattern(text);
        if (!path) return base::fail(ErrorCode::BadMask, text, base::render(path.error()));
        return MaskedPath{std::move(*path)};
    }
    if (!text.starts_with(kText) || text.size() == kText.size())
        return base::fail(ErrorCode::BadMask, text,
                          "expected a path (/customer/email), header:NAME, key or text:REGEX");
    try {
        const std::string pattern(text.substr(kText.size()));
        const std::regex checked(pattern);
        if (std::regex_match("", checked))
            return base::fail(ErrorCode::BadMask, text, "it fits nothing at all as well");
        return MaskedText{pattern};
    } catch (const std::regex_error& error) {
        return base::fail(ErrorCode::BadMask, text, error.what());
    }
}

std::string toText(const MaskRule& rule)
{
    if (const auto* path = std::get_if<MaskedPath>(&rule)) return toText(path->path);
    if (const auto* header = std::get_if<MaskedHeader>(&rule)) return std::string(kHeader) + header->name;
    if (const auto* pattern = std::get_if<MaskedText>(&rule)) return std::string(kText) + pattern->pattern;
    return "key";
}

Result<std::vector<MaskRule>> parseMaskRules(std::string_view text)
{
    std::vector<MaskRule> rules;
    for (std::size_t line = 1; !text.empty(); ++line) {
        std::string_view each = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), each.size() + 1));
        while (!each.empty() && (each.back() == '\r' || each.back() == ' ')) each.remove_suffix(1);
        if (each.empty() || each.front() == '#') continue;
        auto rule = parseMaskRule(each);
        if (!rule) return base::inContext(std::move(rule).error(), fmt::format("line {}", line));
        rules.push_back(std::move(*rule));
    }
    return rules;
}

Result<std::vector<MaskRule>> readMaskRules(const std::string& path)
{
    LEFTFOLD_TRY(const std::string text, base::readFile(path));
    auto rules = parseMaskRules(text);
    if (!rules) return base::inContext(std::move(rules).error(), path);
    return rules;
}

Masks::Masks(std::vector<MaskRule> rules) : m_rules(std::move(rules))
{
    for (const MaskRule& rule : m_rules) {
        if (const auto* path = std::get_if<MaskedPath>(&rule)) m_paths.push_back(path->path);
        if (const auto* text = std::get_if<MaskedText>(&rule)) m_patterns.emplace_back(text->pattern);
    }
}

bool Masks::isPathMasked(const std::vector<std::string>& path) const
{
    return std::ranges::any_of(m_paths, [&](const event::PathPattern& pattern) { return matches(pattern, path); });
}

std::string Masks::maskedText(ByteView text) const
{
    if (m_patterns.empty()) return std::string(text);
    std::string out;
    while (text.size() > kPiece) {
        // A piece ends at a blank where there is one: patterns are of words.
        std::size_t end = text.rfind(' ', kPiece);
        if (end == ByteView::npos || end == 0) end = kPiece;
        out += replacedIn(std::string(text.substr(0, end)), m_patterns);
        text.remove_prefix(end);
    }
    return out + replacedIn(std::string(text), m_patterns);
}

/// Copies a value without what is masked.
class Masks::Writer {
public:
    explicit Writer(const Masks& masks) : m_masks(masks) {}

    event::Document write(Value root, const std::vector<std::string>& place = {})
    {
        m_path = place;
        value(root);
        return m_out.finish();
    }

private:
    void value(Value value)
    {
        if (m_path.size() > kMaxDepth || m_masks.isPathMasked(m_path)) return m_out.text(kMasked);
        switch (value.kind()) {
        case event::Kind::Object:
            return object(value);
        case event::Kind::Array:
            return array(value);
        case event::Kind::Text:
            return m_out.text(m_masks.maskedText(value.text()));
        case event::Kind::Number:
            return number(value);
        case event::Kind::Null:
        case event::Kind::Boolean:
            m_out.value(value);
        }
    }

    void object(Value value)
    {
        m_out.beginObject();
        for (const event::Member& member : value.members()) {
            m_out.key(m_masks.maskedText(member.key));
            m_path.emplace_back(member.key);
            this->value(member.value);
            m_path.pop_back();
        }
        m_out.endObject();
    }

    void array(Value value)
    {
        m_out.beginArray();
        std::size_t number = 0;
        for (const Value item : value.items()) {
            m_path.push_back(std::to_string(number++));
            this->value(item);
            m_path.pop_back();
        }
        m_out.endArray();
    }

    void number(Value value)
    {
        const bool isMasked = m_masks.maskedText(value.digits()) != value.digits();
        isMasked ? m_out.text(kMasked) : m_out.number(value.digits());
    }

    const Masks& m_masks;
    event::DocumentBuilder m_out;
    std::vector<std::string> m_path;
};

event::Document Masks::masked(Value value) const
{
    return Writer(*this).write(value);
}

std::string Masks::maskedId(ByteView id, bool isWhole) const
{
    return isWhole ? std::string(kMasked) : maskedText(id);
}

base::Error Masks::masked(base::Error error) const
{
    // Its values are of a place that it names; what others quote is of no place that is known.
    const bool tellsColumn = error.code == ErrorCode::RowDiverges && !error.args.empty();
    const bool isCovered = tellsColumn && coversPath(event::Pointer{{error.args.front()}});
    for (std::size_t i = 0; i < error.args.size(); ++i)
        error.args[i] = isCovered && i > 0 ? std::string(kMasked) : maskedText(error.args[i]);
    return error;
}

event::Document Masks::maskedAt(const event::Pointer& place, Value value) const
{
    if (!coversPath(place)) return Writer(*this).write(value, place.tokens);
    event::DocumentBuilder out;
    out.text(kMasked);
    return out.finish();
}

event::Pointer Masks::maskedPointer(const event::Pointer& place) const
{
    event::Pointer out = place;
    for (std::string& token : out.tokens) token = maskedText(token);
    return out;
}

std::string Masks::maskedPlace(const event::Pointer& place) const
{
    return toText(maskedPointer(place));
}

std::vector<event::Change> Masks::masked(std::vector<event::Change> changes) const
{
    for (event::Change& change : changes) {
        if (change.before) change.before = maskedAt(change.pointer, change.before->root());
        if (change.after) change.after = maskedAt(change.pointer, change.after->root());
        change.pointer = maskedPointer(change.pointer);
    }
    return changes;
}

bool Masks::coversPath(const event::Pointer& place) const
{
    std::vector<std::string> path;
    if (isPathMasked(path)) return true;
    for (const std::string& token : place.tokens) {
        path.push_back(token);
        if (isPathMasked(path)) return true;
    }
    return false;
}

bool Masks::coversKey() const
{
    return std::ranges::any_of(m_rules, [](const MaskRule& rule) { return std::holds_alternative<MaskedKey>(rule); });
}

bool Masks::coversHeader(ByteView name) const
{
    return std::ranges::any_of(m_rules, [&](const MaskRule& rule) {
        const auto* named = std::get_if<MaskedHeader>(&rule);
        return named != nullptr && isSameName(named->name, name);
    });
}

bool Masks::covers(const decode::FieldRef& place) const
{
    if (const auto* pointer = std::get_if<event::Pointer>(&place)) return coversPath(*pointer);
    if (const auto* header = std::get_if<decode::HeaderNamed>(&place)) return coversHeader(header->name);
    // The id of a row is made of the record's key.
    return !std::holds_alternative<decode::NativeTimestamp>(place) && coversKey();
}

std::vector<std::string> Masks::names() const
{
    std::vector<std::string> names;
    for (const MaskRule& rule : m_rules)
        names.push_back(std::holds_alternative<MaskedText>(rule) ? "text" : toText(rule));
    return names;
}

std::string Masks::maskedPayload(ByteView bytes, bool& isJson) const
{
    const auto document = event::Document::parse(bytes);
    isJson = document.has_value();
    if (document) return toJson(masked(document->root()).root());
    const bool isOpaque = !m_paths.empty() || !decode::isUtf8(bytes);
    return isOpaque ? std::string(kMasked) : maskedText(bytes);
}

Masks::Record Masks::masked(const event::Record& record) const
{
    Record out;
    out.record = record;
    const auto keep = [&out](std::string text) {
        const std::size_t size = text.size();
        text.append(base::kReadablePadding, '\0');
        return ByteView(out.texts.emplace_back(std::move(text))).substr(0, size);
    };
    bool isJson = false;
    if (record.value) out.record.value = keep(maskedPayload(*record.value, out.valueIsJson));
    if (record.key && coversKey()) {
        out.record.key = kMasked;
    } else if (record.key) {
        const bool isStructured = record.key->starts_with('{') || record.key->starts_with('[');
        out.record.key = keep(isStructured ? maskedPayload(*record.key, isJson) : maskedText(*record.key));
    }
    for (event::Header& header : out.record.headers) {
        if (header.value)
            header.value = coversHeader(header.name) ? ByteView(kMasked) : keep(maskedText(*header.value));
    }
    return out;
}

} // namespace leftfold::snapshot
