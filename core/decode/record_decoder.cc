// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/record_decoder.h"

#include "core/decode/cloud_events.h"
#include "core/decode/json_text.h"
#include "core/decode/text.h"
#include "core/event/document.h"

#include <algorithm>
#include <array>
#include <bit>
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
/// Headers that are numbers, big-endian, wherever they stand: of Axon's Kafka extension, and of Spring's for dead letters and retries.
constexpr std::array<std::string_view, 11> kNumberHeaders = {
    "axon-message-timestamp",         "axon-message-aggregate-seq",   "kafka_dlt-original-partition",
    "kafka_dlt-original-offset",      "kafka_dlt-original-timestamp", "kafka_original-partition",
    "kafka_original-offset",          "kafka_original-timestamp",     "retry_topic-attempts",
    "retry_topic-original-timestamp", "retry_topic-backoff-timestamp"};
constexpr std::size_t kLongBytes = 8;
constexpr std::size_t kIntBytes = 4;
constexpr std::size_t kMarkBytes = 5; ///< of a schema's number

const std::optional<ByteView>& bytesOf(const Record& record, RecordPart part)
{
    return part == RecordPart::Key ? record.key : record.value;
}

std::optional<PayloadFormat> formatOfContent(const Record& record)
{
    static constexpr std::array<std::pair<std::string_view, PayloadFormat>, 5> kTypes = {
        {{"application/msgpack", PayloadFormat::MessagePack},
         {"application/x-msgpack", PayloadFormat::MessagePack},
         {"application/vnd.msgpack", PayloadFormat::MessagePack},
         {"application/cbor", PayloadFormat::Cbor},
         {"application/cloudevents+cbor", PayloadFormat::Cbor}}};
    const auto type = headerNamed(record, kContentType);
    if (!type) return std::nullopt;
    const auto* const known =
        std::ranges::find_if(kTypes, [&](const auto& each) { return isMediaType(*type, each.first); });
    return known == kTypes.end() ? std::nullopt : std::optional(known->second);
}

/// The mark of a schema, but for what cannot be one: registries count from 1, and eight bytes with a small number in them are
/// what Kafka's serializer of longs writes.
std::optional<MarkedPayload> markOf(const Record& record, RecordPart part)
{
    auto marked = readMarkedPayload(record, part);
    if (marked && marked->id == SchemaId(SchemaNumber{0})) return std::nullopt;
    return marked;
}

/// The schema that a binary CloudEvent names for its data, which have no mark then.
std::optional<std::string> dataSchemaOf(const Record& record)
{
    const auto address = headerNamed(record, "ce_dataschema");
    return address ? schemaKeyIn(*address) : std::nullopt;
}

/// What a value's own mark says counts, if it is the schema that the event names, or the event names none.
bool isMarkOf(const std::optional<MarkedPayload>& marked, const std::optional<std::string>& schema)
{
    return marked && (!schema || toText(marked->id) == *schema || marked->isInHeader);
}

/// All of it is the payload: there is no mark, and of Protobuf no path.
MarkedPayload wholePayload(ByteView bytes)
{
    MarkedPayload out;
    out.payload = bytes;
    out.isInHeader = true;
    return out;
}

bool isPrintable(ByteView bytes)
{
    return std::ranges::all_of(bytes, [](char c) { return c >= ' ' && c < '\x7f'; });
}

bool isNumberHeader(const event::Header& header)
{
    const bool canBe = header.value && !header.value->empty() && header.value->size() <= kLongBytes;
    if (!canBe || header.name.size() < 20) return false;
    // Some write them as texts: these are read as they are.
    return std::ranges::find(kNumberHeaders, std::string_view(header.name)) != kNumberHeaders.end()
           && !isPrintable(*header.value);
}

