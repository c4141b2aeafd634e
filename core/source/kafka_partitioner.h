// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <vector>

namespace leftfold::source {

/// The hash by which Java's producer chooses a partition (org.apache.kafka.common.utils.Utils.murmur2).
[[nodiscard]] std::uint32_t murmur2(base::ByteView key);

/// Where the default partitioners put a key among `partitions`, most likely first: Java's (murmur2), then librdkafka's (CRC-32).
/// REQUIRES: partitions > 0.
[[nodiscard]] std::vector<std::int32_t> likelyPartitions(base::ByteView key, std::size_t partitions);

} // namespace leftfold::source
