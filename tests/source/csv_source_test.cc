// SPDX-License-Identifier: GPL-3.0-or-later
#include "source_fixture.h"

#include "core/source/csv_rows.h"

using namespace leftfold;
using namespace leftfold::source;
using namespace leftfold::source::test;

namespace {

Loaded loadAs(const std::vector<std::string>& paths, const FileOptions& options, const std::string& cut = {})
{
    Loaded loaded;
    loaded.cut = cut;
    auto source = openFiles(paths, options);
    if (!source) {
        loaded.error = text(base::render(source.error()));
        return loaded;
    }
    loadInto(loaded, **source, (*source)->target().value());
    return loaded;
}

/// The bytes of ASCII in UTF-16.
std::string wide(const std::string& ascii, bool isLittle)
{
    std::string out = isLittle ? "\xff\xfe" : "\xfe\xff";
    for (const char c : ascii) out += isLittle ? std::string{c, '\0'} : std::string{'\0', c};
    return out;
}

FileOptions columns(std::vector<std::string> names)
{
    FileOptions options;
    options.columns = std::move(names);
    return options;
}

} // namespace

class CsvSourceTest : public QObject {
    Q_OBJECT

private slots:
    void rowsBecomeObjects_data();
    void rowsBecomeObjects();
    void whatIsWrongWithARowIsAProblem_data();
    void whatIsWrongWithARowIsAProblem();
    void lastRows_data();
    void lastRows();
    void encodings_data();
    void encodings();
    void optionsSayHowToRead();
    void packedFilesAndFoldersAreRead();
    void aGrowingFileGoesOn();
    void rotatedFilesMayRepeatTheHeader();
    void otherOptionsThanBeforeAreRefused();
    void valuesHaveReadableBytesBehindThem();
};

void CsvSourceTest::rowsBecomeObjects_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QStringList>("values");

    const auto row = [](const char* name, const char* bytes, const QStringList& values) {
        QTest::newRow(name) << QByteArray(bytes) << values;
    };
    row("texts and numbers", "id,n\na,12\nb,-0.50\nc,1e3\n",
        {R"({"id":"a","n":12})", R"({"id":"b","n":-0.50})", R"({"id":"c","n":1e3})"});
    row("numbers keep their digits", "n\n12345678901234567890123\n0.1000000000000000000000000000000000000001\n",
        {R"({"n":12345678901234567890123})", R"({"n":0.1000000000000000000000000000000000000001})"});
    row("no JSON number is a text", "n\n007\n+1\n1,5\n.5\ntrue\nNaN\n",
        {R"({"n":"007"})", R"({"n":"+1"})", R"({"n":"1,5"})", R"({"n":".5"})", R"({"n":"true"})", R"({"n":"NaN"})"});
    row("quotes make a text", "n,m\n\"12\",12\n", {R"({"n":"12","m":12})"});
    row("empty is null, empty quotes are an empty text", "a,b\n,\"\"\n", {R"({"a":null,"b":""})"});
    row("line breaks, quotes and delimiters in quotes", "a,b\n\"x\ny\",\"say \"\"hi\"\", you\"\n",
        {R"({"a":"x\ny","b":"say \"hi\", you"})"});
    row("carriage returns", "a,b\r\n1,2\r\n\"3\",4\r\n", {R"({"a":1,"b":2})", R"({"a":"3","b":4})"});
    row("blank lines", "\na,b\n\n1,2\n  \n3,4\n", {R"({"a":1,"b":2})", R"({"a":3,"b":4})"});
    row("tabs", "a\tb\n1\t\n\t2\n", {R"({"a":1,"b":null})", R"({"a":null,"b":2})"});
    row("delimiter behind the last field", "a,b\n1,2,\n3,4,\n", {R"({"a":1,"b":2})", R"({"a":3,"b":4})"});
    row("control characters and escapes", "a,b\nx\x01y,back\\slash\n", {R"({"a":"x\u0001y","b":"back\\slash"})"});
    row("names twice and none", "a,a,\n1,2,3\n", {R"({"a":1,"a_2":2,"column3":3})"});
    row("only a header", "a,b\n", {});
    row("no header", "7,2026-01-01\n8,2026-01-02\n",
        {R"({"column1":7,"column2":"2026-01-01"})", R"({"column1":8,"column2":"2026-01-02"})"});
    row("spreadsheets name the delimiter", "sep=;\na;b\n1;2,5\n", {R"({"a":1,"b":"2,5"})"});
    row("empty", "", {});
}

