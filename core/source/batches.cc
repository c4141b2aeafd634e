// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/batches.h"

#include "core/decode/envelope.h"
#include "core/decode/kafka_lines.h"
#include "core/event/json_walker.h"

#include <deque>

namespace leftfold::source {

namespace {

using base::ByteView;
using base::ErrorCode;
using base::Result;
using event::RecordBatch;

constexpr std::size_t kShownBytes = 60;

/// What records of envelopes point into: the block of their lines, and texts that had to be decoded.
struct EnvelopeStorage {
    std::shared_ptr<const void> block;
    std::deque<std::string> texts;
};

/// The start of a line for people, as JSON.
std::string startOf(ByteView line)
{
    std::string quoted;
    event::escape(quoted, line.substr(0, kShownBytes));
    return line.size() > kShownBytes ? quoted + " ..." : quoted;
}

/// Turns envelopes into batches, one for each partition.
class EnvelopeSorter {
public:
    EnvelopeSorter(const FileReader& reader, const LineFormat& format, EnvelopePlace place)
        : m_reader(reader),
          m_format(format),
          m_place(std::move(place)),
          m_storage(std::make_shared<EnvelopeStorage>())
    {
        m_storage->block = reader.storage();
    }

    Result<void> add(const LineSpan& span)
    {
        const ByteView line = m_reader.splitter().textOf(span);
        auto content = contentOf(line);
        const auto advanced = content ? advance(*content) : Result<void>();
        const bool contradicts = !advanced && m_format.mode == LineMode::Envelopes;
        if (contradicts) return base::inContext(advanced.error(), m_reader.path() + ": line " + grouped(span.line));
        if (!content || !advanced) {
            leaveOut(span, line, content ? advanced.error() : content.error());
            return {};
        }
        content->record.line = span.line;
        batchFor(content->partition).records.push_back(std::move(content->record));
        return {};
    }

    std::vector<RecordBatch> take()
    {
        if (m_batches.empty() && !m_problems.empty()) batchFor(here());
        if (!m_batches.empty()) m_batches.back().problems = std::move(m_problems);
        return std::move(m_batches);
    }

private:
    [[nodiscard]] event::Partition here() const { return m_place.last.value_or(m_place.fallback); }

    void leaveOut(const LineSpan& span, ByteView line, const base::Error& why)
    {
        const auto next = m_place.next.find(here());
        const event::Offset offset = next == m_place.next.end() ? event::Offset{} : next->second;
        m_problems.push_back({{here(), offset},
                              {ErrorCode::SourceNoEnvelope,
                               {m_reader.path(), grouped(span.line), base::render(why), startOf(line)},
                               {}}});
    }

    Result<decode::EnvelopeContent> contentOf(ByteView line)
    {
        if (m_format.mode == LineMode::Envelopes) return decode::readEnvelope(line, m_storage->texts);
        if (m_format.mode == LineMode::Kcat) {
            LEFTFOLD_TRY(decode::KcatContent kcat, decode::readKcatLine(line, m_storage->texts));
            return decode::EnvelopeContent{std::move(kcat.partition), std::move(kcat.record)};
        }
        LEFTFOLD_TRY(decode::ConsoleContent console, decode::readConsoleLine(line, m_format.console));
        event::Partition partition{m_place.fallback.topic, console.partition.value_or(0)};
        const auto next = m_place.next.find(partition);
        console.record.offset = console.offset.value_or(next == m_place.next.end() ? event::Offset{} : next->second);
        return decode::EnvelopeContent{std::move(partition), std::move(console.record)};
    }

    Result<void> advance(const decode::EnvelopeContent& content)
    {
        event::Offset& next = m_place.next[content.partition];
        const event::Offset offset = content.record.offset;
        if (offset < next) {
            return base::fail(ErrorCode::OffsetNotGrowing, std::to_string(offset.value), toText(content.partition),
                              std::to_string(next.value - 1));
        }
        next = offset.next();
        if (m_place.last != content.partition) m_place.last = content.partition;
        return {};
    }

    RecordBatch& batchFor(const event::Partition& partition)
    {
        const auto [at, isNew] = m_indexes.try_emplace(partition, m_batches.size());
        if (isNew) {
            m_batches.emplace_back().partition = partition;
            m_batches.back().storage = m_storage;
        }
        return m_batches[at->second];
    }

    const FileReader& m_reader;
    const LineFormat& m_format;
    EnvelopePlace m_place;
    std::shared_ptr<EnvelopeStorage> m_storage;
    std::vector<RecordBatch> m_batches;
    std::map<event::Partition, std::size_t> m_indexes;
    std::vector<event::Problem> m_problems;
};

} // namespace

RecordBatch recordsOf(const FileReader& reader, const event::Partition& partition, event::Offset first)
{
    RecordBatch batch;
    batch.partition = partition;
    batch.storage = reader.storage();
    batch.records.resize(reader.splitter().lines().size());
    const char* const bytes = reader.splitter().origin();
    event::Offset offset = first;
    auto record = batch.records.begin();
    for (const LineSpan& span : reader.splitter().lines()) {
        record->offset = offset;
        record->value = ByteView(bytes + span.begin, span.size);
        record->line = span.line;
        offset = offset.next();
        ++record;
    }
    return batch;
}

Result<std::vector<RecordBatch>> envelopesOf(const FileReader& reader, const LineFormat& format, EnvelopePlace place)
{
    EnvelopeSorter sorter(reader, format, std::move(place));
    for (const LineSpan& span : reader.splitter().lines()) LEFTFOLD_CHECK(sorter.add(span));
    return sorter.take();
}

} // namespace leftfold::source
