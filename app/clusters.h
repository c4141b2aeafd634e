// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/kafka_topics.h"

namespace leftfold::app {

/// A cluster as a person names it, with clients of it.
struct Cluster {
    source::KafkaAddress address;
    source::KafkaConnection connection;
    std::shared_ptr<source::Draining> draining = std::make_shared<source::Draining>();
    source::KafkaClients clients;

    Cluster() = default;
    Cluster(Cluster&&) = default;
    Cluster& operator=(Cluster&&) = default;
    /// Waits a little for what librdkafka has to close.
    ~Cluster();
};

/// `name` is a profile, or kafka://BROKERS[/TOPIC,...]. Connects to nothing yet.
[[nodiscard]] base::Result<Cluster> openCluster(const std::string& name);

} // namespace leftfold::app
