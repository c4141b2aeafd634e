// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/consumer_offsets.h"

#include "core/source/big_endian.h"
#include "core/source/kafka_time.h"

#include <fmt/format.h>

namespace leftfold::source {

namespace {

using base::Result;

constexpr std::int16_t kLastValue = 4;
constexpr std::int16_t kFlexible =
    4; // from this version of values on lengths are varints, and tagged fields may follow

tl::unexpected<base::Error> unreadable(std::string what)
{
    return base::fail(base::ErrorCode::UndecodableRecord, std::move(what));
}

/// Fields of Kafka's messages, one behind the other. What cannot be read makes all that follows empty, and `isGood` false.
class Fields {
public:
    Fields(base::ByteView bytes, bool isFlexible) : m_in(bytes), m_isFlexible(isFlexible) {}

    [[nodiscard]] bool isGood() const { return m_isGood; }
    [[nodiscard]] bool atEnd() const { return m_isGood && m_in.left() == 0; }

    std::int16_t int16() { return taken(m_in.int16()); }
    std::int32_t int32() { return taken(m_in.int32()); }
    std::int64_t int64() { return taken(m_in.int64()); }

    std::optional<std::string> nullableText()
    {
        const std::int64_t size = m_isFlexible ? std::int64_t{unsignedVarint()} - 1 : int16();
        return size < 0 ? std::nullopt : std::optional(std::string(bytesOf(size)));
    }
    std::string text() { return nullableText().value_or(std::string()); }
    /// Bytes are passed.
    void skipBytes()
    {
        const std::int64_t size = m_isFlexible ? std::int64_t{unsignedVarint()} - 1 : int32();
        if (size > 0) (void)bytesOf(size);
    }
    /// How many items follow; no more than there are bytes.
    std::size_t count()
    {
        const std::int64_t count = m_isFlexible ? std::int64_t{unsignedVarint()} - 1 : int32();
        m_isGood = m_isGood && count <= static_cast<std::int64_t>(m_in.left());
        return m_isGood && count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    void skipTagged()
    {
        if (!m_isFlexible) return;
        for (std::uint32_t left = unsignedVarint(); left > 0 && m_isGood; --left) {
            (void)unsignedVarint();
            (void)bytesOf(unsignedVarint());
        }
    }

private:
    template <class Number>
    Number taken(std::optional<Number> number)
    {
        m_isGood = m_isGood && number.has_value();
        return m_isGood ? *number : Number{};
    }
    base::ByteView bytesOf(std::int64_t size)
    {
        const auto bytes = m_isGood && size >= 0 ? m_in.bytes(static_cast<std::size_t>(size)) : std::nullopt;
        m_isGood = m_isGood && bytes.has_value();
        return bytes.value_or(base::ByteView());
    }
    std::uint32_t unsignedVarint()
    {
        std::uint32_t value = 0;
        for (unsigned shift = 0; shift < 35; shift += 7) {
            const auto byte = static_cast<std::uint8_t>(taken(m_in.int8()));
            value |= (byte & 0x7fU) << shift;
            if (byte < 0x80U) return value;
        }
        m_isGood = false;
        return 0;
    }

    BigEndian m_in;
    bool m_isFlexible;
    bool m_isGood = true;
};

std::optional<base::Time> timeOf(std::int64_t milliseconds)
{
    return milliseconds == -1 ? std::nullopt : std::optional(timeOfMilliseconds(milliseconds));
}

Result<std::int16_t> versionOf(base::ByteView value)
{
    BigEndian in(value);
    const auto version = in.int16();
    if (!version) return unreadable("its value has no version");
    if (*version < 0 || *version > kLastValue)
        return unreadable(fmt::format("its value has version {}, and known are 0 to {}", *version, kLastValue));
    return *version;
}

Result<GroupRecord> commitOf(Fields& key, const event::Record& record)
{
    OffsetCommit commit;
    commit.group = key.text();
    commit.partition.topic = key.text();
    commit.partition.number = key.int32();
    if (!key.atEnd()) return unreadable("its key is no group, topic and partition");
    commit.at = record.timestamp;
    if (!record.value) return GroupRecord(std::move(commit));
    LEFTFOLD_TRY(const std::int16_t version, versionOf(*record.value));
    Fields value(record.value->substr(2), version >= kFlexible);
    commit.offset = event::Offset{value.int64()};
    if (version >= 3) commit.leaderEpoch = value.int32();
    commit.metadata = value.text();
    commit.at = timeOf(value.int64());
    if (version == 1) commit.expires = timeOf(value.int64());
    value.skipTagged();
    if (!value.atEnd()) return unreadable(fmt::format("its value is no commit of version {}", version));
    return GroupRecord(std::move(commit));
}

GroupMember memberOf(Fields& value, std::int16_t version)
{
    GroupMember member;
    member.id = value.text();
    if (version >= 3) member.instance = value.nullableText();
    member.client = value.text();
    member.host = value.text();
    if (version >= 1) (void)value.int32(); // rebalance timeout
    (void)value.int32(); // session timeout
    value.skipBytes(); // what it subscribed to
    value.skipBytes(); // what it was given
    value.skipTagged();
    return member;
}

Result<GroupRecord> groupOf(Fields& key, const event::Record& record)
{
    StoredGroup group;
    group.group = key.text();
    if (!key.atEnd()) return unreadable("its key is no group");
    group.isThere = record.value.has_value();
    group.since = record.timestamp;
    if (!record.value) return GroupRecord(std::move(group));
    LEFTFOLD_TRY(const std::int16_t version, versionOf(*record.value));
    Fields value(record.value->substr(2), version >= kFlexible);
    group.protocolType = value.text();
    group.generation = value.int32();
    group.protocol = value.nullableText();
    group.leader = value.nullableText();
    if (version >= 2) group.since = timeOf(value.int64());
    for (std::size_t left = value.count(); left > 0 && value.isGood(); --left)
        group.members.push_back(memberOf(value, version));
    value.skipTagged();
    if (!value.atEnd()) return unreadable(fmt::format("its value is no group of version {}", version));
    return GroupRecord(std::move(group));
}

} // namespace

Result<GroupRecord> groupRecordOf(const event::Record& record)
{
    if (!record.key) return unreadable("it has no key");
    BigEndian in(*record.key);
    const auto version = in.int16();
    if (!version || *version < 0) return unreadable("its key has no version");
    Fields key(in.rest(), false);
    if (*version <= 1) return commitOf(key, record);
    if (*version == 2) return groupOf(key, record);
    return GroupRecord(OtherGroupRecord{*version});
}

} // namespace leftfold::source
