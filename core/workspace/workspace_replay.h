// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/capture/reader.h"
#include "core/snapshot/snapshot.h"
#include "core/workspace/workspace_file.h"

#include <map>
#include <optional>
#include <stop_token>
#include <string>

namespace leftfold::workspace {

/// What became of an expectation when it was looked at.
struct CheckedExpectation {
    Expectation found; ///< the same, with what came out now
    bool holds = false; ///< that is what was expected; never where nothing was recorded
    /// A script stopped, so nothing came out: that is no failure of the check, and nothing that could be expected.
    std::optional<base::Error> stopped;
    std::uint64_t unreadable = 0; ///< events or aggregates that could not be looked at: what came out may be wrong
};

/// Replays a workspace over its log. One thread's; the reader stays the caller's.
class WorkspaceReplay {
public:
    WorkspaceReplay(capture::Reader& reader, const WorkspaceFile& file, unsigned workers)
        : m_reader(reader),
          m_file(file),
          m_workers(workers)
    {}

    /// Looks at one of the file's expectations, recorded or not. Fails where it cannot be looked at: a moment or an aggregate that is not
    /// there, a script that cannot be loaded, a stop. `progress` may be empty.
    [[nodiscard]] base::Result<CheckedExpectation> check(const Expectation& expectation, std::stop_token stop,
                                                         const snapshot::Progress& progress);

private:
    [[nodiscard]] base::Result<replay::Projection> projection(const std::string& name, const std::stop_token& stop,
                                                              const snapshot::Progress& progress);
    [[nodiscard]] base::Result<capture::OrdinalCut> cutAt(const std::string& when);
    [[nodiscard]] base::Result<std::string> positionOf(event::EventIndex event);
    [[nodiscard]] base::Result<void> find(ExpectedSnapshot& expected, CheckedExpectation& checked,
                                          const std::stop_token& stop, const snapshot::Progress& progress);
    [[nodiscard]] base::Result<void> find(ExpectedRun& expected, CheckedExpectation& checked,
                                          const std::stop_token& stop, const snapshot::Progress& progress);
    [[nodiscard]] base::Result<void> find(ExpectedTurns& expected, CheckedExpectation& checked,
                                          const std::stop_token& stop, const snapshot::Progress& progress);
    [[nodiscard]] base::Result<void> find(ExpectedParting& expected, CheckedExpectation& checked,
                                          const std::stop_token& stop, const snapshot::Progress& progress);

    capture::Reader& m_reader;
    const WorkspaceFile& m_file;
    unsigned m_workers;
    std::map<std::string, replay::Projection> m_opened; ///< by name
};

} // namespace leftfold::workspace
