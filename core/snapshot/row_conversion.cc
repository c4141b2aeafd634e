// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/row_conversion.h"

#include "core/snapshot/csv_export.h"
#include "core/snapshot/json_lines_export.h"
#include "core/snapshot/sqlite_export.h"

namespace leftfold::snapshot {

namespace {

using base::Result;

constexpr std::uint64_t kRowsPerLook = 256;
constexpr std::size_t kBytesPerWrite = std::size_t{1} << 18;

using Row = std::function<Result<void>(const ExportedState&)>;

Result<void> forEachRow(const std::string& jsonLines, std::uint64_t rows, const std::stop_token& stop,
                        const Progress& progress, const Row& tell)
{
    LEFTFOLD_TRY(const auto reader, JsonLinesReader::open(jsonLines));
    for (std::uint64_t done = 0;; ++done) {
        if (done % kRowsPerLook == 0) {
            if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
            if (progress) progress(done, rows);
        }
        LEFTFOLD_TRY(const auto row, reader->next());
        if (!row) return {};
        LEFTFOLD_CHECK(tell(*row));
    }
}

} // namespace

Result<std::vector<std::string>> convertRows(const std::string& jsonLines, std::uint64_t rows, ExportFormat format,
                                             const TableColumns& columns, base::FileReplacement& out,
                                             std::stop_token stop, const Progress& progress)
{
    if (format == ExportFormat::Sqlite) {
        LEFTFOLD_TRY(const auto writer, SqliteWriter::open(out.temporaryPath(), columns));
        LEFTFOLD_CHECK(
            forEachRow(jsonLines, rows, stop, progress, [&](const ExportedState& row) { return writer->add(row); }));
        LEFTFOLD_CHECK(writer->finish());
        return writer->header();
    }
    CsvWriter writer(columns);
    std::string text;
    writer.appendHeader(text);
    const Row append = [&](const ExportedState& row) -> Result<void> {
        writer.append(text, row);
        if (text.size() < kBytesPerWrite) return {};
        LEFTFOLD_CHECK(out.write(text));
        text.clear();
        return {};
    };
    LEFTFOLD_CHECK(forEachRow(jsonLines, rows, stop, progress, append));
    LEFTFOLD_CHECK(out.write(text));
    return writer.header();
}

} // namespace leftfold::snapshot
