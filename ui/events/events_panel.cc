// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/events/events_panel.h"

#include <QHeaderView>
#include <QInputDialog>
#include <QMenu>
#include <QVBoxLayout>

namespace leftfold::ui {

namespace {

/// Widths of the columns in digits of the data font, but for the last.
constexpr int kDigits[] = {9, 24, 16, 14, 18, 7};

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
        header->resizeSection(column, kDigits[column] * digit + 16);
    header->setContextMenuPolicy(Qt::CustomContextMenu);

    connect(header, &QWidget::customContextMenuRequested, this,
            [this, header](QPoint at) { openColumnMenu(header->logicalIndexAt(at), header->mapToGlobal(at)); });
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
    m_table->view()->horizontalHeader()->restoreState(layout);
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
