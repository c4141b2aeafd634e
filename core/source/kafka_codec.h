// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/error.h"

#include <cstdint>
#include <string>

namespace leftfold::source {

/// How the records of a batch are compressed: the lowest three bits of its attributes (semantics.md section 2).
enum class KafkaCodec : std::uint8_t { None, Gzip, Snappy, Lz4, Zstd };

/// For people: "gzip".
[[nodiscard]] std::string nameOf(KafkaCodec codec);

struct DecompressOptions {
    std::size_t maxBytes = std::size_t{1} << 30; ///< more than this is no batch of a broker, but an attack or damage
    bool hasOldLz4Checksum = false; ///< messages of magic 0: their LZ4 frames have a wrong checksum in the header
};

/// What `bytes` were compressed from; base::kReadablePadding more bytes can be read behind it. Snappy is raw, or framed as
/// the Java library xerial does it. Fails with SegmentDamaged where they are not of this codec, end too early or are too many.
/// Any thread.
[[nodiscard]] base::Result<std::string> decompressed(KafkaCodec codec, base::ByteView bytes,
                                                     const DecompressOptions& options = {});

} // namespace leftfold::source
