// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/terminal.h"
#include "core/capture/reader.h"
#include "core/decode/text.h"
#include "core/event/document.h"
#include "core/snapshot/event_text.h"

#include <optional>
#include <string>

namespace leftfold::app {

using decode::printable;

using snapshot::appendEventCsv;
using snapshot::appendEventJson;
using snapshot::eventCsvHeader;
using snapshot::PrintedEvent;

/// As a line for people: index, time, position, type, id, the beginning of the value.
[[nodiscard]] std::string eventLine(const PrintedEvent& event, const Output& out);
/// ISO 8601; "-" where there is no time.
[[nodiscard]] std::string timeText(base::Time time);
/// A member of a JSON object: null where there is no time.
void timeMember(event::DocumentBuilder& json, base::ByteView key, base::Time time);
void textMember(event::DocumentBuilder& json, base::ByteView key, base::ByteView text);
void numberMember(event::DocumentBuilder& json, base::ByteView key, std::uint64_t number);
void booleanMember(event::DocumentBuilder& json, base::ByteView key, bool value);
/// code, message and arguments of an error, as members.
void errorMembers(event::DocumentBuilder& json, const base::Error& error);

} // namespace leftfold::app
