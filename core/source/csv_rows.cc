// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/csv_rows.h"

#include "core/decode/text.h"
#include "core/event/json_walker.h"

namespace leftfold::source {

namespace {

using base::ByteView;
using base::ErrorCode;

std::string memberStart(std::size_t column, std::string_view name)
{
    std::string start(1, column == 0 ? '{' : ',');
    event::escape(start, name);
    return start + ':';
}

/// Rows one behind the other as JSON, with what is wrong with them.
class RowWriter {
public:
    RowWriter(const FileReader& reader, const CsvDialect& dialect) : m_reader(reader), m_dialect(dialect)
    {
        for (std::size_t i = 0; i < dialect.columns.size(); ++i) m_starts.push_back(memberStart(i, dialect.columns[i]));
    }

    void append(const LineSpan& span, const event::Position& position)
    {
        const ByteView row = m_reader.splitter().textOf(span);
        if (!decode::isUtf8(row)) {
            m_text += row;
            note({ErrorCode::CsvNotUtf8, {grouped(span.line), m_reader.path()}, {}}, position);
        } else {
            appendFields(row, span, position);
        }
        m_ends.push_back(m_text.size());
    }

    /// Gives the records their values, in their order.
    void finish(event::RecordBatch& batch)
    {
        m_text.append(base::kReadablePadding, '\0');
        auto text = std::make_shared<const std::string>(std::move(m_text));
        std::size_t begin = 0;
        for (std::size_t i = 0; i < m_ends.size(); ++i) {
            batch.records[i].value = ByteView(*text).substr(begin, m_ends[i] - begin);
            begin = m_ends[i];
        }
        batch.storage = std::move(text);
        batch.problems = std::move(m_problems);
    }

private:
    void appendFields(ByteView row, const LineSpan& span, const event::Position& position)
    {
        RowReader fields(row, m_dialect.delimiter);
        std::size_t count = 0;
        bool isBadlyQuoted = false;
        const std::size_t columns = m_dialect.columns.size();
        for (auto field = fields.next(); field; ++count) {
            const CsvField now = *field;
            field = fields.next();
            isBadlyQuoted = isBadlyQuoted || now.isBadlyQuoted;
            const bool isTrailingDelimiter = count == columns && !field && now == CsvField();
            if (isTrailingDelimiter) break;
            appendField(count, now);
        }
        m_text += '}';
        if (count != columns) noteLength(count, span, position);
        if (isBadlyQuoted) note({ErrorCode::CsvQuote, {grouped(span.line), m_reader.path()}, {}}, position);
    }

    void appendField(std::size_t column, const CsvField& field)
    {
        m_text +=
            column < m_starts.size() ? m_starts[column] : memberStart(column, "column" + std::to_string(column + 1));
        const bool isNumber = !field.isQuoted && event::isJsonNumber(field.text);
        if (field == CsvField()) {
            m_text += "null";
        } else if (isNumber) {
            m_text += field.text;
        } else if (field.hasDoubledQuotes) {
            m_unquoted.clear();
            appendText(m_unquoted, field);
            event::escape(m_text, m_unquoted);
        } else {
            event::escape(m_text, field.text);
        }
    }

    void noteLength(std::size_t count, const LineSpan& span, const event::Position& position)
    {
        note({ErrorCode::CsvRowLength,
              {grouped(span.line), m_reader.path(), std::to_string(count), std::to_string(m_dialect.columns.size())},
              {}},
             position);
    }

    void note(base::Error error, const event::Position& position)
    {
        m_problems.push_back({position, std::move(error)});
    }

    const FileReader& m_reader;
    const CsvDialect& m_dialect;
    std::vector<std::string> m_starts; ///< what stands before the value of each column
    std::string m_text;
    std::vector<std::size_t> m_ends; ///< of each row in `m_text`
    std::string m_unquoted;
    std::vector<event::Problem> m_problems;
};

} // namespace

std::size_t headerLines(const FileReader& reader, const CsvDialect& dialect)
{
    const auto lines = reader.splitter().lines();
    if (reader.splitter().committedPlace().line > 0 || lines.empty()) return 0;
    const std::size_t skipped = isSeparatorLine(reader.splitter().textOf(lines.front())) ? 1 : 0;
    if (skipped == lines.size()) return skipped;
    const bool isHeader = columnNames(reader.splitter().textOf(lines[skipped]), dialect.delimiter) == dialect.columns;
    return skipped + (isHeader ? 1 : 0);
}

event::RecordBatch rowsOf(const FileReader& reader, std::size_t skipped, const CsvDialect& dialect,
                          const event::Partition& partition, event::Offset first)
{
    event::RecordBatch batch;
    batch.partition = partition;
    RowWriter writer(reader, dialect);
    event::Offset offset = first;
    for (const LineSpan& span : reader.splitter().lines().subspan(skipped)) {
        writer.append(span, {partition, offset});
        batch.records.emplace_back().offset = offset;
        batch.records.back().line = span.line;
        offset = offset.next();
    }
    writer.finish(batch);
    return batch;
}

} // namespace leftfold::source
