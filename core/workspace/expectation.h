// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace leftfold::workspace {

// What has to come out when the log is replayed. Without a result nothing was recorded yet; positions are texts ("shop[0]@632").

/// What stands in place of a position where there is none.
inline constexpr std::string_view kNoPosition = "none";

struct ExpectedSnapshot {
    std::string projection{}; ///< its name; empty: the first. So in all of these
    std::string at = "@end"; ///< a WHEN
    std::optional<std::string> hash{}; ///< of all states, in hex
    friend bool operator==(const ExpectedSnapshot&, const ExpectedSnapshot&) = default;
};
struct ExpectedRun {
    std::string projection{};
    std::vector<std::string> breakpoints; ///< see SavedBreakpoint::text; it stops at any of them
    bool isBack = false;
    std::string from{}; ///< a WHEN; empty: the start, and back the end
    std::optional<std::string> finds{}; ///< the event it stops at, or kNoPosition
    friend bool operator==(const ExpectedRun&, const ExpectedRun&) = default;
};
struct ExpectedTurns {
    std::string projection{};
    std::string aggregate; ///< its id
    std::string where; ///< a condition on its state, or "js: (state, event) => ..."
    std::string at = "@end"; ///< up to which moment
    std::optional<std::vector<std::string>>
        turns{}; ///< the events behind which it holds and did not before, or the other way round
    friend bool operator==(const ExpectedTurns&, const ExpectedTurns&) = default;
};
/// Where two projections part.
struct ExpectedParting {
    struct Found {
        std::string first; ///< the first event behind which an aggregate's states differ, or kNoPosition
        std::uint64_t aggregates = 0; ///< that part
        friend bool operator==(const Found&, const Found&) = default;
    };
    std::string a; ///< names of projections
    std::string b;
    std::string at = "@end";
    std::optional<Found> parts{};
    friend bool operator==(const ExpectedParting&, const ExpectedParting&) = default;
};

struct Expectation {
    std::string note{}; ///< what it is there for, for people
    std::variant<ExpectedSnapshot, ExpectedRun, ExpectedTurns, ExpectedParting> what;
    friend bool operator==(const Expectation&, const Expectation&) = default;

    [[nodiscard]] bool isRecorded() const;
};
/// "snapshot", "run", "bisect" or "compare", as the file has it.
[[nodiscard]] std::string_view kindOf(const Expectation& expectation);
/// What is looked at, in one line; and what comes out of it, empty where nothing was recorded.
[[nodiscard]] std::string describe(const Expectation& expectation);
[[nodiscard]] std::string resultOf(const Expectation& expectation);

} // namespace leftfold::workspace
