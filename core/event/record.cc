// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/record.h"

#include <array>
#include <bit>
#include <cstring>

namespace leftfold::event {

namespace {

// Identities are compared between machines: the layouts below are little end first.
static_assert(std::endian::native == std::endian::little);

using base::ByteView;
using base::Hash128;

// The layout of a record: numbers one behind the other, a length before each hash, so that no two records share one.
char* putNumber(char* at, std::int64_t value)
{
    std::memcpy(at, &value, sizeof value);
    return at + sizeof value;
}

char* putHashed(char* at, const std::optional<ByteView>& bytes)
{
    if (!bytes) return putNumber(at, -1);
    at = putNumber(at, static_cast<std::int64_t>(bytes->size()));
    const Hash128 hash = base::hash128(*bytes);
    at = putNumber(at, static_cast<std::int64_t>(hash.high));
    return putNumber(at, static_cast<std::int64_t>(hash.low));
}

char* layOut(char* at, const Record& record)
{
    at = putNumber(at, record.offset.value);
    at = putNumber(at, static_cast<std::int64_t>(record.timestampType));
    if (record.timestamp) at = putNumber(putNumber(at, record.timestamp->seconds), record.timestamp->nanos);
    at = putHashed(at, record.key);
    at = putNumber(at, static_cast<std::int64_t>(record.headers.size()));
    for (const Header& header : record.headers) at = putHashed(putHashed(at, header.name), header.value);
    return putHashed(at, record.value);
}

/// No layout takes more: 5 numbers and, for key, value and both halves of each header, 3.
std::size_t roomFor(std::size_t headers)
{
    return sizeof(std::int64_t) * (5 + 3 * (2 + 2 * headers));
}

} // namespace

Hash128 hashOf(const Record& record)
{
    // Room from the heap costs more than the hash: most records need none.
    std::array<char, 256> usual;
    std::string large;
    if (roomFor(record.headers.size()) > usual.size()) large.resize(roomFor(record.headers.size()));
    char* const begin = large.empty() ? usual.data() : large.data();
    return base::hash128({begin, static_cast<std::size_t>(layOut(begin, record) - begin)});
}

Hash128 chain(Hash128 before, Hash128 record)
{
    const std::uint64_t both[4] = {before.high, before.low, record.high, record.low};
    return base::hash128({reinterpret_cast<const char*>(both), sizeof both});
}

} // namespace leftfold::event
