// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/views/log_folder.h"

#include "core/source/kafka_time.h"
#include "core/source/segment_walk.h"
#include "core/source/segments.h"

#include <algorithm>
#include <set>

namespace leftfold::views {

namespace {

using base::Result;
using event::Offset;
using event::Partition;
using source::OffsetCommit;

/// The commits of all groups, as a consumer that reads committed ones alone would read them.
Result<void> readCommits(const std::string& folder, FolderViews& views, const std::stop_token& stop)
{
    LEFTFOLD_TRY(const auto log, source::openSegments({folder + "?topics=" + source::kConsumerOffsets}));
    LEFTFOLD_TRY(const std::string target, log->target(stop));
    LEFTFOLD_CHECK(log->open({}, target, stop));
    for (;;) {
        LEFTFOLD_TRY(const auto batch, log->read(stop));
        if (!batch) return {};
        views.problems.insert(views.problems.end(), batch->problems.begin(), batch->problems.end());
        for (const event::Record& record : batch->records) {
            auto decoded = source::groupRecordOf(record);
            if (!decoded) ++views.undecodable;
            auto* commit = decoded ? std::get_if<OffsetCommit>(&*decoded) : nullptr;
            if (commit == nullptr) continue;
            views.latest = std::max(views.latest, commit->at.value_or(views.latest));
            views.commits.push_back(std::move(*commit));
        }
    }
}

Result<PartitionGrowth> growthOf(const source::PartitionSegments& files, FolderViews& views,
                                 const std::stop_token& stop)
{
    PartitionGrowth growth;
    if (files.files.empty()) return growth;
    growth.start = std::max(files.start, files.files.front().base);
    const source::SegmentFile& last = files.files.back();
    source::SegmentWalk walk(files, {last.base, last.bytes});
    base::Time time = base::kBeginningOfTime;
    for (;;) {
        LEFTFOLD_TRY(const auto walked, walk.next(stop));
        if (!walked) break;
        const source::BatchHeader& header = walked->batch.header;
        if (header.maxTimestamp != -1) time = std::max(time, source::timeOfMilliseconds(header.maxTimestamp));
        const Offset end = std::max(growth.start, header.last.next());
        // Batches of one time are one step.
        if (!growth.steps.empty() && growth.steps.back().time == time) {
            growth.steps.back().end = end;
        } else {
            growth.steps.push_back({time, end});
        }
        views.problems.insert(views.problems.end(), walked->problems.begin(), walked->problems.end());
    }
    views.latest = std::max(views.latest, time);
    return growth;
}

LagSample sampleOf(const OffsetCommit& commit, const PartitionGrowth& growth, base::Time time)
{
    LagSample sample;
    sample.time = time;
    sample.committedAt = commit.at;
    sample.committed = commit.offset;
    // What is deleted now was there, or the view could not have read it.
    sample.start = std::min(growth.start, *commit.offset);
    sample.end = std::max(growth.endAt(time), *commit.offset);
    return sample;
}

} // namespace

Offset PartitionGrowth::endAt(base::Time time) const
{
    const auto behind = std::ranges::upper_bound(steps, time, {}, &Step::time);
    return behind == steps.begin() ? start : std::prev(behind)->end;
}

LagHistory historyOf(const std::vector<OffsetCommit>& commits, const std::map<Partition, PartitionGrowth>& partitions,
                     base::Time at)
{
    LagHistory history;
    static const PartitionGrowth kUnknown;
    const auto growthOf = [&](const Partition& partition) -> const PartitionGrowth& {
        const auto known = partitions.find(partition);
        return known == partitions.end() ? kUnknown : known->second;
    };
    for (const OffsetCommit& commit : commits) {
        if (!commit.at || *commit.at > at) continue;
        const ViewPartition of{commit.group, commit.partition};
        if (!commit.offset) {
            history.erase(of);
            continue;
        }
        history[of].push_back(sampleOf(commit, growthOf(commit.partition), *commit.at));
    }
    for (auto& [of, samples] : history) {
        std::ranges::stable_sort(samples, {}, &LagSample::time);
        const PartitionGrowth& growth = growthOf(of.partition);
        LagSample look = samples.back();
        look.time = at;
        look.start = growth.start;
        look.end = partitions.contains(of.partition) ? growth.endAt(at) : *look.committed;
        samples.push_back(look);
    }
    return history;
}

Result<FolderViews> viewsOfFolder(const std::string& folder, std::stop_token stop)
{
    LEFTFOLD_TRY(const auto finder, source::SegmentFinder::of({folder}, {}));
    LEFTFOLD_TRY(const auto all, finder.findAll());
    const auto isCommits = [](const auto& files) { return files.partition.topic == source::kConsumerOffsets; };
    if (std::ranges::none_of(all, isCommits)) return base::fail(base::ErrorCode::NoCommits, folder);
    FolderViews views;
    LEFTFOLD_CHECK(readCommits(folder, views, stop));
    std::set<Partition> committed;
    for (const OffsetCommit& commit : views.commits) committed.insert(commit.partition);
    for (const source::PartitionSegments& files : all) {
        if (!committed.contains(files.partition)) continue;
        LEFTFOLD_TRY(PartitionGrowth growth, growthOf(files, views, stop));
        views.partitions.emplace(files.partition, std::move(growth));
    }
    return views;
}

} // namespace leftfold::views