void CsvSourceTest::rowsBecomeObjects()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QStringList, values);
    const Folder folder;
    folder.write("a.csv", bytes.toStdString());

    const Loaded loaded = load({folder.path("a.csv")});

    QCOMPARE(loaded.error, QString());
    QStringList expected;
    for (const QString& value : values) expected.append(QString("a[0]@%1 ").arg(expected.size()) + value);
    QCOMPARE(loaded.records, expected);
}

void CsvSourceTest::whatIsWrongWithARowIsAProblem_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QStringList>("values");
    QTest::addColumn<QStringList>("problems");

    const auto row = [](const char* name, const char* bytes, const QStringList& values, const QStringList& problems) {
        QTest::newRow(name) << QByteArray(bytes) << values << problems;
    };
    row("fields are missing", "a,b,c\n1,2,3\n4\n", {R"({"a":1,"b":2,"c":3})", R"({"a":4})"},
        {"a[0]@1 line 3 of FILE has 1 fields, where the columns are 3"});
    row("too many fields", "a,b\n1,2,3,4\n", {R"({"a":1,"b":2,"column3":3,"column4":4})"},
        {"a[0]@0 line 2 of FILE has 4 fields, where the columns are 2"});
    row("a quote never closed", "a,b\n1,\"x\n2,y\n3,z\n",
        {R"({"a":1,"b":"\"x"})", R"({"a":2,"b":"y"})", R"({"a":3,"b":"z"})"},
        {"a[0]@0 line 2 of FILE: a quote is not closed at the end of its field; it is taken as text"});
    row("text behind a quote", "a,b\n\"1\" x,2\n", {R"({"a":"\"1\" x","b":2})"},
        {"a[0]@0 line 2 of FILE: a quote is not closed at the end of its field; it is taken as text"});
    row("no UTF-8", "a,b\n1,\xff\n2,y\n", {"1,\xff", R"({"a":2,"b":"y"})"},
        {"a[0]@0 line 2 of FILE is not UTF-8 and kept as it stands; if the file is written in another encoding, name "
         "it with --encoding"});
    row("line numbers count lines in quotes", "a,b\n1,\"x\n\ny\"\n2\n", {R"({"a":1,"b":"x\n\ny"})", R"({"a":2})"},
        {"a[0]@1 line 5 of FILE has 1 fields, where the columns are 2"});
}

void CsvSourceTest::whatIsWrongWithARowIsAProblem()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QStringList, values);
    QFETCH(QStringList, problems);
    const Folder folder;
    folder.write("a.csv", bytes.toStdString());

    const Loaded loaded = load({folder.path("a.csv")});

    QStringList found;
    for (const event::Record& record : loaded.raw) found.append(text(*record.value));
    QCOMPARE(found.size(), values.size());
    for (int i = 0; i < found.size(); ++i) {
        if (loaded.raw[static_cast<std::size_t>(i)].value->find('\xff') == std::string_view::npos)
            QCOMPARE(found[i], values[i]);
    }
    QCOMPARE(loaded.problems.join('|').replace(text(folder.path("a.csv")), "FILE"), problems.join('|'));
}

void CsvSourceTest::lastRows_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("records");
    QTest::addColumn<QString>("tail");

    QTest::newRow("whole") << QByteArray("a,b\n1,2\n3,4") << 2 << QString();
    QTest::newRow("half") << QByteArray("a,b\n1,2\n3") << 1
                          << "half-written last line of FILE: 1 bytes from byte 8 are not taken yet";
    QTest::newRow("only half a header") << QByteArray("a,b") << 0
                                        << "half-written last line of FILE: 3 bytes from byte 0 are not taken yet";
    QTest::newRow("open quote") << QByteArray("a,b\n1,2\n3,\"some words\nand") << 1
                                << "half-written last line of FILE: 17 bytes from byte 8 are not taken yet";
}

