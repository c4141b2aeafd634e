// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/field.h"

#include <optional>
#include <span>
#include <string>

namespace leftfold::decode {

/// Which part of a record is what. What is not set is not known: such events have no id, the empty
/// type, or the time of their predecessor.
struct Mapping {
    std::optional<FieldRef> id;
    std::optional<FieldRef> type;
    std::optional<FieldRef> time;
    /// The unit of times written as numbers; not set: no such times are known of, and milliseconds if there are.
    /// Texts are read as ISO 8601 whatever this says, those of digits alone as numbers.
    std::optional<base::EpochUnit> timeUnit;
    std::optional<FieldRef> eventId; ///< the event's own id, what causation ids point at
    std::optional<FieldRef> causation; ///< the event id of what caused this event
    std::optional<FieldRef> correlation;
    /// The name of the shape its records were recognised as (core/decode/shape.h); empty: none.
    std::string shape;

    friend bool operator==(const Mapping&, const Mapping&) = default;
};

/// One line of JSON with what is set, {"id":"/invoice","time":"/at","timeUnit":"ms"}, and back. Fails with BadMapping.
[[nodiscard]] std::string toJson(const Mapping& mapping);
[[nodiscard]] base::Result<Mapping> parseMapping(std::string_view json);

/// The mapping with what is set in `given` instead; its shape stays.
[[nodiscard]] Mapping overlaid(Mapping mapping, const Mapping& given);

/// One line for people: "id /invoice, type /type, time /at (ISO 8601)", behind the title of its shape; what is not known is said of id, type and time.
[[nodiscard]] std::string describe(const Mapping& mapping);

/// What the first records (at most kSampleSize are looked at) look like. `given` wins where it is set; only the rest is
/// guessed. How: README.md of this folder. REQUIRES: kReadablePadding readable bytes behind the records' values.
inline constexpr std::size_t kSampleSize = 1'000;
[[nodiscard]] Mapping detectMapping(std::span<const event::Record> sample, const Mapping& given);

/// The time a field stands for. Fails with BadTime; no time where the field is absent or null.
[[nodiscard]] base::Result<std::optional<base::Time>> timeOf(const FieldValue& value,
                                                             std::optional<base::EpochUnit> unit);

} // namespace leftfold::decode
