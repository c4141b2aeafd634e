// SPDX-License-Identifier: GPL-3.0-or-later
// What an export holds, and that it appears whole or not at all.
#include "core/snapshot/table_columns.h"
#include "tests/snapshot/made_exports.h"

#include <csignal>
#include <sys/resource.h>

using namespace leftfold;
using namespace leftfold::snapshot;
using namespace leftfold::snapshot::test;
using capture::test::bytesOf;
using capture::test::failureOf;
using capture::test::newSeed;

class ExportTest : public QObject {
    Q_OBJECT

private slots:
    void init() { m_seed = newSeed(); }
    void readAgainItIsTheStates_data() { addFormats(); }
    void readAgainItIsTheStates();
    void whateverTheWorkersAndPassesItIsTheSameFile_data() { addFormats(); }
    void whateverTheWorkersAndPassesItIsTheSameFile();
    void theManifestSaysWhatItIsOf();
    void nothingIsReplacedUnasked_data() { addFormats(); }
    void nothingIsReplacedUnasked();
    void aStopLeavesNothing_data() { addFormats(); }
    void aStopLeavesNothing();
    void aFullDiskLeavesNothing_data() { addFormats(); }
    void aFullDiskLeavesNothing();
    void aFolderThatIsNotThereIsSaid();
    void aTextThatIsNoTextIsRefused_data() { addFormats(); }
    void aTextThatIsNoTextIsRefused();
    void manyPathsHaveTheFirstColumns_data();
    void manyPathsHaveTheFirstColumns();
    void csvIsWrittenAsRfc4180HasIt();
    void otherFilesAreNoExports_data();
    void otherFilesAreNoExports();

private:
    unsigned m_seed = 0;
};

void ExportTest::readAgainItIsTheStates()
{
    QFETCH(QString, format);
    std::size_t rows = 0;
    for (unsigned log = 0; log < 4; ++log) {
        MadeDocuments made(m_seed + log);
        for (int i = 0; i < 8; ++i) {
            const capture::OrdinalCut cut = i == 0 ? made.end() : made.randomCut();
            const std::string path = made.path("export" + std::to_string(i));
            const Manifest manifest =
                must(exportSnapshot(made.reader(), made.projection(), cut, exportTo(path, format), {}, {}));
            const auto expected = made.statesAt(cut);
            const auto found = rowsOf(path);
            QCOMPARE(found.size(), expected.size());
            for (std::size_t row = 0; const auto& [id, state] : expected) {
                QVERIFY2(found[row].id == id && found[row].state == state,
                         (id + "\n" + toJson(state.root()) + "\n" + toJson(found[row].state.root())).c_str());
                ++row;
            }
            const auto hashed = must(hashAll(made.reader(), made.projection(), cut, {}, {}, {}));
            QCOMPARE(base::toHex(manifest.snapshot.hash), base::toHex(hashed.hash));
            QCOMPARE(manifest.snapshot.aggregates, expected.size());
            QVERIFY(must(readManifest(manifestPathOf(path))) == manifest);
            const VerifyReport report = verified(made, path);
            for (const auto& finding : report.findings) qWarning("%s", base::render(finding.error).c_str());
            QVERIFY(report.findings.empty());
            QCOMPARE(report.done.size(), std::size_t{6});
            rows += expected.size();
        }
    }
    qInfo("%zu states read again", rows);
    QVERIFY(rows > 500);
}

void ExportTest::whateverTheWorkersAndPassesItIsTheSameFile()
{
    QFETCH(QString, format);
    const MadeDocuments made(m_seed);
    base::Hash256 first{};
    for (const unsigned workers : {1U, 2U, 5U}) {
        for (const std::uint32_t atOnce : {7U, 1U << 17}) {
            ExportOptions options = exportTo(made.path("same"), format);
            options.replace = true;
            options.folding = {.workers = workers, .maxAggregatesAtOnce = atOnce};
            const Manifest manifest =
                must(exportSnapshot(made.reader(), made.projection(), made.end(), options, {}, {}));
            if (first == base::Hash256{}) first = manifest.sha256;
            QCOMPARE(base::toHex(manifest.sha256), base::toHex(first));
        }
    }
}

