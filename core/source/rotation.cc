// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/rotation.h"

#include <algorithm>
#include <charconv>

namespace leftfold::source {

namespace {

std::string_view withoutCompression(std::string_view name)
{
    for (const std::string_view ending : {".gz", ".zst"}) {
        if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
    }
    return name;
}

std::optional<int> rotationNumber(std::string_view digits)
{
    int number = 0;
    const bool shape = !digits.empty() && digits.size() <= 3 && (digits == "0" || digits.front() != '0');
    if (!shape || !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) return {};
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

/// A file may vanish between the listing and the look: it is not there, then.
base::Result<void> appendIfFile(std::vector<LogFile>& files, std::string path, int number)
{
    auto facts = factsOf(path);
    if (!facts) {
        if (facts.error().code == base::ErrorCode::FileNotFound) return {};
        return tl::unexpected(std::move(facts).error());
    }
    const bool wanted = facts->kind == FileKind::Regular || (number == kCurrent && facts->kind == FileKind::Pipe);
    if (wanted) files.push_back({std::move(path), *facts, number});
    return {};
}

void sortOldestFirst(std::vector<LogFile>& files)
{
    const auto older = [](const LogFile& a, const LogFile& b) {
        return a.number != b.number ? a.number > b.number : a.path.size() < b.path.size();
    };
    std::sort(files.begin(), files.end(), older);
    const auto sameNumber = [](const LogFile& a, const LogFile& b) { return a.number == b.number; };
    files.erase(std::unique(files.begin(), files.end(), sameNumber), files.end());
}

} // namespace

std::optional<RotatedName> rotatedName(std::string_view fileName)
{
    const std::string_view name = withoutCompression(fileName);
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return std::nullopt;
    const auto number = rotationNumber(name.substr(dot + 1));
    if (!number) return std::nullopt;
    return RotatedName{std::string(name.substr(0, dot)), *number};
}

base::Result<std::vector<LogFile>> rotatedSet(const std::string& path, FolderListings& listings)
{
    LEFTFOLD_TRY(const auto sortedNames, listings.of(folderOf(path)));
    std::vector<LogFile> files;
    LEFTFOLD_CHECK(appendIfFile(files, path, kCurrent));
    const std::string base = nameOf(path);
    const std::string prefix = base + '.';
    for (auto name = std::lower_bound(sortedNames->begin(), sortedNames->end(), prefix);
         name != sortedNames->end() && name->starts_with(prefix); ++name) {
        const auto rotated = rotatedName(*name);
        if (!rotated || rotated->base != base) continue;
        LEFTFOLD_CHECK(appendIfFile(files, joined(folderOf(path), *name), rotated->number));
    }
    sortOldestFirst(files);
    return files;
}

} // namespace leftfold::source
