// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/bisect.h"

#include <bit>

namespace leftfold::replay {

using base::Result;

Result<std::optional<std::vector<Flip>>> flipsOf(Replayer& replayer, base::ByteView id,
                                                 const event::Condition& condition, const capture::OrdinalCut& cut,
                                                 std::stop_token stop)
{
    std::vector<Flip> flips;
    bool held = false;
    LEFTFOLD_TRY(const bool isThere,
                 replayer.walk(id, cut, std::move(stop), [&](const Replayer::Step& step) -> Result<bool> {
                     const bool exists = step.folder->exists(*step.state);
                     const bool holds = exists && condition.matches(step.folder->read(*step.state).root());
                     if (std::exchange(held, holds) != holds) flips.push_back({step.index, holds});
                     return true;
                 }));
    if (!isThere) return std::nullopt;
    return flips;
}

std::optional<std::uint64_t> Bisection::next() const
{
    const std::uint64_t middle = m_good + (m_bad - m_good) / 2;
    // The nearest to the middle that was not skipped.
    for (std::uint64_t distance = 0; distance < m_bad - m_good; ++distance) {
        for (const std::uint64_t place : {middle + distance, middle - std::min(distance, middle)}) {
            if (place > m_good && place < m_bad && !m_skipped.contains(place)) return place;
        }
    }
    return std::nullopt;
}

void Bisection::tell(std::uint64_t place, Verdict verdict)
{
    LEFTFOLD_INVARIANT(place > m_good && place < m_bad);
    if (verdict == Verdict::Good) m_good = place;
    if (verdict == Verdict::Bad) m_bad = place;
    if (verdict == Verdict::Skip) m_skipped.insert(place);
}

unsigned Bisection::testsLeft() const
{
    return static_cast<unsigned>(std::bit_width(m_bad - m_good - 1));
}

} // namespace leftfold::replay
