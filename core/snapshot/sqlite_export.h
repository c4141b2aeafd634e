// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/database.h"
#include "core/snapshot/export_reader.h"
#include "core/snapshot/table_columns.h"

#include <memory>
#include <variant>

namespace leftfold::snapshot {

/// Rows of an export as the table `states` of an SQLite database, in order of rowid:
///   id        TEXT; a BLOB where it is no UTF-8 or holds NUL
///   change    TEXT, in an export of changes alone
///   state     TEXT: JSON, with every digit; NULL where the aggregate was deleted
///   "/total"  what stands at that JSON pointer where it is a scalar: TEXT; INTEGER for numbers of 64 bits, and 1 and 0 for
///             true and false; REAL for numbers that it says exactly; TEXT for all other numbers, so that
///             nothing is rounded; NULL for null, for what is no scalar, and where there is nothing: `state` tells
class SqliteWriter {
public:
    /// Into an empty file that is there.
    [[nodiscard]] static base::Result<std::unique_ptr<SqliteWriter>> open(const std::string& path,
                                                                          const TableColumns& columns);

    [[nodiscard]] const std::vector<std::string>& header() const { return m_header; }
    [[nodiscard]] base::Result<void> add(const ExportedState& row);
    /// All rows are in the file when this returns.
    [[nodiscard]] base::Result<void> finish();

private:
    explicit SqliteWriter(const TableColumns& columns) : m_columns(columns) {}
    [[nodiscard]] base::Result<void> createTable();

    const TableColumns& m_columns;
    std::vector<std::string> m_header;
    std::unique_ptr<base::Database> m_database;
    base::Statement m_insert;
};

/// What a column of the table says of a scalar.
using SqlScalar = std::variant<std::monostate, std::int64_t, double, std::string>;
[[nodiscard]] SqlScalar sqlScalarOf(event::Value scalar);

/// Reads the table, and holds every column against the state beside it.
class SqliteExportReader final : public ExportReader {
public:
    [[nodiscard]] static base::Result<std::unique_ptr<SqliteExportReader>> open(const std::string& path);

private:
    explicit SqliteExportReader(const std::string& path) : ExportReader(path, ExportFormat::Sqlite) {}
    [[nodiscard]] base::Result<void> prepare();
    [[nodiscard]] base::Result<std::optional<ExportedState>> read() override;
    [[nodiscard]] base::Result<void> compareColumns(event::Value state);
    [[nodiscard]] SqlScalar scalarIn(int column) const;
    [[nodiscard]] std::size_t parts() const { return m_parts.size(); }

    std::unique_ptr<base::Database> m_database;
    base::Statement m_rows;
    std::optional<int> m_change; ///< its column
    int m_state = 0; ///< its column; those of the parts come behind it
    std::unordered_map<std::string, std::size_t> m_parts; ///< by name
    std::vector<SqlScalar> m_expected; ///< of the row at hand, by part
};

} // namespace leftfold::snapshot
