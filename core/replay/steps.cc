// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/steps.h"

#include "core/capture/reader.h"
#include "core/replay/own_events.h"
#include "core/replay/transactions.h"

#include <algorithm>
#include <set>

namespace leftfold::replay {

namespace {

using base::Result;
using Place = std::optional<std::uint64_t>;

/// The place of the next event that `isWanted`, or of the last before; the events are looked at one by one.
template <class Predicate>
Result<Place> search(std::uint64_t at, std::uint64_t size, Direction direction, std::stop_token stop,
                     Predicate isWanted)
{
    const bool forward = direction == Direction::Forward;
    while (forward ? at < size : at > 0) {
        if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        const std::uint64_t place = forward ? at : at - 1;
        LEFTFOLD_TRY(const bool wanted, isWanted(place));
        if (wanted) return place;
        at = forward ? at + 1 : at - 1;
    }
    return std::nullopt;
}

/// Looks at the types of events, and counts those that cannot be read. A chunk that could not be read is not tried again.
class TypeReader {
public:
    explicit TypeReader(capture::Reader& reader) : m_reader(reader) {}

    Result<bool> isOfType(event::EventIndex index, const std::string& type)
    {
        LEFTFOLD_TRY(const capture::Location location, m_reader.catalog().locate(index));
        LEFTFOLD_TRY(const capture::ChunkEntry* entry, m_reader.catalog().chunkOf(location));
        const auto chunk = read(*entry);
        if (!chunk) {
            ++m_unreadable;
            return false;
        }
        return chunk->columns.types[chunk->columns.facts[location.ordinal - entry->firstOrdinal].type] == type;
    }
    [[nodiscard]] std::uint64_t unreadable() const { return m_unreadable; }

private:
    std::shared_ptr<const capture::LoadedChunk> read(const capture::ChunkEntry& entry)
    {
        if (entry.id == 0 || m_damaged.contains(entry.id)) return nullptr;
        auto chunk = m_reader.chunk(entry);
        if (chunk) return *chunk;
        m_damaged.insert(entry.id);
        return nullptr;
    }

    capture::Reader& m_reader;
    std::set<std::int64_t> m_damaged;
    std::uint64_t m_unreadable = 0;
};

Result<Place> nextOfType(capture::Reader& reader, const PlayOrder& order, std::uint64_t at, const std::string& type,
                         Direction direction, std::stop_token stop, std::uint64_t* unreadable)
{
    TypeReader types(reader);
    auto place = search(at, order.size(), direction, std::move(stop), [&](std::uint64_t each) -> Result<bool> {
        LEFTFOLD_TRY(const event::EventIndex index, order.eventAt(each));
        return types.isOfType(index, type);
    });
    if (unreadable != nullptr) *unreadable += types.unreadable();
    return place;
}

/// The places of an aggregate's events are sought among its own: where the play order is the replay order they are
/// in order; else those inside the base come first, which a look at all of them settles.
Result<Place> nextOfAggregate(const PlayOrder& order, const capture::KeyIndex& keys, std::uint64_t at,
                              const std::string& id, Direction direction)
{
    LEFTFOLD_TRY(const auto own, OwnEvents::of(keys, id));
    if (!own) return std::nullopt;
    const auto events = own->inLog();
    Place best;
    if (order.isReplayOrder()) {
        const auto next =
            std::ranges::lower_bound(events, at, {}, [](std::uint32_t event) -> std::uint64_t { return event; });
        if (direction == Direction::Forward) return next == events.end() ? Place() : Place(*next);
        return next == events.begin() ? Place() : Place(*std::prev(next));
    }
    for (const std::uint32_t event : events) {
        LEFTFOLD_TRY(const std::uint64_t place, order.placeOf(event::EventIndex{event}));
        if (direction == Direction::Forward && place >= at) best = std::min(best.value_or(place), place);
        if (direction == Direction::Back && place < at) best = std::max(best.value_or(place), place);
    }
    return best;
}

/// The last of the events of a transaction, or the first, by place.
Result<Place> endOfTransaction(const PlayOrder& order, const capture::KeyIndex& transactions, std::uint64_t at,
                               Direction direction)
{
    const bool forward = direction == Direction::Forward;
    if (forward ? at >= order.size() : at == 0) return std::nullopt;
    const std::uint64_t next = forward ? at : at - 1;
    LEFTFOLD_TRY(const event::EventIndex event, order.eventAt(next));
    LEFTFOLD_TRY(const auto key, transactions.keysOf(event.value, 1));
    if (key[0] == capture::kNoKey) return next;
    LEFTFOLD_TRY(const auto postings, transactions.postings(key[0]));
    std::uint64_t end = next;
    for (const std::uint32_t other : postings) {
        LEFTFOLD_TRY(const std::uint64_t place, order.placeOf(event::EventIndex{other}));
        end = forward ? std::max(end, place) : std::min(end, place);
    }
    return end;
}

/// The same of a transaction of Kafka: its events are neighbours in their partition.
Result<Place> endOfTransaction(const PlayOrder& order, const capture::Catalog& catalog,
                               const LoggedTransactions& transactions, std::uint64_t at, Direction direction)
{
    const bool forward = direction == Direction::Forward;
    if (forward ? at >= order.size() : at == 0) return std::nullopt;
    const std::uint64_t next = forward ? at : at - 1;
    LEFTFOLD_TRY(const event::EventIndex event, order.eventAt(next));
    LEFTFOLD_TRY(capture::Location location, catalog.locate(event));
    const auto run = transactions.around(location);
    if (!run) return next;
    location.ordinal = forward ? run->behind - 1 : run->begin;
    LEFTFOLD_TRY(const event::EventIndex end, catalog.indexOf(location));
    LEFTFOLD_TRY(const std::uint64_t place, order.placeOf(end));
    return place;
}

} // namespace

Result<Place> step(capture::Reader& reader, const PlayOrder& order, const capture::KeyIndex* keys, std::uint64_t at,
                   const StepKind& kind, Direction direction, std::stop_token stop, std::uint64_t* unreadable)
{
    Place place;
    if (const auto* aggregate = std::get_if<OfAggregate>(&kind)) {
        LEFTFOLD_INVARIANT(keys != nullptr);
        LEFTFOLD_TRY(place, nextOfAggregate(order, *keys, at, aggregate->id, direction));
    } else if (const auto* type = std::get_if<OfType>(&kind)) {
        LEFTFOLD_TRY(place, nextOfType(reader, order, at, type->type, direction, std::move(stop), unreadable));
    } else if (const auto* transaction = std::get_if<OfTransaction>(&kind)) {
        LEFTFOLD_TRY(place, endOfTransaction(order, *transaction->transactions, at, direction));
    } else if (const auto* logged = std::get_if<OfLoggedTransaction>(&kind)) {
        LEFTFOLD_TRY(place, endOfTransaction(order, reader.catalog(), *logged->transactions, at, direction));
    } else {
        const auto any = [](std::uint64_t) -> Result<bool> { return true; };
        LEFTFOLD_TRY(place, search(at, order.size(), direction, std::move(stop), any));
    }
    if (!place) return std::nullopt;
    return direction == Direction::Forward ? *place + 1 : *place;
}

} // namespace leftfold::replay
