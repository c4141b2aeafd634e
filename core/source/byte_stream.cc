// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/byte_stream.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace leftfold::source {

namespace {

using base::Result;
using namespace std::string_view_literals;

enum class Coding : std::uint8_t { Gzip, Zstd, Unknown };

struct Magic {
    std::string_view bytes;
    Coding coding;
    std::string_view name;
};

constexpr std::array kMagics = {
    Magic{"\x1f\x8b"sv, Coding::Gzip, "gzip"},           Magic{"\x28\xb5\x2f\xfd"sv, Coding::Zstd, "zstd"},
    Magic{"\xfd\x37zXZ\x00"sv, Coding::Unknown, "xz"},   Magic{"BZh"sv, Coding::Unknown, "bzip2"},
    Magic{"\x04\x22\x4d\x18"sv, Coding::Unknown, "lz4"}, Magic{"PK\x03\x04"sv, Coding::Unknown, "zip"},
};
constexpr std::size_t kMagicBytes = 6;

/// A zstd stream may begin with a frame to skip.
bool isSkippableFrame(std::string_view head)
{
    return head.size() >= 4 && (head[0] & '\xf0') == 0x50 && head.substr(1, 3) == "\x2a\x4d\x18"sv;
}

/// Whether more bytes could still make `head` the start of compressed data.
bool isUndecided(std::string_view head)
{
    const auto begins = [&](const Magic& magic) {
        return head.size() < magic.bytes.size() && magic.bytes.starts_with(head);
    };
    const bool skippable = head.size() == 1 && (head[0] & '\xf0') == 0x50;
    return std::any_of(kMagics.begin(), kMagics.end(), begins) || skippable
           || (head.size() < 4 && head.size() > 1 && "\x2a\x4d\x18"sv.starts_with(head.substr(1)));
}

const Magic* magicOf(std::string_view head)
{
    static constexpr Magic kSkippable{{}, Coding::Zstd, "zstd"};
    for (const Magic& magic : kMagics) {
        if (head.starts_with(magic.bytes)) return &magic;
    }
    return isSkippableFrame(head) ? &kSkippable : nullptr;
}

Result<std::string> readHead(RawInput& input, const std::stop_token& stop)
{
    std::string head;
    while (head.size() < kMagicBytes && isUndecided(head)) {
        char bytes[kMagicBytes];
        LEFTFOLD_TRY(const std::size_t got, input.read({bytes, kMagicBytes - head.size()}, stop));
        if (got == 0) break;
        head.append(bytes, got);
    }
    return head;
}

/// Bytes as they are stored.
class PlainStream : public InputStream {
public:
    PlainStream(RawInput input, std::string head) : InputStream(std::move(input)), m_head(std::move(head)) {}

    Result<std::size_t> read(std::span<char> into, std::stop_token stop) override
    {
        if (m_head.empty()) return m_input.read(into, stop);
        const std::size_t count = std::min(into.size(), m_head.size());
        std::memcpy(into.data(), m_head.data(), count);
        m_head.erase(0, count);
        return count;
    }
    bool atEnd() const override { return m_head.empty() && m_input.atEnd(); }
    bool wouldWait() const override { return m_head.empty() && m_input.wouldWait(); }
    bool isCompressed() const override { return false; }
    std::uint64_t bytesLeft() const override
    {
        return m_input.isPipe() ? kNoLimit : m_head.size() + m_input.bytesLeft();
    }

private:
    std::string m_head;
};

} // namespace

Result<std::unique_ptr<ByteStream>> decodedStream(RawInput input, std::stop_token stop)
{
    LEFTFOLD_TRY(std::string head, readHead(input, stop));
    const Magic* magic = magicOf(head);
    if (magic == nullptr) return std::make_unique<PlainStream>(std::move(input), std::move(head));
    if (magic->coding == Coding::Gzip) return gzipStream(std::move(input), head);
    if (magic->coding == Coding::Zstd) return zstdStream(std::move(input), head);
    return base::fail(base::ErrorCode::SourceCompression, input.path(), magic->name);
}

CompressedBlock::CompressedBlock(std::string_view head) : m_bytes(std::size_t{1} << 18, '\0'), m_end(head.size())
{
    std::memcpy(m_bytes.data(), head.data(), head.size());
}

Result<bool> CompressedBlock::fill(RawInput& input, std::stop_token stop)
{
    if (m_begin < m_end) return true;
    LEFTFOLD_TRY(const std::size_t got, input.read(m_bytes, stop));
    m_begin = 0;
    m_end = got;
    return got > 0;
}

} // namespace leftfold::source
