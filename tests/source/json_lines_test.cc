// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_fixture.h"

#include "core/source/line_splitter.h"

#include <set>

using namespace leftfold;
using namespace leftfold::source;
using namespace leftfold::source::test;
using namespace std::string_literals;

class JsonLinesTest : public QObject {
    Q_OBJECT

private slots:
    void linesBecomeRecords_data();
    void linesBecomeRecords();
    void lineNumbersCountBlankLinesToo();
    void valuesKeepEveryByte();
    void aLineMayBeVeryLong();
    void batchesHoldTheirLimits();
    void valuesHaveReadableBytesBehindThem();
    void everyBatchHasACut();
    void theCutsOfManySmallFilesAreFew();
    void wideTextIsRead_data();
    void wideTextIsRead();
    void wideTextIsNamed_data();
    void wideTextIsNamed();
    void otherCompressionsAreNamed();
    void theTargetStaysWhileTheFileGrows();
    void aLineCutByTheTargetWaits();
    void aLineBrokenJustBehindTheTargetIsWhole();
    void progressEndsAtItsTotal();
    void stoppedReadsAreCancelledAndGoOn();
    void foreignStatesAreRefused_data();
    void foreignStatesAreRefused();
};

void JsonLinesTest::linesBecomeRecords_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QStringList>("records");
    QTest::addColumn<QString>("tail");

    const auto row = [](const char* name, const QByteArray& bytes, const QStringList& records,
                        const QString& tail = {}) { QTest::newRow(name) << bytes << records << tail; };
    const QStringList two{"a[0]@0 {\"x\":1}", "a[0]@1 {\"x\":2}"};
    const QStringList one{"a[0]@0 {\"x\":1}"};
    row("empty", "", {});
    row("two", "{\"x\":1}\n{\"x\":2}\n", two);
    row("carriage returns", "{\"x\":1}\r\n{\"x\":2}\r\n", two);
    row("blank lines", "\n  \n{\"x\":1}\n\t\r\n\n{\"x\":2}\n\n \n", two);
    row("only blank lines", "\n \r\n\n", {});
    row("byte order mark", "\xef\xbb\xbf{\"x\":1}\n{\"x\":2}\n", two);
    row("byte order mark and a blank line", "\xef\xbb\xbf\n{\"x\":1}\n", one);
    row("only a byte order mark", "\xef\xbb\xbf", {});
    row("byte order mark, no line break", "\xef\xbb\xbf{\"x\":1}", one);
    row("second byte order mark", "{\"x\":1}\n\xef\xbb\xbf{}\n", {one[0], QString::fromUtf8("a[0]@1 \xef\xbb\xbf{}")});
    row("no line break at the end", "{\"x\":1}\n{\"x\":2}", two);
    row("half a line break at the end", "{\"x\":1}\n{\"x\":2}\r", two);
    row("array without line break", "[1,2]", {"a[0]@0 [1,2]"});
    row("blanks behind the last line", "{\"x\":1}\n   ", one);
    row("half-written", "{\"x\":1}\n{\"x\":", one,
        "half-written last line of FILE: 5 bytes from byte 8 are not taken yet");
    row("number that may go on", "{\"x\":1}\n12", one,
        "half-written last line of FILE: 2 bytes from byte 8 are not taken yet");
    row("broken document at the end", "{\"x\":1}\n{\"x\":tru}", one,
        "half-written last line of FILE: 9 bytes from byte 8 are not taken yet");
    row("only half a line", "{\"x", {}, "half-written last line of FILE: 3 bytes from byte 0 are not taken yet");
    row("no JSON", "hello\n{\"x\":", {"a[0]@0 hello"},
        "half-written last line of FILE: 5 bytes from byte 6 are not taken yet");
    row("carriage return inside", "a\rb\n", {"a[0]@0 a\rb"});
    row("two carriage returns", "a\r\r\n", {"a[0]@0 a\r"});
    row("blanks around stay", " {} \n", {"a[0]@0  {} "});
}

