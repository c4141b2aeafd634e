// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/path_pattern.h"

namespace leftfold::event {

/// What shall not count as a difference between two documents, by path (semantics.md section 7). Where several rules for arrays mean
/// the same array, matching by a key comes before set, and set before multiset. Rules reach 256 levels deep; what
/// lies deeper is compared as it is.
struct DiffRules {
    /// Whatever stands here, or does not.
    std::vector<PathPattern> ignored;
    /// Arrays whose items may stand in any order and be repeated.
    std::vector<PathPattern> sets;
    /// Arrays whose items may stand in any order.
    std::vector<PathPattern> multisets;
    /// Arrays whose items may stand in any order and are matched by what they have at a key; of those with the same key the n-th
    /// with the n-th. Items that have nothing there are compared as a multiset.
    struct MatchBy {
        PathPattern array;
        Pointer key; ///< within an item
        friend bool operator==(const MatchBy&, const MatchBy&) = default;
    };
    std::vector<MatchBy> matchedBy;
    /// Numbers that may be so far apart, exactly (see areWithin).
    struct Tolerance {
        PathPattern path;
        std::string digits; ///< a JSON number, not negative
        friend bool operator==(const Tolerance&, const Tolerance&) = default;
    };
    std::vector<Tolerance> tolerances;

    [[nodiscard]] bool empty() const
    {
        return ignored.empty() && sets.empty() && multisets.empty() && matchedBy.empty() && tolerances.empty();
    }
    friend bool operator==(const DiffRules&, const DiffRules&) = default;
};

/// `PATH=KEY`, as `/items=/id`. Fails with BadArgument or BadPointer.
[[nodiscard]] base::Result<DiffRules::MatchBy> parseMatchBy(std::string_view text);
/// `PATH=NUMBER`, as `/total=0.01`. Fails with BadArgument or BadPointer.
[[nodiscard]] base::Result<DiffRules::Tolerance> parseTolerance(std::string_view text);

} // namespace leftfold::event