void CsvSourceTest::lastRows()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, records);
    QFETCH(QString, tail);
    const Folder folder;
    folder.write("a.csv", bytes.toStdString());

    const Loaded loaded = load({folder.path("a.csv")});

    QCOMPARE(loaded.records.size(), records);
    const QString expected = tail.isEmpty() ? tail : QString("a[0]@%1 ").arg(records) + tail;
    QCOMPARE(loaded.tail.join('|').replace(text(folder.path("a.csv")), "FILE"), expected);
}

void CsvSourceTest::encodings_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("encoding");
    QTest::addColumn<QString>("value");

    const auto row = [](const char* name, const std::string& bytes, const char* encoding, const char* value) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << encoding << value;
    };
    row("UTF-8", "n,m\nZo\xc3\xab,2\n", "", "{\"n\":\"Zoë\",\"m\":2}");
    row("UTF-8 with a mark", "\xef\xbb\xbf\"n\",m\nZo\xc3\xab,2\n", "", "{\"n\":\"Zoë\",\"m\":2}");
    row("UTF-16LE with a mark", wide("n,m\nZoe,2\n", true), "", "{\"n\":\"Zoe\",\"m\":2}");
    row("UTF-16BE with a mark", wide("n,m\r\nZoe,2", false), "", "{\"n\":\"Zoe\",\"m\":2}");
    row("UTF-16 beyond the first plane",
        wide("n,m\n", true)
            + std::string("=\xd8\0\xde,\0"
                          "2\0\n\0",
                          10),
        "", "{\"n\":\"\xf0\x9f\x98\x80\",\"m\":2}");
    row("UTF-16BE without a mark", wide("n,m\nZoe,2\n", false).substr(2), "utf-16be", "{\"n\":\"Zoe\",\"m\":2}");
    row("UTF-16 without a mark", wide("n,m\nZoe,2\n", true).substr(2), "utf-16", "{\"n\":\"Zoe\",\"m\":2}");
    row("Latin-1", "n,m\nZo\xeb,2\n", "latin-1", "{\"n\":\"Zoë\",\"m\":2}");
    row("Windows-1252", "n,m\n\x80 5,2\n", "cp1252", "{\"n\":\"€ 5\",\"m\":2}");
}

void CsvSourceTest::encodings()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, encoding);
    QFETCH(QString, value);
    const Folder folder;
    folder.write("a.csv", bytes.toStdString());
    FileOptions options;
    if (!encoding.isEmpty()) options.encoding = parseEncoding(encoding.toStdString()).value();

    const Loaded loaded = loadAs({folder.path("a.csv")}, options);

    QCOMPARE(loaded.error, QString());
    QCOMPARE(loaded.records, QStringList{"a[0]@0 " + value});
    QCOMPARE(loaded.problems, QStringList());
}

void CsvSourceTest::optionsSayHowToRead()
{
    const Folder folder;
    folder.write("a.txt", "1;2\n3;4\n");
    folder.write("named.csv", "x,y\n1,2\n");
    folder.write("b.txt", "a.b\n1.2\n");

    const Loaded named = loadAs({folder.path("a.txt")}, columns({"x", "y"}));
    QCOMPARE(named.records, (QStringList{R"(a[0]@0 {"x":1,"y":2})", R"(a[0]@1 {"x":3,"y":4})"}));
    // A first row that says the same is a header all the same.
    QCOMPARE(loadAs({folder.path("named.csv")}, columns({"x", "y"})).records.size(), 1);
    QCOMPARE(loadAs({folder.path("named.csv")}, columns({"u", "v"})).records.size(), 2);
    FileOptions dots;
    dots.delimiter = '.';
    QCOMPARE(loadAs({folder.path("b.txt")}, dots).records, QStringList{R"(b[0]@0 {"a":1,"b":2})"});
    FileOptions lines;
    lines.format = FileFormat::JsonLines;
    QCOMPARE(loadAs({folder.path("named.csv")}, lines).records, (QStringList{"named[0]@0 x,y", "named[0]@1 1,2"}));
}

