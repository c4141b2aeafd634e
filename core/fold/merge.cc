// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/merge.h"

#include "core/event/merge_patch.h"
#include "core/fold/document_state.h"

namespace leftfold::fold {

namespace {

class MergeFolder final : public DocumentFolder {
    void change(std::optional<event::Document>& document, const event::Document& payload) override
    {
        document = event::mergePatch(document, payload);
    }
};

class MergeFold final : public Fold {
public:
    std::string_view name() const override { return "merge"; }
    std::string fingerprint() const override { return "merge/1"; }
    std::unique_ptr<Folder> folder() const override { return std::make_unique<MergeFolder>(); }
};

} // namespace

std::shared_ptr<const Fold> mergeFold()
{
    return std::make_shared<MergeFold>();
}

} // namespace leftfold::fold
