// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace leftfold::event {

/// Items of two arrays that stand against each other; one of them may be missing, not both.
struct ItemPair {
    std::optional<Value> before;
    std::optional<Value> after;
};

/// What makes two items the same; the place is that of the item in its own array, or in the first one.
struct Sameness {
    std::function<std::uint64_t(Value item, std::size_t place)> hash;
    std::function<bool(Value a, Value b, std::size_t place)> same;
};

/// Every item of both arrays once, in the order of each. Equal ends are paired; between them a longest common
/// subsequence where the table for it has at most `maxCells` cells; what remains one by one.
[[nodiscard]] std::vector<ItemPair> alignItems(Value a, Value b, std::size_t maxCells = std::size_t{1} << 20);
[[nodiscard]] std::vector<ItemPair> alignItems(Value a, Value b, const Sameness& sameness,
                                               std::size_t maxCells = std::size_t{1} << 20);

} // namespace leftfold::event
