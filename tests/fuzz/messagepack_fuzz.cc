// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/payloads_fuzz_parts.h"

using namespace leftfold;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto decoder = decode::makeMessagePackDecoder();
    fuzz::decodeAny(*decoder, fuzz::viewOf(data, size));
    return 0;
}
