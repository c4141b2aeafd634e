// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/density.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_map>

namespace leftfold::replay {

namespace {

using base::Result;
using base::Time;

/// The axis as whole buckets: a power of two of ticks each.
struct Axis {
    base::TimeRange span;
    std::uint64_t perSecond = 1'000'000'000; ///< ticks
    unsigned shift = 0;
    std::uint64_t buckets = 0;

    [[nodiscard]] std::uint64_t ticksOf(Time time) const
    {
        const std::uint64_t seconds =
            static_cast<std::uint64_t>(time.seconds) - static_cast<std::uint64_t>(span.from.seconds);
        const std::uint64_t nanosPerTick = 1'000'000'000 / perSecond;
        return seconds * perSecond + time.nanos / nanosPerTick - span.from.nanos / nanosPerTick;
    }
    [[nodiscard]] std::uint64_t bucketOf(Time time) const { return ticksOf(time) >> shift; }
    [[nodiscard]] double bucketNanos() const
    {
        return std::ldexp(1e9 / static_cast<double>(perSecond), static_cast<int>(shift));
    }
};

Time justBehind(Time time)
{
    return base::plusNanos(time, 1);
}

/// REQUIRES: first <= last.
Axis axisOver(Time first, Time last, std::uint32_t maxBuckets)
{
    Axis axis;
    axis.span = {first, justBehind(last)};
    const std::uint64_t seconds = static_cast<std::uint64_t>(last.seconds) - static_cast<std::uint64_t>(first.seconds);
    while (axis.perSecond > 1 && seconds >= UINT64_MAX / axis.perSecond - 1) axis.perSecond /= 1000;
    const std::uint64_t lastTick = axis.ticksOf(last);
    while ((lastTick >> axis.shift) >= std::max(maxBuckets, 1U)) ++axis.shift;
    axis.buckets = (lastTick >> axis.shift) + 1;
    return axis;
}

} // namespace

struct Density::Parts {
    std::vector<std::string> types;
    Axis axis;
    std::uint64_t events = 0;
    std::uint64_t others = 0;
    std::uint64_t timeless = 0;
    std::uint64_t lost = 0;
    std::size_t stride = 1; ///< a lane for each type, and one for all others
    std::vector<std::uint32_t> sums = {0}; ///< [bucket * stride + lane]: events in the buckets before

    [[nodiscard]] double sumBefore(double bucket, std::size_t lane) const
    {
        const double at = std::clamp(bucket, 0.0, static_cast<double>(axis.buckets));
        const auto whole = static_cast<std::size_t>(at);
        const double left = sums[whole * stride + lane];
        if (whole == axis.buckets) return left;
        return left + (at - static_cast<double>(whole)) * (sums[(whole + 1) * stride + lane] - left);
    }
};

class Density::Builder {
public:
    Builder(capture::Reader& reader, const DensityOptions& options, std::stop_token stop, const Progress& progress)
        : m_reader(reader),
          m_options(options),
          m_stop(std::move(stop)),
          m_progress(progress)
    {
        m_parts->types = options.types;
        m_parts->stride = options.types.size() + 1;
        for (std::size_t lane = 0; lane < options.types.size(); ++lane) m_lanes.emplace(options.types[lane], lane);
    }

    Result<Density> build()
    {
        LEFTFOLD_TRY(const auto span, findSpan());
        if (span) m_parts->axis = axisOver(span->first, span->second, m_options.maxBuckets);
        m_parts->sums.assign((m_parts->axis.buckets + 1) * m_parts->stride, 0);
        for (std::uint32_t number = 0; number < partitions(); ++number) LEFTFOLD_CHECK(readPartition(number));
        sumUp();
        return Density(std::move(m_parts));
    }

private:
    using Span = std::pair<Time, Time>;

    [[nodiscard]] std::uint32_t partitions() const
    {
        return static_cast<std::uint32_t>(m_reader.catalog().partitions().size());
    }

    /// The first and the last time there can be on the axis.
    Result<std::optional<Span>> findSpan()
    {
        if (m_options.range) {
            if (!(m_options.range->from < m_options.range->to)) return std::nullopt;
            return Span{m_options.range->from, base::plusNanos(m_options.range->to, -1)};
        }
        std::optional<Span> span;
        for (std::uint32_t number = 0; number < partitions(); ++number) {
            LEFTFOLD_TRY(const auto chunks, m_reader.catalog().chunksOf(number));
            const std::optional<Time> first = firstTime(chunks);
            if (!first) continue;
            // Behind lost chunks nothing was read; what was known before them still holds.
            const Time last = std::max(*first, chunks.back().effectiveAfter);
            span = span ? Span{std::min(span->first, *first), std::max(span->second, last)} : Span{*first, last};
        }
        return span;
    }

