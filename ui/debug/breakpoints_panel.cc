// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/debug/breakpoints_panel.h"

#include "ui/debug/rows_delegate.h"
#include "ui/error_text.h"
#include "ui/panels/parts.h"
#include "ui/table/quiet_header.h"
#include "ui/table/window_model.h"
#include "ui/texts.h"
#include "ui/time_text.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QShortcut>
#include <QTreeView>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace leftfold::ui {

using workspace::Open;

namespace {

constexpr int kCheckSoonMs = 150;
constexpr int kNumberRole = Qt::UserRole;
constexpr int kLeastWidthOfTwo = 700; ///< so wide the panel is where its halves stand side by side
constexpr int kMostHeightOfTwo = 300; ///< or not higher than this

/// Data, lit where a run stopped.
class HitDelegate : public RowsDelegate {
public:
    HitDelegate(const Colours& colours, QObject* parent) : RowsDelegate(parent), m_colours(colours) {}
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const bool isSelected = (option.state & QStyle::State_Selected) != 0;
        if (!isSelected && index.data(LitRole).toBool()) painter->fillRect(option.rect, m_colours.lit);
        RowsDelegate::paint(painter, option, index);
    }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        RowsDelegate::initStyleOption(option, index);
        option->font = dataFont(option->font);
    }

private:
    const Colours& m_colours;
};

} // namespace

BreakpointsPanel::BreakpointsPanel(QWidget* parent)
    : QWidget(parent),
      m_halves(new QHBoxLayout(this)),
      m_model(new HitsModel(this))
{
    asPanel(*this);
    m_halves->setContentsMargins(0, 0, 0, 0);
    m_halves->setSpacing(12);
    m_halves->addWidget(makeBreakpoints(), 1);
    m_halves->addWidget(makeRuns(), 1);
    m_checkSoon.setSingleShot(true);
    m_checkSoon.setInterval(kCheckSoonMs);
    connect(&m_checkSoon, &QTimer::timeout, this, [this] { emit checkWanted(m_text->text().trimmed()); });
    choose(nullptr);
    explain();
}

QWidget* BreakpointsPanel::makeBreakpoints()
{
    m_listHeader = new QuietHeader;
    m_list = new QTreeWidget;
    m_list->setHeader(m_listHeader);
    m_list->setAccessibleName(tr("Breakpoints"));
    m_list->setMinimumHeight(40);
    m_list->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
    m_list->setRootIsDecorated(false);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setItemDelegate(new RowsDelegate(m_list));
    m_list->setHeaderLabels({tr("Breakpoint"), tr("Hits")});
    m_list->headerItem()->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    m_listHeader->setSectionResizeMode(0, QHeaderView::Stretch);
    m_listHeader->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_listHeader->setStretchLastSection(false);
    new EmptyHint(m_list,
                  tr("No breakpoints yet. Write one below, or choose one in the menu of an event or of a field."));
    m_text = new QLineEdit;
    m_text->setAccessibleName(tr("Text of a breakpoint"));
    m_text->setPlaceholderText(tr("type T · of ID · changes /path · js: …"));
    m_text->setToolTip(
        tr("Words that must all hold of an event and its aggregate:\n"
           "type TYPE, of ID, at WHEN, changes PATH, fails, hit N; log: tell it and run on.\n"
           "At the end at most one of: where CONDITION (on the payload), becomes CONDITION (on the state),\n"
           "when CONDITION (/before/…, /event/…, /after/…), js: (before, event, after) => …"));
    m_text->setFont(dataFont(font()));
    m_text->setClearButtonEnabled(true);
    for (auto* clear : m_text->findChildren<QAbstractButton*>()) clear->setAccessibleName(tr("Clear"));
    m_said = new QLabel;
    m_said->setWordWrap(true);
    m_said->setTextFormat(Qt::PlainText);
    auto* add = new QPushButton(tr("Add"));
    m_change = new QPushButton(tr("Change"));
    m_remove = new QPushButton(tr("Remove"));
    auto* line = new QHBoxLayout;
    line->setContentsMargins(8, 6, 8, 0);
    line->addWidget(m_text, 1);
    for (QPushButton* button : {add, m_change, m_remove}) line->addWidget(button);
    auto* said = new QHBoxLayout;
    said->setContentsMargins(10, 0, 4, 6);
    said->addWidget(m_said);
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    m_list->setIndentation(0);
    column->addWidget(m_list, 1);
    column->addLayout(line);
    column->addLayout(said);
    connect(m_list, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) { choose(item); });
    connect(m_list, &QTreeWidget::itemChanged, this, [this](QTreeWidgetItem* item) {
        emit switched(item->data(0, kNumberRole).toULongLong(), item->checkState(0) == Qt::Checked);
    });
    connect(m_list, &QTreeWidget::itemActivated, m_text, [this] { m_text->setFocus(Qt::OtherFocusReason); });
    auto* remove = new QShortcut(QKeySequence(Qt::Key_Delete), m_list, nullptr, nullptr, Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &BreakpointsPanel::removeChosen);
    connect(m_text, &QLineEdit::textChanged, this, [this] {
        m_error.clear();
        m_checkSoon.start();
        explain();
    });
    connect(m_text, &QLineEdit::returnPressed, this, [this] { chosen() != 0 ? change() : this->add(); });
    connect(add, &QPushButton::clicked, this, &BreakpointsPanel::add);
    connect(m_change, &QPushButton::clicked, this, &BreakpointsPanel::change);
    connect(m_remove, &QPushButton::clicked, this, &BreakpointsPanel::removeChosen);
    return box;
}

