// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/record.h"
#include "core/source/kafka_handles.h"

namespace leftfold::source {

/// The record of a message. Views into the message; `headers` are only filled if it has any.
[[nodiscard]] event::Record recordOf(const rd_kafka_message_t& message);

/// Records of one partition on their way into a batch, with bytes of their own.
class KafkaBuffer {
public:
    /// Copies what the record points to. It is full with `kMaxRecords`, or `kMaxBytes` of values, keys and headers.
    void add(event::Record record);
    void add(event::Problem problem) { m_problems.push_back(std::move(problem)); }
    [[nodiscard]] bool isFull() const { return m_records.size() >= kMaxRecords || m_bytes >= kMaxBytes; }
    [[nodiscard]] bool isEmpty() const { return m_records.empty() && m_problems.empty(); }
    [[nodiscard]] std::size_t bytes() const { return m_bytes + m_records.size() * sizeof(event::Record); }
    [[nodiscard]] const std::vector<event::Record>& records() const { return m_records; }
    /// What was added, without a cut; the buffer is empty then.
    [[nodiscard]] event::RecordBatch take(const event::Partition& partition);

    static constexpr std::size_t kMaxRecords = 4096; ///< what a capture stores together
    static constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

private:
    struct Storage;

    std::vector<event::Record> m_records;
    std::vector<event::Problem> m_problems;
    std::shared_ptr<Storage> m_storage;
    std::size_t m_bytes = 0;
};

} // namespace leftfold::source
