// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/events/events_panel.h"

#include <QHeaderView>
#include <QInputDialog>
#include <QMenu>
#include <QVBoxLayout>

namespace leftfold::ui {

namespace {

/// Widths of the columns in digits of the data font, but for the last: before there are rows, and at most.
constexpr int kDigits[] = {7, 24, 14, 14, 20, 6};
constexpr int kMostDigits[] = {12, 30, 30, 22, 30, 12};
constexpr int kPadding = 18;

} // namespace

EventsPanel::EventsPanel(QWidget* parent)
    : QWidget(parent),
      m_filter(new FilterBar),
      m_model(new EventsModel(this)),
      m_table(new WindowTable(m_model))
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_filter);
    layout->addWidget(m_table, 1);
    m_table->view()->setAccessibleName(tr("Events"));
    const int digit = QFontMetrics(dataFont(font())).horizontalAdvance(QLatin1Char('0'));
    QHeaderView* const header = m_table->view()->horizontalHeader();
    for (int column = 0; column < EventsModel::Payload; ++column)
        header->resizeSection(column, kDigits[column] * digit + kPadding);
    header->setContextMenuPolicy(Qt::CustomContextMenu);

    connect(header, &QWidget::customContextMenuRequested, this,
            [this, header](QPoint at) { openColumnMenu(header->logicalIndexAt(at), header->mapToGlobal(at)); });
    connect(header, &QHeaderView::sectionResized, this, [this, header](int section, int, int) {
        const bool isStretched = header->visualIndex(section) == header->count() - 1; // by the window
        if (!m_isFitting && !isStretched) m_isSized = true;
    });
    connect(m_model, &QAbstractItemModel::dataChanged, this, [this] { fitColumns(); });
    connect(m_table, &WindowTable::contextMenuWanted, this, &EventsPanel::openMenu);
    connect(m_table, &WindowTable::currentRowChanged, this, [this](quint64 row) {
        if (const EventRow* const event = m_model->row(row)) emit eventSelected(event->place);
    });
    connect(m_table, &WindowTable::rowChosen, this, [this](quint64 row) {
        if (const EventRow* const event = m_model->row(row)) emit goToWanted(event->place);
    });
}

void EventsPanel::setColours(const Colours& colours)
{
    m_filter->setColours(colours);
    m_model->setColours(colours);
    m_table->setColours(colours);
}

void EventsPanel::setZone(Zone zone)
{
    m_filter->setZone(zone);
    m_model->setZone(zone);
}

void EventsPanel::setMatches(const EventQuery& query, const MatchCounts& counts)
{
    m_filter->setQuery(query);
    m_model->setUnfiltered(query.isEmpty());
    if (query.isEmpty()) {
        m_table->setEmptyText(counts.running ? QString() : tr("This log has no events yet."));
    } else {
        m_table->setEmptyText(
            counts.running
                ? tr("Searching…")
                : tr("None of the %1 events match. Take a filter away, or widen it.").arg(countText(counts.total)));
    }
    const QString summary = query.isEmpty() ? tr("%1 events").arg(countText(counts.total)) : matchText(counts);
    if (summary == m_summary) return;
    m_summary = summary;
    emit summaryChanged(summary);
}

QByteArray EventsPanel::saveLayout() const
{
    return m_table->view()->horizontalHeader()->saveState();
}

void EventsPanel::restoreLayout(const QByteArray& layout)
{
    m_isFitting = true;
    m_isSized = m_table->view()->horizontalHeader()->restoreState(layout);
    m_isFitting = false;
}

void EventsPanel::fitToNextRows()
{
    m_isFitted = false;
}

