// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/file.h"
#include "core/source/file_facts.h"

#include <cstdint>
#include <limits>
#include <span>
#include <stop_token>
#include <string>

namespace leftfold::source {

inline constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

/// The bytes of a file up to a limit, or of a pipe to its end, as they are stored.
class RawInput {
public:
    /// `limit` is fixed before reading, so that a file that grows meanwhile ends where it ended.
    [[nodiscard]] static base::Result<RawInput> openFile(const std::string& path, std::uint64_t limit);
    /// Does not wait for a writer.
    [[nodiscard]] static base::Result<RawInput> openFifo(const std::string& path);
    [[nodiscard]] static base::Result<RawInput> standardInput();

    /// At least one byte, or 0 at the end. Waits on a silent pipe; fails with Cancelled within 50 ms of a stop.
    [[nodiscard]] base::Result<std::size_t> read(std::span<char> into, std::stop_token stop);
    /// True on a pipe that has nothing to read just now.
    [[nodiscard]] bool wouldWait() const;
    [[nodiscard]] bool atEnd() const { return m_atEnd || m_position == m_limit; }
    [[nodiscard]] std::uint64_t position() const { return m_position; }
    /// Of a file, up to its limit.
    [[nodiscard]] std::uint64_t bytesLeft() const;
    /// Up to two bytes from behind the limit, as far as the file has grown since; empty for a pipe.
    [[nodiscard]] std::string behindLimit() const;

    [[nodiscard]] bool isPipe() const { return m_isPipe; }
    [[nodiscard]] const std::string& path() const { return m_path; }
    /// As they were when the file was opened.
    [[nodiscard]] const FileFacts& facts() const { return m_facts; }
    [[nodiscard]] base::Result<FileFacts> factsNow() const { return factsOf(m_file.get(), m_path); }

private:
    RawInput() = default;
    [[nodiscard]] base::Result<void> waitForBytes(const std::stop_token& stop) const;

    base::FileHandle m_file;
    std::string m_path;
    FileFacts m_facts;
    std::uint64_t m_limit = kNoLimit;
    std::uint64_t m_position = 0;
    bool m_isPipe = false;
    bool m_atEnd = false;
};

} // namespace leftfold::source
