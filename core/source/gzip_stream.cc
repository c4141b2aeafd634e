// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/byte_stream.h"

#include <algorithm>
#include <limits>
#include <zlib.h>

namespace leftfold::source {

namespace {

using base::Result;

/// zlib's state, freed when it goes. zlib keeps a pointer to it, so it never moves.
struct Inflater {
    z_stream stream{};
    bool ready = false;
    Inflater()
    {
        constexpr int kGzipOnly = 16 + MAX_WBITS;
        ready = inflateInit2(&stream, kGzipOnly) == Z_OK;
    }
    ~Inflater()
    {
        if (ready) inflateEnd(&stream);
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
};

unsigned atMost32Bits(std::size_t size)
{
    return static_cast<unsigned>(std::min<std::size_t>(size, std::numeric_limits<unsigned>::max()));
}

/// RFC 1952: members one behind the other are one stream; zeros behind the last are padding.
class GzipStream : public InputStream {
public:
    GzipStream(RawInput input, std::string_view head) : InputStream(std::move(input)), m_block(head) {}

    Result<std::size_t> read(std::span<char> into, std::stop_token stop) override
    {
        if (!m_inflater.ready) return base::fail(base::ErrorCode::SystemFailed, m_input.path(), "no memory for gzip");
        std::size_t made = 0;
        while (made == 0 && !m_ended) {
            if (stop.stop_requested()) return base::fail(base::ErrorCode::Cancelled);
            if (!m_holdsOutput) {
                LEFTFOLD_TRY(const bool more, m_block.fill(m_input, stop));
                if (!more) end();
            }
            if (!m_ended) made = m_betweenMembers ? startMember() : inflateInto(into);
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
        if (!m_betweenMembers) {
            m_damage = base::Error{base::ErrorCode::SourceTruncatedStream,
                                   {m_input.path(), "gzip", std::to_string(m_input.position())},
                                   {}};
        }
    }

    /// Makes no output.
    std::size_t startMember()
    {
        if (m_block.pending().front() == '\0') {
            m_block.consume(1);
        } else {
            inflateReset(&m_inflater.stream);
            m_betweenMembers = false;
        }
        return 0;
    }

    std::size_t inflateInto(std::span<char> into)
    {
        z_stream& zlib = m_inflater.stream;
        const std::string_view pending = m_block.pending();
        zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(pending.data()));
        zlib.avail_in = atMost32Bits(pending.size());
        zlib.next_out = reinterpret_cast<Bytef*>(into.data());
        zlib.avail_out = atMost32Bits(into.size());
        const unsigned room = zlib.avail_out;
        const int result = inflate(&zlib, Z_NO_FLUSH);
        m_block.consume(pending.size() - zlib.avail_in);
        m_holdsOutput = result == Z_OK && zlib.avail_out == 0;
        if (result == Z_STREAM_END) {
            m_betweenMembers = true;
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            fail(zlib.msg == nullptr ? "zlib error " + std::to_string(result) : zlib.msg);
        }
        return room - zlib.avail_out;
    }

    void fail(const std::string& reason)
    {
        m_ended = true;
        const std::uint64_t place = m_input.position() - m_block.pending().size();
        m_damage = base::Error{
            base::ErrorCode::SourceDamagedStream, {m_input.path(), "gzip", std::to_string(place), reason}, {}};
    }

    Inflater m_inflater;
    CompressedBlock m_block;
    std::optional<base::Error> m_damage;
    bool m_betweenMembers = true;
    bool m_holdsOutput = false; ///< the last call filled its room: there may be more without new input
    bool m_ended = false;
};

} // namespace

Result<std::unique_ptr<ByteStream>> gzipStream(RawInput input, std::string_view head)
{
    return std::make_unique<GzipStream>(std::move(input), head);
}

} // namespace leftfold::source
