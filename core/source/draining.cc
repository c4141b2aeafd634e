// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/draining.h"

#include <algorithm>
#include <atomic>

namespace leftfold::source {

namespace {

std::atomic<int> living{0};

} // namespace

int Draining::left()
{
    return living.load();
}

/// On the thread of the owner, or on the last of ours: who lets go of the list last.
Draining::~Draining()
{
    for (Entry& entry : m_threads) {
        const bool isOurs = entry.thread.get_id() == std::this_thread::get_id();
        if (isOurs || !entry.hasEnded) {
            entry.thread.detach(); // it counts as living for good
            continue;
        }
        entry.thread.join();
        --living;
    }
}

void Draining::start(const std::shared_ptr<Draining>& list, std::function<void()> work)
{
    const std::lock_guard lock(list->m_mutex);
    list->joinEnded();
    Entry& entry = list->m_threads.emplace_back();
    ++living;
    entry.thread = std::thread([list, &entry, work = std::move(work)]() mutable {
        work();
        work = nullptr; // what it holds goes before anybody is told
        const std::lock_guard ended(list->m_mutex);
        entry.hasEnded = true;
        list->m_ended.notify_all();
    });
}

/// REQUIRES: the mutex is held, which a thread that has ended wants no more.
void Draining::joinEnded()
{
    living -= static_cast<int>(std::erase_if(m_threads, [](Entry& entry) {
        if (entry.hasEnded) entry.thread.join();
        return entry.hasEnded;
    }));
}

bool Draining::wait(std::chrono::milliseconds limit)
{
    std::unique_lock lock(m_mutex);
    m_ended.wait_for(lock, limit, [this] { return std::ranges::all_of(m_threads, &Entry::hasEnded); });
    joinEnded();
    return m_threads.empty();
}

} // namespace leftfold::source
