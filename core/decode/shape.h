// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/mapping.h"

#include <span>
#include <string_view>

namespace leftfold::decode {

struct Survey;

/// A form of events that is in wide use: what is what in them is known, nothing has to be guessed.
struct Shape {
    std::string_view name; ///< kept in the mapping: "debezium"
    std::string_view title; ///< for people: "Debezium change events"
    /// Its events change rows of tables: ids are those of the rows (`ChangedRow`, which is what the fold follows from
    /// where nobody says), and nothing is told from the names of columns.
    bool isRowChange = false;
};

/// All there are, the narrower ones first.
[[nodiscard]] std::span<const Shape> allShapes();
/// Null where there is none of that name: a capture may know a shape that a later Leftfold has given up.
[[nodiscard]] const Shape* shapeNamed(std::string_view name);

/// The shape at least 60% of the records of a sample have (tombstones do not count), and the mapping it gives, as far
/// as it gives one: `shape` is empty where there is none. The signs of each: README.md of this folder.
/// REQUIRES: kReadablePadding readable bytes behind the records' values; `survey` is of the same sample.
[[nodiscard]] Mapping detectShape(std::span<const event::Record> sample, const Survey& survey);

} // namespace leftfold::decode
