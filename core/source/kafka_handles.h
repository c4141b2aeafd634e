// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <librdkafka/rdkafka.h>
#include <memory>

namespace leftfold::source {

/// Destroys what librdkafka gave, by its own function.
template <auto Destroy>
struct DestroyedBy {
    template <class Thing>
    void operator()(Thing* thing) const
    {
        Destroy(thing);
    }
};

using TopicHandle = std::unique_ptr<rd_kafka_topic_t, DestroyedBy<rd_kafka_topic_destroy>>;
using QueueHandle = std::unique_ptr<rd_kafka_queue_t, DestroyedBy<rd_kafka_queue_destroy>>;
using EventHandle = std::unique_ptr<rd_kafka_event_t, DestroyedBy<rd_kafka_event_destroy>>;
using PartitionList =
    std::unique_ptr<rd_kafka_topic_partition_list_t, DestroyedBy<rd_kafka_topic_partition_list_destroy>>;

} // namespace leftfold::source
