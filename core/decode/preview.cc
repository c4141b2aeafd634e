// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/preview.h"

#include "core/event/document.h"

#include <algorithm>
#include <fmt/format.h>

namespace leftfold::decode {

namespace {

using base::Error;
using base::ErrorCode;

PayloadFormat formatOf(SchemaKind kind)
{
    if (kind == SchemaKind::Avro) return PayloadFormat::Avro;
    return kind == SchemaKind::Protobuf ? PayloadFormat::Protobuf : PayloadFormat::JsonSchema;
}

/// What others refer to has a key of subject and version, or of a file and what it imports; nobody marks a payload with it.
bool isOnlyReferredTo(const Schema& schema)
{
    return schema.key.find('/') != std::string::npos;
}

std::vector<DecodeRule> candidates(std::string_view topic, RecordPart part, bool isMarked, const SchemaBook& schemas)
{
    DecodeRule rule;
    rule.topic = topic;
    rule.part = part;
    std::vector<DecodeRule> rules;
    for (const PayloadFormat format :
         {PayloadFormat::Automatic, PayloadFormat::Json, PayloadFormat::Text, PayloadFormat::Bytes,
          PayloadFormat::MessagePack, PayloadFormat::Cbor, PayloadFormat::Integer, PayloadFormat::Float,
          PayloadFormat::Uuid, PayloadFormat::Time, PayloadFormat::CloudEvents}) {
        rule.format = format;
        if (format != PayloadFormat::CloudEvents || part == RecordPart::Value) rules.push_back(rule);
    }
    for (const auto& schema : schemas.behind(0)) {
        if (isOnlyReferredTo(*schema)) continue;
        rule.format = formatOf(schema->kind);
        rule.schema = schema->key;
        rule.hasPrefix = isMarked;
        rules.push_back(rule);
    }
    return rules;
}

/// Bytes that a way of reading leaves as they are can be seen where they are what it says.
std::optional<Error> whyNot(const DecodeRule& rule, base::ByteView bytes)
{
    const bool isJson = rule.format == PayloadFormat::Json || rule.format == PayloadFormat::Automatic
                        || rule.format == PayloadFormat::CloudEvents;
    if (!isJson || rule.part == RecordPart::Key) return std::nullopt;
    auto document = event::Document::parse(bytes);
    return document ? std::nullopt : std::optional(std::move(document).error());
}

DecoderTrial tried(const event::Record& record, const DecodeRule& rule, const Decoding& decoding,
                   const std::shared_ptr<const SchemaBook>& schemas)
{
    Decoding only = decoding;
    only.rules = {rule};
    RecordDecoder decoder(only, schemas);
    DecodedRecords out;
    const auto seen = decoder.decode({&record, 1}, rule.topic, out);
    DecoderTrial trial{rule, {}, {}, false};
    trial.note.format = rule.format;
    const auto& note = out.notes.empty()              ? std::nullopt
                       : rule.part == RecordPart::Key ? out.notes.front().key
                                                      : out.notes.front().value;
    const base::ByteView bytes = *(rule.part == RecordPart::Key ? seen.front().key : seen.front().value);
    if (note) {
        trial.note = *note;
    } else {
        trial.note.kept = whyNot(rule, bytes);
    }
    if (!trial.note.kept) trial.seen = std::string(bytes);
    return trial;
}

} // namespace

std::vector<DecoderTrial> tryDecoders(const event::Record& record, RecordPart part, std::string_view topic,
                                      const Decoding& decoding, const SchemaBook& schemas)
{
    std::vector<DecoderTrial> trials;
    if (!(part == RecordPart::Key ? record.key : record.value)) return trials;
    const DecodeRule* const inForce = decoding.ruleFor(topic, part);
    DecodeRule now;
    now.part = part;
    if (inForce != nullptr) now = *inForce;
    now.topic = topic;
    std::vector<DecodeRule> rules = candidates(topic, part, readMarkedPayload(record, part).has_value(), schemas);
    if (std::ranges::find(rules, now) == rules.end()) rules.insert(rules.begin() + 1, now);
    const std::shared_ptr<const SchemaBook> borrowed(std::shared_ptr<void>(), &schemas); // for as long as this takes
    for (const DecodeRule& rule : rules) {
        trials.push_back(tried(record, rule, decoding, borrowed));
        trials.back().isInForce = rule == now;
    }
    return trials;
}

std::string describe(const PayloadNote& note)
{
    std::string out(note.format == PayloadFormat::Automatic ? "unknown" : toText(note.format));
    if (note.schemaKey.empty()) return out;
    out += " by schema " + note.schemaKey;
    if (note.schema && !note.schema->subject.empty())
        out += fmt::format(" ({} version {})", note.schema->subject, note.schema->version);
    return out;
}

} // namespace leftfold::decode
