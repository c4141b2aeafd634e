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

/// What folds of one document have in common: `apply` is theirs.
class DocumentFolder : public Folder {
public:
    std::unique_ptr<State> begin() override;
    [[nodiscard]] bool exists(const State& state) const override;
    event::Document read(const State& state) override;
    std::string save(const State& state) override;
    std::unique_ptr<State> restore(base::ByteView saved) override;

protected:
    /// The payload as a document. REQUIRES: it has one. Fails with NotJson where its bearer called it decodable and it is not.
    [[nodiscard]] base::Result<event::Document> payloadOf(const FoldEvent& event);

private:
    event::JsonReader m_reader;
};

} // namespace leftfold::fold
