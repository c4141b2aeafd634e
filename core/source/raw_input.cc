// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/raw_input.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace leftfold::source {

namespace {

constexpr int kInputPollMs = 20;

/// Whether reading would return at once, with bytes, the end or an error.
bool isReadable(int descriptor, int timeoutMs)
{
    pollfd watched{descriptor, POLLIN, 0};
    return ::poll(&watched, 1, timeoutMs) > 0;
}

} // namespace

base::Result<RawInput> RawInput::openFile(const std::string& path, std::uint64_t limit)
{
    RawInput input;
    input.m_path = path;
    input.m_limit = limit;
    input.m_file = base::FileHandle(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!input.m_file.isOpen()) return base::failErrno(path, errno);
    LEFTFOLD_TRY(input.m_facts, factsOf(input.m_file.get(), path));
    if (input.m_facts.kind != FileKind::Regular) return base::fail(base::ErrorCode::SourceNotAFile, path);
    ::posix_fadvise(input.m_file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    return input;
}

base::Result<RawInput> RawInput::openFifo(const std::string& path)
{
    RawInput input;
    input.m_path = path;
    input.m_isPipe = true;
    input.m_file = base::FileHandle(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!input.m_file.isOpen()) return base::failErrno(path, errno);
    return input;
}

base::Result<RawInput> RawInput::standardInput()
{
    RawInput input;
    input.m_path = "standard input";
    input.m_isPipe = true;
    input.m_file = base::FileHandle(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
    if (!input.m_file.isOpen()) return base::failErrno(input.m_path, errno);
    return input;
}

base::Result<void> RawInput::waitForBytes(const std::stop_token& stop) const
{
    while (!stop.stop_requested()) {
        if (!m_isPipe || isReadable(m_file.get(), kInputPollMs)) return {};
    }
    return base::fail(base::ErrorCode::Cancelled);
}

base::Result<std::size_t> RawInput::read(std::span<char> into, std::stop_token stop)
{
    if (atEnd()) return std::size_t{0};
    const std::uint64_t most = std::min<std::uint64_t>(into.size(), m_limit - m_position);
    while (true) {
        LEFTFOLD_CHECK(waitForBytes(stop));
        const ssize_t got = ::read(m_file.get(), into.data(), static_cast<std::size_t>(most));
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (got < 0) return base::failErrno(m_path, errno);
        m_position += static_cast<std::uint64_t>(got);
        m_atEnd = got == 0;
        return static_cast<std::size_t>(got);
    }
}

bool RawInput::wouldWait() const
{
    return m_isPipe && !m_atEnd && !isReadable(m_file.get(), 0);
}

std::uint64_t RawInput::bytesLeft() const
{
    const std::uint64_t end = std::min(m_limit, m_facts.size);
    return end > m_position ? end - m_position : 0;
}

std::string RawInput::behindLimit() const
{
    char bytes[2];
    if (m_isPipe || m_limit == kNoLimit) return {};
    const ssize_t got = ::pread(m_file.get(), bytes, sizeof bytes, static_cast<off_t>(m_limit));
    return {bytes, static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

} // namespace leftfold::source
