// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leftfold::event {

/// A JSON pointer (RFC 6901): "" is the whole, "/a~1b/0" member "a/b", then item 0 or member "0".
struct Pointer {
    std::vector<std::string> tokens;
    friend auto operator<=>(const Pointer&, const Pointer&) = default;
};

/// Fails with BadPointer.
[[nodiscard]] base::Result<Pointer> parsePointer(std::string_view text);
[[nodiscard]] std::string toText(const Pointer& pointer);
/// Appends "/" and the token, with '~' and '/' escaped.
void appendToken(std::string& pointer, std::string_view token);
/// The array index a token stands for: decimal digits without a leading zero.
[[nodiscard]] std::optional<std::size_t> arrayIndex(std::string_view token);

} // namespace leftfold::event
