// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/open_workspace.h"

#include <QObject>
#include <QString>
#include <functional>
#include <optional>

class QWidget;

namespace leftfold::ui {

class Store;

/// Opens and saves workspaces (.leftfold) for a window.
class WorkspaceFiles : public QObject {
    Q_OBJECT

public:
    /// `completed` gives the options of a log what the window has to say of any.
    WorkspaceFiles(Store* store, std::function<void(workspace::LoadOptions&)> completed, QWidget* window);

    /// False where nothing was opened: it cannot be read, which was said, or reaches outside of its folder and was not wanted so.
    bool open(const QString& path);
    /// Into the file that was opened or saved last; asks for one where there is none, or where another one is wanted.
    void save(bool asNew);
    /// Another log is opened, which is of no workspace yet.
    void leave();
    /// These and what the workspace masks itself: it may add, nothing takes away.
    [[nodiscard]] std::shared_ptr<const snapshot::Masks> joinedMasks(
        const std::shared_ptr<const snapshot::Masks>& own) const;
    /// Of the open log; empty: none.
    [[nodiscard]] QString path() const { return m_path; }

signals:
    void told(QString words);

private:
    void showState();
    [[nodiscard]] bool mayReachOutside(const workspace::WorkspaceFile& file, const QString& path);
    void say(const base::Error& error);
    void say(const QString& words);

    Store* m_store;
    std::function<void(workspace::LoadOptions&)> m_completed;
    QWidget* m_window;
    QString m_path;
    snapshot::Masks m_masks; ///< of the workspace
    workspace::WorkspaceFile m_file; ///< as it was read or written last
    bool m_isToBeDone = false; ///< its log is on its way, and the rest has to be done then
};

} // namespace leftfold::ui
