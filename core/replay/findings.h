// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/key_index.h"
#include "core/capture/reader.h"
#include "core/event/problem.h"

#include <functional>
#include <stop_token>

namespace leftfold::replay {

/// Everything found about a log, told one by one, partition by partition, in each by offset, ascending: what the source said while
/// it was read, records that cannot be decoded, unreadable, missing and jumping times (architecture.md section 1: a step of more than a day
/// beyond both neighbours), times that go back, gaps in the offsets, and, with an index, events without an
/// aggregate. Damage of the capture itself is `catalog().damage()`. `sink` says false to hear no more.
[[nodiscard]] base::Result<void> findProblems(capture::Reader& reader, const capture::KeyIndex* keys,
                                              std::stop_token stop,
                                              const std::function<bool(const event::Problem&)>& sink);

/// A span of time for people: "3 days", "2 h 5 min", "120 ms": the two largest units.
[[nodiscard]] std::string spanText(base::Time from, base::Time to);

} // namespace leftfold::replay
