// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/completeness.h"
#include "core/snapshot/exported_state.h"

#include <optional>
#include <string>
#include <vector>

namespace leftfold::snapshot {

/// A state of a log that an export is of, or begins from.
struct ManifestSnapshot {
    event::Cut cut;
    std::uint64_t aggregates = 0;
    base::Hash256 hash{}; ///< of all states there
    friend bool operator==(const ManifestSnapshot&, const ManifestSnapshot&) = default;
};

/// What an export is of, beside it as `<export>.manifest.json`: enough to check the file alone, to find the log again, and
/// to rebuild the states from it.
struct Manifest {
    static constexpr std::int64_t kFormat = 1;

    std::string version; ///< of the Leftfold that wrote it
    // the file
    std::string file; ///< its name, without a folder
    ExportFormat format = ExportFormat::JsonLines;
    std::uint64_t bytes = 0;
    base::Hash256 sha256{};
    std::uint64_t rows = 0;
    base::Hash256 rowsHash{}; ///< the sum of `hashOf` each row
    std::vector<std::string> columns; ///< CSV, SQLite: in their order, as the file names them
    std::vector<std::string>
        masks; ///< what is masked in the file (Masks::names); the snapshot's hash is of the states without that
    bool hasPathsWithoutColumn = false; ///< CSV: these are in `rest`; SQLite: in `state` alone
    // the states
    std::string at; ///< the moment as it was asked for
    ManifestSnapshot snapshot;
    std::optional<ManifestSnapshot> since; ///< only what changed from there on is in the file
    std::uint64_t damagedEvents = 0; ///< inside the cut: the states lack them
    // how they were made
    std::string fingerprint; ///< of the projection
    std::string by;
    std::string fold;
    std::vector<std::string> types; ///< only events of these changed states; empty: all
    std::string mapping; ///< JSON
    // the log
    std::string logPath; ///< from the folder of the manifest on; empty: not known
    std::string captureId;
    std::vector<PartitionAtCut> partitions;

    friend bool operator==(const Manifest&, const Manifest&) = default;
};

[[nodiscard]] std::string manifestPathOf(const std::string& exportPath);

/// JSON on several lines, with a hash over all of it.
[[nodiscard]] std::string toJson(const Manifest& manifest);
/// Fails with BadManifest where it is none, a newer one, or does not fit its own hash. `path` is for the message.
[[nodiscard]] base::Result<Manifest> parseManifest(base::ByteView json, const std::string& path);
[[nodiscard]] base::Result<Manifest> readManifest(const std::string& path);

} // namespace leftfold::snapshot
