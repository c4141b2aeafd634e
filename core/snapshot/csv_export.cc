// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/csv_export.h"

#include "core/decode/text.h"
#include "core/event/json_walker.h"

namespace leftfold::snapshot {

namespace {

constexpr std::string_view kId = "id";
constexpr std::string_view kIdBytes = "base64:id";
constexpr std::string_view kChange = "change";
constexpr std::string_view kWhole = "state";
constexpr std::string_view kRest = "rest";

void appendScalar(std::string& out, event::Value value)
{
    value.kind() == event::Kind::Text ? appendCsvText(out, value.text()) : event::appendJson(out, value);
}

} // namespace

CsvWriter::CsvWriter(const TableColumns& columns) : m_columns(columns), m_header{std::string(kId)}
{
    if (columns.hasIdsOfBytes()) m_header.emplace_back(kIdBytes);
    if (columns.hasChanges()) m_header.emplace_back(kChange);
    if (columns.hasWholes()) m_header.emplace_back(kWhole);
    m_header.insert(m_header.end(), columns.names().begin(), columns.names().end());
    if (columns.hasRest()) m_header.emplace_back(kRest);
}

void CsvWriter::appendHeader(std::string& out) const
{
    for (std::size_t i = 0; i < m_header.size(); ++i) {
        if (i > 0) out += ',';
        appendCsvField(out, m_header[i]);
    }
    out += "\r\n";
}

void CsvWriter::append(std::string& out, const ExportedState& row)
{
    appendId(out, row.id);
    if (m_columns.hasChanges()) {
        out += ',';
        out += nameOf(row.change);
    }
    if (row.change != RowChange::Deleted) {
        appendState(out, row.state.root());
    } else {
        out.append(m_columns.names().size() + m_columns.hasWholes() + m_columns.hasRest(), ',');
    }
    out += "\r\n";
}

void CsvWriter::appendId(std::string& out, base::ByteView id) const
{
    const bool isText = decode::isUtf8(id);
    if (isText) appendCsvField(out, id);
    if (!m_columns.hasIdsOfBytes()) return;
    out += ',';
    if (!isText) decode::appendBase64(out, id);
}

void CsvWriter::appendState(std::string& out, event::Value state)
{
    m_cells.assign(m_columns.names().size(), {});
    std::string whole;
    std::string rest;
    splitState(state, [&](const std::string& pointer, event::Value value, PartKind kind) {
        if (kind == PartKind::Whole) {
            event::appendJson(whole, value);
            return;
        }
        const auto name = m_columns.nameFor(pointer, kind);
        const auto place = name ? m_columns.find(*name) : std::nullopt;
        if (place && kind == PartKind::Scalar) {
            appendScalar(m_cells[*place], value);
        } else if (place) {
            appendCsvField(m_cells[*place], toJson(value));
        } else {
            rest += rest.empty() ? '{' : ',';
            event::escape(rest, pointer);
            rest += ':';
            event::appendJson(rest, value);
        }
    });
    const auto appendJsonCell = [&](const std::string& json) {
        out += ',';
        if (!json.empty()) appendCsvField(out, json);
    };
    if (m_columns.hasWholes()) appendJsonCell(whole);
    for (const std::string& cell : m_cells) {
        out += ',';
        out += cell;
    }
    if (m_columns.hasRest()) appendJsonCell(rest.empty() ? rest : rest + '}');
}

} // namespace leftfold::snapshot
