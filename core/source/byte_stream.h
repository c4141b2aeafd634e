// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/raw_input.h"

#include <memory>
#include <optional>
#include <string_view>

namespace leftfold::source {

/// The decoded bytes of a file or a pipe. Compressed data whose end is missing or which is damaged end the
/// stream where decoding ends, and `damage` says why.
class ByteStream {
public:
    ByteStream() = default;
    virtual ~ByteStream() = default;
    ByteStream(const ByteStream&) = delete;
    ByteStream& operator=(const ByteStream&) = delete;

    /// At least one byte, or 0 at the end. Waits on a silent pipe; fails with Cancelled within 50 ms of a stop.
    [[nodiscard]] virtual base::Result<std::size_t> read(std::span<char> into, std::stop_token stop) = 0;
    [[nodiscard]] virtual bool atEnd() const = 0;
    /// True on a pipe that gives nothing just now.
    [[nodiscard]] virtual bool wouldWait() const = 0;
    /// SourceTruncatedStream or SourceDamagedStream, with the byte of the file.
    [[nodiscard]] virtual std::optional<base::Error> damage() const { return std::nullopt; }
    [[nodiscard]] virtual bool isCompressed() const { return true; }
    /// Whether the bytes are others than those that are stored since their text is of another encoding.
    [[nodiscard]] virtual bool isTranscoded() const { return false; }
    /// How many bytes there are at most; kNoLimit where nobody knows.
    [[nodiscard]] virtual std::uint64_t bytesLeft() const { return kNoLimit; }

    [[nodiscard]] virtual const RawInput& input() const = 0;
};

/// A stream that decodes an input of its own.
class InputStream : public ByteStream {
public:
    explicit InputStream(RawInput input) : m_input(std::move(input)) {}
    [[nodiscard]] const RawInput& input() const override { return m_input; }

protected:
    RawInput m_input;
};

/// The stream that decodes `input`, chosen by its first bytes. Fails with SourceCompression for a compression that
/// is known but not read here.
[[nodiscard]] base::Result<std::unique_ptr<ByteStream>> decodedStream(RawInput input, std::stop_token stop);

/// `head` are the first bytes, already read from `input`.
[[nodiscard]] base::Result<std::unique_ptr<ByteStream>> gzipStream(RawInput input, std::string_view head);
[[nodiscard]] base::Result<std::unique_ptr<ByteStream>> zstdStream(RawInput input, std::string_view head);

/// Compressed bytes on their way into a decoder: a block of the input, with what is not decoded yet.
class CompressedBlock {
public:
    explicit CompressedBlock(std::string_view head);
    /// Reads the next block where everything was decoded; false at the end of the input.
    [[nodiscard]] base::Result<bool> fill(RawInput& input, std::stop_token stop);
    [[nodiscard]] std::string_view pending() const
    {
        return std::string_view(m_bytes).substr(m_begin, m_end - m_begin);
    }
    void consume(std::size_t count) { m_begin += count; }

private:
    std::string m_bytes;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
};

} // namespace leftfold::source
