// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a payload with a mark in front, and as a header with one: what is read lies within them.
#include "core/decode/wire_format.h"
#include "tests/fuzz/fuzz.h"

using namespace leftfold;

namespace {

void check(const event::Record& record, base::ByteView bytes)
{
    for (const auto part : {decode::RecordPart::Key, decode::RecordPart::Value}) {
        const auto marked = decode::readMarkedPayload(record, part);
        if (!marked) continue;
        FUZZ_LAW(!decode::toText(marked->id).empty() && marked->payload.size() <= bytes.size());
        const auto message = decode::protobufMessageOf(*marked);
        if (!message) continue;
        FUZZ_LAW(!message->messagePath.empty() && message->payload.size() <= marked->payload.size());
        FUZZ_LAW(message->payload.data() + message->payload.size() == bytes.data() + bytes.size());
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView bytes = fuzz::viewOf(data, size);
    event::Record record;
    record.key = bytes;
    record.value = bytes;
    check(record, bytes);
    record.headers = {{decode::schemaHeaderName(decode::RecordPart::Value), bytes}};
    check(record, bytes);
    return 0;
}
