// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/pointer.h"
#include "core/replay/replayer.h"
#include "core/replay/steps.h"

namespace leftfold::replay {

/// One step along an aggregate's own events to one that changes what stands at `field` of its state (also by making or
/// removing it): see `step` for where one stands then. Nothing where there is none further on. Folds all of the aggregate's
/// events. Fails with DamagedEvents where one of them cannot be read.
[[nodiscard]] base::Result<std::optional<std::uint64_t>> stepToChange(Replayer& replayer, const PlayOrder& order,
                                                                      std::uint64_t at, base::ByteView id,
                                                                      const event::Pointer& field, Direction direction,
                                                                      std::stop_token stop);

} // namespace leftfold::replay
