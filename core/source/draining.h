// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

namespace leftfold::source {

/// Threads inside calls of a library that cannot be interrupted. Shared by whoever starts one; their owner waits for
/// them at its end, and not for ever: those that last longer end with the process.
class Draining {
public:
    /// Runs `work` on a thread of its own. It must hold everything it uses.
    static void start(const std::shared_ptr<Draining>& list, std::function<void()> work);
    /// Waits until all have ended; false where some have not after so long.
    bool wait(std::chrono::milliseconds limit);
    /// How many threads of all lists have not ended. While there are some, a process has to end without its exit handlers, which
    /// take from libraries what these still use.
    [[nodiscard]] static int left();

private:
    std::mutex m_mutex;
    std::condition_variable m_ended;
    int m_left = 0;
};

} // namespace leftfold::source
