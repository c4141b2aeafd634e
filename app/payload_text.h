// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/event_text.h"
#include "core/replay/payload_summary.h"

#include <string>
#include <vector>

namespace leftfold::app {

/// "orders value  avro by schema 7 (orders-value version 2): 120 events", and what was kept as it is with the reason.
[[nodiscard]] std::vector<std::string> payloadLines(const std::vector<replay::PayloadUse>& uses,
                                                    const decode::SchemaBook& schemas);
/// An array for programs, as a value of the object that is being built.
void payloadMembers(event::DocumentBuilder& json, const std::vector<replay::PayloadUse>& uses);
/// What was chosen, and the registry, as a value of the object that is being built.
void decodingMembers(event::DocumentBuilder& json, const decode::Decoding& decoding);

} // namespace leftfold::app
