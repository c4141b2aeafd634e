// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/event_source.h"
#include "core/source/file_options.h"

#include <memory>
#include <string>
#include <vector>

namespace leftfold::source {

/// Files as a log: JSON lines, CSV, and lines that other programs write records as. A path is a file (plain, gzip or zstd,
/// told by its first bytes), a folder (every regular file directly in it that is not hidden, in the order of names), a
/// FIFO, or "-" (standard input). Text is UTF-8, or UTF-16 with a byte order mark, or what `options` say.
///
/// A line is a record, its value the bytes of the line without the line break (\n or \r\n), and nothing else is set;
/// blank lines and a byte order mark do not count. A file is a partition, number 0 of the topic its name gives;
/// standard input is `stdin[0]`. A rotated set (app.log.2.gz, app.log.1, app.log) is one partition, read oldest
/// first, and a file that is rotated between two loads is read to its end before the new one continues the partition.
/// A file whose first record is an envelope (core/decode/envelope.h) gives the partitions and offsets it was written from.
/// Of a CSV file (by its name, its first rows or `options`) a row is a record: core/source/csv_rows.h. How a file is
/// written is found once for each log and kept in the cut.
///
/// Where a file was truncated or rewritten behind our back, `open` fails with SourceTruncated or SourceRewritten; where
/// `options` contradict the cut, `open` and `grownBeyond` fail with SourceOtherFormat.
/// Every batch with a cut carries all tail problems there are at that cut, of all files.
/// Fails where a path is missing, unreadable or none of the above, and where a folder has no files.
[[nodiscard]] base::Result<std::unique_ptr<EventSource>> openFiles(const std::vector<std::string>& paths,
                                                                   const FileOptions& options = {});

/// How the files up to a cut of such a source are written, for people: "CSV, 5 columns delimited by ','"; empty where
/// they are JSON lines, and for a cut of another source.
[[nodiscard]] std::string describeFormats(const std::string& sourceCut);

} // namespace leftfold::source
