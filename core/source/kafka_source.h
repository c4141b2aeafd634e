// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/event_source.h"
#include "core/source/kafka_client.h"
#include "core/source/kafka_place.h"

#include <chrono>

namespace leftfold::source {

struct KafkaOptions {
    std::chrono::seconds patience{120}; ///< how long a broker that does not answer is waited for
    bool waitsForEver = false; ///< following: however long
};

/// Topics of a cluster as a log, read by librdkafka's simple consumer: no group, no coordinator, nothing committed or created
/// (semantics.md section 1). Offsets, timestamps and their types, keys, headers and values are kept as they are; a null key or value is
/// not an empty one.
///
/// A load ends at the offsets that are the ends when it begins, as the isolation level shows them. Records of aborted
/// transactions, transaction markers and what compaction removed leave gaps in the offsets. A broker that goes is waited for.
///
/// Where a load goes on, the last record captured of each partition is read again and compared: KafkaOtherRecord where it is
/// another one, KafkaTruncated where the partition ends before it, KafkaOtherCluster where the cluster is not the same. Offsets that were deleted before they
/// could be read are a problem (KafkaExpired); so is the first gap of a compacted topic (KafkaCompacted).
///
/// With a key, only records with that key are given, from the partition where Java's producer puts it; if that has none, from the one
/// where librdkafka does; else from all.
/// Fails with KafkaAddress where the address names no topic, and with BadArgument where it cannot hold anything.
[[nodiscard]] base::Result<std::unique_ptr<EventSource>> openKafka(const KafkaAddress& address,
                                                                   const KafkaConnection& connection,
                                                                   const KafkaOptions& options,
                                                                   std::shared_ptr<Draining> draining);

} // namespace leftfold::source
