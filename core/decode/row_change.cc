// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/row_change.h"

#include <algorithm>
#include <array>

namespace leftfold::decode {

namespace {

using base::ByteView;
using event::Document;
using event::Kind;
using event::Value;

constexpr std::string_view kAddedPrefix = "__"; ///< of what flattening adds to a row

std::optional<Value> memberOf(const std::optional<Value>& object, ByteView name)
{
    return object ? object->find(name) : std::nullopt;
}

/// Empty where there is no such text.
ByteView textIn(const std::optional<Value>& object, ByteView name)
{
    const auto member = memberOf(object, name);
    return member && member->kind() == Kind::Text ? member->text() : ByteView();
}

std::optional<Value> notNull(const std::optional<Value>& value)
{
    return value && !value->isNull() ? value : std::nullopt;
}

bool isOneOf(ByteView text, std::initializer_list<std::string_view> words)
{
    return std::ranges::find(words, text) != words.end();
}

std::string joined(std::initializer_list<ByteView> parts)
{
    std::string out;
    for (const ByteView part : parts) {
        if (part.empty()) continue;
        if (!out.empty()) out += '.';
        out += part;
    }
    return out;
}

/// As the topic of the table is named: the server, then what its kind of database calls a table.
std::string tableOf(const std::optional<Value>& source)
{
    const ByteView connector = textIn(source, "connector");
    const ByteView schema = textIn(source, "schema");
    const ByteView collection = textIn(source, "collection");
    const bool hasBoth = connector == "sqlserver" || schema.empty() || !collection.empty();
    return joined({textIn(source, "name"), hasBoth ? textIn(source, "db") : ByteView(), schema,
                   collection.empty() ? textIn(source, "table") : collection});
}

std::optional<RowOp> opOf(ByteView letter)
{
    constexpr std::array<std::pair<std::string_view, RowOp>, 6> kOps = {{{"c", RowOp::Create},
                                                                         {"r", RowOp::Read},
                                                                         {"u", RowOp::Update},
                                                                         {"d", RowOp::Delete},
                                                                         {"t", RowOp::Truncate},
                                                                         {"m", RowOp::Other}}};
    const auto known = std::ranges::find(kOps, letter, &std::pair<std::string_view, RowOp>::first);
    return known == kOps.end() ? std::nullopt : std::optional(known->second);
}

/// A row as it stands, or read from its text (MongoDB).
std::optional<Value> rowIn(RowChange& change, ByteView name)
{
    const auto row = notNull(memberOf(change.payload, name));
    if (!row || row->kind() != Kind::Text) return row;
    auto document = Document::parse(row->text());
    if (!document) return row;
    change.documents.push_back(std::move(*document));
    return change.documents.back().root();
}

bool readDebezium(RowChange& change)
{
    const ByteView letter = textIn(change.payload, "op");
    const auto op = opOf(letter);
    const bool hasRows = memberOf(change.payload, "after") || memberOf(change.payload, "before");
    change.source = notNull(memberOf(change.payload, "source"));
    if (!op || (!hasRows && !change.source)) return false;
    change.format = ChangeFormat::Debezium;
    change.op = *op;
    change.table = tableOf(change.source);
    if (*op != RowOp::Truncate && *op != RowOp::Other)
        change.rows.push_back({rowIn(change, "before"), rowIn(change, "after")});
    return true;
}

/// The row without what flattening added.
Document bareRow(Value row)
{
    event::DocumentBuilder bare;
    bare.beginObject();
    for (const event::Member& member : row.members()) {
        if (member.key.starts_with(kAddedPrefix)) continue;
        bare.key(member.key);
        bare.value(member.value);
    }
    bare.endObject();
    return bare.finish();
}

/// A member that flattening added, whether its name says `source` or not.
ByteView added(const RowChange& change, std::string_view name)
{
    const ByteView plain = textIn(change.payload, std::string(kAddedPrefix).append(name));
    return plain.empty() ? textIn(change.payload, std::string(kAddedPrefix).append("source_").append(name)) : plain;
}

bool isTrue(const std::optional<Value>& value)
{
    if (!value) return false;
    return value->kind() == Kind::Boolean ? value->boolean() : value->kind() == Kind::Text && value->text() == "true";
}

bool readFlattened(RowChange& change)
{
    const auto deleted = memberOf(change.payload, "__deleted");
    if (!deleted && textIn(change.payload, "__op").empty()) return false;
    change.format = ChangeFormat::Flattened;
    change.op = opOf(textIn(change.payload, "__op")).value_or(RowOp::Update);
    if (isTrue(deleted)) change.op = RowOp::Delete;
    change.table = joined({added(change, "name"), added(change, "db"), added(change, "schema"),
                           added(change, added(change, "table").empty() ? "collection" : "table")});
    if (change.op == RowOp::Truncate || change.op == RowOp::Other) return true;
    change.documents.push_back(bareRow(*change.payload));
    const Value row = change.documents.back().root();
    change.rows.push_back(change.op == RowOp::Delete ? RowVersions{row, std::nullopt} : RowVersions{std::nullopt, row});
    return true;
}

/// The row as it was: `row` with the old values of the columns that changed.
std::optional<Value> rowBefore(RowChange& change, Value row, const std::optional<Value>& old)
{
    if (!old || old->kind() != Kind::Object) return std::nullopt;
    event::DocumentBuilder before;
    before.beginObject();
    for (const event::Member& member : row.members()) {
        if (member.shadowed) continue;
        before.key(member.key);
        before.value(old->find(member.key).value_or(member.value));
    }
    before.endObject();
    change.documents.push_back(before.finish());
    return change.documents.back().root();
}

void addRow(RowChange& change, Value row, const std::optional<Value>& old)
{
    if (change.op == RowOp::Delete)
        change.rows.push_back({row, std::nullopt});
    else
        change.rows.push_back({change.op == RowOp::Update ? rowBefore(change, row, old) : std::nullopt, row});
}

void addKeyColumns(RowChange& change, ByteView member)
{
    const auto names = memberOf(change.payload, member);
    if (!names || names->kind() != Kind::Array) return;
    for (const Value name : names->items()) {
        if (name.kind() == Kind::Text) change.keyColumns.emplace_back(name.text());
    }
}

bool readMaxwell(RowChange& change)
{
    const ByteView type = textIn(change.payload, "type");
    const auto row = memberOf(change.payload, "data");
    if (textIn(change.payload, "table").empty() || memberOf(change.payload, "isDdl")) return false;
    change.format = ChangeFormat::Maxwell;
    change.table = joined({textIn(change.payload, "database"), textIn(change.payload, "table")});
    addKeyColumns(change, "primary_key_columns");
    if (!row || row->kind() != Kind::Object) return isOneOf(type.substr(0, 5), {"table", "boots", "datab"});
    if (!isOneOf(type, {"insert", "update", "delete", "bootstrap-insert"})) return false;
    change.op = type == "insert"   ? RowOp::Create
                : type == "update" ? RowOp::Update
                : type == "delete" ? RowOp::Delete
                                   : RowOp::Read;
    addRow(change, *row, memberOf(change.payload, "old"));
    return true;
}

bool readCanal(RowChange& change)
{
    const ByteView type = textIn(change.payload, "type");
    if (type.empty() || !memberOf(change.payload, "isDdl")) return false;
    change.format = ChangeFormat::Canal;
    change.table = joined({textIn(change.payload, "database"), textIn(change.payload, "table")});
    addKeyColumns(change, "pkNames");
    if (type == "TRUNCATE") change.op = RowOp::Truncate;
    if (isTrue(memberOf(change.payload, "isDdl")) || !isOneOf(type, {"INSERT", "UPDATE", "DELETE"})) return true;
    change.op = type == "INSERT" ? RowOp::Create : type == "UPDATE" ? RowOp::Update : RowOp::Delete;
    const auto rows = memberOf(change.payload, "data");
    const auto old = memberOf(change.payload, "old");
    if (!rows || rows->kind() != Kind::Array) return true;
    std::size_t i = 0;
    for (const Value row : rows->items()) addRow(change, row, old ? old->at(i++) : std::nullopt);
    return true;
}

/// What else Debezium writes: a transaction's borders, changes of the schema, heartbeats.
bool readBeside(RowChange& change)
{
    const auto& payload = change.payload;
    const bool border = isOneOf(textIn(payload, "status"), {"BEGIN", "END"}) && memberOf(payload, "id");
    const bool schema = memberOf(payload, "source") && memberOf(payload, "databaseName");
    const bool heartbeat = payload->size() == 1 && memberOf(payload, "ts_ms");
    return border || schema || heartbeat;
}

} // namespace

Value unwrapped(Value value)
{
    if (value.kind() != Kind::Object || value.size() != 2 || !value.find("schema")) return value;
    return value.find("payload").value_or(value);
}

std::optional<RowChange> readRowChange(const Document& value)
{
    RowChange change;
    change.documents.push_back(value);
    change.payload = unwrapped(value.root());
    if (change.payload->kind() != Kind::Object) return std::nullopt;
    if (readDebezium(change) || readFlattened(change) || readCanal(change) || readMaxwell(change)
        || readBeside(change)) {
        return change;
    }
    return std::nullopt;
}

} // namespace leftfold::decode
