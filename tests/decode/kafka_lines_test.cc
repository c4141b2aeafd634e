// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/decode/kafka_lines.h"

#include <QTest>

using namespace leftfold;
using namespace leftfold::decode;

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

QString orNull(const std::optional<base::ByteView>& bytes)
{
    return bytes ? '\'' + text(*bytes) + '\'' : QString("null");
}

/// "key 'a' value null at 2026-01-01T10:00:00Z create [h='1']"
QString shown(const event::Record& record)
{
    QString out = "key " + orNull(record.key) + " value " + orNull(record.value);
    if (record.timestamp)
        out += " at " + text(base::toIso(*record.timestamp))
               + (record.timestampType == event::TimestampType::LogAppend ? " append" : " create");
    for (const event::Header& header : record.headers)
        out += " [" + text(header.name) + '=' + orNull(header.value) + ']';
    return out;
}

std::string padded(const QByteArray& line)
{
    std::string bytes = line.toStdString();
    bytes.append(base::kReadablePadding, '\0');
    return bytes;
}

QString shownLayout(const std::vector<std::string>& lines)
{
    std::vector<base::ByteView> views(lines.begin(), lines.end());
    const auto layout = detectConsoleLayout(views);
    return layout ? '(' + text(describe(*layout)) + ')' : QString("none");
}

} // namespace

class KafkaLinesTest : public QObject {
    Q_OBJECT

private slots:
    void kcatLines_data();
    void kcatLines();
    void consoleLayouts_data();
    void consoleLayouts();
    void consoleLines_data();
    void consoleLines();
    void kcatLinesThatAreWrittenReadTheSame();
    void whatIsNoTextHasNoKcatLine();
};

void KafkaLinesTest::kcatLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("record");

    const auto row = [](const char* name, const char* line, const char* record) {
        QTest::newRow(name) << QByteArray(line) << record;
    };
    row("whole",
        R"({"topic":"orders","partition":3,"offset":1042,"tstype":"create","ts":1767261600000,"broker":1,)"
        R"("headers":["a","1","b",null],"key":"order-7","payload":"{\"total\":12.50}"})",
        "orders[3]@1042 key 'order-7' value '{\"total\":12.50}' at 2026-01-01T10:00:00Z create [a='1'] [b=null]");
    row("tombstone", R"({"topic":"o","partition":0,"offset":0,"tstype":"logappend","ts":0,"key":"k","payload":null})",
        "o[0]@0 key 'k' value null at 1970-01-01T00:00:00Z append");
    row("empty value, no key",
        R"({"topic":"o","partition":0,"offset":0,"tstype":"unknown","ts":-1,"key":null,"payload":""})",
        "o[0]@0 key null value ''");
    row("decoded payload",
        R"({"topic":"o","partition":0,"offset":1,"key":{"id":1},"payload":{"a":[1, 2],"b":{"c":1e400}}})",
        "o[0]@1 key '{\"id\":1}' value '{\"a\":[1, 2],\"b\":{\"c\":1e400}}'");
    row("members in any order, blanks between",
        R"( { "payload" : [ 1 ] , "offset" : 5 , "key" : 7 , "partition" : 1 , "topic" : "o" } )",
        "not a line of kcat -J: it is no JSON object");
    row("numbers", R"({"payload":17.50,"offset":5,"key":7,"partition":1,"topic":"o"})", "o[1]@5 key '7' value '17.50'");
    row("escaped", R"({"topic":"o","partition":0,"offset":1,"key":"\u00eb\n","payload":"a\"b\\"})",
        "o[0]@1 key 'ë\n' value 'a\"b\\'");
    row("topic as it may be written", R"({"topic":"a b","partition":0,"offset":1,"payload":"x"})",
        "a_b[0]@1 key null value 'x'");
    row("no payload", R"({"topic":"o","partition":0,"offset":1})", "not a line of kcat -J: it has no payload");
    row("no offset", R"({"topic":"o","partition":0,"offset":-1,"payload":1})",
        "not a line of kcat -J: it has no offset");
    row("no topic", R"({"partition":0,"offset":1,"payload":1})", "not a line of kcat -J: it names no topic");
    row("partition beyond 32 bits", R"({"topic":"o","partition":4294967296,"offset":1,"payload":1})",
        "not a line of kcat -J: it names no partition");
    row("odd headers", R"({"topic":"o","partition":0,"offset":1,"headers":["a"],"payload":1})",
        "not a line of kcat -J: its headers are no list of names and values");
    row("no JSON", R"({"topic":"o",)", "not a line of kcat -J: not JSON at byte 13: the document ends too early");
}

void KafkaLinesTest::kcatLines()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, record);
    const std::string bytes = padded(line);
    std::deque<std::string> arena;
    const auto content = readKcatLine(base::ByteView(bytes).substr(0, static_cast<std::size_t>(line.size())), arena);
    QString found;
    if (content) {
        found =
            text(toText(event::Position{content->partition, content->record.offset})) + ' ' + shown(content->record);
        QVERIFY(isKcatLine(base::ByteView(bytes).substr(0, static_cast<std::size_t>(line.size()))));
    } else {
        found = text(base::render(content.error()));
    }
    if (record.startsWith("not a line of kcat -J: not JSON"))
        QVERIFY(found.startsWith("not a line of kcat -J: not JSON"));
    else
        QCOMPARE(found, record);
}

