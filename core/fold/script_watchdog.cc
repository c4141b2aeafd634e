// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/script_watchdog.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace leftfold::fold {

namespace {

constexpr auto kBetweenLooks = std::chrono::milliseconds(5);
/// Shorter runs are not interrupted at all.
constexpr std::int64_t kFirstLook = 20'000'000;

/// What the engine's library itself takes, and what the rest of the program may have taken meanwhile.
constexpr std::size_t kOwnBytes = std::size_t{96} << 20;

std::int64_t now()
{
    return std::chrono::steady_clock::now().time_since_epoch().count();
}

} // namespace

std::size_t residentBytes()
{
    char text[64] = {};
    const int file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    const ssize_t size = ::read(file, text, sizeof text - 1);
    ::close(file);
    unsigned long total = 0;
    unsigned long resident = 0;
    if (size <= 0 || std::sscanf(text, "%lu %lu", &total, &resident) != 2) return 0;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

ScriptWatchdog& ScriptWatchdog::instance()
{
    static ScriptWatchdog watchdog;
    return watchdog;
}

ScriptWatchdog::~ScriptWatchdog() = default;

void ScriptWatchdog::watch(std::shared_ptr<WatchedEngine> engine)
{
    const std::lock_guard lock(m_mutex);
    if (m_engines.empty()) m_memoryBefore = residentBytes();
    m_engines.push_back(std::move(engine));
    if (!m_thread.joinable()) {
        m_thread = std::jthread([this](const std::stop_token& stop) {
            std::unique_lock waiting(m_mutex);
            while (!stop.stop_requested()) {
                m_changed.wait(waiting, stop, [this] { return !m_engines.empty(); });
                look();
                m_changed.wait_for(waiting, stop, kBetweenLooks, [] { return false; });
            }
        });
    }
    m_changed.notify_all();
}

void ScriptWatchdog::forget(const std::shared_ptr<WatchedEngine>& engine)
{
    const std::lock_guard lock(m_mutex);
    std::erase(m_engines, engine);
}

/// All engines together may take what each of them may; and none more than that within one run.
void ScriptWatchdog::look()
{
    std::size_t allowed = m_memoryBefore + kOwnBytes;
    bool isAnyRunning = false;
    for (const auto& engine : m_engines) {
        allowed += engine->maxMemoryBytes;
        isAnyRunning |= engine->runningSince.load(std::memory_order_relaxed) != 0;
    }
    if (!isAnyRunning) return;
    const std::size_t memory = residentBytes();
    for (const auto& engine : m_engines) lookAt(*engine, now(), memory, allowed);
}

void ScriptWatchdog::lookAt(WatchedEngine& engine, std::int64_t now, std::size_t memory, std::size_t allowed) const
{
    const std::int64_t since = engine.runningSince.load(std::memory_order_acquire);
    if (since == 0) return;
    if (engine.seenRun != since) {
        engine.seenRun = since;
        engine.memoryAtStart = memory;
    }
    const bool isTooMuch = memory > engine.memoryAtStart + engine.maxMemoryBytes || memory > allowed;
    if (isTooMuch) engine.hasTooMuchMemory = true;
    if (isTooMuch || now - since > kFirstLook) engine.interrupt();
}

} // namespace leftfold::fold
