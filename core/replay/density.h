// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time_range.h"
#include "core/replay/summary.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace leftfold::replay {

/// Which types have a lane of their own when not all can: the most frequent first; all where there are at most `lanes`,
/// else one less, so that the others share the last one.
[[nodiscard]] std::vector<std::string> laneTypes(const LogSummary& summary, std::size_t lanes = 8);

struct DensityOptions {
    std::vector<std::string> types; ///< a lane each; all other types share one more, if there are any
    std::optional<base::TimeRange> range; ///< only events of this stretch of time; none: all there are
    std::uint32_t maxBuckets = 1U << 19; ///< bounds the memory: 4 bytes a bucket and lane
};

/// How many events of which type lie in any stretch of the time axis, by effective time. The axis is cut into buckets as
/// fine as the span of the events and `maxBuckets` allow (of a power of two of nanoseconds; of coarser units where the
/// span is beyond 500 years). Kept are sums from the left, so that any stretch costs two look-ups a lane. Immutable;
/// copies share; any thread's.
class Density {
public:
    using Progress = std::function<void(std::uint64_t doneEvents, std::uint64_t events)>;

    /// Without any events.
    Density();
    /// One pass over the time and type columns, no payload; chunks outside the range are not read. Cancelled within a chunk.
    [[nodiscard]] static base::Result<Density> read(capture::Reader& reader, const DensityOptions& options,
                                                    std::stop_token stop, const Progress& progress = {});

    /// Types that have a lane, and one lane more if `hasOther`.
    [[nodiscard]] const std::vector<std::string>& types() const;
    [[nodiscard]] bool hasOther() const;
    [[nodiscard]] std::size_t lanes() const { return types().size() + (hasOther() ? 1 : 0); }

    /// Events on the axis; none: `span` means nothing.
    [[nodiscard]] std::uint64_t events() const;
    [[nodiscard]] std::uint64_t timeless() const; ///< events before any time is known: they are not on the axis
    [[nodiscard]] std::uint64_t lost() const; ///< events whose columns cannot be read: not on the axis either
    /// From the first event to just behind the last.
    [[nodiscard]] const base::TimeRange& span() const;
    /// Events closer together than this cannot be told apart.
    [[nodiscard]] double bucketNanos() const;

    /// Events of each lane in `columns` columns, the first beginning at `from`, each `columnNanos` wide: [column * lanes() +
    /// lane]. Whole numbers where edges fall between buckets; the events of a bucket that is cut count in proportion.
    [[nodiscard]] std::vector<float> counts(base::Time from, double columnNanos, std::size_t columns) const;

private:
    friend class DensityMaker;
    struct Parts;
    explicit Density(std::shared_ptr<const Parts> parts) : m_parts(std::move(parts)) {}
    std::shared_ptr<const Parts> m_parts;
};

/// Makes a density event by event, in any order.
class DensityMaker {
public:
    /// Only events inside the span are counted. Types and buckets as in DensityOptions.
    DensityMaker(const base::TimeRange& span, std::vector<std::string> types, std::uint32_t maxBuckets = 1U << 19);
    ~DensityMaker();
    DensityMaker(DensityMaker&&) noexcept;
    DensityMaker& operator=(DensityMaker&&) noexcept;

    /// The lane of a type: a place in `types`, or behind them all others'.
    [[nodiscard]] std::size_t laneOf(std::string_view type) const;
    /// An event of a lane; kBeginningOfTime: none is known, so it is counted as timeless.
    void add(base::Time time, std::size_t lane);
    void addLost(std::uint64_t events);
    /// Hands it out; after that nothing may be added.
    [[nodiscard]] Density finish();

private:
    std::shared_ptr<Density::Parts> m_parts;
};

} // namespace leftfold::replay
