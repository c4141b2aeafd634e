// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event/offset.h"

#include <QTest>

#include <limits>
#include <random>

using namespace leftfold;
using namespace leftfold::event;

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

template <class Value>
QString outcome(const base::Result<Value>& parsed)
{
    return parsed ? text(toText(*parsed)) : text(base::render(parsed.error()));
}

std::string randomTopic(std::mt19937_64& random)
{
    constexpr std::string_view kBytes = "abcXYZ019._-#+/~%\"'{}$";
    std::string topic = random() % 4 == 0 ? "\xc3\xa9" : "t";
    for (std::uint64_t length = random() % 12; length > 0; --length) topic += kBytes[random() % kBytes.size()];
    return topic;
}

Partition randomPartition(std::mt19937_64& random)
{
    return {randomTopic(random), static_cast<std::int32_t>(random() >> 33 >> random() % 31)};
}

Offset randomOffset(std::mt19937_64& random)
{
    return {static_cast<std::int64_t>(random() >> 1 >> random() % 63)};
}

} // namespace

class OffsetTest : public QObject {
    Q_OBJECT

private slots:
    void partitions_data();
    void partitions();
    void positions_data();
    void positions();
    void cuts_data();
    void cuts();
    void cutsHoldWhatIsBelowTheirNextOffset();
    void offsetsAndCountsAdd();
    void indexesAreWrittenWithAHash();
    void textsParseBack();
    void topicNamesCanBeMadeOfAnything_data();
    void topicNamesCanBeMadeOfAnything();
};

void OffsetTest::partitions_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<bool>("good");
    for (const char* good :
         {"orders[0]", "orders[2147483647]", "a.b_c-d[12]", "#5[0]", "2011-01-31T12[3]", "\"{}\"[1]"}) {
        QTest::newRow(good) << QByteArray(good) << true;
    }
    for (const char* bad : {"",
                            "orders",
                            "orders[]",
                            "[0]",
                            "orders[0",
                            "orders0]",
                            "orders[-1]",
                            "orders[+1]",
                            "orders[2147483648]",
                            "orders[0]]",
                            "orders[[0]",
                            "or ders[0]",
                            "or\tders[0]",
                            "or:ders[0]",
                            "or,ders[0]",
                            "or@ders[0]",
                            "orders[0] ",
                            " orders[0]",
                            "orders[0x1]",
                            "orders[1]@2",
                            "]0["}) {
        QTest::newRow(bad) << QByteArray(bad) << false;
    }
}

void OffsetTest::partitions()
{
    QFETCH(QByteArray, written);
    QFETCH(bool, good);
    const QString expected =
        good ? QString(written)
             : QStringLiteral("'%1' is not a partition: expected topic[number], as orders[0]").arg(QString(written));
    QCOMPARE(outcome(parsePartition(written.toStdString())), expected);
}

void OffsetTest::positions_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<bool>("good");
    for (const char* good : {"orders[0]@0", "orders[0]@1042", "#5[0]@9223372036854775807"}) {
        QTest::newRow(good) << QByteArray(good) << true;
    }
    for (const char* bad :
         {"", "orders[0]", "orders[0]@", "orders[0]@-1", "orders[0]@9223372036854775808", "orders[0]@1 ", "orders@1",
          "@1", "orders[0]:1", "orders[0]@1@2", "orders[0]@1,000", "orders[0]@1.0"}) {
        QTest::newRow(bad) << QByteArray(bad) << false;
    }
}

void OffsetTest::positions()
{
    QFETCH(QByteArray, written);
    QFETCH(bool, good);
    const QString expected =
        good ? QString(written)
             : QStringLiteral("'%1' is not a position: expected topic[number]@offset, as orders[0]@1042")
                   .arg(QString(written));
    QCOMPARE(outcome(parsePosition(written.toStdString())), expected);
}

void OffsetTest::cuts_data()
{
    QTest::addColumn<QByteArray>("written");
    QTest::addColumn<QByteArray>("again");
    const auto row = [](const char* written, const char* again) {
        QTest::newRow(written) << QByteArray(written) << QByteArray(again);
    };
    row("", "");
    row("orders[0]:0", "orders[0]:0");
    row("orders[0]:1043,orders[1]:998", "orders[0]:1043,orders[1]:998");
    // Partitions come out in their order, numbers as numbers.
    row("b[0]:1,a[10]:2,a[9]:3", "a[9]:3,a[10]:2,b[0]:1");
    constexpr const char* kBad = nullptr;
    for (const char* bad : {",", "orders[0]:1,", ",orders[0]:1", "orders[0]:1,,orders[1]:1", "orders[0]", "orders[0]:",
                            "orders[0]:-1", "orders[0]@1", "orders[0]:1 ,orders[1]:1", "orders[0]:1,orders[0]:2",
                            "orders[0]:1;orders[1]:2", "orders[0]:9223372036854775808", "orders:1"}) {
        row(bad, kBad);
    }
}

