// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"
#include "core/event/offset.h"

#include <variant>

namespace leftfold::event {

struct AtStart {
    friend bool operator==(AtStart, AtStart) = default;
};
struct AtEnd {
    friend bool operator==(AtEnd, AtEnd) = default;
};

/// A moment as a person writes it; a capture turns it into a cut:
///   a time              all events with effective time <= it
///   #n                  just after that event of the replay order
///   topic[p]@o          just after that event, in replay order
///   orders[0]:1043,...  that cut
///   @start, @end
using When = std::variant<AtStart, AtEnd, base::Time, EventIndex, Position, Cut>;

/// Fails with BadWhen, naming the text and the forms there are.
[[nodiscard]] base::Result<When> parseWhen(std::string_view text);
/// A text that parses back to the same; an empty cut, which has no form of its own here, is "@start".
[[nodiscard]] std::string toText(const When& when);

} // namespace leftfold::event
