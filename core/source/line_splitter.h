// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/block_buffer.h"
#include "core/source/csv.h"

#include <span>

namespace leftfold::source {

/// Limits of a batch. A longer line stands alone.
inline constexpr std::size_t kMaxBatchLines = 4096;
inline constexpr std::size_t kMaxBatchBytes = std::size_t{1} << 20;

/// A line that counts, without its line break: `begin` from the start of what is pending in the buffer. Or a row of CSV,
/// which may have line breaks in it.
struct LineSpan {
    std::size_t begin = 0;
    std::size_t size = 0;
    std::uint64_t line = 0; ///< 1-based number in the file, of the first line of a row
};

/// Where in the lines of a file one stands.
struct LinePlace {
    std::uint64_t line = 0; ///< lines passed
    bool inOpenLine = false; ///< the last line was taken before its line break was there
    friend bool operator==(const LinePlace&, const LinePlace&) = default;
};

/// Finds the lines of a file, a batch at a time. Blank lines are passed over, a byte order mark and the
/// line breaks left out.
class LineSplitter {
public:
    explicit LineSplitter(BlockBuffer& buffer) : m_buffer(buffer) {}
    /// Before the first line is collected: what is pending begins at `place`.
    void startAt(LinePlace place) { m_start = m_place = place; }
    /// From now on rows of CSV are collected: a line break in quotes ends none.
    void splitRows(const CsvDialect& dialect) { m_rows.emplace(dialect.delimiter, dialect.columns.size()); }
    [[nodiscard]] bool isSplittingRows() const { return m_rows.has_value(); }

    enum class Stopped { Full, Waiting, AtEnd };
    /// Collects lines from the start of what is pending, reading on as needed, until a batch is full, a pipe has
    /// nothing more just now, or the stream ends. Fails with SourceRewritten where a line that was taken
    /// without its line break goes on, with SourceLineTooLong, and as reading fails; then nothing is collected.
    [[nodiscard]] base::Result<Stopped> collect(std::stop_token stop);

    [[nodiscard]] std::span<const LineSpan> lines() const { return m_lines; }
    /// Where their bytes begin.
    [[nodiscard]] const char* origin() const { return m_buffer.pending().data(); }
    [[nodiscard]] base::ByteView textOf(const LineSpan& span) const
    {
        return m_buffer.pending().substr(span.begin, span.size);
    }
    /// How many bytes the collected lines span, with what was passed over.
    [[nodiscard]] std::size_t bytes() const { return m_at; }
    /// What stands behind the last line break; all of it once `collect` said AtEnd.
    [[nodiscard]] base::ByteView rest() const { return m_buffer.pending().substr(m_at); }
    /// `rest` as a line: without the start of a line break, and without a byte order mark.
    [[nodiscard]] base::ByteView restText() const;
    /// Whether the rest holds nothing that counts.
    [[nodiscard]] bool isRestBlank() const;
    /// Whether the rest is a row with all its fields. REQUIRES: isSplittingRows().
    [[nodiscard]] bool isRestWholeRow() const { return m_place.line > 0 && m_rows->isWhole(restText()); }
    /// Whether the rest still fits into the batch.
    [[nodiscard]] bool hasRoomForRest() const;
    /// Takes the rest as a line whose line break is not there yet.
    void takeRest();

    /// Behind what was collected.
    [[nodiscard]] LinePlace place() const { return m_place; }
    /// Behind what was collected and committed.
    [[nodiscard]] LinePlace committedPlace() const { return m_start; }
    /// What was collected counts: the next `collect` starts behind it. The caller releases the bytes.
    void commit() { m_start = m_place; }

private:
    void restart();
    [[nodiscard]] base::Result<Stopped> collectToStop(const std::stop_token& stop);
    [[nodiscard]] base::Result<void> closeOpenLine(base::ByteView text);
    [[nodiscard]] bool isAll() const { return m_hasAll || m_buffer.stream().atEnd(); }
    [[nodiscard]] const char* nextBreak();
    [[nodiscard]] const char* nextRowBreak();
    [[nodiscard]] base::Result<bool> takeLine(const char* begin, const char* end);
    [[nodiscard]] base::Result<bool> takeCompleteLines();
    [[nodiscard]] base::Result<void> checkLength() const;
    void append(base::ByteView text);

    BlockBuffer& m_buffer;
    LinePlace m_start;
    LinePlace m_place;
    std::vector<LineSpan> m_lines;
    std::size_t m_values = 0;
    std::size_t m_at = 0; ///< behind the last line break
    std::size_t m_searched = 0; ///< no line break before it
    std::optional<RowScanner> m_rows; ///< none: lines
    bool m_hasAll = false; ///< reading on gave nothing
};

/// Whether a line holds white space only.
[[nodiscard]] bool isBlank(base::ByteView line);
[[nodiscard]] base::ByteView withoutCarriageReturn(base::ByteView line);

} // namespace leftfold::source
