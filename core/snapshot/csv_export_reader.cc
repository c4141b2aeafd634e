// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/text.h"
#include "core/event/edit_tree.h"
#include "core/event/json_walker.h"
#include "core/snapshot/csv_export.h"

#include <algorithm>
#include <fmt/format.h>

namespace leftfold::snapshot {

using base::Result;

Result<std::unique_ptr<CsvExportReader>> CsvExportReader::open(const std::string& path)
{
    LEFTFOLD_TRY(auto blocks, base::FileBlocks::open(path));
    std::unique_ptr<CsvExportReader> reader(new CsvExportReader(path, std::move(blocks)));
    LEFTFOLD_CHECK(reader->readHeader());
    return reader;
}

Result<void> CsvExportReader::readHeader()
{
    LEFTFOLD_TRY(const CsvRows::Outcome outcome, m_rows.next(m_fields));
    if (outcome != CsvRows::Outcome::Row)
        return base::fail(base::ErrorCode::NotAnExport, path(), "its first row is none");
    for (const CsvField& field : m_fields) {
        if (!addColumn(field.text))
            return base::fail(base::ErrorCode::NotAnExport, path(),
                              fmt::format("no export has a column \"{}\" there", field.text));
    }
    return {};
}

/// False where the name is none, or was there.
bool CsvExportReader::addColumn(const std::string& name)
{
    constexpr std::array<std::pair<std::string_view, Role>, 5> kNamed = {{{"id", Role::Id},
                                                                          {"base64:id", Role::IdBytes},
                                                                          {"change", Role::Change},
                                                                          {"state", Role::Whole},
                                                                          {"rest", Role::Rest}}};
    if (const auto named = std::ranges::find(kNamed, name, &std::pair<std::string_view, Role>::first);
        named != kNamed.end()) {
        m_columns.push_back({named->second, 0});
        return std::ranges::count(m_columns, named->second, &Column::role) == 1
               && (named->second == Role::Id) == (m_columns.size() == 1);
    }
    const bool isJson = name.starts_with(kJsonColumn);
    const auto pointer = event::parsePointer(isJson ? std::string_view(name).substr(kJsonColumn.size()) : name);
    if (!pointer || pointer->tokens.empty() || m_columns.empty()) return false;
    const std::size_t node = nodeAt(*pointer);
    auto& column = isJson ? m_nodes[node].json : m_nodes[node].scalar;
    if (column) return false;
    column = m_columns.size();
    m_columns.push_back({isJson ? Role::Json : Role::Scalar, node});
    return true;
}

std::size_t CsvExportReader::nodeAt(const event::Pointer& pointer)
{
    std::size_t at = 0;
    for (const std::string& key : pointer.tokens) {
        const auto& children = m_nodes[at].children;
        const auto child = std::ranges::find(children, key, [&](std::size_t each) { return m_nodes[each].key; });
        if (child != children.end()) {
            at = *child;
            continue;
        }
        m_nodes[at].children.push_back(m_nodes.size());
        m_nodes.push_back({key, at, {}, {}, {}, false});
        at = m_nodes.size() - 1;
    }
    return at;
}

Result<std::optional<ExportedState>> CsvExportReader::read()
{
    LEFTFOLD_TRY(const CsvRows::Outcome outcome, m_rows.next(m_fields));
    if (outcome == CsvRows::Outcome::End) return std::nullopt;
    if (outcome == CsvRows::Outcome::OpenQuote) return bad("a quote is never closed");
    if (outcome == CsvRows::Outcome::Malformed) return bad("a quote or a carriage return stands where none may be");
    if (m_fields.size() != m_columns.size())
        return bad(fmt::format("it has {} fields, the header {}", m_fields.size(), m_columns.size()));
    ExportedState row;
    LEFTFOLD_CHECK(readRow(row));
    return row;
}

const CsvField* CsvExportReader::fieldOf(Role role) const
{
    const auto column = std::ranges::find(m_columns, role, &Column::role);
    if (column == m_columns.end()) return nullptr;
    const CsvField& field = m_fields[static_cast<std::size_t>(column - m_columns.begin())];
    return field.isAbsent() ? nullptr : &field;
}

Result<std::string> CsvExportReader::readId() const
{
    const CsvField* text = fieldOf(Role::Id);
    const CsvField* encoded = fieldOf(Role::IdBytes);
    if ((text != nullptr) == (encoded != nullptr)) return bad("it has no id, or two");
    if (text) return text->text;
    auto bytes = decode::fromBase64(encoded->text);
    if (!bytes) return bad("its id is no base64");
    return std::move(*bytes);
}

Result<void> CsvExportReader::readRow(ExportedState& row)
{
    LEFTFOLD_TRY(row.id, readId());
    if (const CsvField* field = fieldOf(Role::Change)) {
        const auto change = rowChangeNamed(field->text);
        if (!change || *change == RowChange::None) return bad("its change is none that is known");
        row.change = *change;
    }
    if (row.change != RowChange::Deleted) {
        LEFTFOLD_TRY(row.state, readState());
        return {};
    }
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (m_columns[i].role >= Role::Whole && !m_fields[i].isAbsent())
            return bad("it has a state though it was deleted");
    }
    return {};
}

