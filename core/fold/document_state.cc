// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/document_state.h"

namespace leftfold::fold {

namespace {

constexpr char kExists = 'e';
constexpr char kDeleted = 'd';

const DocumentState& documentOf(const State& state)
{
    return static_cast<const DocumentState&>(state);
}

} // namespace

std::unique_ptr<State> DocumentFolder::begin()
{
    return std::make_unique<DocumentState>();
}

bool DocumentFolder::exists(const State& state) const
{
    return documentOf(state).document.has_value();
}

event::Document DocumentFolder::read(const State& state)
{
    return *documentOf(state).document;
}

std::string DocumentFolder::save(const State& state)
{
    const auto& document = documentOf(state).document;
    if (!document) return {kDeleted};
    std::string saved = {kExists};
    event::appendJson(saved, document->root());
    return saved;
}

std::unique_ptr<State> DocumentFolder::restore(base::ByteView saved)
{
    auto state = std::make_unique<DocumentState>();
    if (saved.size() == 1 && saved.front() == kDeleted) return state;
    if (saved.empty() || saved.front() != kExists) return nullptr;
    auto document = event::Document::parse(saved.substr(1));
    if (!document) return nullptr;
    state->document = std::move(*document);
    return state;
}

void DocumentFolder::apply(State& state, const FoldEvent& event)
{
    if (!event.decodable) return;
    auto& document = static_cast<DocumentState&>(state).document;
    if (!event.value) return document.reset();
    const auto payload = event::Document::parse(m_reader, *event.value);
    if (payload) change(document, *payload);
}

} // namespace leftfold::fold
