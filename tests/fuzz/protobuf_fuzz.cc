// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a payload of a schema with every type, as a .proto file with a payload behind it, and as a set of descriptors.
#include "core/decode/schema_diff.h"
#include "tests/fuzz/payloads_fuzz_parts.h"

using namespace leftfold;

namespace {

constexpr const char* kSchema =
    R"(syntax = "proto2"; import "google/protobuf/any.proto"; import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto"; import "google/protobuf/duration.proto"; import "google/protobuf/field_mask.proto";
import "google/protobuf/wrappers.proto"; import "confluent/type/decimal.proto";
message M { optional M m = 1; repeated M r = 2; map<string, M> t = 3; map<int32, bytes> k = 4; optional group G = 5 { optional string s = 1; }
required int32 i = 6; repeated sint64 p = 7 [packed = true]; repeated double d = 8; optional float f = 9; enum E { A = 0; B = 5; } repeated E e = 10;
oneof o { string x = 11; bytes y = 12; } optional google.protobuf.Any any = 13; optional google.protobuf.Value v = 14;
optional google.protobuf.Timestamp ts = 15; optional google.protobuf.Duration du = 16; optional google.protobuf.FieldMask fm = 17;
optional google.protobuf.Int64Value w = 18; optional confluent.type.Decimal de = 19; extensions 100 to 200; }
extend M { optional M ext = 100; })";

decode::SchemaText proto(base::ByteView text)
{
    return {decode::SchemaKind::Protobuf,
            std::string(text),
            {{"ref.proto", "syntax = \"proto3\"; message T { int32 t = 1; }"}}};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto everything = fuzz::must(decode::makeProtobufDecoder(proto(kSchema), "M"));
    static const auto strict = fuzz::must(decode::makeProtobufDecoder(
        proto("syntax = \"proto3\"; message M { repeated string s = 1; M m = 2; repeated fixed32 f = 3; }"), ""));
    const base::ByteView bytes = fuzz::viewOf(data, size);
    fuzz::decodeAny(*everything, bytes);
    fuzz::decodeAny(*strict, bytes);
    const auto set = decode::makeProtobufDescriptorDecoder(bytes, "");
    FUZZ_LAW(set || set.error().code == base::ErrorCode::BadSchema);
    // Reading a .proto file takes a hundred times as long: only what looks like one.
    const auto halves = fuzz::halvesOf(bytes);
    if (halves.schema.find("message") == base::ByteView::npos) return 0;
    const auto made = decode::makeProtobufDecoder(proto(halves.schema), "");
    FUZZ_LAW(made || made.error().code == base::ErrorCode::BadSchema);
    if (!made) return 0;
    fuzz::decodeAny(**made, halves.payload);
    FUZZ_LAW(fuzz::must(decode::schemaChanges(proto(halves.schema), proto(halves.schema))).empty());
    return 0;
}
