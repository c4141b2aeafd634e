// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/bisect.h"

#include "core/replay/streams.h"

#include <bit>

namespace leftfold::replay {

using base::Result;

namespace {

using Flips = Result<std::optional<std::vector<Flip>>>;

/// `holds` is asked of each state there is.
template <class Holds>
Flips flipsBy(Replayer& replayer, base::ByteView id, const capture::OrdinalCut& cut, std::stop_token stop,
              const Holds& holds)
{
    std::vector<Flip> flips;
    bool held = false;
    const auto sink = [&](const Replayer::Step& step) -> Result<bool> {
        bool holdsNow = false;
        if (step.folder->exists(*step.state)) {
            const event::Document state = step.folder->read(*step.state);
            LEFTFOLD_CHECK(step.folder->outcome());
            LEFTFOLD_TRY(holdsNow, holds(step, state));
        }
        if (std::exchange(held, holdsNow) != holdsNow) flips.push_back({step.index, holdsNow});
        return true;
    };
    LEFTFOLD_TRY(const bool isThere, replayer.walk(id, cut, std::move(stop), sink));
    if (!isThere) return std::nullopt;
    return flips;
}

} // namespace

Flips flipsOf(Replayer& replayer, base::ByteView id, const event::Condition& condition, const capture::OrdinalCut& cut,
              std::stop_token stop)
{
    return flipsBy(replayer, id, cut, std::move(stop),
                   [&](const Replayer::Step&, const event::Document& state) -> Result<bool> {
                       return condition.matches(state.root());
                   });
}

Flips flipsOf(Replayer& replayer, base::ByteView id, fold::Asker& condition, const capture::OrdinalCut& cut,
              std::stop_token stop)
{
    condition.obey(stop);
    return flipsBy(replayer, id, cut, std::move(stop),
                   [&](const Replayer::Step& step, const event::Document& state) -> Result<bool> {
                       LEFTFOLD_TRY(const fold::Answer answer, condition.ask(*step.seen, nullptr, &state));
                       return answer.isTrue;
                   });
}

Flips flipsWhere(capture::Reader& reader, const Projection& projection, base::ByteView id, std::string_view where,
                 const capture::OrdinalCut& cut, std::stop_token stop)
{
    Replayer replayer(reader, projection, nullptr);
    if (!where.starts_with(fold::kFunctionMark)) {
        LEFTFOLD_TRY(const event::Condition condition, event::Condition::parse(where));
        return flipsOf(replayer, id, condition, cut, std::move(stop));
    }
    LEFTFOLD_TRY(const auto question, fold::ScriptQuestion::parse(std::string(where.substr(fold::kFunctionMark.size())),
                                                                  fold::ScriptQuestion::Kind::State));
    const auto asker = question->asker(streamsOf(projection, reader.catalog().mapping()));
    return flipsOf(replayer, id, *asker, cut, std::move(stop));
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
