// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/diff_panel.h"

#include "ui/panels/json_tree.h"
#include "ui/panels/parts.h"
#include "ui/table/window_table.h"
#include "ui/time_text.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace leftfold::ui {

DiffModel::DiffModel(QObject* parent) : CachedModel(parent) {}

int DiffModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 3;
}

QVariant DiffModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case Id:
        return tr("aggregate");
    case Kind:
        return tr("what");
    default:
        return tr("changes");
    }
}

namespace {

QString kindText(DiffKind kind)
{
    switch (kind) {
    case DiffKind::Created:
        return DiffModel::tr("created");
    case DiffKind::Deleted:
        return DiffModel::tr("deleted");
    default:
        return DiffModel::tr("changed");
    }
}

} // namespace

QVariant DiffModel::cell(std::uint64_t number, int column, int role) const
{
    const DiffRow& row = *this->row(number);
    if (role == DataFontRole) return column != Kind;
    if (role == SecondaryRole) return column == Changes;
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    switch (column) {
    case Id:
        return row.id;
    case Kind:
        return kindText(row.kind);
    default:
        return row.changes > 1 ? QStringLiteral("%1: %2").arg(countText(row.changes), row.summary) : row.summary;
    }
}

class DiffPanel::Parts {
public:
    explicit Parts(DiffPanel& panel) : model(new DiffModel(&panel)), m_panel(panel)
    {
        asPanel(panel);
        auto* const layout = new QVBoxLayout(&panel);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
        m_pages = new QStackedWidget;
        m_message = new QLabel;
        m_message->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
        m_message->setWordWrap(true);
        m_message->setMargin(24);
        m_pages->addWidget(m_message);
        m_pages->addWidget(buildResult());
        layout->addWidget(m_pages);
        setState({});
    }

    void setState(const DiffState& state)
    {
        using Phase = DiffState::Phase;
        m_pages->setCurrentIndex(state.phase == Phase::NoMarks || state.phase == Phase::Failed ? 0 : 1);
        m_message->setText(
            state.phase == Phase::Failed
                ? state.error
                : DiffPanel::tr("Set the marks A and B to compare two moments: with the keys A and B at the "
                                "playhead, or in the menu of an event."));
        m_moments->setText(QStringLiteral("A  %1\nB  %2").arg(state.a, state.b));
        m_created->setCount(state.summary.created);
        m_changed->setCount(state.summary.changed);
        m_deleted->setCount(state.summary.deleted);
        m_between->setCount(state.summary.eventsBetween);
        const bool isRunning = state.phase == Phase::Running;
        m_cancel->setVisible(isRunning);
        const snapshot::DiffSummary& sums = state.summary;
        m_progress->setText(
            isRunning ? DiffPanel::tr("%1 of %2 aggregates").arg(countText(state.done), countText(state.total))
                      : firstOnlyText(model->total(), sums.created + sums.changed + sums.deleted));
        m_progress->setVisible(!m_progress->text().isEmpty());
        m_list->setEmptyText(isRunning ? QString() : DiffPanel::tr("No aggregate differs between A and B."));
    }

    void setDetail(std::optional<DiffDetail> detail)
    {
        m_causes->clear();
        m_tree->setEmptyText(DiffPanel::tr("Choose an aggregate to see what changed in it."));
        if (!detail) return m_tree->setDocument(std::nullopt);
        m_tree->setDocument(std::move(detail->tree.document), std::move(detail->tree.notes));
        for (const auto& [pointer, causes] : detail->causes) addCauses(pointer, causes);
        m_causes->expandAll();
    }

    void restyle(const Colours& colours)
    {
        m_list->setColours(colours);
        m_tree->setColours(colours);
        for (int i = 1; i < m_splitter->count(); ++i) {
            QPalette palette;
            palette.setColor(QPalette::Window, colours.line);
            m_splitter->handle(i)->setPalette(palette);
            m_splitter->handle(i)->setAutoFillBackground(true);
        }
        for (QLabel* const label : {m_message, m_moments, m_progress, m_title}) setSecondary(label, colours);
        m_created->setInks(colours.good, colours.secondary);
        m_changed->setInks(colours.warning, colours.secondary);
        m_deleted->setInks(colours.bad, colours.secondary);
        m_between->setInks(colours.text, colours.secondary);
    }