    std::optional<Time> firstTime(std::span<const capture::ChunkEntry> chunks)
    {
        for (const capture::ChunkEntry& entry : chunks) {
            if (entry.id != 0 && entry.effectiveAfter == base::kBeginningOfTime) continue;
            const auto chunk = entry.id == 0 ? nullptr : m_reader.chunk(entry).value_or(nullptr);
            if (!chunk) continue;
            const auto known =
                std::ranges::find_if(chunk->effective, [](Time t) { return t != base::kBeginningOfTime; });
            if (known != chunk->effective.end()) return *known;
        }
        return std::nullopt;
    }

    [[nodiscard]] bool isOutside(const capture::ChunkEntry& entry) const
    {
        if (!m_options.range || entry.id == 0) return false;
        return entry.effectiveAfter < m_options.range->from || entry.effectiveBefore >= m_options.range->to;
    }

    Result<void> readPartition(std::uint32_t number)
    {
        LEFTFOLD_TRY(const auto chunks, m_reader.catalog().chunksOf(number));
        for (const capture::ChunkEntry& entry : chunks) {
            if (m_stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
            const auto chunk = entry.id == 0 || isOutside(entry) ? nullptr : m_reader.chunk(entry).value_or(nullptr);
            if (chunk) {
                count(*chunk);
            } else if (!isOutside(entry)) {
                m_parts->lost += entry.count;
            }
            m_done += entry.count;
            if (m_progress) m_progress(m_done, m_reader.catalog().eventCount());
        }
        return {};
    }

    void count(const capture::LoadedChunk& chunk)
    {
        const std::vector<std::size_t> lanes = lanesOf(chunk.columns.types);
        Parts& parts = *m_parts;
        for (std::size_t i = 0; i < chunk.effective.size(); ++i) {
            const Time time = chunk.effective[i];
            if (time == base::kBeginningOfTime) {
                ++parts.timeless;
            } else if (parts.axis.span.contains(time)) {
                const std::size_t lane = lanes[chunk.columns.facts[i].type];
                ++parts.sums[parts.axis.bucketOf(time) * parts.stride + lane];
                ++parts.events;
                parts.others += lane + 1 == parts.stride ? 1 : 0;
            }
        }
    }

    [[nodiscard]] std::vector<std::size_t> lanesOf(const std::vector<std::string>& types) const
    {
        std::vector<std::size_t> out;
        for (const std::string& type : types) {
            const auto lane = m_lanes.find(type);
            out.push_back(lane == m_lanes.end() ? m_parts->stride - 1 : lane->second);
        }
        return out;
    }

    /// From events in each bucket to events before each bucket.
    void sumUp()
    {
        std::vector<std::uint32_t> before(m_parts->stride, 0);
        for (std::size_t i = 0; i < m_parts->sums.size(); ++i) {
            std::uint32_t& sum = before[i % m_parts->stride];
            sum += std::exchange(m_parts->sums[i], sum);
        }
    }

    capture::Reader& m_reader;
    const DensityOptions& m_options;
    std::stop_token m_stop;
    const Progress& m_progress;
    std::shared_ptr<Parts> m_parts = std::make_shared<Parts>();
    std::unordered_map<std::string, std::size_t> m_lanes;
    std::uint64_t m_done = 0;
};

std::vector<std::string> laneTypes(const LogSummary& summary, std::size_t lanes)
{
    std::vector<std::string> out;
    const std::size_t count = summary.types.size() <= lanes ? summary.types.size() : lanes - 1;
    for (std::size_t i = 0; i < count; ++i) out.push_back(summary.types[i].first);
    return out;
}

Density::Density() : m_parts(std::make_shared<Parts>()) {}

Result<Density> Density::read(capture::Reader& reader, const DensityOptions& options, std::stop_token stop,
                              const Progress& progress)
{
    return Builder(reader, options, std::move(stop), progress).build();
}

const std::vector<std::string>& Density::types() const
{
    return m_parts->types;
}

bool Density::hasOther() const
{
    return m_parts->others > 0;
}

std::uint64_t Density::events() const
{
    return m_parts->events;
}

std::uint64_t Density::timeless() const
{
    return m_parts->timeless;
}

std::uint64_t Density::lost() const
{
    return m_parts->lost;
}

const base::TimeRange& Density::span() const
{
    return m_parts->axis.span;
}

double Density::bucketNanos() const
{
    return m_parts->axis.bucketNanos();
}

std::vector<float> Density::counts(Time from, double columnNanos, std::size_t columns) const
{
    const double first = base::nanosBetween(m_parts->axis.span.from, from) / bucketNanos();
    const double width = columnNanos / bucketNanos();
    const std::size_t count = lanes();
    std::vector<float> out(columns * count, 0);
    for (std::size_t lane = 0; lane < count; ++lane) {
        double before = m_parts->sumBefore(first, lane);
        for (std::size_t column = 0; column < columns; ++column) {
            const double behind = m_parts->sumBefore(first + static_cast<double>(column + 1) * width, lane);
            out[column * count + lane] = static_cast<float>(behind - before);
            before = behind;
        }
    }
    return out;
}

} // namespace leftfold::replay
