// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/json_walker.h"
#include "core/fold/fold.h"

#include <optional>

namespace leftfold::fold {

/// The state of folds that keep one document; none: the aggregate does not exist.
struct DocumentState final : State {
    std::optional<event::Document> document;
};

/// What folds of one document have in common: a tombstone deletes it, any other payload is a document that says how to
/// change it. What cannot be read changes nothing.
class DocumentFolder : public Folder {
public:
    std::unique_ptr<State> begin() override;
    void apply(State& state, const FoldEvent& event) final;
    [[nodiscard]] bool exists(const State& state) const override;
    event::Document read(const State& state) override;
    std::string save(const State& state) override;
    std::unique_ptr<State> restore(base::ByteView saved) override;

private:
    virtual void change(std::optional<event::Document>& document, const event::Document& payload) = 0;

    event::JsonReader m_reader;
};

} // namespace leftfold::fold
