// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/varint.h"
#include "core/event/document.h"

#include <compare>
#include <optional>
#include <string>

namespace leftfold::fold {

/// Where in its database's own log a change stands, from the `source` of a Debezium event: PostgreSQL's `lsn`, the file and
/// position of MySQL, Oracle's `scn`, SQL Server's LSNs, MongoDB's `ts_ms` and `ord`; where none of them is told, the time `ts_ms`.
class SourcePlace {
public:
    [[nodiscard]] static std::optional<SourcePlace> of(const std::optional<event::Value>& source);

    /// Whether both are of a kind and this one lies before the other.
    [[nodiscard]] bool isBefore(const SourcePlace& other) const;
    /// "lsn 2471", "file mysql-bin.000003 154".
    [[nodiscard]] std::string toText() const;

    void save(std::string& out) const;
    [[nodiscard]] static SourcePlace restore(base::ByteReader& in);

private:
    std::string m_kind;
    std::string m_major; ///< compared first; numbers and file names by length, then text
    std::string m_minor;
};

} // namespace leftfold::fold
