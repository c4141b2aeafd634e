// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/action.h"

#include <functional>
#include <memory>

namespace leftfold::workspace {

/// Asks clusters on threads of its own, one for each type of question that was ever asked: what a broker takes its time for holds up
/// nothing else. A newer question of a type stops the one at work, unless they queue. One thread's.
class ClusterRunner {
public:
    using Post = std::function<void(Action)>;

    explicit ClusterRunner(Post post);
    /// Stops everything; calls inside a library are waited for a little, then they end with the process.
    ~ClusterRunner();

    /// Returns at once.
    template <class Question>
    void ask(Ask<Question> ask);
    template <class Question>
    void stop();

private:
    class Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace leftfold::workspace
