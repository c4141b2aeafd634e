// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace leftfold::source {

/// The name of a file without what says how it is written: "orders.jsonl.gz" is "orders".
[[nodiscard]] std::string_view stemOf(std::string_view fileName);

/// A topic for each path, all different: the stem, with as many of the folders above in front as tell it from the
/// others ("eu/orders"); whole file names where stems are equal within a folder. `known` topics stay as they are
/// and are given to nobody else, so that a file that comes later renames none.
[[nodiscard]] std::map<std::string, std::string> nameTopics(const std::vector<std::string>& paths,
                                                            const std::map<std::string, std::string>& known);

} // namespace leftfold::source
