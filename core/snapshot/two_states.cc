// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/two_states.h"

#include "core/base/error.h"

namespace leftfold::snapshot {

void TwoStates::count(Inside inside)
{
    if (inside != Inside::B) --m_left.a;
    if (inside != Inside::A) --m_left.b;
}

/// From `next` on the two are not the same. One that has no more events is read and needs no state any more.
void TwoStates::part(fold::Folder& folder, Inside next)
{
    m_parted = true;
    const Inside other = next == Inside::A ? Inside::B : Inside::A;
    if ((other == Inside::A ? m_left.a : m_left.b) == 0) {
        m_kept = other;
        m_keptDocument = read(folder, m_state.get());
        return;
    }
    if (!m_state) return;
    m_stateOfB = folder.restore(folder.save(*m_state));
    if (folder.failure()) m_stateOfB = folder.begin(); // of no use, as whoever asks is told
    LEFTFOLD_INVARIANT(m_stateOfB != nullptr);
}

void TwoStates::apply(fold::Folder& folder, const fold::FoldEvent& event, Inside inside)
{
    if (!m_parted && inside != Inside::Both) part(folder, inside);
    count(inside);
    const bool isSplit = m_parted && m_kept == Inside::Both;
    const auto applyTo = [&](std::unique_ptr<fold::State>& state) {
        if (!state) state = folder.begin();
        folder.apply(*state, event);
    };
    if (!isSplit || inside != Inside::B) applyTo(m_state);
    if (isSplit && inside != Inside::A) applyTo(m_stateOfB);
}

TwoStates::Documents TwoStates::finish(fold::Folder& folder)
{
    Documents out;
    std::optional<event::Document> document = read(folder, m_state.get());
    if (!m_parted) {
        out = {document, document};
    } else if (m_kept == Inside::Both) {
        out = {std::move(document), read(folder, m_stateOfB.get())};
    } else if (m_kept == Inside::A) {
        out = {std::move(m_keptDocument), std::move(document)};
    } else {
        out = {std::move(document), std::move(m_keptDocument)};
    }
    return out;
}

std::optional<event::Document> TwoStates::read(fold::Folder& folder, const fold::State* state)
{
    if (state == nullptr || !folder.exists(*state)) return std::nullopt;
    return folder.read(*state);
}

} // namespace leftfold::snapshot
