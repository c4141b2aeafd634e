// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fold/fold.h"
#include "core/fold/source_place.h"

#include <optional>
#include <string>
#include <vector>

namespace leftfold::fold {

/// A row of a database; none: there is no such row.
struct RowState final : State {
    std::optional<event::Document> row;
    bool isKnown =
        false; ///< an event has told the row, or that there is none: changes before the log's start do not count
    std::optional<SourcePlace> lastWrite; ///< the latest place of all changes so far

    void remove()
    {
        row.reset();
        isKnown = true;
    }
};
[[nodiscard]] std::string saveRow(const RowState& state);
/// Null where the bytes cannot have come from `saveRow`.
[[nodiscard]] std::unique_ptr<State> restoreRow(base::ByteView saved);

/// A row in which the values that a change left out (`__debezium_unavailable_value`, a large value that was not changed) are those
/// of the row so far, else those of the row before; where neither has one, what was told stays and the column is listed.
struct CompletedRow {
    event::Document row;
    std::vector<std::string> missing;
};
[[nodiscard]] CompletedRow complete(event::Value after, const std::optional<event::Document>& current,
                                    const std::optional<event::Value>& before);

/// The first column in which the row that a change says was there differs from the one that the changes so far give, as JSON.
/// A `before` of which no column beyond the key has a value is no full row: only its values are compared, and
/// columns that one of the two does not have (the table was altered) are not. `key` is the record's key, where it has one.
struct Divergence {
    std::string column;
    std::string told;
    std::string folded;
};
[[nodiscard]] std::optional<Divergence> divergenceOf(const std::optional<event::Document>& folded, event::Value before,
                                                     const std::optional<event::Value>& key);

} // namespace leftfold::fold
