// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/wire_format.h"
#include "tests/decode/payloads.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::decode;

namespace {

const QString kGuid = "01 89 79 17 62 23 36 18 6f 96 74 19 b9 0b 4a 5b 9d";
const char* const kGuidText = "89791762-2336-186f-9674-19b90b4a5b9d";

/// "4711 | rest in hex", "none"
QString markOf(const QString& hex)
{
    const std::string bytes = fromHex(hex);
    const auto mark = readSchemaMark(bytes);
    if (!mark) return "none";
    return QString::fromStdString(toText(mark->id)) + " | "
           + QString::fromLatin1(QByteArray(mark->rest.data(), static_cast<qsizetype>(mark->rest.size())).toHex());
}

/// A record of a value and headers; what it owns stands beside it.
struct Made {
    std::string value;
    std::vector<std::pair<std::string, std::string>> headers;

    [[nodiscard]] event::Record record() const
    {
        event::Record made;
        made.value = value;
        made.key = value;
        for (const auto& header : headers) made.headers.push_back({header.first, header.second});
        return made;
    }
};

/// "number 4711, payload ..., message 1 2", "GUID ..., in a header", or an error.
QString protobufOf(const Made& made, RecordPart part = RecordPart::Value)
{
    const event::Record record = made.record();
    const auto marked = readMarkedPayload(record, part);
    if (!marked) return "none";
    const auto message = protobufMessageOf(*marked);
    if (!message) return errorText(message.error());
    QStringList path;
    for (const std::int32_t index : message->messagePath) path += QString::number(index);
    return QString("%1, message %2, payload %3%4")
        .arg(QString::fromStdString(toText(marked->id)), path.join(' '),
             QString::fromLatin1(
                 QByteArray(message->payload.data(), static_cast<qsizetype>(message->payload.size())).toHex()),
             marked->isInHeader ? ", by header" : "");
}

} // namespace

class WireFormatTest : public QObject {
    Q_OBJECT

private slots:
    void marks();
    void headersComeFirst();
    void messagePaths();
    void messagePathsInHeaders();
};

void WireFormatTest::marks()
{
    QCOMPARE(markOf("00 00 00 12 67 aa bb"), "4711 | aabb");
    QCOMPARE(markOf("00 ff ff ff ff"), "4294967295 | ");
    QCOMPARE(markOf("00 00 00 12"), "none");
    QCOMPARE(markOf(kGuid + " 07"), QString(kGuidText) + " | 07");
    QCOMPARE(markOf("01 00 00 12 67 aa"), "none");
    QCOMPARE(markOf("02 00 00 12 67 aa"), "none");
    QCOMPARE(markOf(""), "none");
}

void WireFormatTest::headersComeFirst()
{
    const std::string plain = fromHex("00 00 00 00 07 02");
    const Made made{plain,
                    {{"__value_schema_id", "damaged"},
                     {"__value_schema_id", fromHex(kGuid)},
                     {"__key_schema_id", fromHex("00 00 00 00 09")}}};
    const event::Record record = made.record();
    const auto value = readMarkedPayload(record, RecordPart::Value);
    QVERIFY(value && value->isInHeader);
    QCOMPARE(toText(value->id), kGuidText);
    QCOMPARE(std::string(value->payload), plain);
    const auto key = readMarkedPayload(record, RecordPart::Key);
    QCOMPARE(toText(key->id), "9");
    // What cannot be read is as if it were not there; the last one counts.
    const Made damaged{plain, {{"__value_schema_id", fromHex(kGuid)}, {"__value_schema_id", "damaged"}}};
    const event::Record second = damaged.record();
    const auto inside = readMarkedPayload(second, RecordPart::Value);
    QVERIFY(inside && !inside->isInHeader);
    QCOMPARE(toText(inside->id), "7");
    QCOMPARE(std::string(inside->payload), fromHex("02"));
    event::Record tombstone = made.record();
    tombstone.value.reset();
    QVERIFY(!readMarkedPayload(tombstone, RecordPart::Value));
}

void WireFormatTest::messagePaths()
{
    const auto of = [](const QString& hex) { return protobufOf({fromHex("00 00 00 00 01" + hex), {}}); };
    QCOMPARE(of("00 08 01"), "1, message 0, payload 0801");
    QCOMPARE(of("02 00 08"), "1, message 0, payload 08");
    QCOMPARE(of("04 02 80 01"), "1, message 1 64, payload ");
    QCOMPARE(of(""), "not Confluent's wire format at byte 0: it ends within the path of the message");
    QCOMPARE(of("04 02"), "not Confluent's wire format at byte 2: it ends within the path of the message");
    QCOMPARE(of("01"), "not Confluent's wire format at byte 1: a path of -1 messages");
    QCOMPARE(of("02 01"), "not Confluent's wire format at byte 2: a message number -1");
    QCOMPARE(of("fe ff ff ff 0f"), "not Confluent's wire format at byte 5: a path of 2147483647 messages");
}

void WireFormatTest::messagePathsInHeaders()
{
    const auto of = [](const QString& header) {
        return protobufOf({fromHex("08 01"), {{"__key_schema_id", fromHex(header)}}}, RecordPart::Key);
    };
    QCOMPARE(of(kGuid), QString(kGuidText) + ", message 0, payload 0801, by header");
    QCOMPARE(of(kGuid + "00"), QString(kGuidText) + ", message 0, payload 0801, by header");
    QCOMPARE(of(kGuid + "04 02 04"), QString(kGuidText) + ", message 1 2, payload 0801, by header");
    QCOMPARE(of(kGuid + "00 00"), "not Confluent's wire format at byte 1: bytes behind the path of the message");
    QCOMPARE(protobufOf({fromHex("08 01"), {}}), "none");
}

QTEST_APPLESS_MAIN(WireFormatTest)
#include "wire_format_test.moc"