void ExportTest::theManifestSaysWhatItIsOf()
{
    const Folder folder;
    capture::test::MadeLoad load;
    const auto add = [&](std::int64_t offset, std::int32_t partition, const std::string& value, bool hasTime) {
        capture::test::MadeEvent event;
        event.partition = {"orders", partition};
        event.offset = offset;
        event.key = "k" + std::to_string(offset);
        event.value = value;
        if (hasTime) {
            event.timestamp = base::Time{offset, 0};
            event.timestampType = event::TimestampType::Create;
        }
        load.push_back({{event}, "0:" + std::to_string(load.size()), {}, {}});
    };
    add(5, 0, R"({"a":1})", true);
    add(9, 0, "{", true);
    add(10, 0, R"({"a":2})", false);
    add(3, 1, R"({"a":3})", true);
    capture::test::capture(folder.path("log"), {load}, MadeDocuments::options());
    const auto reader = capture::test::opened(folder.path("log"));
    ExportOptions options = exportTo(folder.made("sub") + "/x.jsonl", "jsonl");
    options.logPath = folder.path("log");
    const capture::OrdinalCut cut = must(reader->resolve(must(event::parseWhen("orders[0]:11,orders[1]:4"))));
    const Manifest manifest = must(exportSnapshot(*reader, MadeDocuments::projectionOf(*reader), cut, options, {}, {}));
    QCOMPARE(manifest.file, std::string("x.jsonl"));
    QCOMPARE(manifest.logPath, std::string("../log"));
    QCOMPARE(manifest.version, std::string("1.2.3"));
    QCOMPARE(manifest.by, std::string("key"));
    QCOMPARE(manifest.fold, std::string("latest"));
    QCOMPARE(toText(manifest.snapshot.cut), std::string("orders[0]:11,orders[1]:4"));
    QCOMPARE(manifest.captureId, reader->catalog().captureId());
    QCOMPARE(manifest.partitions.size(), std::size_t{2});
    const PartitionAtCut& first = manifest.partitions[0];
    QCOMPARE(first.events, 3U);
    QCOMPARE(first.firstOffset.value, 5);
    QCOMPARE(first.missingOffsets, 3U);
    QCOMPARE(first.undecodable, 1U);
    QCOMPARE(first.timeless, 1U);
    QCOMPARE(first.unreadable, 0U);
    QVERIFY(*first.identity == must(reader->identities())[must(reader->catalog().numberOf({"orders", 0}))]);
}

void ExportTest::nothingIsReplacedUnasked()
{
    QFETCH(QString, format);
    const MadeDocuments made(m_seed, 50);
    const std::string path = made.path("there");
    for (const std::string& there : {path, manifestPathOf(path)}) {
        capture::test::write(there, "precious");
        const auto before = filesIn(made.folder());
        const auto outcome =
            exportSnapshot(made.reader(), made.projection(), made.end(), exportTo(path, format), {}, {});
        QCOMPARE(failureOf(outcome), QString("file-exists"));
        QCOMPARE(QString::fromStdString(outcome.error().args[0]), QString::fromStdString(there));
        QCOMPARE(bytesOf(there), std::string("precious"));
        QCOMPARE(filesIn(made.folder()), before);
        QFile::remove(QString::fromStdString(there));
    }
    capture::test::write(path, "precious");
    ExportOptions options = exportTo(path, format);
    options.replace = true;
    (void)must(exportSnapshot(made.reader(), made.projection(), made.end(), options, {}, {}));
    QVERIFY(verified(made, path).findings.empty());
}

void ExportTest::aStopLeavesNothing()
{
    QFETCH(QString, format);
    const MadeDocuments made(m_seed, 3000, 400);
    const auto before = filesIn(made.folder());
    for (int after = 0; after < 6; ++after) {
        std::stop_source stop;
        int calls = 0;
        if (after == 0) stop.request_stop();
        ExportOptions options = exportTo(made.path("stopped"), format);
        options.folding.maxAggregatesAtOnce = 70;
        const auto outcome = exportSnapshot(made.reader(), made.projection(), made.end(), options, stop.get_token(),
                                            [&](std::uint64_t, std::uint64_t) {
                                                if (++calls == after) stop.request_stop();
                                            });
        QCOMPARE(failureOf(outcome), QString("cancelled"));
        QCOMPARE(filesIn(made.folder()), before);
    }
}

void ExportTest::aFolderThatIsNotThereIsSaid()
{
    const MadeDocuments made(m_seed, 50);
    const auto outcome = exportSnapshot(made.reader(), made.projection(), made.end(),
                                        exportTo(made.path("no/such/x.jsonl"), "jsonl"), {}, {});
    QCOMPARE(failureOf(outcome), QString("file-not-found"));
}

