// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/transactions.h"

#include "core/capture/reader.h"

#include <algorithm>
#include <array>

namespace leftfold::replay {

namespace {

using base::Result;

constexpr std::array<std::string_view, 5> kFields = {"/transaction/id", "/payload/transaction/id", "/__transaction_id",
                                                     "/payload/__transaction_id", "/xid"};
constexpr std::uint64_t kSample = 1000;

} // namespace

Result<std::optional<decode::FieldRef>> transactionField(capture::Reader& reader)
{
    std::vector<decode::FieldRef> refs;
    for (const std::string_view field : kFields) {
        LEFTFOLD_TRY(refs.emplace_back(), decode::parseFieldRef(field));
    }
    decode::FieldExtractor extractor(refs);
    for (std::uint64_t i = 0; i < std::min(kSample, reader.catalog().eventCount()); ++i) {
        const auto event = reader.event(event::EventIndex{i});
        if (!event) continue;
        const auto extraction = extractor.extract(event->record);
        for (std::size_t field = 0; field < refs.size(); ++field) {
            if (decode::aggregateId(extraction.fields[field])) return refs[field];
        }
    }
    return std::nullopt;
}

Result<std::optional<TransactionRange>> transactionRange(const capture::Catalog& catalog,
                                                         const capture::KeyIndex& transactions, base::ByteView id)
{
    LEFTFOLD_TRY(const auto key, transactions.find(id));
    if (!key) return std::nullopt;
    LEFTFOLD_TRY(const auto events, transactions.postings(*key));
    TransactionRange range;
    range.events = events.size();
    LEFTFOLD_TRY(range.before, catalog.prefix(events.front()));
    range.behind = range.before;
    std::vector<bool> isIn(range.before.next.size(), false);
    for (const std::uint32_t event : events) {
        LEFTFOLD_TRY(const capture::Location location, catalog.locate(event::EventIndex{event}));
        if (!isIn[location.partition]) range.before.next[location.partition] = location.ordinal;
        isIn[location.partition] = true;
        range.behind.next[location.partition] = location.ordinal + 1;
    }
    return range;
}

namespace {

/// Effective times of events by their places, without reading payloads; the chunk read last is kept.
class EffectiveTimes {
public:
    explicit EffectiveTimes(capture::Reader& reader) : m_reader(reader) {}

    /// Nothing where the event has none, or cannot be read.
    Result<std::optional<base::Time>> at(capture::Location location)
    {
        LEFTFOLD_TRY(const capture::ChunkEntry* entry, m_reader.catalog().chunkOf(location));
        if (entry->id == 0) return std::nullopt;
        if (!m_chunk || m_chunk->entry.id != entry->id) {
            auto chunk = m_reader.chunk(*entry);
            m_chunk = chunk ? *chunk : nullptr;
        }
        if (!m_chunk) return std::nullopt;
        const base::Time time = m_chunk->effective[location.ordinal - entry->firstOrdinal];
        return time == base::kBeginningOfTime ? std::nullopt : std::optional(time);
    }

private:
    capture::Reader& m_reader;
    std::shared_ptr<const capture::LoadedChunk> m_chunk;
};

Result<void> place(capture::Reader& reader, EffectiveTimes& times, TransactionSpan& span)
{
    const auto number = reader.catalog().numberOf(span.transaction.partition);
    if (!number) return {}; // none of its events was captured
    span.partition = *number;
    const std::uint64_t events = reader.catalog().eventsOf(*number);
    LEFTFOLD_TRY(span.begin, reader.ordinalOf(*number, span.transaction.begin()));
    LEFTFOLD_TRY(span.behind, reader.ordinalOf(*number, span.transaction.last.next()));
    if (!span.transaction.first) span.behind = span.begin;
    const bool isEmpty = span.begin == span.behind;
    std::uint64_t last = isEmpty ? span.begin : span.behind;
    if (span.transaction.state == event::TransactionState::Open) last = events;
    const std::uint64_t first = isEmpty && span.begin > 0 ? span.begin - 1 : span.begin;
    if (first < events) {
        LEFTFOLD_TRY(span.from, times.at({*number, first}));
    }
    span.until = span.from;
    if (last > first + 1) {
        LEFTFOLD_TRY(span.until, times.at({*number, last - 1}));
    }
    return {};
}

} // namespace

Result<std::vector<TransactionSpan>> transactionSpans(capture::Reader& reader)
{
    LEFTFOLD_TRY(std::vector<event::Transaction> known, reader.storedTransactions());
    std::vector<TransactionSpan> spans;
    spans.reserve(known.size());
    EffectiveTimes times(reader);
    for (event::Transaction& transaction : known) {
        TransactionSpan& span = spans.emplace_back();
        span.transaction = std::move(transaction);
        LEFTFOLD_CHECK(place(reader, times, span));
    }
    return spans;
}

LoggedTransactions::LoggedTransactions(const std::vector<TransactionSpan>& spans)
{
    for (const TransactionSpan& span : spans) {
        if (!span.partition || span.begin == span.behind) continue;
        if (m_runs.size() <= *span.partition) m_runs.resize(*span.partition + std::size_t{1});
        m_runs[*span.partition].inOrder.push_back({span.begin, span.behind});
    }
    for (Runs& runs : m_runs) {
        std::ranges::stable_sort(runs.inOrder, {}, &Run::begin);
        std::uint64_t reach = 0;
        for (const Run& run : runs.inOrder) runs.reach.push_back(reach = std::max(reach, run.behind));
    }
}

std::optional<LoggedTransactions::Run> LoggedTransactions::around(capture::Location location) const
{
    if (location.partition >= m_runs.size()) return std::nullopt;
    const auto& [runs, reach] = m_runs[location.partition];
    auto at =
        static_cast<std::size_t>(std::ranges::upper_bound(runs, location.ordinal, {}, &Run::begin) - runs.begin());
    for (; at > 0 && location.ordinal < reach[at - 1]; --at) {
        if (location.ordinal < runs[at - 1].behind) return runs[at - 1];
    }
    return std::nullopt;
}

Result<std::optional<TransactionRange>> transactionRange(const capture::Catalog& catalog,
                                                         std::span<const TransactionSpan> spans,
                                                         const event::Position& begin)
{
    const auto span = std::ranges::find_if(spans, [&](const TransactionSpan& each) {
        return each.transaction.partition == begin.partition && each.transaction.begin() == begin.offset;
    });
    if (span == spans.end() || !span->partition || span->begin == span->behind) return std::nullopt;
    TransactionRange range;
    range.events = span->behind - span->begin;
    LEFTFOLD_TRY(const event::EventIndex first, catalog.indexOf({*span->partition, span->begin}));
    LEFTFOLD_TRY(range.before, catalog.prefix(first.value));
    range.behind = range.before;
    range.behind.next[*span->partition] = span->behind;
    return range;
}

} // namespace leftfold::replay
