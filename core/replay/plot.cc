// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/plot.h"

#include "core/base/ordered_parallel.h"
#include "core/replay/streams.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace leftfold::replay {

namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t kAggregatesPerPiece = 64;

/// None for what is no number. NaN and infinities are null as JSON.
std::optional<double> numberOf(const fold::Answer& answer)
{
    if (!answer.json) return std::nullopt;
    double value = 0;
    const char* end = answer.json->data() + answer.json->size();
    const auto [behind, error] = std::from_chars(answer.json->data(), end, value);
    if (error != std::errc() || behind != end || !std::isfinite(value)) return std::nullopt;
    return value;
}

/// `sink` hears of each point.
template <class Sink>
Result<bool> walkPoints(Replayer& replayer, base::ByteView id, fold::Asker& function, const capture::OrdinalCut& cut,
                        const std::stop_token& stop, const Sink& sink)
{
    return replayer.walk(id, cut, stop, [&](const Replayer::Step& step) -> Result<bool> {
        if (!step.folder->exists(*step.state)) return true;
        const event::Document state = step.folder->read(*step.state);
        LEFTFOLD_CHECK(step.folder->outcome());
        LEFTFOLD_TRY(const fold::Answer answer, function.ask(*step.seen, nullptr, &state));
        if (const auto value = numberOf(answer)) sink(PlotPoint{step.index, step.event->effective, *value});
        return true;
    });
}

void add(PlotBucket& bucket, const PlotBucket& more)
{
    bucket.min = bucket.points == 0 ? more.min : std::min(bucket.min, more.min);
    bucket.max = bucket.points == 0 ? more.max : std::max(bucket.max, more.max);
    bucket.sum += more.sum;
    bucket.points += more.points;
}

void add(PlotBuckets& all, const PlotPoint& point, std::int64_t width)
{
    if (point.time == base::kBeginningOfTime) {
        ++all.timeless;
        return;
    }
    const std::int64_t seconds = point.time.seconds;
    const std::int64_t number = seconds / width - (seconds % width < 0 ? 1 : 0);
    add(all.buckets[number * width], PlotBucket{1, point.value, point.value, point.value});
}

/// A reader, a fold and the function, for a thread.
struct Worker {
    std::unique_ptr<capture::Reader> reader;
    std::unique_ptr<Replayer> replayer;
    std::unique_ptr<fold::Asker> function;
};

Result<std::vector<Worker>> makeWorkers(std::size_t count, capture::Reader& reader, const Projection& projection,
                                        const fold::ScriptQuestion& function, const std::stop_token& stop)
{
    std::vector<Worker> workers(count);
    const auto streams = streamsOf(projection, reader.catalog().mapping());
    for (Worker& worker : workers) {
        LEFTFOLD_TRY(worker.reader, reader.another());
        worker.replayer = std::make_unique<Replayer>(*worker.reader, projection, nullptr);
        worker.function = function.asker(streams);
        worker.function->obey(stop);
    }
    return workers;
}

} // namespace

Result<std::optional<std::vector<PlotPoint>>> plotOf(Replayer& replayer, base::ByteView id, fold::Asker& function,
                                                     const capture::OrdinalCut& cut, std::stop_token stop)
{
    function.obey(stop);
    std::vector<PlotPoint> points;
    LEFTFOLD_TRY(const bool isThere, walkPoints(replayer, id, function, cut, stop,
                                                [&](const PlotPoint& point) { points.push_back(point); }));
    if (!isThere) return std::nullopt;
    return points;
}

Result<PlotBuckets> plotAll(capture::Reader& reader, const Projection& projection, const fold::ScriptQuestion& function,
                            std::chrono::seconds width, const capture::OrdinalCut& cut, unsigned workers,
                            std::stop_token stop, const std::function<void(std::uint64_t, std::uint64_t)>& progress)
{
    const std::size_t aggregates = projection.index->size();
    const std::size_t pieces = (aggregates + kAggregatesPerPiece - 1) / kAggregatesPerPiece;
    LEFTFOLD_TRY(auto crew, makeWorkers(std::clamp<std::size_t>(pieces, 1, std::max(workers, 1U)), reader, projection,
                                        function, stop));
    const std::function<Result<PlotBuckets>(unsigned, std::size_t)> produce =
        [&](unsigned number, std::size_t piece) -> Result<PlotBuckets> {
        PlotBuckets part;
        Worker& worker = crew[number];
        const std::size_t first = piece * kAggregatesPerPiece;
        for (std::size_t key = first; key < std::min(aggregates, first + kAggregatesPerPiece); ++key) {
            LEFTFOLD_TRY(const base::ByteView id, projection.index->text(static_cast<std::uint32_t>(key)));
            const auto walked = walkPoints(*worker.replayer, id, *worker.function, cut, stop,
                                           [&](const PlotPoint& point) { add(part, point, width.count()); });
            if (!walked && walked.error().code != ErrorCode::DamagedEvents) return tl::unexpected(walked.error());
            part.unreadable += !walked;
        }
        return part;
    };
    PlotBuckets all;
    std::uint64_t done = 0;
    const std::function<Result<void>(std::size_t, PlotBuckets&)> consume = [&](std::size_t,
                                                                               PlotBuckets& part) -> Result<void> {
        for (const auto& [start, bucket] : part.buckets) add(all.buckets[start], bucket);
        all.timeless += part.timeless;
        all.unreadable += part.unreadable;
        if (all.buckets.size() > kMaxPlotBuckets)
            return base::fail(ErrorCode::BadArgument, "these are too many stretches of time: take longer ones");
        done = std::min<std::uint64_t>(aggregates, done + kAggregatesPerPiece);
        if (progress) progress(done, aggregates);
        return {};
    };
    LEFTFOLD_CHECK(
        base::orderedParallel<PlotBuckets>(pieces, static_cast<unsigned>(crew.size()), produce, consume, stop));
    return all;
}

Result<std::chrono::seconds> parseWidth(std::string_view text)
{
    constexpr std::string_view kUnits = "smhd";
    constexpr std::int64_t kSeconds[] = {1, 60, 3600, 86400};
    constexpr std::int64_t kMost = 1'000'000;
    std::int64_t count = 0;
    const char* end = text.data() + text.size();
    const auto [behind, error] = std::from_chars(text.data(), end, count);
    const auto unit = behind + 1 == end ? kUnits.find(*behind) : std::string_view::npos;
    if (error != std::errc() || unit == std::string_view::npos || count < 1 || count > kMost)
        return base::fail(ErrorCode::BadArgument,
                          "'" + std::string(text)
                              + "' is no stretch of time: expected a number and s, m, h or d, as 15m");
    return std::chrono::seconds(count * kSeconds[unit]);
}

} // namespace leftfold::replay
