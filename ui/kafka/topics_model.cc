// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kafka/topics_model.h"

#include "ui/colours.h"
#include "ui/kafka/kafka_texts.h"
#include "ui/texts.h"

#include <QApplication>
#include <algorithm>
#include <cmath>

namespace leftfold::ui {

namespace {

bool isNumber(int column)
{
    return column >= TopicsModel::Partitions && column <= TopicsModel::Rate;
}

int alignmentOf(bool isRight)
{
    return static_cast<int>((isRight ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

} // namespace

void TopicsModel::setTopics(std::shared_ptr<const workspace::TopicList> topics)
{
    // The second telling has the same topics with more about each: what is chosen stays chosen.
    const auto same = [](const source::TopicFacts& a, const source::TopicFacts& b) { return a.name == b.name; };
    const bool isSame = m_list && topics && std::ranges::equal(m_list->topics, topics->topics, same);
    if (!isSame) beginResetModel();
    m_list = std::move(topics);
    QSet<QString> there;
    if (m_list)
        for (const source::TopicFacts& topic : m_list->topics) there.insert(text(topic.name));
    m_ticked.intersect(there);
    if (!isSame) {
        endResetModel();
    } else if (rowCount() > 0) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
    }
    emit tickedChanged();
}

QStringList TopicsModel::ticked() const
{
    QStringList names(m_ticked.begin(), m_ticked.end());
    names.sort();
    return names;
}

QString TopicsModel::nameAt(int row) const
{
    const bool isThere = m_list && row >= 0 && static_cast<std::size_t>(row) < m_list->topics.size();
    return isThere ? text(m_list->topics[static_cast<std::size_t>(row)].name) : QString();
}

int TopicsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_list ? 0 : static_cast<int>(m_list->topics.size());
}

int TopicsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant TopicsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const source::TopicFacts& topic = m_list->topics[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return shown(topic, index.column());
    case Qt::ToolTipRole:
        return explained(topic, index.column());
    case Qt::TextAlignmentRole:
        return alignmentOf(isNumber(index.column()));
    case kSortRole:
        return sortKey(topic, index.column());
    case Qt::CheckStateRole:
        if (index.column() == Name) return m_ticked.contains(text(topic.name)) ? Qt::Checked : Qt::Unchecked;
        return {};
    default:
        return {};
    }
}

QString TopicsModel::shown(const source::TopicFacts& topic, int column) const
{
    if (column == Name) return text(topic.name);
    if (column == Partitions) return countText(topic.partitions.size());
    if (!m_list->hasFacts) return QStringLiteral("…");
    switch (column) {
    case Records:
        return countText(topic.offsets());
    case Size:
        return topic.estimatedBytes ? QStringLiteral("~") + bytesText(*topic.estimatedBytes) : QStringLiteral("?");
    case Rate:
        return topic.recordsPerHour ? countText(static_cast<std::uint64_t>(std::llround(*topic.recordsPerHour)))
                                    : QStringLiteral("?");
    case Retention:
        return retentionText(topic);
    default:
        return cleanupText(topic);
    }
}

QVariant TopicsModel::sortKey(const source::TopicFacts& topic, int column) const
{
    switch (column) {
    case Partitions:
        return static_cast<quint64>(topic.partitions.size());
    case Records:
        return static_cast<quint64>(topic.offsets());
    case Size:
        return static_cast<quint64>(topic.estimatedBytes.value_or(0));
    case Rate:
        return topic.recordsPerHour.value_or(0);
    default:
        return shown(topic, column);
    }
}

QString TopicsModel::explained(const source::TopicFacts& topic, int column) const
{
    if (!m_list->hasFacts) return tr("Being looked at");
    if (column == Size) return tr("Estimated from its last records, before compression");
    if (column == Rate) return tr("Offsets written within the last hour");
    QStringList lines;
    for (const source::PartitionFacts& partition : topic.partitions) {
        QString line = tr("%1: @%2 to @%3")
                           .arg(text(toText(partition.partition)))
                           .arg(partition.start.value)
                           .arg(partition.highWatermark.value);
        if (partition.lastStable < partition.highWatermark)
            line += tr(", a transaction is open at @%1").arg(partition.lastStable.value);
        lines += line;
        if (lines.size() == 20 && topic.partitions.size() > 20) {
            lines += QStringLiteral("…");
            break;
        }
    }
    return lines.join(u'\n');
}

bool TopicsModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole || !checkIndex(index, CheckIndexOption::IndexIsValid) || index.column() != Name)
        return false;
    const QString name = nameAt(index.row());
    if (value.toInt() == Qt::Checked) {
        m_ticked.insert(name);
    } else {
        m_ticked.remove(name);
    }
    emit dataChanged(index, index, {Qt::CheckStateRole});
    emit tickedChanged();
    return true;
}

QVariant TopicsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return alignmentOf(isNumber(section));
    if (role != Qt::DisplayRole) return {};
    const QString names[] = {tr("topic"),    tr("partitions"), tr("offsets"), tr("size"),
                             tr("per hour"), tr("kept"),       tr("cleanup")};
    return section < kColumns ? names[section] : QString();
}

Qt::ItemFlags TopicsModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (!index.isValid()) return flags;
    const Qt::ItemFlags row = flags | Qt::ItemNeverHasChildren;
    return index.column() == Name ? row | Qt::ItemIsUserCheckable : row;
}

// Preview

void PreviewModel::setPreview(std::shared_ptr<const workspace::Preview> preview)
{
    beginResetModel();
    m_preview = std::move(preview);
    endResetModel();
}

int PreviewModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_preview ? 0 : static_cast<int>(m_preview->rows.size());
}

int PreviewModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 4;
}

QVariant PreviewModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const workspace::PreviewRow& row = m_preview->rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::FontRole) return dataFont(QApplication::font());
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    switch (index.column()) {
    case Position:
        return text(toText(row.position));
    case Time:
        return row.timestamp ? dateTimeText(*row.timestamp, timeZone(Zone::Utc)) : QStringLiteral("-");
    case Key:
        return row.key ? text(*row.key) : tr("no key");
    default:
        return row.isTombstone ? tr("tombstone") : text(row.value);
    }
}

QVariant PreviewModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    const QString names[] = {tr("position"), tr("time (UTC)"), tr("key"), tr("value")};
    return section < 4 ? names[section] : QString();
}

} // namespace leftfold::ui
