// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <cstring>
#include <string>

namespace leftfold::base {

/// LEB128: seven bits a byte, low ones first.
inline void putVarint(std::string& out, std::uint64_t value)
{
    while (value >= 0x80) {
        out += static_cast<char>(value | 0x80);
        value >>= 7;
    }
    out += static_cast<char>(value);
}

/// The most bytes a varint takes.
inline constexpr std::size_t kMaxVarintBytes = 10;

/// The same where there is room for `kMaxVarintBytes`; gives the place behind it. For many numbers at once.
inline char* putVarint(char* at, std::uint64_t value)
{
    while (value >= 0x80) {
        *at++ = static_cast<char>(value | 0x80);
        value >>= 7;
    }
    *at++ = static_cast<char>(value);
    return at;
}

/// Numbers near zero, of either sign, become small ones.
constexpr std::uint64_t zigzag(std::int64_t value)
{
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

constexpr std::int64_t unzigzag(std::uint64_t value)
{
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

/// Fixed-width numbers, little end first (the only byte order Leftfold runs on, asserted where files are opened).
template <class Number>
void putFixed(std::string& out, Number value)
{
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    out.append(bytes, sizeof bytes);
}

/// Reads what the functions above wrote. Never reads past the end: where the bytes do not suffice `ok()`
/// turns false for good and everything read is zero or empty.
class ByteReader {
public:
    explicit ByteReader(ByteView bytes) : m_bytes(bytes) {}

    [[nodiscard]] std::uint64_t varint()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; m_at < m_bytes.size() && shift < 64; shift += 7) {
            const auto byte = static_cast<unsigned char>(m_bytes[m_at++]);
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80) return value;
        }
        return failed();
    }

    template <class Number>
    [[nodiscard]] Number fixed()
    {
        Number value{};
        const ByteView from = bytes(sizeof value);
        if (from.size() == sizeof value) std::memcpy(&value, from.data(), sizeof value);
        return value;
    }

    [[nodiscard]] ByteView bytes(std::size_t count)
    {
        if (count > m_bytes.size() - m_at) {
            failed();
            return {};
        }
        const ByteView out = m_bytes.substr(m_at, count);
        m_at += count;
        return out;
    }

    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] std::size_t left() const { return m_bytes.size() - m_at; }
    [[nodiscard]] bool atEnd() const { return m_ok && left() == 0; }

private:
    std::uint64_t failed()
    {
        m_ok = false;
        m_at = m_bytes.size();
        return 0;
    }

    ByteView m_bytes;
    std::size_t m_at = 0;
    bool m_ok = true;
};

} // namespace leftfold::base