QWidget* BreakpointsPanel::makeRuns()
{
    m_outcome = new ElidedLabel;
    m_outcome->setContentsMargins(10, 8, 10, 4);
    m_header = new QuietHeader;
    m_hits = new QTreeView;
    m_hits->setHeader(m_header);
    m_hits->setModel(m_model);
    m_hits->setAccessibleName(tr("Where the last run stopped, and what log points told"));
    m_hits->setMinimumHeight(40);
    m_hits->setFrameShape(QFrame::NoFrame);
    m_hits->setRootIsDecorated(false);
    m_hits->setUniformRowHeights(true);
    m_hits->setAllColumnsShowFocus(true);
    m_hits->setItemDelegate(new HitDelegate(m_colours, m_hits));
    m_header->resizeSection(HitsModel::Event, 200);
    m_header->resizeSection(HitsModel::Aggregate, 140);
    m_header->setStretchLastSection(true);
    new EmptyHint(m_hits, tr("Where a run stopped, and what log points told on the way, is listed here."));
    connect(m_hits, &QTreeView::clicked, this, &BreakpointsPanel::goTo);
    connect(m_hits, &QTreeView::activated, this, &BreakpointsPanel::goTo);
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_outcome);
    column->addWidget(m_hits, 1);
    return box;
}

void BreakpointsPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void BreakpointsPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    arrange();
}

