// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"

#include <optional>
#include <vector>

namespace leftfold::event {

/// Items of two arrays that stand against each other; one of them may be missing, not both.
struct ItemPair {
    std::optional<Value> before;
    std::optional<Value> after;
};

/// Every item of both arrays once, in the order of each. Equal ends are paired; between them a longest common
/// subsequence where the table for it has at most `maxCells` cells; what remains one by one.
[[nodiscard]] std::vector<ItemPair> alignItems(Value a, Value b, std::size_t maxCells = std::size_t{1} << 20);

} // namespace leftfold::event
