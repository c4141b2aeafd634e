// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/mask.h"
#include "core/source/kafka_profile.h"
#include "core/source/kafka_topics.h"
#include "core/views/look.h"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

/// What is asked about Kafka clusters, without a log or beside one; as in answers.h, each question names its answer. Nothing of it writes
/// to a cluster.
namespace leftfold::workspace {

/// The profiles there are, after a change of them.
struct Profiles {
    std::vector<source::KafkaProfile> profiles; ///< by name
    std::vector<base::Error> unreadable; ///< of profiles that are there and cannot be read
    std::string changed; ///< the one that was written
    std::vector<std::string> notes; ///< of an import: what was left out, and what to do about it
};
/// Writes a profile. Secrets go to the store it names (`secret.store`), and nowhere else.
struct SaveProfile {
    source::KafkaProfile profile;
    std::map<std::string, std::string> secrets; ///< those that were typed, by property
};
struct RemoveProfile {
    std::string name;
};
/// A client.properties, or a kcat.conf (by its ending), as a profile. Its secrets go to the keyring, or into a note that says why not.
struct ImportProfile {
    std::string name;
    std::string path;
};
using ProfileChange = std::variant<std::monostate, SaveProfile, RemoveProfile, ImportProfile>;
struct AskProfiles {
    using Answer = Profiles;
    static constexpr bool kQueues = true;
    ProfileChange change;
};

/// Whether one gets in, step by step.
struct ConnectionReport {
    std::vector<source::ConnectionStep> steps;
};
struct AskConnection {
    using Answer = ConnectionReport;
    source::KafkaProfile profile; ///< as it is in the form, saved or not
    std::map<std::string, std::string> secrets;
};

/// The topics of a cluster; told twice: their names, then what is in them.
struct TopicList {
    std::string cluster; ///< as it was asked for
    std::vector<source::TopicFacts> topics; ///< by name
    bool hasFacts = false; ///< offsets, settings and estimates are there
    std::size_t internal = 0; ///< of Kafka's own topics, that are left out
};
struct AskTopics {
    using Answer = TopicList;
    std::string cluster; ///< "host:port,...", or a profile
    bool withInternal = false;
};

/// The last records of a topic, the newest first.
struct PreviewRow {
    event::Position position;
    std::optional<base::Time> timestamp;
    std::optional<std::string> key;
    std::string value; ///< its beginning, in one line of text
    bool isTombstone = false;
    std::uint64_t bytes = 0; ///< of the value
};
struct Preview {
    std::string cluster;
    std::string topic;
    std::vector<PreviewRow> rows;
};
struct AskPreview {
    using Answer = Preview;
    std::string cluster;
    std::string topic;
    source::Isolation isolation = source::Isolation::Committed;
    std::shared_ptr<const snapshot::Masks> masks{};
    std::size_t rows = 30;
};

/// A view (a consumer group) in one partition.
struct ViewPartitionFacts {
    views::PartitionLook look;
    views::Verdict verdict;
    views::CatchUp catchUp;
    std::optional<double> retentionEaten; ///< see views::retentionEaten
};
/// What a whole view was behind at one time.
struct LagPoint {
    base::Time time;
    std::int64_t lag = 0; ///< offsets, of all partitions
    friend bool operator==(const LagPoint&, const LagPoint&) = default;
};
struct ViewFacts {
    std::string name;
    bool isAdded = false; ///< it is sampled, and its history kept
    views::ViewStatus status = views::ViewStatus::Unknown; ///< of its worst partition
    std::optional<std::int64_t> lag; ///< offsets, of all partitions; none: nothing was ever committed
    views::CatchUp catchUp; ///< of the slowest partition
    std::vector<ViewPartitionFacts> partitions;
    std::vector<LagPoint> history; ///< oldest first
    event::Cut committed; ///< where it stands
};
/// One look at all views, or at those that are added.
struct ViewsLook {
    base::Time at;
    std::vector<ViewFacts> views; ///< by name
    std::optional<base::Error> trouble; ///< the look failed: these are of the last one that did not
};
/// Looks again and again, until another question comes; every look is told. Added views are sampled into the store of
/// core/views/history.h.
struct AskViews {
    using Answer = ViewsLook;
    std::string cluster;
    std::set<std::string> added;
    bool all = true; ///< also views that are not added
    std::chrono::milliseconds every{30'000};
    views::LagRules rules{};
    std::size_t history = 2880; ///< samples of a partition that are shown: a day, at two a minute
};

/// Every type of question about clusters, in one place.
template <template <class...> class List>
using ForEachClusterQuestion = List<AskProfiles, AskConnection, AskTopics, AskPreview, AskViews>;

/// The lag of a view over time: samples of one look have one time.
[[nodiscard]] std::vector<LagPoint> lagOverTime(const views::LagHistory& history, const std::string& view);
/// Looks and samples as facts of views, by name.
[[nodiscard]] std::vector<ViewFacts> viewFacts(const std::vector<views::PartitionLook>& looks,
                                               const views::LagHistory& history, base::Time now,
                                               const views::LagRules& rules);

} // namespace leftfold::workspace
