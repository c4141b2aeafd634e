// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"

#include <functional>
#include <string>

namespace leftfold::snapshot {

/// What of a state stands at one JSON pointer, and how a table can hold it.
enum class PartKind : std::uint8_t {
    Whole, ///< the state itself, which is no object with members; the pointer is ""
    Scalar, ///< null, a boolean, a number, or a text in UTF-8 without NUL
    Composite, ///< an array, an empty object, an object too deep to be cut up, or another text: to be told as JSON
    Unnamed, ///< anything, under a pointer that makes no name of a column
};

/// Objects are cut up so deep, and pointers that are longer make no column.
inline constexpr std::size_t kMaxPartDepth = 16;
inline constexpr std::size_t kMaxColumnName = 256;

/// Cuts a state into parts that together are all of it, once each, in the order of its members: objects are entered,
/// arrays are not. Shadowed members are left out: they do not count (core/event/document.h).
void splitState(event::Value state,
                const std::function<void(const std::string& pointer, event::Value value, PartKind kind)>& tell);

} // namespace leftfold::snapshot
