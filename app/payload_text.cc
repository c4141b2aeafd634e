// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/payload_text.h"

#include "core/decode/preview.h"

#include <fmt/format.h>

namespace leftfold::app {

namespace {

std::string partText(const replay::PayloadUse& use)
{
    return use.header.empty() ? std::string(toText(use.part)) : "header " + printable(use.header, 0);
}

std::string formatText(decode::PayloadFormat format)
{
    return format == decode::PayloadFormat::Automatic ? "unknown" : std::string(toText(format));
}

} // namespace

std::vector<std::string> payloadLines(const std::vector<replay::PayloadUse>& uses, const decode::SchemaBook& schemas)
{
    std::vector<std::string> lines;
    for (const replay::PayloadUse& use : uses) {
        const decode::PayloadNote note{use.format, use.schemaKey, schemas.find(use.schemaKey), {}, {}};
        const std::string what =
            fmt::format("{} {}  {}", printable(use.topic, 0), partText(use), printable(decode::describe(note), 0));
        if (use.decoded > 0) lines.push_back(fmt::format("{}: {} events", what, use.decoded));
        if (use.kept > 0)
            lines.push_back(fmt::format("{}: {} events not decoded: {}", what, use.kept, printable(use.reason, 0)));
    }
    return lines;
}

void payloadMembers(event::DocumentBuilder& json, const std::vector<replay::PayloadUse>& uses)
{
    json.beginArray();
    for (const replay::PayloadUse& use : uses) {
        json.beginObject();
        textMember(json, "topic", use.topic);
        textMember(json, "part", use.header.empty() ? toText(use.part) : "header");
        if (!use.header.empty()) textMember(json, "header", use.header);
        textMember(json, "format", formatText(use.format));
        if (!use.schemaKey.empty()) textMember(json, "schema", use.schemaKey);
        numberMember(json, "decoded", use.decoded);
        numberMember(json, "kept", use.kept);
        if (use.kept > 0) textMember(json, "reason", use.reason);
        json.endObject();
    }
    json.endArray();
}

void decodingMembers(event::DocumentBuilder& json, const decode::Decoding& decoding)
{
    json.beginObject();
    json.key("rules");
    json.beginArray();
    for (const decode::DecodeRule& rule : decoding.rules) json.text(toText(rule));
    json.endArray();
    if (!decoding.registry.empty()) textMember(json, "registry", decoding.registry);
    json.endObject();
}

} // namespace leftfold::app
