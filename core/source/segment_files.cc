// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/segment_files.h"

#include "core/base/file.h"
#include "core/source/segment_index.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <unistd.h>

namespace leftfold::source {

namespace {

using base::ErrorCode;
using base::Result;
using event::Offset;
using event::Partition;

constexpr std::size_t kBaseDigits = 20;
constexpr std::string_view kSuffix = ".log";
constexpr const char* kStartFile = "log-start-offset-checkpoint";
constexpr const char* kCleanerFile = "cleaner-offset-checkpoint";

template <class Number>
std::optional<Number> numberOf(std::string_view digits)
{
    Number number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size() || number < 0) return std::nullopt;
    return number;
}

std::string canonicalPath(const std::string& path)
{
    std::error_code error;
    const auto found = std::filesystem::canonical(path, error);
    return error ? path : found.string();
}

bool isFolder(const std::string& path)
{
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored);
}

/// What a path names, by names alone.
enum class Kind { Neither, Segment, Partition, Broker };

bool hasSegments(const std::string& folder, FolderListings& listings)
{
    const auto names = listings.of(folder);
    return names && std::ranges::any_of(**names, [](const std::string& name) { return segmentBase(name).has_value(); });
}

Kind kindOf(const std::string& path, FolderListings& listings)
{
    if (!isFolder(path)) return segmentBase(nameOf(path)) ? Kind::Segment : Kind::Neither;
    if (hasSegments(path, listings)) return Kind::Partition;
    const auto names = listings.of(path);
    if (!names) return Kind::Neither;
    for (const std::string& name : **names) {
        if (partitionOfFolder(name) && hasSegments(joined(path, name), listings)) return Kind::Broker;
    }
    return Kind::Neither;
}

/// A checkpoint of a broker: a version, a count, and for each partition a line "topic number offset". What cannot be read is not used.
std::map<Partition, Offset> readCheckpoint(const std::string& path)
{
    std::map<Partition, Offset> out;
    const auto text = base::readRegularFile(path);
    if (!text) return out;
    std::istringstream lines(*text);
    int version = -1;
    std::size_t count = 0;
    if (!(lines >> version >> count) || version != 0) return out;
    Partition partition;
    for (Offset offset; lines >> partition.topic >> partition.number >> offset.value;) out.emplace(partition, offset);
    return out;
}

/// The partition a folder holds, whatever its name.
Partition partitionAt(const std::string& folder)
{
    if (const auto named = partitionOfFolder(nameOf(folder))) return *named;
    return {event::topicNameFor(nameOf(folder)), 0};
}

Result<SegmentFile> segmentAt(const std::string& path, Offset base)
{
    LEFTFOLD_TRY(const FileFacts facts, factsOf(path));
    if (::access(path.c_str(), R_OK) != 0) return base::failErrno(path, errno);
    return SegmentFile{base, path, facts.size, facts.modifiedNs};
}

Result<PartitionSegments> partitionIn(const std::string& folder, FolderListings& listings)
{
    PartitionSegments out;
    out.partition = partitionAt(folder);
    out.folder = folder;
    LEFTFOLD_TRY(const auto names, listings.of(folder));
    for (const std::string& name : *names) {
        const auto base = segmentBase(name);
        if (!base) continue;
        auto file = segmentAt(joined(folder, name), *base);
        // Retention deletes files while we look.
        if (!file && file.error().code == ErrorCode::FileNotFound) continue;
        if (!file) return tl::unexpected(file.error());
        out.files.push_back(std::move(*file));
    }
    std::ranges::sort(out.files, {}, &SegmentFile::base);
    return out;
}

Result<PartitionSegments> partitionOfFile(const std::string& path)
{
    PartitionSegments out;
    out.folder = folderOf(path);
    const auto named = partitionOfFolder(nameOf(out.folder));
    const std::string name = nameOf(path);
    out.partition = named ? *named : Partition{event::topicNameFor(name.substr(0, name.size() - kSuffix.size())), 0};
    LEFTFOLD_TRY(out.files.emplace_back(), segmentAt(path, *segmentBase(name)));
    return out;
}

/// What the broker says of its partitions, beside their folders.
class Checkpoints {
public:
    void apply(PartitionSegments& partition)
    {
        const std::string broker = folderOf(partition.folder);
        const auto& starts = of(joined(broker, kStartFile));
        const auto& cleaned = of(joined(broker, kCleanerFile));
        if (const auto start = starts.find(partition.partition); start != starts.end()) partition.start = start->second;
        partition.isCompacted = cleaned.contains(partition.partition);
    }

private:
    const std::map<Partition, Offset>& of(const std::string& path)
    {
        const auto known = m_files.find(path);
        return known != m_files.end() ? known->second : m_files.emplace(path, readCheckpoint(path)).first->second;
    }
    std::map<std::string, std::map<Partition, Offset>> m_files;
};

/// Paths may name one partition several times: its segments, folders of several disks.
void add(std::map<Partition, PartitionSegments>& all, PartitionSegments partition)
{
    const auto [known, isNew] = all.try_emplace(partition.partition, partition);
    if (isNew) return;
    auto& files = known->second.files;
    for (SegmentFile& file : partition.files) {
        if (std::ranges::find(files, file.base, &SegmentFile::base) == files.end()) files.push_back(std::move(file));
    }
    std::ranges::sort(files, {}, &SegmentFile::base);
}

std::vector<PartitionSegments> finished(std::map<Partition, PartitionSegments>& all)
{
    Checkpoints checkpoints;
    std::vector<PartitionSegments> out;
    for (auto& [name, partition] : all) {
        checkpoints.apply(partition);
        out.push_back(std::move(partition));
    }
    return out;
}

