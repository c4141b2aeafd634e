// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/views_panel.h"

#include "ui/error_text.h"
#include "ui/kafka/kafka_texts.h"
#include "ui/panels/parts.h"
#include "ui/table/quiet_header.h"
#include "ui/texts.h"
#include "ui/views/lag_plot.h"
#include "ui/views/views_model.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSet>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>

namespace leftfold::ui {

using workspace::Open;
using workspace::ViewFacts;
using workspace::ViewPartitionFacts;

namespace {

constexpr int kSideWidth = 400;
constexpr int kPlotFrom = 190; ///< so high the panel is
constexpr int kWidths[] = {180, 230, 90, 90, 80, 105, 95, 105, 100};

/// Rows as high as those of all tables; numbers end below the names of their columns.
class RowDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        if ((option.state & QStyle::State_Selected) != 0) painter->fillRect(option.rect, option.palette.highlight());
        QStyleOptionViewItem moved = option;
        const bool isRight = (index.data(Qt::TextAlignmentRole).toInt() & Qt::AlignRight) != 0;
        if (isRight) moved.rect.setRight(option.rect.right() - 5);
        if (!isRight && index.column() > 0) moved.rect.setLeft(option.rect.left() + 5);
        QStyledItemDelegate::paint(painter, moved, index);
    }
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return {QStyledItemDelegate::sizeHint(option, index).width(), rowHeight(option.font)};
    }
};

} // namespace

class ViewsPanel::Parts {
public:
    explicit Parts(ViewsPanel& panel) : m_panel(panel)
    {
        m_model = new ViewsModel(&panel);
        m_tree = makeTree();
        m_message = new QLabel;
        m_message->setAlignment(Qt::AlignCenter);
        m_message->setWordWrap(true);
        m_message->setContentsMargins(24, 12, 24, 12);
        m_message->setObjectName(QStringLiteral("secondary"));
        m_pages = new QStackedWidget;
        m_pages->addWidget(m_message);
        m_pages->addWidget(m_tree);
        auto* row = new QHBoxLayout(&panel);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(0);
        row->addWidget(m_pages, 1);
        row->addWidget(makeSide());
        QObject::connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, &panel,
                         [this](const QModelIndex&) { showChosen(); });
        QObject::connect(m_tree, &QTreeView::activated, &panel, [this](const QModelIndex&) { stand(); });
        QObject::connect(m_model, &QAbstractItemModel::modelReset, &panel, [this] { chooseAgain(); });
        showChosen();
    }

    void show(const Open& open)
    {
        const auto& asked = open.views;
        if (asked.answer != m_look) {
            m_look = asked.answer;
            m_model->setLook(m_look);
        }
        m_standing.clear();
        if (m_look)
            for (const ViewFacts& view : m_look->views)
                if (!open.cutOf(view).next.empty()) m_standing.insert(text(view.name));
        showMessage(open);
        showChosen();
    }
    void choose(const QString& view)
    {
        m_chosen = view;
        chooseAgain();
    }
    void setColours(const Colours& colours)
    {
        m_colours = colours;
        m_header->setColours(colours);
        m_model->setColours(colours);
        m_plot->setColours(colours);
        showChosen();
    }
    /// Where it is low, the rule matters more than the line.
    void fit(int height) { m_plot->setVisible(height >= kPlotFrom); }
    void setZone(Zone zone)
    {
        m_zone = zone;
        m_model->setZone(zone);
        m_plot->setZone(zone);
        showChosen();
    }

    void stand()
    {
        if (m_stand->isEnabled()) emit m_panel.standWanted(m_chosen);
    }

