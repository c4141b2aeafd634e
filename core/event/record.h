// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/hash.h"
#include "core/base/time.h"
#include "core/event/offset.h"
#include "core/event/problem.h"
#include "core/event/transaction.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace leftfold::event {

/// A header of a record. Names may repeat, their order counts; a null value is not an empty one.
struct Header {
    base::ByteView name;
    std::optional<base::ByteView> value;
    friend bool operator==(const Header&, const Header&) = default;
};

enum class TimestampType : std::uint8_t { None, Create, LogAppend };

/// A record as its log holds it, before any mapping says what in it is the id, the type or the time:
/// a line of a JSON-lines file has a value and nothing else. Views into the storage of its batch.
/// A null value (tombstone) is not an empty value; a null key is not an empty key.
struct Record {
    Offset offset;
    std::optional<base::ByteView> value; ///< kReadablePadding more bytes can be read behind it
    std::optional<base::ByteView> key;
    std::optional<base::Time> timestamp; ///< the log's own; present exactly if the type is not None
    TimestampType timestampType = TimestampType::None;
    std::vector<Header> headers;
    std::uint64_t line = 0; ///< 1-based line of the file it stood in, for messages only; 0: no lines there
};

/// Consecutive records of one partition, in order. Offsets grow strictly.
struct RecordBatch {
    Partition partition;
    std::vector<Record> records;
    /// Where the source stands after this batch: opaque to everybody but the source, stored in one transaction
    /// with the batch and those before it, handed back to resume. Empty: this batch may be stored only
    /// together with the ones behind it, up to the next that has a cut.
    std::string sourceCut;
    std::vector<Problem> problems; ///< found by the source while it read this batch; a batch may hold nothing else
    std::vector<Problem> tailProblems; ///< true only as long as the source stands here (a half-written last line)
    std::shared_ptr<const void> storage; ///< what the views point into
    /// What is known of transactions behind this batch, where the log tells it: each takes the place of what was said before of the
    /// same one (partition and `begin`).
    std::vector<Transaction> transactions;
};

/// The hash of what the log itself holds: offset, timestamp, key, headers, value, each told apart from
/// its neighbours. Free of mapping, chunking, compression and line numbers.
[[nodiscard]] base::Hash128 hashOf(const Record& record);

/// The running hash of a partition after one more record. Starts at Hash128{}.
[[nodiscard]] base::Hash128 chain(base::Hash128 before, base::Hash128 record);

} // namespace leftfold::event
