// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace leftfold::capture {

/// Texts by number: the first gets 0, equal ones the same. Each text costs its length and 21 to 27 bytes.
/// Views handed out stay valid as long as the interner lives, also when it is moved.
class TextInterner {
public:
    [[nodiscard]] std::uint32_t add(base::ByteView text);
    [[nodiscard]] std::size_t size() const { return m_texts.size(); }
    [[nodiscard]] base::ByteView text(std::uint32_t id) const;
    /// Sum of all lengths.
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }

private:
    [[nodiscard]] const char* keep(base::ByteView text);
    void grow();

    std::vector<const char*> m_texts; ///< each behind its length, in four bytes
    std::vector<std::uint32_t> m_hashes; ///< the low half of each text's hash
    std::vector<std::uint32_t> m_slots; ///< open addressing; id + 1, 0 is free
    std::vector<std::unique_ptr<char[]>> m_blocks;
    std::size_t m_blockLeft = 0;
    char* m_blockAt = nullptr;
    std::uint64_t m_bytes = 0;
};

} // namespace leftfold::capture
