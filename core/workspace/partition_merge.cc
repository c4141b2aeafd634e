// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/partition_merge.h"

#include <algorithm>
#include <set>

namespace leftfold::workspace {

namespace {

using base::ErrorCode;
using base::Result;

/// Read from a capture, and given to the writer, at a time.
constexpr std::uint64_t kEventsAtOnce = 4096;
/// A log that has other events at so many offsets from its start on, and the same at none, is another log.
constexpr std::uint64_t kCommonToTell = 8;

} // namespace

Result<void> PartitionEvents::advance()
{
    if (m_run && m_place < m_run->items().size()) {
        m_record = m_run->items()[m_place++].raw;
        return {};
    }
    m_record = nullptr;
    if (m_left == 0) return {};
    // A run of its own: events of the one before may still wait to be encoded.
    auto run = std::make_shared<capture::EventRun>();
    const std::uint64_t count = std::min(m_left, kEventsAtOnce);
    LEFTFOLD_CHECK(m_reader.readRun({m_partition, m_read}, count, *run));
    m_run = std::move(run);
    m_read += count;
    m_left -= count;
    m_place = 1;
    m_record = m_run->items().front().raw;
    return {};
}

Result<void> PartitionMerge::start()
{
    std::set<event::Offset> firsts;
    for (PartitionEvents& input : m_inputs) {
        LEFTFOLD_CHECK(input.advance());
        if (input.record() && !firsts.insert(input.record()->offset).second) m_beginTogether = true;
    }
    return {};
}

std::optional<event::Offset> PartitionMerge::lowest() const
{
    std::optional<event::Offset> lowest;
    for (const PartitionEvents& input : m_inputs) {
        if (input.record() && (!lowest || input.record()->offset < *lowest)) lowest = input.record()->offset;
    }
    return lowest;
}

bool PartitionMerge::isAnotherLog() const
{
    return m_beginTogether && m_common > 0 && m_contradictions == m_common;
}

tl::unexpected<base::Error> PartitionMerge::anotherLog() const
{
    const auto& [first, second] = m_contradicting;
    const auto& topics = m_names[second].topics;
    const auto renamed = std::ranges::find(topics, m_partition.topic, [](const auto& each) { return each.second; });
    return base::fail(ErrorCode::DifferentLogs, toText(m_partition), m_names[first].name, m_names[second].name,
                      renamed == topics.end() ? m_partition.topic : renamed->first);
}

Result<event::RecordBatch> PartitionMerge::next(MergeSummary& summary)
{
    event::RecordBatch batch;
    batch.partition = m_partition;
    auto storage = std::make_shared<std::vector<std::shared_ptr<capture::EventRun>>>();
    for (std::uint64_t i = 0; i < kEventsAtOnce && lowest(); ++i) {
        for (const PartitionEvents& input : m_inputs) {
            if (input.storage() && (std::ranges::find(*storage, input.storage()) == storage->end()))
                storage->push_back(input.storage());
        }
        LEFTFOLD_CHECK(take(batch, summary));
    }
    batch.storage = std::move(storage);
    if (!lowest() && isAnotherLog()) return anotherLog();
    return batch;
}

/// The event at the lowest offset there is, and what other captures say of that offset.
Result<void> PartitionMerge::take(event::RecordBatch& batch, MergeSummary& summary)
{
    const event::Offset offset = *lowest();
    std::optional<std::size_t> keptInput;
    for (PartitionEvents& input : m_inputs) {
        if (!input.record() || input.record()->offset != offset) continue;
        if (keptInput) {
            LEFTFOLD_CHECK(compare(batch.records.back(), *keptInput, input, batch, summary));
        } else {
            keptInput = input.input();
            batch.records.push_back(*input.record());
        }
        LEFTFOLD_CHECK(input.advance());
    }
    ++summary.events;
    return {};
}

Result<void> PartitionMerge::compare(const event::Record& kept, std::size_t keptInput, const PartitionEvents& other,
                                     event::RecordBatch& batch, MergeSummary& summary)
{
    ++m_common;
    if (hashOf(kept) == hashOf(*other.record())) {
        ++summary.shared;
        return {};
    }
    ++m_contradictions;
    m_contradicting = {keptInput, other.input()};
    if (isAnotherLog() && m_common >= kCommonToTell) return anotherLog();
    const event::Position position{m_partition, kept.offset};
    ++summary.contradictionCount;
    if (summary.contradictions.size() >= kMaxListedContradictions) return {};
    summary.contradictions.push_back({position, keptInput, other.input()});
    batch.problems.push_back(
        {position, base::Error{ErrorCode::Contradiction, {m_names[keptInput].name, m_names[other.input()].name}, {}}});
    return {};
}

} // namespace leftfold::workspace