void CsvSourceTest::packedFilesAndFoldersAreRead()
{
    const Folder folder;
    folder.write("a.csv.gz", gzipped("id,n\nx,1\n"));
    folder.write("b.tsv.zst", zstdPacked("id\tn\ny\t2\n"));
    folder.write("c.jsonl", "{\"id\":\"z\"}\n");

    const Loaded loaded = load({folder.path()});

    QCOMPARE(loaded.error, QString());
    QCOMPARE(loaded.records,
             (QStringList{R"(a[0]@0 {"id":"x","n":1})", R"(b[0]@0 {"id":"y","n":2})", R"(c[0]@0 {"id":"z"})"}));
    QCOMPARE(text(describeFormats(loaded.cut)), "CSV, 2 columns delimited by ','; CSV, 2 columns delimited by tabs");
}

void CsvSourceTest::aGrowingFileGoesOn()
{
    const std::string bytes = "id,n\nx,\"1\n2\"\n\ny,2\nz,\"a\"\"b\"\nu,4\n";
    const Folder whole;
    whole.write("a.csv", bytes);
    const Loaded expected = load({whole.path("a.csv")});
    QCOMPARE(expected.records.size(), 4);
    for (std::size_t first = 1; first < bytes.size(); ++first) {
        // A row that ends without its line break may go on, and then it is another: that is an error of its own.
        const bool looksWhole = bytes[first - 1] == ',' || bytes.substr(0, first).ends_with("\"a\"");
        if (bytes[first] != '\n' && looksWhole) continue;
        const Folder folder;
        folder.write("a.csv", bytes.substr(0, first));
        Loaded loaded = load({folder.path("a.csv")});
        folder.append("a.csv", bytes.substr(first));
        Loaded rest = load({folder.path("a.csv")}, loaded.cut);
        QCOMPARE(rest.error, QString());
        QCOMPARE(loaded.records + rest.records, expected.records);
        QCOMPARE(rest.tail, QStringList());
    }
}

void CsvSourceTest::rotatedFilesMayRepeatTheHeader()
{
    const Folder folder;
    folder.write("a.csv.1", "id,n\nx,1\n");
    folder.write("a.csv", "id,n\ny,2\n");

    const Loaded loaded = load({folder.path()});

    QCOMPARE(loaded.records, (QStringList{R"(a[0]@0 {"id":"x","n":1})", R"(a[0]@1 {"id":"y","n":2})"}));
}

void CsvSourceTest::otherOptionsThanBeforeAreRefused()
{
    const Folder folder;
    folder.write("a.csv", "id,n\nx,1\n");
    const std::string path = folder.path("a.csv");
    const Loaded first = load({path});

    const Loaded other = loadAs({path}, columns({"u", "v"}), first.cut);
    QCOMPARE(other.error, text(path)
                              + " was captured as CSV with the columns id,n, not as CSV with the columns u,v; to read "
                                "it so, capture it anew with fetch --fresh");
    auto source = openFiles({path}, columns({"u", "v"}));
    QVERIFY(!(*source)->grownBeyond(first.cut));
    QVERIFY((*openFiles({path}, columns({"id", "n"})))->grownBeyond(first.cut).has_value());
}

void CsvSourceTest::valuesHaveReadableBytesBehindThem()
{
    const Folder folder;
    folder.write("a.csv", "id\nx\n");
    const Loaded loaded = load({folder.path("a.csv")});
    const std::string_view value = *loaded.raw.front().value;
    for (std::size_t i = 0; i < base::kReadablePadding; ++i) QCOMPARE(value.data()[value.size() + i], '\0');
}

QTEST_GUILESS_MAIN(CsvSourceTest)
#include "csv_source_test.moc"
