// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace leftfold::fold {

/// Texts that repeat (types, pointers, partitions) as small numbers, the same ones for all folders of a fold, so that
/// a state may move from one to another. Grows with the distinct texts and forgets none. Safe to share by threads.
class Names {
public:
    [[nodiscard]] std::uint32_t idOf(std::string_view text);
    /// Valid as long as this is. REQUIRES: `idOf` gave the id.
    [[nodiscard]] std::string_view textOf(std::uint32_t id) const;

private:
    mutable std::mutex m_mutex;
    std::deque<std::string> m_texts; ///< by id; a deque, since views of them must stay
    std::unordered_map<std::string_view, std::uint32_t> m_ids;
};

/// What one thread remembers of shared names: the lock is taken only for a text it never met.
class NameCache {
public:
    explicit NameCache(std::shared_ptr<Names> names);
    [[nodiscard]] std::uint32_t idOf(std::string_view text);
    [[nodiscard]] std::string_view textOf(std::uint32_t id);

private:
    std::shared_ptr<Names> m_names;
    std::unordered_map<std::string_view, std::uint32_t> m_ids; ///< views into m_names
    std::vector<std::string_view> m_texts; ///< by id; no data: not asked for so far
};

} // namespace leftfold::fold
