// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace leftfold::fold {

/// One engine as the watchdog sees it.
struct WatchedEngine {
    std::atomic<std::int64_t> runningSince = 0; ///< nanoseconds of the steady clock; 0: not running
    std::atomic<bool> hasTooMuchMemory = false;
    std::size_t maxMemoryBytes = 0;
    std::size_t memoryAtStart = 0; ///< of the process, when the run began that the watchdog saw; its own
    std::int64_t seenRun = 0; ///< which run that was; its own
    std::function<void()> interrupt; ///< any thread
};

/// Interrupts engines that run for long, again and again, so that they look whether they may go on; and tells those that
/// take too much memory. A thread of the process, that lives as long as there are engines.
class ScriptWatchdog {
public:
    [[nodiscard]] static ScriptWatchdog& instance();
    void watch(std::shared_ptr<WatchedEngine> engine);
    /// Afterwards the engine is not interrupted any more.
    void forget(const std::shared_ptr<WatchedEngine>& engine);
    ~ScriptWatchdog();

private:
    void look();
    void lookAt(WatchedEngine& engine, std::int64_t now, std::size_t memory, std::size_t allowed) const;

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::vector<std::shared_ptr<WatchedEngine>> m_engines;
    std::size_t m_memoryBefore = 0; ///< of the process, when the first engine came
    std::jthread m_thread; ///< last, so that it ends first
};

/// The resident memory of this process, in bytes.
[[nodiscard]] std::size_t residentBytes();

} // namespace leftfold::fold
