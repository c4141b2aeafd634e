// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/consumer_offsets.h"
#include "core/views/samples.h"

#include <map>
#include <stop_token>

namespace leftfold::views {

/// What the records of a partition's log say of how it grew: for each batch the largest timestamp up to it, and the offset behind it.
struct PartitionGrowth {
    event::Offset start; ///< what is before was deleted
    struct Step {
        base::Time time;
        event::Offset end;
    };
    std::vector<Step> steps; ///< neither times nor ends ever fall

    [[nodiscard]] event::Offset end() const { return steps.empty() ? start : steps.back().end; }
    /// Where the partition ended at a time, as far as its timestamps say so.
    [[nodiscard]] event::Offset endAt(base::Time time) const;
};

/// The commits of views as samples for the rules of lag: one for each commit up to `at`, and one that is the look at `at`. A commit that
/// was removed later takes those before it along.
[[nodiscard]] LagHistory historyOf(const std::vector<source::OffsetCommit>& commits,
                                   const std::map<event::Partition, PartitionGrowth>& partitions, base::Time at);

/// What a broker's log folder tells of the consumer groups whose commits it holds, without the broker.
struct FolderViews {
    std::vector<source::OffsetCommit> commits; ///< in the order of the log, of committed transactions alone
    std::map<event::Partition, PartitionGrowth>
        partitions; ///< those that were committed for, as far as they are in the folder
    base::Time latest = base::kBeginningOfTime; ///< of commits and records
    std::uint64_t undecodable = 0; ///< records of __consumer_offsets that cannot be read
    std::vector<event::Problem> problems; ///< of the segments read
};
/// `folder` is a broker's log folder. Fails with NoCommits where it has no __consumer_offsets.
[[nodiscard]] base::Result<FolderViews> viewsOfFolder(const std::string& folder, std::stop_token stop);

} // namespace leftfold::views
