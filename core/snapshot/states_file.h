// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/snapshot/export_reader.h"
#include "core/snapshot/moment_diff.h"

#include <fstream>
#include <memory>
#include <string>

namespace leftfold::snapshot {

/// States of aggregates in a file, as `leftfold ls --json` writes them (lines of JSON, {"id":"...","state":...}, by id in
/// ascending order of bytes), or in an export of any format. Read row by row; one thread's.
class StatesFile {
public:
    /// Whether it begins with such a row. Fails where the file cannot be read.
    [[nodiscard]] static base::Result<bool> looksLikeOne(const std::string& path);
    [[nodiscard]] static base::Result<StatesFile> open(const std::string& path);

    struct Row {
        std::string id;
        event::Document state;
    };
    /// The next one; nothing at the end. Fails with SystemFailed, naming file, line and reason, where a line is none of these or
    /// its id does not come behind the one before; with BadExport where that is so in an export, and where an export has
    /// no states but changes.
    [[nodiscard]] base::Result<std::optional<Row>> next();

private:
    StatesFile(std::string path, std::ifstream file) : m_path(std::move(path)), m_file(std::move(file)) {}
    [[nodiscard]] tl::unexpected<base::Error> bad(const std::string& reason) const;
    [[nodiscard]] base::Result<std::optional<Row>> nextOfExport();

    std::string m_path;
    std::ifstream m_file;
    std::unique_ptr<ExportReader> m_export; ///< null where it is lines of `ls --json`
    std::string m_line;
    std::uint64_t m_number = 0;
    std::optional<std::string> m_lastId;
};

struct StatesDiffSummary {
    std::uint64_t aggregates = 0; ///< in either file
    std::uint64_t created = 0; ///< in the second alone
    std::uint64_t deleted = 0; ///< in the first alone
    std::uint64_t changed = 0;
};

/// What differs between two files of states, joined by id; in memory is a row of each.
[[nodiscard]] base::Result<StatesDiffSummary> diffStates(
    StatesFile& a, StatesFile& b, const event::DiffRules& rules, std::stop_token stop,
    const std::function<base::Result<void>(const AggregateDiff&)>& sink);

} // namespace leftfold::snapshot
