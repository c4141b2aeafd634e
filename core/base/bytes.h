// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace leftfold::base {

/// Bytes of somebody else, not necessarily text. Owns nothing.
using ByteView = std::string_view;

/// The bytes that must be readable behind every payload handed to a parser: simdjson reads in
/// blocks and may look (never decide) past the end.
inline constexpr std::size_t kReadablePadding = 64;

} // namespace leftfold::base
