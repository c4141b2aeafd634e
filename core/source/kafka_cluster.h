// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/offset.h"
#include "core/source/kafka_client.h"

#include <map>
#include <set>

namespace leftfold::source {

// Questions to a cluster. Each blocks until it is answered, at most about 10 s, and is cancelled within 50 ms of a stop. They
// fail with an error that says which step failed: KafkaNoResolve, KafkaNoConnection, KafkaTls, KafkaSasl, KafkaToken, KafkaNotAllowed,
// KafkaNoTopic.

/// The partitions of these topics, by name; of none named: of all there are.
using TopicPartitions = std::map<std::string, std::vector<std::int32_t>>;
[[nodiscard]] base::Result<TopicPartitions> partitionsOf(KafkaClient& client, const std::vector<std::string>& topics,
                                                         std::stop_token stop);

/// What a cluster calls itself; empty where it does not.
[[nodiscard]] base::Result<std::string> clusterIdOf(KafkaClient& client, std::stop_token stop);

/// In place of a time in `listOffsets`.
inline constexpr std::int64_t kAtStart = -2;
inline constexpr std::int64_t kAtEnd = -1; ///< of what the client's isolation level lets one read

/// For each partition the first offset whose record has that timestamp (milliseconds) or a later one: the partition's end where
/// there is none. Asks each broker once, for all its partitions.
using Offsets = std::map<event::Partition, event::Offset>;
[[nodiscard]] base::Result<Offsets> listOffsets(KafkaClient& client,
                                                const std::map<event::Partition, std::int64_t>& times,
                                                std::stop_token stop);
[[nodiscard]] base::Result<Offsets> listOffsets(KafkaClient& client, const std::set<event::Partition>& partitions,
                                                std::int64_t time, std::stop_token stop);

/// librdkafka 2.0.2 looks once a second whether a queue that was full has room again, unless something wakes its thread for
/// that broker. A question to the leaders of these partitions does; returns at once, nobody waits for the answer.
void wakeFetchingOf(KafkaClient& client, const std::set<event::Partition>& partitions);

/// The settings of these topics; a topic whose settings may not be seen is not there.
using TopicSettings = std::map<std::string, std::map<std::string, std::string>>;
[[nodiscard]] base::Result<TopicSettings> settingsOf(KafkaClient& client, const std::vector<std::string>& topics,
                                                     std::stop_token stop);

} // namespace leftfold::source
