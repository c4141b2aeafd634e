// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace leftfold::base {

/// XXH3-128 (xxHash 0.8, stable since): finds accidents, not attackers.
struct Hash128 {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    friend auto operator<=>(const Hash128&, const Hash128&) = default;
};

[[nodiscard]] Hash128 hash128(ByteView bytes);
[[nodiscard]] std::uint64_t hash64(ByteView bytes);
/// 32 lower-case hexadecimal digits, high half first.
[[nodiscard]] std::string toHex(Hash128 hash);

/// XXH3-128 over a stream. `digest` may be taken at any time and does not end the stream.
class StreamHash {
public:
    StreamHash();
    StreamHash(StreamHash&&) noexcept;
    StreamHash& operator=(StreamHash&&) noexcept;
    ~StreamHash();
    void update(ByteView bytes);
    [[nodiscard]] Hash128 digest() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// A number of 256 bits, big end first: SHA-256 and sums of it.
using Hash256 = std::array<std::uint8_t, 32>;

[[nodiscard]] Hash256 sha256(ByteView bytes);
/// a + b mod 2^256: the combination of hashes that forgets their order.
[[nodiscard]] Hash256 addModulo(const Hash256& a, const Hash256& b);
/// a - b mod 2^256: what was added goes again.
[[nodiscard]] Hash256 subtractModulo(const Hash256& a, const Hash256& b);
[[nodiscard]] std::string toHex(const Hash256& hash);

/// What `toHex` wrote; nothing where it is something else.
[[nodiscard]] std::optional<Hash128> hash128FromHex(std::string_view text);
[[nodiscard]] std::optional<Hash256> hash256FromHex(std::string_view text);

/// SHA-256 over a stream.
class StreamSha256 {
public:
    StreamSha256();
    StreamSha256(StreamSha256&&) noexcept;
    StreamSha256& operator=(StreamSha256&&) noexcept;
    ~StreamSha256();
    void update(ByteView bytes);
    /// Ends the stream: nothing may be added behind it.
    [[nodiscard]] Hash256 finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace leftfold::base
