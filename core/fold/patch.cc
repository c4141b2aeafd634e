// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/patch.h"

#include "core/event/patch.h"
#include "core/fold/document_state.h"

namespace leftfold::fold {

namespace {

class PatchFolder final : public DocumentFolder {
    void change(std::optional<event::Document>& document, const event::Document& payload) override
    {
        auto patched = event::applyJsonPatch(document.value_or(event::Document()), payload);
        if (patched)
            document = std::move(*patched);
        else
            tell(std::move(patched.error()));
    }
};

class PatchFold final : public Fold {
public:
    std::string_view name() const override { return "patch"; }
    std::string fingerprint() const override { return "patch/1"; }
    bool finds() const override { return true; }
    std::unique_ptr<Folder> folder() const override { return std::make_unique<PatchFolder>(); }
};

} // namespace

std::shared_ptr<const Fold> patchFold()
{
    return std::make_shared<PatchFold>();
}

} // namespace leftfold::fold
