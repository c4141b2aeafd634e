// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/record.h"

#include <deque>
#include <optional>
#include <span>
#include <string>

/// Records of Kafka as its command line programs print them, a line each. What stands there, and what cannot be told from
/// it: README.md of this folder. Views of records point into the line where they can and else into texts appended to an
/// `arena`, which stay where they are and have kReadablePadding readable bytes behind them.
namespace leftfold::decode {

/// Whether a line is what `kcat -J` prints: an object with topic, partition, offset and payload.
/// REQUIRES: kReadablePadding readable bytes behind `line`, as for all functions here.
[[nodiscard]] bool isKcatLine(base::ByteView line);

struct KcatContent {
    event::Partition partition;
    event::Record record;
};
/// Fails with BadLine, with the reason.
[[nodiscard]] base::Result<KcatContent> readKcatLine(base::ByteView line, std::deque<std::string>& arena);

/// Appends the line that `kcat -J` would print, without its line break; reading it gives the same record, but for what such lines do not
/// hold: nanoseconds of the timestamp. False, and nothing is appended, where key, value or a header is no UTF-8.
[[nodiscard]] bool appendKcatLine(std::string& out, const event::Partition& partition, const event::Record& record);

/// What a console consumer was told to print before the value, in its order, tabs between.
struct ConsoleLayout {
    bool hasTimestamp = false;
    bool hasPartition = false;
    bool hasOffset = false;
    bool hasHeaders = false;
    bool hasKey = false;
    friend bool operator==(const ConsoleLayout&, const ConsoleLayout&) = default;
};
/// "timestamp, offset, key"; empty where there is nothing before the value.
[[nodiscard]] std::string describe(const ConsoleLayout& layout);
/// What the first lines look like; nothing where they are no such lines.
[[nodiscard]] std::optional<ConsoleLayout> detectConsoleLayout(std::span<const base::ByteView> lines);

struct ConsoleContent {
    std::optional<std::int32_t> partition;
    std::optional<event::Offset> offset;
    event::Record record;
};
/// Fails with BadLine, with the reason.
[[nodiscard]] base::Result<ConsoleContent> readConsoleLine(base::ByteView line, const ConsoleLayout& layout);

} // namespace leftfold::decode
