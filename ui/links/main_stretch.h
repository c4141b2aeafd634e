// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/replay/density.h"

namespace leftfold::ui {

/// What of the time axis is to be seen at first: all of it; but where a few events stand far off the others (one stamped
/// 2062 is enough), the part where the others are. REQUIRES: the density has events.
[[nodiscard]] base::TimeRange mainStretch(const replay::Density& density);

} // namespace leftfold::ui
