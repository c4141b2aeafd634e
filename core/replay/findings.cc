// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/findings.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace leftfold::replay {

namespace {

using base::ErrorCode;
using base::Result;
using base::Time;
using event::Problem;

constexpr std::int64_t kDay = 24 * 60 * 60;

/// Whether `later` is more than a day behind `earlier`. Seconds are compared as unsigned differences: no overflow.
bool isMoreThanADayAfter(Time later, Time earlier)
{
    if (later <= earlier) return false;
    const auto seconds = static_cast<std::uint64_t>(later.seconds) - static_cast<std::uint64_t>(earlier.seconds);
    return seconds > static_cast<std::uint64_t>(kDay)
           || (seconds == static_cast<std::uint64_t>(kDay) && later.nanos > earlier.nanos);
}

/// Walks one partition's columns from chunk to chunk. What is known of the partition beforehand is told where it belongs.
class PartitionFindings {
public:
    using Sink = std::function<bool(const Problem&)>;
    /// REQUIRES: `known` are of this partition, by offset.
    PartitionFindings(capture::Reader& reader, std::uint32_t partition, std::vector<Problem> known, const Sink& sink)
        : m_reader(reader),
          m_partition(partition),
          m_name(reader.catalog().partitions()[partition]),
          m_known(std::move(known)),
          m_sink(sink)
    {}

