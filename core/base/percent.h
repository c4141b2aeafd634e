// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace leftfold::base {

/// `text` with each '%' and two hexadecimal digits replaced by the byte they stand for; any other '%' stays.
[[nodiscard]] std::string percentDecoded(std::string_view text);

} // namespace leftfold::base
