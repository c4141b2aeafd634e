// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/condition.h"
#include "core/snapshot/snapshot.h"

namespace leftfold::snapshot {

/// Hands on only the aggregates whose state fulfils a condition; what the fold finds amiss of all.
class Filtered : public Consumer {
public:
    /// REQUIRES: `inner` outlives it.
    Filtered(event::Condition where, Consumer& inner) : m_where(std::move(where)), m_inner(inner) {}

    [[nodiscard]] bool listens() const override { return m_inner.listens(); }
    [[nodiscard]] std::unique_ptr<Share> makeShare(Share* sibling) override;
    [[nodiscard]] base::Result<void> take(Share& share) override;
    /// How many were handed on so far.
    [[nodiscard]] std::uint64_t passed() const { return m_passed; }

private:
    class Part;
    event::Condition m_where;
    Consumer& m_inner;
    std::uint64_t m_passed = 0;
};

} // namespace leftfold::snapshot
