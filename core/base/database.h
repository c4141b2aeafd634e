// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/error.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace leftfold::base {

class Database;

/// A prepared statement. Parameters and columns count from 0. Used by the thread that uses its database.
class Statement {
public:
    Statement() = default;
    Statement(Statement&&) noexcept;
    Statement& operator=(Statement&&) noexcept;
    ~Statement();

    Statement& bind(int index, std::int64_t value);
    /// The bytes must stay where they are until the next `run`, `step` or `reset`.
    Statement& bindText(int index, std::string_view text);
    Statement& bindBlob(int index, ByteView bytes);
    Statement& bindReal(int index, double value);
    Statement& bindNull(int index);

    /// True with a row, false at the end.
    [[nodiscard]] Result<bool> step();
    /// Steps to the end, then resets: for statements that give no rows.
    [[nodiscard]] Result<void> run();
    void reset();

    enum class Type { Integer, Real, Text, Blob, Null };
    [[nodiscard]] Type type(int column) const;
    [[nodiscard]] int columns() const;
    /// Valid as long as this is.
    [[nodiscard]] std::string_view columnName(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    /// Valid until the next `step` or `reset`.
    [[nodiscard]] ByteView bytes(int column) const;

private:
    friend class Database;
    sqlite3_stmt* m_statement = nullptr;
    const Database* m_database = nullptr;
};

/// One SQLite connection. Every failure is an Error: DiskFull, NoPermission, or DatabaseFailed with the
/// file and SQLite's own words. One thread at a time.
class Database {
public:
    /// ReadImmutable: what is in the file itself, where nobody writes it; also where a -wal beside it is missing and its
    /// folder is read-only.
    enum class Mode { Read, ReadImmutable, ReadWrite, Create };

    /// Also to read, what an interrupted transaction left is rolled back first, where that is permitted.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::string& path, Mode mode);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    [[nodiscard]] Result<void> execute(const std::string& sql);
    [[nodiscard]] Result<Statement> prepare(std::string_view sql) const;
    /// The first column of the first row of `sql` as a number; 0 where there is no row.
    [[nodiscard]] Result<std::int64_t> number(std::string_view sql) const;
    /// Part of the BLOB in `table`.`column` of row `row`: `size` bytes from `offset`, appended to `out`.
    [[nodiscard]] Result<void> readBlob(const char* table, const char* column, std::int64_t row, std::size_t offset,
                                        std::size_t size, std::string& out);
    /// A copy of everything committed, by SQLite's backup API, into a file that must not exist.
    [[nodiscard]] Result<void> backupTo(const std::string& path) const;
    /// Called after each commit in WAL mode with the pages of the -wal, in place of SQLite's own checkpoints; empty: never, and there
    /// are none.
    void onCommit(std::function<void(int walPages)> call);
    [[nodiscard]] const std::string& path() const { return m_path; }
    /// The error of a result code just returned on this connection.
    [[nodiscard]] Error errorOf(int resultCode) const;

private:
    Database() = default;

    std::string m_path;
    sqlite3* m_handle = nullptr;
    std::function<void(int)> m_onCommit;
};

} // namespace leftfold::base
