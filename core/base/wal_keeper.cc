// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/wal_keeper.h"

namespace leftfold::base {

namespace {

constexpr int kWorthwhile = 1024; ///< pages of the -wal
constexpr int kMost = 8192;
constexpr const char* kCheckpoint = "PRAGMA wal_checkpoint(PASSIVE)";

} // namespace

WalKeeper::WalKeeper(Database& writer) : m_writer(writer)
{
    m_writer.onCommit([this](int pages) { committed(pages); });
    m_thread = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

WalKeeper::~WalKeeper()
{
    m_writer.onCommit({});
}

/// On the writer's thread, which holds no lock of the database here.
void WalKeeper::committed(int pages)
{
    if (pages < kWorthwhile) return;
    std::unique_lock lock(m_mutex);
    if (pages < kMost) {
        m_isWanted = true;
        return m_changed.notify_all();
    }
    // Brought in as a whole while nothing is added, the -wal begins anew with the next commit.
    m_changed.wait(lock, [this] { return !m_isWanted; });
    lock.unlock();
    (void)m_writer.execute(kCheckpoint);
}

void WalKeeper::work(const std::stop_token& stop)
{
    const auto database = Database::open(m_writer.path(), Database::Mode::ReadWrite);
    if (database) (void)(*database)->execute("PRAGMA synchronous = NORMAL");
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [this] { return m_isWanted; })) {
        lock.unlock();
        if (database) (void)(*database)->execute(kCheckpoint);
        lock.lock();
        m_isWanted = false;
        m_changed.notify_all();
    }
}

} // namespace leftfold::base