private:
    QTreeView* makeTree()
    {
        auto* tree = new QTreeView;
        m_header = new QuietHeader(22);
        tree->setHeader(m_header);
        tree->setModel(m_model);
        tree->setAccessibleName(ViewsPanel::tr("Views and their partitions"));
        tree->setFrameShape(QFrame::NoFrame);
        tree->setUniformRowHeights(true);
        tree->setItemDelegate(new RowDelegate(tree));
        tree->setIndentation(16);
        tree->setSelectionBehavior(QAbstractItemView::SelectRows);
        tree->setAllColumnsShowFocus(true);
        m_header->setStretchLastSection(true);
        for (int column = 0; column < static_cast<int>(std::size(kWidths)); ++column)
            m_header->resizeSection(column, kWidths[column]);
        return tree;
    }

    QWidget* makeSide()
    {
        m_name = new QLabel;
        QFont bold = m_name->font();
        bold.setBold(true);
        m_name->setFont(bold);
        m_status = new QLabel;
        m_rule = new QLabel;
        m_rule->setWordWrap(true);
        m_rule->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        m_rule->setAccessibleName(ViewsPanel::tr("The rule of its status"));
        m_plot = new LagPlot;
        m_add = new QPushButton;
        m_add->setToolTip(
            ViewsPanel::tr("An added view is looked at twice a minute: its lag is kept, and drawn above the overview"));
        m_stand = new QPushButton(ViewsPanel::tr("Stand where it stands"));
        m_stand->setToolTip(
            ViewsPanel::tr("Puts the playhead where this view has committed: the states are those it has seen"));
        m_lookNow = new QPushButton(ViewsPanel::tr("Look now"));
        auto* head = new QHBoxLayout;
        head->addWidget(m_name, 1);
        head->addWidget(m_status);
        auto* buttons = new QHBoxLayout;
        for (QPushButton* button : {m_stand, m_add, m_lookNow}) buttons->addWidget(button);
        buttons->addStretch(1);
        m_side = new QWidget;
        m_side->setFixedWidth(kSideWidth);
        auto* column = new QVBoxLayout(m_side);
        column->setContentsMargins(14, 8, 14, 10);
        column->setSpacing(6);
        column->addLayout(head);
        column->addWidget(m_rule);
        column->addWidget(m_plot, 1);
        column->addStretch(0);
        column->addLayout(buttons);
        QObject::connect(m_add, &QPushButton::clicked, &m_panel,
                         [this] { emit m_panel.addWanted(m_chosen, !m_isAdded); });
        QObject::connect(m_stand, &QPushButton::clicked, &m_panel, [this] { stand(); });
        QObject::connect(m_lookNow, &QPushButton::clicked, &m_panel, &ViewsPanel::lookWanted);
        return m_side;
    }

    void showMessage(const Open& open)
    {
        QString words;
        const auto& asked = open.views;
        if (!open.cluster()) {
            words = ViewsPanel::tr(
                "Views are consumer groups of a Kafka cluster. Open a log from Kafka to see how far each is behind.");
        } else if (asked.answer && asked.answer->trouble) {
            words = errorText(*asked.answer->trouble);
        } else if (!asked.answer) {
            words = ViewsPanel::tr("Looking at the consumer groups…");
        } else if (asked.answer->views.empty()) {
            words = ViewsPanel::tr("There are no views: no consumer group has committed anything to this cluster.");
        }
        const bool hasViews = asked.answer && !asked.answer->views.empty();
        m_message->setText(words);
        m_pages->setCurrentIndex(hasViews ? 1 : 0);
        m_side->setVisible(hasViews);
        m_trouble = hasViews ? words : QString();
    }

    /// After the views are others: the one that was chosen, if it is there; at first the first.
    void chooseAgain()
    {
        if (m_model->rowCount() == 0) return showChosen();
        const QModelIndex wanted = m_model->find(m_chosen.toStdString());
        m_tree->setCurrentIndex(m_chosen.isEmpty() ? m_model->index(0, 0) : wanted);
        m_tree->expand(m_tree->currentIndex());
        showChosen();
    }

    void showChosen()
    {
        const QModelIndex at = m_tree->currentIndex();
        const ViewFacts* const view = m_model->view(at);
        m_add->setEnabled(view != nullptr);
        m_stand->setEnabled(view != nullptr && m_standing.contains(text(view->name)));
        if (view == nullptr) return;
        m_chosen = text(view->name);
        m_isAdded = view->isAdded;
        const ViewPartitionFacts* const partition = shownPartition(*view, at);
        const views::ViewStatus status = view->status;
        m_name->setText(m_name->fontMetrics().elidedText(m_chosen, Qt::ElideMiddle, kSideWidth / 2));
        m_name->setToolTip(m_chosen);
        m_status->setText(statusSign(status) + u' ' + statusText(status));
        setInk(m_status, statusColour(status, m_colours));
        m_rule->setText(rule(partition));
        m_plot->setHistory(view->isAdded ? view->history : std::vector<workspace::LagPoint>());
        m_add->setText(m_isAdded ? ViewsPanel::tr("Take away") : ViewsPanel::tr("Add to the timeline"));
        // The words of the buttons have the room they need, in any language.
        m_side->setFixedWidth(std::max(kSideWidth, m_side->layout()->minimumSize().width()));
    }

    [[nodiscard]] QString rule(const ViewPartitionFacts* partition) const
    {
        if (!m_trouble.isEmpty()) return QStringLiteral("⚠ ") + m_trouble;
        if (partition == nullptr) return {};
        QString words =
            ViewsPanel::tr("%1: %2").arg(text(toText(partition->look.of.partition)), ruleText(partition->verdict));
        const QString samples = samplesText(partition->verdict, m_zone);
        if (!samples.isEmpty()) words += ViewsPanel::tr(" (%1)").arg(samples);
        const QString label = labelText(partition->look);
        return label.isEmpty() ? words : words + QStringLiteral(". ") + label;
    }

    /// The chosen one; of a view the one that makes its status.
    [[nodiscard]] const ViewPartitionFacts* shownPartition(const ViewFacts& view, const QModelIndex& at) const
    {
        if (const ViewPartitionFacts* const chosen = m_model->partition(at)) return chosen;
        const auto isWorst = [&](const ViewPartitionFacts& each) { return each.verdict.status == view.status; };
        const auto worst = std::ranges::find_if(view.partitions, isWorst);
        return worst == view.partitions.end() ? nullptr : &*worst;
    }

    ViewsPanel& m_panel;
    ViewsModel* m_model = nullptr;
    QTreeView* m_tree = nullptr;
    QuietHeader* m_header = nullptr;
    QStackedWidget* m_pages = nullptr;
    QLabel* m_message = nullptr;
    QWidget* m_side = nullptr;
    QLabel* m_name = nullptr;
    QLabel* m_status = nullptr;
    QLabel* m_rule = nullptr;
    LagPlot* m_plot = nullptr;
    QPushButton* m_add = nullptr;
    QPushButton* m_stand = nullptr;
    QPushButton* m_lookNow = nullptr;
    std::shared_ptr<const workspace::ViewsLook> m_look;
    QSet<QString> m_standing; ///< views that have committed something of this log
    QString m_chosen;
    QString m_trouble;
    bool m_isAdded = false;
    Colours m_colours = lightColours();
    Zone m_zone = Zone::Utc;
};

ViewsPanel::ViewsPanel(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("panel"));
    setAttribute(Qt::WA_StyledBackground);
    m_parts = std::make_unique<Parts>(*this);
}

ViewsPanel::~ViewsPanel() = default;

void ViewsPanel::setColours(const Colours& colours)
{
    m_parts->setColours(colours);
}

void ViewsPanel::setZone(Zone zone)
{
    m_parts->setZone(zone);
}

void ViewsPanel::show(const Open& open)
{
    m_parts->show(open);
}

void ViewsPanel::choose(const QString& view)
{
    m_parts->choose(view);
}

void ViewsPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_parts->fit(height());
}

void ViewsPanel::stand()
{
    m_parts->stand();
}

} // namespace leftfold::ui
