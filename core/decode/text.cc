// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/text.h"

#include <simdjson.h>

#include <array>
#include <cstdint>

namespace leftfold::decode {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> digitTable()
{
    std::array<std::uint8_t, 256> table{};
    table.fill(kNoDigit);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i)
        table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    return table;
}

constexpr std::array<std::uint8_t, 256> kDigits = digitTable();

std::uint32_t byteAt(base::ByteView bytes, std::size_t i)
{
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
}

/// Four digits as 24 bits; a padding digit counts as 0.
std::optional<std::uint32_t> bitsOf(base::ByteView four, std::size_t padding)
{
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const std::uint8_t digit = i + padding < 4 ? kDigits[static_cast<unsigned char>(four[i])] : 0;
        if (digit == kNoDigit) return std::nullopt;
        bits = bits << 6 | digit;
    }
    return bits;
}

std::size_t paddingOf(base::ByteView text)
{
    if (text.empty() || text.back() != '=') return 0;
    return text[text.size() - 2] == '=' ? 2 : 1;
}

} // namespace

bool isUtf8(base::ByteView bytes)
{
    return simdjson::validate_utf8(bytes.data(), bytes.size());
}

void appendBase64(std::string& out, base::ByteView bytes)
{
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::uint32_t bits = byteAt(bytes, i) << 16 | byteAt(bytes, i + 1) << 8 | byteAt(bytes, i + 2);
        const std::size_t digits = std::min<std::size_t>(bytes.size() - i, 3) + 1;
        for (std::size_t d = 0; d < 4; ++d) out += d < digits ? kAlphabet[bits >> (18 - 6 * d) & 63] : '=';
    }
}

std::optional<std::string> fromBase64(base::ByteView text)
{
    if (text.size() % 4 != 0) return std::nullopt;
    const std::size_t padding = paddingOf(text);
    std::string out;
    out.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        const std::size_t missing = i + 4 == text.size() ? padding : 0;
        const auto bits = bitsOf(text.substr(i, 4), missing);
        // Bits that no byte takes must be zero.
        if (!bits || (*bits & ((1U << (8 * missing)) - 1)) != 0) return std::nullopt;
        for (std::size_t b = 0; b < 3 - missing; ++b) out += static_cast<char>(*bits >> (16 - 8 * b) & 0xFF);
    }
    return out;
}

namespace {

/// How many bytes the UTF-8 character at the start of `bytes` has; 0 where there is none.
std::size_t characterLength(base::ByteView bytes)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const std::size_t length = byte(0) < 0x80   ? 1
                               : byte(0) < 0xc2 ? 0
                               : byte(0) < 0xe0 ? 2
                               : byte(0) < 0xf0 ? 3
                               : byte(0) < 0xf5 ? 4
                                                : 0;
    if (length == 0 || length > bytes.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return 0;
    }
    return length;
}

bool isControl(base::ByteView character)
{
    const auto first = static_cast<unsigned char>(character[0]);
    return first < 0x20 || first == 0x7f || (first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0);
}

} // namespace

std::string printable(base::ByteView bytes, std::size_t width)
{
    constexpr std::string_view kReplacement = "\xef\xbf\xbd";
    std::string out;
    std::size_t shown = 0;
    while (!bytes.empty()) {
        if (width > 0 && shown + 1 == width && bytes.size() > 1) return out + "\xe2\x80\xa6";
        const std::size_t length = characterLength(bytes);
        const base::ByteView character = bytes.substr(0, std::max<std::size_t>(length, 1));
        out += length == 0 ? kReplacement : isControl(character) ? std::string_view(" ") : character;
        bytes.remove_prefix(character.size());
        ++shown;
    }
    return out;
}

} // namespace leftfold::decode