namespace {

/// No file of this process may grow beyond so many bytes: writing fails in the middle, as on a full disk.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        m_signal = std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_signal);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    rlimit m_before{};
    void (*m_signal)(int) = nullptr;
};

/// The states of a log of `latest` values by key.
struct Written {
    explicit Written(const std::vector<std::pair<std::string, std::string>>& values)
    {
        capture::test::MadeLoad load;
        for (const auto& [id, value] : values) {
            capture::test::MadeEvent event;
            event.partition = {"t", 0};
            event.offset = static_cast<std::int64_t>(load.size());
            event.key = id;
            event.value = value;
            load.push_back({{event}, "0:" + std::to_string(load.size()), {}, {}});
        }
        capture::test::capture(folder.path("log"), {load}, MadeDocuments::options());
        reader = capture::test::opened(folder.path("log"));
    }
    [[nodiscard]] base::Result<Manifest> write(const std::string& name, const QString& format) const
    {
        return exportSnapshot(*reader, MadeDocuments::projectionOf(*reader), reader->catalog().end(),
                              exportTo(folder.path(name), format), {}, {});
    }
    Folder folder;
    std::unique_ptr<capture::Reader> reader;
};

} // namespace

void ExportTest::aFullDiskLeavesNothing()
{
    QFETCH(QString, format);
    const MadeDocuments made(m_seed, 2000, 500);
    const std::string path = made.path("full");
    const Manifest whole =
        must(exportSnapshot(made.reader(), made.projection(), made.end(), exportTo(path, format), {}, {}));
    QFile::remove(QString::fromStdString(path));
    QFile::remove(QString::fromStdString(manifestPathOf(path)));
    const QStringList before = filesIn(made.folder());
    for (int part = 0; part < 8; ++part) {
        const FileSizeLimit limit(whole.bytes * static_cast<unsigned>(part) / 8);
        const auto outcome =
            exportSnapshot(made.reader(), made.projection(), made.end(), exportTo(path, format), {}, {});
        QVERIFY(!outcome);
        QCOMPARE(filesIn(made.folder()), before);
    }
}

void ExportTest::aTextThatIsNoTextIsRefused()
{
    QFETCH(QString, format);
    const Folder folder;
    capture::test::MadeLoad load(1);
    capture::test::MadeEvent event;
    event.partition = {"t", 0};
    event.key = "one";
    event.value = "{}";
    event.headers = {{"type", "\xff\xfe"}};
    load[0] = {{event}, "0:0", {}, {}};
    capture::WriterOptions options = MadeDocuments::options();
    options.mapping.type = decode::HeaderNamed{"type"};
    capture::test::capture(folder.path("log"), {load}, options);
    const auto reader = capture::test::opened(folder.path("log"));
    replay::Projection tally = MadeDocuments::projectionOf(*reader);
    tally.fold = must(fold::builtInFold("tally"));
    const QStringList before = filesIn(folder.path());
    const auto outcome =
        exportSnapshot(*reader, tally, reader->catalog().end(), exportTo(folder.path("x"), format), {}, {});
    QCOMPARE(failureOf(outcome), QString("not-exportable"));
    QCOMPARE(QString::fromStdString(outcome.error().args[0]), QString("one"));
    QCOMPARE(filesIn(folder.path()), before);
}

void ExportTest::manyPathsHaveTheFirstColumns_data()
{
    QTest::addColumn<QString>("format");
    QTest::newRow("CSV") << "csv";
    QTest::newRow("SQLite") << "sqlite";
}

