// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/exported_state.h"
#include "core/snapshot/state_parts.h"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace leftfold::snapshot {

/// Columns a table has at most for parts of states: SQLite's tables have 2,000 in all. Parts beyond go where those
/// without a name go.
inline constexpr std::size_t kMaxPartColumns = 1990;
/// What the name of a column begins with that holds JSON.
inline constexpr std::string_view kJsonColumn = "json:";

/// Which columns the rows of a table need, found by looking at all of them beforehand: a column a path, in order of first
/// appearance. Memory is bounded by the most columns there can be.
class TableColumns {
public:
    /// REQUIRES: Csv or Sqlite. In SQLite a path has a column where a scalar stands there; the names of its columns are the same
    /// in upper and lower case, so of such paths the first has it.
    explicit TableColumns(ExportFormat format) : m_format(format) {}

    /// Looks at a row.
    void add(base::ByteView id, RowChange change, event::Value state);
    /// As if the rows of `later` had been looked at now.
    void add(const TableColumns& later);

    /// Names of the columns for parts: `/total`, or `json:/tags`.
    [[nodiscard]] const std::vector<std::string>& names() const { return m_names; }
    [[nodiscard]] std::optional<std::size_t> find(const std::string& name) const;
    /// The name a part's column has, if it can have one.
    [[nodiscard]] std::optional<std::string> nameFor(const std::string& pointer, PartKind kind) const;

    [[nodiscard]] bool hasIdsOfBytes() const { return m_hasIdsOfBytes; } ///< ids that are no UTF-8
    [[nodiscard]] bool hasWholes() const { return m_hasWholes; }
    [[nodiscard]] bool hasRest() const { return m_hasRest; } ///< parts without a column
    [[nodiscard]] bool hasChanges() const { return m_hasChanges; }

private:
    void addName(const std::string& name);

    ExportFormat m_format;
    std::vector<std::string> m_names;
    std::unordered_map<std::string, std::size_t> m_places;
    bool m_hasIdsOfBytes = false;
    bool m_hasWholes = false;
    bool m_hasRest = false;
    bool m_hasChanges = false;
};

} // namespace leftfold::snapshot
