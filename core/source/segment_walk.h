// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/kafka_batch.h"
#include "core/source/segment_files.h"
#include "core/source/segment_window.h"

#include <optional>
#include <stop_token>
#include <vector>

namespace leftfold::source {

/// Where the segments of a partition end, as far as a load goes: of the last one so many bytes.
struct SegmentEnd {
    event::Offset segment;
    std::uint64_t bytes = 0;
    friend bool operator==(const SegmentEnd&, const SegmentEnd&) = default;
};

/// A place between two batches.
struct SegmentPoint {
    event::Offset segment; ///< the base of the segment
    std::uint64_t at = 0; ///< byte of it
    event::Offset expected; ///< what should follow
    friend bool operator==(const SegmentPoint&, const SegmentPoint&) = default;
};

/// A batch that has proven itself.
struct WalkedBatch {
    StoredBatch
        batch; ///< its bytes are valid until the next call; of magic 0 and 1 `first` is that of the first record, too
    SegmentPoint begin; ///< where it stands
    SegmentPoint behind;
    std::vector<event::Problem> problems; ///< what was found between the batch before and this one
};

/// The batches of a partition, one behind the other, through all its segments.
///
/// A batch's checksum does not cover its base offset. So a batch is only taken where that follows on the one before, or where, behind a gap as
/// compaction leaves them, something proves it: the batch behind it, the name of the next segment, an entry of the
/// segment's index, or what the damaged batch before says of itself. What is damaged is told with place and size, and walking goes on at the next batch
/// that proves itself; what was found behind the last batch is in `tail`, as it may look otherwise when the log has grown.
class SegmentWalk {
public:
    /// Begins with the first segment.
    SegmentWalk(PartitionSegments partition, SegmentEnd end);

    void standAt(const SegmentPoint& point);
    /// The next batch; nothing at the end. Fails where a file cannot be read, and with Cancelled.
    [[nodiscard]] base::Result<std::optional<WalkedBatch>> next(const std::stop_token& stop);
    /// The header of the batch at a place, where there is a whole one; one stands there then.
    [[nodiscard]] base::Result<std::optional<BatchHeader>> peek(const SegmentPoint& point);
    /// What was found behind the last batch, once `next` has given nothing.
    [[nodiscard]] const std::vector<event::Problem>& tail() const { return m_problems; }
    /// The bytes passed, of all segments.
    [[nodiscard]] std::uint64_t bytesPassed() const { return m_passed + m_point.at; }

private:
    /// What stands at a place.
    struct Look {
        enum class Kind { End, Zeros, Incomplete, Damaged, Batch };
        Kind kind = Kind::End;
        StoredBatch batch; ///< of a Batch
        std::uint64_t size = 0; ///< that it says it has; 0: that cannot be
        std::optional<event::Offset> behind; ///< of a damaged one: the offset behind it, as far as it can be believed
        std::string why; ///< of what is damaged or incomplete
    };
    enum class Proof { Proven, Refuted, None };

    [[nodiscard]] base::Result<void> enterSegment();
    void endRepetition();
    void leaveSegment();
    [[nodiscard]] base::Result<Look> lookAt(std::uint64_t at);
    [[nodiscard]] base::Result<Look> lookAtBatch(std::uint64_t at, base::ByteView bytes);
    [[nodiscard]] base::Result<bool> isZeroFrom(std::uint64_t at);
    [[nodiscard]] bool follows(event::Offset first) const;
    [[nodiscard]] base::Result<Proof> proofOf(const BatchHeader& header, std::uint64_t behind);
    [[nodiscard]] base::Result<std::optional<std::uint64_t>> resume(std::uint64_t at, const Look& look,
                                                                    const std::stop_token& stop);
    [[nodiscard]] base::Result<std::optional<std::uint64_t>> search(std::uint64_t at,
                                                                    std::optional<event::Offset> first,
                                                                    const std::stop_token& stop);
    [[nodiscard]] base::Result<bool> isChained(const BatchHeader& header, std::uint64_t behind);
    [[nodiscard]] base::Result<bool> skipDamage(const Look& look, const std::stop_token& stop);
    [[nodiscard]] base::Result<bool> isToBeTaken(const Look& look);
    void tell(base::ErrorCode code, std::vector<std::string> args);
    void skip(std::uint64_t bytes, const std::string& why);
    [[nodiscard]] std::optional<event::Offset> nextBase() const;
    [[nodiscard]] bool isLast() const { return m_segment + 1 >= m_partition.files.size(); }

    PartitionSegments m_partition;
    SegmentEnd m_end;
    std::size_t m_segment = 0; ///< of the files
    bool m_isOpen = false;
    bool m_isAtEnd = false;
    SegmentWindow m_window;
    SegmentPoint m_point;
    std::optional<event::Offset> m_alternative; ///< what may follow as well: behind what was skipped
    bool m_isRepeating = false; ///< the segment begins with what the one before had
    std::vector<event::Problem> m_problems;
    std::uint64_t m_passed = 0; ///< bytes of the segments before
};

} // namespace leftfold::source
