// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <list>
#include <unordered_map>
#include <vector>

namespace leftfold::ui {

/// Rows are asked for and kept in blocks of so many, the first of them a multiple of it.
inline constexpr std::uint64_t kRowBlock = 256;

/// The rows of a table that have arrived: the blocks used last.
template <class Row>
class RowCache {
public:
    explicit RowCache(std::size_t maxBlocks = 24) : m_maxBlocks(maxBlocks) {}

    [[nodiscard]] const Row* find(std::uint64_t row)
    {
        const auto at = m_blocks.find(row / kRowBlock);
        if (at == m_blocks.end()) return nullptr;
        m_uses.splice(m_uses.begin(), m_uses, at->second.use);
        const std::size_t place = row % kRowBlock;
        return place < at->second.rows.size() ? &at->second.rows[place] : nullptr;
    }
    void put(std::uint64_t block, std::vector<Row> rows)
    {
        const auto [at, isNew] = m_blocks.try_emplace(block);
        if (isNew) at->second.use = m_uses.insert(m_uses.begin(), block);
        at->second.rows = std::move(rows);
        while (m_blocks.size() > m_maxBlocks) {
            m_blocks.erase(m_uses.back());
            m_uses.pop_back();
        }
    }
    void forget(std::uint64_t block)
    {
        const auto at = m_blocks.find(block);
        if (at == m_blocks.end()) return;
        m_uses.erase(at->second.use);
        m_blocks.erase(at);
    }
    void clear()
    {
        m_blocks.clear();
        m_uses.clear();
    }

private:
    struct Block {
        std::vector<Row> rows;
        std::list<std::uint64_t>::iterator use;
    };
    std::size_t m_maxBlocks;
    std::list<std::uint64_t> m_uses; ///< last first
    std::unordered_map<std::uint64_t, Block> m_blocks;
};

} // namespace leftfold::ui
