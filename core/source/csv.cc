// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/csv.h"

#include "core/base/time.h"
#include "core/event/json_walker.h"
#include "core/source/line_splitter.h"

#include <algorithm>
#include <set>

namespace leftfold::source {

namespace {

using base::ByteView;

constexpr std::size_t kNone = ByteView::npos;

struct Closing {
    enum class How { Closed, Bad, Open } how = How::Open;
    std::size_t end = 0; ///< Closed: behind the quote
    bool isLast = false; ///< Closed, and nothing stands behind it: with more text it may be something else
    bool hasDoubled = false;
};

/// What becomes of the quote at `open`: where the first quote stands that is not doubled, and what is behind that.
Closing closingOf(ByteView text, std::size_t open, char delimiter)
{
    Closing closing;
    std::size_t at = text.find('"', open + 1);
    while (at != kNone && at + 1 < text.size() && text[at + 1] == '"') {
        closing.hasDoubled = true;
        at = text.find('"', at + 2);
    }
    if (at == kNone) return closing;
    closing.end = at + 1;
    const ByteView behind = text.substr(at + 1);
    closing.isLast = behind.empty() || behind == "\r";
    const bool isEnd =
        closing.isLast || behind.front() == delimiter || behind.starts_with('\n') || behind.starts_with("\r\n");
    closing.how = isEnd && at - open <= kMaxQuotedBytes ? Closing::How::Closed : Closing::How::Bad;
    return closing;
}

std::size_t countFields(ByteView row, char delimiter)
{
    std::size_t count = 0;
    for (RowReader reader(row, delimiter); reader.next();) ++count;
    return count;
}

} // namespace

void appendText(std::string& out, const CsvField& field)
{
    if (!field.hasDoubledQuotes) {
        out += field.text;
        return;
    }
    for (std::size_t i = 0; i < field.text.size(); ++i) {
        out += field.text[i];
        if (field.text[i] == '"') ++i;
    }
}

/// Nothing where the quote is text.
std::optional<CsvField> RowReader::nextQuoted()
{
    const Closing closing = closingOf(m_row, m_at, m_delimiter);
    if (closing.how != Closing::How::Closed) return std::nullopt;
    const CsvField field{m_row.substr(m_at + 1, closing.end - m_at - 2), true, closing.hasDoubled, false};
    m_isDone = closing.isLast || m_row[closing.end] != m_delimiter;
    m_at = closing.end + 1;
    return field;
}

std::optional<CsvField> RowReader::next()
{
    if (m_isDone) return std::nullopt;
    const bool beginsWithQuote = m_at < m_row.size() && m_row[m_at] == '"';
    if (beginsWithQuote) {
        if (auto quoted = nextQuoted()) return quoted;
    }
    const std::size_t end = m_row.find(m_delimiter, m_at);
    const CsvField field{m_row.substr(m_at, end == kNone ? kNone : end - m_at), false, false, beginsWithQuote};
    m_isDone = end == kNone;
    m_at = end + 1;
    return field;
}

std::vector<std::string> textsOf(ByteView row, char delimiter)
{
    std::vector<std::string> texts;
    RowReader reader(row, delimiter);
    while (const auto field = reader.next()) appendText(texts.emplace_back(), *field);
    return texts;
}

std::size_t RowScanner::findEnd(ByteView text, bool isAll)
{
    std::size_t lineEnd = text.find('\n', m_at);
    while (true) {
        if (lineEnd != kNone && lineEnd < m_at) lineEnd = text.find('\n', m_at);
        const std::size_t quote = text.substr(0, lineEnd).find('"', m_at);
        if (quote == kNone) {
            if (lineEnd == kNone) m_at = text.size();
            return lineEnd;
        }
        m_at = quote + 1;
        if (quote > 0 && text[quote - 1] != m_delimiter) continue;
        const Closing closing = closingOf(text, quote, m_delimiter);
        const bool mayClose =
            closing.how == Closing::How::Open ? text.size() - quote <= kMaxQuotedBytes : closing.isLast;
        const bool waits =
            mayClose && (!isAll || (closing.how == Closing::How::Open && !isFollowedByRows(text, quote)));
        if (waits) {
            m_at = quote;
            return kNone;
        }
        if (closing.how == Closing::How::Closed) m_at = closing.end;
    }
}

/// Whether the lines behind that of a quote which is never closed are rows: no quotes are in them, then.
bool RowScanner::isFollowedByRows(ByteView text, std::size_t quote) const
{
    std::size_t from = text.find('\n', quote);
    std::size_t lines = 0;
    while (from != kNone && m_columns > 1) {
        const std::size_t end = text.find('\n', from + 1);
        if (end == kNone) break;
        const ByteView line = text.substr(from + 1, end - from - 1);
        const auto delimiters = std::count(line.begin(), line.end(), m_delimiter);
        if (static_cast<std::size_t>(delimiters) + 1 != m_columns) return false;
        ++lines;
        from = end;
    }
    return lines > 0;
}

bool RowScanner::isWhole(ByteView row) const
{
    RowReader reader(row, m_delimiter);
    std::size_t count = 0;
    while (const auto field = reader.next()) {
        if (field->isBadlyQuoted) return false;
        ++count;
    }
    return count == m_columns;
}

bool isSeparatorLine(ByteView line)
{
    return line.size() == 5 && line.starts_with("sep=");
}

std::vector<std::string> columnNames(ByteView header, char delimiter)
{
    std::vector<std::string> names = textsOf(header, delimiter);
    std::set<std::string> taken(names.begin(), names.end());
    std::set<std::string> seen;
    for (std::size_t i = 0; i < names.size(); ++i) {
        std::string name = names[i].empty() ? "column" + std::to_string(i + 1) : names[i];
        const std::string stem = name;
        for (int number = 2; seen.contains(name) || (name != names[i] && taken.contains(name)); ++number)
            name = stem + '_' + std::to_string(number);
        seen.insert(name);
        names[i] = std::move(name);
    }
    return names;
}

namespace {

constexpr std::string_view kDelimiters = ",;\t|";
constexpr std::size_t kSampleRows = 100;

/// The first rows of a text, blank lines left out; the last one only where it is complete.
std::vector<ByteView> firstRows(ByteView head, bool isAll, char delimiter)
{
    std::vector<ByteView> rows;
    RowScanner scanner(delimiter, 0);
    while (rows.size() < kSampleRows && !head.empty()) {
        const std::size_t end = scanner.findEnd(head, isAll);
        if (end == kNone && !isAll) break;
        const ByteView row = withoutCarriageReturn(head.substr(0, end));
        if (row.find_first_not_of(' ') != kNone) rows.push_back(row);
        head.remove_prefix(end == kNone ? head.size() : end + 1);
        scanner.restart();
    }
    return rows;
}

struct Fit {
    std::size_t columns = 0; ///< fields of the first row
    double share = 0; ///< of the rows with so many
    std::size_t rows = 0;
    friend bool operator<(const Fit& a, const Fit& b)
    {
        const bool aSplits = a.columns > 1;
        const bool bSplits = b.columns > 1;
        if (aSplits != bSplits) return bSplits;
        return a.share != b.share ? a.share < b.share : a.columns < b.columns;
    }
};

Fit fitOf(const std::vector<ByteView>& rows, char delimiter)
{
    Fit fit;
    if (rows.empty()) return fit;
    fit.rows = rows.size();
    fit.columns = countFields(rows.front(), delimiter);
    const auto fits = [&](ByteView row) { return countFields(row, delimiter) == fit.columns; };
    fit.share = static_cast<double>(std::count_if(rows.begin(), rows.end(), fits)) / static_cast<double>(rows.size());
    return fit;
}

/// Names are words: no numbers, no times, no JSON.
bool looksLikeName(const std::string& text)
{
    const bool isJson = text.find_first_of("{}[]") != std::string::npos;
    return !event::isJsonNumber(text) && !base::parseTime(text) && !isJson && text.size() <= 200;
}

bool isHeader(const std::vector<std::string>& texts)
{
    return std::all_of(texts.begin(), texts.end(), looksLikeName);
}

std::vector<std::string> numberedColumns(std::size_t count)
{
    std::vector<std::string> names;
    for (std::size_t i = 1; i <= count; ++i) names.push_back("column" + std::to_string(i));
    return names;
}

/// The text behind a byte order mark and a line that names the delimiter; that delimiter.
std::pair<ByteView, std::optional<char>> withoutPreamble(ByteView head)
{
    if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
    const std::size_t end = head.find('\n');
    const ByteView line = withoutCarriageReturn(head.substr(0, end));
    if (end == kNone || !isSeparatorLine(line)) return {head, std::nullopt};
    return {head.substr(end + 1), line.back()};
}

char bestDelimiter(ByteView head, bool isAll)
{
    char best = kDelimiters.front();
    Fit bestFit;
    for (const char delimiter : kDelimiters) {
        const Fit fit = fitOf(firstRows(head, isAll, delimiter), delimiter);
        if (bestFit < fit) {
            best = delimiter;
            bestFit = fit;
        }
    }
    return best;
}

} // namespace

std::optional<CsvDialect> detectCsv(ByteView head, bool isAll, const CsvHints& hints)
{
    const auto [text, named] = withoutPreamble(head);
    CsvDialect dialect;
    dialect.delimiter = hints.delimiter ? *hints.delimiter : named ? *named : bestDelimiter(text, isAll);
    const std::vector<ByteView> rows = firstRows(text, isAll, dialect.delimiter);
    if (rows.empty()) return std::nullopt;
    const Fit fit = fitOf(rows, dialect.delimiter);
    const bool hasHeader = isHeader(textsOf(rows.front(), dialect.delimiter));
    const bool isClear = hasHeader && fit.rows > 1 && fit.columns > 1 && fit.share > 0.9;
    if (!hints.isSurelyCsv && !named && !isClear) return std::nullopt;
    dialect.columns = !hints.columns.empty() ? hints.columns
                      : hasHeader            ? columnNames(rows.front(), dialect.delimiter)
                                             : numberedColumns(fit.columns);
    return dialect;
}

} // namespace leftfold::source
