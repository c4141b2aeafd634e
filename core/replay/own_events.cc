// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/own_events.h"

#include <algorithm>

namespace leftfold::replay {

namespace {

using base::Result;

constexpr std::uint64_t kBlock = 65536;

/// The part of the replay order in which two cuts can differ.
struct Bounds {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

Result<Bounds> boundsBetween(const capture::Catalog& catalog, const capture::OrdinalCut& a,
                             const capture::OrdinalCut& b)
{
    Bounds bounds{catalog.eventCount(), 0};
    for (std::uint32_t partition = 0; partition < catalog.partitions().size(); ++partition) {
        const auto [low, high] = std::minmax(a.next[partition], b.next[partition]);
        if (low == high) continue;
        LEFTFOLD_TRY(const event::EventIndex first, catalog.indexOf({partition, low}));
        LEFTFOLD_TRY(const event::EventIndex last, catalog.indexOf({partition, high - 1}));
        bounds.first = std::min(bounds.first, first.value);
        bounds.last = std::max(bounds.last, last.value + 1);
    }
    return bounds;
}

/// Marks what events between two cuts belong to.
class Marker {
public:
    Marker(const capture::Catalog& catalog, const capture::KeyIndex& keys, const capture::OrdinalCut& a,
           const capture::OrdinalCut& b)
        : m_catalog(catalog),
          m_keys(keys),
          m_a(a),
          m_b(b),
          m_isMarked(keys.size(), false)
    {}

    Result<void> markBlock(std::uint64_t first, std::uint64_t count)
    {
        m_partitions.clear();
        LEFTFOLD_CHECK(m_catalog.partitionsOf(first, count, m_partitions));
        LEFTFOLD_TRY(const auto keys, m_keys.keysOf(first, count));
        if (m_next.empty()) {
            LEFTFOLD_TRY(auto before, m_catalog.prefix(first));
            m_next = std::move(before.next);
        }
        for (std::uint64_t i = 0; i < count; ++i) {
            const capture::Location location{m_partitions[i], m_next[m_partitions[i]]++};
            if (m_a.contains(location) == m_b.contains(location)) continue;
            if (keys[i] != capture::kNoKey) m_isMarked[keys[i]] = true;
        }
        return {};
    }

    [[nodiscard]] std::vector<std::uint32_t> marked() const
    {
        std::vector<std::uint32_t> out;
        for (std::uint32_t key = 0; key < m_isMarked.size(); ++key) {
            if (m_isMarked[key]) out.push_back(key);
        }
        return out;
    }

private:
    const capture::Catalog& m_catalog;
    const capture::KeyIndex& m_keys;
    const capture::OrdinalCut& m_a;
    const capture::OrdinalCut& m_b;
    std::vector<std::uint64_t> m_next; ///< the ordinal of each partition's next event
    std::vector<std::uint32_t> m_partitions;
    std::vector<bool> m_isMarked;
};

} // namespace

Result<std::optional<OwnEvents>> OwnEvents::of(const capture::KeyIndex& keys, base::ByteView id)
{
    LEFTFOLD_TRY(const auto key, keys.find(id));
    if (!key) return std::nullopt;
    OwnEvents own;
    LEFTFOLD_TRY(own.m_postings, keys.postings(*key));
    return own;
}

std::span<const std::uint32_t> OwnEvents::inLog() const
{
    return m_postings;
}

Result<OwnEvents::Inside> OwnEvents::inside(const capture::Catalog& catalog, const capture::OrdinalCut& cut) const
{
    const auto all = inLog();
    Inside inside;
    LEFTFOLD_TRY(const auto prefix, catalog.asPrefix(cut));
    if (prefix) {
        const auto end =
            std::ranges::lower_bound(all, *prefix, {}, [](std::uint32_t event) -> std::uint64_t { return event; });
        inside.prefix = static_cast<std::size_t>(end - all.begin());
        return inside;
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        LEFTFOLD_TRY(const capture::Location location, catalog.locate(event::EventIndex{all[i]}));
        if (!cut.contains(location)) continue;
        inside.isPrefix = inside.isPrefix && inside.picked.size() == i;
        inside.picked.push_back(all[i]);
    }
    inside.prefix = inside.picked.size();
    return inside;
}

Result<std::vector<std::uint32_t>> aggregatesBetween(const capture::Catalog& catalog, const capture::KeyIndex& keys,
                                                     const capture::OrdinalCut& a, const capture::OrdinalCut& b,
                                                     std::stop_token stop)
{
    LEFTFOLD_TRY(const Bounds bounds, boundsBetween(catalog, a, b));
    Marker marker(catalog, keys, a, b);
    for (std::uint64_t first = bounds.first; first < bounds.last; first += kBlock) {
        if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        LEFTFOLD_CHECK(marker.markBlock(first, std::min(kBlock, bounds.last - first)));
    }
    return marker.marked();
}

} // namespace leftfold::replay
