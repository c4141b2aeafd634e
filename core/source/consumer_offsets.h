// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/record.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace leftfold::source {

// The records of __consumer_offsets, where Kafka keeps what consumer groups have committed (its message formats OffsetCommitKey and
// OffsetCommitValue, GroupMetadataKey and GroupMetadataValue: keys 0 to 2, values 0 to 4).

inline constexpr const char* kConsumerOffsets = "__consumer_offsets";

/// A commit of a group in a partition.
struct OffsetCommit {
    std::string group;
    event::Partition partition;
    std::optional<event::Offset> offset; ///< none: the commit was removed (expired, or the group was deleted)
    std::int32_t leaderEpoch = -1;
    std::string metadata;
    std::optional<base::Time> at; ///< when it was committed; of one that was removed, when that was written
    std::optional<base::Time> expires; ///< only old brokers say so
    friend bool operator==(const OffsetCommit&, const OffsetCommit&) = default;
};

/// A group as its coordinator stored it.
struct GroupMember {
    std::string id;
    std::optional<std::string> instance;
    std::string client;
    std::string host;
    friend bool operator==(const GroupMember&, const GroupMember&) = default;
};
struct StoredGroup {
    std::string group;
    bool isThere = true; ///< false: it was deleted
    std::string protocolType;
    std::int32_t generation = -1;
    std::optional<std::string> protocol;
    std::optional<std::string> leader;
    std::optional<base::Time> since; ///< of its state
    std::vector<GroupMember> members;
    friend bool operator==(const StoredGroup&, const StoredGroup&) = default;
};

/// A record with a key of another kind: of the newer group protocols, which keep more there.
struct OtherGroupRecord {
    std::int16_t version = 0;
    friend bool operator==(const OtherGroupRecord&, const OtherGroupRecord&) = default;
};

using GroupRecord = std::variant<OffsetCommit, StoredGroup, OtherGroupRecord>;
/// Fails with UndecodableRecord, saying what cannot be read.
[[nodiscard]] base::Result<GroupRecord> groupRecordOf(const event::Record& record);

} // namespace leftfold::source