/// In a narrow and high dock one half stands below the other.
void BreakpointsPanel::arrange()
{
    // Behind another tab it has any size, and should not ask the window for more.
    const bool isNarrow = isVisible() && width() < kLeastWidthOfTwo && height() > kMostHeightOfTwo;
    m_halves->setDirection(isNarrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_halves->setSpacing(isNarrow ? 0 : 12);
    m_halves->setStretch(0, isNarrow ? 2 : 1);
    m_halves->setStretch(1, isNarrow ? 3 : 1);
}

void BreakpointsPanel::setColours(const Colours& colours)
{
    m_colours = colours;
    m_header->setColours(colours);
    m_listHeader->setColours(colours);
    explain();
    update();
}

void BreakpointsPanel::show(const Open& open)
{
    list(open);
    showRun(open);
}

/// Items stay as long as they can: one may be edited.
void BreakpointsPanel::list(const Open& open)
{
    const QSignalBlocker quiet(m_list);
    const auto count = static_cast<int>(open.breakpoints.size());
    const auto wasChosen = chosen();
    while (m_list->topLevelItemCount() > count) delete m_list->topLevelItem(m_list->topLevelItemCount() - 1);
    const workspace::Ran* stopped = open.stoppedRun();
    for (int i = 0; i < count; ++i) {
        const workspace::ListedBreakpoint& listed = open.breakpoints[static_cast<std::size_t>(i)];
        QTreeWidgetItem* item = m_list->topLevelItem(i);
        if (item == nullptr) item = new QTreeWidgetItem(m_list);
        const bool hasStopped = stopped != nullptr && std::ranges::any_of(stopped->hits, [&](const auto& hit) {
                                    return hit.breakpoint == listed.number;
                                });
        item->setData(0, kNumberRole, static_cast<qulonglong>(listed.number));
        item->setText(0, text(listed.breakpoint.text));
        item->setToolTip(0, text(listed.breakpoint.text));
        item->setFont(0, dataFont(m_list->font()));
        item->setCheckState(0, listed.isOn ? Qt::Checked : Qt::Unchecked);
        item->setText(1, countText(listed.hits));
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        item->setForeground(0, listed.isOn ? m_colours.text : m_colours.secondary);
        for (int column = 0; column < 2; ++column)
            item->setBackground(column, hasStopped ? QBrush(m_colours.lit) : QBrush());
    }
    // A row that stands for another breakpoint now was not chosen by anybody.
    if (chosen() != wasChosen) m_list->setCurrentItem(nullptr);
    m_remove->setEnabled(chosen() != 0);
    m_change->setEnabled(chosen() != 0);
}

void BreakpointsPanel::showRun(const Open& open)
{
    const auto& asked = open.of<workspace::AskRun>();
    if (m_ran != asked.answer) {
        m_ran = asked.answer;
        m_model->setRun(m_ran);
    }
    m_outcome->setText(runText(open));
    m_outcome->setToolTip(m_outcome->text());
}

QString BreakpointsPanel::runText(const Open& open) const
{
    const auto& asked = open.of<workspace::AskRun>();
    if (asked.isWaiting) {
        const QString far = progressText(asked.progress, 0);
        return far.isEmpty() ? tr("Running…") : tr("Running: %1").arg(far);
    }
    if (asked.error) return errorText(*asked.error);
    if (!asked.answer)
        return tr("F5 runs on to where a breakpoint holds, Shift+F5 back to the last such event before.");
    const workspace::Ran& ran = *asked.answer;
    const bool isForward = ran.direction == replay::Direction::Forward;
    QString out;
    if (ran.hits.empty()) {
        out = isForward ? tr("No breakpoint holds further on") : tr("No breakpoint holds before");
        out += tr(" · %1 events passed").arg(countText(ran.looked));
    } else {
        const QString event = writerText(ran.hits.front().event);
        out = isForward ? tr("Stopped behind %1").arg(event) : tr("Stopped before %1").arg(event);
        if (open.stoppedRun() == nullptr) out += tr(" · the playhead has moved since");
    }
    std::uint64_t told = 0;
    for (const auto& [number, hits] : ran.toldBy) told += hits;
    if (told > 0) out += tr(" · log points told of %1 events").arg(countText(told));
    const QString first = firstOnlyText(ran.told ? ran.told->size() : 0, told);
    if (!first.isEmpty()) out += QStringLiteral(" · ") + first;
    if (ran.unreadable > 0)
        out += tr(" · ⚠ %1 could not be read: it may have passed one").arg(countText(ran.unreadable));
    return out;
}

void BreakpointsPanel::editNew()
{
    m_list->setCurrentItem(nullptr);
    m_text->clear();
    m_text->setFocus(Qt::ShortcutFocusReason);
}

void BreakpointsPanel::choose(QTreeWidgetItem* item)
{
    m_change->setEnabled(item != nullptr);
    m_remove->setEnabled(item != nullptr);
    if (item != nullptr) m_text->setText(item->text(0));
}

quint64 BreakpointsPanel::chosen() const
{
    const QTreeWidgetItem* item = m_list->currentItem();
    return item != nullptr ? item->data(0, kNumberRole).toULongLong() : 0;
}

void BreakpointsPanel::add()
{
    const QString typed = m_text->text().trimmed();
    if (!typed.isEmpty()) emit listWanted(typed, 0);
}

void BreakpointsPanel::change()
{
    const QString typed = m_text->text().trimmed();
    if (!typed.isEmpty() && chosen() != 0) emit listWanted(typed, chosen());
}

void BreakpointsPanel::removeChosen()
{
    if (chosen() != 0) emit removeWanted(chosen());
}

void BreakpointsPanel::setChecked(const QString& checked, const QString& error)
{
    if (checked != m_text->text().trimmed() || checked.isEmpty()) return;
    m_error = error;
    explain();
}

void BreakpointsPanel::setListed(const QString& listed)
{
    if (listed != m_text->text().trimmed()) return;
    m_list->setCurrentItem(nullptr);
    m_text->clear();
}

void BreakpointsPanel::explain()
{
    const bool isWrong = !m_error.isEmpty() && !m_text->text().trimmed().isEmpty();
    setInk(m_said, isWrong ? m_colours.bad : m_colours.secondary);
    m_said->setText(isWrong ? QStringLiteral("⚠ ") + m_error
                            : tr("All that is said must hold: type, of, at, changes, fails; at the end one of where, "
                                 "becomes, when, js: · log tells of it and runs on"));
}

void BreakpointsPanel::goTo(const QModelIndex& index)
{
    if (index.isValid()) emit goToWanted(m_model->hit(index.row()).event.index.value);
}

} // namespace leftfold::ui
