// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/transaction_tracker.h"

#include "core/source/big_endian.h"
#include "core/source/kafka_time.h"

#include <algorithm>

namespace leftfold::source {

using event::Transaction;
using event::TransactionState;

std::optional<TransactionMarker> markerOf(const BatchHeader& header, const event::Record& record)
{
    const auto end = transactionEnd(record);
    if (!end || !header.isControl) return std::nullopt;
    TransactionMarker marker;
    marker.producer = header.producer;
    marker.state = *end == TransactionEnd::Commit ? TransactionState::Committed : TransactionState::Aborted;
    marker.offset = record.offset;
    marker.time = record.timestamp;
    // EndTransactionMarker: a version, then the coordinator's epoch.
    BigEndian value(record.value.value_or(base::ByteView()));
    if (value.int16()) marker.coordinatorEpoch = value.int32().value_or(-1);
    return marker;
}

void TransactionTracker::resume(const std::vector<Transaction>& open)
{
    m_open.clear();
    for (const Transaction& transaction : open) m_open.emplace(transaction.producer, transaction);
}

void TransactionTracker::add(const BatchHeader& header)
{
    const auto [known, isNew] = m_open.try_emplace(header.producer);
    Transaction& transaction = known->second;
    if (isNew) {
        transaction.partition = m_partition;
        transaction.producer = header.producer;
        transaction.first = header.first;
        const std::int64_t time =
            header.timestampType == event::TimestampType::LogAppend ? header.maxTimestamp : header.baseTimestamp;
        if (time != -1) transaction.firstTime = timeOfMilliseconds(time);
    }
    transaction.epoch = header.producerEpoch;
    transaction.last = header.last;
}

Transaction TransactionTracker::end(const BatchHeader& header, const TransactionMarker& marker)
{
    Transaction transaction;
    if (auto known = m_open.extract(marker.producer)) {
        transaction = std::move(known.mapped());
    } else {
        transaction.partition = m_partition;
        transaction.producer = marker.producer;
        transaction.last = marker.offset;
    }
    transaction.epoch = header.producerEpoch;
    transaction.state = marker.state;
    transaction.marker = marker.offset;
    transaction.markedAt = marker.time;
    transaction.coordinatorEpoch = marker.coordinatorEpoch;
    return transaction;
}

std::vector<Transaction> TransactionTracker::open() const
{
    std::vector<Transaction> out;
    for (const auto& [producer, transaction] : m_open) out.push_back(transaction);
    std::ranges::sort(out, {}, &Transaction::begin);
    return out;
}

event::Offset TransactionTracker::lastStable(event::Offset end) const
{
    for (const auto& [producer, transaction] : m_open) end = std::min(end, transaction.begin());
    return end;
}

} // namespace leftfold::source
