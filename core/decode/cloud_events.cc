// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/cloud_events.h"

#include "core/decode/text.h"

#include <algorithm>
#include <array>

namespace leftfold::decode {

namespace {

using base::ByteView;
using base::ErrorCode;
using base::Result;
using event::Document;
using event::DocumentBuilder;
using event::Kind;
using event::Value;

constexpr std::string_view kBytes = "base64:";

/// "Avro Event Format for CloudEvents" 1.0.2.
constexpr const char* kAvroSchema = R"({"namespace":"io.cloudevents","type":"record","name":"CloudEvent","fields":[
{"name":"attribute","type":{"type":"map","values":["null","boolean","int","string","bytes"]}},
{"name":"data","type":["bytes","null","boolean",{"type":"map","values":["null","boolean",
{"type":"record","name":"CloudEventData","fields":[{"name":"value","type":{"type":"map","values":["null","boolean",
{"type":"map","values":"CloudEventData"},{"type":"array","items":"CloudEventData"},"double","string"]}}]},
"double","string"]},{"type":"array","items":"CloudEventData"},"double","string"]}]})";

/// "Protobuf Event Format for CloudEvents" 1.0.2.
constexpr const char* kProtobufSchema = R"(syntax = "proto3"; package io.cloudevents.v1;
import "google/protobuf/any.proto"; import "google/protobuf/timestamp.proto";
message CloudEvent { string id = 1; string source = 2; string spec_version = 3; string type = 4;
map<string, CloudEventAttributeValue> attributes = 5;
oneof data { bytes binary_data = 6; string text_data = 7; google.protobuf.Any proto_data = 8; }
message CloudEventAttributeValue { oneof attr { bool ce_boolean = 1; int32 ce_integer = 2; string ce_string = 3;
bytes ce_bytes = 4; string ce_uri = 5; string ce_uri_ref = 6; google.protobuf.Timestamp ce_timestamp = 7; } } })";

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool isAlike(char a, char b)
{
    return lower(a) == lower(b);
}

ByteView mediaType(ByteView text)
{
    text = text.substr(0, text.find(';'));
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

bool isJsonType(ByteView contentType)
{
    std::string type(mediaType(contentType));
    std::ranges::transform(type, type.begin(), lower);
    return type.empty() || type.ends_with("/json") || type.ends_with("+json");
}

tl::unexpected<base::Error> noEvent(std::string_view why)
{
    return base::fail(ErrorCode::BadPayload, "CloudEvents", "0", why);
}

std::optional<ByteView> textAt(Value object, ByteView name)
{
    const auto value = object.find(name);
    if (!value || value->kind() != Kind::Text) return std::nullopt;
    return value->text();
}

/// A value that an event format wraps to tell its type: {"string":"x"}.
Value unwrapped(Value value)
{
    if (value.kind() != Kind::Object || value.size() != 1) return value;
    return (*value.members().begin()).value;
}

/// Data as the JSON event format has them, behind the attributes.
void putData(DocumentBuilder& json, Value data, bool areBytes, ByteView contentType)
{
    std::optional<Document> parsed;
    std::optional<std::string> bytes;
    if (areBytes) bytes = fromBase64(data.text().substr(kBytes.size()));
    const bool isText = bytes.has_value() || data.kind() == Kind::Text;
    if (isText && isJsonType(contentType)) {
        auto document = Document::parse(bytes ? ByteView(*bytes) : data.text());
        if (document) parsed = std::move(*document);
    }
    json.key(areBytes && !parsed ? "data_base64" : "data");
    if (parsed) return json.value(parsed->root());
    areBytes ? json.text(data.text().substr(kBytes.size())) : json.value(data);
}

bool isBytes(Value value)
{
    return value.kind() == Kind::Text && value.text().starts_with(kBytes);
}

/// {"attribute":{"id":{"string":"1"},...},"data":{"bytes":"base64:..."}}
Document fromAvro(Value root)
{
    DocumentBuilder json;
    json.beginObject();
    ByteView contentType;
    if (const auto attributes = root.find("attribute")) {
        for (const event::Member& member : attributes->members()) {
            json.key(member.key);
            json.value(unwrapped(member.value));
        }
        if (const auto type = attributes->find("datacontenttype"); type && unwrapped(*type).kind() == Kind::Text)
            contentType = unwrapped(*type).text();
    }
    if (const auto data = root.find("data"); data && !data->isNull()) {
        const bool isNamed = data->kind() == Kind::Object && data->size() == 1;
        const auto bytes = isNamed ? data->find("bytes") : std::nullopt;
        const auto text = isNamed ? data->find("string") : std::nullopt;
        const bool areBytes = bytes && isBytes(*bytes);
        putData(json, areBytes ? *bytes : text && text->kind() == Kind::Text ? *text : *data, areBytes, contentType);
    }
    json.endObject();
    return json.finish();
}

/// {"id":"1",...,"spec_version":"1.0","attributes":{"subject":{"ce_string":"x"}},"text_data":"{}"}
Document fromProtobuf(Value root)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kRequired = {
        {{"specversion", "spec_version"}, {"id", "id"}, {"source", "source"}, {"type", "type"}}};
    DocumentBuilder json;
    json.beginObject();
    for (const auto& [name, field] : kRequired) {
        json.key(name);
        json.text(textAt(root, field).value_or(ByteView()));
    }
    ByteView contentType;
    if (const auto attributes = root.find("attributes")) {
        for (const event::Member& member : attributes->members()) {
            json.key(member.key);
            json.value(unwrapped(member.value));
        }
        if (const auto type = attributes->find("datacontenttype"); type && unwrapped(*type).kind() == Kind::Text)
            contentType = unwrapped(*type).text();
    }
    if (const auto bytes = root.find("binary_data")) putData(json, *bytes, isBytes(*bytes), contentType);
    if (const auto text = root.find("text_data")) putData(json, *text, false, contentType);
    if (const auto message = root.find("proto_data")) putData(json, *message, false, contentType);
    json.endObject();
    return json.finish();
}

