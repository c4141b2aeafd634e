// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/log_reader.h"

#include "core/source/batches.h"
#include "core/source/csv_rows.h"

#include <utility>

namespace leftfold::source {

namespace {

using base::ErrorCode;
using base::Result;
using event::RecordBatch;

Result<RawInput> openPipeInput(const std::string& path)
{
    return path == "-" ? RawInput::standardInput() : RawInput::openFifo(path);
}

} // namespace

LogReader::LogReader(TargetLog target, LogPlace place, const FileOptions& options,
                     std::map<event::Partition, event::Offset>& envelopes)
    : m_target(std::move(target)),
      m_place(std::move(place)),
      m_options(options),
      m_envelopes(envelopes)
{}

Result<void> LogReader::open(FolderListings& listings, std::stop_token stop)
{
    m_isOpen = true;
    if (!m_target.isPipe) return openFiles(listings, stop);
    if (m_place.file && !m_place.file->atEnd) return base::fail(ErrorCode::SourceReadOnce, m_target.path);
    m_isPipeOpen = !m_place.file;
    return {};
}

void LogReader::park()
{
    m_reader.reset();
    m_hasNewFile = true;
    m_found.clear();
    m_isOpen = false;
}

Result<void> LogReader::openFiles(FolderListings& listings, const std::stop_token& stop)
{
    LEFTFOLD_TRY(m_members, membersOf(m_target, m_place.encoding, listings));
    LEFTFOLD_TRY(Continuation start, findStart(stop));
    m_index = start.index;
    m_reader = std::move(start.reader);
    if (start.hasGap) m_found.push_back({ErrorCode::SourceGap, {m_members[m_index].file.path}, {}});
    return {};
}

Result<Continuation> LogReader::findStart(const std::stop_token& stop) const
{
    const bool wasRead = m_place.file && m_place.file->bytes > 0;
    if (m_place.file) {
        auto found = continueFrom(*m_place.file, !m_place.tail.empty(), m_members, stop);
        if (found || wasRead) return found;
    }
    if (m_members.empty()) return base::fail(ErrorCode::FileNotFound, m_target.path);
    Continuation start;
    if (!m_target.wholeSet) start.index = currentMember();
    return start;
}

/// The file that was current when the load was fixed: it may have been rotated since.
std::size_t LogReader::currentMember() const
{
    for (const TargetFile& file : m_target.files) {
        if (file.path != m_target.path) continue;
        for (std::size_t i = 0; i < m_members.size(); ++i) {
            if (m_members[i].file.facts.id == file.id) return i;
        }
    }
    return m_members.size() - 1;
}

Result<void> LogReader::openPipe(const std::stop_token& stop)
{
    LEFTFOLD_TRY(RawInput input, openPipeInput(m_target.path));
    LEFTFOLD_TRY(m_reader, FileReader::open(std::move(input), kNoLimit, m_place.encoding, stop));
    m_isPipeOpen = false;
    return {};
}

/// False where nothing is left to read.
Result<bool> LogReader::openNext(const std::stop_token& stop)
{
    if (m_isPipeOpen) {
        LEFTFOLD_CHECK(openPipe(stop));
        return true;
    }
    if (m_index >= m_members.size() || !m_members[m_index].limit) return false;
    LEFTFOLD_TRY(m_reader, openMember(m_members[m_index], stop));
    const bool follows = m_index > 0 && (m_target.wholeSet || m_place.file);
    if (follows && isNumberMissingBetween(m_members[m_index - 1].file, m_members[m_index].file)) {
        m_found.push_back({ErrorCode::SourceGap, {m_members[m_index].file.path}, {}});
    }
    return true;
}

bool LogReader::isNewest() const
{
    for (std::size_t i = m_index + 1; i < m_members.size() && m_members[i].limit; ++i) {
        if (*m_members[i].limit > 0) return false;
    }
    return true;
}

event::Position LogReader::nextPosition() const
{
    if (!isOfEnvelopes(m_place.format.mode)) return {partition(), m_place.next};
    const event::Partition here = m_place.lastPartition.value_or(partition());
    const auto next = m_envelopes.find(here);
    return {here, next == m_envelopes.end() ? event::Offset{} : next->second};
}

/// Problems of the place one stands at.
std::vector<event::Problem> LogReader::placed(const std::vector<base::Error>& errors) const
{
    std::vector<event::Problem> problems;
    for (const base::Error& error : errors) problems.push_back({nextPosition(), error});
    return problems;
}

/// Decides what becomes of the end of a file, before its last lines become batches.
std::vector<base::Error> LogReader::settleEnd(bool newest)
{
    std::vector<base::Error> problems;
    const FileReader::LastLine lastLine = m_reader->settleLastLine(newest);
    const std::optional<base::Error> damage = m_reader->stream().damage();
    const bool goesOn = damage && damage->code == ErrorCode::SourceTruncatedStream && newest && m_reader->hasGrown();
    if (damage && !goesOn) problems.push_back(*damage);
    if (lastLine == FileReader::LastLine::HalfWritten) problems.push_back(m_reader->halfLine());
    return problems;
}

/// Before the first lines of a file are collected: whether they are rows decides where they end.
Result<void> LogReader::findFormat(const std::stop_token& stop)
{
    m_format = m_place.format;
    if (m_format.mode == LineMode::Unknown) {
        LEFTFOLD_TRY(const FileReader::Head head, m_reader->head(stop));
        m_format = formatOf(head.text, head.isAll, m_target.path, m_options);
    }
    if (m_format.mode == LineMode::Rows) m_reader->splitter().splitRows(m_format.dialect);
    if (m_format.mode == LineMode::Console) m_reader->expectTabs();
    return {};
}

std::vector<RecordBatch> LogReader::rows()
{
    const std::size_t skipped = headerLines(*m_reader, m_place.format.dialect);
    const std::size_t count = m_reader->splitter().lines().size() - skipped;
    std::vector<RecordBatch> made;
    if (count > 0) made.push_back(rowsOf(*m_reader, skipped, m_place.format.dialect, partition(), m_place.next));
    m_place.next = m_place.next + event::OffsetCount{static_cast<std::int64_t>(count)};
    return made;
}

/// What was collected, as batches; the place in the log moves behind them, that in the file does not yet.
Result<std::vector<RecordBatch>> LogReader::batches()
{
    const std::size_t count = m_reader->splitter().lines().size();
    if (count > 0) m_place.format = m_format;
    if (m_place.format.mode == LineMode::Rows) return rows();
    if (isOfEnvelopes(m_place.format.mode)) {
        return envelopesOf(*m_reader, m_place.format, {m_envelopes, m_place.lastPartition, partition()});
    }
    std::vector<RecordBatch> made;
    if (count > 0) made.push_back(recordsOf(*m_reader, partition(), m_place.next));
    m_place.next = m_place.next + event::OffsetCount{static_cast<std::int64_t>(count)};
    return made;
}

void LogReader::moveOn(bool atEnd)
{
    m_reader->commit();
    FilePlace place = m_reader->place();
    place.atEnd = atEnd;
    if (m_target.isPipe) place.path = m_target.path;
    if (!m_place.file || place.bytes > 0 || m_place.file->bytes == 0) m_place.file = std::move(place);
    if (!atEnd) return;
    m_bytesDone += m_reader->stream().input().position();
    m_reader.reset();
    m_hasNewFile = true;
    ++m_index;
}

Result<std::vector<RecordBatch>> LogReader::readSome(const std::stop_token& stop)
{
    if (m_hasNewFile) LEFTFOLD_CHECK(findFormat(stop));
    m_hasNewFile = false;
    LEFTFOLD_TRY(const LineSplitter::Stopped stopped, m_reader->collect(stop));
    const bool atEnd = stopped == LineSplitter::Stopped::AtEnd && m_reader->splitter().hasRoomForRest();
    const bool newest = isNewest();
    const std::vector<base::Error> endProblems = atEnd ? settleEnd(newest) : std::vector<base::Error>();
    std::vector<event::Problem> problems = placed(std::exchange(m_found, {}));
    LEFTFOLD_TRY(std::vector<RecordBatch> made, batches());
    m_place.tail = placed(endProblems);
    if (!newest) problems.insert(problems.end(), m_place.tail.begin(), m_place.tail.end());
    if (!newest) m_place.tail.clear();
    if (made.empty() && !problems.empty()) made.emplace_back().partition = problems.front().position.partition;
    if (!made.empty()) made.back().problems.insert(made.back().problems.end(), problems.begin(), problems.end());
    moveOn(atEnd);
    return made;
}

Result<std::vector<RecordBatch>> LogReader::read(std::stop_token stop)
{
    if (!m_isOpen) {
        FolderListings listings;
        LEFTFOLD_CHECK(open(listings, stop));
    }
    while (true) {
        if (stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
        if (!m_reader) {
            LEFTFOLD_TRY(const bool more, openNext(stop));
            if (!more) return std::vector<RecordBatch>();
        }
        LEFTFOLD_TRY(std::vector<RecordBatch> made, readSome(stop));
        if (!made.empty()) return made;
    }
}

std::uint64_t LogReader::bytesRead() const
{
    return m_bytesDone + (m_reader ? m_reader->stream().input().position() : 0);
}

std::uint64_t LogReader::bytesToRead() const
{
    std::uint64_t bytes = m_bytesDone;
    for (std::size_t i = m_index; i < m_members.size() && m_members[i].limit; ++i) bytes += *m_members[i].limit;
    return bytes;
}

} // namespace leftfold::source
