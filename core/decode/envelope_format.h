// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

/// What the writer and the reader of envelopes must agree on. The whole format: README.md of this folder.
namespace leftfold::decode {

inline constexpr std::string_view kFormat = "1";
inline constexpr std::string_view kCreate = "create";
inline constexpr std::string_view kAppend = "append";

} // namespace leftfold::decode
