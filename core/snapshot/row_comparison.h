// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/export_reader.h"
#include "core/snapshot/verify.h"

namespace leftfold::snapshot {

/// Walks the rows of an export beside those that were worked out anew: both by id, ascending.
class RowComparison {
public:
    RowComparison(std::unique_ptr<ExportReader> file, VerifyReport& report) : m_file(std::move(file)), m_report(report)
    {
        advance();
    }

    /// The next row as it should be.
    void expect(base::ByteView id, const base::Hash256& hash);
    /// No more rows should be there.
    void finish();

    /// Of the expected rows.
    [[nodiscard]] const base::Hash256& hash() const { return m_hash; }
    [[nodiscard]] std::uint64_t rows() const { return m_rows; }

private:
    void advance();
    void differ(RowDifference::Kind kind, base::ByteView id);

    std::unique_ptr<ExportReader> m_file;
    VerifyReport& m_report;
    std::optional<ExportedState> m_row; ///< the next of the file
    bool m_isReadable = true; ///< behind a row that is none nothing can be compared: that was said already
    base::Hash256 m_hash{};
    std::uint64_t m_rows = 0;
};

} // namespace leftfold::snapshot
