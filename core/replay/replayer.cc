// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/replayer.h"

#include "core/base/varint.h"

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

/// A folder tells what it finds as long as this lives.
class Hearing {
public:
    Hearing(fold::Folder& folder, std::vector<base::Error>& findings) : m_folder(folder) { folder.tellTo(&findings); }
    ~Hearing() { m_folder.tellTo(nullptr); }
    Hearing(const Hearing&) = delete;
    Hearing& operator=(const Hearing&) = delete;

private:
    fold::Folder& m_folder;
};

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
    event.record = &record;
    return event;
}

Replayer::Replayer(capture::Reader& reader, Projection projection, std::shared_ptr<Checkpoints> checkpoints)
    : m_reader(reader),
      m_projection(std::move(projection)),
      m_checkpoints(std::move(checkpoints)),
      m_folder(m_projection.fold->folder()),
      m_checkpointPrefix(fmt::format("{}|{}|{}|{}|", reader.catalog().captureId(), toJson(reader.catalog().mapping()),
                                     reader.catalog().decoding().fingerprint(), m_projection.fingerprint()))
{}

/// While a load is under way the order of what has arrived is provisional: states may still change.
bool Replayer::orderIsFinal() const
{
    const auto loads = m_reader.catalog().loads();
    return !loads.empty() && loads.back().complete;
}

/// What failed of one aggregate says nothing of another.
void Replayer::makeReady(std::stop_token stop)
{
    if (m_folder->failure()) m_folder = m_projection.fold->folder();
    m_folder->obey(std::move(stop));
}

fold::FoldEvent Replayer::seen(base::ByteView id, event::EventIndex index, const capture::StoredEvent& event) const
{
    const event::Partition& partition = m_reader.catalog().partitions()[event.location.partition];
    fold::FoldEvent seen = foldEventOf(event.record, event.facts, event.effective, event.type, partition);
    seen.aggregate = id;
    seen.index = index;
    return seen;
}

void Replayer::applyTo(fold::State& state, const fold::FoldEvent& event)
{
    m_folder->apply(state, event);
    ++m_effort.eventsFolded;
}

std::string Replayer::checkpointKey(base::ByteView id, const Companion* companion) const
{
    return m_checkpointPrefix + std::string(companion ? companion->name() : "") + "|" + std::string(id);
}

/// A checkpoint holds the length of the saved state, that state, and what the companion knew.
Replayer::Start Replayer::nearestStart(const std::string& key, std::size_t events, Companion* companion)
{
    if (const auto checkpoint = m_checkpoints->nearest(key, events)) {
        base::ByteReader saved(checkpoint->state);
        const base::ByteView stateBytes = saved.bytes(saved.varint());
        auto state = m_folder->restore(stateBytes);
        if (state && (!companion || companion->restore(saved.bytes(saved.left()), *m_folder, *state))) {
            ++m_effort.checkpointsRestored;
            return {std::move(state), checkpoint->events};
        }
    }
    return {m_folder->begin(), 0};
}

void Replayer::putCheckpoint(const std::string& key, std::size_t events, const fold::State& state,
                             const Companion* companion)
{
    const std::string stateBytes = m_folder->save(state);
    if (m_folder->failure()) return; // told by whoever asks next
    std::string bytes;
    base::putVarint(bytes, stateBytes.size());
    bytes += stateBytes;
    if (companion) bytes += companion->save();
    m_checkpoints->put(key, events, std::move(bytes));
    ++m_effort.checkpointsPut;
}

