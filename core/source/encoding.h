// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/source/byte_stream.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace leftfold::source {

/// How the characters of a file are written.
enum class Encoding : std::uint8_t {
    Utf8,
    Utf16, ///< as its byte order mark says, little-endian without one
    Utf16LE,
    Utf16BE,
    Latin1, ///< ISO 8859-1
    Windows1252, ///< Latin-1 with printable characters at 0x80 to 0x9F
};

/// "utf-8", "utf-16", "utf-16le", "utf-16be", "latin-1" or "iso-8859-1", "windows-1252" or "cp1252"; in any case, with
/// or without the hyphens. Fails with BadArgument.
[[nodiscard]] base::Result<Encoding> parseEncoding(std::string_view name);
[[nodiscard]] std::string_view nameOf(Encoding encoding);

/// Turns text of another encoding into UTF-8, piece by piece. What the encoding forbids is not lost: a surrogate
/// without its other half is written in three bytes (WTF-8), half a character at the end as the byte 0xFF; neither is
/// UTF-8, so whoever reads on finds it.
class Transcoder {
public:
    /// REQUIRES: not Utf8 and not Utf16: there is nothing to turn, or it is not known how.
    explicit Transcoder(Encoding encoding) : m_encoding(encoding) {}
    void append(std::string& out, base::ByteView bytes);
    /// What is left when nothing follows.
    void finish(std::string& out);

private:
    void appendUtf16(std::string& out, base::ByteView bytes);
    void appendUnit(std::string& out, char32_t unit);
    void appendSingleBytes(std::string& out, base::ByteView bytes) const;

    Encoding m_encoding;
    char32_t m_highSurrogate = 0; ///< waits for its other half; 0: none
    std::optional<unsigned char> m_half; ///< first byte of a unit
};

/// The text of `bytes` as UTF-8. Without `encoding` a byte order mark of UTF-16, or JSON that begins in it, decides;
/// anything else goes through as it stands.
[[nodiscard]] std::unique_ptr<ByteStream> textStream(std::unique_ptr<ByteStream> bytes,
                                                     std::optional<Encoding> encoding);

} // namespace leftfold::source
