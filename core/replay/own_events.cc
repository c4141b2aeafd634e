// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/own_events.h"

#include <algorithm>

namespace leftfold::replay {

using base::Result;

Result<std::optional<OwnEvents>> OwnEvents::of(const capture::KeyIndex& keys, base::ByteView id)
{
    LEFTFOLD_TRY(const auto key, keys.find(id));
    if (!key) return std::nullopt;
    OwnEvents own;
    LEFTFOLD_TRY(own.m_postings, keys.postings(*key));
    if (own.m_postings.empty()) return own;
    const std::uint64_t first = own.m_postings.front();
    for (const capture::Belonging& broadcast : keys.broadcastsIn(first, UINT32_MAX)) {
        if (id.starts_with(keys.prefixOf(broadcast.to))) own.m_broadcasts.push_back(broadcast.event);
    }
    if (!own.m_broadcasts.empty())
        std::ranges::set_union(own.m_postings, own.m_broadcasts, std::back_inserter(own.m_merged));
    return own;
}

bool OwnEvents::isBroadcast(std::uint32_t event) const
{
    return std::ranges::binary_search(m_broadcasts, event) && !std::ranges::binary_search(m_postings, event);
}

std::span<const std::uint32_t> OwnEvents::inLog() const
{
    return m_merged.empty() ? m_postings : std::span<const std::uint32_t>(m_merged);
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
        if (!cut.contains(location) || (inside.picked.empty() && isBroadcast(all[i]))) continue;
        inside.isPrefix = inside.isPrefix && inside.picked.size() == i;
        inside.picked.push_back(all[i]);
    }
    inside.prefix = inside.picked.size();
    return inside;
}

} // namespace leftfold::replay
