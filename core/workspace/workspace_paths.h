// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Paths as they stand in a workspace file, and the files they lead to.
namespace leftfold::workspace {

/// The folder of a file, absolute, links followed as far as it is there.
[[nodiscard]] std::string folderOf(const std::string& path);
/// A path as it stands in a file of the folder: absolute. And the way back: relative, "/" between, as far as that can be.
[[nodiscard]] std::string pathIn(const std::string& folder, const std::string& path);
[[nodiscard]] std::string pathFrom(const std::string& folder, const std::string& path);
/// Whether what the path leads to lies in the folder or below it, links followed.
[[nodiscard]] bool liesIn(const std::string& folder, const std::string& path);
/// The links that are read with what lies at a path of the folder and lead out of the folder, sorted: of a folder those in it and below
/// it, of a file those that are rotations of it, and whatever else is read beside segments of Kafka and lies outside
/// (source::segmentNeighbours). Of a link to what is not there it counts where it leads to. Looks at the disk, once: links that are made later are
/// not seen.
[[nodiscard]] std::vector<std::string> linksOutOf(const std::string& folder, const std::string& path);

/// The path of a log, and what is said of it from a '?' on (source::splitSegmentAddress). Not for kafka:// addresses.
[[nodiscard]] std::pair<std::string, std::string> splitLog(const std::string& log);
/// The same as pathIn and pathFrom for a log: addresses stay as they are.
[[nodiscard]] std::string logIn(const std::string& folder, const std::string& log);
[[nodiscard]] std::string logFrom(const std::string& folder, const std::string& log);

/// A rule for decoding with another name for its schema's file; as it is where it has none.
[[nodiscard]] std::string withSchemaFile(std::string rule, const std::string& file, const std::string& other);

} // namespace leftfold::workspace
