// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/runner.h"
#include "core/workspace/update.h"

#include <QObject>
#include <deque>
#include <mutex>

namespace leftfold::ui {

/// The state of the workspace on the thread of the window: actions go in, `changed` tells when it is another one. What the
/// runner's threads post is taken in turns of the event loop, all that has arrived at once.
class Store : public QObject {
    Q_OBJECT

public:
    explicit Store(workspace::RunnerOptions options, QObject* parent = nullptr);
    ~Store() override;

    [[nodiscard]] const workspace::WorkspaceState& state() const { return m_state; }
    /// Null where no log is open.
    [[nodiscard]] const workspace::Open* open() const { return m_state.open(); }
    void act(const workspace::Action& action);

signals:
    /// `state()` is the new one. Both share what is large, so what is the same is found by its pointer.
    void changed(const leftfold::workspace::WorkspaceState& before);

private:
    void post(workspace::Action action);
    void takePosted();
    void apply(const workspace::Action& action);

    workspace::WorkspaceState m_state;
    std::mutex m_mutex;
    std::deque<workspace::Action> m_posted;
    bool m_isComing = false; ///< takePosted is on its way
    std::unique_ptr<workspace::Runner> m_runner;
};

/// Whether there is another answer, error or waiting than before.
template <class Question>
[[nodiscard]] bool isNew(const workspace::WorkspaceState& before, const workspace::WorkspaceState& now)
{
    const auto* was = before.open();
    const auto* is = now.open();
    if (was == nullptr || is == nullptr) return was != is;
    const auto& a = was->of<Question>();
    const auto& b = is->of<Question>();
    return a.answer != b.answer || a.isWaiting != b.isWaiting || a.error != b.error || a.progress != b.progress
           || a.ticket != b.ticket;
}

} // namespace leftfold::ui
