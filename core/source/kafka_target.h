// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/kafka_cluster.h"
#include "core/source/kafka_place.h"

namespace leftfold::source {

/// What bounds of an address mean, asked of the cluster or known already.
struct KafkaEnds {
    Offsets start;
    Offsets end; ///< as far as the isolation level shows
    Offsets atFrom; ///< the first record not older than `from`, where that is a time
};

/// What a load reads of each partition. Until a time: all of it, as older records may lie anywhere.
[[nodiscard]] std::map<event::Partition, KafkaSpan> spansOf(const KafkaBound& from, const KafkaBound& until,
                                                            const KafkaEnds& ends);

/// The partitions an address names, of those there are. Fails with KafkaNoPartition.
[[nodiscard]] base::Result<std::set<event::Partition>> chosenPartitions(const KafkaAddress& address,
                                                                        const TopicPartitions& there);

/// Asks the cluster what a load of `address` reads now.
[[nodiscard]] base::Result<KafkaTarget> targetOf(KafkaClient& client, const KafkaAddress& address,
                                                 std::stop_token stop);

} // namespace leftfold::source
