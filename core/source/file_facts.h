// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace leftfold::source {

/// Which file it is, whatever its name. The time of birth (0: the file system does not tell) tells a new file
/// from a removed one whose inode it was given.
struct FileId {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t bornNs = 0;
    friend auto operator<=>(const FileId&, const FileId&) = default;
};

enum class FileKind : std::uint8_t { Regular, Folder, Pipe, Other };

/// What the file system says of a file without opening it.
struct FileFacts {
    FileKind kind = FileKind::Other;
    FileId id;
    std::uint64_t size = 0;
    std::int64_t modifiedNs = 0; ///< since 1970
    friend bool operator==(const FileFacts&, const FileFacts&) = default;
};

/// Symbolic links are followed. Fails with FileNotFound, NoPermission or SystemFailed.
[[nodiscard]] base::Result<FileFacts> factsOf(const std::string& path);
/// Of an open file; `path` is for messages.
[[nodiscard]] base::Result<FileFacts> factsOf(int descriptor, const std::string& path);

/// The names in folders, each folder read once: how they were at one moment.
class FolderListings {
public:
    using Names = std::shared_ptr<const std::vector<std::string>>;
    /// Sorted by their bytes, hidden ones left out. Fails as the folder cannot be read.
    [[nodiscard]] base::Result<Names> of(const std::string& folder);

private:
    std::map<std::string, Names> m_names;
};

/// The folder of a path ("." where it names none) and its last part.
[[nodiscard]] std::string folderOf(const std::string& path);
[[nodiscard]] std::string nameOf(const std::string& path);
[[nodiscard]] std::string joined(const std::string& folder, const std::string& name);

} // namespace leftfold::source
