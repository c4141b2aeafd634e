// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/export_reader.h"

#include "core/base/file.h"
#include "core/snapshot/csv_export.h"
#include "core/snapshot/json_lines_export.h"
#include "core/snapshot/sqlite_export.h"

#include <fmt/format.h>

namespace leftfold::snapshot {

namespace {

using base::Result;

/// By how the file begins; what is none of them is said by whoever reads its header.
Result<ExportFormat> formatOf(const std::string& path)
{
    LEFTFOLD_TRY(auto blocks, base::FileBlocks::open(path));
    LEFTFOLD_TRY(const base::ByteView start, blocks.next());
    if (start.empty() || start.starts_with('{')) return ExportFormat::JsonLines;
    return start.starts_with("SQLite format 3") ? ExportFormat::Sqlite : ExportFormat::Csv;
}

} // namespace

Result<std::unique_ptr<ExportReader>> ExportReader::open(const std::string& path)
{
    LEFTFOLD_TRY(const ExportFormat format, formatOf(path));
    if (format == ExportFormat::Csv) return CsvExportReader::open(path);
    if (format == ExportFormat::Sqlite) return SqliteExportReader::open(path);
    return JsonLinesReader::open(path);
}

Result<std::optional<ExportedState>> ExportReader::next()
{
    ++m_row;
    LEFTFOLD_TRY(auto row, read());
    if (!row) return row;
    if (m_row > 1 && row->id <= m_lastId)
        return bad(row->id == m_lastId ? "its id was there before" : "its id is out of order");
    m_lastId = row->id;
    return row;
}

tl::unexpected<base::Error> ExportReader::bad(std::string_view reason) const
{
    return base::fail(base::ErrorCode::BadExport, m_path, std::to_string(m_row), reason);
}

} // namespace leftfold::snapshot
