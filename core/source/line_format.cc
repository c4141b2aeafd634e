// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/line_format.h"

#include "core/decode/envelope.h"
#include "core/decode/kafka_lines.h"
#include "core/event/json_walker.h"
#include "core/source/line_splitter.h"

#include <algorithm>
#include <numeric>

namespace leftfold::source {

namespace {

using base::ByteView;
using base::ErrorCode;
using base::Result;

constexpr std::size_t kSampleLines = 100;

bool hasCsvName(const std::string& path)
{
    std::string_view name = path;
    for (const std::string_view ending : {".gz", ".zst"}) {
        if (name.ends_with(ending)) name.remove_suffix(ending.size());
    }
    return name.ends_with(".csv") || name.ends_with(".tsv") || name.ends_with(".tab");
}

/// The first lines that are not blank, without their line breaks; the last one only where it is complete or alone.
std::vector<ByteView> firstLines(ByteView head)
{
    std::vector<ByteView> lines;
    if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
    while (!head.empty() && lines.size() < kSampleLines) {
        const std::size_t end = head.find('\n');
        ByteView line = head.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!isBlank(line) && (end != ByteView::npos || lines.empty())) lines.push_back(line);
        head.remove_prefix(end == ByteView::npos ? head.size() : end + 1);
    }
    return lines;
}

LineMode jsonModeOf(ByteView line)
{
    if (decode::isEnvelope(line)) return LineMode::Envelopes;
    return decode::isKcatLine(line) ? LineMode::Kcat : LineMode::Records;
}

bool isJson(ByteView line)
{
    return (line.starts_with('{') || line.starts_with('[')) && event::checkJson(line).has_value();
}

std::string columnsText(const CsvDialect& dialect)
{
    const auto joined = [](const std::string& all, const std::string& name) {
        return all.empty() ? name : all + ',' + name;
    };
    return std::accumulate(dialect.columns.begin(), dialect.columns.end(), std::string(), joined);
}

/// Two ways to read a file, in words, where they contradict each other.
struct Contradiction {
    std::string captured;
    std::string wanted;
};

std::optional<Contradiction> contradictionOf(const LogPlace& log, const FileOptions& options)
{
    const bool isCsv = log.format.mode == LineMode::Rows;
    if (log.format.mode == LineMode::Unknown) return std::nullopt;
    if (isCsv && options.format == FileFormat::JsonLines) return Contradiction{"CSV", "JSON lines"};
    if (!isCsv && options.isCsv()) return Contradiction{"JSON lines", "CSV"};
    if (options.delimiter && *options.delimiter != log.format.dialect.delimiter)
        return Contradiction{"CSV delimited by '" + std::string(1, log.format.dialect.delimiter) + "'",
                             "CSV delimited by '" + std::string(1, *options.delimiter) + "'"};
    if (!options.columns.empty() && options.columns != log.format.dialect.columns)
        return Contradiction{"CSV with the columns " + columnsText(log.format.dialect),
                             "CSV with the columns " + columnsText({',', options.columns})};
    if (options.encoding && options.encoding != log.encoding)
        return Contradiction{log.encoding ? std::string(nameOf(*log.encoding)) : "the text it looked like",
                             std::string(nameOf(*options.encoding))};
    return std::nullopt;
}

} // namespace

LineFormat formatOf(ByteView head, bool isAll, const std::string& path, const FileOptions& options)
{
    const std::vector<ByteView> lines = firstLines(head);
    if (lines.empty()) return {};
    const ByteView first = lines.front();
    const bool isSurelyCsv =
        options.isCsv() || (options.format == FileFormat::Detect && hasCsvName(path) && !isJson(first));
    if (!isSurelyCsv && (first.starts_with('{') || first.starts_with('['))) return {jsonModeOf(first), {}, {}};
    const auto layout = isSurelyCsv ? std::nullopt : decode::detectConsoleLayout(lines);
    if (layout) return {LineMode::Console, {}, *layout};
    if (isSurelyCsv || options.format != FileFormat::JsonLines) {
        auto dialect = detectCsv(head, isAll, {options.delimiter, options.columns, isSurelyCsv});
        if (dialect) return {LineMode::Rows, std::move(*dialect), {}};
    }
    return {LineMode::Records, {}, {}};
}

std::string describeFormats(const SourcePlace& place)
{
    std::vector<std::string> all;
    for (const auto& [path, log] : place.logs) {
        std::string text = describe(log.format);
        if (!text.empty() && std::find(all.begin(), all.end(), text) == all.end()) all.push_back(std::move(text));
    }
    const auto joined = [](const std::string& sum, const std::string& one) {
        return sum.empty() ? one : sum + "; " + one;
    };
    return std::accumulate(all.begin(), all.end(), std::string(), joined);
}

std::string describe(const LineFormat& format)
{
    switch (format.mode) {
    case LineMode::Unknown:
    case LineMode::Records:
    case LineMode::Envelopes:
        return {};
    case LineMode::Rows:
        return "CSV, " + std::to_string(format.dialect.columns.size()) + " columns delimited by "
               + (format.dialect.delimiter == '\t' ? "tabs" : "'" + std::string(1, format.dialect.delimiter) + "'");
    case LineMode::Kcat:
        return "lines of kcat -J";
    case LineMode::Console: {
        const std::string before = decode::describe(format.console);
        return "lines of kafka-console-consumer" + (before.empty() ? "" : " (" + before + ", value)");
    }
    }
    return {};
}

Result<void> checkFormats(const SourcePlace& place, const FileOptions& options)
{
    for (const auto& [path, log] : place.logs) {
        const auto contradiction = contradictionOf(log, options);
        if (contradiction)
            return base::fail(ErrorCode::SourceOtherFormat, path, contradiction->captured, contradiction->wanted);
    }
    return {};
}

} // namespace leftfold::source
