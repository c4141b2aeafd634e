// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a payload of a schema with every type, and as a schema with a payload behind it.
#include "core/decode/schema_diff.h"
#include "tests/fuzz/payloads_fuzz_parts.h"

using namespace leftfold;

namespace {

constexpr const char* kSchema = R"({"type":"record","name":"R","fields":[
{"name":"n","type":["null","R",{"type":"map","values":"R"}]},{"name":"i","type":"int"},{"name":"l","type":"long"},{"name":"f","type":"float"},
{"name":"d","type":"double"},{"name":"b","type":"boolean"},{"name":"s","type":["string","bytes",{"type":"enum","name":"E","symbols":["A","B"]}]},
{"name":"z","type":{"type":"array","items":"null"}},{"name":"a","type":{"type":"array","items":{"type":"bytes","logicalType":"decimal","precision":9,"scale":4}}},
{"name":"x","type":{"type":"fixed","name":"X","size":12,"logicalType":"duration"}},{"name":"big","type":{"type":"bytes","logicalType":"big-decimal"}},
{"name":"t","type":[{"type":"int","logicalType":"date"},{"type":"long","logicalType":"timestamp-nanos"},{"type":"fixed","name":"U","size":16,"logicalType":"uuid"}]},
{"name":"m","type":{"type":"int","logicalType":"time-millis"}},{"name":"u","type":{"type":"long","logicalType":"local-timestamp-micros"}}]})";

decode::SchemaText avro(base::ByteView text)
{
    return {decode::SchemaKind::Avro, std::string(text), {{"ref.T", R"({"type":"fixed","name":"ref.T","size":2})"}}};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto everything = fuzz::must(decode::makeAvroDecoder(avro(kSchema)));
    const base::ByteView bytes = fuzz::viewOf(data, size);
    fuzz::decodeAny(*everything, bytes);
    const auto halves = fuzz::halvesOf(bytes);
    const auto made = decode::makeAvroDecoder(avro(halves.schema));
    FUZZ_LAW(made || made.error().code == base::ErrorCode::BadSchema);
    if (!made) return 0;
    fuzz::decodeAny(**made, halves.payload);
    FUZZ_LAW(fuzz::must(decode::schemaChanges(avro(halves.schema), avro(halves.schema))).empty());
    (void)fuzz::must(decode::schemaChanges(avro(kSchema), avro(halves.schema)));
    return 0;
}
