// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/snapshot/exported_state.h"

#include "core/snapshot/snapshot.h"

#include <array>
#include <utility>

namespace leftfold::snapshot {

namespace {

constexpr std::array<std::string_view, 3> kFormats = {"jsonl", "csv", "sqlite"};
constexpr std::array<std::string_view, 4> kChanges = {"", "created", "changed", "deleted"};
constexpr std::array<std::pair<std::string_view, ExportFormat>, 6> kEndings = {{{".jsonl", ExportFormat::JsonLines},
                                                                                {".ndjson", ExportFormat::JsonLines},
                                                                                {".csv", ExportFormat::Csv},
                                                                                {".sqlite", ExportFormat::Sqlite},
                                                                                {".sqlite3", ExportFormat::Sqlite},
                                                                                {".db", ExportFormat::Sqlite}}};

} // namespace

std::string_view nameOf(ExportFormat format)
{
    return kFormats[static_cast<std::size_t>(format)];
}

std::optional<ExportFormat> exportFormatNamed(std::string_view name)
{
    for (std::size_t i = 0; i < kFormats.size(); ++i) {
        if (kFormats[i] == name) return static_cast<ExportFormat>(i);
    }
    return std::nullopt;
}

std::optional<ExportFormat> exportFormatOf(std::string_view path)
{
    for (const auto& [ending, format] : kEndings) {
        if (path.ends_with(ending)) return format;
    }
    return std::nullopt;
}

std::string_view nameOf(RowChange change)
{
    return kChanges[static_cast<std::size_t>(change)];
}

std::optional<RowChange> rowChangeNamed(std::string_view name)
{
    for (std::size_t i = 0; i < kChanges.size(); ++i) {
        if (kChanges[i] == name) return static_cast<RowChange>(i);
    }
    return std::nullopt;
}

base::Hash256 rowHash(RowChange change, const base::Hash256& stateHash)
{
    if (change == RowChange::None) return stateHash;
    std::string bytes(nameOf(change));
    bytes += '\0';
    bytes.append(reinterpret_cast<const char*>(stateHash.data()), stateHash.size());
    return base::sha256(bytes);
}

base::Hash256 hashOf(const ExportedState& row)
{
    return rowHash(row.change, hashOf(row.id, row.state.root()));
}

} // namespace leftfold::snapshot
