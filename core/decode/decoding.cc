// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/decoding.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace leftfold::decode {

namespace {

using base::ErrorCode;
using base::Result;
using Json = nlohmann::json;

/// As in PayloadFormat.
constexpr std::array<std::string_view, 14> kFormats = {
    "automatic",   "json", "text",    "bytes", "avro", "protobuf", "json-schema",
    "messagepack", "cbor", "integer", "float", "uuid", "time",     "cloudevents"};
constexpr std::string_view kPrefixed = "wire-";
constexpr std::string_view kHeaderPart = "header.";

bool needsSchema(PayloadFormat format)
{
    return format == PayloadFormat::Avro || format == PayloadFormat::Protobuf || format == PayloadFormat::JsonSchema;
}

/// What a header can be: it is neither a document of its own nor behind a mark.
bool isForHeaders(PayloadFormat format)
{
    return !needsSchema(format) && format != PayloadFormat::Json && format != PayloadFormat::CloudEvents;
}

bool isSameName(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

std::optional<PayloadFormat> formatNamed(std::string_view name)
{
    const auto found = std::ranges::find(kFormats, name);
    if (found == kFormats.end()) return std::nullopt;
    return static_cast<PayloadFormat>(found - kFormats.begin());
}

std::optional<RecordPart> partNamed(std::string_view name)
{
    if (name == "key") return RecordPart::Key;
    if (name == "value") return RecordPart::Value;
    return std::nullopt;
}

/// The name of a schema that came from a file, without what tells it from others of that name.
std::string fileNameOf(std::string_view key)
{
    if (key.starts_with("file:")) key.remove_prefix(5);
    return std::string(key.substr(0, key.rfind('#')));
}

std::string formatText(const DecodeRule& rule)
{
    return (rule.hasPrefix ? std::string(kPrefixed) : std::string()) + std::string(toText(rule.format));
}

/// What stands in front of '=': a part, or a header, perhaps of a topic. False where it is neither.
bool readPlace(std::string_view place, DecodeRule& rule)
{
    const std::size_t last = place.rfind(':');
    if (const auto part = partNamed(last == std::string_view::npos ? place : place.substr(last + 1))) {
        rule.part = *part;
        if (last != std::string_view::npos) rule.topic = place.substr(0, last);
        return last != 0;
    }
    const std::size_t first = place.find(':'); // no topic's name holds one, a header's may
    const bool hasTopic = !place.starts_with(kHeaderPart) && first != std::string_view::npos;
    const std::string_view header = hasTopic ? place.substr(first + 1) : place;
    if (!header.starts_with(kHeaderPart) || header.size() == kHeaderPart.size()) return false;
    rule.header = header.substr(kHeaderPart.size());
    if (hasTopic) rule.topic = place.substr(0, first);
    return !hasTopic || first != 0;
}

Result<void> readFormat(std::string_view text, DecodeRule& rule)
{
    rule.hasPrefix = text.starts_with(kPrefixed);
    if (rule.hasPrefix) text.remove_prefix(kPrefixed.size());
    const auto format = formatNamed(text);
    if (!format || (rule.hasPrefix && !needsSchema(*format))) {
        return base::fail(ErrorCode::BadDecoding, text,
                          fmt::format("the format is one of {}; wire-avro, wire-protobuf and wire-json-schema where "
                                      "Confluent's prefix stands before",
                                      fmt::join(kFormats, ", ")));
    }
    if (!rule.header.empty() && !isForHeaders(*format))
        return base::fail(ErrorCode::BadDecoding, text, "no header is read so");
    rule.format = *format;
    return {};
}

/// FILE, for Protobuf also FILE:MESSAGE.
Result<void> readFile(std::string_view whole, std::string_view file, TypedRule& typed)
{
    const PayloadFormat format = typed.rule.format;
    if (needsSchema(format) == file.empty()) {
        return base::fail(
            ErrorCode::BadDecoding, whole,
            fmt::format("{} {}", toText(format),
                        file.empty() ? "needs the file of a schema behind it: FORMAT:FILE" : "takes no file"));
    }
    const std::size_t colon = format == PayloadFormat::Protobuf ? file.rfind(':') : std::string_view::npos;
    typed.file = file.substr(0, colon);
    if (colon != std::string_view::npos) typed.rule.message = file.substr(colon + 1);
    return {};
}

DecodeRule ruleFrom(const Json& json)
{
    DecodeRule rule;
    rule.topic = json.value("topic", "");
    rule.part = partNamed(json.value("part", "")).value_or(RecordPart::Value);
    rule.header = json.value("header", "");
    rule.format = formatNamed(json.value("format", "")).value_or(PayloadFormat::Automatic);
    rule.hasPrefix = json.value("prefix", false);
    rule.schema = json.value("schema", "");
    rule.message = json.value("message", "");
    return rule;
}

Json jsonOf(const DecodeRule& rule)
{
    Json json{{"part", toText(rule.part)}, {"format", toText(rule.format)}};
    if (!rule.topic.empty()) json["topic"] = rule.topic;
    if (!rule.header.empty()) json["header"] = rule.header;
    if (rule.hasPrefix) json["prefix"] = true;
    if (!rule.schema.empty()) json["schema"] = rule.schema;
    if (!rule.message.empty()) json["message"] = rule.message;
    return json;
}

bool areOfOne(const DecodeRule& a, const DecodeRule& b)
{
    return a.topic == b.topic && isSameName(a.header, b.header) && (!a.header.empty() || a.part == b.part);
}

} // namespace

std::string_view toText(RecordPart part)
{
    return part == RecordPart::Key ? "key" : "value";
}

std::string_view toText(PayloadFormat format)
{
    return kFormats[static_cast<std::size_t>(format)];
}

Result<TypedRule> parseDecodeRule(std::string_view text)
{
    const std::size_t equals = text.find('=');
    TypedRule typed;
    if (equals == std::string_view::npos || !readPlace(text.substr(0, equals), typed.rule))
        return base::fail(ErrorCode::BadDecoding, text,
                          "expected [TOPIC:]key=FORMAT, [TOPIC:]value=FORMAT or [TOPIC:]header.NAME=FORMAT, as "
                          "orders:value=avro:order.avsc");
    const std::string_view how = text.substr(equals + 1);
    const std::size_t end = how.find(':');
    LEFTFOLD_CHECK(readFormat(how.substr(0, end), typed.rule));
    LEFTFOLD_CHECK(readFile(text, end == std::string_view::npos ? "" : how.substr(end + 1), typed));
    return typed;
}

std::string toText(const DecodeRule& rule)
{
    std::string out = rule.topic.empty() ? std::string() : rule.topic + ':';
    out += rule.header.empty() ? std::string(toText(rule.part)) : std::string(kHeaderPart) + rule.header;
    out += '=' + formatText(rule);
    if (!rule.schema.empty()) out += ':' + fileNameOf(rule.schema);
    if (!rule.message.empty()) out += ':' + rule.message;
    return out;
}

const DecodeRule* Decoding::ruleFor(std::string_view topic, RecordPart part) const
{
    const DecodeRule* best = nullptr;
    for (const DecodeRule& rule : rules) {
        if (!rule.header.empty() || rule.part != part || (!rule.topic.empty() && rule.topic != topic)) continue;
        if (best == nullptr || best->topic.empty() || !rule.topic.empty()) best = &rule;
    }
    return best;
}

const DecodeRule* Decoding::ruleForHeader(std::string_view topic, std::string_view name) const
{
    const DecodeRule* best = nullptr;
    for (const DecodeRule& rule : rules) {
        if (rule.header.empty() || !isSameName(rule.header, name)) continue;
        if (!rule.topic.empty() && rule.topic != topic) continue;
        if (best == nullptr || best->topic.empty() || !rule.topic.empty()) best = &rule;
    }
    return best;
}

bool Decoding::hasHeaderRules() const
{
    return std::ranges::any_of(rules, [](const DecodeRule& rule) { return !rule.header.empty(); });
}

std::string Decoding::fingerprint() const
{
    if (!isActive) return {};
    Json json{{"generation", generation}, {"rules", Json::array()}};
    for (const DecodeRule& rule : rules) json["rules"].push_back(jsonOf(rule));
    return json.dump();
}

std::vector<DecodeRule> overlaid(std::vector<DecodeRule> before, const std::vector<DecodeRule>& given)
{
    for (const DecodeRule& rule : given) {
        std::erase_if(before, [&](const DecodeRule& old) { return areOfOne(old, rule); });
        // Where nothing is said is automatic already; of one topic it may be said against a rule for all.
        before.push_back(rule);
    }
    return before;
}

std::string toJson(const Decoding& decoding)
{
    Json json{{"active", decoding.isActive}};
    if (decoding.generation > 0) json["generation"] = decoding.generation;
    if (!decoding.registry.empty()) json["registry"] = decoding.registry;
    for (const DecodeRule& rule : decoding.rules) json["rules"].push_back(jsonOf(rule));
    return json.dump();
}

Result<Decoding> parseDecoding(std::string_view text)
{
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return base::fail(ErrorCode::BadDecoding, text, "it is no JSON object");
    try {
        Decoding decoding;
        decoding.isActive = json.value("active", false);
        decoding.generation = json.value("generation", std::uint64_t{0});
        decoding.registry = json.value("registry", "");
        for (const Json& rule : json.value("rules", Json::array())) decoding.rules.push_back(ruleFrom(rule));
        return decoding;
    } catch (const Json::exception& error) {
        return base::fail(ErrorCode::BadDecoding, text, error.what());
    }
}

} // namespace leftfold::decode