void JsonLinesTest::linesBecomeRecords()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QStringList, records);
    QFETCH(QString, tail);
    const Folder folder;
    folder.write("a.jsonl", bytes.toStdString());

    const Loaded loaded = load({folder.path("a.jsonl")});

    QCOMPARE(loaded.error, QString());
    QCOMPARE(loaded.records, records);
    QString expected;
    if (!tail.isEmpty()) expected = QString("a[0]@%1 ").arg(records.size()) + tail;
    QCOMPARE(loaded.tail.join('|'), expected.replace("FILE", text(folder.path("a.jsonl"))));
}

void JsonLinesTest::lineNumbersCountBlankLinesToo()
{
    const Folder folder;
    folder.write("a.jsonl", "\n\n{}\n  \nx\n");

    const Loaded loaded = load({folder.path("a.jsonl")});

    QCOMPARE(loaded.raw.size(), 2);
    QCOMPARE(loaded.raw[0].line, 3);
    QCOMPARE(loaded.raw[1].line, 5);
    QCOMPARE(loaded.raw[1].timestampType, event::TimestampType::None);
    QVERIFY(!loaded.raw[1].key);
}

void JsonLinesTest::valuesKeepEveryByte()
{
    std::string line;
    for (int byte = 0; byte < 256; ++byte) {
        if (byte != '\n') line += static_cast<char>(byte);
    }
    const Folder folder;
    folder.write("a.jsonl", line + '\n');

    const Loaded loaded = load({folder.path("a.jsonl")});

    QCOMPARE(loaded.raw.size(), 1);
    QVERIFY(*loaded.raw[0].value == line);
}

void JsonLinesTest::aLineMayBeVeryLong()
{
    const std::string big(20'000'000, 'x');
    const Folder folder;
    folder.write("a.jsonl", "{\"x\":1}\n\"" + big + "\"\n{\"x\":2}\n");

    const Loaded loaded = load({folder.path("a.jsonl")});

    QCOMPARE(loaded.error, QString());
    QCOMPARE(loaded.raw.size(), 3);
    QVERIFY(*loaded.raw[1].value == '"' + big + '"');
    QVERIFY(*loaded.raw[2].value == "{\"x\":2}");
    QCOMPARE(loaded.batches.size(), 3);
    QCOMPARE(loaded.batches[1].records.size(), 1);
}

