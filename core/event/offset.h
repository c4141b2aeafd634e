// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace leftfold::event {

/// A distance between two offsets of one partition. Not a number of events: offsets may have gaps.
struct OffsetCount {
    std::int64_t value = 0;
    friend auto operator<=>(const OffsetCount&, const OffsetCount&) = default;
};

/// The address of an event in its partition. In a local file the 0-based number of the record.
struct Offset {
    std::int64_t value = 0;
    friend auto operator<=>(const Offset&, const Offset&) = default;
    friend constexpr Offset operator+(Offset a, OffsetCount b) { return {a.value + b.value}; }
    friend constexpr OffsetCount operator-(Offset a, Offset b) { return {a.value - b.value}; }
    [[nodiscard]] constexpr Offset next() const { return {value + 1}; }
};

/// An event's place in the replay order of a capture, dense from 0, written `#541207`.
struct EventIndex {
    std::uint64_t value = 0;
    friend auto operator<=>(const EventIndex&, const EventIndex&) = default;
};

/// One ordered sub-log, written `orders[0]`. Topics are UTF-8 without blanks, control characters and any of `@ : , [ ]`
/// (Kafka's own rule is narrower); `topicNameFor` makes such a name of any text.
struct Partition {
    std::string topic;
    std::int32_t number = 0;
    friend auto operator<=>(const Partition&, const Partition&) = default;
};

/// Where one event stands, written `orders[0]@1042`.
struct Position {
    Partition partition;
    Offset offset;
    friend auto operator<=>(const Position&, const Position&) = default;
};

/// For each partition the next offset: an event is inside when its offset is below. Partitions not
/// named stand at their start, so nothing of them is inside. Partially ordered: no operator<.
/// Written `orders[0]:1043,orders[1]:998`, partitions in their order.
struct Cut {
    std::map<Partition, Offset> next;

    [[nodiscard]] bool contains(const Position& position) const;
    friend bool operator==(const Cut&, const Cut&) = default;
};

[[nodiscard]] std::string toText(const Partition& partition);
[[nodiscard]] std::string toText(const Position& position);
[[nodiscard]] std::string toText(const Cut& cut);
[[nodiscard]] std::string toText(EventIndex index);

/// Fail with BadPartition, BadPosition, BadCut: the text, and what was expected. Numbers are digits without a sign.
/// The empty text is the empty cut; a partition named twice is no cut.
[[nodiscard]] base::Result<Partition> parsePartition(std::string_view text);
[[nodiscard]] base::Result<Position> parsePosition(std::string_view text);
[[nodiscard]] base::Result<Cut> parseCut(std::string_view text);

/// `text` with every byte a topic may not hold replaced by '_' (all beyond ASCII where it is no UTF-8); "log" for the empty text.
[[nodiscard]] std::string topicNameFor(std::string_view text);

} // namespace leftfold::event
