// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/state.h"
#include "ui/colours.h"

#include <QElapsedTimer>
#include <QStatusBar>
#include <QTimer>

class QLabel;
class QProgressBar;
class QPushButton;

namespace leftfold::ui {

/// What goes on, how far it is, and what was to be told last; the log, and that nothing is written to it; memory.
class StatusLine : public QStatusBar {
    Q_OBJECT

public:
    explicit StatusLine(QWidget* parent = nullptr);
    void setColours(const Colours& colours);
    void show(const workspace::WorkspaceState& state);
    [[nodiscard]] QString message() const;
    /// Tells it for some seconds.
    void say(const QString& words);

signals:
    void cancelWanted();

private:
    void showWork();
    void showFollowing(const workspace::Open* open);
    void showNotice(const workspace::Notice& notice);
    void tell(const QString& words, const QColor& ink);
    void showMemory();

    QLabel* m_lock;
    QLabel* m_log;
    QLabel* m_isolation;
    QLabel* m_masked;
    QLabel* m_follow;
    QLabel* m_notice;
    QLabel* m_work;
    QProgressBar* m_bar;
    QPushButton* m_cancel;
    QLabel* m_memory;
    QTimer m_soon; ///< work is shown when it takes longer than this
    QTimer m_noticeEnds;
    QElapsedTimer m_since;
    workspace::Ticket m_ticket = 0; ///< of what is shown
    QString m_what; ///< empty: nothing goes on
    workspace::Progress m_progress;
    std::uint64_t m_noticeNumber = 0;
    Colours m_colours = lightColours();
};

/// What takes long and is on its way, in words, with its progress; the first there is.
struct Work {
    QString what;
    workspace::Ticket ticket = 0;
    workspace::Progress progress;
};
[[nodiscard]] std::optional<Work> workOf(const workspace::Open& open);

} // namespace leftfold::ui
