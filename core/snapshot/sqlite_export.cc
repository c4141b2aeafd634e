// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/sqlite_export.h"

#include "core/decode/text.h"
#include "core/event/number.h"

#include <charconv>
#include <cmath>

namespace leftfold::snapshot {

using base::Result;

namespace {

std::string inQuotes(std::string_view name)
{
    std::string out = "\"";
    for (const char c : name) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

template <class Number>
std::optional<Number> numberIn(base::ByteView digits)
{
    Number number{};
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
    return number;
}

/// The shortest digits that stand for this double.
std::string digitsOf(double number)
{
    char digits[32];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
    return {digits, end};
}

SqlScalar sqlNumber(base::ByteView digits)
{
    std::string normal;
    event::appendNormalNumber(normal, digits);
    if (const auto integer = numberIn<std::int64_t>(normal)) return *integer;
    const auto real = numberIn<double>(normal);
    if (real && std::isfinite(*real) && event::equalNumbers(digitsOf(*real), normal)) return *real;
    return normal;
}

void bind(base::Statement& statement, int index, const SqlScalar& scalar)
{
    if (const auto* integer = std::get_if<std::int64_t>(&scalar)) {
        statement.bind(index, *integer);
    } else if (const auto* real = std::get_if<double>(&scalar)) {
        statement.bindReal(index, *real);
    } else if (const auto* text = std::get_if<std::string>(&scalar)) {
        statement.bindText(index, *text);
    } else {
        statement.bindNull(index);
    }
}

} // namespace

SqlScalar sqlScalarOf(event::Value scalar)
{
    switch (scalar.kind()) {
    case event::Kind::Boolean:
        return std::int64_t{scalar.boolean()};
    case event::Kind::Number:
        return sqlNumber(scalar.digits());
    case event::Kind::Text:
        return std::string(scalar.text());
    default:
        return {};
    }
}

Result<std::unique_ptr<SqliteWriter>> SqliteWriter::open(const std::string& path, const TableColumns& columns)
{
    std::unique_ptr<SqliteWriter> writer(new SqliteWriter(columns));
    LEFTFOLD_TRY(writer->m_database, base::Database::open(path, base::Database::Mode::ReadWrite));
    // Nobody sees the file before it is whole: no journal is needed, and it is synced once, at the end.
    LEFTFOLD_CHECK(writer->m_database->execute(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY"));
    LEFTFOLD_CHECK(writer->createTable());
    return writer;
}

Result<void> SqliteWriter::createTable()
{
    m_header = {"id"};
    if (m_columns.hasChanges()) m_header.emplace_back("change");
    m_header.emplace_back("state");
    m_header.insert(m_header.end(), m_columns.names().begin(), m_columns.names().end());
    std::string table = "CREATE TABLE states(";
    std::string values;
    for (const std::string& name : m_header) {
        if (!values.empty()) table += ", ";
        table += inQuotes(name);
        if (name == "id") table += " NOT NULL PRIMARY KEY";
        values += values.empty() ? "?" : ",?";
    }
    LEFTFOLD_CHECK(m_database->execute("BEGIN EXCLUSIVE"));
    LEFTFOLD_CHECK(m_database->execute(table + ")"));
    LEFTFOLD_TRY(m_insert, m_database->prepare("INSERT INTO states VALUES(" + values + ")"));
    return {};
}

Result<void> SqliteWriter::add(const ExportedState& row)
{
    int column = 0;
    const bool isText = decode::isUtf8(row.id) && row.id.find('\0') == std::string::npos;
    isText ? m_insert.bindText(column, row.id) : m_insert.bindBlob(column, row.id);
    if (m_columns.hasChanges()) m_insert.bindText(++column, nameOf(row.change));
    std::vector<SqlScalar> parts(m_columns.names().size());
    std::string json;
    ++column;
    if (row.change == RowChange::Deleted) {
        m_insert.bindNull(column);
    } else {
        json = toJson(row.state.root());
        m_insert.bindText(column, json);
        splitState(row.state.root(), [&](const std::string& pointer, event::Value value, PartKind kind) {
            const auto name = m_columns.nameFor(pointer, kind);
            const auto place = name ? m_columns.find(*name) : std::nullopt;
            if (place) parts[*place] = sqlScalarOf(value);
        });
    }
    for (const SqlScalar& part : parts) bind(m_insert, ++column, part);
    return m_insert.run();
}

Result<void> SqliteWriter::finish()
{
    LEFTFOLD_CHECK(m_database->execute("COMMIT"));
    m_insert = {};
    m_database.reset();
    return {};
}

Result<std::unique_ptr<SqliteExportReader>> SqliteExportReader::open(const std::string& path)
{
    std::unique_ptr<SqliteExportReader> reader(new SqliteExportReader(path));
    LEFTFOLD_TRY(reader->m_database, base::Database::open(path, base::Database::Mode::Read));
    LEFTFOLD_CHECK(reader->prepare());
    return reader;
}

Result<void> SqliteExportReader::prepare()
{
    auto rows = m_database->prepare("SELECT * FROM states ORDER BY rowid");
    if (!rows) return base::fail(base::ErrorCode::NotAnExport, path(), base::render(rows.error()));
    m_rows = std::move(*rows);
    if (m_rows.columns() > 1 && m_rows.columnName(1) == "change") m_change = 1;
    m_state = m_change ? 2 : 1;
    if (m_rows.columns() <= m_state || m_rows.columnName(0) != "id" || m_rows.columnName(m_state) != "state")
        return base::fail(base::ErrorCode::NotAnExport, path(), "its table has no columns id and state");
    for (int column = m_state + 1; column < m_rows.columns(); ++column)
        m_parts.emplace(m_rows.columnName(column), m_parts.size());
    return {};
}

Result<std::optional<ExportedState>> SqliteExportReader::read()
{
    using Type = base::Statement::Type;
    LEFTFOLD_TRY(const bool more, m_rows.step());
    if (!more) return std::nullopt;
    ExportedState row;
    if (m_rows.type(0) != Type::Text && m_rows.type(0) != Type::Blob) return bad("its id is no text");
    row.id = m_rows.bytes(0);
    if (m_change) {
        const auto change = rowChangeNamed(m_rows.bytes(*m_change));
        if (!change || *change == RowChange::None) return bad("its change is none that is known");
        row.change = *change;
    }
    if ((m_rows.type(m_state) == Type::Null) != (row.change == RowChange::Deleted))
        return bad(row.change == RowChange::Deleted ? "it has a state though it was deleted" : "it has no state");
    m_expected.assign(parts(), {});
    if (row.change != RowChange::Deleted) {
        auto state = event::Document::parse(m_rows.bytes(m_state));
        if (!state) return bad(base::render(state.error()));
        row.state = std::move(*state);
    }
    LEFTFOLD_CHECK(compareColumns(row.state.root()));
    return row;
}

Result<void> SqliteExportReader::compareColumns(event::Value state)
{
    splitState(state, [&](const std::string& pointer, event::Value value, PartKind kind) {
        const auto part = kind == PartKind::Scalar ? m_parts.find(pointer) : m_parts.end();
        if (part != m_parts.end()) m_expected[part->second] = sqlScalarOf(value);
    });
    for (std::size_t part = 0; part < m_expected.size(); ++part) {
        const int column = m_state + 1 + static_cast<int>(part);
        if (scalarIn(column) != m_expected[part])
            return bad("its column " + std::string(m_rows.columnName(column)) + " is not what its state says");
    }
    return {};
}

SqlScalar SqliteExportReader::scalarIn(int column) const
{
    switch (m_rows.type(column)) {
    case base::Statement::Type::Integer:
        return m_rows.integer(column);
    case base::Statement::Type::Real:
        return m_rows.real(column);
    case base::Statement::Type::Text:
    case base::Statement::Type::Blob:
        return std::string(m_rows.bytes(column));
    default:
        return {};
    }
}

} // namespace leftfold::snapshot
