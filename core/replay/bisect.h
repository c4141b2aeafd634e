// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/condition.h"
#include "core/fold/script_question.h"
#include "core/replay/replayer.h"

#include <cstdint>
#include <optional>
#include <set>
#include <stop_token>
#include <string_view>
#include <vector>

namespace leftfold::replay {

/// An event after which a condition on the state holds and did not before it, or the other way round.
struct Flip {
    event::EventIndex event;
    bool holds = false; ///< from this event on
    friend bool operator==(const Flip&, const Flip&) = default;
};
/// All flips of an aggregate inside a cut, in one pass over its own events, in replay order. Where there is no state the condition does
/// not hold. Nothing if the log has no such aggregate at all. Fails with DamagedEvents as Replayer::walk does.
[[nodiscard]] base::Result<std::optional<std::vector<Flip>>> flipsOf(Replayer& replayer, base::ByteView id,
                                                                     const event::Condition& condition,
                                                                     const capture::OrdinalCut& cut,
                                                                     std::stop_token stop);
/// The same with a function of the state and the event; it is not asked where there is no state. Fails with ScriptFailed and its kin
/// where the function does.
[[nodiscard]] base::Result<std::optional<std::vector<Flip>>> flipsOf(Replayer& replayer, base::ByteView id,
                                                                     fold::Asker& condition,
                                                                     const capture::OrdinalCut& cut,
                                                                     std::stop_token stop);
/// The same of a text: a condition, or behind "js:" such a function. Fails with BadCondition too, and as fold::ScriptQuestion::parse does.
[[nodiscard]] base::Result<std::optional<std::vector<Flip>>> flipsWhere(capture::Reader& reader,
                                                                        const Projection& projection, base::ByteView id,
                                                                        std::string_view where,
                                                                        const capture::OrdinalCut& cut,
                                                                        std::stop_token stop);

/// Finds the place where a test that nobody can look into turns from good to bad, by asking for as few places as halving needs. A place
/// that cannot be tested is skipped: then one beside it is asked for, as git does.
class Bisection {
public:
    /// REQUIRES: good < bad. Both are taken as they are said to be.
    Bisection(std::uint64_t good, std::uint64_t bad) : m_good(good), m_bad(bad) {}

    enum class Verdict : std::uint8_t { Good, Bad, Skip };
    /// The place to be tested next; none: nothing is left to be asked.
    [[nodiscard]] std::optional<std::uint64_t> next() const;
    /// REQUIRES: `place` is what `next` gave.
    void tell(std::uint64_t place, Verdict verdict);
    /// At most so many more tests, if nothing is skipped.
    [[nodiscard]] unsigned testsLeft() const;

    [[nodiscard]] std::uint64_t good() const { return m_good; } ///< the last place known to be good
    [[nodiscard]] std::uint64_t bad() const { return m_bad; } ///< the first known to be bad
    /// Between them nothing is left, or only what was skipped.
    [[nodiscard]] bool isExact() const { return m_bad - m_good == 1; }

private:
    std::uint64_t m_good;
    std::uint64_t m_bad;
    std::set<std::uint64_t> m_skipped;
};

} // namespace leftfold::replay
