// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/merge.h"

#include <memory>
#include <optional>

namespace leftfold::workspace {

/// The events of one partition of one capture, in order, some thousands in memory at a time.
class PartitionEvents {
public:
    /// The first `count` of them.
    PartitionEvents(capture::Reader& reader, std::uint32_t partition, std::size_t input, std::uint64_t count)
        : m_reader(reader),
          m_partition(partition),
          m_input(input),
          m_left(count)
    {}

    [[nodiscard]] std::size_t input() const { return m_input; }
    /// The next event; null behind the last. Valid as long as somebody holds `storage()`.
    [[nodiscard]] const event::Record* record() const { return m_record; }
    [[nodiscard]] const std::shared_ptr<capture::EventRun>& storage() const { return m_run; }
    /// To the first event, then from one to the next.
    [[nodiscard]] base::Result<void> advance();

private:
    capture::Reader& m_reader;
    std::uint32_t m_partition;
    std::size_t m_input;
    std::uint64_t m_left; ///< not yet read
    std::uint64_t m_read = 0;
    std::size_t m_place = 0; ///< of the next one in the run
    std::shared_ptr<capture::EventRun> m_run;
    const event::Record* m_record = nullptr;
};

/// Merges the events that several captures have of one partition, by offset.
class PartitionMerge {
public:
    PartitionMerge(event::Partition partition, std::vector<PartitionEvents> inputs,
                   const std::vector<MergeInput>& names)
        : m_partition(std::move(partition)),
          m_inputs(std::move(inputs)),
          m_names(names)
    {}

    /// To be called once, before `next`.
    [[nodiscard]] base::Result<void> start();
    /// Some consecutive events with the contradictions among them; no records at the end. Adds to `summary`.
    [[nodiscard]] base::Result<event::RecordBatch> next(MergeSummary& summary);

private:
    [[nodiscard]] base::Result<void> take(event::RecordBatch& batch, MergeSummary& summary);
    [[nodiscard]] base::Result<void> compare(const event::Record& kept, std::size_t keptInput,
                                             const PartitionEvents& other, event::RecordBatch& batch,
                                             MergeSummary& summary);
    [[nodiscard]] std::optional<event::Offset> lowest() const;
    /// Whether nothing so far says that the captures have parts of one log.
    [[nodiscard]] bool isAnotherLog() const;
    [[nodiscard]] tl::unexpected<base::Error> anotherLog() const;

    event::Partition m_partition;
    std::vector<PartitionEvents> m_inputs; ///< in the order of the captures
    const std::vector<MergeInput>& m_names;
    bool m_beginTogether = false; ///< two of them at the same offset
    std::uint64_t m_common = 0; ///< offsets that two of them have, so far
    std::uint64_t m_contradictions = 0; ///< among these
    std::pair<std::size_t, std::size_t> m_contradicting; ///< inputs, of the last one
};

} // namespace leftfold::workspace