void KafkaLinesTest::consoleLayouts_data()
{
    QTest::addColumn<QByteArrayList>("lines");
    QTest::addColumn<QString>("layout");

    const auto row = [](const char* name, const QByteArrayList& lines, const char* layout) {
        QTest::newRow(name) << lines << layout;
    };
    row("everything", {"CreateTime:1\tPartition:0\tOffset:5\tNO_HEADERS\tk\t{}"},
        "(timestamp, partition, offset, headers, key)");
    row("all but headers", {"CreateTime:1\tPartition:0\tOffset:5\tk\t{}"}, "(timestamp, partition, offset, key)");
    row("timestamp", {"LogAppendTime:1\t{}"}, "(timestamp)");
    row("headers and no key", {"NO_TIMESTAMP\ta:1,b:2\t{}", "NO_TIMESTAMP\tNO_HEADERS\t{}"}, "(timestamp, headers)");
    row("a key with a colon", {"NO_TIMESTAMP\torder:7\t{}", "NO_TIMESTAMP\torder:8\t{}"}, "(timestamp, key)");
    row("key alone", {"k\t{\"a\":1}", "k\tnull"}, "(key)");
    row("tabs in the value", {"CreateTime:1\t{}\tx", "CreateTime:1\t{}"}, "(timestamp)");
    row("only values", {"{}", "{}"}, "none");
    row("rows of a table", {"a\tb", "c\td"}, "none");
    row("words", {"Partition: a wall"}, "none");
}

void KafkaLinesTest::consoleLayouts()
{
    QFETCH(QByteArrayList, lines);
    QFETCH(QString, layout);
    std::vector<std::string> texts;
    for (const QByteArray& line : lines) texts.push_back(line.toStdString());
    QCOMPARE(shownLayout(texts), layout);
}

void KafkaLinesTest::consoleLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("record");

    const auto row = [](const char* line, const char* record) { QTest::newRow(line) << QByteArray(line) << record; };
    row("CreateTime:1767261600000\tPartition:2\tOffset:5\tNO_HEADERS\tk\t{\"a\":1}",
        "2 5 key 'k' value '{\"a\":1}' at 2026-01-01T10:00:00Z create");
    row("LogAppendTime:0\tPartition:0\tOffset:0\ta:1,b:null,c:x:y\tnull\tnull",
        "0 0 key null value null at 1970-01-01T00:00:00Z append [a='1'] [b=null] [c='x:y']");
    row("NO_TIMESTAMP\tPartition:0\tOffset:1\ta:1,2,b:3\tk\tv\tw", "0 1 key 'k' value 'v\tw' [a='1,2'] [b='3']");
    row("CreateTime:-1\tPartition:0\tOffset:1\tNO_HEADERS\t\t", "0 1 key '' value ''");
    row("Partition:0\tOffset:1\tNO_HEADERS\tk\tv", "not a line of kafka-console-consumer: it has no timestamp");
    row("CreateTime:1\tPartition:x\tOffset:1\tNO_HEADERS\tk\tv",
        "not a line of kafka-console-consumer: it has no partition");
    row("CreateTime:1\tPartition:0\tOffset:99999999999999999999\tNO_HEADERS\tk\tv",
        "not a line of kafka-console-consumer: it has no offset");
    row("CreateTime:1\tPartition:0\tOffset:1\tv",
        "not a line of kafka-console-consumer: it has fewer fields than the first lines");
    row("Processed a total of 5 messages", "not a line of kafka-console-consumer: it has no timestamp");
}

void KafkaLinesTest::consoleLines()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, record);
    const std::string bytes = padded(line);
    const auto content = readConsoleLine(base::ByteView(bytes).substr(0, static_cast<std::size_t>(line.size())),
                                         {true, true, true, true, true});
    if (!content) {
        QCOMPARE(text(base::render(content.error())), record);
        return;
    }
    QCOMPARE(QString("%1 %2 ").arg(*content->partition).arg(content->offset->value) + shown(content->record), record);
}

void KafkaLinesTest::kcatLinesThatAreWrittenReadTheSame()
{
    std::deque<std::string> arena;
    for (
        const char* const line :
        {R"({"topic":"orders","partition":3,"offset":42,"tstype":"create","ts":1767261600500,"headers":["a","1","a",null],"key":"k","payload":"{\"x\":\"\\u00e9\\n\"}"})",
         R"({"topic":"orders","partition":0,"offset":0,"tstype":"logappend","ts":1500,"key":null,"payload":null})",
         R"({"topic":"o","partition":0,"offset":9007199254740993,"key":"","payload":""})"}) {
        const KcatContent read =
            readKcatLine(std::string_view(arena.emplace_back(padded(line))).substr(0, strlen(line)), arena).value();
        std::string written;
        QVERIFY(appendKcatLine(written, read.partition, read.record));
        QCOMPARE(text(written), QString(line));
    }
}

void KafkaLinesTest::whatIsNoTextHasNoKcatLine()
{
    event::Record record;
    std::string out = "before";
    record.value = "\xff";
    QVERIFY(!appendKcatLine(out, {"o", 0}, record));
    record.value = "{}";
    record.headers = {{"h", "\x80"}};
    QVERIFY(!appendKcatLine(out, {"o", 0}, record));
    QCOMPARE(text(out), QString("before"));
}

QTEST_GUILESS_MAIN(KafkaLinesTest)
#include "kafka_lines_test.moc"
