// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

// How values of binary encodings are written as JSON, the same for all formats (README.md, "Encoded payloads"). All append.

namespace leftfold::decode {

/// "base64:AQID"
void appendBytesText(std::string& out, base::ByteView bytes);
/// A text, or nothing and false where the bytes are no UTF-8.
[[nodiscard]] bool appendUtf8Text(std::string& out, base::ByteView bytes);

void appendInt(std::string& out, std::int64_t value);
void appendUint(std::string& out, std::uint64_t value);

/// The shortest digits that stand for the number, with a point or an exponent; "NaN", "Infinity" and "-Infinity" as texts.
void appendDouble(std::string& out, double value);
void appendFloat(std::string& out, float value);

/// More bytes than these are not turned into digits, which takes a time that grows with their square.
inline constexpr std::size_t kMaxIntegerBytes = 4'096;

/// A number of big-endian bytes without a sign: `magnitude`, or -1 - `magnitude`, as CBOR's bignums.
/// False, and nothing is appended, beyond kMaxIntegerBytes.
[[nodiscard]] bool appendBigInteger(std::string& out, base::ByteView magnitude, bool isMinusOneMinus);
/// A big-endian two's complement number (no bytes: 0), times 10^-scale, every digit of the scale kept: "12.30". Likewise.
[[nodiscard]] bool appendDecimal(std::string& out, base::ByteView twosComplement, std::int32_t scale);
/// The digits of an integer, with its sign, times 10^exponent: with a point where that is short, else with "e".
void appendScaled(std::string& out, std::string_view integer, std::int64_t exponent);

/// Days since 1970 as "2024-02-29".
void appendDate(std::string& out, std::int64_t days);
/// The time in a day in units of 1/perSecond s, "23:59:59.999"; the number itself where it is outside of a day.
void appendTimeOfDay(std::string& out, std::int64_t value, std::int64_t perSecond);
/// A time since 1970 in units of 1/perSecond s: "2024-02-29T12:00:00.5Z" as base::toIso writes it, local ones without the Z.
enum class Zone : std::uint8_t { Utc, Local };
void appendTimestamp(std::string& out, std::int64_t value, std::int64_t perSecond, Zone zone);
/// 36 characters. REQUIRES: 16 bytes.
void appendUuid(std::string& out, base::ByteView bytes);

} // namespace leftfold::decode
