// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/runner.h"
#include "core/workspace/update.h"

#include <QElapsedTimer>
#include <QTest>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace leftfold::workspace::test {

/// A workspace as the window has one, without a window: actions go in, the state changes as answers come.
class RunWorkspace {
public:
    explicit RunWorkspace(std::string cacheRoot, RunnerOptions options = {"test", 2, std::chrono::milliseconds(20)})
        : m_cacheRoot(std::move(cacheRoot)),
          m_runner(std::move(options), [this](Action action) { post(std::move(action)); })
    {}

    const WorkspaceState& state() const { return m_state; }
    const Open& open() const { return *m_state.open(); }
    void act(const Action& action)
    {
        auto updated = update(std::move(m_state), action);
        m_state = std::move(updated.state);
        for (Effect& effect : updated.effects) m_runner.perform(std::move(effect));
    }
    void openLog(const std::string& path)
    {
        LoadOptions options;
        options.log = {path};
        options.cacheRoot = m_cacheRoot;
        act(OpenLog{options});
    }
    /// Takes what is posted until the state fulfils a condition; false where that takes a minute.
    template <class Condition>
    [[nodiscard]] bool until(Condition isSo)
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
        while (!isSo(m_state)) {
            std::unique_lock lock(m_mutex);
            if (!m_arrived.wait_until(lock, end, [&] { return !m_posted.empty(); })) return false;
            const Action action = std::move(m_posted.front());
            m_posted.pop_front();
            lock.unlock();
            act(action);
        }
        return true;
    }
    /// Until nothing is on its way.
    [[nodiscard]] bool settled()
    {
        return until([](const WorkspaceState& state) {
            if (std::holds_alternative<Loading>(state.log)) return false;
            if (state.open() == nullptr) return true;
            return std::apply([](const auto&... asked) { return (!asked.isWaiting && ...); }, state.open()->asked);
        });
    }

private:
    void post(Action action)
    {
        const std::lock_guard lock(m_mutex);
        m_posted.push_back(std::move(action));
        m_arrived.notify_one();
    }

    std::string m_cacheRoot;
    WorkspaceState m_state;
    std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::deque<Action> m_posted;
    Runner m_runner; ///< ends before what it posts to
};

} // namespace leftfold::workspace::test
