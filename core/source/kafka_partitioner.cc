// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/kafka_partitioner.h"

#include <zlib.h>

namespace leftfold::source {

std::uint32_t murmur2(base::ByteView key)
{
    constexpr std::uint32_t kMix = 0x5bd1e995;
    constexpr std::uint32_t kSeed = 0x9747b28c;
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(key[i])); };
    std::uint32_t hash = kSeed ^ static_cast<std::uint32_t>(key.size());
    std::size_t at = 0;
    for (; at + 4 <= key.size(); at += 4) {
        std::uint32_t word = byte(at) | byte(at + 1) << 8 | byte(at + 2) << 16 | byte(at + 3) << 24;
        word *= kMix;
        word ^= word >> 24;
        hash = hash * kMix ^ word * kMix;
    }
    const std::size_t rest = key.size() - at;
    if (rest >= 3) hash ^= byte(at + 2) << 16;
    if (rest >= 2) hash ^= byte(at + 1) << 8;
    if (rest >= 1) hash = (hash ^ byte(at)) * kMix;
    hash = (hash ^ hash >> 13) * kMix;
    return hash ^ hash >> 15;
}

std::vector<std::int32_t> likelyPartitions(base::ByteView key, std::size_t partitions)
{
    const auto place = [&](std::uint32_t hash) { return static_cast<std::int32_t>(hash % partitions); };
    const std::int32_t java = place(murmur2(key) & 0x7fffffff);
    const auto bytes = reinterpret_cast<const Bytef*>(key.data());
    const std::int32_t other = place(static_cast<std::uint32_t>(::crc32(0, bytes, static_cast<uInt>(key.size()))));
    if (java == other) return {java};
    return {java, other};
}

} // namespace leftfold::source
