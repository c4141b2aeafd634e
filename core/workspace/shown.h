// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/blame.h"
#include "core/snapshot/mask.h"
#include "core/workspace/answers.h"

#include <memory>
#include <string>

namespace leftfold::workspace {

/// What answers show where something is masked, and what questions mean that name it so. Without masks everything is as it is.
///
/// An id that is masked stands in answers, and so in questions, as what is left of it and its number in the index: "***#17". So
/// aggregates can be told apart and chosen, and nothing else is told. Types and schemas are names: they are never masked here.
class Shown {
public:
    /// `masks` and `keys` may be null. REQUIRES: both outlive it.
    Shown(const snapshot::Masks* masks, const capture::KeyIndex* keys);

    [[nodiscard]] bool isMasked() const { return m_masks != nullptr; }
    /// REQUIRES: isMasked()
    [[nodiscard]] const snapshot::Masks& masks() const { return *m_masks; }

    [[nodiscard]] base::Result<std::string> id(base::ByteView id) const;
    [[nodiscard]] base::Result<std::optional<std::string>> id(std::optional<std::string> id) const;
    /// The id that is shown so; one that is written out means itself.
    [[nodiscard]] base::Result<std::string> meant(const std::string& shown) const;
    [[nodiscard]] bool hidesWholeIds() const { return m_hidesWholeIds; }

    [[nodiscard]] std::optional<event::Document> state(std::optional<event::Document> document) const;
    [[nodiscard]] replay::Blame blame(replay::Blame blame) const;
    /// What stands at a place of a payload or a state, as JSON.
    [[nodiscard]] std::string json(const event::Pointer& place, event::Value value) const;
    /// An event's key or value that stands alone.
    [[nodiscard]] std::string part(decode::RecordPart part, const std::string& text) const;
    /// What a function or a script said, as text or JSON: nobody knows where in the payload it has that from. So it is hidden as a
    /// whole where paths are.
    [[nodiscard]] std::string said(const std::string& text) const;
    /// Whether the name of a place tells what is to be hidden.
    [[nodiscard]] bool tells(const event::Pointer& place) const;
    [[nodiscard]] base::Error error(base::Error error) const;

private:
    [[nodiscard]] base::Result<std::string> id(base::ByteView id, std::optional<std::uint32_t> number) const;

    const snapshot::Masks* m_masks; ///< null: none, or without rules
    const capture::KeyIndex* m_keys;
    bool m_hidesWholeIds = false;
};

} // namespace leftfold::workspace
