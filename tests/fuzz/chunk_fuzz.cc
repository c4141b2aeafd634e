// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes where a chunk's parts should be, behind the checksums that else would keep them out.
#include "core/capture/chunk.h"
#include "tests/fuzz/fuzz.h"

#include <zstd.h>

using namespace leftfold;

namespace {

std::string compressed(base::ByteView bytes)
{
    std::string out(ZSTD_compressBound(bytes.size()), '\0');
    const std::size_t size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 1);
    FUZZ_LAW(!ZSTD_isError(size));
    out.resize(size);
    return out;
}

capture::ChunkColumns columnsOf(std::size_t count)
{
    capture::ChunkColumns columns;
    for (std::size_t i = 0; i < count; ++i) {
        columns.offsets.push_back({static_cast<std::int64_t>(i)});
        columns.facts.emplace_back();
    }
    columns.types.emplace_back();
    return columns;
}

/// What is read as columns is written and read again as the same.
void checkColumns(capture::ChunkCodec& codec, base::ByteView stored)
{
    const auto columns = codec.decodeColumns(stored);
    if (!columns) return;
    (void)capture::effectiveTimes(*columns, base::kBeginningOfTime);
    const auto again = codec.decodeColumns(codec.encodeColumns(*columns));
    FUZZ_LAW(again && again->offsets == columns->offsets && again->types == columns->types);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static capture::ChunkCodec codec;
    if (size == 0) return 0;
    const base::ByteView bytes = fuzz::viewOf(data + 1, size - 1);
    checkColumns(codec, bytes);
    const std::string packed = compressed(bytes);
    checkColumns(codec, packed);
    (void)codec.decodeDirectory(bytes);
    const capture::ChunkColumns columns = columnsOf(1 + data[0] % capture::kFrameEvents);
    capture::DecodedFrame frame;
    for (const base::ByteView stored : {bytes, base::ByteView(packed)}) {
        capture::FrameEntry entry;
        entry.storedSize = static_cast<std::uint32_t>(stored.size());
        entry.size = static_cast<std::uint32_t>(bytes.size());
        entry.checksum = base::hash64(stored);
        (void)codec.decodeFrame(stored, entry, nullptr, columns, 0, frame);
    }
    return 0;
}
