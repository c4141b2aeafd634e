// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/record.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

namespace leftfold::source {

/// How far a load is, in the source's own measure.
struct SourceProgress {
    enum class Unit : std::uint8_t { Bytes, Positions };
    std::uint64_t done = 0;
    std::uint64_t total = 0; ///< 0: not known (standard input)
    Unit unit = Unit::Bytes;
    std::string note{}; ///< what it waits for, for people; mostly empty
};

/// A log to read events from. Used by one thread at a time.
///
/// A load is: `target()` fixes where it ends, `open(cut, target)` stands at a cut, `read()` until it
/// gives nothing. The same cut and target give the same records, in the same order, however often.
class EventSource {
public:
    virtual ~EventSource() = default;

    /// What names this source among all others, stable over time: the key of its capture in the cache.
    [[nodiscard]] virtual std::string identity() const = 0;
    /// False where the records can be read only once (standard input).
    [[nodiscard]] virtual bool resumable() const = 0;
    /// Where the source ends now: opaque, stored with the load so that a resumed load ends there too.
    [[nodiscard]] virtual base::Result<std::string> target(std::stop_token stop = {}) = 0;
    /// Stands behind `sourceCut` (empty: at the start), to read up to `target`. Fails where what was read
    /// before is no longer what the source holds (truncated, rewritten, vanished).
    [[nodiscard]] virtual base::Result<void> open(const std::string& sourceCut, const std::string& target,
                                                  std::stop_token stop) = 0;
    /// The next batch; nothing at the target. Cancelled within 50 ms of a stop.
    [[nodiscard]] virtual base::Result<std::optional<event::RecordBatch>> read(std::stop_token stop) = 0;
    /// Whether `target()` would now lie behind `sourceCut`: a cheap look, for following a growing log.
    [[nodiscard]] virtual base::Result<bool> grownBeyond(const std::string& sourceCut, std::stop_token stop = {}) = 0;
    [[nodiscard]] virtual SourceProgress progress() const = 0;
};

} // namespace leftfold::source
