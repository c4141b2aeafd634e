// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/offset.h"
#include "core/source/file_facts.h"
#include "core/source/kafka_address.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leftfold::source {

/// A segment of a partition's log: "00000000000000001042.log" holds records from offset 1042 on.
struct SegmentFile {
    event::Offset base;
    std::string path;
    std::uint64_t bytes = 0;
    std::int64_t modifiedNs = 0;
    friend bool operator==(const SegmentFile&, const SegmentFile&) = default;
};

/// The segments of one partition as a folder had them at one moment.
struct PartitionSegments {
    event::Partition partition;
    std::string folder;
    std::vector<SegmentFile> files; ///< by their bases
    event::Offset start; ///< what is before was deleted, though it may still stand there (log-start-offset-checkpoint)
    bool isCompacted = false; ///< as far as the broker's cleaner says (cleaner-offset-checkpoint)
};

/// The first offset that a segment of this name holds; nothing where it is not named as one. Names of what a broker is about to delete or to
/// put in place (.log.deleted, .log.cleaned, .log.swap) are none.
[[nodiscard]] std::optional<event::Offset> segmentBase(std::string_view fileName);
/// "orders-12": orders[12]. Nothing for folders of another name, as those that a broker deletes or moves ("orders-12.UUID-delete", "-future").
[[nodiscard]] std::optional<event::Partition> partitionOfFolder(std::string_view folderName);
/// Topics that Kafka keeps for itself: __consumer_offsets, __transaction_state, __cluster_metadata, __share_group_state.
[[nodiscard]] bool isInternalTopic(std::string_view topic);

/// The files that are read with what a path names and are not in it: the checkpoints beside the folder of a partition, the index beside a
/// segment, links to it followed. They need not be there. Of a broker's folder, and of what is none of these, nothing.
[[nodiscard]] std::vector<std::string> segmentNeighbours(const std::string& path);

/// Finds the partitions that paths name: log folders of brokers, folders of partitions, single segments.
class SegmentFinder {
public:
    /// Whether a path is one of these: by its name and, for folders, by those inside. Opens no file.
    [[nodiscard]] static bool isSegmentLog(const std::string& path);

    /// Fails where a path is none of these (NoSegments), missing or unreadable.
    [[nodiscard]] static base::Result<SegmentFinder> of(const std::vector<std::string>& paths,
                                                        std::vector<KafkaTopic> topics);

    /// The partitions there are now, by name. Of a log folder those that were chosen; where nothing was, all but those of internal topics.
    /// Fails with SegmentTopic where there is none of a chosen topic.
    [[nodiscard]] base::Result<std::vector<PartitionSegments>> find() const;
    /// Every partition of the log folders among the paths, internal topics too.
    [[nodiscard]] base::Result<std::vector<PartitionSegments>> findAll() const;
    /// The paths, absolute and with links followed.
    [[nodiscard]] const std::vector<std::string>& paths() const { return m_paths; }
    [[nodiscard]] const std::vector<KafkaTopic>& topics() const { return m_topics; }

private:
    SegmentFinder() = default;
    [[nodiscard]] bool isChosen(const event::Partition& partition) const;

    std::vector<std::string> m_paths;
    std::vector<KafkaTopic> m_topics;
};

} // namespace leftfold::source
