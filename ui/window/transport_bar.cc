// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/transport_bar.h"

#include "ui/texts.h"
#include "ui/window/icons.h"

#include <QAction>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QResizeEvent>
#include <QToolButton>

namespace leftfold::ui {

using workspace::Mark;
using workspace::StepKind;

namespace {

constexpr int kLeastPositionWidth = 222; ///< a time
constexpr int kPositionWidth = 440; ///< where there is room
constexpr int kRoomyWidth = 1480;
constexpr int kSpeeds[] = {1, 2, 5, 10, 30};

} // namespace

TransportBar::TransportBar(const TransportActions& actions, QWidget* parent)
    : QToolBar(tr("Transport"), parent),
      m_actions(actions),
      m_kind(new QComboBox),
      m_position(new QLineEdit),
      m_speed(new QComboBox),
      m_command(new QToolButton)
{
    setObjectName(QStringLiteral("transport"));
    setMovable(false);
    setIconSize({16, 16});
    for (QAction* action : {actions.back, actions.forward}) addAction(action);
    addSeparator();
    for (QAction* action :
         {actions.first, actions.reverseContinue, actions.stepBack, actions.step, actions.continues, actions.last})
        addAction(action);
    m_kind->setAccessibleName(tr("What a step stops at"));
    m_kind->setToolTip(tr("What a step stops at"));
    for (std::size_t kind = 0; kind < workspace::kStepKinds; ++kind)
        m_kind->addItem(tr("step: %1").arg(stepText(static_cast<StepKind>(kind))));
    m_kind->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    addWidget(m_kind);
    addSeparator();
    m_position->setAccessibleName(tr("Position of the playhead"));
    m_position->setToolTip(
        tr("Where the playhead is. Type a time, #index, topic[partition]@offset, a cut, @start or @end"));
    m_position->setFont(dataFont(font()));
    m_position->setMinimumWidth(kLeastPositionWidth);
    m_position->setMaximumWidth(kPositionWidth);
    m_position->installEventFilter(this);
    addWidget(m_position);
    m_a = addMark(Mark::A);
    m_b = addMark(Mark::B);
    addSeparator();
    addAction(actions.play);
    m_speed->setAccessibleName(tr("Steps a second when playing"));
    m_speed->setToolTip(m_speed->accessibleName());
    for (const int speed : kSpeeds) m_speed->addItem(tr("%1/s").arg(speed), speed);
    m_speed->setCurrentIndex(2);
    addWidget(m_speed);
    auto* space = new QWidget;
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    addWidget(space);
    auto* live = new QToolButton;
    live->setObjectName(QStringLiteral("framed"));
    live->setDefaultAction(actions.live);
    live->setToolButtonStyle(Qt::ToolButtonTextOnly);
    live->setAccessibleName(tr("Live: stay at the end"));
    m_liveButton = addWidget(live);
    m_command->setObjectName(QStringLiteral("framed"));
    m_command->setText(tr("Find or run  Ctrl+P"));
    m_command->setAccessibleName(tr("Find or run a command"));
    m_command->setToolTip(m_command->accessibleName());
    connect(m_command, &QToolButton::clicked, actions.palette, &QAction::trigger);
    addWidget(m_command);
    connect(m_kind, &QComboBox::activated, this,
            [this](int index) { emit stepKindChosen(static_cast<StepKind>(index)); });
    connect(m_position, &QLineEdit::returnPressed, this, [this] {
        const QString typed = m_position->text().trimmed();
        if (!typed.isEmpty() && typed != m_positionText) emit positionTyped(typed);
        m_position->clearFocus();
    });
    connect(m_position, &QLineEdit::editingFinished, this, &TransportBar::showPosition);
    setColours(m_colours);
}

QToolButton* TransportBar::addMark(Mark mark)
{
    auto* button = new QToolButton;
    button->setText(mark == Mark::A ? QStringLiteral("A") : QStringLiteral("B"));
    button->setPopupMode(QToolButton::DelayedPopup);
    auto* menu = new QMenu(button);
    menu->addAction(tr("Set here"), this, [this, mark] { emit markWanted(mark); });
    menu->addAction(tr("Go there"), this, [this, mark] { emit goToMarkWanted(mark); });
    menu->addAction(tr("Clear"), this, [this, mark] { emit markCleared(mark); });
    button->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(button, &QWidget::customContextMenuRequested, menu,
            [button, menu](const QPoint& at) { menu->popup(button->mapToGlobal(at)); });
    connect(button, &QToolButton::clicked, this, [this, mark] { emit markWanted(mark); });
    addWidget(button);
    return button;
}

void TransportBar::setColours(const Colours& colours)
{
    m_colours = colours;
    const QColor faded = mixed(colours.text, colours.window, 0.7);
    const std::pair<QAction*, Picture> pictures[] = {
        {m_actions.first, Picture::First},        {m_actions.reverseContinue, Picture::ReverseContinue},
        {m_actions.stepBack, Picture::StepBack},  {m_actions.step, Picture::Step},
        {m_actions.continues, Picture::Continue}, {m_actions.last, Picture::Last},
        {m_actions.play, Picture::Play},          {m_actions.back, Picture::Back},
        {m_actions.forward, Picture::Forward}};
    for (const auto& [action, picture] : pictures) action->setIcon(icon(picture, colours.text, faded));
    const auto paint = [](QToolButton* button, const QColor& colour) {
        QPalette palette = button->palette();
        palette.setColor(QPalette::ButtonText, colour);
        button->setStyleSheet(
            QStringLiteral("QToolButton { color: %1; font-weight: bold; min-width: 16px; }").arg(colour.name()));
    };
    paint(m_a, colours.accent);
    paint(m_b, colours.types[2]);
}

void TransportBar::setZone(Zone zone)
{
    m_zone = zone;
    showPosition();
}

void TransportBar::show(const workspace::Open& open)
{
    m_playhead = open.playhead;
    m_kind->setCurrentIndex(static_cast<int>(open.stepKind));
    if (!m_position->hasFocus()) showPosition();
    showMark(m_a, Mark::A, open.a);
    showMark(m_b, Mark::B, open.b);
    const bool isAtStart = !open.playhead || open.playhead->place.at == 0;
    const bool isAtEnd = !open.playhead || open.playhead->place.at >= open.facts->events;
    for (QAction* action : {m_actions.first, m_actions.reverseContinue, m_actions.stepBack})
        action->setEnabled(!isAtStart);
    for (QAction* action : {m_actions.step, m_actions.continues, m_actions.last}) action->setEnabled(!isAtEnd);
    m_liveButton->setVisible(open.isFollowing || open.isFilling || open.isLive);
    m_actions.live->setEnabled(m_liveButton->isVisible());
    m_actions.live->setChecked(open.isLive);
    m_actions.live->setIconText((open.isLive ? QStringLiteral("● ") : QStringLiteral("○ ")) + m_actions.live->text());
    m_actions.back->setEnabled(!open.back.empty());
    m_actions.forward->setEnabled(!open.forward.empty());
}

void TransportBar::showMark(QToolButton* button, Mark mark, const std::optional<workspace::Moment>& moment)
{
    const QString name = mark == Mark::A ? QStringLiteral("A") : QStringLiteral("B");
    button->setAccessibleName(tr("Mark %1").arg(name));
    button->setToolTip(moment ? tr("Mark %1 is at %2").arg(name, shortMomentText(*moment, m_zone))
                              : tr("Set mark %1 where the playhead is").arg(name));
    button->setCheckable(true);
    button->setChecked(moment.has_value());
}

void TransportBar::showPosition()
{
    m_positionText = m_playhead ? momentText(*m_playhead, m_zone) : QString();
    if (m_position->text() == m_positionText) return;
    m_position->setText(m_positionText);
    m_position->setCursorPosition(0);
}

void TransportBar::editPosition()
{
    m_position->setFocus(Qt::ShortcutFocusReason);
    m_position->selectAll();
}

void TransportBar::resizeEvent(QResizeEvent* event)
{
    const bool isRoomy = event->size().width() >= kRoomyWidth;
    m_position->setMinimumWidth(isRoomy ? kPositionWidth : kLeastPositionWidth);
    m_command->setText(isRoomy ? tr("Find or run  Ctrl+P") : QStringLiteral("Ctrl+P"));
    QToolBar::resizeEvent(event);
}

int TransportBar::stepsPerSecond() const
{
    return m_speed->currentData().toInt();
}

bool TransportBar::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusIn) QTimer::singleShot(0, m_position, &QLineEdit::selectAll);
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        showPosition();
        m_position->clearFocus();
        return true;
    }
    return QToolBar::eventFilter(watched, event);
}

} // namespace leftfold::ui
