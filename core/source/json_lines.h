// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/event_source.h"

#include <memory>
#include <string>
#include <vector>

namespace leftfold::source {

/// Lines of JSON as a log. A path is a file (plain, gzip or zstd, told by its first bytes), a folder (every regular
/// file directly in it that is not hidden, in the order of names), a FIFO, or "-" (standard input).
///
/// A line is a record, its value the bytes of the line without the line break (\n or \r\n), and nothing else is set;
/// blank lines and a byte order mark do not count. A file is a partition, number 0 of the topic its name gives;
/// standard input is `stdin[0]`. A rotated set (app.log.2.gz, app.log.1, app.log) is one partition, read oldest
/// first, and a file that is rotated between two loads is read to its end before the new one continues the partition.
/// A file whose first record is an envelope (core/decode/envelope.h) gives the partitions and offsets it was written from.
///
/// Where a file was truncated or rewritten behind our back, `open` fails with SourceTruncated or SourceRewritten.
/// Every batch with a cut carries all tail problems there are at that cut, of all files.
/// Fails where a path is missing, unreadable or none of the above, and where a folder has no files.
[[nodiscard]] base::Result<std::unique_ptr<EventSource>> openJsonLines(const std::vector<std::string>& paths);

} // namespace leftfold::source
