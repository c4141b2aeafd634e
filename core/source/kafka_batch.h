// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/record.h"
#include "core/source/kafka_codec.h"

#include <optional>
#include <vector>

namespace leftfold::source {

/// What the header of a batch in a Kafka log says (semantics.md section 2). A message set of magic 0 or 1 is a batch for each
/// message that is not inside another.
struct BatchHeader {
    int magic = 2;
    event::Offset
        first; ///< of the first record there was; compaction may have removed it. Magic 0, 1: the same as `last`
    event::Offset last; ///< of the last record there was
    std::size_t bytes = 0; ///< of the whole batch
    KafkaCodec codec = KafkaCodec::None;
    event::TimestampType timestampType = event::TimestampType::None;
    std::int64_t baseTimestamp = -1; ///< milliseconds; the others are told as differences from it
    std::int64_t maxTimestamp = -1;
    bool isTransactional = false;
    bool isControl = false; ///< one record: the end of a transaction, or something of the broker's own
    std::int32_t leaderEpoch = -1;
    std::int64_t producer = -1; ///< -1: none
    std::int16_t producerEpoch = -1;
    std::int32_t sequence = -1; ///< of the first record
    std::int32_t records = 0; ///< as many as it tells; magic 0, 1: not known, 0
};

/// A batch in the bytes of a segment.
struct StoredBatch {
    BatchHeader header;
    base::ByteView bytes;
};

/// The batch that begins where `bytes` begin; none where they end before it does. Fails with SegmentDamaged where no batch begins
/// there, or its checksum is another one.
[[nodiscard]] base::Result<std::optional<StoredBatch>> batchAt(base::ByteView bytes);

/// How far behind the beginning of `bytes` the next batch begins that is whole and has the right checksum: to go on behind a damaged
/// one. Nothing where there is none.
[[nodiscard]] std::optional<std::size_t> nextBatch(base::ByteView bytes);

/// The records of a batch, in order, with bytes of their own.
struct BatchRecords {
    std::vector<event::Record> records;
    std::shared_ptr<const void> storage; ///< what the views point into; none: into the batch itself
};

/// Fails with SegmentDamaged. REQUIRES: base::kReadablePadding more bytes can be read behind the batch.
[[nodiscard]] base::Result<BatchRecords> recordsOf(const StoredBatch& batch);

/// How a transaction ended, of a record of a control batch; none: it says something else.
enum class TransactionEnd : std::uint8_t { Abort, Commit };
[[nodiscard]] std::optional<TransactionEnd> transactionEnd(const event::Record& record);

} // namespace leftfold::source