std::string namesOf(const std::set<std::string>& topics)
{
    std::string out;
    for (const std::string& topic : topics) out += (out.empty() ? "" : ", ") + topic;
    return out.empty() ? "none" : out;
}

} // namespace

std::optional<Offset> segmentBase(std::string_view fileName)
{
    if (fileName.size() != kBaseDigits + kSuffix.size() || !fileName.ends_with(kSuffix)) return std::nullopt;
    const auto base = numberOf<std::int64_t>(fileName.substr(0, kBaseDigits));
    return base ? std::optional(Offset{*base}) : std::nullopt;
}

std::optional<Partition> partitionOfFolder(std::string_view folderName)
{
    const std::size_t dash = folderName.rfind('-');
    if (dash == std::string_view::npos || dash == 0) return std::nullopt;
    const std::string_view digits = folderName.substr(dash + 1);
    if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
    const auto number = numberOf<std::int32_t>(digits);
    const std::string topic(folderName.substr(0, dash));
    if (!number || event::topicNameFor(topic) != topic) return std::nullopt;
    return Partition{topic, *number};
}

bool isInternalTopic(std::string_view topic)
{
    static constexpr std::array<std::string_view, 4> kInternal = {"__consumer_offsets", "__transaction_state",
                                                                  "__cluster_metadata", "__share_group_state"};
    return std::ranges::find(kInternal, topic) != kInternal.end();
}

std::vector<std::string> segmentNeighbours(const std::string& path)
{
    FolderListings listings;
    const std::string at = canonicalPath(path);
    const Kind kind = kindOf(at, listings);
    if (kind == Kind::Neither || kind == Kind::Broker) return {};
    const std::string broker = folderOf(kind == Kind::Segment ? folderOf(at) : at);
    std::vector<std::string> out = {joined(broker, kStartFile), joined(broker, kCleanerFile)};
    if (kind == Kind::Segment) out.push_back(indexPathOf({{}, at}));
    return out;
}

bool SegmentFinder::isSegmentLog(const std::string& path)
{
    FolderListings listings;
    return kindOf(path, listings) != Kind::Neither;
}

Result<SegmentFinder> SegmentFinder::of(const std::vector<std::string>& paths, std::vector<KafkaTopic> topics)
{
    SegmentFinder finder;
    finder.m_topics = std::move(topics);
    FolderListings listings;
    for (const std::string& path : paths) {
        LEFTFOLD_CHECK(factsOf(path).map([](const FileFacts&) {}));
        const std::string at = canonicalPath(path);
        if (kindOf(at, listings) == Kind::Neither) return base::fail(ErrorCode::NoSegments, path);
        if (std::ranges::find(finder.m_paths, at) == finder.m_paths.end()) finder.m_paths.push_back(at);
    }
    LEFTFOLD_CHECK(finder.find().map([](const auto&) {}));
    return finder;
}

bool SegmentFinder::isChosen(const Partition& partition) const
{
    if (m_topics.empty()) return !isInternalTopic(partition.topic);
    return std::ranges::any_of(m_topics, [&](const KafkaTopic& choice) {
        return choice.name == partition.topic
               && (choice.partitions.empty() || std::ranges::binary_search(choice.partitions, partition.number));
    });
}

Result<std::vector<PartitionSegments>> SegmentFinder::find() const
{
    std::map<Partition, PartitionSegments> all;
    std::set<std::string> topics;
    FolderListings listings;
    for (const std::string& path : m_paths) {
        const Kind kind = kindOf(path, listings);
        if (kind == Kind::Neither) return base::fail(ErrorCode::NoSegments, path);
        if (kind == Kind::Segment) {
            LEFTFOLD_TRY(PartitionSegments partition, partitionOfFile(path));
            add(all, std::move(partition));
        } else if (kind == Kind::Partition) {
            LEFTFOLD_TRY(PartitionSegments partition, partitionIn(path, listings));
            add(all, std::move(partition));
        } else {
            LEFTFOLD_TRY(const auto names, listings.of(path));
            for (const std::string& name : *names) {
                const auto partition = partitionOfFolder(name);
                if (!partition || !isFolder(joined(path, name))) continue;
                topics.insert(partition->topic);
                if (!isChosen(*partition)) continue;
                auto found = partitionIn(joined(path, name), listings);
                if (!found && found.error().code == ErrorCode::FileNotFound) continue; // deleted just now
                if (!found) return tl::unexpected(found.error());
                add(all, std::move(*found));
            }
        }
    }
    for (const KafkaTopic& choice : m_topics) {
        const auto isOfIt = [&](const auto& item) { return item.first.topic == choice.name; };
        if (choice.partitions.empty() && std::ranges::none_of(all, isOfIt))
            return base::fail(ErrorCode::SegmentTopic, choice.name, m_paths.front(), namesOf(topics));
        for (const std::int32_t number : choice.partitions) {
            const Partition partition{choice.name, number};
            if (!all.contains(partition))
                return base::fail(ErrorCode::SegmentTopic, toText(partition), m_paths.front(), namesOf(topics));
        }
    }
    return finished(all);
}

Result<std::vector<PartitionSegments>> SegmentFinder::findAll() const
{
    std::map<Partition, PartitionSegments> all;
    FolderListings listings;
    for (const std::string& path : m_paths) {
        if (kindOf(path, listings) != Kind::Broker) continue;
        LEFTFOLD_TRY(const auto names, listings.of(path));
        for (const std::string& name : *names) {
            if (!partitionOfFolder(name) || !isFolder(joined(path, name))) continue;
            auto found = partitionIn(joined(path, name), listings);
            if (found) add(all, std::move(*found));
        }
    }
    return finished(all);
}

} // namespace leftfold::source
