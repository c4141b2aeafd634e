// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/key_index.h"
#include "core/event/filter.h"
#include "core/replay/block_reader.h"

#include <functional>
#include <stop_token>

namespace leftfold::replay {

/// Which events to walk, and how.
struct ScanRange {
    capture::OrdinalCut from; ///< events inside this cut are left out
    capture::OrdinalCut until; ///< events outside this cut are left out
    bool reverse = false; ///< last first
};

/// An event found, with all that is known of it. Valid during the call.
struct ScannedEvent {
    event::EventIndex index;
    const BlockReader::Item* item = nullptr; ///< its record is null where the event is damaged
    std::optional<base::ByteView> id; ///< by the index the scan was given, if it was given one
};

/// What a scan looked at, so that it can be said.
struct ScanSummary {
    std::uint64_t scanned = 0; ///< events in the range that were looked at
    std::uint64_t matched = 0;
    std::uint64_t damaged = 0; ///< of the scanned ones, not shown
    std::optional<base::Error> damage; ///< what the first of them says
};

/// Walks the events of a range in replay order and hands out those that the filter lets through, until `sink`
/// says false. An aggregate in the filter needs an index (`keys`), and is walked by its postings alone; without
/// one `keys` may be null, the events then have no id. Fields for causation and correlation are those of the
/// capture's mapping: fails with BadArgument where it has none. Cancelled within a block of a stop. `damaged`, if there is one, hears
/// of the events that cannot be read.
[[nodiscard]] base::Result<ScanSummary> scan(capture::Reader& reader, const capture::KeyIndex* keys,
                                             const ScanRange& range, const event::EventFilter& filter,
                                             std::stop_token stop,
                                             const std::function<base::Result<bool>(const ScannedEvent&)>& sink,
                                             const std::function<void(event::EventIndex)>& damaged = {});

} // namespace leftfold::replay
