// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

namespace leftfold::source {

/// Threads inside calls of a library that cannot be interrupted. Shared by whoever starts one; their owner waits for
/// them at its end, and not for ever: those that last longer end with the process.
class Draining {
public:
    Draining() = default;
    ~Draining();
    Draining(const Draining&) = delete;
    Draining& operator=(const Draining&) = delete;

    /// Runs `work` on a thread of its own. It must hold everything it uses.
    static void start(const std::shared_ptr<Draining>& list, std::function<void()> work);
    /// Waits until all have ended; false where some have not after so long.
    bool wait(std::chrono::milliseconds limit);
    /// How many threads of all lists are not known to be gone: the end of its work is not yet the end of a thread, which gives back
    /// what libraries keep for it. While there are some, a process has to end without its exit handlers, which take from
    /// libraries what these still use.
    [[nodiscard]] static int left();

private:
    struct Entry {
        std::thread thread;
        bool hasEnded = false;
    };
    void joinEnded();

    std::mutex m_mutex;
    std::condition_variable m_ended;
    std::list<Entry> m_threads;
};

} // namespace leftfold::source
