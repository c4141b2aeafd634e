// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/diff_rules.h"
#include "core/event/document.h"
#include "core/event/pointer.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace leftfold::event {

enum class ChangeKind : std::uint8_t { Added, Removed, Changed };

/// One difference between two documents: a member or an item that only one of them has, or a value that differs
/// and cannot be told more closely.
struct Change {
    ChangeKind kind = ChangeKind::Changed;
    Pointer pointer;
    std::optional<Document> before; ///< Removed, Changed
    std::optional<Document> after; ///< Added, Changed
};

/// What turns `a` into `b`: empty exactly if they are equal (by value: the order of members and the spelling of
/// numbers are no differences). The changes stand in the order of the documents, and their pointers are those at the
/// moment when all changes before them have been applied: an item added behind another added one counts it.
/// Items are aligned by a longest common subsequence where that is affordable, else one by one.
[[nodiscard]] std::vector<Change> diff(Value a, Value b);

/// The same, leaving out what the rules call no difference: diff(patch(a, d), b, rules) is empty for d = diff(a, b, rules), as long
/// as no rule names an item by its number. The items of arrays whose order means nothing stay where they are in `a`; those that only
/// `b` has come behind them.
[[nodiscard]] std::vector<Change> diff(Value a, Value b, const DiffRules& rules);

} // namespace leftfold::event
