// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/row_state.h"

#include "core/event/member_index.h"
#include "core/fold/saved.h"

#include <algorithm>

namespace leftfold::fold {

namespace {

using event::Document;
using event::Kind;
using event::Value;

constexpr std::string_view kUnavailable = "__debezium_unavailable_value";
/// The same as the bytes of a binary column.
constexpr std::string_view kUnavailableBytes = "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==";

/// As a text, as bytes, or alone in an array or a map.
bool isUnavailable(Value value)
{
    if (value.kind() == Kind::Text) return value.text() == kUnavailable || value.text() == kUnavailableBytes;
    if (value.size() != 1) return false;
    if (value.kind() == Kind::Array) return value.at(0)->kind() == Kind::Text && value.at(0)->text() == kUnavailable;
    return value.find(kUnavailable).has_value();
}

bool holdsUnavailable(Value row)
{
    for (const event::Member& member : row.members()) {
        if (!member.shadowed && isUnavailable(member.value)) return true;
    }
    return false;
}

std::optional<Value> availableIn(const std::optional<Value>& row, base::ByteView column)
{
    const auto value = row && row->kind() == Kind::Object ? row->find(column) : std::nullopt;
    return value && !isUnavailable(*value) ? value : std::nullopt;
}

/// Only the columns of a key have a value where a database does not log the row before.
bool isFullRow(Value before, const std::optional<Value>& key)
{
    if (!key) return false;
    for (const event::Member& member : before.members()) {
        const bool isKey = key->kind() == Kind::Object && key->find(member.key).has_value();
        if (!member.shadowed && !isKey && !member.value.isNull()) return true;
    }
    return false;
}

} // namespace

std::string saveRow(const RowState& state)
{
    std::string out;
    putSigned(out, state.isKnown ? 1 : 0);
    putSigned(out, state.lastWrite ? 1 : 0);
    if (state.lastWrite) state.lastWrite->save(out);
    putSigned(out, state.row ? 1 : 0);
    if (state.row) putText(out, toJson(state.row->root()));
    return out;
}

std::unique_ptr<State> restoreRow(base::ByteView saved)
{
    base::ByteReader in(saved);
    auto state = std::make_unique<RowState>();
    state->isKnown = readSigned(in) == 1;
    if (readSigned(in) == 1) state->lastWrite = SourcePlace::restore(in);
    if (readSigned(in) == 1) {
        auto row = Document::parse(readText(in));
        if (!row) return nullptr;
        state->row = std::move(*row);
    }
    if (!in.atEnd()) return nullptr;
    return state;
}

CompletedRow complete(Value after, const std::optional<Document>& current, const std::optional<Value>& before)
{
    if (!holdsUnavailable(after)) return {Document::of(after), {}};
    const auto folded = current ? std::optional(current->root()) : std::nullopt;
    CompletedRow out;
    event::DocumentBuilder row;
    row.beginObject();
    for (const event::Member& member : after.members()) {
        row.key(member.key);
        std::optional<Value> value = member.value;
        if (!member.shadowed && isUnavailable(member.value)) {
            value = availableIn(folded, member.key);
            if (!value) value = availableIn(before, member.key);
            if (!value) out.missing.emplace_back(member.key);
        }
        row.value(value.value_or(member.value));
    }
    row.endObject();
    out.row = row.finish();
    return out;
}

std::optional<Divergence> divergenceOf(const std::optional<Document>& folded, Value before,
                                       const std::optional<Value>& key)
{
    if (before.kind() != Kind::Object) return std::nullopt;
    const bool isFull = isFullRow(before, key);
    if (!folded) {
        return isFull ? std::optional(Divergence{"every column", "a row", "none"}) : std::nullopt;
    }
    const event::MemberIndex row(folded->root());
    for (const event::Member& member : before.members()) {
        const auto known = row.find(member.key);
        const bool isTold = isFull || !member.value.isNull();
        if (member.shadowed || !known || !isTold || isUnavailable(member.value) || isUnavailable(*known)) continue;
        if (*known != member.value) return Divergence{std::string(member.key), toJson(member.value), toJson(*known)};
    }
    return std::nullopt;
}

} // namespace leftfold::fold
