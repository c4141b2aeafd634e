// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/capture/order.h"

#include <algorithm>

namespace leftfold::capture {

namespace {

using base::Result;
using base::Time;

/// A stream with its next event at hand.
class Head {
public:
    explicit Head(TimeStream stream) : m_stream(std::move(stream)) {}

    Result<void> refill()
    {
        while (!m_ended && m_at == m_times.size()) {
            LEFTFOLD_TRY(auto piece, m_stream());
            m_at = 0;
            m_ended = !piece;
            m_times = piece ? std::move(*piece) : std::vector<Time>();
        }
        return {};
    }
    [[nodiscard]] bool ended() const { return m_ended; }
    [[nodiscard]] Time time() const { return m_times[m_at]; }
    /// Takes the events of this piece that come before (limit, or at it if `inclusive`); at least the first.
    std::uint64_t take(const std::optional<Time>& limit, bool inclusive)
    {
        const std::size_t from = m_at;
        const auto beyond = [&](Time time) { return limit && (inclusive ? time > *limit : time >= *limit); };
        do {
            ++m_at;
        } while (m_at < m_times.size() && !beyond(m_times[m_at]));
        return m_at - from;
    }

private:
    TimeStream m_stream;
    std::vector<Time> m_times;
    std::size_t m_at = 0;
    bool m_ended = false;
};

struct Choice {
    std::optional<std::uint32_t> first; ///< the stream whose event is next
    std::optional<std::uint32_t> second; ///< the one that would be next without it
};

/// A linear look at all heads: for the usual handful of partitions faster than a heap.
Choice choose(const std::vector<Head>& heads)
{
    Choice choice;
    for (std::uint32_t i = 0; i < heads.size(); ++i) {
        if (heads[i].ended()) continue;
        if (!choice.first || heads[i].time() < heads[*choice.first].time()) {
            choice.second = choice.first;
            choice.first = i;
        } else if (!choice.second || heads[i].time() < heads[*choice.second].time()) {
            choice.second = i;
        }
    }
    return choice;
}

} // namespace

Result<void> mergeByTime(std::vector<TimeStream> streams, const RunSink& sink)
{
    std::vector<Head> heads;
    for (TimeStream& stream : streams) heads.emplace_back(std::move(stream));
    for (Head& head : heads) LEFTFOLD_CHECK(head.refill());
    for (Choice choice = choose(heads); choice.first; choice = choose(heads)) {
        const std::uint32_t next = *choice.first;
        std::optional<Time> limit;
        if (choice.second) limit = heads[*choice.second].time();
        const std::uint64_t count = heads[next].take(limit, choice.second && next < *choice.second);
        LEFTFOLD_CHECK(sink(next, count));
        LEFTFOLD_CHECK(heads[next].refill());
    }
    return {};
}

} // namespace leftfold::capture
