// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/views_model.h"

#include "ui/kafka/kafka_texts.h"
#include "ui/texts.h"

#include <algorithm>
#include <cmath>

namespace leftfold::ui {

using workspace::ViewFacts;
using workspace::ViewPartitionFacts;
using workspace::ViewsLook;

namespace {

/// Top rows are views; the internal id of a partition is the row of its view, and one.
constexpr quintptr kNoParent = 0;

bool isNumberColumn(int column)
{
    return column >= ViewsModel::Committed && column <= ViewsModel::Retention;
}

bool isSameShape(const ViewsLook& a, const ViewsLook& b)
{
    return std::ranges::equal(a.views, b.views, [](const ViewFacts& x, const ViewFacts& y) {
        return x.name == y.name && x.partitions.size() == y.partitions.size();
    });
}

QString lagText(const std::optional<std::int64_t>& lag)
{
    return lag ? countText(static_cast<std::uint64_t>(*lag)) : QStringLiteral("–");
}

} // namespace

void ViewsModel::setColours(const Colours& colours)
{
    m_colours = colours;
    changeAll();
}

void ViewsModel::setZone(Zone zone)
{
    m_zone = zone;
    changeAll();
}

void ViewsModel::setLook(std::shared_ptr<const ViewsLook> look)
{
    if (m_look && look && isSameShape(*m_look, *look)) {
        m_look = std::move(look);
        return changeAll();
    }
    beginResetModel();
    m_look = std::move(look);
    endResetModel();
}

void ViewsModel::changeAll()
{
    const int views = rowCount();
    if (views == 0) return;
    emit dataChanged(index(0, 0), index(views - 1, kColumns - 1));
    for (int row = 0; row < views; ++row) {
        const QModelIndex top = index(row, 0);
        if (const int below = rowCount(top); below > 0)
            emit dataChanged(index(0, 0, top), index(below - 1, kColumns - 1, top));
    }
}

const ViewFacts* ViewsModel::view(const QModelIndex& index) const
{
    if (!index.isValid() || !m_look) return nullptr;
    const std::size_t row =
        index.internalId() == kNoParent ? static_cast<std::size_t>(index.row()) : index.internalId() - 1;
    return row < m_look->views.size() ? &m_look->views[row] : nullptr;
}

const ViewPartitionFacts* ViewsModel::partition(const QModelIndex& index) const
{
    const ViewFacts* const of = view(index);
    if (of == nullptr || index.internalId() == kNoParent) return nullptr;
    const auto row = static_cast<std::size_t>(index.row());
    return row < of->partitions.size() ? &of->partitions[row] : nullptr;
}

QModelIndex ViewsModel::find(const std::string& view) const
{
    if (!m_look) return {};
    const auto found = std::ranges::find(m_look->views, view, &ViewFacts::name);
    return found == m_look->views.end() ? QModelIndex() : index(static_cast<int>(found - m_look->views.begin()), 0);
}

QModelIndex ViewsModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : kNoParent);
}

QModelIndex ViewsModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == kNoParent) return {};
    return createIndex(static_cast<int>(child.internalId() - 1), 0, kNoParent);
}

int ViewsModel::rowCount(const QModelIndex& parent) const
{
    if (!m_look || parent.column() > 0) return 0;
    if (!parent.isValid()) return static_cast<int>(m_look->views.size());
    return parent.internalId() == kNoParent ? static_cast<int>(view(parent)->partitions.size()) : 0;
}

int ViewsModel::columnCount(const QModelIndex&) const
{
    return kColumns;
}

QVariant ViewsModel::data(const QModelIndex& index, int role) const
{
    const ViewFacts* const of = view(index);
    if (of == nullptr) return {};
    const ViewPartitionFacts* const one = partition(index);
    const views::ViewStatus status = one != nullptr ? one->verdict.status : of->status;
    switch (role) {
    case Qt::DisplayRole:
        return one != nullptr ? shown(*one, index.column()) : shown(*of, index.column());
    case Qt::ToolTipRole:
        return one != nullptr ? explained(*one) : shown(*of, index.column());
    case Qt::TextAlignmentRole:
        return static_cast<int>((isNumberColumn(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ForegroundRole:
        return index.column() == Status ? QVariant(statusColour(status, m_colours)) : QVariant();
    case Qt::FontRole:
        if (one == nullptr && index.column() == Name) {
            QFont bold;
            bold.setBold(of->isAdded);
            return bold;
        }
        return {};
    default:
        return {};
    }
}

QString ViewsModel::shown(const ViewFacts& view, int column) const
{
    switch (column) {
    case Name:
        return text(view.name);
    case Status:
        return statusSign(view.status) + u' ' + statusText(view.status);
    case Lag:
        return lagText(view.lag);
    case CatchUp:
        return catchUpText(view.catchUp);
    case Member: {
        const auto hasMember = [](const ViewPartitionFacts& partition) { return !partition.look.member.empty(); };
        const auto members = std::ranges::count_if(view.partitions, hasMember);
        return members == 0 ? tr("nobody") : tr("%1 of %2 partitions").arg(members).arg(view.partitions.size());
    }
    default:
        return {};
    }
}

QString ViewsModel::shown(const ViewPartitionFacts& partition, int column) const
{
    const views::PartitionLook& look = partition.look;
    const auto lag = lagOf(look.sample);
    switch (column) {
    case Name:
        return text(toText(look.of.partition));
    case Status: {
        const QString status = statusSign(partition.verdict.status) + u' ' + statusText(partition.verdict.status);
        const QString label = labelText(look);
        return label.isEmpty() ? status : tr("%1 · %2").arg(status, label);
    }
    case Committed:
        return offsetText(look.sample.committed);
    case End:
        return offsetText(look.sample.end);
    case Lag:
        return lagText(lag ? std::optional(lag->value) : std::nullopt);
    case Age:
        return spanOrUnknown(look.time.nextUnreadAge);
    case Distance:
        return spanOrUnknown(look.time.eventTimeDistance);
    case Retention:
        return partition.retentionEaten ? tr("%1 %").arg(static_cast<int>(std::lround(100 * *partition.retentionEaten)))
                                        : QStringLiteral("?");
    case CatchUp:
        return catchUpText(partition.catchUp);
    default:
        return look.member.empty() ? tr("nobody") : text(look.member);
    }
}

QString ViewsModel::explained(const ViewPartitionFacts& partition) const
{
    const QString samples = samplesText(partition.verdict, m_zone);
    const QString rule = ruleText(partition.verdict);
    return samples.isEmpty() ? rule : rule + u'\n' + samples;
}

QVariant ViewsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    const QString names[] = {tr("view"),       tr("status"),    tr("committed"),      tr("end"),        tr("lag"),
                             tr("unread for"), tr("behind by"), tr("retention used"), tr("catches up"), tr("read by")};
    const QString tips[] = {tr("A consumer group, and the partitions it reads"),
                            tr("By the rule named below; the worst partition counts"),
                            tr("The offset it goes on with"),
                            tr("The end of the partition"),
                            tr("Offsets that it has not read"),
                            tr("Age of the next event that it has not read"),
                            tr("Time between the last event and the next unread one"),
                            tr("How much of what is kept it has not read: at 100 % it begins to lose events"),
                            tr("By how fast it reads and how fast is written, over the last samples"),
                            tr("The consumer that has this partition")};
    if (section >= kColumns) return {};
    if (role == Qt::DisplayRole) return names[section];
    if (role == Qt::ToolTipRole) return tips[section];
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((isNumberColumn(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

} // namespace leftfold::ui
