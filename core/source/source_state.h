// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/hash.h"
#include "core/decode/kafka_lines.h"
#include "core/event/record.h"
#include "core/source/csv.h"
#include "core/source/encoding.h"
#include "core/source/file_facts.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace leftfold::source {

/// Where reading stands in one file: behind the first `bytes` of what it decodes to.
struct FilePlace {
    std::string path;
    FileId id;
    std::uint64_t size = 0; ///< where the load that read it ended, as stored
    std::int64_t modifiedNs = 0;
    std::uint64_t bytes = 0;
    std::uint64_t line = 0;
    bool inOpenLine = false; ///< the last line was taken before its line break was there
    bool atEnd = false; ///< nothing was left up to `size`
    base::Hash128 hash; ///< of these bytes
    friend bool operator==(const FilePlace&, const FilePlace&) = default;
};

/// What the records of a log of files are. Known with the first record.
enum class LineMode : std::uint8_t { Unknown, Records, Envelopes, Rows, Kcat, Console };

/// Whether a line says itself which partition its record is of.
[[nodiscard]] constexpr bool isOfEnvelopes(LineMode mode)
{
    return mode == LineMode::Envelopes || mode == LineMode::Kcat || mode == LineMode::Console;
}

/// How the records of a log are written.
struct LineFormat {
    LineMode mode = LineMode::Unknown;
    CsvDialect dialect; ///< of Rows
    decode::ConsoleLayout console; ///< of Console
    friend bool operator==(const LineFormat&, const LineFormat&) = default;
};
/// For people: "CSV, 5 columns delimited by ';'"; empty for JSON lines.
[[nodiscard]] std::string describe(const LineFormat& format);

/// Where reading stands in a log that is one file at a time: a file, and what it was rotated to.
struct LogPlace {
    std::string topic;
    LineFormat format;
    std::optional<Encoding> encoding; ///< where somebody named it
    event::Offset next; ///< of its own partition; unused with envelopes
    std::optional<event::Partition> lastPartition; ///< with envelopes: of the last one
    std::optional<FilePlace> file; ///< the last file that was looked into; all older ones were read to their ends
    std::vector<event::Problem> tail; ///< what is wrong at this place as long as one stands here
    friend bool operator==(const LogPlace&, const LogPlace&) = default;
};

/// A cut of the source: each log by the path of its current file, and the next offsets of the partitions that
/// came in envelopes, whichever file they stood in.
struct SourcePlace {
    std::map<std::string, LogPlace> logs;
    std::map<event::Partition, event::Offset> envelopes;
    friend bool operator==(const SourcePlace&, const SourcePlace&) = default;
};

/// One line of JSON. Bytes of paths and topics that are not printable ASCII are percent-encoded.
[[nodiscard]] std::string toJson(const LogPlace& place);
[[nodiscard]] std::string toJson(const SourcePlace& place);
/// The same, of logs written already.
[[nodiscard]] std::string sourcePlaceJson(const std::map<std::string, std::string>& logs,
                                          const std::map<event::Partition, event::Offset>& envelopes);
/// The empty text is the start. Fails with SourceStateUnreadable.
[[nodiscard]] base::Result<SourcePlace> parseSourcePlace(const std::string& json);

/// A file a load reads, up to a size.
struct TargetFile {
    std::string path;
    FileId id;
    std::uint64_t size = 0;
    std::int64_t modifiedNs = 0; ///< when the target was fixed; not written
    friend bool operator==(const TargetFile&, const TargetFile&) = default;
};

/// A log a load reads.
struct TargetLog {
    std::string path; ///< of the current file; "-" for standard input
    bool wholeSet = false; ///< read with its rotated files from the first time on
    bool isPipe = false;
    std::vector<TargetFile> files; ///< oldest first, with all rotated ones
    friend bool operator==(const TargetLog&, const TargetLog&) = default;
};

[[nodiscard]] std::string toJson(const std::vector<TargetLog>& target);
/// Fails with SourceStateUnreadable.
[[nodiscard]] base::Result<std::vector<TargetLog>> parseTarget(const std::string& json);

} // namespace leftfold::source
