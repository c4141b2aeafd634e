// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/database.h"
#include "core/views/samples.h"

#include <memory>

namespace leftfold::views {

/// What views were seen to do, kept across runs in a small SQLite file. One thread at a time; several programs may write.
class LagStore {
public:
    /// Makes the file where there is none. Fails as base::Database does.
    [[nodiscard]] static base::Result<std::unique_ptr<LagStore>> open(const std::string& path);

    /// Adds samples of `cluster` (its id) in one transaction; one that is there already stays.
    [[nodiscard]] base::Result<void> add(const std::string& cluster, const LagHistory& samples);
    /// The samples of `cluster` up to `until`, of each partition at most the last `perPartition`; of all views, or one.
    [[nodiscard]] base::Result<LagHistory> read(const std::string& cluster, const std::optional<std::string>& view,
                                                base::Time until, std::size_t perPartition) const;
    /// Forgets what is older than `before`.
    [[nodiscard]] base::Result<void> forget(base::Time before);

private:
    explicit LagStore(std::unique_ptr<base::Database> database) : m_database(std::move(database)) {}
    std::unique_ptr<base::Database> m_database;
};

/// $XDG_STATE_HOME/leftfold/lag.sqlite, else ~/.local/state/leftfold/lag.sqlite. Makes the folder.
[[nodiscard]] base::Result<std::string> lagStorePath();

} // namespace leftfold::views
