// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/order.h"

#include <algorithm>

namespace leftfold::capture {

namespace {

using base::Result;
using base::Time;

/// A time and then a stream as one number, so that finding the least of many needs no branches: which stream is next
/// cannot be foreseen.
__extension__ using Place = __int128;
constexpr Place kNowhere = ~(Place{1} << 127);

Place placeOf(Time time, std::uint32_t stream)
{
    constexpr Place kNanos = Place{1} << 30;
    constexpr Place kStreams = Place{1} << 32;
    return (Place{time.seconds} * kNanos + Place{time.nanos}) * kStreams + Place{stream};
}

std::uint32_t streamAt(Place place)
{
    return static_cast<std::uint32_t>(place & Place{UINT32_MAX});
}

/// A stream with its next event at hand.
class Head {
public:
    Head(TimeStream stream, std::uint32_t number) : m_stream(std::move(stream)), m_number(number) {}

    Result<void> refill()
    {
        while (!m_ended && isEmpty()) {
            LEFTFOLD_TRY(auto piece, m_stream());
            m_at = 0;
            m_ended = !piece;
            m_times = piece ? std::move(*piece) : std::vector<Time>();
        }
        return {};
    }
    [[nodiscard]] bool isEmpty() const { return m_at == m_times.size(); }
    [[nodiscard]] Place place() const { return m_ended ? kNowhere : placeOf(m_times[m_at], m_number); }
    /// Takes the events of this piece that come before `limit`; at least the first.
    std::uint64_t take(Place limit)
    {
        const std::size_t from = m_at;
        do {
            ++m_at;
        } while (m_at < m_times.size() && placeOf(m_times[m_at], m_number) < limit);
        return m_at - from;
    }

private:
    TimeStream m_stream;
    std::uint32_t m_number;
    std::vector<Time> m_times;
    std::size_t m_at = 0;
    bool m_ended = false;
};

struct Choice {
    Place first = kNowhere; ///< of the event that is next
    Place second = kNowhere; ///< of the one that would be next if the stream of the first had no more
};

/// A linear look at all heads: for the usual handful of partitions faster than a heap.
Choice choose(const std::vector<Place>& places)
{
    Choice choice;
    for (const Place place : places) {
        const bool isFirst = place < choice.first;
        choice.second = isFirst ? choice.first : std::min(choice.second, place);
        choice.first = isFirst ? place : choice.first;
    }
    return choice;
}

} // namespace

Result<void> mergeByTime(std::vector<TimeStream> streams, const RunSink& sink)
{
    std::vector<Head> heads;
    std::vector<Place> places;
    for (TimeStream& stream : streams) heads.emplace_back(std::move(stream), static_cast<std::uint32_t>(heads.size()));
    for (Head& head : heads) {
        LEFTFOLD_CHECK(head.refill());
        places.push_back(head.place());
    }
    for (Choice choice = choose(places); choice.first != kNowhere; choice = choose(places)) {
        const std::uint32_t next = streamAt(choice.first);
        const std::uint64_t count = heads[next].take(choice.second);
        LEFTFOLD_CHECK(sink(next, count));
        if (heads[next].isEmpty()) LEFTFOLD_CHECK(heads[next].refill());
        places[next] = heads[next].place();
    }
    return {};
}

} // namespace leftfold::capture
