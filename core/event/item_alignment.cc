// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/item_alignment.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace leftfold::event {
namespace {

using Run = std::span<const Value>;
using Hashes = std::span<const std::uint64_t>;

std::vector<Value> itemsOf(Value array)
{
    std::vector<Value> items;
    items.reserve(array.size());
    for (const Value item : array.items()) items.push_back(item);
    return items;
}

/// No equal items: one against one, then what only one side has.
void pairOneByOne(Run a, Run b, std::vector<ItemPair>& out)
{
    const std::size_t both = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < both; ++i) out.push_back({a[i], b[i]});
    for (const Value item : a.subspan(both)) out.push_back({item, {}});
    for (const Value item : b.subspan(both)) out.push_back({{}, item});
}

/// The lengths of the longest common subsequences of all pairs of tails, by hash: unequal items with equal hashes
/// would be paired, which is no harm.
class TailLengths {
public:
    TailLengths(Hashes a, Hashes b) : m_width(b.size() + 1), m_lengths((a.size() + 1) * m_width)
    {
        for (std::size_t i = a.size(); i-- > 0;) {
            for (std::size_t j = b.size(); j-- > 0;) {
                m_lengths[i * m_width + j] = a[i] == b[j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
            }
        }
    }
    [[nodiscard]] std::uint32_t at(std::size_t i, std::size_t j) const { return m_lengths[i * m_width + j]; }

private:
    std::size_t m_width;
    std::vector<std::uint32_t> m_lengths;
};

void pairBySubsequence(Run a, Run b, Hashes hashesA, Hashes hashesB, std::vector<ItemPair>& out)
{
    const TailLengths lengths(hashesA, hashesB);
    std::size_t i = 0;
    std::size_t j = 0;
    std::size_t pairedA = 0;
    std::size_t pairedB = 0;
    while (lengths.at(i, j) > 0) {
        if (hashesA[i] == hashesB[j]) {
            pairOneByOne(a.subspan(pairedA, i - pairedA), b.subspan(pairedB, j - pairedB), out);
            out.push_back({a[i], b[j]});
            pairedA = ++i;
            pairedB = ++j;
        } else {
            ++(lengths.at(i + 1, j) >= lengths.at(i, j + 1) ? i : j);
        }
    }
    pairOneByOne(a.subspan(pairedA), b.subspan(pairedB), out);
}

/// The item that stands `place` places before the last.
const Value& fromEnd(const std::vector<Value>& items, std::size_t place)
{
    return items[items.size() - 1 - place];
}

template <class Hash>
std::vector<std::uint64_t> hashesOf(Run items, std::size_t firstPlace, Hash hash)
{
    std::vector<std::uint64_t> hashes;
    hashes.reserve(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) hashes.push_back(hash(items[i], firstPlace + i));
    return hashes;
}

template <class Hash, class Same>
std::vector<ItemPair> align(Value a, Value b, std::size_t maxCells, Hash hash, Same same)
{
    const std::vector<Value> itemsA = itemsOf(a);
    const std::vector<Value> itemsB = itemsOf(b);
    const std::size_t shorter = std::min(itemsA.size(), itemsB.size());
    std::size_t prefix = 0;
    while (prefix < shorter && same(itemsA[prefix], itemsB[prefix], prefix)) ++prefix;
    std::size_t suffix = 0;
    while (suffix < shorter - prefix
           && same(fromEnd(itemsA, suffix), fromEnd(itemsB, suffix), itemsA.size() - 1 - suffix)) {
        ++suffix;
    }

    std::vector<ItemPair> out;
    out.reserve(std::max(itemsA.size(), itemsB.size()));
    for (std::size_t i = 0; i < prefix; ++i) out.push_back({itemsA[i], itemsB[i]});
    const Run middleA = Run(itemsA).subspan(prefix, itemsA.size() - prefix - suffix);
    const Run middleB = Run(itemsB).subspan(prefix, itemsB.size() - prefix - suffix);
    if (!middleA.empty() && !middleB.empty() && (middleA.size() + 1) <= maxCells / (middleB.size() + 1)) {
        pairBySubsequence(middleA, middleB, hashesOf(middleA, prefix, hash), hashesOf(middleB, prefix, hash), out);
    } else {
        pairOneByOne(middleA, middleB, out);
    }
    for (std::size_t i = suffix; i > 0; --i) out.push_back({fromEnd(itemsA, i - 1), fromEnd(itemsB, i - 1)});
    return out;
}

} // namespace

std::vector<ItemPair> alignItems(Value a, Value b, std::size_t maxCells)
{
    return align(
        a, b, maxCells, [](Value item, std::size_t) { return item.hash(); },
        [](Value left, Value right, std::size_t) { return left == right; });
}

std::vector<ItemPair> alignItems(Value a, Value b, const Sameness& sameness, std::size_t maxCells)
{
    return align(a, b, maxCells, sameness.hash, sameness.same);
}

} // namespace leftfold::event