void ExportTest::manyPathsHaveTheFirstColumns()
{
    QFETCH(QString, format);
    std::vector<std::pair<std::string, std::string>> values;
    for (int row = 0; row < 9; ++row) {
        std::string json = "{";
        for (int i = 0; i < 300; ++i) {
            const std::string name = std::to_string(row * 280 + i);
            json += (i > 0 ? ",\"" : "\"") + name + "\":{\"n\":" + name + "}";
        }
        values.emplace_back("row" + std::to_string(row), json + "}");
    }
    const Written written(values);
    const Manifest manifest = must(written.write("wide", format));
    QCOMPARE(manifest.columns.size(), kMaxPartColumns + 2);
    QVERIFY(manifest.hasPathsWithoutColumn);
    QCOMPARE(manifest.columns[format == "csv" ? 1 : 2], std::string("/0/n"));
    const auto rows = rowsOf(written.folder.path("wide"));
    QCOMPARE(rows.size(), values.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        QVERIFY(rows[i].state == must(event::Document::parse(values[i].second)));
}

void ExportTest::csvIsWrittenAsRfc4180HasIt()
{
    const Written written({{"a", R"({"name":"Ann","age":7,"tags":[1,"x"],"at":{"city":"Ulm","zip":"89073"}})"},
                           {"b", R"({"name":"say \"hi\", then","age":null,"at":{"city":""}})"},
                           {"c", R"({"name":"true","more":true})"},
                           {"d", R"([1])"},
                           {"\xff", R"({"age":12.50})"}});
    (void)must(written.write("x.csv", "csv"));
    QCOMPARE(QString::fromStdString(capture::test::bytesOf(written.folder.path("x.csv"))),
             QString("id,base64:id,state,/name,/age,json:/tags,/at/city,/at/zip,/more\r\n"
                     "a,,,Ann,7,\"[1,\"\"x\"\"]\",Ulm,\"89073\",\r\n"
                     "b,,,\"say \"\"hi\"\", then\",null,,\"\",,\r\n"
                     "c,,,\"true\",,,,,true\r\n"
                     "d,,[1],,,,,,\r\n"
                     ",/w==,,,12.50,,,,\r\n"));
}

void ExportTest::otherFilesAreNoExports_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const char* bytes, const char* code, const char* says) {
        QTest::newRow(name) << QByteArray(bytes) << QString(code) << QString(says);
    };
    row("prose", "Dear Sir,\n", "not-an-export", "no export has a column \"Dear Sir\" there");
    row("other columns", "id,name\n1,x\n", "not-an-export", "no export has a column \"name\" there");
    row("a column twice", "id,/a,/a\n", "not-an-export", "\"/a\"");
    row("no id first", "/a,id\n", "not-an-export", "\"/a\"");
    row("other JSON", "{\"a\":1}\n", "bad-export", "row 1: it has no id");
    row("no state", "{\"id\":\"a\"}\n", "bad-export", "row 1: it has no state");
    row("half a line", "{\"id\":\"a\",\"state\":1}\n{\"id\":\"b\",\"st", "bad-export", "row 2: not JSON");
    row("an id twice", "{\"id\":\"a\",\"state\":1}\n{\"id\":\"a\",\"state\":1}\n", "bad-export",
        "row 2: its id was there before");
    row("out of order", "{\"id\":\"b\",\"state\":1}\n{\"id\":\"a\",\"state\":1}\n", "bad-export",
        "row 2: its id is out of order");
    row("a change that is none", "{\"id\":\"b\",\"change\":\"eaten\",\"state\":1}\n", "bad-export",
        "row 1: its change is none that is known");
    row("too few fields", "id,/a,/b\r\nx,1\r\n", "bad-export", "row 1: it has 2 fields, the header 3");
    row("a quote never closed", "id,/a\r\nx,\"1\r\n", "bad-export", "row 1: a quote is never closed");
    row("a quote in a word", "id,/a\r\nx,a\"b\r\n", "bad-export", "row 1: a quote or a carriage return");
    row("no state in CSV", "id,/a\r\nx,\r\n", "bad-export", "row 1: it has no state");
    row("two states in CSV", "id,/a,json:/a\r\nx,1,[]\r\n", "bad-export", "two columns");
    row("a part inside a scalar", "id,/a,/a/b\r\nx,1,2\r\n", "bad-export", "two columns");
    row("bad JSON in CSV", "id,json:/a\r\nx,[\r\n", "bad-export", "row 1: not JSON");
    row("bad rest", "id,/a,rest\r\nx,1,\"{\"\"/a\"\":2}\"\r\n", "bad-export", "its rest does not fit");
}

void ExportTest::otherFilesAreNoExports()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, code);
    QFETCH(QString, says);
    const Folder folder;
    const std::string path = folder.path("x");
    capture::test::write(path, bytes.toStdString());
    const auto outcome = [&]() -> base::Result<void> {
        LEFTFOLD_TRY(const auto reader, ExportReader::open(path));
        for (;;) {
            LEFTFOLD_TRY(const auto row, reader->next());
            if (!row) return {};
        }
    }();
    QCOMPARE(failureOf(outcome), code);
    const QString message = QString::fromStdString(base::render(outcome.error()));
    QVERIFY2(message.contains(says) && message.contains(QString::fromStdString(path)), qPrintable(message));
}

QTEST_GUILESS_MAIN(ExportTest)
#include "export_test.moc"
