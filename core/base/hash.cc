// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/hash.h"

#include "core/base/error.h"

#include <openssl/evp.h>
#include <xxhash.h>

namespace leftfold::base {

struct StreamHash::State {
    XXH3_state_t* xxh = XXH3_createState();
    ~State() { XXH3_freeState(xxh); }
};

namespace {

Hash128 fromXxh(XXH128_hash_t hash)
{
    return {hash.high64, hash.low64};
}

std::string hexOf(const std::uint8_t* bytes, std::size_t count)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * count);
    for (std::size_t i = 0; i < count; ++i) {
        out += kDigits[bytes[i] >> 4];
        out += kDigits[bytes[i] & 15];
    }
    return out;
}

} // namespace

Hash128 hash128(ByteView bytes)
{
    return fromXxh(XXH3_128bits(bytes.data(), bytes.size()));
}

std::uint64_t hash64(ByteView bytes)
{
    return XXH3_64bits(bytes.data(), bytes.size());
}

std::string toHex(Hash128 hash)
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH128_hash_t{hash.low, hash.high});
    return hexOf(canonical.digest, sizeof canonical.digest);
}

StreamHash::StreamHash() : m_state(std::make_unique<State>())
{
    LEFTFOLD_INVARIANT(m_state->xxh != nullptr);
    XXH3_128bits_reset(m_state->xxh);
}

StreamHash::StreamHash(StreamHash&&) noexcept = default;
StreamHash& StreamHash::operator=(StreamHash&&) noexcept = default;
StreamHash::~StreamHash() = default;

void StreamHash::update(ByteView bytes)
{
    XXH3_128bits_update(m_state->xxh, bytes.data(), bytes.size());
}

Hash128 StreamHash::digest() const
{
    return fromXxh(XXH3_128bits_digest(m_state->xxh));
}

Hash256 sha256(ByteView bytes)
{
    Hash256 out{};
    unsigned int length = out.size();
    const int ok = EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, EVP_sha256(), nullptr);
    LEFTFOLD_INVARIANT(ok == 1 && length == out.size());
    return out;
}

Hash256 addModulo(const Hash256& a, const Hash256& b)
{
    Hash256 sum{};
    unsigned carry = 0;
    for (std::size_t i = sum.size(); i-- > 0;) {
        carry += unsigned{a[i]} + b[i];
        sum[i] = static_cast<std::uint8_t>(carry);
        carry >>= 8;
    }
    return sum;
}

std::string toHex(const Hash256& hash)
{
    return hexOf(hash.data(), hash.size());
}

} // namespace leftfold::base
