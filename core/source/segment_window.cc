// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/segment_window.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace leftfold::source {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

} // namespace

base::Result<void> SegmentWindow::open(const std::string& path, std::uint64_t limit)
{
    m_file = base::FileHandle(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!m_file.isOpen()) return base::failErrno(path, errno);
    m_path = path;
    m_limit = limit;
    m_begin = 0;
    m_size = 0;
    return {};
}

base::Result<base::ByteView> SegmentWindow::from(std::uint64_t at, std::size_t least)
{
    if (at >= m_limit) return base::ByteView();
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(least, m_limit - at));
    const bool isHeld = at >= m_begin && at + wanted <= m_begin + m_size;
    if (!isHeld) LEFTFOLD_CHECK(fill(at, wanted));
    const std::uint64_t end = m_begin + m_size;
    return at < end ? base::ByteView(m_bytes.get() + (at - m_begin), static_cast<std::size_t>(end - at))
                    : base::ByteView();
}

base::Result<void> SegmentWindow::fill(std::uint64_t at, std::size_t least)
{
    const std::size_t kept =
        at >= m_begin && at < m_begin + m_size ? static_cast<std::size_t>(m_begin + m_size - at) : 0;
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(std::max(kBlock, least), m_limit - at));
    std::unique_ptr<char[]> larger;
    if (size > m_room) larger.reset(new char[size + base::kReadablePadding]);
    char* const to = larger ? larger.get() : m_bytes.get();
    if (kept > 0) std::memmove(to, m_bytes.get() + (at - m_begin), kept);
    if (larger) {
        m_bytes = std::move(larger);
        m_room = size;
    }
    m_begin = at;
    m_size = kept;
    while (m_size < size) {
        const ssize_t got = ::pread(m_file.get(), to + m_size, size - m_size, static_cast<off_t>(at + m_size));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return base::failErrno(m_path, errno);
        if (got == 0) { // it was cut behind our back
            m_limit = at + m_size;
            break;
        }
        m_size += static_cast<std::size_t>(got);
    }
    std::memset(to + m_size, 0, base::kReadablePadding);
    return {};
}

} // namespace leftfold::source
