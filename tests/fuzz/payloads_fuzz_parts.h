// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/payload_decoder.h"
#include "core/event/document.h"
#include "tests/fuzz/fuzz.h"

/// What the fuzz targets of the payload decoders share.
namespace leftfold::fuzz {

/// What is decoded is one JSON document in one line behind what was there; what is not leaves it as it was.
inline void decodeAny(decode::PayloadDecoder& decoder, base::ByteView bytes)
{
    std::string json = "before";
    const auto result = decoder.decode(bytes, json);
    FUZZ_LAW(json.starts_with("before") && (result || json.size() == 6));
    FUZZ_LAW(result || decoder.remarks().empty());
    if (!result) return;
    FUZZ_LAW(json.find('\n') == std::string::npos);
    FUZZ_LAW(event::Document::parse(base::ByteView(json).substr(6)).has_value());
}

/// What stands before and behind the first zero byte: a schema and a payload.
struct Halves {
    base::ByteView schema;
    base::ByteView payload;
};
inline Halves halvesOf(base::ByteView bytes)
{
    const std::size_t zero = std::min(bytes.find('\0'), bytes.size());
    return {bytes.substr(0, zero), bytes.substr(std::min(zero + 1, bytes.size()))};
}

} // namespace leftfold::fuzz
