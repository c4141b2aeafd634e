// SPDX-License-Identifier: GPL-3.0-or-later
// A record whose value, key or headers are any bytes, by what it says itself and by a rule: what is decoded is one line of JSON, all else
// stands as it is. The first byte chooses.
#include "core/decode/record_decoder.h"
#include "core/event/document.h"
#include "tests/fuzz/fuzz.h"

using namespace leftfold;

namespace {

/// Schemas of each kind, as a registry would have given them.
std::shared_ptr<decode::SchemaBook> makeBook()
{
    auto book = std::make_shared<decode::SchemaBook>();
    const auto add = [&](const char* key, decode::SchemaKind kind, const char* text) {
        decode::Schema schema;
        schema.key = key;
        schema.kind = kind;
        schema.text = text;
        book->add(schema);
    };
    add("1", decode::SchemaKind::Avro,
        R"({"type":"record","name":"R","fields":[{"name":"a","type":["null","string","R"]}]})");
    add("2", decode::SchemaKind::Protobuf, "syntax = \"proto3\"; message M { string a = 1; M m = 2; }");
    add("3", decode::SchemaKind::JsonSchema, R"({"type":"object","required":["a"]})");
    return book;
}

decode::RecordDecoder& decoderOf(unsigned format)
{
    constexpr unsigned kFormats = static_cast<unsigned>(decode::PayloadFormat::CloudEvents) + 1;
    static std::vector<decode::RecordDecoder> decoders = [] {
        const auto book = makeBook();
        std::vector<decode::RecordDecoder> made;
        for (unsigned i = 0; i < kFormats; ++i) {
            decode::Decoding decoding;
            for (const auto part : {decode::RecordPart::Key, decode::RecordPart::Value}) {
                decode::DecodeRule rule;
                rule.part = part;
                rule.format = static_cast<decode::PayloadFormat>(i);
                rule.schema = std::to_string(1 + i % 3);
                decoding.rules.push_back(rule);
                rule.header = "x";
                decoding.rules.push_back(rule);
            }
            made.emplace_back(decoding, book);
        }
        return made;
    }();
    return decoders[format % kFormats];
}

void checkSeen(const event::Record& raw, const event::Record& seen, const decode::PayloadNotes& notes)
{
    FUZZ_LAW(seen.headers.size() == raw.headers.size());
    if (!notes.value || (notes.value->kept && seen.value->data() == raw.value->data())) {
        FUZZ_LAW(seen.value->data() == raw.value->data());
        return;
    }
    FUZZ_LAW(seen.value->find('\n') == base::ByteView::npos);
    FUZZ_LAW(event::Document::parse(*seen.value).has_value());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static constexpr const char* kTypes[] = {"application/cloudevents+json", "application/cloudevents+avro",
                                             "application/cloudevents+protobuf", "application/cbor"};
    if (size == 0) return 0;
    const base::ByteView bytes = fuzz::viewOf(data, size).substr(1);
    event::Record record;
    record.value = bytes;
    record.key = bytes;
    const unsigned choice = data[0];
    if (choice >= 128) record.headers.push_back({"content-type", base::ByteView(kTypes[choice / 16 % 4])});
    if (choice >= 192) record.headers.push_back({"ce_dataschema", base::ByteView("http://r/schemas/ids/1")});
    record.headers.push_back({"x", bytes});
    decode::DecodedRecords out;
    (void)decode::namedSchemas(record, "t", {});
    const auto seen = decoderOf(choice % 16).decode({&record, 1}, "t", out);
    FUZZ_LAW(seen.size() == 1);
    if (!out.notes.empty()) checkSeen(record, seen.front(), out.notes.front());
    return 0;
}
