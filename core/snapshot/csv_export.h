// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/file.h"
#include "core/snapshot/csv_text.h"
#include "core/snapshot/export_reader.h"
#include "core/snapshot/table_columns.h"

namespace leftfold::snapshot {

/// Rows of an export as CSV (csv_text.h), rows end with CRLF. The first names the columns, of which those that no row needs are
/// left out:
///   id            the id
///   base64:id     the id in base64 where it is no UTF-8; `id` is absent then
///   change        created, changed or deleted
///   state         a state that is no object with members, as JSON
///   /total        the scalar at that JSON pointer
///   json:/tags    what else stands at that JSON pointer, as JSON
///   rest          an object of pointers and values that have no column
class CsvWriter {
public:
    explicit CsvWriter(const TableColumns& columns);

    [[nodiscard]] const std::vector<std::string>& header() const { return m_header; }
    void appendHeader(std::string& out) const;
    void append(std::string& out, const ExportedState& row);

private:
    void appendId(std::string& out, base::ByteView id) const;
    void appendState(std::string& out, event::Value state);

    const TableColumns& m_columns;
    std::vector<std::string> m_header;
    std::vector<std::string> m_cells; ///< of the parts, as they are written; empty: absent
};

class CsvExportReader final : public ExportReader {
public:
    /// Fails with NotAnExport where the first row does not name such columns.
    [[nodiscard]] static base::Result<std::unique_ptr<CsvExportReader>> open(const std::string& path);

private:
    enum class Role : std::uint8_t { Id, IdBytes, Change, Whole, Scalar, Json, Rest };
    /// A place in a state: a column's, or an object's above one. Parents come before their children.
    struct Node {
        std::string key;
        std::size_t parent = 0;
        std::vector<std::size_t> children;
        std::optional<std::size_t> scalar; ///< columns
        std::optional<std::size_t> json;
        bool isThere = false; ///< in the row at hand
    };
    struct Column {
        Role role;
        std::size_t node = 0;
    };

    CsvExportReader(const std::string& path, base::FileBlocks blocks)
        : ExportReader(path, ExportFormat::Csv),
          m_rows(std::move(blocks)),
          m_nodes(1)
    {}
    [[nodiscard]] base::Result<void> readHeader();
    [[nodiscard]] bool addColumn(const std::string& name);
    [[nodiscard]] std::size_t nodeAt(const event::Pointer& pointer);

    [[nodiscard]] base::Result<std::optional<ExportedState>> read() override;
    [[nodiscard]] base::Result<void> readRow(ExportedState& row);
    [[nodiscard]] const CsvField* fieldOf(Role role) const;
    [[nodiscard]] base::Result<std::string> readId() const;
    [[nodiscard]] base::Result<event::Document> readState();
    [[nodiscard]] base::Result<void> write(const Node& node, event::DocumentBuilder& state) const;
    [[nodiscard]] base::Result<void> writeScalar(const CsvField& field, event::DocumentBuilder& state) const;
    [[nodiscard]] base::Result<event::Document> withRest(event::Document state, const CsvField& rest) const;

    CsvRows m_rows;
    std::vector<Column> m_columns;
    std::vector<Node> m_nodes; ///< the first is the state itself
    std::vector<CsvField> m_fields; ///< of the row at hand
};

} // namespace leftfold::snapshot
