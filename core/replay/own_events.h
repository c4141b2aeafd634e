// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/key_index.h"

#include <optional>
#include <span>
#include <vector>

namespace leftfold::replay {

/// The events that belong to one aggregate, in replay order: its postings, and those that belong to all aggregates of a
/// set it is in (a truncate), from its first own event on: before that it is in no set. Whoever wants an aggregate's
/// events asks here.
class OwnEvents {
public:
    /// Nothing if the log has no such aggregate at all. REQUIRES: `keys` outlives the result.
    [[nodiscard]] static base::Result<std::optional<OwnEvents>> of(const capture::KeyIndex& keys, base::ByteView id);

    /// In the whole capture: event indexes, ascending.
    [[nodiscard]] std::span<const std::uint32_t> inLog() const;
    /// Those inside a cut.
    struct Inside {
        std::vector<std::uint32_t> picked; ///< where they are no prefix of all
        std::size_t prefix = 0; ///< else: how many
        bool isPrefix = true; ///< of all its events in replay order: so checkpoints fit
    };
    [[nodiscard]] base::Result<Inside> inside(const capture::Catalog& catalog, const capture::OrdinalCut& cut) const;
    [[nodiscard]] std::span<const std::uint32_t> events(const Inside& inside) const
    {
        return inside.isPrefix ? inLog().first(inside.prefix) : std::span<const std::uint32_t>(inside.picked);
    }

private:
    [[nodiscard]] bool isBroadcast(std::uint32_t event) const;

    std::span<const std::uint32_t> m_postings;
    std::vector<std::uint32_t> m_broadcasts; ///< of its sets, behind the first posting
    std::vector<std::uint32_t> m_merged; ///< both; empty where there are no broadcasts
};

} // namespace leftfold::replay
