// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/density.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

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

/// REQUIRES: span.from < span.to.
Axis axisOver(const base::TimeRange& span, std::uint32_t maxBuckets)
{
    Axis axis;
    axis.span = span;
    const std::uint64_t seconds =
        static_cast<std::uint64_t>(span.to.seconds) - static_cast<std::uint64_t>(span.from.seconds);
    while (axis.perSecond > 1 && seconds >= UINT64_MAX / axis.perSecond - 1) axis.perSecond /= 1000;
    const std::uint64_t lastTick = axis.ticksOf(base::plusNanos(span.to, -1));
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

DensityMaker::DensityMaker(const base::TimeRange& span, std::vector<std::string> types, std::uint32_t maxBuckets)
    : m_parts(std::make_shared<Density::Parts>())
{
    m_parts->types = std::move(types);
    m_parts->stride = m_parts->types.size() + 1;
    if (span.from < span.to) m_parts->axis = axisOver(span, maxBuckets);
    m_parts->sums.assign((m_parts->axis.buckets + 1) * m_parts->stride, 0);
}

DensityMaker::~DensityMaker() = default;
DensityMaker::DensityMaker(DensityMaker&&) noexcept = default;
DensityMaker& DensityMaker::operator=(DensityMaker&&) noexcept = default;

std::size_t DensityMaker::laneOf(std::string_view type) const
{
    return static_cast<std::size_t>(std::ranges::find(m_parts->types, type) - m_parts->types.begin());
}

void DensityMaker::add(Time time, std::size_t lane)
{
    Density::Parts& parts = *m_parts;
    if (time == base::kBeginningOfTime) {
        ++parts.timeless;
    } else if (parts.axis.span.contains(time)) {
        ++parts.sums[parts.axis.bucketOf(time) * parts.stride + lane];
        ++parts.events;
        parts.others += lane + 1 == parts.stride ? 1 : 0;
    }
}

void DensityMaker::addLost(std::uint64_t events)
{
    m_parts->lost += events;
}

Density DensityMaker::finish()
{
    // From events in each bucket to events before each bucket.
    std::vector<std::uint32_t> before(m_parts->stride, 0);
    for (std::size_t i = 0; i < m_parts->sums.size(); ++i) {
        std::uint32_t& sum = before[i % m_parts->stride];
        sum += std::exchange(m_parts->sums[i], sum);
    }
    return Density(std::move(m_parts));
}

namespace {

/// Reads the columns of a capture into a density.
class DensityReader {
public:
    DensityReader(capture::Reader& reader, const DensityOptions& options, std::stop_token stop,
                  const Density::Progress& progress)
        : m_reader(reader),
          m_options(options),
          m_stop(std::move(stop)),
          m_progress(progress)
    {}

    Result<Density> read()
    {
        LEFTFOLD_TRY(const base::TimeRange span, findSpan());
        DensityMaker maker(span, m_options.types, m_options.maxBuckets);
        for (std::uint32_t number = 0; number < partitions(); ++number) LEFTFOLD_CHECK(readPartition(number, maker));
        return maker.finish();
    }

private:
    [[nodiscard]] std::uint32_t partitions() const
    {
        return static_cast<std::uint32_t>(m_reader.catalog().partitions().size());
    }

    /// From the first to just behind the last time there can be on the axis; empty where there is none.
    Result<base::TimeRange> findSpan()
    {
        if (m_options.range) return *m_options.range;
        base::TimeRange span;
        for (std::uint32_t number = 0; number < partitions(); ++number) {
            LEFTFOLD_TRY(const auto chunks, m_reader.catalog().chunksOf(number));
            const std::optional<Time> first = firstTime(chunks);
            if (!first) continue;
            Time last = *first;
            for (const capture::ChunkEntry& entry : chunks)
                if (entry.id != 0) last = std::max(last, entry.effectiveAfter);
            const base::TimeRange here{*first, base::plusNanos(last, 1)};
            const bool isFirst = !(span.from < span.to);
            span = isFirst ? here : base::TimeRange{std::min(span.from, here.from), std::max(span.to, here.to)};
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

    Result<void> readPartition(std::uint32_t number, DensityMaker& maker)
    {
        LEFTFOLD_TRY(const auto chunks, m_reader.catalog().chunksOf(number));
        for (const capture::ChunkEntry& entry : chunks) {
            if (m_stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
            if (!isOutside(entry)) readChunk(entry, maker);
            m_done += entry.count;
            if (m_progress) m_progress(m_done, m_reader.catalog().eventCount());
        }
        return {};
    }

    void readChunk(const capture::ChunkEntry& entry, DensityMaker& maker)
    {
        const auto chunk = entry.id == 0 ? nullptr : m_reader.chunk(entry).value_or(nullptr);
        if (!chunk) return maker.addLost(entry.count);
        std::vector<std::size_t> lanes;
        for (const std::string& type : chunk->columns.types) lanes.push_back(maker.laneOf(type));
        for (std::size_t i = 0; i < chunk->effective.size(); ++i)
            maker.add(chunk->effective[i], lanes[chunk->columns.facts[i].type]);
    }

    capture::Reader& m_reader;
    const DensityOptions& m_options;
    std::stop_token m_stop;
    const Density::Progress& m_progress;
    std::uint64_t m_done = 0;
};

} // namespace

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
    return DensityReader(reader, options, std::move(stop), progress).read();
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
