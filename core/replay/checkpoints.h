// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace leftfold::replay {

/// Stored states that make seeking faster; never a source of truth: with all of them gone every answer is the same.
/// Keyed by aggregate (the key of its capture, projection and id, in one text) and by how many of the aggregate's own
/// events, in replay order, are in the state: so they stay valid as a log grows. Thread-safe.
///
/// Spacing: whoever folds puts one after every `kFoldingBetween` of measured folding, so a seek folds for about twice that
/// at most. Under memory pressure they are thinned in a log-spaced way: the nearer to the end of what was
/// folded, the denser.
class Checkpoints {
public:
    explicit Checkpoints(std::size_t maxBytes = std::size_t{64} << 20) : m_maxBytes(maxBytes) {}

    void put(const std::string& aggregate, std::uint64_t events, std::string state);

    struct Found {
        std::uint64_t events = 0;
        std::string state;
    };
    /// The last one at or before `events`.
    [[nodiscard]] std::optional<Found> nearest(const std::string& aggregate, std::uint64_t events) const;

    [[nodiscard]] std::size_t bytes() const;
    [[nodiscard]] std::size_t count() const;
    void clear();

private:
    using OfAggregate = std::map<std::uint64_t, std::string>;
    void thin();
    void thinOne(OfAggregate& checkpoints);

    mutable std::mutex m_mutex;
    std::size_t m_maxBytes;
    std::size_t m_bytes = 0;
    std::map<std::string, OfAggregate> m_byAggregate;
};

} // namespace leftfold::replay
