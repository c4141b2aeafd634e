// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/state.h"
#include "ui/colours.h"
#include "ui/time_text.h"

#include <QTimer>
#include <QToolBar>
#include <map>

class QComboBox;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace leftfold::ui {

/// What the transport's buttons do; the window has the actions, so that menu, shortcut, palette and button are one.
struct TransportActions {
    QAction* first = nullptr;
    QAction* reverseContinue = nullptr;
    QAction* stepBack = nullptr;
    QAction* step = nullptr;
    QAction* continues = nullptr;
    QAction* last = nullptr;
    QAction* play = nullptr; ///< checkable
    QAction* back = nullptr;
    QAction* forward = nullptr;
    QAction* palette = nullptr;
    QAction* live = nullptr; ///< checkable
};

/// Moving through the log: buttons, the kind of step, where the playhead is, the marks, and the field for commands.
class TransportBar : public QToolBar {
    Q_OBJECT

public:
    explicit TransportBar(const TransportActions& actions, QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    void setZone(Zone zone);
    void show(const workspace::Open& open);
    /// To type a WHEN, as Ctrl+G does.
    void editPosition();
    [[nodiscard]] int stepsPerSecond() const;

signals:
    void positionTyped(QString when);
    void stepKindChosen(leftfold::workspace::StepKind kind);
    void markWanted(leftfold::workspace::Mark mark); ///< where the playhead is
    void goToMarkWanted(leftfold::workspace::Mark mark);
    void markCleared(leftfold::workspace::Mark mark);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QToolButton* addMark(workspace::Mark mark);
    void showMark(QToolButton* button, workspace::Mark mark, const std::optional<workspace::Moment>& moment);
    void showPosition();

    TransportActions m_actions;
    QComboBox* m_kind;
    QLineEdit* m_position;
    QComboBox* m_speed;
    QAction* m_liveButton = nullptr;
    QToolButton* m_command;
    QToolButton* m_a;
    QToolButton* m_b;
    QString m_positionText;
    std::optional<workspace::Moment> m_playhead;
    Colours m_colours = lightColours();
    Zone m_zone = Zone::Utc;
};

} // namespace leftfold::ui
