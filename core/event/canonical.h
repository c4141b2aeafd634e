// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"

#include <string>

namespace leftfold::event {

/// The one JSON text of a value: equal values have the same bytes, different ones different bytes, on every machine
/// and in every version, so that it may be hashed and stored. Compact; members sorted by the bytes of their decoded names,
/// each name once; numbers as `appendNormalNumber` writes them; texts as `escape` does.
/// RFC 8785 (JCS) in spirit; it differs in keeping every digit of a number and in sorting by bytes.
[[nodiscard]] std::string canonicalJson(Value value);
void appendCanonicalJson(std::string& out, Value value);

} // namespace leftfold::event
