// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/key_index.h"
#include "core/capture/reader.h"
#include "core/fold/fold.h"
#include "core/replay/checkpoints.h"
#include "core/replay/playhead.h"

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

/// The states of single aggregates at any cut: walks the aggregate's postings and folds its own events, from the
/// nearest checkpoint where there is one. One thread's; checkpoints may be shared with others.
class Replayer {
public:
    Replayer(capture::Reader& reader, Projection projection, std::shared_ptr<Checkpoints> checkpoints);

    /// A pure function of the aggregate's own events inside the cut, folded in replay order. Nothing if the log has
    /// no such aggregate at all. Fails with DamagedEvents where one of its events cannot be read.
    [[nodiscard]] base::Result<std::optional<AggregateState>> stateAt(base::ByteView id, const capture::OrdinalCut& cut,
                                                                      std::stop_token stop);

    /// What seeking did so far: for tests and for people who wonder.
    struct Effort {
        std::uint64_t eventsFolded = 0;
        std::uint64_t checkpointsRestored = 0;
        std::uint64_t checkpointsPut = 0;
    };
    [[nodiscard]] const Effort& effort() const { return m_effort; }
    [[nodiscard]] const Projection& projection() const { return m_projection; }

private:
    struct OwnEvents {
        std::vector<std::uint32_t> events; ///< those inside the cut, where they are no prefix of the postings
        std::span<const std::uint32_t> inside; ///< those inside the cut
        bool isPrefix = true;
    };
    [[nodiscard]] base::Result<void> selectOwn(std::span<const std::uint32_t> postings, const capture::OrdinalCut& cut,
                                               OwnEvents& own);
    [[nodiscard]] base::Result<std::unique_ptr<fold::State>> foldOwn(base::ByteView id, const OwnEvents& own,
                                                                     std::stop_token stop);
    [[nodiscard]] base::Result<void> apply(fold::State& state, std::uint32_t event);
    [[nodiscard]] bool orderIsFinal() const;

    capture::Reader& m_reader;
    Projection m_projection;
    std::shared_ptr<Checkpoints> m_checkpoints;
    std::unique_ptr<fold::Folder> m_folder;
    std::string m_checkpointPrefix;
    Effort m_effort;
};

} // namespace leftfold::replay
