// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/event/offset.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace leftfold::source {

/// Which records of transactions are read: those of committed ones only, up to the first that is still open (the last stable
/// offset), or all of them, aborted ones too (up to the high watermark).
enum class Isolation { Committed, Uncommitted };
/// "read_committed", "read_uncommitted": Kafka's own words.
[[nodiscard]] std::string_view nameOf(Isolation isolation);
[[nodiscard]] base::Result<Isolation> parseIsolation(std::string_view text);

/// Where in its partitions a capture begins, or what it ends before, as a person writes it.
struct Earliest {
    friend bool operator==(Earliest, Earliest) = default;
};
struct Latest {
    friend bool operator==(Latest, Latest) = default;
};
/// So many offsets before the end: fewer records, where offsets are missing.
struct FromEnd {
    std::int64_t offsets = 0;
    friend bool operator==(FromEnd, FromEnd) = default;
};
using KafkaBound = std::variant<Earliest, Latest, FromEnd, event::Offset, base::Time, event::Cut>;
/// Fails with KafkaBound, naming the forms there are.
[[nodiscard]] base::Result<KafkaBound> parseKafkaBound(std::string_view text);

struct KafkaTopic {
    std::string name;
    std::vector<std::int32_t> partitions; ///< ascending; empty: all, also those added later
    friend bool operator==(const KafkaTopic&, const KafkaTopic&) = default;
};

/// What a text as `kafka://host:9092/orders,payments[0]?from=-1000&isolation=read_uncommitted` names.
struct KafkaAddress {
    std::string brokers; ///< "host:port,..." or the name of a profile
    std::vector<KafkaTopic> topics; ///< by name; may be empty where only the brokers are named
    std::string from = "earliest"; ///< the first record is at it or behind; by time: not older
    std::string until =
        "latest"; ///< the last record is before it; by time: older. Latest: the end at the start of a load
    Isolation isolation = Isolation::Committed;
    std::optional<std::string> key; ///< only records with this key
    friend bool operator==(const KafkaAddress&, const KafkaAddress&) = default;
};

[[nodiscard]] bool isKafkaAddress(std::string_view text);
/// Fails with KafkaAddress or KafkaBound, saying what is wrong. In the part behind '?' a '%' and two hexadecimal digits stand for a byte.
[[nodiscard]] base::Result<KafkaAddress> parseKafkaAddress(std::string_view text);
/// A text that parses back to the same, equal for equal ones: what names the log.
[[nodiscard]] std::string toText(const KafkaAddress& address);

} // namespace leftfold::source
