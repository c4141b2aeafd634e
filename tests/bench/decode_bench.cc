// SPDX-License-Identifier: GPL-3.0-or-later
// How long it takes to decode a payload to JSON, beside a bare loop of a library of its format that reads the same bytes into its own
// values and shows nothing: avro-c, libprotobuf, msgpack-cxx, libcbor. The same order, in each format: ten lines of five fields.
#include "core/decode/payload_decoder.h"
#include "core/event/document.h"

#include <avro.h>
#include <benchmark/benchmark.h>
#include <cbor.h>
#include <cstdio>
#include <cstdlib>
#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/dynamic_message.h>
#define MSGPACK_NO_BOOST
#include <msgpack.hpp>
#include <nlohmann/json.hpp>

using namespace leftfold;
using namespace leftfold::decode;

namespace {

constexpr int kLines = 10;

constexpr const char* kAvro =
    R"({"type":"record","name":"Order","fields":[{"name":"id","type":"string"},{"name":"customer","type":"long"},
{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},{"name":"note","type":["null","string"]},{"name":"lines","type":{"type":"array","items":
{"type":"record","name":"Line","fields":[{"name":"sku","type":"string"},{"name":"quantity","type":"int"},{"name":"price","type":"double"},
{"name":"paid","type":"boolean"},{"name":"stock","type":"long"}]}}}]})";

constexpr const char* kProtobuf =
    R"(syntax = "proto3"; message Order { string id = 1; int64 customer = 2; int64 at = 3; optional string note = 4;
message Line { string sku = 1; int32 quantity = 2; double price = 3; bool paid = 4; int64 stock = 5; } repeated Line lines = 5; })";

