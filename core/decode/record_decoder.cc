// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/record_decoder.h"

#include "core/decode/text.h"
#include "core/event/document.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

namespace leftfold::decode {

namespace {

using base::ByteView;
using base::Error;
using base::ErrorCode;
using base::Result;
using event::Record;

constexpr std::string_view kContentType = "content-type";

const std::optional<ByteView>& bytesOf(const Record& record, RecordPart part)
{
    return part == RecordPart::Key ? record.key : record.value;
}

bool isAlike(char a, char b)
{
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

/// Media types are compared without case and parameters (RFC 9110, 8.3.1).
bool isMediaType(ByteView text, std::string_view wanted)
{
    text = text.substr(0, text.find(';'));
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return std::ranges::equal(text, wanted, isAlike);
}

std::optional<PayloadFormat> formatOfContent(const Record& record)
{
    static constexpr std::array<std::pair<std::string_view, PayloadFormat>, 5> kTypes = {
        {{"application/msgpack", PayloadFormat::MessagePack},
         {"application/x-msgpack", PayloadFormat::MessagePack},
         {"application/vnd.msgpack", PayloadFormat::MessagePack},
         {"application/cbor", PayloadFormat::Cbor},
         {"application/cloudevents+cbor", PayloadFormat::Cbor}}};
    for (const event::Header& header : record.headers) {
        if (!header.value || !std::ranges::equal(header.name, kContentType, isAlike)) continue;
        for (const auto& [name, format] : kTypes) {
            if (isMediaType(*header.value, name)) return format;
        }
    }
    return std::nullopt;
}

/// So that text, CSV and JSON, which are nearly all there is, are known by a look: no mark of a schema begins with their bytes.
bool mayBeEncoded(const Record& record)
{
    const auto beginsLikeMark = [](const std::optional<ByteView>& bytes) {
        return bytes && !bytes->empty() && (bytes->front() == '\0' || bytes->front() == '\1');
    };
    return beginsLikeMark(record.value) || beginsLikeMark(record.key) || !record.headers.empty();
}

void appendJsonText(std::string& out, ByteView text)
{
    event::DocumentBuilder json;
    json.text(text);
    event::appendJson(out, json.finish().root());
}

PayloadFormat formatOf(SchemaKind kind)
{
    switch (kind) {
    case SchemaKind::Avro:
        return PayloadFormat::Avro;
    case SchemaKind::Protobuf:
        return PayloadFormat::Protobuf;
    case SchemaKind::JsonSchema:
        break;
    }
    return PayloadFormat::JsonSchema;
}

/// What says which message of a Protobuf schema is meant: a name, or the path that a payload carries.
struct MessageChoice {
    std::string name;
    std::vector<std::int32_t> path; ///< empty: by name
};

using Decoder = std::unique_ptr<PayloadDecoder>;

Result<Decoder> makeDecoder(const Schema& schema, const MessageChoice& message, const SchemaBook& book)
{
    if (schema.isDescriptorSet) return makeProtobufDescriptorDecoder(schema.text, message.name);
    LEFTFOLD_TRY(const SchemaText text, withReferences(schema, book));
    switch (schema.kind) {
    case SchemaKind::Avro:
        return makeAvroDecoder(text);
    case SchemaKind::JsonSchema:
        return makeJsonSchemaDecoder(text);
    case SchemaKind::Protobuf:
        break;
    }
    return message.path.empty() ? makeProtobufDecoder(text, message.name) : makeProtobufDecoder(text, message.path);
}

Result<Decoder> makeDecoder(PayloadFormat format)
{
    return format == PayloadFormat::Cbor ? makeCborDecoder() : makeMessagePackDecoder();
}

/// The same JSON without the blanks that would break a line of it.
Result<void> appendJson(ByteView bytes, std::string& out)
{
    LEFTFOLD_TRY(const event::Document document, event::Document::parse(bytes));
    event::appendJson(out, document.root());
    return {};
}

/// What an attempt to read a key or a value came to: nothing to be done, read (the JSON is appended), or kept with a reason.
struct Outcome {
    bool isRead = false;
    std::optional<PayloadNote> note;
};

Outcome keep(RecordPart part, PayloadNote note, std::string_view decoder, const Error& why)
{
    note.kept = Error{
        ErrorCode::PayloadKept, {std::string(toText(part)), fmt::format("{}: {}", decoder, base::render(why))}, {}};
    return {false, std::move(note)};
}

Outcome readText(RecordPart part, ByteView bytes, std::string& out)
{
    if (part == RecordPart::Key) return {};
    PayloadNote note;
    note.format = PayloadFormat::Text;
    if (!isUtf8(bytes)) return keep(part, std::move(note), "text", Error{ErrorCode::NotJson, {"0", "no UTF-8"}, {}});
    appendJsonText(out, bytes);
    return {true, std::move(note)};
}

Outcome readBytes(ByteView bytes, std::string& out)
{
    PayloadNote note;
    note.format = PayloadFormat::Bytes;
    out += "\"base64:";
    appendBase64(out, bytes);
    out += '"';
    return {true, std::move(note)};
}

/// A key that is a text stands for itself, as one that was never encoded does.
void unquoteKey(std::string& out, std::size_t from)
{
    if (out.size() == from || out[from] != '"') return;
    const auto document = event::Document::parse(ByteView(out).substr(from));
    if (!document || document->root().kind() != event::Kind::Text) return;
    const std::string text(document->root().text());
    out.resize(from);
    out += text;
}

/// What a rule says of a payload, told as if the payload had said it.
Result<MarkedPayload> markedBy(const DecodeRule& rule, ByteView bytes)
{
    MarkedPayload marked;
    marked.payload = bytes;
    if (!rule.hasPrefix) return marked;
    const auto mark = readSchemaMark(bytes);
    if (!mark) return base::fail(ErrorCode::SchemaMissing, "the mark of a schema", "the payload begins with none");
    marked.payload = mark->rest;
    return marked;
}

} // namespace

void DecodedRecords::clear()
{
    records.clear();
    notes.clear();
    bytes.clear();
}

std::vector<std::string> namedSchemas(const Record& record, std::string_view topic, const Decoding& decoding)
{
    std::vector<std::string> keys;
    if (!mayBeEncoded(record)) return keys;
    for (const RecordPart part : {RecordPart::Key, RecordPart::Value}) {
        const DecodeRule* rule = decoding.ruleFor(topic, part);
        if (rule != nullptr && rule->format != PayloadFormat::Automatic) continue;
        if (const auto marked = readMarkedPayload(record, part)) keys.push_back(toText(marked->id));
    }
    return keys;
}

struct RecordDecoder::Impl {
    Decoding decoding;
    std::shared_ptr<const SchemaBook> schemas;
    /// Of each schema and message, made when first needed; those that cannot be made say why.
    std::map<std::string, Result<Decoder>> decoders;

