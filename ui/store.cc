// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store.h"

namespace leftfold::ui {

Store::Store(workspace::RunnerOptions options, QObject* parent) : QObject(parent)
{
    m_runner = std::make_unique<workspace::Runner>(std::move(options),
                                                   [this](workspace::Action action) { post(std::move(action)); });
}

Store::~Store() = default;

void Store::act(const workspace::Action& action)
{
    const workspace::WorkspaceState before = m_state;
    apply(action);
    emit changed(before);
}

void Store::apply(const workspace::Action& action)
{
    auto updated = workspace::update(std::move(m_state), action);
    m_state = std::move(updated.state);
    for (workspace::Effect& effect : updated.effects) m_runner->perform(std::move(effect));
}

void Store::post(workspace::Action action)
{
    const std::lock_guard lock(m_mutex);
    m_posted.push_back(std::move(action));
    if (m_isComing) return;
    m_isComing = true;
    QMetaObject::invokeMethod(this, &Store::takePosted, Qt::QueuedConnection);
}

void Store::takePosted()
{
    std::deque<workspace::Action> posted;
    {
        const std::lock_guard lock(m_mutex);
        posted.swap(m_posted);
        m_isComing = false;
    }
    const workspace::WorkspaceState before = m_state;
    for (const workspace::Action& action : posted) apply(action);
    emit changed(before);
}

} // namespace leftfold::ui
