// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace leftfold::fold {

/// A text that many others are compared with: where it is short, by two words instead of byte by byte.
class Spelling {
public:
    Spelling() = default;

    explicit Spelling(base::ByteView text) : m_text(text)
    {
        if (text.size() > sizeof m_head) return;
        std::memset(m_mask.data(), 0xff, text.size());
        std::memcpy(m_head.data(), text.data(), text.size());
    }

    /// REQUIRES: base::kReadablePadding readable bytes behind `text`.
    [[nodiscard]] bool is(base::ByteView text) const
    {
        if (text.size() != m_text.size()) return false;
        if (text.size() > sizeof m_head) return std::memcmp(text.data(), m_text.data(), text.size()) == 0;
        Words words;
        std::memcpy(words.data(), text.data(), sizeof words);
        return (((words[0] ^ m_head[0]) & m_mask[0]) | ((words[1] ^ m_head[1]) & m_mask[1])) == 0;
    }

    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    using Words = std::array<std::uint64_t, 2>;

    std::string m_text;
    Words m_head{}; ///< the text, if it fits
    Words m_mask{}; ///< which bytes of m_head are the text's
};

} // namespace leftfold::fold
