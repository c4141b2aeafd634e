// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/log_finder.h"

#include "core/source/rotation.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <unistd.h>

namespace leftfold::source {

namespace {

using base::ErrorCode;
using base::Result;

constexpr const char* kStandardInput = "-";

/// Absolute, with links followed as far as the file is there.
std::string canonical(const std::string& path)
{
    std::error_code error;
    const auto found = std::filesystem::weakly_canonical(path, error);
    return error ? path : found.string();
}

std::string absolute(const std::string& path)
{
    std::error_code error;
    const auto found = std::filesystem::absolute(path, error);
    return error ? path : found.string();
}

/// The path of the file that this one was rotated from; empty where its name is no rotated one.
std::string currentOf(const std::string& path)
{
    const auto rotated = rotatedName(nameOf(path));
    return rotated ? joined(folderOf(path), rotated->base) : std::string();
}

TargetLog pipeLog(const std::string& path)
{
    TargetLog log;
    log.path = path;
    log.isPipe = true;
    return log;
}

TargetLog fileLog(const std::string& path, bool wholeSet, const std::vector<LogFile>& files)
{
    TargetLog log;
    log.path = path;
    log.wholeSet = wholeSet;
    for (const LogFile& file : files)
        log.files.push_back({file.path, file.facts.id, file.facts.size, file.facts.modifiedNs});
    return log;
}

/// Of the files of a folder those that stand for a log: rotated ones go with their current file.
std::vector<std::string> currentFiles(const std::string& folder, const std::vector<std::string>& names,
                                      const std::set<std::string>& seen)
{
    std::vector<std::string> paths;
    for (const std::string& name : names) {
        const std::string path = joined(folder, name);
        const std::string current = currentOf(path);
        const bool isRotated =
            !current.empty()
            && (seen.contains(current) || std::binary_search(names.begin(), names.end(), nameOf(current)));
        paths.push_back(isRotated ? current : path);
    }
    std::sort(paths.begin(), paths.end());
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
    return paths;
}

Result<void> checkReadable(const std::string& path)
{
    if (::access(path.c_str(), R_OK) != 0) return base::failErrno(path, errno);
    return {};
}

} // namespace

Result<LogFinder::Named> LogFinder::examined(const std::string& path)
{
    if (path == kStandardInput) return Named{path, FileKind::Pipe};
    LEFTFOLD_TRY(const FileFacts facts, factsOf(path));
    if (facts.kind == FileKind::Other) return base::fail(ErrorCode::SourceNotAFile, path);
    LEFTFOLD_CHECK(checkReadable(path));
    return Named{facts.kind == FileKind::Pipe ? absolute(path) : canonical(path), facts.kind};
}

Result<LogFinder> LogFinder::of(const std::vector<std::string>& paths)
{
    LogFinder finder;
    for (const std::string& path : paths) {
        LEFTFOLD_TRY(const Named named, examined(path));
        const auto same = [&](const Named& other) { return other.path == named.path; };
        if (std::none_of(finder.m_named.begin(), finder.m_named.end(), same)) finder.m_named.push_back(named);
    }
    LEFTFOLD_CHECK(finder.find());
    return finder;
}

Result<void> LogFinder::addFolder(const std::string& folder, FolderListings& listings, std::vector<TargetLog>& logs)
{
    LEFTFOLD_TRY(const auto names, listings.of(folder));
    bool any = false;
    for (const std::string& path : currentFiles(folder, *names, m_seen)) {
        LEFTFOLD_TRY(const std::vector<LogFile> files, rotatedSet(path, listings));
        if (files.empty() || files.back().facts.kind != FileKind::Regular) continue;
        for (const LogFile& file : files) LEFTFOLD_CHECK(checkReadable(file.path));
        any = true;
        m_seen.insert(path);
        logs.push_back(fileLog(path, true, files));
    }
    if (!any) return base::fail(ErrorCode::SourceEmptyFolder, folder);
    return {};
}

bool LogFinder::isRotatedOfNamed(const std::string& path) const
{
    const std::string current = currentOf(path);
    return std::any_of(m_named.begin(), m_named.end(), [&](const Named& named) { return named.path == current; });
}

bool LogFinder::hasNamedRotations(const std::string& path) const
{
    return std::any_of(m_named.begin(), m_named.end(),
                       [&](const Named& named) { return currentOf(named.path) == path; });
}

Result<std::vector<TargetLog>> LogFinder::find()
{
    std::vector<TargetLog> logs;
    FolderListings listings;
    for (const Named& named : m_named) {
        if (named.kind == FileKind::Pipe) {
            logs.push_back(pipeLog(named.path));
        } else if (named.kind == FileKind::Folder) {
            LEFTFOLD_CHECK(addFolder(named.path, listings, logs));
        } else if (!isRotatedOfNamed(named.path)) {
            LEFTFOLD_TRY(const std::vector<LogFile> files, rotatedSet(named.path, listings));
            if (files.empty()) return base::fail(ErrorCode::FileNotFound, named.path);
            logs.push_back(fileLog(named.path, hasNamedRotations(named.path), files));
        }
    }
    std::set<std::string> paths;
    std::erase_if(logs, [&](const TargetLog& log) { return !paths.insert(log.path).second; });
    return logs;
}

std::string LogFinder::identity() const
{
    std::string identity = "files";
    for (const Named& named : m_named) identity += '\n' + named.path;
    return identity;
}

bool LogFinder::hasPipe() const
{
    return std::any_of(m_named.begin(), m_named.end(), [](const Named& named) { return named.kind == FileKind::Pipe; });
}

} // namespace leftfold::source
