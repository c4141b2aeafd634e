// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"

namespace leftfold::event {

/// A JSON merge patch (RFC 7396) applied to a document; none: to nothing. A patch that is no object replaces the whole, so the
/// patch `null` gives the document `null`. Members of the document keep their order, new ones follow in the order of the
/// patch. Shadowed members of the objects it changes are gone in the result. Any nesting.
[[nodiscard]] Document mergePatch(const std::optional<Document>& document, const Document& patch);

} // namespace leftfold::event
