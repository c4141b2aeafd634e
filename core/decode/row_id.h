// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/decode/row_change.h"
#include "core/event/record.h"

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leftfold::decode {

/// The row that an event of a log of database changes is about: its id is the table and the key, `shop.public.orders/1001`.
/// Written `debezium`, or with the columns that make a key where a record has none, `debezium:tenant,number`; with
/// alternatives, of which the first counts whose columns a row has, `debezium:tenant,number;number`. Without any
/// they are `id` and `_id`.
struct ChangedRow {
    std::vector<std::vector<std::string>> keys;
    friend auto operator<=>(const ChangedRow&, const ChangedRow&) = default;
};
[[nodiscard]] std::optional<ChangedRow> parseChangedRow(std::string_view text);
[[nodiscard]] std::string toText(const ChangedRow& ref);

/// Which aggregates an event belongs to: none, one, several, or all whose id begins with a text.
struct Membership {
    std::vector<std::string> ids;
    std::optional<std::string> everyOf;
    /// The event has the key of a row and nothing else (a tombstone): it belongs to the aggregate of the event before it in its
    /// partition if that has this key, else to `ids`.
    std::optional<std::string> asBefore;
    /// It belongs to none by its nature: no id is missing.
    bool outside = false;
};

/// The key of a row as ids spell it: of one member its text; of several, joined by commas, with `\` before commas and
/// backslashes in them and `\N` for null. Nothing where there is none, or the one member is null.
[[nodiscard]] std::optional<std::string> keyText(event::Value key);

/// The id of each row of a change, in the order of `change.rows`: the one it has now, and, where it differs, the one it had
/// (Maxwell, Canal). `key` is the record's own key.
struct RowIds {
    std::optional<std::string> now;
    std::optional<std::string> before;
};
[[nodiscard]] std::vector<RowIds> rowIdsOf(const RowChange& change, const ChangedRow& ref,
                                           const std::optional<base::ByteView>& key, std::string_view topic);

/// `value` is the record's, parsed; none where it is null. `topic` names the table where the event does not.
[[nodiscard]] Membership membershipOf(const std::optional<event::Document>& value, const event::Record& record,
                                      std::string_view topic, const ChangedRow& ref);

/// The table as the event tells it, else its topic: a flattened event may tell a part of what that says.
[[nodiscard]] std::string tableNameOf(const RowChange& change, std::string_view topic);
/// The id of a row of a table; of an unnamed one, its key.
[[nodiscard]] std::string rowIdOf(std::string_view table, std::string_view key);
/// What all ids of a table begin with.
[[nodiscard]] std::string tablePrefix(std::string_view table);
/// Whether an id is that of a row with this key.
[[nodiscard]] bool hasKey(base::ByteView id, base::ByteView key);

} // namespace leftfold::decode
