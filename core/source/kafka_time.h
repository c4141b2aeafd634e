// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

namespace leftfold::source {

/// Kafka's times are milliseconds since 1970, before it below zero.
[[nodiscard]] inline base::Time timeOfMilliseconds(std::int64_t milliseconds)
{
    constexpr std::int64_t kSecond = 1000;
    std::int64_t seconds = milliseconds / kSecond;
    std::int64_t rest = milliseconds % kSecond;
    if (rest < 0) {
        rest += kSecond;
        --seconds;
    }
    return {seconds, static_cast<std::uint32_t>(rest) * 1'000'000};
}

} // namespace leftfold::source
