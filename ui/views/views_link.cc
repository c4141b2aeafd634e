// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/views_link.h"

#include "ui/kafka/kafka_texts.h"
#include "ui/texts.h"
#include "ui/timeline/timeline_widget.h"
#include "ui/views/views_panel.h"
#include "ui/window/log_panel.h"

#include <QSettings>
#include <QUrl>
#include <algorithm>

namespace leftfold::ui {

using namespace workspace;

ViewsLink::ViewsLink(Store* store, QSettings* settings, ViewsPanel* panel, TimelineWidget* timeline, LogPanel* log,
                     QObject* parent)
    : QObject(parent),
      m_store(store),
      m_settings(settings),
      m_panel(panel),
      m_timeline(timeline),
      m_log(log)
{
    connect(store, &Store::changed, this, &ViewsLink::show);
    connect(panel, &ViewsPanel::addWanted, this, &ViewsLink::add);
    connect(panel, &ViewsPanel::standWanted, this,
            [this](const QString& view) { m_store->act(GoToView{view.toStdString()}); });
    connect(panel, &ViewsPanel::lookWanted, this, [this] { m_store->act(LookAtViews{}); });
}

QString ViewsLink::settingOf(const Open& open) const
{
    const auto cluster = open.cluster();
    return cluster ? QStringLiteral("views/") + QString::fromLatin1(QUrl::toPercentEncoding(text(*cluster)))
                   : QString();
}

void ViewsLink::add(const QString& view, bool isAdded)
{
    const Open* open = m_store->open();
    if (open == nullptr || !open->cluster()) return;
    std::set<std::string> views = open->addedViews;
    if (isAdded) {
        views.insert(view.toStdString());
    } else {
        views.erase(view.toStdString());
    }
    QStringList names;
    for (const std::string& name : views) names += text(name);
    m_settings->setValue(settingOf(*open), names);
    m_store->act(AddViews{views});
}

void ViewsLink::show(const WorkspaceState& before)
{
    const Open* open = m_store->open();
    const Open* was = before.open();
    if (open == nullptr) return;
    if (was == nullptr) {
        std::set<std::string> views;
        if (open->cluster())
            for (const QString& name : m_settings->value(settingOf(*open)).toStringList())
                views.insert(name.toStdString());
        if (!views.empty()) m_store->act(AddViews{views});
        open = m_store->open();
    }
    const bool isNew = was == nullptr || was->views.answer != open->views.answer || was->facts != open->facts
                       || was->addedViews != open->addedViews || was->views.isWaiting != open->views.isWaiting;
    if (isNew) m_panel->show(*open);
    const bool isMoved = was == nullptr || was->of<AskLanes>().answer != open->of<AskLanes>().answer;
    if (isNew || isMoved) showLanes(*open);
}

void ViewsLink::showLanes(const Open& open)
{
    std::vector<LagLane> lanes;
    std::vector<ShownView> listed;
    const auto& places = open.of<AskLanes>().answer;
    for (const ViewFacts& view : open.views.answer ? open.views.answer->views : std::vector<ViewFacts>()) {
        if (!open.addedViews.contains(view.name)) continue;
        listed.push_back({text(view.name), view.status, view.lag});
        if (!places) continue;
        const auto place = std::ranges::find(places->places, view.name, &ViewPlace::view);
        if (place == places->places.end() || place->end == base::kBeginningOfTime) continue;
        const QString lag = view.lag ? countText(static_cast<std::uint64_t>(*view.lag)) : QStringLiteral("?");
        lanes.push_back({text(view.name), statusSign(view.status),
                         tr("%1: %2, %3 behind").arg(text(view.name), statusText(view.status), lag), QColor(),
                         place->from, place->end});
        lanes.back().ink = statusColour(view.status, m_log->colours());
    }
    m_timeline->setLanes(lanes);
    m_log->showViews(listed);
}

} // namespace leftfold::ui
