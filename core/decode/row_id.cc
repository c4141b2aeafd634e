// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/row_id.h"

#include <algorithm>
#include <utility>

namespace leftfold::decode {

namespace {

using base::ByteView;
using event::Document;
using event::Kind;
using event::Value;

constexpr std::string_view kName = "debezium";
constexpr char kColumnEnd = ',';
constexpr char kKeyEnd = ';';

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == separator)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

std::string scalarText(Value value)
{
    return value.kind() == Kind::Text ? std::string(value.text()) : toJson(value);
}

std::string escaped(Value value)
{
    if (value.isNull()) return "\\N";
    std::string out;
    for (const char c : scalarText(value)) {
        if (c == '\\' || c == kColumnEnd) out += '\\';
        out += c;
    }
    return out;
}

std::optional<std::string> joinedKey(std::span<const Value> values)
{
    if (values.empty()) return std::nullopt;
    if (values.size() == 1) return values[0].isNull() ? std::nullopt : std::optional(scalarText(values[0]));
    std::string out;
    for (const Value value : values) {
        if (!out.empty()) out += kColumnEnd;
        out += escaped(value);
    }
    return out;
}

std::optional<std::string> keyOfColumns(Value row, std::span<const std::string> columns)
{
    std::vector<Value> values;
    for (const std::string& column : columns) {
        const auto value = row.find(column);
        if (!value) return std::nullopt;
        values.push_back(*value);
    }
    return joinedKey(values);
}

std::optional<std::string> keyOfRow(Value row, const RowChange& change, const ChangedRow& ref)
{
    static const std::vector<std::vector<std::string>> kUsual = {{"id"}, {"_id"}};
    if (!change.keyColumns.empty()) return keyOfColumns(row, change.keyColumns);
    for (const auto& columns : ref.keys.empty() ? kUsual : ref.keys) {
        if (auto key = keyOfColumns(row, columns)) return key;
    }
    return std::nullopt;
}

/// Maxwell's: {"database":"shop","table":"orders","pk.id":1001}.
std::optional<std::string> maxwellKey(Value key)
{
    std::vector<Value> values;
    for (const event::Member& member : key.members()) {
        if (!member.shadowed && member.key.starts_with("pk.")) values.push_back(member.value);
    }
    return joinedKey(values);
}

std::optional<std::string> recordKey(const std::optional<ByteView>& key, ChangeFormat format)
{
    if (!key) return std::nullopt;
    const auto document = Document::parse(*key);
    if (!document) return key->empty() ? std::nullopt : std::optional(std::string(*key));
    const Value value = unwrapped(document->root());
    if (format == ChangeFormat::Maxwell) return maxwellKey(value);
    return keyText(value);
}

/// Only Debezium and Maxwell write one row an event, so that the record's key is that of the row.
std::optional<std::string> givenKey(const RowChange& change, const std::optional<ByteView>& key)
{
    return change.format == ChangeFormat::Canal ? std::nullopt : recordKey(key, change.format);
}

void addOnce(std::vector<std::string>& ids, std::optional<std::string> id)
{
    if (id && std::ranges::find(ids, *id) == ids.end()) ids.push_back(std::move(*id));
}

Membership ofNull(const event::Record& record, std::string_view topic)
{
    Membership membership;
    membership.asBefore = recordKey(record.key, ChangeFormat::Debezium);
    if (membership.asBefore) membership.ids.push_back(rowIdOf(topic, *membership.asBefore));
    return membership;
}

} // namespace

std::optional<ChangedRow> parseChangedRow(std::string_view text)
{
    if (!text.starts_with(kName)) return std::nullopt;
    text.remove_prefix(kName.size());
    if (text.empty()) return ChangedRow{};
    if (text.front() != ':') return std::nullopt;
    ChangedRow ref;
    for (const std::string& key : split(text.substr(1), kKeyEnd)) {
        ref.keys.push_back(split(key, kColumnEnd));
        if (std::ranges::find(ref.keys.back(), std::string()) != ref.keys.back().end()) return std::nullopt;
    }
    return ref;
}

std::string toText(const ChangedRow& ref)
{
    std::string out(kName);
    char before = ':';
    for (const auto& columns : ref.keys) {
        for (const std::string& column : columns) {
            out += std::exchange(before, kColumnEnd);
            out += column;
        }
        before = kKeyEnd;
    }
    return out;
}

std::optional<std::string> keyText(Value key)
{
    if (key.isNull()) return std::nullopt;
    if (key.kind() != Kind::Object) return scalarText(key);
    std::vector<Value> values;
    for (const event::Member& member : key.members()) {
        if (!member.shadowed) values.push_back(member.value);
    }
    return joinedKey(values);
}

std::string tableNameOf(const RowChange& change, std::string_view topic)
{
    if (change.table.empty()) return std::string(topic);
    const bool isPart = change.format == ChangeFormat::Flattened && topic.ends_with('.' + change.table);
    return isPart ? std::string(topic) : change.table;
}

std::string tablePrefix(std::string_view table)
{
    std::string out;
    for (const char c : table) {
        if (c == '\\' || c == '/') out += '\\';
        out += c;
    }
    return out + '/';
}

bool hasKey(ByteView id, ByteView key)
{
    if (!id.ends_with(key)) return false;
    return id.size() == key.size() || id[id.size() - key.size() - 1] == '/';
}

std::string rowIdOf(std::string_view table, std::string_view key)
{
    return (table.empty() ? std::string() : tablePrefix(table)).append(key);
}

std::vector<RowIds> rowIdsOf(const RowChange& change, const ChangedRow& ref, const std::optional<ByteView>& key,
                             std::string_view topic)
{
    const std::string table = tableNameOf(change, topic);
    const auto given = givenKey(change, key);
    const bool toldBefore = change.format == ChangeFormat::Maxwell || change.format == ChangeFormat::Canal;
    std::vector<RowIds> ids;
    for (const RowVersions& row : change.rows) {
        RowIds& out = ids.emplace_back();
        const auto idIn = [&](const std::optional<Value>& version) -> std::optional<std::string> {
            auto rowKey = version ? keyOfRow(*version, change, ref) : std::nullopt;
            return rowKey ? std::optional(rowIdOf(table, *rowKey)) : std::nullopt;
        };
        out.now = given ? rowIdOf(table, *given) : idIn(row.after ? row.after : row.before);
        if (!toldBefore || change.op != RowOp::Update) continue;
        const auto was = idIn(row.before);
        if (was && was != idIn(row.after)) out.before = was;
    }
    return ids;
}

Membership membershipOf(const std::optional<Document>& value, const event::Record& record, std::string_view topic,
                        const ChangedRow& ref)
{
    if (!value || unwrapped(value->root()).isNull()) return ofNull(record, topic);
    Membership membership;
    const auto change = readRowChange(*value);
    if (!change) return membership;
    if (change->op == RowOp::Truncate) membership.everyOf = tablePrefix(tableNameOf(*change, topic));
    membership.outside = change->op == RowOp::Other;
    for (RowIds& ids : rowIdsOf(*change, ref, record.key, topic)) {
        addOnce(membership.ids, std::move(ids.now));
        addOnce(membership.ids, std::move(ids.before));
    }
    return membership;
}

} // namespace leftfold::decode
