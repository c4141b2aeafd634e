// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/terminal.h"
#include "core/event/diff.h"

#include <optional>
#include <span>
#include <string>

namespace leftfold::app {

/// How differences are written.
enum class DiffForm { People, Brief, Json, Patch };

/// What differs, of an aggregate or of a whole document: on one side alone, or on both.
struct PrintedDiff {
    base::ByteView id;
    const std::optional<event::Document>* before = nullptr;
    const std::optional<event::Document>* after = nullptr;
    std::span<const event::Change> changes; ///< where it is on both sides
};

/// An aggregate: a line that says whether it was created (+), deleted (-) or changed (~), and unless brief the changes below;
/// or a JSON object in one line, with all of it or with the patch alone.
[[nodiscard]] std::string aggregateText(const PrintedDiff& diff, DiffForm form, const Output& out);

/// The changes alone: a line each, or a JSON array of them, or a JSON patch (RFC 6902).
[[nodiscard]] std::string changesText(std::span<const event::Change> changes, DiffForm form, const Output& out);

/// The JSON patch (RFC 6902) of what `aggregateText` says: of an aggregate on one side alone it adds or removes the whole.
[[nodiscard]] std::string patchText(const PrintedDiff& diff);

} // namespace leftfold::app
