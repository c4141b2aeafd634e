// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/line_splitter.h"

#include <algorithm>
#include <cstring>

namespace leftfold::source {

namespace {

using base::ByteView;
using base::Result;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kMaxLineBytes = std::size_t{1} << 31;

bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Tabs may be delimiters: a row of them has fields.
bool isBlankRow(ByteView row)
{
    return row.find_first_not_of(' ') == ByteView::npos;
}

/// A byte order mark stands before the first line of a file only.
ByteView withoutByteOrderMark(ByteView line, std::uint64_t number)
{
    if (number == 1 && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    return line;
}

} // namespace

ByteView withoutCarriageReturn(ByteView line)
{
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

bool isBlank(ByteView line)
{
    return std::all_of(line.begin(), line.end(), isSpace);
}

ByteView LineSplitter::restText() const
{
    return withoutByteOrderMark(withoutCarriageReturn(rest()), m_place.line + 1);
}

bool LineSplitter::isRestBlank() const
{
    return isBlank(withoutByteOrderMark(rest(), m_place.line + 1));
}

bool LineSplitter::hasRoomForRest() const
{
    return m_lines.empty() || (m_lines.size() < kMaxBatchLines && m_values + rest().size() <= kMaxBatchBytes);
}

void LineSplitter::restart()
{
    m_place = m_start;
    m_lines.clear();
    m_values = m_at = m_searched = 0;
    if (m_rows) m_rows->restart();
}

/// Counts a line and notes it if it is not blank.
void LineSplitter::append(ByteView text)
{
    const std::uint64_t line = ++m_place.line;
    text = withoutByteOrderMark(text, line);
    if (m_rows) m_place.line += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    const bool isSkipped = m_rows ? isBlankRow(text) : text.empty() || (isSpace(text.front()) && isBlank(text));
    if (isSkipped) return;
    m_lines.push_back({static_cast<std::size_t>(text.data() - m_buffer.pending().data()), text.size(), line});
    m_values += text.size();
}

/// A line that was taken before its line break was there may be followed by that only.
Result<void> LineSplitter::closeOpenLine(ByteView text)
{
    if (text.empty()) return {};
    return base::fail(base::ErrorCode::SourceRewritten, m_buffer.stream().input().path(),
                      "line " + std::to_string(m_place.line) + ", its last and complete when captured, goes on");
}

/// False where the batch is full without it.
Result<bool> LineSplitter::takeLine(const char* begin, const char* end)
{
    const ByteView text = withoutCarriageReturn({begin, static_cast<std::size_t>(end - begin)});
    if (m_place.inOpenLine) {
        LEFTFOLD_CHECK(closeOpenLine(text));
        m_place.inOpenLine = false;
    } else {
        if (!m_lines.empty() && m_values + text.size() > kMaxBatchBytes) return false;
        append(text);
    }
    m_at = m_searched = static_cast<std::size_t>(end - m_buffer.pending().data()) + 1;
    if (m_rows) m_rows->restart();
    return true;
}

/// The line break that ends the row at `m_at`; null where it is not there yet.
const char* LineSplitter::nextRowBreak()
{
    const ByteView begun = m_buffer.pending().substr(m_at);
    const ByteView row = withoutByteOrderMark(begun, m_place.line + 1);
    const std::size_t end = m_rows->findEnd(row, isAll());
    return end == RowScanner::kNone ? nullptr : row.data() + end;
}

/// The same for lines.
const char* LineSplitter::nextBreak()
{
    if (m_rows && !m_place.inOpenLine) return nextRowBreak();
    const ByteView pending = m_buffer.pending();
    const ByteView rest = pending.substr(m_searched);
    const void* found = rest.empty() ? nullptr : std::memchr(rest.data(), '\n', rest.size());
    if (found == nullptr) m_searched = pending.size();
    return static_cast<const char*>(found);
}

/// False where the batch is full.
Result<bool> LineSplitter::takeCompleteLines()
{
    while (m_lines.size() < kMaxBatchLines) {
        const char* const end = nextBreak();
        if (end == nullptr) return true;
        LEFTFOLD_TRY(const bool taken, takeLine(m_buffer.pending().data() + m_at, end));
        if (!taken) return false;
    }
    return false;
}

Result<void> LineSplitter::checkLength() const
{
    if (rest().size() <= kMaxLineBytes) return {};
    return base::fail(base::ErrorCode::SourceLineTooLong, m_buffer.stream().input().path(),
                      std::to_string(m_place.line + 1), std::to_string(kMaxLineBytes));
}

Result<LineSplitter::Stopped> LineSplitter::collect(std::stop_token stop)
{
    restart();
    auto stopped = collectToStop(stop);
    if (stopped && *stopped == Stopped::AtEnd && m_place.inOpenLine)
        LEFTFOLD_CHECK(closeOpenLine(withoutCarriageReturn(rest())));
    return stopped;
}

Result<LineSplitter::Stopped> LineSplitter::collectToStop(const std::stop_token& stop)
{
    while (true) {
        LEFTFOLD_TRY(const bool room, takeCompleteLines());
        if (!room && !(m_at == m_buffer.pending().size() && isAll())) return Stopped::Full;
        if (isAll()) return Stopped::AtEnd;
        LEFTFOLD_CHECK(checkLength());
        if (!m_lines.empty() && m_buffer.stream().wouldWait()) return Stopped::Waiting;
        LEFTFOLD_TRY(const bool more, m_buffer.more(stop));
        m_hasAll = !more;
    }
}

void LineSplitter::takeRest()
{
    const ByteView text = withoutCarriageReturn(rest());
    append(text);
    m_at += text.size();
    m_place.inOpenLine = true;
}

} // namespace leftfold::source
