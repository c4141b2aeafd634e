// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/record_decoder.h"
#include "core/event/record.h"
#include "core/snapshot/mask.h"

#include <optional>
#include <string>
#include <string_view>

/// Events as texts for other programs: what the command line prints and the window copies.
namespace leftfold::snapshot {

/// An event to print.
struct PrintedEvent {
    event::EventIndex index;
    const event::Partition* partition = nullptr;
    const event::Record* record = nullptr;
    base::Time effective;
    bool undecodable = false;
    std::string_view type;
    std::optional<base::ByteView> id;
    const event::Record* raw = nullptr; ///< as the log holds it, where `record` is decoded
    const decode::PayloadNotes* payloads = nullptr; ///< how it was decoded
};

/// An event to print without what is masked: neither its bytes as the log holds them nor how they were decoded is told. Valid as long as
/// this is.
class MaskedEvent {
public:
    MaskedEvent(const PrintedEvent& event, const Masks& masks, bool idIsMasked);
    MaskedEvent(const MaskedEvent&) = delete;
    MaskedEvent& operator=(const MaskedEvent&) = delete;
    [[nodiscard]] const PrintedEvent& printed() const { return m_printed; }

private:
    Masks::Record m_record;
    std::string m_type;
    std::string m_id;
    PrintedEvent m_printed;
};

/// As a line for programs (core/decode/README.md, "Envelope"), appended.
void appendEventJson(std::string& line, const PrintedEvent& event);
/// As a row of CSV (RFC 4180), without its line break, appended; and the row that names the columns. Nothing between two commas
/// is null, "" is empty; what is no UTF-8 stands in base64 in a column of its own.
[[nodiscard]] std::string_view eventCsvHeader();
void appendEventCsv(std::string& line, const PrintedEvent& event);

} // namespace leftfold::snapshot
