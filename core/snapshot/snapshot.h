// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/hash.h"
#include "core/replay/replayer.h"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace leftfold::snapshot {

/// A share of a snapshot: hears of some aggregates that are neighbours by id, in ascending order of its bytes, each once. A worker has
/// many of them and tells them in the order of ids. On that worker's thread; `state` exists. Deleted aggregates are not told.
class Share {
public:
    virtual ~Share() = default;
    virtual void add(base::ByteView id, fold::Folder& folder, const fold::State& state) = 0;
    /// What the fold found amiss in an event of an aggregate, in replay order; before `add`. Only told to consumers that listen.
    virtual void found(event::EventIndex /*event*/, base::ByteView /*id*/, std::span<const base::Error> /*findings*/) {}
};

/// What to make of a snapshot.
class Consumer {
public:
    virtual ~Consumer() = default;
    /// Whether its shares want to hear what the fold finds amiss.
    [[nodiscard]] virtual bool listens() const { return false; }
    /// `sibling` is the share made before for the same worker and the same reading of the log; null: there is none. Shares of a worker may
    /// have something in common: what bounds a worker's part bounds it over all of them. On the caller's thread, before any is told.
    [[nodiscard]] virtual std::unique_ptr<Share> makeShare(Share* sibling) = 0;
    /// A share has all it gets, and is gone afterwards. Called on the caller's thread, in order of ids over all shares; no more than a bounded
    /// number of aggregates are held at any time.
    [[nodiscard]] virtual base::Result<void> take(Share& share) = 0;
};

struct SnapshotOptions {
    unsigned workers = 2;
    /// The aggregates whose states are in memory at a time: with more the log is read more than once.
    std::uint32_t maxAggregatesAtOnce = 1U << 17;
};

struct SnapshotSummary {
    std::vector<std::uint64_t> eventsFolded; ///< by worker
    std::uint32_t passes = 0; ///< how often the log was read
    std::uint64_t aggregates = 0; ///< that exist at the cut
    std::uint64_t damagedEvents = 0; ///< inside the cut, of an aggregate or of none: they are not in any state
};

using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// The states of all aggregates at a cut: each folds its own events inside the cut in replay order, in parallel over
/// aggregates. The same states for any number of workers. Cancelled within a block, or one state told to a share, of a stop.
[[nodiscard]] base::Result<SnapshotSummary> foldAll(capture::Reader& reader, const replay::Projection& projection,
                                                    const capture::OrdinalCut& cut, const SnapshotOptions& options,
                                                    std::stop_token stop, const Progress& progress, Consumer& consumer);

/// The snapshot hash: the sum mod 2^256 over the aggregates of SHA-256(length of the id as 8 bytes, little end first; the id; the
/// canonical state). Free of order, so it can be made in parts.
[[nodiscard]] base::Hash256 hashOf(base::ByteView id, event::Value state);

struct HashedSnapshot {
    base::Hash256 hash{};
    SnapshotSummary summary;
};
[[nodiscard]] base::Result<HashedSnapshot> hashAll(capture::Reader& reader, const replay::Projection& projection,
                                                   const capture::OrdinalCut& cut, const SnapshotOptions& options,
                                                   std::stop_token stop, const Progress& progress);

} // namespace leftfold::snapshot
