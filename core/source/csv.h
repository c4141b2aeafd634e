// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// Comma-separated values: RFC 4180 with any delimiter, and with a rule for what it forbids. What it means for a log:
/// README.md of this folder.
namespace leftfold::source {

/// How the rows of a log are written.
struct CsvDialect {
    char delimiter = ',';
    std::vector<std::string> columns; ///< all different, none empty
    friend bool operator==(const CsvDialect&, const CsvDialect&) = default;
};

/// A field as it stands in its row.
struct CsvField {
    base::ByteView text; ///< what is between the quotes, or all of it where there are none
    bool isQuoted = false;
    bool hasDoubledQuotes = false; ///< a quote in `text` stands there twice
    bool isBadlyQuoted = false; ///< it begins with a quote that does not end as it should: `text` has that quote

    friend bool operator==(const CsvField&, const CsvField&) = default;
};
/// Appends the text a field stands for.
void appendText(std::string& out, const CsvField& field);

/// The fields of a row (without its line break), in their order. A quote counts only where a field begins, and only if
/// the quote that closes it stands at the field's end; else it is text like any other.
class RowReader {
public:
    RowReader(base::ByteView row, char delimiter) : m_row(row), m_delimiter(delimiter) {}
    [[nodiscard]] std::optional<CsvField> next();

private:
    [[nodiscard]] std::optional<CsvField> nextQuoted();

    base::ByteView m_row;
    std::size_t m_at = 0;
    char m_delimiter;
    bool m_isDone = false;
};
[[nodiscard]] std::vector<std::string> textsOf(base::ByteView row, char delimiter);

/// A quoted field with more bytes than this is none.
inline constexpr std::size_t kMaxQuotedBytes = std::size_t{16} << 20;

/// Finds where rows end, with the same rule for quotes: one that is never closed ends with its line if what follows
/// looks like rows of `columns` fields.
class RowScanner {
public:
    RowScanner(char delimiter, std::size_t columns) : m_delimiter(delimiter), m_columns(columns) {}

    static constexpr std::size_t kNone = std::string::npos;
    /// Where the line break is that ends the row which begins `text`; kNone where it is not there yet. Called again
    /// with more of the same text it goes on where it was. `isAll`: nothing comes behind `text`.
    [[nodiscard]] std::size_t findEnd(base::ByteView text, bool isAll);
    /// What comes now is the next row.
    void restart() { m_at = 0; }

    /// Whether a row has all its fields, and no quote is open.
    [[nodiscard]] bool isWhole(base::ByteView row) const;

private:
    [[nodiscard]] bool isFollowedByRows(base::ByteView text, std::size_t quote) const;

    char m_delimiter;
    std::size_t m_columns;
    std::size_t m_at = 0; ///< what stands before it is settled
};

/// What is known of a CSV file beforehand.
struct CsvHints {
    std::optional<char> delimiter;
    std::vector<std::string> columns; ///< empty: the first row has them
    bool isSurelyCsv = false; ///< by its name, or because somebody said so
};
/// The dialect of the text that begins with `head`; nothing where that does not look like CSV. `isAll`: there is no more.
[[nodiscard]] std::optional<CsvDialect> detectCsv(base::ByteView head, bool isAll, const CsvHints& hints);

/// The names that a row gives to columns: those that are empty or there already get a name of their own.
[[nodiscard]] std::vector<std::string> columnNames(base::ByteView header, char delimiter);

/// Whether a line is what some spreadsheets begin with to name the delimiter: "sep=;".
[[nodiscard]] bool isSeparatorLine(base::ByteView line);

} // namespace leftfold::source
