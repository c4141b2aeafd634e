// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/replayer.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace leftfold::replay {

namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

/// Half of what a seek may fold, so that a seek to any place folds for about 10 ms at most.
constexpr auto kFoldingBetween = std::chrono::milliseconds(5);
/// How often the clock is looked at.
constexpr std::size_t kEventsPerLook = 16;

} // namespace

std::string Projection::fingerprint() const
{
    return toText(index->by()) + "|" + fold->fingerprint();
}

fold::FoldEvent foldEventOf(const event::Record& record, const capture::EventFacts& facts, base::Time effective,
                            std::string_view type, const event::Partition& partition)
{
    fold::FoldEvent event;
    event.partition = &partition;
    event.offset = record.offset;
    event.time = effective;
    event.type = type;
    event.value = record.value;
    event.decodable = !facts.undecodable;
    return event;
}

Replayer::Replayer(capture::Reader& reader, Projection projection, std::shared_ptr<Checkpoints> checkpoints)
    : m_reader(reader),
      m_projection(std::move(projection)),
      m_checkpoints(std::move(checkpoints)),
      m_folder(m_projection.fold->folder()),
      m_checkpointPrefix(fmt::format("{}|{}|{}|", reader.catalog().captureId(), toJson(reader.catalog().mapping()),
                                     m_projection.fingerprint()))
{}

/// While a load is under way the order of what has arrived is provisional: states may still change.
bool Replayer::orderIsFinal() const
{
    const auto loads = m_reader.catalog().loads();
    return !loads.empty() && loads.back().complete;
}

Result<void> Replayer::selectOwn(std::span<const std::uint32_t> postings, const capture::OrdinalCut& cut,
                                 OwnEvents& own)
{
    LEFTFOLD_TRY(const auto prefix, m_reader.catalog().asPrefix(cut));
    if (prefix) {
        const auto end =
            std::ranges::lower_bound(postings, *prefix, {}, [](std::uint32_t event) -> std::uint64_t { return event; });
        own.inside = postings.subspan(0, static_cast<std::size_t>(end - postings.begin()));
        return {};
    }
    for (std::size_t i = 0; i < postings.size(); ++i) {
        LEFTFOLD_TRY(const capture::Location location, m_reader.catalog().locate(event::EventIndex{postings[i]}));
        if (!cut.contains(location)) continue;
        own.isPrefix = own.isPrefix && own.events.size() == i;
        own.events.push_back(postings[i]);
    }
    own.inside = own.events;
    return {};
}

Result<void> Replayer::apply(fold::State& state, std::uint32_t index)
{
    LEFTFOLD_TRY(const capture::StoredEvent event, m_reader.event(event::EventIndex{index}));
    const event::Partition& partition = m_reader.catalog().partitions()[event.location.partition];
    m_folder->apply(state, foldEventOf(event.record, event.facts, event.effective, event.type, partition));
    ++m_effort.eventsFolded;
    return {};
}

Result<std::unique_ptr<fold::State>> Replayer::foldOwn(base::ByteView id, const OwnEvents& own, std::stop_token stop)
{
    const bool mayCheckpoint = own.isPrefix && m_checkpoints && orderIsFinal();
    const std::string aggregate = mayCheckpoint ? m_checkpointPrefix + std::string(id) : std::string();
    std::size_t next = 0;
    std::unique_ptr<fold::State> state;
    if (mayCheckpoint) {
        if (const auto checkpoint = m_checkpoints->nearest(aggregate, own.inside.size())) {
            state = m_folder->restore(checkpoint->state);
            next = state ? checkpoint->events : 0;
            m_effort.checkpointsRestored += state != nullptr;
        }
    }
    if (!state) state = m_folder->begin();
    auto lastLook = std::chrono::steady_clock::now();
    for (std::size_t folded = 1; next < own.inside.size(); ++folded) {
        LEFTFOLD_CHECK(apply(*state, own.inside[next++]));
        if (folded % kEventsPerLook != 0) continue;
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        if (!mayCheckpoint || std::chrono::steady_clock::now() - lastLook < kFoldingBetween) continue;
        m_checkpoints->put(aggregate, next, m_folder->save(*state));
        ++m_effort.checkpointsPut;
        lastLook = std::chrono::steady_clock::now();
    }
    return state;
}

Result<std::optional<AggregateState>> Replayer::stateAt(base::ByteView id, const capture::OrdinalCut& cut,
                                                        std::stop_token stop)
{
    LEFTFOLD_TRY(const auto key, m_projection.index->find(id));
    if (!key) return std::nullopt;
    LEFTFOLD_TRY(const auto postings, m_projection.index->postings(*key));
    OwnEvents own;
    LEFTFOLD_CHECK(selectOwn(postings, cut, own));
    AggregateState out;
    out.id = id;
    out.events = own.inside.size();
    out.eventsInLog = postings.size();
    if (!own.inside.empty()) out.lastEvent = event::EventIndex{own.inside.back()};
    LEFTFOLD_TRY(const auto state, foldOwn(id, own, stop));
    if (m_folder->exists(*state)) out.document = m_folder->read(*state);
    return out;
}

} // namespace leftfold::replay
