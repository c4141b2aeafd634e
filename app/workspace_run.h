// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session.h"
#include "app/verb.h"
#include "core/workspace/workspace_replay.h"

#include <stop_token>
#include <string>

namespace leftfold::app {

struct WorkspaceRun {
    std::string path;
    LogOptions how; ///< cache, workers, fresh, strict, and masks beside its own; all else it says itself
    bool allowOutside = false; ///< what lies outside of its folder may be opened
    bool json = false;
};

void addAllowOutside(CLI::App& verb, bool& allowOutside);

/// A workspace that may be opened, with its log.
struct OpenedWorkspace {
    workspace::WorkspaceFile file;
    std::unique_ptr<Session> session;
};
[[nodiscard]] base::Result<OpenedWorkspace> openWorkspace(const WorkspaceRun& asked, std::stop_token stop);

/// Replays a workspace and prints what became of each of its expectations. Found where one does not hold.
[[nodiscard]] VerbResult runWorkspace(const WorkspaceRun& asked, Output& out, std::stop_token stop);
/// The same for one that is open.
[[nodiscard]] VerbResult checkWorkspace(OpenedWorkspace& opened, bool json, Output& out, std::stop_token stop);

/// Looks at the expectations from number `first` on and keeps what comes out as what is expected. Fails where a script stops.
[[nodiscard]] base::Result<void> recordWorkspace(OpenedWorkspace& opened, std::size_t first, std::stop_token stop);

} // namespace leftfold::app
