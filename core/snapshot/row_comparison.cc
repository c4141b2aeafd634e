// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/row_comparison.h"

namespace leftfold::snapshot {

void RowComparison::advance()
{
    if (!m_isReadable) return;
    auto next = m_file->next();
    m_isReadable = next.has_value();
    m_row = next ? std::move(*next) : std::nullopt;
}

void RowComparison::differ(RowDifference::Kind kind, base::ByteView id)
{
    ++m_report.differentRows;
    if (m_report.differences.size() < kMaxListedDifferences) m_report.differences.push_back({kind, std::string(id)});
}

void RowComparison::expect(base::ByteView id, const base::Hash256& hash)
{
    ++m_rows;
    m_hash = base::addModulo(m_hash, hash);
    for (; m_row && m_row->id < id; advance()) differ(RowDifference::Kind::Extra, m_row->id);
    if (!m_isReadable) return;
    if (!m_row || m_row->id != id) return differ(RowDifference::Kind::Missing, id);
    if (hashOf(*m_row) != hash) differ(RowDifference::Kind::Different, id);
    advance();
}

void RowComparison::finish()
{
    for (; m_row; advance()) differ(RowDifference::Kind::Extra, m_row->id);
}

} // namespace leftfold::snapshot
