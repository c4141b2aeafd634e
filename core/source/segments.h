// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/event_source.h"
#include "core/source/kafka_address.h"
#include "core/source/segment_files.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace leftfold::source {

/// What a text as "/var/lib/kafka?topics=orders,payments[0]&isolation=read_uncommitted" names: a log folder of a broker, the folder of
/// a partition or a segment, and what is read of it.
struct SegmentAddress {
    std::string path;
    std::vector<KafkaTopic> topics; ///< of a log folder; empty: all topics but Kafka's own
    std::optional<Isolation> isolation; ///< none: not said
    friend bool operator==(const SegmentAddress&, const SegmentAddress&) = default;
};

/// Such a text in two: the path, and what is said of it from the last '?' on. All of it is the path where it has no '?', or where
/// something of that name is there. Whoever judges the path of a log has to take it from here: it is the one that is opened.
[[nodiscard]] std::pair<std::string, std::string> splitSegmentAddress(const std::string& text);
/// Whether a text names segments of Kafka's logs: by the path before '?', which has to be there.
[[nodiscard]] bool isSegmentAddress(const std::string& text);
/// Fails with BadArgument where what stands behind '?' is none of these.
[[nodiscard]] base::Result<SegmentAddress> parseSegmentAddress(const std::string& text);
[[nodiscard]] std::string toText(const SegmentAddress& address);

/// Segments of Kafka's logs as a log, read without a broker (semantics.md section 2). The records are those that a capture by kafka:// has:
/// partitions by their folders, offsets, timestamps and their types, headers, keys and values as they are. Markers are told
/// as transactions (event::Transaction); with read_committed, as kafka:// has it, records of aborted transactions are left out, and a
/// partition ends where the first transaction begins that is still open.
///
/// A load ends where the files end when it begins. Files of other names are left alone: what a broker is about to delete or to put
/// in place, its indexes, snapshots and checkpoints; but records before the start that log-start-offset-checkpoint names are left out.
/// What is damaged is skipped and told, with place and size (SegmentWalk).
///
/// Where a load goes on, the last record captured of each partition is read again and compared: KafkaOtherRecord where it is
/// another one, KafkaTruncated where the partition ends before it. Offsets that retention deleted before they could be read are a problem
/// (KafkaExpired); so is the first gap of a compacted topic (KafkaCompacted).
///
/// `addresses` are parts of one log; what one says of topics and isolation holds for all. Fails where a path names no segments.
[[nodiscard]] base::Result<std::unique_ptr<EventSource>> openSegments(const std::vector<std::string>& addresses);

} // namespace leftfold::source
