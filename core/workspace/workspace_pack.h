// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/reader.h"
#include "core/workspace/workspace_file.h"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace leftfold::workspace {

struct PackOptions {
    bool isWhole = false; ///< the whole log, also where a part of it would do
    std::string indexFolder; ///< see capture::ReaderOptions
    unsigned workers = 2;
};

struct PackedWorkspace {
    WorkspaceFile file; ///< as it lies in the folder
    std::vector<std::string> files; ///< of the folder, relative to it: the workspace, its log, then the rest
    std::uint64_t events = 0; ///< of its log
};

/// How many events from the start of the replay order on a workspace needs: up to the last moment that it names, and to what runs found.
/// All of them where something is about the end, where a run found nothing, where something was not recorded, and where nothing is expected.
[[nodiscard]] base::Result<std::uint64_t> eventsNeeded(capture::Reader& log, const WorkspaceFile& file);

/// Makes a folder with all that a workspace needs, that runs wherever it is taken: the log as a capture (how it is mapped and
/// decoded stands there), or the part of it that is needed; the scripts with what they import, the masking rules, and the workspace that names
/// them, under the name that `path` has. A part is taken only where all that is expected comes out over it as it does over the whole.
/// Fails with FileExists where the folder is there and not empty, and where something cannot be read or written; then nothing is left.
[[nodiscard]] base::Result<PackedWorkspace> packWorkspace(capture::Reader& log, const WorkspaceFile& file,
                                                          const std::string& path, const std::string& folder,
                                                          const PackOptions& options, const std::stop_token& stop);

} // namespace leftfold::workspace
