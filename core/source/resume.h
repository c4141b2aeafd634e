// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/file_reader.h"
#include "core/source/rotation.h"

namespace leftfold::source {

/// A file of a log, and how far the load reads it; no limit: it came after the load was fixed, a later one reads it.
struct LogMember {
    LogFile file;
    std::optional<std::uint64_t> limit;
    std::optional<Encoding> encoding; ///< where somebody named it
};

/// The files of a log as they are now, oldest first, with the limits of `target`.
[[nodiscard]] base::Result<std::vector<LogMember>> membersOf(const TargetLog& target, std::optional<Encoding> encoding,
                                                             FolderListings& listings);

/// Whether rotations between these two are not there. The youngest rotated file is number 1 or 0.
[[nodiscard]] bool isNumberMissingBetween(const LogFile& older, const LogFile& younger);

/// Where in the members reading goes on.
struct Continuation {
    std::size_t index = 0; ///< may be the number of members: nothing is left
    std::unique_ptr<FileReader> reader; ///< of that member, behind what was read before; none: from its start
    bool hasGap = false; ///< the file read last is gone: files between it and this one may be missing
};

/// Finds the file of `place` by its identity; or, where it was replaced by a copy or compressed since, by its
/// contents. Everything captured of it is read again and compared, unless it was read to its end and nothing has
/// touched it since; an end with something not taken (`hasLooseEnd`) is read again once younger files go on.
/// Where the file is gone, but younger rotated files are there, goes on with the oldest and says so.
/// Fails with SourceTruncated, SourceRewritten or SourceVanished.
[[nodiscard]] base::Result<Continuation> continueFrom(const FilePlace& place, bool hasLooseEnd,
                                                      const std::vector<LogMember>& members, std::stop_token stop);

/// Opens a member to be read from its start, up to its limit.
[[nodiscard]] base::Result<std::unique_ptr<FileReader>> openMember(const LogMember& member, std::stop_token stop);

} // namespace leftfold::source
