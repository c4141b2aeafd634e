// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/findings.h"

#include <algorithm>
#include <fmt/format.h>

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

/// Walks one partition's columns from chunk to chunk.
class PartitionFindings {
public:
    PartitionFindings(capture::Reader& reader, std::uint32_t partition, const std::function<bool(const Problem&)>& sink)
        : m_reader(reader),
          m_partition(partition),
          m_name(reader.catalog().partitions()[partition]),
          m_sink(sink)
    {}

    /// False if the sink wants no more.
    Result<bool> find(std::stop_token stop)
    {
        LEFTFOLD_TRY(const auto chunks, m_reader.catalog().chunksOf(m_partition));
        for (const capture::ChunkEntry& entry : chunks) {
            if (stop.stop_requested()) return base::fail(ErrorCode::Cancelled);
            const auto chunk =
                entry.id == 0 ? base::fail(ErrorCode::DamagedChunk, "its checksum") : m_reader.chunk(entry);
            if (!chunk) {
                tellLost(entry, chunk.error());
                continue;
            }
            for (std::size_t i = 0; i < (*chunk)->columns.count() && m_goOn; ++i) look(**chunk, i);
            if (!m_goOn) return false;
        }
        settlePending(std::nullopt);
        if (m_timeless > 0) tell(m_firstTimeless, ErrorCode::TimeMissing, {std::to_string(m_timeless)});
        return m_goOn;
    }

private:
    struct Timed {
        event::Offset offset;
        Time time;
    };

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

    void look(const capture::LoadedChunk& chunk, std::size_t i)
    {
        const event::Offset offset = chunk.columns.offsets[i];
        const capture::EventFacts& facts = chunk.columns.facts[i];
        if (offset.value > m_nextOffset && m_nextOffset >= 0) {
            tell(offset, ErrorCode::OffsetGap, {std::to_string(offset.value - m_nextOffset)});
        }
        m_nextOffset = offset.value + 1;
        if (facts.undecodable || facts.badTime) lookAtRecord(chunk, i);
        if (facts.time) {
            lookAtTime({offset, *facts.time});
        } else if (!facts.badTime && !facts.undecodable && m_timeless++ == 0) {
            m_firstTimeless = offset;
        }
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
        if (extraction.undecodable) {
            tell(event.record.offset, ErrorCode::UndecodableRecord, {base::render(*extraction.undecodable)});
        }
        if (event.facts.badTime && mapping.time) {
            const auto time = decode::timeOf(extraction.fields[0], mapping.timeUnit);
            if (!time) tell(event.record.offset, ErrorCode::TimeUnreadable, {base::render(time.error())});
        }
    }

    /// An event that is far ahead of those before it waits for the next one: if that is back where the others are, it jumped.
    void lookAtTime(Timed event)
    {
        if (settlePending(event.time)) return lookAtTime(event);
        if (!m_reached) {
            m_reached = event.time;
        } else if (isMoreThanADayAfter(event.time, *m_reached)) {
            m_pending = event;
        } else if (event.time < *m_reached) {
            tell(event.offset, ErrorCode::TimeBackwards,
                 {base::toIso(event.time), spanText(event.time, *m_reached), base::toIso(*m_reached)});
        } else {
            m_reached = event.time;
        }
    }

    /// True if an event was pending and is now decided.
    bool settlePending(std::optional<Time> next)
    {
        if (!m_pending) return false;
        const Timed pending = *m_pending;
        m_pending.reset();
        if (next && isMoreThanADayAfter(pending.time, *next)) {
            tell(pending.offset, ErrorCode::TimeJump,
                 {base::toIso(pending.time), spanText(std::max(*m_reached, *next), pending.time)});
        } else {
            m_reached = pending.time;
        }
        return true;
    }

    capture::Reader& m_reader;
    std::uint32_t m_partition;
    event::Partition m_name;
    const std::function<bool(const Problem&)>& m_sink;
    std::int64_t m_nextOffset = -1; ///< -1: the first event may have any
    std::uint64_t m_timeless = 0;
    event::Offset m_firstTimeless;
    std::optional<Time> m_reached; ///< the largest time that did not jump
    std::optional<Timed> m_pending;
    bool m_goOn = true;
};

/// The first event without a key, if there is one.
Result<std::optional<Problem>> missingIds(capture::Reader& reader, const capture::KeyIndex& keys)
{
    if (!keys.firstWithoutKey()) return std::nullopt;
    LEFTFOLD_TRY(const capture::Location location, reader.catalog().locate(*keys.firstWithoutKey()));
    LEFTFOLD_TRY(event::Position position, reader.positionOf(location));
    return Problem{std::move(position),
                   {ErrorCode::IdMissing, {std::to_string(keys.withoutKey()), toText(keys.by())}, {}}};
}

} // namespace

Result<void> findProblems(capture::Reader& reader, const capture::KeyIndex* keys, std::stop_token stop,
                          const std::function<bool(const Problem&)>& sink)
{
    LEFTFOLD_TRY(const auto stored, reader.storedProblems());
    for (const capture::ProblemRow& row : stored) {
        if (!sink(row.problem)) return {};
    }
    for (std::uint32_t partition = 0; partition < reader.catalog().partitions().size(); ++partition) {
        LEFTFOLD_TRY(const bool goOn, PartitionFindings(reader, partition, sink).find(stop));
        if (!goOn) return {};
    }
    if (!keys) return {};
    LEFTFOLD_TRY(const auto missing, missingIds(reader, *keys));
    if (missing) (void)sink(*missing);
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
