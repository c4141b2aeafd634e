// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/aggregates_panel.h"

#include "ui/panels/parts.h"
#include "ui/table/window_table.h"
#include "ui/time_text.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

namespace leftfold::ui {

AggregatesModel::AggregatesModel(QObject* parent) : CachedModel(parent)
{
    // Whether a column holds numbers is seen by its rows.
    connect(this, &QAbstractItemModel::dataChanged, this, [this] {
        if (!m_paths.isEmpty()) emit headerDataChanged(Qt::Horizontal, FirstPath, columnCount() - 1);
    });
}

void AggregatesModel::setPaths(const QStringList& paths)
{
    if (paths == m_paths) return;
    const auto before = static_cast<int>(m_paths.size());
    const auto after = static_cast<int>(paths.size());
    if (after > before) {
        beginInsertColumns({}, FirstPath + before, FirstPath + after - 1);
        m_paths = paths;
        endInsertColumns();
    } else if (after < before) {
        beginRemoveColumns({}, FirstPath + after, FirstPath + before - 1);
        m_paths = paths;
        endRemoveColumns();
    }
    m_paths = paths;
    if (after > 0) emit headerDataChanged(Qt::Horizontal, FirstPath, FirstPath + after - 1);
    reset(total());
}

int AggregatesModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : FirstPath + static_cast<int>(m_paths.size());
}

namespace {

/// Whether a JSON text is a number: those stand to the right.
bool isNumber(const QString& json)
{
    return !json.isEmpty() && (json[0].isDigit() || json[0] == QLatin1Char('-'));
}

} // namespace

/// By the first rows that are here.
bool AggregatesModel::holdsNumbers(int column) const
{
    for (std::uint64_t row = 0; row < std::min<std::uint64_t>(total(), 20); ++row) {
        const AggregateRow* const known = this->row(row);
        const QString value = known ? known->values.value(column - FirstPath) : QString();
        if (!value.isEmpty()) return isNumber(value);
    }
    return false;
}

QVariant AggregatesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    const bool isToTheRight = section == Events || section == LastEvent || holdsNumbers(section);
    if (role == Qt::TextAlignmentRole && isToTheRight) return {Qt::AlignRight | Qt::AlignVCenter};
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Id:
        return tr("aggregate");
    case Events:
        return tr("events");
    case LastEvent:
        return tr("last event");
    default:
        return section < columnCount() ? m_paths[section - FirstPath] : QVariant();
    }
}

QVariant AggregatesModel::cell(std::uint64_t number, int column, int role) const
{
    const AggregateRow& row = *this->row(number);
    const QString value = column >= FirstPath ? row.values.value(column - FirstPath) : QString();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        if (column == Id) return row.id;
        if (column == Events) return countText(row.events);
        if (column == LastEvent) return row.lastEvent ? QString::number(row.lastEvent->value) : QString();
        return value;
    case Qt::TextAlignmentRole:
        return column == Events || column == LastEvent || isNumber(value) ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                                                          : QVariant();
    case DataFontRole:
        return column != Events;
    case SecondaryRole:
        return column == LastEvent;
    default:
        return {};
    }
}

class AggregatesPanel::Parts {
public:
    explicit Parts(AggregatesPanel& panel) : model(new AggregatesModel(&panel)), m_panel(panel)
    {
        asPanel(panel);
        auto* const layout = new QVBoxLayout(&panel);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
        layout->addLayout(buildTop());
        m_table = new WindowTable(model);
        m_table->view()->setAccessibleName(AggregatesPanel::tr("Aggregates at the playhead"));
        QHeaderView* const header = m_table->view()->horizontalHeader();
        header->setSectionsClickable(true);
        header->setSortIndicatorShown(true);
        header->setStretchLastSection(false); // numbers stand to the right: not at the end of the window
        header->resizeSection(AggregatesModel::Id, 200);
        header->setDefaultSectionSize(120);
        layout->addWidget(m_table, 1);
        connect(header, &QHeaderView::sectionClicked, &panel, [this](int section) { sortBy(section); });
        connect(m_table, &WindowTable::rowChosen, &panel, [this](quint64 row) {
            if (const AggregateRow* const chosen = model->row(row)) emit m_panel.aggregateWanted(chosen->id);
        });
        connect(m_table, &WindowTable::currentRowChanged, &panel, [this](quint64 row) {
            if (const AggregateRow* const chosen = model->row(row)) emit m_panel.aggregateWanted(chosen->id);
        });
        connect(m_table, &WindowTable::contextMenuWanted, &panel,
                [this](quint64 row, QPoint at) { openMenu(row, at); });
        setState({});
        showQuery();
    }