Result<event::Document> CsvExportReader::readState()
{
    for (Node& node : m_nodes) node.isThere = false;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const bool isPart = m_columns[i].role == Role::Scalar || m_columns[i].role == Role::Json;
        if (!isPart || m_fields[i].isAbsent()) continue;
        for (std::size_t node = m_columns[i].node; !m_nodes[node].isThere; node = m_nodes[node].parent)
            m_nodes[node].isThere = true;
    }
    const CsvField* whole = fieldOf(Role::Whole);
    const CsvField* rest = fieldOf(Role::Rest);
    if (whole && (m_nodes[0].isThere || rest)) return bad("it has two states");
    if (whole) {
        auto state = event::Document::parse(whole->text);
        if (!state) return bad(base::render(state.error()));
        return std::move(*state);
    }
    if (!m_nodes[0].isThere && !rest) return bad("it has no state");
    event::DocumentBuilder state;
    LEFTFOLD_CHECK(write(m_nodes[0], state));
    return rest ? withRest(state.finish(), *rest) : state.finish();
}

/// As deep as the header's pointers are, which is not deep.
Result<void> CsvExportReader::write(const Node& node, event::DocumentBuilder& state) const
{
    const CsvField* scalar = node.scalar && !m_fields[*node.scalar].isAbsent() ? &m_fields[*node.scalar] : nullptr;
    const CsvField* json = node.json && !m_fields[*node.json].isAbsent() ? &m_fields[*node.json] : nullptr;
    const bool hasChildren =
        std::ranges::any_of(node.children, [&](std::size_t child) { return m_nodes[child].isThere; });
    if ((scalar != nullptr) + (json != nullptr) + hasChildren > 1)
        return bad("two columns say what stands in one place");
    if (scalar) return writeScalar(*scalar, state);
    if (json) {
        const auto value = event::Document::parse(json->text);
        if (!value) return bad(base::render(value.error()));
        state.value(value->root());
        return {};
    }
    state.beginObject();
    for (const std::size_t child : node.children) {
        if (!m_nodes[child].isThere) continue;
        state.key(m_nodes[child].key);
        LEFTFOLD_CHECK(write(m_nodes[child], state));
    }
    state.endObject();
    return {};
}

Result<void> CsvExportReader::writeScalar(const CsvField& field, event::DocumentBuilder& state) const
{
    if (field.quoted || !isJsonScalar(field.text)) {
        if (!decode::isUtf8(field.text)) return bad("a text is no UTF-8");
        state.text(field.text);
    } else if (field.text == "null") {
        state.null();
    } else if (field.text == "true" || field.text == "false") {
        state.boolean(field.text == "true");
    } else {
        state.number(base::ByteView(field.text));
    }
    return {};
}

/// Puts in what had no column. Its pointers lead through objects that may not be there yet.
Result<event::Document> CsvExportReader::withRest(event::Document state, const CsvField& rest) const
{
    const auto parts = event::Document::parse(rest.text);
    if (!parts || parts->root().kind() != event::Kind::Object) return bad("its rest is no object");
    event::EditTree tree(std::move(state));
    for (const event::Member& part : parts->root().members()) {
        const auto pointer = event::parsePointer(part.key);
        if (!pointer || pointer->tokens.empty()) return bad("a name in its rest is no JSON pointer");
        const std::span<const std::string> path(pointer->tokens);
        for (std::size_t length = 1; length < path.size(); ++length) {
            if (tree.read(path.first(length))) continue;
            event::DocumentBuilder empty;
            empty.beginObject();
            empty.endObject();
            if (!tree.add(path.first(length), empty.finish())) return bad("its rest does not fit the columns");
        }
        if (tree.read(path) || !tree.add(path, event::Document::of(part.value)))
            return bad("its rest does not fit the columns");
    }
    return tree.finish();
}

} // namespace leftfold::snapshot
