// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/main_window.h"

#include "ui/debug/breakpoints_panel.h"
#include "ui/debug/debug_links.h"
#include "ui/debug/plot_panel.h"
#include "ui/debug/script_panel.h"
#include "ui/decode/decode_dialog.h"
#include "ui/decode/schemas_dialog.h"
#include "ui/events/events_panel.h"
#include "ui/kafka/connect_dialog.h"
#include "ui/kafka/kafka_texts.h"
#include "ui/language.h"
#include "ui/links/links.h"
#include "ui/panels/aggregates_panel.h"
#include "ui/panels/diff_panel.h"
#include "ui/panels/event_panel.h"
#include "ui/panels/problems_panel.h"
#include "ui/texts.h"
#include "ui/timeline/timeline_widget.h"
#include "ui/views/views_link.h"
#include "ui/views/views_panel.h"
#include "ui/window/aggregate_panel.h"
#include "ui/window/command_palette.h"
#include "ui/window/export_dialog.h"
#include "ui/window/log_panel.h"
#include "ui/window/masks_dialog.h"
#include "ui/window/panel_title.h"
#include "ui/window/projection_panel.h"
#include "ui/window/recent_logs.h"
#include "ui/window/start_page.h"
#include "ui/window/status_line.h"
#include "ui/window/transport_bar.h"
#include "ui/window/workspace_files.h"

#include <QAbstractButton>
#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDropEvent>
#include <QFileInfo>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QToolButton>