    void setState(const AggregatesState& state)
    {
        using Phase = AggregatesState::Phase;
        m_known = state.knownPaths;
        const bool isRunning = state.phase == Phase::Running;
        m_cancel->setVisible(isRunning);
        m_filter->setEnabled(state.phase != Phase::NoProjection);
        m_columns->setEnabled(state.phase != Phase::NoProjection);
        m_count->setText(
            isRunning ? AggregatesPanel::tr("%1 of %2 folded").arg(countText(state.done), countText(state.total))
            : state.phase != Phase::Done        ? QString()
            : state.matched == state.aggregates ? AggregatesPanel::tr("%1 aggregates").arg(countText(state.aggregates))
                                                : AggregatesPanel::tr("%1 match · %2 aggregates")
                                                      .arg(countText(state.matched), countText(state.aggregates)));
        const QString first = firstOnlyText(state.listed, state.matched);
        if (state.phase == Phase::Done && !first.isEmpty())
            m_count->setText(m_count->text() + QStringLiteral(" · ") + first);
        m_table->setEmptyText(emptyText(state));
    }

    void showQuery()
    {
        if (m_filter->text() != query.filter) m_filter->setText(query.filter);
        model->setPaths(query.paths);
        const int section = sectionOf(query.sortBy);
        m_table->view()->horizontalHeader()->setSortIndicator(section, query.descending ? Qt::DescendingOrder
                                                                                        : Qt::AscendingOrder);
    }

    void restyle(const Colours& colours)
    {
        m_table->setColours(colours);
        setSecondary(m_count, colours);
    }

    AggregatesModel* model;
    AggregatesQuery query;

private:
    QLayout* buildTop()
    {
        m_filter = new QLineEdit;
        m_filter->setPlaceholderText(
            AggregatesPanel::tr("A part of the id, or a condition on the state: /total > 100"));
        m_filter->setAccessibleName(AggregatesPanel::tr("Filter the aggregates"));
        m_filter->setClearButtonEnabled(true);
        m_columns = new QToolButton;
        m_columns->setText(AggregatesPanel::tr("Columns"));
        m_columns->setPopupMode(QToolButton::InstantPopup);
        auto* const menu = new QMenu(m_columns);
        m_columns->setMenu(menu);
        m_count = new QLabel;
        m_cancel = new QPushButton(AggregatesPanel::tr("Cancel"));
        auto* const top = new QHBoxLayout;
        top->setContentsMargins(10, 6, 10, 6);
        top->setSpacing(8);
        top->addWidget(m_filter, 1);
        top->addWidget(m_columns);
        top->addWidget(m_count);
        top->addWidget(m_cancel);
        connect(m_filter, &QLineEdit::editingFinished, &m_panel, [this] {
            AggregatesQuery next = query;
            next.filter = m_filter->text().trimmed();
            change(next);
        });
        connect(menu, &QMenu::aboutToShow, &m_panel, [this, menu] { fillColumns(menu); });
        connect(m_cancel, &QPushButton::clicked, &m_panel, &AggregatesPanel::cancelWanted);
        return top;
    }

    static QString emptyText(const AggregatesState& state)
    {
        switch (state.phase) {
        case AggregatesState::Phase::NoProjection:
            return AggregatesPanel::tr("Choose in Projection what an aggregate is and how its events are folded.");
        case AggregatesState::Phase::Failed:
            return state.error;
        case AggregatesState::Phase::Running:
            return {};
        case AggregatesState::Phase::Done:
            break;
        }
        return state.aggregates == 0
                   ? AggregatesPanel::tr("No aggregate exists at the playhead.")
                   : AggregatesPanel::tr("None of the %1 aggregates match.").arg(countText(state.aggregates));
    }

