// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/text_interner.h"

#include "core/base/hash.h"

#include <algorithm>
#include <cstring>

namespace leftfold::capture {

namespace {

constexpr std::size_t kFirstSlots = 64;
constexpr std::size_t kFirstBlock = std::size_t{4} << 10;
constexpr std::size_t kLargestBlock = std::size_t{1} << 20;

} // namespace

std::uint32_t TextInterner::add(base::ByteView text)
{
    if (4 * (m_texts.size() + 1) > 3 * m_slots.size()) grow();
    const auto hash = static_cast<std::uint32_t>(base::hash64(text));
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = hash & mask;
    for (; m_slots[slot] != 0; slot = (slot + 1) & mask) {
        const std::uint32_t id = m_slots[slot] - 1;
        if (m_hashes[id] == hash && this->text(id) == text) return id;
    }
    const auto id = static_cast<std::uint32_t>(m_texts.size());
    m_slots[slot] = id + 1;
    m_hashes.push_back(hash);
    m_texts.push_back(keep(text));
    m_bytes += text.size();
    return id;
}

base::ByteView TextInterner::text(std::uint32_t id) const
{
    std::uint32_t size = 0;
    std::memcpy(&size, m_texts[id] - sizeof size, sizeof size);
    return {m_texts[id], size};
}

const char* TextInterner::keep(base::ByteView text)
{
    const auto size = static_cast<std::uint32_t>(text.size());
    const std::size_t needed = sizeof size + text.size();
    if (needed > m_blockLeft) {
        const std::size_t wanted = std::min(kFirstBlock << std::min<std::size_t>(m_blocks.size(), 8), kLargestBlock);
        m_blockLeft = std::max(wanted, needed);
        m_blocks.push_back(std::make_unique_for_overwrite<char[]>(m_blockLeft));
        m_blockAt = m_blocks.back().get();
    }
    std::memcpy(m_blockAt, &size, sizeof size);
    char* const kept = m_blockAt + sizeof size;
    if (!text.empty()) std::memcpy(kept, text.data(), text.size());
    m_blockAt += needed;
    m_blockLeft -= needed;
    return kept;
}

void TextInterner::grow()
{
    m_slots.assign(std::max(kFirstSlots, 2 * m_slots.size()), 0);
    const std::size_t mask = m_slots.size() - 1;
    for (std::uint32_t id = 0; id < m_texts.size(); ++id) {
        std::size_t slot = m_hashes[id] & mask;
        while (m_slots[slot] != 0) slot = (slot + 1) & mask;
        m_slots[slot] = id + 1;
    }
}

} // namespace leftfold::capture
