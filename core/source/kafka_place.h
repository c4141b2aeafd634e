// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/hash.h"
#include "core/event/offset.h"
#include "core/source/kafka_address.h"

#include <map>
#include <optional>
#include <string>

namespace leftfold::source {

/// What a load reads of one partition, as it was when the load was fixed.
struct KafkaSpan {
    event::Offset start; ///< the first offset there was
    event::Offset from; ///< where a capture of this partition begins
    event::Offset end; ///< read before this
    event::Offset high; ///< where the partition ended: records of open transactions may lie between
    friend bool operator==(const KafkaSpan&, const KafkaSpan&) = default;
};

struct KafkaTarget {
    std::string cluster; ///< its id
    std::map<event::Partition, KafkaSpan> spans;
    std::map<std::string, bool> compacted; ///< by topic, where that is known
    friend bool operator==(const KafkaTarget&, const KafkaTarget&) = default;
};

/// Where reading a partition stands.
struct KafkaPlace {
    event::Offset next;
    std::optional<event::Offset> last; ///< of the last record captured
    base::Hash128 lastHash; ///< of that record
    bool isGapTold = false; ///< of a compacted topic: that the first records are missing
    friend bool operator==(const KafkaPlace&, const KafkaPlace&) = default;
};

/// The cut of a Kafka source.
struct KafkaCut {
    std::string cluster;
    Isolation isolation = Isolation::Committed;
    std::map<event::Partition, KafkaPlace> places;
    std::map<std::string, bool> compacted;
    friend bool operator==(const KafkaCut&, const KafkaCut&) = default;
};

[[nodiscard]] std::string toJson(const KafkaTarget& target);
[[nodiscard]] std::string toJson(const KafkaCut& cut);
/// Fail with SourceStateUnreadable. The empty text is the empty cut.
[[nodiscard]] base::Result<KafkaTarget> parseKafkaTarget(const std::string& json);
[[nodiscard]] base::Result<KafkaCut> parseKafkaCut(const std::string& json);

/// A cut for people: "Kafka, read_committed, cluster ..., compacted: prices"; empty for a cut of another source.
[[nodiscard]] std::string describeKafkaCut(const std::string& sourceCut);

} // namespace leftfold::source
