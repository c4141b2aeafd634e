// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/hash.h"

#include "core/base/error.h"

#include <openssl/evp.h>
#include <span>
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

Hash256 subtractModulo(const Hash256& a, const Hash256& b)
{
    Hash256 difference{};
    int borrow = 0;
    for (std::size_t i = difference.size(); i-- > 0;) {
        const int digit = int{a[i]} - int{b[i]} - borrow;
        difference[i] = static_cast<std::uint8_t>(digit);
        borrow = digit < 0 ? 1 : 0;
    }
    return difference;
}

std::string toHex(const Hash256& hash)
{
    return hexOf(hash.data(), hash.size());
}

namespace {

/// As many bytes as `out` has, from exactly twice as many lower-case digits.
bool readHex(std::string_view text, std::span<std::uint8_t> out)
{
    const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
    if (text.size() != 2 * out.size()) return false;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = digit(text[2 * i]);
        const int low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return true;
}

} // namespace

std::optional<Hash128> hash128FromHex(std::string_view text)
{
    XXH128_canonical_t canonical;
    if (!readHex(text, canonical.digest)) return std::nullopt;
    return fromXxh(XXH128_hashFromCanonical(&canonical));
}

std::optional<Hash256> hash256FromHex(std::string_view text)
{
    Hash256 hash{};
    if (!readHex(text, hash)) return std::nullopt;
    return hash;
}

struct StreamSha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~State() { EVP_MD_CTX_free(context); }
};

StreamSha256::StreamSha256() : m_state(std::make_unique<State>())
{
    LEFTFOLD_INVARIANT(m_state->context && EVP_DigestInit_ex(m_state->context, EVP_sha256(), nullptr) == 1);
}

StreamSha256::StreamSha256(StreamSha256&&) noexcept = default;
StreamSha256& StreamSha256::operator=(StreamSha256&&) noexcept = default;
StreamSha256::~StreamSha256() = default;

void StreamSha256::update(ByteView bytes)
{
    LEFTFOLD_INVARIANT(EVP_DigestUpdate(m_state->context, bytes.data(), bytes.size()) == 1);
}

Hash256 StreamSha256::finish()
{
    Hash256 out{};
    unsigned int length = out.size();
    LEFTFOLD_INVARIANT(EVP_DigestFinal_ex(m_state->context, out.data(), &length) == 1 && length == out.size());
    return out;
}

} // namespace leftfold::base
