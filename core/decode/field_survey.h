// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/field.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace leftfold::decode {

/// What a sample of records holds at one place. Shares are of the sample's records with a value.
struct FieldSurvey {
    FieldRef ref;
    std::string name; ///< the last token of a pointer, "key", or a header's name without the prefix of its envelope
    std::size_t depth = 1; ///< tokens of its pointer; 1 for keys and headers

    std::size_t texts = 0;
    std::size_t numbers = 0;
    std::size_t others = 0; ///< booleans, objects, arrays
    std::size_t isoTimes = 0; ///< texts that are times
    std::size_t dateOnly = 0; ///< of them those without a time of day
    std::array<std::size_t, 4>
        epochs{}; ///< numbers (and texts of digits) large enough to be times since 1973, by guessed unit
    std::size_t integers = 0; ///< numbers without fraction and exponent
    std::size_t codes = 0; ///< texts that look like codes: short, no blanks, a digit in them
    std::size_t textBytes = 0;
    std::unordered_map<std::string, std::size_t> distinct; ///< every scalar's text, with how often it was there
    std::size_t sameAsBefore = 0; ///< scalars equal to that of the record before
    std::size_t timeSteps = 0; ///< pairs of neighbours of which both are times
    std::size_t timeStepsBack = 0; ///< those that go back

    [[nodiscard]] std::size_t scalars() const { return texts + numbers; }
    [[nodiscard]] std::size_t times() const;

    // Of the record before, while the sample is read.
    std::size_t lastRecord = 0;
    std::string lastText;
    std::optional<base::Time> lastTime;
};

struct Survey {
    std::size_t records = 0; ///< with a value that is a JSON object
    std::size_t all = 0;
    std::size_t keys = 0; ///< records with a key
    std::size_t timestamps = 0; ///< records with a timestamp
    std::vector<FieldSurvey> fields; ///< in the order they were met
};

/// Looks at every scalar at most three objects deep (not into arrays), at the keys and at the headers.
/// REQUIRES: kReadablePadding readable bytes behind the records' values.
[[nodiscard]] Survey survey(std::span<const event::Record> sample);

} // namespace leftfold::decode
