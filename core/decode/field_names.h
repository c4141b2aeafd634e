// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leftfold::decode {

/// The words of a member's name, in lower case: "eventType", "event_type" and "Event-Type" are event, type.
[[nodiscard]] std::vector<std::string> wordsOf(std::string_view name);

/// What a name alone says for each role, from 0 (nothing) to about 100 (surely); below 0: surely not.
[[nodiscard]] int typeName(std::string_view name);
[[nodiscard]] int timeName(std::string_view name);
[[nodiscard]] int idName(std::string_view name);
[[nodiscard]] int eventIdName(std::string_view name);
[[nodiscard]] int causationName(std::string_view name);
[[nodiscard]] int correlationName(std::string_view name);

} // namespace leftfold::decode