    Outcome readBy(const Result<Decoder>& decoder, RecordPart part, std::string_view name, ByteView bytes,
                   PayloadNote note, std::string& out) const
    {
        if (!decoder) return keep(part, std::move(note), name, decoder.error());
        const std::size_t before = out.size();
        auto read = (*decoder)->decode(bytes, out);
        if (!read) {
            out.resize(before);
            return keep(part, std::move(note), name, read.error());
        }
        const auto remarks = (*decoder)->remarks();
        note.remarks.assign(remarks.begin(), remarks.end());
        return {true, std::move(note)};
    }

    const Result<Decoder>& decoderOf(const Schema& schema, const MessageChoice& message)
    {
        const std::string name = fmt::format("{}\n{}\n{}", schema.key, message.name, fmt::join(message.path, "."));
        auto known = decoders.find(name);
        if (known == decoders.end()) known = decoders.emplace(name, makeDecoder(schema, message, *schemas)).first;
        return known->second;
    }

    const Result<Decoder>& decoderOf(PayloadFormat format)
    {
        const std::string name = '\n' + std::string(toText(format));
        auto known = decoders.find(name);
        if (known == decoders.end()) known = decoders.emplace(name, makeDecoder(format)).first;
        return known->second;
    }

    Outcome readSelfDescribing(RecordPart part, PayloadFormat format, ByteView bytes, std::string& out)
    {
        PayloadNote note;
        note.format = format;
        return readBy(decoderOf(format), part, toText(format), bytes, std::move(note), out);
    }

    /// REQUIRES: note.schema is there.
    Outcome readBySchema(RecordPart part, const MarkedPayload& marked, MessageChoice message, bool hasPath,
                         PayloadNote note, std::string& out)
    {
        const std::shared_ptr<const Schema> schema = note.schema;
        note.format = formatOf(schema->kind);
        const std::string name = fmt::format("{} by schema {}", toText(note.format), schema->key);
        ByteView payload = marked.payload;
        if (hasPath && schema->kind == SchemaKind::Protobuf) {
            auto split = protobufMessageOf(marked);
            if (!split) return keep(part, std::move(note), name, split.error());
            payload = split->payload;
            if (message.name.empty()) message.path = std::move(split->messagePath);
        }
        return readBy(decoderOf(*schema, message), part, name, payload, std::move(note), out);
    }

    /// Of a payload that names a schema nobody has: JSON by a schema is JSON all the same.
    Outcome readWithoutSchema(RecordPart part, const MarkedPayload& marked, PayloadNote note, std::string& out) const
    {
        const std::size_t before = out.size();
        if (!marked.payload.empty() && (marked.payload.front() == '{' || marked.payload.front() == '[')) {
            if (appendJson(marked.payload, out)) {
                note.format = PayloadFormat::JsonSchema;
                return {true, std::move(note)};
            }
            out.resize(before);
        }
        const auto why = schemas->whyMissing(note.schemaKey);
        const std::string reason = why ? base::render(*why) : "no schema registry was asked for it";
        const Error missing{ErrorCode::SchemaMissing, {"schema " + note.schemaKey, reason}, {}};
        return keep(part, std::move(note), "Confluent wire format", missing);
    }

