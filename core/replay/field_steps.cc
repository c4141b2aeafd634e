// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/field_steps.h"

#include <algorithm>

namespace leftfold::replay {

namespace {

using base::Result;
using Place = std::optional<std::uint64_t>;
using Field = std::optional<event::Document>;

Field fieldOf(const std::optional<event::Document>& state, const event::Pointer& field)
{
    const auto value = state ? state->root().find(field) : std::nullopt;
    return value ? Field(event::Document::of(*value)) : std::nullopt;
}

/// Looks for the place by what the field is after each event: told in the order of places.
class Search {
public:
    Search(std::uint64_t at, Direction direction) : m_at(at), m_direction(direction) {}

    /// False where nothing more needs to be told.
    bool next(std::uint64_t place, Field field)
    {
        const bool isChange = field != m_field;
        m_field = std::move(field);
        if (m_direction == Direction::Forward) {
            if (place >= m_at && isChange) m_found = place;
            return !m_found;
        }
        if (place >= m_at) return false;
        if (isChange) m_found = place;
        return true;
    }
    [[nodiscard]] Place found() const
    {
        return m_found && m_direction == Direction::Forward ? Place(*m_found + 1) : m_found;
    }

private:
    std::uint64_t m_at;
    Direction m_direction;
    Field m_field; ///< at first: there is no state
    Place m_found;
};

/// In the replay order the events are folded once, one after the other.
Result<Place> inReplayOrder(Replayer& replayer, const capture::OrdinalCut& end, Search search, base::ByteView id,
                            const event::Pointer& field, std::stop_token stop)
{
    LEFTFOLD_TRY(const bool isThere,
                 replayer.walk(id, end, std::move(stop), [&](const Replayer::Step& step) -> Result<bool> {
                     const bool exists = step.folder->exists(*step.state);
                     const auto state = exists ? std::optional(step.folder->read(*step.state)) : std::nullopt;
                     return search.next(step.index.value, fieldOf(state, field));
                 }));
    return isThere ? search.found() : std::nullopt;
}

/// In any other the events are not folded in the order of places: each place has a state of its own.
Result<Place> inPlayOrder(Replayer& replayer, const PlayOrder& order, const std::vector<event::EventIndex>& events,
                          Search search, base::ByteView id, const event::Pointer& field, const std::stop_token& stop)
{
    std::vector<std::uint64_t> places;
    for (const event::EventIndex event : events) {
        LEFTFOLD_TRY(const std::uint64_t place, order.placeOf(event));
        places.push_back(place);
    }
    std::ranges::sort(places);
    for (const std::uint64_t place : places) {
        LEFTFOLD_TRY(const capture::OrdinalCut cut, order.cutAt(place + 1));
        LEFTFOLD_TRY(const auto state, replayer.stateAt(id, cut, stop));
        if (!search.next(place, fieldOf(state ? state->document : std::nullopt, field))) break;
    }
    return search.found();
}

} // namespace

Result<Place> stepToChange(Replayer& replayer, const PlayOrder& order, std::uint64_t at, base::ByteView id,
                           const event::Pointer& field, Direction direction, std::stop_token stop)
{
    LEFTFOLD_TRY(const capture::OrdinalCut end, order.cutAt(order.size()));
    const Search search(at, direction);
    if (order.isReplayOrder()) return inReplayOrder(replayer, end, search, id, field, std::move(stop));
    LEFTFOLD_TRY(const auto events, replayer.ownEvents(id, end));
    if (!events) return std::nullopt;
    return inPlayOrder(replayer, order, *events, search, id, field, stop);
}

} // namespace leftfold::replay
