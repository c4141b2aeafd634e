// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/time.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace leftfold::capture {

/// The effective times of one partition's events, piece by piece, in order; nothing at the end.
using TimeStream = std::function<base::Result<std::optional<std::vector<base::Time>>>()>;

/// Takes `count` more events of stream `stream`.
using RunSink = std::function<base::Result<void>(std::uint32_t stream, std::uint64_t count)>;

/// The replay order of one load: events merged by (effective time, place of the stream, place in the stream).
/// Every prefix is a cut and no stream is reordered, since effective times never fall. Holds one piece
/// a stream in memory. Hands out the order as runs; neighbours may be of the same stream.
[[nodiscard]] base::Result<void> mergeByTime(std::vector<TimeStream> streams, const RunSink& sink);

} // namespace leftfold::capture
