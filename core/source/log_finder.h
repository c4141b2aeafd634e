// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/source_state.h"

#include <set>

namespace leftfold::source {

/// Finds the logs that the paths of a source name: files, folders, pipes.
class LogFinder {
public:
    /// Paths named twice count once. Fails where one is missing, unreadable or of no use, and where a folder is empty.
    [[nodiscard]] static base::Result<LogFinder> of(const std::vector<std::string>& paths);

    /// The logs there are now, in the order of the paths, those of a folder by name; with all their files and sizes.
    [[nodiscard]] base::Result<std::vector<TargetLog>> find();
    /// What `paths` name, wherever one stands and however they are spelt: absolute, links followed.
    [[nodiscard]] std::string identity() const;
    [[nodiscard]] bool hasPipe() const;

private:
    struct Named {
        std::string path;
        FileKind kind = FileKind::Other;
    };
    LogFinder() = default;
    [[nodiscard]] static base::Result<Named> examined(const std::string& path);
    [[nodiscard]] base::Result<void> addFolder(const std::string& folder, FolderListings& listings,
                                               std::vector<TargetLog>& logs);
    [[nodiscard]] bool isRotatedOfNamed(const std::string& path) const;
    [[nodiscard]] bool hasNamedRotations(const std::string& path) const;

    std::vector<Named> m_named;
    std::set<std::string>
        m_seen; ///< current files seen before: their rotated files belong to them, even while they are away
};

} // namespace leftfold::source
