// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/problems_panel.h"

#include "ui/panels/parts.h"
#include "ui/table/window_table.h"
#include "ui/time_text.h"

#include <QHeaderView>
#include <QVBoxLayout>

namespace leftfold::ui {

ProblemsModel::ProblemsModel(QObject* parent) : CachedModel(parent) {}

void ProblemsModel::setColours(const Colours& colours)
{
    m_colours = colours;
    changeAll();
}

int ProblemsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 3;
}

QVariant ProblemsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case Position:
        return tr("position");
    case Severity:
        return tr("how bad");
    default:
        return tr("what was found");
    }
}

QVariant ProblemsModel::cell(std::uint64_t number, int column, int role) const
{
    const ProblemRow& row = *this->row(number);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        if (column == Position) return QString::fromStdString(toText(row.position));
        if (column == Severity) return row.severe ? tr("unreadable") : tr("notice");
        return row.words;
    case DataFontRole:
        return column == Position;
    case SwatchRole:
        return column == Severity ? QVariant(row.severe ? m_colours.bad : m_colours.warning) : QVariant();
    default:
        return {};
    }
}

class ProblemsPanel::Parts {
public:
    explicit Parts(ProblemsPanel& panel)
        : model(new ProblemsModel(&panel)),
          table(new WindowTable(model)),
          m_panel(panel)
    {
        asPanel(panel);
        auto* const layout = new QVBoxLayout(&panel);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
        m_note = new QLabel;
        m_note->setObjectName(QStringLiteral("secondary"));
        m_note->setContentsMargins(12, 6, 12, 6);
        m_note->hide();
        layout->addWidget(m_note);
        layout->addWidget(table);
        table->view()->setAccessibleName(ProblemsPanel::tr("Problems"));
        table->view()->horizontalHeader()->resizeSection(ProblemsModel::Position, 180);
        table->view()->horizontalHeader()->resizeSection(ProblemsModel::Severity, 130);
        connect(table, &WindowTable::currentRowChanged, &panel, [this](quint64 row) { choose(row); });
        connect(table, &WindowTable::rowChosen, &panel, [this](quint64 row) { choose(row); });
    }

    void count(std::uint64_t total)
    {
        const QString first = firstOnlyText(model->total(), total);
        m_note->setText(ProblemsPanel::tr("%1 problems · %2").arg(countText(total), first));
        m_note->setVisible(!first.isEmpty());
    }

    ProblemsModel* model;
    WindowTable* table;

private:
    void choose(quint64 row)
    {
        if (const ProblemRow* const chosen = model->row(row)) emit m_panel.problemChosen(chosen->position);
    }
    ProblemsPanel& m_panel;
    QLabel* m_note = nullptr;
};

ProblemsPanel::ProblemsPanel(QWidget* parent) : QWidget(parent), m_parts(std::make_unique<Parts>(*this))
{
    setPhase(Phase::Running);
}

ProblemsPanel::~ProblemsPanel() = default;

void ProblemsPanel::setColours(const Colours& colours)
{
    m_parts->model->setColours(colours);
    m_parts->table->setColours(colours);
}

void ProblemsPanel::setCount(std::uint64_t total)
{
    m_parts->count(total);
}

void ProblemsPanel::setPhase(Phase phase, const QString& error)
{
    switch (phase) {
    case Phase::Running:
        return m_parts->table->setEmptyText(ProblemsPanel::tr("Looking through the log…"));
    case Phase::Failed:
        return m_parts->table->setEmptyText(error);
    case Phase::Done:
        return m_parts->table->setEmptyText(ProblemsPanel::tr("Nothing amiss was found in this log."));
    }
}

ProblemsModel* ProblemsPanel::model() const
{
    return m_parts->model;
}

} // namespace leftfold::ui
