// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/source/byte_stream.h"

#include <memory>

namespace leftfold::source {

/// A stream in large blocks of memory. What was read and not released yet stays together, so that a view of it is
/// one piece; kReadablePadding bytes can be read behind it.
class BlockBuffer {
public:
    explicit BlockBuffer(std::unique_ptr<ByteStream> stream) : m_stream(std::move(stream)) {}

    /// What was read and not released. Valid until the next `more`.
    [[nodiscard]] base::ByteView pending() const { return {m_block.get() + m_begin, m_end - m_begin}; }
    /// Reads on, so that `pending` grows; false at the end of the stream. Of a pipe what is there, else a block full.
    [[nodiscard]] base::Result<bool> more(std::stop_token stop);
    /// Lets go of the first bytes. Views of them stay valid as long as `storage()`, taken before, is held.
    void release(std::size_t bytes);
    /// Lets go of the first bytes; nobody looks at them any more.
    void discard(std::size_t bytes) { m_begin += bytes; }
    [[nodiscard]] std::shared_ptr<const void> storage() const { return m_block; }
    [[nodiscard]] const ByteStream& stream() const { return *m_stream; }

private:
    [[nodiscard]] base::Result<void> makeRoom();
    [[nodiscard]] std::size_t nextCapacity() const;

    std::unique_ptr<ByteStream> m_stream;
    std::shared_ptr<char[]> m_block;
    std::size_t m_capacity = 0;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    bool m_isShared = false; ///< others look at this block: nothing is written to it any more
    bool m_isFirst = true;
};

} // namespace leftfold::source