    DiffModel* model;

private:
    QWidget* buildResult()
    {
        m_splitter = new QSplitter(Qt::Horizontal);
        m_splitter->setChildrenCollapsible(false);
        m_splitter->setHandleWidth(1);
        m_splitter->addWidget(buildList());
        m_tree = new JsonTree;
        m_tree->setAccessibleName(DiffPanel::tr("The aggregate at A and B, merged"));
        m_splitter->addWidget(m_tree);
        m_splitter->addWidget(buildCauses());
        m_splitter->setSizes({480, 420, 320});
        connect(m_tree, &JsonTree::writerChosen, &m_panel, &DiffPanel::goToWanted);
        return m_splitter;
    }
    QWidget* buildList()
    {
        auto* const pane = new QWidget;
        auto* const layout = new QVBoxLayout(pane);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
        layout->addLayout(buildCounts());
        m_list = new WindowTable(model);
        m_list->view()->setAccessibleName(DiffPanel::tr("Aggregates that differ"));
        m_list->view()->horizontalHeader()->resizeSection(DiffModel::Id, 150);
        m_list->view()->horizontalHeader()->resizeSection(DiffModel::Kind, 80);
        layout->addWidget(m_list, 1);
        connect(m_list, &WindowTable::currentRowChanged, &m_panel, [this](quint64 row) {
            if (const DiffRow* const chosen = model->row(row)) emit m_panel.aggregateChosen(chosen->id);
        });
        connect(m_list, &WindowTable::rowChosen, &m_panel, [this](quint64 row) {
            if (const DiffRow* const chosen = model->row(row)) emit m_panel.aggregateWanted(chosen->id);
        });
        return pane;
    }
    QLayout* buildCounts()
    {
        auto* const counts = new QHBoxLayout;
        counts->setSpacing(20);
        m_created = new CountLabel(DiffPanel::tr("created"));
        m_changed = new CountLabel(DiffPanel::tr("changed"));
        m_deleted = new CountLabel(DiffPanel::tr("deleted"));
        m_between = new CountLabel(DiffPanel::tr("events between"));
        for (CountLabel* const label : {m_created, m_changed, m_deleted, m_between}) counts->addWidget(label);
        counts->addStretch(1);
        m_progress = new QLabel;
        m_cancel = new QPushButton(DiffPanel::tr("Cancel"));
        counts->addWidget(m_progress);
        counts->addWidget(m_cancel);
        connect(m_cancel, &QPushButton::clicked, &m_panel, &DiffPanel::cancelWanted);
        m_moments = new ElidedLabel;
        m_moments->setFont(dataFont(m_panel.font()));
        auto* const top = new QVBoxLayout;
        top->setContentsMargins(12, 6, 12, 6);
        top->setSpacing(6);
        top->addWidget(m_moments);
        top->addLayout(counts);
        return top;
    }
    QWidget* buildCauses()
    {
        auto* const pane = new QWidget;
        auto* const layout = new QVBoxLayout(pane);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
        m_title = new QLabel(DiffPanel::tr("The events behind each change"));
        m_title->setContentsMargins(12, 6, 12, 6);
        m_causes = new QTreeWidget;
        m_causes->setHeaderHidden(true);
        m_causes->setFrameShape(QFrame::NoFrame);
        m_causes->setIndentation(14);
        m_causes->setAccessibleName(m_title->text());
        layout->addWidget(m_title);
        layout->addWidget(m_causes, 1);
        connect(m_causes, &QTreeWidget::itemActivated, &m_panel, [this](const QTreeWidgetItem* item) { goTo(item); });
        connect(m_causes, &QTreeWidget::itemClicked, &m_panel, [this](const QTreeWidgetItem* item) { goTo(item); });
        return pane;
    }

    void addCauses(const event::Pointer& pointer, const std::vector<DiffDetail::Cause>& causes)
    {
        const QString path = QString::fromStdString(toText(pointer));
        auto* const change = new QTreeWidgetItem(m_causes, {path.isEmpty() ? DiffPanel::tr("the whole state") : path});
        change->setFont(0, dataFont(m_panel.font()));
        for (const DiffDetail::Cause& cause : causes) {
            auto* const event = new QTreeWidgetItem(change, {cause.text});
            event->setFont(0, dataFont(m_panel.font()));
            event->setData(0, Qt::UserRole, static_cast<quint64>(cause.event.value));
        }
    }
    void goTo(const QTreeWidgetItem* item)
    {
        const QVariant event = item->data(0, Qt::UserRole);
        if (event.isValid()) emit m_panel.goToWanted(event.toULongLong());
    }

    DiffPanel& m_panel;
    QStackedWidget* m_pages = nullptr;
    QSplitter* m_splitter = nullptr;
    QLabel* m_message = nullptr;
    QLabel* m_moments = nullptr;
    QLabel* m_progress = nullptr;
    QLabel* m_title = nullptr;
    QPushButton* m_cancel = nullptr;
    CountLabel* m_created = nullptr;
    CountLabel* m_changed = nullptr;
    CountLabel* m_deleted = nullptr;
    CountLabel* m_between = nullptr;
    WindowTable* m_list = nullptr;
    JsonTree* m_tree = nullptr;
    QTreeWidget* m_causes = nullptr;
};

DiffPanel::DiffPanel(QWidget* parent) : QWidget(parent), m_parts(std::make_unique<Parts>(*this)) {}

DiffPanel::~DiffPanel() = default;

void DiffPanel::setColours(const Colours& colours)
{
    m_parts->restyle(colours);
}

void DiffPanel::setState(const DiffState& state)
{
    m_parts->setState(state);
}

DiffModel* DiffPanel::model() const
{
    return m_parts->model;
}

void DiffPanel::setDetail(std::optional<DiffDetail> detail)
{
    m_parts->setDetail(std::move(detail));
}

} // namespace leftfold::ui
