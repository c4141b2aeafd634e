// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fold/debezium.h"

#include "core/event/json_walker.h"
#include "core/fold/row_state.h"

namespace leftfold::fold {

namespace {

using base::ErrorCode;
using decode::RowChange;
using decode::RowOp;
using decode::RowVersions;
using event::Document;
using event::Kind;
using event::Value;

constexpr std::string_view kNewKey = "__debezium.newkey";
constexpr std::string_view kOldKey = "__debezium.oldkey";

RowState& rowOf(State& state)
{
    return static_cast<RowState&>(state);
}

const RowState& rowOf(const State& state)
{
    return static_cast<const RowState&>(state);
}

/// `source.snapshot`: a boolean, or a text of which only "false" says no.
bool isSnapshot(const RowChange& change)
{
    if (change.op == RowOp::Read) return true;
    const auto told = change.source ? change.source->find("snapshot") : std::nullopt;
    if (!told || change.op != RowOp::Create) return false;
    if (told->kind() == Kind::Boolean) return told->boolean();
    return told->kind() == Kind::Text && !told->text().empty() && told->text() != "false";
}

std::optional<base::ByteView> headerOf(const FoldEvent& event, std::string_view name)
{
    if (event.record == nullptr) return std::nullopt;
    for (const event::Header& header : event.record->headers) {
        if (header.name == name) return header.value;
    }
    return std::nullopt;
}

std::string_view topicOf(const FoldEvent& event)
{
    return event.partition == nullptr ? std::string_view() : event.partition->topic;
}

class DebeziumFolder final : public Folder {
public:
    explicit DebeziumFolder(const decode::ChangedRow& ids) : m_ids(ids) {}

    std::unique_ptr<State> begin() override { return std::make_unique<RowState>(); }
    void apply(State& state, const FoldEvent& event) override;
    bool exists(const State& state) const override { return rowOf(state).row.has_value(); }
    Document read(const State& state) override { return *rowOf(state).row; }
    std::string save(const State& state) override { return saveRow(rowOf(state)); }
    std::unique_ptr<State> restore(base::ByteView saved) override { return restoreRow(saved); }

private:
    void applyChange(RowState& state, const RowChange& change, const FoldEvent& event);
    void applyVersions(RowState& state, const RowChange& change, const RowVersions& row, const FoldEvent& event);
    [[nodiscard]] std::vector<RowVersions> ownVersions(const RowChange& change, const FoldEvent& event) const;
    void write(RowState& state, Value after, const std::optional<Value>& before);
    void checkBefore(const RowState& state, const std::optional<Value>& before, const FoldEvent& event);
    void checkAge(const RowState& state, const RowChange& change);
    void tellLinks(const RowChange& change, const FoldEvent& event);

