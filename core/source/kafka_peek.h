// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/record.h"
#include "core/source/kafka_cluster.h"

namespace leftfold::source {

/// A record read on its own, with bytes of its own.
struct PeekedRecord {
    event::Record record;
    std::shared_ptr<const void> storage;
};

/// The first record at or behind each of these offsets, as the client's isolation level shows them; none where there is none up to
/// the end. Stops waiting after `limit`: what has not come by then is not there either. Cancelled within 50 ms of a stop.
[[nodiscard]] base::Result<std::map<event::Partition, PeekedRecord>> recordsAt(KafkaClient& client,
                                                                               const Offsets& offsets,
                                                                               std::chrono::milliseconds limit,
                                                                               std::stop_token stop);

/// The last `count` records (at most; fewer where offsets are missing) of each of these partitions, oldest first.
[[nodiscard]] base::Result<std::map<event::Partition, std::vector<PeekedRecord>>> lastRecords(
    KafkaClient& client, const std::set<event::Partition>& partitions, std::int64_t count,
    std::chrono::milliseconds limit, std::stop_token stop);

} // namespace leftfold::source