    /// By a person.
    void change(const AggregatesQuery& next)
    {
        if (next == query) return;
        query = next;
        showQuery();
        emit m_panel.queryChanged(query);
    }

    void sortBy(int section)
    {
        AggregatesQuery next = query;
        const QString name = nameOf(section);
        next.descending = query.sortBy == name && !query.descending;
        next.sortBy = name;
        change(next);
    }
    [[nodiscard]] QString nameOf(int section) const
    {
        if (section == AggregatesModel::Id) return QStringLiteral("id");
        if (section == AggregatesModel::Events) return QStringLiteral("events");
        if (section == AggregatesModel::LastEvent) return QStringLiteral("last");
        return query.paths.value(section - AggregatesModel::FirstPath);
    }
    [[nodiscard]] int sectionOf(const QString& name) const
    {
        for (int section = 0; section < AggregatesModel::FirstPath; ++section)
            if (nameOf(section) == name) return section;
        const auto path = query.paths.indexOf(name);
        return path < 0 ? -1 : AggregatesModel::FirstPath + static_cast<int>(path);
    }

    void fillColumns(QMenu* menu)
    {
        menu->clear();
        QStringList all = m_known;
        for (const QString& path : query.paths)
            if (!all.contains(path)) all += path;
        for (const QString& path : all) {
            QAction* const action = menu->addAction(QString(path).replace(QLatin1Char('&'), QLatin1String("&&")));
            action->setCheckable(true);
            action->setChecked(query.paths.contains(path));
            connect(action, &QAction::toggled, &m_panel, [this, path](bool isOn) { setColumn(path, isOn); });
        }
        if (all.isEmpty())
            menu->addAction(AggregatesPanel::tr("The states have no values of their own"))->setEnabled(false);
    }
    void setColumn(const QString& path, bool isOn)
    {
        AggregatesQuery next = query;
        next.paths.removeAll(path);
        if (isOn) next.paths += path;
        if (!isOn && next.sortBy == path) next.sortBy = QStringLiteral("id");
        change(next);
    }

    void openMenu(quint64 row, QPoint at)
    {
        const AggregateRow* const chosen = model->row(row);
        if (!chosen) return;
        const QString id = chosen->id;
        QMenu menu(&m_panel);
        menu.addAction(AggregatesPanel::tr("Show aggregate"), &m_panel,
                       [this, id] { emit m_panel.aggregateWanted(id); });
        if (chosen->lastEvent) {
            const quint64 event = chosen->lastEvent->value;
            menu.addAction(AggregatesPanel::tr("Go to its last event"), &m_panel,
                           [this, event] { emit m_panel.goToWanted(event); });
        }
        menu.exec(at);
    }

    AggregatesPanel& m_panel;
    QLineEdit* m_filter = nullptr;
    QToolButton* m_columns = nullptr;
    QLabel* m_count = nullptr;
    QPushButton* m_cancel = nullptr;
    WindowTable* m_table = nullptr;
    QStringList m_known;
};

AggregatesPanel::AggregatesPanel(QWidget* parent) : QWidget(parent), m_parts(std::make_unique<Parts>(*this)) {}

AggregatesPanel::~AggregatesPanel() = default;

void AggregatesPanel::setColours(const Colours& colours)
{
    m_parts->restyle(colours);
}

void AggregatesPanel::setState(const AggregatesState& state)
{
    m_parts->setState(state);
}

void AggregatesPanel::setQuery(const AggregatesQuery& query)
{
    m_parts->query = query;
    m_parts->showQuery();
}

const AggregatesQuery& AggregatesPanel::query() const
{
    return m_parts->query;
}

AggregatesModel* AggregatesPanel::model() const
{
    return m_parts->model;
}

} // namespace leftfold::ui
