// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/action.h"
#include "core/workspace/workspace_file.h"

#include <vector>

// Between workspace files and a window's open log.
namespace leftfold::workspace {

/// What is done once the log of a workspace is open (loadOptionsOf): its projections, marks, breakpoints, views, and the first of its
/// watches, in this order. Moments and scripts that the log does not have are told by notices then.
[[nodiscard]] std::vector<Action> actionsOf(const WorkspaceFile& file);

/// An open log as a workspace. What a window has no place for stays as it was in `before`: expectations and the projections
/// they name, masks, further watches. Projections keep their names. Fails as workspaceOf of LoadOptions does.
[[nodiscard]] base::Result<SavedLog> workspaceOf(const Open& open, const WorkspaceFile& before);

} // namespace leftfold::workspace
