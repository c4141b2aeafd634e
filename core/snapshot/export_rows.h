// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/exported_state.h"
#include "core/snapshot/mask.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/table_columns.h"

#include <optional>
#include <string>

namespace leftfold::snapshot {

/// Some consecutive rows of an export, as lines of JSON, with what is to be known of them together.
class RowText {
public:
    /// For a table it is found out which columns they need.
    explicit RowText(ExportFormat format, const Masks* masks = nullptr) : m_masks(masks), m_columns(columnsFor(format))
    {}
    /// What is to be masked is. Fails with NotExportable, also where that is the id.
    [[nodiscard]] base::Result<void> add(base::ByteView id, RowChange change, event::Value state);

    [[nodiscard]] const std::string& lines() const { return m_lines; }
    [[nodiscard]] std::uint64_t rows() const { return m_rows; }
    [[nodiscard]] const base::Hash256& hash() const { return m_hash; }
    /// The same of the rows as they are without masks.
    [[nodiscard]] const base::Hash256& unmaskedHash() const { return m_masks == nullptr ? m_hash : m_unmaskedHash; }
    [[nodiscard]] const std::optional<TableColumns>& columns() const { return m_columns; }
    /// What was added is taken: the text goes.
    void dropLines() { m_lines = {}; }

private:
    static std::optional<TableColumns> columnsFor(ExportFormat format)
    {
        return format == ExportFormat::JsonLines ? std::nullopt : std::optional(TableColumns(format));
    }

    std::string m_lines;
    std::uint64_t m_rows = 0;
    base::Hash256 m_hash{};
    base::Hash256 m_unmaskedHash{};
    const Masks* m_masks; ///< null: none
    std::optional<TableColumns> m_columns;
};

/// Takes the rows of an export, in their order.
using TakeRows = std::function<base::Result<void>(const RowText&)>;

/// All states at a cut as rows, made by the workers that fold them.
[[nodiscard]] base::Result<SnapshotSummary> allRows(capture::Reader& reader, const replay::Projection& projection,
                                                    const capture::OrdinalCut& cut, ExportFormat format,
                                                    const Masks* masks, const SnapshotOptions& options,
                                                    std::stop_token stop, const Progress& progress,
                                                    const TakeRows& take);

} // namespace leftfold::snapshot
