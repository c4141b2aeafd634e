// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/file.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/table_columns.h"

#include <stop_token>

namespace leftfold::snapshot {

/// Writes the rows of a file of JSON lines to another file as a table, whose columns are known by now. Gives the names of all
/// its columns. Cancelled within a few rows of a stop. `progress` hears of rows.
[[nodiscard]] base::Result<std::vector<std::string>> convertRows(const std::string& jsonLines, std::uint64_t rows,
                                                                 ExportFormat format, const TableColumns& columns,
                                                                 base::FileReplacement& out, std::stop_token stop,
                                                                 const Progress& progress);

} // namespace leftfold::snapshot
