// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/path_pattern.h"

#include <memory>
#include <string>
#include <string_view>

namespace leftfold::event {

/// A condition on a document, as a person writes it:
///
///   /total > 100 and not (/status = shipped or /items/*/sku contains "A-1")
///
/// A comparison is PATH OPERATOR VALUE or PATH `exists`; `not` binds closest, then `and`, then `or`; parentheses group. The words may be
/// written in capitals.
/// - A path is a pattern (path_pattern.h) that ends at a blank, a parenthesis or one of = ! < >; in quotes it may hold these too
///   ("/a b"), and "" is the whole document. With several values at a path a comparison holds if it holds for any of
///   them, and never where there is none: /x != 1 is false where there is no /x, not /x = 1 is true.
/// - A value is a number, true, false, null, a text in quotes ("..." with JSON's escapes, '...' as it stands), a
///   single word, which is a text (shipped, 2011-01-31), or another path: the comparison holds if it does for any pair.
/// - `=` and `!=` compare by value, whatever the types: numbers exactly, 1 = 1.0, but 1 is not "1". `<` `<=` `>` `>=` hold between
///   numbers, and between texts by their bytes, never between types.
/// - `contains`: a text that the value is a part of, an array with an item equal to it, or an object with a member of
///   that name.
/// - `exists`: something is there, null too.
///
/// Immutable and cheap to copy; any thread's.
class Condition {
public:
    /// Fails with BadCondition: the text, the column (in characters, from 1), what was expected there.
    [[nodiscard]] static base::Result<Condition> parse(std::string_view text);

    [[nodiscard]] bool matches(Value document) const;
    /// As it was written.
    [[nodiscard]] const std::string& text() const;
    friend bool operator==(const Condition& a, const Condition& b) { return a.text() == b.text(); }

private:
    friend class ConditionParser;
    struct Parts;
    Condition() = default;
    std::shared_ptr<const Parts> m_parts;
};

} // namespace leftfold::event
