// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/encoding.h"

#include <optional>
#include <string>
#include <vector>

namespace leftfold::source {

enum class FileFormat : std::uint8_t { Detect, JsonLines, Csv };

/// What a person said about how files are written. What is not said is detected, or remembered from the first time.
struct FileOptions {
    FileFormat format = FileFormat::Detect;
    std::optional<char> delimiter; ///< of CSV
    std::vector<std::string> columns; ///< of CSV; empty: the first row has their names
    std::optional<Encoding> encoding;

    /// Columns and delimiters are those of CSV.
    [[nodiscard]] bool isCsv() const { return format == FileFormat::Csv || delimiter || !columns.empty(); }
    friend bool operator==(const FileOptions&, const FileOptions&) = default;
};

} // namespace leftfold::source