    const decode::ChangedRow& m_ids;
    event::JsonReader m_reader;
};

void DebeziumFolder::apply(State& state, const FoldEvent& event)
{
    if (!event.decodable) return;
    RowState& row = rowOf(state);
    if (!event.value) {
        row.remove();
        return;
    }
    const auto value = Document::parse(m_reader, *event.value);
    if (!value) return;
    if (decode::unwrapped(value->root()).isNull()) {
        row.remove();
        return;
    }
    const auto change = decode::readRowChange(*value);
    if (!change)
        tell({ErrorCode::NotARowChange, {}, {}});
    else
        applyChange(row, *change, event);
}

void DebeziumFolder::applyChange(RowState& state, const RowChange& change, const FoldEvent& event)
{
    if (change.op == RowOp::Other) return;
    if (change.op == RowOp::Truncate)
        state.remove();
    else if (isHeard() && isSnapshot(change))
        checkAge(state, change);
    for (const RowVersions& row : ownVersions(change, event)) applyVersions(state, change, row, event);
    const auto place = SourcePlace::of(change.source);
    if (place && (!state.lastWrite || state.lastWrite->isBefore(*place))) state.lastWrite = place;
    if (isHeard()) tellLinks(change, event);
}

/// The rows of the event that are this aggregate's; one that leaves it for another key has no `after`.
std::vector<RowVersions> DebeziumFolder::ownVersions(const RowChange& change, const FoldEvent& event) const
{
    if (event.aggregate.empty() || change.format == decode::ChangeFormat::Debezium
        || change.format == decode::ChangeFormat::Flattened) {
        return change.rows;
    }
    const auto key = event.record == nullptr ? std::nullopt : event.record->key;
    const auto ids = decode::rowIdsOf(change, m_ids, key, topicOf(event));
    std::vector<RowVersions> own;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const RowVersions& row = change.rows[i];
        if (ids[i].before == event.aggregate) own.push_back({row.before, std::nullopt});
        if (ids[i].now == event.aggregate) own.push_back(ids[i].before ? RowVersions{std::nullopt, row.after} : row);
    }
    // Aggregates that are named otherwise than by table and key: an event of one row is theirs.
    return own.empty() && change.rows.size() == 1 ? change.rows : own;
}

void DebeziumFolder::applyVersions(RowState& state, const RowChange& change, const RowVersions& row,
                                   const FoldEvent& event)
{
    if (isHeard()) checkBefore(state, row.before, event);
    const bool removed =
        change.op == RowOp::Delete
        || (row.before && !row.after && change.op == RowOp::Update && change.format != decode::ChangeFormat::Debezium);
    if (removed)
        state.remove();
    else if (row.after)
        write(state, *row.after, row.before);
    else
        tell({ErrorCode::RowMissing, {}, {}});
}

void DebeziumFolder::write(RowState& state, Value after, const std::optional<Value>& before)
{
    CompletedRow completed = complete(after, state.row, before);
    state.row = std::move(completed.row);
    state.isKnown = true;
    for (std::string& column : completed.missing) tell({ErrorCode::ValueUnavailable, {std::move(column)}, {}});
}

void DebeziumFolder::checkBefore(const RowState& state, const std::optional<Value>& before, const FoldEvent& event)
{
    if (!before || !state.isKnown) return;
    std::optional<Document> key;
    if (event.record != nullptr && event.record->key) {
        if (auto parsed = Document::parse(*event.record->key)) key = std::move(*parsed);
    }
    const auto keyRow = key ? std::optional(decode::unwrapped(key->root())) : std::nullopt;
    auto divergence = divergenceOf(state.row, *before, keyRow);
    if (divergence) tell({ErrorCode::RowDiverges, {divergence->column, divergence->told, divergence->folded}, {}});
}

void DebeziumFolder::checkAge(const RowState& state, const RowChange& change)
{
    const auto place = SourcePlace::of(change.source);
    if (place && state.lastWrite && place->isBefore(*state.lastWrite))
        tell({ErrorCode::StaleRead, {place->toText(), state.lastWrite->toText()}, {}});
}

void DebeziumFolder::tellLinks(const RowChange& change, const FoldEvent& event)
{
    const auto link = [&](std::string_view header, ErrorCode code) {
        const auto bytes = headerOf(event, header);
        const auto key = bytes ? Document::parse(*bytes) : base::fail(code);
        const auto text = key ? decode::keyText(decode::unwrapped(key->root())) : std::nullopt;
        if (text) tell({code, {decode::rowIdOf(decode::tableNameOf(change, topicOf(event)), *text)}, {}});
    };
    if (change.op == RowOp::Delete) link(kNewKey, ErrorCode::RowMovedTo);
    if (change.op == RowOp::Create) link(kOldKey, ErrorCode::RowMovedFrom);
}

class DebeziumFold final : public Fold {
public:
    explicit DebeziumFold(decode::ChangedRow ids) : m_ids(std::move(ids)) {}
    std::string_view name() const override { return "debezium"; }
    std::string fingerprint() const override { return "debezium/1"; }
    bool finds() const override { return true; }
    std::unique_ptr<Folder> folder() const override { return std::make_unique<DebeziumFolder>(m_ids); }

private:
    decode::ChangedRow m_ids;
};

} // namespace

std::shared_ptr<const Fold> debeziumFold(decode::ChangedRow ids)
{
    return std::make_shared<DebeziumFold>(std::move(ids));
}

bool isLink(const base::Error& finding)
{
    return finding.code == ErrorCode::RowMovedTo || finding.code == ErrorCode::RowMovedFrom;
}

} // namespace leftfold::fold
