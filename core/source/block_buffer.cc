// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/block_buffer.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace leftfold::source {

namespace {

constexpr std::size_t kFirstBlockBytes = std::size_t{1} << 20; ///< small: the first records come early
constexpr std::size_t kBlockBytes = std::size_t{4} << 20;
constexpr std::size_t kReadBytes = std::size_t{1} << 20; ///< between two looks at the stop token

} // namespace

/// Room for as much again as is pending, so that a long line is copied a few times only; no more than can come.
std::size_t BlockBuffer::nextCapacity() const
{
    const std::size_t pendingBytes = m_end - m_begin;
    const std::size_t room = std::max(m_isFirst ? kFirstBlockBytes : kBlockBytes, pendingBytes);
    const std::uint64_t left = std::max<std::uint64_t>(m_stream->bytesLeft(), 1);
    return pendingBytes + static_cast<std::size_t>(std::min<std::uint64_t>(room, left));
}

base::Result<void> BlockBuffer::makeRoom()
{
    if (!m_isShared && m_begin == m_end) m_begin = m_end = 0;
    if (!m_isShared && m_end < m_capacity) return {};
    const std::size_t capacity = nextCapacity();
    std::shared_ptr<char[]> block;
    try {
        block = std::make_shared_for_overwrite<char[]>(capacity + base::kReadablePadding);
    } catch (const std::bad_alloc&) {
        return base::fail(base::ErrorCode::SystemFailed, m_stream->input().path(),
                          "no memory for " + std::to_string(capacity) + " bytes");
    }
    const base::ByteView carried = pending();
    if (!carried.empty()) std::memcpy(block.get(), carried.data(), carried.size());
    m_block = std::move(block);
    m_capacity = capacity;
    m_begin = 0;
    m_end = carried.size();
    m_isShared = false;
    m_isFirst = false;
    return {};
}

base::Result<bool> BlockBuffer::more(std::stop_token stop)
{
    if (m_stream->atEnd()) return false;
    LEFTFOLD_CHECK(makeRoom());
    const std::size_t before = m_end;
    do {
        const std::size_t room = std::min(m_capacity - m_end, kReadBytes);
        if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
        LEFTFOLD_TRY(const std::size_t got, m_stream->read({m_block.get() + m_end, room}, stop));
        m_end += got;
    } while (m_end < m_capacity && !m_stream->atEnd() && !m_stream->input().isPipe());
    std::memset(m_block.get() + m_end, 0, base::kReadablePadding);
    return m_end > before;
}

void BlockBuffer::release(std::size_t bytes)
{
    m_begin += bytes;
    m_isShared = true;
}

} // namespace leftfold::source
