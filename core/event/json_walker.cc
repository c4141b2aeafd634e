// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/json_walker.h"

#include "core/event/surrogate.h"

#include <algorithm>
#include <array>
#include <bit>
#include <simdjson.h>

namespace leftfold::event {
namespace {

constexpr std::size_t kLeastCapacity = std::size_t{1} << 16;
constexpr std::size_t kExceptionalCapacity = std::size_t{1} << 24;

int hexValue(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// The four hexadecimal digits at `at`, or -1.
int codeUnit(base::ByteView raw, std::size_t at)
{
    if (raw.size() < at + 4) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
        const int digit = hexValue(raw[i]);
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

/// What the letter behind a backslash stands for; NUL for 'u' and for letters that stand for nothing.
char shortEscape(char letter)
{
    switch (letter) {
    case '"':
    case '\\':
    case '/':
        return letter;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return '\0';
    }
}

/// The letter that stands for a byte behind a backslash; NUL if there is none.
char letterOf(char c)
{
    switch (c) {
    case '"':
    case '\\':
        return c;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return '\0';
    }
}

/// Appends what the escape \uXXXX whose digits begin at `at` stands for, with the second half of a pair if that
/// follows. Returns the place behind it.
std::size_t appendCodePoint(base::ByteView raw, std::size_t at, std::string& out)
{
    const auto unit = static_cast<char32_t>(codeUnit(raw, at));
    at += 4;
    if (isHighSurrogate(unit) && raw.substr(at, 2) == "\\u") {
        const auto low = static_cast<char32_t>(codeUnit(raw, at + 2));
        if (isLowSurrogate(low)) {
            appendUtf8(out, combined(unit, low));
            return at + 6;
        }
    }
    appendUtf8(out, unit);
    return at;
}

void appendUnitEscape(std::string& out, unsigned unit)
{
    constexpr char kDigits[] = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(unit >> shift) & 0xf];
}

/// By byte: whether it is written as it is. 0xed may begin a surrogate.
constexpr auto kStandsForItself = [] {
    std::array<bool, 256> table{};
    for (std::size_t byte = 0; byte < table.size(); ++byte) {
        table[byte] = byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0xed;
    }
    return table;
}();

bool standsForItself(char c)
{
    return kStandsForItself[static_cast<unsigned char>(c)];
}

/// Appends what stands at `at`, which does not stand for itself or might not. Returns the place behind it.
std::size_t escapeOne(std::string& out, base::ByteView text, std::size_t at)
{
    if (const char letter = letterOf(text[at])) {
        out += '\\';
        out += letter;
        return at + 1;
    }
    if (static_cast<unsigned char>(text[at]) < 0x20) {
        appendUnitEscape(out, static_cast<unsigned char>(text[at]));
        return at + 1;
    }
    if (const char32_t surrogate = surrogateAt(text, at)) {
        appendUnitEscape(out, surrogate);
        return at + 3;
    }
    out += text[at];
    return at + 1;
}

} // namespace

struct JsonReader::Indexer {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> stage1;

    /// Makes room for a document of `size` bytes; false where there is none.
    bool reserve(std::size_t size)
    {
        if (size > simdjson::SIMDJSON_MAXSIZE_BYTES) return false;
        const std::size_t has = stage1 ? stage1->capacity() : 0;
        const bool wasteful = has >= kExceptionalCapacity && size < has / 64;
        if (has >= size && has > 0 && !wasteful) return true;
        const std::size_t wanted =
            std::min(std::max(kLeastCapacity, std::bit_ceil(size)), std::size_t{simdjson::SIMDJSON_MAXSIZE_BYTES});
        stage1.reset();
        return simdjson::get_active_implementation()->create_dom_parser_implementation(wanted, 1, stage1)
               == simdjson::SUCCESS;
    }
};

JsonReader::JsonReader() : m_indexer(std::make_unique<Indexer>()) {}
JsonReader::~JsonReader() = default;
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;

// simdjson's public front ends do not fit: the DOM refuses what we must read (2^64, 1e400, lone surrogates, depth),
// on-demand accepts what we must not. Both stand on this stage, which finds the tokens and checks UTF-8.
std::span<const std::uint32_t> JsonReader::indexAlone(base::ByteView json)
{
    if (json.empty() || !m_indexer->reserve(json.size())) return {};
    auto& stage1 = *m_indexer->stage1;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(json.data());
    if (stage1.stage1(bytes, json.size(), simdjson::stage1_mode::regular) != simdjson::SUCCESS) return {};
    return {stage1.structural_indexes.get(), std::size_t{stage1.n_structural_indexes} + 1};
}

// A line break inside a text is a control character, which stage 1 refuses: where it accepts the lines, none of them
// reaches into the next. Where it does not, each document is indexed alone.
void JsonReader::expectLines(base::ByteView lines)
{
    m_linePlaces = indexAlone(lines);
    m_lines = m_linePlaces.empty() ? base::ByteView() : lines;
    m_lineToken = 0;
    m_linesHaveEscapes = hasEscapes(m_lines);
}

std::span<const std::uint32_t> JsonReader::indexExpected(base::ByteView json)
{
    const auto begin = static_cast<std::uint32_t>(json.data() - m_lines.data());
    const auto end = static_cast<std::uint32_t>(begin + json.size());
    const bool isBehind = m_lineToken > 0 && m_linePlaces[m_lineToken - 1] >= begin;
    if (isBehind) m_lineToken = 0;
    const std::size_t tokens = m_linePlaces.size() - 1;
    while (m_lineToken < tokens && m_linePlaces[m_lineToken] < begin) ++m_lineToken;
    const std::size_t first = m_lineToken;
    while (m_lineToken < tokens && m_linePlaces[m_lineToken] < end) ++m_lineToken;
    if (first == m_lineToken) return {};
    return m_linePlaces.subspan(first, m_lineToken - first + 1);
}

JsonReader::Index JsonReader::index(base::ByteView json)
{
    if (isExpected(json)) return {m_lines.data(), indexExpected(json)};
    m_lines = {}; // the index of the lines is written over
    return {json.data(), indexAlone(json)};
}

bool hasGoodEscapes(base::ByteView raw)
{
    for (std::size_t at = raw.find('\\'); at < raw.size(); at = raw.find('\\', at)) {
        if (at + 1 == raw.size()) return false;
        if (raw[at + 1] == 'u') {
            if (codeUnit(raw, at + 2) < 0) return false;
            at += 6;
        } else {
            if (shortEscape(raw[at + 1]) == '\0') return false;
            at += 2;
        }
    }
    return true;
}

void unescape(base::ByteView raw, std::string& out)
{
    for (std::size_t at = 0; at < raw.size();) {
        const std::size_t backslash = std::min(raw.find('\\', at), raw.size());
        out.append(raw, at, backslash - at);
        if (backslash == raw.size()) return;
        if (raw[backslash + 1] == 'u') {
            at = appendCodePoint(raw, backslash + 2, out);
        } else {
            out += shortEscape(raw[backslash + 1]);
            at = backslash + 2;
        }
    }
}

void escape(std::string& out, base::ByteView text)
{
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        std::size_t plain = at;
        while (plain < text.size() && standsForItself(text[plain])) ++plain;
        out.append(text, at, plain - at);
        at = plain == text.size() ? plain : escapeOne(out, text, plain);
    }
    out += '"';
}

} // namespace leftfold::event
