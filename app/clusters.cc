// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/clusters.h"

#include "core/source/kafka_profile.h"

namespace leftfold::app {

Cluster::~Cluster()
{
    clients = {};
    if (draining) draining->wait(std::chrono::seconds(2));
}

base::Result<Cluster> openCluster(const std::string& name)
{
    Cluster cluster;
    LEFTFOLD_TRY(cluster.address, source::parseKafkaAddress(source::isKafkaAddress(name) ? name : "kafka://" + name));
    LEFTFOLD_TRY(cluster.connection, source::connectionFor(cluster.address.brokers));
    LEFTFOLD_TRY(cluster.clients, source::connectBoth(cluster.connection, cluster.draining));
    return cluster;
}

} // namespace leftfold::app
