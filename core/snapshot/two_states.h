// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fold/fold.h"

#include <memory>
#include <optional>

namespace leftfold::snapshot {

/// Which of two cuts an event is inside.
enum class Inside : std::uint8_t { A, B, Both };

/// One aggregate at two cuts, from one walk over its events: what lies inside both is folded once. Where the events of one
/// cut are a beginning of those of the other, nothing is folded twice and nothing is copied.
class TwoStates {
public:
    /// How many events of the aggregate are inside each cut.
    struct Counts {
        std::uint64_t a = 0;
        std::uint64_t b = 0;
    };
    explicit TwoStates(Counts inside) : m_left(inside) {}

    /// The next event in replay order. REQUIRES: no more events than were announced.
    void apply(fold::Folder& folder, const fold::FoldEvent& event, Inside inside);
    /// In place of `apply` for an event that cannot be read.
    void skip(Inside inside) { count(inside); }

    /// None: the aggregate does not exist there.
    struct Documents {
        std::optional<event::Document> a;
        std::optional<event::Document> b;
    };
    /// REQUIRES: all announced events were applied or skipped.
    [[nodiscard]] Documents finish(fold::Folder& folder);

private:
    void count(Inside inside);
    void part(fold::Folder& folder, Inside next);
    [[nodiscard]] static std::optional<event::Document> read(fold::Folder& folder, const fold::State* state);

    Counts m_left; ///< events still to come
    bool m_parted = false;
    std::unique_ptr<fold::State> m_state; ///< of both cuts; once parted of the one that goes on
    std::unique_ptr<fold::State> m_stateOfB; ///< where both go on on their own
    std::optional<event::Document> m_keptDocument; ///< of the cut that ended where they parted
    Inside m_kept = Inside::Both; ///< which one that is; both: none ended
};

} // namespace leftfold::snapshot
