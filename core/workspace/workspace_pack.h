// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/reader.h"
#include "core/workspace/workspace_file.h"

#include <string>
#include <vector>

namespace leftfold::workspace {

struct PackedWorkspace {
    WorkspaceFile file; ///< as it lies in the folder
    std::vector<std::string> files; ///< of the folder, relative to it: the workspace, its log, then the rest
};

/// Makes a folder with all that a workspace needs, that runs wherever it is taken: the whole log as a capture (how it is mapped and
/// decoded stands there), the scripts with what they import, the masking rules, and the workspace that names them, under the name that `path`
/// has. Fails with FileExists where the folder is there and not empty, and where something cannot be read or written; then nothing is left.
[[nodiscard]] base::Result<PackedWorkspace> packWorkspace(const capture::Reader& log, const WorkspaceFile& file,
                                                          const std::string& path, const std::string& folder);

} // namespace leftfold::workspace
