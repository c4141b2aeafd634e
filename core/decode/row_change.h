// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event/document.h"

#include <optional>
#include <string>
#include <vector>

namespace leftfold::decode {

/// Who wrote a change event, and in which form.
enum class ChangeFormat : std::uint8_t { Debezium, Flattened, Maxwell, Canal };

/// What happened to the rows of one table. `Other`: something that touches no row (a logical decoding message, a
/// transaction's borders, a schema change).
enum class RowOp : std::uint8_t { Create, Read, Update, Delete, Truncate, Other };

/// A row before and after a change; what is not known or not there is not set.
struct RowVersions {
    std::optional<event::Value> before;
    std::optional<event::Value> after;
};

/// An event of a log of database changes: Debezium's (plain, wrapped with its schema, flattened, MongoDB's with its rows as
/// JSON texts), Maxwell's or Canal's. Values point into `documents`.
struct RowChange {
    ChangeFormat format = ChangeFormat::Debezium;
    RowOp op = RowOp::Other;
    std::string table; ///< server, database, schema and name as far as they are told, joined by '.'; may be empty
    std::vector<RowVersions> rows; ///< one, several (Canal), or none (Truncate, Other)
    std::vector<std::string> keyColumns; ///< where the event names them itself (Canal, Maxwell)
    std::optional<event::Value> source; ///< Debezium's
    std::optional<event::Value> payload; ///< the event without its schema
    std::vector<event::Document> documents;
};

/// Nothing where the document is no such event. A wrapped tombstone ({"schema":..,"payload":null}) is none either.
[[nodiscard]] std::optional<RowChange> readRowChange(const event::Document& value);

/// The payload of a document that may be wrapped: {"schema":..,"payload":..}. MirrorMaker, connectors and converters wrap keys
/// the same way.
[[nodiscard]] event::Value unwrapped(event::Value value);

} // namespace leftfold::decode
