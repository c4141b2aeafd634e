// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/key_index.h"
#include "core/capture/reader.h"
#include "core/fold/fold.h"
#include "core/replay/checkpoints.h"
#include "core/replay/own_events.h"
#include "core/replay/playhead.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace leftfold::replay {

/// Which aggregates there are (their id is what stands at `index->by()`) and how events change them.
struct Projection {
    std::shared_ptr<const capture::KeyIndex> index;
    std::shared_ptr<const fold::Fold> fold;
    /// Equal fingerprints, equal states of equal logs.
    [[nodiscard]] std::string fingerprint() const;
};

/// One aggregate at one cut.
struct AggregateState {
    std::string id;
    std::uint64_t events = 0; ///< of its own, inside the cut
    std::uint64_t eventsInLog = 0; ///< of its own, in the whole capture
    std::optional<event::EventIndex> lastEvent; ///< the last of its own inside the cut
    /// None: the aggregate does not exist there (no event yet, or deleted).
    std::optional<event::Document> document;
};

/// An event as folds see it. REQUIRES: the event outlives the result, and `partition` it.
[[nodiscard]] fold::FoldEvent foldEventOf(const event::Record& record, const capture::EventFacts& facts,
                                          base::Time effective, std::string_view type,
                                          const event::Partition& partition);

/// Something that is kept up with a state while its events are folded. What it knows after an event is a pure function of
/// the events so far, and is saved with checkpoints of its own.
class Companion {
public:
    virtual ~Companion() = default;
    /// Names what is known, and how it is saved: equal names, equal bytes.
    [[nodiscard]] virtual std::string_view name() const = 0;
    /// An event was applied. `state` is the state after it.
    virtual void follow(event::EventIndex event, fold::Folder& folder, const fold::State& state) = 0;
    [[nodiscard]] virtual std::string save() const = 0;
    /// Goes back to what `save` said when the state was `state`; false, and nothing changed, where it cannot have.
    [[nodiscard]] virtual bool restore(base::ByteView saved, fold::Folder& folder, const fold::State& state) = 0;
};

/// The states of single aggregates at any cut: walks the aggregate's postings and folds its own events, from the
/// nearest checkpoint where there is one. One thread's; checkpoints may be shared with others.
class Replayer {
public:
    Replayer(capture::Reader& reader, Projection projection, std::shared_ptr<Checkpoints> checkpoints);

    /// A pure function of the aggregate's own events inside the cut, folded in replay order. Nothing if the log has
    /// no such aggregate at all. Fails with DamagedEvents where one of its events cannot be read. `companion`, if there
    /// is one, comes along from the first of the events to the last; it is to be new.
    [[nodiscard]] base::Result<std::optional<AggregateState>> stateAt(base::ByteView id, const capture::OrdinalCut& cut,
                                                                      std::stop_token stop,
                                                                      Companion* companion = nullptr);

    /// The aggregate's own events inside the cut, in replay order. Nothing if the log has no such aggregate at all.
    [[nodiscard]] base::Result<std::optional<std::vector<event::EventIndex>>> ownEvents(base::ByteView id,
                                                                                        const capture::OrdinalCut& cut);

    /// Folds an aggregate's own events inside the cut one by one, without checkpoints, and tells of each: its state, and what
    /// the fold found amiss in it (see fold::Folder::tellTo). `sink` says false to hear no more. False if the log has no
    /// such aggregate. Views are valid during the call. Fails with DamagedEvents as `stateAt` does.
    struct Step {
        event::EventIndex index;
        const capture::StoredEvent* event = nullptr;
        const fold::FoldEvent* seen = nullptr; ///< the same, as the fold was told of it
        fold::Folder* folder = nullptr;
        const fold::State* state = nullptr; ///< with this event applied
        std::span<const base::Error> findings;
    };
    /// Hears of the event in which a script failed: behind it there is no state, and the walk ends. True: without an error.
    using Failed = std::function<bool(event::EventIndex, const capture::StoredEvent&, const base::Error&)>;
    [[nodiscard]] base::Result<bool> walk(base::ByteView id, const capture::OrdinalCut& cut, std::stop_token stop,
                                          const std::function<base::Result<bool>(const Step&)>& sink,
                                          const Failed& failed = {});

    /// What seeking did so far: for tests and for people who wonder.
    struct Effort {
        std::uint64_t eventsFolded = 0;
        std::uint64_t checkpointsRestored = 0;
        std::uint64_t checkpointsPut = 0;
    };
    [[nodiscard]] const Effort& effort() const { return m_effort; }
    [[nodiscard]] const Projection& projection() const { return m_projection; }

private:
    /// Where folding begins: at a checkpoint, or at nothing.
    struct Start {
        std::unique_ptr<fold::State> state;
        std::size_t events = 0;
    };
    [[nodiscard]] std::string checkpointKey(base::ByteView id, const Companion* companion) const;
    [[nodiscard]] Start nearestStart(const std::string& key, std::size_t events, Companion* companion);
    void putCheckpoint(const std::string& key, std::size_t events, const fold::State& state,
                       const Companion* companion);
    [[nodiscard]] base::Result<std::unique_ptr<fold::State>> foldOwn(base::ByteView id,
                                                                     std::span<const std::uint32_t> events,
                                                                     bool mayCheckpoint, std::stop_token stop,
                                                                     Companion* companion);
    /// The event as the fold is told of it, as one of the aggregate `id`.
    [[nodiscard]] fold::FoldEvent seen(base::ByteView id, event::EventIndex index,
                                       const capture::StoredEvent& event) const;
    void applyTo(fold::State& state, const fold::FoldEvent& event);
    [[nodiscard]] bool orderIsFinal() const;
    void makeReady(std::stop_token stop);

    capture::Reader& m_reader;
    Projection m_projection;
    std::shared_ptr<Checkpoints> m_checkpoints;
    std::unique_ptr<fold::Folder> m_folder;
    std::string m_checkpointPrefix;
    Effort m_effort;
};

} // namespace leftfold::replay
