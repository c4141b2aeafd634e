// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace leftfold::fold {

/// The largest block of memory that a script can have: what bounds its texts and lists. Joining texts costs the engine nothing until
/// it needs the whole, and then it asks for all of it at once: 30 doublings are a GB, before anybody can stop it.
inline constexpr std::size_t kMaxScriptBlock = (std::size_t{64} << 20) + (std::size_t{64} << 10);

/// From now on the engine's library is refused larger blocks while a script runs on the thread that asks: it has no
/// setting for it, so its three entries for malloc, calloc and realloc are pointed to ours. To the script it is "out of memory".
/// Once a process; false where the library's table is not of a known kind: then only the watchdog bounds memory.
[[nodiscard]] bool boundEngineBlocks();

/// A script runs on this thread as long as this lives.
class BoundedBlocks {
public:
    BoundedBlocks();
    ~BoundedBlocks();
    BoundedBlocks(const BoundedBlocks&) = delete;
    BoundedBlocks& operator=(const BoundedBlocks&) = delete;
};

} // namespace leftfold::fold
