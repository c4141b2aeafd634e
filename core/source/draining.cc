// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/draining.h"

#include <atomic>
#include <thread>

namespace leftfold::source {

namespace {

std::atomic<int> living{0};

} // namespace

int Draining::left()
{
    return living.load();
}

void Draining::start(const std::shared_ptr<Draining>& list, std::function<void()> work)
{
    {
        const std::lock_guard lock(list->m_mutex);
        ++list->m_left;
        ++living;
    }
    std::thread([list, work = std::move(work)]() mutable {
        work();
        work = nullptr; // what it holds goes before anybody is told
        const std::lock_guard lock(list->m_mutex);
        --list->m_left;
        --living;
        list->m_ended.notify_all();
    }).detach();
}

bool Draining::wait(std::chrono::milliseconds limit)
{
    std::unique_lock lock(m_mutex);
    return m_ended.wait_for(lock, limit, [this] { return m_left == 0; });
}

} // namespace leftfold::source
