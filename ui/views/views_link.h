// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/store.h"
#include "ui/time_text.h"

#include <QObject>
#include <memory>

class QSettings;

namespace leftfold::ui {

class LogPanel;
class TimelineWidget;
class ViewsPanel;

/// Joins the store with what shows views: their panel, their lanes on the timeline, and their list in the log panel. Which views are
/// added is remembered for each cluster.
class ViewsLink : public QObject {
    Q_OBJECT

public:
    ViewsLink(Store* store, QSettings* settings, ViewsPanel* panel, TimelineWidget* timeline, LogPanel* log,
              QObject* parent);

private:
    void show(const workspace::WorkspaceState& before);
    void showLanes(const workspace::Open& open);
    void add(const QString& view, bool isAdded);
    [[nodiscard]] QString settingOf(const workspace::Open& open) const;

    Store* m_store;
    QSettings* m_settings;
    ViewsPanel* m_panel;
    TimelineWidget* m_timeline;
    LogPanel* m_log;
};

} // namespace leftfold::ui