void JsonLinesTest::batchesHoldTheirLimits()
{
    std::string bytes;
    for (int i = 0; i < 20'000; ++i) bytes += "{\"n\":" + std::to_string(i) + "}\n";
    for (int i = 0; i < 20; ++i) bytes += std::string(300'000, 'y') + '\n';
    bytes += std::string(kMaxBatchBytes, 'z') + '\n' + std::string(kMaxBatchBytes + 1, 'z') + "\nlast\n";
    const Folder folder;
    folder.write("a.jsonl", bytes);

    const Loaded loaded = load({folder.path("a.jsonl")});

    QCOMPARE(loaded.raw.size(), 20'023);
    std::int64_t offset = 0;
    for (const event::RecordBatch& batch : loaded.batches) {
        std::size_t values = 0;
        for (const event::Record& record : batch.records) {
            QCOMPARE(record.offset.value, offset++);
            values += record.value->size();
        }
        QVERIFY(!batch.records.empty() && batch.records.size() <= kMaxBatchLines);
        QVERIFY(values <= kMaxBatchBytes || batch.records.size() == 1);
    }
    QCOMPARE(loaded.batches[0].records.size(), kMaxBatchLines);
    QCOMPARE(loaded.batches[3].records.size(), kMaxBatchLines);
}

void JsonLinesTest::valuesHaveReadableBytesBehindThem()
{
    const Folder folder;
    folder.write("a.jsonl", "{\"x\":1}\n{\"x\":2}");

    const Loaded loaded = load({folder.path("a.jsonl")});

    for (const event::Record& record : loaded.raw) {
        int sum = 0;
        for (std::size_t i = 0; i < base::kReadablePadding; ++i) sum |= record.value->data()[record.value->size() + i];
        QVERIFY(sum >= 0);
    }
    QCOMPARE(loaded.raw.size(), 2);
}

void JsonLinesTest::everyBatchHasACut()
{
    const Folder folder;
    folder.makeFolder("logs");
    std::string bytes;
    for (int i = 0; i < 9'000; ++i) bytes += "{\"n\":" + std::to_string(i) + "}\n";
    folder.write("logs/a.jsonl", bytes);
    folder.write("logs/b.jsonl", bytes);

    const Loaded loaded = load({folder.path("logs")});

    QCOMPARE(loaded.batches.size(), 6);
    std::set<std::string> cuts;
    for (const event::RecordBatch& batch : loaded.batches) cuts.insert(batch.sourceCut);
    QCOMPARE(cuts.size(), 6);
    QVERIFY(!cuts.contains(""));
}

void JsonLinesTest::theCutsOfManySmallFilesAreFew()
{
    const Folder folder;
    folder.makeFolder("logs");
    constexpr int kFiles = 600;
    for (int i = 0; i < kFiles; ++i) folder.write("logs/" + std::to_string(i) + ".jsonl", "{\"n\":1}\n{\"n\":2}\n");

    const Loaded loaded = load({folder.path("logs")});

    std::size_t written = 0;
    std::size_t last = 0;
    std::size_t records = 0;
    for (const event::RecordBatch& batch : loaded.batches) {
        written += batch.sourceCut.size();
        last = batch.sourceCut.size();
        records += batch.records.size();
    }
    QCOMPARE(records, std::size_t{2 * kFiles});
    QVERIFY(last > kFiles * 100U); // every file is in it
    QVERIFY2(written < 10 * last, qPrintable(QString("%1 bytes of cuts, the last has %2").arg(written).arg(last)));
}

void JsonLinesTest::wideTextIsRead_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("UTF-16LE") << QByteArray("\xff\xfe{\0\"\0a\0\"\0:\0"
                                            "1\0}\0\n\0",
                                            18);
    QTest::newRow("UTF-16BE") << QByteArray("\xfe\xff\0{\0\"\0a\0\"\0:\0"
                                            "1\0}\0\n",
                                            18);
    QTest::newRow("UTF-16LE, no mark") << QByteArray("{\0\"\0a\0\"\0:\0"
                                                     "1\0}\0\n\0",
                                                     16);
    QTest::newRow("UTF-16BE, no line break") << QByteArray("\0{\0\"\0a\0\"\0:\0"
                                                           "1\0}",
                                                           14);
}

void JsonLinesTest::wideTextIsRead()
{
    QFETCH(QByteArray, bytes);
    const Folder folder;
    folder.write("a.jsonl", bytes.toStdString());
    QCOMPARE(load({folder.path("a.jsonl")}).records, QStringList{R"(a[0]@0 {"a":1})"});
}

void JsonLinesTest::wideTextIsNamed_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("encoding");
    QTest::newRow("UTF-32LE") << QByteArray("\xff\xfe\0\0{\0\0\0", 8) << "UTF-32LE";
    QTest::newRow("UTF-32BE") << QByteArray("\0\0\xfe\xff\0\0\0{", 8) << "UTF-32BE";
}

void JsonLinesTest::wideTextIsNamed()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, encoding);
    const Folder folder;
    folder.write("a.jsonl", bytes.toStdString());

    const Loaded loaded = load({folder.path("a.jsonl")});

    const QString file = text(folder.path("a.jsonl"));
    QCOMPARE(
        loaded.error,
        QString("%1 is %2 text, and Leftfold reads UTF-8; convert it first: iconv -f %2 -t UTF-8").arg(file, encoding));
    QVERIFY(loaded.records.isEmpty());
}

void JsonLinesTest::otherCompressionsAreNamed()
{
    const Folder folder;
    folder.write("a.jsonl", "\xfd"s + "7zXZ\0\0\0"s);

    const QString error = load({folder.path("a.jsonl")}).error;

    QVERIFY2(error.contains("is compressed as xz"), qPrintable(error));
}

void JsonLinesTest::theTargetStaysWhileTheFileGrows()
{
    const Folder folder;
    folder.write("a.jsonl", "1\n2\n");
    auto source = openFiles({folder.path("a.jsonl")});
    const auto target = (*source)->target();
    folder.append("a.jsonl", "3\n4\n");

    Loaded loaded;
    loadInto(loaded, **source, *target);

    QCOMPARE(loaded.records, (QStringList{"a[0]@0 1", "a[0]@1 2"}));
    QVERIFY(*(*source)->grownBeyond(loaded.cut));
    QCOMPARE(load({folder.path("a.jsonl")}, loaded.cut).records, (QStringList{"a[0]@2 3", "a[0]@3 4"}));
}

