// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/database.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>
#include <utility>

namespace leftfold::base {

Statement::Statement(Statement&& other) noexcept
    : m_statement(std::exchange(other.m_statement, nullptr)),
      m_database(other.m_database)
{}

Statement& Statement::operator=(Statement&& other) noexcept
{
    std::swap(m_statement, other.m_statement);
    std::swap(m_database, other.m_database);
    return *this;
}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

Statement& Statement::bind(int index, std::int64_t value)
{
    sqlite3_bind_int64(m_statement, index + 1, value);
    return *this;
}

Statement& Statement::bindText(int index, std::string_view text)
{
    sqlite3_bind_text64(m_statement, index + 1, text.data() ? text.data() : "", text.size(), SQLITE_STATIC,
                        SQLITE_UTF8);
    return *this;
}

Statement& Statement::bindBlob(int index, ByteView bytes)
{
    sqlite3_bind_blob64(m_statement, index + 1, bytes.data() ? bytes.data() : "", bytes.size(), SQLITE_STATIC);
    return *this;
}

Statement& Statement::bindReal(int index, double value)
{
    sqlite3_bind_double(m_statement, index + 1, value);
    return *this;
}

Statement& Statement::bindNull(int index)
{
    sqlite3_bind_null(m_statement, index + 1);
    return *this;
}

Result<bool> Statement::step()
{
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    const Error error = m_database->errorOf(code);
    sqlite3_reset(m_statement);
    return tl::unexpected(error);
}

Result<void> Statement::run()
{
    auto row = step();
    while (row && *row) row = step();
    reset();
    if (!row) return tl::unexpected(row.error());
    return {};
}

void Statement::reset()
{
    sqlite3_reset(m_statement);
}

Statement::Type Statement::type(int column) const
{
    switch (sqlite3_column_type(m_statement, column)) {
    case SQLITE_INTEGER:
        return Type::Integer;
    case SQLITE_FLOAT:
        return Type::Real;
    case SQLITE_TEXT:
        return Type::Text;
    case SQLITE_BLOB:
        return Type::Blob;
    default:
        return Type::Null;
    }
}

int Statement::columns() const
{
    return sqlite3_column_count(m_statement);
}

std::string_view Statement::columnName(int column) const
{
    return sqlite3_column_name(m_statement, column);
}

double Statement::real(int column) const
{
    return sqlite3_column_double(m_statement, column);
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

ByteView Statement::bytes(int column) const
{
    const auto* data = static_cast<const char*>(sqlite3_column_blob(m_statement, column));
    return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))};
}

namespace {

/// A transaction that its process did not live to end is rolled back, which needs a connection that may write.
void rollBackInterrupted(const std::string& path)
{
    if (::access((path + "-journal").c_str(), F_OK) != 0) return;
    if (const auto database = Database::open(path, Database::Mode::ReadWrite))
        (void)(*database)->number("PRAGMA schema_version");
}

/// As a URI that says that nobody changes the file: no log beside it is looked for, no lock is taken.
std::string immutableUri(const std::string& path)
{
    std::string uri = "file:";
    for (const char c : path) {
        const bool isSpecial = c == '?' || c == '#' || c == '%';
        uri += isSpecial ? fmt::format("%{:02x}", static_cast<unsigned>(c)) : std::string(1, c);
    }
    return uri + "?immutable=1";
}

} // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Mode mode)
{
    if (mode == Mode::Read) rollBackInterrupted(path);
    std::unique_ptr<Database> database(new Database);
    database->m_path = path;
    const int flags = mode == Mode::Read            ? SQLITE_OPEN_READONLY
                      : mode == Mode::ReadImmutable ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
                      : mode == Mode::ReadWrite     ? SQLITE_OPEN_READWRITE
                                                    : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (mode != Mode::Create && ::access(path.c_str(), R_OK) != 0) return failErrno(path, errno);
    const std::string name = mode == Mode::ReadImmutable ? immutableUri(path) : path;
    const int code = sqlite3_open_v2(name.c_str(), &database->m_handle,
                                     flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(database->errorOf(code));
    sqlite3_busy_timeout(database->m_handle, 2000);
    return database;
}

Database::~Database()
{
    sqlite3_close_v2(m_handle);
}

Error Database::errorOf(int resultCode) const
{
    switch (resultCode & 0xff) {
    case SQLITE_FULL:
        return Error{ErrorCode::DiskFull, {m_path}, {}};
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
        return Error{ErrorCode::NoPermission, {m_path}, {}};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return Error{ErrorCode::FileInUse, {m_path}, {}};
    default:
        return Error{
            ErrorCode::DatabaseFailed, {m_path, m_handle ? sqlite3_errmsg(m_handle) : sqlite3_errstr(resultCode)}, {}};
    }
}

Result<void> Database::execute(const std::string& sql)
{
    const int code = sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(errorOf(code));
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) const
{
    Statement statement;
    statement.m_database = this;
    const int code = sqlite3_prepare_v3(m_handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement.m_statement, nullptr);
    if (code != SQLITE_OK) return tl::unexpected(errorOf(code));
    return statement;
}

Result<std::int64_t> Database::number(std::string_view sql) const
{
    LEFTFOLD_TRY(Statement statement, prepare(sql));
    LEFTFOLD_TRY(const bool row, statement.step());
    return row ? statement.integer(0) : 0;
}

Result<void> Database::readBlob(const char* table, const char* column, std::int64_t row, std::size_t offset,
                                std::size_t size, std::string& out)
{
    sqlite3_blob* blob = nullptr;
    int code = sqlite3_blob_open(m_handle, "main", table, column, row, 0, &blob);
    const std::size_t before = out.size();
    if (code == SQLITE_OK) {
        out.resize(before + size);
        code = sqlite3_blob_read(blob, out.data() + before, static_cast<int>(size), static_cast<int>(offset));
    }
    Result<void> outcome;
    if (code != SQLITE_OK) {
        outcome = tl::unexpected(errorOf(code));
        out.resize(before);
    }
    // Not kept for the next one: an open blob holds a read lock, and whoever wants to write would wait for it.
    sqlite3_blob_close(blob);
    return outcome;
}

void Database::onCommit(std::function<void(int)> call)
{
    m_onCommit = std::move(call);
    const auto hook = [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Database*>(self)->m_onCommit(pages);
        return SQLITE_OK;
    };
    (void)sqlite3_wal_hook(m_handle, m_onCommit ? +hook : nullptr, this);
}

Result<void> Database::backupTo(const std::string& path) const
{
    LEFTFOLD_TRY(const std::unique_ptr<Database> target, open(path, Mode::Create));
    sqlite3_backup* backup = sqlite3_backup_init(target->m_handle, "main", m_handle, "main");
    if (!backup) return tl::unexpected(target->errorOf(sqlite3_errcode(target->m_handle)));
    sqlite3_backup_step(backup, -1);
    const int code = sqlite3_backup_finish(backup);
    if (code != SQLITE_OK) return tl::unexpected(target->errorOf(code));
    return {};
}

} // namespace leftfold::base
