// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/filtered.h"

namespace leftfold::snapshot {

class Filtered::Part : public Share {
public:
    Part(const event::Condition& where, std::unique_ptr<Share> inner) : m_where(where), m_inner(std::move(inner)) {}

    void add(base::ByteView id, fold::Folder& folder, const fold::State& state) override
    {
        if (!m_where.matches(folder.read(state).root())) return;
        ++passed;
        m_inner->add(id, folder, state);
    }
    void found(event::EventIndex event, base::ByteView id, std::span<const base::Error> findings) override
    {
        m_inner->found(event, id, findings);
    }
    [[nodiscard]] Share& inner() { return *m_inner; }

    std::uint64_t passed = 0;

private:
    const event::Condition& m_where;
    std::unique_ptr<Share> m_inner;
};

std::unique_ptr<Share> Filtered::makeShare(Share* sibling)
{
    Share* const inner = sibling != nullptr ? &static_cast<Part*>(sibling)->inner() : nullptr;
    return std::make_unique<Part>(m_where, m_inner.makeShare(inner));
}

base::Result<void> Filtered::take(Share& share)
{
    Part& part = static_cast<Part&>(share);
    m_passed += part.passed;
    return m_inner.take(part.inner());
}

} // namespace leftfold::snapshot
