// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fold/fold.h"

namespace leftfold::fold {

/// Each payload is a JSON patch (RFC 6902) on the state, the first one on `null`; a tombstone deletes the aggregate. A
/// payload that is no patch or cannot be applied changes nothing and is found amiss: BadPatch, PatchFailed.
[[nodiscard]] std::shared_ptr<const Fold> patchFold();

} // namespace leftfold::fold
