// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/action.h"

#include <string>
#include <vector>

namespace leftfold::workspace {

struct Updated {
    WorkspaceState state;
    std::vector<Effect> effects; ///< for the runner, in this order
};

/// The state after an action, and what is to be done for it. Pure: no thread, no file, no clock. Called on one thread.
/// Actions that mean nothing in a state (a step without a log, an answer to an older question) leave it as it is.
[[nodiscard]] Updated update(WorkspaceState state, const Action& action);

/// A text of where one stands that means the same when the log has grown: by the position of the event just behind.
[[nodiscard]] std::string lastingText(const Moment& moment);

} // namespace leftfold::workspace