    /// False if the sink wants no more.
    Result<bool> find(std::stop_token stop)
    {
        LEFTFOLD_TRY(m_chunks, m_reader.catalog().chunksOf(m_partition));
        for (m_chunk = 0; m_chunk < m_chunks.size() && m_goOn; ++m_chunk) {
            if (stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            const auto chunk = read(m_chunks[m_chunk]);
            if (!chunk) {
                tellKnownUpTo({m_chunks[m_chunk].firstOffset});
                tellLost(m_chunks[m_chunk], chunk.error());
                continue;
            }
            for (std::size_t i = 0; i < (*chunk)->columns.count() && m_goOn; ++i) {
                LEFTFOLD_CHECK(look(**chunk, i, stop));
            }
        }
        tellKnownUpTo({INT64_MAX});
        return m_goOn;
    }

private:
    using Chunk = std::shared_ptr<const capture::LoadedChunk>;
    struct Timed {
        event::Offset offset;
        Time time;
    };

    Result<Chunk> read(const capture::ChunkEntry& entry)
    {
        if (entry.id == 0) return base::fail(ErrorCode::DamagedChunk, "its checksum");
        return m_reader.chunk(entry);
    }

    /// The facts of all events from a place of the current chunk on, over later chunks, until `see` says false.
    template <class See>
    Result<void> lookAhead(const capture::LoadedChunk& chunk, std::size_t from, const std::stop_token& stop, See see)
    {
        for (std::size_t i = from; i < chunk.columns.count(); ++i) {
            if (!see(chunk.columns.facts[i])) return {};
        }
        for (std::size_t next = m_chunk + 1; next < m_chunks.size(); ++next) {
            if (stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            const auto later = read(m_chunks[next]);
            if (!later) continue;
            for (const capture::EventFacts& facts : (*later)->columns.facts) {
                if (!see(facts)) return {};
            }
        }
        return {};
    }

    /// An id that is missing is told behind what is wrong with that record itself: it is mostly a consequence.
    void tellKnownUpTo(event::Offset offset)
    {
        for (; m_nextKnown < m_known.size() && m_goOn; ++m_nextKnown) {
            const Problem& known = m_known[m_nextKnown];
            const bool isConsequence = known.error.code == ErrorCode::IdMissing;
            if (known.position.offset > offset || (known.position.offset == offset && isConsequence)) return;
            m_goOn = m_sink(known);
        }
    }

    void tell(event::Offset offset, ErrorCode code, std::vector<std::string> args)
    {
        if (m_goOn) m_goOn = m_sink({{m_name, offset}, {code, std::move(args), {}}});
    }

    void tellLost(const capture::ChunkEntry& entry, const base::Error& why)
    {
        tell({entry.firstOffset}, ErrorCode::DamagedEvents,
             {std::to_string(entry.count), toText(m_name), std::to_string(entry.firstOffset),
              std::to_string(entry.lastOffset), base::render(why)});
        m_nextOffset = entry.lastOffset + 1;
    }

    Result<void> look(const capture::LoadedChunk& chunk, std::size_t i, const std::stop_token& stop)
    {
        const event::Offset offset = chunk.columns.offsets[i];
        const capture::EventFacts& facts = chunk.columns.facts[i];
        tellKnownUpTo(offset);
        if (offset.value > m_nextOffset && m_nextOffset >= 0) {
            tell(offset, ErrorCode::OffsetGap, {std::to_string(offset.value - m_nextOffset)});
        }
        m_nextOffset = offset.value + 1;
        if (facts.isUnread() || facts.badTime) lookAtRecord(chunk, i);
        if (facts.time) return lookAtTime(chunk, i, stop);
        return isTimeless(facts) && !m_timelessTold ? tellTimeless(chunk, i, stop) : Result<void>();
    }

    static bool isTimeless(const capture::EventFacts& facts)
    {
        return !facts.time && !facts.badTime && !facts.undecodable;
    }

    /// At the first of them, for all that come: so their number is sought ahead.
    Result<void> tellTimeless(const capture::LoadedChunk& chunk, std::size_t i, const std::stop_token& stop)
    {
        std::uint64_t timeless = 0;
        LEFTFOLD_CHECK(lookAhead(chunk, i, stop, [&](const capture::EventFacts& facts) {
            timeless += isTimeless(facts);
            return true;
        }));
        m_timelessTold = true;
        tell(chunk.columns.offsets[i], ErrorCode::TimeMissing, {std::to_string(timeless)});
        return {};
    }

    /// What is encoded and could not be read, each part apart. Whether the value is among them.
    bool tellKept(const capture::StoredEvent& event)
    {
        const decode::PayloadNotes* notes = event.notes();
        if (notes == nullptr) return false;
        for (const auto* note : {&notes->key, &notes->value}) {
            if (*note && (*note)->kept)
                tell(event.record.offset, ErrorCode::UndecodableRecord, {base::render(*(*note)->kept)});
        }
        for (const decode::HeaderNote& header : notes->headers) {
            if (header.note.kept)
                tell(event.record.offset, ErrorCode::UndecodableRecord, {base::render(*header.note.kept)});
        }
        return notes->value && notes->value->kept;
    }

    void lookAtRecord(const capture::LoadedChunk& chunk, std::size_t i)
    {
        const auto read = m_reader.event({m_partition, chunk.entry.firstOrdinal + i});
        if (!read) {
            if (m_goOn) m_goOn = m_sink({{m_name, chunk.columns.offsets[i]}, read.error()});
            return;
        }
        const capture::StoredEvent& event = *read;
        const decode::Mapping& mapping = m_reader.catalog().mapping();
        std::vector<decode::FieldRef> fields;
        if (mapping.time) fields.push_back(*mapping.time);
        decode::FieldExtractor extractor(std::move(fields));
        const auto extraction = extractor.extract(event.record);
        const bool valueIsKept = tellKept(event);
        if (!valueIsKept && extraction.undecodable) {
            tell(event.record.offset, ErrorCode::UndecodableRecord, {base::render(*extraction.undecodable)});
        }
        if (event.facts.badTime && mapping.time) {
            const auto time = decode::timeOf(extraction.fields[0], mapping.timeUnit);
            if (!time) tell(event.record.offset, ErrorCode::TimeUnreadable, {base::render(time.error())});
        }
    }

    Result<void> lookAtTime(const capture::LoadedChunk& chunk, std::size_t i, const std::stop_token& stop)
    {
        const Timed event{chunk.columns.offsets[i], *chunk.columns.facts[i].time};
        if (m_reached && event.time < *m_reached) {
            tell(event.offset, ErrorCode::TimeBackwards,
                 {base::toIso(event.time), spanText(event.time, *m_reached), base::toIso(*m_reached)});
            return {};
        }
        if (m_reached && isMoreThanADayAfter(event.time, *m_reached)) {
            LEFTFOLD_TRY(const auto next, timeBehind(chunk, i, stop));
            if (next && isMoreThanADayAfter(event.time, *next)) {
                tell(event.offset, ErrorCode::TimeJump,
                     {base::toIso(event.time), spanText(std::max(*m_reached, *next), event.time)});
                return {};
            }
        }
        m_reached = event.time;
        return {};
    }

    /// The time of the next event that has one: if that is back where the others are, the one before it jumped.
    Result<std::optional<Time>> timeBehind(const capture::LoadedChunk& chunk, std::size_t i,
                                           const std::stop_token& stop)
    {
        std::optional<Time> next;
        LEFTFOLD_CHECK(lookAhead(chunk, i + 1, stop, [&](const capture::EventFacts& facts) {
            next = facts.time;
            return !next;
        }));
        return next;
    }

    capture::Reader& m_reader;
    std::uint32_t m_partition;
    event::Partition m_name;
    std::vector<Problem> m_known;
    std::size_t m_nextKnown = 0;
    const Sink& m_sink;
    std::span<const capture::ChunkEntry> m_chunks;
    std::size_t m_chunk = 0;
    std::int64_t m_nextOffset = -1; ///< -1: the first event may have any
    bool m_timelessTold = false;
    std::optional<Time> m_reached; ///< the largest time that did not jump
    bool m_goOn = true;
};

/// The first event without a key, if there is one.
Result<std::optional<Problem>> missingIds(capture::Reader& reader, const capture::KeyIndex& keys)
{
    if (!keys.firstWithoutKey()) return std::nullopt;
    LEFTFOLD_TRY(const capture::Location location, reader.catalog().locate(*keys.firstWithoutKey()));
    auto position = reader.positionOf(location);
    if (!position) { // lost: its chunk still says where it begins
        LEFTFOLD_TRY(const capture::ChunkEntry* chunk, reader.catalog().chunkOf(location));
        position = event::Position{reader.catalog().partitions()[location.partition], {chunk->firstOffset}};
    }
    return Problem{std::move(*position),
                   {ErrorCode::IdMissing, {std::to_string(keys.withoutKey()), toText(keys.by())}, {}}};
}

/// What is known without looking at the events, by partition and offset: what the source said, and that ids are missing.
Result<std::map<event::Partition, std::vector<Problem>>> knownProblems(capture::Reader& reader,
                                                                       const capture::KeyIndex* keys)
{
    std::map<event::Partition, std::vector<Problem>> known;
    LEFTFOLD_TRY(auto stored, reader.storedProblems());
    for (capture::ProblemRow& row : stored) known[row.problem.position.partition].push_back(std::move(row.problem));
    if (keys) {
        LEFTFOLD_TRY(auto missing, missingIds(reader, *keys));
        if (missing) known[missing->position.partition].push_back(std::move(*missing));
    }
    for (auto& [partition, problems] : known) {
        std::ranges::stable_sort(problems, {}, [](const Problem& problem) { return problem.position.offset; });
    }
    return known;
}

} // namespace

Result<void> findProblems(capture::Reader& reader, const capture::KeyIndex* keys, std::stop_token stop,
                          const std::function<bool(const Problem&)>& sink)
{
    LEFTFOLD_TRY(auto known, knownProblems(reader, keys));
    for (std::uint32_t partition = 0; partition < reader.catalog().partitions().size(); ++partition) {
        auto ofPartition = known.extract(reader.catalog().partitions()[partition]);
        auto problems = ofPartition ? std::move(ofPartition.mapped()) : std::vector<Problem>();
        LEFTFOLD_TRY(const bool goOn, PartitionFindings(reader, partition, std::move(problems), sink).find(stop));
        if (!goOn) return {};
    }
    for (const auto& [partition, problems] : known) { // no event of these was captured
        for (const Problem& problem : problems) {
            if (!sink(problem)) return {};
        }
    }
    return {};
}

std::string spanText(Time from, Time to)
{
    const auto seconds = static_cast<std::uint64_t>(to.seconds) - static_cast<std::uint64_t>(from.seconds)
                         - (to.nanos < from.nanos ? 1 : 0);
    if (seconds == 0) {
        const std::uint32_t nanos =
            to.nanos >= from.nanos ? to.nanos - from.nanos : to.nanos + 1'000'000'000 - from.nanos;
        if (nanos >= 1'000'000) return fmt::format("{} ms", nanos / 1'000'000);
        return fmt::format("{} ns", nanos);
    }
    struct Unit {
        std::uint64_t seconds;
        const char* name;
    };
    constexpr Unit kUnits[] = {{365 * kDay, "years"}, {kDay, "days"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    std::string out;
    std::uint64_t left = seconds;
    int shown = 0;
    for (const Unit& unit : kUnits) {
        if (left < unit.seconds && shown == 0) continue;
        if (const std::uint64_t count = left / unit.seconds; count > 0)
            out += fmt::format("{}{} {}", out.empty() ? "" : " ", count, unit.name);
        left %= unit.seconds;
        if (++shown == 2) break;
    }
    return out;
}

} // namespace leftfold::replay
