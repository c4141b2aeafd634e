// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/envelope.h"

#include "core/decode/envelope_format.h"
#include "core/decode/text.h"
#include "core/event/json_walker.h"

#include <charconv>
#include <cstring>

namespace leftfold::decode {

namespace {

using base::ByteView;

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool holds(ByteView bytes, char c)
{
    return std::memchr(bytes.data(), c, bytes.size()) != nullptr;
}

/// Whether the bytes can stand in a line of JSON and be cut out again as they are.
bool canBeEmbedded(ByteView value, bool isJson)
{
    if (value.empty() || isBlank(value.front()) || isBlank(value.back())) return false;
    if (holds(value, '\n') || holds(value, '\r')) return false;
    return isJson || event::checkJson(value).has_value();
}

/// Bytes for people only: what is no UTF-8 becomes question marks in a box.
void appendForReading(std::string& out, ByteView bytes)
{
    if (isUtf8(bytes)) return event::escape(out, bytes);
    std::string text;
    for (const char c : bytes) {
        if (static_cast<unsigned char>(c) < 0x80)
            text += c;
        else
            text += "\xEF\xBF\xBD";
    }
    event::escape(out, text);
}

void appendNumber(std::string& out, std::uint64_t number)
{
    char digits[20];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, number);
    out.append(digits, end);
}

/// Writes one envelope behind what `out` holds.
class EnvelopeWriter {
public:
    explicit EnvelopeWriter(std::string& out) : m_out(out) {}

    void head(const event::Partition& partition, event::Offset offset, event::EventIndex index)
    {
        m_out += "{\"leftfold\":";
        m_out += kFormat;
        name("index");
        appendNumber(m_out, index.value);
        name("position");
        event::escape(m_out, event::toText(event::Position{partition, offset}));
    }

    void notes(const EnvelopeNotes& notes)
    {
        if (notes.time) time("time", *notes.time);
        name("type");
        appendForReading(m_out, notes.type);
        if (!notes.id) return;
        name("id");
        appendForReading(m_out, *notes.id);
    }

    void timestamp(const event::Record& record)
    {
        if (!record.timestamp || record.timestampType == event::TimestampType::None) return;
        time("timestamp", *record.timestamp);
        name("timestampType");
        event::escape(m_out, record.timestampType == event::TimestampType::Create ? kCreate : kAppend);
    }

    void key(const std::optional<ByteView>& key)
    {
        if (key) textOrBase64("key", "keyBase64", *key);
    }

    void headers(const std::vector<event::Header>& headers)
    {
        if (headers.empty()) return;
        name("headers");
        headerPairs(headers);
    }

    void headerPairs(const std::vector<event::Header>& headers)
    {
        char before = '[';
        for (const event::Header& header : headers) {
            m_out += before;
            m_out += '[';
            headerPart(header.name);
            m_out += ',';
            header.value ? headerPart(*header.value) : void(m_out += "null");
            m_out += ']';
            before = ',';
        }
        m_out += headers.empty() ? "[]" : "]";
    }

    /// The bytes of what stands decoded, and how it was decoded; or why it is not.
    void encoded(std::string_view bytesName, const std::optional<ByteView>& seen, const std::optional<ByteView>& raw,
                 std::string_view noteName, const PayloadNote& note)
    {
        if (raw && seen != raw) {
            name(bytesName);
            base64(*raw);
        }
        name(noteName);
        appendPayloadNote(m_out, note);
    }

    /// What decoded headers mean.
    void decodedHeaders(const event::Record& record, const std::vector<HeaderNote>& notes)
    {
        name("headerPayloads");
        char before = '[';
        for (const HeaderNote& note : notes) {
            const event::Header& header = record.headers[note.place];
            m_out += before;
            m_out += "{\"header\":";
            headerPart(header.name);
            if (!note.note.kept) {
                name("value");
                headerPart(header.value.value_or(ByteView()));
            }
            name("payload");
            appendPayloadNote(m_out, note.note);
            m_out += '}';
            before = ',';
        }
        m_out += ']';
    }

    void value(const std::optional<ByteView>& value, bool isJson)
    {
        if (!value) return;
        if (!canBeEmbedded(*value, isJson)) return textOrBase64("valueText", "valueBase64", *value);
        name("value");
        m_out += *value;
    }

private:
    void name(std::string_view member)
    {
        m_out += ",\"";
        m_out += member;
        m_out += "\":";
    }

    void time(std::string_view member, base::Time time)
    {
        name(member);
        m_out += '"';
        m_out += base::toIso(time);
        m_out += '"';
    }

    void textOrBase64(std::string_view textName, std::string_view base64Name, ByteView bytes)
    {
        if (isUtf8(bytes)) {
            name(textName);
            event::escape(m_out, bytes);
        } else {
            name(base64Name);
            base64(bytes);
        }
    }

    void headerPart(ByteView bytes)
    {
        if (isUtf8(bytes)) return event::escape(m_out, bytes);
        m_out += "{\"base64\":";
        base64(bytes);
        m_out += '}';
    }

    void base64(ByteView bytes)
    {
        m_out += '"';
        appendBase64(m_out, bytes);
        m_out += '"';
    }

    std::string& m_out;
};

} // namespace

std::string headersJson(const std::vector<event::Header>& headers)
{
    std::string json;
    EnvelopeWriter(json).headerPairs(headers);
    return json;
}

void appendPayloadNote(std::string& out, const PayloadNote& note)
{
    out += "{\"format\":";
    event::escape(out, note.format == PayloadFormat::Automatic ? "unknown" : toText(note.format));
    const auto member = [&out](std::string_view name, std::string_view text) {
        out += ",\"";
        out += name;
        out += "\":";
        event::escape(out, text);
    };
    if (!note.schemaKey.empty()) member("schema", note.schemaKey);
    if (note.schema && !note.schema->subject.empty()) member("subject", note.schema->subject);
    if (note.schema && note.schema->version > 0) {
        out += ",\"version\":";
        appendNumber(out, static_cast<std::uint64_t>(note.schema->version));
    }
    for (std::size_t i = 0; i < note.remarks.size(); ++i) {
        out += i == 0 ? ",\"remarks\":[" : ",";
        event::escape(out, note.remarks[i]);
    }
    if (!note.remarks.empty()) out += ']';
    if (note.kept) member("kept", base::render(*note.kept));
    out += '}';
}

void writeEnvelope(std::string& out, const event::Partition& partition, const event::Record& record,
                   const EnvelopeNotes& notes)
{
    EnvelopeWriter writer(out);
    writer.head(partition, record.offset, notes.index);
    writer.notes(notes);
    writer.timestamp(record);
    writer.key(record.key);
    // Of headers the bytes of the log are what stands there: a line that is read again is the same log.
    const bool hasRaw = notes.raw != nullptr && notes.payloads != nullptr;
    writer.headers(hasRaw ? notes.raw->headers : record.headers);
    writer.value(record.value, notes.valueIsJson);
    if (notes.payloads != nullptr) {
        const event::Record& raw = notes.raw != nullptr ? *notes.raw : record;
        const PayloadNotes& payloads = *notes.payloads;
        if (payloads.key) writer.encoded("keyEncoded", record.key, raw.key, "keyPayload", *payloads.key);
        if (payloads.value) writer.encoded("valueEncoded", record.value, raw.value, "valuePayload", *payloads.value);
        if (!payloads.headers.empty()) writer.decodedHeaders(record, payloads.headers);
    }
    out += '}';
}

} // namespace leftfold::decode
