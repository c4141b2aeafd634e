// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/varint.h"

#include <cstdint>
#include <optional>

namespace leftfold::source {

/// Reads numbers as Kafka writes them (highest byte first; varints with zigzag), one behind the other. Nothing where the bytes
/// end before the number does; what was read before stays read.
class BigEndian {
public:
    explicit BigEndian(base::ByteView bytes) : m_bytes(bytes) {}

    [[nodiscard]] std::size_t left() const { return m_bytes.size(); }
    [[nodiscard]] base::ByteView rest() const { return m_bytes; }

    [[nodiscard]] std::optional<std::int8_t> int8() { return fixed<std::int8_t>(); }
    [[nodiscard]] std::optional<std::int16_t> int16() { return fixed<std::int16_t>(); }
    [[nodiscard]] std::optional<std::int32_t> int32() { return fixed<std::int32_t>(); }
    [[nodiscard]] std::optional<std::uint32_t> uint32() { return fixed<std::uint32_t>(); }
    [[nodiscard]] std::optional<std::int64_t> int64() { return fixed<std::int64_t>(); }

    [[nodiscard]] std::optional<base::ByteView> bytes(std::size_t size)
    {
        if (size > m_bytes.size()) return std::nullopt;
        const base::ByteView out = m_bytes.substr(0, size);
        m_bytes.remove_prefix(size);
        return out;
    }

    /// Of at most ten bytes; more are no number.
    [[nodiscard]] std::optional<std::int64_t> varint()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 70; shift += 7) {
            const auto byte = fixed<std::uint8_t>();
            if (!byte) return std::nullopt;
            if (shift < 64) value |= std::uint64_t{*byte & 0x7fU} << shift;
            if ((*byte & 0x80U) == 0) return base::unzigzag(value);
        }
        return std::nullopt;
    }

private:
    template <class Number>
    [[nodiscard]] std::optional<Number> fixed()
    {
        const auto taken = bytes(sizeof(Number));
        if (!taken) return std::nullopt;
        std::uint64_t value = 0;
        for (const char byte : *taken) value = value << 8 | static_cast<std::uint8_t>(byte);
        return static_cast<Number>(value);
    }

    base::ByteView m_bytes;
};

} // namespace leftfold::source
