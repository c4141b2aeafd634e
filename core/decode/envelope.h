// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/record_decoder.h"
#include "core/event/record.h"

#include <deque>
#include <string>
#include <string_view>

namespace leftfold::decode {

/// What a reader of a written event likes to see beside the record itself. Ignored when read again.
struct EnvelopeNotes {
    event::EventIndex index;
    std::optional<base::Time> time; ///< effective time
    std::string_view type;
    std::optional<base::ByteView> id;
    /// The value was found to be JSON already (`FieldExtractor` did not call it undecodable), so it is not checked again.
    /// REQUIRES: where true, that the value is JSON as `event::walk` reads it.
    bool valueIsJson = false;
    /// The record as the log holds it, where that is another one: its bytes are what is read again. Null: there is no other, or nobody is to see it.
    const event::Record* raw = nullptr;
    const PayloadNotes* payloads = nullptr; ///< how key and value were decoded; may be null
};

/// One event as one line of JSON (no line break at the end), as `log --json` writes it. Reading it gives
/// the same partition and record to the byte (line numbers aside), whatever the bytes are. Format: README.md of this folder.
void writeEnvelope(std::string& out, const event::Partition& partition, const event::Record& record,
                   const EnvelopeNotes& notes);

/// How a key or value was decoded, for programs: {"format":"avro","schema":"7","subject":"orders-value","version":2,"remarks":[...]}, and
/// `kept` with the reason where it was not. Appended.
void appendPayloadNote(std::string& out, const PayloadNote& note);

/// The headers as an envelope has them: [["name","value"],...].
[[nodiscard]] std::string headersJson(const std::vector<event::Header>& headers);

/// Whether a line is such an envelope: it starts with the member "leftfold".
[[nodiscard]] bool isEnvelope(base::ByteView line);

/// Reads an envelope. The record's views point into `line` where they can and else into texts appended to `arena`
/// (a deque: its texts stay where they are, and have kReadablePadding readable bytes behind them).
/// Fails with BadEnvelope, with the reason, also where the format is a newer one. REQUIRES: kReadablePadding readable bytes behind `line`.
struct EnvelopeContent {
    event::Partition partition;
    event::Record record;
};
[[nodiscard]] base::Result<EnvelopeContent> readEnvelope(base::ByteView line, std::deque<std::string>& arena);

} // namespace leftfold::decode
