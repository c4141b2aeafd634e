// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/state.h"

#include <QElapsedTimer>
#include <QStringList>
#include <QWidget>

class QLabel;
class QListWidget;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace leftfold::ui {

/// What is shown while no log is open: what can be opened, how far one is, or why one could not be.
class StartPage : public QWidget {
    Q_OBJECT

public:
    explicit StartPage(QWidget* parent = nullptr);
    void setRecent(const QStringList& paths);
    /// REQUIRES: no log is open in `state`.
    void show(const workspace::WorkspaceState& state);

signals:
    void openWanted();
    void openFolderWanted();
    void sampleWanted();
    void connectWanted();
    void logWanted(QStringList paths);
    void againWanted(bool anew); ///< the one that failed; anew: forget what was captured of it
    void cancelWanted();
    void closeWanted();

private:
    [[nodiscard]] QWidget* makeChoice();
    [[nodiscard]] QWidget* makeProgress();
    [[nodiscard]] QWidget* makeFailure();
    void showProgress(const workspace::Loading& loading);
    void showFailure(const workspace::Failed& failed);

    QStackedWidget* m_pages;
    QWidget* m_choice;
    QWidget* m_progress;
    QWidget* m_failure;
    QLabel* m_recentTitle = nullptr;
    QListWidget* m_recent = nullptr;
    QLabel* m_loadingTitle = nullptr;
    QProgressBar* m_bar = nullptr;
    QLabel* m_loadingText = nullptr;
    QLabel* m_failureTitle = nullptr;
    QLabel* m_failureText = nullptr;
    QPushButton* m_anew = nullptr;
    QElapsedTimer m_since;
};

} // namespace leftfold::ui
