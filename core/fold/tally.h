// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fold/fold.h"

namespace leftfold::fold {

/// Counts every event of an aggregate, and sums up the numeric members of its payloads: see README.md.
[[nodiscard]] std::shared_ptr<const Fold> tallyFold();

} // namespace leftfold::fold
