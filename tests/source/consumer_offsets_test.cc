// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/consumer_offsets.h"

#include "tests/source/made_segments.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::source;
using namespace leftfold::source::test;

namespace {

constexpr std::int64_t kTime = 1'600'000'000'123;

/// Texts as Kafka's messages have them: with a length of two bytes, or, in flexible versions, of length + 1 as a varint.
Writer& text(Writer& to, bool isFlexible, const std::optional<std::string>& text)
{
    if (isFlexible) return to.number(static_cast<std::uint8_t>(text ? text->size() + 1 : 0)).text(text.value_or(""));
    return to.number(static_cast<std::int16_t>(text ? static_cast<int>(text->size()) : -1)).text(text.value_or(""));
}

std::string commitKey(int version)
{
    Writer key;
    key.number(static_cast<std::int16_t>(version));
    text(key, false, "billing");
    text(key, false, "orders");
    return key.number(std::int32_t{3}).bytes();
}

std::string commitValue(int version)
{
    const bool isFlexible = version >= 4;
    Writer value;
    value.number(static_cast<std::int16_t>(version)).number(std::int64_t{1043});
    if (version >= 3) value.number(std::int32_t{5});
    text(value, isFlexible, "by hand");
    value.number(kTime);
    if (version == 1) value.number(kTime + 1000);
    // One tagged field: the topic's id.
    if (isFlexible)
        value.number(std::uint8_t{1}).number(std::uint8_t{0}).number(std::uint8_t{16}).text(std::string(16, 'i'));
    return value.bytes();
}

std::string groupKey()
{
    Writer key;
    key.number(std::int16_t{2});
    return text(key, false, "billing").bytes();
}

std::string groupValue(int version)
{
    const bool isFlexible = version >= 4;
    const auto count = [&](Writer& to, std::int32_t items) {
        isFlexible ? to.number(static_cast<std::uint8_t>(items + 1)) : to.number(items);
    };
    const auto end = [&](Writer& to) {
        if (isFlexible) to.number(std::uint8_t{0});
    };
    Writer value;
    value.number(static_cast<std::int16_t>(version));
    text(value, isFlexible, "consumer").number(std::int32_t{7});
    text(value, isFlexible, "range");
    text(value, isFlexible, std::nullopt);
    if (version >= 2) value.number(kTime);
    count(value, 1);
    text(value, isFlexible, "member-1");
    if (version >= 3) text(value, isFlexible, std::nullopt);
    text(value, isFlexible, "client");
    text(value, isFlexible, "/10.0.0.7");
    if (version >= 1) value.number(std::int32_t{1});
    value.number(std::int32_t{2});
    count(value, 4);
    value.text("subs");
    count(value, 0);
    end(value);
    end(value);
    return value.bytes();
}

event::Record recordOf(const std::string& key, const std::optional<std::string>& value)
{
    event::Record record;
    record.key = key;
    if (value) record.value = *value;
    record.timestamp = base::Time{1'700'000'000, 0};
    record.timestampType = event::TimestampType::Create;
    return record;
}

} // namespace

class ConsumerOffsetsTest : public QObject {
    Q_OBJECT

private slots:
    void commitsAreRead()
    {
        for (int version = 0; version <= 4; ++version) {
            const std::string key = commitKey(version % 2);
            const std::string value = commitValue(version);
            const auto read = groupRecordOf(recordOf(key, value));
            QVERIFY2(read, read ? "" : base::render(read.error()).c_str());
            const auto& commit = std::get<OffsetCommit>(*read);
            QCOMPARE(commit.group, std::string("billing"));
            QVERIFY(commit.partition == event::Partition({"orders", 3}));
            QCOMPARE(commit.offset->value, 1043);
            QCOMPARE(commit.leaderEpoch, version >= 3 ? 5 : -1);
            QCOMPARE(commit.metadata, std::string("by hand"));
            QCOMPARE(commit.at->seconds, kTime / 1000);
            QCOMPARE(commit.at->nanos, 123'000'000U);
            QCOMPARE(commit.expires.has_value(), version == 1);
        }
    }

    void groupsAreRead()
    {
        for (int version = 0; version <= 4; ++version) {
            const std::string key = groupKey();
            const std::string value = groupValue(version);
            const auto read = groupRecordOf(recordOf(key, value));
            QVERIFY2(read, read ? "" : base::render(read.error()).c_str());
            const auto& group = std::get<StoredGroup>(*read);
            QVERIFY(group.isThere && group.group == "billing" && group.protocolType == "consumer");
            QCOMPARE(group.generation, 7);
            QVERIFY(group.protocol == "range" && !group.leader);
            QCOMPARE(group.since->seconds, version >= 2 ? kTime / 1000 : 1'700'000'000);
            QCOMPARE(group.members.size(), std::size_t{1});
            QVERIFY(group.members[0].client == "client" && group.members[0].host == "/10.0.0.7");
        }
    }

    void tombstonesRemove()
    {
        const std::string key = commitKey(1);
        const auto commit = std::get<OffsetCommit>(groupRecordOf(recordOf(key, std::nullopt)).value());
        QVERIFY(!commit.offset && commit.at->seconds == 1'700'000'000);
        const std::string group = groupKey();
        QVERIFY(!std::get<StoredGroup>(groupRecordOf(recordOf(group, std::nullopt)).value()).isThere);
    }

    void otherKeysAreOfOthers()
    {
        const std::string key("\0\3rest", 6);
        QCOMPARE(std::get<OtherGroupRecord>(groupRecordOf(recordOf(key, "")).value()).version, std::int16_t{3});
    }

    /// Every cut of a key or a value, and bytes behind it, are told.
    void whatIsCutIsUnreadable()
    {
        for (int version = 0; version <= 4; ++version) {
            for (const bool isGroup : {false, true}) {
                const std::string key = isGroup ? groupKey() : commitKey(1);
                const std::string value = isGroup ? groupValue(version) : commitValue(version);
                for (std::size_t size = 0; size < value.size(); ++size) {
                    const std::string cut = value.substr(0, size);
                    QVERIFY2(!groupRecordOf(recordOf(key, cut)),
                             qPrintable(QString("%1 of %2").arg(size).arg(version)));
                }
                QVERIFY(!groupRecordOf(recordOf(key, value + "x")));
                for (std::size_t size = 0; size < key.size(); ++size) {
                    const std::string cut = key.substr(0, size);
                    QVERIFY(!groupRecordOf(recordOf(cut, value)));
                }
            }
        }
        const std::string key = commitKey(1);
        const std::string newer("\0\5", 2);
        const auto read = groupRecordOf(recordOf(key, newer));
        QVERIFY(!read && base::render(read.error()).find("version 5") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(ConsumerOffsetsTest)
#include "consumer_offsets_test.moc"
