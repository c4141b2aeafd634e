// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fold/fold.h"

namespace leftfold::fold {

/// Each payload is a JSON merge patch (RFC 7396) on the state; a tombstone deletes the aggregate until the next one.
[[nodiscard]] std::shared_ptr<const Fold> mergeFold();

} // namespace leftfold::fold
