// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/event_lines.h"

#include "core/decode/envelope.h"
#include "core/decode/text.h"
#include "core/event/document.h"
#include "core/snapshot/csv_text.h"

namespace leftfold::workspace {

using decode::printable;

void appendEventJson(std::string& line, const PrintedEvent& event)
{
    decode::EnvelopeNotes notes;
    notes.index = event.index;
    if (event.effective != base::kBeginningOfTime) notes.time = event.effective;
    notes.type = event.type;
    notes.id = event.id;
    notes.valueIsJson = !event.undecodable && event.record->value.has_value();
    decode::writeEnvelope(line, *event.partition, *event.record, notes);
}

std::string_view eventCsvHeader()
{
    return "index,position,time,type,id,key,base64:key,headers,value,base64:value";
}

namespace {

std::string forReading(base::ByteView bytes)
{
    return decode::isUtf8(bytes) ? std::string(bytes) : printable(bytes, 0);
}

/// Two fields: as text, or as base64.
void appendBytesCsv(std::string& line, const std::optional<base::ByteView>& bytes)
{
    const bool isText = bytes && decode::isUtf8(*bytes);
    line += ',';
    if (isText) snapshot::appendCsvField(line, *bytes);
    line += ',';
    if (bytes && !isText) decode::appendBase64(line, *bytes);
}

} // namespace

void appendEventCsv(std::string& line, const PrintedEvent& event)
{
    line += std::to_string(event.index.value) + ',';
    snapshot::appendCsvField(line, toText(event::Position{*event.partition, event.record->offset}));
    line += ',';
    if (event.effective != base::kBeginningOfTime) line += base::toIso(event.effective);
    line += ',';
    snapshot::appendCsvField(line, forReading(event.type));
    line += ',';
    if (event.id) snapshot::appendCsvField(line, forReading(*event.id));
    appendBytesCsv(line, event.record->key);
    line += ',';
    const std::string headers = decode::headersJson(event.record->headers);
    if (!event.record->headers.empty()) snapshot::appendCsvField(line, headers);
    appendBytesCsv(line, event.record->value);
}

namespace {

void textOrNull(event::DocumentBuilder& json, std::string_view name, const std::optional<base::ByteView>& bytes)
{
    json.key(name);
    bytes ? json.text(forReading(*bytes)) : json.null();
}

} // namespace

void appendKcatLine(std::string& line, const PrintedEvent& event)
{
    const event::Record& record = *event.record;
    event::DocumentBuilder json;
    json.beginObject();
    json.key("topic");
    json.text(event.partition->topic);
    json.key("partition");
    json.number(event.partition->number);
    json.key("offset");
    json.number(record.offset.value);
    const bool isAppend = record.timestampType == event::TimestampType::LogAppend;
    json.key("tstype");
    json.text(!record.timestamp ? "unknown" : isAppend ? "logappend" : "create");
    json.key("ts");
    json.number(record.timestamp ? record.timestamp->seconds * 1000 + record.timestamp->nanos / 1'000'000 : 0);
    json.key("headers");
    json.beginArray();
    for (const event::Header& header : record.headers) {
        json.text(forReading(header.name));
        header.value ? json.text(forReading(*header.value)) : json.null();
    }
    json.endArray();
    textOrNull(json, "key", record.key);
    textOrNull(json, "payload", record.value);
    json.endObject();
    event::appendJson(line, json.finish().root());
}

} // namespace leftfold::workspace