std::string skuOf(int line)
{
    return "SKU-" + std::to_string(84'000 + line);
}

nlohmann::ordered_json orderAsJson()
{
    nlohmann::ordered_json order = {{"id", "536365"},
                                    {"customer", 17'850},
                                    {"at", 1'291'191'960'000},
                                    {"note", "leave it at the door"},
                                    {"lines", nlohmann::ordered_json::array()}};
    for (int i = 0; i < kLines; ++i)
        order["lines"].push_back({{"sku", skuOf(i)},
                                  {"quantity", 6 + i},
                                  {"price", 2.55 + i},
                                  {"paid", i % 2 == 0},
                                  {"stock", 9'007'199'254'740'993 + i}});
    return order;
}

template <class Made>
Made must(base::Result<Made> made)
{
    if (made) return std::move(*made);
    std::fprintf(stderr, "%s\n", base::render(made.error()).c_str());
    std::exit(1);
}

void count(benchmark::State& state, const std::string& bytes)
{
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(bytes.size()));
    state.SetItemsProcessed(state.iterations());
}

void decodeLoop(benchmark::State& state, PayloadDecoder& decoder, const std::string& bytes)
{
    std::string json;
    for (auto each : state) {
        json.clear();
        if (!decoder.decode(bytes, json)) std::exit(1);
        benchmark::DoNotOptimize(json.data());
    }
    count(state, bytes);
}

void putLong(std::string& out, std::int64_t value)
{
    auto rest = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
    for (; rest >= 0x80; rest >>= 7) out += static_cast<char>(rest | 0x80);
    out += static_cast<char>(rest);
}

void putText(std::string& out, const std::string& text)
{
    putLong(out, static_cast<std::int64_t>(text.size()));
    out += text;
}

std::string avroBytes()
{
    std::string out;
    const auto order = orderAsJson();
    putText(out, order["id"]);
    putLong(out, order["customer"]);
    putLong(out, order["at"]);
    putLong(out, 1);
    putText(out, order["note"]);
    putLong(out, kLines);
    for (const auto& line : order["lines"]) {
        putText(out, line["sku"]);
        putLong(out, line["quantity"]);
        const double price = line["price"];
        out.append(reinterpret_cast<const char*>(&price), sizeof price);
        out += line["paid"].get<bool>() ? '\1' : '\0';
        putLong(out, line["stock"]);
    }
    putLong(out, 0);
    return out;
}

void avroOurs(benchmark::State& state)
{
    const auto decoder = must(makeAvroDecoder({SchemaKind::Avro, kAvro, {}}));
    decodeLoop(state, *decoder, avroBytes());
}

void avroLibrary(benchmark::State& state)
{
    const std::string bytes = avroBytes();
    avro_schema_t schema = nullptr;
    if (avro_schema_from_json_length(kAvro, std::strlen(kAvro), &schema) != 0) std::exit(1);
    avro_value_iface_t* kind = avro_generic_class_from_schema(schema);
    avro_value_t value;
    avro_generic_value_new(kind, &value);
    avro_reader_t reader = avro_reader_memory(bytes.data(), static_cast<std::int64_t>(bytes.size()));
    for (auto each : state) {
        avro_reader_memory_set_source(reader, bytes.data(), static_cast<std::int64_t>(bytes.size()));
        avro_value_reset(&value);
        if (avro_value_read(reader, &value) != 0) std::exit(1);
    }
    count(state, bytes);
}

class OneFile final : public google::protobuf::compiler::SourceTree {
public:
    google::protobuf::io::ZeroCopyInputStream* Open(const std::string& /*name*/) override
    {
        return new google::protobuf::io::ArrayInputStream(kProtobuf, static_cast<int>(std::strlen(kProtobuf)));
    }
};

/// The order as the library writes it.
struct Proto {
    OneFile file;
    google::protobuf::compiler::SourceTreeDescriptorDatabase database{&file};
    google::protobuf::DescriptorPool pool{&database};
    google::protobuf::DynamicMessageFactory factory{&pool};
    const google::protobuf::Message* prototype =
        factory.GetPrototype(pool.FindFileByName("order.proto")->message_type(0));

    [[nodiscard]] std::string bytes() const
    {
        const std::unique_ptr<google::protobuf::Message> order(prototype->New());
        const auto* type = order->GetDescriptor();
        const auto* is = order->GetReflection();
        const auto json = orderAsJson();
        is->SetString(order.get(), type->FindFieldByName("id"), json["id"]);
        is->SetInt64(order.get(), type->FindFieldByName("customer"), json["customer"]);
        is->SetInt64(order.get(), type->FindFieldByName("at"), json["at"]);
        is->SetString(order.get(), type->FindFieldByName("note"), json["note"]);
        for (const auto& each : json["lines"]) {
            auto* line = is->AddMessage(order.get(), type->FindFieldByName("lines"));
            const auto* of = line->GetDescriptor();
            line->GetReflection()->SetString(line, of->FindFieldByName("sku"), each["sku"]);
            line->GetReflection()->SetInt32(line, of->FindFieldByName("quantity"), each["quantity"]);
            line->GetReflection()->SetDouble(line, of->FindFieldByName("price"), each["price"]);
            line->GetReflection()->SetBool(line, of->FindFieldByName("paid"), each["paid"]);
            line->GetReflection()->SetInt64(line, of->FindFieldByName("stock"), each["stock"]);
        }
        return order->SerializeAsString();
    }
};

void protobufOurs(benchmark::State& state)
{
    const auto decoder = must(makeProtobufDecoder({SchemaKind::Protobuf, kProtobuf, {}}, "Order"));
    decodeLoop(state, *decoder, Proto().bytes());
}

void protobufLibrary(benchmark::State& state)
{
    const Proto proto;
    const std::string bytes = proto.bytes();
    for (auto each : state) {
        const std::unique_ptr<google::protobuf::Message> order(proto.prototype->New());
        if (!order->ParseFromString(bytes)) std::exit(1);
        benchmark::DoNotOptimize(order.get());
    }
    count(state, bytes);
}

std::string textOf(const std::vector<std::uint8_t>& bytes)
{
    return {bytes.begin(), bytes.end()};
}

void messagePackOurs(benchmark::State& state)
{
    decodeLoop(state, *makeMessagePackDecoder(), textOf(nlohmann::ordered_json::to_msgpack(orderAsJson())));
}

void messagePackLibrary(benchmark::State& state)
{
    const std::string bytes = textOf(nlohmann::ordered_json::to_msgpack(orderAsJson()));
    for (auto each : state) {
        const msgpack::object_handle order = msgpack::unpack(bytes.data(), bytes.size());
        benchmark::DoNotOptimize(order.get());
    }
    count(state, bytes);
}

void cborOurs(benchmark::State& state)
{
    decodeLoop(state, *makeCborDecoder(), textOf(nlohmann::ordered_json::to_cbor(orderAsJson())));
}

void cborLibrary(benchmark::State& state)
{
    const std::string bytes = textOf(nlohmann::ordered_json::to_cbor(orderAsJson()));
    for (auto each : state) {
        cbor_load_result result;
        cbor_item_t* order = cbor_load(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), &result);
        if (order == nullptr) std::exit(1);
        cbor_decref(&order);
    }
    count(state, bytes);
}

void jsonSchemaOurs(benchmark::State& state)
{
    const auto decoder = must(makeJsonSchemaDecoder(
        {SchemaKind::JsonSchema,
         R"({"type":"object","required":["id","lines"],"properties":{"id":{"type":"string","pattern":"^[0-9]+$"},
        "customer":{"type":"integer","minimum":0},"lines":{"type":"array","items":{"type":"object","required":["sku","quantity"],"properties":{"quantity":{"type":"integer"},
        "price":{"type":"number","exclusiveMinimum":0}}}}}})",
         {}}));
    decodeLoop(state, *decoder, orderAsJson().dump());
}

void jsonSchemaLibrary(benchmark::State& state)
{
    const std::string bytes = orderAsJson().dump();
    for (auto each : state) {
        const auto order = nlohmann::json::parse(bytes);
        benchmark::DoNotOptimize(&order);
    }
    count(state, bytes);
}

BENCHMARK(avroOurs);
BENCHMARK(avroLibrary);
BENCHMARK(protobufOurs);
BENCHMARK(protobufLibrary);
BENCHMARK(messagePackOurs);
BENCHMARK(messagePackLibrary);
BENCHMARK(cborOurs);
BENCHMARK(cborLibrary);
BENCHMARK(jsonSchemaOurs);
BENCHMARK(jsonSchemaLibrary);

} // namespace

BENCHMARK_MAIN();
