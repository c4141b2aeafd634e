// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/command_palette.h"

#include "core/event/when.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace leftfold::ui {

namespace {

enum Role : int { ActionRole = Qt::UserRole, IdRole, WhenRole };

constexpr int kMostIds = 12;

QString nameOf(const QAction* action)
{
    QString name = action->text();
    name.remove(u'&');
    return name;
}

} // namespace

std::optional<int> matchRank(const QString& typed, const QString& text)
{
    int rank = 0;
    for (const QString& word : typed.split(u' ', Qt::SkipEmptyParts)) {
        const qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive);
        if (at < 0) return std::nullopt;
        const bool beginsWord = at == 0 || !text[at - 1].isLetterOrNumber();
        rank += beginsWord ? 0 : 100;
        rank += static_cast<int>(at);
    }
    return rank;
}

CommandPalette::CommandPalette(QWidget* parent)
    : QDialog(parent, Qt::Popup),
      m_typed(new QLineEdit),
      m_list(new QListWidget)
{
    setWindowTitle(tr("Commands"));
    setObjectName(QStringLiteral("card"));
    m_typed->setPlaceholderText(tr("A command, an id, a time, #index or topic[partition]@offset"));
    m_typed->setAccessibleName(tr("Find or run a command"));
    m_typed->setMinimumHeight(30);
    m_typed->installEventFilter(this);
    m_list->setAccessibleName(tr("Commands found"));
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->addWidget(m_typed);
    column->addWidget(m_list);
    connect(m_typed, &QLineEdit::textChanged, this, [this](const QString& typed) {
        if (!typed.trimmed().isEmpty()) emit idsWanted(typed.trimmed());
        list();
    });
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::choose);
}

void CommandPalette::setActions(const QList<QAction*>& actions)
{
    m_actions = actions;
}

void CommandPalette::setIds(const QString& text, const QStringList& ids)
{
    m_idsOf = text;
    m_ids = ids;
    if (isVisible()) list();
}

void CommandPalette::popUp()
{
    const QWidget* window = parentWidget();
    const QSize size(std::min(620, window->width() - 40), std::min(460, window->height() - 80));
    setFixedSize(size);
    move(window->mapToGlobal(QPoint((window->width() - size.width()) / 2, 56)));
    m_ids.clear();
    m_typed->clear();
    list();
    show();
    m_typed->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::list()
{
    m_list->clear();
    const QString typed = m_typed->text().trimmed();
    std::vector<std::pair<int, QAction*>> found;
    for (QAction* action : m_actions) {
        if (const auto rank = matchRank(typed, nameOf(action))) found.emplace_back(*rank, action);
    }
    std::ranges::stable_sort(found, {}, [](const auto& each) { return each.first; });
    addMoment(typed);
    for (const auto& [rank, action] : found) {
        const QString shortcut = action->shortcut().toString(QKeySequence::NativeText);
        auto* item = new QListWidgetItem(shortcut.isEmpty() ? nameOf(action)
                                                            : QStringLiteral("%1    %2").arg(nameOf(action), shortcut));
        item->setData(ActionRole, QVariant::fromValue<QObject*>(action));
        if (!action->isEnabled()) item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
        m_list->addItem(item);
    }
    if (m_idsOf == typed && !typed.isEmpty()) {
        for (const QString& id : m_ids.first(std::min<qsizetype>(m_ids.size(), kMostIds))) {
            auto* item = new QListWidgetItem(tr("Aggregate %1").arg(id));
            item->setData(IdRole, id);
            m_list->addItem(item);
        }
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::addMoment(const QString& typed)
{
    if (typed.isEmpty() || !event::parseWhen(typed.toStdString())) return;
    auto* item = new QListWidgetItem(tr("Go to %1").arg(typed));
    item->setData(WhenRole, typed);
    m_list->addItem(item);
}

void CommandPalette::choose()
{
    const QListWidgetItem* item = m_list->currentItem();
    if (item == nullptr || !(item->flags() & Qt::ItemIsEnabled)) return;
    const QPointer<QAction> action = qobject_cast<QAction*>(item->data(ActionRole).value<QObject*>());
    const QString id = item->data(IdRole).toString();
    const QString when = item->data(WhenRole).toString();
    hide();
    if (action) {
        action->trigger();
    } else if (!id.isEmpty()) {
        emit aggregateChosen(id);
    } else if (!when.isEmpty()) {
        emit momentChosen(when);
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_typed || event->type() != QEvent::KeyPress) return QDialog::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int rows = m_list->count();
    const auto move = [&](int by) {
        if (rows > 0) m_list->setCurrentRow(std::clamp(m_list->currentRow() + by, 0, rows - 1));
        return true;
    };
    switch (key) {
    case Qt::Key_Down:
        return move(1);
    case Qt::Key_Up:
        return move(-1);
    case Qt::Key_PageDown:
        return move(10);
    case Qt::Key_PageUp:
        return move(-10);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose();
        return true;
    default:
        return false;
    }
}

} // namespace leftfold::ui
