// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/hash.h"
#include "core/event/transaction.h"
#include "core/source/kafka_address.h"
#include "core/source/segment_walk.h"

#include <map>

namespace leftfold::source {

/// What a load reads of one partition, as its folder was when the load was fixed.
struct SegmentSpan {
    SegmentEnd end;
    std::int64_t modifiedNs = 0; ///< of the last segment: a file with room reserved grows without becoming longer
    event::Offset start; ///< what is before was deleted
    friend bool operator==(const SegmentSpan&, const SegmentSpan&) = default;
};

using SegmentTarget = std::map<event::Partition, SegmentSpan>;

/// Where reading a partition stands.
struct SegmentPlace {
    SegmentPoint point; ///< the first batch that is not given out whole begins here
    event::Offset next; ///< behind the last record given out, or passed
    std::optional<event::Offset> last; ///< of the last record captured
    base::Hash128 lastHash; ///< of that record
    SegmentPoint lastBatch; ///< where the batch with it stood
    std::vector<event::Transaction> open; ///< transactions without an end before `point`
    bool isGapTold = false; ///< of a compacted topic: that the first records are missing
    std::optional<SegmentSpan> seen; ///< what was read to its end
    event::Offset lastStable; ///< of what was read
    friend bool operator==(const SegmentPlace&, const SegmentPlace&) = default;
};

/// The cut of a source of segments.
struct SegmentCut {
    Isolation isolation = Isolation::Committed;
    std::map<event::Partition, SegmentPlace> places;
    std::vector<std::string> compacted; ///< topics
    friend bool operator==(const SegmentCut&, const SegmentCut&) = default;
};

[[nodiscard]] std::string toJson(const SegmentTarget& target);
/// Of one place; a cut is made of them (`segmentCutJson`), so that those that did not change need not be written again.
[[nodiscard]] std::string toJson(const SegmentPlace& place);
[[nodiscard]] std::string segmentCutJson(const SegmentCut& cut, const std::map<event::Partition, std::string>& places);
/// Fail with SourceStateUnreadable. The empty text is the empty cut.
[[nodiscard]] base::Result<SegmentTarget> parseSegmentTarget(const std::string& json);
[[nodiscard]] base::Result<SegmentCut> parseSegmentCut(const std::string& json);

/// A cut for people: "segments of Kafka, read_committed; orders[0] is stable up to offset 21: a transaction is open there; prices is compacted: ..."; empty for a cut of another
/// source.
[[nodiscard]] std::string describeSegmentCut(const std::string& sourceCut);

} // namespace leftfold::source
