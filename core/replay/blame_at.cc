// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/blame.h"

#include <utility>

namespace leftfold::replay {

namespace {

std::optional<event::Document> documentOf(fold::Folder& folder, const fold::State& state)
{
    return folder.exists(state) ? std::optional(folder.read(state)) : std::nullopt;
}

class Blamer final : public Companion {
public:
    [[nodiscard]] std::string_view name() const override { return "blame/1"; }
    void follow(event::EventIndex event, fold::Folder& folder, const fold::State& state) override
    {
        m_blame = m_blame.after(event, documentOf(folder, state));
    }
    [[nodiscard]] std::string save() const override { return m_blame.save(); }
    [[nodiscard]] bool restore(base::ByteView saved, fold::Folder& folder, const fold::State& state) override
    {
        auto blame = Blame::restore(saved, documentOf(folder, state));
        if (!blame) return false;
        m_blame = std::move(*blame);
        return true;
    }
    [[nodiscard]] Blame take() { return std::exchange(m_blame, {}); }

private:
    Blame m_blame;
};

} // namespace

base::Result<std::optional<AggregateBlame>> blameAt(Replayer& replayer, base::ByteView id,
                                                    const capture::OrdinalCut& cut, std::stop_token stop)
{
    Blamer blamer;
    LEFTFOLD_TRY(auto state, replayer.stateAt(id, cut, std::move(stop), &blamer));
    if (!state) return std::nullopt;
    AggregateBlame out{std::move(*state), blamer.take()};
    // One document for both, so that values of either can be asked for.
    out.state.document = out.blame.document();
    return out;
}

} // namespace leftfold::replay
