// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/nested_json.h"

#include "core/base/time.h"
#include "core/decode/json_text.h"
#include "core/decode/payload_decoder.h"
#include "core/decode/text.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace leftfold::decode {

namespace {

using Kind = NestedJson::Kind;

/// The numbers of tags, RFC 8949 section 3.4 and the registry of IANA.
constexpr std::uint64_t kEpoch = 1;
constexpr std::uint64_t kBignum = 2;
constexpr std::uint64_t kNegativeBignum = 3;
constexpr std::uint64_t kDecimalFraction = 4;
constexpr std::uint64_t kUuid = 37;
constexpr std::uint64_t kEpochDays = 100;

/// The value says all of it: date-times and dates as text (0, 1004), hints for encodings (21 to 23), texts of a certain kind (32 to
/// 36), the mark of CBOR itself (55799).
bool isPlainTag(std::uint64_t tag)
{
    constexpr std::uint64_t kPlain[] = {0, 21, 22, 23, 32, 33, 34, 35, 36, 1004, 55799};
    return std::find(std::begin(kPlain), std::end(kPlain), tag) != std::end(kPlain);
}

bool isInteger(std::string_view text)
{
    const std::size_t sign = !text.empty() && text.front() == '-' ? 1 : 0;
    return text.size() > sign
           && std::all_of(text.begin() + sign, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The bytes of a value that was written by appendBytesText.
std::optional<std::string> bytesOf(std::string_view value)
{
    constexpr std::string_view kBegin = "\"base64:";
    return fromBase64(value.substr(kBegin.size(), value.size() - kBegin.size() - 1));
}

using Shown = std::optional<std::string>;

Shown epoch(std::string_view value)
{
    constexpr std::size_t kNanoDigits = 9;
    const std::size_t point = value.find('.');
    const bool isExact = point == std::string_view::npos || value.size() - point - 1 <= kNanoDigits;
    if (!isExact || value.empty() || value.front() == '"' || value.find('e') != std::string_view::npos) return {};
    const auto time = base::parseEpoch(value, base::EpochUnit::Seconds);
    if (!time) return {};
    return '"' + base::toIso(*time) + '"';
}

Shown epochDays(std::string_view value)
{
    constexpr std::int64_t kMostDays = 1'000'000'000'000;
    std::int64_t days = 0;
    if (std::from_chars(value.data(), value.data() + value.size(), days).ec != std::errc() || days > kMostDays
        || days < -kMostDays)
        return {};
    Shown out(std::in_place);
    appendDate(*out, days);
    return out;
}

Shown bignum(std::string_view value, bool isNegative)
{
    Shown out(std::in_place);
    const auto bytes = bytesOf(value);
    if (!bytes || !appendBigInteger(*out, *bytes, isNegative)) return {};
    return out;
}

Shown uuid(std::string_view value)
{
    const auto bytes = bytesOf(value);
    if (!bytes || bytes->size() != 16) return {};
    std::string out = "\"";
    appendUuid(out, *bytes);
    return out + '"';
}

/// [exponent, digits]
Shown decimalFraction(std::string_view value)
{
    const std::size_t comma = value.find(',');
    if (value.front() != '[' || comma == std::string_view::npos) return {};
    const std::string_view exponent = value.substr(1, comma - 1);
    const std::string_view digits = value.substr(comma + 1, value.size() - comma - 2);
    std::int64_t power = 0;
    const auto read = std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
    if (!isInteger(exponent) || !isInteger(digits) || read.ec != std::errc()) return {};
    if (power == std::numeric_limits<std::int64_t>::min()) return {};
    Shown out(std::in_place);
    appendScaled(*out, digits, power);
    return out;
}

struct Untagged {
    std::string text;
    Kind kind;
};
/// What a tagged value is shown as, where the tag gives it a meaning of its own.
std::optional<Untagged> untagged(std::uint64_t tag, std::string_view value, Kind kind)
{
    const auto as = [](Kind newKind, Shown shown) {
        return shown ? std::optional(Untagged{std::move(*shown), newKind}) : std::nullopt;
    };
    if (tag == kEpoch && kind != Kind::Text) return as(Kind::Other, epoch(value));
    if (tag == kEpochDays && kind == Kind::Integer) return as(Kind::Other, epochDays(value));
    if (tag == kDecimalFraction && kind == Kind::Other) return as(Kind::Other, decimalFraction(value));
    if (kind != Kind::Bytes) return std::nullopt;
    if (tag == kBignum || tag == kNegativeBignum) return as(Kind::Integer, bignum(value, tag == kNegativeBignum));
    if (tag == kUuid) return as(Kind::Other, uuid(value));
    return std::nullopt;
}

} // namespace

NestedJson::NestedJson(std::string& out) : m_out(out), m_limit(out.size() + kMaxDecodedBytes) {}

bool NestedJson::begin()
{
    if (m_out.size() > m_limit) return false;
    if (!m_open.empty() && m_open.back().shape != Shape::Tag) {
        const Open& in = m_open.back();
        if (in.shape == Shape::Map && in.count % 2 == 1) {
            m_out += ':';
        } else if (in.count > 0) {
            m_out += ',';
        }
    }
    m_valueFrom = m_out.size();
    return true;
}

void NestedJson::end(Kind kind)
{
    closeTags(kind);
    if (m_open.empty()) return;
    Open& in = m_open.back();
    if (in.shape == Shape::Map && in.count % 2 == 0) endKey(kind);
    ++in.count;
}

void NestedJson::closeTags(Kind& kind)
{
    for (; !m_open.empty() && m_open.back().shape == Shape::Tag; m_open.pop_back()) {
        const Open& tag = m_open.back();
        m_valueFrom = tag.from;
        if (isPlainTag(tag.tag)) {
            kind = Kind::Other;
        } else if (auto shown = untagged(tag.tag, std::string_view(m_out).substr(tag.from), kind)) {
            m_out.replace(tag.from, std::string::npos, shown->text);
            kind = shown->kind;
        } else {
            m_out.insert(tag.from, "{\"$tag\":" + std::to_string(tag.tag) + ",\"value\":");
            m_out += '}';
            kind = Kind::Other;
        }
    }
}

void NestedJson::endKey(Kind kind)
{
    if (kind == Kind::Integer) {
        m_out.insert(m_valueFrom, 1, '"');
        m_out += '"';
    }
    m_keys.push_back({m_valueFrom, m_out.size(), kind});
}

bool NestedJson::open(Shape shape, std::uint64_t tag)
{
    if (m_open.size() >= kMaxDecodedDepth || !begin()) return false;
    m_open.push_back({shape, tag, m_out.size(), m_keys.size(), 0});
    return true;
}

bool NestedJson::beginArray()
{
    if (!open(Shape::Array, 0)) return false;
    m_out += '[';
    return true;
}

void NestedJson::endArray()
{
    m_out += ']';
    m_valueFrom = m_open.back().from;
    m_open.pop_back();
    end(Kind::Other);
}

bool NestedJson::beginMap()
{
    if (!open(Shape::Map, 0)) return false;
    m_out += '{';
    return true;
}

void NestedJson::endMap()
{
    m_out += '}';
    const Open map = m_open.back();
    const auto first = m_keys.begin() + static_cast<std::ptrdiff_t>(map.firstKey);
    const bool isObject = std::all_of(
        first, m_keys.end(), [&](const Key& key) { return key.kind == first->kind && key.kind != Kind::Other; });
    if (!isObject) toList(map);
    m_keys.resize(map.firstKey);
    m_valueFrom = map.from;
    m_open.pop_back();
    end(Kind::Other);
}

std::string_view NestedJson::keyText(const Key& key) const
{
    const std::size_t quote = key.kind == Kind::Integer ? 1 : 0;
    return std::string_view(m_out).substr(key.from + quote, key.end - key.from - 2 * quote);
}

void NestedJson::toList(const Open& map)
{
    std::string list = "[";
    for (std::size_t i = map.firstKey; i < m_keys.size(); ++i) {
        // A value ends before the comma of the next key, or before the brace.
        const std::size_t end = i + 1 < m_keys.size() ? m_keys[i + 1].from - 1 : m_out.size() - 1;
        if (i > map.firstKey) list += ',';
        list += "{\"key\":";
        list += keyText(m_keys[i]);
        list += ",\"value\":";
        list.append(m_out, m_keys[i].end + 1, end - m_keys[i].end - 1);
        list += '}';
    }
    m_out.replace(map.from, std::string::npos, list + "]");
}

bool NestedJson::beginTag(std::uint64_t number)
{
    return open(Shape::Tag, number);
}

bool NestedJson::wantsValue() const
{
    return !m_open.empty() && m_open.back().shape == Shape::Map && m_open.back().count % 2 == 1;
}

} // namespace leftfold::decode
