// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/file_facts.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace leftfold::source {

namespace {

std::int64_t nanosOf(const statx_timestamp& time)
{
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

FileKind kindOf(std::uint16_t mode)
{
    if (S_ISREG(mode)) return FileKind::Regular;
    if (S_ISDIR(mode)) return FileKind::Folder;
    if (S_ISFIFO(mode) || S_ISSOCK(mode)) return FileKind::Pipe;
    return FileKind::Other;
}

base::Result<FileFacts> statxOf(int descriptor, const char* path, int flags, const std::string& shown)
{
    struct statx found {};
    if (::statx(descriptor, path, flags, STATX_BASIC_STATS | STATX_BTIME, &found) != 0) {
        return base::failErrno(shown, errno == ENOTDIR ? ENOENT : errno);
    }
    FileFacts facts;
    facts.kind = kindOf(found.stx_mode);
    facts.id.device = makedev(found.stx_dev_major, found.stx_dev_minor);
    facts.id.inode = found.stx_ino;
    if ((found.stx_mask & STATX_BTIME) != 0) facts.id.bornNs = nanosOf(found.stx_btime);
    facts.size = found.stx_size;
    facts.modifiedNs = nanosOf(found.stx_mtime);
    return facts;
}

/// Sorted, hidden ones left out.
base::Result<std::vector<std::string>> namesIn(const std::string& folder)
{
    std::error_code error;
    std::vector<std::string> names;
    std::filesystem::directory_iterator at(folder, error);
    while (!error && at != std::filesystem::directory_iterator()) {
        std::string name = at->path().filename().string();
        if (!name.starts_with('.')) names.push_back(std::move(name));
        at.increment(error);
    }
    if (error) return base::failErrno(folder, error.value());
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace

base::Result<FileFacts> factsOf(const std::string& path)
{
    return statxOf(AT_FDCWD, path.c_str(), 0, path);
}

base::Result<FileFacts> factsOf(int descriptor, const std::string& path)
{
    return statxOf(descriptor, "", AT_EMPTY_PATH, path);
}

base::Result<FolderListings::Names> FolderListings::of(const std::string& folder)
{
    const auto known = m_names.find(folder);
    if (known != m_names.end()) return known->second;
    LEFTFOLD_TRY(std::vector<std::string> names, namesIn(folder));
    Names shared = std::make_shared<const std::vector<std::string>>(std::move(names));
    m_names.emplace(folder, shared);
    return shared;
}

std::string folderOf(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string nameOf(const std::string& path)
{
    return path.substr(path.rfind('/') + 1);
}

std::string joined(const std::string& folder, const std::string& name)
{
    return folder.ends_with('/') ? folder + name : folder + '/' + name;
}

} // namespace leftfold::source
