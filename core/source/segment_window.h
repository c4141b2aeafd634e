// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/file.h"

#include <cstdint>
#include <memory>
#include <string>

namespace leftfold::source {

/// Bytes of a file that others may write to, shorten or remove meanwhile, read in large blocks. Not mapped: a file that is cut while it
/// is mapped ends the program.
class SegmentWindow {
public:
    /// Bytes before `limit` alone; fewer where the file ends before.
    [[nodiscard]] base::Result<void> open(const std::string& path, std::uint64_t limit);
    /// The bytes from `at` on: `least` of them at the least, or all there are. base::kReadablePadding more can be read behind them. Valid
    /// until the next call.
    [[nodiscard]] base::Result<base::ByteView> from(std::uint64_t at, std::size_t least);
    /// Where the file ends, as far as is known.
    [[nodiscard]] std::uint64_t limit() const { return m_limit; }
    [[nodiscard]] const std::string& path() const { return m_path; }

private:
    [[nodiscard]] base::Result<void> fill(std::uint64_t at, std::size_t least);

    base::FileHandle m_file;
    std::string m_path;
    std::uint64_t m_limit = 0;
    std::unique_ptr<char[]> m_bytes;
    std::size_t m_room = 0;
    std::uint64_t m_begin = 0; ///< place of the first byte held
    std::size_t m_size = 0; ///< bytes held
};

} // namespace leftfold::source
