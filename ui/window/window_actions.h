// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/store.h"

#include <QAction>
#include <functional>
#include <map>

class QMenu;

namespace leftfold::ui {

/// All that can be done in the window, each once: menu, shortcut, button and palette share it.
class WindowActions : public QObject {
    Q_OBJECT

public:
    /// Shortcuts hold in `window`.
    WindowActions(Store* store, QWidget* window);

    QAction* add(const QString& name, const QString& text, const QKeySequence& keys, std::function<void()> slot);
    /// Moving through the log.
    void addGoing();
    void addMarks();
    /// REQUIRES: it was added.
    [[nodiscard]] QAction* named(const QString& name) const { return m_named.at(name); }
    [[nodiscard]] const QList<QAction*>& all() const { return m_all; }

    /// All of them, in menus by what they are about. REQUIRES: all were added.
    void fill(QMenu* menu) const;
    /// Whatever acts on a log is disabled without one.
    void enableFor(bool logIsOpen);
    void goToMark(leftfold::workspace::Mark mark);

private:
    void addSteps();
    void addBookmarks();
    void setBookmark();
    void removeBookmark();
    void listBookmarks(QMenu* menu) const;

    Store* m_store;
    QWidget* m_window;
    std::map<QString, QAction*> m_named;
    QList<QAction*> m_all; ///< as they were added
};

} // namespace leftfold::ui
