// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/projection_panel.h"

#include "ui/error_text.h"
#include "ui/texts.h"

#include <QComboBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>

namespace leftfold::ui {

namespace {

constexpr const char* kFolds[] = {"", "tally", "latest", "merge", "patch", "debezium"};

QString foldText(const QString& fold)
{
    if (fold == QLatin1String("tally"))
        return ProjectionPanel::tr("Counts events and types, and sums up every number exactly");
    if (fold == QLatin1String("latest")) return ProjectionPanel::tr("The last event is the state");
    if (fold == QLatin1String("merge")) return ProjectionPanel::tr("Events are JSON merge patches (RFC 7396)");
    if (fold == QLatin1String("patch")) return ProjectionPanel::tr("Events are JSON patches (RFC 6902)");
    if (fold == QLatin1String("debezium")) return ProjectionPanel::tr("Events are changes of rows of a database");
    if (!fold.isEmpty()) return ProjectionPanel::tr("A projection in JavaScript: %1").arg(fold);
    return ProjectionPanel::tr("debezium for rows of databases, else tally");
}

} // namespace

ProjectionPanel::ProjectionPanel(QWidget* parent) : QWidget(parent), m_list(new QTreeWidget)
{
    setObjectName(QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    m_list->setAccessibleName(tr("Projections"));
    m_list->setRootIsDecorated(false);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHeaderLabels({tr("Projection"), tr("Aggregates")});
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_list->header()->setStretchLastSection(false);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_list, 1);
    row->addWidget(makeForm(), 1);
    connect(m_list, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        if (item == nullptr) return;
        const auto number = static_cast<std::size_t>(m_list->indexOfTopLevelItem(item));
        fill(number);
        if (number != m_shown) emit projectionShown(number);
    });
}

QWidget* ProjectionPanel::makeForm()
{
    m_by = new QLineEdit;
    m_by->setPlaceholderText(tr("A JSON pointer (/order), key, header:NAME or debezium"));
    m_fold = new QComboBox;
    for (const char* fold : kFolds) m_fold->addItem(*fold == 0 ? tr("by itself") : QString::fromLatin1(fold), fold);
    m_foldText = new QLabel;
    m_foldText->setObjectName(QStringLiteral("secondary"));
    m_foldText->setWordWrap(true);
    m_types = new QLineEdit;
    m_types->setPlaceholderText(tr("All types; or some, with commas between"));
    m_change = new QPushButton(tr("Change"));
    auto* add = new QPushButton(tr("Add"));
    m_remove = new QPushButton(tr("Remove"));
    auto* script = new QPushButton(tr("Script…"));
    script->setToolTip(tr("A projection in JavaScript: open one, or write it"));
    auto* buttons = new QHBoxLayout;
    for (QPushButton* button : {m_change, add, m_remove, script}) buttons->addWidget(button);
    connect(script, &QPushButton::clicked, this, &ProjectionPanel::scriptWanted);
    buttons->addStretch(1);
    auto* box = new QWidget;
    auto* form = new QFormLayout(box);
    form->setContentsMargins(16, 10, 16, 10);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Aggregates by"), m_by);
    form->addRow(tr("Fold"), m_fold);
    form->addRow(QString(), m_foldText);
    form->addRow(tr("Only types"), m_types);
    form->addRow(QString(), buttons);
    const auto explain = [this] { m_foldText->setText(foldText(m_fold->currentData().toString())); };
    connect(m_fold, &QComboBox::currentIndexChanged, this, explain);
    explain();
    connect(m_change, &QPushButton::clicked, this, &ProjectionPanel::replaceCurrent);
    connect(add, &QPushButton::clicked, this, &ProjectionPanel::add);
    connect(m_remove, &QPushButton::clicked, this, &ProjectionPanel::removeCurrent);
    return box;
}

void ProjectionPanel::setColours(const Colours& colours)
{
    m_colours = colours;
}

