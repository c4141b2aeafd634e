// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/line_format.h"
#include "core/source/resume.h"

namespace leftfold::source {

/// Reads one log of a load: one file, or a rotated set one after the other.
class LogReader {
public:
    /// `options` and `envelopes` belong to the source and are shared by all its logs; they stay where they are.
    LogReader(TargetLog target, LogPlace place, const FileOptions& options,
              std::map<event::Partition, event::Offset>& envelopes);

    /// Finds where to go on and compares what was read before. Fails with SourceTruncated, SourceRewritten,
    /// SourceVanished or SourceReadOnce.
    [[nodiscard]] base::Result<void> open(FolderListings& listings, std::stop_token stop);
    /// Closes the file until it is read: `read` opens again. Before the first `read` only.
    void park();
    [[nodiscard]] bool isHoldingFile() const { return m_reader != nullptr; }

    /// The batches of the next lines, at least one; none at the target. They have no cut: `place` is the one behind them.
    [[nodiscard]] base::Result<std::vector<event::RecordBatch>> read(std::stop_token stop);

    /// Behind what `read` gave.
    [[nodiscard]] const LogPlace& place() const { return m_place; }
    [[nodiscard]] const std::string& path() const { return m_target.path; }
    /// Where problems of the log stand, and records if they are no envelopes.
    [[nodiscard]] event::Partition partition() const { return {m_place.topic, 0}; }
    [[nodiscard]] std::uint64_t bytesRead() const;
    [[nodiscard]] std::uint64_t bytesToRead() const;

private:
    [[nodiscard]] base::Result<void> openFiles(FolderListings& listings, const std::stop_token& stop);
    [[nodiscard]] base::Result<Continuation> findStart(const std::stop_token& stop) const;
    [[nodiscard]] std::size_t currentMember() const;
    [[nodiscard]] base::Result<void> openPipe(const std::stop_token& stop);
    [[nodiscard]] base::Result<bool> openNext(const std::stop_token& stop);
    [[nodiscard]] base::Result<std::vector<event::RecordBatch>> readSome(const std::stop_token& stop);
    [[nodiscard]] base::Result<std::vector<event::RecordBatch>> batches();
    [[nodiscard]] std::vector<base::Error> settleEnd(bool newest);
    [[nodiscard]] std::vector<event::Problem> placed(const std::vector<base::Error>& errors) const;
    [[nodiscard]] base::Result<void> findFormat(const std::stop_token& stop);
    [[nodiscard]] std::vector<event::RecordBatch> rows();
    void moveOn(bool atEnd);
    [[nodiscard]] bool isNewest() const;
    [[nodiscard]] event::Position nextPosition() const;

    TargetLog m_target;
    LogPlace m_place;
    const FileOptions& m_options;
    std::map<event::Partition, event::Offset>& m_envelopes;
    std::vector<LogMember> m_members;
    std::size_t m_index = 0; ///< the member that is read or comes next
    std::unique_ptr<FileReader> m_reader;
    std::vector<base::Error> m_found; ///< problems for the next batch
    std::uint64_t m_bytesDone = 0; ///< of members read to their end
    bool m_hasNewFile = true; ///< nothing of `m_reader` was collected yet
    LineFormat m_format; ///< of what is read; goes into the place with the first line
    bool m_isOpen = false;
    bool m_isPipeOpen = false;
};

} // namespace leftfold::source
