// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/source/csv.h"
#include "source_fixture.h"

#include <random>

using namespace leftfold::source;
using namespace leftfold::source::test;

namespace {

/// "[a|b]" of fields; a quoted one stands in quotes, a badly quoted one behind '!'.
QString shown(const std::string& row, char delimiter = ',')
{
    QStringList fields;
    RowReader reader(row, delimiter);
    while (const auto field = reader.next()) {
        std::string out;
        appendText(out, *field);
        fields.append((field->isBadlyQuoted ? "!" : "") + (field->isQuoted ? '\'' + text(out) + '\'' : text(out)));
    }
    return fields.join('|');
}

/// The rows of a text, cut into pieces of `piece` bytes on the way; "<...>" around what is left without a line break.
QStringList rowsOf(const std::string& bytes, std::size_t columns, std::size_t piece)
{
    QStringList rows;
    RowScanner scanner(',', columns);
    std::size_t begin = 0;
    for (std::size_t seen = 0; seen < bytes.size();) {
        seen = std::min(bytes.size(), seen + piece);
        while (true) {
            const std::string_view pending = std::string_view(bytes).substr(begin, seen - begin);
            const std::size_t end = scanner.findEnd(pending, seen == bytes.size());
            if (end == RowScanner::kNone) break;
            rows.append(text(pending.substr(0, end)));
            begin += end + 1;
            scanner.restart();
        }
    }
    if (begin < bytes.size()) rows.append('<' + text(std::string_view(bytes).substr(begin)) + '>');
    return rows;
}

std::string inQuotes(const std::string& field)
{
    std::string out = "\"";
    for (const char c : field) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

} // namespace

class CsvTest : public QObject {
    Q_OBJECT

private slots:
    void fieldsOfARow_data();
    void fieldsOfARow();
    void endsOfRows_data();
    void endsOfRows();
    void anyTextComesBackFromQuotes();
    void aQuotedFieldHasAnEnd();
    void dialectsAreDetected_data();
    void dialectsAreDetected();
    void columnsGetNamesOfTheirOwn();
};

void CsvTest::fieldsOfARow_data()
{
    QTest::addColumn<QByteArray>("row");
    QTest::addColumn<QString>("fields");

    const auto row = [](const char* bytes, const char* fields) { QTest::newRow(bytes) << QByteArray(bytes) << fields; };
    row("a,b,c", "a|b|c");
    row("", "");
    row(",", "|");
    row("a,", "a|");
    row("\"a\",\"\"", "'a'|''");
    row("\"a,b\",c", "'a,b'|c");
    row("\"a\nb\",c", "'a\nb'|c");
    row("\"say \"\"hi\"\"\",c", "'say \"hi\"'|c");
    row("\"\"\"\"", "'\"'");
    row("a \"b\" c,d", "a \"b\" c|d");
    row(" \"a\",b", " \"a\"|b");
    row("\"a\" ,b", "!\"a\" |b");
    row("\"a\"b,c", "!\"a\"b|c");
    row("\"a,b", "!\"a|b");
    row("5\" pipe,x", "5\" pipe|x");
    row("a,\"b", "a|!\"b");
}

void CsvTest::fieldsOfARow()
{
    QFETCH(QByteArray, row);
    QFETCH(QString, fields);
    QCOMPARE(shown(row.toStdString()), fields);
}

void CsvTest::endsOfRows_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QStringList>("rows");

    const auto row = [](const char* name, const char* bytes, const QStringList& rows) {
        QTest::newRow(name) << QByteArray(bytes) << rows;
    };
    row("plain", "a,b\nc,d\n", {"a,b", "c,d"});
    row("carriage returns stay", "a,b\r\n\"c\",d\r\n", {"a,b\r", "\"c\",d\r"});
    row("carriage return behind a quote", "a,\"b\"\r\nc,d\n", {"a,\"b\"\r", "c,d"});
    row("line break in quotes", "a,\"b\nc\"\nd,e\n", {"a,\"b\nc\"", "d,e"});
    row("doubled quotes and a line break", "\"a\"\"\n\"\"b\",c\nd,e\n", {"\"a\"\"\n\"\"b\",c", "d,e"});
    row("quote inside a field", "a,5\" x\nb,c\n", {"a,5\" x", "b,c"});
    row("quote with something behind it", "\"a\" x,b\nc,d\n", {"\"a\" x,b", "c,d"});
    row("a quote of a later row closes none", "a,\"b\nc,d\ne,\"f\"\n", {"a,\"b", "c,d", "e,\"f\""});
    row("never closed, then rows", "a,\"b\nc,d\ne,f\n", {"a,\"b", "c,d", "e,f"});
    row("never closed, then half a row", "a,\"b\nc,d\ne", {"a,\"b", "c,d", "<e>"});
    row("never closed, then text", "a,\"b\nsome words\nof a text", {"<a,\"b\nsome words\nof a text>"});
    row("never closed in the last row", "a,b\nc,\"d\n", {"a,b", "<c,\"d\n>"});
    row("no line break at the end", "a,b\nc,\"d\"", {"a,b", "<c,\"d\">"});
}

