// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/events/events_model.h"

namespace leftfold::ui {

EventsModel::EventsModel(QObject* parent) : CachedModel(parent) {}

void EventsModel::setColours(const Colours& colours)
{
    m_colours = colours;
    changeAll();
}

void EventsModel::setZone(Zone zone)
{
    m_zone = timeZone(zone);
    changeAll();
    emit headerDataChanged(Qt::Horizontal, Time, Time);
}

void EventsModel::setTypes(const QStringList& byRank)
{
    m_types = byRank;
    m_ranks.clear();
    for (int rank = 0; rank < byRank.size(); ++rank) m_ranks.emplace(byRank[rank], rank);
    changeAll();
}

void EventsModel::setPointers(const QStringList& pointers)
{
    const auto before = static_cast<int>(m_pointers.size());
    const auto after = static_cast<int>(pointers.size());
    if (after > before) {
        beginInsertColumns({}, FirstChosen + before, FirstChosen + after - 1);
        m_pointers = pointers;
        endInsertColumns();
    } else if (after < before) {
        beginRemoveColumns({}, FirstChosen + after, FirstChosen + before - 1);
        m_pointers = pointers;
        endRemoveColumns();
    }
    m_pointers = pointers;
    if (after > 0) emit headerDataChanged(Qt::Horizontal, FirstChosen, FirstChosen + after - 1);
    reset(total());
}

void EventsModel::setPlayhead(std::uint64_t eventsBehind)
{
    if (m_playhead == eventsBehind) return;
    m_playhead = eventsBehind;
    changeAll();
}

void EventsModel::setUnfiltered(bool unfiltered)
{
    m_unfiltered = unfiltered;
}

QColor EventsModel::typeColour(const QString& type) const
{
    const auto rank = m_ranks.find(type);
    const int last = static_cast<int>(m_colours.types.size()) - 1;
    return m_colours.types[static_cast<std::size_t>(rank == m_ranks.end() ? last : std::min(rank->second, last))];
}

int EventsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : FirstChosen + static_cast<int>(m_pointers.size());
}

QVariant EventsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole && (section == Index || section == Bytes))
        return {Qt::AlignRight | Qt::AlignVCenter};
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Index:
        return QStringLiteral("#");
    case Time:
        return m_zone == QTimeZone::utc() ? tr("time (UTC)") : tr("time (local)");
    case Position:
        return tr("position");
    case Key:
        return tr("key");
    case Type:
        return tr("type");
    case Bytes:
        return tr("bytes");
    case Payload:
        return tr("payload");
    default:
        return section < columnCount() ? m_pointers[section - FirstChosen] : QVariant();
    }
}

QString EventsModel::text(const EventRow& row, int column) const
{
    switch (column) {
    case Index:
        return QString::number(row.index.value);
    case Time:
        return dateTimeText(row.time, m_zone);
    case Position:
        return QString::fromStdString(toText(row.position));
    case Key:
        return row.key.value_or(QString());
    case Type:
        return row.type;
    case Bytes:
        return row.damaged || row.tombstone ? QString() : countText(row.bytes);
    case Payload:
        return row.damaged ? tr("cannot be read") : row.tombstone ? tr("tombstone") : row.payload;
    default:
        return row.values.value(column - FirstChosen);
    }
}

QVariant EventsModel::cell(std::uint64_t number, int column, int role) const
{
    const EventRow& row = *this->row(number);
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case Qt::ToolTipRole:
        return column == Time ? fullTimeText(row.time, m_zone) : text(row, column);
    case Qt::TextAlignmentRole:
        return column == Index || column == Bytes ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case DataFontRole:
        return column != Type && column != Bytes && !(column == Payload && (row.damaged || row.tombstone));
    case SecondaryRole:
        return column == Position || column == Payload;
    case SwatchRole:
        return column == Type && !row.damaged ? QVariant(typeColour(row.type)) : QVariant();
    case DimRole:
        return row.place >= m_playhead;
    case CurrentRole:
        return row.place + 1 == m_playhead;
    default:
        return {};
    }
}

QVariant EventsModel::placeholder(std::uint64_t number, int column, int role) const
{
    if (role == DimRole) return m_unfiltered && number >= m_playhead;
    if (role == CurrentRole) return m_unfiltered && number + 1 == m_playhead;
    if (role == Qt::TextAlignmentRole && column == Index) return {Qt::AlignRight | Qt::AlignVCenter};
    if (m_unfiltered && column == Index && role == Qt::DisplayRole) return QString::number(number);
    if (m_unfiltered && column == Index && role == DataFontRole) return true;
    return WindowModel::placeholder(number, column, role);
}

} // namespace leftfold::ui
