// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/table/window_model.h"

#include "ui/table/row_cache.h"

#include <algorithm>

namespace leftfold::ui {

namespace {

/// An anchor this near to the window's edge moves the window.
constexpr std::uint64_t kRowMargin = 512;
/// Blocks this far from what is looked at are wanted no more: they would come too late.
constexpr std::uint64_t kFarBlocks = 4;

} // namespace

void WindowModel::reset(std::uint64_t total)
{
    beginResetModel();
    ++m_revision;
    m_total = total;
    m_base = 0;
    m_wanted.clear();
    forgetAll();
    endResetModel();
    emit totalChanged(m_total);
}

void WindowModel::resize(std::uint64_t total)
{
    if (total < m_total) return reset(total);
    if (total == m_total) return;
    // The last block was not full: it is wanted again.
    forgetBlock(m_total / kRowBlock);
    m_wanted.erase(m_total / kRowBlock);
    const int before = rowCount();
    const auto after = static_cast<int>(std::min<std::uint64_t>(kWindow, total - m_base));
    if (after > before) beginInsertRows({}, before, after - 1);
    m_total = total;
    if (after > before) endInsertRows();
    emit totalChanged(m_total);
}

void WindowModel::anchor(std::uint64_t row)
{
    const std::uint64_t lastBase = m_total > kWindow ? m_total - kWindow : 0;
    const bool isNearTop = row < m_base + kRowMargin && m_base > 0;
    const bool isNearBottom = row + kRowMargin >= m_base + kWindow && m_base < lastBase;
    if (!isNearTop && !isNearBottom) return;
    const std::uint64_t base = std::min(row > kWindow / 2 ? row - kWindow / 2 : 0, lastBase);
    if (base == m_base) return;
    beginResetModel();
    m_base = base;
    endResetModel();
    emit windowMoved();
}

std::optional<int> WindowModel::modelRow(std::uint64_t row) const
{
    if (row < m_base || row >= m_base + static_cast<std::uint64_t>(rowCount())) return std::nullopt;
    return static_cast<int>(row - m_base);
}

void WindowModel::look(std::uint64_t first, std::uint64_t last)
{
    if (m_total == 0) return;
    const std::uint64_t from = std::min(first, m_total - 1) / kRowBlock;
    const std::uint64_t to = std::min(last, m_total - 1) / kRowBlock;
    std::erase_if(m_wanted, [&](std::uint64_t block) { return block + kFarBlocks < from || block > to + kFarBlocks; });
    for (std::uint64_t block = from; block <= to; ++block) want(block);
    want(to + 1);
    if (from > 0) want(from - 1);
}

void WindowModel::want(std::uint64_t block)
{
    const std::uint64_t first = block * kRowBlock;
    if (first >= m_total || has(first) || !m_wanted.insert(block).second) return;
    emit rowsWanted(m_revision, first, static_cast<quint32>(std::min(kRowBlock, m_total - first)));
}

void WindowModel::dropped(quint64 revision, quint64 first)
{
    if (revision == m_revision) m_wanted.erase(first / kRowBlock);
}

int WindowModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(std::min<std::uint64_t>(kWindow, m_total - m_base));
}

QVariant WindowModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid()) return {};
    const std::uint64_t row = m_base + static_cast<std::uint64_t>(index.row());
    return has(row) ? cell(row, index.column(), role) : placeholder(row, index.column(), role);
}

QVariant WindowModel::placeholder(std::uint64_t /*row*/, int column, int role) const
{
    if (role == PlaceholderRole || role == SecondaryRole) return true;
    return role == Qt::DisplayRole && column == 0 ? QVariant(QStringLiteral("…")) : QVariant();
}

bool WindowModel::arrives(quint64 revision, quint64 first) const
{
    return revision == m_revision && first % kRowBlock == 0 && first < m_total;
}

void WindowModel::arrived(quint64 first, quint64 count)
{
    m_wanted.erase(first / kRowBlock);
    const std::uint64_t end = m_base + static_cast<std::uint64_t>(rowCount());
    const std::uint64_t from = std::max<std::uint64_t>(first, m_base);
    const std::uint64_t to = std::min<std::uint64_t>(first + count, end);
    if (from >= to) return;
    emit dataChanged(index(static_cast<int>(from - m_base), 0),
                     index(static_cast<int>(to - 1 - m_base), columnCount() - 1));
}

void WindowModel::changeAll()
{
    if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

} // namespace leftfold::ui
