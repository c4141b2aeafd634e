// SPDX-License-Identifier: GPL-3.0-or-later
// MessagePack and CBOR: payloads that need no schema. CBOR's come from RFC 8949, appendix A, where it has them.
#include "core/decode/payload_decoder.h"
#include "tests/decode/payloads.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::decode;

class SelfDescribedTest : public QObject {
    Q_OBJECT

private slots:
    void messagePack_data();
    void messagePack();
    void cbor_data();
    void cbor();
    void depthIsBounded();
    void damageIsReportedOrDecoded();
    void integersOfAnySize();
};

void SelfDescribedTest::messagePack_data()
{
    QTest::addColumn<QString>("hex");
    QTest::addColumn<QString>("json");
    const auto row = [](const char* name, const QString& hex, const QString& json) {
        QTest::newRow(name) << hex << json;
    };
    row("nil", "c0", "null");
    row("booleans", "92 c2 c3", "[false,true]");
    row("small integers", "92 7f ff", "[127,-1]");
    row("uint64", "cf ff ff ff ff ff ff ff ff", "18446744073709551615");
    row("int64", "d3 80 00 00 00 00 00 00 00", "-9223372036854775808");
    row("positive in int64", "d3 00 20 00 00 00 00 00 01", "9007199254740993");
    row("float", "ca 3d cc cc cd", "0.1");
    row("double", "cb 3f b9 99 99 99 99 99 9a", "0.1");
    row("NaN", "cb 7f f8 00 00 00 00 00 00", "\"NaN\"");
    row("text", "a3 66 22 6f", R"("f\"o")");
    row("text of another encoding", "a1 ff", "\"base64:/w==\"");
    row("bin", "c4 02 00 ff", "\"base64:AP8=\"");
    row("array", "93 01 a1 61 90", R"([1,"a",[]])");
    row("map", "82 a1 61 01 a1 62 80", R"({"a":1,"b":{}})");
    row("integers as keys", "82 01 a1 61 ff c0", R"({"1":"a","-1":null})");
    row("bytes as keys", "81 c4 01 00 02", R"({"base64:AA==":2})");
    row("keys of two kinds", "82 01 02 a1 31 03", R"([{"key":1,"value":2},{"key":"1","value":3}])");
    row("anything as a key", "82 92 01 02 81 01 03 c0 80",
        R"([{"key":[1,2],"value":{"1":3}},{"key":null,"value":{}}])");
    row("maps of two kinds of keys in each other", "82 01 82 02 c0 a0 c0 a1 61 01",
        R"([{"key":1,"value":[{"key":2,"value":null},{"key":"","value":null}]},{"key":"a","value":1}])");
    row("extension", "d5 05 01 02", R"({"$ext":5,"data":"base64:AQI="})");
    row("timestamp 32", "d6 ff 4d 46 a4 70", "\"2011-01-31T12:00:48Z\"");
    row("timestamp 64", "d7 ff 00 00 00 04 00 00 00 00", "\"1970-01-01T00:00:00.000000001Z\"");
    row("timestamp 96", "c7 0c ff 3b 9a c9 ff ff ff ff ff ff ff ff ff", "\"1969-12-31T23:59:59.999999999Z\"");
    row("no timestamp", "d7 ff ff ff ff ff 00 00 00 00", R"({"$ext":-1,"data":"base64://///wAAAAA="})");
    row("nothing", "", "not MessagePack at byte 0: there are no bytes");
    row("never used", "92 01 c1", "not MessagePack at byte 2: a byte that begins no value");
    row("cut", "92 01", "not MessagePack at byte 2: it ends within a value");
    row("a billion items", "dd 40 00 00 00 01", "not MessagePack at byte 6: it ends within a value");
    row("two values", "01 02", "not MessagePack at byte 1: bytes behind the end of the value");
}

void SelfDescribedTest::messagePack()
{
    QFETCH(QString, hex);
    QFETCH(QString, json);
    QCOMPARE(decoded(*makeMessagePackDecoder(), fromHex(hex)), json);
}

void SelfDescribedTest::cbor_data()
{
    QTest::addColumn<QString>("hex");
    QTest::addColumn<QString>("json");
    const auto row = [](const char* name, const QString& hex, const QString& json) {
        QTest::newRow(name) << hex << json;
    };
    row("zero", "00", "0");
    row("uint64", "1b ff ff ff ff ff ff ff ff", "18446744073709551615");
    row("-2^64", "3b ff ff ff ff ff ff ff ff", "-18446744073709551616");
    row("-1000", "39 03 e7", "-1000");
    row("bignum", "c2 49 01 00 00 00 00 00 00 00 00", "18446744073709551616");
    row("negative bignum", "c3 49 01 00 00 00 00 00 00 00 00", "-18446744073709551617");
    row("bignum without bytes", "82 c2 40 c3 40", "[0,-1]");
    row("bignum in pieces", "c2 5f 41 01 41 00 ff", "256");
    row("half", "f9 3e 00", "1.5");
    row("smallest half", "f9 00 01", "5.9604645e-08");
    row("largest half", "f9 7b ff", "65504.0");
    row("negative zero", "f9 80 00", "-0.0");
    row("infinities", "82 f9 7c 00 f9 fc 00", R"(["Infinity","-Infinity"])");
    row("NaN", "f9 7e 00", "\"NaN\"");
    row("float", "fa 47 c3 50 00", "1e+05");
    row("double", "fb 3f f1 99 99 99 99 99 9a", "1.1");
    row("simple values", "88 f4 f5 f6 f7 f0 f8 ff e0 f8 20",
        R"([false,true,null,{"$undefined":true},{"$simple":16},{"$simple":255},{"$simple":0},{"$simple":32}])");
    row("date-time", "c0 74 32 30 31 33 2d 30 33 2d 32 31 54 32 30 3a 30 34 3a 30 30 5a", "\"2013-03-21T20:04:00Z\"");
    row("epoch", "c1 1a 51 4b 67 b0", "\"2013-03-21T20:04:00Z\"");
    row("epoch with a fraction", "c1 fb 41 d4 52 d9 ec 20 00 00", "\"2013-03-21T20:04:00.500Z\"");
    row("epoch that is none", "c1 61 61", R"({"$tag":1,"value":"a"})");
    row("epoch beyond time", "c1 fb 7e 37 e4 3c 88 00 75 9c", R"({"$tag":1,"value":1e+300})");
    row("days", "d8 64 39 11 4a", "\"1957-11-18\"");
    row("date", "d9 03 ec 6a 31 39 34 30 2d 31 30 2d 30 39", "\"1940-10-09\"");
    row("decimal fraction", "c4 82 21 19 6a b3", "273.15");
    row("decimal fraction of a bignum", "c4 82 21 c2 49 01 00 00 00 00 00 00 00 00", "184467440737095516.16");
    row("decimal fraction far away", "c4 82 3a 05 f5 e0 ff 01", "1e-100000000");
    row("decimal fraction that is none", "c4 81 01", R"({"$tag":4,"value":[1]})");
    row("bigfloat", "c5 82 20 03", R"({"$tag":5,"value":[-1,3]})");
    row("uuid", "d8 25 50 12 3e 45 67 e8 9b 12 d3 a4 56 42 66 14 17 40 00", "\"123e4567-e89b-12d3-a456-426614174000\"");
    row("URI", "d8 20 63 61 3a 62", "\"a:b\"");
    row("itself", "d9 d9 f7 01", "1");
    row("tag on tag", "d8 2a d8 2b 01", R"({"$tag":42,"value":{"$tag":43,"value":1}})");
    row("bytes", "44 01 02 03 04", "\"base64:AQIDBA==\"");
    row("text", "62 22 5c", R"("\"\\")");
    row("text in pieces", "7f 65 73 74 72 65 61 64 6d 69 6e 67 ff", "\"streaming\"");
    row("array", "83 01 82 02 03 82 04 05", "[1,[2,3],[4,5]]");
    row("arrays without a length", "9f 01 82 02 03 9f 04 05 ff ff", "[1,[2,3],[4,5]]");
    row("maps", "a2 01 02 03 04", R"({"1":2,"3":4})");
    row("map without a length", "bf 61 61 01 61 62 9f 02 03 ff ff", R"({"a":1,"b":[2,3]})");
    row("nothing in them", "84 80 a0 9f ff bf ff", "[[],{},[],{}]");
    row("keys of two kinds", "a2 61 31 02 01 03", R"([{"key":"1","value":2},{"key":1,"value":3}])");
    row("a bignum and an integer as keys", "a2 c2 49 01 00 00 00 00 00 00 00 00 01 00 02",
        R"({"18446744073709551616":1,"0":2})");
    row("a tagged map", "d8 2a a1 01 d8 2a 02", R"({"$tag":42,"value":{"1":{"$tag":42,"value":2}}})");
    row("a tagged key", "a1 d8 2a 01 02", R"([{"key":{"$tag":42,"value":1},"value":2}])");
    row("nothing", "", "not CBOR at byte 0: it ends before the value does");
    row("a tag of nothing", "c1", "not CBOR at byte 1: it ends before the value does");
    row("reserved", "1c", "not CBOR at byte 0: a byte that begins no value");
    row("an indefinite number", "1f", "not CBOR at byte 0: a byte that begins no value");
    row("an indefinite tag", "df 01", "not CBOR at byte 0: a byte that begins no value");
    row("a simple value in two bytes that has one", "f8 14", "not CBOR at byte 0: a byte that begins no value");
    row("cut number", "19 01", "not CBOR at byte 0: it ends within a value");
    row("cut text", "63 61", "not CBOR at byte 0: 3 bytes should follow, 1 do");
    row("a text that is none", "61 ff", "not CBOR at byte 0: a text that is not UTF-8");
    row("pieces of another kind", "7f 41 00 ff", "not CBOR at byte 1: no piece of the text or bytes");
    row("pieces in pieces", "7f 7f 61 61 ff ff", "not CBOR at byte 1: no piece of the text or bytes");
    row("a lonely break", "ff", "not CBOR at byte 0: an end of something that has none");
    row("a break in an array of two", "82 01 ff", "not CBOR at byte 2: an end of something that has none");
    row("a tagged break", "9f c1 ff", "not CBOR at byte 2: an end of something that has none");
    row("half a pair", "bf 01 ff", "not CBOR at byte 2: a key without a value");
    row("items that are not there", "9b ff ff ff ff ff ff ff ff", "not CBOR at byte 0: more items than bytes follow");
    row("two values", "00 00", "not CBOR at byte 1: bytes behind the end of the value");
}

void SelfDescribedTest::cbor()
{
    QFETCH(QString, hex);
    QFETCH(QString, json);
    QCOMPARE(decoded(*makeCborDecoder(), fromHex(hex)), json);
}

void SelfDescribedTest::depthIsBounded()
{
    const QString tooDeep = ": values are nested too deeply";
    const auto many = [](char byte) { return std::string(1'000'000, byte); };
    QVERIFY(decoded(*makeCborDecoder(), many('\x81')).endsWith(tooDeep));
    QVERIFY(decoded(*makeCborDecoder(), many('\x9f')).endsWith(tooDeep));
    QVERIFY(decoded(*makeCborDecoder(), many('\xc1')).endsWith(tooDeep));
    QVERIFY(decoded(*makeMessagePackDecoder(), many('\x91')).endsWith(tooDeep));
    QVERIFY(decoded(*makeMessagePackDecoder(), many('\x81')).endsWith(tooDeep));
    QCOMPARE(decoded(*makeCborDecoder(), std::string(512, '\x81') + '\0').size(), 1'025);
}

void SelfDescribedTest::damageIsReportedOrDecoded()
{
    const auto seed = std::random_device()();
    qInfo("seed %u", seed);
    std::mt19937_64 random(seed);
    const std::string cbor = fromHex("bf 61 61 c4 82 21 19 6a b3 01 9f c1 1a 51 4b 67 b0 f9 3e 00 ff c2 49 01 00 00 00 "
                                     "00 00 00 00 00 7f 61 62 ff ff");
    QCOMPARE(decoded(*makeCborDecoder(), cbor), "[{\"key\":\"a\",\"value\":273.15},{\"key\":1,\"value\":[\"2013-03-"
                                                "21T20:04:00Z\",1.5]},{\"key\":18446744073709551616,\"value\":\"b\"}]");
    QVERIFY(survivesDamage(*makeCborDecoder(), cbor, random, 20'000));
    const std::string messagePack =
        fromHex("83 a1 61 93 01 ca 3d cc cc cd d6 ff 4d 46 a4 70 01 c4 02 00 ff c0 82 a1 62 d5 05 01 02 a1 63 c3");
    QCOMPARE(decoded(*makeMessagePackDecoder(), messagePack),
             "[{\"key\":\"a\",\"value\":[1,0.1,\"2011-01-31T12:00:48Z\"]},{\"key\":1,\"value\":\"base64:AP8=\"},"
             "{\"key\":null,\"value\":{\"b\":{\"$ext\":5,\"data\":\"base64:AQI=\"},\"c\":true}}]");
    QVERIFY(survivesDamage(*makeMessagePackDecoder(), messagePack, random, 20'000));
}

/// 256^n as a bignum, against multiplication by hand.
void SelfDescribedTest::integersOfAnySize()
{
    std::string digits = "1"; // the last one first
    for (std::size_t size = 1; size <= 255; ++size) {
        int carry = 0;
        for (char& digit : digits) {
            carry += (digit - '0') * 256;
            digit = static_cast<char>('0' + carry % 10);
            carry /= 10;
        }
        for (; carry > 0; carry /= 10) digits += static_cast<char>('0' + carry % 10);
        const std::string bytes =
            std::string("\xc2\x59\x00", 3) + static_cast<char>(size + 1) + '\1' + std::string(size, '\0');
        if (size == 255) break; // 256 bytes do not fit into the length above
        QCOMPARE(decoded(*makeCborDecoder(), bytes).toStdString(), std::string(digits.rbegin(), digits.rend()));
    }
    const std::string large = std::string("\xc2\x59\x10\x01", 4) + std::string(4'097, '\1');
    const QString begin = R"({"$tag":2,"value":"base64:)";
    QVERIFY(decoded(*makeCborDecoder(), large).startsWith(begin));
}

QTEST_APPLESS_MAIN(SelfDescribedTest)
#include "self_described_test.moc"