Result<std::unique_ptr<fold::State>> Replayer::foldOwn(base::ByteView id, std::span<const std::uint32_t> events,
                                                       bool mayCheckpoint, std::stop_token stop, Companion* companion)
{
    const std::string key = mayCheckpoint ? checkpointKey(id, companion) : std::string();
    auto [state, next] = mayCheckpoint ? nearestStart(key, events.size(), companion) : Start{m_folder->begin(), 0};
    auto lastLook = std::chrono::steady_clock::now();
    for (std::size_t folded = 1; next < events.size(); ++folded) {
        const event::EventIndex index{events[next++]};
        LEFTFOLD_TRY(const capture::StoredEvent event, m_reader.event(index));
        applyTo(*state, seen(id, index, event));
        LEFTFOLD_CHECK(m_folder->outcome());
        if (companion) companion->follow(index, *m_folder, *state);
        if (folded % kEventsPerLook != 0) continue;
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        if (!mayCheckpoint || std::chrono::steady_clock::now() - lastLook < kFoldingBetween) continue;
        putCheckpoint(key, next, *state, companion);
        lastLook = std::chrono::steady_clock::now();
    }
    m_folder->settle();
    LEFTFOLD_CHECK(m_folder->outcome());
    return std::move(state);
}

Result<std::optional<AggregateState>> Replayer::stateAt(base::ByteView id, const capture::OrdinalCut& cut,
                                                        std::stop_token stop, Companion* companion)
{
    LEFTFOLD_TRY(const auto own, OwnEvents::of(*m_projection.index, id));
    if (!own) return std::nullopt;
    makeReady(stop);
    LEFTFOLD_TRY(const auto inside, own->inside(m_reader.catalog(), cut));
    const auto events = own->events(inside);
    AggregateState out;
    out.id = id;
    out.events = events.size();
    out.eventsInLog = own->inLog().size();
    if (!events.empty()) out.lastEvent = event::EventIndex{events.back()};
    const bool mayCheckpoint = inside.isPrefix && m_checkpoints && orderIsFinal();
    LEFTFOLD_TRY(const auto state, foldOwn(id, events, mayCheckpoint, stop, companion));
    if (m_folder->exists(*state)) out.document = m_folder->read(*state);
    LEFTFOLD_CHECK(m_folder->outcome());
    return out;
}

Result<std::optional<std::vector<event::EventIndex>>> Replayer::ownEvents(base::ByteView id,
                                                                          const capture::OrdinalCut& cut)
{
    LEFTFOLD_TRY(const auto own, OwnEvents::of(*m_projection.index, id));
    if (!own) return std::nullopt;
    LEFTFOLD_TRY(const auto inside, own->inside(m_reader.catalog(), cut));
    std::vector<event::EventIndex> events;
    for (const std::uint32_t event : own->events(inside)) events.push_back({event});
    return events;
}

Result<bool> Replayer::walk(base::ByteView id, const capture::OrdinalCut& cut, std::stop_token stop,
                            const std::function<Result<bool>(const Step&)>& sink, const Failed& failed)
{
    LEFTFOLD_TRY(const auto own, OwnEvents::of(*m_projection.index, id));
    if (!own) return false;
    LEFTFOLD_TRY(const auto inside, own->inside(m_reader.catalog(), cut));
    makeReady(stop);
    std::vector<base::Error> findings;
    m_folder->tellTo(&findings);
    const Hearing hearing(*m_folder, findings);
    const auto state = m_folder->begin();
    for (const std::uint32_t each :
         own->events(inside)) { // not copied: there may be millions, and a stop waits for none
        const event::EventIndex index{each};
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        LEFTFOLD_TRY(const capture::StoredEvent event, m_reader.event(index));
        findings.clear();
        const fold::FoldEvent told = seen(id, index, event);
        applyTo(*state, told);
        m_folder->settle();
        if (m_folder->failure()) {
            const base::Error& failure = *m_folder->failure();
            if (failed && failure.code != ErrorCode::Cancelled && failed(index, event, failure)) return true;
            return tl::unexpected(failure);
        }
        LEFTFOLD_TRY(const bool goOn, sink({index, &event, &told, m_folder.get(), state.get(), findings}));
        LEFTFOLD_CHECK(m_folder->outcome());
        if (!goOn) break;
    }
    return true;
}

} // namespace leftfold::replay