void ProjectionPanel::show(const workspace::Open& open)
{
    std::vector<Line> lines;
    for (const workspace::ShownProjection& projection : open.projections)
        lines.push_back({projectionText(projection.choice, open.facts->mapping), stateText(projection),
                         projection.error ? errorText(*projection.error) : QString()});
    const bool isOther = m_list->topLevelItemCount() == 0 || m_shown != open.shown;
    if (!isOther && lines == m_lines) return;
    m_lines = std::move(lines);
    m_shown = open.shown;
    m_choices.clear();
    for (const workspace::ShownProjection& projection : open.projections) m_choices.push_back(projection.choice);
    list();
    m_remove->setEnabled(m_choices.size() > 1);
    if (isOther) fill(m_shown);
}

void ProjectionPanel::list()
{
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    for (const Line& line : m_lines) {
        auto* item = new QTreeWidgetItem(m_list, {line.name, line.state});
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        item->setToolTip(0, line.error);
        item->setToolTip(1, line.error);
        if (!line.error.isEmpty()) item->setForeground(1, m_colours.bad);
    }
    m_list->setCurrentItem(m_list->topLevelItem(static_cast<int>(m_shown)));
}

QString ProjectionPanel::stateText(const workspace::ShownProjection& projection) const
{
    if (projection.error) return tr("failed");
    if (projection.opened) return countText(projection.opened->index->size());
    const auto& [done, total] = projection.progress;
    return total == 0 ? tr("opening…") : tr("indexing %1%").arg(100 * done / total);
}

void ProjectionPanel::fill(std::size_t number)
{
    if (number >= m_choices.size()) return;
    const workspace::ProjectionChoice& choice = m_choices[number];
    m_by->setText(text(choice.by));
    const QString fold = text(choice.fold);
    // A script is among them once it was chosen.
    if (!fold.isEmpty() && m_fold->findData(fold) < 0) m_fold->addItem(QFileInfo(fold).fileName(), fold);
    m_fold->setCurrentIndex(fold.isEmpty() ? 0 : m_fold->findData(fold));
    QStringList types;
    for (const std::string& type : choice.types) types.push_back(text(type));
    m_types->setText(types.join(QStringLiteral(", ")));
}

workspace::ProjectionChoice ProjectionPanel::typed() const
{
    workspace::ProjectionChoice choice;
    choice.by = m_by->text().trimmed().toStdString();
    choice.fold = m_fold->currentData().toString().toStdString();
    // What the form does not show belongs to the script.
    const auto known = std::ranges::find(m_choices, choice.fold, &workspace::ProjectionChoice::fold);
    if (known != m_choices.end()) choice.root = known->root;
    if (known != m_choices.end()) choice.numbersAsText = known->numbersAsText;
    for (const QString& type : m_types->text().split(u',', Qt::SkipEmptyParts))
        choice.types.push_back(type.trimmed().toStdString());
    return choice;
}

std::optional<std::size_t> ProjectionPanel::current() const
{
    const int number = m_list->indexOfTopLevelItem(m_list->currentItem());
    return number < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(number));
}

void ProjectionPanel::add()
{
    auto choices = m_choices;
    if (std::ranges::find(choices, typed()) != choices.end()) return;
    choices.push_back(typed());
    emit projectionsChosen(choices);
    emit projectionShown(choices.size() - 1);
}

void ProjectionPanel::replaceCurrent()
{
    const auto number = current();
    if (!number) return;
    auto choices = m_choices;
    choices[*number] = typed();
    emit projectionsChosen(choices);
    emit projectionShown(*number);
}

void ProjectionPanel::removeCurrent()
{
    const auto number = current();
    if (!number || m_choices.size() < 2) return;
    auto choices = m_choices;
    choices.erase(choices.begin() + static_cast<std::ptrdiff_t>(*number));
    emit projectionsChosen(choices);
}

} // namespace leftfold::ui
