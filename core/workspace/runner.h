// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/action.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace leftfold::workspace {

struct RunnerOptions {
    std::string version; ///< of this Leftfold, for manifests of exports
    unsigned workers = 2; ///< for what is done by several threads
    std::chrono::milliseconds lookForMore{500}; ///< how often a source is looked at for growth
    std::chrono::milliseconds lookAtViews{30'000}; ///< how often views are looked at, and sampled
    std::chrono::milliseconds showWhileFilling{
        1000}; ///< how soon, and how often at most, a log is shown while it is captured
};

/// Carries out effects on threads of its own and posts what comes of them as actions. There is a thread for the source, and
/// a worker with a reader of its own for each type of question. A newer question supersedes an older one of its type,
/// which is stopped; its answer may still be posted, with its old ticket. Progress and partial answers are posted at most
/// 30 times a second each.
class Runner {
public:
    /// Is called on any thread, also within `perform`.
    using Post = std::function<void(Action)>;

    Runner(RunnerOptions options, Post post);
    /// Stops everything and waits for it: some milliseconds, unless a system call hangs.
    ~Runner();

    /// Returns at once. One thread's.
    void perform(Effect effect);

private:
    class Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace leftfold::workspace
