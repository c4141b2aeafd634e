// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <string>

namespace leftfold::event {

[[nodiscard]] constexpr bool isHighSurrogate(char32_t unit)
{
    return unit >= 0xd800 && unit < 0xdc00;
}
[[nodiscard]] constexpr bool isLowSurrogate(char32_t unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}
/// The code point of a surrogate pair.
[[nodiscard]] constexpr char32_t combined(char32_t high, char32_t low)
{
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/// Appends a code point in UTF-8; a surrogate in the three bytes WTF-8 gives it.
inline void appendUtf8(std::string& out, char32_t codePoint)
{
    const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
    if (codePoint < 0x80) {
        put(codePoint);
        return;
    }
    if (codePoint < 0x800) {
        put(0xc0 | codePoint >> 6);
    } else {
        if (codePoint < 0x10000) {
            put(0xe0 | codePoint >> 12);
        } else {
            put(0xf0 | codePoint >> 18);
            put(0x80 | (codePoint >> 12 & 0x3f));
        }
        put(0x80 | (codePoint >> 6 & 0x3f));
    }
    put(0x80 | (codePoint & 0x3f));
}

/// The surrogate whose three WTF-8 bytes stand at `at`; 0 if there is none.
[[nodiscard]] inline char32_t surrogateAt(base::ByteView text, std::size_t at)
{
    if (text.size() - at < 3) return 0;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    if (byte(0) != 0xed || byte(1) < 0xa0 || byte(1) > 0xbf || byte(2) < 0x80 || byte(2) > 0xbf) return 0;
    return static_cast<char32_t>(0xd000 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f));
}

} // namespace leftfold::event
