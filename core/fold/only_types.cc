// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/only_types.h"

#include <algorithm>
#include <set>

namespace leftfold::fold {

namespace {

using Types = std::set<std::string, std::less<>>;

class OnlyTypesFolder final : public Folder {
public:
    OnlyTypesFolder(std::unique_ptr<Folder> inner, const Types& types) : m_inner(std::move(inner)), m_types(types) {}
    std::unique_ptr<State> begin() override { return m_inner->begin(); }
    void apply(State& state, const FoldEvent& event) override
    {
        if (!m_types.contains(event.type)) return;
        m_inner->tellTo(listener());
        m_inner->apply(state, event);
        hearFailure();
    }
    void obey(std::stop_token stop) override { m_inner->obey(std::move(stop)); }
    void settle() override
    {
        m_inner->settle();
        hearFailure();
    }
    [[nodiscard]] bool exists(const State& state) const override { return m_inner->exists(state); }
    event::Document read(const State& state) override
    {
        event::Document document = m_inner->read(state);
        hearFailure();
        return document;
    }
    std::string save(const State& state) override
    {
        std::string saved = m_inner->save(state);
        hearFailure();
        return saved;
    }
    std::unique_ptr<State> restore(base::ByteView saved) override { return m_inner->restore(saved); }

private:
    void hearFailure()
    {
        if (m_inner->failure()) fail(*m_inner->failure());
    }
    std::unique_ptr<Folder> m_inner;
    const Types& m_types;
};

class OnlyTypesFold final : public Fold {
public:
    OnlyTypesFold(std::shared_ptr<const Fold> inner, Types types) : m_inner(std::move(inner)), m_types(std::move(types))
    {}
    [[nodiscard]] std::string_view name() const override { return m_inner->name(); }
    [[nodiscard]] bool finds() const override { return m_inner->finds(); }
    [[nodiscard]] bool needsAggregates() const override { return m_inner->needsAggregates(); }
    [[nodiscard]] std::string fingerprint() const override
    {
        event::DocumentBuilder types;
        types.beginArray();
        for (const std::string& type : m_types) types.text(type);
        types.endArray();
        return m_inner->fingerprint() + " only " + toJson(types.finish().root());
    }
    [[nodiscard]] std::unique_ptr<Folder> folder() const override
    {
        return std::make_unique<OnlyTypesFolder>(m_inner->folder(), m_types);
    }

private:
    std::shared_ptr<const Fold> m_inner;
    Types m_types;
};

} // namespace

std::shared_ptr<const Fold> onlyTypes(std::shared_ptr<const Fold> fold, std::vector<std::string> types)
{
    return std::make_shared<OnlyTypesFold>(std::move(fold), Types(types.begin(), types.end()));
}

} // namespace leftfold::fold
