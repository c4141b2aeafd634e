// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/cluster_update.h"

#include "core/workspace/asked.h"

#include <algorithm>

namespace leftfold::workspace {

std::optional<std::string> Open::cluster() const
{
    if (options.log.size() != 1 || !source::isKafkaAddress(options.log.front())) return std::nullopt;
    const auto address = source::parseKafkaAddress(options.log.front());
    return address ? std::optional(address->brokers) : std::nullopt;
}

event::Cut Open::cutOf(const ViewFacts& view) const
{
    event::Cut cut;
    for (const replay::PartitionSummary& partition : facts->summary.partitions) {
        const auto committed = view.committed.next.find(partition.partition);
        if (committed != view.committed.next.end()) cut.next.insert(*committed);
    }
    return cut;
}

template <class Question>
void ClusterUpdate::ask(Asked<Question>& asked, Question question)
{
    asked.ticket = ++m_state.lastTicket;
    asked.isWaiting = true;
    asked.progress = {};
    m_effects.emplace_back(Ask<Question>{asked.ticket, std::move(question)});
}

void ClusterUpdate::operator()(const ChangeProfiles& action)
{
    ask(m_state.clusters.profiles, AskProfiles{action.change});
}

void ClusterUpdate::operator()(const TestConnection& action)
{
    m_state.clusters.connection = {};
    ask(m_state.clusters.connection, AskConnection{action.profile, action.secrets});
}

void ClusterUpdate::operator()(const ListTopics& action)
{
    auto& topics = m_state.clusters.topics;
    if (topics.answer && topics.answer->cluster != action.cluster) topics.answer.reset();
    topics.error.reset();
    ask(topics, AskTopics{action.cluster, action.withInternal});
}

void ClusterUpdate::operator()(const PreviewTopic& action)
{
    m_state.clusters.preview = {};
    ask(m_state.clusters.preview, AskPreview{action.cluster, action.topic, action.isolation, action.masks});
}

void ClusterUpdate::operator()(const LeaveClusters&)
{
    const auto profiles = std::move(m_state.clusters.profiles);
    m_state.clusters = {};
    m_state.clusters.profiles = profiles;
    m_effects.emplace_back(StopClusters{});
}

void ClusterUpdate::operator()(const AddViews& action)
{
    auto* open = m_state.open();
    if (open == nullptr || open->addedViews == action.views) return;
    open->addedViews = action.views;
    watchViews(*open);
}

void ClusterUpdate::operator()(const LookAtViews&)
{
    if (auto* open = m_state.open()) watchViews(*open);
}

void ClusterUpdate::operator()(const Answered<AskProfiles>& action)
{
    (void)workspace::take(m_state.clusters.profiles, action);
}

void ClusterUpdate::operator()(const Answered<AskConnection>& action)
{
    (void)workspace::take(m_state.clusters.connection, action);
}

void ClusterUpdate::operator()(const Answered<AskTopics>& action)
{
    (void)workspace::take(m_state.clusters.topics, action);
}

void ClusterUpdate::operator()(const Answered<AskPreview>& action)
{
    (void)workspace::take(m_state.clusters.preview, action);
}

void ClusterUpdate::operator()(const Answered<AskViews>& action)
{
    auto* open = m_state.open();
    if (open == nullptr || open->views.ticket != action.ticket) return;
    (void)workspace::take(open->views, action);
    if (action.answer) askLanes(*open);
}

void ClusterUpdate::watchViews(Open& open)
{
    const auto cluster = open.cluster();
    const bool isSeen = open.seen.contains(Panel::Views);
    const bool isWanted = cluster && (isSeen || !open.addedViews.empty());
    if (isWanted) {
        ask(open.views, AskViews{*cluster, open.addedViews, isSeen});
    } else if (std::exchange(open.views.isWaiting, false)) {
        m_effects.emplace_back(StopViews{});
    }
}

void ClusterUpdate::askLanes(Open& open)
{
    if (!open.views.answer) return;
    AskLanes wanted;
    for (const ViewFacts& view : open.views.answer->views) {
        if (open.addedViews.contains(view.name)) wanted.views.emplace_back(view.name, open.cutOf(view));
    }
    auto& asked = open.of<AskLanes>();
    if (wanted.views.empty()) {
        asked.answer.reset();
        return;
    }
    ask(asked, std::move(wanted));
}

} // namespace leftfold::workspace
