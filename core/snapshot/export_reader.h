// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/exported_state.h"

#include <memory>
#include <optional>

namespace leftfold::snapshot {

/// The rows of an export, from its first to its last; in memory is one at a time. One thread's.
///
/// Rows are by id in ascending order of bytes, each id once: anything else, and whatever else is no row as Leftfold
/// writes them, fails with BadExport, naming the file, the row (from 1) and the reason.
class ExportReader {
public:
    /// The format is found by the content. Fails with NotAnExport where it is none of the formats.
    [[nodiscard]] static base::Result<std::unique_ptr<ExportReader>> open(const std::string& path);
    virtual ~ExportReader() = default;

    [[nodiscard]] ExportFormat format() const { return m_format; }
    /// The next row; nothing at the end.
    [[nodiscard]] base::Result<std::optional<ExportedState>> next();

protected:
    ExportReader(std::string path, ExportFormat format) : m_path(std::move(path)), m_format(format) {}
    /// The next row, unchecked; reasons for people where it is none.
    [[nodiscard]] virtual base::Result<std::optional<ExportedState>> read() = 0;
    /// BadExport of the row being read.
    [[nodiscard]] tl::unexpected<base::Error> bad(std::string_view reason) const;
    [[nodiscard]] const std::string& path() const { return m_path; }

private:
    std::string m_path;
    ExportFormat m_format;
    std::uint64_t m_row = 0;
    std::string m_lastId;
};

} // namespace leftfold::snapshot
