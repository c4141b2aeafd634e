// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/touched.h"

#include "core/replay/stretch.h"

#include <algorithm>

namespace leftfold::replay {

namespace {

using base::Result;
using capture::Location;
using capture::OrdinalCut;

constexpr std::uint64_t kLookedAtOnce = 65536;

/// Looks at the events of a stretch block by block and marks whose they are.
class Marks {
public:
    Marks(const capture::Catalog& catalog, const Projection& projection, const OrdinalCut& a, const OrdinalCut& b)
        : m_catalog(catalog),
          m_projection(projection),
          m_a(a),
          m_b(b),
          m_isTouched(projection.index->size(), false)
    {}

    Result<void> look(std::uint64_t first, std::uint64_t count)
    {
        LEFTFOLD_TRY(OrdinalCut next, m_catalog.prefix(first));
        LEFTFOLD_TRY(const auto keys, m_projection.index->keysOf(first, count));
        const bool isBeside = !m_projection.index->moreKeysOf(first, count).empty()
                              || !m_projection.index->broadcastsIn(first, count).empty();
        m_partitions.clear();
        LEFTFOLD_CHECK(m_catalog.partitionsOf(first, count, m_partitions));
        for (std::uint64_t i = 0; i < count; ++i) {
            const Location location{m_partitions[i], next.next[m_partitions[i]]++};
            if (m_a.contains(location) == m_b.contains(location)) continue;
            ++m_events;
            if (keys[i] != capture::kNoKey) m_isTouched[keys[i]] = true;
            if (isBeside) LEFTFOLD_CHECK(lookBeside(first + i));
        }
        return {};
    }

    [[nodiscard]] Between finish() const
    {
        Between between;
        between.events = m_events;
        for (std::uint32_t key = 0; key < m_isTouched.size(); ++key) {
            if (m_isTouched[key]) between.aggregates.push_back(key);
        }
        return between;
    }

private:
    /// What else an event belongs to.
    Result<void> lookBeside(std::uint64_t event)
    {
        const capture::KeyIndex& index = *m_projection.index;
        for (const capture::Belonging& more : index.moreKeysOf(event, 1)) m_isTouched[more.to] = true;
        for (const capture::Belonging& broadcast : index.broadcastsIn(event, 1)) {
            LEFTFOLD_CHECK(markSet(index.prefixOf(broadcast.to), event));
        }
        return {};
    }

    /// The aggregates of a set that are in it by then: those with an earlier event.
    Result<void> markSet(const std::string& prefix, std::uint64_t event)
    {
        const capture::KeyIndex& index = *m_projection.index;
        for (std::uint32_t key = 0; key < index.size(); ++key) {
            if (m_isTouched[key]) continue;
            LEFTFOLD_TRY(const base::ByteView id, index.text(key));
            if (!id.starts_with(prefix)) continue;
            LEFTFOLD_TRY(const auto postings, index.postings(key));
            m_isTouched[key] = !postings.empty() && postings.front() < event;
        }
        return {};
    }

    const capture::Catalog& m_catalog;
    const Projection& m_projection;
    const OrdinalCut& m_a;
    const OrdinalCut& m_b;
    std::vector<bool> m_isTouched;
    std::vector<std::uint32_t> m_partitions;
    std::uint64_t m_events = 0;
};

} // namespace

Result<Between> touchedBetween(const capture::Catalog& catalog, const Projection& projection, const OrdinalCut& a,
                               const OrdinalCut& b, std::stop_token stop)
{
    LEFTFOLD_TRY(const Stretch forth, stretchBetween(catalog, a, b));
    LEFTFOLD_TRY(const Stretch back, stretchBetween(catalog, b, a));
    const Stretch stretch{std::min(forth.first, back.first), std::max(forth.last, back.last)};
    Marks marks(catalog, projection, a, b);
    for (std::uint64_t first = stretch.first; first < stretch.last; first += kLookedAtOnce) {
        if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        LEFTFOLD_CHECK(marks.look(first, std::min(kLookedAtOnce, stretch.last - first)));
    }
    return marks.finish();
}

} // namespace leftfold::replay
