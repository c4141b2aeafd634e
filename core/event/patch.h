// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/event/diff.h"
#include "core/event/document.h"

#include <span>

namespace leftfold::event {

/// Applies changes one after the other: patch(a, diff(a, b)) == b. Fails with PatchFailed (number of the change from 1,
/// pointer, reason) where a change does not find what it says was there before; then nothing is changed.
/// Shadowed members of the objects it changes are gone in the result.
[[nodiscard]] base::Result<Document> patch(const Document& document, std::span<const Change> changes);

/// The changes as a JSON patch (RFC 6902) of `add`, `remove` and `replace`.
[[nodiscard]] Document toJsonPatch(std::span<const Change> changes);

/// Applies a JSON patch (RFC 6902), all of it or nothing. `test` compares by value. Fails with BadPatch where it is no
/// patch document, PatchFailed (number of the operation from 1, its path, reason) where an operation is
/// none or cannot be applied.
[[nodiscard]] base::Result<Document> applyJsonPatch(const Document& document, const Document& patch);

} // namespace leftfold::event
