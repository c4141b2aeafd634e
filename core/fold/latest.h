// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fold/fold.h"

namespace leftfold::fold {

/// The state is the last payload that is a document; a tombstone deletes the aggregate until the next one.
[[nodiscard]] std::shared_ptr<const Fold> latestFold();

} // namespace leftfold::fold
