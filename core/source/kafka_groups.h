// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/kafka_cluster.h"

namespace leftfold::source {

// Consumer groups, looked at without joining one. A group that commits its offsets elsewhere than to Kafka is not among them.

struct GroupFacts {
    std::string name;
    std::string state; ///< "Stable", "Empty", ...: Kafka's word
    friend bool operator==(const GroupFacts&, const GroupFacts&) = default;
};

/// All groups there are, by name. Asks no coordinator: nothing is made where there are none.
[[nodiscard]] base::Result<std::vector<GroupFacts>> groupsOf(KafkaClient& client, std::stop_token stop);

/// What a group has committed. Asks for its coordinator, which makes brokers keep offsets from then on: REQUIRES a group that
/// `groupsOf` gave.
[[nodiscard]] base::Result<Offsets> committedOf(KafkaClient& client, const std::string& group, std::stop_token stop);

/// Who reads what: for each partition the client that has it ("client-1 at /10.0.0.7"). REQUIRES as above.
[[nodiscard]] base::Result<std::map<event::Partition, std::string>> membersOf(KafkaClient& client,
                                                                              const std::string& group,
                                                                              std::stop_token stop);

} // namespace leftfold::source
