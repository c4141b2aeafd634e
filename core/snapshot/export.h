// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/manifest.h"
#include "core/snapshot/mask.h"
#include "core/snapshot/snapshot.h"

#include <stop_token>
#include <string>

namespace leftfold::snapshot {

/// What to export, and to where.
struct ExportOptions {
    std::string path;
    ExportFormat format = ExportFormat::JsonLines;
    bool replace = false; ///< a file that is there, with its manifest
    std::string at; ///< how the cut was asked for, for the manifest
    std::string version; ///< of this Leftfold, for the manifest
    std::vector<std::string> types; ///< those that the projection's fold lets through, for the manifest; empty: all
    std::string logPath; ///< for the manifest; empty: not told
    Masks masks; ///< what must not be in the file; the manifest tells the rules, and its snapshot hash is without them
    SnapshotOptions folding;
    /// An earlier export of the same log and projection: only what changed since then is written, each row with its change.
    std::optional<Manifest> since;
    std::string sincePath; ///< of that manifest, for messages
};

/// Writes the states of all aggregates at a cut to a file, by id in ascending order of bytes, and its manifest beside it;
/// gives the manifest. Under their names appear whole files, synced, or none: whatever fails, also for want of space or by a stop,
/// leaves nothing behind. Fails with FileExists, NotExportable, DiskFull, NoPermission, Cancelled ...; OtherLog,
/// OtherProjection, SnapshotDiffers or BadArgument where the earlier export is of something else, or later.
[[nodiscard]] base::Result<Manifest> exportSnapshot(capture::Reader& reader, const replay::Projection& projection,
                                                    const capture::OrdinalCut& cut, const ExportOptions& options,
                                                    std::stop_token stop, const Progress& progress);

} // namespace leftfold::snapshot
