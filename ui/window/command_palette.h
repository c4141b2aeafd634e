// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/colours.h"

#include <QDialog>
#include <QPointer>
#include <vector>

class QAction;
class QLineEdit;
class QListWidget;

namespace leftfold::ui {

/// How well a text answers what was typed: all words occur in it. None: not at all; else smaller is better.
[[nodiscard]] std::optional<int> matchRank(const QString& typed, const QString& text);

/// Every action with its shortcut, to be found by typing; also ids of aggregates and moments.
class CommandPalette : public QDialog {
    Q_OBJECT

public:
    explicit CommandPalette(QWidget* parent = nullptr);
    void setActions(const QList<QAction*>& actions);
    [[nodiscard]] const QList<QAction*>& commands() const { return m_actions; }
    void setIds(const QString& text, const QStringList& ids);
    /// Above the middle of the window.
    void popUp();

signals:
    void idsWanted(QString part);
    void aggregateChosen(QString id);
    void momentChosen(QString when);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void list();
    void addMoment(const QString& typed);
    void choose();

    QLineEdit* m_typed;
    QListWidget* m_list;
    QList<QAction*> m_actions;
    QString m_idsOf;
    QStringList m_ids;
};

} // namespace leftfold::ui