void EventsPanel::fitColumns()
{
    if (m_isFitted || m_isSized || m_model->row(m_table->topRow()) == nullptr) return;
    m_isFitted = true;
    m_isFitting = true;
    const QAbstractItemView& view = *m_table->view();
    QHeaderView* const header = m_table->view()->horizontalHeader();
    const int digit = QFontMetrics(dataFont(font())).horizontalAdvance(QLatin1Char('0'));
    for (int column = 0; column < EventsModel::Payload; ++column) {
        const int width = std::max(view.sizeHintForColumn(column), widthOfMost(column)) + 2;
        header->resizeSection(column, std::clamp(width, 5 * digit, kMostDigits[column] * digit + kPadding));
    }
    m_isFitting = false;
}

/// What other rows of the log may need: the last index, the last position, any type, the keys of the rows around.
int EventsPanel::widthOfMost(int column) const
{
    const QFontMetrics words(font());
    const QFontMetrics digits(dataFont(font()));
    const QString last = QString::number(m_model->total());
    int width = 0;
    const auto widen = [&width](int needed) { width = std::max(width, needed); };
    if (column == EventsModel::Index) return digits.horizontalAdvance(last) + 2 * kPadding;
    if (column == EventsModel::Type) {
        for (const QString& type : m_model->types()) widen(words.horizontalAdvance(type) + kPadding);
    }
    widen(words.horizontalAdvance(m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString()));
    const std::uint64_t first = m_table->topRow() / kRowBlock * kRowBlock;
    for (std::uint64_t row = first; row < first + kRowBlock; ++row) {
        const EventRow* const event = m_model->row(row);
        if (event == nullptr) continue;
        if (column == EventsModel::Key && event->key) widen(digits.horizontalAdvance(*event->key));
        if (column == EventsModel::Position)
            widen(digits.horizontalAdvance(QString::fromStdString(toText(event->position.partition)) + u'@' + last));
    }
    return width + kPadding;
}

void EventsPanel::openMenu(quint64 row, QPoint at)
{
    const EventRow* const event = m_model->row(row);
    if (!event) return;
    const quint64 place = event->place;
    const std::vector<quint64> rows = m_table->selectedRows();
    QMenu menu(this);
    menu.addAction(tr("Go here"), this, [this, place] { emit goToWanted(place); });
    menu.addAction(tr("Set A here"), this, [this, place] { emit markWanted(false, place); });
    menu.addAction(tr("Set B here"), this, [this, place] { emit markWanted(true, place); });
    menu.addSeparator();
    const std::optional<QString> key = event->key;
    QAction* const show = menu.addAction(tr("Show aggregate"), this, [this, key] { emit aggregateWanted(*key); });
    show->setEnabled(key.has_value());
    const QString type = event->type;
    menu.addAction(tr("Break on this type"), this, [this, type] { emit breakWanted(type); });
    menu.addSeparator();
    menu.addAction(tr("Copy as JSON"), this, [this, rows] { emit copyWanted(CopyAs::Json, rows); });
    menu.addAction(tr("Copy as kcat line"), this, [this, rows] { emit copyWanted(CopyAs::Kcat, rows); });
    menu.addAction(tr("Copy as CSV"), this, [this, rows] { emit copyWanted(CopyAs::Csv, rows); });
    emit menuOpens(&menu, place);
    menu.exec(at);
}

void EventsPanel::openColumnMenu(int section, QPoint at)
{
    QMenu menu(this);
    menu.addAction(tr("Add a column…"), this, &EventsPanel::askForColumn);
    QAction* const remove = menu.addAction(tr("Remove this column"), this, [this, section] {
        QStringList pointers = m_model->pointers();
        pointers.removeAt(section - EventsModel::FirstChosen);
        emit pointersWanted(pointers);
    });
    remove->setEnabled(section >= EventsModel::FirstChosen);
    menu.exec(at);
}

void EventsPanel::askForColumn()
{
    const QString pointer =
        QInputDialog::getText(this, tr("Add a column"), tr("Path in the payload, as /customer/name:")).trimmed();
    if (!pointer.startsWith(QLatin1Char('/')) || m_model->pointers().contains(pointer)) return;
    emit pointersWanted(m_model->pointers() + QStringList(pointer));
}

} // namespace leftfold::ui
