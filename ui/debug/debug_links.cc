// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/debug/debug_links.h"

#include "ui/debug/breakpoints_panel.h"
#include "ui/debug/plot_panel.h"
#include "ui/debug/script_panel.h"
#include "ui/error_text.h"
#include "ui/texts.h"
#include "ui/timeline/timeline_layout.h"
#include "ui/timeline/timeline_widget.h"

#include <algorithm>

namespace leftfold::ui {

using namespace workspace;

namespace {

Target behindEvent(quint64 index)
{
    return event::When(event::EventIndex{index});
}

} // namespace

BreakpointsLink::BreakpointsLink(Store* store, BreakpointsPanel* panel, QObject* parent)
    : QObject(parent),
      m_store(store),
      m_panel(panel)
{
    connect(store, &Store::changed, this, &BreakpointsLink::show);
    connect(panel, &BreakpointsPanel::checkWanted, this, [this](const QString& typed) {
        if (!typed.isEmpty()) m_store->act(CheckBreakpoint{typed.toStdString()});
    });
    connect(panel, &BreakpointsPanel::listWanted, this, [this](const QString& typed, quint64 replaces) {
        m_store->act(ListBreakpoint{typed.toStdString(), replaces});
    });
    connect(panel, &BreakpointsPanel::switched, this, [this](quint64 number, bool isOn) {
        m_store->act(SwitchBreakpoint{number, isOn});
    });
    connect(panel, &BreakpointsPanel::removeWanted, this,
            [this](quint64 number) { m_store->act(RemoveBreakpoint{number}); });
    connect(panel, &BreakpointsPanel::goToWanted, this,
            [this](quint64 index) { m_store->act(GoTo{behindEvent(index)}); });
}

void BreakpointsLink::show(const WorkspaceState& before)
{
    const Open* open = m_store->open();
    if (open == nullptr) return;
    const Open* was = before.open();
    const auto& read = open->of<AskBreakpoint>().answer;
    const bool isListed = was != nullptr && was->toList.size() > open->toList.size();
    if (read && (was == nullptr || was->of<AskBreakpoint>().answer != read)) {
        m_panel->setChecked(text(read->text), read->error ? errorText(*read->error) : QString());
        if (isListed && read->breakpoint) m_panel->setListed(text(read->text));
    }
    m_panel->show(*open);
}

ScriptLink::ScriptLink(Store* store, ScriptPanel* panel, QObject* parent)
    : QObject(parent),
      m_store(store),
      m_panel(panel)
{
    connect(store, &Store::changed, this, &ScriptLink::show);
    connect(panel, &ScriptPanel::runWanted, this,
            [this](const QString& path) { m_store->act(RunScript{path.toStdString()}); });
    connect(panel, &ScriptPanel::compareWanted, this, [this] { m_store->act(CompareVersions{}); });
    connect(panel, &ScriptPanel::aggregateWanted, this,
            [this](const QString& id) { m_store->act(ChooseAggregate{id.toStdString()}); });
    connect(panel, &ScriptPanel::goToWanted, this, [this](quint64 index) { m_store->act(GoTo{behindEvent(index)}); });
}

void ScriptLink::show(const WorkspaceState& before)
{
    if (const Open* open = m_store->open()) m_panel->show(*open, before.open());
}

PlotLink::PlotLink(Store* store, PlotPanel* panel, TimelineWidget* timeline, QObject* parent)
    : QObject(parent),
      m_store(store),
      m_panel(panel),
      m_timeline(timeline)
{
    connect(store, &Store::changed, this, &PlotLink::show);
    connect(panel, &PlotPanel::plotWanted, this,
            [this](const workspace::PlotChoice& choice) { m_store->act(DrawPlot{choice}); });
    connect(panel, &PlotPanel::goToWanted, this, [this](quint64 index) { m_store->act(GoTo{behindEvent(index)}); });
    connect(panel, &PlotPanel::goToTimeWanted, this,
            [this](base::Time time) { m_store->act(GoTo{Target(event::When(time))}); });
    connect(panel, &PlotPanel::rangeWanted, this, [this](const base::TimeRange& range) { m_timeline->show(range); });
    connect(timeline, &TimelineWidget::visibleRangeChanged, panel, &PlotPanel::setRange);
}

void PlotLink::show(const WorkspaceState& before)
{
    const Open* open = m_store->open();
    if (open == nullptr) return;
    const Open* was = before.open();
    m_panel->show(*open, was);
    if (was == nullptr) m_panel->setRange(m_timeline->visibleRange());
}

} // namespace leftfold::ui
