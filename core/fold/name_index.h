// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace leftfold::fold {

/// Finds items of a growing list by their name. Short lists are simply searched, and need no index.
class NameIndex {
public:
    static constexpr std::size_t kSearched = 16;

    /// The place of the item, or the size of the list. Makes the index where it is needed. REQUIRES: with an index,
    /// the list it was made of, perhaps longer by now.
    template <class Item>
    [[nodiscard]] static std::size_t find(const std::vector<Item>& items, std::uint32_t name,
                                          std::unique_ptr<NameIndex>& index)
    {
        if (items.size() <= kSearched) return search(items, name);
        if (!index) index = std::make_unique<NameIndex>();
        return index->find(items, name);
    }

    template <class Item>
    [[nodiscard]] static std::size_t search(const std::vector<Item>& items, std::uint32_t name)
    {
        std::size_t place = 0;
        while (place < items.size() && items[place].name != name) ++place;
        return place;
    }

private:
    template <class Item>
    [[nodiscard]] std::size_t find(const std::vector<Item>& items, std::uint32_t name)
    {
        for (; m_indexed < items.size(); ++m_indexed) m_places.emplace(items[m_indexed].name, m_indexed);
        const auto found = m_places.find(name);
        return found == m_places.end() ? items.size() : found->second;
    }

    std::unordered_map<std::uint32_t, std::size_t> m_places;
    std::size_t m_indexed = 0;
};

} // namespace leftfold::fold
