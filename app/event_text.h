// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/terminal.h"
#include "core/capture/reader.h"
#include "core/decode/text.h"
#include "core/event/document.h"

#include <optional>
#include <string>

namespace leftfold::app {

using decode::printable;

/// An event to print.
struct PrintedEvent {
    event::EventIndex index;
    const event::Partition* partition = nullptr;
    const event::Record* record = nullptr;
    base::Time effective;
    bool undecodable = false;
    std::string_view type;
    std::optional<base::ByteView> id;
};

/// As a line for people: index, time, position, type, id, the beginning of the value.
[[nodiscard]] std::string eventLine(const PrintedEvent& event, const Output& out);
/// As a line for programs (core/decode/README.md, "Envelope"), appended.
void appendEventJson(std::string& line, const PrintedEvent& event);
/// As a row of CSV (RFC 4180), without its line break, appended; and the row that names the columns. Nothing between two commas
/// is null, "" is empty; what is no UTF-8 stands in base64 in a column of its own.
[[nodiscard]] std::string_view eventCsvHeader();
void appendEventCsv(std::string& line, const PrintedEvent& event);

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
