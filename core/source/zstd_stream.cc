// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/byte_stream.h"

#include <zstd.h>

namespace leftfold::source {

namespace {

using base::Result;

struct FreeDecoder {
    void operator()(ZSTD_DStream* decoder) const { ZSTD_freeDStream(decoder); }
};

/// RFC 8878: frames one behind the other are one stream. Windows beyond 128 MiB are refused, as zstd itself does.
class ZstdStream : public InputStream {
public:
    ZstdStream(RawInput input, std::string_view head)
        : InputStream(std::move(input)),
          m_decoder(ZSTD_createDStream()),
          m_block(head)
    {}

    Result<std::size_t> read(std::span<char> into, std::stop_token stop) override
    {
        if (m_decoder == nullptr)
            return base::fail(base::ErrorCode::SystemFailed, m_input.path(), "no memory for zstd");
        std::size_t made = 0;
        while (made == 0 && !m_ended) {
            if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
            if (!m_holdsOutput) {
                LEFTFOLD_TRY(const bool more, m_block.fill(m_input, stop));
                if (!more) end();
            }
            if (!m_ended) made = decodeInto(into);
        }
        return made;
    }

    bool atEnd() const override { return m_ended; }
    bool wouldWait() const override
    {
        return !m_ended && !m_holdsOutput && m_block.pending().empty() && m_input.wouldWait();
    }
    std::optional<base::Error> damage() const override { return m_damage; }

private:
    void end()
    {
        m_ended = true;
        if (!m_betweenFrames) {
            m_damage = base::Error{base::ErrorCode::SourceTruncatedStream,
                                   {m_input.path(), "zstd", std::to_string(m_input.position())},
                                   {}};
        }
    }

    std::size_t decodeInto(std::span<char> into)
    {
        const std::string_view pending = m_block.pending();
        ZSTD_inBuffer in{pending.data(), pending.size(), 0};
        ZSTD_outBuffer out{into.data(), into.size(), 0};
        const std::size_t result = ZSTD_decompressStream(m_decoder.get(), &out, &in);
        m_block.consume(in.pos);
        m_betweenFrames = result == 0;
        m_holdsOutput = result != 0 && out.pos == out.size;
        if (ZSTD_isError(result) != 0) fail(ZSTD_getErrorName(result));
        return out.pos;
    }

    void fail(const char* reason)
    {
        m_ended = true;
        const std::uint64_t place = m_input.position() - m_block.pending().size();
        m_damage = base::Error{
            base::ErrorCode::SourceDamagedStream, {m_input.path(), "zstd", std::to_string(place), reason}, {}};
    }

    std::unique_ptr<ZSTD_DStream, FreeDecoder> m_decoder;
    CompressedBlock m_block;
    std::optional<base::Error> m_damage;
    bool m_betweenFrames = true;
    bool m_holdsOutput = false; ///< the last call filled its room: there may be more without new input
    bool m_ended = false;
};

} // namespace

Result<std::unique_ptr<ByteStream>> zstdStream(RawInput input, std::string_view head)
{
    return std::make_unique<ZstdStream>(std::move(input), head);
}

} // namespace leftfold::source
