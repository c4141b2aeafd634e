// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/debug/hits_model.h"

#include "ui/table/window_model.h"
#include "ui/texts.h"

namespace leftfold::ui {

HitsModel::HitsModel(QObject* parent) : QAbstractTableModel(parent) {}

void HitsModel::setRun(std::shared_ptr<const workspace::Ran> run)
{
    beginResetModel();
    m_run = std::move(run);
    endResetModel();
}

const workspace::RunHit& HitsModel::hit(int row) const
{
    const auto stops = static_cast<int>(m_run->hits.size());
    return row < stops ? m_run->hits[static_cast<std::size_t>(row)]
                       : (*m_run->told)[static_cast<std::size_t>(row - stops)];
}

int HitsModel::rowCount(const QModelIndex& parent) const
{
    if (parent.isValid() || !m_run) return 0;
    return static_cast<int>(m_run->hits.size() + (m_run->told ? m_run->told->size() : 0));
}

int HitsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 3;
}

QVariant HitsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case Event:
        return tr("event");
    case Aggregate:
        return tr("aggregate");
    default:
        return tr("what it said");
    }
}

QVariant HitsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const workspace::RunHit& row = hit(index.row());
    const bool isStop = index.row() < static_cast<int>(m_run->hits.size());
    if (role == LitRole) return isStop;
    if (role == DataFontRole) return true;
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::AccessibleTextRole) return {};
    switch (index.column()) {
    case Event:
        return writerText(row.event);
    case Aggregate:
        return text(!row.aggregate.empty() ? row.aggregate : row.event.id.value_or(""));
    default:
        break;
    }
    const QString said = text(row.said.empty() ? row.text : row.said);
    return isStop ? tr("stopped: %1").arg(said) : said;
}

} // namespace leftfold::ui