void CsvTest::endsOfRows()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QStringList, rows);
    for (std::size_t piece = 1; piece <= static_cast<std::size_t>(bytes.size()); ++piece)
        QCOMPARE(rowsOf(bytes.toStdString(), 2, piece), rows);
}

void CsvTest::anyTextComesBackFromQuotes()
{
    const unsigned seed = std::random_device{}();
    qInfo("seed %u", seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 2'000; ++round) {
        std::string bytes;
        QStringList rows;
        for (std::size_t i = 0; i < 3; ++i) {
            std::string row;
            for (std::size_t column = 0; column < 3; ++column) {
                std::string field;
                for (std::size_t left = random() % 6; left > 0; --left) field += "\"\n\r,ab;"[random() % 7];
                row += (column == 0 ? "" : ",") + inQuotes(field);
            }
            rows.append(text(row));
            bytes += row + '\n';
        }
        QCOMPARE(rowsOf(bytes, 3, 1 + random() % bytes.size()), rows);
        for (const QString& row : rows) QCOMPARE(textsOf(row.toStdString(), ',').size(), 3);
    }
}

/// Whatever the pieces are in which a text comes.
void CsvTest::aQuotedFieldHasAnEnd()
{
    const std::string most = inQuotes(std::string(kMaxQuotedBytes - 1, 'x')) + ",b\n";
    QCOMPARE(rowsOf(most, 2, most.size()).size(), 1);
    const std::string tooLong = "a,\"b\n" + std::string(kMaxQuotedBytes, 'x') + "\",c\nd,e\n";
    const QStringList rows = rowsOf(tooLong, 2, tooLong.size());
    QCOMPARE(rows.size(), 3);
    QCOMPARE(rows.first(), "a,\"b");
    QCOMPARE(rowsOf(tooLong, 2, std::size_t{1} << 20), rows);
}

void CsvTest::dialectsAreDetected_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<bool>("isSurelyCsv");
    QTest::addColumn<QString>("dialect");

    const auto row = [](const char* head, bool isSurelyCsv, const char* dialect) {
        QTest::newRow(head) << QByteArray(head) << isSurelyCsv << dialect;
    };
    row("id,at\n1,2\n", false, ", id at");
    row("id;at\n1,5;2\n2,5;3\n", false, "; id at");
    row("id\tat\n1\t2\n", false, "\t id at");
    row("id|at|what\n1|2|a,b\n", false, "| id at what");
    row("sep=;\nid;at\n1;2\n", false, "; id at");
    row("\xef\xbb\xbf\"id\",at\n1,2\n", false, ", id at");
    row("\n\nid,at\r\n1,2\r\n", false, ", id at");
    row("1,2011-01-31T12:00:00Z\n2,2011-02-01\n", true, ", column1 column2");
    row("1,2\n3,4\n", false, "none");
    row("id,at\n", false, "none");
    row("id,at\n", true, ", id at");
    row("name\nx\n", true, ", name");
    row("name\nx\n", false, "none");
    row("hello world\nit is a text, of lines\n", false, "none");
    row("a,b\n1,2\n3\n4\n", false, "none");
    row("a,b\n1,2\n3\n4\n", true, ", a b");
    row("{\"a\":1,\"b\":2}\n{\"a\":1,\"b\":2}\n", false, "none");
    row("", true, "none");
    row("a,\"b\nc\"\n1,2\n", false, ", a b\nc");
}

void CsvTest::dialectsAreDetected()
{
    QFETCH(QByteArray, head);
    QFETCH(bool, isSurelyCsv);
    QFETCH(QString, dialect);
    const auto found = detectCsv(head.toStdString(), true, {std::nullopt, {}, isSurelyCsv});
    QString shownDialect = "none";
    if (found) {
        shownDialect = QChar(found->delimiter);
        for (const std::string& name : found->columns) shownDialect += ' ' + text(name);
    }
    QCOMPARE(shownDialect, dialect);
}

void CsvTest::columnsGetNamesOfTheirOwn()
{
    const std::vector<std::string> expected{"a", "a_3", "column3", "a_4", "a_2", "column6"};
    QCOMPARE(columnNames("a,a,,a,a_2,", ','), expected);
}

QTEST_GUILESS_MAIN(CsvTest)
#include "csv_test.moc"