namespace leftfold::ui {

using namespace workspace;
using replay::Direction;

namespace {

constexpr int kLayoutVersion = 3;
constexpr const char* kMasks = "masks/rules"; ///< of the settings
constexpr int kRoomyWidth = 1400; ///< below it the events need what the panels at the sides can spare

} // namespace

MainWindow::MainWindow(WindowOptions options, QWidget* parent)
    : QMainWindow(parent),
      m_options(std::move(options)),
      m_settings(std::make_unique<QSettings>(m_options.settingsFile, QSettings::IniFormat)),
      m_store(new Store(m_options.runner, this)),
      m_actions(new WindowActions(m_store, this)),
      m_playing(new QTimer(this))
{
    setWindowTitle(QStringLiteral("Leftfold"));
    setAcceptDrops(true);
    setDockNestingEnabled(true);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    setCorner(Qt::TopLeftCorner, Qt::TopDockWidgetArea);
    setCorner(Qt::TopRightCorner, Qt::TopDockWidgetArea);
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
    // What is made measures its texts: it must be dressed by then.
    m_theme = static_cast<Theme>(m_settings->value("theme", 0).toInt());
    putOn(*qApp, coloursOf(m_theme));
    makePanels();
    makeActions();
    makeTransport();
    makeMenu();
    connectPanels();
    connectKafka();
    arrange();
    m_firstLayout = saveState(kLayoutVersion);
    m_layout = m_settings->value("window/layout", m_firstLayout).toByteArray();
    m_eventsPanel->restoreLayout(m_settings->value("window/events").toByteArray());
    if (!restoreGeometry(m_settings->value("window/geometry").toByteArray())) resize(1600, 1000);
    setZone(m_settings->value("zone") == QLatin1String("local") ? Zone::Local : Zone::Utc);
    colourPanels(coloursOf(m_theme));
    showDocks(false);
    m_start->setRecent(recentLogs(*m_settings));
    m_start->show(m_store->state());
}

MainWindow::~MainWindow()
{
    // What the store's threads post comes to nobody any more.
    m_store->disconnect();
    // Nor what the widgets still tell when they are taken down: this is no main window any more by then.
    for (QObject* const child : findChildren<QObject*>()) child->disconnect(this);
}

void MainWindow::makePanels()
{
    m_start = new StartPage;
    m_eventsPanel = new EventsPanel;
    m_eventsTitle = new PanelTitle(tr("Events"));
    m_events = framed(m_eventsTitle, m_eventsPanel);
    m_pages = new QStackedWidget;
    m_pages->addWidget(m_start);
    m_pages->addWidget(m_events);
    setCentralWidget(m_pages);
    m_timeline = new TimelineWidget;
    m_log = new LogPanel;
    m_aggregate = new AggregatePanel;
    m_event = new EventPanel;
    m_aggregates = new AggregatesPanel;
    m_diff = new DiffPanel;
    m_problems = new ProblemsPanel;
    m_projection = new ProjectionPanel;
    m_views = new ViewsPanel;
    m_breakpoints = new BreakpointsPanel;
    m_script = new ScriptPanel;
    m_plot = new PlotPanel;
    const auto bottom = Qt::BottomDockWidgetArea;
    addDock(Dock::Timeline, "timeline", tr("Timeline"), m_timeline, Qt::TopDockWidgetArea);
    addDock(Dock::Log, "log", tr("Log"), m_log, Qt::LeftDockWidgetArea);
    addDock(Dock::Aggregate, "aggregate", tr("Aggregate"), m_aggregate, Qt::RightDockWidgetArea);
    addDock(Dock::Event, "event", tr("Event"), m_event, bottom);
    addDock(Dock::Aggregates, "aggregates", tr("Aggregates"), m_aggregates, bottom);
    addDock(Dock::Diff, "diff", tr("Diff A–B"), m_diff, bottom);
    addDock(Dock::Views, "views", tr("Views and lag"), m_views, bottom);
    addDock(Dock::Projection, "projection", tr("Projection"), m_projection, bottom);
    addDock(Dock::Script, "script", tr("Script"), m_script, bottom);
    addDock(Dock::Breakpoints, "breakpoints", tr("Breakpoints"), m_breakpoints, bottom);
    addDock(Dock::Plot, "plot", tr("Plot"), m_plot, bottom);
    addDock(Dock::Problems, "problems", tr("Problems"), m_problems, bottom);
    m_status = new StatusLine;
    setStatusBar(m_status);
    m_palette = new CommandPalette(this);
    m_export = new ExportDialog(this);
    m_decode = new DecodeDialog(this);
    m_schemas = new SchemasDialog(this);
    m_masks = new MasksDialog(this);
    m_workspaces = new WorkspaceFiles(
        m_store, [this](LoadOptions& options) { complete(options); }, this);
}

QDockWidget* MainWindow::addDock(Dock dock, const QString& name, const QString& title, QWidget* panel,
                                 Qt::DockWidgetArea area)
{
    auto* widget = new QDockWidget(title, this);
    widget->setObjectName(name);
    widget->setAccessibleName(title);
    widget->setWidget(panel);
    // Panels that share a place have their title on a tab.
    if (area == Qt::BottomDockWidgetArea) {
        widget->setTitleBarWidget(new DockGrip);
    } else {
        m_titles[dock] = new PanelTitle(title);
        widget->setTitleBarWidget(m_titles[dock]);
    }
    addDockWidget(area, widget);
    m_docks[dock] = widget;
    return widget;
}

void MainWindow::arrange()
{
    for (const auto& [dock, widget] : m_docks) {
        widget->setFloating(false);
        widget->show();
    }
    const Dock tabs[] = {Dock::Event,  Dock::Aggregates,  Dock::Diff, Dock::Views,   Dock::Projection,
                         Dock::Script, Dock::Breakpoints, Dock::Plot, Dock::Problems};
    for (std::size_t i = 1; i < std::size(tabs); ++i) tabifyDockWidget(m_docks[tabs[i - 1]], m_docks[tabs[i]]);
    m_docks[Dock::Event]->raise();
    resizeDocks({m_docks[Dock::Log], m_docks[Dock::Aggregate]}, {260, 410}, Qt::Horizontal);
    resizeDocks({m_docks[Dock::Timeline], m_docks[Dock::Event]}, {215, 245}, Qt::Vertical);
}

void MainWindow::makeActions()
{
    const auto add = [this](const char* name, const QString& text, const QKeySequence& keys, auto slot) {
        m_actions->add(QLatin1String(name), text, keys, std::move(slot));
    };
    add("open", tr("Open file…"), QKeySequence::Open, [this] { openPaths(askForLogs(this, *m_settings)); });
    add("openFolder", tr("Open folder…"), QKeySequence("Ctrl+Shift+O"),
        [this] { openPaths(askForFolder(this, *m_settings)); });
    add("openSample", tr("Open the sample"), {}, [this] { openSample(); });
    add("close", tr("Close the log"), QKeySequence::Close, [this] { m_store->act(CloseLog{}); });
    add("saveWorkspace", tr("Save the workspace"), {}, [this] { m_workspaces->save(false); });
    add("saveWorkspaceAs", tr("Save the workspace as…"), {}, [this] { m_workspaces->save(true); });
    add("export", tr("Export the states…"), QKeySequence("Ctrl+E"), [this] {
        m_export->show(*m_store->open());
        m_export->open();
    });
    m_actions->addGoing();
    add("play", tr("Play"), QKeySequence(Qt::Key_Space), [this] { togglePlay(); });
    m_actions->named("play")->setCheckable(true);
    add("goTo", tr("Go to…"), QKeySequence("Ctrl+G"), [this] { m_transport->editPosition(); });
    add("find", tr("Filter the events by a text"), QKeySequence::Find,
        [this] { m_eventsPanel->filterBar()->editText(); });
    add("findAggregate", tr("Find an aggregate"), QKeySequence("Ctrl+Shift+A"), [this] {
        showPanel(Dock::Aggregate);
        m_aggregate->editId();
    });
    m_actions->addMarks();
    add("diff", tr("Compare the marks A and B"), QKeySequence("Ctrl+D"), [this] { showPanel(Dock::Diff); });
    makeViewActions();
    makeKafkaActions();
    makeDebugActions();
    add("decode", tr("Decode payloads in another way…"), {}, [this] {
        const Open* open = m_store->open();
        if (open != nullptr && open->of<AskEvent>().answer)
            m_decode->begin(open->of<AskEvent>().answer->row.event.index);
    });
    add("schemas", tr("Schemas of this log…"), {}, [this] { m_schemas->begin(); });
    add("masks", tr("Masking…"), {}, [this] { m_masks->begin(m_settings->value(kMasks).toString()); });
    add("palette", tr("Find or run a command"), QKeySequence("Ctrl+P"), [this] { m_palette->popUp(); });
    add("about", tr("About Leftfold"), {}, [this] { showAbout(); });
    add("quit", tr("Quit"), QKeySequence::Quit, [this] { close(); });
    connect(m_playing, &QTimer::timeout, this, [this] {
        const Open* open = m_store->open();
        const bool isOver = open == nullptr || !open->playhead || open->playhead->place.at >= open->facts->events;
        isOver ? play(false) : m_store->act(Step{});
    });
}

void MainWindow::makeViewActions()
{
    const std::pair<Dock, const char*> panels[] = {
        {Dock::Timeline, QT_TR_NOOP("Show the timeline")},      {Dock::Log, QT_TR_NOOP("Show the log")},
        {Dock::Aggregate, QT_TR_NOOP("Show the aggregate")},    {Dock::Event, QT_TR_NOOP("Show the event")},
        {Dock::Aggregates, QT_TR_NOOP("Show all aggregates")},  {Dock::Diff, QT_TR_NOOP("Show the diff")},
        {Dock::Projection, QT_TR_NOOP("Show the projections")}, {Dock::Problems, QT_TR_NOOP("Show the problems")}};
    int number = 0;
    for (const auto& [dock, title] : panels) {
        ++number;
        m_actions->add(QStringLiteral("panel%1").arg(number), tr(title),
                       QKeySequence(QStringLiteral("Ctrl+%1").arg(number)), [this, dock = dock] { showPanel(dock); });
    }
    const auto add = [this](const char* name, const QString& text, const QKeySequence& keys, auto slot) {
        m_actions->add(QLatin1String(name), text, keys, std::move(slot));
    };
    add("panel9", tr("Show the events"), QKeySequence("Ctrl+9"),
        [this] { m_eventsPanel->table()->view()->setFocus(Qt::ShortcutFocusReason); });
    add("zoomIn", tr("Zoom the timeline in"), QKeySequence::ZoomIn, [this] { m_timeline->zoom(2); });
    add("zoomOut", tr("Zoom the timeline out"), QKeySequence::ZoomOut, [this] { m_timeline->zoom(0.5); });
    add("zoomAll", tr("Show the whole timeline"), QKeySequence("Ctrl+0"), [this] { m_timeline->showAll(); });
    add("zoneUtc", tr("Times in UTC"), {}, [this] { setZone(Zone::Utc); });
    add("zoneLocal", tr("Times of this computer's zone"), {}, [this] { setZone(Zone::Local); });
    add("themeSystem", tr("Colours of the system"), {}, [this] { setTheme(Theme::System); });
    add("themeLight", tr("Light colours"), {}, [this] { setTheme(Theme::Light); });
    add("themeDark", tr("Dark colours"), {}, [this] { setTheme(Theme::Dark); });
    const auto speak = [this](const char* language) {
        return [this, language] { m_settings->setValue(kLanguageSetting, QLatin1String(language)); };
    };
    add("languageSystem", tr("Language of the system (from the next start)"), {}, speak("system"));
    add("languageEnglish", tr("English (from the next start)"), {}, speak("en"));
    add("languageChinese", tr("Simplified Chinese (from the next start)"), {}, speak("zh_CN"));
    add("resetLayout", tr("Arrange the panels as at first"), {}, [this] {
        m_layout = m_firstLayout;
        if (m_isOpen) restoreState(m_layout, kLayoutVersion);
    });
}

void MainWindow::makeKafkaActions()
{
    m_actions->add(QStringLiteral("connect"), tr("Connect to Kafka…"), QKeySequence("Ctrl+K"),
                   [this] { connectToKafka(); });
    m_actions->add(QStringLiteral("live"), tr("Live"), QKeySequence("Ctrl+L"),
                   [this] { m_store->act(FollowLive{m_actions->named("live")->isChecked()}); });
    m_actions->named("live")->setCheckable(true);
    m_actions->named("live")->setToolTip(tr("Live: the playhead stays at the end while events come (Ctrl+L)"));
    m_actions->add(QStringLiteral("panelViews"), tr("Show the views and their lag"), QKeySequence("Ctrl+Shift+L"),
                   [this] { showPanel(Dock::Views); });
    m_actions->add(QStringLiteral("standWithView"), tr("Stand where the chosen view stands"), {},
                   [this] { m_views->stand(); });
}

void MainWindow::makeTransport()
{
    TransportActions actions;
    actions.first = m_actions->named("first");
    actions.reverseContinue = m_actions->named("reverseContinue");
    actions.stepBack = m_actions->named("stepBack");
    actions.step = m_actions->named("step");
    actions.continues = m_actions->named("continue");
    actions.last = m_actions->named("last");
    actions.play = m_actions->named("play");
    actions.back = m_actions->named("back");
    actions.forward = m_actions->named("forward");
    actions.palette = m_actions->named("palette");
    actions.live = m_actions->named("live");
    m_transport = new TransportBar(actions);
    addToolBar(m_transport);
    m_palette->setActions(m_actions->all());
}

void MainWindow::makeMenu()
{
    m_menu = new QMenu(this);
    m_actions->fill(m_menu);
    auto* button = new QToolButton;
    button->setObjectName(QStringLiteral("framed"));
    button->setText(tr("Menu"));
    button->setMenu(m_menu);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setShortcut(QKeySequence("Alt+M"));
    auto* open = new QToolButton;
    open->setObjectName(QStringLiteral("framed"));
    open->setText(tr("Open"));
    open->setToolTip(m_actions->named("open")->toolTip());
    connect(open, &QToolButton::clicked, m_actions->named("open"), &QAction::trigger);
    QAction* first = m_transport->actions().front();
    m_transport->insertWidget(first, button);
    auto* kafka = new QToolButton;
    kafka->setObjectName(QStringLiteral("framed"));
    kafka->setText(tr("Connect"));
    kafka->setAccessibleName(tr("Connect to Kafka"));
    kafka->setToolTip(m_actions->named("connect")->toolTip());
    connect(kafka, &QToolButton::clicked, m_actions->named("connect"), &QAction::trigger);
    m_transport->insertWidget(first, open);
    m_transport->insertWidget(first, kafka);
    m_transport->insertSeparator(first);
}

void MainWindow::connectPanels()
{
    new TimelineLink(m_store, m_timeline, this);
    const auto* events = new EventsLink(m_store, m_eventsPanel, this);
    connect(events, &EventsLink::told, m_status, &StatusLine::say);
    new EventLink(m_store, m_event, this);
    new AggregateLink(m_store, m_aggregate, this);
    new AggregatesLink(m_store, m_aggregates, this);
    m_diffLink = new DiffLink(m_store, m_diff, this);
    new ProblemsLink(m_store, m_problems, this);
    connectDebugger();
    connect(m_store, &Store::changed, this, &MainWindow::showState);
    connect(m_event, &EventPanel::decodersWanted, this, [this](quint64 index) { m_decode->begin({index}); });
    connect(m_event, &EventPanel::schemaWanted, this, [this](const QString& key) { m_schemas->begin(key); });
    connect(m_decode, &DecodeDialog::trialsWanted, this,
            [this](const AskTrials& question) { m_store->act(TryDecoders{question}); });
    connect(m_decode, &DecodeDialog::decodeWanted, this, [this](const DecodeLog& action) { m_store->act(action); });
    connect(m_workspaces, &WorkspaceFiles::told, m_status, &StatusLine::say);
    connect(m_masks, &MasksDialog::rulesChosen, this, &MainWindow::useMasks);
    connect(m_schemas, &SchemasDialog::schemasWanted, this, [this] { m_store->act(ListSchemas{}); });
    connect(m_timeline, &TimelineWidget::summaryChanged, m_titles[Dock::Timeline], &PanelTitle::setNote);
    connect(m_timeline, &TimelineWidget::zoneChosen, this, &MainWindow::setZone);
    connect(m_eventsPanel, &EventsPanel::summaryChanged, m_eventsTitle, &PanelTitle::setNote);
    connect(m_start, &StartPage::openWanted, m_actions->named("open"), &QAction::trigger);
    connect(m_start, &StartPage::openFolderWanted, m_actions->named("openFolder"), &QAction::trigger);
    connect(m_start, &StartPage::sampleWanted, this, &MainWindow::openSample);
    connect(m_start, &StartPage::logWanted, this, [this](const QStringList& paths) { openPaths(paths); });
    connect(m_start, &StartPage::againWanted, this, &MainWindow::openAgain);
    connect(m_start, &StartPage::cancelWanted, this, [this] { m_store->act(CancelWork{}); });
    connect(m_start, &StartPage::closeWanted, this, [this] { m_store->act(CloseLog{}); });
    connect(m_transport, &TransportBar::positionTyped, this,
            [this](const QString& when) { m_store->act(GoToText{when.toStdString()}); });
    connect(m_transport, &TransportBar::stepKindChosen, this,
            [this](StepKind kind) { m_store->act(ChooseStepKind{kind}); });
    connect(m_transport, &TransportBar::markWanted, this,
            [this](workspace::Mark mark) { m_store->act(SetMark{mark}); });
    connect(m_transport, &TransportBar::goToMarkWanted, m_actions, &WindowActions::goToMark);
    connect(m_transport, &TransportBar::markCleared, this,
            [this](workspace::Mark mark) { m_store->act(ClearMark{mark}); });
    connect(m_log, &LogPanel::typeChosen, this, [this](const QString& type) {
        EventChoice choice;
        choice.filter.types = {type.toStdString()};
        m_store->act(ListEvents{choice});
    });
    connect(m_log, &LogPanel::partitionChosen, this, [this](const event::Partition& partition) {
        EventChoice choice;
        choice.partitions = {partition};
        m_store->act(ListEvents{choice});
    });
    connect(m_projection, &ProjectionPanel::projectionShown, this,
            [this](std::size_t number) { m_store->act(ShowProjection{number}); });
    connect(m_projection, &ProjectionPanel::projectionsChosen, this,
            [this](const std::vector<ProjectionChoice>& choices) { m_store->act(ChooseProjections{choices}); });
    connect(m_status, &StatusLine::cancelWanted, this, [this] { m_store->act(CancelWork{}); });
    connect(m_export, &ExportDialog::exportWanted, this,
            [this](const QString& path, snapshot::ExportFormat format, bool replace) {
                m_store->act(ExportStates{path.toStdString(), format, replace});
            });
    connect(m_export, &ExportDialog::cancelWanted, this, [this] { m_store->act(CancelWork{}); });
    connect(m_palette, &CommandPalette::idsWanted, this,
            [this](const QString& part) { m_store->act(SearchIds{part.toStdString()}); });
    connect(m_palette, &CommandPalette::aggregateChosen, this,
            [this](const QString& id) { m_store->act(ChooseAggregate{id.toStdString()}); });
    connect(m_palette, &CommandPalette::momentChosen, this,
            [this](const QString& when) { m_store->act(GoToText{when.toStdString()}); });
    const std::pair<Dock, Panel> dear[] = {{Dock::Aggregates, Panel::Aggregates},
                                           {Dock::Diff, Panel::Diff},
                                           {Dock::Views, Panel::Views},
                                           {Dock::Plot, Panel::Plot},
                                           {Dock::Problems, Panel::Problems}};
    for (const auto& [dock, panel] : dear)
        connect(m_docks[dock], &QDockWidget::visibilityChanged, this, [this, panel = panel](bool isSeen) {
            m_store->act(SeePanel{panel, isSeen && m_isOpen});
        });
}

void MainWindow::makeDebugActions()
{
    const auto add = [this](const char* name, const QString& text, const QKeySequence& keys, auto slot) {
        m_actions->add(QLatin1String(name), text, keys, std::move(slot));
    };
    add("addBreakpoint", tr("Add a breakpoint"), QKeySequence(Qt::Key_F9), [this] {
        showPanel(Dock::Breakpoints);
        m_breakpoints->editNew();
    });
    add("breakOnType", tr("Break on the type of this event"), QKeySequence("Ctrl+F9"), [this] {
        const Open* open = m_store->open();
        if (open == nullptr || !open->playhead || !open->playhead->last) return;
        m_store->act(ListBreakpoint{"type " + replay::breakpointWord(open->playhead->last->type)});
        showPanel(Dock::Breakpoints);
    });
    add("removeBreakpoints", tr("Remove all breakpoints"), {}, [this] { m_store->act(RemoveBreakpoint{}); });
    add("newScript", tr("New projection in JavaScript"), {}, [this] {
        showPanel(Dock::Script);
        (void)m_script->newScript();
    });
    add("openScript", tr("Open a projection in JavaScript…"), {}, [this] {
        showPanel(Dock::Script);
        m_script->askForScript();
    });
    add("saveScript", tr("Save the script and run it"), QKeySequence::Save, [this] {
        showPanel(Dock::Script);
        (void)m_script->save();
    });
    add("compareVersions", tr("Compare the script with its version before"), {}, [this] {
        showPanel(Dock::Script);
        m_store->act(CompareVersions{});
    });
    add("plot", tr("Plot a function over time"), QKeySequence("Ctrl+Shift+P"), [this] {
        showPanel(Dock::Plot);
        m_plot->editFunction();
    });
    add("panelBreakpoints", tr("Show the breakpoints"), QKeySequence("Ctrl+Shift+B"),
        [this] { showPanel(Dock::Breakpoints); });
    add("panelScript", tr("Show the script"), QKeySequence("Ctrl+Shift+J"), [this] { showPanel(Dock::Script); });
    add("panelPlot", tr("Show the plot"), {}, [this] { showPanel(Dock::Plot); });
}

void MainWindow::connectDebugger()
{
    new BreakpointsLink(m_store, m_breakpoints, this);
    new ScriptLink(m_store, m_script, this);
    new PlotLink(m_store, m_plot, m_timeline, this);
    const auto list = [this](const std::string& breakpoint) {
        m_store->act(ListBreakpoint{breakpoint});
        showPanel(Dock::Breakpoints);
    };
    connect(m_eventsPanel, &EventsPanel::breakWanted, this,
            [list](const QString& type) { list("type " + replay::breakpointWord(type.toStdString())); });
    connect(m_aggregate, &AggregatePanel::breakWanted, this, [this, list](const event::Pointer& field) {
        const Open* open = m_store->open();
        if (open == nullptr || !open->aggregate) return;
        list("of " + replay::breakpointWord(*open->aggregate) + " changes " + replay::breakpointWord(toText(field)));
    });
    connect(m_aggregate, &AggregatePanel::plotWanted, this,
            [this](const event::Pointer& field) { plot(text(fieldFunction(field))); });
    connect(m_projection, &ProjectionPanel::scriptWanted, this, [this] { showPanel(Dock::Script); });
}

void MainWindow::plot(const QString& function)
{
    showPanel(Dock::Plot);
    m_plot->draw(function);
}

void MainWindow::connectKafka()
{
    new ViewsLink(m_store, m_settings.get(), m_views, m_timeline, m_log, this);
    connect(m_start, &StartPage::connectWanted, this, &MainWindow::connectToKafka);
    const auto showView = [this](const QString& view) {
        showPanel(Dock::Views);
        m_views->choose(view);
    };
    connect(m_log, &LogPanel::viewChosen, this, showView);
    connect(m_timeline, &TimelineWidget::laneChosen, this, showView);
}

/// Made when it is wanted first: most days it is not.
void MainWindow::makeConnectDialog()
{
    m_connect = new ConnectDialog(this);
    m_connect->setColours(coloursOf(static_cast<Theme>(m_settings->value("theme", 0).toInt())));
    connect(m_connect, &ConnectDialog::profilesWanted, this,
            [this](const ProfileChange& change) { m_store->act(ChangeProfiles{change}); });
    connect(m_connect, &ConnectDialog::testWanted, this,
            [this](const source::KafkaProfile& profile, const std::map<std::string, std::string>& secrets) {
                m_store->act(TestConnection{profile, secrets});
            });
    connect(m_connect, &ConnectDialog::topicsWanted, this, [this](const QString& cluster, bool withInternal) {
        m_store->act(ListTopics{cluster.toStdString(), withInternal});
    });
    connect(m_connect, &ConnectDialog::previewWanted, this,
            [this](const QString& cluster, const QString& topic, source::Isolation isolation) {
                m_store->act(PreviewTopic{cluster.toStdString(), topic.toStdString(), isolation, masks()});
            });
    connect(m_connect, &ConnectDialog::openWanted, this, [this](const QString& address, bool isLive) {
        m_connect->accept();
        openKafka(address, isLive);
    });
    connect(m_connect, &ConnectDialog::left, this, [this] { m_store->act(LeaveClusters{}); });
}

void MainWindow::connectToKafka()
{
    if (m_connect == nullptr) makeConnectDialog();
    m_connect->begin();
}

void MainWindow::openKafka(const QString& address, bool isLive)
{
    LoadOptions options;
    options.log = {address.toStdString()};
    // An address has one spelling: what was captured of it is found again.
    if (const auto parsed = source::parseKafkaAddress(options.log.front())) options.log = {toText(*parsed)};
    m_workspaces->leave();
    complete(options);
    m_store->act(OpenLog{options, isLive});
}

void MainWindow::showState(const WorkspaceState& before)
{
    if (m_connect != nullptr && m_connect->isVisible()) m_connect->show(m_store->state().clusters);

    showPhase(before);
    m_status->show(m_store->state());
    const Open* open = m_store->open();
    if (open == nullptr) return m_start->show(m_store->state());
    m_transport->show(*open);
    if (isOther(before, *open, &Open::facts)) m_log->show(*open->facts, open->types);
    m_projection->show(*open);
    if (m_export->isVisible()) m_export->show(*open);
    if (m_decode->isVisible()) m_decode->show(*open);
    if (m_schemas->isVisible()) m_schemas->show(*open);
    showTitles(*open);
    const auto& ids = open->of<AskIds>().answer;
    if (ids && m_palette->isVisible()) {
        QStringList found;
        for (const std::string& id : ids->ids) found.push_back(text(id));
        m_palette->setIds(text(ids->text), found);
    }
}

/// The start page and the work page; whatever acts on a log is disabled without one.
void MainWindow::showPhase(const WorkspaceState&)
{
    const Open* open = m_store->open();
    if ((open != nullptr) == m_isOpen) return;
    m_isOpen = open != nullptr;
    if (open != nullptr && open->facts->log.size() == 1)
        rememberRecent(*m_settings, text(open->facts->log.front()), m_options.samplePath);
    if (open == nullptr) m_layout = saveState(kLayoutVersion);
    m_pages->setCurrentWidget(m_isOpen ? m_events : m_start);
    showDocks(m_isOpen);
    if (m_isOpen) m_eventsPanel->table()->view()->setFocus();
    play(false);
    m_start->setRecent(recentLogs(*m_settings));
    setWindowTitle(open == nullptr ? QStringLiteral("Leftfold")
                                   : tr("%1 – Leftfold").arg(logName(open->facts->log.front())));
}

void MainWindow::showDocks(bool shown)
{
    m_transport->setVisible(shown);
    m_actions->enableFor(shown);
    if (shown) {
        restoreState(m_layout, kLayoutVersion);
        if (m_layout == m_firstLayout && width() < kRoomyWidth)
            resizeDocks({m_docks[Dock::Log], m_docks[Dock::Aggregate]}, {210, 350}, Qt::Horizontal);
        m_transport->setVisible(true);
        const std::pair<Dock, Panel> dear[] = {{Dock::Aggregates, Panel::Aggregates},
                                               {Dock::Diff, Panel::Diff},
                                               {Dock::Views, Panel::Views},
                                               {Dock::Plot, Panel::Plot},
                                               {Dock::Problems, Panel::Problems}};
        for (const auto& [dock, panel] : dear) {
            const bool isSeen = m_docks[dock]->isVisible() && !m_docks[dock]->visibleRegion().isEmpty();
            if (isSeen) m_store->act(SeePanel{panel, true});
        }
        return;
    }
    for (const auto& [dock, widget] : m_docks) widget->hide();
}

void MainWindow::showTitles(const Open& open)
{
    m_titles[Dock::Log]->setNote(tr("%1 events").arg(countText(open.facts->events)));
    m_titles[Dock::Aggregate]->setSubject(open.aggregate ? text(*open.aggregate) : QString());
    const auto& view = open.of<AskAggregate>().answer;
    m_titles[Dock::Aggregate]->setNote(
        view ? tr("%1 of %2 events").arg(countText(view->events), countText(view->eventsInLog)) : QString());
    const auto& table = open.of<AskSnapshot>().answer;
    m_docks[Dock::Aggregates]->setWindowTitle(table ? tr("Aggregates %1").arg(countText(table->total))
                                                    : tr("Aggregates"));
    const auto& problems = open.of<AskProblems>().answer;
    m_docks[Dock::Problems]->setWindowTitle(problems ? tr("Problems %1").arg(countText(problems->total))
                                                     : tr("Problems"));
}

void MainWindow::openPaths(const QStringList& paths, bool fresh)
{
    if (paths.size() == 1 && source::isKafkaAddress(paths.front().toStdString())) return openKafka(paths.front());
    if (paths.size() == 1 && isWorkspacePath(paths.front().toStdString())) {
        const QString path = QFileInfo(paths.front()).absoluteFilePath();
        if (m_workspaces->open(path)) rememberRecent(*m_settings, path, m_options.samplePath);
        return;
    }
    LoadOptions options;
    for (const QString& path : paths) options.log.push_back(QFileInfo(path).absoluteFilePath().toStdString());
    options.fresh = fresh;
    if (options.log.empty()) return;
    m_workspaces->leave();
    complete(options);
    m_store->act(OpenLog{options});
}

void MainWindow::complete(LoadOptions& options) const
{
    options.cacheRoot = m_options.cacheRoot.toStdString();
    options.workers = m_options.runner.workers;
    options.masks = masks();
    options.kafka.waitsForEver = options.log.size() == 1 && source::isKafkaAddress(options.log.front());
}

void MainWindow::openSample()
{
    openPaths({m_options.samplePath});
}

void MainWindow::openAgain(bool fresh)
{
    const auto* failed = std::get_if<Failed>(&m_store->state().log);
    if (failed == nullptr) return;
    LoadOptions options = failed->options;
    options.fresh = fresh;
    options.masks = masks();
    m_store->act(OpenLog{options});
}

std::shared_ptr<const snapshot::Masks> MainWindow::masks() const
{
    return m_workspaces->joinedMasks(masksOf(m_settings->value(kMasks).toString()));
}

void MainWindow::useMasks(const QString& rules)
{
    m_settings->setValue(kMasks, rules);
    m_store->act(MaskLog{masks()});
}

void MainWindow::showPanel(Dock dock)
{
    QDockWidget* widget = m_docks[dock];
    widget->show();
    widget->raise();
    widget->widget()->setFocus(Qt::ShortcutFocusReason);
}

/// Space presses a button that has the focus, as everywhere.
void MainWindow::togglePlay()
{
    auto* button = qobject_cast<QAbstractButton*>(focusWidget());
    if (button == nullptr) return play(m_actions->named("play")->isChecked());
    m_actions->named("play")->setChecked(m_playing->isActive());
    button->animateClick();
}

void MainWindow::play(bool on)
{
    m_actions->named("play")->setChecked(on);
    on ? m_playing->start(1000 / m_transport->stepsPerSecond()) : m_playing->stop();
}

void MainWindow::setTheme(Theme theme)
{
    m_theme = theme;
    m_settings->setValue("theme", static_cast<int>(theme));
    const Colours& colours = coloursOf(theme);
    putOn(*qApp, colours);
    colourPanels(colours);
}

void MainWindow::colourPanels(const Colours& colours)
{
    m_timeline->setColours(colours);
    m_log->setColours(colours);
    m_aggregate->setColours(colours);
    m_event->setColours(colours);
    m_aggregates->setColours(colours);
    m_diff->setColours(colours);
    m_problems->setColours(colours);
    m_projection->setColours(colours);
    m_views->setColours(colours);
    m_breakpoints->setColours(colours);
    m_script->setColours(colours);
    m_plot->setColours(colours);
    m_decode->setColours(colours);
    m_schemas->setColours(colours);
    m_masks->setColours(colours);
    if (m_connect != nullptr) m_connect->setColours(colours);
    m_eventsPanel->setColours(colours);
    m_transport->setColours(colours);
    m_status->setColours(colours);
}

void MainWindow::setZone(Zone zone)
{
    m_settings->setValue("zone", zone == Zone::Local ? QStringLiteral("local") : QStringLiteral("utc"));
    m_timeline->setZone(zone);
    m_eventsPanel->setZone(zone);
    m_aggregate->setZone(zone);
    m_event->setZone(zone);
    m_diffLink->setZone(zone);
    m_transport->setZone(zone);
    m_export->setZone(zone);
    m_views->setZone(zone);
    m_plot->setZone(zone);
}

void MainWindow::showAbout()
{
    QMessageBox::about(this, tr("About Leftfold"),
                       tr("<b>Leftfold %1</b><p>Event-log explorer and replay debugger.<p>Free software under the GNU "
                          "General Public License, version 3 or later.")
                           .arg(text(m_options.runner.version)));
}

/// The desktop went from light to dark, or back.
void MainWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() != QEvent::ThemeChange || m_theme != Theme::System) return;
    if (lookAtSystem(*qApp)) setTheme(Theme::System);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!m_script->mayLeave()) return event->ignore();
    if (m_isOpen) m_layout = saveState(kLayoutVersion);
    m_settings->setValue("window/layout", m_layout);
    m_settings->setValue("window/geometry", saveGeometry());
    m_settings->setValue("window/events", m_eventsPanel->saveLayout());
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    QStringList paths;
    for (const QUrl& url : event->mimeData()->urls()) {
        if (url.isLocalFile()) paths.push_back(url.toLocalFile());
    }
    openPaths(paths);
}

} // namespace leftfold::ui
