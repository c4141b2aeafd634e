// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/event_text.h"

#include "core/decode/envelope.h"
#include "core/decode/text.h"
#include "core/snapshot/csv_text.h"

namespace leftfold::snapshot {

MaskedEvent::MaskedEvent(const PrintedEvent& event, const Masks& masks, bool idIsMasked)
    : m_record(masks.masked(*event.record)),
      m_type(masks.maskedText(event.type)),
      m_id(idIsMasked ? std::string(kMasked) : masks.maskedText(event.id.value_or(base::ByteView()))),
      m_printed(event)
{
    m_printed.record = &m_record.record;
    m_printed.undecodable = m_record.record.value && !m_record.valueIsJson;
    m_printed.type = m_type;
    if (event.id) m_printed.id = m_id;
    m_printed.raw = nullptr;
    m_printed.payloads = nullptr;
}

void appendEventJson(std::string& line, const PrintedEvent& event)
{
    decode::EnvelopeNotes notes;
    notes.index = event.index;
    if (event.effective != base::kBeginningOfTime) notes.time = event.effective;
    notes.type = event.type;
    notes.id = event.id;
    notes.valueIsJson = !event.undecodable && event.record->value.has_value();
    notes.raw = event.raw;
    notes.payloads = event.payloads;
    decode::writeEnvelope(line, *event.partition, *event.record, notes);
}

std::string_view eventCsvHeader()
{
    return "index,position,time,type,id,key,base64:key,headers,value,base64:value";
}

namespace {

std::string forReading(base::ByteView bytes)
{
    return decode::isUtf8(bytes) ? std::string(bytes) : decode::printable(bytes, 0);
}

/// Two fields: as text, or as base64.
void appendBytesCsv(std::string& line, const std::optional<base::ByteView>& bytes)
{
    const bool isText = bytes && decode::isUtf8(*bytes);
    line += ',';
    if (isText) appendCsvField(line, *bytes);
    line += ',';
    if (bytes && !isText) decode::appendBase64(line, *bytes);
}

} // namespace

void appendEventCsv(std::string& line, const PrintedEvent& event)
{
    line += std::to_string(event.index.value) + ',';
    appendCsvField(line, toText(event::Position{*event.partition, event.record->offset}));
    line += ',';
    if (event.effective != base::kBeginningOfTime) line += base::toIso(event.effective);
    line += ',';
    appendCsvField(line, forReading(event.type));
    line += ',';
    if (event.id) appendCsvField(line, forReading(*event.id));
    appendBytesCsv(line, event.record->key);
    line += ',';
    const std::string headers = decode::headersJson(event.record->headers);
    if (!event.record->headers.empty()) appendCsvField(line, headers);
    appendBytesCsv(line, event.record->value);
}

} // namespace leftfold::snapshot
