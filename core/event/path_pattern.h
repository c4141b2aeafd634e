// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/event/document.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leftfold::event {

/// Which places of a document a person means: a JSON pointer (RFC 6901) in which the token `*` stands for any one member
/// or item and `**`, at most once, for any number of them, none too: `/items/*/price`, `/**/updatedAt`. A `*` that is meant as
/// such is written `~2`.
struct PathPattern {
    struct Token {
        enum class Kind : std::uint8_t { Exact, AnyOne, AnyNumber };
        Kind kind = Kind::Exact;
        std::string text; ///< Exact
        friend bool operator==(const Token&, const Token&) = default;
    };
    std::vector<Token> tokens;
    friend bool operator==(const PathPattern&, const PathPattern&) = default;
};

/// Fails with BadPointer.
[[nodiscard]] base::Result<PathPattern> parsePathPattern(std::string_view text);
[[nodiscard]] std::string toText(const PathPattern& pattern);

/// Whether the place is meant.
[[nodiscard]] bool matches(const PathPattern& pattern, std::span<const std::string> path);

/// Whether a value that stands at a place that is meant `isWanted`. Each is asked about, in no particular order,
/// until one is. Shadowed members are left out.
[[nodiscard]] bool anyAt(Value root, const PathPattern& pattern, const std::function<bool(Value)>& isWanted);

} // namespace leftfold::event
