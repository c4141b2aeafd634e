// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/csv.h"
#include "core/source/file_reader.h"

namespace leftfold::source {

/// How many of the first lines a reader collected are no records: a line that names the delimiter, and a row that names
/// the columns. Both stand at the start of a file only.
[[nodiscard]] std::size_t headerLines(const FileReader& reader, const CsvDialect& dialect);

/// The rows a reader collected, from the `skipped` one on, as records of one partition with offsets from `first` on.
/// The value of a record is a JSON object with a member for each field that is there, in the order of the columns:
/// - an empty field without quotes is null, one with quotes an empty text;
/// - a field without quotes that is a JSON number is that number, with the digits as they stand;
/// - any other is a text.
/// Fields beyond the columns are called column7 and so on; a last one that is empty is left out. A row that is no
/// UTF-8 is no document: its value is the row as it stands. What is wrong with a row is a problem of the batch. No cut yet.
[[nodiscard]] event::RecordBatch rowsOf(const FileReader& reader, std::size_t skipped, const CsvDialect& dialect,
                                        const event::Partition& partition, event::Offset first);

} // namespace leftfold::source
