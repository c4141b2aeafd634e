// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/manifest.h"
#include "core/snapshot/snapshot.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace leftfold::snapshot {

/// What an export is checked for, in this order.
enum class ExportCheck : std::uint8_t {
    Manifest, ///< it fits its own hash
    File, ///< the file has the size and the SHA-256 of the manifest
    Rows, ///< read again its rows are whole, in order, as many as the manifest says, and have its hash
    Log, ///< the log holds the very events that the export was made from
    Projection, ///< the projection and the mapping are those of the export
    States, ///< rebuilt from the log every row is the same, and so is the snapshot hash
};
/// "manifest", "file", "rows", "log", "projection", "states".
[[nodiscard]] std::string_view nameOf(ExportCheck check);

/// A row of the file that is not what the log gives.
struct RowDifference {
    enum class Kind : std::uint8_t { Missing, Extra, Different };
    Kind kind = Kind::Different; ///< Missing: not in the file; Extra: in the file alone
    std::string id;
    friend bool operator==(const RowDifference&, const RowDifference&) = default;
};

struct VerifyReport {
    struct Finding {
        ExportCheck check;
        base::Error error;
    };
    std::vector<ExportCheck> done; ///< the checks that were made
    std::vector<Finding> findings; ///< what is wrong; empty: nothing
    std::uint64_t differentRows = 0;
    std::vector<RowDifference> differences; ///< the first of them
};
/// The most differences a report lists.
inline constexpr std::size_t kMaxListedDifferences = 100;

/// The checks Manifest, File and Rows, into the report. Gives the manifest where it can be used. Fails where the
/// file or its manifest are not there or cannot be opened.
[[nodiscard]] base::Result<std::optional<Manifest>> verifyFile(const std::string& path, std::stop_token stop,
                                                               VerifyReport& report);

/// Whether the log holds what the manifest's states were made from: its cut there, or OtherLog with the partition that says no.
[[nodiscard]] base::Result<capture::OrdinalCut> cutOf(const Manifest& manifest, capture::Reader& reader,
                                                      const std::string& path, std::stop_token stop);
/// Fails with OtherProjection where the states were made by another rule or mapping.
[[nodiscard]] base::Result<void> checkProjection(const Manifest& manifest, const capture::Reader& reader,
                                                 const replay::Projection& projection, const std::string& path);

/// The checks Log, Projection and States, into the report: the states are folded again.
[[nodiscard]] base::Result<void> verifyAgainstLog(const std::string& path, const Manifest& manifest,
                                                  capture::Reader& reader, const replay::Projection& projection,
                                                  const SnapshotOptions& folding, std::stop_token stop,
                                                  const Progress& progress, VerifyReport& report);

} // namespace leftfold::snapshot
