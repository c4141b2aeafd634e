// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/condition.h"
#include "core/event/pointer.h"
#include "core/event/when.h"
#include "core/fold/script_question.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace leftfold::replay {

/// What a run stops at. Everything that is set must hold of an event, and of one aggregate it belongs to.
struct Breakpoint {
    std::optional<std::string> type{};
    std::optional<std::string> aggregate{}; ///< its id
    /// A moment: the first event that is not before it. A position or an index: that event.
    std::optional<event::When> at{};
    std::optional<event::Condition> where{}; ///< of the payload
    /// What stands there in the state of the aggregate is another one after the event, or is there only before or after.
    std::optional<event::Pointer> changes{};
    std::optional<event::Condition> becomes{}; ///< of the state: after the event, and not before
    /// Of {"before": state, "event": payload, "after": state}; a state or payload that there is none of is no member.
    std::optional<event::Condition> when{};
    /// A function of the state before the event, the event, and the state after it. Asked where everything else holds.
    std::shared_ptr<const fold::ScriptQuestion> js{};
    bool fails = false; ///< the fold finds something amiss in the event, or a script fails in it
    std::uint64_t hit = 1; ///< only the so-manieth such event from where a run begins
    /// Told, and run past. With `js` what the function gives is told, unless it is false, null or undefined.
    bool isLog = false;
    std::string text{}; ///< as it was written

    [[nodiscard]] bool needsState() const { return changes || becomes || when || js || fails; }
};

/// As a person writes it: words with blanks between, texts with blanks in "...", in any order
///
///   type OrderPlaced    of order-7    at 2011-01-31    at #4711    at orders[0]@42    changes /total    fails    hit 3    log
///
/// and, at the end, at most one condition (core/event/condition.h):
///
///   where /amount > 100    becomes /balance < 0    when /after/balance < 0 and /event/type = refund
///
/// or a function in JavaScript (core/fold/script_question.h):
///
///   js: (before, event, after) => after?.balance < 0 && event.body.amount > 100
///
/// Fails with BadArgument, BadWhen, BadPointer, BadCondition, or as fold::ScriptQuestion::parse does; a breakpoint at nothing is none.
[[nodiscard]] base::Result<Breakpoint> parseBreakpoint(std::string_view text);

/// As a word of such a text: in quotation marks where it needs them.
[[nodiscard]] std::string breakpointWord(std::string_view word);

} // namespace leftfold::replay