void JsonLinesTest::aLineCutByTheTargetWaits()
{
    const Folder folder;
    folder.write("a.jsonl", "1\n{\"x\":{}}");
    auto source = openFiles({folder.path("a.jsonl")});
    const auto target = (*source)->target();
    folder.append("a.jsonl", " \n3\n");

    Loaded loaded;
    loadInto(loaded, **source, *target);

    QCOMPARE(loaded.records, QStringList{"a[0]@0 1"});
    QCOMPARE(loaded.tail, QStringList());
    QCOMPARE(load({folder.path("a.jsonl")}, loaded.cut).records, (QStringList{"a[0]@1 {\"x\":{}} ", "a[0]@2 3"}));
}

void JsonLinesTest::aLineBrokenJustBehindTheTargetIsWhole()
{
    const Folder folder;
    folder.write("a.jsonl", "1\n23");
    auto source = openFiles({folder.path("a.jsonl")});
    const auto target = (*source)->target();
    folder.append("a.jsonl", "\n4\n");

    Loaded loaded;
    loadInto(loaded, **source, *target);

    QCOMPARE(loaded.records, (QStringList{"a[0]@0 1", "a[0]@1 23"}));
    QCOMPARE(load({folder.path("a.jsonl")}, loaded.cut).records, QStringList{"a[0]@2 4"});
}

void JsonLinesTest::progressEndsAtItsTotal()
{
    const Folder folder;
    folder.write("a.jsonl", "1\n2\n");
    folder.write("b.jsonl", "3\n");
    auto source = openFiles({folder.path("a.jsonl"), folder.path("b.jsonl")});

    Loaded loaded;
    loadInto(loaded, **source, *(*source)->target());

    QCOMPARE((*source)->progress().total, 6);
    QCOMPARE((*source)->progress().done, 6);
}

void JsonLinesTest::stoppedReadsAreCancelledAndGoOn()
{
    const Folder folder;
    folder.write("a.jsonl", "1\n2\n");
    auto source = openFiles({folder.path("a.jsonl")});
    QVERIFY((*source)->open("", *(*source)->target(), {}).has_value());
    std::stop_source stop;
    stop.request_stop();

    const auto stopped = (*source)->read(stop.get_token());
    const auto batch = (*source)->read({});

    QVERIFY(!stopped && stopped.error().code == base::ErrorCode::Cancelled);
    QCOMPARE((*batch)->records.size(), 2);
}

void JsonLinesTest::foreignStatesAreRefused_data()
{
    QTest::addColumn<QString>("state");
    QTest::newRow("no JSON") << "x";
    QTest::newRow("no object") << "[]";
    QTest::newRow("other version") << "{\"version\":2,\"logs\":{},\"envelopes\":{}}";
    QTest::newRow("no logs") << "{\"version\":1}";
    QTest::newRow("log without file") << "{\"version\":1,\"logs\":{\"/a\":{\"topic\":1}},\"envelopes\":{}}";
    QTest::newRow("bad hash")
        << "{\"version\":1,\"logs\":{\"/a\":{\"topic\":\"a\",\"mode\":1,\"next\":1,\"file\":{\"path\":\"/a\","
           "\"id\":[1,2,3],\"size\":1,\"modified\":1,\"bytes\":1,\"line\":1,\"openLine\":false,"
           "\"atEnd\":true,\"hash\":\"00\"}}},\"envelopes\":{}}";
}

void JsonLinesTest::foreignStatesAreRefused()
{
    QFETCH(QString, state);
    const Folder folder;
    folder.write("a.jsonl", "1\n");
    auto source = openFiles({folder.path("a.jsonl")});

    const auto badCut = (*source)->open(state.toStdString(), *(*source)->target(), {});
    const auto badTarget = (*source)->open("", state.toStdString(), {});

    QVERIFY(!badCut && badCut.error().code == base::ErrorCode::SourceStateUnreadable);
    QVERIFY(state.contains("envelopes")
            || (!badTarget && badTarget.error().code == base::ErrorCode::SourceStateUnreadable));
}

QTEST_GUILESS_MAIN(JsonLinesTest)
#include "json_lines_test.moc"
