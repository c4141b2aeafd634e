// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/kafka_peek.h"

namespace leftfold::source {

/// Two clients of one cluster: what each isolation level shows.
struct KafkaClients {
    std::shared_ptr<KafkaClient> committed;
    std::shared_ptr<KafkaClient> uncommitted;
};
[[nodiscard]] base::Result<KafkaClients> connectBoth(const KafkaConnection& connection,
                                                     const std::shared_ptr<Draining>& draining);

struct PartitionFacts {
    event::Partition partition;
    event::Offset start;
    event::Offset lastStable; ///< records of transactions are decided before it
    event::Offset highWatermark; ///< the end; greater than lastStable where a transaction is open
    friend bool operator==(const PartitionFacts&, const PartitionFacts&) = default;
};

/// What a person wants to know of a topic before reading it. Estimates are of records sampled at its end, as sizes cannot be asked for.
struct TopicFacts {
    std::string name;
    std::vector<PartitionFacts> partitions; ///< by number
    std::map<std::string, std::string> settings; ///< empty where they may not be seen
    std::optional<std::uint64_t> estimatedBytes; ///< of keys, values and headers, before compression
    std::optional<double> recordsPerHour; ///< offsets of the last hour
    [[nodiscard]] std::uint64_t offsets() const; ///< between start and end of all partitions
};

/// Facts of these topics, by name; of none named: of all but Kafka's own (`__consumer_offsets` and the like).
[[nodiscard]] base::Result<std::vector<TopicFacts>> topicFacts(const KafkaClients& clients,
                                                               const std::vector<std::string>& topics,
                                                               std::stop_token stop);

/// "7 d", "500 MB", "compacted", ...: how long records are kept, as the settings say; "?" where they may not be seen.
[[nodiscard]] std::string retentionText(const std::map<std::string, std::string>& settings);

} // namespace leftfold::source
