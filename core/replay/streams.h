// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/key_index.h"
#include "core/decode/mapping.h"
#include "core/fold/script.h"
#include "core/replay/replayer.h"

#include <memory>

namespace leftfold::replay {

/// The streams of a log for scripts: `<topic>-<aggregate id>`, by the index of the mapping's id; where ids are names of streams already
/// (KurrentDB's events, and those of its Kafka sink) the id itself. An event of no aggregate has its topic's.
/// `keys` may be null: the log has no ids, all of a topic is one stream, and events are numbered in the replay order.
[[nodiscard]] std::shared_ptr<const fold::Streams> streamsOf(std::shared_ptr<const capture::KeyIndex> keys,
                                                             const decode::Mapping& mapping);
/// Those that a projection's own script knows; else by its index where that is of the mapping's id.
[[nodiscard]] std::shared_ptr<const fold::Streams> streamsOf(const Projection& projection,
                                                             const decode::Mapping& mapping);

} // namespace leftfold::replay