/// A text begins with no zero byte, and Kafka's serializers of numbers write nothing around them.
bool isNumberKey(ByteView key)
{
    const bool isZeroFirst = !key.empty() && key.front() == '\0';
    if (key.size() == kIntBytes) return isZeroFirst;
    return key.size() == kLongBytes && key.starts_with(std::string_view("\0\0\0\0\0", 5));
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

Result<std::int64_t> integerOf(ByteView bytes)
{
    if (bytes.empty() || bytes.size() > kLongBytes)
        return base::fail(ErrorCode::BadPayload, "integer", "0",
                          fmt::format("{} bytes; a number has 1 to {}", bytes.size(), kLongBytes));
    std::uint64_t number = static_cast<signed char>(bytes.front()) < 0 ? ~std::uint64_t{0} : 0;
    for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(number);
}

bool isUuidText(ByteView text)
{
    return text.size() == 36 && text.find_first_not_of("0123456789abcdefABCDEF-") == ByteView::npos;
}

/// What needs no schema and is read here: numbers and ids of fixed sizes.
class ScalarDecoder : public PayloadDecoder {
public:
    explicit ScalarDecoder(PayloadFormat format) : m_format(format) {}

    Result<void> decode(ByteView bytes, std::string& json) override
    {
        if (m_format == PayloadFormat::Float) return readFloat(bytes, json);
        if (m_format == PayloadFormat::Uuid) return readUuid(bytes, json);
        LEFTFOLD_TRY(const std::int64_t number, integerOf(bytes));
        if (m_format == PayloadFormat::Integer) {
            appendInt(json, number);
            return {};
        }
        appendTimestamp(json, number, 1000, Zone::Utc);
        return {};
    }

private:
    static Result<void> readFloat(ByteView bytes, std::string& json)
    {
        if (bytes.size() != kIntBytes && bytes.size() != kLongBytes)
            return base::fail(ErrorCode::BadPayload, "float", "0",
                              fmt::format("{} bytes; there are those of 4 and of 8", bytes.size()));
        std::uint64_t bits = 0;
        for (const char c : bytes) bits = bits << 8 | static_cast<unsigned char>(c);
        bytes.size() == kIntBytes ? appendFloat(json, std::bit_cast<float>(static_cast<std::uint32_t>(bits)))
                                  : appendDouble(json, std::bit_cast<double>(bits));
        return {};
    }

    static Result<void> readUuid(ByteView bytes, std::string& json)
    {
        if (bytes.size() != 16 && !isUuidText(bytes))
            return base::fail(ErrorCode::BadPayload, "uuid", "0",
                              fmt::format("{} bytes; it has 16, or is a text of 36", bytes.size()));
        json += '"';
        bytes.size() == 16 ? appendUuid(json, bytes) : void(json += bytes);
        json += '"';
        return {};
    }

    PayloadFormat m_format;
};

Result<Decoder> makeDecoder(PayloadFormat format)
{
    if (format == PayloadFormat::Cbor) return makeCborDecoder();
    if (format == PayloadFormat::MessagePack) return makeMessagePackDecoder();
    return std::make_unique<ScalarDecoder>(format);
}

/// An event whole in a value, if it is one: data that are bytes may name a schema.
std::optional<EventData> dataOf(PayloadDecoder& decoder, ByteView bytes)
{
    std::string json;
    if (!decoder.decode(bytes, json)) return std::nullopt;
    const auto event = event::Document::parse(json);
    return event ? binaryDataOf(*event) : std::nullopt;
}

/// A look that spares reading an event that is JSON, as its data are.
bool mayHoldBytes(ByteView event)
{
    return event.find("\"data_base64\"") != ByteView::npos;
}

/// The schema that an event's data name, in front of them or beside.
std::optional<std::string> schemaOf(const EventData& data)
{
    const auto mark = readSchemaMark(data.bytes);
    auto named = schemaKeyIn(data.schema);
    if (mark && !(mark->id == SchemaId(SchemaNumber{0})) && (!named || toText(mark->id) == *named))
        return toText(mark->id);
    return named;
}

/// For what asks which schemas a record needs: one a thread, made when first needed.
std::optional<std::string> structuredSchemaOf(const Record& record)
{
    const auto format = structuredFormat(record);
    if (!format || !record.value) return std::nullopt;
    if (*format == EventFormat::Json && !mayHoldBytes(*record.value)) return std::nullopt;
    thread_local std::array<Decoder, 3> decoders;
    Decoder& decoder = decoders.at(static_cast<std::size_t>(*format));
    if (!decoder) {
        auto made = makeCloudEventsDecoder(*format);
        if (!made) return std::nullopt;
        decoder = std::move(*made);
    }
    const auto data = dataOf(*decoder, *record.value);
    return data ? schemaOf(*data) : std::nullopt;
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
    if (part == RecordPart::Key) return {}; // a key stands as it is, and so does a header
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
        const bool isAutomatic = rule == nullptr || rule->format == PayloadFormat::Automatic;
        if (!isAutomatic && rule->format != PayloadFormat::CloudEvents) continue;
        const auto marked = isAutomatic ? markOf(record, part) : std::nullopt;
        const auto schema = part == RecordPart::Value ? dataSchemaOf(record) : std::nullopt;
        if (isMarkOf(marked, schema)) {
            keys.push_back(toText(marked->id));
        } else if (schema) {
            keys.push_back(*schema);
        } else if (part == RecordPart::Value) {
            if (auto inside = structuredSchemaOf(record)) keys.push_back(std::move(*inside));
        }
    }
    return keys;
}

