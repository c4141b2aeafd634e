// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/draining.h"

#include <thread>

namespace leftfold::source {

void Draining::start(const std::shared_ptr<Draining>& list, std::function<void()> work)
{
    {
        const std::lock_guard lock(list->m_mutex);
        ++list->m_left;
    }
    std::thread([list, work = std::move(work)]() mutable {
        work();
        work = nullptr; // what it holds goes before anybody is told
        const std::lock_guard lock(list->m_mutex);
        --list->m_left;
        list->m_ended.notify_all();
    }).detach();
}

bool Draining::wait(std::chrono::milliseconds limit)
{
    std::unique_lock lock(m_mutex);
    return m_ended.wait_for(lock, limit, [this] { return m_left == 0; });
}

} // namespace leftfold::source
