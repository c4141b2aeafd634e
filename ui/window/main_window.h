// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/store.h"
#include "ui/theme.h"
#include "ui/time_text.h"
#include "ui/window/window_actions.h"

#include <QMainWindow>
#include <map>

class QDockWidget;
class QMenu;
class QSettings;
class QStackedWidget;
class QTimer;

namespace leftfold::ui {

class AggregatePanel;
class AggregatesPanel;
class BreakpointsPanel;
class CommandPalette;
class ConnectDialog;
class DecodeDialog;
class DiffLink;
class DiffPanel;
class EventPanel;
class EventsPanel;
class ExportDialog;
class LogPanel;
class MasksDialog;
class PanelTitle;
class PlotPanel;
class ProblemsPanel;
class ProjectionPanel;
class SchemasDialog;
class ScriptPanel;
class StartPage;
class StatusLine;
class TimelineWidget;
class TransportBar;
class ViewsPanel;
class WorkspaceFiles;

/// Where the window finds and keeps things.
struct WindowOptions {
    QString settingsFile; ///< theme, layout, recent logs; made where it is not there
    QString cacheRoot; ///< see workspace::cacheFolders; empty: the user's
    QString samplePath; ///< the log that "Open the sample" opens
    workspace::RunnerOptions runner;
};

/// The window: docks around the events, and the actions. What they show and do is the store's.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(WindowOptions options, QWidget* parent = nullptr);
    ~MainWindow() override;

    void openPaths(const QStringList& paths, bool fresh = false);
    /// A kafka:// address; live: the playhead stays at the end while records come.
    void openKafka(const QString& address, bool isLive = false);
    void connectToKafka();
    void openSample();
    void setTheme(Theme theme);
    void setZone(Zone zone);
    [[nodiscard]] Store* store() const { return m_store; }
    [[nodiscard]] const WindowActions& windowActions() const { return *m_actions; }

protected:
    void changeEvent(QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    enum class Dock {
        Timeline,
        Log,
        Aggregate,
        Event,
        Aggregates,
        Diff,
        Views,
        Projection,
        Script,
        Breakpoints,
        Plot,
        Problems
    };

    void makePanels();
    void makeActions();
    void makeViewActions();
    void makeKafkaActions();
    void makeDebugActions();
    void connectDebugger();
    void plot(const QString& function);
    void connectKafka();
    void makeConnectDialog();
    void makeTransport();
    void makeMenu();
    void connectPanels();
    QDockWidget* addDock(Dock dock, const QString& name, const QString& title, QWidget* panel, Qt::DockWidgetArea area);
    void arrange(); ///< the docks as they are at first

    void showState(const workspace::WorkspaceState& before);
    void showPhase(const workspace::WorkspaceState& before);
    void showTitles(const workspace::Open& open);
    void showDocks(bool shown);
    void openAgain(bool fresh);
    void showPanel(Dock dock);
    void togglePlay();
    void play(bool on);
    void showAbout();
    void useMasks(const QString& rules);
    void complete(workspace::LoadOptions& options) const;
    [[nodiscard]] std::shared_ptr<const snapshot::Masks> masks() const;
    void colourPanels(const Colours& colours);

    WindowOptions m_options;
    std::unique_ptr<QSettings> m_settings;
    Store* m_store;
    WindowActions* m_actions;
    std::map<Dock, QDockWidget*> m_docks;
    std::map<Dock, PanelTitle*> m_titles;
    PanelTitle* m_eventsTitle = nullptr;
    QStackedWidget* m_pages = nullptr;
    StartPage* m_start = nullptr;
    QWidget* m_events = nullptr;
    TimelineWidget* m_timeline = nullptr;
    EventsPanel* m_eventsPanel = nullptr;
    LogPanel* m_log = nullptr;
    AggregatePanel* m_aggregate = nullptr;
    EventPanel* m_event = nullptr;
    AggregatesPanel* m_aggregates = nullptr;
    DiffPanel* m_diff = nullptr;
    ProblemsPanel* m_problems = nullptr;
    ProjectionPanel* m_projection = nullptr;
    ViewsPanel* m_views = nullptr;
    BreakpointsPanel* m_breakpoints = nullptr;
    ScriptPanel* m_script = nullptr;
    PlotPanel* m_plot = nullptr;
    ConnectDialog* m_connect = nullptr;
    DiffLink* m_diffLink = nullptr;
    TransportBar* m_transport = nullptr;
    StatusLine* m_status = nullptr;
    CommandPalette* m_palette = nullptr;
    ExportDialog* m_export = nullptr;
    DecodeDialog* m_decode = nullptr;
    SchemasDialog* m_schemas = nullptr;
    MasksDialog* m_masks = nullptr;
    WorkspaceFiles* m_workspaces = nullptr;
    QMenu* m_menu = nullptr;
    QTimer* m_playing = nullptr;
    QByteArray m_firstLayout;
    QByteArray m_layout;
    bool m_isOpen = false; ///< the docks are shown
    Theme m_theme = Theme::System;
};

} // namespace leftfold::ui
