// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/record.h"

#include <bit>
#include <cstring>

namespace leftfold::event {

namespace {

// Identities are compared between machines: the layouts below are little end first.
static_assert(std::endian::native == std::endian::little);

using base::ByteView;
using base::Hash128;

/// Bytes laid one behind the other, lengths first, so that no two records share a layout.
class Layout {
public:
    Layout() { m_bytes.reserve(128); }
    void number(std::int64_t value)
    {
        char bytes[sizeof value];
        std::memcpy(bytes, &value, sizeof value);
        m_bytes.append(bytes, sizeof bytes);
    }
    void hashed(const std::optional<ByteView>& bytes)
    {
        number(bytes ? static_cast<std::int64_t>(bytes->size()) : -1);
        if (!bytes) return;
        const Hash128 hash = base::hash128(*bytes);
        number(static_cast<std::int64_t>(hash.high));
        number(static_cast<std::int64_t>(hash.low));
    }
    [[nodiscard]] ByteView bytes() const { return m_bytes; }

private:
    std::string m_bytes;
};

} // namespace

Hash128 hashOf(const Record& record)
{
    Layout layout;
    layout.number(record.offset.value);
    layout.number(static_cast<std::int64_t>(record.timestampType));
    if (record.timestamp) {
        layout.number(record.timestamp->seconds);
        layout.number(record.timestamp->nanos);
    }
    layout.hashed(record.key);
    layout.number(static_cast<std::int64_t>(record.headers.size()));
    for (const Header& header : record.headers) {
        layout.hashed(header.name);
        layout.hashed(header.value);
    }
    layout.hashed(record.value);
    return base::hash128(layout.bytes());
}

Hash128 chain(Hash128 before, Hash128 record)
{
    const std::uint64_t both[4] = {before.high, before.low, record.high, record.low};
    return base::hash128({reinterpret_cast<const char*>(both), sizeof both});
}

} // namespace leftfold::event
