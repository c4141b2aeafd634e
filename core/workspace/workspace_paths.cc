// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/workspace_paths.h"

#include "core/source/kafka_address.h"
#include "core/source/rotation.h"
#include "core/source/segments.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>

namespace leftfold::workspace {

namespace {

namespace fs = std::filesystem;

constexpr int kMaxLinks = 256; // more than any system follows

std::vector<fs::path> partsBackwards(const fs::path& path)
{
    std::vector<fs::path> parts(path.begin(), path.end());
    std::ranges::reverse(parts);
    return parts;
}

/// Links followed, also those to what is not there: it may come. What is not there is taken by its words.
fs::path followed(const fs::path& path)
{
    std::error_code error;
    std::vector<fs::path> toGo = partsBackwards(fs::absolute(path, error));
    fs::path found;
    for (int links = 0; !toGo.empty();) {
        const fs::path part = toGo.back();
        toGo.pop_back();
        if (part.empty() || part == ".") continue;
        const fs::path next = part == ".." ? found.parent_path() : found / part; // no link is left in what was found
        const bool isLink = fs::is_symlink(fs::symlink_status(next, error)) && ++links <= kMaxLinks;
        const fs::path target = isLink ? fs::read_symlink(next, error) : fs::path();
        if (target.empty()) {
            found = next;
            continue;
        }
        std::ranges::move(partsBackwards(target), std::back_inserter(toGo));
        if (target.is_absolute()) found.clear(); // it begins with the root
    }
    return found;
}

bool isBelow(const fs::path& folder, const fs::path& path)
{
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

std::vector<fs::directory_entry> entriesOf(const fs::path& folder)
{
    std::vector<fs::directory_entry> entries;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        entries.push_back(*at);
    return entries;
}

bool leadsOutOf(const std::string& folder, const fs::directory_entry& entry)
{
    std::error_code ignored;
    return entry.is_symlink(ignored) && !liesIn(folder, entry.path().string());
}

/// Folders that links lead to are looked into once.
std::vector<std::string> linksBelow(const std::string& folder, const fs::path& path)
{
    std::vector<std::string> links;
    std::vector<fs::path> toLook{path};
    std::set<fs::path> seen;
    while (!toLook.empty()) {
        const fs::path at = followed(toLook.back());
        toLook.pop_back();
        if (!seen.insert(at).second) continue;
        for (const fs::directory_entry& entry : entriesOf(at)) {
            std::error_code ignored;
            if (leadsOutOf(folder, entry)) {
                links.push_back(entry.path().string());
            } else if (entry.is_directory(ignored)) {
                toLook.push_back(entry.path());
            }
        }
    }
    return links;
}

std::vector<std::string> linksBeside(const std::string& folder, const fs::path& path)
{
    std::vector<std::string> links;
    for (const fs::directory_entry& entry : entriesOf(path.parent_path())) {
        const auto rotated = source::rotatedName(entry.path().filename().string());
        if (rotated && rotated->base == path.filename() && leadsOutOf(folder, entry))
            links.push_back(entry.path().string());
    }
    return links;
}

} // namespace

std::string folderOf(const std::string& path)
{
    std::error_code error;
    return followed(fs::absolute(path, error).parent_path()).string();
}

std::string pathIn(const std::string& folder, const std::string& path)
{
    return path.empty() ? path : (fs::path(folder) / path).lexically_normal().string();
}

std::string pathFrom(const std::string& folder, const std::string& path)
{
    if (path.empty()) return path;
    const fs::path given = fs::path(path).lexically_normal();
    const fs::path& inside = isBelow(folder, given) ? given : followed(given);
    const std::string relative = inside.lexically_relative(folder).generic_string();
    return relative.empty() ? path : relative;
}

bool liesIn(const std::string& folder, const std::string& path)
{
    return isBelow(followed(folder), followed(path));
}

std::vector<std::string> linksOutOf(const std::string& folder, const std::string& path)
{
    std::error_code ignored;
    // Whoever reads a file follows links to it first, then looks beside it.
    std::vector<std::string> links =
        fs::is_directory(path, ignored) ? linksBelow(folder, path) : linksBeside(folder, followed(path));
    for (const std::string& neighbour : source::segmentNeighbours(path)) {
        if (fs::exists(fs::symlink_status(neighbour, ignored)) && !liesIn(folder, neighbour))
            links.push_back(neighbour);
    }
    std::ranges::sort(links);
    return links;
}

std::pair<std::string, std::string> splitLog(const std::string& log)
{
    return source::splitSegmentAddress(log);
}

std::string logIn(const std::string& folder, const std::string& log)
{
    if (source::isKafkaAddress(log)) return log;
    const auto [path, said] = splitLog((fs::path(folder) / log).string());
    return fs::path(path).lexically_normal().string() + said;
}

std::string logFrom(const std::string& folder, const std::string& log)
{
    if (source::isKafkaAddress(log)) return log;
    const auto [path, said] = splitLog(log);
    return pathFrom(folder, path) + said;
}

std::string withSchemaFile(std::string rule, const std::string& file, const std::string& other)
{
    const std::size_t at = file.empty() ? std::string::npos : rule.find(':' + file, rule.find('='));
    return at == std::string::npos ? rule : rule.replace(at + 1, file.size(), other);
}

} // namespace leftfold::workspace
