// SPDX-License-Identifier: GPL-3.0-or-later
// Any text as a JSON Schema, and what stands behind its zero byte as a document.
#include "core/decode/schema_diff.h"
#include "tests/fuzz/payloads_fuzz_parts.h"

using namespace leftfold;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto halves = fuzz::halvesOf(fuzz::viewOf(data, size));
    const decode::SchemaText schema{
        decode::SchemaKind::JsonSchema, std::string(halves.schema), {{"ref.json", R"({"$ref":"#"})"}}};
    const auto made = decode::makeJsonSchemaDecoder(schema);
    FUZZ_LAW(made || made.error().code == base::ErrorCode::BadSchema);
    if (!made) return 0;
    fuzz::decodeAny(**made, halves.payload);
    FUZZ_LAW(fuzz::must(decode::schemaChanges(schema, schema)).empty());
    return 0;
}