class CloudEventsDecoder : public PayloadDecoder {
public:
    /// `raw` reads the format's schema; none: the payload is JSON already.
    CloudEventsDecoder(std::unique_ptr<PayloadDecoder> raw, Document (*rewrite)(Value))
        : m_raw(std::move(raw)),
          m_rewrite(rewrite)
    {}

    Result<void> decode(ByteView bytes, std::string& json) override
    {
        std::string plain;
        if (m_raw) LEFTFOLD_CHECK(m_raw->decode(bytes, plain));
        LEFTFOLD_TRY(Document document, Document::parse(m_raw ? ByteView(plain) : bytes));
        if (m_rewrite != nullptr) document = m_rewrite(document.root());
        for (const std::string_view name : {"specversion", "id", "source", "type"}) {
            const auto text = textAt(document.root(), name);
            if (!text || text->empty()) return noEvent("the attribute " + std::string(name) + " is missing");
        }
        event::appendJson(json, document.root());
        return {};
    }

private:
    std::unique_ptr<PayloadDecoder> m_raw;
    Document (*m_rewrite)(Value);
};

} // namespace

bool isMediaType(ByteView text, std::string_view wanted)
{
    return std::ranges::equal(mediaType(text), wanted, isAlike);
}

std::optional<ByteView> headerNamed(const event::Record& record, std::string_view name)
{
    for (const event::Header& header : record.headers) {
        if (std::ranges::equal(header.name, name, isAlike)) return header.value;
    }
    return std::nullopt;
}

std::optional<EventFormat> structuredFormat(const event::Record& record)
{
    const auto type = headerNamed(record, "content-type");
    if (!type) return std::nullopt;
    if (isMediaType(*type, "application/cloudevents+json") || isMediaType(*type, "application/cloudevents"))
        return EventFormat::Json;
    if (isMediaType(*type, "application/cloudevents+avro")) return EventFormat::Avro;
    if (isMediaType(*type, "application/cloudevents+protobuf")) return EventFormat::Protobuf;
    return std::nullopt;
}

Result<std::unique_ptr<PayloadDecoder>> makeCloudEventsDecoder(EventFormat format)
{
    std::unique_ptr<PayloadDecoder> raw;
    if (format == EventFormat::Json) return std::make_unique<CloudEventsDecoder>(std::move(raw), nullptr);
    if (format == EventFormat::Avro) {
        LEFTFOLD_TRY(raw, makeAvroDecoder({SchemaKind::Avro, kAvroSchema, {}}));
        return std::make_unique<CloudEventsDecoder>(std::move(raw), &fromAvro);
    }
    LEFTFOLD_TRY(raw, makeProtobufDecoder({SchemaKind::Protobuf, kProtobufSchema, {}}, "io.cloudevents.v1.CloudEvent"));
    return std::make_unique<CloudEventsDecoder>(std::move(raw), &fromProtobuf);
}

std::optional<EventData> binaryDataOf(const Document& event)
{
    const auto data = textAt(event.root(), "data_base64");
    if (!data) return std::nullopt;
    auto bytes = fromBase64(*data);
    if (!bytes) return std::nullopt;
    return EventData{std::move(*bytes), std::string(textAt(event.root(), "datacontenttype").value_or(ByteView())),
                     std::string(textAt(event.root(), "dataschema").value_or(ByteView()))};
}

Document withData(const Document& event, ByteView json)
{
    DocumentBuilder out;
    out.beginObject();
    for (const event::Member& member : event.root().members()) {
        if (member.shadowed) continue;
        const bool isData = member.key == "data_base64";
        out.key(isData ? ByteView("data") : member.key);
        if (!isData) {
            out.value(member.value);
            continue;
        }
        const auto data = Document::parse(json);
        data ? out.value(data->root()) : out.text(json);
    }
    out.endObject();
    return out.finish();
}

std::optional<std::string> schemaKeyIn(ByteView address)
{
    constexpr std::array<std::string_view, 2> kPlaces = {"/schemas/ids/", "/schemas/guids/"};
    for (const std::string_view place : kPlaces) {
        const std::size_t found = address.find(place);
        if (found == ByteView::npos) continue;
        const ByteView key = address.substr(found + place.size());
        const std::size_t end = std::min(key.size(), key.find_first_not_of("0123456789abcdefABCDEF-"));
        if (end > 0) return std::string(key.substr(0, end));
    }
    return std::nullopt;
}

} // namespace leftfold::decode
