// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/store.h"

#include <QObject>

namespace leftfold::ui {

class BreakpointsPanel;
class PlotPanel;
class ScriptPanel;
class TimelineWidget;

// The debugger's panels and the store, as ui/links/links.h.

class BreakpointsLink : public QObject {
    Q_OBJECT

public:
    BreakpointsLink(Store* store, BreakpointsPanel* panel, QObject* parent);

private:
    void show(const workspace::WorkspaceState& before);

    Store* m_store;
    BreakpointsPanel* m_panel;
};

class ScriptLink : public QObject {
    Q_OBJECT

public:
    ScriptLink(Store* store, ScriptPanel* panel, QObject* parent);

private:
    void show(const workspace::WorkspaceState& before);

    Store* m_store;
    ScriptPanel* m_panel;
};

class PlotLink : public QObject {
    Q_OBJECT

public:
    /// Its axis is that of the timeline.
    PlotLink(Store* store, PlotPanel* panel, TimelineWidget* timeline, QObject* parent);

private:
    void show(const workspace::WorkspaceState& before);

    Store* m_store;
    PlotPanel* m_panel;
    TimelineWidget* m_timeline;
};

} // namespace leftfold::ui
