// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/hash.h"
#include "core/event/document.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leftfold::snapshot {

enum class ExportFormat : std::uint8_t { JsonLines, Csv, Sqlite };

/// "jsonl", "csv", "sqlite", and back; by the end of a file's name: .jsonl and .ndjson, .csv, .sqlite, .sqlite3 and .db.
[[nodiscard]] std::string_view nameOf(ExportFormat format);
[[nodiscard]] std::optional<ExportFormat> exportFormatNamed(std::string_view name);
[[nodiscard]] std::optional<ExportFormat> exportFormatOf(std::string_view path);

/// What became of an aggregate since an earlier export; `None` in an export of everything.
enum class RowChange : std::uint8_t { None, Created, Changed, Deleted };

/// "created", "changed", "deleted", "" for None, and back.
[[nodiscard]] std::string_view nameOf(RowChange change);
[[nodiscard]] std::optional<RowChange> rowChangeNamed(std::string_view name);

/// One row of an export, in any format.
struct ExportedState {
    std::string id;
    RowChange change = RowChange::None;
    event::Document state; ///< `null` where the aggregate was deleted
};

/// The hash of a row: that of its state in a snapshot (`hashOf` of snapshot.h); with a change SHA-256 over the change's
/// name, a zero byte and that hash. The hash of all rows is their sum mod 2^256: for an export of everything the
/// snapshot hash.
[[nodiscard]] base::Hash256 hashOf(const ExportedState& row);
[[nodiscard]] base::Hash256 rowHash(RowChange change, const base::Hash256& stateHash);

} // namespace leftfold::snapshot
