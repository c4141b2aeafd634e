// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/file_facts.h"

#include <optional>
#include <string_view>

namespace leftfold::source {

/// A name that log rotation gives: "app.log.12.gz" is number 12 of "app.log". Numbers have no leading zero and at
/// most three digits, so that neither dates nor parts of a split file are taken for rotations.
struct RotatedName {
    std::string base;
    int number = 0;
    friend bool operator==(const RotatedName&, const RotatedName&) = default;
};

/// Nothing where the name is not one of these.
[[nodiscard]] std::optional<RotatedName> rotatedName(std::string_view fileName);

/// The number of the file that is still written to.
inline constexpr int kCurrent = -1;

/// One file of a rotated set.
struct LogFile {
    std::string path;
    FileFacts facts;
    int number = kCurrent; ///< higher is older
};

/// The files of the set that `path` is the newest of, oldest first; empty where there is none, not even `path`.
/// Of a number that is there both plain and compressed (being compressed just now) the plain one.
[[nodiscard]] base::Result<std::vector<LogFile>> rotatedSet(const std::string& path, FolderListings& listings);

} // namespace leftfold::source
