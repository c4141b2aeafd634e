// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/table_columns.h"

#include "core/decode/text.h"

#include <algorithm>

namespace leftfold::snapshot {

namespace {

/// As SQLite compares the names of columns.
std::string folded(std::string name)
{
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return name;
}

} // namespace

std::optional<std::string> TableColumns::nameFor(const std::string& pointer, PartKind kind) const
{
    if (kind == PartKind::Scalar) return pointer;
    if (kind == PartKind::Composite && m_format == ExportFormat::Csv) return std::string(kJsonColumn) + pointer;
    return std::nullopt;
}

std::optional<std::size_t> TableColumns::find(const std::string& name) const
{
    const auto place = m_places.find(m_format == ExportFormat::Sqlite ? folded(name) : name);
    if (place == m_places.end() || m_names[place->second] != name) return std::nullopt;
    return place->second;
}

void TableColumns::addName(const std::string& name)
{
    if (find(name)) return;
    const bool fits =
        m_names.size() < kMaxPartColumns
        && m_places.emplace(m_format == ExportFormat::Sqlite ? folded(name) : name, m_names.size()).second;
    if (fits)
        m_names.push_back(name);
    else
        m_hasRest = true;
}

void TableColumns::add(base::ByteView id, RowChange change, event::Value state)
{
    m_hasIdsOfBytes = m_hasIdsOfBytes || !decode::isUtf8(id);
    m_hasChanges = m_hasChanges || change != RowChange::None;
    if (change == RowChange::Deleted) return;
    splitState(state, [&](const std::string& pointer, event::Value, PartKind kind) {
        if (const auto name = nameFor(pointer, kind)) return addName(*name);
        m_hasWholes = m_hasWholes || kind == PartKind::Whole;
        m_hasRest = m_hasRest || kind == PartKind::Unnamed;
    });
}

void TableColumns::add(const TableColumns& later)
{
    for (const std::string& name : later.m_names) addName(name);
    m_hasIdsOfBytes = m_hasIdsOfBytes || later.m_hasIdsOfBytes;
    m_hasWholes = m_hasWholes || later.m_hasWholes;
    m_hasRest = m_hasRest || later.m_hasRest;
    m_hasChanges = m_hasChanges || later.m_hasChanges;
}

} // namespace leftfold::snapshot
