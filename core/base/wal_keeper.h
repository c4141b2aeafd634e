// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/database.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace leftfold::base {

/// Brings what a connection in WAL mode commits into the file itself, on a thread and a connection of its own: who writes does not wait for
/// the disk. As long as nothing is amiss the -wal grows to 128 MiB at most (of pages of 16 KiB), then the writer waits once. Where it cannot
/// do its work the -wal is brought in by the writer there, and whoever closes the file brings in the rest, with the error.
class WalKeeper {
public:
    /// In place of checkpoints by `writer` itself. REQUIRES: `writer` is in WAL mode, outlives it, and is used by the thread that
    /// makes and ends it.
    explicit WalKeeper(Database& writer);
    ~WalKeeper();
    WalKeeper(const WalKeeper&) = delete;
    WalKeeper& operator=(const WalKeeper&) = delete;

private:
    void committed(int pages);
    void work(const std::stop_token& stop);

    Database& m_writer;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    bool m_isWanted = false;
    std::jthread m_thread;
};

} // namespace leftfold::base
