// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/views/lag.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace leftfold::views {

/// A partition as one view reads it.
struct ViewPartition {
    std::string view; ///< the consumer group
    event::Partition partition;
    friend auto operator<=>(const ViewPartition&, const ViewPartition&) = default;
};

/// What is known of views over time: for each partition of each view its samples, oldest first.
using LagHistory = std::map<ViewPartition, std::vector<LagSample>>;

/// One recorded sample, a line of JSON: {"group", "topic", "partition", "time", "committedAt": null or a time, "committed":
/// null or an offset, "start", "end"}. Times are ISO 8601, or milliseconds since 1970. Further members are left alone. Fails with BadArgument, saying why.
[[nodiscard]] base::Result<std::pair<ViewPartition, LagSample>> parseSample(std::string_view line);
/// A line that parses back to the same, without its line break.
[[nodiscard]] std::string toJson(const ViewPartition& of, const LagSample& sample);

/// All samples of a file, one a line; blank lines do not count. Fails with BadSample, naming file and line.
[[nodiscard]] base::Result<LagHistory> readSamples(const std::string& path);

} // namespace leftfold::views
