// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/encoding.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

namespace leftfold::source {

namespace {

using base::ByteView;
using base::Result;
using namespace std::string_view_literals;

struct Name {
    std::string_view name; ///< lower case, without hyphens and underscores
    Encoding encoding;
};

constexpr std::array kNames = {
    Name{"utf8", Encoding::Utf8},          Name{"utf16", Encoding::Utf16},
    Name{"utf16le", Encoding::Utf16LE},    Name{"utf16be", Encoding::Utf16BE},
    Name{"latin1", Encoding::Latin1},      Name{"iso88591", Encoding::Latin1},
    Name{"cp1252", Encoding::Windows1252}, Name{"windows1252", Encoding::Windows1252},
};

/// In the order of Encoding.
constexpr std::array<std::string_view, 6> kShown = {"utf-8",    "utf-16",  "utf-16le",
                                                    "utf-16be", "latin-1", "windows-1252"};

/// Windows-1252 from 0x80 on (Unicode's CP1252.TXT); the five it leaves out stand for themselves.
constexpr std::array<char32_t, 32> kWindows = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178,
};

void appendCodePoint(std::string& out, char32_t point)
{
    const auto byte = [&](char32_t bits) { out += static_cast<char>(bits); };
    if (point < 0x80) {
        byte(point);
    } else if (point < 0x800) {
        byte(0xC0 | (point >> 6));
        byte(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        byte(0xE0 | (point >> 12));
        byte(0x80 | ((point >> 6) & 0x3F));
        byte(0x80 | (point & 0x3F));
    } else {
        byte(0xF0 | (point >> 18));
        byte(0x80 | ((point >> 12) & 0x3F));
        byte(0x80 | ((point >> 6) & 0x3F));
        byte(0x80 | (point & 0x3F));
    }
}

struct Sign {
    std::string_view bytes;
    Encoding encoding;
};

constexpr std::array kSigns = {Sign{"\xff\xfe"sv, Encoding::Utf16LE}, Sign{"\xfe\xff"sv, Encoding::Utf16BE},
                               Sign{"{\0\""sv, Encoding::Utf16LE}, Sign{"\0{\0\""sv, Encoding::Utf16BE}};
constexpr std::string_view kUtf32LE = "\xff\xfe\0\0"sv;

/// What the first bytes say; UTF-8 where they say nothing. UTF-32 begins as UTF-16 does, and is not read here.
Encoding encodingOf(ByteView head)
{
    if (head.starts_with(kUtf32LE)) return Encoding::Utf8;
    for (const Sign& sign : kSigns) {
        if (head.starts_with(sign.bytes)) return sign.encoding;
    }
    return Encoding::Utf8;
}

bool mayBecomeSign(ByteView head)
{
    const auto begins = [&](const Sign& sign) { return sign.bytes.starts_with(head); };
    return kUtf32LE.starts_with(head) || std::any_of(kSigns.begin(), kSigns.end(), begins);
}

/// A stream in UTF-8 over one in whatever it turns out to be.
class TextStream : public ByteStream {
public:
    TextStream(std::unique_ptr<ByteStream> bytes, std::optional<Encoding> encoding)
        : m_bytes(std::move(bytes)),
          m_given(encoding)
    {}

    Result<std::size_t> read(std::span<char> into, std::stop_token stop) override
    {
        if (!m_isDecided) LEFTFOLD_CHECK(decide(stop));
        while (m_ready.size() == m_taken && !atEnd()) {
            if (!m_transcoder) return m_bytes->read(into, stop);
            LEFTFOLD_CHECK(refill(stop));
        }
        const std::size_t count = std::min(into.size(), m_ready.size() - m_taken);
        std::memcpy(into.data(), m_ready.data() + m_taken, count);
        m_taken += count;
        return count;
    }

    bool atEnd() const override { return m_ready.size() == m_taken && (m_isFinished || isPassedEnd()); }
    bool wouldWait() const override { return m_ready.size() == m_taken && m_bytes->wouldWait(); }
    std::optional<base::Error> damage() const override { return m_bytes->damage(); }
    bool isCompressed() const override { return m_bytes->isCompressed(); }
    bool isTranscoded() const override { return m_transcoder.has_value(); }
    const RawInput& input() const override { return m_bytes->input(); }
    std::uint64_t bytesLeft() const override
    {
        const std::uint64_t left = m_bytes->bytesLeft();
        const std::uint64_t here = m_ready.size() - m_taken;
        // A byte of Windows-1252 becomes three, as a unit of UTF-16 does.
        const std::uint64_t most = m_transcoder ? 3 : 1;
        return left > (kNoLimit - here - 1) / most ? kNoLimit : here + most * left + 1;
    }

private:
    /// Text that goes through as it stands ends with its stream.
    [[nodiscard]] bool isPassedEnd() const { return m_isDecided && !m_transcoder && m_bytes->atEnd(); }

    Result<void> decide(const std::stop_token& stop)
    {
        std::string head;
        const bool mustLook = !m_given || m_given == Encoding::Utf16;
        while (mustLook && head.size() < kUtf32LE.size() && mayBecomeSign(head)) {
            char bytes[4];
            LEFTFOLD_TRY(const std::size_t got, m_bytes->read({bytes, kUtf32LE.size() - head.size()}, stop));
            if (got == 0) break;
            head.append(bytes, got);
        }
        Encoding encoding = mustLook ? encodingOf(head) : *m_given;
        if (m_given == Encoding::Utf16 && encoding == Encoding::Utf8) encoding = Encoding::Utf16LE;
        if (encoding != Encoding::Utf8) m_transcoder.emplace(encoding);
        m_isDecided = true;
        if (m_transcoder) {
            m_transcoder->append(m_ready, head);
        } else {
            m_ready = std::move(head);
        }
        return {};
    }

    Result<void> refill(const std::stop_token& stop)
    {
        constexpr std::size_t kPiece = std::size_t{1} << 16;
        m_piece.resize(kPiece);
        m_ready.clear();
        m_taken = 0;
        LEFTFOLD_TRY(const std::size_t got, m_bytes->read(m_piece, stop));
        m_transcoder->append(m_ready, {m_piece.data(), got});
        if (got == 0) {
            m_transcoder->finish(m_ready);
            m_isFinished = true;
        }
        return {};
    }

    std::unique_ptr<ByteStream> m_bytes;
    std::optional<Encoding> m_given;
    std::optional<Transcoder> m_transcoder; ///< none: the text is UTF-8, or not decided yet
    std::vector<char> m_piece;
    std::string m_ready;
    std::size_t m_taken = 0; ///< of `m_ready`
    bool m_isDecided = false;
    bool m_isFinished = false;
};

} // namespace

Result<Encoding> parseEncoding(std::string_view name)
{
    std::string plain;
    for (const char c : name) {
        if (c == '-' || c == '_') continue;
        plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    const auto known = std::find_if(kNames.begin(), kNames.end(), [&](const Name& n) { return n.name == plain; });
    if (known != kNames.end()) return known->encoding;
    return base::fail(base::ErrorCode::BadArgument,
                      "'" + std::string(name)
                          + "' is no encoding that is known: expected utf-8, utf-16, utf-16le, utf-16be, latin-1 or "
                            "windows-1252");
}

std::string_view nameOf(Encoding encoding)
{
    return kShown[static_cast<std::size_t>(encoding)];
}

void Transcoder::append(std::string& out, ByteView bytes)
{
    if (m_encoding == Encoding::Utf16LE || m_encoding == Encoding::Utf16BE) {
        appendUtf16(out, bytes);
    } else {
        appendSingleBytes(out, bytes);
    }
}

void Transcoder::finish(std::string& out)
{
    if (m_highSurrogate != 0) appendCodePoint(out, m_highSurrogate);
    if (m_half) out += '\xff';
    m_highSurrogate = 0;
    m_half.reset();
}

void Transcoder::appendUtf16(std::string& out, ByteView bytes)
{
    const bool isLittle = m_encoding == Encoding::Utf16LE;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (!m_half) {
            m_half = byte;
            continue;
        }
        const char32_t first = *std::exchange(m_half, std::nullopt);
        appendUnit(out, isLittle ? first | char32_t{byte} << 8 : first << 8 | char32_t{byte});
    }
}

/// RFC 2781 section 2.2.
void Transcoder::appendUnit(std::string& out, char32_t unit)
{
    const char32_t high = std::exchange(m_highSurrogate, 0);
    const bool isHigh = unit >= 0xD800 && unit < 0xDC00;
    const bool isLow = unit >= 0xDC00 && unit < 0xE000;
    if (high != 0 && isLow) return appendCodePoint(out, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
    if (high != 0) appendCodePoint(out, high);
    if (isHigh) {
        m_highSurrogate = unit;
    } else {
        appendCodePoint(out, unit);
    }
}

void Transcoder::appendSingleBytes(std::string& out, ByteView bytes) const
{
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isWindows = m_encoding == Encoding::Windows1252 && byte >= 0x80 && byte < 0xA0;
        appendCodePoint(out, isWindows ? kWindows[byte - 0x80U] : char32_t{byte});
    }
}

std::unique_ptr<ByteStream> textStream(std::unique_ptr<ByteStream> bytes, std::optional<Encoding> encoding)
{
    if (encoding == Encoding::Utf8) return bytes;
    return std::make_unique<TextStream>(std::move(bytes), encoding);
}

} // namespace leftfold::source