const Error* PayloadNotes::firstKept() const
{
    if (value && value->kept) return &*value->kept;
    if (key && key->kept) return &*key->kept;
    const auto header =
        std::ranges::find_if(headers, [](const HeaderNote& each) { return each.note.kept.has_value(); });
    return header == headers.end() ? nullptr : &*header->note.kept;
}

struct RecordDecoder::Impl {
    Decoding decoding;
    bool hasHeaderRules = false;
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
        std::string reason = why ? base::render(*why) : "no schema registry was asked for it";
        if (!marked.isInHeader && marked.payload.size() + kMarkBytes == kLongBytes)
            reason += fmt::format("; eight bytes may be a number: {}=integer", toText(part));
        const Error missing{ErrorCode::SchemaMissing, {"schema " + note.schemaKey, reason}, {}};
        return keep(part, std::move(note), "Confluent wire format", missing);
    }

    const Result<Decoder>& decoderOf(EventFormat format)
    {
        const std::string name = "\ncloudevents " + std::to_string(static_cast<int>(format));
        auto known = decoders.find(name);
        if (known == decoders.end()) known = decoders.emplace(name, makeCloudEventsDecoder(format)).first;
        return known->second;
    }

    /// The data of an event that are bytes; the event stands as it is where they cannot be read.
    Outcome readEventData(const EventData& data, std::string& out)
    {
        constexpr RecordPart kPart = RecordPart::Value;
        if (const auto schema = schemaOf(data)) {
            const auto mark = readSchemaMark(data.bytes);
            const bool isMarked = mark && toText(mark->id) == *schema;
            return readNamed(kPart, *schema,
                             isMarked ? MarkedPayload{mark->id, mark->rest, {}, false} : wholePayload(data.bytes), out);
        }
        for (const auto& [name, format] : {std::pair("application/cbor", PayloadFormat::Cbor),
                                           std::pair("application/msgpack", PayloadFormat::MessagePack)}) {
            if (isMediaType(data.contentType, name)) return readSelfDescribing(kPart, format, data.bytes, out);
        }
        return {};
    }

    Outcome readEvent(EventFormat format, ByteView bytes, std::string& out)
    {
        if (format == EventFormat::Json && !mayHoldBytes(bytes)) return {};
        PayloadNote note;
        note.format = PayloadFormat::CloudEvents;
        std::string json;
        Outcome outcome = readBy(decoderOf(format), RecordPart::Value, "CloudEvents", bytes, std::move(note), json);
        if (!outcome.isRead) return outcome;
        const auto event = event::Document::parse(json);
        const auto data = event ? binaryDataOf(*event) : std::nullopt;
        std::string inside;
        if (data) {
            const Outcome read = readEventData(*data, inside);
            if (read.note) {
                outcome.note->schemaKey = read.note->schemaKey;
                outcome.note->schema = read.note->schema;
                outcome.note->remarks = read.note->remarks;
                outcome.note->kept = read.note->kept;
            }
            if (read.isRead) json = toJson(withData(*event, inside).root());
        }
        if (format == EventFormat::Json && inside.empty() && !outcome.note->kept) return {}; // it stands as it is
        out += json;
        return outcome;
    }

    /// In the format that its content type tells, else in the first of them that fits.
    Outcome readChosenEvent(const Record& record, ByteView bytes, std::string& out)
    {
        if (const auto format = structuredFormat(record)) return readEvent(*format, bytes, out);
        if (bytes.starts_with('{')) return readEvent(EventFormat::Json, bytes, out);
        Outcome avro = readEvent(EventFormat::Avro, bytes, out);
        return avro.isRead ? avro : readEvent(EventFormat::Protobuf, bytes, out);
    }

    Outcome readMarked(RecordPart part, const MarkedPayload& marked, std::string& out)
    {
        return readNamed(part, toText(marked.id), marked, out);
    }

    Outcome readNamed(RecordPart part, const std::string& schema, const MarkedPayload& marked, std::string& out)
    {
        PayloadNote note;
        note.schemaKey = schema;
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
        const auto marked = markOf(record, part);
        const bool mayBeEvent = part == RecordPart::Value && !record.headers.empty();
        const auto schema = mayBeEvent ? dataSchemaOf(record) : std::nullopt;
        if (isMarkOf(marked, schema)) return readMarked(part, *marked, out);
        if (schema && !bytes.starts_with('{') && !bytes.starts_with('['))
            return readNamed(part, *schema, wholePayload(bytes), out);
        if (part == RecordPart::Key)
            return isNumberKey(bytes) ? readSelfDescribing(part, PayloadFormat::Integer, bytes, out) : Outcome{};
        if (!mayBeEvent) return {};
        if (const auto event = structuredFormat(record)) return readEvent(*event, bytes, out);
        const auto format = formatOfContent(record);
        return format ? readSelfDescribing(part, *format, bytes, out) : Outcome{};
    }

    Outcome readHeader(const DecodeRule* rule, const event::Header& header, std::string& out)
    {
        constexpr RecordPart kPart = RecordPart::Key; // a text stands as it is in both
        PayloadFormat format = rule == nullptr ? PayloadFormat::Automatic : rule->format;
        if (format == PayloadFormat::Automatic && isNumberHeader(header)) format = PayloadFormat::Integer;
        Outcome outcome;
        if (format == PayloadFormat::Bytes) outcome = readBytes(*header.value, out);
        const bool isPlain = format == PayloadFormat::Automatic || format == PayloadFormat::Text;
        if (!isPlain && format != PayloadFormat::Bytes) outcome = readSelfDescribing(kPart, format, *header.value, out);
        if (outcome.note && outcome.note->kept)
            outcome.note->kept->args.front() = "header " + printable(header.name, 0);
        return outcome;
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
        case PayloadFormat::CloudEvents:
            return readChosenEvent(record, *bytes, out);
        case PayloadFormat::MessagePack:
        case PayloadFormat::Cbor:
        case PayloadFormat::Integer:
        case PayloadFormat::Float:
        case PayloadFormat::Uuid:
        case PayloadFormat::Time:
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
        std::optional<std::size_t> header; ///< instead of `part`
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
            places.push_back({number, part, std::nullopt, begin, out.bytes.size() - begin});
            out.bytes += '\n'; // so that neighbours are lines, which are read faster
        }
        out.notes.resize(std::max(out.notes.size(), number + 1));
        (part == RecordPart::Key ? out.notes[number].key : out.notes[number].value) = std::move(outcome.note);
    }

    void readHeaders(std::string_view topic, const Record& record, std::size_t number, DecodedRecords& out)
    {
        for (std::size_t i = 0; i < record.headers.size(); ++i) {
            const event::Header& header = record.headers[i];
            if (!header.value) continue;
            const DecodeRule* const rule = hasHeaderRules ? decoding.ruleForHeader(topic, header.name) : nullptr;
            const std::size_t begin = out.bytes.size();
            Outcome outcome = readHeader(rule, header, out.bytes);
            if (!outcome.note) continue;
            if (outcome.isRead) {
                unquoteKey(out.bytes, begin);
                places.push_back({number, RecordPart::Value, i, begin, out.bytes.size() - begin});
                out.bytes += '\n';
            }
            out.notes.resize(std::max(out.notes.size(), number + 1));
            out.notes[number].headers.push_back({i, std::move(*outcome.note)});
        }
    }

    static std::optional<ByteView>& partOf(Record& record, const Place& place)
    {
        if (place.header) return record.headers[*place.header].value;
        return place.part == RecordPart::Key ? record.key : record.value;
    }
};

RecordDecoder::RecordDecoder(Decoding decoding, std::shared_ptr<const SchemaBook> schemas)
    : m_impl(std::make_unique<Impl>())
{
    m_impl->hasHeaderRules = decoding.hasHeaderRules();
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
        impl.readHeaders(topic, records[i], i, out);
    }
    if (out.notes.empty()) return records;
    out.notes.resize(records.size());
    out.records.assign(records.begin(), records.end());
    out.bytes.append(base::kReadablePadding, '\0');
    for (const Impl::Place& place : impl.places) {
        impl.partOf(out.records[place.record], place) = ByteView(out.bytes).substr(place.begin, place.size);
    }
    return out.records;
}

} // namespace leftfold::decode