void OffsetTest::cuts()
{
    QFETCH(QByteArray, written);
    QFETCH(QByteArray, again);
    const QString expected =
        !again.isNull()
            ? QString(again)
            : QStringLiteral("'%1' is not a cut: expected topic[number]:next,..., as orders[0]:1043,orders[1]:998")
                  .arg(QString(written));
    QCOMPARE(outcome(parseCut(written.toStdString())), expected);
}

void OffsetTest::cutsHoldWhatIsBelowTheirNextOffset()
{
    const Cut cut = parseCut("orders[0]:3,orders[1]:0").value();
    const auto inside = [&](const char* position) { return cut.contains(parsePosition(position).value()); };
    QVERIFY(inside("orders[0]@0"));
    QVERIFY(inside("orders[0]@2"));
    QVERIFY(!inside("orders[0]@3"));
    QVERIFY(!inside("orders[1]@0"));
    QVERIFY(!inside("orders[2]@0"));
    QVERIFY(!inside("order[0]@0"));
    QVERIFY(!Cut{}.contains(parsePosition("orders[0]@0").value()));
}

void OffsetTest::offsetsAndCountsAdd()
{
    QVERIFY(Offset{5} + OffsetCount{3} == Offset{8});
    QVERIFY(Offset{5} - Offset{8} == OffsetCount{-3});
    QVERIFY(Offset{5}.next() == Offset{6});
}

void OffsetTest::indexesAreWrittenWithAHash()
{
    QCOMPARE(text(toText(EventIndex{541207})), QStringLiteral("#541207"));
    QCOMPARE(text(toText(EventIndex{std::numeric_limits<std::uint64_t>::max()})),
             QStringLiteral("#18446744073709551615"));
}

void OffsetTest::textsParseBack()
{
    const std::uint64_t seed = std::random_device{}();
    qInfo() << "seed" << seed;
    std::mt19937_64 random(seed);
    for (int i = 0; i < 3'000; ++i) {
        const Position position{randomPartition(random), randomOffset(random)};
        QVERIFY(parsePartition(toText(position.partition)).value() == position.partition);
        QVERIFY(parsePosition(toText(position)).value() == position);
        Cut cut;
        for (std::uint64_t parts = random() % 5; parts > 0; --parts)
            cut.next[randomPartition(random)] = randomOffset(random);
        QVERIFY(parseCut(toText(cut)).value() == cut);
    }
}

void OffsetTest::topicNamesCanBeMadeOfAnything_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QString>("topic");
    QTest::newRow("good") << QByteArray("orders-2.jsonl") << QStringLiteral("orders-2.jsonl");
    QTest::newRow("empty") << QByteArray() << QStringLiteral("log");
    QTest::newRow("signs") << QByteArray("a@b:c,d[0]") << QStringLiteral("a_b_c_d_0_");
    QTest::newRow("blanks") << QByteArray("my log\t\n\x7f") << QStringLiteral("my_log___");
    QTest::newRow("blanks alone") << QByteArray("  ") << QStringLiteral("__");
    QTest::newRow("null byte") << QByteArray("a\0b", 3) << QStringLiteral("a_b");
    QTest::newRow("no UTF-8") << QByteArray("caf\xe9.log") << QStringLiteral("caf_.log");
    QTest::newRow("cut UTF-8") << QByteArray("\xc3\xa9\xc3") << QStringLiteral("___");
    QTest::newRow("UTF-8") << QByteArray("caf\xc3\xa9") << QString::fromUtf8("caf\xc3\xa9");
}

void OffsetTest::topicNamesCanBeMadeOfAnything()
{
    QFETCH(QByteArray, given);
    QFETCH(QString, topic);
    const std::string name = topicNameFor(given.toStdString());
    QCOMPARE(text(name), topic);
    QVERIFY(parsePartition(toText(Partition{name, 7})).has_value());
}

QTEST_APPLESS_MAIN(OffsetTest)
#include "offset_test.moc"