    Outcome readMarked(RecordPart part, const MarkedPayload& marked, std::string& out)
    {
        PayloadNote note;
        note.schemaKey = toText(marked.id);
        note.schema = schemas->find(note.schemaKey);
        return note.schema ? readBySchema(part, marked, {}, true, std::move(note), out)
                           : readWithoutSchema(part, marked, std::move(note), out);
    }

    Outcome readChosen(RecordPart part, const DecodeRule& rule, ByteView bytes, std::string& out)
    {
        PayloadNote note;
        note.format = rule.format;
        note.schemaKey = rule.schema;
        note.schema = schemas->find(rule.schema);
        if (note.schema == nullptr) {
            return keep(part, std::move(note), toText(rule.format),
                        Error{ErrorCode::SchemaMissing, {"schema " + rule.schema, "the capture does not have it"}, {}});
        }
        const auto marked = markedBy(rule, bytes);
        if (!marked) return keep(part, std::move(note), toText(rule.format), marked.error());
        return readBySchema(part, *marked, {rule.message, {}}, rule.hasPrefix, std::move(note), out);
    }

    Outcome readAutomatically(RecordPart part, const Record& record, ByteView bytes, std::string& out)
    {
        if (const auto marked = readMarkedPayload(record, part)) return readMarked(part, *marked, out);
        if (part == RecordPart::Key || record.headers.empty()) return {};
        const auto format = formatOfContent(record);
        return format ? readSelfDescribing(part, *format, bytes, out) : Outcome{};
    }

    Outcome read(RecordPart part, const DecodeRule* rule, const Record& record, std::string& out)
    {
        const std::optional<ByteView>& bytes = bytesOf(record, part);
        if (!bytes) return {};
        const PayloadFormat format = rule == nullptr ? PayloadFormat::Automatic : rule->format;
        switch (format) {
        case PayloadFormat::Automatic:
            return readAutomatically(part, record, *bytes, out);
        case PayloadFormat::Json:
            return {};
        case PayloadFormat::Text:
            return readText(part, *bytes, out);
        case PayloadFormat::Bytes:
            return readBytes(*bytes, out);
        case PayloadFormat::MessagePack:
        case PayloadFormat::Cbor:
            return readSelfDescribing(part, format, *bytes, out);
        case PayloadFormat::Avro:
        case PayloadFormat::Protobuf:
        case PayloadFormat::JsonSchema:
            break;
        }
        return readChosen(part, *rule, *bytes, out);
    }

    /// Where decoded bytes stand, until all of them are there and nothing moves any more.
    struct Place {
        std::size_t record = 0;
        RecordPart part = RecordPart::Value;
        std::size_t begin = 0;
        std::size_t size = 0;
    };
    std::vector<Place> places;

    void readPart(RecordPart part, const DecodeRule* rule, const Record& record, std::size_t number,
                  DecodedRecords& out)
    {
        const std::size_t begin = out.bytes.size();
        Outcome outcome = read(part, rule, record, out.bytes);
        if (!outcome.note) return;
        if (outcome.isRead) {
            if (part == RecordPart::Key) unquoteKey(out.bytes, begin);
            places.push_back({number, part, begin, out.bytes.size() - begin});
            out.bytes += '\n'; // so that neighbours are lines, which are read faster
        }
        out.notes.resize(std::max(out.notes.size(), number + 1));
        (part == RecordPart::Key ? out.notes[number].key : out.notes[number].value) = std::move(outcome.note);
    }
};

RecordDecoder::RecordDecoder(Decoding decoding, std::shared_ptr<const SchemaBook> schemas)
    : m_impl(std::make_unique<Impl>())
{
    m_impl->decoding = std::move(decoding);
    m_impl->schemas = std::move(schemas);
}
RecordDecoder::~RecordDecoder() = default;
RecordDecoder::RecordDecoder(RecordDecoder&&) noexcept = default;
RecordDecoder& RecordDecoder::operator=(RecordDecoder&&) noexcept = default;

std::span<const Record> RecordDecoder::decode(std::span<const Record> records, std::string_view topic,
                                              DecodedRecords& out)
{
    Impl& impl = *m_impl;
    out.clear();
    impl.places.clear();
    const DecodeRule* const keyRule = impl.decoding.ruleFor(topic, RecordPart::Key);
    const DecodeRule* const valueRule = impl.decoding.ruleFor(topic, RecordPart::Value);
    const bool hasRules = keyRule != nullptr || valueRule != nullptr;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (!hasRules && !mayBeEncoded(records[i])) continue;
        impl.readPart(RecordPart::Key, keyRule, records[i], i, out);
        impl.readPart(RecordPart::Value, valueRule, records[i], i, out);
    }
    if (out.notes.empty()) return records;
    out.notes.resize(records.size());
    out.records.assign(records.begin(), records.end());
    out.bytes.append(base::kReadablePadding, '\0');
    for (const Impl::Place& place : impl.places) {
        Record& record = out.records[place.record];
        (place.part == RecordPart::Key ? record.key : record.value) =
            ByteView(out.bytes).substr(place.begin, place.size);
    }
    return out.records;
}

} // namespace leftfold::decode
