// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/workspace_paths.h"

#include "core/source/kafka_address.h"

#include <algorithm>
#include <filesystem>

namespace leftfold::workspace {

namespace {

namespace fs = std::filesystem;

/// Links followed as far as something is there; what is not there is taken by its words.
fs::path followed(const fs::path& path)
{
    std::error_code error;
    fs::path found = fs::weakly_canonical(fs::absolute(path, error), error);
    return error ? path.lexically_normal() : found;
}

bool isBelow(const fs::path& folder, const fs::path& path)
{
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
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

std::pair<std::string, std::string> splitLog(const std::string& log)
{
    std::error_code ignored;
    const std::size_t end = fs::exists(log, ignored) ? std::string::npos : log.find('?');
    if (end == std::string::npos) return {log, {}};
    return {log.substr(0, end), log.substr(end)};
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
